"""Users who are faster than the page: double clicks, held keys, and a queue that changes while a question is open."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, Response, Route, expect

from local.youtube import Failure
from tests.browser import Visitor, fetched, untitled


def commands(page: Page) -> list[str]:
    """Collects the page's commands: the last part of the address of each changing request."""
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url.rpartition("/")[2]) if changes(request.method) else None)
    return sent


def changes(method: str) -> bool:
    return method not in {"GET", "OPTIONS"}


def answer(route: Route) -> None:
    answer = fetched(route)
    route.fulfill(status=answer.status_code, body=answer.content, headers=dict(answer.headers))


def slowly(page: Page, first: Callable[[], None] = lambda: None) -> Callable[[Route], None]:
    """Answers a request later, after something else."""

    def answer_later(route: Route) -> None:
        page.wait_for_timeout(300)
        first()
        answer(route)

    return answer_later


def click_twice(page: Page, target: Locator, between: Callable[[], None]) -> None:
    """Clicks twice in one task, with something between the clicks."""
    box = target.bounding_box()
    assert box
    page.mouse.click(box["x"] + 20, box["y"] + 20)
    between()
    page.mouse.down(click_count=2)
    page.mouse.up(click_count=2)


def test_a_double_click_is_one_command(visitor: Visitor) -> None:
    page = visitor.page
    visitor.stack.youtube.fail(Failure.BLOCKED)
    visitor.open_batch("Lighthouse1", "Polinesia_1")
    expect(page.locator(".banner")).to_contain_text("YouTube blocks", timeout=60_000)

    def fail_for_one_only() -> None:
        visitor.stack.recover()
        visitor.stack.youtube.fail(Failure.NOT_LIVE, "Polinesia_1")

    sent = commands(page)
    # Not before: the batch also tries again by itself, and the button would be gone then.
    page.route("**/resume", slowly(page, fail_for_one_only))
    page.route("**/retry", slowly(page))
    page.get_by_role("button", name="Try again now").dblclick()
    expect(page.locator(".name-line .pill")).to_have_text("Done · 1 failed", timeout=60_000)
    visitor.stack.recover()
    page.locator(".row.failed").get_by_role("button", name="Retry").dblclick()
    expect(page.locator(".counts")).to_have_text("2 done, of 2 videos", timeout=60_000)
    assert sent == ["resume", "retry"]
    downloads: list[str] = []
    page.on("download", lambda download: downloads.append(download.suggested_filename))
    with page.expect_download():
        page.get_by_role("button", name="ZIP").dblclick()
    expect(page.get_by_text("the download has started")).to_be_visible()
    page.wait_for_timeout(500)
    assert len(downloads) == 1
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_double_click_does_not_hit_the_command_that_replaces_the_first_one(visitor: Visitor) -> None:
    page = visitor.page
    visitor.stack.youtube.hold()
    visitor.open_batch("Lighthouse1", "Sauerteig_1", "Momiji_no_1", "Steel_Box_1")
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Resume").wait_for()
    sent = commands(page)
    click_twice(page, page.get_by_role("button", name="Resume"), page.get_by_role("button", name="Pause").wait_for)
    page.wait_for_timeout(300)
    assert sent == ["resume"]


def test_a_double_click_opens_a_question_and_leaves_it_open(visitor: Visitor) -> None:
    page = visitor.page
    visitor.open_draft("Lighthouse1")
    click_twice(page, page.get_by_role("button", name="Delete"), page.get_by_role("dialog").wait_for)
    page.wait_for_timeout(100)
    expect(page.get_by_role("dialog")).to_be_visible()
    page.mouse.click(5, 5)
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_selecting_text_beyond_the_edge_of_a_dialog_keeps_it_open(visitor: Visitor) -> None:
    page = visitor.page
    visitor.open_draft("Lighthouse1")
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


def test_a_dialog_closes_with_the_view_that_opened_it(visitor: Visitor) -> None:
    page = visitor.page
    visitor.sign_in()
    visitor.create("Save as draft", "Lighthouse1")
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").wait_for()
    page.go_back()
    visitor.heading("Summarize videos").wait_for()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_video_is_moved_as_often_as_the_keys_are_pressed(visitor: Visitor) -> None:
    page = visitor.page
    batch_id = visitor.open_draft("Lighthouse1", "Sauerteig_1", "Momiji_no_1", "Steel_Box_1")
    expect(page.locator(".row.movable")).to_have_count(4)
    page.route("**/order", slowly(page))
    answered: list[str] = []

    def is_third(response: Response) -> bool:
        answered.extend([response.url] if response.url.endswith("/order") else [])
        return len(answered) == 3

    page.locator(".row").first.focus()
    with page.expect_response(is_third):
        for _ in range(3):
            page.keyboard.press("Alt+ArrowDown")
    expected = [*map(untitled, ("Sauerteig_1", "Momiji_no_1", "Steel_Box_1", "Lighthouse1"))]
    expect(page.locator(".row .title")).to_have_text(expected)
    expect(page.locator(".row:focus .title")).to_have_text(untitled("Lighthouse1"))
    page.reload()
    expect(page.locator(".row.movable")).to_have_count(4)
    assert visitor.titles() == expected, batch_id
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_video_that_has_begun_meanwhile_moves_no_other_one(visitor: Visitor) -> None:
    page = visitor.page
    for video_id in ("Lighthouse1", "Sauerteig_1"):
        visitor.stack.youtube.hold(video_id)
    visitor.open_batch("Lighthouse1", "Sauerteig_1", "Momiji_no_1", "Steel_Box_1")
    row = page.get_by_role("listitem").filter(has_text=re.compile("Sauerteig"))
    expect(row).to_have_class(re.compile("movable"))
    row.get_by_role("button", name="More about").click()
    page.get_by_role("button", name="Move to a position").click()
    page.get_by_role("spinbutton").fill("4")
    visitor.stack.youtube.go_on("Lighthouse1")
    expect(row).to_have_class(re.compile("processing"), timeout=60_000)
    sent = commands(page)
    page.get_by_role("dialog").get_by_role("button", name="Move", exact=True).click()
    expect(page.locator(".notice")).to_contain_text("so it cannot be moved")
    assert sent == []
