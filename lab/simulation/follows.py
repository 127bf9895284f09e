"""Users who follow playlists and channels, how these change meanwhile, and what must hold for every follow."""

from __future__ import annotations

import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from lab.simulation.clients import Answer, Client, User
from lab.simulation.outside import SOURCES, a_selection, title_of
from lab.simulation.promises import Promises
from lab.simulation.story import short
from lab.simulation.table import Change, each_batch
from skimlist.links.addresses import is_video_id

if TYPE_CHECKING:
    from lab.simulation.scheduler import Process
    from lab.simulation.world import Email, World

Record = dict[str, Any]
_ANNOUNCED = re.compile(r"^\d+\. (?:.+\n)+?https://www\.youtube\.com/watch\?v=(\S+)$", re.MULTILINE)
_NO_LIMIT = Decimal("Infinity")
_MAY_START = frozenset({"pending", "processing"})


class FollowKey(NamedTuple):
    user: str
    id: str


class Month(NamedTuple):
    follow: FollowKey
    name: str


@dataclass
class FollowPromises:
    """The promises about follows.

    `earlier` are the videos that a source had when its follow was created, `at_first` those that it had when the follow
    first read it, `taken` those in a batch of the follow, with that batch. `budgets` are what each month may cost: the
    highest budget since it was last lowered, or what was spent by then if that is more. `months` are those to which a
    batch's cost counts. `unsure` are batches and follows of which a notification was lost with its process,
    `lost_steps` counts the lost steps of each batch, and those that may have been under way when its budget was
    lowered.
    """

    users: Sequence[User] = ()
    deleted: set[FollowKey] = field(default_factory=set)
    earlier: dict[FollowKey, frozenset[str]] = field(default_factory=dict)
    at_first: dict[FollowKey, frozenset[str]] = field(default_factory=dict)
    taken: defaultdict[FollowKey, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    told: Counter[tuple[FollowKey, str]] = field(default_factory=Counter)
    notices: Counter[tuple[FollowKey, str]] = field(default_factory=Counter)
    budgets: dict[Month, Decimal] = field(default_factory=dict)
    months: dict[str, Month] = field(default_factory=dict)
    costs: defaultdict[Month, dict[str, list[Decimal]]] = field(default_factory=lambda: defaultdict(dict))
    unsure: set[str] = field(default_factory=set)
    lost_steps: Counter[str] = field(default_factory=Counter)

    # --- After each write --------------------------------------------------------------------------------------------

    def on_change(self, world: World, changes: Sequence[Change]) -> None:
        for change in changes:
            if change.after and change.after.get("follow_id") and change.key[1].startswith("BATCH#"):
                follow = FollowKey(change.key[0].removeprefix("USER#"), change.after["follow_id"])
                if change.before is None:
                    self._check_new_batch(world, follow, change.after)
                else:
                    self._check_cost(world, follow, change.before, change.after)
                    if change.after.get("max_cost_usd", _NO_LIMIT) < change.before.get("max_cost_usd", _NO_LIMIT):
                        self.lost_steps[change.after["id"]] += 1
                        world.met["budget lowered"] += 1
        for change in changes:
            pk, sk = change.key
            if pk == "FOLLOWS":
                self._check_follow(world, FollowKey(*sk.split("#")), change)
            elif pk.startswith("FOLLOW#") and sk == "VIDEOS" and change.after:
                self._check_seen(world, FollowKey(*pk.split("#")[1:]), change.before, change.after)

    def _check_follow(self, world: World, follow: FollowKey, change: Change) -> None:
        before, after = change.before, change.after
        if after is None:
            return
        if follow in self.deleted:
            world.violate("deleted and there", f"the follow {short(follow.id)} is back")
        if before is None:
            created_at = datetime.fromisoformat(after["created_at"])
            uploads = _uploads(world, after["source_id"])
            self.earlier[follow] = frozenset(video for video, at in uploads.items() if at <= created_at)
        if before and after["version"] <= before["version"]:
            world.violate("went back", f"version of {short(follow.id)} from {before['version']} to {after['version']}")
        month = Month(follow, _month(world))
        budget = after.get("max_cost_usd_per_month", _NO_LIMIT)
        before_it = before.get("max_cost_usd_per_month", _NO_LIMIT) if before else Decimal(0)
        if budget < before_it:
            self.budgets[month] = max(budget, sum(self._answers(month), Decimal(0)))
        else:
            self.budgets[month] = max(self.budgets.get(month, Decimal(0)), budget)
        notice, process = after.get("notice"), world.scheduler.current
        if process and notice and notice["told"] and not ((before or {}).get("notice") or {}).get("told"):
            process.details["notice"] = notice["since"]

    def _check_seen(self, world: World, follow: FollowKey, before: Record | None, after: Record) -> None:
        seen = _video_ids(after)
        if before is None:
            source_id = world.table.partitions["FOLLOWS"][f"{follow.user}#{follow.id}"]["source_id"]
            self.at_first[follow] = frozenset(_uploads(world, source_id))
            return
        if forgotten := _video_ids(before) - seen:
            world.violate("forgotten", f"{sorted(forgotten)} are no longer among the seen videos of {short(follow.id)}")
        self._check_left_out(world, follow, seen - _video_ids(before), seen)

    def _check_left_out(self, world: World, follow: FollowKey, noted: frozenset[str], seen: frozenset[str]) -> None:
        """Checks that a new video that is noted as seen is in a batch, unless the follow's selection leaves it out."""
        record = world.table.partitions["FOLLOWS"][f"{follow.user}#{follow.id}"]
        source = world.outside.sources.get(record["source_id"])
        if source is None:
            return
        selection = record.get("selection") or {}
        old, taken = self.earlier[follow] | self.at_first[follow], self.taken[follow].keys()
        wanted = (noted & taken) | (frozenset(source.videos) - seen - old)
        has_enough = "newest" in selection and len(wanted) >= selection["newest"]
        left_out = {video for video in noted - taken - old if not self._is_undecidable(world, follow, video)}
        lost = [video for video in left_out if not has_enough and _is_selected(selection, video, source.uploaded_at)]
        if lost:
            world.violate("a video is lost", f"{short(follow.id)} has seen {sorted(lost)}, and makes no batch of them")

    def _is_undecidable(self, world: World, follow: FollowKey, video: str) -> bool:
        """Whether no page may have shown if the video is older than the follow: not its own, and none in between."""
        record = world.table.partitions["FOLLOWS"][f"{follow.user}#{follow.id}"]
        source = world.outside.sources[record["source_id"]]
        is_earlier = video in self.earlier[follow]
        same_side = [each for each in source.videos if (each in self.earlier[follow]) == is_earlier]
        if video in same_side:
            place = same_side.index(video)
            same_side = same_side[place:] if is_earlier else same_side[: place + 1]
        return {video, *same_side} <= world.outside.silent

    def _check_new_batch(self, world: World, follow: FollowKey, batch: Record) -> None:
        record = world.table.get(("FOLLOWS", f"{follow.user}#{follow.id}"))
        if record is None or record["status"] != "active":
            state = "deleted" if record is None else record["status"]
            world.violate("a batch of no follow", f"{short(follow.id)} is {state}, and gets {short(batch['id'])}")
        self.months[batch["id"]] = Month(follow, _month(world))
        partition = world.table.partitions[f"BATCH#{batch['id']}"]
        for number in partition["ORDER"]["entries"]:
            video = partition[f"ITEM#{int(number):05}"]["video_id"]
            if other := self.taken[follow].get(video):
                world.violate("a video twice", f"{video} is in {short(other)} and in {short(batch['id'])}")
            if video in self.earlier[follow] and not self._is_undecidable(world, follow, video):
                world.violate("an old video", f"{video} was there before {short(follow.id)} began")
            self.taken[follow][video] = batch["id"]

    def _check_cost(self, world: World, follow: FollowKey, before: Record, after: Record) -> None:
        """Checks the budget of the month, with one answer in excess for each lost step that may have paid for it.

        It does not hold where users have changed a batch.
        """
        batch_id, process = after["id"], world.scheduler.current
        is_continued = before["status"] not in _MAY_START and after["status"] in _MAY_START
        if is_continued and process and process.details.get("function") == "check_follows":
            self.months[batch_id] = Month(follow, _month(world))
        month = self.months[batch_id]
        if spent := after["cost_usd"] - before["cost_usd"]:
            self.costs[month].setdefault(batch_id, []).append(spent)
        costs, budget = self.costs[month], self.budgets.get(month, _NO_LIMIT)
        answers = self._answers(month)
        total = sum(answers, Decimal(0))
        in_excess = sum(self.lost_steps[each] for each in costs) * max(answers, default=Decimal(0))
        if total > budget + in_excess and not any(map(self.is_touched, costs)):
            world.violate("above a month's budget", f"{total} USD of {budget} in {month.name} by {short(follow.id)}")

    def _answers(self, month: Month) -> list[Decimal]:
        """The cost of each answer in the month."""
        return [usd for each in self.costs[month].values() for usd in each]

    def is_touched(self, batch_id: str) -> bool:
        """Whether a user has sent a command about the batch."""
        return any(user.begun.get(batch_id) for user in self.users)

    # --- Visible effects ---------------------------------------------------------------------------------------------

    def on_check(self, world: World, process: Process, user: str, promises: Promises) -> None:
        if promises.is_halted(user, process.started_at):
            world.violate("asked while halted", f"{process.name} reads a source of {user}")

    def on_email(self, world: World, batch_id: str | None, email: Email) -> None:
        process = world.scheduler.current
        if process is None:
            return
        if batch_id is None:
            payload = process.details["payload"]
            told = FollowKey(payload["user_id"], payload["follow_id"]), process.details.get("notice", "")
            self.notices[told] += 1
            if self.notices[told] > 1:
                world.violate("email twice", f"{email.subject!r} about what was so at {told[1]}")
            return
        found = next((each for each in each_batch(world.table) if each["id"] == batch_id), None)
        if found is None or not found.get("follow_id") or " new video" not in email.subject:
            return
        follow = FollowKey(found["user_id"], found["follow_id"])
        for video in filter(is_video_id, _ANNOUNCED.findall(email.text)):
            self.told[follow, video] += 1
            world.met["announced"] += 1
            # What is new since the last email follows from the clocks of two hosts, which AWS keeps close together.
            is_certain = not world.met["clock_wrong"] and not self.is_touched(batch_id)
            if self.told[follow, video] > 1 and is_certain:
                world.violate("news twice", f"{video} is announced again in {email.subject!r}")

    def on_lost(self, process: Process) -> None:
        """Notes that a process was killed, or that its answer was lost: what it sent or paid may not be recorded."""
        payload = process.details.get("payload") or {}
        self.lost_steps[payload.get("batch_id", "")] += 1
        if process.details.get("function") == "notify_owner":
            self.unsure.add(payload.get("batch_id") or payload["follow_id"])


class Follower:
    """One client of a user, which follows sources, and changes its follows while they are checked."""

    def __init__(self, client: Client, promises: Promises, follows: FollowPromises) -> None:
        self._client = client
        self._promises = promises
        self._follows = follows
        self._world = client.world
        self._keys: dict[str, str] = {}

    def live(self, times: int) -> None:
        random = self._world.random
        for _ in range(times):
            if random.random() < 0.5:
                self._world.scheduler.wait(self._world.bells_of_checks.append, random.uniform(1, 12 * 3600))
            else:
                self._world.scheduler.sleep(random.uniform(0, random.choice([5, 3600, 24 * 3600])))
            found = self._list()
            if not found or random.random() < 0.3:
                self._create()
            else:
                self._change(random.choice(found))

    def _list(self) -> list[Any]:
        answer = self._client.ask("GET", "/follows")
        return list(answer.body["follows"]) if answer and answer.status == 200 else []

    def _create(self) -> None:
        random = self._world.random
        body = {
            "source": random.choice(SOURCES),
            "every": random.choice(["hour", "hour", "day"]),
            "model": random.choice(["openai", "openai", "extractive"]),
            "max_cost_usd_per_month": random.choice([None, "0.0004", "0.0002"]),
            "max_cost_usd_per_run": random.choice([None, None, "0.0003"]),
            "select": a_selection(random, self._world.outside.now),
            "notify": random.random() < 0.8,
        }
        key = f"follow {random.getrandbits(32)}"
        self._world.tell(f"wants to follow {body}")
        sent = self._world.scheduler.now
        answer = self._client.ask("POST", "/follows", body, headers={"Idempotency-Key": key})
        self._check_answer(answer, sent)
        if answer and answer.status == 201 and self._keys.setdefault(key, answer.body["id"]) != answer.body["id"]:
            self._world.violate("one key, two follows", f"{self._keys[key]} and {answer.body['id']}")

    def _change(self, view: Any) -> None:
        random = self._world.random
        match random.choice(["delete", "pause", "resume", "resume", "budget", "schedule", "select", "open", "open"]):
            case "delete":
                self.delete(view)
            case "pause":
                self.patch(view, status="paused")
            case "resume":
                self.patch(view, status="active")
            case "budget":
                self.patch(view, max_cost_usd_per_month=random.choice([None, "0.0004", "0.0002", "0.002"]))
            case "schedule":
                self.patch(view, every=random.choice(["hour", "day"]))
            case "select":
                select = a_selection(random, self._world.outside.now)
                self.patch(view, select=select, notify=random.random() < 0.8)
            case _:
                self._open(view)

    def _open(self, view: Any) -> None:
        """Lets the user steer the follow's last batch like any other."""
        answer = self._client.ask("GET", f"/follows/{view['id']}")
        if answer and answer.status == 200 and answer.body["last_batch_id"]:
            self._client.user.know(answer.body["last_batch_id"])

    def patch(self, view: Any, **changes: Any) -> Answer | None:
        self._world.tell(f"wants to change the follow {short(view['id'])} to {changes}")
        sent = self._world.scheduler.now
        answer = self._client.ask("PATCH", f"/follows/{view['id']}", changes)
        self._check_answer(answer, sent, may_cost=changes.get("status") == "active")
        return answer

    def delete(self, view: Any) -> Answer | None:
        self._world.tell(f"wants to delete the follow {short(view['id'])}")
        answer = self._client.ask("DELETE", f"/follows/{view['id']}")
        if answer and answer.status == 204:
            self._follows.deleted.add(FollowKey(self._client.user.name, view["id"]))
            self._world.tell("is answered 204")
        return answer

    def _check_answer(self, answer: Answer | None, sent: float, *, may_cost: bool = True) -> None:
        self._client.tell_answer(answer)
        is_accepted = answer is not None and answer.status < 300
        if is_accepted and may_cost and self._promises.is_halted(self._client.user.name, sent):
            self._world.violate("accepted while halted", "a follow")

    # --- In the calm -------------------------------------------------------------------------------------------------

    def go_on(self) -> None:
        """Resumes what is paused, and lifts limits, so that every follow has to take what is new."""
        for view in self._list():
            if view["status"] == "paused":
                self.patch(view, status="active", max_cost_usd_per_month=None, max_cost_usd_per_run=None)
            elif view["max_cost_usd_per_month"] or view["max_cost_usd_per_run"]:
                self.patch(view, max_cost_usd_per_month=None, max_cost_usd_per_run=None)

    def check_all(self) -> None:
        """Checks that every video that can be watched was taken, and that the owner was told of every summary."""
        for view in self._list():
            follow = FollowKey(self._client.user.name, view["id"])
            self._check_taken(follow, view)
            self._check_told(follow)

    def _check_taken(self, follow: FollowKey, view: Any) -> None:
        world, source = self._world, self._world.outside.sources[view["source"]["id"]]
        if source.is_broken:
            return
        seen = world.table.get((f"FOLLOW#{follow.user}#{follow.id}", "VIDEOS"))
        if seen is None:
            world.violate("starved", f"{short(follow.id)} has never read {source.id}")
            return
        left = [video for video in source.videos if video not in _video_ids(seen) | self._follows.at_first[follow]]
        if left:
            world.violate("starved", f"{short(follow.id)} has not taken {left} of {source.id}")

    def _check_told(self, follow: FollowKey) -> None:
        for batch in each_batch(self._world.table):
            if batch.get("follow_id") != follow.id or batch["status"] not in {"completed", "failed"}:
                continue
            if self._follows.is_touched(batch["id"]) or batch["id"] in self._follows.unsure:
                continue
            for sk, item in self._world.table.partitions[f"BATCH#{batch['id']}"].items():
                is_done = sk.startswith("ITEM#") and item["status"] == "completed"
                if is_done and not self._follows.told[follow, item["video_id"]]:
                    self._world.violate("not told", f"{item['video_id']} of {short(batch['id'])} is summarized")

    def leave(self) -> None:
        """Deletes all follows; then nothing of them may remain."""
        for view in self._list():
            answer = self.delete(view)
            if answer is None or answer.status != 204:
                self._world.violate("cannot be deleted", f"the follow {short(view['id'])}: {answer and answer.body}")


def check_remains(world: World) -> None:
    """Checks that nothing remains of follows that were deleted."""
    for pk, partition in world.table.partitions.items():
        if partition and (pk == "FOLLOWS" or pk.startswith("FOLLOW#")):
            world.violate("left behind", f"{sorted(partition)} in {short(pk)}")


def _is_selected(selection: Record, video: str, uploaded_at: Mapping[str, datetime]) -> bool:
    """Whether the selection leaves a video in, apart from `newest`."""
    day = f"{uploaded_at[video]:%Y-%m-%d}"
    is_in_time = selection.get("since", day) <= day <= selection.get("until", day)
    return is_in_time and title_of(video) not in selection.get("title_excludes", ())


def _uploads(world: World, source_id: str) -> Mapping[str, datetime]:
    """Returns the time of each upload to a source so far; none for a source that is not simulated."""
    source = world.outside.sources.get(source_id)
    return source.uploaded_at if source else {}


def _video_ids(record: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(zlib.decompress(bytes(record["video_ids"])).decode().split())


def _month(world: World) -> str:
    """The month by the clock of the current process."""
    skew = world.scheduler.current.skew if world.scheduler.current else 0.0
    return f"{datetime.fromtimestamp(world.scheduler.now + skew, UTC):%Y-%m}"
