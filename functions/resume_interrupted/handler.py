"""Resume interrupted: gives an execution to every batch that lost its own, and finishes deletions that were cut off.

It also pauses the batches of users who are stopped or disabled, and has them go on when they are not any more.

It runs every few minutes, and as soon as an execution is known to have ended before its time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from skimlist import aws, metrics
from skimlist.archive_bucket import ArchiveBucket
from skimlist.config import settings
from skimlist.errors import BatchNotFound, SkimlistError, StoppedByOperator, WorkflowFailed, WorkflowStuck, WrongState
from skimlist.executions import StartReason, current_execution
from skimlist.jobs.batches import Batches
from skimlist.jobs.deletions import Deletions
from skimlist.jobs.halts import Halted, Halts
from skimlist.jobs.preflights import Preflights
from skimlist.log import logger, step
from skimlist.metrics import Metric
from skimlist.models.batch import Batch, BatchStatus
from skimlist.progress import pause_because
from skimlist.users import Users
from skimlist.workflow import Workflow

_RUNNING = frozenset({BatchStatus.PENDING, BatchStatus.PROCESSING})
# What may ask YouTube or a model for something.
_HELD = _RUNNING | {BatchStatus.DRAFT}
_ENDED = frozenset({BatchStatus.COMPLETED, BatchStatus.FAILED})
# So many executions may be lost in a row, or refused, without anything having changed.
_RESTARTS_IN_VAIN = 3
_LOST = "No execution of this batch could be started, or each of them ended before it got on."


@step
def handler(_event: dict[str, Any], _context: Any) -> None:
    table, archive = aws.table(settings().table_name), ArchiveBucket(aws.client("s3"), settings().bucket_name)
    workflow = Workflow(aws.client("stepfunctions"), settings().state_machine_arn)
    unexpected: list[Exception] = []
    halted = _find_halted(Halts(table), unexpected)
    _show(_drive(Batches(table), Preflights(table), workflow, halted, unexpected), datetime.now(UTC))
    _finish(Deletions(table, archive), unexpected)
    if unexpected:
        raise ExceptionGroup("Not every batch could be looked after.", unexpected)


def _find_halted(halts: Halts, unexpected: list[Exception]) -> Halted:
    """Whose batches may not go on, with those who were disabled or enabled in the user pool since the last time."""
    known = halts.find()
    with _noted("disabled users not looked up", unexpected):
        users = Users(aws.client("cognito-idp"), settings().user_pool_id)
        disabled = users.disabled()
        # Who was deleted while disabled is not listed either, and their batches must not go on.
        disabled |= {user_id for user_id in known.disabled - disabled if not users.exists(user_id)}
        halts.note_disabled(disabled, known.disabled, datetime.now(UTC))
        return replace(known, disabled=disabled)
    return known


def _drive(
    batches: Batches, preflights: Preflights, workflow: Workflow, halted: Halted, unexpected: list[Exception]
) -> list[Batch]:
    """Every active batch as it was found."""
    found = []
    for user_id, batch_id in batches.list_active():
        with _for_itself(batch_id, "not driven", unexpected):
            batch = batches.find_active(user_id, batch_id)
            if batch is None:
                continue
            batch = _hold_or_release(batch, halted, batches, preflights, datetime.now(UTC))
            found.append(batch)
            if _is_stuck(batch):
                batches.abandon_notification(batch)
            elif not _is_held(batch, workflow):
                _count(batch, batches, preflights)
    return found


def _hold_or_release(batch: Batch, halted: Halted, batches: Batches, preflights: Preflights, now: datetime) -> Batch:
    """The batch as it then is: paused because its user is stopped, or going on because that is lifted.

    The check of a draft ends, and its owner may ask for it again.
    """
    is_halted = halted.includes(batch.user_id)
    is_held = batch.status is BatchStatus.PAUSED and batch.pause and batch.pause.code == StoppedByOperator.code
    with suppress(WrongState):  # it has just moved on by itself
        if is_halted and batch.status in _HELD and _is_still_halted(batch.user_id):
            logger.info("held")
            if batch.status is BatchStatus.DRAFT:
                return preflights.abort_preparation(batch, StoppedByOperator(), now)
            return batches.hold(batch, pause_because(StoppedByOperator(), batch, now), now)
        if is_held and not is_halted:
            logger.info("released")
            return batches.resume(batch, now, at_once=True)
    return batch


def _is_still_halted(user_id: str) -> bool:
    """Not if it was lifted since this sweep began: the sweep that came with that may have passed the batch already."""
    return Halts(aws.table(settings().table_name)).find().includes(user_id)


def _finish(deletions: Deletions, unexpected: list[Exception]) -> None:
    for user_id, batch_id in deletions.list_unfinished(datetime.now(UTC)):
        with _for_itself(batch_id, "not deleted", unexpected):
            deletions.finish(user_id, batch_id, datetime.now(UTC))
            logger.info("deleted")
    for batch_id in deletions.list_unowned(datetime.now(UTC)):
        with _for_itself(batch_id, "not deleted", unexpected):
            deletions.delete_unowned(batch_id)
            logger.info("deleted what was written for a batch that was never created")


@contextmanager
def _for_itself(batch_id: str, failed: str, unexpected: list[Exception]) -> Iterator[None]:
    """What goes wrong with one batch must not keep the others from being looked after."""
    with logger.append_context_keys(batch_id=batch_id), _noted(failed, unexpected):
        try:
            yield
        except BatchNotFound:
            logger.info("deleted since the index was read")


@contextmanager
def _noted(failed: str, unexpected: list[Exception]) -> Iterator[None]:
    try:
        yield
    except SkimlistError as error:
        logger.exception(failed, code=error.code)
    except Exception as error:
        logger.exception(failed, code=SkimlistError.code, error=type(error).__name__)
        unexpected.append(error)


def _show(batches: Sequence[Batch], now: datetime) -> None:
    """How many batches there are and how the running ones get on; at rest nothing is written, and nothing paid."""
    if batches:
        metrics.record({Metric.ACTIVE_BATCHES: len(batches)})
    running = [batch for batch in batches if batch.status in _RUNNING]
    if running:
        oldest = min(batch.started_at or batch.created_at for batch in running)
        unchanged = min(batch.updated_at for batch in running)
        metrics.record(
            {
                Metric.OLDEST_BATCH_HOURS: (now - oldest) / timedelta(hours=1),
                Metric.STANDSTILL_SECONDS: (now - unchanged).total_seconds(),
            }
        )


def _is_stuck(batch: Batch) -> bool:
    """It has ended, and its owner was tried to be told for the last time: that email came back."""
    in_vain = batch.restarts > _RESTARTS_IN_VAIN and batch.restarted_at == batch.revision
    return in_vain and batch.status in _ENDED


def _is_held(batch: Batch, workflow: Workflow) -> bool:
    """Whether an execution drives it anyway; if none does, one is started, unless that is refused for good."""
    try:
        is_started = workflow.drive(current_execution(batch, StartReason.LOST))
    except WorkflowFailed as error:
        logger.exception("not to be given an execution", run=batch.run, code=error.code)
        return False
    if is_started:
        logger.info("driven", run=batch.run)
    return not is_started


def _count(batch: Batch, batches: Batches, preflights: Preflights) -> None:
    """Ends a batch that loses one execution after the other without getting on; one that is paused only waits."""
    now = datetime.now(UTC)
    if batch.status is BatchStatus.PAUSED and batch.pause and (batch.pause.until is None or batch.pause.until > now):
        return
    counted = batches.count_restart(batch, now)
    if counted is None or counted.restarts <= _RESTARTS_IN_VAIN:
        return
    logger.error("given up", run=counted.run, status=counted.status)
    with suppress(WrongState):
        _end_stuck_batch(counted, batches, preflights, now)


def _end_stuck_batch(batch: Batch, batches: Batches, preflights: Preflights, now: datetime) -> None:
    """Brings it to the end that its executions would have brought it to, and tells the owner in their place."""
    error = WorkflowStuck(_LOST)
    match batch.status:
        case BatchStatus.DRAFT:
            batches.park(preflights.abort_preparation(batch, error, now), now)
        case BatchStatus.CANCELLED:
            batches.park(batch, now)
        case BatchStatus.COMPLETED | BatchStatus.FAILED:
            batches.abandon_notification(batch)
        case _:
            batch = batches.fail(batch, error, now)
    metrics.record({Metric.BATCHES_GIVEN_UP: 1})
    if batch.status in _ENDED:
        _tell_owner(batch)


def _tell_owner(batch: Batch) -> None:
    """Notify owner sees to it that the owner hears once, also when an execution comes by after all."""
    event = {"user_id": batch.user_id, "batch_id": batch.id, "run": batch.run}
    with aws.storage_errors():
        aws.client("lambda").invoke(
            FunctionName=settings().notify_owner_function, InvocationType="Event", Payload=json.dumps(event)
        )
