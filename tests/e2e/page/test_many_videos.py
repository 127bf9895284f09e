"""A batch of 5,000 videos: only visible rows are drawn and read, and changes appear where the user looks."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Route, expect

from local.client import api_client
from testkit.whole_stack import create_batch
from tests.browser import Held, Visitor
from tests.layout import layout_problems

TOTAL = 5_000
MAX_ROWS = 60
CURRENT = {"title": None, "stage": "fetching", "percent": 0}
SEARCHED_AT_ONCE = 500
HEADERS = 600  # bytes of an answer
CHANGED = {"error": {"code": "batch_changed", "message": "The order was changed meanwhile.", "details": []}}


@dataclass
class LongBatch:
    """Replaces the API: shows a real batch of one video as one of 5,000."""

    batch: dict[str, Any]
    total: int = TOTAL
    version: int = 0
    completed: int = 10
    requeued: set[int] = field(default_factory=set)  # places of those that are done, and are done again
    failed: set[int] = field(default_factory=set)  # and of those that failed
    skipped: set[int] = field(default_factory=set)  # numbers
    edits: list[tuple[str, list[int]]] = field(default_factory=list)  # each command with the numbers of its videos
    cut_off: list[int] = field(default_factory=list)  # edits that do half of their work and are refused then
    current: dict[str, Any] | None = None
    orders: list[list[str]] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)  # their sizes in bytes
    numbers: list[int] = field(default_factory=lambda: list(range(TOTAL)))
    changes: dict[int, dict[str, Any]] = field(default_factory=dict)  # of videos, by number
    statements: dict[int, str] = field(default_factory=dict)  # of summaries, by number
    searches: list[tuple[str, int]] = field(default_factory=list)  # the words, and the first number that was read

    def resize(self, total: int) -> None:
        self.total = total
        self.version += 1

    def answer(self, route: Route) -> None:
        query = parse_qs(urlsplit(route.request.url).query)
        if route.request.url.endswith("/reading"):
            return route.fulfill(json={"read": [], "starred": []})
        etag = f'W/"{self.version}-{self.completed}-{self.failed}-{self.current}"'
        if route.request.headers.get("if-none-match") == etag:
            self.send(route, status=304, headers={"ETag": etag})
        elif route.request.method == "PUT":
            self.reorder(route.request.post_data_json["item_ids"])
            self.send(route, self.view(), status=202)
        elif "q" in query:
            self.send(route, self.search(query["q"][0], int(query["cursor"][0].lstrip("0") or 0) + 1))
        elif route.request.method == "POST":
            self.edit(route, route.request.url.rpartition("/")[2], route.request.post_data_json["item_ids"])
        elif "items" in query:
            self.send(route, self.view(), headers={"ETag": etag})
        else:
            self.pages.append(int(query["cursor"][0]))
            self.send(route, self.page(self.pages[-1], int(query["limit"][0])))

    def send(self, route: Route, body: dict[str, Any] | None = None, **answer: Any) -> None:
        self.answers.append(HEADERS + len(gzip.compress(json.dumps(body).encode())))
        route.fulfill(json=body, **answer)

    def view(self) -> dict[str, Any]:
        completed = self.completed - len(self.requeued | self.failed)
        counts = {"total": self.total, "completed": completed, "failed": len(self.failed), "percent": 0}
        counts["left"] = self.total - self.completed + len(self.requeued) - len(self.skipped)
        counts["skipped"] = len(self.skipped)
        progress = {**self.batch["progress"], **counts, "current_video": self.current}
        changes = {"status": "processing", "order_version": self.version, "progress": progress}
        return {**self.batch, **changes, "items": None, "playlists": None, "next_cursor": None}

    def page(self, offset: int, limit: int) -> dict[str, Any]:
        numbers = self.numbers[offset : offset + limit]
        items = [self.item(offset + index, number) for index, number in enumerate(numbers)]
        return {**self.view(), "items": items, "playlists": []}

    def item(self, index: int, number: int) -> dict[str, Any]:
        status = "completed" if index < self.completed and index not in self.requeued else "pending"
        status = "failed" if index in self.failed else "skipped" if number in self.skipped else status
        changes: dict[str, Any] = {"id": f"{number:05}", "position": index + 1, "status": status}
        changes |= {"title": f"Video {number}", "cost_usd": number / 1000}
        if status == "completed":
            changes |= {"tldr": f"What video {number} says.", "tags": ["glass"] if number % 2 == 0 else ["lamps"]}
        return {**self.batch["items"][0], **changes, **self.changes.get(number, {})}

    def search(self, words: str, first: int) -> dict[str, Any]:
        self.searches.append((words, first))
        last = first + SEARCHED_AT_ONCE - 1
        said = {number: text for number, text in self.statements.items() if first <= number <= last and words in text}
        of_point = {"kind": "key_point", "start_seconds": 62.9}
        matches = [{"item_id": f"{each:05}", "statement": said[each], **of_point} for each in sorted(said)]
        return {"matches": matches, "next_cursor": f"{last:05}" if last < self.completed - 1 else None}

    def edit(self, route: Route, command: str, item_ids: list[str]) -> None:
        is_cut_off = len(self.edits) in self.cut_off
        numbers = [int(item_id) for item_id in item_ids]
        self.edits.append((command, numbers))
        done = set(numbers[: len(numbers) // 2] if is_cut_off else numbers)
        self.skipped = self.skipped | done if command == "skip" else self.skipped - done
        self.version += 1
        if is_cut_off:
            route.fulfill(status=409, json=CHANGED)
        else:
            route.fulfill(status=202, json={**self.view(), "too_late": []})

    def reorder(self, item_ids: list[str]) -> None:
        self.orders.append(item_ids)
        moved = iter([int(item_id) for item_id in item_ids])
        given = {int(item_id) for item_id in item_ids}
        self.numbers = [next(moved) if number in given else number for number in self.numbers]
        self.version += 1


@pytest.fixture
def long_batch(visitor: Visitor) -> Iterator[LongBatch]:
    """The page with the long batch open and its first videos visible."""
    with api_client(visitor.stack.local.description, visitor.email, visitor.password) as api:
        made = create_batch(api, "Lighthouse1", start=False)
        long_batch = LongBatch(api.get(f"batch/{made['id']}").json())
    visitor.page.route(re.compile(rf"/api/batch/{made['id']}"), long_batch.answer)
    visitor.sign_in_at(f"/batch/{made['id']}")
    expect(visitor.page.locator(".row").nth(3)).to_contain_text("Video 3")
    yield long_batch


def test_only_what_is_in_sight_of_a_long_list_is_drawn_and_read(visitor: Visitor, long_batch: LongBatch) -> None:
    the_panel_steps_across_the_edge_of_what_was_read(visitor)
    only_visible_rows_exist_and_only_their_pages_are_read(visitor, long_batch)
    rows_whose_videos_are_not_read_yet_keep_their_places(visitor)
    a_change_reads_what_is_in_sight_and_keeps_the_focus(visitor, long_batch)
    videos_that_end_out_of_their_order_are_shown(visitor, long_batch)
    a_video_is_moved_across_the_whole_queue_after_that_has_changed_meanwhile(visitor, long_batch)


def test_a_list_keeps_its_layout_while_its_rows_become_more_fewer_and_higher(
    visitor: Visitor, long_batch: LongBatch
) -> None:
    # Nothing tells the page that its reader enlarges the text or spaces it.
    assert layout_problems(visitor.page) == []
    right_to_left_text_is_aligned_with_its_title(visitor, long_batch)
    a_list_of_a_hundred_videos_misses_none_and_paper_says_if_one_is_not_whole(visitor, long_batch)
    what_is_in_sight_stays_there_while_rows_above_it_grow(visitor, long_batch)
    many_videos_are_left_out_and_put_back_in_parts(visitor, long_batch)
    while_a_playlist_is_read_a_skeleton_stands_for_its_videos(visitor, long_batch)


def test_a_long_list_is_searched_filtered_and_sorted(visitor: Visitor, long_batch: LongBatch) -> None:
    five_thousand_videos_are_searched_filtered_and_sorted(visitor, long_batch)
    the_address_of_a_search_can_be_opened(visitor, long_batch)
    many_summaries_are_searched_a_part_at_a_time(visitor, long_batch)


def test_half_a_minute_of_a_running_batch_costs_few_requests_and_bytes(visitor: Visitor, long_batch: LongBatch) -> None:
    page, answer = visitor.page, Held(visitor.page)
    page.clock.install()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # looks at once, and then by this clock
    half_a_minute_costs_few_requests_and_bytes(visitor, long_batch)

    # The same while the list shows what was found in its summaries.
    page.route("**/search?*", answer.hold)
    page.get_by_role("searchbox").fill("video")
    held = answer.first()
    expect(page.get_by_role("status").filter(has_text="0 of 20 summaries searched")).to_be_visible()
    page.unroute("**/search?*")
    held.fallback()
    expect(page.get_by_text("summaries searched")).to_have_count(0)
    half_a_minute_costs_few_requests_and_bytes(visitor, long_batch)


def half_a_minute_costs_few_requests_and_bytes(visitor: Visitor, long_batch: LongBatch) -> None:
    """A video ends each time before the page looks."""
    page, first = visitor.page, long_batch.completed + 1
    for place in range(first, first + 10):
        long_batch.completed = place
        long_batch.current = {**CURRENT, "item_id": f"{place:05}", "position": place + 1}
        if place == first + 1:
            long_batch.answers.clear()
            begun = page.evaluate("Date.now()")
        # A video that ends before the page has read the rows in sight would cost one more request.
        with page.expect_response(lambda response: "limit=" in response.url):
            page.clock.run_for(3_500)
    # The page's clock goes on between the steps, too, which takes long on a slow machine.
    minutes = (page.evaluate("Date.now()") - begun) / 60_000
    assert minutes > 0.49
    assert len(long_batch.answers) <= 40 * minutes
    assert sum(long_batch.answers) <= 100_000 * minutes
    page.wait_for_timeout(500)  # until the last change has been read
    long_batch.pages.clear()
    page.get_by_role("button", name="Jump to the current one").click()
    expect(visitor.row(f"Video {place - 1}")).to_contain_text("Done")
    expect(visitor.row(f"Video {place}")).to_contain_text("Working")
    assert long_batch.pages == []


def the_panel_steps_across_the_edge_of_what_was_read(visitor: Visitor) -> None:
    page = visitor.page
    # The queue is hidden meanwhile, and reads nothing.
    visitor.go(visitor.page.url.partition("#")[2] + "/video/00099")
    title = page.locator(".panel h2")
    expect(title).to_have_text("Video 99")
    page.get_by_role("button", name="Next").click()
    expect(title).to_have_text("Video 100")
    page.get_by_role("button", name="Previous").click()
    expect(title).to_have_text("Video 99")
    page.get_by_role("button", name="All videos").click()
    expect(page.locator(".row:focus .title")).to_have_text("Video 99")


def only_visible_rows_exist_and_only_their_pages_are_read(visitor: Visitor, long_batch: LongBatch) -> None:
    page = visitor.page
    long_batch.pages.clear()
    expect(page.get_by_role("list", name="Videos in their order").get_by_role("listitem").first).to_have_attribute(
        "aria-setsize", str(TOTAL)
    )
    assert page.locator(".row").count() < MAX_ROWS
    page.keyboard.press("End")
    expect(page.get_by_role("link", name="Video 4999", exact=True)).to_be_visible()
    assert page.locator(".row").count() < MAX_ROWS
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight / 2)")
    expect(page.get_by_role("link", name=re.compile("Video 25"))).not_to_have_count(0)
    assert page.locator(".row").count() < MAX_ROWS
    assert len(long_batch.pages) < 8, long_batch.pages
    # The place is kept when a video is opened and closed.
    expect(page.locator(".row.is-empty")).to_have_count(0)
    title = page.get_by_role("link", name=re.compile("Video 2[45]")).nth(12).inner_text()
    page.get_by_role("link", name=title, exact=True).click()
    expect(page.locator(".panel h2")).to_have_text(title)
    page.get_by_role("button", name="All videos").click()
    expect(page.locator(".row:focus .title")).to_have_text(title)
    expect(page.locator(".row:focus")).to_be_in_viewport()


def rows_whose_videos_are_not_read_yet_keep_their_places(visitor: Visitor) -> None:
    page, answer = visitor.page, Held(visitor.page)
    page.route(re.compile(r"cursor=1\d00"), answer.hold)
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight / 4)")
    empty = page.locator(".row.is-empty")
    expect(empty.first).to_be_visible()
    late = answer.first()
    assert visitor.axe_problems() == []
    place, whole = empty.first.get_attribute("data-index"), page.evaluate("document.documentElement.scrollHeight")
    before = empty.first.bounding_box()
    page.unroute(re.compile(r"cursor=1\d00"))
    late.fallback()
    row = page.locator(f'.row[data-index="{place}"]')
    expect(row).to_contain_text(f"Video {place}")
    assert row.bounding_box() == before
    assert page.evaluate("document.documentElement.scrollHeight") == whole


def a_change_reads_what_is_in_sight_and_keeps_the_focus(visitor: Visitor, long_batch: LongBatch) -> None:
    page, row = visitor.page, visitor.row("Video 10")
    page.evaluate("scrollTo(0, 0)")
    row.focus()
    long_batch.pages.clear()
    long_batch.version, long_batch.completed = long_batch.version + 1, 11
    expect(row).to_contain_text("Done")
    expect(page.locator(".row:focus .title")).to_have_text("Video 10")
    assert long_batch.pages == [0]


def videos_that_end_out_of_their_order_are_shown(visitor: Visitor, long_batch: LongBatch) -> None:
    long_batch.completed, long_batch.requeued = 50, {3, 8}
    long_batch.current = {**CURRENT, "item_id": "00050", "position": 51}
    expect(visitor.row("Video 3")).to_contain_text("Waiting")
    long_batch.completed, long_batch.requeued, long_batch.failed = 51, set(), {3, 8}
    long_batch.current = {**CURRENT, "item_id": "00051", "position": 52}
    expect(visitor.row("Video 3")).to_contain_text("Failed")
    expect(visitor.row("Video 8")).to_contain_text("Failed")
    visitor.page.get_by_role("button", name="Jump to the current one").click()
    expect(visitor.row("Video 50")).to_contain_text("Done")


def a_video_is_moved_across_the_whole_queue_after_that_has_changed_meanwhile(
    visitor: Visitor, long_batch: LongBatch
) -> None:
    page, row = visitor.page, visitor.row("Video 60")
    page.route("**/order", lambda route: route.fulfill(status=409, json=CHANGED), times=1)
    row.focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(page.get_by_role("alert")).to_contain_text("The queue changed in the meantime.")
    expect(row).to_have_attribute("aria-posinset", "61")

    row.get_by_role("button", name="More about").click()
    page.get_by_role("button", name="Move to a position").click()
    page.get_by_role("spinbutton").fill(str(TOTAL))
    page.get_by_role("dialog").get_by_role("button", name="Move", exact=True).click()
    expect(page.locator(".row:focus .title")).to_have_text("Video 60")
    expect(page.locator(".row:focus")).to_have_attribute("aria-posinset", str(TOTAL))
    [order] = long_batch.orders
    assert (len(order), order[0], order[-1]) == (TOTAL - 60, "00061", "00060")


def right_to_left_text_is_aligned_with_its_title(visitor: Visitor, long_batch: LongBatch) -> None:
    page = visitor.page
    hebrew = {
        "title": "איך נולד לחם מחמצת",
        "channel": "המאפייה",
        "duration_seconds": 388,
        "published_at": "2026-11-16T10:00:00Z",
        "tldr": "מחמצת היא תרבית של שמרים וחיידקים שמתפיחה לחם.",
        "tags": ["לחם", "light"],
    }
    long_batch.changes = dict.fromkeys((1, 3), hebrew)
    long_batch.changes[3] = {**hebrew, "title": "מחמצת " * 40, "channel": "המאפייה הגדולה " * 10}
    long_batch.version += 1
    row = visitor.row(hebrew["title"])
    date = row.locator(".second bdi", has_text="2026")
    expect(date).to_have_text("Nov 16, 2026")  # in a direction of its own
    for width in (1280, 390, 320):
        visitor.resize(width, 800)
        ends = {
            part: row.locator(part).evaluate(
                """node => {
                    const range = document.createRange();
                    range.selectNodeContents(node);
                    return Math.round(Math.max(...[...range.getClientRects()].map(({ right }) => right)));
                }"""
            )
            for part in (".title", ".second", ".row-tldr")
        }
        assert ends[".title"] == ends[".second"] == ends[".row-tldr"], width
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, width
        inside = row.evaluate(
            "row => [...row.querySelectorAll('.what > *')].every(part => row.clientWidth >= part.offsetWidth)"
        )
        assert inside, width
    visitor.resize(1280, 900)
    long_batch.changes.clear()


def a_list_of_a_hundred_videos_misses_none_and_paper_says_if_one_is_not_whole(
    visitor: Visitor, long_batch: LongBatch
) -> None:
    page, on_paper = visitor.page, visitor.page.get_by_text("This list is too long to be printed whole")
    expect(on_paper).to_be_hidden()
    page.emulate_media(media="print")
    expect(on_paper).to_be_visible()
    long_batch.resize(100)
    expect(page.locator("#videos")).to_have_text("100 videos")
    expect(on_paper).to_be_hidden()
    page.emulate_media(media="screen")
    titles = page.locator(".row .title")  # drawn a frame after the heading
    expect(titles).to_have_text([f"Video {number}" for number in range(100)])
    visitor.resize(390, 800)
    long_batch.resize(99)
    expect(page.locator("#videos")).to_have_text("99 videos")
    expect(titles).to_have_text([f"Video {number}" for number in range(99)])
    visitor.resize(1280, 900)


def what_is_in_sight_stays_there_while_rows_above_it_grow(visitor: Visitor, long_batch: LongBatch) -> None:
    long_batch.resize(72)
    expect(visitor.page.locator("#videos")).to_have_text("72 videos")
    row, anchor = visitor.row("Video 60"), "(rows, anchoring) => { rows.style.overflowAnchor = anchoring }"
    row.evaluate("row => row.scrollIntoView()")
    expect(row).to_be_in_viewport()
    for number, anchoring in ((3, "auto"), (5, "none")):  # as in most browsers, and as in Safari
        visitor.page.locator(".rows").evaluate(anchor, anchoring)
        above, before = visitor.row(f"Video {number}"), row.bounding_box()
        assert before
        long_batch.changes[number] = {"tldr": "A long beginning. " * 40}
        long_batch.version += 1
        expect(above).to_contain_text("A long beginning.")
        assert above.evaluate("row => row.offsetHeight - row.previousElementSibling.offsetHeight") > 10
        assert row.bounding_box() == pytest.approx(before, abs=1)


def many_videos_are_left_out_and_put_back_in_parts(visitor: Visitor, long_batch: LongBatch) -> None:
    page, heading = visitor.page, visitor.page.locator("#videos")
    long_batch.completed = 0
    long_batch.resize(1_200)
    expect(heading).to_have_text("1,200 videos")
    page.get_by_role("button", name="Select", exact=True).click()
    page.get_by_label("Select all").check()
    picks = page.get_by_role("group", name="Selected videos")
    expect(picks).to_contain_text("1,200 selected")
    long_batch.cut_off = [1, 5]  # the second request of each command
    picks.get_by_role("button", name="Leave out").click()
    undo = page.get_by_role("status").filter(has_text="1,200 videos were left out.").get_by_role("button", name="Undo")
    expect(undo).to_be_visible()
    expect(page.locator(".row:not(.skipped)")).to_have_count(0)
    assert long_batch.skipped == set(range(1_200))
    undo.click()
    expect(page.get_by_text("1,200 videos are back.")).to_be_attached()
    expect(page.locator(".row.skipped")).to_have_count(0)
    assert long_batch.skipped == set()
    expect(page.get_by_role("alert")).to_have_count(0)
    # What was cut off is asked again, and does no harm to what was done already.
    parts = [range(500), range(500, 1_000), range(500, 1_000), range(1_000, 1_200)]
    assert long_batch.edits == [(command, [*part]) for command in ("skip", "restore") for part in parts]


def while_a_playlist_is_read_a_skeleton_stands_for_its_videos(visitor: Visitor, long_batch: LongBatch) -> None:
    page, skeleton = visitor.page, visitor.page.locator(".skeleton")
    expect(skeleton).to_be_hidden()
    long_batch.resize(0)
    expect(skeleton).to_be_visible()
    expect(visitor.heading("Reading the playlist …")).to_be_visible()
    expect(page.locator(".row")).to_have_count(0)
    expect(page.locator(".counts")).to_have_text("Reading the playlist …")
    long_batch.resize(TOTAL)
    expect(page.locator(".row").first).to_contain_text("Video 0")
    expect(skeleton).to_be_hidden()


def five_thousand_videos_are_searched_filtered_and_sorted(visitor: Visitor, long_batch: LongBatch) -> None:
    page, heading = visitor.page, visitor.page.locator("#videos")
    page.keyboard.press("/")
    page.keyboard.type("VIDÉO 49")
    matching = [number for number in range(TOTAL) if "49" in str(number)]
    expect(heading).to_have_text(f"{len(matching)} of 5,000 videos match", timeout=60_000)
    titles = page.locator(".row .title")  # drawn a frame after the heading
    expect(titles.nth(1)).to_have_text("Video 149")
    assert visitor.titles()[:2] == ["Video 49", "Video 149"]
    assert sorted(set(long_batch.pages)) == list(range(0, TOTAL, 100))
    long_batch.pages.clear()
    top = page.get_by_role("searchbox").bounding_box()
    page.keyboard.type("99")
    expect(heading).to_have_text("1 of 5,000 videos match")
    assert page.get_by_role("searchbox").bounding_box() == top
    assert long_batch.pages == []

    page.get_by_role("button", name="Show all").click()
    page.get_by_label("Status").select_option("Done (10)")
    expect(heading).to_have_text("10 of 5,000 videos")
    page.get_by_label("Order", exact=True).select_option("Most expensive first")
    expect(titles.first).to_have_text("Video 9")
    page.get_by_role("link", name="#glass").first.click()
    expect(heading).to_have_text("5 of 5,000 videos")
    expect(titles.nth(1)).to_have_text("Video 6")
    titles.nth(1).click()
    expect(page.locator(".panel-place")).to_have_text("2 of 5")
    page.keyboard.press("j")
    expect(page.locator(".panel-place")).to_have_text("3 of 5")
    page.go_back()
    expect(page.locator(".panel-place")).to_have_text("2 of 5")
    page.go_back()
    expect(heading).to_have_text("5 of 5,000 videos")
    page.go_back()
    expect(heading).to_have_text("10 of 5,000 videos")
    long_batch.current = {**CURRENT, "item_id": "02500", "position": 2501}
    long_batch.version += 1
    page.get_by_role("button", name="Jump to the current one").click()
    expect(page.locator(".row:focus .title")).to_have_text("Video 2500")
    expect(page.locator(".row:focus")).to_be_in_viewport()
    assert page.url.endswith(f"/batch/{long_batch.batch['id']}")


def the_address_of_a_search_can_be_opened(visitor: Visitor, long_batch: LongBatch) -> None:
    visitor.go("/")
    visitor.heading("Summarize videos").wait_for()
    long_batch.current, long_batch.numbers = None, list(range(500))
    long_batch.resize(500)
    visitor.go(f"/batch/{long_batch.batch['id']}?q=Video+498")
    expect(visitor.page.locator("#videos")).to_have_text("1 of 500 videos match")
    expect(visitor.row("Video 498")).to_be_visible()
    # Videos that are added meanwhile are searched too.
    long_batch.numbers.extend(range(500, 550))
    long_batch.numbers.append(4980)
    long_batch.resize(551)
    expect(visitor.row("Video 4980")).to_be_visible()


def many_summaries_are_searched_a_part_at_a_time(visitor: Visitor, long_batch: LongBatch) -> None:
    page, heading, answer = visitor.page, visitor.page.locator("#videos"), Held(visitor.page)
    visitor.go("/")
    visitor.heading("Summarize videos").wait_for()
    long_batch.completed, long_batch.numbers = 1_500, list(range(TOTAL))
    long_batch.resize(1_500)
    long_batch.searches.clear()
    visitor.go(f"/batch/{long_batch.batch['id']}")
    expect(visitor.row("Video 12")).to_contain_text("Done")
    long_batch.statements = {40: "A wick of cotton.", 700: "A new wick.", 1499: "Trim the wick and wipe the lens."}
    page.route("**/search?*cursor=00499", answer.hold)
    page.get_by_role("searchbox").fill("wick")
    held = answer.first()
    expect(heading).to_have_text("1 of 1,500 videos match", timeout=60_000)
    expect(page.get_by_role("status").filter(has_text="500 of 1,500 summaries searched")).to_be_visible()
    expect(visitor.row("Video 40").locator(".row-tldr")).to_have_text("1:02Key point: A wick of cotton.")
    page.unroute("**/search?*cursor=00499")
    held.fallback()
    expect(heading).to_have_text("3 of 1,500 videos match")
    expect(page.get_by_text("summaries searched")).to_have_count(0)
    assert [first for _, first in long_batch.searches] == list(range(0, 1_500, SEARCHED_AT_ONCE))

    # A summary that is made again is read again, and those after it are not.
    long_batch.searches.clear()
    page.clock.install()
    long_batch.statements[40] = "A wick of wool."
    long_batch.changes[40] = {"completed_at": "2126-01-01T00:00:00Z"}
    long_batch.version += 1
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    while not long_batch.searches:
        page.clock.run_for(5_000)
        page.wait_for_timeout(50)
    page.clock.resume()
    expect(visitor.row("Video 40").locator(".row-tldr")).to_have_text("1:02Key point: A wick of wool.")
    page.wait_for_timeout(300)
    assert long_batch.searches == [("wick", 40)]

    # Other words end the search.
    answer.routes.clear()
    page.route("**/search?*cursor=00499", answer.hold)
    page.get_by_role("searchbox").fill("lens")
    answer.first()
    with page.expect_event("requestfailed", lambda request: "q=lens" in request.url):
        page.get_by_role("searchbox").fill("Video 1499")
    expect(heading).to_have_text("1 of 1,500 videos match")
    # What the list shows anyway needs no statement.
    expect(visitor.row("Video 1499").locator(".row-tldr")).to_have_text("What video 1499 says.")
