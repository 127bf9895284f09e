"""A signed-in user's commands to their batches; batches of other users are treated as missing."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from creation_service import require_links
from schemas import AddVideos, ChangeBatch, RedoVideo, ResumeBatch, RetryBatch
from user_service import UserService

from skimlist import aws, progress
from skimlist.bucket import ExportInfo, export_key
from skimlist.config import settings
from skimlist.errors import (
    BatchChanged,
    BatchNotFound,
    DigestNotFound,
    FollowNotFound,
    InvalidRequest,
    NothingToExport,
    PlaylistCancelled,
    StorageUnavailable,
    WrongState,
)
from skimlist.executions import StartReason, next_execution
from skimlist.export.formats import ExportFormat, download_name
from skimlist.following.budgets import has_used_its_budget
from skimlist.ids import new_redo_id
from skimlist.jobs.order import Order
from skimlist.jobs.queue import QueueChange
from skimlist.jobs.queue_editor import AppendResult, QueueEdit, count_new
from skimlist.jobs.records import Record
from skimlist.links.parsing import ADDED, LineStatus, ParsedText, mark_duplicates, parse_lines
from skimlist.models.batch import Batch, BatchStatus
from skimlist.models.digest import Digest
from skimlist.models.follow import Follow
from skimlist.models.selection import Selection
from skimlist.models.video import Item, Redo, VideoStatus
from skimlist.transitions import ENDED, OPEN

T = TypeVar("T")

# Long enough to follow a link, short enough that a leaked one is soon worthless.
EXPORT_LINK_LIFETIME = timedelta(minutes=10)
# If a batch changes while a command is carried out, the command is tried again with the new state.
_MAX_ATTEMPTS = 3


class BatchService(UserService):
    def get(self, batch_id: str) -> Batch:
        """The batch for a status poll; costs half a read unit and is at most about a second old."""
        return self._batches.get(self.user_id, batch_id, consistent=False)

    def follow_of(self, batch: Batch) -> Follow | None:
        """The follow that has made the batch; None if there is none, or if it was deleted."""
        if batch.follow_id is None:
            return None
        with suppress(FollowNotFound):
            return self._follows.get(self.user_id, batch.follow_id)
        return None

    def follows_to_wait_for(self, batches: Sequence[Batch]) -> dict[str, Follow]:
        """The follows of those batches that have used their budgets, by the batch's id; deleted ones are missing."""
        waiting = [batch for batch in batches if batch.follow_id and has_used_its_budget(batch)]
        one_of_each = {batch.follow_id: batch for batch in waiting}
        follows = {follow_id: self.follow_of(batch) for follow_id, batch in one_of_each.items()}
        return {batch.id: follow for batch in waiting if (follow := follows[batch.follow_id])}

    def list_newest_first(self, limit: int, cursor: str | None) -> tuple[list[Batch], str | None]:
        return self._batches.list_newest_first(self.user_id, limit, cursor)

    def list_items(self, batch: Batch, limit: int, offset: int) -> tuple[list[Item], Order, str | None]:
        """A page of the batch's items, its order, and the cursor of the next page."""
        order = self._queue.order(batch.id)
        items = self._queue.list_items(batch, order, offset, limit)
        following = offset + len(items)
        return items, order, str(following) if following < batch.total else None

    def change(self, batch_id: str, request: ChangeBatch) -> Batch:
        """Renames a batch, changes the model of its waiting videos, or changes any setting of a draft.

        The forecast of a draft is updated.
        """
        changed = self._carry_out(batch_id, lambda batch: self._change(batch, request))
        return self._batches.rename(self.user_id, batch_id, request.name, self.now) if request.name else changed

    def _change(self, batch: Batch, request: ChangeBatch) -> Batch:
        changed = request.changed_settings
        if not changed:
            return batch
        is_begun = batch.status in OPEN - {BatchStatus.DRAFT}
        if not is_begun or changed != {"model"} or request.model is None:
            return self._change_draft(batch, request)
        if request.model == batch.settings.model:
            return batch
        return self._batches.change_model(batch, request.model, self.now)

    def _change_draft(self, batch: Batch, request: ChangeBatch) -> Batch:
        """Changes the settings of a draft. Raises WrongState if it is not a draft."""
        wanted = request.applied_to(batch.settings)
        is_checked_again = batch.preflight is not None and wanted != batch.settings
        slot: Sequence[Record] = ()
        if is_checked_again:
            self._require_not_stopped()
            slot = self._quotas.reserve_slot(batch, self.now) if batch.has_no_execution else ()
        # Captions that are already stored are not fetched again, so re-checking them does not use today's quota;
        # other captions have to be fetched.
        if is_checked_again and wanted.options.captions != batch.settings.options.captions:
            slot = [*slot, *self._count_today(videos=progress.remaining(batch))]
        changed = self._queue.change_settings(batch, wanted, request.budget_of(batch), self.now, slot)
        if is_checked_again:
            self._start_next(batch, StartReason.CHECK)
        return changed

    def start(self, batch_id: str) -> Batch:
        """Starts a draft."""
        self._require_not_stopped()
        return self._carry_out(batch_id, self._start)

    def _start(self, batch: Batch) -> Batch:
        self._quotas.require_slot(batch, self.now)
        started = self._batches.start(batch, self.now)
        self._start_next(batch, StartReason.STARTED)
        return started

    def check(self, batch_id: str) -> Batch:
        """Starts a check of the unchecked videos of a draft. Raises WrongState if it is not a draft."""
        self._require_not_stopped()
        return self._carry_out(batch_id, self._check)

    def _check(self, batch: Batch) -> Batch:
        slot = self._quotas.reserve_slot(batch, self.now) if batch.has_no_execution else []
        return self._begin_check(batch, [*slot, *self._count_today(videos=progress.videos_to_check(batch))])

    def _begin_check(self, batch: Batch, quota_writes: Sequence[Record] = ()) -> Batch:
        checking = self._queue.begin_preflight(batch, self.now, quota_writes)
        self._start_next(batch, StartReason.CHECK)
        return checking

    def reorder(self, batch_id: str, item_ids: list[str], order_version: int | None) -> Batch:
        """Puts waiting videos into this order. Raises BatchChanged if `order_version` is not the current one."""

        def carry_out(batch: Batch) -> Batch:
            if order_version is not None and order_version != batch.queue.order_version:
                raise BatchChanged(
                    "The order has changed since you read it; read the batch again, then reorder it.",
                    [{"field": "If-Match", "message": f"The current order_version is {batch.queue.order_version}."}],
                )
            return self._queue.reorder(batch, item_ids, self.now)

        return self._carry_out(batch_id, carry_out)

    def skip(self, batch_id: str, item_ids: Sequence[str]) -> QueueEdit:
        """Skips waiting and failed videos, and withdraws redos. A repetition finishes what was cut off."""

        def carry_out(batch: Batch) -> QueueEdit:
            return self._queue.skip(batch, self._find_items(batch, item_ids), self.now)

        return self._carry_out(batch_id, carry_out)

    def skip_item(self, batch_id: str, item_id: str) -> Batch:
        """Skips a waiting or a failed video, or withdraws a redo. Repeating this changes nothing."""

        def carry_out(batch: Batch) -> QueueEdit:
            return self._queue.skip(batch, [self._queue.find_item(batch, item_id)], self.now)

        return self._carry_out(batch_id, carry_out).batch

    def restore(self, batch_id: str, item_ids: Sequence[str]) -> QueueEdit:
        """Puts skipped videos back. A repetition finishes what was cut off."""
        self._require_not_stopped()
        return self._carry_out(batch_id, lambda batch: self._restore(batch, self._find_items(batch, item_ids)))

    def restore_item(self, batch_id: str, item_id: str) -> Batch:
        """Puts a skipped video back. Repeating this changes nothing."""
        self._require_not_stopped()

        def carry_out(batch: Batch) -> QueueEdit:
            return self._restore(batch, [self._queue.find_item(batch, item_id)])

        return self._carry_out(batch_id, carry_out).batch

    def _find_items(self, batch: Batch, item_ids: Sequence[str]) -> list[Item]:
        """Raises InvalidRequest if the batch does not have one of them."""
        items = self._queue.find_items(batch, item_ids)
        if wrong := sorted(set(item_ids) - {item.id for item in items}):
            raise InvalidRequest(
                "The batch does not have all of these videos.",
                [{"field": "item_ids", "message": f"{item_id} is not in the batch"} for item_id in wrong],
            )
        return items

    def _restore(self, batch: Batch, items: Sequence[Item]) -> QueueEdit:
        too_late = [item for item in items if item.status is VideoStatus.COMPLETED]
        if len(too_late) == len(items):
            raise _why_none_is_restored(too_late)
        skipped = [item for item in items if item.status is VideoStatus.SKIPPED]
        # Raises before anything changes; the videos are counted below.
        self._count_today(videos=count_new(skipped))
        if batch.status is BatchStatus.COMPLETED and not all(item.was_failed for item in skipped):
            restored = self._restore_ended(batch, skipped)
        elif batch.status is BatchStatus.DRAFT and batch.preflight:
            restored = self._restore_to_checked(batch, items)
        else:
            restored = self._queue.restore(batch, items, self.now, self._count_today)
        return QueueEdit(restored, [item.id for item in too_late])

    def _restore_to_checked(self, batch: Batch, items: Sequence[Item]) -> Batch:
        """Puts videos back into a draft with a check, and checks those that were skipped before it."""
        skipped = [item for item in items if item.status is VideoStatus.SKIPPED]
        unchecked = sum(not item.was_failed and not item.forecast for item in skipped)
        if not unchecked:
            return self._queue.restore(batch, items, self.now)
        if batch.has_no_execution:
            self._quotas.require_slot(batch, self.now)
        # Videos that an earlier check could not check are checked again with them.
        quota_writes = self._count_today(videos=progress.videos_to_check(batch) + unchecked)
        checking = self._queue.restore_and_check(batch, items, self.now, quota_writes)
        self._start_next(batch, StartReason.CHECK)
        return checking

    def _restore_ended(self, batch: Batch, items: Sequence[Item]) -> Batch:
        """Reopens a batch that may have ended because its last waiting videos were skipped."""
        # Those that had failed come last: without one that waits, the batch would end again at once.
        waiting_first = sorted(items, key=lambda item: item.was_failed)
        restored = self._queue.plan_restore(batch, waiting_first, self._count_today)
        reopened = self._reopen_with(batch, restored, StartReason.RESTORED)
        return self._queue.restore(reopened, restored.left, self.now, self._count_today)

    def append(self, batch_id: str, request: AddVideos) -> tuple[Batch, ParsedText]:
        """Adds videos and playlists at the end of the queue; also returns the result of each line.

        A completed batch continues with them.
        """
        self._require_not_stopped()
        parsed = parse_lines(request.lines, whole_playlists=request.whole_playlists)
        named = [link for link in parsed.links if link.status in ADDED | {LineStatus.DUPLICATE}]
        videos = [link.video_id for link in named if link.video_id]
        sources = [(link.target, link.line) for link in named if link.target and not link.video_id]
        # Of two links to the same source, the first counts.
        selections = {source_id: request.selection_of(line) for source_id, line in reversed(sources)}
        playlists = [source_id for source_id, _ in sources]
        require_links(parsed, request.lines)

        def carry_out(batch: Batch) -> AppendResult:
            if batch.status is BatchStatus.COMPLETED:
                return self._append_to_completed(batch, videos, playlists, selections)
            is_draft = batch.status is BatchStatus.DRAFT
            if is_draft and batch.has_no_execution and (batch.preflight or playlists):
                self._quotas.require_slot(batch, self.now)
            # Videos that an earlier check could not check are checked again with the new ones.
            unchecked = progress.videos_to_check(batch) if batch.preflight else 0

            def count(*, videos: int = 0, playlists: int = 0) -> Sequence[Record]:
                return self._count_today(videos=videos + unchecked, playlists=playlists)

            extended, duplicates = self._queue.append(batch, videos, playlists, self.now, count, selections=selections)
            if not is_draft or extended == batch:
                return AppendResult(extended, duplicates)
            if batch.preflight:
                return AppendResult(self._carry_out(batch_id, self._begin_check), duplicates)
            if playlists:
                self._start_next(batch, StartReason.PLAYLISTS)
            return AppendResult(extended, duplicates)

        extended, duplicates = self._carry_out(batch_id, carry_out)
        return extended, replace(parsed, links=mark_duplicates(parsed.links, duplicates))

    def _append_to_completed(
        self, batch: Batch, video_ids: Sequence[str], playlist_ids: Sequence[str], selections: Mapping[str, Selection]
    ) -> AppendResult:
        added, duplicates = self._queue.plan_append(
            batch, video_ids, playlist_ids, self._count_today, selections=selections
        )
        return AppendResult(self._reopen_with(batch, added, StartReason.ADDED) if added else batch, duplicates)

    def cancel(self, batch_id: str) -> Batch:
        """Cancels the batch; a current video may still end. Repeating this changes nothing."""
        return self._carry_out(batch_id, self._cancel)

    def _cancel(self, batch: Batch) -> Batch:
        return batch if batch.status is BatchStatus.CANCELLED else self._batches.cancel(batch, self.now)

    def pause(self, batch_id: str) -> Batch:
        """Pauses the batch after its current video. Repeating this changes nothing."""
        return self._carry_out(batch_id, self._pause)

    def _pause(self, batch: Batch) -> Batch:
        goes_on = has_used_its_budget(batch)  # in the next month
        if batch.status is BatchStatus.PAUSED and batch.pause and batch.pause.until is None and not goes_on:
            return batch
        return self._batches.pause(batch, self.now)

    def resume(self, batch_id: str, request: ResumeBatch) -> Batch:
        self._require_not_stopped()
        return self._carry_out(batch_id, lambda batch: self._resume(batch, request))

    def _resume(self, batch: Batch, request: ResumeBatch) -> Batch:
        if request.only_if_waiting_for_youtube and not batch.waits_for_youtube:
            return batch
        if has_used_its_budget(batch):
            self._quotas.require_slot(batch, self.now)
        if batch.status is BatchStatus.PAUSED:
            self._charge_this_month(batch)
        resumed = self._batches.resume(batch, self.now, by_user=True, max_cost_usd=request.max_cost_usd)
        self._start_next(batch, StartReason.RESUMED)
        return resumed

    def retry(self, batch_id: str, request: RetryBatch) -> Batch:
        """Queues failed videos again, and reopens an ended batch for them; a failed digest is tried again too."""
        self._require_not_stopped()
        return self._carry_out(batch_id, lambda batch: self._retry(batch, request))

    def _retry(self, batch: Batch, request: RetryBatch) -> Batch:
        if request.only_if_open and batch.status in ENDED:
            return batch
        _require_no_current_video(batch)
        all_items = self._queue.all_items(batch)
        _require_failed(all_items, request)
        items = [item for item in all_items if _is_requested(item, request)]
        if batch.status in ENDED and (items or self._has_more_to_do(batch, request)):
            return self._reopen(batch, items, request)
        if batch.status not in ENDED and items:
            return self._requeue(batch, items)
        if request.item_ids:  # the same request was made before, and its response was lost
            return batch
        raise WrongState(_why_nothing_is_retried(batch))

    def _has_more_to_do(self, batch: Batch, request: RetryBatch) -> bool:
        """Whether a retry reopens an ended batch although no failed video is queued again.

        It does if the workflow failed early, or if an earlier retry was cut off after it had queued the videos.
        """
        return bool(
            progress.remaining(batch) or _is_digest_wanted(batch, request) or self._queue.order(batch.id).requeued
        )

    def _requeue(self, batch: Batch, items: Sequence[Item]) -> Batch:
        """Queues failed videos of an open batch again; those of a checked draft are also checked again."""
        is_checked = batch.status is BatchStatus.DRAFT and batch.preflight is not None
        unchecked = progress.videos_to_check(batch) if is_checked else 0
        # Raises before anything changes; the requeued videos are counted below.
        self._count_today(videos=len(items) + unchecked)
        if is_checked and batch.has_no_execution:
            self._quotas.require_slot(batch, self.now)
        self._queue.requeue(batch, items, self.now, self._count_today)
        batch = self._batches.get(self.user_id, batch.id)
        if is_checked and batch.status is BatchStatus.DRAFT:
            return self._begin_check(batch, self._count_today(videos=unchecked))
        return batch

    def _reopen(self, batch: Batch, items: Sequence[Item], request: RetryBatch) -> Batch:
        """Reopens the batch; the same write requeues its first failed videos.

        So a request that is cut off leaves either an ended batch with failed videos, or an open one that continues.
        """
        # Raises before anything changes; the requeued videos are counted below.
        self._count_today(videos=len(items))
        self._quotas.require_slot(batch, self.now)
        if batch.status is BatchStatus.CANCELLED:
            # Videos that were skipped stay skipped.
            batch = self._queue.fail_unread_playlists(batch, PlaylistCancelled().as_problem(), self.now)
        requeued = self._queue.plan_requeue(batch, items, self._count_today)
        self._charge_this_month(batch)
        reopened = self._batches.reopen(batch, requeued, self.now, max_cost_usd=request.max_cost_usd)
        self._start_next(batch, StartReason.RETRIED)
        if not requeued.left:
            return reopened
        self._queue.requeue(reopened, requeued.left, self.now, self._count_today)
        return self._batches.get(self.user_id, batch.id)

    def redo(self, batch_id: str, item_id: str, request: RedoVideo) -> Batch:
        """Summarizes a finished video again. Repeating the request while that is under way changes nothing."""
        self._require_not_stopped()
        return self._carry_out(batch_id, lambda batch: self._redo(batch, item_id, request))

    def _redo(self, batch: Batch, item_id: str, request: RedoVideo) -> Batch:
        _require_no_current_video(batch)
        item = self._queue.find_item(batch, item_id)
        if item.status is not VideoStatus.COMPLETED:
            raise WrongState(f"The video is {item.status}; only a completed video can be summarized again.")
        wanted = request.applied_to(batch.settings)
        if item.redo and item.redo.settings == wanted:
            return batch
        if item.redo:
            raise WrongState("The video is already being summarized again; try again when that is done.")
        redo = Redo(
            id=new_redo_id(),
            settings=wanted,
            tokens_in=item.tokens_in,
            tokens_out=item.tokens_out,
            cost_usd=item.cost_usd,
        )
        if batch.status is BatchStatus.CANCELLED:
            # Everything that was cancelled stays cancelled, even a playlist that has not been read.
            batch = self._queue.fail_unread_playlists(batch, PlaylistCancelled().as_problem(), self.now)
        redone = self._queue.plan_redo(batch, item, redo, self._count_today)
        if batch.status in ENDED:
            return self._reopen_with(batch, redone, StartReason.REDONE)
        return self._queue.apply(batch, redone, self.now)

    def _reopen_with(self, batch: Batch, change: QueueChange, why: StartReason) -> Batch:
        """Reopens an ended batch for the items that `change` puts into its queue."""
        self._quotas.require_slot(batch, self.now)
        self._charge_this_month(batch)
        reopened = self._batches.reopen(batch, change, self.now)
        self._start_next(batch, why)
        return reopened

    def delete(self, batch_id: str) -> bool:
        """Deletes the batch and everything in it. Repeating this finishes the deletion, or changes nothing.

        Returns False if the sweep will finish it, because an execution still drives the batch.
        """
        with suppress(BatchNotFound):
            self._carry_out(batch_id, self._begin_deletion)
        return self._deletions.finish(self.user_id, batch_id, self.now)

    def _begin_deletion(self, batch: Batch) -> Batch:
        if batch.status is BatchStatus.DRAFT and not batch.has_no_execution:
            batch = self._batches.cancel(batch, self.now)  # ends its check
        return self._deletions.begin(batch, self.now)

    def digest(self, batch_id: str) -> Digest:
        """The latest digest of the batch. Raises DigestNotFound."""
        digest = self._digests.find(self._batches.get(self.user_id, batch_id).id).digest
        if digest is None:
            raise DigestNotFound
        return digest

    def export(
        self, batch_id: str, export_format: ExportFormat, *, transcripts: bool = False
    ) -> tuple[ExportInfo, str, datetime]:
        """The file of the batch's current state, its download link, and when that expires. Raises NothingToExport."""
        if transcripts and export_format is not ExportFormat.ZIP:
            wrong = {"field": "transcripts", "message": "only with `format=zip`"}
            raise InvalidRequest("Only a ZIP can hold transcripts.", [wrong])
        self._require_not_stopped()
        batch = self._batches.get(self.user_id, batch_id)
        if not batch.completed and not batch.failed:
            raise NothingToExport
        key = export_key(self.user_id, batch_id, batch.revision, export_format, transcripts=transcripts)
        export = self._archive.find_export(key)
        if export is None:
            # The batch may have changed in the meantime: the response names the file that was built.
            key, export = self._build_export(batch_id, export_format, transcripts=transcripts)
        seconds = int(EXPORT_LINK_LIFETIME.total_seconds())
        url = self._archive.presign_export(key, seconds=seconds, download_name=download_name(batch, export_format))
        return export, url, self.now + EXPORT_LINK_LIFETIME

    def _build_export(self, batch_id: str, export_format: ExportFormat, *, transcripts: bool) -> tuple[str, ExportInfo]:
        payload = {"user_id": self.user_id, "batch_id": batch_id, "format": export_format, "transcripts": transcripts}
        with aws.storage_errors():
            answer = aws.client("lambda", attempts=1, read_timeout=25).invoke(
                FunctionName=settings().build_export_function, Payload=json.dumps(payload)
            )
            result: dict[str, Any] = json.load(answer["Payload"])
        if "FunctionError" in answer:
            raise StorageUnavailable("The export could not be built; try again in a moment.")
        return result["key"], ExportInfo(size_bytes=result["size_bytes"], sha256=result["sha256"])

    def _charge_this_month(self, batch: Batch) -> None:
        """Counts what a run of a follow costs from now on towards this month, even if it began in an earlier one."""
        if follow := self.follow_of(batch):
            self._follows.charge(follow, batch, self.now)

    def _start_next(self, before: Batch, why: StartReason) -> None:
        """Starts an execution for a batch that has just been given new work; `before` is the batch before that."""
        if execution := next_execution(before, why):
            self._workflow.drive(execution)

    def _count_today(self, *, videos: int = 0, playlists: int = 0) -> Sequence[Record]:
        return self._quotas.count_today(self.user_id, self.now, videos=videos, playlists=playlists)

    def _carry_out(self, batch_id: str, command: Callable[[Batch], T]) -> T:
        """Calls `command` with the batch, and again with its new state if the workflow changed it in the meantime."""
        return self._batches.carry_out(self.user_id, batch_id, command, max_attempts=_MAX_ATTEMPTS)


def _require_no_current_video(batch: Batch) -> None:
    """Raises WrongState while an execution still finishes the current video of a cancelled batch."""
    if batch.status is BatchStatus.CANCELLED and not batch.has_no_execution:
        raise WrongState("The current video is still being finished; try again in a moment.")


def _is_requested(item: Item, request: RetryBatch) -> bool:
    if item.status is not VideoStatus.FAILED:
        return False
    if request.item_ids:
        return item.id in request.item_ids
    return request.all or (item.error is not None and item.error.retryable)


def _require_failed(items: Sequence[Item], request: RetryBatch) -> None:
    """Raises InvalidRequest if the request names a video that never failed; one that was requeued since is ignored."""
    failed = {item.id for item in items if item.status is VideoStatus.FAILED or item.errors}
    if wrong := sorted(set(request.item_ids or ()) - failed):
        raise InvalidRequest(
            "Only failed videos can be retried.",
            [{"field": "item_ids", "message": f"{item_id} did not fail"} for item_id in wrong],
        )


def _why_none_is_restored(items: Sequence[Item]) -> WrongState:
    if len(items) > 1:
        return WrongState("These videos are completed; only videos that were left out can be put back.")
    return WrongState(f"The video is {items[0].status}; only a video that was left out can be put back.")


def _why_nothing_is_retried(batch: Batch) -> str:
    if batch.failed:
        return "A retry is unlikely to help any failed video of this batch; send `all` to retry them anyway."
    return f"The batch is {batch.status} and none of its videos failed, so there is nothing to retry."


def _is_digest_wanted(batch: Batch, request: RetryBatch) -> bool:
    """Whether to retry the digest: its error is retryable, there is a new budget, or the end of the batch came first.

    That is so if it was due when the workflow failed, or if it lacks summaries of a batch that was cancelled. A batch
    that was cancelled before it had a digest gets none. A request that names videos is for these only: if it arrives
    twice, the second one must not reopen a batch that was cancelled in between.
    """
    if request.item_ids:
        return False
    if progress.digest_is_due(batch):
        return batch.error is not None or batch.digest is not None
    if batch.digest is None or batch.digest.error is None:
        return False
    return request.all or request.max_cost_usd is not None or batch.digest.error.retryable


def offset_of(cursor: str | None) -> int:
    """The number of items before the page. Raises InvalidRequest for a cursor that did not come from the API."""
    if not cursor:
        return 0
    if not cursor.isdecimal():
        raise InvalidRequest("This cursor does not come from this API.", [{"field": "cursor", "message": "unknown"}])
    return int(cursor)
