"""How the local stack runs other programs: in a separate environment, and without their leftovers."""

from __future__ import annotations

from pathlib import Path

import pytest

from local import deployment
from local.credentials import AccessKey
from local.emulator import clean_environment
from local.settings import LocalSettings

COMMAND = """#!/bin/sh
mktemp -d > left
mkdir -p "$__SAM_CLI_APP_DIR/notes" && echo "$__SAM_CLI_APP_DIR/notes" >> left
"""


def test_the_sam_cli_leaves_no_temporary_folders_and_needs_no_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sam = tmp_path / "sam"
    sam.write_text(COMMAND, encoding="utf-8")
    sam.chmod(0o700)
    monkeypatch.setattr(deployment, "_SAM", sam)
    monkeypatch.setenv("HOME", "/proc/nobody")
    deployment._sam("deploy", settings=LocalSettings(state_dir=tmp_path), access_key=AccessKey.random())
    left = [Path(line) for line in (tmp_path / "left").read_text(encoding="utf-8").splitlines()]
    assert len(left) == 2
    assert [folder for folder in left if folder.exists()] == []


class FakeAccount:
    def __init__(self, pool: dict[str, object] | None) -> None:
        self._pool = pool

    def outputs(self) -> dict[str, str]:
        return {} if self._pool is None else {"UserPoolId": "pool"}

    def client(self, _service: str) -> FakeAccount:
        return self

    def describe_user_pool(self, UserPoolId: str) -> dict[str, object]:  # noqa: N803 - boto3's name
        return {"UserPool": {"Id": UserPoolId, **(self._pool or {})}}


@pytest.mark.parametrize(
    ("pool", "parameter"),
    [
        pytest.param(None, "false", id="no stack yet"),
        pytest.param({}, "true", id="a pool of an earlier version"),
        pytest.param({"UsernameConfiguration": {"CaseSensitive": False}}, "false", id="a pool of today's"),
    ],
)
def test_an_update_keeps_the_user_pool_as_it_was_created(pool: dict[str, object] | None, parameter: str) -> None:
    assert deployment._case_sensitive_emails(FakeAccount(pool)) == parameter  # type: ignore[arg-type]


def test_functions_run_in_the_same_locale_on_every_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "de_AT.UTF-8")
    monkeypatch.setenv("LC_ALL", "tr_TR.UTF-8")
    environment = clean_environment("http://127.0.0.1:4566", AccessKey.random())
    assert {name: value for name, value in environment.items() if name.startswith("L")} == {"LC_ALL": "C.UTF-8"}
