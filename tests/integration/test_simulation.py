"""A short simulation: each seed gives one story, no promise is broken, and planted faults are found."""

from __future__ import annotations

from dataclasses import replace
from threading import Event, Thread
from typing import Any
from unittest.mock import patch

import boto3
import pytest
from botocore.client import BaseClient

from lab.simulation.run import Report, run
from skimlist.bucket import Bucket
from skimlist.jobs.attributes import SpendingRecord
from skimlist.jobs.batches import Batches
from skimlist.jobs.expressions import Update
from skimlist.jobs.notification_settings import NotificationSettingsTable
from skimlist.jobs.queue import Queue
from skimlist.jobs.spending import Limit, Reservation, Spending
from skimlist.jobs.videos import Videos
from skimlist.models.batch import Batch
from skimlist.models.notifications import NotificationSettings, Subscription
from skimlist.notifications.subscriptions import Subscriptions, recipient
from skimlist.notifications.topic import Notification
from skimlist.steps.notify_owner import NotifyOwner

SEEDS = (*range(1, 41), 88)  # in 88, the models cost what they may in a month
# A planted fault is looked for in so many seeds, until the first one that finds it.
SEEDS_OF_A_PLANTED_FAULT = 100
# The rarer ones are found first by a seed near these; which one it is changes with the code.
FIRST_SEEDS = {"not their own": 50, "not the last choice": 350}


@pytest.fixture(scope="module")
def reports() -> list[Report]:
    return [run(seed) for seed in SEEDS]


def test_no_promise_is_broken(reports: list[Report]) -> None:
    broken = [report.violation for report in reports if report.violation]
    assert not broken, "make simulate tells the story"


def test_the_same_seed_gives_the_same_story(reports: list[Report]) -> None:
    for report in reports[:3]:
        again = run(report.seed)
        assert (again.story, again.violation, again.steps) == (report.story, report.violation, report.steps)


def test_another_threads_calls_are_left_alone_and_change_no_story(reports: list[Report]) -> None:
    client = boto3.client("sqs", region_name="eu-central-1", aws_access_key_id="a", aws_secret_access_key="b")
    answered, done = Event(), Event()

    def poll() -> None:
        while not done.wait(0.001):
            client.list_queues()

    with patch.object(BaseClient, "_make_api_call", lambda *_: answered.set()):
        polling = Thread(target=poll)
        polling.start()
        try:
            again = run(reports[0].seed)
        finally:
            done.set()
            polling.join()
    assert answered.is_set()
    assert again.story == reports[0].story


def test_the_storms_meet_every_kind_of_fault(reports: list[Report]) -> None:
    met = {kind for report in reports for kind in report.met}
    assert met >= {
        *("notified", "refused", "answer_lost", "late", "stalled", "killed", "stale", "request_lost"),
        *("invocation_lost", "invocation_refused", "execution_lost", "youtube", "youtube_blocks", "model"),
        *(
            "halted",
            "paused: stopped_by_operator",
            "paused: daily_spending_reached",
            "paused: monthly_spending_reached",
        ),
    }


# --- Faults that nobody made yet; without them no run of these seeds breaks such a promise, as the first test says ---


def a_failure_is_forgotten(videos: Videos, *given: Any, **more: Any) -> bool:
    return False


def the_page_is_left_behind(queue: Queue, batch: Any, order: Any) -> None:
    """Does not serve the page of a dead execution again."""


def the_files_stay(archive: Bucket, user_id: str, batch_id: str) -> None:
    """Deletes a batch but not its exports."""


def the_index_is_believed(batches: Batches, user_id: str, batch_id: str) -> Batch:
    """Lets the sweep drive a batch that came to rest since the index was read."""
    return batches.get(user_id, batch_id)


def nothing_is_held(batches: Batches, batch: Batch, *given: Any) -> Batch:
    """Lets the sweep leave running what an operator has stopped."""
    return batch


def no_room_is_needed(spending: Spending, limit: Limit, reservation: Reservation) -> bool:
    """Reserves the price of an answer whether or not the limit allows it."""
    return spending.update(limit.key, Update(SpendingRecord.committed.add(reservation.usd))) is not None


def everybody_gets_it(subscriptions: Subscriptions, user_id: str, subscription: Subscription) -> Subscription:
    """Creates subscriptions without a filter."""
    with patch("skimlist.notifications.subscriptions.json.dumps", lambda _: "{}"):
        return SUBSCRIBE(subscriptions, user_id, subscription)


def any_event_is_told(notify: NotifyOwner, *given: Any) -> Notification:
    """Ignores the events that a user has chosen."""
    notification = NOTIFICATION(notify, *given)
    settings = notify.settings.get(notification.user_id)
    recipients = [recipient(notification.user_id, *each.address) for each in settings.subscriptions]
    return replace(notification, recipients=recipients)


def the_version_is_believed(table: NotificationSettingsTable, user_id: str, before: Any, after: Any, *_: Any) -> Any:
    """Replaces the settings whatever version is stored."""
    return REPLACE(table, user_id, table.get(user_id), after)


def it_is_forgotten(settings: Any, chosen: Any, events: Any) -> Any:
    """Does not record subscriptions that others replace."""
    return replace(CHOOSING(settings, chosen, events), leftover=())


SUBSCRIBE, NOTIFICATION = Subscriptions.subscribe, NotifyOwner._notification
REPLACE, CHOOSING = NotificationSettingsTable.replace, NotificationSettings.choosing

PLANTED = {
    "not their own": patch.object(Subscriptions, "subscribe", everybody_gets_it),
    "not as chosen": patch.object(NotifyOwner, "_notification", any_event_is_told),
    "not the last choice": patch.object(NotificationSettingsTable, "replace", the_version_is_believed),
    "left subscribed": patch.object(NotificationSettings, "choosing", it_is_forgotten),
    "asked while halted": patch.object(Batches, "pause_after_current", nothing_is_held),
    "driven at rest": patch.object(Batches, "find_active", the_index_is_believed),
    "above a limit": patch.object(Spending, "_reserve_within", no_room_is_needed),
    "does not heal": patch.object(Videos, "fail", a_failure_is_forgotten),
    "conservation": patch.object(Queue, "_unfinished_page", the_page_is_left_behind),
    "left behind": patch.object(Bucket, "delete_batch", the_files_stay),
}


@pytest.mark.parametrize("kind", PLANTED)
def test_a_planted_fault_is_found_and_ends_its_story(kind: str) -> None:
    with PLANTED[kind]:
        first = FIRST_SEEDS.get(kind, 1)
        reports = (run(seed) for seed in range(first, first + SEEDS_OF_A_PLANTED_FAULT))
        found = next(report for report in reports if report.violation and report.violation.kind == kind)
    assert found.story[-1].what.startswith(f"VIOLATION {kind}")
