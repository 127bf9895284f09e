"""What a summary and a digest say about their own claims."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from lab.bench.quality.benchmark import SAMPLES, read_transcript, summarize
from skimlist.claim_checks.notice import chapter_notice, digest_notice, notice, total_notice
from skimlist.codec import decode, to_json
from skimlist.digesting.digest import digest_batch
from skimlist.digesting.drafts import Finding as DigestFinding
from skimlist.digesting.outlines import Outline, Source
from skimlist.llm.catalogue import ModelSpec, Provider
from skimlist.models.claim_check import CheckStatus, ClaimCheck
from skimlist.models.digest import Digest
from skimlist.models.settings import SummaryLength, SummaryOptions
from skimlist.models.summary import Summary
from skimlist.models.transcript import CreatorChapter
from skimlist.summarizing.drafts import Draft, Finding, Point, Request, Section
from skimlist.summarizing.summarize import summarize_video
from tests.fakes.digesting import ScriptedDigester, an_outline, one_theme
from tests.fakes.summarizing import NOW, TALK, ScriptedModel, draft, settings, spec

SUPPORTED, MOVED, UNVERIFIED = CheckStatus
FILES = sorted(SAMPLES.glob("*1.json"))


def summarized(language: str | None = None, **changes: Any) -> Summary:
    def answer(request: Request) -> Draft:
        return draft(request, **{"tldr": "", "text": "", "key_points": (), "chapters": (), "tags": (), **changes})

    options = settings(focus_areas=("weight",), language=language)
    return summarize_video(TALK, options, ScriptedModel(spec(), answer), now=NOW)


@pytest.mark.parametrize("length", SummaryLength)
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_claims_that_are_copied_from_the_captions_are_supported(file: Any, length: SummaryLength) -> None:
    summary = summarize(read_transcript(file)[0], length)
    assert summary.unverified == 0
    assert {point.check for point in summary.key_points} == {ClaimCheck(SUPPORTED)}


def test_every_part_of_a_summary_is_checked() -> None:
    summary = summarized(
        tldr="A lamp of 1955.",
        text="The keepers of Boston harbour.",
        key_points=(Point(6, "A clockwork of 40 kg turned it."), Point(6, "A clockwork of 90 kg turned it.")),
        chapters=(Section(1, "Welcome", "It is about Fresnel."), Section(4, "The lens", "It floated from 1890 on.")),
        focus=(Finding("weight", 6, "It has 41 kg."),),
    )
    assert summary.tldr_check == ClaimCheck(UNVERIFIED, ("1955",))
    assert summary.text_check == ClaimCheck(UNVERIFIED, ("Boston",))
    assert [point.check for point in summary.key_points] == [ClaimCheck(SUPPORTED), ClaimCheck(UNVERIFIED, ("90 kg",))]
    assert [chapter.check for chapter in summary.chapters] == [
        ClaimCheck(UNVERIFIED, ("Fresnel",)),
        ClaimCheck(SUPPORTED),
    ]
    assert summary.focus[0].check == ClaimCheck(UNVERIFIED, ("41 kg",))
    assert summary.unverified == 5


WHEAT = Point(2, "Taxes rose because farmers planted too little wheat.")
MERCURY = Point(2, "Keepers breathed 40 kg of mercury vapour.")


@pytest.mark.parametrize(
    ("tldr", "missing"),
    [
        (WHEAT.text, ()),
        ("Farmers planted too little wheat, and so taxes rose.", ()),
        (
            "It is a museum. Farmers planted too little wheat,\nso taxes rose.",
            ("Farmers planted too little wheat, so taxes rose.",),
        ),
        (f"It is Boston. {WHEAT.text}", ("Boston", WHEAT.text)),
        ("All keepers breathed vapour of 40 kg mercury.", ("All keepers breathed vapour of 40 kg mercury.",)),
        (
            f"The keepers, {'for many, many years, ' * 5}breathed vapour of 40 kg mercury.",
            ("The keepers, for many, many years, for many, many years, for many, many years, for many, many…",),
        ),
    ],
)
def test_a_sentence_that_repeats_a_doubtful_statement_is_in_doubt_as_well(tldr: str, missing: tuple[str, ...]) -> None:
    summary = summarized(tldr=tldr, text=tldr, key_points=(WHEAT, MERCURY))
    assert [point.check for point in summary.key_points] == [
        ClaimCheck(UNVERIFIED),
        ClaimCheck(UNVERIFIED, ("40 kg",)),
    ]
    assert summary.tldr_check == summary.text_check == ClaimCheck(UNVERIFIED, missing)
    assert summary.unverified == 4


def test_a_sentence_of_few_words_repeats_a_doubtful_statement_of_the_same_words() -> None:
    doubtful = Point(2, "Keepers had 40 kg.")
    same, other = (
        summarized(tldr=tldr, key_points=(doubtful,)) for tldr in ("And keepers had 40 kg.", "It had 40 kg.")
    )
    assert same.tldr_check == ClaimCheck(UNVERIFIED, ("And keepers had 40 kg.",))
    assert (other.tldr_check, other.unverified) == (ClaimCheck(SUPPORTED), 1)


def test_a_sentence_repeats_a_doubtful_statement_without_its_name() -> None:
    doubtful = Point(2, "Taxes rose in Boston because farmers planted too little wheat.")
    summary = summarized(tldr="Farmers planted too little wheat, and so taxes rose.", key_points=(doubtful,))
    assert summary.key_points[0].check == ClaimCheck(UNVERIFIED, ("Boston",))
    assert summary.tldr_check == ClaimCheck(UNVERIFIED)


def test_a_sentence_in_doubt_may_repeat_a_chapter() -> None:
    summary = summarized(text=WHEAT.text, chapters=(Section(1, "Wheat", "Farmers planted little wheat: taxes rose."),))
    assert (summary.text_check, summary.unverified) == (ClaimCheck(UNVERIFIED), 2)


@pytest.mark.parametrize(
    "tldr",
    [
        "The heavy lens floated in a basin of mercury since 1890.",
        "Keepers breathed the vapour of mercury for years.",
        "A clockwork of 40 kg turned the lens.",
        "Taxes rose.",
        "A heavy lens floated in a sea, and a clockwork of 40 kg turned it.",
        "Taxes and wheat are what the keepers of the museum breathed with the vapour of mercury.",
    ],
)
def test_a_sentence_is_not_in_doubt_only_because_a_statement_on_its_subject_is(tldr: str) -> None:
    points = (WHEAT, MERCURY, Point(4, "A heavy lens floated in a sea of 77 oranges."))
    summary = summarized(tldr=tldr, key_points=points)
    assert (summary.tldr_check, summary.unverified) == (ClaimCheck(SUPPORTED), len(points))


def test_a_point_with_the_wrong_reference_is_where_it_is_said() -> None:
    points = (Point(1, "The heavy lens floated in a basin of mercury."), Point(2, "Keepers breathed mercury vapour."))
    first, second = summarized(key_points=points).key_points
    assert (first.text, first.check) == ("Keepers breathed mercury vapour.", ClaimCheck(SUPPORTED))
    assert (second.start_seconds, second.check) == (TALK.segments[4].start, ClaimCheck(MOVED))


COPIED = (
    Section(1, "Lens", "The heavy lens floated in a basin of mercury since 1890."),
    Section(2, "Keepers", "The keepers breathed the vapour of mercury for many years."),
)


def test_a_chapter_begins_where_its_sentence_was_copied_from_and_the_order_follows() -> None:
    chapters = summarized(chapters=COPIED).chapters
    assert [(chapter.title, chapter.start_seconds) for chapter in chapters] == [("Keepers", 5.0), ("Lens", 20.0)]
    assert [chapter.check for chapter in chapters] == [ClaimCheck(SUPPORTED), ClaimCheck(MOVED)]


def test_a_chapter_of_the_creator_never_moves() -> None:
    named = tuple(CreatorChapter(section.title, TALK.segments[section.line - 1].start) for section in COPIED)
    model = ScriptedModel(spec(), lambda request: draft(request, chapters=COPIED))
    chapters = summarize_video(replace(TALK, chapters=named), settings(), model, now=NOW).chapters
    assert [(chapter.title, chapter.start_seconds) for chapter in chapters] == [("Lens", 0.0), ("Keepers", 5.0)]
    assert [chapter.summary for chapter in chapters] == [section.summary for section in COPIED]


def test_a_chapter_begins_where_it_began_and_a_title_alone_is_not_a_claim() -> None:
    chapters = summarized(chapters=(Section(1, "A", "A clockwork of 40 kg."), Section(3, "B", ""))).chapters
    assert [chapter.start_seconds for chapter in chapters] == [TALK.segments[0].start, TALK.segments[2].start]
    assert chapters[1].check is None


def test_tags_that_the_video_does_not_mention_are_dropped() -> None:
    assert summarized(tags=("lens", "electric lamps", "astronomy", "harbour")).tags == (
        *("lens", "electric lamps", "harbour"),
    )


def test_only_the_numbers_of_a_translated_summary_are_checked_and_its_tags_stay() -> None:
    summary = summarized(language="fr", tldr="À Londres depuis 1891.", tags=("phare",), text="Depuis 1890.")
    assert (summary.tldr_check, summary.tags) == (ClaimCheck(UNVERIFIED, ("1891",)), ("phare",))


def test_a_summary_from_before_there_was_a_check_says_nothing_of_it() -> None:
    stored = json.loads(to_json(summarized(tldr="In short.", key_points=(Point(1, "A point."),))))
    for fields in (stored, stored["key_points"][0]):
        for name in ("tldr_check", "text_check", "check", "focus"):
            fields.pop(name, None)
    summary = decode(Summary, stored)
    assert (summary.key_points[0].check, summary.tldr_check, summary.unverified) == (None, None, None)


BAKING = (
    an_outline(1, "Bread needs 12 hours.", "Good bread in Lyon is baked slowly.", title="Baking in Lyon"),
    an_outline(2, "Yeast is quick and needs 36 minutes.", gist="Why yeast rises."),
)


def digested(
    text: str, overview: str = "In short.", outlines: Sequence[Outline] = BAKING, model: ModelSpec | None = None
) -> Digest:
    def answer(request: Any) -> Any:
        themes = (DigestFinding(text, (Source(1, 0.0),), "Time"),)
        return replace(one_theme(request), themes=themes, overview=overview, language="en")

    return digest_batch(outlines, SummaryOptions(digest=True), ScriptedDigester(model or spec(), answer), now=NOW)


def test_a_digest_is_checked_against_the_summaries_that_it_cites() -> None:
    assert digested("In Lyon bread takes 12 hours.").themes[0].check == ClaimCheck(SUPPORTED)
    made = digested("In Lyon bread takes 36 hours.")
    assert made.themes[0].check == ClaimCheck(UNVERIFIED, ("36 hours",))
    assert made.unverified == 1


@pytest.mark.parametrize(
    ("overview", "missing"),
    [
        ("In Lyon bread takes 12 hours, but yeast only minutes.", None),
        ("Both videos are about Baking in Lyon.", None),
        ("In Oslo bread takes 48 hours.", ("Oslo", "48 hours")),
        ("It is slow. Good bread takes 36 minutes in Lyon.", ("Good bread takes 36 minutes in Lyon.",)),
        ("It is slow. Yeast takes 36 minutes.", None),
        ("All 2 videos say that good bread in Lyon takes only time.", None),
    ],
)
def test_the_overview_of_a_digest_is_checked_against_all_summaries(
    overview: str, missing: tuple[str, ...] | None
) -> None:
    made = digested("Good bread in Lyon takes only 36 minutes.", overview)
    assert made.themes[0].check == ClaimCheck(UNVERIFIED, ("36 minutes",))
    assert made.overview_check == (ClaimCheck(UNVERIFIED, missing) if missing else ClaimCheck(SUPPORTED))
    assert made.unverified == 1 + (missing is not None)


@pytest.mark.parametrize(
    ("overview", "missing"),
    [
        ("Five of the seven videos agree.", ()),
        ("8 of them agree.", ("8",)),
        ("Six of them agree, and 5 recent videos do not.", ()),
        ("In seven, 5 of them, and 6 bakers agree.", ("6",)),
        ("Each takes 10 minutes, and all of them take more than an hour, nearly two hours or 70 minutes.", ()),
        ("Each takes 25 minutes, and all of them 5 hours.", ("25 minutes", "5 hours")),
    ],
)
def test_an_overview_may_count_the_videos_and_their_minutes(overview: str, missing: tuple[str, ...]) -> None:
    outlines = [an_outline(number, "Bread needs 12 hours.", title="Bread") for number in range(1, 8)]
    check = digested("Bread.", overview, outlines).overview_check
    assert check == ClaimCheck(UNVERIFIED if missing else SUPPORTED, missing)


def test_only_the_numbers_of_an_overview_in_several_languages_are_checked() -> None:
    outlines = [*BAKING, an_outline(3, "À Londres, le pain est rare.", language="fr")]
    made = digested("Bread.", "In London bread takes 48 hours.", outlines)
    assert made.overview_check == ClaimCheck(UNVERIFIED, ("48 hours",))


def test_an_overview_that_only_counts_is_not_checked() -> None:
    assert digested("Bread.", "2 videos, 20 min.", model=spec(provider=Provider.EXTRACTIVE)).overview_check is None


@pytest.mark.parametrize(
    ("overview", "missing"),
    [
        ("It is baked in Lyon. In Turin it takes 12 hours.", ()),
        ("In Oslo and Lyon it takes 4,800 hours. All 1001 videos say so.", ("Oslo", "4,800 hours")),
    ],
)
def test_an_overview_of_a_thousand_videos_lacks_only_what_none_of_them_says(
    overview: str, missing: tuple[str, ...]
) -> None:
    lyon, turin = (an_outline(n, f"In {city} it takes 12 hours.") for n, city in ((3, "Lyon"), (999, "Turin")))
    plain = {number: an_outline(number, "They eat it.") for number in range(1, 1_002)}
    outlines = [*(plain | {3: lyon, 999: turin}).values()]
    check = digested("Bread.", overview, outlines).overview_check
    assert check == ClaimCheck(UNVERIFIED if missing else SUPPORTED, missing)


@pytest.mark.parametrize(
    ("overview", "missing"),
    [
        ("Of the 2,100 videos, 1,987 videos say so.", ()),
        ("All of it began in 1987, and 2100 of them say so.", ("1987",)),
        ("2,099 videos say so, and 2,101 of these videos do not.", ("2,101",)),
    ],
)
def test_no_year_passes_because_an_overview_has_as_many_videos(overview: str, missing: tuple[str, ...]) -> None:
    outlines = [an_outline(number, "They eat it.", title="Bread") for number in range(1, 2_101)]
    check = digested("Bread.", overview, outlines).overview_check
    assert check == ClaimCheck(UNVERIFIED if missing else SUPPORTED, missing)


@pytest.fixture
def broken_check(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(text: str, *_: Any, **__: Any) -> None:
        raise RecursionError(text)

    monkeypatch.setattr("skimlist.summarizing.checked_claims.check_claim", fail)
    monkeypatch.setattr("skimlist.digesting.checked_findings.check_claim", fail)


@pytest.mark.usefixtures("broken_check")
def test_a_check_that_fails_costs_the_verdicts_and_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    summary = summarized(
        tldr="A lamp of 1955.",
        key_points=(Point(6, "It has 90 kg."), Point(2, "Keepers breathed it.")),
        chapters=(Section(1, "Welcome", "It is about Fresnel."),),
        focus=(Finding("weight", 6, "It has 41 kg."),),
        tags=("astronomy",),
    )
    assert (summary.tldr, summary.tags, summary.unverified) == ("A lamp of 1955.", ("astronomy",), None)
    starts = [point.start_seconds for point in summary.key_points]
    assert starts == [TALK.segments[1].start, TALK.segments[5].start]
    assert summary.chapters[0].check is summary.focus[0].check is None
    assert digested("In Lyon bread takes 36 hours.").unverified is None
    assert [record.getMessage() for record in caplog.records] == [
        "claims not checked",
        "digest not checked",
        "overview not checked",
    ]


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ((), "Hardly any of these words were found in the captions around 12:40."),
        (("1987",), "“1987” was not found in the captions around 12:40."),
        (("1987", "Oslo"), "“1987” and “Oslo” were not found in the captions around 12:40."),
        (tuple("abcdef"), "“a”, “b”, “c”, “d” and 2 more were not found in the captions around 12:40."),
    ],
)
def test_a_notice_says_what_was_not_found_and_where(missing: tuple[str, ...], sentence: str) -> None:
    assert notice(ClaimCheck(UNVERIFIED, missing), 760.0) == sentence


def test_a_notice_about_a_chapter_names_no_moment() -> None:
    found = chapter_notice(ClaimCheck(UNVERIFIED, ("1987",)))
    assert found == "“1987” was not found in the captions of this chapter."
    assert chapter_notice(ClaimCheck(SUPPORTED)) is None


def test_a_notice_about_a_digest_says_whose_words_these_are_and_what_to_do() -> None:
    said = "The digest says “36” and “Oslo”, but the summaries of these videos do not. Check it in the videos."
    assert digest_notice(ClaimCheck(UNVERIFIED, ("36", "Oslo"))) == said
    hardly = "Hardly any of these words are in the summaries of these videos. Check them in the videos."
    assert digest_notice(ClaimCheck(UNVERIFIED)) == hardly
    assert digest_notice(ClaimCheck(SUPPORTED)) is digest_notice(None) is None


def test_supported_and_unchecked_claims_get_no_notice() -> None:
    assert notice(None) is notice(ClaimCheck(SUPPORTED)) is notice(ClaimCheck(MOVED), 3.0) is total_notice(0) is None
    assert total_notice(1) == "1 statement to check: not found in the captions."
