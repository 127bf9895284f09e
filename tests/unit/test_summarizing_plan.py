"""The plan of a summary: one request where it fits, otherwise parts and a merge, for every model."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from itertools import count
from threading import Event

import pytest

from skimlist.errors import ModelAnswerInvalid, ModelRefused, ModelUnreachable, SkimlistError, TranscriptEmpty
from skimlist.llm.catalogue import Prices, catalogue
from skimlist.models.claim_check import CheckStatus, ClaimCheck
from skimlist.models.settings import SummaryLength
from skimlist.models.summary import Focus
from skimlist.models.transcript import Segment
from skimlist.summarizing.chunking import prompt_tokens
from skimlist.summarizing.drafts import Draft, Finding, Point, Request, Section, Task
from skimlist.summarizing.fingerprint import fingerprint
from skimlist.summarizing.summarize import summarize_video
from tests.fakes.summarizing import NOW, ScriptedModel, draft, settings, spec, transcript

SHORT = transcript(["Bread needs time.", "It also needs salt.", "Then it is baked."])
LONG = transcript([f"Sentence number {n} of a talk about bread and salt." for n in range(2_000)])
# Room for about 3,000 tokens of captions, so that LONG takes seven parts.
NARROW = spec(context_tokens=10_000, max_output_tokens=4_000)


def test_a_transcript_that_fits_takes_one_request() -> None:
    model = ScriptedModel(spec())
    summary = summarize_video(LONG, settings(), model, now=NOW, is_affordable=lambda _: False)
    assert [request.task for request in model.requests] == [Task.WHOLE]
    assert summary.coverage.chunks == 1


def test_a_long_transcript_is_read_in_parts_and_not_a_character_is_left_out() -> None:
    model = ScriptedModel(NARROW)
    summary = summarize_video(LONG, settings(), model, now=NOW)
    parts = [request for request in model.requests if request.task is Task.PART]
    assert len(parts) == summary.coverage.chunks > 5
    assert sorted(line.number for part in parts for line in part.lines) == list(range(1, 2_001))
    assert summary.coverage.characters_used == summary.coverage.characters_total
    assert model.requests[-1].task is Task.NOTES


def test_notes_that_are_still_too_long_are_condensed_again() -> None:
    def wordy(request: Request) -> Draft:
        points = tuple(Point(line.number, "Noted. " + line.text) for line in request.lines[::3])
        return draft(request, key_points=points)

    model = ScriptedModel(NARROW, wordy)
    summarize_video(LONG, settings(), model, now=NOW)
    whole_reads = sum(len(request.lines) for request in model.requests if request.task is Task.PART)
    assert whole_reads > 2_000
    assert model.requests[-1].task is Task.NOTES


def test_notes_longer_than_what_they_are_about_are_cut() -> None:
    def endless(request: Request) -> Draft:
        return draft(request, key_points=(Point(request.lines[0].number, "word " * 4_000),))

    model = ScriptedModel(NARROW, endless)
    summarize_video(LONG, settings(), model, now=NOW)
    parts = [prompt_tokens(request.lines) for request in model.requests if request.task is Task.PART]
    assert model.requests[-1].task is Task.NOTES
    assert prompt_tokens(model.requests[-1].lines) < sum(parts)
    assert all(line.text.startswith("word") for line in model.requests[-1].lines)


def test_more_notes_than_there_are_lines_end_the_attempt() -> None:
    def endless(request: Request) -> Draft:
        return draft(request, key_points=(Point(request.lines[0].number, "word"),) * 3 * len(request.lines))

    with pytest.raises(ModelAnswerInvalid, match="longer than the parts"):
        summarize_video(LONG, settings(), ScriptedModel(NARROW, endless), now=NOW)


def test_after_a_part_has_failed_the_parts_not_begun_are_not_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    narrowest = replace(NARROW, concurrent_requests=3)
    begun, is_shut = count(), Event()

    class Pool(ThreadPoolExecutor):
        def shutdown(self, wait: bool = True, **options: bool) -> None:
            super().shutdown(wait=False, **options)
            is_shut.set()
            super().shutdown(wait=wait)

    def failing(request: Request) -> Draft:
        if next(begun):
            assert is_shut.wait(timeout=60)
        raise ModelUnreachable

    monkeypatch.setattr("skimlist.summarizing.plan.ThreadPoolExecutor", Pool)
    model, whole = ScriptedModel(narrowest, failing), ScriptedModel(narrowest)
    summarize_video(LONG, settings(), whole, now=NOW)
    with pytest.raises(ModelUnreachable):
        summarize_video(LONG, settings(), model, now=NOW)
    assert len(model.requests) < len([request for request in whole.requests if request.task is Task.PART])


@pytest.mark.parametrize("refusal", [ModelRefused, ModelAnswerInvalid])
def test_a_part_that_the_model_will_not_summarize_is_left_out_and_said_so(refusal: type[SkimlistError]) -> None:
    def refusing(request: Request) -> Draft:
        if request.task is Task.PART and any("number 700 " in line.text for line in request.lines):
            raise refusal
        return draft(request)

    coverage = summarize_video(LONG, settings(), ScriptedModel(NARROW, refusing), now=NOW).coverage
    assert 0.8 < coverage.characters_used / coverage.characters_total < 1
    assert coverage.reason is not None
    assert coverage.reason.startswith("The model gave no usable notes for 5")


def test_a_model_that_refuses_most_parts_fails_the_video() -> None:
    def refusing(request: Request) -> Draft:
        if request.lines[0].number > 800:
            raise ModelRefused
        return draft(request)

    with pytest.raises(ModelRefused):
        summarize_video(LONG, settings(), ScriptedModel(NARROW, refusing), now=NOW)


def test_a_part_of_the_notes_is_never_left_out() -> None:
    def refusing(request: Request) -> Draft:
        points = tuple(Point(line.number, "Noted. " + line.text) for line in request.lines[::3])
        if request.lines[0].text.startswith(("Noted", "A summary", "A chapter")):
            raise ModelRefused
        return draft(request, key_points=points)

    with pytest.raises(ModelRefused):
        summarize_video(LONG, settings(), ScriptedModel(NARROW, refusing), now=NOW)


def test_times_come_from_the_captions_and_lie_within_the_video() -> None:
    def pointing(request: Request) -> Draft:
        last = request.lines[-1].number
        return draft(request, key_points=(Point(2, "Salt."),), chapters=(Section(last, "End", ""),))

    shorter = replace(SHORT, duration_seconds=9.0)
    summary = summarize_video(shorter, settings(), ScriptedModel(spec(), pointing), now=NOW)
    assert summary.key_points[0].start_seconds == 5.0
    assert summary.chapters[0].start_seconds == 9.0


def test_notes_keep_the_times_of_the_captions_that_they_rest_on() -> None:
    model = ScriptedModel(NARROW)
    summarize_video(LONG, settings(), model, now=NOW)
    starts = {segment.start for segment in LONG.segments}
    assert all(line.start in starts for line in model.requests[-1].lines)


def test_the_tokens_of_all_requests_are_counted_and_charged() -> None:
    model = ScriptedModel(replace(NARROW, prices=Prices(tokens_in=Decimal(1), tokens_out=Decimal(10))))
    summary = summarize_video(LONG, settings(), model, now=NOW)
    assert summary.tokens_in == 100 * len(model.requests)
    assert summary.tokens_out == 10 * len(model.requests)
    assert summary.cost_usd == Decimal("0.0002") * len(model.requests)


def test_progress_rises_to_a_hundred_percent() -> None:
    seen: list[int] = []
    summarize_video(LONG, settings(), ScriptedModel(NARROW), now=NOW, progress=seen.append)
    assert seen == sorted(seen)
    assert len(seen) > 5
    assert seen[-1] == 100


def test_the_title_of_the_video_wins_over_the_one_of_the_model() -> None:
    named = replace(SHORT, title="Bread at home")
    assert summarize_video(named, settings(), ScriptedModel(spec()), now=NOW).title == "Bread at home"
    assert summarize_video(SHORT, settings(), ScriptedModel(spec()), now=NOW).title == "A title"


@pytest.mark.parametrize(
    ("dropped", "notes"),
    [
        (0, ()),
        (1, ("Removed 1 reference to captions that do not exist.",)),
        (2, ("Removed 2 references to captions that do not exist.",)),
    ],
)
def test_dropped_references_are_noted(dropped: int, notes: tuple[str, ...]) -> None:
    def incomplete(request: Request) -> Draft:
        return draft(request, dropped=dropped)

    assert summarize_video(SHORT, settings(), ScriptedModel(spec(), incomplete), now=NOW).notes == notes


def test_every_focus_area_is_reported_on_with_its_time() -> None:
    def reporting(request: Request) -> Draft:
        findings = (Finding("salt", 2, "It also needs salt."), Finding("yeast"))
        return draft(request, focus=findings)

    options = settings(focus_areas=("yeast", "salt", "sugar"))
    supported = ClaimCheck(CheckStatus.SUPPORTED)
    assert summarize_video(SHORT, options, ScriptedModel(spec(), reporting), now=NOW).focus == (
        Focus(area="yeast", found=False),
        Focus(area="salt", found=True, text="It also needs salt.", start_seconds=5.0, check=supported),
        Focus(area="sugar", found=False),
    )


def test_every_note_on_a_part_reaches_the_merge_with_its_line() -> None:
    def noting(request: Request) -> Draft:
        return draft(
            request, key_points=tuple(Point(line.number, f"Noted {line.number}.") for line in request.lines[:2])
        )

    model = ScriptedModel(NARROW, noting)
    summarize_video(LONG, settings(), model, now=NOW)
    *parts, merge = model.requests
    firsts = sorted(line.number for part in parts for line in part.lines[:2])
    assert [(line.number, line.text) for line in merge.lines] == [(first, f"Noted {first}.") for first in firsts]


def test_an_answer_in_another_language_is_noted() -> None:
    def in_english(request: Request) -> Draft:
        return draft(request, language="en")

    summary = summarize_video(SHORT, settings(language="de"), ScriptedModel(spec(), in_english), now=NOW)
    assert summary.language == "en"
    assert summary.notes == ("The model answered in English (en) instead of German (de).",)


def test_translated_captions_are_said_to_be_translated() -> None:
    translated = replace(SHORT, translated_from="de")
    notes = summarize_video(translated, settings(), ScriptedModel(spec()), now=NOW).notes
    assert notes == ("YouTube translated the captions from German (de) to English (en).",)


def test_captions_in_another_language_than_the_summary_are_said_to_be() -> None:
    summary = summarize_video(SHORT, settings(language="ja"), ScriptedModel(spec()), now=NOW)
    assert summary.language == "ja"
    assert summary.notes == (
        "There were no captions in Japanese (ja): the summary was made from those in English (en).",
    )


def test_chapters_that_begin_in_one_moment_are_one() -> None:
    def crowded(request: Request) -> Draft:
        sections = tuple(Section(line.number, f"Chapter {line.number}", "") for line in request.lines)
        return draft(request, chapters=sections)

    at_once = replace(SHORT, segments=tuple(replace(segment, start=3.0) for segment in SHORT.segments))
    chapters = summarize_video(at_once, settings(), ScriptedModel(spec(), crowded), now=NOW).chapters
    assert [chapter.title for chapter in chapters] == ["Chapter 1"]


@pytest.mark.parametrize(
    ("changes", "kind"),
    [({}, "manual"), ({"is_generated": True}, "automatic"), ({"translated_from": "de"}, "translated")],
)
def test_the_summary_says_what_kind_of_captions_it_was_made_from(changes: dict, kind: str) -> None:
    summary = summarize_video(replace(SHORT, **changes), settings(), ScriptedModel(spec()), now=NOW)
    assert summary.caption_kind == kind


def test_captions_without_words_are_an_error() -> None:
    with pytest.raises(TranscriptEmpty):
        summarize_video(transcript(["[Music]", "♪"]), settings(), ScriptedModel(spec()), now=NOW)


def test_equal_requests_have_equal_fingerprints() -> None:
    renamed = replace(SHORT, title="Known by now", channel="Somebody")
    assert fingerprint(SHORT, settings(), spec()) == fingerprint(renamed, settings(), spec())


def test_a_new_extractive_model_makes_its_summaries_again_and_no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    extractive = catalogue()["extractive"]
    before = fingerprint(SHORT, settings(), extractive), fingerprint(SHORT, settings(), spec())
    monkeypatch.setattr("skimlist.summarizing.fingerprint.EXTRACTIVE_VERSION", "another")
    after = fingerprint(SHORT, settings(), extractive), fingerprint(SHORT, settings(), spec())
    assert (after[0] == before[0], after[1] == before[1]) == (False, True)


def test_whatever_changes_a_summary_changes_its_fingerprint() -> None:
    edited = replace(SHORT, segments=(*SHORT.segments, Segment("And eaten.", 15, 5)))
    prints = {
        fingerprint(SHORT, settings(), spec()),
        fingerprint(edited, settings(), spec()),
        fingerprint(replace(SHORT, video_id="kkkkkkkkkkk"), settings(), spec()),
        fingerprint(SHORT, settings(SummaryLength.BRIEF), spec()),
        fingerprint(SHORT, settings(language="de"), spec()),
        fingerprint(SHORT, settings(focus_areas=("salt",)), spec()),
        fingerprint(SHORT, settings(), spec(model="test-2")),
        fingerprint(SHORT, settings(), spec().at("http://localhost:8000/v1")),
    }
    assert len(prints) == 8
