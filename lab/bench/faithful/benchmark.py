"""Measures how faithful summaries are: the accuracy of our check of claims, and the texts of real models."""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from lab.bench.faithful import claim_pairs, extractive
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
from lab.bench.quality.benchmark import summarize
from lab.bench.reports import Options, Report, Row, Table
from lab.bench.terminal import console
from skimlist.models.settings import SummaryLength
from skimlist.text.splitting import sentences

_OURS = "skimlist"


def run(options: Options) -> Report:
    live = LiveModel.from_environment(quick=options.quick)
    models = [live.ask()] if live else Recordings.read_all()
    kind = "live" if live else "recorded"
    if options.quick:
        models = [model.about_one_sample() for model in models]
    pairs, without_model = claim_pairs.report(), extractive.report(options)
    with _no_logs():
        figures = [table for model in models for table in measured(model, kind)]
        programs = {model.model: list(program_rows(model)) for model in models}

    def draw(plots: Path) -> None:
        from lab.bench.faithful import drawings  # noqa: PLC0415 - matplotlib

        drawings.flagged(pairs.tables[0].rows, plots / "faithful_claims.svg")
        drawings.unsaid_and_covered(programs, plots / "faithful_programs.svg")

    return Report(
        tables=[
            *pairs.tables,
            *figures,
            *(Table(f"Programs that ask {model}, {kind}", rows) for model, rows in programs.items()),
            *without_model.tables,
        ],
        goals=[*pairs.goals, *without_model.goals],
        draw=draw,
    )


@contextmanager
def _no_logs() -> Iterator[None]:
    """Suppresses the errors of questions whose answers were not recorded."""
    logging.disable(logging.ERROR)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


def measured(model: Recordings, kind: str) -> Iterator[Table]:
    """Yields a table for each length, with a column for each seed: their differences show what is chance."""
    for length in SummaryLength:
        counted: defaultdict[str, Counts] = defaultdict(Counter)
        for recording in model.recordings:
            if recording.length is length:
                console.print(f"{model.model}: {recording.sample}, {length}, seed {recording.seed}, {kind}")
                counts = count_answers(recording)
                counted["all"] += counts
                counted[f"seed {recording.seed}"] += counts
        if counted:
            title = f"What Skimlist makes of answers of {model.model}, {length}, {kind}"
            yield Table(title, list(_measure_rows(counted)))


def _measure_rows(counted: Mapping[str, Counts]) -> Iterator[Row]:
    columns = {name: {**answer_row(counts), **summary_row(counts)} for name, counts in counted.items()}
    for measure in columns["all"]:
        yield {"measure": measure, **{name: column[measure] for name, column in columns.items()}}


def program_rows(model: Recordings) -> Iterator[Row]:
    """Yields a row for each program about the samples that all programs summarized; ours also without a model."""
    console.print(f"{model.model}: texts of all programs")
    talks = {sample: Talk(read_sample(sample)) for sample in _compared(model)}
    counted: defaultdict[str, Counts] = defaultdict(Counter)
    for recording in model.recordings:
        if recording.sample in talks and (summary := shown(recording)):
            counted[f"{_OURS}, {recording.length}"] += talks[recording.sample].count(statements(summary))
    for text in model.texts:
        if text.sample in talks:
            talk = talks[text.sample]
            counted[text.program] += talk.count(sentences(text.text, talk.captions.language))
    for sample, talk in talks.items():
        summary = summarize(read_sample(sample), SummaryLength.BRIEF)
        counted[f"{_OURS}, {SummaryLength.BRIEF}, without a model"] += talk.count(statements(summary))
    for program, counts in counted.items():
        yield {"program": program, **text_row(counts)}


def _compared(model: Recordings) -> list[str]:
    found = [{recording.sample for recording in model.recordings}]
    for program in {text.program for text in model.texts}:
        found.append({text.sample for text in model.texts if text.program == program})
    return sorted(set.intersection(*found))
