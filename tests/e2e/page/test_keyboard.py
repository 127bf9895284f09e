"""The page without a mouse: every step by keys alone, and the focus never lost."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser import Visitor


def test_a_batch_is_made_ordered_and_read_by_keyboard(visitor: Visitor) -> None:
    page, press = visitor.page, visitor.page.keyboard.press
    page.goto(visitor.stack.local.description["page_url"])
    expect(page.get_by_label("Email")).to_be_focused()
    page.keyboard.type(visitor.email)
    press("Tab")
    page.keyboard.type(visitor.password)
    press("Enter")
    visitor.heading("New batch").wait_for()

    tab_to(page, page.get_by_label("Links", exact=True))
    page.keyboard.type("Lighthouse1\nSauerteig_1\nMomiji_no_1\nSteel_Box_1")
    expect(page.get_by_role("button", name="Keep as draft")).to_be_enabled()
    tab_to(page, page.get_by_role("button", name="Keep as draft"))
    press("Enter")
    visitor.heading("A draft of 4 videos").wait_for()
    expect(page.locator(".row.movable")).to_have_count(4)

    # Arrows walk through the list, Alt with an arrow takes the video along.
    tab_to(page, page.locator(".row").first)
    press("ArrowDown")
    with page.expect_response("**/order"):
        press("Alt+ArrowUp")
    expect(page.locator(".row:focus .title")).to_have_text("Sauerteig_1")
    assert visitor.titles() == ["Sauerteig_1", "Lighthouse1", "Momiji_no_1", "Steel_Box_1"]
    press("End")
    expect(page.locator(".row:focus .title")).to_have_text("Steel_Box_1")
    press("Tab")
    press("Tab")
    press("Enter")
    tab_to(page, page.get_by_role("button", name="Move to a position"))
    press("Enter")
    expect(page.get_by_role("spinbutton")).to_be_focused()
    press("Control+A")
    page.keyboard.type("1")
    with page.expect_response("**/order"):
        press("Enter")
    expect(page.locator(".row .title").first).to_have_text("Steel_Box_1")
    expect(page.locator(".row:focus .title")).to_have_text("Steel_Box_1")
    press("End")
    leave_out(page, "Momiji_no_1")
    undo(page, "Momiji_no_1")
    leave_out(page, "Momiji_no_1")

    tab_to(page, page.get_by_role("button", name="Start"), "Shift+Tab")
    press("Enter")
    expect(page.locator(".name-line .pill")).to_have_text("Done", timeout=60_000)
    tab_to(page, page.locator(".row[tabindex='0']"))
    press("Home")
    press("Enter")
    expect(page.locator(".summary-title")).to_have_text("the steel box that shrank the world")
    press("Escape")
    expect(page.locator(".row:focus .title")).to_have_text("the steel box that shrank the world")


def leave_out(page: Page, title: str) -> None:
    with page.expect_response(re.compile(r"/items/\d+$")):
        page.keyboard.press("Delete")
    expect(page.locator(".row.skipped .title")).to_have_text(title)


def undo(page: Page, title: str) -> None:
    tab_to(page, page.get_by_role("button", name="Undo"))
    with page.expect_response("**/restore"):
        page.keyboard.press("Enter")
    expect(page.locator(".row.skipped")).to_have_count(0)
    expect(page.locator(".row:focus .title")).to_have_text(title)


def tab_to(page: Page, target: Locator, key: str = "Tab") -> None:
    for _ in range(60):
        page.keyboard.press(key)
        if target.evaluate("node => node === document.activeElement"):
            return
    raise AssertionError(f"{target} is not reached with {key}.")
