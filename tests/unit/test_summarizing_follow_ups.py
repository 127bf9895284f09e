"""Follow-up questions about the gaps of a usable summary, and about statements that nobody made."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from lab.bench.faithful.recordings import Recording
from skimlist.codec import decode, to_json
from skimlist.errors import ModelUnreachable
from skimlist.llm.catalogue import Provider
from skimlist.llm.doubts import Doubt
from skimlist.models.settings import SummaryLength, Verify
from skimlist.models.summary import Summary
from skimlist.summarizing.answers import parse
from skimlist.summarizing.checked_claims import ClaimChecker
from skimlist.summarizing.drafts import Draft, Finding, Model, Point, Request, Section, Task
from skimlist.summarizing.fingerprint import fingerprint
from skimlist.summarizing.follow_ups import summarize_gaps
from skimlist.summarizing.stretches import Tenths, places
from skimlist.summarizing.summarize import summarize_video
from tests.fakes.summarizing import NOW, TALK, ScriptedModel, draft, lines, settings, spec, transcript
from tests.unit.test_recorded_answers import RECORDED, name

LINES = lines([f"Sentence {n} of a talk about bread." for n in range(1, 41)], seconds=10.0)
REQUEST = Request(
    task=Task.WHOLE, lines=LINES, length=SummaryLength.STANDARD, options=settings().options, language="en"
)


# --- Tenths ---


@pytest.mark.parametrize(
    ("numbers", "least", "missing"),
    [
        ([1, 2, 3], 0, [5, 9, 13, 17, 21, 25, 29, 33, 37]),
        ([1, 20, 40], 0, []),
        ([1, 20, 40], 3, []),
        ([1, 20, 40], 4, [5, 9, 13, 21, 25, 29, 33]),
        ([1, 36], 0, [5, 9, 13, 17, 21, 25, 29, 37]),
        ([18], 0, [1, 5, 9, 13, 21, 25, 29, 33, 37]),
        ([17, 21], 0, []),
    ],
)
def test_tenths_are_missing_if_half_of_the_video_in_a_row_or_too_many_are_not_covered(
    numbers: list[int], least: int, missing: list[int]
) -> None:
    found = Tenths(LINES).gaps(numbers, least=least)
    assert [stretch[0].number for stretch in found] == missing
    assert all(
        [line.number for line in stretch] == [*range(n, n + 4)] for n, stretch in zip(missing, found, strict=True)
    )


@pytest.mark.parametrize(
    ("key_points", "chapters", "expected"),
    [
        (3, 5, ([9, 21, 29], [1, 5, 13, 17, 25])),
        (1, 1, ([5], [1])),
        (6, 4, ([1, 5, 13, 17, 21, 29], [1, 9, 17, 25])),
        (8, 8, ([1, 5, 9, 13, 17, 21, 25, 29], [1, 5, 9, 13, 17, 21, 25, 29])),
    ],
)
def test_key_points_and_chapters_are_asked_for_on_as_many_stretches_as_possible(
    key_points: int, chapters: int, expected: tuple[list[int], list[int]]
) -> None:
    stretches = [LINES[start : start + 4] for start in range(0, 32, 4)]
    found = places(stretches, key_points=key_points, chapters=chapters)
    assert ([each[0].number for each in found.key_points], [each[0].number for each in found.chapters]) == expected


def test_silence_is_nothing_to_draw_on() -> None:
    silent = [*LINES[:2], *LINES[-2:]]
    tenths = Tenths(silent)
    assert tenths.spoken == {0, 9}
    assert tenths.covered([0.0, 395.0, 200.0]) == {0, 9}
    assert Tenths(LINES[:1]).spoken == {0}


# --- What a summary passed over ---


def checker(request: Request) -> ClaimChecker:
    return ClaimChecker(request.lines, transcript([line.text for line in request.lines], request.language))


def filled_in(first: Draft, request: Request, model: Model, *, is_affordable: bool = True) -> Draft:
    return summarize_gaps(first, request, model, checker(request), lambda _: is_affordable)


def covered(shown: Draft, request: Request) -> set[int]:
    """The tenths in which a reader sees a key point or a chapter."""
    return Tenths(request.lines).cited(checker(request).lines(shown).values())


def at(*numbers: int, request: Request) -> Draft:
    return draft(
        request,
        key_points=tuple(Point(number, f"Point {number}.") for number in numbers),
        chapters=tuple(Section(number, f"Chapter {number}", "") for number in numbers),
    )


@pytest.fixture(scope="module")
def with_gaps() -> list[Recording]:
    """The recordings whose first answer has gaps; to find them takes too long for the collection of the tests."""

    def has_gap(recording: Recording) -> bool:
        first = parse(recording.answers[0].content or "", recording.request)
        return bool(Tenths(recording.request.lines).gaps(checker(recording.request).lines(first).values()))

    return [*filter(has_gap, RECORDED)]


def test_the_gaps_of_small_models_are_asked_about_and_merged_in_order(with_gaps: Sequence[Recording]) -> None:
    assert len(with_gaps) > 10
    for recording in with_gaps:
        assert_filled_in_order(recording)


def assert_filled_in_order(recording: Recording) -> None:
    request = recording.request
    first = parse(recording.answers[0].content or "", request)

    def answer(asked: Request) -> Draft:
        return at(*(line.number for line in asked.lines[::4]), request=asked)

    model = ScriptedModel(spec(), answer)
    filled = filled_in(first, request, model)
    (asked,) = model.requests
    assert asked.task is Task.STRETCHES
    assert 0 < len(asked.lines) < len(request.lines)
    points, chapters = [point.line for point in filled.key_points], [chapter.line for chapter in filled.chapters]
    assert points == sorted(points)
    assert chapters == sorted(chapters)
    assert len(points) <= request.target.key_points
    assert len(chapters) <= request.target.chapters
    assert Tenths(request.lines).gaps(checker(request).lines(filled).values()) == ()
    assert (filled.tldr, filled.text) == (first.tldr, first.text)


def on_its_places(asked: Request) -> Draft:
    """Answers as a model does that cites the first line of each stretch on which it is asked for something."""
    return draft(
        asked,
        key_points=tuple(Point(each[0].number, f"Point {each[0].number}.") for each in asked.places.key_points),
        chapters=tuple(Section(each[0].number, f"Chapter {each[0].number}", "") for each in asked.places.chapters),
    )


def test_a_detailed_summary_then_covers_most_gaps_of_small_models(with_gaps: Sequence[Recording]) -> None:
    for recording in with_gaps:
        request = replace(recording.request, length=SummaryLength.DETAILED)
        # Read as the brief answer that it is: as a detailed one, its summary may be too short to be one.
        first = parse(recording.answers[0].content or "", recording.request)
        assert len(covered(first, request)) <= 4, name(recording)
        filled = filled_in(first, request, ScriptedModel(spec(), on_its_places))
        assert len(covered(filled, request)) >= 8, name(recording)


def test_a_brief_summary_then_has_its_key_points_where_it_has_no_chapter() -> None:
    request = replace(REQUEST, length=SummaryLength.BRIEF)
    filled = filled_in(at(1, 2, 3, request=request), request, ScriptedModel(spec(), on_its_places))
    target = request.target
    assert len(covered(filled, request)) == target.key_points + target.chapters


@pytest.mark.parametrize(
    ("numbers", "length", "asked"),
    [
        ((1, 9, 17, 25, 33), SummaryLength.STANDARD, 0),
        ((1, 9, 17, 25, 33), SummaryLength.DETAILED, 1),
        ((1, 5, 13, 21, 25, 33), SummaryLength.DETAILED, 0),
    ],
)
def test_only_a_detailed_summary_is_completed_as_long_as_no_half_of_the_video_is_missing(
    numbers: Sequence[int], length: SummaryLength, asked: int
) -> None:
    request = replace(REQUEST, length=length)
    model = ScriptedModel(spec(), on_its_places)
    filled = filled_in(at(*numbers, request=request), request, model)
    assert len(model.requests) == asked
    assert len(covered(filled, request)) == (10 if asked else len(numbers))


SPEECH = (
    "The keepers rowed towards their tower before sunrise.",
    "Salted herring filled wooden barrels beneath the stairs.",
    "Somebody painted every window frame bright yellow.",
    "A gardener planted cabbages between granite boulders.",
    "Thunder frightened the goats during long October nights.",
    "The inspector counted matches, candles and blankets.",
    "Letters from Norway arrived wrapped in oilcloth.",
    "Children learned arithmetic with polished pebbles.",
    "An engineer replaced rusty bolts below the lantern.",
    "Seals slept peacefully along the northern beach.",
    "Fishermen repaired torn nets beside a driftwood fire.",
    "Finally electric cables crossed the muddy channel.",
)


def test_a_key_point_covers_the_place_where_it_is_said_and_not_the_line_that_the_model_cites() -> None:
    request = replace(REQUEST, lines=lines(SPEECH, seconds=10.0))
    here = draft(request, chapters=(), key_points=tuple(Point(line, SPEECH[1]) for line in (1, 4, 7, 10)))
    model = ScriptedModel(spec(), on_its_places)
    filled = filled_in(here, request, model)
    (asked,) = model.requests
    assert [line.number for line in asked.lines] == [*range(3, 13)]
    assert len(covered(filled, request)) > 1
    everywhere = draft(request, chapters=(), key_points=tuple(Point(1, SPEECH[number]) for number in (0, 3, 6, 9)))
    assert filled_in(everywhere, request, ScriptedModel(spec())) == everywhere


def test_an_answer_that_would_leave_more_uncovered_is_not_kept() -> None:
    """Within the limits, what lies far apart makes room for others: line 1 stays, and 10 before 4."""
    request = replace(REQUEST, length=SummaryLength.BRIEF, lines=LINES[:18])
    first = at(1, 4, request=request)
    wrong = ScriptedModel(spec(), lambda asked: at(2, request=asked))
    assert filled_in(first, request, wrong) == first


def unreachable(_: Request) -> Draft:
    raise ModelUnreachable


@pytest.mark.parametrize(
    ("numbers", "changes", "is_affordable", "answer", "asked"),
    [
        pytest.param((1, 20, 40), {}, True, None, 0, id="nothing is missing"),
        pytest.param((1, 2), {}, False, None, 0, id="neither budget nor time"),
        pytest.param((1, 2), {"provider": Provider.EXTRACTIVE}, True, None, 0, id="chosen to cover"),
        pytest.param((1, 2), {"context_tokens": 1_000}, True, None, 0, id="too long for one question"),
        pytest.param((1, 2), {}, True, unreachable, 1, id="no answer"),
    ],
)
def test_otherwise_the_summary_stays_as_it_is(
    numbers: Sequence[int],
    changes: dict[str, Any],
    is_affordable: bool,
    answer: Callable[[Request], Draft] | None,
    asked: int,
) -> None:
    first = at(*numbers, request=REQUEST)
    model = ScriptedModel(spec(**changes), answer)
    assert filled_in(first, REQUEST, model, is_affordable=is_affordable) == first
    assert len(model.requests) == asked


def test_points_about_a_stretch_in_another_language_are_left_out() -> None:
    request = replace(REQUEST, language="de")
    english = Point(30, "This is what the talk says about the bread and how it is made.")
    model = ScriptedModel(spec(), lambda asked: draft(asked, key_points=(english,), chapters=()))
    first = at(1, 2, request=request)
    assert filled_in(first, request, model).key_points == first.key_points


# --- A second look ---

FALSE = {
    "tldr": "A lens of the harbour. It floated since 1790.",
    "text": "A lens floated in mercury. The keepers of Boston breathed it.",
    "key_points": (Point(5, "The lens floated since 1790."), Point(6, "A clockwork of 90 kg turned it.")),
    "chapters": (Section(1, "Welcome", "It is about Fresnel."),),
    "focus": (Finding("weight", 6, "It has 41 kg."),),
}


def looked_at(
    texts: Callable[[Sequence[Doubt]], dict[int, str]], *, is_affordable: bool = True, **options: Any
) -> tuple[Summary, ScriptedModel]:
    model = ScriptedModel(spec(), lambda request: draft(request, **FALSE), texts)
    asked = settings(**{"verify": Verify.ASK, "focus_areas": ("weight",), **options})
    return summarize_video(TALK, asked, model, now=NOW, is_affordable=lambda _: is_affordable), model


def test_statements_in_doubt_are_corrected_with_the_captions_around_them() -> None:
    seen: list[Doubt] = []

    def texts(doubts: Sequence[Doubt]) -> dict[int, str]:
        seen.extend(doubts)
        return {
            n: doubt.text.replace("1790", "1890").replace("90 kg", "40 kg").replace("41", "40")
            for n, doubt in enumerate(doubts)
        }

    summary, _ = looked_at(texts)
    assert [doubt.text for doubt in seen] == [
        "It floated since 1790.",
        "The keepers of Boston breathed it.",
        "The lens floated since 1790.",
        "A clockwork of 90 kg turned it.",
        "It is about Fresnel.",
        "It has 41 kg.",
    ]
    assert [line.number for line in seen[2].lines] == [2, 3, 4, 5, 6]
    assert summary.tldr == "A lens of the harbour. It floated since 1890."
    assert [point.text for point in summary.key_points] == [
        "The lens floated since 1890.",
        "A clockwork of 40 kg turned it.",
    ]
    assert summary.focus[0].text == "It has 40 kg."
    # What was answered as it was stays, and stays marked.
    assert (summary.text, summary.unverified) == (FALSE["text"], 2)


def test_a_sentence_that_repeats_a_statement_in_doubt_is_asked_about_too() -> None:
    claim = "Taxes rose because farmers planted too little wheat."
    seen: list[Doubt] = []

    def texts(doubts: Sequence[Doubt]) -> dict[int, str]:
        seen.extend(doubts)
        return dict.fromkeys(range(len(doubts)), "")

    answer = {**FALSE, "tldr": f"A lens floated. {claim}", "text": "A lens.", "key_points": (Point(2, claim),)}
    model = ScriptedModel(spec(), lambda request: draft(request, **answer), texts)
    summary = summarize_video(TALK, settings(verify=Verify.ASK), model, now=NOW)
    assert [doubt.text for doubt in seen[:2]] == [claim, claim]
    assert summary.tldr == "A lens floated."


def test_an_unsupported_statement_is_dropped_if_something_is_left() -> None:
    summary, _ = looked_at(lambda doubts: dict.fromkeys(range(len(doubts)), ""))
    assert (summary.tldr, summary.text) == ("A lens of the harbour.", "A lens floated in mercury.")
    assert len(summary.key_points) == 1
    assert (summary.chapters[0].title, summary.chapters[0].summary) == ("Welcome", "")
    assert summary.focus[0].text == "It has 41 kg."


@pytest.mark.parametrize(
    "text", ["The lens floated since 1690 in Oslo.", "Die Linse schwebte und das ist nicht, was er in dem Film sagt."]
)
def test_a_correction_that_is_no_better_is_not_kept(text: str) -> None:
    summary, _ = looked_at(lambda doubts: dict.fromkeys(range(len(doubts)), text), language="en")
    assert (summary.tldr, summary.text) == (FALSE["tldr"], FALSE["text"])
    assert [point.text for point in summary.key_points] == [point.text for point in FALSE["key_points"]]


@pytest.mark.parametrize(
    "remark",
    [
        "Nothing.",
        "N/A",
        "None.",
        "Removed",
        "This statement is not supported by the captions.",
        "The captions do not mention this.",
        "I cannot verify it.",
        "The captions do not mention that a clockwork turned it.",
    ],
)
def test_a_remark_about_a_statement_is_no_correction_of_it(remark: str) -> None:
    summary, _ = looked_at(lambda doubts: dict.fromkeys(range(len(doubts)), remark))
    assert (summary.tldr, summary.text) == (FALSE["tldr"], FALSE["text"])
    assert [point.text for point in summary.key_points] == [point.text for point in FALSE["key_points"]]
    assert (summary.chapters[0].summary, summary.focus[0].text) == ("It is about Fresnel.", "It has 41 kg.")


def test_a_statement_of_a_number_alone_can_be_corrected() -> None:
    model = ScriptedModel(
        spec(), lambda request: draft(request, key_points=(Point(6, "It was 90."),)), lambda _: {0: "It was 40."}
    )
    summary = summarize_video(TALK, settings(verify=Verify.ASK), model, now=NOW)
    assert [point.text for point in summary.key_points] == ["It was 40."]


@pytest.mark.parametrize(
    ("statement", "better"),
    [
        ("The lens of Boston floated since 1790.", "The lens floated since 1790."),
        ("Taxes rose because farmers planted too little wheat.", "The keepers breathed the vapour of mercury."),
    ],
    ids=["one detail is left in doubt", "none of its words were said"],
)
def test_a_correction_that_leaves_less_in_doubt_is_kept(statement: str, better: str) -> None:
    model = ScriptedModel(
        spec(), lambda request: draft(request, key_points=(Point(2, statement),)), lambda _: {0: better}
    )
    summary = summarize_video(TALK, settings(verify=Verify.ASK), model, now=NOW)
    assert [point.text for point in summary.key_points] == [better]


def broken(_: Sequence[Doubt]) -> dict[int, str]:
    raise ValueError


@pytest.mark.parametrize(
    ("options", "is_affordable", "asked"),
    [({"verify": Verify.FLAG}, True, 1), ({}, False, 1), ({}, True, 2)],
    ids=["not asked for", "neither budget nor time", "no answer"],
)
def test_without_a_second_look_the_statements_are_marked(
    options: dict[str, Any], is_affordable: bool, asked: int
) -> None:
    summary, model = looked_at(broken, is_affordable=is_affordable, **options)
    assert (summary.unverified, len(model.requests)) == (6, asked)


def test_a_second_look_makes_another_summary_where_a_model_is_asked() -> None:
    flag, ask = settings(), settings(verify=Verify.ASK)
    assert fingerprint(TALK, flag, spec()) != fingerprint(TALK, ask, spec())
    extractive = spec(provider=Provider.EXTRACTIVE)
    assert fingerprint(TALK, flag, extractive) == fingerprint(TALK, ask, extractive)


def test_a_summary_from_before_its_tenths_were_counted_says_nothing_of_them() -> None:
    summary, _ = looked_at(lambda _: {})
    assert (summary.coverage.tenths, summary.coverage.tenths_spoken) == (3, 6)
    stored = json.loads(to_json(summary))
    del stored["coverage"]["tenths"], stored["coverage"]["tenths_spoken"]
    assert decode(Summary, stored).coverage.tenths is None
