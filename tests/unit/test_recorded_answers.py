"""What small models really answered about the samples, read as production reads it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from skimlist.models.summary import BatchSettings, SummaryLength, SummaryOptions
from skimlist.models.transcript import Segment, Transcript
from skimlist.summarizing.answers import parse
from skimlist.summarizing.bounds import MOST_TAGS
from skimlist.summarizing.drafts import Request
from skimlist.summarizing.lines import NUMBERED_LINE_TOKENS, caption_lines
from skimlist.text.language_codes import same_language
from testkit.template import ROOT

RECORDED = json.loads((Path(__file__).parent / "recorded_answers.json").read_text(encoding="utf-8"))


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
    texts = [draft.tldr, draft.text, *(point.text for point in draft.key_points)]
    assert [text for text in texts if not text.endswith((".", "!", "?"))] == []
