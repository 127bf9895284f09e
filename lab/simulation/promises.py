"""Promises that must hold at every step of a run in spite of all faults; checked after each write and outside effect.

The checks read the raw records, so that they do not depend on the code that they check.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from lab.simulation.story import short
from lab.simulation.table import Change
from skimlist.errors import StoppedByOperator
from skimlist.models.batch import BatchStatus
from skimlist.transitions import ENDED, OPEN, sources

if TYPE_CHECKING:
    from lab.simulation.scheduler import Process
    from lab.simulation.world import Email, Execution, World

Record = dict[str, Any]
_RUNNING = frozenset({"pending", "processing"})
_ONLY_GROWS = ("run", "revision", "order_version")
_NEVER_NEGATIVE = (
    *("total", "completed", "failed", "skipped", "tokens_in", "tokens_out", "cost_usd", "saved_usd"),
    *("processing_seconds", "timed", "head", "duplicates"),
)
EVERYBODY = "everybody"
_SPENT = ("tokens_in", "tokens_out", "cost_usd")


@dataclass
class Hold:
    """An accepted command, whose effect lasts until one of certain other commands begins."""

    command: str
    status: str


@dataclass
class Promises:
    """The promises. `holds` are accepted pauses and cancellations, `deleted` are batches that were reported as deleted.

    `rested_at` is the time since when a batch needs no execution, `needless_at` that since when a video, by its batch
    and item, needs no summary, `halted` the time since when no request may be made for a user or for anybody;
    `usd_a_day` and `usd_a_month` are the limits of spending, 0 for none.
    """

    holds: dict[str, Hold] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    stopped_at: dict[str, float] = field(default_factory=dict)
    rested_at: dict[str, float] = field(default_factory=dict)
    needless_at: dict[tuple[str, str], float] = field(default_factory=dict)
    emails: Counter[tuple[str, str]] = field(default_factory=Counter)
    polls: dict[tuple[str, str], Any] = field(default_factory=dict)
    halted: dict[str, float] = field(default_factory=dict)
    usd_a_day: Decimal = Decimal(0)
    usd_a_month: Decimal = Decimal(0)

    # --- After each write --------------------------------------------------------------------------------------------

    def on_change(self, world: World, changes: Sequence[Change]) -> None:
        batches = set()
        for change in changes:
            pk, sk = change.key
            if pk.startswith("USER#") and sk.startswith("BATCH#"):
                batches.add((pk, sk))
                self._check_change(world, change)
            elif pk.startswith("BATCH#"):
                self._check_item(world, change)
                batches |= {(owner, pk) for owner in world.table.partitions if owner.startswith("USER#")}
            if change.after and "committed" in change.after:
                self._check_limit(world, pk, change.after["committed"])
        for owner, batch in batches:
            if record := world.table.get((owner, batch)):
                self._note_rest(world, record)
                self._check_batch(world, record)

    def _check_change(self, world: World, change: Change) -> None:
        before, after = change.before, change.after
        batch_id = change.key[1].removeprefix("BATCH#")
        if after is None:
            self.holds.pop(batch_id, None)
            return
        if batch_id in self.deleted and "deleted_at" not in after:
            world.violate("deleted and there", f"{short(batch_id)} is back")
        if before is None:
            self._note_stop(world, {}, after)
            return
        process = world.scheduler.current
        if process and before.get("notified") != after.get("notified"):
            process.details["occasion"] = after.get("notified")
        was, is_ = before["status"], after["status"]
        if was != is_ == "paused":
            world.met[f"paused: {after['pause']['code']}"] += 1
        if was != is_ and BatchStatus(was) not in sources(BatchStatus(is_)):
            world.violate("forbidden transition", f"from {was} to {is_}")
        for name in _ONLY_GROWS:
            if after[name] < before[name]:
                world.violate("went back", f"{name} from {before[name]} to {after[name]}")
        hold = self.holds.get(batch_id)
        if hold and is_ in _RUNNING:
            world.violate(f"{hold.command} undone", f"it was accepted, but the batch became {is_} all the same")
        self._note_stop(world, before, after)

    def _note_stop(self, world: World, before: Record, after: Record) -> None:
        """Notes since when no request may be made for the batch."""
        if _may_ask(after):
            self.stopped_at.pop(after["id"], None)
        elif _may_ask(before) or not before:
            self.stopped_at.setdefault(after["id"], world.scheduler.now)

    def _note_rest(self, world: World, batch: Record) -> None:
        """Notes since when the batch needs no execution and is not in the sweep's index."""
        if is_at_rest(batch) and "active" not in batch:
            self.rested_at.setdefault(batch["id"], world.scheduler.now)
        else:
            self.rested_at.pop(batch["id"], None)

    def _check_item(self, world: World, change: Change) -> None:
        before, after = change.before, change.after
        if not before or not after or not change.key[1].startswith("ITEM#"):
            return
        self._note_needless(world, change)
        is_undone = before["status"] == "completed" != after["status"]
        summary = world.table.get((change.key[0], change.key[1].replace("ITEM#", "SUMMARY#")))
        if before["status"] == "completed" and summary is None:
            world.violate("a summary is gone", f"item {change.key[1]} is completed and cannot be read")
        process = world.scheduler.current
        if "redo" in before and "redo" not in after and process and process.details.get("command") == "skip":
            world.met["redo withdrawn"] += 1
            if summary and summary.get("redo_id") == before["redo"]["id"]:
                world.violate("a summary is gone", f"item {change.key[1]} keeps a summary that its user did not want")
        if is_undone or after.get("attempts", 0) < before.get("attempts", 0):
            world.violate("a finished video begins again", f"item {change.key[1]} becomes {after['status']}")

    def _note_needless(self, world: World, change: Change) -> None:
        """Notes since when a video needs no summary, because it has the one that its user wants."""
        video = change.key[0].removeprefix("BATCH#"), change.key[1].removeprefix("ITEM#")
        if change.after and change.after["status"] == "completed" and "redo" not in change.after:
            self.needless_at.setdefault(video, world.scheduler.now)
        else:
            self.needless_at.pop(video, None)

    def _check_batch(self, world: World, batch: Record) -> None:
        partition = world.table.partitions.get(f"BATCH#{batch['id']}", {})
        order = partition.get("ORDER", {})
        items = {int(sk.removeprefix("ITEM#")): item for sk, item in partition.items() if sk.startswith("ITEM#")}
        numbers = [int(entry) for entry in order.get("entries", ()) if entry > 0]
        listed = {number: items[number] for number in numbers if number in items}
        _check_queue(world, batch, order, numbers, listed)
        _check_counts(world, batch, listed, has_digest="DIGEST" in partition)
        self._check_budget(world, batch, items.values())
        if wrong := nobody_comes(world, batch):
            world.violate("nobody comes", wrong)

    def _check_budget(self, world: World, batch: Record, items: Iterable[Record]) -> None:
        """Checks the budget, with one answer in excess: a killed function may have paid for it without counting it."""
        if batch.get("max_cost_usd") is None:
            return
        one_answer = max((item.get("cost_usd", Decimal(0)) for item in items), default=Decimal(0))
        if batch["cost_usd"] > batch["max_cost_usd"] + one_answer:
            world.violate("budget", f"{batch['cost_usd']} USD of {batch['max_cost_usd']} are spent")

    def _check_limit(self, world: World, pk: str, committed: Decimal) -> None:
        limit = self.usd_a_day if pk.startswith("USER#") else self.usd_a_month
        if limit and committed > limit:
            world.violate("above a limit", f"{committed} USD of {limit} are spent or reserved in {pk}")
        if committed < 0:
            world.violate("below zero", f"{committed} USD are spent or reserved in {pk}")

    def on_execution_start(self, world: World, batch_id: str) -> None:
        """Checks that a sweep starts no execution of a batch that rested before it, even with an outdated index."""
        process = world.scheduler.current
        is_swept = process is not None and process.details.get("function") == "resume_interrupted"
        rested_at = self.rested_at.get(batch_id)
        if process and is_swept and rested_at is not None and rested_at < process.started_at:
            seconds = process.started_at - rested_at
            world.violate(
                "driven at rest", f"a sweep drives {short(batch_id)}, at rest since {seconds:.1f} s before it"
            )

    def on_execution_end(self, world: World, execution: Execution) -> None:
        for pk, partition in world.table.partitions.items():
            record = partition.get(f"BATCH#{execution.batch_id}") if pk.startswith("USER#") else None
            if record and (wrong := nobody_comes(world, record)):
                world.violate("nobody comes", wrong)

    def on_wait(self, world: World, execution: Execution) -> None:
        """Checks that no batch waits for YouTube if captions of all its videos were stored when it decided to wait."""
        batch_id = execution.batch_id
        for pk, partition in world.table.partitions.items():
            batch = partition.get(f"BATCH#{batch_id}") if pk.startswith("USER#") else None
            if not batch or batch["status"] != "paused" or not batch["pause"]["code"].startswith("youtube_"):
                continue
            captions = f"transcripts/{pk.removeprefix('USER#')}/"
            decided_at = execution.task.started_at if execution.task else 0.0
            stored = {
                key.removeprefix(captions).partition("/")[0]
                for key, found in world.objects.items()
                if key.startswith(captions) and found["LastModified"].timestamp() < decided_at
            }
            waiting = _waiting_videos(world, batch)
            if waiting and waiting <= stored:
                world.violate("waits in vain", f"{short(batch_id)} waits for YouTube, but all its captions are stored")

    # --- Visible effects ---------------------------------------------------------------------------------------------

    def on_ask(self, world: World, process: Process) -> None:
        batch_id = process.details["payload"]["batch_id"]
        stopped = self.stopped_at.get(batch_id)
        if stopped is not None and stopped < process.started_at:
            world.violate("asked after a stop", f"{process.name} began after its batch was stopped")
        needless = self.needless_at.get((batch_id, process.details["payload"].get("item_id", "")))
        if needless is not None and needless < process.started_at:
            world.violate("asked in vain", f"{process.name} began after its video had the summary that is wanted")
        if self.is_halted(process.details["payload"]["user_id"], process.started_at):
            world.violate("asked while halted", f"{process.name} began after its user was stopped by the operator")

    def is_halted(self, user: str, at: float) -> bool:
        """Whether a user's halt was in force at that time and still is."""
        return any(self.halted.get(whom, at) < at for whom in (user, EVERYBODY))

    def on_email(self, world: World, batch_id: str | None, email: Email) -> None:
        if batch_id is None:
            return
        process = world.scheduler.current
        record = next((p[f"BATCH#{batch_id}"] for p in world.table.partitions.values() if f"BATCH#{batch_id}" in p), {})
        occasion = (process and process.details.get("occasion")) or str(record.get("notified", ""))
        self.emails[batch_id, occasion] += 1
        if self.emails[batch_id, occasion] > 1:
            world.violate("email twice", f"{email.subject!r} about {occasion}")

    def on_poll(self, world: World, batch_id: str, etag: str, view: Mapping[str, Any]) -> None:
        """Checks that the shown numbers add up, and that equal ETags of a status poll mean equal content.

        The estimate is left out, as it depends on the clock.
        """
        shown = {name: view["progress"][name] for name in ("completed", "failed", "skipped", "left")}
        if min(shown.values()) < 0 or sum(shown.values()) != view["progress"]["total"]:
            world.violate("more than all", f"{short(batch_id)} shows {shown} of {view['progress']['total']}")
        content = {name: value for name, value in view.items() if name != "estimated_completion"}
        known = self.polls.setdefault((batch_id, etag), content)
        if known != content:
            changed = [name for name in content if content[name] != known[name]]
            world.violate("one ETag for two states", f"{', '.join(changed)} differ under {etag}")


def _check_queue(
    world: World, batch: Record, order: Record, numbers: Sequence[int], listed: Mapping[int, Record]
) -> None:
    page, again = ([int(number) for number in batch["page"]], [int(number) for number in order.get("again", ())])
    if len(set(page)) < len(page):
        world.violate("a video twice in a page", f"the page is {page}")
    if batch["status"] == "draft":
        page = []  # videos that are to be checked stay in the queue
    waiting = Counter([*(number for number in page if number not in again), *again, *numbers[int(batch["head"]) :]])
    pending = [number for number, item in listed.items() if item["status"] == "pending"]
    twice = [number for number in pending if waiting[number] > 1]
    if twice and batch["status"] in {*OPEN}:
        places = f"page {page}, again {again}, behind the head {numbers[int(batch['head']) :]}"
        world.violate("a video in two places", f"{twice}: {places}")
    # A finished video that is summarized again stays finished, and waits in addition to the remaining ones.
    redone = [number for number, item in listed.items() if "redo" in item and waiting[number] > 1]
    if redone and batch["status"] in {*OPEN}:
        world.violate("a video in two places", f"{redone} are to be summarized once more: page {page}, again {again}")
    if batch["status"] != "cancelled":
        left = int(batch["total"] - batch["completed"] - batch["failed"] - batch["skipped"])
        in_queue = sum(1 for number in pending if waiting[number])
        if left != in_queue:
            world.violate("conservation", f"{left} videos are left, and {in_queue} wait in the queue")


def _check_counts(world: World, batch: Record, listed: Mapping[int, Record], *, has_digest: bool) -> None:
    for name in _NEVER_NEGATIVE:
        if batch.get(name, 0) < 0:
            world.violate("below zero", f"{name} is {batch[name]}")
    statuses = Counter(item["status"] for item in listed.values())
    for name in ("completed", "failed"):
        if statuses[name] != batch[name]:
            world.violate("counter", f"{batch[name]} {name}, and {statuses[name]} items are")
    # A cancelled batch counts the remaining videos when its execution ends, but a lost step may still end later. So the
    # skipped videos follow from its other counts (`on_poll` checks that), and are counted again on a retry.
    skipped = 0 if batch["status"] == "cancelled" else batch["skipped"]
    if batch["completed"] + batch["failed"] + skipped > batch["total"] or batch["skipped"] > batch["total"]:
        world.violate(
            "more than all", f"{batch['completed']} + {batch['failed']} + {batch['skipped']} of {batch['total']}"
        )
    for name in _SPENT:
        items = sum((item.get(name, Decimal(0)) for item in listed.values()), Decimal(0))
        if batch[name] < items or (batch[name] > items and not has_digest):
            world.violate("counter", f"{name} is {batch[name]}, and its items have {items}")
    seconds = [item["processing_time_seconds"] for item in listed.values() if "processing_time_seconds" in item]
    if batch["timed"] != len(seconds) or batch["processing_seconds"] != sum(seconds, Decimal(0)):
        world.violate("counter", f"{batch['processing_seconds']} s of {batch['timed']}, and the items have {seconds}")


def _waiting_videos(world: World, batch: Record) -> set[str]:
    """Returns the ids of the videos that are to be processed; none if the batch has to read a playlist first."""
    partition = world.table.partitions[f"BATCH#{batch['id']}"]
    order = partition["ORDER"]
    if any(entry < 0 for entry in order["entries"]):
        return set()
    numbers = {*batch["page"], *order.get("again", ()), *order["entries"][int(batch["head"]) :]}
    items = [partition[f"ITEM#{int(number):05}"] for number in numbers]
    return {str(item["video_id"]) for item in items if item["status"] == "pending" or "redo" in item}


def _may_ask(batch: Record) -> bool:
    """Whether a request to YouTube or a model may be made for the batch."""
    if not batch:
        return False
    if batch["status"] != "draft":
        return batch["status"] in _RUNNING
    preflight = batch.get("preflight")
    return preflight is None or preflight["status"] == "checking"


def nobody_comes(world: World, batch: Record) -> str:
    """Returns why a batch would never be processed; empty if an execution will come or none is needed."""
    status, parked = batch["status"], batch["parked"]
    by_itself = status == "paused" and batch.get("pause", {}).get("until")
    unfinished = (
        status in _RUNNING
        or by_itself
        or (status in {"cancelled", "draft"} and not parked)
        or _needs_notification(batch)
    )
    if not unfinished or batch.get("active") == "yes":
        return ""
    if any(
        execution.status == "RUNNING" and execution.batch_id == batch["id"] and execution.run >= batch["run"]
        for execution in world.executions.values()
    ):
        return ""
    return f"it is {status}, not {'at rest' if not parked else 'driven'}, and in no index"


def _needs_notification(batch: Record) -> bool:
    """Whether the owner has to be notified that the batch waits for them, which the sweep gives up in the end."""
    pause = batch.get("pause") if batch["status"] == "paused" else None
    if not pause or pause.get("until") or not pause["times"] or batch.get("restarts", 0) > 3:
        return False
    return batch.get("notified") != f"paused {datetime.fromisoformat(pause['since'])}"


def is_at_rest(batch: Record) -> bool:
    status = batch["status"]
    if BatchStatus(status) in ENDED - {BatchStatus.CANCELLED}:
        return True
    if status == "paused":
        return not batch["pause"].get("until") and batch["pause"]["code"] != StoppedByOperator.code
    return status in {"cancelled", "draft"} and bool(batch["parked"])
