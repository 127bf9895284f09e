"""Hands that are faster than the page: double clicks, keys held down, a queue that moves on under a question."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Locator, Page, Route, expect

from tests.browser import Visitor, fetched


def answer(route: Route) -> None:
    answer = fetched(route)
    route.fulfill(status=answer.status_code, body=answer.content, headers=dict(answer.headers))


def click_twice(page: Page, target: Locator, between: Callable[[], None]) -> None:
    """A double click between whose halves something happens."""
    box = target.bounding_box()
    assert box
    page.mouse.click(box["x"] + 20, box["y"] + 20)
    between()
    page.mouse.down(click_count=2)
    page.mouse.up(click_count=2)


def test_a_double_click_opens_a_question_and_leaves_it_open(visitor: Visitor) -> None:
    page = visitor.page
    visitor.sign_in()
    visitor.create("Keep as draft", "Lighthouse1")
    click_twice(page, page.get_by_role("button", name="Delete"), page.get_by_role("dialog").wait_for)
    page.wait_for_timeout(100)
    expect(page.get_by_role("dialog")).to_be_visible()
    page.mouse.click(5, 5)
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_marking_text_beyond_the_edge_of_a_question_keeps_it(visitor: Visitor) -> None:
    page = visitor.page
    visitor.sign_in()
    visitor.create("Keep as draft", "Lighthouse1")
    page.get_by_role("button", name="Add videos").click()
    links = page.get_by_role("dialog").get_by_label("Links", exact=True)
    links.fill("Sauerteig_1\nMomiji_no_1")
    box = links.bounding_box()
    assert box
    page.mouse.move(box["x"] + 150, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(20, box["y"] + 40, steps=4)
    page.mouse.up()
    expect(links).to_have_value("Sauerteig_1\nMomiji_no_1")


def test_a_question_goes_with_the_view_that_asked_it(visitor: Visitor) -> None:
    page = visitor.page
    visitor.sign_in()
    visitor.create("Keep as draft", "Lighthouse1")
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").wait_for()
    page.go_back()
    visitor.heading("New batch").wait_for()
    expect(page.get_by_role("dialog")).to_have_count(0)
