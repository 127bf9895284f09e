"""The whole stack on the emulator, once for all tests of a worker that ask for it."""

from __future__ import annotations

import gc
import os
from collections.abc import Generator, Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import astuple
from functools import cache
from typing import Any

import botocore.session
import httpx
import pytest
from botocore.exceptions import BotoCoreError, ClientError
from hypothesis import HealthCheck, settings

from local.model import FakeModelServer
from local.settings import ROOT
from local.stack import LocalStack
from local.youtube import FakeYouTube
from testkit.account import roles
from testkit.permissions import Grant
from testkit.whole_stack import WholeStack, settings_between
from tests.scheduling import SHARED_STACKS, Scheduling, group, longest_first
from tests.unused_grants import unused_grants

# No example has a time limit, and none is made too slowly: other work may have the processors. In CI, every run tries
# the same examples; elsewhere, each run tries other ones, so that a quarter of the usual number is enough.
settings.register_profile(
    "skimlist",
    max_examples=25,
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("skimlist")

# Every session would read the descriptions of the services again, which takes longer than most tests.
botocore.session.create_loader = cache(botocore.session.create_loader)

# The controller's, of all workers.
needed_by_workers: set[Grant] = set()
UNUSED_GRANTS = pytest.StashKey[list[str]]()
# At most one, with what stops it.
running_stacks: list[tuple[WholeStack, ExitStack]] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--unused-grants",
        action="store_true",
        help="fail where a role may do what no test has needed; for runs of all tests",
    )


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Collects the permissions that a worker's tests have needed, when the worker ends."""
    needed_by_workers.update(Grant(*grant) for grant in getattr(node, "workeroutput", {}).get("needed", []))


def pytest_sessionfinish(session: pytest.Session) -> None:
    needed = roles().needed()
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["needed"] = [astuple(grant) for grant in needed]
    elif session.config.getoption("unused_grants"):
        unused = unused_grants(needed | needed_by_workers)
        session.config.stash[UNUSED_GRANTS] = [str(grant) for grant in unused]
        if unused and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if unused := config.stash.get(UNUSED_GRANTS, []):
        terminalreporter.section("Granted by template.yaml, and needed by no test")
        terminalreporter.write_line("\n".join(unused))


def pytest_collection_finish() -> None:
    """Keeps the garbage collector from looking through modules and collected tests again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 10, 10)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items[:] = longest_first(items)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    return Scheduling(config, log)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if isinstance(item, pytest.Function) and "whole_stack" in item.fixturenames:
        assert group(item.nodeid) in SHARED_STACKS, "It would start one more stack; see tests/scheduling.py."


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Adds the functions' warnings and errors to the report of a failed test on the stack."""
    report = yield
    stack = getattr(item, "funcargs", {}).get("whole_stack")
    if report.failed and call.when == "call" and stack:
        with suppress(BotoCoreError, ClientError):
            logged = stack.local.account.log_lines(since=call.start)
            wrong = [line for line in logged if '"level":"ERROR"' in line or '"level":"WARNING"' in line]
            report.sections.append(("Warnings and errors of the functions", "\n".join(wrong)))
    return report


@pytest.fixture(scope="module")
def whole_stack(tmp_path_factory: pytest.TempPathFactory) -> WholeStack:
    """The running template between fake servers for YouTube and the models; it ends with the last test of its group."""
    if not running_stacks:
        folder = tmp_path_factory.mktemp("stack")
        with ExitStack() as starting:
            youtube = starting.enter_context(FakeYouTube(ROOT / "local" / "samples", ca_folder=folder))
            model = starting.enter_context(FakeModelServer())
            stack = LocalStack(settings_between(folder, youtube, model, wait_scale=0.05))
            running_stacks.append((WholeStack(starting.enter_context(stack), youtube, model), starting.pop_all()))
    return running_stacks[0][0]


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> None:
    """Stops the shared stack after the last test of its group: an idle one takes a fortieth of a processor."""
    if nextitem is None or group(nextitem.nodeid) not in SHARED_STACKS:
        while running_stacks:
            _, running = running_stacks.pop()
            running.close()


@pytest.fixture
def stack(whole_stack: WholeStack) -> WholeStack:
    """The running stack; when a test begins its fake servers work normally."""
    whole_stack.recover()
    return whole_stack


@pytest.fixture
def api(stack: WholeStack) -> Iterator[httpx.Client]:
    """A client of the API, signed in as the local user."""
    with closing(stack.client()) as client:
        yield client


@pytest.fixture
def other_user(stack: WholeStack) -> Iterator[httpx.Client]:
    """A client of the API, signed in as another user."""
    with closing(stack.client_of_new_user()) as client:
        yield client
