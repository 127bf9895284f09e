"""Proxies, certificates and timeouts of requests to YouTube."""

from pathlib import Path
from typing import Any

import pytest
import requests
import trustme
from requests.adapters import HTTPAdapter
from youtube_transcript_api.proxies import WebshareProxyConfig

from skimlist.errors import YouTubeProxyFailed
from skimlist.youtube.session import proxy_config, youtube_session

YOUTUBE = "https://www.youtube.com/"


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://somewhere.else:3128")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/somewhere/else.pem")


@pytest.fixture
def own_authority(tmp_path: Path) -> Path:
    """A file with one certificate, made for the test."""
    file = tmp_path / "own.pem"
    trustme.CA().cert_pem.write_to_path(str(file))
    return file


@pytest.mark.usefixtures("environment")
def test_the_environment_decides_nothing() -> None:
    settings = youtube_session().merge_environment_settings(YOUTUBE, {}, None, None, None)
    assert (settings["proxies"], settings["verify"]) == ({}, True)


@pytest.mark.usefixtures("environment")
def test_the_own_setting_names_the_proxy() -> None:
    session = youtube_session("http://user:word@proxy.example:8080")
    settings = session.merge_environment_settings(YOUTUBE, {}, None, None, None)
    assert settings["proxies"]["https"] == settings["proxies"]["http"] == "http://user:word@proxy.example:8080"


def test_an_extra_authority_is_trusted_beside_the_public_ones(own_authority: Path) -> None:
    public = youtube_session().ssl_context.get_ca_certs()
    assert len(youtube_session(ca_bundle=str(own_authority)).ssl_context.get_ca_certs()) == len(public) + 1


def test_the_trusted_certificates_are_read_once(own_authority: Path) -> None:
    bundle = str(own_authority)
    assert youtube_session(ca_bundle=bundle).ssl_context is youtube_session(ca_bundle=bundle).ssl_context


@pytest.mark.parametrize("proxy_url", [None, "https://proxy.example:8443"])
def test_connections_are_verified_by_them_without_reading_a_file(proxy_url: str | None) -> None:
    session = youtube_session(proxy_url)
    session.mount("https://", HTTPAdapter(max_retries=2))  # as the library does when it rotates proxies
    request = session.prepare_request(requests.Request("GET", YOUTUBE))
    adapter = session.get_adapter(YOUTUBE)
    assert isinstance(adapter, HTTPAdapter)
    pool: Any = adapter.get_connection_with_tls_context(request, verify=True, proxies=session.proxies)
    adapter.cert_verify(pool, YOUTUBE, True, None)
    assert adapter.max_retries.total == 2
    assert pool.conn_kw["ssl_context"] is session.ssl_context
    assert (pool.cert_reqs, pool.ca_certs) == ("CERT_REQUIRED", None)
    if proxy_url:
        assert pool.proxy_config.ssl_context is session.ssl_context


def test_a_missing_ca_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(YouTubeProxyFailed, match="file with the CA certificate"):
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
    with pytest.raises(YouTubeProxyFailed, match="stored address of the proxy") as caught:
        proxy_config(setting)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("setting", [None, ""])
def test_without_the_setting_there_is_no_proxy(setting: str | None) -> None:
    assert proxy_config(setting) is None
