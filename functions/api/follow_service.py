"""Creates, shows, changes and deletes the follows of a signed-in user."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from follow_schemas import DEFAULT_TIME, ChangeFollow, CreateFollow, FeedView, FollowView, FollowWithRuns, RunView
from user_service import UserService

from skimlist import aws
from skimlist.config import settings
from skimlist.errors import InvalidRequest
from skimlist.jobs.feed_links import FeedLinks, feed_path
from skimlist.jobs.presets import Preset, Presets
from skimlist.jobs.records import Record
from skimlist.links.parsing import ADDED, parse_lines
from skimlist.llm.catalogue import DEFAULT_MODEL
from skimlist.models.follow import Every, Follow, FollowStatus, Schedule
from skimlist.models.selection import EVERYTHING
from skimlist.models.settings import BatchSettings

_SHOWN_RUNS = 50


class FollowService(UserService):
    """Raises FollowNotFound for a follow that does not exist or belongs to someone else."""

    def create(self, request: CreateFollow, idempotency_key: str | None) -> FollowView:
        """The new follow, whose source is first read within minutes.

        Raises InvalidRequest, TooManyFollows, and FollowDeleted if the same request created one that is deleted.
        """
        self._require_not_stopped()
        source_id = _source_of(request.source)
        preset = self._preset(request.preset)
        follow_id = self._claim_id(idempotency_key, request.model_dump_json())
        budget = request.max_cost_usd_per_run
        if preset and "max_cost_usd_per_run" not in request.model_fields_set:
            budget = preset.max_cost_usd
        follow = Follow(
            id=follow_id,
            user_id=self.user_id,
            name=request.name or "",
            source_id=source_id,
            settings=request.applied_to(preset.settings),
            selection=request.select.to_model() if request.select else EVERYTHING,
            schedule=request.schedule_of(request.every, _default_schedule(request.every, follow_id)),
            created_at=self.now,
            updated_at=self.now,
            checked_from=self.now,
            hold_until=self.now,
            max_cost_usd_per_run=budget,
            max_cost_usd_per_month=request.max_cost_usd_per_month,
            notify=request.notify,
        )
        return self._view(self._follows.create(follow, settings().follows))

    def list_all(self) -> list[FollowView]:
        return [FollowView.model_validate(fields) for fields in self._fields(self._follows.list_of(self.user_id))]

    def get(self, follow_id: str) -> FollowWithRuns:
        follow = self._follows.get(self.user_id, follow_id)
        latest = self._follows.runs(follow)[: -_SHOWN_RUNS - 1 : -1]
        (fields,) = self._fields([follow])
        return FollowWithRuns(
            **fields,
            runs=[RunView.model_validate(run) for run in latest],
        )

    def change(self, follow_id: str, request: ChangeFollow) -> FollowView:
        """Changes, pauses or resumes the follow. A lower budget of the month also limits the batches under way.

        Raises InvalidRequest and FollowChanged.
        """
        if request.status is FollowStatus.ACTIVE:
            self._require_not_stopped()
        changed = self._follows.change(
            self.user_id, follow_id, lambda follow: self._changed(follow, request), self._lowered_budgets
        )
        return self._view(changed)

    def remove(self, follow_id: str) -> None:
        """Deletes the follow; its batches stay. Repeating this changes nothing."""
        self._follows.remove(self.user_id, follow_id, self.now)

    def renew_feed(self, follow_id: str) -> FeedView:
        """Makes a link of the follow's feed. An earlier one ends at once."""
        secret = self._feed_links.renew(self.user_id, follow_id, self.now)
        return FeedView(path=feed_path(follow_id, secret), created_at=self.now)

    def revoke_feed(self, follow_id: str) -> None:
        """Ends the link of the follow's feed at once. Repeating this changes nothing."""
        self._feed_links.revoke(self.user_id, follow_id)

    def _view(self, follow: Follow) -> FollowView:
        (fields,) = self._fields([follow])
        return FollowView.model_validate(fields)

    def _fields(self, follows: Sequence[Follow]) -> list[dict[str, Any]]:
        links = self._feed_links.list_of([follow.id for follow in follows])
        return [
            FollowView.fields_of(
                follow,
                self._follows.month_usd(follow, self.now),
                links[follow.id].created_at if follow.id in links else None,
                self.now,
            )
            for follow in follows
        ]

    def _changed(self, before: Follow, request: ChangeFollow) -> Follow:
        """Raises InvalidRequest."""
        every = request.every or before.schedule.every
        if wrong := request.unfitting(every):
            details = [{"field": field, "message": message} for field, message in wrong.items()]
            raise InvalidRequest(details[0]["message"], details)
        usual = before.schedule
        if every is not before.schedule.every and Every.HOUR in {every, before.schedule.every}:
            usual = replace(_default_schedule(every, before.id), zone=before.schedule.zone)
        after = replace(
            before,
            name=request.name or before.name,
            settings=request.applied_to(before.settings),
            selection=request.selection_of(before),
            schedule=request.schedule_of(every, usual),
            max_cost_usd_per_run=request.budget_of("max_cost_usd_per_run", before),
            max_cost_usd_per_month=request.budget_of("max_cost_usd_per_month", before),
            notify=before.notify if request.notify is None else request.notify,
            status=request.status or before.status,
        )
        after = _at_once(after, before, self.now)
        return after if after == before else replace(after, updated_at=self.now)

    def _lowered_budgets(self, before: Follow, after: Follow) -> Sequence[Record]:
        """The writes for the follow's open batches, if the budget of the month is lower than before.

        They belong to the transaction that stores that budget. A batch whose user has given it more than the month's
        budget keeps that when the follow changes in another way.
        """
        is_lower = _is_higher(before.max_cost_usd_per_month, after.max_cost_usd_per_month)
        return self._follows.lowered_budgets(after, self.now) if is_lower else ()

    def _preset(self, name: str | None) -> Preset:
        if name is None:
            return Preset(name="", settings=BatchSettings(model=DEFAULT_MODEL))
        return self._presets.get(self.user_id, name)

    @cached_property
    def _feed_links(self) -> FeedLinks:
        return FeedLinks(aws.table(settings().table_name))

    @cached_property
    def _presets(self) -> Presets:
        return Presets(aws.table(settings().table_name))


def _source_of(text: str) -> str:
    """The id of the one playlist or channel that is linked. Raises InvalidRequest."""
    links = parse_lines([text], whole_playlists=True).links
    sources = [link.target for link in links if link.status in ADDED and link.target and not link.video_id]
    if len(links) == len(sources) == 1:
        return sources[0]
    reason = next((link.reason for link in links if link.reason), None)
    message = reason or "Give one link to a playlist or channel; a single video cannot be followed."
    raise InvalidRequest(message, [{"field": "source", "message": message}])


def _default_schedule(every: Every, follow_id: str) -> Schedule:
    """Hourly follows are spread over the hour, because YouTube need not be asked about all of them at once."""
    at = f"00:{int(follow_id[-4:], 16) % 60:02}" if every is Every.HOUR else DEFAULT_TIME
    return Schedule(every=every, at=at)


def _at_once(after: Follow, before: Follow, now: datetime) -> Follow:
    """Lets the next check do what is waiting, if the follow was resumed or has a higher monthly budget.

    It then reads the source, and continues the batches that wait for a budget or for captions.
    """
    if after.status is FollowStatus.PAUSED:
        return after
    was_resumed = before.status is FollowStatus.PAUSED
    if was_resumed or _is_higher(after.max_cost_usd_per_month, before.max_cost_usd_per_month):
        waiting = dict.fromkeys(after.waiting, now)
        return replace(after, checked_from=now, hold_until=now, failures=0, problem=None, notice=None, waiting=waiting)
    if after.schedule != before.schedule:
        return replace(after, checked_from=now)
    return after


def _is_higher(budget: Decimal | None, other: Decimal | None) -> bool:
    """Whether a budget allows more than another one; None is no limit."""
    return other is not None and (budget is None or budget > other)
