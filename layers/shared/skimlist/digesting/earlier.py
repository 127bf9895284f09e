"""The statements of a follow's runs that are kept for the digests of later runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from skimlist.digesting.outlines import Outline, Statement
from skimlist.models.batch import Batch
from skimlist.models.earlier_run import EarlierRun, EarlierStatement, EarlierVideo
from skimlist.text.words import estimate_tokens

# A run's record takes at most about 250 KB when compressed; a usual one takes 3 KB.
_MAX_STATEMENTS = 500
_MAX_CHARACTERS = 250
_MAX_TITLE = 100
# Tokens of a line's number, brackets and line break, and of a video's date.
_TOKENS_A_LINE = 6
_TOKENS_A_VIDEO = 12


@dataclass(frozen=True, slots=True)
class EarlierPlace:
    """A statement of a video of an earlier run, which was the batch `batch_id` and began on the day `day`."""

    batch_id: str
    day: date
    video: EarlierVideo
    statement: EarlierStatement


def to_be_kept(batch: Batch, outlines: Sequence[Outline]) -> EarlierRun:
    """Returns what later runs will know of this one: all statements of its videos, or fewer of each if it is large."""
    videos = outlines[:_MAX_STATEMENTS]
    most = max(_MAX_STATEMENTS // max(len(videos), 1), 1)
    return EarlierRun(
        batch_id=batch.id,
        created_at=batch.created_at,
        videos=tuple(
            EarlierVideo(
                item_id=outline.item_id,
                video_id=outline.video_id,
                title=_cut(outline.title, _MAX_TITLE),
                language=outline.language,
                statements=tuple(_kept_statements(outline, most)),
                is_described=outline.is_described,
            )
            for outline in videos
        ),
    )


def _kept_statements(outline: Outline, most: int) -> Iterator[EarlierStatement]:
    """Yields statements from the whole video; if it has none, its gist, which has no place."""
    yield from map(_statement, _evenly(outline.statements, most))
    if outline.gist and not outline.statements:
        yield EarlierStatement(text=_cut(outline.gist, _MAX_CHARACTERS))


def _statement(said: Statement) -> EarlierStatement:
    text = f"{said.heading}: {said.text}" if said.heading and said.text else said.heading or said.text
    return EarlierStatement(text=_cut(text, _MAX_CHARACTERS), start_seconds=said.sources[0].start_seconds)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _evenly(statements: Sequence[Statement], most: int) -> Sequence[Statement]:
    count = min(most, len(statements))
    return [statements[index * len(statements) // count] for index in range(count)]


def tokens_of(runs: Sequence[EarlierRun]) -> int:
    """Returns the tokens, by the careful count, of all that these runs say."""
    return sum(
        title_tokens(video) + sum(map(statement_tokens, video.statements)) for run in runs for video in run.videos
    )


def statement_tokens(statement: EarlierStatement) -> int:
    return estimate_tokens(statement.text) + _TOKENS_A_LINE


def title_tokens(video: EarlierVideo) -> int:
    return estimate_tokens(video.title) + _TOKENS_A_VIDEO
