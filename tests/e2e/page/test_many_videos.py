"""A batch of 5,000 videos: only what is in sight is drawn and read, and a change is shown where the eye is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Route, expect

from local.client import api_client
from testkit.whole_stack import create_batch
from tests.browser import Visitor

TOTAL = 5_000
MOST_ROWS = 60


@dataclass
class LongBatch:
    """In place of the API: a real batch of one video, shown as one of 5,000."""

    batch: dict[str, Any]
    version: int = 0
    completed: int = 10
    orders: list[list[str]] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)
    numbers: list[int] = field(default_factory=lambda: list(range(TOTAL)))

    def answer(self, route: Route) -> None:
        query = parse_qs(urlsplit(route.request.url).query)
        etag = f'W/"{self.version}"'
        if route.request.headers.get("if-none-match") == etag:
            route.fulfill(status=304, headers={"ETag": etag})
        elif route.request.method == "PUT":
            self.reorder(route.request.post_data_json["item_ids"])
            route.fulfill(status=202, json=self.view())
        elif "items" in query:
            route.fulfill(json=self.view(), headers={"ETag": etag})
        else:
            self.pages.append(int(query["cursor"][0]))
            route.fulfill(json=self.page(self.pages[-1]))

    def view(self) -> dict[str, Any]:
        left = TOTAL - self.completed
        progress = {**self.batch["progress"], "total": TOTAL, "completed": self.completed, "left": left, "percent": 0}
        changes = {"status": "processing", "order_version": self.version, "progress": progress}
        return {**self.batch, **changes, "items": None, "playlists": None, "next_cursor": None}

    def page(self, offset: int) -> dict[str, Any]:
        items = [self.item(offset + index, number) for index, number in enumerate(self.numbers[offset : offset + 100])]
        return {**self.view(), "items": items, "playlists": []}

    def item(self, index: int, number: int) -> dict[str, Any]:
        status = "completed" if index < self.completed else "pending"
        changes = {"id": f"{number:05}", "position": index + 1, "status": status, "title": f"Video {number}"}
        return {**self.batch["items"][0], **changes}

    def reorder(self, item_ids: list[str]) -> None:
        self.orders.append(item_ids)
        moved = iter([int(item_id) for item_id in item_ids])
        given = {int(item_id) for item_id in item_ids}
        self.numbers = [next(moved) if number in given else number for number in self.numbers]
        self.version += 1


@pytest.fixture
def long_batch(visitor: Visitor) -> Iterator[LongBatch]:
    """Shown, with its first page in sight."""
    with api_client(visitor.stack.local.description, visitor.email, visitor.password) as api:
        made = create_batch(api, "Lighthouse1", start=False)
        long_batch = LongBatch(api.get(f"batch/{made['id']}").json())
    visitor.page.route(re.compile(rf"/api/batch/{made['id']}"), long_batch.answer)
    visitor.sign_in()
    visitor.go(f"/batch/{made['id']}")
    expect(visitor.page.locator(".row").nth(3)).to_contain_text("Video 3")
    yield long_batch


def test_only_rows_in_sight_exist_and_only_their_pages_are_read(visitor: Visitor, long_batch: LongBatch) -> None:
    page = visitor.page
    expect(page.get_by_role("list", name="Videos in their order").get_by_role("listitem").first).to_have_attribute(
        "aria-setsize", str(TOTAL)
    )
    assert page.locator(".row").count() < MOST_ROWS
    page.keyboard.press("End")
    expect(page.get_by_role("link", name="Video 4999", exact=True)).to_be_visible()
    assert page.locator(".row").count() < MOST_ROWS
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight / 2)")
    expect(page.get_by_role("link", name=re.compile("Video 25"))).not_to_have_count(0)
    assert page.locator(".row").count() < MOST_ROWS
    assert len(long_batch.pages) < 8, long_batch.pages


def test_the_place_is_kept_when_a_video_is_opened_and_closed(visitor: Visitor, long_batch: LongBatch) -> None:
    page = visitor.page
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight / 2)")
    video = page.get_by_role("link", name=re.compile("Video 2[45]")).nth(12)
    title = video.inner_text()
    video.click()
    expect(page.locator(".panel h2")).to_have_text(title)
    page.get_by_role("button", name="All videos").click()
    expect(page.locator(".row:focus .title")).to_have_text(title)
    expect(page.locator(".row:focus")).to_be_in_viewport()


def test_a_change_reads_what_is_in_sight_and_keeps_the_focus(visitor: Visitor, long_batch: LongBatch) -> None:
    page = visitor.page
    page.locator(".row").nth(10).focus()
    long_batch.pages.clear()
    long_batch.version, long_batch.completed = 1, 11
    expect(page.locator(".row").nth(10)).to_contain_text("Done")
    expect(page.locator(".row:focus .title")).to_have_text("Video 10")
    assert long_batch.pages == [0]


def test_a_video_is_moved_across_the_whole_queue(visitor: Visitor, long_batch: LongBatch) -> None:
    page = visitor.page
    page.locator(".row").nth(12).get_by_role("button", name="More about").click()
    page.get_by_role("button", name="Move to a position").click()
    page.get_by_role("spinbutton").fill(str(TOTAL))
    page.get_by_role("dialog").get_by_role("button", name="Move", exact=True).click()
    expect(page.locator(".row:focus .title")).to_have_text("Video 12", timeout=20_000)
    expect(page.locator(".row:focus")).to_have_attribute("aria-posinset", str(TOTAL))
    [order] = long_batch.orders
    assert (len(order), order[0], order[-1]) == (TOTAL - 12, "00013", "00012")


def test_a_queue_that_changed_meanwhile_is_shown_anew(visitor: Visitor, long_batch: LongBatch) -> None:
    page = visitor.page
    refusal = {"error": {"code": "batch_changed", "message": "The order was changed meanwhile.", "details": []}}
    page.route("**/order", lambda route: route.fulfill(status=409, json=refusal), times=1)
    page.locator(".row").nth(12).focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(page.get_by_role("alert")).to_contain_text("The queue changed in the meantime.")
    expect(page.locator(".row").nth(12)).to_contain_text("Video 12")


def test_the_panel_steps_across_the_edge_of_what_was_read(visitor: Visitor, long_batch: LongBatch) -> None:
    page = visitor.page
    # The queue is hidden meanwhile, and reads nothing.
    visitor.go(visitor.page.url.partition("#")[2] + "/video/00099")
    title = page.locator(".panel h2")
    expect(title).to_have_text("Video 99")
    page.get_by_role("button", name="Next").click()
    expect(title).to_have_text("Video 100")
    page.get_by_role("button", name="Previous").click()
    expect(title).to_have_text("Video 99")
