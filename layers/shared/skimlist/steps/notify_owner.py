"""Notify owner: sends the notification about a batch that ended or paused itself, or about a follow, once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

from skimlist.errors import FollowNotFound, StorageUnavailable
from skimlist.events import BatchEvent
from skimlist.following.budgets import has_used_its_budget
from skimlist.following.monthly_budget import BUDGET_AGAIN_AFTER, spent_until_next_month
from skimlist.following.waiting import may_get_captions, next_try, tried_until
from skimlist.jobs.batches import Batches
from skimlist.jobs.digests import Digests
from skimlist.jobs.follows import Follows
from skimlist.jobs.notification_settings import NotificationSettingsTable
from skimlist.jobs.queue import Queue
from skimlist.jobs.results import Results
from skimlist.models.batch import Batch, BatchStatus, DigestStatus, Pause, end_of, pause_of
from skimlist.models.digest import Digest
from skimlist.models.follow import Follow, FollowStatus
from skimlist.models.notifications import NotificationEvent
from skimlist.models.summary import Summary
from skimlist.models.video import Item, VideoStatus
from skimlist.notifications.document import document, event_of, notice_document
from skimlist.notifications.follow_text import MAX_VIDEOS, RunReport, compose_notice, compose_run
from skimlist.notifications.subscriptions import recipient
from skimlist.notifications.text import Message, compose
from skimlist.notifications.topic import Notification, Notifications
from skimlist.periods import next_month
from skimlist.progress import digest_state, remaining
from skimlist.steps.clock import utc_now
from skimlist.steps.reporting import Log

_ENDED = frozenset({BatchStatus.COMPLETED, BatchStatus.FAILED})


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifyOwner:
    batches: Batches
    queue: Queue
    digests: Digests
    results: Results
    follows: Follows
    settings: NotificationSettingsTable
    topic: Notifications
    app_url: str
    log: Log
    now: Callable[[], datetime] = utc_now

    def run(self, work: BatchEvent) -> None:
        batch = self.batches.get(work.user_id, work.batch_id)
        occasion = _occasion(batch) if batch.execution.run == work.run else None
        event = event_of(batch)
        if occasion is None or event is None:
            self.log.info("no email is due", status=batch.status)
            return
        # Everything is read before the notification is claimed, because an attempt that fails later cannot claim it
        # again.
        notification, told_up_to = self._notification_about(batch, event)
        if notification is None and batch.status in _ENDED:
            # Its videos wait for captions. If these do not come, the owner is notified of the same end later.
            occasion = f"{occasion} with nothing new"
        # A request id would not tell attempts apart: Lambda repeats a failed event under the same one.
        claimant = uuid4().hex
        if not self.batches.claim_notification(batch, occasion, claimant, told_up_to=told_up_to):
            self.log.info("email was already sent, or batch was deleted", occasion=occasion)
            return
        if notification is None:
            self.log.info("nothing new to tell", occasion=occasion)
            return
        try:
            delivery = self.topic.publish(notification)
        except StorageUnavailable:
            self.batches.release_notification(batch, occasion, claimant)
            raise
        self.log.info("owner notified", occasion=occasion, delivery=delivery)

    def run_notice(self, user_id: str, follow_id: str) -> None:
        """Sends the notice of a follow, unless it was sent before."""
        follow = self.follows.get(user_id, follow_id)
        if follow.notice is None or follow.notice.told:
            self.log.info("no notice is due")
            return
        event = NotificationEvent.PAUSED
        message = compose_notice(follow, self.app_url)
        recipients = self._recipients_about(follow, event)
        notified = replace(follow, notice=replace(follow.notice, told=True))
        notified = self.follows.replace(follow, notified)
        try:
            delivery = self.topic.publish(
                Notification(
                    subject=message.subject,
                    body=message.body,
                    document=notice_document(follow, event),
                    user_id=user_id,
                    event=event,
                    recipients=recipients,
                )
            )
        except StorageUnavailable:
            self.follows.replace(notified, follow)
            raise
        self.log.info("owner notified", occasion=follow.notice.kind, delivery=delivery)

    def _notification_about(
        self, batch: Batch, event: NotificationEvent
    ) -> tuple[Notification | None, datetime | None]:
        """The notification about the batch as a run of its follow, if it has one; None if it has no news.

        The second value is the end of the last of the run's videos that it reports.
        """
        with suppress(FollowNotFound):  # it was deleted, perhaps at this moment
            if batch.follow_id:
                return self._notification_about_run(self.follows.get(batch.user_id, batch.follow_id), batch, event)
        return self._notification_about_batch(batch, event), None

    # --- A batch that nobody follows ---------------------------------------------------------------------------------

    def _notification_about_batch(self, batch: Batch, event: NotificationEvent) -> Notification:
        items = self.queue.all_items(batch)
        message = compose(batch, items, self.app_url, self.digests.find(batch.id).digest)
        return self._notification(batch, event, message, self._recipients(batch.user_id, event))

    # --- A run of a follow -------------------------------------------------------------------------------------------

    def _notification_about_run(
        self, follow: Follow, batch: Batch, event: NotificationEvent
    ) -> tuple[Notification | None, datetime | None]:
        """The notification about a run that has ended or paused; None if it has no news. Raises FollowNotFound."""
        items = self.queue.all_items(batch)
        if batch.status in _ENDED or has_used_its_budget(batch):
            return self._notification_about_news(follow, batch, items, event)
        message = compose(batch, items, self.app_url)
        return self._notification(batch, event, message, self._recipients_about(follow, event)), None

    def _notification_about_news(
        self, follow: Follow, batch: Batch, items: Sequence[Item], event: NotificationEvent
    ) -> tuple[Notification | None, datetime | None]:
        """The notification about the run's videos that have ended since the last one, and about those that wait.

        Notes in the follow when the batch continues. Repeating this changes nothing. Raises FollowNotFound.
        """
        continues_at = self._wait_for_budget(follow, batch)
        next_attempt = next_try(batch, self.now())
        waiting = [item for item in items if next_attempt and may_get_captions(item)]
        if batch.status in _ENDED:
            follow = self._note_end(follow, batch, next_attempt if waiting else None)
        ended = [item for item in items if item not in waiting and _is_unreported(item, batch)]
        events = _events_of_run(event, has_news=bool(ended), continues_soon=self._is_soon(continues_at))
        if not events:
            return None, None
        report = self._report(follow, batch, ended, waiting, continues_at)
        message = compose_run(report, self.app_url)
        told_up_to = max((item.completed_at for item in ended if item.completed_at), default=None)
        return self._notification(batch, events[0], message, self._recipients_about(follow, *events)), told_up_to

    def _report(
        self,
        follow: Follow,
        batch: Batch,
        ended: Sequence[Item],
        waiting: Sequence[Item],
        continues_at: datetime | None,
    ) -> RunReport:
        return RunReport(
            follow=follow,
            batch=batch,
            ended=ended,
            summaries=self._first_summaries(batch, ended),
            waiting=len(waiting),
            waiting_until=tried_until(batch),
            month_usd=self.follows.month_usd(follow, self.now()),
            digest=self._digest(batch),
            beyond_budget=remaining(batch) if has_used_its_budget(batch) else 0,
            continues_at=continues_at,
            continues_soon=self._is_soon(continues_at),
        )

    def _is_soon(self, continues_at: datetime | None) -> bool:
        """Whether the batch continues before the next month, whose budget it gets otherwise."""
        return continues_at is not None and continues_at < next_month(self.now())

    def _first_summaries(self, batch: Batch, items: Sequence[Item]) -> dict[str, Summary]:
        done = [item.id for item in items if item.status is VideoStatus.COMPLETED]
        return dict(self.results.iterate_ascending(batch.id, sorted(done[:MAX_VIDEOS])))

    def _digest(self, batch: Batch) -> Digest | None:
        state = digest_state(batch)
        if state is None or state.status is not DigestStatus.READY:
            return None
        return self.digests.find(batch.id).digest

    def _note_end(self, follow: Follow, batch: Batch, next_attempt: datetime | None) -> Follow:
        """Stores what the batch has cost, and when its videos without captions are tried again, if at all."""
        self.follows.note_cost(follow, batch)

        def noted(follow: Follow) -> Follow:
            others = {batch_id: at for batch_id, at in follow.waiting.items() if batch_id != batch.id}
            return replace(follow, waiting=others | ({batch.id: next_attempt} if next_attempt else {}))

        return self.follows.change(follow.user_id, follow.id, noted)

    def _wait_for_budget(self, follow: Follow, batch: Batch) -> datetime | None:
        """Notes and returns when the batch continues, if it has used up its budget.

        None if it has ended, or waits for its user, who may have paused the follow.
        """
        if not has_used_its_budget(batch):
            return None
        now, at = self.now(), None

        def noted(follow: Follow) -> Follow:
            nonlocal at
            at = self._continues_at(follow, batch, now)
            if at is None:
                return follow
            held = spent_until_next_month(follow, now, notified=True) if at == next_month(now) else follow
            return replace(held, waiting={**follow.waiting, batch.id: at})

        changed = self.follows.change(follow.user_id, follow.id, noted)
        return at if changed.status is FollowStatus.ACTIVE else None

    def _continues_at(self, follow: Follow, batch: Batch, now: datetime) -> datetime | None:
        """Returns when the batch may get a higher budget than it has used; None if its follow allows none."""
        used, of_run, of_month = batch.max_cost_usd or 0, follow.max_cost_usd_per_run, follow.max_cost_usd_per_month
        budget = self.follows.budget_to_continue(follow, batch, now)
        if budget is None or budget > used:  # its user has raised the budget, or other batches have left some of it
            return now
        if of_month is None or (of_run is not None and of_run <= used):
            return None
        if of_month - self.follows.month_usd(follow, now) + batch.cost_usd > used:
            return now + BUDGET_AGAIN_AFTER
        return next_month(now)

    # --- Notifications -----------------------------------------------------------------------------------------------

    def _recipients(self, user_id: str, *events: NotificationEvent) -> list[str]:
        """The addresses of a user who has chosen one of the events."""
        settings = self.settings.get(user_id)
        subscriptions = settings.subscriptions if {*events} & {*settings.events} else []
        return [recipient(user_id, each.protocol, each.endpoint) for each in subscriptions]

    def _recipients_about(self, follow: Follow, *events: NotificationEvent) -> list[str]:
        """The same for a follow; none if its user wants no notifications about it."""
        return self._recipients(follow.user_id, *events) if follow.notify else []

    def _notification(
        self, batch: Batch, event: NotificationEvent, message: Message, recipients: Sequence[str]
    ) -> Notification:
        return Notification(
            subject=message.subject,
            body=message.body,
            document=document(batch, event, self.app_url),
            user_id=batch.user_id,
            batch_id=batch.id,
            event=event,
            recipients=recipients,
        )


def _events_of_run(event: NotificationEvent, *, has_news: bool, continues_soon: bool) -> tuple[NotificationEvent, ...]:
    """Returns the events that a notification about a run counts as, the main one first; none without news.

    A run that has used up its budget is both `news` and `paused` if it has news.
    """
    news = (NotificationEvent.NEWS,) if has_news else ()
    if event is NotificationEvent.FAILED:
        return (event, *news)
    if event is NotificationEvent.PAUSED and (has_news or not continues_soon):
        return (*news, event)
    return news


def _is_unreported(item: Item, batch: Batch) -> bool:
    """Whether the video has ended since the owner was last told about the batch."""
    if item.status not in {VideoStatus.COMPLETED, VideoStatus.FAILED}:
        return False
    return batch.reported_up_to is None or item.completed_at is None or item.completed_at > batch.reported_up_to


def _occasion(batch: Batch) -> str | None:
    """Names the event of which the owner is to be notified, with one email for each name; None if there is none."""
    if batch.status in _ENDED:
        return end_of(batch)
    if batch.status is BatchStatus.PAUSED and batch.pause and _is_news(batch.pause):
        return pause_of(batch)
    return None


def _is_news(pause: Pause) -> bool:
    """True for the first of several pauses in a row, and for a later one that waits for the owner but is not theirs."""
    return pause.times == 1 or (pause.times > 1 and pause.until is None)
