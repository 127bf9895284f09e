"""Summarizes every sample at every length, with the built-in model and with two baselines of the same length."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean
from typing import Any

from lab.bench.quality import baselines, measures
from lab.bench.quality.measures import Measured
from lab.bench.reports import Goal, Options, Report, Row, Table
from local.captions import CaptionFolder
from local.settings import ROOT
from skimlist.llm.catalogue import catalogue
from skimlist.models.settings import BatchSettings, SummaryLength
from skimlist.models.summary import Summary
from skimlist.models.transcript import Segment, Transcript
from skimlist.summarizing.lines import caption_lines
from skimlist.summarizing.providers import open_model
from skimlist.summarizing.summarize import summarize_video
from skimlist.text.words import count_words

SAMPLES = ROOT / "local" / "samples"
MODEL, LEAD, RANDOM = "extractive", "lead", "random"
_SEEDS = range(20)
_NOW = datetime(2026, 1, 1, tzinfo=UTC)
# The abstracts have about sixty words, like a brief summary.
_LENGTH_OF_ABSTRACTS = SummaryLength.BRIEF


def run(options: Options) -> Report:
    folders = [SAMPLES, *([options.captions] if options.captions and options.captions.resolve() != SAMPLES else [])]
    measured = [one for folder in folders for one in _measure_folder(folder)]
    standard = [one for one in measured if one.length is SummaryLength.STANDARD]
    tables = [
        Table("Structure of summaries", list(_structure(measured))),
        Table(f"ROUGE of {_LENGTH_OF_ABSTRACTS} summaries against abstracts", list(_rouge(measured))),
        Table("Standard summaries by language", list(_by_language([one for one in standard if one.method == MODEL]))),
    ]

    def draw(plots: Path) -> None:
        from lab.bench.quality import drawings  # noqa: PLC0415 - matplotlib

        drawings.coverage_over_time(standard, plots / "quality_coverage.svg")
        drawings.rouge(list(_rouge(measured)), plots / "quality_rouge.svg")

    return Report(tables=tables, goals=_goals(measured), draw=draw)


def summarize(transcript: Transcript, length: SummaryLength) -> Summary:
    """Summarizes with the built-in model, which needs no key and no cache."""
    model = open_model(catalogue()[MODEL], api_key=None, answer_cache=Nothing(), seconds_left=lambda: 900.0)
    return summarize_video(transcript, BatchSettings(model=MODEL, summary_length=length), model, now=_NOW)


def read_transcript(file: Path) -> tuple[Transcript, str | None]:
    """Reads a file of captions, and a person's abstract if there is one."""
    video = json.loads(file.read_text(encoding="utf-8"))
    segments = tuple(Segment(each["text"], each["start"], each["duration"]) for each in video["snippets"])
    fields = ("video_id", "title", "channel", "language", "language_code", "is_generated", "duration_seconds")
    return Transcript(segments=segments, **{name: video[name] for name in fields}), video.get("abstract")


class Nothing:
    """An answer cache that keeps nothing."""

    def recall(self, key: str) -> str | None:
        del key
        return None

    def remember(self, key: str, answer: str, *, is_last: bool = False) -> None:
        del key, answer, is_last


def _measure_folder(folder: Path) -> Iterator[Measured]:
    captions = CaptionFolder.read(folder)
    for video_id in captions.video_ids:
        if video_id not in captions.failing:
            transcript, abstract = read_transcript(folder / f"{video_id}.json")
            for length in SummaryLength:
                yield from _measure(folder.name, transcript, abstract, length)


def _measure(folder: str, transcript: Transcript, abstract: str | None, length: SummaryLength) -> Iterator[Measured]:
    summary = summarize(transcript, length)
    segments, duration = transcript.segments, transcript.end_seconds
    words = count_words(summary.text)
    lines = caption_lines([Segment(paragraph, 0.0, 0.0) for paragraph in summary.text.splitlines()])
    at = [list(measures.sources((line.text for line in lines), segments))]
    yield _measured(
        MODEL,
        [summary.text],
        at,
        transcript,
        abstract,
        folder=folder,
        length=length,
        chapters=measures.valid_chapters(summary.chapters, duration),
    )
    for method, texts in (
        (LEAD, [baselines.lead(segments, words)]),
        (RANDOM, [baselines.at_random(segments, words, seed) for seed in _SEEDS]),
    ):
        at = [[line.start for line in taken] for taken in texts]
        joined = [" ".join(line.text for line in taken) for taken in texts]
        yield _measured(method, joined, at, transcript, abstract, folder=folder, length=length)


def _measured(
    method: str,
    texts: Sequence[str],
    starts: Sequence[Sequence[float]],
    transcript: Transcript,
    abstract: str | None,
    **more: Any,
) -> Measured:
    """Returns the averages over `texts`, whose statements are said at `starts`."""
    drawn = [measures.parts_drawn_on(each, transcript.end_seconds) for each in starts]
    scores = [measures.rouge(text, abstract) for text in texts] if abstract else []
    return Measured(
        method=method,
        language=transcript.language_code,
        parts=[mean(part in parts for parts in drawn) for part in range(measures.PARTS)],
        redundancy=mean(map(measures.redundancy, texts)),
        compression=mean(measures.compression(text, transcript.segments) for text in texts),
        rouge={name: mean(score[name] for score in scores) for name in scores[0]} if scores else {},
        **more,
    )


def _groups(measured: Sequence[Measured], *names: str) -> Iterator[tuple[dict[str, Any], list[Measured]]]:
    """Groups measurements with the same values of these names, in order of appearance."""
    keys = dict.fromkeys(tuple(str(getattr(one, name)) for name in names) for one in measured)
    for key in keys:
        yield (
            dict(zip(names, key, strict=True)),
            [one for one in measured if tuple(str(getattr(one, name)) for name in names) == key],
        )


def _averages(group: Sequence[Measured]) -> dict[str, float | None]:
    chapters = [one.chapters for one in group if one.chapters is not None]
    return {
        "videos": len(group),
        "coverage": mean(one.coverage for one in group),
        "redundancy": mean(one.redundancy for one in group),
        "compression": mean(one.compression for one in group),
        "valid chapters": mean(chapters) if chapters else None,
    }


def _structure(measured: Sequence[Measured]) -> Iterator[Row]:
    for names, group in _groups(measured, "folder", "length", "method"):
        yield {**names, **_averages(group)}


def _by_language(measured: Sequence[Measured]) -> Iterator[Row]:
    for names, group in _groups(measured, "folder", "language"):
        yield {**names, **_averages(group)}


def _rouge(measured: Sequence[Measured]) -> Iterator[Row]:
    scored = [one for one in measured if one.rouge and one.length is _LENGTH_OF_ABSTRACTS]
    for names, group in _groups(scored, "method"):
        yield {**names, **{name: mean(one.rouge[name] for one in group) for name in group[0].rouge}}


def _goals(measured: Sequence[Measured]) -> list[Goal]:
    ours = [one for one in measured if one.method == MODEL]
    detailed = [one.coverage for one in ours if one.length is SummaryLength.DETAILED]
    rouge = {row["method"]: row["rouge1"] for row in _rouge(measured)}
    return [
        Goal(name="valid chapters", value=min(one.chapters or 0.0 for one in ours), least=1.0),
        Goal(name="tenths of the video that a detailed summary draws on", value=mean(detailed), least=0.8),
        Goal(name="ROUGE-1 ÷ that of the opening", value=float(rouge[MODEL] or 0) / float(rouge[LEAD] or 1), least=1.0),
        Goal(
            name="ROUGE-1 ÷ that of random lines", value=float(rouge[MODEL] or 0) / float(rouge[RANDOM] or 1), least=1.0
        ),
    ]
