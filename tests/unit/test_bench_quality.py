"""The measures of quality, on texts for which they can be calculated by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab.bench.quality import baselines, measures
from lab.bench.quality.benchmark import SAMPLES, read_transcript, summarize
from skimlist.models.settings import SummaryLength
from skimlist.models.summary import Chapter
from skimlist.models.transcript import Segment
from skimlist.summarizing.lines import caption_lines

SAID = (
    "the mill stands by the river",
    "its wheel turns day and night",
    "flour dust hangs in the air",
    "then rain came",
)
SEGMENTS = tuple(Segment(text, index * 25.0, 25.0) for index, text in enumerate(SAID))
FILES = sorted(SAMPLES.glob("*1.json"))


def chapter(title: str, start_seconds: float) -> Chapter:
    return Chapter(title=title, start_seconds=start_seconds)


def test_a_statement_is_found_where_most_of_its_words_are_said() -> None:
    assert list(measures.sources(["A wheel turns night and day", "flour in the air"], SEGMENTS)) == [25.0, 50.0]


def test_parts_are_tenths_of_the_video() -> None:
    assert measures.parts_drawn_on([0.0, 5.0, 55.0, 100.0], 100.0) == {0, 5, 9}


def test_repeated_words_are_redundant() -> None:
    assert measures.redundancy("rain falls and wind blows") == 0
    assert measures.redundancy("rain falls, rain falls, rain falls") == pytest.approx(3 / 5)


def test_compression_is_in_words() -> None:
    assert measures.compression("The mill grinds flour all day.", SEGMENTS) == pytest.approx(6 / 21)


@pytest.mark.parametrize(
    ("second", "valid"),
    [
        (chapter("Rain", 60.0), 1.0),
        (chapter("Rain", 10.0), 0.5),
        (chapter("Rain", 100.0), 0.5),
        (chapter(" ", 60.0), 0.5),
        (chapter("Mill", 60.0), 0.0),
    ],
)
def test_chapters_begin_in_order_within_the_video_under_titles_of_their_own(second: Chapter, valid: float) -> None:
    assert measures.valid_chapters([chapter("Mill", 10.0), second], 100.0) == valid


def test_baselines_take_as_many_words_as_the_summary_has() -> None:
    transcript, _ = read_transcript(FILES[0])
    lead = baselines.lead(transcript.segments, 40)
    assert [line.number for line in lead] == list(range(1, len(lead) + 1))
    for lines in (lead, *(baselines.at_random(transcript.segments, 40, seed) for seed in range(5))):
        assert 40 <= sum(measures.count_words(line.text) for line in lines) < 40 + 60
        assert lines == sorted(lines, key=lambda line: line.number)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
@pytest.mark.parametrize("length", SummaryLength)
def test_summaries_of_the_samples_have_valid_chapters_and_a_person_to_compare_with(
    file: Path, length: SummaryLength
) -> None:
    transcript, abstract = read_transcript(file)
    assert abstract
    assert measures.valid_chapters(summarize(transcript, length).chapters, transcript.end_seconds) == 1


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_detailed_text_has_a_sentence_from_most_tenths_of_a_short_video(file: Path) -> None:
    transcript, _ = read_transcript(file)
    text = summarize(transcript, SummaryLength.DETAILED).text
    lines = caption_lines([Segment(paragraph, 0.0, 0.0) for paragraph in text.splitlines()])
    said_at = measures.sources([line.text for line in lines], transcript.segments)
    assert len(measures.parts_drawn_on(said_at, transcript.end_seconds)) >= 8
