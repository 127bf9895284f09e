"""Fixtures of the page's tests: one browser for all, and a visitor for each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from testkit.whole_stack import WholeStack
from tests.browser import Visitor, launch, visit
from tests.scheduling import PAGE, group

# At most one, with what closes it.
open_browsers: list[tuple[Browser, ExitStack]] = []


@pytest.fixture(scope="module")
def browser() -> Browser:
    """A browser for all tests of the page that this process runs."""
    # Instead of five seconds: other tests use the processors too, and a first request starts a function.
    expect.set_options(timeout=40_000)
    if not open_browsers:
        with ExitStack() as starting:
            browser = launch(starting.enter_context(sync_playwright()))
            starting.callback(browser.close)
            open_browsers.append((browser, starting.pop_all()))
    return open_browsers[0][0]


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> None:
    """Closes the browser after the last test of the page: until then, an event loop runs in this thread."""
    if nextitem is None or group(nextitem.nodeid) != PAGE:
        while open_browsers:
            _, closing = open_browsers.pop()
            closing.close()


@pytest.fixture
def visitor(browser: Browser, stack: WholeStack) -> Iterator[Visitor]:
    with visit(browser, stack, viewport={"width": 1280, "height": 900}) as visitor:
        yield visitor
