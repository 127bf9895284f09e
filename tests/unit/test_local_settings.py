from __future__ import annotations

from pathlib import Path

import pytest

from local.settings import DEFAULT_STATE_DIR, LOCAL, LocalSettings, LocalStackError


def test_without_any_variable_everything_has_its_default() -> None:
    settings = LocalSettings.from_variables({})
    assert settings.port == 4566
    assert settings.stack_file == LOCAL / "stack.json"
    assert settings.mail_dir == LOCAL / "mail"
    assert settings.secrets == {}


def test_a_state_folder_of_its_own_keeps_what_others_read(tmp_path: Path) -> None:
    settings = LocalSettings.from_variables({"STATE_DIR": str(tmp_path)})
    assert settings.stack_file == tmp_path / "stack.json"
    assert settings.mail_dir == tmp_path / "mail"


def test_the_default_state_folder_may_be_named_relative_to_the_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(LOCAL.parent)
    settings = LocalSettings.from_variables({"STATE_DIR": ".local/state"})
    assert settings.state_dir == DEFAULT_STATE_DIR
    assert settings.stack_file == LOCAL / "stack.json"


def test_keys_become_secrets_by_the_name_of_their_parameter() -> None:
    settings = LocalSettings.from_variables({"OPENAI_API_KEY": "k", "YOUTUBE_PROXY_URL": "http://p", "OTHER": "x"})
    assert settings.secrets == {"openai-api-key": "k", "youtube-proxy-url": "http://p"}


def test_an_empty_variable_is_as_good_as_none() -> None:
    assert LocalSettings.from_variables({"OPENAI_API_KEY": "", "PORT": ""}) == LocalSettings()


def test_secrets_are_not_shown() -> None:
    assert "hidden" not in repr(LocalSettings.from_variables({"OPENAI_API_KEY": "hidden"}))


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1"])
def test_an_impossible_port_is_refused_by_its_name(port: str) -> None:
    with pytest.raises(LocalStackError, match="PORT"):
        LocalSettings.from_variables({"PORT": port})


def test_bedrock_can_be_switched_off_and_asked_in_another_region() -> None:
    settings = LocalSettings.from_variables({"BEDROCK": "false", "BEDROCK_REGION": "eu-west-3"})
    assert (settings.bedrock, settings.bedrock_region) == (False, "eu-west-3")
    with pytest.raises(LocalStackError, match="BEDROCK is 'no'; it has to be true or false"):
        LocalSettings.from_variables({"BEDROCK": "no"})


def test_a_missing_ca_bundle_is_refused_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(LocalStackError, match="CA_BUNDLE"):
        LocalSettings.from_variables({"CA_BUNDLE": str(tmp_path / "none.pem")})
