"""What the local stack keeps private on a machine with several users."""

from __future__ import annotations

import stat
from pathlib import Path

import boto3
import pytest

from local.credentials import AccessKey
from local.private import private_folder, write_privately
from local.settings import LocalSettings, LocalStackError
from local.stack import LocalStack


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_folder_that_others_could_read_is_closed(tmp_path: Path) -> None:
    folder = tmp_path / "above" / "folder"
    folder.mkdir(parents=True, mode=0o755)
    folder.chmod(0o755)
    private_folder(folder)
    assert mode(folder) == 0o700


def test_a_file_is_private_whatever_was_there_before(tmp_path: Path) -> None:
    file, left = tmp_path / "file", tmp_path / "file.new"
    for existing in (file, left):
        existing.touch()
        existing.chmod(0o666)
    write_privately(file, "text")
    assert (file.read_text(encoding="utf-8"), mode(file), left.exists()) == ("text", 0o600, False)


def test_a_folder_with_other_contents_is_not_a_state_folder(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "notes.txt").touch()
    with pytest.raises(LocalStackError, match="STATE_DIR"), LocalStack(LocalSettings(state_dir=tmp_path)):
        pass
    assert mode(tmp_path) == 0o755
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_an_access_key_stays_the_same_and_is_what_aws_tools_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "credentials"
    key = AccessKey.read_or_create(file)
    assert AccessKey.read_or_create(file) == key != AccessKey.random()
    assert mode(file) == 0o600
    assert key.secret not in repr(key)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(file))
    found = boto3.Session().get_credentials()
    assert found
    assert (found.access_key, found.secret_key) == (key.id, key.secret)
