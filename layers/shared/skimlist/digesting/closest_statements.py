"""Chooses which statements of earlier runs new videos are compared with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import sqrt

from skimlist.digesting.earlier import EarlierPlace, statement_tokens, title_tokens
from skimlist.digesting.outlines import Outline, Statement
from skimlist.models.earlier_run import EarlierRun
from skimlist.text.salience import Terms, term_weights, terms
from skimlist.text.stop_words import stop_words

# The latest runs are compared in full; from each video of an older run, only the closest statements.
_WHOLE_RUNS = 10
_STATEMENTS_OF_AN_OLDER_VIDEO = 2


def most_relevant(
    runs: Sequence[EarlierRun], outlines: Sequence[Outline], most_tokens: int
) -> tuple[EarlierPlace, ...]:
    """Returns the statements of earlier runs (the latest first) closest to these new videos, up to `most_tokens`.

    A statement is close if it shares rare words with the new videos. Of equally close statements, the latest are
    chosen; all are returned in the order of `runs`.
    """
    places = [
        EarlierPlace(run.batch_id, run.created_at.date(), video, statement)
        for run in runs
        for video in run.videos
        for statement in video.statements
    ]
    ranked = sorted(
        zip(_closeness(places, outlines), range(len(places)), strict=True), key=lambda each: (-each[0], each[1])
    )
    older = {run.batch_id for run in runs[_WHOLE_RUNS:]}
    taken: Counter[tuple[str, str]] = Counter()
    chosen: list[int] = []
    left = most_tokens
    for _, index in ranked:
        place = places[index]
        video = (place.batch_id, place.video.item_id)
        if place.batch_id in older and taken[video] == _STATEMENTS_OF_AN_OLDER_VIDEO:
            continue
        needed = statement_tokens(place.statement) + (0 if taken[video] else title_tokens(place.video))
        if needed <= left:
            left -= needed
            taken[video] += 1
            chosen.append(index)
    return tuple(places[index] for index in sorted(chosen))


def _closeness(places: Sequence[EarlierPlace], outlines: Sequence[Outline]) -> list[float]:
    """Returns the weight of the terms that each place shares with the new videos, against that of all its terms."""
    new = [terms(_text(said), stop_words(outline.language)) for outline in outlines for said in outline.statements]
    earlier = [terms(place.statement.text, stop_words(place.video.language)) for place in places]
    weights = term_weights([*new, *earlier])
    known: Terms = frozenset().union(*new)
    return [
        sum(weights[term] ** 2 for term in unit & known) / sqrt(sum(weights[term] ** 2 for term in unit) or 1.0)
        for unit in earlier
    ]


def _text(said: Statement) -> str:
    return f"{said.heading} {said.text}"
