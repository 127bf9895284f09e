"""The talks that claims and summaries are about: the samples of the local stack, and one in a fifth language."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from lab.bench.quality.benchmark import SAMPLES, read_transcript
from local.captions import CaptionFolder
from skimlist.models.transcript import Transcript

_FOLDERS = (SAMPLES, Path(__file__).parent / "captions")


def sample_names() -> tuple[str, ...]:
    folders = map(CaptionFolder.read, _FOLDERS)
    return tuple(video for folder in folders for video in folder.video_ids if video not in folder.failing)


@cache
def read_sample(name: str) -> Transcript:
    """Loads the captions of a sample; `name` is its video ID."""
    file = next(file for folder in _FOLDERS if (file := folder / f"{name}.json").is_file())
    return read_transcript(file)[0]
