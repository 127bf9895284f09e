"""Load next videos: takes the next page of the queue and says what the workflow does with it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from skimlist import aws
from skimlist.circuit_breaker import find_outage, pause_before
from skimlist.config import settings
from skimlist.errors import PlaylistsUnreadable, StoppedByOperator, WorkflowStuck, WrongState
from skimlist.events import BatchEvent, video_of_page
from skimlist.jobs.batches import Batches
from skimlist.jobs.halts import Halts
from skimlist.jobs.order import Order
from skimlist.jobs.outages import Outages
from skimlist.jobs.preflights import Preflights
from skimlist.jobs.queue import PAGES_PER_EXECUTION, Queue, page_name
from skimlist.log import logger, step
from skimlist.models.batch import Batch, BatchStatus, PreflightStatus
from skimlist.models.outage import OutageReport
from skimlist.models.video import Item
from skimlist.progress import digest_is_due, left, pause_because, preflight_status

# A user who edits the queue meanwhile makes us look again; so often in one call they cannot.
_LOOKS = 10
_GOING_ON = frozenset({BatchStatus.DRAFT, BatchStatus.PENDING, BatchStatus.PROCESSING})


@step
def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    work = BatchEvent.from_dict(event)
    table = aws.table(settings().table_name)
    batches, preflights = Batches(table), Preflights(table)
    for _ in range(_LOOKS):
        batch = batches.get(work.user_id, work.batch_id)
        answer = _decide(batch, work.run, batches, preflights, datetime.now(UTC))
        if answer:
            logger.info("decided", action=answer["action"], videos=len(answer["videos"]))
            return answer
    raise WorkflowStuck


def _decide(batch: Batch, run: int, batches: Batches, preflights: Preflights, now: datetime) -> dict[str, Any] | None:
    """What to do now; None when the batch has just moved on, so that another look is due."""
    if run > batch.run:
        batches.adopt(batch, run, now)
        return None
    if run < batch.run:
        return _answer("stop", reason=f"Execution {batch.run} drives this batch now.")
    with suppress(WrongState):
        if batch.status in _GOING_ON and Halts(aws.table(settings().table_name)).find().includes(batch.user_id):
            return _stop(batch, batches, preflights, now)
        return _act(batch, batches, preflights, now)
    return None


def _act(batch: Batch, batches: Batches, preflights: Preflights, now: datetime) -> dict[str, Any] | None:
    match batch.status:
        case BatchStatus.DRAFT:
            return _prepare(batch, batches, preflights, now)
        case BatchStatus.PENDING:
            batches.begin(batch, now)
            return None
        case BatchStatus.PROCESSING:
            return _go_on(batch, batches, preflights, now)
        case BatchStatus.PAUSED if batch.pause and batch.pause.until:
            return _wait_or_wake(batch, batch.pause.until, batches, now)
        case BatchStatus.COMPLETED:
            # This step runs twice, or the execution that was to build the archive and tell the owner is gone.
            return _answer("finish")
        case _:
            return _let_go(batch, batches, now)


def _stop(batch: Batch, batches: Batches, preflights: Preflights, now: datetime) -> dict[str, Any] | None:
    """An operator has stopped its user's batches: it waits for the end of that, and a draft is not prepared further."""
    if batch.status is BatchStatus.DRAFT:
        preflights.abort_preparation(batch, StoppedByOperator(), now)
        return _let_go(batches.get(batch.user_id, batch.id), batches, now)
    batches.wait(batch, pause_because(StoppedByOperator(), batch, now), now)
    return None


def _prepare(batch: Batch, batches: Batches, preflights: Preflights, now: datetime) -> dict[str, Any] | None:
    """A draft: its playlists are read, then its videos are looked at if that was asked for, then it waits."""
    order = preflights.order(batch.id)
    if order.unread_playlists:
        return _expand(batch, batches, now)
    if preflight_status(batch) is not PreflightStatus.CHECKING:
        return _let_go(batch, batches, now)
    if batch.served >= PAGES_PER_EXECUTION:
        return _answer("continue", next_run=batch.run + 1)
    page = preflights.next_to_check(batch, order, now)
    if page:
        return _answer("check", videos=_videos(batch, page))
    if page is not None:
        preflights.end_preflight(batch, now)
    return None


def _go_on(batch: Batch, batches: Batches, queue: Queue, now: datetime) -> dict[str, Any] | None:
    """Unless it would run into an outage that other batches have reported."""
    order = queue.order(batch.id)
    if (left(batch) or order.unread_playlists) and (outage := _outage(batch, now)):
        batches.wait(batch, pause_before(outage, batch, now), now)
        logger.warning("batch paused", code=outage.code)
        return None
    return _next_page(batch, order, batches, queue, now)


def _next_page(batch: Batch, order: Order, batches: Batches, queue: Queue, now: datetime) -> dict[str, Any] | None:
    if order.unread_playlists:
        return _expand(batch, batches, now)
    if batch.served >= PAGES_PER_EXECUTION:
        return _answer("continue", next_run=batch.run + 1)
    page = queue.next_page(batch, order, now)
    if page is None:
        return None
    if page:
        return _answer("process", videos=_videos(batch, page))
    if not order.numbers and any(playlist.error for playlist in order.playlists):
        raise PlaylistsUnreadable
    if digest_is_due(batch):
        # It comes back here: the batch does not end before its digest, and videos may be added meanwhile.
        return _answer("digest") if batches.count_round(batch, now) else None
    batches.complete(batch, now)
    return _answer("finish")


def _videos(batch: Batch, page: Sequence[Item]) -> list[dict[str, Any]]:
    """What the Map takes of the page that was just handed out; `batch` is as it was before."""
    name = page_name(batch.run, batch.served + 1)
    return [video_of_page(item, batch.order_version, name) for item in page]


def _outage(batch: Batch, now: datetime) -> OutageReport | None:
    return find_outage(Outages(aws.table(settings().table_name)).reports(), batch, now)


def _expand(batch: Batch, batches: Batches, now: datetime) -> dict[str, Any] | None:
    """A round of reading playlists counts as a page: it may end in a pause as well, and come again."""
    if batch.served >= PAGES_PER_EXECUTION:
        return _answer("continue", next_run=batch.run + 1)
    return _answer("expand") if batches.count_round(batch, now) else None


def _wait_or_wake(batch: Batch, until: datetime, batches: Batches, now: datetime) -> dict[str, Any] | None:
    if until <= now:
        batches.resume(batch, now)
        return None
    if not batch.parked and not batches.park(batch, now):
        return None
    return _answer("wait", reason=_reason(batch), resume_at=until.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))


def _let_go(batch: Batch, batches: Batches, now: datetime) -> dict[str, Any] | None:
    """Nothing can be done until somebody acts; they are told, unless they asked for it themselves."""
    if not batch.parked and not batches.park(batch, now):
        return None
    paused_itself = batch.status is BatchStatus.PAUSED and batch.pause and batch.pause.times
    if paused_itself or batch.status is BatchStatus.FAILED:
        return _answer("halt", reason=_reason(batch))
    return _answer("stop", reason=_reason(batch))


def _reason(batch: Batch) -> str:
    """Why nothing is done now; who looks at the execution alone has no other place to read it."""
    because = {BatchStatus.PAUSED: batch.pause, BatchStatus.FAILED: batch.error}.get(batch.status)
    return because.message if because else f"The batch's status is {batch.status}."


def _answer(action: str, **details: Any) -> dict[str, Any]:
    return {"action": action, "reason": None, "videos": [], "resume_at": None, "next_run": None, **details}
