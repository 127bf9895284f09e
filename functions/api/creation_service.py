"""Creates batches from pasted links, or from the new videos of another batch's playlists."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from schemas import CreateBatch, NewBatch, RefreshBatch
from user_service import UserService

from skimlist.batch_names import name_by_date
from skimlist.errors import InvalidRequest, WrongState
from skimlist.executions import StartReason, current_execution
from skimlist.jobs import records
from skimlist.jobs.order import Order
from skimlist.jobs.queue_editor import require_room
from skimlist.jobs.records import Record
from skimlist.links.parsing import ADDED, LineStatus, ParsedLink, ParsedText, parse_lines, shorten
from skimlist.models.batch import Batch, BatchStatus, ExecutionState, Preflight
from skimlist.models.listed_playlist import ListedPlaylist
from skimlist.models.selection import Selection
from skimlist.models.video import Item

_SINCE = " · new since "
_MAX_ROOT_LENGTH = 150
_NO_LINK = "This line does not contain a link to a YouTube video."


class CreationService(UserService):
    """Creates a signed-in user's batches. The same Idempotency-Key with the same request creates one batch."""

    def create(self, request: CreateBatch, idempotency_key: str | None) -> tuple[Batch, ParsedText]:
        """The new batch, started unless it is a draft, and the result of each line. Raises InvalidRequest."""
        self._require_not_stopped()
        parsed = parse_lines(request.lines, whole_playlists=request.whole_playlists)
        items, order = queue_of(parsed.links, request.selection_of)
        require_links(parsed, request.lines)
        require_room(Order(), len(items), order.playlists)
        batch = self._batch(
            request,
            order,
            id=self._claim_id(idempotency_key, request.model_dump_json()),
            name=request.name or name_by_date(self.now),
            settings=request.to_settings(),
            total=len(items),
            duplicates=sum(link.status is LineStatus.DUPLICATE for link in parsed.links),
        )
        return self._launch(self._write(batch, items, order)), parsed

    def refresh(self, batch_id: str, request: RefreshBatch, idempotency_key: str | None) -> Batch:
        """A new batch of the videos that are in a batch's playlists but not in the batch. Raises WrongState."""
        self._require_not_stopped()
        source = self._batches.get(self.user_id, batch_id)
        playlists = self._queue.order(batch_id).playlists
        if not playlists:
            raise WrongState("This batch has no playlists, so there can be no new videos.")
        order = Order().extended((), [ListedPlaylist(id=each.id, selection=each.selection) for each in playlists])
        batch = self._batch(
            request,
            order,
            id=self._claim_id(idempotency_key, f"{batch_id} {request.model_dump_json()}"),
            name=name_since(source),
            settings=source.settings,
        )
        known = self._queue.known_videos(source)
        # If the source was deleted in the meantime, some of its videos were not found and would be paid for again.
        self._batches.get(self.user_id, source.id)
        return self._launch(self._write(batch, (), order, known))

    def _batch(self, request: NewBatch, order: Order, **fields: Any) -> Batch:
        # A draft has an execution only to read its playlists and to check its videos.
        is_driven = request.start or request.preflight or bool(order.unread_playlists)
        return Batch(
            user_id=self.user_id,
            status=BatchStatus.PENDING if request.start else BatchStatus.DRAFT,
            created_at=self.now,
            updated_at=self.now,
            max_cost_usd=request.max_cost_usd,
            preflight=Preflight.begun() if request.preflight else None,
            execution=ExecutionState(run=1 if is_driven else 0),
            has_no_execution=not is_driven,
            **fields,
        )

    def _write(self, batch: Batch, items: Sequence[Item], order: Order, known: Collection[str] = ()) -> Batch:
        def quota() -> Sequence[Record]:
            # A draft with an execution is under way as well.
            slot = [] if batch.has_no_execution else self._quotas.reserve_slot(batch, self.now)
            playlists = len(order.unread_playlists)
            today = self._quotas.count_today(self.user_id, self.now, videos=len(items), playlists=playlists)
            return [*slot, *today]

        return self._batches.create(batch, items, order, known, quota)

    def _launch(self, batch: Batch) -> Batch:
        if batch.status in {BatchStatus.PENDING, BatchStatus.DRAFT} and not batch.has_no_execution:
            self._workflow.drive(current_execution(batch, StartReason.CREATED))
        return batch


def queue_of(links: list[ParsedLink], selection_of: Callable[[int], Selection]) -> tuple[list[Item], Order]:
    """The items and their order, with a placeholder for each playlist or channel, in the order of the links.

    `selection_of` returns the selection of a line.
    """
    items: list[Item] = []
    entries: list[int] = []
    playlists: list[ListedPlaylist] = []
    for link in links:
        if link.status is LineStatus.VALID and link.video_id:
            items.append(Item(id=records.item_id(len(items) + 1), video_id=link.video_id))
            entries.append(len(items))
        elif link.status in ADDED and link.target:
            playlists.append(ListedPlaylist(id=link.target, selection=selection_of(link.line)))
            entries.append(-len(playlists))
    return items, Order(entries=tuple(entries), playlists=tuple(playlists))


def require_links(parsed: ParsedText, lines: Sequence[str]) -> None:
    """Raises InvalidRequest, with a reason for each line, if no line has a link to a video, playlist or channel."""
    if any(link.status in ADDED for link in parsed.links):
        return
    reasons = [(link.line, link.reason, link.input) for link in parsed.links]
    reasons += [(line, _NO_LINK, shorten(lines[line - 1].strip())) for line in parsed.passed_over]
    details = [
        {"field": f"urls.{line - 1}", "message": reason, "input": text} for line, reason, text in sorted(reasons)
    ]
    raise InvalidRequest("None of the lines has a link to a video, playlist or channel.", details)


def name_since(source: Batch) -> str:
    """The source's name with the day since which videos are new, which replaces such a day in the source's name."""
    return f"{source.name.partition(_SINCE)[0][:_MAX_ROOT_LENGTH]}{_SINCE}{source.created_at:%Y-%m-%d}"
