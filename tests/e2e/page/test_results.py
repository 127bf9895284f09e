"""Results: a batch is skimmed and renamed, a summary is copied and saved, and failed videos are retried."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, Route, expect

from local.youtube import Failure
from tests.browser import Held, Visitor, fetched

REMARKS = (
    "“1987” was not found in the captions around 0:55.",
    "“Lyon” and “1852” were not found in the captions of this chapter.",
)


def test_a_finished_batch_is_skimmed_read_with_keys_and_renamed(visitor: Visitor) -> None:
    page = visitor.page
    visitor.sign_in()
    page.get_by_text("More options").click()
    page.get_by_label("Topics to look for").fill("lens, lamp")
    visitor.create("Start", "Lighthouse1", "Sauerteig_1")
    expect(page.locator(".name-line .pill")).to_have_text("Done", timeout=60_000)
    expect(page).to_have_title(re.compile(r"^Done\s· "))
    a_finished_batch_is_skimmed_in_its_rows_and_read_with_keys(visitor)
    page.keyboard.press("Escape")
    a_batch_is_called_by_its_first_video_until_it_is_renamed(visitor)
    page.locator(".card").click()
    a_name_that_cannot_be_saved_stays_in_its_field(visitor)


def a_finished_batch_is_skimmed_in_its_rows_and_read_with_keys(visitor: Visitor) -> None:
    page = visitor.page
    beginnings = page.locator(".row-tldr")
    expect(beginnings).to_have_text([re.compile(r"\w+ \w+"), re.compile(r"\w+ \w+")])
    assert all(text.bounding_box()["width"] > 400 for text in beginnings.all())  # type: ignore[index]
    page.get_by_role("button", name="Read", exact=True).click()
    expect(page.locator(".panel-place")).to_have_text("1 of 2")
    expect(page.locator(".summary .tldr")).to_have_text(beginnings.first.text_content() or "")
    expect(page.locator(".summary .focus dt")).to_have_text(["lens", "lamp"])
    expect(page.locator(".summary")).not_to_contain_text("[object")
    for key, place in (("j", "2 of 2"), ("ArrowLeft", "1 of 2"), ("ArrowRight", "2 of 2"), ("k", "1 of 2")):
        page.keyboard.press(key)
        expect(page.locator(".panel-place")).to_have_text(place)
    page.keyboard.press("Escape")
    beginnings.nth(1).click()
    expect(page.locator(".panel-place")).to_have_text("2 of 2")


def a_batch_is_called_by_its_first_video_until_it_is_renamed(visitor: Visitor) -> None:
    page = visitor.page
    visitor.heading("How a Lighthouse Throws Light Twenty Miles and 1 more").wait_for()
    page.get_by_role("button", name="Rename the batch").click()
    page.get_by_label("Name", exact=True).fill("Bread")
    page.keyboard.press("Escape")
    visitor.heading("How a Lighthouse Throws Light Twenty Miles and 1 more").click()
    page.get_by_label("Name", exact=True).fill("Light and bread")
    page.keyboard.press("Enter")
    visitor.heading("Light and bread").wait_for()
    expect(page.get_by_role("button", name="Rename the batch")).to_be_focused()
    # The click that leaves the field follows the link that it is on.
    visitor.heading("Light and bread").click()
    page.locator(".crumb a").click()
    expect(page.locator(".card b")).to_have_text("Light and bread")


def a_name_that_cannot_be_saved_stays_in_its_field(visitor: Visitor) -> None:
    page, held = visitor.page, Held(visitor.page)

    def hold_names(route: Route) -> None:
        if route.request.method == "PATCH":
            held.hold(route)
        else:
            route.continue_()

    page.route("**/api/batch/*", hold_names)
    page.get_by_role("button", name="Rename the batch").click()
    field = page.get_by_label("Name", exact=True)
    field.fill("Light")
    page.keyboard.press("Enter")
    held.first().fulfill(status=409, json={"error": {"code": "batch_changed", "message": "Not now.", "details": []}})
    expect(page.get_by_role("alert").filter(has_text="Not now.")).to_be_visible()
    expect(field).to_be_focused()
    expect(field).to_be_editable()
    expect(field).to_have_value("Light")

    # Somebody who turns to something else while the name is saved keeps the focus there.
    held.routes.clear()
    page.keyboard.press("Enter")
    route, link = held.first(), page.locator(".crumb a")
    link.focus()
    route.continue_()
    visitor.heading("Light").wait_for()
    expect(page.get_by_role("button", name="Rename the batch")).to_be_visible()
    expect(link).to_be_focused()


def test_a_batch_of_one_video_has_no_digest_and_its_summary_is_copied_and_saved(
    visitor: Visitor, tmp_path: Path
) -> None:
    page = visitor.page
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visitor.sign_in()
    page.get_by_text("More options").click()
    page.get_by_label("Write a digest of the whole batch").check()
    visitor.create("Start", "Lighthouse1")
    expect(page.locator(".name-line .pill")).to_have_text("Done", timeout=60_000)
    no_retry_is_offered_for_an_impossible_digest(visitor)
    a_summary_is_copied_and_saved_as_markdown(visitor, tmp_path)


def no_retry_is_offered_for_an_impossible_digest(visitor: Visitor) -> None:
    page = visitor.page
    expect(page.locator(".batch-side")).to_contain_text("Fewer than two videos were summarized")
    page.get_by_role("button", name="More", exact=True).click()
    menu = page.get_by_role("dialog", name="More")
    expect(menu.get_by_role("button", name="Delete")).to_be_visible()
    expect(page.get_by_role("button", name="Retry")).to_have_count(0)
    batch = page.url.partition("#")[2]
    visitor.go(f"{batch}/digest")
    visitor.heading("There is no digest").wait_for()
    expect(page.locator("#main")).to_contain_text("Fewer than two videos were summarized")
    page.get_by_role("link", name="Go to “How a Lighthouse").click()
    expect(page.locator(".name-line .pill")).to_have_text("Done")


def a_summary_is_copied_and_saved_as_markdown(visitor: Visitor, tmp_path: Path) -> None:
    page = visitor.page
    page.route("**/api/summaries/*", lambda route: route.fulfill(json=with_unverified_claims(fetched(route).json())))
    page.locator(".row .title").click()
    expect(page.locator(".points li").first.locator(".remark")).to_have_text(REMARKS[0])
    expect(page.locator(".summary .remark")).to_have_text(REMARKS)
    page.get_by_role("button", name="Copy as Markdown").click()
    expect(page.get_by_role("status").filter(has_text="Summary copied.")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    assert download.value.suggested_filename == "How a Lighthouse Throws Light Twenty Miles.md"
    download.value.save_as(tmp_path / "summary.md")
    assert (tmp_path / "summary.md").read_text(encoding="utf-8") == copied
    assert copied.startswith("# How a Lighthouse Throws Light Twenty Miles\n")
    assert "](https://youtu.be/Lighthouse1?t=" in copied
    assert all(f"*({remark})*\n" in copied for remark in REMARKS)


def with_unverified_claims(summary: dict[str, Any]) -> dict[str, Any]:
    for claim, missing in ((summary["key_points"][0], ["1987"]), (summary["chapters"][0], ["Lyon", "1852"])):
        claim["check"] = {"status": "unverified", "missing": missing, "reason": "The API's own sentence."}
    return summary


def test_a_retry_repeats_what_it_can_help_and_asks_about_the_rest(visitor: Visitor) -> None:
    page = visitor.page
    visitor.stack.youtube.fail(Failure.NOT_LIVE, "Sauerteig_1")
    visitor.open_batch("Sauerteig_1", "Lighthouse1", "Silent_Film")
    counts = page.locator(".counts")
    expect(counts).to_have_text("1 done · 2 failed, of 3 videos", timeout=60_000)
    page.get_by_role("link", name="Show what failed").click()
    expect(page.get_by_label("Status")).to_have_value("failed")
    expect(page.locator(".row")).to_have_count(2)
    for name in ("Show what failed", "Expand all"):
        expect(page.get_by_role("link", name=name)).to_be_hidden()
    failed_videos_are_read_one_after_the_other(visitor)
    place = page.locator(".queue .caption-place")
    expect(place).to_contain_text("“A Tide Comes In, Without a Word” still needs captions.")
    page.get_by_label("Status").select_option("")
    offers_for_all(page, "Leave out 2 failed videos", "Retry 1 failed video", "Mark as read")
    page.get_by_label("Status").select_option("Done (1)")
    expect(page.locator(".row")).to_have_count(1)
    expect(place).to_be_hidden()
    page.get_by_role("button", name="Show all").click()
    visitor.stack.recover()
    page.get_by_role("button", name="Retry 1 failed video").click()
    expect(page.get_by_text("1 video is being retried. A retry would not help 1 other.")).to_be_visible()
    expect(counts).to_have_text("2 done · 1 failed, of 3 videos", timeout=60_000)
    page.get_by_role("button", name="Retry 1 failed video").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("This video has no captions, or it was deleted or is private.")
    expect(dialog.get_by_role("button", name="Don’t retry")).to_be_focused()  # what is advised
    is_begun_again_by(visitor, dialog.get_by_role("button", name="Retry 1 video anyway"))
    expect(page.locator(".name-line .pill")).to_have_text("Done · 1 failed", timeout=60_000)

    # What is hopeless is left out, and put back as it was.
    visitor.command("Leave out 1 failed video")
    expect(counts).to_have_text("2 done · 1 left out, of 3 videos")
    expect(page.locator(".name-line .pill")).to_have_text("Done")
    page.get_by_role("button", name="Undo").click()
    expect(counts).to_have_text("2 done · 1 failed, of 3 videos")
    page.locator(".row.failed").press("Delete")
    expect(counts).to_have_text("2 done · 1 left out, of 3 videos")
    page.locator(".row.skipped").get_by_role("button", name="More about").click()
    page.get_by_role("button", name="Put back").click()
    page.locator(".row.failed .title").click()
    expect(page.get_by_role("button", name="Retry anyway")).to_be_visible()
    page.get_by_role("button", name="Leave it out").click()
    expect(page.locator(".panel")).to_contain_text("This video was left out of the batch.")
    page.get_by_role("button", name="Put back").click()
    expect(page.locator(".failure-words")).to_be_visible()
    page.get_by_role("button", name="All videos").click()

    # A finished batch goes on with more videos.
    visitor.command("Add videos")
    page.get_by_role("dialog").get_by_role("textbox", name="Links").fill("https://youtu.be/Steel_Box_1")
    page.get_by_role("button", name="Add 1 video").click()
    expect(counts).to_have_text("3 done · 1 failed, of 4 videos", timeout=60_000)
    expect(page.locator(".name-line .pill")).to_have_text("Done · 1 failed")


def failed_videos_are_read_one_after_the_other(visitor: Visitor) -> None:
    """Without those between them."""
    page, rows = visitor.page, visitor.page.locator(".row.failed")
    rows.first.locator(".title").click()
    page.get_by_role("button", name="Next").click()
    expect(page.locator(".panel-place")).to_have_text("2 of 2")
    page.keyboard.press("Escape")
    expect(rows.nth(1)).to_be_focused()


def offers_for_all(page: Page, *commands: str) -> None:
    page.get_by_role("button", name="Select", exact=True).click()
    page.get_by_label("Select all").check()
    buttons = page.get_by_role("group", name="Selected videos").get_by_role("button")
    expect(buttons).to_have_text([*commands, ""])  # the last one, which ends the selection, is a mark
    buttons.last.click()


def is_begun_again_by(visitor: Visitor, button: Locator) -> None:
    """YouTube waits with its answer, because a video that fails again at once might never be seen under way."""
    visitor.stack.youtube.hold()
    button.click()
    expect(visitor.page.locator(".counts")).to_contain_text(re.compile("1 (working|waiting)"))
    visitor.stack.youtube.go_on()
