"""Counts the effort for a feed reader's requests for a follow's feed, and calculates their price."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3

from lab.bench.cost import prices
from lab.bench.cost.model import AWS_CALL_SECONDS, LOG_BYTES_AN_INVOCATION, MEGABYTES_A_CORE, memory_mb
from lab.bench.emulated import BATCH, USER, Effort, EmulatedAccount, Step
from skimlist.jobs.feed_links import FeedLinks
from skimlist.jobs.follows import Follows, run_record
from skimlist.models.follow import Every, Follow, FollowRun, Schedule
from skimlist.models.settings import BatchSettings

SUMMARIES = 100
_A_RUN = 2
_USER = "2f1f1c1e-7d0e-4f39-9d35-000000000000"
_FOLLOW = "019c51a2-7d1e-7c55-9a30-000000000000"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to a feed reader, with the bytes of its body, and what it took."""

    step: Step
    body_bytes: int

    @property
    def usd(self) -> float:
        memory = memory_mb("serve_feed")
        computed = self.step.cpu_seconds * max(MEGABYTES_A_CORE / memory, 1.0)
        waited = self.step.calls.operations.total() * AWS_CALL_SECONDS
        return (
            prices.HTTP_REQUEST
            + prices.LAMBDA_REQUEST
            + (computed + waited) * memory / 1024 * prices.LAMBDA_GB_SECOND
            + self.step.calls.read_units * prices.READ_UNIT
            + LOG_BYTES_AN_INVOCATION / 1e9 * prices.LOG_GB
            + self.body_bytes / 1e9 * prices.TRANSFER_GB
        )


@dataclass(frozen=True, slots=True)
class Feed:
    """The answer to a reader that has nothing yet, and to one that has everything."""

    whole: Answer
    unchanged: Answer

    def usd_a_month(self, changes_a_day: int) -> float:
        """The price of one feed that a reader asks for every hour for 30 days."""
        return 30 * (changes_a_day * self.whole.usd + (24 - changes_a_day) * self.unchanged.usd)


def count(account: EmulatedAccount, summaries: int = SUMMARIES) -> Feed:
    """Makes a feed of summaries of 30-minute videos, and reads it."""
    secret = _make_feed(account, summaries)
    path = f"/feeds/{_FOLLOW}/{secret}"
    event: dict[str, Any] = {
        "version": "2.0",
        "rawPath": path,
        "pathParameters": {"follow": _FOLLOW, "secret": secret},
        "headers": {"accept-encoding": "gzip"},
        "requestContext": {"http": {"method": "GET", "path": path}},
    }
    account.invoke(Effort(), "serve_feed", event)  # imports
    whole, answer = _answer(account, event)
    event["headers"] |= {"if-none-match": answer["headers"]["ETag"]}
    unchanged, _ = _answer(account, event)
    return Feed(whole, unchanged)


def _answer(account: EmulatedAccount, event: dict[str, Any]) -> tuple[Answer, dict[str, Any]]:
    effort = Effort()
    answer: dict[str, Any] = account.invoke(effort, "serve_feed", event)
    body = answer.get("body") or ""
    bytes_ = len(body) * 3 // 4 if answer.get("isBase64Encoded") else len(body)
    return Answer(effort.steps["serve_feed"], bytes_), answer


def _make_feed(account: EmulatedAccount, summaries: int) -> str:
    """Makes a follow whose runs have so many summaries, and returns the secret of its feed."""
    table, now = account.account.table, datetime.now(UTC)
    pool: Any = {"UserPoolId": account.account.user_pool_id, "Username": "ada@example.com"}
    cognito = boto3.client("cognito-idp")
    cognito.admin_create_user(**pool)
    cognito.admin_update_user_attributes(**pool, UserAttributes=[{"Name": "sub", "Value": _USER}])
    assert account.account.bucket  # is there before anything is counted
    follows = Follows(table)
    follow = Follow(
        id=_FOLLOW,
        user_id=_USER,
        name="A channel with a name",
        source_id="UC0000000000000000000000",
        settings=BatchSettings(model="extractive"),
        schedule=Schedule(every=Every.DAY, at="07:00"),
        created_at=now,
        updated_at=now,
        checked_from=now,
    )
    follows.create(follow, 0)
    account.run_batch(summaries, model="extractive", minutes=30)
    for run in range(summaries // _A_RUN):
        batch_id = f"{_FOLLOW[:-3]}{run:03}"
        account.account.create_batch(_A_RUN, id=batch_id, user_id=_USER, follow_id=_FOLLOW, completed=_A_RUN)
        follows.write(run_record(follow, FollowRun(month=f"{now:%Y-%m}", batch_id=batch_id)))
        for video in range(1, _A_RUN + 1):
            summary = account.account.results.get(USER, BATCH, f"{run * _A_RUN + video:05}")
            account.account.results.put(_USER, batch_id, f"{video:05}", summary, now + timedelta(minutes=run))
    return FeedLinks(table).renew(_USER, _FOLLOW, now)
