"""Printing: a summary is printed whole and alone, whatever surrounds it on the screen."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser import Visitor

FRAME = ".top, .foot, .crumb, .panel-bar, .notices, button, a.button, .batch-head, .progress, .queue, .batch-side"


def test_a_queue_is_printed_whole_and_a_summary_alone(visitor: Visitor) -> None:
    page = visitor.page
    visitor.sign_in()
    batch_id = visitor.create("Check the cost first", "Lighthouse1", "Sauerteig_1")
    expect(visitor.heading("Checked: 2 videos")).to_be_visible(timeout=60_000)
    a_queue_is_printed_as_far_as_it_is_loaded(page)
    page.reload()
    page.emulate_media(media="screen", color_scheme="dark")
    page.get_by_role("button", name="Start 2 videos").click()
    expect(page.locator(".name-line .pill")).to_have_text("Done", timeout=60_000)
    a_summary_is_printed_alone_and_a_fold_only_if_it_is_open(visitor, batch_id)


def a_summary_is_printed_alone_and_a_fold_only_if_it_is_open(visitor: Visitor, batch_id: str) -> None:
    page = visitor.page
    figures = page.locator(".box").filter(has_text="Time and cost of each video")
    page.emulate_media(media="print")
    expect(figures).to_be_hidden()
    page.emulate_media(media="screen")
    figures.get_by_text("Time and cost of each video").click()
    page.emulate_media(media="print")
    expect(figures.locator("figure").first).to_be_visible()
    expect(page.locator("details:not([open])").filter(visible=True)).to_have_count(0)

    for place, link in ((f"/batch/{batch_id}", ".row.completed .title"), ("/history", ".history-list a")):
        page.emulate_media(media="screen")
        visitor.go(place)
        page.locator(link).first.click()
        expect(page.locator(".summary-title")).to_be_visible()
        page.emulate_media(media="print")
        expect(page.locator(FRAME).filter(visible=True)).to_have_count(0)
        expect(page.locator(".summary footer")).to_be_visible()
        assert dark_text(page.locator(".summary-title").evaluate("title => getComputedStyle(title).color"))


def a_queue_is_printed_as_far_as_it_is_loaded(page: Page) -> None:
    expect(page.locator(".row.movable")).to_have_count(2)
    # As in a batch of which most rows are out of sight.
    page.locator(".rows").evaluate("rows => { rows.style.height = '380000px' }")
    page.emulate_media(media="print")
    assert height(page) < 1_500
    tops = page.locator(".row").evaluate_all("rows => rows.map(row => row.getBoundingClientRect().top)")
    assert tops == sorted(set(tops))
    expect(page.get_by_role("button").filter(visible=True)).to_have_count(0)


def height(page: Page) -> int:
    found: int = page.evaluate("document.documentElement.scrollHeight")
    return found


def dark_text(colour: str) -> bool:
    """Returns whether `rgb(r, g, b)` can be read on white."""
    return all(int(part) < 100 for part in colour.removeprefix("rgb(").removesuffix(")").split(","))
