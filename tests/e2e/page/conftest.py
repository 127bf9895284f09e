"""What the tests of the page share: one browser, and a visitor of their own for each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from testkit.whole_stack import WholeStack
from tests.browser import Visitor, launch, visit


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    # Instead of five seconds: other tests use the processors too.
    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def visitor(browser: Browser, stack: WholeStack) -> Iterator[Visitor]:
    with visit(browser, stack, viewport={"width": 1280, "height": 900}) as visitor:
        yield visitor
