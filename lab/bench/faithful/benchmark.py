"""Measures how faithful summaries are: the accuracy of our check of claims, and the texts of real models."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lab.bench.faithful import claim_pairs
from lab.bench.faithful.live import LiveModel
from lab.bench.faithful.measures import (
    Counts,
    Talk,
    answer_row,
    count_answers,
    shown,
    statements,
    summary_row,
    text_row,
)
from lab.bench.faithful.recordings import Recordings
from lab.bench.faithful.samples import read_sample
from lab.bench.reports import Options, Report, Row, Table
from skimlist.models.summary import SummaryLength
from skimlist.text.sentences import sentences

_OURS = "skimlist"


def run(options: Options) -> Report:
    live = LiveModel.from_environment(quick=options.quick)
    models = [live.ask()] if live else Recordings.read_all()
    pairs = claim_pairs.report()
    with _no_logs():
        counted = [each for model in models for each in _counts(model)]
        programs = [row for model in models for row in _program_rows(model)]
    kind = "live" if live else "recorded"

    def draw(plots: Path) -> None:
        from lab.bench.faithful.drawings import unsaid_and_covered  # noqa: PLC0415 - matplotlib

        unsaid_and_covered(programs, plots / "faithful_programs.svg")

    return Report(
        tables=[
            *pairs.tables,
            Table(f"Answers of models, {kind}", [{**about, **answer_row(counts)} for about, counts in counted]),
            Table(f"Their summaries, {kind}", [{**about, **summary_row(counts)} for about, counts in counted]),
            Table(f"Summaries by program, {kind}", programs),
        ],
        goals=pairs.goals,
        # Our summaries alone are nothing to compare.
        draw=draw if any(model.texts for model in models) else None,
    )


@contextmanager
def _no_logs() -> Iterator[None]:
    """Suppresses the errors of questions whose answers were not recorded."""
    logging.disable(logging.ERROR)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


def _counts(model: Recordings) -> Iterator[tuple[Row, Counts]]:
    """Yields what was counted about the answers of a model for each length, with the beginning of its row."""
    for length in SummaryLength:
        if recordings := [each for each in model.recordings if each.length is length]:
            counts = sum(map(count_answers, recordings), Counter[str]())
            yield {"model": model.model, "length": str(length)}, counts


def _program_rows(model: Recordings) -> Iterator[Row]:
    """Returns a row per program about the same samples; ours in the requested lengths."""
    talks = {sample: Talk(read_sample(sample)) for sample in _samples(model)}
    counted: dict[str, Counts] = {}
    for recording in model.recordings:
        if summary := shown(recording):
            found = talks[recording.sample].count(statements(summary))
            counted.setdefault(f"{_OURS}, {recording.length}", Counter()).update(found)
    for text in model.texts:
        counted.setdefault(text.program, Counter()).update(talks[text.sample].count(sentences(text.text)))
    for program, counts in counted.items():
        yield {"model": model.model, "program": program, **text_row(counts)}


def _samples(model: Recordings) -> set[str]:
    return {recording.sample for recording in model.recordings} | {text.sample for text in model.texts}
