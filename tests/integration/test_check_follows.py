"""Looking at what users follow: what is new becomes a batch, once, within the budget, and its owner is told."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, cast
from unittest.mock import Mock

import boto3
import pytest
import time_machine

from local.youtube import FakeYouTube
from local.youtube.synthetic import synthetic_id, synthetic_video
from skimlist import aws
from skimlist.errors import (
    BudgetReached,
    CaptionsDisabled,
    ChannelEmpty,
    DigestOverBudget,
    FollowOwnerDeleted,
    PlaylistEmpty,
    PlaylistPrivate,
    PlaylistUnavailable,
    SkimlistError,
    StepCrashed,
    StorageUnavailable,
    VideoUnavailable,
    YouTubeBlocked,
    YouTubeUnreachable,
)
from skimlist.following.waiting import continues_at
from skimlist.jobs.attributes import BatchRecord
from skimlist.jobs.expressions import Update
from skimlist.jobs.follows import Follows, seen_record
from skimlist.jobs.halts import Halts
from skimlist.jobs.notification_settings import NotificationSettingsTable
from skimlist.jobs.quotas import Quotas
from skimlist.log import UnexpectedError
from skimlist.models.batch import Batch, BatchRun, BatchStatus
from skimlist.models.follow import Every, Follow, FollowStatus, Notice, NoticeKind, Schedule
from skimlist.models.notifications import NotificationEvent, NotificationSettings, Protocol, Subscription
from skimlist.models.playlist import Playlist, PlaylistEntry, UploadTime
from skimlist.models.selection import Selection
from skimlist.models.settings import BatchSettings, SummaryOptions
from skimlist.models.video import Item, VideoStatus
from skimlist.youtube.followed_sources import FollowedSources
from testkit.account import Account, FunctionsOf
from testkit.api_client import Client
from testkit.batches import a_summary
from testkit.functions import Context, load_function
from tests.fakes.youtube import InProcess

SOURCES = load_function("check_follows")._sources
BEGIN = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)  # a Monday
SOURCE = "PLo2EIpI_JMQvWfQndUesu0nPBAtZ9gP1o"


def video(number: int) -> str:
    return f"video_{number:05d}"


@dataclass
class FakeSources:
    """Playlists by id; an error is raised in place of its playlist."""

    playlists: dict[str, list[str] | SkimlistError] = field(default_factory=dict)
    read_ids: list[str] = field(default_factory=list)
    lengths: dict[str, int] = field(default_factory=dict)
    uploaded: dict[str, datetime] = field(default_factory=dict)
    awaited: set[str] = field(default_factory=set)
    channels: dict[str, str] = field(default_factory=dict)
    limit: int = 5_000

    def has_news(self, _source_id: str, _seen: Any) -> bool:
        return True

    def read(self, follow: Follow, _seen: Any) -> Playlist:
        source_id = follow.lasting_source_id
        self.read_ids.append(source_id)
        found = self.playlists[source_id]
        if isinstance(found, SkimlistError):
            raise found
        entries = tuple(
            PlaylistEntry(
                video_id=each,
                title=f"Talk {each}",
                duration_seconds=self.lengths.get(each),
                is_awaited=each in self.awaited,
                uploaded=UploadTime.exactly(self.uploaded[each]) if each in self.uploaded else None,
            )
            for each in found[: self.limit]
        )
        channel_id = self.channels.get(source_id)
        return Playlist(
            id=channel_id or source_id,
            title="Talks",
            channel=None,
            entries=entries,
            truncated=len(found) > self.limit,
            newest_first=channel_id is not None,
        )


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(BEGIN, tick=False) as traveller:
        yield traveller


@pytest.fixture
def sources(monkeypatch: pytest.MonkeyPatch) -> FakeSources:
    fake = FakeSources({SOURCE: [video(1), video(2)]})
    monkeypatch.setattr(load_function("check_follows"), "_sources", lambda: fake)
    return fake


@pytest.fixture
def follows(account: Account, clock: Any, sources: FakeSources, monkeypatch: pytest.MonkeyPatch) -> Follows:
    assert clock
    assert sources
    monkeypatch.setattr(load_function("check_follows"), "aws", FunctionsOf(account))
    assert account.mailbox
    assert account.bucket
    add_to_pool(account, "ada")
    return Follows(account.table)


def add_to_pool(account: Account, user_id: str) -> None:
    user: Any = {"UserPoolId": account.user_pool_id, "Username": f"{user_id}@example.com"}
    cognito = boto3.client("cognito-idp")
    cognito.admin_create_user(**user)
    cognito.admin_update_user_attributes(**user, UserAttributes=[{"Name": "sub", "Value": user_id}])


def delete_from_pool(account: Account, user_id: str) -> None:
    cognito = boto3.client("cognito-idp")
    cognito.admin_delete_user(UserPoolId=account.user_pool_id, Username=f"{user_id}@example.com")


def a_follow(follows: Follows, **changes: Any) -> Follow:
    now = datetime.now(UTC)
    follow = Follow(
        id="019c51a2",
        user_id="ada",
        name="Talks",
        source_id=SOURCE,
        settings=BatchSettings(model="extractive"),
        schedule=Schedule(every=Every.DAY, at="07:00"),
        created_at=now,
        updated_at=now,
        checked_from=now,
        hold_until=now,
    )
    return follows.create(replace(follow, **changes), 0)


def check(account: Account) -> None:
    account.invoke("check_follows", {})


def find_news(
    account: Account, follows: Follows, sources: FakeSources, clock: Any, video_ids: list[str], **changes: Any
) -> None:
    """Makes a follow whose source has these videos, instead of its first ones, when it is checked an hour later."""
    a_follow(follows, **changes)
    check(account)
    sources.playlists[SOURCE] = [*video_ids]
    clock.move_to(BEGIN + timedelta(minutes=62))
    check(account)


def now_follow(follows: Follows, follow_id: str = "019c51a2") -> Follow:
    return follows.get("ada", follow_id)


def batches(account: Account) -> list[Batch]:
    found, _ = account.batches.list_newest_first("ada", 50)
    return found[::-1]


def videos_of(account: Account, batch: Batch) -> list[str]:
    return [item.video_id for item in account.queue.all_items(batch)]


def finish(account: Account, batch: Batch, *failures: SkimlistError | None, usd: str = "0.01") -> None:
    """Summarizes every waiting video, or fails those for which there is an error, and tells the owner."""
    batch = account.batches.get(batch.user_id, batch.id)
    if batch.status is BatchStatus.PENDING:
        batch = account.batches.begin(batch, datetime.now(UTC))
    run = BatchRun(batch.user_id, batch.id, batch.execution.run)
    waiting = [item for item in account.queue.all_items(batch) if item.status is VideoStatus.PENDING]
    for item, error in zip(waiting, [*failures, *[None] * len(waiting)], strict=False):
        clock = datetime.now(UTC)
        if error:
            account.videos.fail(run, Item(id=item.id, video_id=item.video_id, error=error.as_problem()), clock)
        else:
            summary = replace(a_summary(int(item.video_id[-5:])), video_id=item.video_id)
            account.results.put(batch.user_id, batch.id, item.id, summary, clock)
            done = replace(item, cost_usd=Decimal(usd), tldr=summary.tldr)
            account.videos.complete(run, done, Decimal(0), clock)
    account.batches.complete(account.batches.get(batch.user_id, batch.id), datetime.now(UTC))
    notify(account, batch)


def finish_one(account: Account, batch: Batch, usd: str = "0.01") -> None:
    """Summarizes the first waiting video of a batch that continues."""
    batch = account.batches.begin(batch, datetime.now(UTC))
    item = account.queue.all_items(batch)[0]
    summary = replace(a_summary(int(item.video_id[-5:])), video_id=item.video_id)
    account.results.put(batch.user_id, batch.id, item.id, summary, datetime.now(UTC))
    run = BatchRun(batch.user_id, batch.id, batch.execution.run)
    account.videos.complete(run, replace(item, cost_usd=Decimal(usd)), Decimal(0), datetime.now(UTC))


def pause_at_budget(account: Account, batch: Batch) -> None:
    """Pauses a batch whose next video would exceed its budget, and tells the owner."""
    batch = account.batches.get(batch.user_id, batch.id)
    if batch.status is BatchStatus.PENDING:
        batch = account.batches.begin(batch, datetime.now(UTC))
    account.batches.pause_for(batch, BudgetReached(), datetime.now(UTC))
    account.batches.park(account.batches.get(batch.user_id, batch.id), datetime.now(UTC))
    notify(account, batch)


@pytest.fixture
def paused_run(account: Account, follows: Follows, sources: FakeSources, clock: Any) -> Batch:
    """A run of one video that has paused, because it has used the follow's budget for the month."""
    find_news(account, follows, sources, clock, [video(3)], max_cost_usd_per_month=Decimal("0.30"))
    (batch,) = batches(account)
    pause_at_budget(account, batch)
    return batch


def notify(account: Account, batch: Batch) -> None:
    batch = account.batches.get(batch.user_id, batch.id)
    account.invoke("notify_owner", {"user_id": batch.user_id, "batch_id": batch.id, "run": batch.execution.run})


def mails(account: Account) -> list[str]:
    return [mail["Message"] for mail in account.read_mail()]


def test_videos_at_the_first_check_are_not_new(account: Account, follows: Follows, clock: Any) -> None:
    a_follow(follows, name="")
    check(account)
    follow = now_follow(follows)
    assert (follow.title, follow.name, follow.hold_until) == ("Talks", "Talks", None)
    assert follows.seen(follow) == (video(1), video(2))
    assert batches(account) == []
    clock.move_to(BEGIN + timedelta(days=1, hours=1))
    check(account)
    assert batches(account) == []
    assert now_follow(follows) == follow


def test_new_videos_become_a_batch_with_the_settings_of_the_follow(
    account: Account, follows: Follows, sources: FakeSources, clock: Any
) -> None:
    a_follow(follows, max_cost_usd_per_run=Decimal("0.5"))
    check(account)
    sources.playlists[SOURCE] = [video(1), video(2), video(3), video(4)]
    clock.move_to(BEGIN + timedelta(minutes=59))
    check(account)
    assert batches(account) == []  # it is not seven yet
    clock.move_to(BEGIN + timedelta(minutes=62))
    check(account)
    (batch,) = batches(account)
    assert (batch.name, batch.total, batch.max_cost_usd) == ("Talks · 2026-11-02", 2, Decimal("0.5"))
    assert (batch.status, batch.follow_id) == (BatchStatus.PENDING, "019c51a2")
    assert [item.title for item in account.queue.all_items(batch)] == [f"Talk {video(3)}", f"Talk {video(4)}"]
    assert account.executions() == [batch.id]
    assert now_follow(follows).last_batch_id == batch.id
    for hours in (2, 24, 48):
        clock.move_to(BEGIN + timedelta(hours=hours, minutes=5))
        check(account)
    assert batches(account) == [batch]


def test_a_check_without_news_writes_only_the_progress_of_its_round(
    account: Account, follows: Follows, clock: Any
) -> None:
    a_follow(follows)
    a_follow(follows, id="019c51a3")
    check(account)
    before = account.table.scan()["Items"]
    clock.move_to(BEGIN + timedelta(minutes=62))
    check(account)
    assert account.calls.count("dynamodb:PutItem") == 1
    unwanted = {"dynamodb:UpdateItem", "dynamodb:BatchWriteItem", "states:StartExecution", "cognito-idp:ListUsers"}
    assert not unwanted & {*account.calls}
    changed = [record for record in account.table.scan()["Items"] if record not in before]
    assert [record["pk"] for record in changed] == ["FOLLOW_CHECKS"]
    assert mails(account) == []


def test_a_round_in_which_nothing_is_due_writes_nothing(account: Account, follows: Follows, clock: Any) -> None:
    a_follow(follows)
    check(account)
    clock.move_to(BEGIN + timedelta(minutes=30))
    check(account)
    assert not [call for call in account.calls if "Put" in call or "Update" in call or "Write" in call]


def test_after_an_outage_there_is_one_run(account: Account, follows: Follows, sources: FakeSources, clock: Any) -> None:
    a_follow(follows, schedule=Schedule(every=Every.HOUR, at="00:30"))
    check(account)
    sources.playlists[SOURCE] = [video(number) for number in range(1, 6)]
    clock.move_to(BEGIN + timedelta(days=2))
    sources.read_ids.clear()
    for _ in range(3):
        check(account)
    assert sources.read_ids == [SOURCE]
    assert [batch.total for batch in batches(account)] == [3]


def test_two_rounds_at_once_make_one_batch(
    account: Account, follows: Follows, sources: FakeSources, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_follow(follows)
    check(account)
    sources.playlists[SOURCE] = [video(3)]
    clock.move_to(BEGIN + timedelta(minutes=62))
    read = sources.read

    def read_meanwhile(follow: Follow, seen: Any) -> Playlist:
        monkeypatch.setattr(sources, "read", read)
        with account.meanwhile():
            check(account)
        return read(follow, seen)

    monkeypatch.setattr(sources, "read", read_meanwhile)
    check(account)
    assert [batch.total for batch in batches(account)] == [1]
    assert len(account.executions()) == 1


def test_a_round_that_is_cut_off_is_repeated_by_the_next_one(
    account: Account, follows: Follows, sources: FakeSources, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = ["019c51a2", "019c51a3", "019c51a4"]
    for follow_id in ids:
        a_follow(follows, id=follow_id)
    check(account)
    sources.playlists[SOURCE] = [video(3)]
    clock.move_to(BEGIN + timedelta(minutes=62))
    monkeypatch.setattr("skimlist.steps.check_follows._CHECKED_AT_ONCE", 1)
    left = iter([300, 300, 1])
    monkeypatch.setattr(Context, "get_remaining_time_in_millis", lambda _self: 1000 * next(left))
    check(account)
    assert len(batches(account)) == 2
    monkeypatch.setattr(Context, "get_remaining_time_in_millis", lambda _self: 300_000)
    sources.read_ids.clear()
    clock.move_to(BEGIN + timedelta(minutes=67))
    check(account)
    assert sources.read_ids == [SOURCE]
    assert {batch.follow_id for batch in batches(account)} == {*ids}


def test_the_email_of_a_run_can_be_read_without_opening_the_app(
    account: Account, follows: Follows, sources: FakeSources, clock: Any
) -> None:
    find_news(account, follows, sources, clock, [video(3), video(4), video(5)], max_cost_usd_per_month=Decimal(2))
    (batch,) = batches(account)
    finish(account, batch, None, VideoUnavailable(), usd="0.25")
    (message,) = account.read_mail()
    assert message["Subject"] == 'Skimlist: "Talks": 2 new videos'
    text = message["Message"]
    assert f"Talk {video(3)}" in text
    assert a_summary(3).tldr[:60] in text
    assert "https://youtu.be/video_00003?t=" in text
    assert VideoUnavailable.message in text
    assert "This run has cost $0.50, all runs of this month $0.50 of at most $2.00." in text
    assert f"https://skimlist.example/#/batch/{batch.id}" in text
    assert text.endswith("https://skimlist.example/#/follows\n")
    notify(account, batch)
    assert mails(account) == []


def test_the_email_of_a_run_follows_the_order_that_its_user_chose(
    account: Account, follows: Follows, sources: FakeSources, clock: Any
) -> None:
    find_news(account, follows, sources, clock, [video(3), video(4)])
    (batch,) = batches(account)
    account.reorder(2, 1, batch_id=batch.id)
    titles = [item.title for item in account.queue.all_items(batch)]
    finish(account, batch, None, None)
    (text,) = mails(account)
    assert text.index(titles[0]) < text.index(titles[1])
    assert all(a_summary(number).tldr[:60] in text for number in (3, 4))


def test_videos_without_captions_are_tried_again_for_three_days_and_then_left(
    account: Account, follows: Follows, sources: FakeSources, clock: Any
) -> None:
    find_news(account, follows, sources, clock, [video(3), video(4)])
    (batch,) = batches(account)
    finish(account, batch, CaptionsDisabled(), CaptionsDisabled())
    assert mails(account) == []
    assert account.batches.list_active() == []
    tries = 0
    told: list[str] = []
    for hour in range(2, 24 * 4, 2):
        clock.move_to(BEGIN + timedelta(hours=hour))
        check(account)
        if account.batches.get("ada", batch.id).status is BatchStatus.PROCESSING:
            tries += 1
            finish(account, batch, *([CaptionsDisabled()] * (1 if tries == 4 else 2)))
            told += mails(account)
    assert tries == 11
    assert len(told) == 2
    assert f"Talk {video(4)}" in told[0]
    assert "1 further video has no captions yet" in told[0]
    assert f"Talk {video(3)}" in told[1]
    assert CaptionsDisabled.message in told[1]
    assert now_follow(follows).waiting == {}
    assert [each.total for each in batches(account)] == [2]


def test_a_premiere_is_new_once_it_has_ended(
    account: Account, follows: Follows, sources: FakeSources, clock: Any
) -> None:
    """Also one that was announced before the source was followed."""
    sources.playlists[SOURCE] = [video(1), video(2)]
    sources.awaited = {video(2), video(3)}
    a_follow(follows, selection=Selection(premieres=False))  # it is not known of every premiere that it is one
    check(account)
    assert follows.seen(now_follow(follows)) == (video(1),)
    sources.playlists[SOURCE] = [video(1), video(2), video(3)]
    for day in (0, 1):
        clock.move_to(BEGIN + timedelta(days=day, minutes=62))
        check(account)
    assert batches(account) == []
    assert follows.seen(now_follow(follows)) == (video(1),)
    sources.awaited = {video(3)}
    clock.move_to(BEGIN + timedelta(days=2, minutes=62))
    check(account)
    sources.awaited = set()
    clock.move_to(BEGIN + timedelta(days=3, minutes=62))
    check(account)
    titles = [[item.title for item in account.queue.all_items(batch)] for batch in batches(account)]
    assert titles == [[f"Talk {video(2)}"], [f"Talk {video(3)}"]]


def test_a_source_that_is_gone_pauses_the_follow_after_a_second_check_and_its_owner_is_notified_once(
    account: Account, follows: Follows, sources: FakeSources, clock: Any
) -> None:
    a_follow(follows)
    check(account)
    sources.playlists[SOURCE] = PlaylistUnavailable()
    clock.move_to(BEGIN + timedelta(minutes=62))
    check(account)
    assert now_follow(follows).status is FollowStatus.ACTIVE
    told = []
    for minutes in (64, 122, 127, 1440, 4000):
        clock.move_to(BEGIN + timedelta(minutes=minutes))
        check(account)
        told += mails(account)
    follow = now_follow(follows)
    assert follow.status is FollowStatus.PAUSED
    assert follow.problem == PlaylistUnavailable().as_problem()
    (text,) = told
    assert "can no longer be read" in text
    assert PlaylistUnavailable.message in text
    assert text.endswith("https://skimlist.example/#/follows\n")
    assert sources.read_ids == [SOURCE] * 3


def test_a_source_that_is_gone_for_a_moment_stays_followed(
    account: Account, follows: Follows, sources: FakeSources, clock: Any
) -> None:
    a_follow(follows)
    check(account)
    sources.playlists[SOURCE] = PlaylistUnavailable()
    clock.move_to(BEGIN + timedelta(minutes=62))
    check(account)
    sources.playlists[SOURCE] = [video(9)]
    clock.move_to(BEGIN + timedelta(minutes=127))
    check(account)
    assert (now_follow(follows).problem, now_follow(follows).failures) == (None, 0)
    assert len(batches(account)) == 1


def test_a_source_that_was_private_for_a_day_gives_its_new_videos_when_its_follow_is_resumed(
    account: Account, ada: Client, follows: Follows, sources: FakeSources, clock: Any
) -> None:
    a_follow(follows, schedule=Schedule(every=Every.HOUR, at="00:00"))
    check(account)
    sources.playlists[SOURCE] = PlaylistPrivate()
    for hours in range(1, 25):
        clock.move_to(BEGIN + timedelta(hours=hours, minutes=2))
        check(account)
    assert len(mails(account)) == 1
    sources.playlists[SOURCE] = [video(1), video(2), video(3)]
    check(account)
    assert batches(account) == []
    ada.patch("/follows/019c51a2", {"status": "active"})
    check(account)
    (batch,) = batches(account)
    assert videos_of(account, batch) == [video(3)]
    assert now_follow(follows).problem is None


def test_a_block_stops_the_round_which_continues_later(
    account: Account, follows: Follows, sources: FakeSources, clock: Any
) -> None:
    for number in (2, 3, 4):
        a_follow(follows, id=f"019c51a{number}", source_id=f"{SOURCE}{number}")
        sources.playlists[f"{SOURCE}{number}"] = [video(1)]
    check(account)
    before = [now_follow(follows, f"019c51a{number}") for number in (2, 3, 4)]
    sources.playlists[f"{SOURCE}3"] = YouTubeBlocked()
    clock.move_to(BEGIN + timedelta(minutes=62))
    check(account)
    sources.read_ids.clear()
    clock.move_to(BEGIN + timedelta(minutes=64))
    check(account)
    assert sources.read_ids == []
    assert [now_follow(follows, f"019c51a{number}") for number in (2, 3, 4)] == before
    sources.playlists[f"{SOURCE}3"] = [video(1), video(2)]
    clock.move_to(BEGIN + timedelta(minutes=68))
    check(account)
    assert {*sources.read_ids} == {f"{SOURCE}3", f"{SOURCE}4"}
    assert [batch.follow_id for batch in batches(account)] == ["019c51a3"]
    assert mails(account) == []


def test_one_source_that_is_not_reached_does_not_stop_the_others(
    account: Account, follows: Follows, sources: FakeSources, clock: Any
) -> None:
    for number in (2, 3):
        a_follow(follows, id=f"019c51a{number}", source_id=f"{SOURCE}{number}")
        sources.playlists[f"{SOURCE}{number}"] = []
    check(account)
    sources.playlists[f"{SOURCE}2"] = YouTubeUnreachable()
    sources.playlists[f"{SOURCE}3"] = [video(1)]
    clock.move_to(BEGIN + timedelta(minutes=62))
    check(account)
    failed = now_follow(follows, "019c51a2")
    assert failed.problem == YouTubeUnreachable().as_problem()
    assert failed.hold_until == BEGIN + timedelta(minutes=67)
    assert [batch.follow_id for batch in batches(account)] == ["019c51a3"]


def test_the_budget_of_the_month_is_kept_and_waiting_videos_continue_in_the_next(
    account: Account, follows: Follows, sources: FakeSources, clock: Any
) -> None:
    a_follow(follows, max_cost_usd_per_month=Decimal("0.30"), max_cost_usd_per_run=Decimal("0.25"))
    check(account)
    sources.playlists[SOURCE] = [video(3)]
    clock.move_to(BEGIN + timedelta(minutes=62))
    check(account)
    (first,) = batches(account)
    assert first.max_cost_usd == Decimal("0.25")
    finish(account, first, usd="0.20")
    sources.playlists[SOURCE] = [video(3), video(4), video(5)]
    clock.move_to(BEGIN + timedelta(days=1, hours=2))
    check(account)
    second = batches(account)[-1]
    assert second.max_cost_usd == Decimal("0.10")
    pause_at_budget(account, second)
    assert len(mails(account)) == 2
    sources.playlists[SOURCE] = [video(number) for number in range(3, 9)]
    for day in (2, 3, 28):
        clock.move_to(BEGIN + timedelta(days=day, hours=2))
        check(account)
        assert mails(account) == []
    assert len(batches(account)) == 2
    clock.move_to(datetime(2026, 12, 1, 0, 3, tzinfo=UTC))
    check(account)
    second = account.batches.get("ada", second.id)
    assert (second.status, second.max_cost_usd) == (BatchStatus.PROCESSING, Decimal("0.25"))
    third = batches(account)[-1]
    assert (third.total, third.max_cost_usd) == (3, Decimal("0.05"))
    finish(account, second, usd="0.10")
    follow = now_follow(follows)
    assert follows.month_usd(follow, datetime.now(UTC)) == Decimal("0.20")
    assert follows.month_usd(follow, BEGIN) == Decimal("0.20")
    account.table.delete_item(Key={"pk": "USER#ada", "sk": f"BATCH#{first.id}"})
    assert follows.month_usd(follow, BEGIN) == Decimal("0.20")


def test_a_run_that_has_used_its_budget_holds_up_no_other(
    account: Account, ada: Client, follows: Follows, sources: FakeSources, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither its slot nor what is left of its budget is kept for it, until its user resumes it."""
    monkeypatch.setattr("skimlist.config.Settings.batches_at_once", 1)
    budgets = {"max_cost_usd_per_run": Decimal("0.20"), "max_cost_usd_per_month": Decimal("0.30")}
    find_news(account, follows, sources, clock, [video(3), video(4)], **budgets)
    (first,) = batches(account)
    pause_at_budget(account, first)
    assert now_follow(follows).waiting == {}  # its user decides about it, not the next month
    sources.playlists[SOURCE] = [video(3), video(4), video(5)]
    clock.move_to(BEGIN + timedelta(days=1, minutes=62))
    check(account)
    second = batches(account)[-1]
    assert (second.total, second.max_cost_usd) == (1, Decimal("0.20"))
    assert (now_follow(follows).problem, now_follow(follows).hold_until) == (None, None)
    assert account.batches.get("ada", first.id).status is BatchStatus.PAUSED
    refused = ada.post(f"/batch/{first.id}/resume", {"max_cost_usd": 1})
    assert refused.json["error"]["code"] == "too_many_batches"
    finish(account, second)
    clock.shift(timedelta(minutes=2))
    assert ada.post(f"/batch/{first.id}/resume", {"max_cost_usd": 1}).status == 202


def test_new_videos_wait_while_nothing_is_left_of_the_budget_and_their_owner_is_notified_once(
    account: Account, follows: Follows, sources: FakeSources, clock: Any
) -> None:
    find_news(account, follows, sources, clock, [video(3)], max_cost_usd_per_month=Decimal("0.30"))
    finish(account, batches(account)[0], usd="0.30")
    assert len(mails(account)) == 1
    sources.playlists[SOURCE] = [video(3), video(4)]
    told = []
    for day in range(1, 29):
        clock.move_to(BEGIN + timedelta(days=day, hours=2))
        check(account)
        told += mails(account)  # the mailbox keeps them for four days
    assert len(batches(account)) == 1
    (text,) = told
    assert "Next check: 2026-12-01 00:00 UTC." in text
    clock.move_to(datetime(2026, 12, 1, 0, 3, tzinfo=UTC))
    check(account)
    assert [batch.total for batch in batches(account)] == [1, 1]
    assert now_follow(follows).notice is None


def test_no_source_is_checked_for_a_user_whom_the_operator_has_stopped(
    account: Account, follows: Follows, sources: FakeSources, clock: Any
) -> None:
    a_follow(follows)
    Halts(account.table).stop("ada", BEGIN)
    check(account)
    assert sources.read_ids == []
    Halts(account.table).lift("ada")
    check(account)
    assert sources.read_ids == [SOURCE]


def test_the_follow_of_a_deleted_user_is_paused_instead_of_making_a_batch(
    account: Account, follows: Follows, sources: FakeSources, clock: Any
) -> None:
    a_follow(follows)
    check(account)
    sources.playlists[SOURCE] = [video(3)]
    delete_from_pool(account, "ada")
    for minutes in (62, 1502, 2942):
        clock.move_to(BEGIN + timedelta(minutes=minutes))
        check(account)
    follow = now_follow(follows)
    assert follow.status is FollowStatus.PAUSED
    assert follow.problem == FollowOwnerDeleted().as_problem()
    assert (follow.hold_until, follow.notice) == (None, None)
    assert sources.read_ids == [SOURCE] * 2
    assert batches(account) == []
    assert account.executions() == []
    assert mails(account) == []


def test_videos_without_captions_are_not_tried_again_for_a_deleted_user(
    account: Account, follows: Follows, sources: FakeSources, clock: Any
) -> None:
    find_news(account, follows, sources, clock, [video(3)])
    (batch,) = batches(account)
    finish(account, batch, CaptionsDisabled())
    ended = account.batches.get("ada", batch.id)
    delete_from_pool(account, "ada")
    for hour in (8, 16):
        clock.move_to(BEGIN + timedelta(hours=hour))
        check(account)
    assert now_follow(follows).status is FollowStatus.PAUSED
    assert now_follow(follows).problem == FollowOwnerDeleted().as_problem()
    assert account.batches.get("ada", batch.id) == ended


def test_other_follows_continue_after_a_user_was_deleted(
    account: Account, follows: Follows, sources: FakeSources, clock: Any
) -> None:
    add_to_pool(account, "aaron")
    a_follow(follows, user_id="aaron")
    a_follow(follows)
    check(account)
    sources.playlists[SOURCE] = [video(3)]
    delete_from_pool(account, "aaron")
    clock.move_to(BEGIN + timedelta(minutes=62))
    check(account)
    assert follows.get("aaron", "019c51a2").status is FollowStatus.PAUSED
    assert now_follow(follows).status is FollowStatus.ACTIVE
    assert [batch.total for batch in batches(account)] == [1]


def test_a_follow_waits_where_the_user_pool_does_not_answer(
    account: Account, follows: Follows, sources: FakeSources, clock: Any
) -> None:
    a_follow(follows)
    check(account)
    sources.playlists[SOURCE] = [video(3)]

    def throttle(**_: Any) -> Any:
        return Mock(status_code=400), {"Error": {"Code": "TooManyRequestsException", "Message": "Rate exceeded"}}

    events = aws.client("cognito-idp").meta.events
    events.register("before-call.cognito-idp.ListUsers", throttle)
    clock.move_to(BEGIN + timedelta(minutes=62))
    try:
        check(account)
    finally:
        events.unregister("before-call.cognito-idp.ListUsers", throttle)
    follow = now_follow(follows)
    assert (follow.status, follow.hold_until) == (FollowStatus.ACTIVE, BEGIN + timedelta(minutes=122))
    assert batches(account) == []
    clock.move_to(BEGIN + timedelta(minutes=122))
    check(account)
    assert [batch.total for batch in batches(account)] == [1]


def test_a_user_at_their_daily_limit_gets_the_videos_later(
    account: Account, follows: Follows, sources: FakeSources, clock: Any
) -> None:
    account.parameters["VideosPerDayPerUser"] = "3"
    quotas = Quotas(account.table, videos_a_day=3)
    assert quotas.transact_writes(*quotas.count_today("ada", BEGIN, videos=1))
    find_news(account, follows, sources, clock, [video(3), video(4), video(5)])
    assert batches(account) == []
    problem = now_follow(follows).problem
    assert problem
    assert problem.code == "too_many_videos"
    account.parameters["VideosPerDayPerUser"] = "4"
    clock.move_to(BEGIN + timedelta(minutes=125))
    check(account)
    assert [batch.total for batch in batches(account)] == [3]
    assert now_follow(follows).problem is None


def test_a_summary_that_is_too_large_for_the_table_is_in_the_email_too(
    account: Account, follows: Follows, sources: FakeSources, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("skimlist.jobs.results._MAX_BYTES_IN_TABLE", 0)
    find_news(account, follows, sources, clock, [video(3)])
    finish(account, batches(account)[0])
    assert a_summary(3).tldr[:60] in mails(account)[0]


def test_a_run_is_driven_although_an_execution_of_its_name_has_ended(
    account: Account, follows: Follows, sources: FakeSources, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("skimlist.steps.check_follows.new_id", lambda _now: "b7f3")
    account.stepfunctions.start_execution(stateMachineArn=account.state_machine_arn, name="b7f3", input="{}")
    account.stop_execution("b7f3")
    find_news(account, follows, sources, clock, [video(3)])
    assert account.executions() == ["b7f3", "b7f3-2"]


def test_a_user_with_as_many_batches_as_may_run_at_once_gets_the_videos_later(
    account: Account, follows: Follows, sources: FakeSources, clock: Any
) -> None:
    account.parameters["BatchesAtOncePerUser"] = "1"
    a_follow(follows)
    check(account)
    for minutes, number in ((62, 3), (62 + 1440, 4)):
        sources.playlists[SOURCE] = [video(number)]
        clock.move_to(BEGIN + timedelta(minutes=minutes))
        check(account)
    assert [batch.total for batch in batches(account)] == [1]
    finish(account, batches(account)[0])
    clock.move_to(BEGIN + timedelta(minutes=125 + 1440))
    check(account)
    assert [batch.total for batch in batches(account)] == [1, 1]


def test_a_batch_that_was_deleted_or_cancelled_is_not_tried_again(
    account: Account, follows: Follows, sources: FakeSources, clock: Any
) -> None:
    a_follow(follows)
    check(account)
    for minutes, number in ((62, 3), (62 + 1440, 4)):
        sources.playlists[SOURCE] = [video(number)]
        clock.move_to(BEGIN + timedelta(minutes=minutes))
        check(account)
        for batch in batches(account):
            finish(account, batch, CaptionsDisabled())
    deleted, cancelled = batches(account)
    account.deletions.begin(deleted, datetime.now(UTC))
    account.reopen(cancelled, now=datetime.now(UTC))
    account.batches.cancel(account.batches.get("ada", cancelled.id), datetime.now(UTC))
    account.batches.park(account.batches.get("ada", cancelled.id), datetime.now(UTC))
    assert {*now_follow(follows).waiting} == {deleted.id, cancelled.id}
    clock.move_to(BEGIN + timedelta(minutes=62 + 1440 + 370))
    check(account)
    assert now_follow(follows).waiting == {}


def test_the_owner_is_notified_of_the_batch_of_a_deleted_follow_as_of_any_other(
    account: Account, follows: Follows, sources: FakeSources, clock: Any
) -> None:
    find_news(account, follows, sources, clock, [video(3)])
    follows.remove("ada", "019c51a2", datetime.now(UTC))
    finish(account, batches(account)[0])
    (text,) = mails(account)
    assert "Your batch “Talks · 2026-11-02” is done" in text


@pytest.mark.parametrize("end", [finish, pause_at_budget])
def test_a_follow_that_is_deleted_while_its_owner_is_notified_holds_up_nothing(
    account: Account,
    ada: Client,
    follows: Follows,
    sources: FakeSources,
    clock: Any,
    monkeypatch: pytest.MonkeyPatch,
    end: Callable[[Account, Batch], None],
) -> None:
    find_news(account, follows, sources, clock, [video(3)], max_cost_usd_per_month=Decimal("0.30"))
    read = Follows.get

    def read_and_delete(table: Follows, user_id: str, follow_id: str) -> Follow:
        found = read(table, user_id, follow_id)
        ada.delete(f"/follows/{follow_id}")
        return found

    monkeypatch.setattr(Follows, "get", read_and_delete)
    end(account, batches(account)[0])
    assert len(mails(account)) == 1
    assert [record for record in account.table.scan()["Items"] if record["pk"].startswith("FOLLOW#")] == []


def test_the_owner_is_not_notified_of_a_follow_without_notifications(
    account: Account, follows: Follows, sources: FakeSources, clock: Any
) -> None:
    subscribed = NotificationSettings(email=Subscription(protocol=Protocol.EMAIL, endpoint="ada@example.com", arn="a"))
    NotificationSettingsTable(account.table).replace("ada", NotificationSettings(), subscribed)
    recipients = []
    for number, notify in ((3, True), (4, False)):
        follow = follows.list_of("ada")[0] if follows.list_of("ada") else a_follow(follows)
        if number == 3:
            check(account)
        follows.change("ada", follow.id, lambda each, notify=notify: replace(each, notify=notify))
        sources.playlists[SOURCE] = [video(number)]
        clock.move_to(BEGIN + timedelta(days=number, minutes=62))
        check(account)
        finish(account, batches(account)[-1])
        recipients += ["recipients" in mail["MessageAttributes"] for mail in account.read_mail()]
    assert recipients == [True, False]


@pytest.mark.parametrize(
    ("events", "is_told"),
    [
        ([NotificationEvent.NEWS], True),
        ([NotificationEvent.DONE, NotificationEvent.PAUSED, NotificationEvent.FAILED], False),
    ],
)
def test_the_owner_is_notified_of_new_videos_only_if_they_have_chosen_that(
    account: Account,
    follows: Follows,
    sources: FakeSources,
    clock: Any,
    events: Sequence[NotificationEvent],
    is_told: bool,
) -> None:
    subscription = Subscription(protocol=Protocol.EMAIL, endpoint="ada@example.com", arn="a")
    chosen = NotificationSettings(email=subscription, events=tuple(events))
    NotificationSettingsTable(account.table).replace("ada", NotificationSettings(), chosen)
    find_news(account, follows, sources, clock, [video(3)])
    finish(account, batches(account)[0])
    (mail,) = account.read_mail()
    assert mail["MessageAttributes"]["event"]["Value"] == "news"
    assert ("recipients" in mail["MessageAttributes"]) is is_told


def test_users_who_have_chosen_pauses_are_notified_of_a_paused_run(
    account: Account, follows: Follows, sources: FakeSources, clock: Any
) -> None:
    subscription = Subscription(protocol=Protocol.EMAIL, endpoint="ada@example.com", arn="a")
    chosen = NotificationSettings(email=subscription, events=(NotificationEvent.PAUSED,))
    NotificationSettingsTable(account.table).replace("ada", NotificationSettings(), chosen)
    find_news(account, follows, sources, clock, [video(3)], max_cost_usd_per_run=Decimal("0.1"))
    pause_at_budget(account, batches(account)[0])
    (mail,) = account.read_mail()
    assert mail["MessageAttributes"]["event"]["Value"] == "paused"
    assert "recipients" in mail["MessageAttributes"]


def test_the_proxy_and_the_key_are_those_of_the_deployment(
    account: Account, follows: Follows, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert follows
    account.store_secret("youtube-api-key", "a-key")
    account.store_secret("youtube-proxy-url", "http://proxy.example:1")
    made_with: list[Any] = []
    fake = FakeSources()

    def make(*arguments: Any) -> FakeSources:
        made_with.extend(arguments)
        return fake

    function = load_function("check_follows")
    monkeypatch.setattr(function, "_sources", SOURCES)
    monkeypatch.setattr(function, "FollowedSources", make)
    check(account)
    open_session, key = made_with
    assert key.value == "a-key"
    assert open_session().proxies["https"] == "http://proxy.example:1"


def test_only_the_new_videos_of_the_selection_are_summarized(
    account: Account, follows: Follows, sources: FakeSources, clock: Any
) -> None:
    a_follow(follows, selection=Selection(title_excludes=(video(4),), not_in_history=True))
    account.results.put("ada", "b7f3", "00001", replace(a_summary(5), video_id=video(5)), BEGIN)
    check(account)
    for minutes, numbers in ((62, (3, 4, 5)), (62 + 1440, (3, 4, 5)), (62 + 2880, (4,))):
        sources.playlists[SOURCE] = [video(number) for number in numbers]
        clock.move_to(BEGIN + timedelta(minutes=minutes))
        check(account)
    (batch,) = batches(account)
    assert videos_of(account, batch) == [video(3)]
    assert frozenset(follows.seen(now_follow(follows)) or ()) == {video(number) for number in (1, 2, 3, 4, 5)}


def test_a_new_video_is_summarized_although_a_batch_that_is_being_deleted_has_a_summary_of_it(
    account: Account, follows: Follows, sources: FakeSources, clock: Any
) -> None:
    a_follow(follows, selection=Selection(not_in_history=True))
    check(account)
    account.results.put("ada", "b7f3", "00001", replace(a_summary(3), video_id=video(3)), BEGIN)
    account.deletions.begin(account.batches.cancel(account.begin_batch(), BEGIN), BEGIN)
    sources.playlists[SOURCE] = [video(3)]
    clock.move_to(BEGIN + timedelta(minutes=62))
    check(account)
    (batch,) = [batch for batch in batches(account) if batch.id != "b7f3"]
    assert videos_of(account, batch) == [video(3)]


def test_new_videos_that_are_all_left_out_are_passed_over(
    account: Account, follows: Follows, sources: FakeSources, clock: Any
) -> None:
    a_follow(follows, selection=Selection(title_includes=("lighthouses",)))
    check(account)
    sources.playlists[SOURCE] = [video(3)]
    clock.move_to(BEGIN + timedelta(minutes=62))
    check(account)
    assert batches(account) == []
    assert video(3) in (follows.seen(now_follow(follows)) or ())


def test_a_source_that_breaks_the_reader_does_not_stop_the_others(
    account: Account, follows: Follows, sources: FakeSources, clock: Any
) -> None:
    for number in (2, 3):
        a_follow(follows, id=f"019c51a{number}", source_id=f"{SOURCE}{number}")
        sources.playlists[f"{SOURCE}{number}"] = [video(1)]
    check(account)
    sources.playlists[f"{SOURCE}2"] = cast("Any", None)  # the reader raises TypeError
    sources.playlists[f"{SOURCE}3"] = [video(1), video(2)]
    clock.move_to(BEGIN + timedelta(minutes=62))
    with pytest.raises(UnexpectedError):
        check(account)
    assert [batch.follow_id for batch in batches(account)] == ["019c51a3"]


def test_a_record_that_cannot_be_read_does_not_stop_the_others(
    account: Account, follows: Follows, sources: FakeSources
) -> None:
    a_follow(follows, id="019c51a3")
    account.table.put_item(Item={"pk": "FOLLOWS", "sk": "ada#019c51a2", "id": "019c51a2"})
    with pytest.raises(UnexpectedError):
        check(account)
    assert sources.read_ids == [SOURCE]


def test_a_time_zone_that_no_longer_exists_does_not_stop_the_others(
    account: Account, follows: Follows, sources: FakeSources, clock: Any
) -> None:
    lost = Schedule(every=Every.DAY, at="07:00", zone="Europe/Atlantis")
    a_follow(follows, id="019c51a2", schedule=lost, hold_until=None)
    a_follow(follows, id="019c51a3")
    with pytest.raises(UnexpectedError):
        check(account)
    assert sources.read_ids == [SOURCE]


def test_a_killed_round_continues_after_the_follows_that_it_has_checked(
    account: Account, follows: Follows, sources: FakeSources, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (2, 3, 4):
        a_follow(follows, id=f"019c51a{number}", source_id=f"{SOURCE}{number}")
        sources.playlists[f"{SOURCE}{number}"] = [video(1)]
    check(account)
    monkeypatch.setattr("skimlist.steps.check_follows._CHECKED_AT_ONCE", 1)
    clock.move_to(BEGIN + timedelta(minutes=62))
    sources.read_ids.clear()
    read = sources.read

    def killed(follow: Follow, seen: Any) -> Playlist:
        if follow.source_id == f"{SOURCE}4":
            raise KeyboardInterrupt
        return read(follow, seen)

    monkeypatch.setattr(sources, "read", killed)
    with pytest.raises(KeyboardInterrupt):
        check(account)
    monkeypatch.setattr(sources, "read", read)
    sources.read_ids.clear()
    check(account)
    assert sources.read_ids == [f"{SOURCE}4"]


def test_videos_that_another_round_has_just_seen_are_not_taken_again(
    account: Account, follows: Follows, sources: FakeSources, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_follow(follows)
    check(account)
    before = follows.seen(now_follow(follows))
    sources.playlists[SOURCE] = [video(3)]
    clock.move_to(BEGIN + timedelta(minutes=62))
    check(account)
    follows.change("ada", "019c51a2", lambda each: replace(each, hold_until=BEGIN))
    seen = Follows.seen

    def late(self: Follows, follow: Follow, *, consistent: bool = True) -> Any:
        return seen(self, follow) if consistent else before

    monkeypatch.setattr(Follows, "seen", late)
    check(account)
    assert [batch.total for batch in batches(account)] == [1]


def test_a_follow_that_changes_while_its_source_is_read_is_checked_again_soon(
    account: Account, follows: Follows, sources: FakeSources, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_follow(follows, schedule=Schedule(every=Every.WEEK, at="07:00"))
    check(account)
    sources.playlists[SOURCE] = [video(3)]
    clock.move_to(BEGIN + timedelta(minutes=62))
    read = sources.read

    def read_meanwhile(*arguments: Any) -> Playlist:
        monkeypatch.setattr(sources, "read", read)
        follows.change("ada", "019c51a2", lambda each: replace(each, notify=False))
        return read(*arguments)

    monkeypatch.setattr(sources, "read", read_meanwhile)
    for minutes in (62, 67, 72, 77):
        clock.move_to(BEGIN + timedelta(minutes=minutes))
        check(account)
    assert [batch.total for batch in batches(account)] == [1]


def test_one_source_that_youtube_always_refuses_does_not_stop_the_others(
    account: Account, follows: Follows, sources: FakeSources, clock: Any
) -> None:
    for number in (2, 3):
        a_follow(follows, id=f"019c51a{number}", source_id=f"{SOURCE}{number}")
        sources.playlists[f"{SOURCE}{number}"] = [video(1)]
    check(account)
    sources.playlists[f"{SOURCE}2"] = YouTubeBlocked()
    sources.playlists[f"{SOURCE}3"] = [video(1), video(2)]
    for minutes in range(62, 200, 5):
        clock.move_to(BEGIN + timedelta(minutes=minutes))
        check(account)
    assert [batch.follow_id for batch in batches(account)] == ["019c51a3"]


@pytest.mark.parametrize("error", [PlaylistEmpty(), ChannelEmpty()])
def test_a_source_without_videos_is_followed_once_a_second_check_finds_none_either(
    account: Account, follows: Follows, sources: FakeSources, clock: Any, error: SkimlistError
) -> None:
    sources.playlists[SOURCE] = error
    a_follow(follows, name="")
    check(account)
    assert follows.seen(now_follow(follows)) is None
    clock.move_to(BEGIN + timedelta(minutes=62))
    check(account)
    assert (now_follow(follows).status, now_follow(follows).problem) == (FollowStatus.ACTIVE, None)
    sources.playlists[SOURCE] = [video(3)]
    clock.move_to(BEGIN + timedelta(days=1, minutes=62))
    check(account)
    assert batches(account)[0].name == "Talks · 2026-11-03"
    assert now_follow(follows).title == "Talks"
    assert mails(account) == []


def test_a_failed_invocation_for_one_owner_does_not_stop_the_round(
    account: Account, follows: Follows, sources: FakeSources, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_follow(follows, notice=Notice(kind=NoticeKind.SOURCE_GONE, since=BEGIN), status=FollowStatus.PAUSED)
    a_follow(follows, id="019c51a3")

    def refused(_follow: Follow) -> None:
        raise StorageUnavailable

    monkeypatch.setattr(load_function("check_follows"), "_notify_owner", refused)
    check(account)
    assert sources.read_ids == [SOURCE]


def test_the_budget_of_an_open_batch_does_not_count_as_spent(
    account: Account, follows: Follows, sources: FakeSources, clock: Any
) -> None:
    a_follow(follows, max_cost_usd_per_month=Decimal(1), schedule=Schedule(every=Every.HOUR, at="00:00"))
    check(account)
    sources.playlists[SOURCE] = [video(3)]
    clock.move_to(BEGIN + timedelta(minutes=62))
    check(account)
    sources.playlists[SOURCE] = [video(3), video(4)]
    clock.move_to(BEGIN + timedelta(minutes=122))
    check(account)  # the first batch is still open, and may cost a whole dollar
    assert mails(account) == []
    finish(account, batches(account)[0], usd="0.05")
    clock.move_to(BEGIN + timedelta(minutes=242))
    check(account)
    assert [batch.max_cost_usd for batch in batches(account)] == [Decimal(1), Decimal("0.95")]
    assert now_follow(follows).problem is None


def test_a_batch_at_the_limit_of_its_run_is_not_resumed_again_and_again(
    account: Account, follows: Follows, sources: FakeSources, clock: Any
) -> None:
    find_news(account, follows, sources, clock, [video(3), video(4)], max_cost_usd_per_run=Decimal("0.25"))
    (batch,) = batches(account)
    finish(account, batch, CaptionsDisabled(), usd="0.20")
    told = []
    for hours in (8, 15, 22, 29):
        clock.move_to(BEGIN + timedelta(hours=hours))
        check(account)
        batch = account.batches.get("ada", batch.id)
        if batch.status is BatchStatus.PROCESSING:
            pause_at_budget(account, batch)
        told += mails(account)
    (text,) = (text for text in told if "for a higher budget" in text)
    assert "1 new video beyond the budget in “Talks”." in text
    assert "1 video waits for a higher budget." in text
    batch = account.batches.resume(account.batches.get("ada", batch.id), datetime.now(UTC), by_user=True)
    clock.shift(60)
    finish(account, batch)
    (text,) = mails(account)
    assert f"https://www.youtube.com/watch?v={video(3)}" in text
    assert video(4) not in text


def test_a_run_that_has_used_its_budget_reports_its_summaries_at_once_and_the_rest_later(
    account: Account, follows: Follows, sources: FakeSources, clock: Any
) -> None:
    email = Subscription(protocol=Protocol.EMAIL, endpoint="ada@example.com", arn="a")
    only_news = NotificationSettings(email=email, events=(NotificationEvent.NEWS,))
    NotificationSettingsTable(account.table).replace("ada", NotificationSettings(), only_news)
    find_news(account, follows, sources, clock, [video(3), video(4)], max_cost_usd_per_run=Decimal("0.25"))
    (batch,) = batches(account)
    finish_one(account, batch, usd="0")
    pause_at_budget(account, batch)
    (message,) = account.read_mail()
    assert "recipients" in message["MessageAttributes"]
    assert message["Subject"] == 'Skimlist: "Talks": 1 new video'
    assert f"https://www.youtube.com/watch?v={video(3)}" in message["Message"]
    assert "1 further video waits for a higher budget." in message["Message"]
    clock.move_to(BEGIN + timedelta(hours=5))
    account.batches.resume(account.batches.get("ada", batch.id), datetime.now(UTC), by_user=True)
    clock.shift(60)
    finish(account, batch)
    (text,) = mails(account)
    assert f"https://www.youtube.com/watch?v={video(4)}" in text
    assert video(3) not in text


def test_a_batch_that_its_user_pauses_does_not_continue_in_the_next_month(
    account: Account, ada: Client, paused_run: Batch, clock: Any
) -> None:
    assert ada.post(f"/batch/{paused_run.id}/pause").status == 202
    clock.move_to(datetime(2026, 12, 1, 0, 3, tzinfo=UTC))
    check(account)
    batch = account.batches.get("ada", paused_run.id)
    assert (batch.status, batch.pause and batch.pause.code) == (BatchStatus.PAUSED, "paused_by_user")


def test_a_batch_continues_without_a_budget_if_its_follow_has_none_any_more(
    account: Account, follows: Follows, paused_run: Batch, clock: Any
) -> None:
    follows.change("ada", "019c51a2", lambda each: replace(each, max_cost_usd_per_month=None))
    clock.move_to(datetime(2026, 12, 1, 0, 3, tzinfo=UTC))
    check(account)
    batch = account.batches.get("ada", paused_run.id)
    assert (batch.status, batch.max_cost_usd) == (BatchStatus.PROCESSING, None)


def set_monthly_budget(ada: Client, usd: float | None) -> None:
    assert ada.patch("/follows/019c51a2", {"max_cost_usd_per_month": usd}).status == 200


@pytest.mark.parametrize("usd", [0.5, None])
def test_a_run_continues_at_the_next_check_after_the_budget_of_the_month_was_raised(
    account: Account, ada: Client, follows: Follows, paused_run: Batch, clock: Any, usd: float | None
) -> None:
    set_monthly_budget(ada, usd)
    executions = len(account.executions())
    clock.shift(timedelta(minutes=5))
    for _ in range(3):  # as if Lambda invoked it several times
        check(account)
    batch = account.batches.get("ada", paused_run.id)
    assert batch.status is BatchStatus.PROCESSING
    assert batch.max_cost_usd == (None if usd is None else Decimal("0.5"))
    assert len(account.executions()) == executions + 1
    follow = now_follow(follows)
    assert (follow.problem, follow.notice, follow.hold_until) == (None, None, None)
    finish(account, batch)
    assert now_follow(follows).waiting == {}


def test_a_budget_that_was_raised_while_the_follow_was_paused_counts_when_it_is_resumed(
    account: Account, ada: Client, paused_run: Batch
) -> None:
    ada.patch("/follows/019c51a2", {"status": "paused"})
    set_monthly_budget(ada, 1)
    check(account)
    assert account.batches.get("ada", paused_run.id).status is BatchStatus.PAUSED
    ada.patch("/follows/019c51a2", {"status": "active"})
    check(account)
    assert account.batches.get("ada", paused_run.id).status is BatchStatus.PROCESSING


def test_a_run_names_its_follow_and_says_when_it_continues(
    account: Account, ada: Client, follows: Follows, sources: FakeSources, clock: Any
) -> None:
    find_news(account, follows, sources, clock, [video(3)], max_cost_usd_per_month=Decimal("0.30"))
    (batch,) = batches(account)
    path, next_month = f"/batch/{batch.id}", "2026-12-01T00:00:00Z"
    follow = {"id": "019c51a2", "name": "Talks", "goes_on_at": None, "month_budget_usd": None}
    assert ada.get(path).json["follow"] == follow
    assert listed_follow(ada) is None
    pause_at_budget(account, batch)
    answer = ada.get(path)
    assert answer.json["follow"] == {**follow, "goes_on_at": next_month, "month_budget_usd": 0.3}
    assert listed_follow(ada) == answer.json["follow"]
    unchanged = {"if-none-match": answer.headers["etag"]}
    assert ada.get(path, unchanged).status == 304
    ada.patch("/follows/019c51a2", {"status": "paused", "name": "Lectures"})
    assert ada.get(path, unchanged).json["follow"] == {**follow, "name": "Lectures"}
    assert listed_follow(ada) == {**follow, "name": "Lectures"}
    assert ada.post(f"{path}/pause").json["status"] == "paused"  # by the user: it does not go on by itself
    ada.patch("/follows/019c51a2", {"status": "active"})
    assert ada.get(path).json["follow"]["goes_on_at"] is None
    ada.delete("/follows/019c51a2")
    assert ada.get(path).json["follow"] is None


def test_a_run_whose_own_budget_is_used_up_does_not_wait_for_the_month(
    account: Account, ada: Client, follows: Follows, sources: FakeSources, clock: Any
) -> None:
    """Other runs have left some of the month's budget, so that the run continues before the month ends."""
    find_news(account, follows, sources, clock, [video(3)], max_cost_usd_per_month=Decimal("0.30"))
    (batch,) = batches(account)
    set_monthly_budget(ada, 1)
    pause_at_budget(account, batch)
    follow = ada.get(f"/batch/{batch.id}").json["follow"]
    assert (follow["goes_on_at"] < "2026-12-01", follow["month_budget_usd"]) == (True, None)
    assert listed_follow(ada) == follow


def test_a_listed_run_of_a_deleted_follow_has_none(
    account: Account, ada: Client, follows: Follows, sources: FakeSources, clock: Any
) -> None:
    find_news(account, follows, sources, clock, [video(3)], max_cost_usd_per_month=Decimal("0.30"))
    (batch,) = batches(account)
    pause_at_budget(account, batch)
    ada.delete("/follows/019c51a2")
    assert listed_follow(ada) is None


def listed_follow(user: Client) -> Any:
    (batch,) = user.get("/batch").json["batches"]
    return batch["follow"]


@pytest.mark.parametrize("usd", [0.3, 1])
def test_no_email_promises_that_a_run_of_a_paused_follow_continues_by_itself(
    account: Account, ada: Client, follows: Follows, sources: FakeSources, clock: Any, usd: float
) -> None:
    find_news(account, follows, sources, clock, [video(3)], max_cost_usd_per_month=Decimal("0.30"))
    (batch,) = batches(account)
    ada.patch("/follows/019c51a2", {"status": "paused"})
    set_monthly_budget(ada, usd)
    pause_at_budget(account, batch)
    (text,) = mails(account)
    assert "Skimlist continues" not in text
    ada.patch("/follows/019c51a2", {"status": "active", "max_cost_usd_per_month": 1})
    check(account)
    assert account.batches.get("ada", batch.id).status is BatchStatus.PROCESSING


def test_nothing_continues_without_a_higher_budget(
    account: Account, ada: Client, follows: Follows, paused_run: Batch
) -> None:
    assert len(mails(account)) == 1
    set_monthly_budget(ada, 0.2)
    ada.patch("/follows/019c51a2", {"name": "Others"})
    check(account)
    assert account.batches.get("ada", paused_run.id).status is BatchStatus.PAUSED
    follow = now_follow(follows)
    assert (follow.hold_until, {*follow.waiting.values()}) == (follow.hold_until, {datetime(2026, 12, 1, tzinfo=UTC)})
    assert mails(account) == []


def test_a_run_that_pauses_after_its_follows_budget_was_raised_continues(
    account: Account, ada: Client, follows: Follows, sources: FakeSources, clock: Any
) -> None:
    """Its own budget is still the earlier one."""
    find_news(account, follows, sources, clock, [video(3), video(4)], max_cost_usd_per_month=Decimal("0.30"))
    (batch,) = batches(account)
    set_monthly_budget(ada, 1)
    pause_at_budget(account, batch)
    assert mails(account) == []  # nothing new, and nothing to do for its owner
    clock.shift(timedelta(minutes=5))
    check(account)
    batch = account.batches.get("ada", batch.id)
    assert (batch.status, batch.max_cost_usd) == (BatchStatus.PROCESSING, Decimal(1))


def test_a_budget_that_is_raised_while_a_pause_is_noted_counts(
    account: Account,
    ada: Client,
    follows: Follows,
    sources: FakeSources,
    clock: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    find_news(account, follows, sources, clock, [video(3)], max_cost_usd_per_month=Decimal("0.30"))
    (batch,) = batches(account)
    original, asked = Follows.month_usd, []

    def meanwhile(*arguments: Any, **more: Any) -> Any:
        spent = original(*arguments, **more)
        if not asked:
            asked.append(True)
            set_monthly_budget(ada, 1)
        return spent

    with monkeypatch.context() as patch:
        patch.setattr(Follows, "month_usd", meanwhile)
        pause_at_budget(account, batch)
    check(account)
    assert account.batches.get("ada", batch.id).status is BatchStatus.PROCESSING


def monthly_runs(account: Account, follows: Follows, sources: FakeSources, clock: Any, count: int) -> list[Batch]:
    """So many open runs of a follow without a budget, the oldest first; each has spent 5 cents on one of two videos."""
    a_follow(follows, schedule=Schedule(every=Every.HOUR, at="00:00"))
    check(account)
    for number in range(count):
        sources.playlists[SOURCE] = [*sources.playlists[SOURCE], video(10 + number), video(20 + number)]
        clock.shift(timedelta(hours=1))
        check(account)
        finish_one(account, batches(account)[-1], usd="0.05")
    return batches(account)


def test_a_lower_budget_of_the_month_limits_the_open_runs_the_oldest_first(
    account: Account, ada: Client, follows: Follows, sources: FakeSources, clock: Any
) -> None:
    runs = monthly_runs(account, follows, sources, clock, 3)
    pause_at_budget(account, runs[2])  # it costs nothing more
    set_monthly_budget(ada, 0.30)
    assert [batch.max_cost_usd for batch in batches(account)] == [Decimal("0.20"), Decimal("0.05"), None]
    set_monthly_budget(ada, 0.29)
    assert [batch.max_cost_usd for batch in batches(account)] == [Decimal("0.19"), Decimal("0.05"), None]
    set_monthly_budget(ada, 0.01)
    lowest = [Decimal("0.05"), Decimal("0.05"), None]
    assert [batch.max_cost_usd for batch in batches(account)] == lowest  # what is spent is spent
    for usd in (0.01, 5, None):  # repeated, raised, and removed
        set_monthly_budget(ada, usd)
        assert [batch.max_cost_usd for batch in batches(account)] == lowest


def test_a_run_that_lacks_only_its_digest_ends_without_it_if_the_budget_of_the_month_is_lowered(
    account: Account, ada: Client, follows: Follows, sources: FakeSources, clock: Any
) -> None:
    settings = BatchSettings(model="openai", options=SummaryOptions(digest=True))
    find_news(account, follows, sources, clock, [video(3), video(4)], settings=settings)
    (batch,) = batches(account)
    finish_one(account, batch, usd="0.05")
    last = account.queue.all_items(batch)[1]
    run = {"user_id": "ada", "batch_id": batch.id, "run": batch.execution.run}
    account.results.put("ada", batch.id, last.id, replace(a_summary(4), video_id=last.video_id), datetime.now(UTC))
    account.videos.complete(BatchRun(*run.values()), replace(last, cost_usd=Decimal("0.05")), Decimal(0), BEGIN)
    assert account.invoke("load_next_videos", run)["action"] == "digest"
    set_monthly_budget(ada, 0.01)
    with pytest.raises(DigestOverBudget) as refused:
        account.invoke("digest_batch", run)
    cause = json.dumps({"errorMessage": str(refused.value), "errorType": "DigestOverBudget", "stackTrace": []})
    account.invoke("record_digest_failure", {**run, "error": {"Error": "DigestOverBudget", "Cause": cause}})
    assert account.invoke("load_next_videos", run)["action"] == "finish"
    assert account.batches.get("ada", batch.id).status is BatchStatus.COMPLETED
    assert now_follow(follows).waiting == {}
    set_monthly_budget(ada, 5)
    clock.shift(timedelta(minutes=5))
    check(account)
    assert account.batches.get("ada", batch.id).status is BatchStatus.COMPLETED  # it does not continue by itself
    assert ada.post(f"/batch/{batch.id}/retry").status == 409
    assert ada.post(f"/batch/{batch.id}/retry", {"max_cost_usd": 1}).status == 202
    again = {**run, "run": account.batches.get("ada", batch.id).execution.run}
    assert account.invoke("load_next_videos", {**again, "run": again["run"] + 1})["action"] == "digest"


def test_a_lower_budget_of_the_month_leaves_runs_of_earlier_months_alone(
    account: Account, ada: Client, follows: Follows, sources: FakeSources, clock: Any
) -> None:
    (run,) = monthly_runs(account, follows, sources, clock, 1)
    clock.move_to(datetime(2026, 12, 1, 0, 3, tzinfo=UTC))
    set_monthly_budget(ada, 0.01)
    assert account.batches.get("ada", run.id) == run


def test_a_run_to_which_its_user_gave_more_keeps_that_when_its_follow_changes_in_another_way(
    account: Account, ada: Client, follows: Follows, sources: FakeSources, clock: Any
) -> None:
    (run,) = monthly_runs(account, follows, sources, clock, 1)
    set_monthly_budget(ada, 0.30)
    pause_at_budget(account, run)
    assert ada.post(f"/batch/{run.id}/resume", {"max_cost_usd": 9}).status == 202
    for change in ({"name": "Others"}, {"notify": False, "max_cost_usd_per_month": 0.30}):
        assert ada.patch("/follows/019c51a2", change).status == 200
        assert account.batches.get("ada", run.id).max_cost_usd == 9
    set_monthly_budget(ada, 0.20)
    assert account.batches.get("ada", run.id).max_cost_usd == Decimal("0.20")


def test_a_run_that_changes_while_the_budget_of_the_month_is_lowered_is_limited_by_what_is_left_then(
    account: Account,
    ada: Client,
    follows: Follows,
    sources: FakeSources,
    clock: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Both budgets change in one write, so a refused change leaves both as they were, and can be repeated."""
    (run,) = monthly_runs(account, follows, sources, clock, 1)
    follow = now_follow(follows)
    original, left = Follows.lowered_budgets, [5]

    def meanwhile(*arguments: Any) -> Any:
        writes = original(*arguments)
        if left[0]:
            left[0] -= 1
            account.batches.rename("ada", run.id, f"Talks {left[0]}", datetime.now(UTC))
        return writes

    monkeypatch.setattr(Follows, "lowered_budgets", meanwhile)
    answer = ada.patch(f"/follows/{follow.id}", {"max_cost_usd_per_month": 0.30})
    assert (answer.status, answer.json["error"]["code"]) == (409, "follow_changed")
    assert (now_follow(follows), account.batches.get("ada", run.id).max_cost_usd) == (follow, None)
    left[0] = 1
    set_monthly_budget(ada, 0.30)
    assert account.batches.get("ada", run.id).max_cost_usd == Decimal("0.30")


def test_a_run_that_continues_while_the_budget_of_the_month_is_lowered_keeps_to_it(
    account: Account,
    ada: Client,
    follows: Follows,
    sources: FakeSources,
    clock: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, second = monthly_runs(account, follows, sources, clock, 2)
    pause_at_budget(account, second)
    original = Quotas.require_slot

    def meanwhile(*arguments: Any) -> None:
        set_monthly_budget(ada, 0.30)
        original(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(Quotas, "require_slot", meanwhile)
        check(account)  # the second run may continue without a budget
    for _ in range(2):
        clock.shift(timedelta(hours=7))
        check(account)
    limits = [account.batches.get("ada", each.id).max_cost_usd for each in (first, second)]
    assert limits == [Decimal("0.25"), None]
    assert account.batches.get("ada", second.id).status is BatchStatus.PAUSED


def test_a_run_waits_for_what_other_runs_leave_of_the_month_and_holds_up_no_check(
    account: Account, follows: Follows, sources: FakeSources, clock: Any
) -> None:
    budgets = {"max_cost_usd_per_run": Decimal("0.80"), "max_cost_usd_per_month": Decimal(1)}
    find_news(account, follows, sources, clock, [video(3)], **budgets)
    sources.playlists[SOURCE] = [video(3), video(4), video(5)]
    clock.move_to(BEGIN + timedelta(days=1, minutes=62))
    check(account)
    first, second = batches(account)
    assert second.max_cost_usd == Decimal("0.20")
    finish_one(account, second)
    pause_at_budget(account, second)
    (text,) = mails(account)
    assert "1 further video waits because the budget of the run is used up, but not the budget of the month." in text
    assert now_follow(follows).hold_until is None
    finish(account, first, usd="0.05")
    clock.shift(timedelta(minutes=65))
    check(account)
    second = account.batches.get("ada", second.id)
    assert (second.status, second.max_cost_usd) == (BatchStatus.PROCESSING, Decimal("0.80"))


def test_a_run_whose_follow_changes_meanwhile_continues_at_the_next_check(
    account: Account,
    ada: Client,
    follows: Follows,
    sources: FakeSources,
    clock: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    find_news(account, follows, sources, clock, [video(3)], max_cost_usd_per_month=Decimal("0.30"))
    (batch,) = batches(account)
    pause_at_budget(account, batch)
    set_monthly_budget(ada, 1)
    original = Quotas.require_slot

    def meanwhile(*arguments: Any) -> None:
        ada.patch("/follows/019c51a2", {"name": "Others"})
        original(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(Quotas, "require_slot", meanwhile)
        check(account)
    assert account.batches.get("ada", batch.id).status is BatchStatus.PAUSED
    clock.shift(timedelta(minutes=5))
    check(account)
    assert account.batches.get("ada", batch.id).status is BatchStatus.PROCESSING


CHANNEL = "UC" + "Skimlist" * 2 + "-Talks"


@pytest.mark.parametrize("is_begun", [False, True])
def test_a_channel_that_is_followed_by_its_handle_is_read_by_its_lasting_id(
    account: Account, follows: Follows, sources: FakeSources, clock: Any, *, is_begun: bool
) -> None:
    """It may choose another handle, and somebody else may take the former one."""
    sources.channels |= {"@talks/videos": CHANNEL, f"{CHANNEL}/videos": CHANNEL}
    sources.playlists |= {"@talks/videos": [video(1)], f"{CHANNEL}/videos": [video(1)]}
    follow = a_follow(follows, source_id="@talks/videos")
    if is_begun:  # by an earlier version
        follows.replace(follow, replace(follow, hold_until=None), {"Put": {"Item": seen_record(follow, [video(1)])}})
        clock.move_to(BEGIN + timedelta(minutes=62))
    check(account)
    assert (now_follow(follows).source_id, now_follow(follows).channel_id) == ("@talks/videos", CHANNEL)
    sources.playlists |= {"@talks/videos": [video(7), video(8)], f"{CHANNEL}/videos": [video(2), video(1)]}
    clock.move_to(BEGIN + timedelta(days=1, minutes=62))
    check(account)
    (batch,) = batches(account)
    assert videos_of(account, batch) == [video(2)]
    assert sources.read_ids == ["@talks/videos", f"{CHANNEL}/videos"]


def hide_what_was_read(account: Account, follows: Follows, sources: FakeSources, clock: Any) -> None:
    """Lets a channel hide all of its newest videos, which are what its follow has read at first."""
    sources.channels[SOURCE] = CHANNEL
    sources.limit = 2
    sources.playlists[SOURCE] = [video(number) for number in (6, 5, 4, 3, 2, 1)]
    a_follow(follows)
    check(account)
    assert follows.seen(now_follow(follows)) == (video(6), video(5))
    sources.limit = 5_000
    sources.playlists[SOURCE] = [video(number) for number in (4, 3, 2, 1)]
    sources.uploaded = {video(number): BEGIN - timedelta(days=400 - number) for number in (4, 3, 2)}
    clock.move_to(BEGIN + timedelta(minutes=62))


def test_a_channel_that_hides_all_that_was_read_has_no_new_videos(
    account: Account, follows: Follows, sources: FakeSources, clock: Any
) -> None:
    hide_what_was_read(account, follows, sources, clock)
    check(account)
    assert batches(account) == []
    sources.playlists[SOURCE].insert(0, video(7))
    clock.move_to(BEGIN + timedelta(days=1, minutes=62))
    check(account)
    (batch,) = batches(account)
    assert videos_of(account, batch) == [video(7)]


def test_a_channel_that_hides_all_that_was_read_gives_the_videos_that_it_has_added_since(
    account: Account, follows: Follows, sources: FakeSources, clock: Any
) -> None:
    hide_what_was_read(account, follows, sources, clock)
    sources.playlists[SOURCE] = [video(8), video(7), *sources.playlists[SOURCE]]
    sources.uploaded |= {video(7): BEGIN + timedelta(minutes=1), video(8): BEGIN + timedelta(minutes=60)}
    check(account)
    (batch,) = batches(account)
    assert videos_of(account, batch) == [video(8), video(7)]
    assert len(follows.seen(now_follow(follows)) or ()) == 8
    clock.move_to(BEGIN + timedelta(days=1, minutes=62))
    check(account)
    assert batches(account) == [batch]


@dataclass
class Workshop:
    """A channel of the local stack's fake YouTube, read without a key: its pages show upload times only roughly."""

    fake: FakeYouTube

    def upload(self, *numbers: int) -> None:
        for number in numbers:
            video_id = synthetic_id(number)
            published = datetime.now(UTC).isoformat()
            self.fake.videos[video_id] = {**(synthetic_video(video_id) or {}), "published": published}

    def hide_times(self, *numbers: int) -> None:
        """Lets neither the lists nor the videos' own pages say when these were uploaded."""
        for number in numbers:
            del self.fake.videos[synthetic_id(number)]["published"]

    def show(self, *numbers: int) -> None:
        self.fake.playlists[CHANNEL] = {"title": "Talks", "videos": [synthetic_id(number) for number in numbers]}


@pytest.fixture
def workshop(follows: Follows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workshop]:
    assert follows
    with FakeYouTube(tmp_path, ca_folder=tmp_path) as fake:
        sources = FollowedSources(InProcess(fake).session, None)
        monkeypatch.setattr(load_function("check_follows"), "_sources", lambda: sources)
        yield Workshop(fake)


@pytest.mark.parametrize("left", [(20, 19), ()], ids=["as it was", "hides all that was read"])
@pytest.mark.parametrize(("newest", "new"), [(2, [23, 22]), (None, [23, 22, 21])])
def test_new_videos_of_the_first_hours_of_a_follow_are_taken(
    account: Account,
    follows: Follows,
    workshop: Workshop,
    clock: Any,
    newest: int | None,
    new: list[int],
    left: tuple[int, ...],
) -> None:
    clock.move_to(BEGIN - timedelta(hours=2))
    workshop.upload(17, 18, 19, 20)
    workshop.show(20, 19)
    clock.move_to(BEGIN)
    a_follow(follows, source_id=CHANNEL, selection=Selection(newest=newest))
    check(account)
    clock.move_to(BEGIN + timedelta(minutes=30))
    workshop.upload(21, 22, 23)
    workshop.show(23, 22, 21, *left, 18, 17)
    clock.move_to(BEGIN + timedelta(minutes=62))
    check(account)
    (batch,) = batches(account)
    assert videos_of(account, batch) == [synthetic_id(number) for number in new]


@pytest.fixture(params=[True, False], ids=["rough times", "no times"])
def times_in_lists(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the lists of YouTube's pages say about upload times."""
    if not request.param:
        monkeypatch.setattr("local.youtube.playlist_answers._ago", lambda _published: "")


@pytest.mark.usefixtures("times_in_lists")
def test_a_channel_that_was_empty_at_first_gives_all_videos_that_it_has_added_since(
    account: Account, follows: Follows, workshop: Workshop, clock: Any
) -> None:
    workshop.show()
    a_follow(follows, source_id=CHANNEL)
    check(account)
    clock.move_to(BEGIN + timedelta(minutes=62))
    check(account)
    added = [*range(200, 80, -1)]
    workshop.upload(*added)
    workshop.show(*added)
    clock.move_to(BEGIN + timedelta(days=1, minutes=62))
    check(account)
    (batch,) = batches(account)
    items = account.queue.all_items(batch)
    assert [item.video_id for item in items] == [synthetic_id(number) for number in added]
    times = [item.published_at or item.published_by for item in items]
    assert all(at and BEGIN < at <= datetime.now(UTC) for at in times)


@pytest.mark.usefixtures("times_in_lists")
def test_a_channel_that_seemed_empty_at_first_gives_only_the_videos_that_it_has_added_since(
    account: Account, follows: Follows, workshop: Workshop, clock: Any
) -> None:
    clock.move_to(BEGIN - timedelta(days=40))
    old = [*range(200, 80, -1)]
    workshop.upload(*old)
    clock.move_to(BEGIN)
    workshop.show()  # YouTube shows none of them for a while
    a_follow(follows, source_id=CHANNEL)
    check(account)
    clock.move_to(BEGIN + timedelta(minutes=62))
    check(account)
    workshop.upload(202, 201)
    workshop.show(202, 201, *old)
    clock.move_to(BEGIN + timedelta(days=1, minutes=62))
    check(account)
    (batch,) = batches(account)
    assert videos_of(account, batch) == [synthetic_id(202), synthetic_id(201)]


@pytest.fixture
def empty_channel(account: Account, follows: Follows, workshop: Workshop, clock: Any) -> Workshop:
    """The follow of a channel that had no videos when it was first read; the next check is a day later."""
    workshop.show()
    a_follow(follows, source_id=CHANNEL)
    check(account)
    clock.move_to(BEGIN + timedelta(minutes=62))
    check(account)
    assert follows.seen(now_follow(follows)) == ()
    clock.move_to(BEGIN + timedelta(days=1, minutes=62))
    return workshop


@pytest.mark.usefixtures("times_in_lists")
@pytest.mark.parametrize(
    ("added", "silent"),
    [(1, [1]), (6, [3]), (6, [1]), (6, [6]), (6, [*range(1, 7)]), (40, [*range(3, 33)])],
    ids=str,
)
def test_no_video_of_a_channel_that_was_empty_is_lost_because_its_page_says_no_time(
    account: Account, empty_channel: Workshop, added: int, silent: list[int]
) -> None:
    newest_first = [*range(added, 0, -1)]
    empty_channel.upload(*newest_first)
    empty_channel.hide_times(*silent)
    empty_channel.show(*newest_first)
    check(account)
    (batch,) = batches(account)
    items = account.queue.all_items(batch)
    assert [item.video_id for item in items] == [synthetic_id(number) for number in newest_first]
    now = datetime.now(UTC)
    assert all(at <= now for item in items if (at := item.published_at or item.published_by))


@pytest.mark.usefixtures("times_in_lists")
def test_a_channel_that_seemed_empty_gives_few_old_videos_if_no_page_says_a_time(
    account: Account, follows: Follows, empty_channel: Workshop, clock: Any
) -> None:
    old = [*range(200, 80, -1)]
    empty_channel.upload(*old)
    empty_channel.hide_times(*old)
    empty_channel.show(*old)
    for day in (1, 2, 3):
        clock.move_to(BEGIN + timedelta(days=day, minutes=62))
        check(account)
    (batch,) = batches(account)
    assert videos_of(account, batch) == [synthetic_id(number) for number in old[:50]]
    assert {item.published_by for item in account.queue.all_items(batch)} == {None}
    assert len(follows.seen(now_follow(follows)) or ()) == len(old)


def test_a_channel_of_which_nothing_can_be_decided_is_not_read_to_its_end_at_every_check(
    account: Account, follows: Follows, sources: FakeSources, clock: Any
) -> None:
    sources.channels[SOURCE] = CHANNEL
    sources.playlists[SOURCE] = []
    a_follow(follows, selection=Selection(min_duration_seconds=60))
    check(account)
    clock.move_to(BEGIN + timedelta(minutes=62))
    added = [video(number) for number in range(160, 0, -1)]
    sources.playlists[SOURCE] = added
    sources.uploaded = dict.fromkeys(added, BEGIN + timedelta(minutes=30))
    check(account)
    assert batches(account) == []
    assert follows.seen(now_follow(follows)) == tuple(added[50:])
    sources.lengths = dict.fromkeys(added, 600)
    clock.move_to(BEGIN + timedelta(days=1, minutes=62))
    check(account)
    (batch,) = batches(account)
    assert videos_of(account, batch) == added[:50]


def test_no_video_of_unknown_length_is_passed_over_in_a_channel_of_which_some_were_seen(
    account: Account, follows: Follows, sources: FakeSources, clock: Any
) -> None:
    sources.channels[SOURCE] = CHANNEL
    a_follow(follows, selection=Selection(min_duration_seconds=60))
    check(account)
    added = [video(number) for number in range(160, 2, -1)]
    sources.playlists[SOURCE] = [*added, video(2), video(1)]
    clock.move_to(BEGIN + timedelta(minutes=62))
    check(account)
    assert batches(account) == []
    assert follows.seen(now_follow(follows)) == (video(1), video(2))
    sources.lengths = dict.fromkeys(added, 600)
    clock.move_to(BEGIN + timedelta(days=1, minutes=62))
    check(account)
    (batch,) = batches(account)
    assert videos_of(account, batch) == added


def test_a_list_that_is_too_long_to_be_read_has_no_new_videos_at_its_end(
    account: Account, follows: Follows, sources: FakeSources, clock: Any
) -> None:
    """One of its 5,001 videos is deleted, and one that was never read takes its place."""
    sources.limit = 4
    sources.playlists[SOURCE] = [video(number) for number in (9, 8, 7, 6, 5)]
    a_follow(follows)
    check(account)
    for minutes, numbers in ((62, (9, 8, 6, 5, 4)), (62 + 1440, (10, 9, 6, 5, 4))):
        sources.playlists[SOURCE] = [video(number) for number in numbers]
        clock.move_to(BEGIN + timedelta(minutes=minutes))
        check(account)
    (batch,) = batches(account)
    assert videos_of(account, batch) == [video(10)]


def test_more_new_videos_than_one_day_allows_come_day_by_day(
    account: Account, follows: Follows, sources: FakeSources, clock: Any
) -> None:
    account.parameters["VideosPerDayPerUser"] = "2"
    a_follow(follows)
    check(account)
    sources.playlists[SOURCE] = [video(number) for number in (5, 4, 3, 2, 1)]
    for day in range(3):
        for minutes in (62, 130):
            clock.move_to(BEGIN + timedelta(days=day, minutes=minutes))
            check(account)
            for batch in batches(account):
                if batch.status is BatchStatus.PENDING:
                    finish(account, batch)
    assert [batch.total for batch in batches(account)] == [2, 1]


def test_a_video_that_a_lost_step_ends_after_its_run_is_reported_once(
    account: Account, follows: Follows, sources: FakeSources, clock: Any
) -> None:
    find_news(account, follows, sources, clock, [video(3), video(4)])
    batch = account.batches.begin(batches(account)[0], datetime.now(UTC))
    first, second = account.queue.all_items(batch)
    run = BatchRun("ada", batch.id, batch.execution.run)
    account.videos.fail(run, replace(first, error=CaptionsDisabled().as_problem()), datetime.now(UTC))
    account.batches.fail(account.batches.get("ada", batch.id), StepCrashed(), datetime.now(UTC))
    clock.shift(60)
    account.results.put("ada", batch.id, second.id, replace(a_summary(4), video_id=video(4)), datetime.now(UTC))
    account.videos.complete(run, second, Decimal(0), datetime.now(UTC))
    notify(account, batch)
    (told,) = mails(account)
    assert f"https://www.youtube.com/watch?v={video(4)}" in told
    clock.move_to(BEGIN + timedelta(hours=8))
    check(account)  # the other one has captions now
    finish(account, batch)
    (text,) = mails(account)
    assert f"https://www.youtube.com/watch?v={video(3)}" in text
    assert video(4) not in text


def test_a_video_whose_length_is_not_known_yet_is_decided_on_later(
    account: Account, follows: Follows, sources: FakeSources, clock: Any
) -> None:
    a_follow(follows, selection=Selection(max_duration_seconds=3600))
    check(account)
    sources.playlists[SOURCE] = [video(3)]
    for day in (0, 1):
        clock.move_to(BEGIN + timedelta(days=day, minutes=62))
        check(account)
    assert batches(account) == []
    assert follows.seen(now_follow(follows)) == (video(1), video(2))
    sources.lengths[video(3)] = 1800
    clock.move_to(BEGIN + timedelta(days=2, minutes=62))
    check(account)
    assert videos_of(account, batches(account)[0]) == [video(3)]


def test_nothing_remains_of_a_follow_that_is_deleted_while_its_costs_are_noted(
    account: Account, follows: Follows, sources: FakeSources, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    find_news(account, follows, sources, clock, [video(3)])
    follow, (batch,) = now_follow(follows), batches(account)
    read = follows.runs(follow)
    monkeypatch.setattr(Follows, "runs", lambda *_: read)
    follows.remove("ada", follow.id, BEGIN)
    follows.note_cost(follow, batch)
    follows.charge(follow, batch, datetime(2026, 12, 1, tzinfo=UTC))
    assert [record for record in account.table.scan()["Items"] if record["pk"].startswith("FOLLOW#")] == []


def test_more_videos_than_one_transaction_takes_are_all_tried_again(
    account: Account, follows: Follows, sources: FakeSources, clock: Any
) -> None:
    account.parameters["VideosPerDayPerUser"] = "500"
    count = 97  # one too many, beside the batch, its order, the user's day and the follow
    find_news(account, follows, sources, clock, [video(n) for n in range(3, 3 + count)])
    (batch,) = batches(account)
    finish(account, batch, *[CaptionsDisabled()] * count)
    account.batches.update_batch("ada", batch.id, Update(BatchRecord.head.set(count)))  # the workflow took every page
    clock.move_to(BEGIN + timedelta(minutes=62 + 370))
    check(account)
    (batch,) = batches(account)
    assert (batch.status, batch.failed) == (BatchStatus.PROCESSING, 0)
    assert sorted(account.queue.order(batch.id).requeued) == [*range(1, count + 1)]
    assert len(account.executions()) == 2


def test_videos_that_cannot_be_tried_again_are_left_after_three_days(
    account: Account, follows: Follows, sources: FakeSources, clock: Any
) -> None:
    find_news(account, follows, sources, clock, [video(3), video(4)])
    finish(account, batches(account)[0], CaptionsDisabled(), CaptionsDisabled())
    account.parameters["VideosPerDayPerUser"] = "1"
    clock.move_to(BEGIN + timedelta(minutes=62 + 370))
    check(account)
    assert now_follow(follows).waiting == {batches(account)[0].id: BEGIN + timedelta(minutes=62 + 370 + 360)}
    assert mails(account) == []
    for hours in (1, 7, 14):
        clock.move_to(BEGIN + timedelta(days=3, hours=hours, minutes=3))
        check(account)
    assert now_follow(follows).waiting == {}
    assert batches(account)[0].failed == 2
    (text,) = mails(account)  # the first that their owner hears of these videos
    assert all(f"https://www.youtube.com/watch?v={video(number)}" in text for number in (3, 4))
    notify(account, batches(account)[0])
    assert mails(account) == []


def test_an_email_that_has_said_that_videos_wait_for_captions_is_not_sent_again_when_they_are_left(
    account: Account, follows: Follows, sources: FakeSources, clock: Any
) -> None:
    find_news(account, follows, sources, clock, [video(3), video(4)])
    finish(account, batches(account)[0], CaptionsDisabled())
    (text,) = mails(account)
    assert "1 further video has no captions yet." in text
    account.parameters["VideosPerDayPerUser"] = "1"
    follows.change("ada", "019c51a2", lambda follow: replace(follow, max_cost_usd_per_month=Decimal("0.01")))
    for hours in range(7, 4 * 24, 6):
        clock.move_to(BEGIN + timedelta(hours=hours, minutes=3))
        check(account)
    assert now_follow(follows).waiting == {}
    assert mails(account) == []


@pytest.mark.parametrize("budget", ["max_cost_usd_per_run", "max_cost_usd_per_month"])
def test_videos_without_captions_are_left_after_three_days_although_the_budget_was_used_up(
    account: Account, follows: Follows, sources: FakeSources, clock: Any, budget: str
) -> None:
    find_news(account, follows, sources, clock, [video(3), video(4)], **{budget: Decimal("0.20")})
    (batch,) = batches(account)
    finish(account, batch, CaptionsDisabled(), usd="0.20")
    promised = set()
    for hour in range(2, 24 * 4, 6):
        clock.move_to(BEGIN + timedelta(hours=hour))
        check(account)
        promised.add(continues_at(now_follow(follows), batch := account.batches.get("ada", batch.id)))
    assert now_follow(follows).waiting == {}
    assert max(at for at in promised if at) <= BEGIN + timedelta(days=3, minutes=62)
    clock.move_to(datetime(2026, 12, 1, 0, 3, tzinfo=UTC))
    check(account)
    assert account.batches.get("ada", batch.id).status is BatchStatus.COMPLETED


def test_videos_without_captions_are_left_when_their_follow_is_resumed_after_weeks(
    account: Account, ada: Client, follows: Follows, sources: FakeSources, clock: Any
) -> None:
    find_news(account, follows, sources, clock, [video(3), video(4)])
    (batch,) = batches(account)
    finish(account, batch, CaptionsDisabled())
    assert ada.patch("/follows/019c51a2", {"status": "paused"}).status == 200
    clock.shift(timedelta(days=20))
    assert ada.patch("/follows/019c51a2", {"status": "active"}).status == 200
    check(account)
    assert now_follow(follows).waiting == {}
    assert account.batches.get("ada", batch.id).status is BatchStatus.COMPLETED


def test_a_run_that_youtube_blocks_gets_its_captions_from_home(
    account: Account, ada: Client, follows: Follows, sources: FakeSources, clock: Any
) -> None:
    """Whoever watches at home is asked for the videos of follows as for those of other batches."""
    find_news(account, follows, sources, clock, [video(3), video(1), video(2)])
    (batch,) = batches(account)
    begun = account.batches.begin(batch, datetime.now(UTC))
    account.batches.pause_for(begun, YouTubeBlocked(), datetime.now(UTC))
    wanted = ada.get("/transcripts/wanted").json["videos"]
    assert [(each["batch_id"], each["video_id"], each["code"]) for each in wanted] == [
        (batch.id, video(3), "youtube_blocked")
    ]


def a_cancelled_run(account: Account, ada: Client, batch: Batch) -> None:
    finish_one(account, batch, usd="0.29")
    assert ada.delete(f"/batch/{batch.id}/cancel").status == 202


def a_cancelled_run_at_its_budget(account: Account, ada: Client, batch: Batch) -> None:
    finish_one(account, batch, usd="0.29")
    pause_at_budget(account, batch)
    assert ada.delete(f"/batch/{batch.id}/cancel").status == 202


def a_completed_run_before_its_email(account: Account, _ada: Client, batch: Batch) -> None:
    finish_one(account, batch, usd="0.29")
    account.videos.fail(
        BatchRun(batch.user_id, batch.id, batch.execution.run),
        replace(account.queue.all_items(batch)[1], error=VideoUnavailable().as_problem()),
        datetime.now(UTC),
    )
    account.batches.complete(account.batches.get("ada", batch.id), datetime.now(UTC))


@pytest.mark.parametrize(
    "end",
    [a_cancelled_run, a_cancelled_run_at_its_budget, a_completed_run_before_its_email],
    ids=lambda end: end.__name__,
)
def test_a_deleted_run_still_counts_towards_its_month(
    account: Account,
    ada: Client,
    follows: Follows,
    sources: FakeSources,
    clock: Any,
    end: Callable[[Account, Client, Batch], None],
) -> None:
    find_news(account, follows, sources, clock, [video(3), video(4)], max_cost_usd_per_month=Decimal("0.30"))
    (batch,) = batches(account)
    end(account, ada, batch)
    now = account.batches.get("ada", batch.id)
    if not now.has_no_execution:
        account.batches.park(now, datetime.now(UTC))
    assert ada.delete(f"/batch/{batch.id}").status == 204
    follow = now_follow(follows)
    assert follows.month_usd(follow, datetime.now(UTC)) == Decimal("0.29")
    assert follows.left_this_month(follow, datetime.now(UTC)) == Decimal("0.01")


def retried(ada: Client, batch_id: str) -> Any:
    return ada.post(f"/batch/{batch_id}/retry", {"all": True})


def redone(ada: Client, batch_id: str) -> Any:
    return ada.post(f"/batch/{batch_id}/items/00001/redo", {"summary_length": "detailed"})


def extended(ada: Client, batch_id: str) -> Any:
    return ada.post(f"/batch/{batch_id}/items", {"urls": [f"https://youtu.be/{video(9)}"]})


@pytest.mark.parametrize("command", [retried, redone, extended], ids=lambda command: command.__name__)
def test_a_run_that_its_user_reopens_in_a_later_month_counts_towards_that_month(
    account: Account,
    ada: Client,
    follows: Follows,
    sources: FakeSources,
    clock: Any,
    command: Callable[[Client, str], Any],
) -> None:
    find_news(account, follows, sources, clock, [video(3), video(4)], max_cost_usd_per_month=Decimal("0.30"))
    (batch,) = batches(account)
    finish(account, batch, None, VideoUnavailable(), usd="0.05")
    later = datetime(2026, 12, 2, 9, tzinfo=UTC)
    clock.move_to(later)
    assert command(ada, batch.id).status in {200, 202}
    account.table.update_item(  # as if a model had answered
        Key={"pk": "USER#ada", "sk": f"BATCH#{batch.id}"},
        UpdateExpression="ADD cost_usd :usd",
        ExpressionAttributeValues={":usd": Decimal("0.25")},
    )
    follow = now_follow(follows)
    assert follows.month_usd(follow, BEGIN) == Decimal("0.05")
    assert follows.month_usd(follow, later) == Decimal("0.25")
    assert follows.left_this_month(follow, later) == Decimal("0.05")


def test_a_run_that_its_user_resumes_in_a_later_month_counts_towards_that_month(
    account: Account, ada: Client, follows: Follows, sources: FakeSources, clock: Any
) -> None:
    find_news(account, follows, sources, clock, [video(3), video(4)])
    (batch,) = batches(account)
    finish_one(account, batch, usd="0.05")
    assert ada.post(f"/batch/{batch.id}/pause").status == 202
    later = datetime(2026, 12, 2, 9, tzinfo=UTC)
    clock.move_to(later)
    assert ada.post(f"/batch/{batch.id}/resume").status == 202
    finish(account, batch, usd="0.25")
    follow = now_follow(follows)
    assert (follows.month_usd(follow, BEGIN), follows.month_usd(follow, later)) == (Decimal("0.05"), Decimal("0.25"))


def test_a_run_at_its_budget_whose_owner_could_not_be_notified_continues_in_the_next_month(
    account: Account,
    follows: Follows,
    sources: FakeSources,
    clock: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(load_function("resume_interrupted"), "aws", FunctionsOf(account))
    find_news(account, follows, sources, clock, [video(3), video(4)], max_cost_usd_per_month=Decimal("0.30"))
    finish_one(account, batches(account)[0], usd="0.29")
    (batch,) = batches(account)
    account.batches.pause_for(batch, BudgetReached(), datetime.now(UTC))
    account.batches.park(account.batches.get("ada", batch.id), datetime.now(UTC))
    account.invoke("resume_interrupted", {})
    assert len(mails(account)) == 1
    assert account.batches.list_active() == []
    clock.move_to(datetime(2026, 12, 1, 0, 3, tzinfo=UTC))
    check(account)
    assert account.batches.get("ada", batch.id).status is BatchStatus.PROCESSING
