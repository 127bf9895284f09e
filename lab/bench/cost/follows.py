"""Counts the effort of a round over many hourly follows of channels without new videos, and calculates its bill."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any, cast
from unittest import mock

from lab.bench.aws_calls import Calls
from lab.bench.cost import prices
from lab.bench.cost.model import AWS_CALL_SECONDS, LOG_BYTES_AN_INVOCATION, MEGABYTES_A_CORE, Part, memory_mb
from lab.bench.emulated import Effort, EmulatedAccount, Step
from skimlist.codec import to_dynamodb
from skimlist.jobs import records
from skimlist.jobs.follows import Follows, seen_record
from skimlist.models.follow import Every, Follow, FollowChecks, Schedule
from skimlist.models.settings import BatchSettings
from skimlist.youtube.followed_sources import FollowedSources
from testkit.functions import load_function

FOLLOWS = 1_000
FEED_SECONDS = 0.5
_MINUTES = 5  # between two rounds
_ROUNDS_A_MONTH = 30 * 24 * 60 // _MINUTES
CHECKED_AT_ONCE: int = load_function("check_follows")._CHECKED_AT_ONCE
_SEEN = [f"video_{number:05d}" for number in range(100)]
# A description of the length that YouTube's feeds have on average, so that as much is parsed.
_ENTRY = "<entry><yt:videoId>{}</yt:videoId><media:description>{}</media:description></entry>"
_FEED = (
    '<feed xmlns:yt="http://www.youtube.com/xml/schemas/2015" xmlns:media="http://search.yahoo.com/mrss/">'
    + "".join(_ENTRY.format(video_id, "word " * 300) for video_id in _SEEN[:15])
    + "</feed>"
).encode()


@dataclass(frozen=True, slots=True)
class Round:
    """One round: how many sources were checked, and what that took."""

    checks: int
    step: Step

    @property
    def calls(self) -> Calls:
        return self.step.calls


def count(account: EmulatedAccount, follows_in_all: int = FOLLOWS) -> Round:
    """Runs one round, which checks the twelfth of the follows that is due."""
    # Writing the follows may take more than a minute.
    now = datetime.now(UTC) + timedelta(minutes=30)
    follows = Follows(account.account.table)
    with account.account.table.batch_writer() as writer:
        for number in range(follows_in_all):
            follow = _follow(number, now)
            writer.put_item(Item={**records.follow_key(follow.user_id, follow.id), **to_dynamodb(follow)})
            writer.put_item(Item=seen_record(follow, _SEEN))
    follows.note_checks(FollowChecks(up_to=now - timedelta(minutes=_MINUTES), window_end=now))
    session: Any = mock.Mock()
    session.get.return_value = mock.Mock(status_code=200, ok=True, content=_FEED)
    open_session = cast("Any", partial(lambda: session))
    function = load_function("check_follows")
    account.patch.setattr(function, "_sources", lambda: FollowedSources(open_session, None))
    # The emulated table belongs to one thread.
    account.patch.setattr(function, "ThreadPoolExecutor", lambda _threads: nullcontext(SimpleNamespace(map=map)))
    effort = Effort()
    account.invoke(effort, "check_follows", {})
    return Round(session.get.call_count, effort.steps["check_follows"])


def bill(counted: Round) -> list[Part]:
    """Returns the parts of the bill of a month of such rounds."""
    memory = memory_mb("check_follows")
    computed = counted.step.cpu_seconds * max(MEGABYTES_A_CORE / memory, 1.0)
    waited = counted.checks * (FEED_SECONDS + AWS_CALL_SECONDS) / CHECKED_AT_ONCE
    gb_seconds = (computed + waited) * memory / 1024 * _ROUNDS_A_MONTH
    reads, writes = (units * _ROUNDS_A_MONTH for units in (counted.calls.read_units, counted.calls.write_units))
    logged = LOG_BYTES_AN_INVOCATION * _ROUNDS_A_MONTH
    return [
        Part(f"Lambda: check_follows, {memory} MB", gb_seconds, "GB-seconds", gb_seconds * prices.LAMBDA_GB_SECOND),
        Part("DynamoDB: reads", reads, "units", reads * prices.READ_UNIT),
        Part("DynamoDB: writes", writes, "units", writes * prices.WRITE_UNIT),
        Part("Lambda: requests", _ROUNDS_A_MONTH, "requests", _ROUNDS_A_MONTH * prices.LAMBDA_REQUEST),
        Part("Logs", logged, "bytes", logged / 1e9 * prices.LOG_GB),
    ]


def _follow(number: int, now: datetime) -> Follow:
    return Follow(
        id=f"019c51a2-7d1e-7c55-9a30-{number:012d}",
        user_id=f"2f1f1c1e-7d0e-4f39-9d35-{number % 100:012d}",
        name="A channel with a name",
        title="A channel with a name",
        source_id=f"UC{number:022d}",
        settings=BatchSettings(model="openai"),
        schedule=Schedule(every=Every.HOUR, at=f"00:{(now.minute + number) % 60:02}"),
        created_at=now - timedelta(days=1),
        updated_at=now - timedelta(days=1),
        checked_from=now - timedelta(days=1),
    )
