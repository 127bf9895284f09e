"""Recorded answers of real models about the samples (lab/bench/faithful), read as production reads them."""

from __future__ import annotations

import pytest

from lab.bench.faithful.benchmark import program_rows
from lab.bench.faithful.measures import shown
from lab.bench.faithful.recordings import Recording, Recordings
from skimlist.summarizing.answers import parse, parse_fields
from skimlist.summarizing.bounds import MAX_TAGS
from skimlist.summarizing.review import find_shortcoming, with_better_fields
from skimlist.text.language_codes import same_language

MODELS = Recordings.read_all()
RECORDED = [recording for model in MODELS for recording in model.recordings]
LONG_TEXT = 200
# The last words of long texts that a model wrote whole, but without a full stop.
WITHOUT_FULL_STOP = {"qwen2.5-coder-0.5b-instruct Lighthouse1 brief 3": ["weigh several tons"]}


def name(recording: Recording) -> str:
    return f"{recording.model} {recording.sample} {recording.length} {recording.seed}"


@pytest.mark.parametrize("recording", RECORDED, ids=name)
def test_the_answers_of_a_small_model_make_a_summary_within_its_bounds_in_the_language_of_the_video(
    recording: Recording,
) -> None:
    target = recording.request.target
    summary = shown(recording)
    assert summary is not None
    assert 0 < len(summary.key_points) <= target.key_points
    assert 0 < len(summary.chapters) <= target.chapters
    assert len(summary.tags) <= MAX_TAGS
    assert same_language(summary.language, recording.request.language)
    stopped = [" ".join(point.text.split()[-3:]) for point in summary.key_points if is_stopped(point.text)]
    assert stopped == WITHOUT_FULL_STOP.get(name(recording), [])


def test_the_repair_of_a_field_holds_this_field_alone_and_ends_with_a_whole_sentence() -> None:
    recording = next(each for each in RECORDED if [answer.fields for answer in each.answers[1:2]] == [("summary",)])
    request = recording.request
    first, repaired, *_ = recording.answers
    draft = parse(first.content or "", request)
    fault = find_shortcoming(draft, request)
    assert fault is not None
    assert fault.fields == ("summary",)
    repair = parse_fields(repaired.content or "", request)
    assert not is_stopped(repair.text)
    assert (repair.title, repair.key_points) == ("", ())
    kept = with_better_fields(draft, repair, fault.fields, request)
    assert kept.key_points == draft.key_points
    assert kept.text in (draft.text, repair.text)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.model)
def test_other_programs_are_compared_by_what_the_same_model_wrote_for_them(model: Recordings) -> None:
    rows = {str(row["program"]): row for row in program_rows(model)}
    assert rows.keys() >= {"langchain map_reduce", "llama-index tree_summarize", "llm", "skimlist, brief"}
    ours = rows.pop("skimlist, brief")
    assert ours["language kept"] == 1
    for row in rows.values():
        assert all(value is not None for value in row.values())


def is_stopped(text: str) -> bool:
    """Returns whether a long text ends within a sentence and does not show it."""
    return len(text) > LONG_TEXT and not text.endswith((".", "!", "?", "…"))
