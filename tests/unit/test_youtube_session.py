"""Proxies, certificates and time limits of the way to YouTube."""

from pathlib import Path

import certifi
import pytest
from youtube_transcript_api.proxies import WebshareProxyConfig

from skimlist.errors import YouTubeProxyFailed
from skimlist.youtube_session import proxy_config, youtube_session

YOUTUBE = "https://www.youtube.com/"


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://somewhere.else:3128")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/somewhere/else.pem")


@pytest.mark.usefixtures("environment")
def test_the_environment_decides_nothing() -> None:
    settings = youtube_session().merge_environment_settings(YOUTUBE, {}, None, None, None)
    assert (settings["proxies"], settings["verify"]) == ({}, True)


@pytest.mark.usefixtures("environment")
def test_the_own_setting_names_the_proxy() -> None:
    session = youtube_session("http://user:word@proxy.example:8080")
    settings = session.merge_environment_settings(YOUTUBE, {}, None, None, None)
    assert settings["proxies"]["https"] == settings["proxies"]["http"] == "http://user:word@proxy.example:8080"


def test_an_extra_authority_is_trusted_beside_the_public_ones(tmp_path: Path) -> None:
    own = tmp_path / "own.pem"
    own.write_text("-----BEGIN CERTIFICATE-----\nown\n")
    trusted = Path(str(youtube_session(ca_bundle=str(own)).verify)).read_text()
    assert trusted.startswith(certifi.contents())
    assert trusted.endswith(own.read_text())


def test_the_trusted_certificates_are_written_once(tmp_path: Path) -> None:
    own = tmp_path / "own.pem"
    own.touch()
    assert youtube_session(ca_bundle=str(own)).verify == youtube_session(ca_bundle=str(own)).verify


def test_a_missing_ca_file_is_named_by_its_setting(tmp_path: Path) -> None:
    with pytest.raises(YouTubeProxyFailed, match="CA_BUNDLE"):
        youtube_session(ca_bundle=str(tmp_path / "missing.pem"))


def test_webshare_rotates_addresses_of_the_wanted_countries() -> None:
    config = proxy_config("webshare://name:pass%2Fword@?locations=de,us")
    assert isinstance(config, WebshareProxyConfig)
    assert config.url == "http://name-DE-US-rotate:pass%2Fword@p.webshare.io:80/"
    assert config.retries_when_blocked > 0


def test_webshare_under_another_address() -> None:
    config = proxy_config("webshare://name:word@127.0.0.1:9000")
    assert isinstance(config, WebshareProxyConfig)
    assert config.url == "http://name-rotate:word@127.0.0.1:9000/"


@pytest.mark.parametrize(
    "setting",
    ["proxy:secret", "ftp://user:secret@host", "http://user:secret@host:port", "webshare://secret", "http://["],
)
def test_an_unusable_proxy_is_refused_without_repeating_it(setting: str) -> None:
    with pytest.raises(YouTubeProxyFailed, match="YOUTUBE_PROXY_URL") as caught:
        proxy_config(setting)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("setting", [None, ""])
def test_no_setting_is_no_proxy(setting: str | None) -> None:
    assert proxy_config(setting) is None
