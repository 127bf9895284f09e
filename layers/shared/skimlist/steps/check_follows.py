"""Check follows: checks every source that is due, and makes a batch of its new videos.

A check that finds nothing new writes nothing. Which sources are due depends on their schedules and on one record that
says up to when all sources were checked. So the function may run twice or end at any point: at worst, a source is
checked again. A batch is created in the transaction that changes its follow, which succeeds once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import TypeGuard
from zoneinfo import ZoneInfo

from skimlist import metrics, progress
from skimlist.errors import (
    BatchBlocked,
    BatchNotFound,
    ChannelEmpty,
    FollowChanged,
    FollowNotFound,
    FollowOwnerDeleted,
    PlaylistEmpty,
    PlaylistFailed,
    SkimlistError,
    TooMany,
    WrongState,
)
from skimlist.executions import StartReason, current_execution
from skimlist.following.budgets import has_used_its_budget, least
from skimlist.following.monthly_budget import BUDGET_AGAIN_AFTER, spent_until_next_month
from skimlist.following.news import MOST_UNDECIDED, due_tries, is_due, new_entries, older_entries
from skimlist.following.waiting import is_too_late, may_get_captions
from skimlist.ids import new_id
from skimlist.jobs.batches import Batches
from skimlist.jobs.follows import Follows, month_of, replacement, run_record, seen_record
from skimlist.jobs.halts import Halts
from skimlist.jobs.history import History
from skimlist.jobs.order import Order
from skimlist.jobs.queue import Queue
from skimlist.jobs.queue_editor import item_from_entry
from skimlist.jobs.quotas import Quotas
from skimlist.jobs.records import Record, item_id
from skimlist.metrics import Metric
from skimlist.models.batch import Batch, BatchStatus, ExecutionState
from skimlist.models.channel import Channel, is_channel_id
from skimlist.models.follow import Follow, FollowChecks, FollowRun, FollowStatus, Notice, NoticeKind
from skimlist.models.playlist import Playlist, PlaylistEntry
from skimlist.models.selection import LeftOut
from skimlist.periods import next_month
from skimlist.selecting import choose
from skimlist.steps.clock import utc_now
from skimlist.steps.reporting import Log
from skimlist.transitions import ENDED
from skimlist.users import Users
from skimlist.workflow import Workflow

# One for each thread of the function, so that a group takes no longer than its slowest check.
_CHECKED_AT_ONCE = 8
# The function stops when it has less time left than this; the next invocation continues from there.
_SECONDS_FOR_ONE_GROUP = 45
# If this many sources in a row cannot be read, the sources are not the cause.
_FAILURES_OF_A_SERVICE = 3
_GONE_AGAIN_AFTER = timedelta(hours=1)
_LIMIT_AGAIN_AFTER = timedelta(hours=1)
_ERROR_AGAIN_AFTER = timedelta(hours=1)
# While a batch is open, its videos without captions are not tried again.
_OPEN_AGAIN_AFTER = timedelta(hours=6)
# YouTube gives neither for a stream that has not ended.
_MAY_CHANGE = frozenset({LeftOut.DURATION_UNKNOWN, LeftOut.UPLOAD_DATE_UNKNOWN})
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Check:
    """The result of a check of a source. `source` is None if its feed shows that nothing is new.

    `seen` is None at the first check.
    """

    seen: Sequence[str] | None
    source: Playlist | None

    @property
    def shows_news(self) -> bool:
        return self.source is not None and (self.seen is None or bool(new_entries(self.source, frozenset(self.seen))))


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckFollows:
    """One round over all follows.

    `has_news` makes a cheap check for a video that is not among the seen ones, `read_source` reads the source of a
    follow as far as the seen videos (None at the first check) and raises what `youtube.playlists` raises. `history`
    knows which videos users have summaries of. `map_` calls a function for several follows, possibly at once.
    `notify_owner` sends a follow's notice to its owner, `notify_of_run` what is new in one of its batches.
    """

    follows: Follows
    batches: Batches
    queue: Queue
    quotas: Quotas
    halts: Halts
    users: Users
    history: History
    workflow: Workflow
    has_news: Callable[[str, Sequence[str]], bool]
    read_source: Callable[[Follow, Sequence[str] | None], Playlist]
    notify_owner: Callable[[Follow], None]
    notify_of_run: Callable[[Batch], None]
    seconds_left: Callable[[], float]
    log: Log
    map_: Callable[[Callable[[Follow], Check | Exception], Iterable[Follow]], Iterable[Check | Exception]] = map
    now: Callable[[], datetime] = utc_now
    _unexpected: list[Exception] = field(default_factory=list, init=False)

    def run(self) -> None:
        """Raises an ExceptionGroup of unexpected errors, once everything else is done."""
        now = self.now()
        checks = self.follows.checks() or FollowChecks(up_to=_NEVER)
        if checks.window_end:
            metrics.record({Metric.FOLLOWS_OVERDUE_SECONDS: (now - checks.window_end).total_seconds()})
        follows = self._list()
        for follow in follows:
            if follow.notice and not follow.notice.told:
                with self._isolated(follow):
                    self.notify_owner(follow)
        if checks.wait_until is None or checks.wait_until <= now:
            if self._try_again(follows, now):
                follows = self._list()
            self._check_all(follows, checks, now)
        if self._unexpected:
            raise ExceptionGroup("Some follows could not be processed.", self._unexpected)

    def _list(self) -> list[Follow]:
        """All follows but those of users whom an operator has stopped."""
        halted = self.halts.find()
        follows = self.follows.list_all(self._note_unreadable)
        return [follow for follow in follows if not halted.includes(follow.user_id)]

    # --- Checking ----------------------------------------------------------------------------------------------------

    def _check_all(self, follows: Sequence[Follow], checks: FollowChecks, now: datetime) -> None:
        """Checks the sources that are due, in the order of their follows' keys, as far as the time allows."""
        end = checks.window_end or now
        due = self._find_due([follow for follow in follows if follow.key > checks.last_key], checks.up_to, end)
        done = replace(checks, window_end=end)
        for start in range(0, len(due), _CHECKED_AT_ONCE):
            if start:
                # Lambda may end the function at any moment: a round that takes too long must not start over every time.
                self.follows.note_checks(done)
            if self.seconds_left() < _SECONDS_FOR_ONE_GROUP:
                return
            group = due[start : start + _CHECKED_AT_ONCE]
            failures: list[SkimlistError] = []
            for follow, check in zip(group, self.map_(self._check, group), strict=True):
                failures = [*failures, check] if _is_of_a_service(check) else []
                is_blocked = isinstance(check, BatchBlocked) or len(failures) == _FAILURES_OF_A_SERVICE
                # If this source is refused again after the wait, it may be the only one.
                is_first_after_wait = bool(checks.blocks) and done.last_key == checks.last_key
                if is_blocked and not is_first_after_wait:
                    self._wait(done, now, failures[-1])
                    return
                with self._isolated(follow):
                    self._act_on_or_repeat(follow, check)
                done = replace(done, last_key=follow.key, wait_until=None, blocks=done.blocks if is_blocked else 0)
        if due or checks.window_end or checks.wait_until:
            self.follows.note_checks(FollowChecks(up_to=end))

    def _find_due(self, follows: Iterable[Follow], up_to: datetime, end: datetime) -> list[Follow]:
        due = []
        for follow in follows:
            with self._isolated(follow):
                if is_due(follow, up_to, end):
                    due.append(follow)
        return due

    def _check(self, follow: Follow) -> Check | Exception:
        try:
            seen = self.follows.seen(follow, consistent=False)
            if seen is not None and not self.has_news(follow.lasting_source_id, seen):
                return Check(seen, None)
            try:
                return Check(seen, self.read_source(follow, seen))
            except (PlaylistEmpty, ChannelEmpty) as error:
                if seen is None and follow.problem is None:
                    return error  # if this were a mistake, every video would be new later; the next check decides
                return Check(
                    seen, Playlist(id=follow.lasting_source_id, title=follow.title or "", channel=None, entries=())
                )
        except Exception as error:
            return error

    def _wait(self, done: FollowChecks, now: datetime, error: SkimlistError) -> None:
        """Checks nothing for a while, and then continues with the same follow."""
        until = progress.next_try(done.blocks + 1, now)
        self.log.warning("sources cannot be read", code=error.code, until=until.isoformat())
        self.follows.note_checks(replace(done, wait_until=until, blocks=done.blocks + 1))

    # --- Acting on what was found ------------------------------------------------------------------------------------

    def _act_on_or_repeat(self, follow: Follow, check: Check | Exception) -> None:
        """Schedules another check of the source if this fails, because its next scheduled time may be in a week."""
        try:
            self._act_on(follow, check)
        except FollowNotFound:
            raise
        except Exception as error:
            at = self.now() + (timedelta(0) if isinstance(error, FollowChanged) else _ERROR_AGAIN_AFTER)
            self.follows.change(follow.user_id, follow.id, partial(_with_next_check, at=at))
            raise

    def _act_on(self, follow: Follow, check: Check | Exception) -> None:
        if isinstance(check, SkimlistError):
            self._note_failure(follow, check)
            return
        if isinstance(check, Exception):
            raise check
        if check.source is None:
            self._note_nothing_new(follow)
            return
        before, follow = follow, _named(follow, check.source)
        if not check.shows_news:
            self._note_nothing_new(follow, is_new_channel=follow.channel_id != before.channel_id)
            return
        # The check may have missed what was written in the second before it.
        seen = self.follows.seen(follow)
        if seen is None:
            self._begin(follow, check.source)
            return
        older = [entry.video_id for entry in older_entries(check.source, frozenset(seen), follow.created_at)]
        seen = (*seen, *older)
        if entries := new_entries(check.source, frozenset(seen)):
            self._choose(follow, replace(check.source, entries=tuple(entries)), seen)
        elif older:
            self._pass_over(follow, seen, len(older))
        else:
            self._note_nothing_new(follow)

    def _note_nothing_new(self, follow: Follow, *, is_new_channel: bool = False) -> None:
        """Writes nothing, unless the last check failed, this one was unscheduled, or the channel's id was unknown.

        The id is unknown in a follow of a handle that an earlier version has begun.
        """
        if follow.hold_until or follow.problem or is_new_channel:
            self.follows.replace(follow, _after_success(follow))

    def _begin(self, follow: Follow, source: Playlist) -> None:
        """Notes the videos of the source as seen: at the first check, only those that are announced may become new."""
        seen = seen_record(follow, [entry.video_id for entry in source.entries if entry.can_be_summarized])
        self.follows.replace(follow, _after_success(follow), {"Put": {"Item": seen}})
        self.log.info("follow begun", videos=len(source.entries))

    def _note_failure(self, follow: Follow, error: SkimlistError) -> None:
        """Tries again later, or pauses the follow if its source is gone at a second check too."""
        now, problem = self.now(), error.as_problem()
        failed = replace(follow, failures=follow.failures + 1, problem=problem)
        if not isinstance(error, PlaylistFailed):
            failed = replace(failed, hold_until=progress.next_try(failed.failures, now))
        elif follow.problem is None or follow.problem.code != error.code:
            failed = replace(failed, hold_until=now + _GONE_AGAIN_AFTER)
        else:
            notice = Notice(kind=NoticeKind.SOURCE_GONE, since=now)
            failed = replace(failed, status=FollowStatus.PAUSED, hold_until=None, notice=notice)
        failed = self.follows.replace(follow, failed)
        self.log.info("source not read", code=error.code, status=failed.status)
        if failed.notice != follow.notice:
            self.notify_owner(failed)

    def _choose(self, follow: Follow, new: Playlist, seen: Sequence[str]) -> None:
        """Makes a batch of the wanted new videos, and notes the others as seen once their length and date are known."""
        in_history = self.history.video_ids(follow.user_id) if follow.selection.not_in_history else frozenset()
        choices = choose(follow.selection, new.entries, newest_first=new.newest_first, in_history=in_history)
        undecided = [choice.entry.video_id for choice in choices if choice.left_out in _MAY_CHANGE]
        left_out = [
            choice.entry.video_id for choice in choices if choice.left_out and choice.left_out not in _MAY_CHANGE
        ]
        if new.newest_first and not seen:
            # A channel is read as far as a seen video: if none could be noted, every check would read all of it.
            left_out += undecided[MOST_UNDECIDED:]
        seen = [*seen, *left_out]
        if wanted := [choice.entry for choice in choices if not choice.left_out]:
            self._make_batch(follow, wanted, seen)
        elif left_out:
            self._pass_over(follow, seen, len(left_out))
        else:
            self._note_nothing_new(follow)

    def _pass_over(self, follow: Follow, seen: Sequence[str], videos: int) -> None:
        """Notes the videos as `seen`, including `videos` ones that are unwanted or older than the follow."""
        self.follows.replace(follow, _after_success(follow), {"Put": {"Item": seen_record(follow, seen)}})
        self.log.info("videos passed over", videos=videos)

    def _make_batch(self, follow: Follow, entries: Sequence[PlaylistEntry], seen: Sequence[str]) -> None:
        if self._pause_if_owner_deleted(follow):
            return
        now = self.now()
        left = self.follows.left_this_month(follow, now)
        if left is not None and left <= 0:
            self._wait_for_budget(follow, now)
            return
        most = self.quotas.videos_a_day or len(entries)
        is_cut, entries = len(entries) > most, entries[-most:]  # of a channel, the oldest ones
        batch = _batch(follow, len(entries), least(follow.max_cost_usd_per_run, left), now)
        items = [replace(item_from_entry(entry), id=item_id(number)) for number, entry in enumerate(entries, start=1)]
        after = replace(_after_success(follow), last_batch_id=batch.id, last_news_at=now, notice=None)
        if is_cut:
            after = replace(after, hold_until=now + _LIMIT_AGAIN_AFTER)
        writes = [
            replacement(follow, after),
            {"Put": {"Item": seen_record(follow, [*seen, *(entry.video_id for entry in entries)])}},
            {"Put": {"Item": run_record(follow, FollowRun(month=month_of(now), batch_id=batch.id))}},
        ]

        def quota() -> Sequence[Record]:
            # If the follow has changed, the transaction would fail at every attempt.
            if self.follows.get(follow.user_id, follow.id).version != follow.version:
                raise FollowChanged
            today = self.quotas.count_today(follow.user_id, now, videos=len(items))
            return [*self.quotas.reserve_slot(batch, now), *today, *writes]

        try:
            self.batches.create(batch, items, Order(entries=tuple(range(1, len(items) + 1))), quota=quota)
        except TooMany as error:
            later = replace(follow, problem=error.as_problem(), hold_until=now + _LIMIT_AGAIN_AFTER)
            self.follows.replace(follow, later)
            return
        self.workflow.drive(current_execution(batch, StartReason.FOLLOWED))
        self.log.info("new videos", videos=len(items), batch_id=batch.id)

    def _pause_if_owner_deleted(self, follow: Follow) -> bool:
        """Pauses the follow if its user is no longer in the user pool; returns whether it did.

        Nobody is notified. Raises StorageUnavailable if the pool does not answer, which says nothing about the user.
        """
        if self.users.exists(follow.user_id):
            return False
        problem = FollowOwnerDeleted().as_problem()
        paused = replace(follow, status=FollowStatus.PAUSED, hold_until=None, problem=problem, notice=None)
        self.follows.replace(follow, paused)
        self.log.info("follow of a deleted user paused")
        return True

    def _wait_for_budget(self, follow: Follow, now: datetime) -> None:
        """Waits for the open batches, which may cost less than their budgets, or for the next month."""
        if self.follows.month_usd(follow, now) < (follow.max_cost_usd_per_month or 0):
            self.follows.replace(follow, replace(follow, hold_until=now + BUDGET_AGAIN_AFTER))
            self.log.info("budget of the month is reserved for open batches")
            return
        waiting = self.follows.replace(follow, spent_until_next_month(follow, now, notified=False))
        self.log.info("budget of the month is used up")
        self.notify_owner(waiting)

    # --- Trying again ------------------------------------------------------------------------------------------------

    def _try_again(self, follows: Iterable[Follow], now: datetime) -> bool:
        """Continues batches whose videos had no captions yet, and those that waited for a higher budget.

        Returns whether there were any.
        """
        due = [(follow, batch_id, at) for follow in follows for batch_id, at in due_tries(follow, now).items()]
        for follow, batch_id, at in due:
            if self.seconds_left() < _SECONDS_FOR_ONE_GROUP:
                break
            with self._isolated(follow):
                self._continue(follow.user_id, follow.id, batch_id, at)
        return bool(due)

    def _continue(self, user_id: str, follow_id: str, batch_id: str, due_at: datetime) -> None:
        now = self.now()
        # The time of the next attempt is stored first, so that this attempt is not repeated every few minutes. When the
        # batch has ended, Notify owner replaces or removes that time.
        later = min(now + _OPEN_AGAIN_AFTER, next_month(now))
        follow = self.follows.change(user_id, follow_id, partial(_tried, batch_id=batch_id, at=later))
        try:
            self._continue_unless_changed(follow, batch_id, due_at, now)
        except (FollowChanged, WrongState):
            again = partial(_tried_soon, batch_id=batch_id, at=due_at, instead_of=later)
            self.follows.change(user_id, follow_id, again)
            raise

    def _continue_unless_changed(self, follow: Follow, batch_id: str, due_at: datetime, now: datetime) -> None:
        try:
            batch = self.batches.get(follow.user_id, batch_id)
        except BatchNotFound:
            self._forget(follow, batch_id)
            return
        if batch.status is BatchStatus.CANCELLED:
            self._forget(follow, batch_id)
            return
        if self._pause_if_owner_deleted(follow):
            return
        if is_too_late(batch, due_at):
            # Its owner may know nothing of the videos yet. Notify owner also notes that the batch waits no more.
            self.notify_of_run(batch)
            return
        budget = self.follows.budget_to_continue(follow, batch, now)
        if budget is not None and budget <= batch.cost_usd:
            return
        if batch.status in ENDED:
            self._reopen(follow, batch, budget)
        elif has_used_its_budget(batch):
            self._resume(follow, batch, budget)

    def _reopen(self, follow: Follow, batch: Batch, budget: Decimal | None) -> None:
        now = self.now()
        items = [item for item in self.queue.all_items(batch) if may_get_captions(item)]
        if not items:
            self._forget(follow, batch.id)
            return
        count = partial(self.quotas.count_today, follow.user_id, now)
        count(videos=len(items))  # raises before anything changes; the requeued videos are counted below
        self.quotas.require_slot(batch, now)
        # Another run of this function may be about to spend the same part of the month's budget.
        requeued = self.queue.plan_requeue(batch, items, count, replacement(follow, follow))
        self.follows.charge(follow, batch, now)
        reopened = self.batches.reopen(batch, requeued, now, max_cost_usd=budget, without_budget=budget is None)
        # If the function is cut off here, the sweep starts an execution, and the other videos are tried again next
        # time.
        self.queue.requeue(reopened, requeued.left, now, count)
        self.workflow.drive(current_execution(reopened, StartReason.RETRIED))
        self.log.info("videos without captions tried again", videos=len(items), batch_id=batch.id)

    def _resume(self, follow: Follow, batch: Batch, budget: Decimal | None) -> None:
        if budget is not None and batch.max_cost_usd is not None and budget <= batch.max_cost_usd:
            return  # it would pause again at once, and its owner would get another email
        now = self.now()
        self.quotas.require_slot(batch, now)
        self.follows.charge(follow, batch, now)
        resumed = self.batches.resume(
            batch,
            now,
            replacement(follow, follow),
            at_once=True,
            max_cost_usd=budget,
            without_budget=budget is None,
        )
        self.workflow.drive(current_execution(resumed, StartReason.RESUMED))
        self.log.info("batch resumed with a higher budget", batch_id=batch.id)

    def _forget(self, follow: Follow, batch_id: str) -> None:
        self.follows.change(follow.user_id, follow.id, partial(_without, batch_id=batch_id))

    # --- Errors ------------------------------------------------------------------------------------------------------

    def _note_unreadable(self, error: Exception) -> None:
        self.log.error("record of a follow cannot be read", error=type(error).__name__)
        self._unexpected.append(error)

    @contextmanager
    def _isolated(self, follow: Follow) -> Iterator[None]:
        """Logs an error with one follow, so that the others are checked."""
        with self.log.append_context_keys(follow_id=follow.id, user_id=follow.user_id):
            try:
                yield
            except (FollowChanged, FollowNotFound, WrongState):
                self.log.info("follow or batch was changed meanwhile")
            except SkimlistError as error:
                self.log.exception("follow could not be processed", code=error.code)
            except Exception as error:
                self.log.exception("follow could not be processed", code=SkimlistError.code, error=type(error).__name__)
                self._unexpected.append(error)


def _named(follow: Follow, source: Playlist) -> Follow:
    """The follow with the title and channel of its source; an empty source has neither, and changes nothing."""
    channel_id = source.id if Channel.from_source_id(follow.source_id) and is_channel_id(source.id) else None
    return replace(
        follow,
        title=source.title or follow.title,
        name=follow.name or source.title,
        channel_id=follow.channel_id or channel_id,
    )


def _with_next_check(follow: Follow, at: datetime) -> Follow:
    return follow if follow.hold_until else replace(follow, hold_until=at)


def _is_of_a_service(check: Check | Exception) -> TypeGuard[SkimlistError]:
    """Whether YouTube or our own side may be the reason why the source could not be read."""
    return isinstance(check, SkimlistError) and not isinstance(check, PlaylistFailed)


def _after_success(follow: Follow) -> Follow:
    """The follow after a check that succeeded."""
    return replace(follow, hold_until=None, failures=0, problem=None)


def _tried(follow: Follow, batch_id: str, at: datetime) -> Follow:
    return replace(follow, waiting={**follow.waiting, batch_id: at})


def _tried_soon(follow: Follow, batch_id: str, at: datetime, instead_of: datetime) -> Follow:
    """Notes that the batch is tried again `at` this time, unless another invocation has noted a time of its own."""
    return _tried(follow, batch_id, at) if follow.waiting.get(batch_id) == instead_of else follow


def _without(follow: Follow, batch_id: str) -> Follow:
    return replace(follow, waiting={name: at for name, at in follow.waiting.items() if name != batch_id})


def _batch(follow: Follow, videos: int, budget: Decimal | None, now: datetime) -> Batch:
    day = now.astimezone(ZoneInfo(follow.schedule.zone)).date()
    return Batch(
        id=new_id(now),
        user_id=follow.user_id,
        name=f"{follow.name} · {day}",
        status=BatchStatus.PENDING,
        settings=follow.settings,
        created_at=now,
        updated_at=now,
        total=videos,
        max_cost_usd=budget,
        follow_id=follow.id,
        execution=ExecutionState(run=1),
    )
