"""Measures how the extractive model's summaries read: their sentence borders, and whether they state the topic."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from statistics import mean

from lab.bench.faithful import spoken_sentences
from lab.bench.faithful.spoken_sentences import Borders
from lab.bench.quality.benchmark import SAMPLES, read_transcript, summarize
from lab.bench.quality.measures import PARTS, parts_drawn_on
from lab.bench.reports import Goal, Options, Report, Row, Table
from lab.bench.terminal import console
from local.captions import CaptionFolder
from skimlist.models.settings import SummaryLength
from skimlist.models.transcript import Transcript
from skimlist.summarizing.lines import caption_lines
from skimlist.text.language_codes import primary_language
from skimlist.text.splitting import sentences
from skimlist.text.spoken import speech

# The videos of each folder that are enough to try the benchmark itself.
_QUICK_VIDEOS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One summary. `borders` and `windows` rate sentence borders without punctuation: ours, and those by length.

    It is `composed` if no sentence states the topic, so that the TL;DR quotes the title.
    """

    folder: str
    language: str
    borders: Borders
    windows: Borders
    sentences: int
    dangling: int
    title_words: float | None
    composed: bool
    tenths: float


def report(options: Options) -> Report:
    further = options.captions
    folders = [SAMPLES, *([further] if further and further.resolve() != SAMPLES else [])]
    most = _QUICK_VIDEOS if options.quick else None
    measured = []
    for folder in folders:
        for transcript in islice(_transcripts(folder), most):
            console.print(f"extractive: {transcript.video_id}")
            measured.append(measure(transcript, folder.name))
    samples = [one for one in measured if one.folder == SAMPLES.name]
    return Report(
        tables=[
            Table("Ends of sentences in captions without punctuation", list(_ends(measured))),
            Table("Standard summaries of the extractive model", list(_readings(measured))),
        ],
        goals=[
            Goal(name="F1 of ends of sentences", value=_total([one.borders for one in samples]).f1, least=0.5),
            Goal(name="dangling sentences of a hundred", value=_dangling(samples), most=10),
            Goal(name="title words in the TL;DR", value=_title_words(samples) or 0.0, least=0.5),
            Goal(name="tenths of a video drawn on", value=mean(one.tenths for one in samples), least=0.6),
        ],
    )


def measure(transcript: Transcript, folder: str = "") -> Measured:
    language = transcript.language_code
    said = spoken_sentences.said(transcript.segments)
    ours = windows = Borders()
    if spoken_sentences.is_punctuated(said):
        ends, bare = spoken_sentences.true_ends(said), spoken_sentences.bare(said)
        ours = spoken_sentences.borders((line.text for line in caption_lines(bare, language)), ends)
        windows = spoken_sentences.borders((line.text for line in caption_lines(bare)), ends)
    summary = summarize(transcript, SummaryLength.STANDARD)
    statements = [point.text for point in summary.key_points] + [chapter.summary for chapter in summary.chapters]
    habits = speech(language)
    lines = caption_lines(transcript.segments, language)
    spoken = _letters(" ".join(habits.without_hesitations(line.text) for line in lines))
    alone = [text for text in (*quoted_alone(summary.text, spoken, language), *statements, summary.tldr) if text]
    starts = [point.start_seconds for point in summary.key_points] + [each.start_seconds for each in summary.chapters]
    title = transcript.title or ""
    return Measured(
        folder=folder,
        language=primary_language(language),
        borders=ours,
        windows=windows,
        sentences=len(alone),
        dangling=spoken_sentences.dangling(alone, language),
        title_words=spoken_sentences.title_words(summary.tldr, title, language),
        composed=bool(title) and title in summary.tldr,
        tenths=len(parts_drawn_on((start for start in starts if start is not None), transcript.end_seconds)) / PARTS,
    )


def _transcripts(folder: Path) -> Iterator[Transcript]:
    captions = CaptionFolder.read(folder)
    for video_id in captions.video_ids:
        if video_id not in captions.failing:
            yield read_transcript(folder / f"{video_id}.json")[0]


def quoted_alone(text: str, spoken: str, language: str) -> Iterator[str]:
    """Yields the sentences of a text, except those that were said directly after the one that they follow in it.

    `spoken` are the letters of the captions in lower case, without hesitations.
    """
    for paragraph in text.splitlines():
        before = ""
        for sentence in sentences(paragraph, language):
            if not before or _letters(before) + _letters(sentence) not in spoken:
                yield sentence
            before = sentence


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.lower()))


def _groups(measured: Sequence[Measured]) -> Iterator[tuple[dict[str, str], list[Measured]]]:
    for folder, language in dict.fromkeys((one.folder, one.language) for one in measured):
        group = [one for one in measured if (one.folder, one.language) == (folder, language)]
        yield {"folder": folder, "language": language}, group


def _ends(measured: Sequence[Measured]) -> Iterator[Row]:
    """Yields figures on sentence borders, from captions that have punctuation to compare with."""
    for names, group in _groups([one for one in measured if one.borders.true]):
        ours = _total([one.borders for one in group])
        yield {
            **names,
            "videos": len(group),
            "precision": ours.precision,
            "recall": ours.recall,
            "F1": ours.f1,
            "F1 of windows": _total([one.windows for one in group]).f1,
        }


def _readings(measured: Sequence[Measured]) -> Iterator[Row]:
    for names, group in _groups(measured):
        yield {
            **names,
            "videos": len(group),
            "dangling of 100": _dangling(group),
            "title words in TL;DR": _title_words(group),
            "TL;DRs put together": mean(one.composed for one in group),
            "tenths": mean(one.tenths for one in group),
        }


def _total(borders: Sequence[Borders]) -> Borders:
    return sum(borders, Borders())


def _dangling(group: Sequence[Measured]) -> float:
    return 100 * sum(one.dangling for one in group) / max(sum(one.sentences for one in group), 1)


def _title_words(group: Sequence[Measured]) -> float | None:
    shares = [one.title_words for one in group if one.title_words is not None]
    return mean(shares) if shares else None
