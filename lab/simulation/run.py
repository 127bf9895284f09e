"""One run: a seed, two users with two clients each, days with faults, then a calm until everything is at rest."""

from __future__ import annotations

import gc
import logging
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, nullcontext
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from random import Random
from threading import get_ident
from types import SimpleNamespace
from typing import Any, NamedTuple
from unittest.mock import patch

import time_machine
from botocore.client import BaseClient

from lab.simulation.clients import Client, User
from lab.simulation.faults import Faults
from lab.simulation.follows import Follower, FollowPromises, check_remains
from lab.simulation.operator import Operator
from lab.simulation.outside import NEWEST, Sources
from lab.simulation.own_settings import Choices, Chooser
from lab.simulation.promises import Promises, is_at_rest
from lab.simulation.scheduler import Scheduler
from lab.simulation.story import Step, Violation, short
from lab.simulation.table import Change, each_batch
from lab.simulation.world import STATE_MACHINE, Email, World, api_state
from skimlist import config, metrics
from skimlist.jobs import queue
from testkit.functions import load_function

# A month ends on the second day, and the monthly limit resets.
_START = datetime(2026, 3, 30, 12, tzinfo=UTC)
_STORM_SECONDS = 6 * 24 * 3600.0
_CALM_SECONDS = 2 * 24 * 3600.0
# Within this time the source of every follow has been checked, whatever happened before: a day, and the longest waits.
_LOOKED_AT_WITHIN = 36 * 3600.0
# The time until the last requests of the faulty days have arrived, including those of an interrupted operator.
_ARRIVAL_SECONDS = 60.0
_MAX_STEPS = 60_000
_ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "TABLE_NAME": "table",
    "BUCKET_NAME": "bucket",
    "STATE_MACHINE_ARN": STATE_MACHINE,
    "TOPIC_ARN": "arn:aws:sns:eu-central-1:123456789012:topic",
    "APP_URL": "https://skimlist.example",
    "BUILD_EXPORT_FUNCTION": "build_export",
    "NOTIFY_OWNER_FUNCTION": "notify_owner",
    "SECRETS_PREFIX": "/skimlist/",
    "POWERTOOLS_METRICS_DISABLED": "true",
    "USER_POOL_ID": "pool",
}
# Limits that an operator may set; most runs are without some of them, and the calm is without any.
_LIMITS = {
    "BATCHES_AT_ONCE": "2",
    "VIDEOS_A_DAY": "20",
    "PLAYLISTS_A_DAY": "3",
    "USD_A_DAY": "0.0003",
    "USD_A_MONTH": "0.0006",
}
_LIMITS_ON = 0.2
_SCHEDULED = frozenset({"resume_interrupted", "check_follows"})


class Report(NamedTuple):
    """The result of a run: its violation, if there is one, its story, and the faults that occurred."""

    seed: int
    violation: Violation | None
    story: Sequence[Step]
    steps: int
    seconds: float
    met: dict[str, int]


def run(seed: int, ignored: frozenset[str] = frozenset()) -> Report:
    """Runs a seed; the same seed on the same code gives the same report."""
    with _one_collection():  # when nothing refers to the world of the run any longer
        return _run(seed, ignored)


def _run(seed: int, ignored: frozenset[str]) -> Report:
    began = time.perf_counter()
    random = Random(seed)
    with time_machine.travel(_START, tick=False) as clock:
        scheduler = Scheduler(random, _START, clock.shift)
        promised = Promised.of([User("ada"), User("eve")][: random.choice([1, 1, 2])])
        world = promised.world(random, scheduler, Faults.of(random), ignored)
        # Even if the run fails, its processes end, and leave every context that they are in, before ours is left.
        with in_place_of_aws(world), _in_place_of_youtube(world), closing(scheduler):
            world.sweep_for_ever()
            world.check_follows_for_ever()
            _storm(world, promised)
    seconds = time.perf_counter() - began
    return Report(seed, world.violation, world.story, scheduler.steps, seconds, dict(world.met))


class Promised(NamedTuple):
    """Everything that must hold in a world."""

    batches: Promises
    choices: Choices
    follows: FollowPromises

    @classmethod
    def of(cls, users: Sequence[User]) -> Promised:
        return cls(Promises(), Choices(), FollowPromises(users))

    def world(self, random: Random, scheduler: Scheduler, faults: Faults, ignored: frozenset[str]) -> World:
        """Returns a world in which it is checked at every step."""

        def on_change(world: World, changes: Sequence[Change]) -> None:
            self.batches.on_change(world, changes)
            self.follows.on_change(world, changes)

        def on_email(world: World, batch_id: str | None, email: Email) -> None:
            self.batches.on_email(world, batch_id, email)
            self.follows.on_email(world, batch_id, email)

        return World(
            random=random,
            scheduler=scheduler,
            faults=faults,
            on_change=on_change,
            on_ask=self.batches.on_ask,
            on_check=lambda world, process, user: self.follows.on_check(world, process, user, self.batches),
            on_lost=self.follows.on_lost,
            on_email=on_email,
            on_publish=self.choices.on_publish,
            on_execution_start=self.batches.on_execution_start,
            on_execution_end=self.batches.on_execution_end,
            on_wait=self.batches.on_wait,
            ignored=ignored,
        )


def _storm(world: World, promised: Promised) -> None:
    random, scheduler, promises = world.random, world.scheduler, promised.batches
    _set_limits({name: limit if random.random() < _LIMITS_ON else "0" for name, limit in _LIMITS.items()}, promises)
    users = promised.follows.users
    world.users = [user.name for user in users]
    clients = [
        Client(world, promises, user, f"{user.name}'s {device}") for user in users for device in ("laptop", "phone")
    ]
    processes = []
    for client in clients:
        processes.append(scheduler.spawn(client.name, partial(client.live, random.randint(3, 12))))
        if times := random.choice([0, 0, 3, 8]):
            chooser = Chooser(client, promised.choices)
            processes.append(scheduler.spawn(f"{client.name}'s settings", partial(chooser.choose_often, times)))
        if times := random.choice([0, 0, 4, 10]):
            follower = Follower(client, promises, promised.follows)
            processes.append(scheduler.spawn(f"{client.name}'s follows", partial(follower.live, times)))
    busy = set(processes)
    for process in processes:
        process.details["payload"] = {}
        process.on_end(lambda process=process: busy.discard(process))  # type: ignore[misc]
    halts = random.choice([0, 0, 1, 3])
    operator = scheduler.spawn("the operator", lambda: Operator(world, promises).work(halts))
    youtube = scheduler.spawn("YouTube", world.outside.live)
    end = scheduler.now + _STORM_SECONDS
    _until(world, lambda: not busy or scheduler.now > end)
    world.faults = Faults()
    for process in (operator, youtube):
        scheduler.kill(process)
    _set_limits(dict.fromkeys(_LIMITS, "0"), promises)
    world.tell("the storm is over")
    calm = scheduler.spawn("the user in the calm", lambda: _calm(world, promised, users))
    calm.details["payload"] = {}
    _until(world, lambda: calm.ended)
    for process in (*processes, operator, youtube, calm):
        if process.error:
            raise process.error


def _set_limits(limits: Mapping[str, str], promises: Promises) -> None:
    os.environ.update(limits)
    config.settings.cache_clear()
    promises.usd_a_day, promises.usd_a_month = (Decimal(limits[name]) for name in ("USD_A_DAY", "USD_A_MONTH"))


def _until(world: World, done: Any) -> None:
    world.scheduler.run(lambda: world.violation is not None or world.scheduler.steps > _MAX_STEPS or done())


def _calm(world: World, promised: Promised, users: Sequence[User]) -> None:
    """Checks without faults and limits that every batch comes to rest, every offer works, and deleted data is gone."""
    world.scheduler.sleep(_ARRIVAL_SECONDS)
    Operator(world, promised.batches).lift_everything()
    _come_to_rest(world)
    clients = [Client(world, promised.batches, user, f"{user.name} in the calm") for user in users]
    _follow_on(world, [Follower(client, promised.batches, promised.follows) for client in clients])
    for client in clients:
        for batch in list(each_batch(world.table)):
            if batch["user_id"] == client.user.name:
                client.user.know(batch["id"])
        for batch_id in list(client.user.batches):
            _finish(world, client, batch_id)
        Chooser(client, promised.choices).leave()
    world.tell("everything is deleted")
    world.scheduler.sleep(3 * 3600)
    _check_leftovers(world)


def _follow_on(world: World, followers: Sequence[Follower]) -> None:
    """Checks that every follow takes what is new although one source stays unreadable, and deletes all follows."""
    if world.table.partitions.get("FOLLOWS"):
        world.outside.calm_down()
        for follower in followers:
            follower.go_on()
        world.scheduler.sleep(_LOOKED_AT_WITHIN)
        _come_to_rest(world)
        for follower in followers:
            follower.check_all()
            follower.leave()
        _come_to_rest(world)


def _come_to_rest(world: World) -> None:
    deadline = world.scheduler.now + _CALM_SECONDS
    while not _is_quiet(world, deadline):
        if world.scheduler.now > deadline:
            states = [
                f"{short(batch['id'])} {batch['status']}" for batch in each_batch(world.table) if not is_at_rest(batch)
            ]
            running = [
                short(execution.name) for execution in world.executions.values() if execution.status == "RUNNING"
            ]
            world.violate("never at rest", f"after two calm days: {', '.join(states)}; executions {running}")
            return
        world.scheduler.sleep(60)


def _is_quiet(world: World, deadline: float) -> bool:
    """Whether everything is at rest; a batch that waits for longer than the calm, as for the next month, is resumed."""
    running = [execution for execution in world.executions.values() if execution.status == "RUNNING"]
    waiting = {execution.batch_id for execution in running if execution.waits_until > deadline}
    return (
        all(execution.waits_until > deadline for execution in running)
        and all(process.details["function"] in _SCHEDULED for process in world.invocations)
        and all(
            (is_at_rest(batch) and "active" not in batch) or (batch["status"] == "paused" and batch["id"] in waiting)
            for batch in each_batch(world.table)
        )
    )


def _finish(world: World, client: Client, batch_id: str) -> None:
    """Acts like a patient user who tries everything that the page offers, and then deletes the batch."""
    for _ in range(4):
        view = client.look(batch_id)
        if view is None:
            return
        client.poll(batch_id)
        _check_view(world, view)
        if view["status"] == "paused":
            client.command(batch_id, "POST", "/resume", {"max_cost_usd": "100"})
        elif view["status"] == "draft":
            client.command(batch_id, "POST", "/start")
        elif _is_retry_offered(view):
            _retry(world, client, batch_id, view)
        else:
            break
        _come_to_rest(world)
    view = client.look(batch_id)
    if view and view["status"] in {"draft", "completed", "failed", "cancelled"}:
        answer = client.command(batch_id, "DELETE", "")
        if answer and answer.status != 204:
            world.violate("cannot be deleted", f"a {view['status']} batch at rest: {answer.body['error']['message']}")


def _check_view(world: World, view: Any) -> None:
    if view["pause"] and view["status"] != "paused":
        world.violate("pause outlives its end", f"a {view['status']} batch says {view['pause']['message']!r}")
    if (view["error"] or {}).get("code") in {"workflow_stuck", "workflow_failed", "internal"}:
        world.met["batch abandoned"] += 1


def _is_retry_offered(view: Any) -> bool:
    """Whether the page would offer a retry."""
    progress, digest = view["progress"], view["digest"] or {}
    is_over = view["status"] in {"completed", "failed", "cancelled"}
    return is_over and bool(progress["failed"] or progress["left"] or (digest.get("error") or {}).get("retryable"))


def _retry(world: World, client: Client, batch_id: str, view: Any) -> None:
    answer = client.command(batch_id, "POST", "/retry", {})
    if answer and answer.status == 409 and view["progress"]["failed"]:
        answer = client.command(batch_id, "POST", "/retry", {"all": True})
    if answer and answer.status >= 400:
        world.violate("offered and refused", f"a retry of a {view['status']} batch: {answer.body['error']['message']}")
        return
    _come_to_rest(world)
    after = client.look(batch_id)
    if after and (after["error"] or {}).get("code") in {"workflow_stuck", "workflow_failed", "internal"}:
        world.violate("does not heal", f"after a retry in the calm: {after['error']['message']}")


def _check_leftovers(world: World) -> None:
    """Checks that no data belongs to a batch that was deleted or never created."""
    batches = list(each_batch(world.table))
    existing = {batch["id"] for batch in batches}
    for batch in batches:
        if "deleted_at" in batch:
            world.violate("left behind", f"{short(batch['id'])}, whose deletion never came to an end")
    for pk, partition in world.table.partitions.items():
        if pk.startswith("BATCH#") and partition and pk.removeprefix("BATCH#") not in existing:
            world.violate("left behind", f"{sorted(partition)} of {short(pk)}, which does not exist")
    check_remains(world)
    for key in world.objects:
        if key.startswith(("exports/", "summaries/")) and key.split("/")[2] not in existing:
            world.violate("left behind", f"{key} of a batch that does not exist")


@contextmanager
def _one_collection() -> Iterator[None]:
    """Collects garbage once, at the end of a run, and among the run's own objects only."""
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.collect()
        gc.unfreeze()


@contextmanager
def _in_place_of_youtube(world: World) -> Iterator[None]:
    outside = world.outside
    with ExitStack() as stack:
        for place in (
            patch("skimlist.youtube.session.youtube_session", lambda *_: None),
            patch("skimlist.youtube.transcripts.YouTube", lambda _session: outside),
            patch("skimlist.youtube.pages.opened", lambda _session: nullcontext(outside)),
            patch("skimlist.youtube.uploads_feed.newest_uploads", outside.newest_uploads),
            patch("skimlist.youtube.followed_sources._NEWEST", NEWEST),
            patch.object(load_function("check_follows"), "_sources", lambda: Sources(world)),
        ):
            stack.enter_context(place)
        yield


@contextmanager
def in_place_of_aws(world: World) -> Iterator[None]:
    random = world.random
    page_size, pages = random.choice([(2, 2), (3, 3), (50, 8)])
    outside = world.outside

    own_thread, ask_aws = get_ident(), BaseClient._make_api_call  # type: ignore[attr-defined]

    def call(client: BaseClient, operation: str, arguments: Any) -> Any:
        if get_ident() != own_thread:  # in the tests, a local stack may run in another thread
            return ask_aws(client, operation, arguments)
        return world.call(client, operation, arguments)

    with ExitStack() as stack:
        stack.enter_context(patch.dict(os.environ, _ENVIRONMENT))
        os.environ.pop("AWS_ENDPOINT_URL", None)
        stack.callback(logging.disable, logging.root.manager.disable)
        logging.disable(logging.CRITICAL)
        for place in (
            patch.object(BaseClient, "_make_api_call", call),
            patch("skimlist.ids.secrets.randbits", random.getrandbits),
            patch("skimlist.jobs.table_repository.sleep", world.scheduler.sleep),
            patch("skimlist.jobs.table_repository.uniform", random.uniform),
            patch("skimlist.workflow.uuid4", lambda: SimpleNamespace(hex=f"{random.getrandbits(64):x}")),
            patch.object(metrics, "record", lambda *_, **__: None),
            patch.object(load_function("check_follows"), "ThreadPoolExecutor", _OneAfterTheOther),
            patch("skimlist.steps.check_follows._CHECKED_AT_ONCE", random.choice([1, 2, 8])),
            patch("skimlist.llm.endpoint.sleep", world.scheduler.sleep),
            patch(
                "skimlist.llm.clients.openai",
                SimpleNamespace(OpenAI=outside.client, DefaultHttpx2Client=lambda **_: None),
            ),
            *_page_sizes(page_size, pages),
        ):
            stack.enter_context(place)
        config.settings.cache_clear()
        stack.callback(config.settings.cache_clear)
        stack.callback(api_state())  # otherwise the last request would keep this run in memory
        yield


class _OneAfterTheOther:
    """Calls a function for each argument in turn, in place of threads."""

    map = staticmethod(map)

    def __init__(self, _threads: int) -> None:
        """Starts no threads."""

    def __enter__(self) -> _OneAfterTheOther:
        return self

    def __exit__(self, *_: object) -> None:
        """Has nothing to wait for."""


def _page_sizes(page_size: int, pages: int) -> Iterator[Any]:
    """Sets a small page size, so that a short queue has several pages."""
    yield patch.object(queue.Queue._new_page, "__defaults__", (page_size,))
    for module in (
        queue,
        _module("skimlist.steps.load_next_videos"),
        _module("skimlist.jobs.queue_editor"),
        _module("skimlist.jobs.preflights"),
    ):
        for name, value in (("PAGE_SIZE", page_size), ("PAGES_PER_EXECUTION", pages)):
            if hasattr(module, name):
                yield patch.object(module, name, value)


def _module(name: str) -> Any:
    return __import__(name, fromlist=["_"])
