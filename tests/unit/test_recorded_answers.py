"""What small models really answered about the samples, read as production reads it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from skimlist.models.summary import BatchSettings, SummaryLength, SummaryOptions
from skimlist.models.transcript import Segment, Transcript
from skimlist.summarizing.answers import parse, parse_fields
from skimlist.summarizing.bounds import MOST_TAGS
from skimlist.summarizing.drafts import Request
from skimlist.summarizing.lines import NUMBERED_LINE_TOKENS, caption_lines
from skimlist.summarizing.review import find_shortcoming, with_better_fields
from skimlist.text.language_codes import same_language
from testkit.template import ROOT

RECORDED = json.loads((Path(__file__).parent / "recorded_answers.json").read_text(encoding="utf-8"))
LONG_TEXT = 200


def request_for(recorded: dict[str, Any]) -> Request:
    video = json.loads((ROOT / "local" / "samples" / f"{recorded['sample']}.json").read_text(encoding="utf-8"))
    transcript = Transcript(
        **{name: video[name] for name in ("video_id", "title", "language", "language_code", "is_generated")},
        segments=tuple(Segment(s["text"], s["start"], s["duration"]) for s in video["snippets"]),
    )
    settings = BatchSettings(model="custom", summary_length=SummaryLength(recorded["length"]), options=SummaryOptions())
    return Request.for_all(transcript, settings, caption_lines(transcript.segments, at_least=NUMBERED_LINE_TOKENS))


@pytest.mark.parametrize("recorded", RECORDED, ids=lambda recorded: recorded["sample"])
def test_the_answer_of_a_small_model_keeps_its_bounds_and_is_in_the_language_of_the_video(
    recorded: dict[str, Any],
) -> None:
    request = request_for(recorded)
    draft = parse(recorded["answer"], request)
    target = request.target
    assert 0 < len(draft.key_points) <= target.key_points
    assert 0 < len(draft.chapters) <= target.chapters
    assert len(draft.tags) <= MOST_TAGS
    assert draft.dropped == 0
    assert same_language(draft.language, request.language)
    assert [point.text for point in draft.key_points if is_stopped(point.text)] == []


def test_the_repair_of_a_field_holds_this_field_alone_and_ends_with_a_whole_sentence() -> None:
    recorded = next(recorded for recorded in RECORDED if "repair_of_summary" in recorded)
    request = request_for(recorded)
    first = parse(recorded["answer"], request)
    fault = find_shortcoming(first, request)
    assert fault is not None
    assert fault.fields == ("summary",)
    repaired = parse_fields(recorded["repair_of_summary"], request)
    assert not is_stopped(repaired.text)
    assert (repaired.title, repaired.key_points) == ("", ())
    kept = with_better_fields(first, repaired, fault.fields, request)
    assert kept.key_points == first.key_points
    assert kept.text in (first.text, repaired.text)


def is_stopped(text: str) -> bool:
    """A long text that ends in the middle of a sentence."""
    return len(text) > LONG_TEXT and not text.endswith((".", "!", "?"))
