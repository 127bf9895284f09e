"""The whole story in a browser: paste, look, reorder, start, watch, read, retry, download."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit
from zipfile import ZipFile

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from local.client import api_client
from local.youtube import Failure
from testkit.whole_stack import create_batch
from tests.browser import Visitor

PLAYLIST = "https://www.youtube.com/playlist?list=PLSkimlistSamples"


@pytest.fixture
def api(visitor: Visitor) -> httpx.Client:
    return api_client(visitor.stack.local.description, visitor.email, visitor.password)


def test_a_list_becomes_summaries(visitor: Visitor, api: httpx.Client, tmp_path: Path) -> None:
    page = visitor.page
    visitor.stack.youtube.fail(Failure.SERVER_ERROR, "Polinesia_1")

    # Sign in with one click: the link has filled in the form, and left nothing in the address.
    page.goto(visitor.sign_in_url)
    expect(page).to_have_url(re.compile(r"/#/sign-in$"))
    page.get_by_role("button", name="Sign in").click()

    # Paste: good, good, bad, duplicate, playlist.
    visitor.paste("https://youtu.be/Lighthouse1", "Sauerteig_1 a loaf", "vimeo.com/1", "Lighthouse1", PLAYLIST)
    expect(page.get_by_role("status").filter(has_text="2 single videos")).to_have_text("2 single videos · 1 playlist")
    expect(page.locator(".mark.invalid")).to_contain_text("not a YouTube link")
    expect(page.locator(".mark.duplicate")).to_contain_text("duplicate of line 1")
    page.get_by_text("Options").first.click()
    page.get_by_label("Name").fill("A reading list")
    page.get_by_role("button", name="Save as draft").click()

    visitor.heading("A draft of 5 videos").wait_for()
    videos_land_where_they_are_dropped_however_fast(visitor, api)

    # Start, and read the first result while the others are still made.
    visitor.stack.youtube.hold("Lighthouse1")
    page.get_by_role("button", name="Start").click()
    expect(page.locator(".now")).to_be_visible()
    visitor.row("the steel box that shrank the world").get_by_text("Done").wait_for(timeout=60_000)
    visitor.row("the steel box that shrank the world").get_by_role("link").first.click()
    expect(page.locator(".summary .tldr")).not_to_be_empty()
    expect(page.locator(".summary .timeline .part").first).to_have_attribute(
        "href", re.compile(r"youtu\.be/Steel_Box_1")
    )
    expect(page.locator(".name-line .pill")).to_have_text("Running")
    visitor.stack.youtube.go_on()

    # It ends; what failed says why, and passes when it is tried again.
    expect(page.locator(".name-line .pill")).to_have_text("Done · 1 failed", timeout=60_000)
    expect(page.locator(".counts")).to_have_text("4 done · 1 failed · 1 left out, of 6 videos")
    page.get_by_role("button", name="All videos").click()
    expect(page.locator(".name-line .pill.partial .icon-warn")).to_be_visible()
    failed = page.locator(".row.failed")
    expect(failed).to_contain_text("YouTube did not answer")
    visitor.stack.recover()
    failed.get_by_role("button", name="Retry").click()
    expect(page.locator(".counts")).to_have_text("5 done · 1 left out, of 6 videos", timeout=60_000)

    # Download.
    with page.expect_download() as download:
        page.get_by_role("button", name="ZIP").click()
    download.value.save_as(tmp_path / "batch.zip")
    with ZipFile(tmp_path / "batch.zip") as archive:
        names = [name.partition("/")[2] for name in archive.namelist()]
    assert {"index.md", "metadata.json", "summaries.json"} <= set(names)
    assert len([name for name in names if re.fullmatch(r"\d+-.+\.md", name)]) == 5
    assert "X-Amz-Signature" not in page.content()

    # And find it again in the history.
    page.get_by_role("link", name="Summaries").click()
    page.get_by_role("searchbox", name="Search").fill("pacífico")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Cómo se cruzaba el Pacífico sin brújula").click()
    expect(page.locator(".summary-title")).to_have_text("Cómo se cruzaba el Pacífico sin brújula")


def videos_land_where_they_are_dropped_however_fast(visitor: Visitor, api: httpx.Client) -> None:
    page, batch_id = visitor.page, visitor.page.url.rpartition("/")[2]
    expect(visitor.row("the steel box that shrank the world")).to_be_visible()  # the draft has read its playlist
    rows = page.locator(".row")
    with page.expect_response("**/order"):
        drag(page, visitor.row("the steel box that shrank the world"), rows.first)
    expect(rows.first.locator(".title")).to_have_text("the steel box that shrank the world")
    expect_order(api, batch_id, ["Steel_Box_1", "Lighthouse1", "Hidden_Film", "Sauerteig_1", "Polinesia_1"])
    page.evaluate("() => { window.requestAnimationFrame = () => 0 }")  # no frame is drawn any more
    with page.expect_response("**/order"):
        drag(page, rows.nth(3), rows.nth(1))
    expect_order(api, batch_id, ["Steel_Box_1", "Sauerteig_1", "Hidden_Film", "Lighthouse1", "Polinesia_1"])
    page.reload()


def test_a_playlist_is_started_with_one_click_checked_for_new_videos_and_followed(visitor: Visitor) -> None:
    page, playlist = visitor.page, visitor.stack.youtube.playlists["PLSkimlistSamples"]
    videos = list(playlist["videos"])
    visitor.sign_in()
    playlist["videos"] = videos[:1]
    try:
        a_playlist_is_started_with_one_click_and_read_without_one(visitor)
        finished = page.url.partition("/video/")[0]
        page.goto(finished)
        page.locator(".row .title").first.wait_for()
        visitor.command("Check for new videos")
        visitor.heading("There are no new videos").wait_for(timeout=60_000)
        playlist["videos"] = videos[:2]
        page.goto(finished)
        page.locator(".row .title").first.wait_for()
        visitor.command("Check for new videos")
        # Nothing is paid for before its user has seen what there is.
        visitor.heading("Checked: 1 video").wait_for(timeout=60_000)
        expect(page.locator(".row .title")).to_have_text("Warum Brot aufgeht: ein Blick in den Sauerteig")
        page.get_by_role("button", name="Start 1 video").click()
        expect(page.locator(".counts")).to_have_text("1 done, of 1 video", timeout=60_000)
    finally:
        playlist["videos"] = videos
    # From now on this happens by itself.
    page.goto(finished)
    page.get_by_role("button", name="Follow", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Follow").click()
    visitor.heading("Follow a channel or playlist").wait_for()
    expect(page.locator(".follows > li")).to_contain_text("every day at 7:00 AM")


def a_playlist_is_started_with_one_click_and_read_without_one(visitor: Visitor) -> None:
    page, sent = visitor.page, list[str]()
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visitor.context.route("https://www.youtube-nocookie.com/**", lambda route: route.fulfill(body="a player"))
    page.locator(".settings > summary").click()  # as it is at first
    page.evaluate("() => { window.clicks = 0; addEventListener('click', () => { clicks += 1 }, true) }")
    page.on("request", lambda request: sent.append(urlsplit(request.url).path) if request.method == "POST" else None)

    # Its only click starts it. Nobody has to look for the form first, nor to wait until the playlist was read.
    page.evaluate("text => navigator.clipboard.writeText(text)", PLAYLIST)
    page.keyboard.press("Control+V")
    page.get_by_role("button", name=re.compile("^Start")).click()
    page.wait_for_url("**/#/batch/*")
    assert sent.count("/api/batch/create") == 1
    expect(page.locator(".name-line .pill")).to_have_text("Done", timeout=60_000)
    expect(page.locator(".row-tldr").first).to_be_in_viewport(ratio=1)
    assert page.evaluate("clicks") == 1

    # One click opens the summary, and one more plays what a sentence of it says.
    page.locator(".row-tldr").first.click()
    page.locator(".points a.time").first.click()
    start = page.locator(".points a.time").first.get_attribute("data-start")
    assert start
    expect(page.locator(".player iframe")).to_have_attribute("src", re.compile(rf"[?&]start={int(float(start))}&"))
    assert page.evaluate("clicks") == 3


def test_a_batch_is_paused_resumed_cancelled_and_deleted(visitor: Visitor) -> None:
    page = visitor.page
    visitor.stack.youtube.hold()  # until the end, the video under way does not end
    visitor.open_batch("Lighthouse1", "Sauerteig_1", "Momiji_no_1", "Steel_Box_1")
    pill = page.locator(".name-line .pill")
    page.get_by_role("button", name="Pause").click()
    expect(pill).to_have_text("Paused")
    expect(page.locator(".banner")).to_contain_text("You paused this batch.")
    page.get_by_role("button", name="Resume").click()
    expect(pill).to_have_text(re.compile("Running|Starting"))
    expect(page.locator(".now")).to_be_visible()
    visitor.command("Cancel")
    page.get_by_role("button", name="Cancel the batch").click()
    expect(pill).to_have_text("Cancelled")
    visitor.command("Delete")
    page.get_by_role("button", name="Delete the batch").click()
    visitor.heading("Summarize videos").wait_for()
    expect(page.get_by_text("Your batches will appear here")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    page.locator(".card").click()
    page.locator(".row .title").first.wait_for()
    visitor.command("Delete")
    page.get_by_role("button", name="Delete the batch").click()
    expect(page.get_by_text("Your batches will appear here")).to_be_visible()
    page.reload()  # nothing is left to undo
    visitor.stack.youtube.go_on()
    visitor.heading("Summarize videos").wait_for()
    expect(page.get_by_text("Your batches will appear here")).to_be_visible()
    expect(page.locator(".card")).to_have_count(0)


def test_a_budget_that_is_too_low_for_a_new_summary_keeps_the_current_one_or_is_raised(
    visitor: Visitor, api: httpx.Client
) -> None:
    page = visitor.page
    visitor.sign_in_at(f"/batch/{create_batch(api, 'Lighthouse1', max_cost_usd='0.0001')['id']}")
    pill, banner, row = page.locator(".name-line .pill"), page.locator(".banner"), page.locator(".row")
    expect(row).to_contain_text("Done", timeout=60_000)
    summarize_again(page, row, "openai-large")
    expect(banner).to_contain_text("The next video would cost about", timeout=60_000)
    expect(row).to_contain_text("To be redone")
    row.get_by_role("button", name="More about").click()
    page.get_by_role("button", name="Keep the current summary").click()
    expect(row).to_contain_text("Done")
    expect(row).not_to_contain_text("summarized again")

    summarize_again(page, row, "openai-large")
    expect(banner).to_contain_text("The next video would cost about", timeout=60_000)
    expect(pill).to_have_text("Budget too low")
    # So much that the batch does not pause at once again.
    raised = re.search(r"Raise it by at least \$(\d\.\d\d)\.", banner.inner_text())
    assert raised
    batch = page.url.partition("#")[2]
    visitor.go("/")
    expect(page.locator(".batches .card")).to_contain_text(f"needs at least ${raised[1]} more")
    visitor.go(batch)
    banner.get_by_role("button", name="Resume with a higher budget").click()
    proposed = page.get_by_label("New budget").input_value()
    assert float(proposed) >= float(raised[1])
    page.get_by_label("New budget").fill("5,5")
    page.get_by_role("dialog").get_by_role("button", name="Resume").click()
    expect(pill).to_have_text("Done", timeout=60_000)
    expect(page.locator(".batch-title")).to_contain_text("budget $5.50")


def summarize_again(page: Page, row: Locator, model: str) -> None:
    row.get_by_role("button", name="More about").click()
    page.get_by_role("button", name="Summarize again…").click()
    page.get_by_role("dialog").get_by_label("Model").select_option(model)
    page.get_by_role("dialog").get_by_role("button", name="Summarize again").click()


def drag(page: Page, row: Locator, target: Locator) -> None:
    row.locator(".handle").scroll_into_view_if_needed()
    handle, place = row.locator(".handle").bounding_box(), target.bounding_box()
    assert handle and place
    page.mouse.move(handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2)
    page.mouse.down()
    page.wait_for_timeout(200)  # as long as a hand takes, also where it grips a row at the edge of the window
    page.mouse.move(place["x"] + 30, place["y"] + place["height"] / 2, steps=8)
    page.mouse.up()


def expect_order(api: httpx.Client, batch_id: str, beginning: list[str]) -> None:
    items = api.get(f"batch/{batch_id}").json()["items"]
    assert [item["video_id"] for item in items][: len(beginning)] == beginning
