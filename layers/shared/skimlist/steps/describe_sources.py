"""Describe sources: looks up the titles of playlists and channels while a user pastes their links."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from skimlist.errors import SkimlistError, UnexpectedFailure, YouTubeUnreachable
from skimlist.models.source import SourceAnswer, SourceDescription, SourceQuery
from skimlist.steps.clock import utc_now
from skimlist.steps.reporting import Log

# A user keeps typing meanwhile; a source that takes longer is read by the batch, which has time.
_MAX_WAIT = timedelta(seconds=10)
# Titles hardly ever change. An error that a service may have caused is kept only briefly.
_KEPT = timedelta(minutes=10)
_KEPT_AFTER_FAILURE = timedelta(minutes=1)
_MAX_KEPT = 1_000


@dataclass(slots=True)
class RecentAnswers:
    """The answers of the last minutes, kept in memory, so that the function needs no permission to store anything."""

    _kept: dict[SourceQuery, tuple[datetime, SourceAnswer]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def find(self, query: SourceQuery, now: datetime) -> SourceAnswer | None:
        until, answer = self._kept.get(query, (now, None))
        return answer if until > now else None

    def keep(self, query: SourceQuery, answer: SourceAnswer, until: datetime) -> None:
        with self._lock:
            self._kept.pop(query, None)
            self._kept[query] = (until, answer)
            if len(self._kept) > _MAX_KEPT:
                del self._kept[next(iter(self._kept))]  # the oldest


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribeSources:
    """Describes several sources at once; one that fails or takes long does not hold up the others.

    `describe` gets one from YouTube, in a thread of `executor`; it raises what `youtube.descriptions` raises.
    """

    describe: Callable[[SourceQuery], SourceDescription]
    executor: Executor
    recent: RecentAnswers
    log: Log
    max_wait: timedelta = _MAX_WAIT
    now: Callable[[], datetime] = utc_now

    def run(self, queries: Sequence[SourceQuery]) -> list[SourceAnswer]:
        """Returns an answer to each query, in their order."""
        answers = {query: answer for query in queries if (answer := self.recent.find(query, self.now()))}
        asked = {query: self.executor.submit(self._ask, query) for query in {*queries} - answers.keys()}
        wait(asked.values(), timeout=self.max_wait.total_seconds())
        late = SourceAnswer(error=YouTubeUnreachable().as_problem())
        answers |= {query: future.result() if future.done() else late for query, future in asked.items()}
        codes = sorted({answer.error.code for answer in answers.values() if answer.error})
        self.log.info("sources described", asked=len(asked), codes=codes)
        return [answers[query] for query in queries]

    def _ask(self, query: SourceQuery) -> SourceAnswer:
        try:
            answer = SourceAnswer(description=self.describe(query))
        except SkimlistError as error:
            answer, lasts = SourceAnswer(error=error.as_problem()), error.service is None
        except Exception:  # including those of libraries
            self.log.exception("source not described")
            answer, lasts = SourceAnswer(error=UnexpectedFailure().as_problem()), False
        else:
            lasts = True
        self.recent.keep(query, answer, self.now() + (_KEPT if lasts else _KEPT_AFTER_FAILURE))
        return answer
