"""The bundled sample transcripts."""

import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from local.youtube import Failure

FOLDER = Path(__file__).parents[2] / "local" / "samples"
FAILURES = json.loads((FOLDER / "failures.json").read_text(encoding="utf-8"))
PLAYLISTS = json.loads((FOLDER / "playlists.json").read_text(encoding="utf-8"))
ABOUT_THE_FOLDER = {"failures.json", "playlists.json"}
FILES = [
    file for file in sorted(FOLDER.glob("*.json")) if file.name not in ABOUT_THE_FOLDER and file.stem not in FAILURES
]
SAMPLES = [json.loads(file.read_text(encoding="utf-8")) for file in FILES]
PRIVATE = [video_id for playlist in PLAYLISTS.values() for video_id in playlist["private"]]
samples = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample["video_id"])


def test_there_are_five_in_at_least_three_languages_of_both_kinds() -> None:
    assert len(SAMPLES) == 5
    assert len({sample["language_code"] for sample in SAMPLES}) >= 3
    assert {sample["is_generated"] for sample in SAMPLES} == {True, False}


def test_one_more_fails_on_purpose() -> None:
    assert set(FAILURES.values()) <= set(Failure)
    assert FAILURES.keys().isdisjoint(sample["video_id"] for sample in SAMPLES)
    assert FAILURES


def test_a_playlist_holds_all_of_them_and_a_private_video() -> None:
    (playlist,) = PLAYLISTS.values()
    assert sorted(playlist["videos"]) == sorted([*PRIVATE, *(sample["video_id"] for sample in SAMPLES)])
    assert PRIVATE


@pytest.mark.parametrize("video_id", [*FAILURES, *PRIVATE, *(sample["video_id"] for sample in SAMPLES)])
def test_ids_look_like_youtubes_and_are_nobodys(video_id: str) -> None:
    assert re.fullmatch(r"[\w-]{11}", video_id, re.ASCII)
    # Eleven characters of 6 bits hold an id of 64 bits: the last one holds 4, so that only these 16 end an id.
    assert video_id[-1] not in "AEIMQUYcgkosw048"


@samples
def test_times_are_sensible(sample: dict[str, Any]) -> None:
    snippets = sample["snippets"]
    assert 120 <= sample["duration_seconds"] <= 360
    assert all(snippet["duration"] > 0 for snippet in snippets)
    assert all(before["start"] < after["start"] for before, after in pairwise(snippets))
    assert snippets[-1]["start"] + snippets[-1]["duration"] <= sample["duration_seconds"]


@samples
def test_automatic_captions_overlap_and_manual_ones_do_not(sample: dict[str, Any]) -> None:
    overlaps = [a["start"] + a["duration"] > b["start"] + 0.01 for a, b in pairwise(sample["snippets"])]
    assert all(overlaps) if sample["is_generated"] else not any(overlaps)


@samples
def test_each_has_text_and_an_abstract(sample: dict[str, Any]) -> None:
    assert sample["title"] and sample["channel"] and sample["language"]
    assert all(snippet["text"].strip() == snippet["text"] != "" for snippet in sample["snippets"])
    sentences = re.split(r"[.。](?:\s|$)|。", sample["abstract"].strip(".。"))
    assert 2 <= len(sentences) <= 4
