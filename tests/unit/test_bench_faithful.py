"""The figures about summaries of real models, on answers for which they can be calculated by hand."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lab.bench.faithful.benchmark import measured
from lab.bench.faithful.measures import Talk, count_answers, shown
from lab.bench.faithful.recordings import Answer, PeerText, Recording, Recordings
from skimlist.models.settings import SummaryLength
from skimlist.models.transcript import Segment, Transcript
from skimlist.summarizing.bounds import MAX_TAGS

SAID = (
    "The old mill stands by the river Aare since 1412 and grinds flour.",
    "Its wheel turns day and night as long as there is water in the river.",
    "Flour dust hangs in the air, which is why nobody may light a candle.",
)
TALK = Talk(
    Transcript(
        video_id="Mill_000001",
        language_code="en",
        language="English",
        is_generated=False,
        segments=tuple(Segment(text, index * 25.0, 25.0) for index, text in enumerate(SAID)),
        title="The mill",
    )
)
EVERYTHING = ("title", "tldr", "summary", "key_points", "chapters", "tags", "focus")


@pytest.mark.parametrize(
    ("statement", "unsaid"),
    [
        ("The mill on the Aare has been there since 1412.", 0),
        ("The mill on the Aare has been there since 1512.", 1),
        ("Johannes Schmid built the mill in 1512.", 2),
    ],
)
def test_names_and_numbers_that_nobody_said_are_counted(statement: str, unsaid: int) -> None:
    assert TALK.count([statement])["unsaid"] == unsaid


def test_passages_of_eight_words_from_the_captions_count_as_copied() -> None:
    assert TALK.copied_words("We learn that its wheel turns day and night as long as it can.") == 9
    assert TALK.copied_words("Its wheel turns day and night.") == 0


def test_a_text_covers_the_tenths_in_which_something_like_it_is_said() -> None:
    both = TALK.count(["A wheel turns in the river water.", "Flour dust makes candles dangerous in the air."])
    assert both["tenths"] == 2
    assert TALK.count(["Everybody should watch this wonderful documentary."])["tenths"] == 0


def test_a_sentence_in_another_language_is_not_kept() -> None:
    counts = TALK.count(["The mill stands by the river and its wheel turns.", "Wheel."])
    assert (counts["sentences that tell"], counts["sentences in the language"]) == (1, 1)
    german = Talk(
        Transcript(
            video_id="Mill_000002",
            language_code="de",
            language="German",
            is_generated=False,
            segments=(Segment("Die alte Mühle steht am Fluss und mahlt das Mehl für die ganze Stadt.", 0.0, 9.0),),
        )
    )
    assert german.count(["The mill stands by the river and its wheel turns."])["sentences in the language"] == 0


ENGLISH = "This is what the film says about the bread and how it comes to rise in the end. "
GERMAN = "Das ist, was in dem Film gesagt wird und wie es mit dem Brot bis zum Ende weiter geht. "


def answer(**changes: Any) -> str:
    line = "Captains steered by the light of a single fire on the shore in those days."
    fields = {
        "title": "Lighthouses",
        "tldr": "This is how the light of a tower on the shore came to be seen by ships.",
        "summary": " ".join([line] * 5),
        "key_points": [{"line": 1, "text": line}],
        "chapters": [{"line": 1, "title": "Fires", "summary": line}],
        "tags": ["lighthouses"],
        "focus": [],
    }
    return json.dumps(fields | changes)


def recording(*answers: Answer, sample: str = "Lighthouse1", seed: int = 1) -> Recording:
    return Recording(
        model="small",
        sample=sample,
        length=SummaryLength.BRIEF,
        seed=seed,
        prompt_version="9",
        tokens_in=1000,
        tokens_out=100,
        answers=answers,
    )


def first(content: str | None) -> Answer:
    return Answer(question="summary", fields=EVERYTHING, content=content)


def test_an_answer_that_did_not_end_makes_no_summary() -> None:
    counts = count_answers(recording(first(None)))
    assert (counts["asked"], counts["ended"], counts["valid"], counts["summaries"]) == (1, 0, 0, 0)


def test_maxima_and_unknown_lines_of_an_answer_are_counted() -> None:
    points = [{"line": line, "text": "Ships saw it."} for line in (1, 5, 9, 13, 17, 900)]
    counts = count_answers(recording(first(answer(key_points=points, tags=[str(n) for n in range(MAX_TAGS + 1)]))))
    assert (counts["ended"], counts["valid"], counts["lists"], counts["lists within"]) == (1, 1, 3, 1)
    assert (counts["references"], counts["unknown"]) == (7, 1)


@pytest.mark.parametrize(("repaired", "helped"), [(GERMAN, 1), (ENGLISH, 0)])
def test_a_repair_helps_if_the_reader_gets_something_else_with_it(repaired: str, helped: int) -> None:
    texts: dict[str, Any] = {
        "tldr": GERMAN,
        "tags": [],
        "key_points": [{"line": line, "text": GERMAN} for line in (1, 6, 12)],
    }
    asked = first(answer(**texts, chapters=[], summary=ENGLISH * 4))
    fields = ("summary", "chapters")
    repair = Answer(
        question="summary",
        fields=fields,
        content=json.dumps({"summary": repaired * 4, "chapters": []}),
    )
    made = recording(asked, repair, sample="Sauerteig_1")
    counts = count_answers(made)
    assert (counts["repairs"], counts["helped"], counts["asked once"]) == (1, helped, 0)
    summary = shown(made)
    assert summary is not None
    assert (summary.language == "de") is bool(helped)


def test_the_tenths_that_a_summary_cites_are_counted_with_and_without_the_question_about_the_rest() -> None:
    line = "The keepers of the old lighthouses polished them every morning."
    points = [{"line": at, "text": f"{line} {at}"} for at in (9, 13)]
    rest = Answer(
        question="stretches",
        fields=("key_points", "chapters"),
        content=json.dumps({"key_points": points, "chapters": [{"line": 19, "title": "The end", "summary": line}]}),
    )
    counts = count_answers(recording(first(answer()), rest))
    assert (counts["tenths cited at first"], counts["tenths cited"]) == (1, 4)


def test_a_quick_run_replays_one_seed_of_a_sample_that_other_programs_summarized_too() -> None:
    ours = [
        recording(first(None), sample=sample, seed=seed)
        for sample, seed in (("Momiji_no_1", 1), ("Lighthouse1", 2), ("Lighthouse1", 1))
    ]
    told = [PeerText(program="llm", sample=sample, seed=1, text="Bread.") for sample in ("Sauerteig_1", "Lighthouse1")]
    quick = Recordings(model="small", recordings=tuple(ours), texts=tuple(told)).about_one_sample()
    assert [each.key for each in quick.recordings] == [ours[2].key]
    assert [each.sample for each in quick.texts] == ["Lighthouse1"]
    assert Recordings(model="small").about_one_sample() == Recordings(model="small")


def test_a_run_says_which_recording_it_measures(capsys: pytest.CaptureFixture[str]) -> None:
    list(measured(Recordings(model="small", recordings=(recording(first(None), seed=7),)), "recorded"))
    assert "small: Lighthouse1, brief, seed 7, recorded" in capsys.readouterr().out


def test_a_table_has_the_figures_of_all_seeds_and_of_each() -> None:
    ended, cut_off = first(answer()), first(None)
    model = Recordings(model="small", recordings=(recording(ended), recording(cut_off, seed=2)))
    (table,) = measured(model, "recorded")
    assert table.rows[0] == {"measure": "first answers that end", "all": 0.5, "seed 1": 1.0, "seed 2": 0.0}
