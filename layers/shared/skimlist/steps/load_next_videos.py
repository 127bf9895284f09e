"""Load next videos: decides what the workflow does next with a batch, and takes the next page from its queue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from skimlist.circuit_breaker import find_outage, pause_for_outage
from skimlist.errors import PlaylistsUnreadable, StoppedByOperator, WorkflowStuck, WrongState
from skimlist.events import BatchEvent, video_of_page
from skimlist.jobs.batches import Batches
from skimlist.jobs.halts import Halts
from skimlist.jobs.order import Order
from skimlist.jobs.outages import Outages
from skimlist.jobs.preflights import Preflights
from skimlist.jobs.queue import PAGES_PER_EXECUTION, page_name
from skimlist.models.batch import Batch, BatchStatus, PreflightStatus
from skimlist.models.outage import Dependency, OutageReport
from skimlist.models.settings import CaptionRequest
from skimlist.models.video import Item
from skimlist.progress import digest_is_due, pause_because, preflight_status, remaining
from skimlist.steps.clock import utc_now
from skimlist.steps.reporting import Log

# The batch is read again whenever this step or its user has changed it; more changes than this within one call are an
# error.
_MAX_READS = 10
_RUNNING = frozenset({BatchStatus.DRAFT, BatchStatus.PENDING, BatchStatus.PROCESSING})


class Action(StrEnum):
    """The next action of the workflow: the choices of the state machine."""

    EXPAND = "expand"  # read playlists, then come back here
    CHECK = "check"  # check the videos of a draft, then come back here
    PROCESS = "process"  # summarize these videos, then come back here
    DIGEST = "digest"  # make the digest, then come back here
    CONTINUE = "continue"  # continue in a new execution, because the history of this one is nearly full
    WAIT = "wait"  # wait until a given time, then come back here
    FINISH = "finish"  # build the archive and notify the owner
    # Notify the owner that the batch waits for them, or has failed. Its value is not about the operator's halt: it is
    # older, and cannot change, because a running execution keeps the definition with which it started.
    NOTIFY_AND_STOP = "halt"
    STOP = "stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """`videos` is the page to check or to process; `reason` says why nothing is done now."""

    action: Action
    reason: str | None = None
    videos: Sequence[dict[str, Any]] = ()
    resume_at: datetime | None = None
    next_run: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """The fields that the states of the workflow read."""
        return {
            "action": str(self.action),
            "reason": self.reason,
            "videos": list(self.videos),
            "resume_at": f"{self.resume_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if self.resume_at else None,
            "next_run": self.next_run,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadNextVideos:
    """Decides what an execution does next. If a helper returns None, the batch is read and the decision made again.

    `queue` also prepares drafts. `needs_no_youtube` says whether captions of a user's video are stored, or it is known
    to have none.
    """

    batches: Batches
    queue: Preflights
    halts: Halts
    outages: Outages
    needs_no_youtube: Callable[[str, str, CaptionRequest], bool]
    log: Log
    now: Callable[[], datetime] = utc_now

    def decide(self, work: BatchEvent) -> Decision:
        """Raises PlaylistsUnreadable, and WorkflowStuck if the batch makes no progress."""
        for _ in range(_MAX_READS):
            batch = self.batches.get(work.user_id, work.batch_id)
            if decision := self._decide_once(batch, work.run, self.now()):
                return decision
        raise WorkflowStuck

    def _decide_once(self, batch: Batch, run: int, now: datetime) -> Decision | None:
        if run > batch.execution.run:
            self.batches.adopt(batch, run, now)
            return None
        if run < batch.execution.run:
            return Decision(action=Action.STOP, reason=f"Execution {batch.execution.run} drives this batch now.")
        with suppress(WrongState):
            if batch.status in _RUNNING and self.halts.find().includes(batch.user_id):
                return self._halt(batch, now)
            return self._decide_by_status(batch, now)
        return None

    def _decide_by_status(self, batch: Batch, now: datetime) -> Decision | None:
        match batch.status:
            case BatchStatus.DRAFT:
                return self._prepare(batch, now)
            case BatchStatus.PENDING:
                self.batches.begin(batch, now)
                return None
            case BatchStatus.PROCESSING:
                return self._process(batch, now)
            case BatchStatus.PAUSED if batch.pause and batch.pause.until:
                return self._wait_or_wake(batch, batch.pause.until, now)
            case BatchStatus.COMPLETED:
                # This step runs twice, or the execution was lost before it built the archive and notified the owner.
                return Decision(action=Action.FINISH)
            case _:
                return self._end_execution(batch, now)

    def _halt(self, batch: Batch, now: datetime) -> Decision | None:
        """Pauses the batch of a halted user until the halt is lifted, or stops preparing a draft."""
        if batch.status is BatchStatus.DRAFT:
            self.queue.abort_preparation(batch, StoppedByOperator(), now)
            return self._end_execution(self.batches.get(batch.user_id, batch.id), now)
        self.batches.pause_now(batch, pause_because(StoppedByOperator(), batch, now), now)
        return None

    def _prepare(self, batch: Batch, now: datetime) -> Decision | None:
        """Prepares a draft: reads its playlists, checks its videos if its user wants that, then ends the execution."""
        order = self.queue.order(batch.id)
        if order.unread_playlists:
            return self._expand(batch, now)
        if preflight_status(batch) is not PreflightStatus.CHECKING:
            return self._end_execution(batch, now)
        if _is_execution_full(batch):
            return _continue_in_new_execution(batch)
        page = self.queue.next_to_check(batch, order, now)
        if page:
            return Decision(action=Action.CHECK, videos=_videos(batch, page))
        if page is not None:
            self.queue.end_preflight(batch, now)
        return None

    def _process(self, batch: Batch, now: datetime) -> Decision | None:
        """Processes the queue, unless other batches have reported an outage that would stop this one."""
        order = self.queue.order(batch.id)
        if (remaining(batch) or order.unread_playlists or order.requeued) and (
            outage := self._outage(batch, order, now)
        ):
            self.batches.pause_now(batch, pause_for_outage(outage, batch, now), now)
            self.log.warning("batch paused", code=outage.code)
            return None
        return self._next_page(batch, order, now)

    def _next_page(self, batch: Batch, order: Order, now: datetime) -> Decision | None:
        if order.unread_playlists:
            return self._expand(batch, now)
        if _is_execution_full(batch):
            return _continue_in_new_execution(batch)
        page = self.queue.next_page(batch, order, now)
        if page is None:
            return None
        if page:
            return Decision(action=Action.PROCESS, videos=_videos(batch, page))
        if not order.numbers and any(playlist.error for playlist in order.playlists):
            raise PlaylistsUnreadable
        if digest_is_due(batch):
            # Then this step runs again: the batch does not end before its digest, and videos may have been added.
            return Decision(action=Action.DIGEST) if self.batches.count_round(batch, now) else None
        self.batches.complete(batch, now)
        return Decision(action=Action.FINISH)

    def _outage(self, batch: Batch, order: Order, now: datetime) -> OutageReport | None:
        reports = self.outages.reports()
        outage = find_outage(reports, batch, now)
        if outage and outage.cause == Dependency.YOUTUBE and self._continues_without_youtube(batch, order):
            return find_outage([report for report in reports if report.cause != outage.cause], batch, now)
        return outage

    def _continues_without_youtube(self, batch: Batch, order: Order) -> bool:
        """Whether captions of the next video are stored: its user may have uploaded them while the batch paused."""
        item = None if order.unread_playlists else self.queue.next_item(batch, order)
        return item is not None and self.needs_no_youtube(batch.user_id, item.video_id, batch.captions_for(item))

    def _expand(self, batch: Batch, now: datetime) -> Decision | None:
        """Counts a round of reading playlists as a page, because it too may end in a pause and be repeated."""
        if _is_execution_full(batch):
            return _continue_in_new_execution(batch)
        return Decision(action=Action.EXPAND) if self.batches.count_round(batch, now) else None

    def _wait_or_wake(self, batch: Batch, until: datetime, now: datetime) -> Decision | None:
        # An upload resumes a batch only if it is paused already. If the batch pauses just after the last upload, only
        # this check resumes it earlier.
        if until <= now or (
            batch.waits_for_youtube and self._continues_without_youtube(batch, self.queue.order(batch.id))
        ):
            self.batches.resume(batch, now)
            return None
        if not batch.has_no_execution and not self.batches.park(batch, now):
            return None
        return Decision(action=Action.WAIT, reason=_reason(batch), resume_at=until)

    def _end_execution(self, batch: Batch, now: datetime) -> Decision | None:
        """Ends the execution until the user acts; notifies the owner, unless they paused or cancelled the batch."""
        if not batch.has_no_execution and not self.batches.park(batch, now):
            return None
        paused_itself = batch.status is BatchStatus.PAUSED and batch.pause and batch.pause.times
        owner_has_to_know = paused_itself or batch.status is BatchStatus.FAILED
        return Decision(action=Action.NOTIFY_AND_STOP if owner_has_to_know else Action.STOP, reason=_reason(batch))


def _is_execution_full(batch: Batch) -> bool:
    return batch.execution.pages_served >= PAGES_PER_EXECUTION


def _continue_in_new_execution(batch: Batch) -> Decision:
    return Decision(action=Action.CONTINUE, next_run=batch.execution.run + 1)


def _videos(batch: Batch, page: Sequence[Item]) -> list[dict[str, Any]]:
    """The input of the Map for the page that was just served; `batch` is its state before that."""
    name = page_name(batch.execution.run, batch.execution.pages_served + 1)
    return [video_of_page(item, batch.queue.order_version, name) for item in page]


def _reason(batch: Batch) -> str:
    """Returns why nothing is done now, for people who see only the execution."""
    cause = {BatchStatus.PAUSED: batch.pause, BatchStatus.FAILED: batch.error}.get(batch.status)
    return cause.message if cause else f"The batch's status is {batch.status}."
