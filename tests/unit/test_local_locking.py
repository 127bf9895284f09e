from __future__ import annotations

import os
from pathlib import Path

import pytest

from local.locking import Held, exclusive


def test_the_holder_is_named_to_whoever_comes_second(tmp_path: Path) -> None:
    lock = tmp_path / "new" / "pid"
    with exclusive(lock), pytest.raises(Held) as refused, exclusive(lock, wait=False):
        pass
    assert refused.value.pid == os.getpid()


def test_a_lock_is_free_again_after_its_use(tmp_path: Path) -> None:
    with exclusive(tmp_path / "pid"):
        pass
    with exclusive(tmp_path / "pid", wait=False):
        pass


def test_the_file_of_a_process_that_is_gone_locks_nobody_out(tmp_path: Path) -> None:
    (tmp_path / "pid").write_text("999999")
    with exclusive(tmp_path / "pid", wait=False):
        assert (tmp_path / "pid").read_text(encoding="utf-8") == str(os.getpid())
