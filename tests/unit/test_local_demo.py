"""Where the demo's ZIP is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from local.demo import keep
from local.settings import LocalStackError


def test_the_zip_leaves_what_is_there_as_it_is(tmp_path: Path) -> None:
    mine = tmp_path / "mine.zip"
    mine.write_bytes(b"mine")
    first, second = keep(b"one", tmp_path, "Demo-1"), keep(b"two", tmp_path, "Demo-2")
    assert [file.read_bytes() for file in (mine, first, second)] == [b"mine", b"one", b"two"]


def test_a_file_of_the_same_name_is_never_written_over(tmp_path: Path) -> None:
    kept = keep(b"one", tmp_path, "Demo-1")
    with pytest.raises(LocalStackError, match=r"Demo-1\.zip"):
        keep(b"two", tmp_path, "Demo-1")
    assert kept.read_bytes() == b"one"


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "results").write_text("a file")
    with pytest.raises(LocalStackError, match="results"):
        keep(b"one", tmp_path / "results", "Demo-1")
