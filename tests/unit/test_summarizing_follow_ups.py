"""Follow-up questions about what a usable summary passed over, and about claims that nobody said."""

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
from skimlist.summarizing.drafts import Draft, Finding, Point, Request, Section, Task
from skimlist.summarizing.fingerprint import fingerprint
from skimlist.summarizing.follow_ups import summarize_gap
from skimlist.summarizing.stretches import Tenths
from skimlist.summarizing.summarize import summarize_video
from tests.fakes.summarizing import NOW, TALK, ScriptedModel, draft, lines, settings, spec
from tests.unit.test_recorded_answers import RECORDED, name

LINES = lines([f"Sentence {n} of a talk about bread." for n in range(1, 41)], seconds=10.0)


# --- Tenths ---


@pytest.mark.parametrize(
    ("numbers", "missing"),
    [
        ([1, 2, 3], (5, 40)),
        ([1, 20, 40], ()),
        ([1, 36], (5, 32)),
        ([18], (21, 40)),
        ([17, 21], ()),
    ],
)
def test_a_stretch_is_missing_when_half_of_the_video_has_nothing(numbers: list[int], missing: tuple[int, ...]) -> None:
    found = [line.number for line in Tenths(LINES).longest_gap(numbers)]
    assert (found[0], found[-1]) == missing if missing else found == []


def test_silence_is_nothing_to_draw_on() -> None:
    silent = [*LINES[:2], *LINES[-2:]]
    tenths = Tenths(silent)
    assert tenths.spoken == {0, 9}
    assert tenths.covered([0.0, 395.0, 200.0]) == {0, 9}
    assert Tenths(LINES[:1]).spoken == {0}


# --- What a summary passed over ---


def at(*numbers: int, request: Request) -> Draft:
    return draft(
        request,
        key_points=tuple(Point(number, f"Point {number}.") for number in numbers),
        chapters=tuple(Section(number, f"Chapter {number}", "") for number in numbers),
    )


def has_gap(recording: Recording) -> bool:
    first = parse(recording.answers[0].content or "", recording.request)
    cited = [point.line for point in first.key_points] + [chapter.line for chapter in first.chapters]
    return bool(Tenths(recording.request.lines).longest_gap(cited))


@pytest.mark.parametrize("recording", [*filter(has_gap, RECORDED)], ids=name)
def test_what_a_small_model_passed_over_is_asked_for_and_merged_in_order(recording: Recording) -> None:
    request = recording.request
    first = parse(recording.answers[0].content or "", request)

    def answer(asked: Request) -> Draft:
        return at(*(line.number for line in asked.lines[::4]), request=asked)

    model = ScriptedModel(spec(), answer)
    filled = summarize_gap(first, request, model, lambda _: True)
    (asked,) = model.requests
    assert asked.task is Task.STRETCH
    assert 0 < len(asked.lines) < len(request.lines)
    points, chapters = [point.line for point in filled.key_points], [chapter.line for chapter in filled.chapters]
    assert points == sorted(points)
    assert chapters == sorted(chapters)
    assert len(points) <= request.target.key_points
    assert len(chapters) <= request.target.chapters
    tenths = Tenths(request.lines)
    assert tenths.longest_gap([*points, *chapters]) == ()
    assert (filled.tldr, filled.text) == (first.tldr, first.text)


def unreachable(_: Request) -> Draft:
    raise ModelUnreachable


REQUEST = Request(
    task=Task.WHOLE, lines=LINES, length=SummaryLength.STANDARD, options=settings().options, language="en"
)


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
    assert summarize_gap(first, REQUEST, model, lambda _: is_affordable) == first
    assert len(model.requests) == asked


def test_points_about_a_stretch_in_another_language_are_left_out() -> None:
    request = replace(REQUEST, language="de")
    english = Point(30, "This is what the talk says about the bread and how it is made.")
    model = ScriptedModel(spec(), lambda asked: draft(asked, key_points=(english,), chapters=()))
    first = at(1, 2, request=request)
    assert summarize_gap(first, request, model, lambda _: True).key_points == first.key_points


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


def test_what_nothing_supports_is_dropped_where_something_is_left() -> None:
    summary, _ = looked_at(lambda doubts: dict.fromkeys(range(len(doubts)), ""))
    assert (summary.tldr, summary.text) == ("A lens of the harbour.", "A lens floated in mercury.")
    assert len(summary.key_points) == 1
    assert (summary.chapters[0].title, summary.chapters[0].summary) == ("Welcome", "")
    assert summary.focus[0].text == "It has 41 kg."


@pytest.mark.parametrize(
    "text", ["The lens floated since 1690 in Oslo.", "Die Linse schwebte und das ist nicht, was er in dem Film sagt."]
)
def test_what_is_no_better_is_not_kept(text: str) -> None:
    summary, _ = looked_at(lambda doubts: dict.fromkeys(range(len(doubts)), text), language="en")
    assert (summary.tldr, summary.text) == (FALSE["tldr"], FALSE["text"])
    assert [point.text for point in summary.key_points] == [point.text for point in FALSE["key_points"]]


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
