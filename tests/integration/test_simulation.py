"""A short simulation: each seed gives one story, no promise is broken, and planted faults are found."""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile
from threading import Event, Thread
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import boto3
import pytest
from botocore.client import BaseClient

from lab.simulation.clients import Client
from lab.simulation.operator import Operator
from lab.simulation.run import Report, run
from skimlist import selecting
from skimlist.bucket import Bucket
from skimlist.jobs.attributes import SpendingRecord
from skimlist.jobs.batches import Batches
from skimlist.jobs.expressions import Update
from skimlist.jobs.follows import seen_record
from skimlist.jobs.queue import Queue
from skimlist.jobs.spending import Limit, Reservation, Spending
from skimlist.jobs.videos import Videos
from skimlist.models.batch import Batch
from skimlist.models.follow import Follow
from skimlist.models.notifications import NotificationSettings
from skimlist.models.playlist import PlaylistEntry
from skimlist.models.selection import Selection
from skimlist.notifications.subscriptions import recipient
from skimlist.notifications.topic import Notification
from skimlist.selecting import Choice, SearchEnd
from skimlist.steps.check_follows import CheckFollows
from skimlist.steps.notify_owner import NotifyOwner

# Together they meet every kind of fault. Which seeds meet it changes with the code; then others may take their place.
SEEDS = (9, 41, 46, 53)
# These are run once more: a seed with many faults, and a short one.
LONG_SEED, SHORT_SEED = 9, 41
# A planted fault is looked for in so many seeds, until the first one that has it.
SEEDS_OF_A_RARITY = 100
# Some are found soonest by these; which seed it is changes with the code, and the search goes on from here.
FIRST_SEEDS = {
    "an old video": 108,
    "a video is lost: a selected one": 10,
    "starved: of selected videos": 34,
    "not as chosen": 9,
    "asked while halted": 7,
    "driven at rest": 5,
    "above a limit": 9,
    "does not heal": 8,
    "conservation": 4,
    "left behind": 4,
    "left subscribed": 4,
    "not their own": 10,
}

KINDS_OF_FAULTS = {
    *("notified", "refused", "answer_lost", "late", "stalled", "killed", "stale", "request_lost"),
    *("invocation_lost", "invocation_refused", "execution_lost", "youtube", "youtube_blocks", "silent_page"),
    *(
        "model",
        "halted",
        "paused: stopped_by_operator",
        "paused: daily_spending_reached",
        "paused: monthly_spending_reached",
    ),
}
A_YEAR = 365 * 24 * 3600.0


@pytest.fixture(scope="module")
def reports() -> dict[int, Report]:
    return {seed: run(seed) for seed in SEEDS}


def test_no_promise_is_broken(reports: dict[int, Report]) -> None:
    broken = [report.violation for report in reports.values() if report.violation]
    assert not broken, "make simulate tells the story"


def test_the_same_seed_gives_the_same_story(reports: dict[int, Report]) -> None:
    report, again = reports[LONG_SEED], run(LONG_SEED)
    assert (again.story, again.violation, again.steps) == (report.story, report.violation, report.steps)


def test_another_threads_calls_are_left_alone_and_change_no_story(reports: dict[int, Report]) -> None:
    client = boto3.client("sqs", region_name="eu-central-1", aws_access_key_id="a", aws_secret_access_key="b")
    answered, done = Event(), Event()

    def poll() -> None:
        while not done.wait(0.001):
            client.list_queues()

    with patch.object(BaseClient, "_make_api_call", lambda *_: answered.set()):
        polling = Thread(target=poll)
        polling.start()
        try:
            again = run(SHORT_SEED)
        finally:
            done.set()
            polling.join()
    assert answered.is_set()
    assert again.story == reports[SHORT_SEED].story


def test_a_run_that_fails_ends_what_its_processes_began() -> None:
    """A process that waits in a context would otherwise leave it too late, or never: what it patches stays patched."""
    real, left = BaseClient._make_api_call, list[str]()

    def wait(operator: Operator, _halts: int) -> None:
        try:
            operator._world.scheduler.sleep(A_YEAR)
        finally:
            left.append("the operator")

    def fail(client: Client, _visits: int) -> None:
        client.world.scheduler.sleep(1)
        raise LookupError("a mistake in the simulation")

    with patch.object(Operator, "work", wait), patch.object(Client, "live", fail), pytest.raises(LookupError) as caught:
        run(SHORT_SEED)
    assert left == ["the operator"]
    assert BaseClient._make_api_call is real
    assert caught.tb  # it keeps the unfinished processes in memory, as a failed test does


def test_the_storms_meet_every_kind_of_fault(reports: dict[int, Report]) -> None:
    missing = KINDS_OF_FAULTS.difference(*(report.met for report in reports.values()))
    for seed in range(max(SEEDS) + 1, max(SEEDS) + SEEDS_OF_A_RARITY):
        if missing:
            missing -= run(seed).met.keys()
    assert not missing


# --- Planted faults; without them, no run of these seeds breaks a promise, as the first test shows ---


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


def nothing_more_is_noted(follow: Follow, video_ids: Any) -> dict[str, Any]:
    """Keeps only those videos as seen that the source had at first."""
    return seen_record(follow, AT_FIRST.setdefault(follow.id, video_ids))


def nothing_is_older(source: Any, seen: Any, since: Any) -> list[Any]:
    """Takes every video of a channel for new that has hidden those that were known."""
    return []


def no_batch_is_made(check: CheckFollows, follow: Follow, entries: Any, seen: Any) -> None:
    """Notes new videos as seen, and ends."""
    ids = [*seen, *(entry.video_id for entry in entries)]
    check.follows.replace(follow, follow, {"Put": {"Item": seen_record(follow, ids)}})


def one_too_few_is_kept(selection: Selection, *given: Any, **more: Any) -> list[Choice]:
    """Leaves out one more of a source's new videos than a selection of the newest asks for."""
    newest = selection.newest and selection.newest - 1
    return CHOOSE(replace(selection, newest=newest), *given, **more)


def a_read_ends_early(end: SearchEnd, entry: PlaylistEntry) -> bool:
    """Reads a channel no further than its newest wanted videos, whether or not a seen one is among them."""
    end._lists_seen = True
    return IS_LAST(end, entry)


def one_stops_the_others(check: CheckFollows, *given: Any) -> list[Follow]:
    """Looks at no follow that comes after one with a problem."""
    return [*takewhile(lambda follow: not follow.problem, FIND_DUE(check, *given))]


def any_event_is_told(notify: NotifyOwner, *given: Any) -> Notification:
    """Ignores the events that a user has chosen."""
    notification = NOTIFICATION(notify, *given)
    settings = notify.settings.get(notification.user_id)
    recipients = [recipient(notification.user_id, *each.address) for each in settings.subscriptions]
    return replace(notification, recipients=recipients)


def it_is_forgotten(settings: Any, chosen: Any, events: Any) -> Any:
    """Does not record subscriptions that others replace."""
    return replace(CHOOSING(settings, chosen, events), leftover=())


NOTIFICATION = NotifyOwner._notification
FIND_DUE = CheckFollows._find_due
IS_LAST, CHOOSE = SearchEnd.is_last, selecting.choose
AT_FIRST: dict[str, Any] = {}
CHOOSING = NotificationSettings.choosing

# By the kind of the promise that they break.
PLANTED = {
    "a video twice": patch("skimlist.steps.check_follows.seen_record", nothing_more_is_noted),
    "an old video": patch("skimlist.steps.check_follows.older_entries", nothing_is_older),
    "a video is lost": patch.object(CheckFollows, "_make_batch", no_batch_is_made),
    "a video is lost: a selected one": patch("skimlist.steps.check_follows.choose", one_too_few_is_kept),
    "starved": patch.object(CheckFollows, "_find_due", one_stops_the_others),
    "starved: of selected videos": patch.object(SearchEnd, "is_last", a_read_ends_early),
    "news twice": patch("skimlist.steps.notify_owner._is_unreported", lambda *_: True),
    # Creates subscriptions without a filter.
    "not their own": patch("skimlist.notifications.subscriptions.json", SimpleNamespace(dumps=lambda _: "{}")),
    "not as chosen": patch.object(NotifyOwner, "_notification", any_event_is_told),
    "left subscribed": patch.object(NotificationSettings, "choosing", it_is_forgotten),
    "asked while halted": patch.object(Batches, "pause_after_current", nothing_is_held),
    "driven at rest": patch.object(Batches, "find_active", the_index_is_believed),
    "above a limit": patch.object(Spending, "_reserve_within", no_room_is_needed),
    "does not heal": patch.object(Videos, "fail", a_failure_is_forgotten),
    "conservation": patch.object(Queue, "_rest_of_current_page", the_page_is_left_behind),
    "left behind": patch.object(Bucket, "delete_batch", the_files_stay),
}


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_found_and_ends_its_story(fault: str) -> None:
    kind, _, _ = fault.partition(":")
    with PLANTED[fault]:
        first = FIRST_SEEDS.get(fault, 1)
        reports = (run(seed) for seed in range(first, first + SEEDS_OF_A_RARITY))
        found = next(report for report in reports if report.violation and report.violation.kind == kind)
    assert found.story[-1].what.startswith(f"VIOLATION {kind}")
