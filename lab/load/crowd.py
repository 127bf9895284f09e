"""Runs all users concurrently on one stack, and collects the results."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

from lab.load.evidence import answers, fairness, violations
from lab.load.user import PlannedBatch, User
from testkit.whole_stack import WholeStack

_EMAIL_SECONDS = 60
_PROMISES = ("not at an end", "counter", "video lost", "command lost", "worked twice", "email", "model calls")


@dataclass(frozen=True)
class Size:
    """The size of a run. `videos` is the number per batch; each has its own captions, numbered from `first`. `at_once`
    is the number of batches that a user has under way.

    Users arrive one after the other, because an emulator that has to start a process for each at the same moment starts
    none in time.
    """

    users: int
    batches: int
    videos: int
    first: int = 50_000
    at_once: int = 4
    arrive_every: float = 3.0
    look_every: float = 3.0
    patience: float = 3_600.0


def run(stack: WholeStack, size: Size) -> dict[str, Any]:
    """Runs the users and returns the figures, of which `violations` has to be empty."""
    answered = _answers_of_the_model(stack)
    began = time.monotonic()
    users = _users(stack, size)
    started = time.monotonic()
    with ThreadPoolExecutor(size.users) as pool:
        for done in [
            pool.submit(user.work, started + place * size.arrive_every, started + size.patience)
            for place, user in enumerate(users)
        ]:
            done.result()
    seconds = time.monotonic() - started
    plans = [plan for user in users for plan in user.plans]
    emails = _emails(stack, plans)
    fetched = stack.youtube.requests["timedtext"]
    broken = [
        (plan.batch_id, kind, what) for plan in plans for kind, what in violations(plan, fetched, emails[plan.batch_id])
    ]
    completed = sum(plan.view["progress"]["completed"] for plan in plans if plan.view)
    calls = _answers_of_the_model(stack) - answered
    if calls.total() != completed or any(times > 1 for times in calls.values()):
        broken.append(("", "model calls", f"{calls.total()} for {completed} videos"))
    kinds = Counter(kind for _, kind, _ in broken)
    ended = [plan for plan in plans if plan.view and plan.view["status"] == "completed"]
    return {
        "users": size.users,
        "batches": len(plans),
        "videos": sum(len(plan.numbers) for plan in plans),
        "completed": completed,
        "model_calls": calls.total(),
        "commands_too_late": dict(Counter(route for plan in plans for route in plan.late)),
        "promises": {kind: kinds[kind] for kind in _PROMISES},
        "seconds": round(seconds),
        "seconds_to_sign_in": round(started - began),
        "fairness": fairness(ended) if ended else None,
        "api": answers([request for user in users for request in user.requests]),
        "violations": [{"batch": batch, "kind": kind, "what": what} for batch, kind, what in broken],
    }


def _users(stack: WholeStack, size: Size) -> list[User]:
    numbers = iter(range(size.first, size.first + size.users * size.batches * size.videos, size.videos))
    users = []
    for _ in range(size.users):
        email, password = stack.new_user()
        plans = [PlannedBatch(range(first, first + size.videos)) for first in islice(numbers, size.batches)]
        users.append(User(partial(stack.client_of, email, password), plans, size.at_once, size.look_every))
    return users


def _answers_of_the_model(stack: WholeStack) -> Counter[str]:
    return Counter(stack.model.requests["answered"])


def _emails(stack: WholeStack, plans: Sequence[PlannedBatch]) -> Counter[str]:
    """Waits until there is an email for each batch, and returns them by batch."""
    deadline = time.monotonic() + _EMAIL_SECONDS
    while True:
        mails = [path.read_text(encoding="utf-8") for path in stack.local.settings.mail_dir.glob("*.txt")]
        found = Counter({plan.batch_id: sum(plan.batch_id in mail for mail in mails) for plan in plans})
        if all(found.values()) or time.monotonic() > deadline:
            return found
        time.sleep(1)
