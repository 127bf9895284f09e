"""A batch on a phone: the queue by touch, and one video opened in its place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Browser, CDPSession, expect

from testkit.whole_stack import WholeStack
from tests.browser import Visitor, untitled, visit


@pytest.fixture
def visitor(browser: Browser, stack: WholeStack) -> Iterator[Visitor]:
    phone = {"width": 360, "height": 740}
    options = {"viewport": phone, "has_touch": True, "is_mobile": True}
    with visit(browser, stack, reduced_motion="no-preference", **options) as visitor:
        yield visitor


def test_a_queue_is_ordered_by_touch_and_its_forecast_is_not_cut_off(visitor: Visitor) -> None:
    batch_id = visitor.open_draft("Lighthouse1", "Sauerteig_1", "Polinesia_1", "Momiji_no_1", "Steel_Box_1")
    a_video_is_dragged_beyond_what_is_in_sight(visitor)
    the_forecast_of_a_draft_is_not_cut_off(visitor, batch_id)


def test_fields_links_and_an_open_video_suit_a_phone(visitor: Visitor) -> None:
    batch_id = visitor.open_draft("Lighthouse1", "Sauerteig_1")
    no_field_has_letters_at_which_a_phone_zooms_in(visitor, batch_id)
    visitor.go("/")
    long_links_scroll_and_each_keeps_its_mark(visitor)
    visitor.go(f"/batch/{batch_id}")
    a_video_that_is_open_becomes_its_summary(visitor, batch_id)


def a_video_is_dragged_beyond_what_is_in_sight(visitor: Visitor) -> None:
    page = visitor.page
    handle = page.locator(".row.movable .handle").first
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    assert box
    finger = Finger(visitor.context.new_cdp_session(page), box["x"] + box["width"] / 2)
    finger.at("touchStart", box["y"] + box["height"] / 2)
    finger.at("touchMove", 500)
    finger.at("touchMove", 735)  # at the edge, where the page scrolls on
    expect(page.locator(".row", has_text="Steel_Box_1").locator(".handle")).to_be_in_viewport(ratio=1)
    with page.expect_response("**/order"):
        finger.lift()
    assert visitor.titles() == [
        *map(untitled, ("Sauerteig_1", "Polinesia_1", "Momiji_no_1", "Steel_Box_1", "Lighthouse1"))
    ]


def the_forecast_of_a_draft_is_not_cut_off(visitor: Visitor, batch_id: str) -> None:
    page = visitor.page
    with closing(visitor.stack.client_of(visitor.email, visitor.password)) as api:
        shown = api.get(f"batch/{batch_id}").json()
    captions = {"caption_kind": "translated", "language_code": "zh-Hant", "reused": False}  # Traditional Chinese
    figures = {"tokens_in": 12_340, "tokens_out": 890, "cost_usd": 0.0123, "seconds": 75}
    shown["items"][0]["preflight"] = {**captions, **figures}
    page.route("**/api/batch/*?limit=*", lambda route: route.fulfill(json=shown))
    page.reload()
    row = page.locator(".row").first
    numbers = row.locator(".numbers")
    for width in (390, 320, 800):
        page.set_viewport_size({"width": width, "height": 800})
        expect(numbers).to_contain_text("about 1 min")
        box, found = row.bounding_box(), numbers.bounding_box()
        menu = row.locator(".row-actions").bounding_box()
        assert box
        assert found
        assert menu
        assert found["x"] + found["width"] <= menu["x"]
        assert found["y"] + found["height"] <= box["y"] + box["height"]
    # On a wide screen, the title, the number and the first line of the figures are side by side.
    tops = row.locator(":is(.title, .position, .numbers)").evaluate_all(
        "parts => parts.map(part => part.getBoundingClientRect().top)"
    )
    assert max(tops) - min(tops) < 6


def no_field_has_letters_at_which_a_phone_zooms_in(visitor: Visitor, batch_id: str) -> None:
    """Safari on an iPhone does so below 16 pixels."""
    page = visitor.page
    for place, heading in {
        "/": "Summarize videos",
        f"/batch/{batch_id}": "A draft of 2 videos",
        "/history": "Summaries",
        "/follows": "Follow a channel or playlist",
        "/me": "Settings",
    }.items():
        visitor.go(place)
        visitor.heading(heading).wait_for()
        # Read in one go: a field of a view that is just replaced has no font size.
        sizes = page.evaluate(
            """() => {
                const kinds = "input:not([type=checkbox], [type=radio], [type=file]), select, textarea";
                const fields = [...document.querySelectorAll(`main :is(${kinds})`)];
                return fields.map((field) => [
                    field.name || field.className,
                    parseFloat(getComputedStyle(field).fontSize),
                ]);
            }"""
        )
        assert sizes, place
        assert [name for name, size in sizes if size < 16] == [], place


def long_links_scroll_and_each_keeps_its_mark(visitor: Visitor) -> None:
    page = visitor.page
    link = "https://www.youtube.com/watch?v=kCc8FmEb1nY&list=PLo2EIpI_JMQvWfQndUesu0nPBAtZ9gP1o&index=3"
    visitor.paste(link, "https://vimeo.com/1", f"{link}1")
    expect(page.locator(".mark.invalid .mark-number")).to_have_text("2")
    text = page.locator(".links-text")
    assert text.evaluate("text => text.scrollWidth > text.clientWidth")
    assert text.evaluate("text => text.scrollHeight <= text.clientHeight")
    tops = page.locator(".mark").evaluate_all("marks => marks.map((mark) => mark.getBoundingClientRect().top)")
    assert [top - tops[0] for top in tops] == pytest.approx([0, 28, 56], abs=1)


def a_video_that_is_open_becomes_its_summary(visitor: Visitor, batch_id: str) -> None:
    """The queue is hidden behind the video."""
    page = visitor.page
    visitor.row(untitled("Sauerteig_1")).get_by_role("link").first.click()
    expect(page.locator(".panel")).to_contain_text("This video is number 2 of 2 in the queue.")
    with closing(visitor.stack.client_of(visitor.email, visitor.password)) as api:
        api.post(f"batch/{batch_id}/start").raise_for_status()
    expect(page.locator(".name-line .pill")).to_have_text("Done", timeout=60_000)
    expect(page.locator(".panel .summary-title")).to_be_visible()
    # The name of the batch leads back to it.
    name = page.locator(".batch-title h1").get_by_role("link")
    expect(name).to_be_in_viewport()
    name.click()
    expect(visitor.row("Warum Brot aufgeht: ein Blick in den Sauerteig")).to_be_visible()
    expect(page.locator(".batch-title h1").get_by_role("link")).to_have_count(0)


class Finger:
    def __init__(self, session: CDPSession, x: float) -> None:
        self._session, self._x = session, x

    def at(self, event: str, y: float) -> None:
        self._session.send("Input.dispatchTouchEvent", {"type": event, "touchPoints": [{"x": self._x, "y": y}]})

    def lift(self) -> None:
        self._session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
