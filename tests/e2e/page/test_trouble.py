"""Answers that fail, are cut off or come too late: nothing gets stuck, nothing is lost, nothing untrue is said."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser import Visitor


def test_a_look_that_is_cut_off_is_taken_again(visitor: Visitor) -> None:
    page = visitor.page
    visitor.sign_in()
    visitor.create("Keep as draft", "Lighthouse1")
    visitor.heading("A draft of 1 video").wait_for()
    cut = {"status": 200, "body": '{"id": "0', "content_type": "application/json"}
    page.route("**/api/batch/*?items=false", lambda route: route.fulfill(**cut), times=1)
    expect(page.locator(".offline")).to_contain_text("Trying again in", timeout=10_000)
    expect(page.locator(".offline")).to_be_hidden(timeout=10_000)
