from __future__ import annotations

import json
from pathlib import Path

import pytest

from local.captions import CaptionFolder
from local.settings import ROOT, LocalStackError


def write_captions(folder: Path, video_id: str, text: str) -> None:
    captions = {"snippets": [{"text": text, "start": 0, "duration": 1}]}
    (folder / f"{video_id}.json").write_text(json.dumps(captions))


def test_every_caption_file_is_a_video(tmp_path: Path) -> None:
    write_captions(tmp_path, "bbbbbbbbbbb", "words")
    write_captions(tmp_path, "aaaaaaaaaaa", "words")
    assert CaptionFolder.read(tmp_path) == CaptionFolder(("aaaaaaaaaaa", "bbbbbbbbbbb"), frozenset())


def test_videos_that_are_set_to_fail_need_no_captions(tmp_path: Path) -> None:
    write_captions(tmp_path, "bbbbbbbbbbb", "words")
    (tmp_path / "failures.json").write_text('{"aaaaaaaaaaa": "private"}')
    folder = CaptionFolder.read(tmp_path)
    assert folder.video_ids == ("aaaaaaaaaaa", "bbbbbbbbbbb")
    assert folder.failing == {"aaaaaaaaaaa"}


@pytest.mark.parametrize("text", ["", "  ", "♪ ♪", "[Music]", "（掌聲）"])
def test_captions_without_words_cannot_be_summarized(tmp_path: Path, text: str) -> None:
    write_captions(tmp_path, "aaaaaaaaaaa", text)
    assert CaptionFolder.read(tmp_path).failing == {"aaaaaaaaaaa"}


def test_a_folder_without_captions_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LocalStackError, match="no caption files"):
        CaptionFolder.read(tmp_path)
    with pytest.raises(LocalStackError, match="not a folder"):
        CaptionFolder.read(tmp_path / "none")


def test_one_of_the_bundled_samples_fails_on_purpose() -> None:
    samples = CaptionFolder.read(ROOT / "local" / "samples")
    assert len(samples.video_ids) == 6
    assert samples.failing == {"Silent_Film"}
