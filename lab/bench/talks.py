"""Synthetic talks of any length, made of the samples' sentences in random order."""

from __future__ import annotations

import json
import random

from local.settings import ROOT
from skimlist.models.transcript import Segment, Transcript

_SAMPLES = ("Lighthouse1", "Steel_Box_1")
_WORDS_A_SECOND = 2.5


def talk(minutes: float, seed: int = 1) -> Transcript:
    """Returns an English talk in which each caption is a sentence or a part of one, without pauses."""
    chance = random.Random(seed)
    said = [snippet["text"] for name in _SAMPLES for snippet in _sample(name)]
    segments: list[Segment] = []
    end = 0.0
    while end < minutes * 60:
        # A number makes every caption, and so every part of the talk, unique.
        text = f"{chance.choice(said)} {len(segments)}"
        seconds = len(text.split()) / _WORDS_A_SECOND
        segments.append(Segment(text, round(end, 2), seconds))
        end += seconds
    return Transcript(
        video_id="Made_000011",
        language_code="en",
        language="English",
        is_generated=False,
        segments=tuple(segments),
        title=f"A talk of {minutes:g} minutes",
        channel="Skimlist samples",
        duration_seconds=end,
    )


def _sample(name: str) -> list[dict[str, str]]:
    snippets: list[dict[str, str]] = json.loads((ROOT / "local" / "samples" / f"{name}.json").read_bytes())["snippets"]
    return snippets
