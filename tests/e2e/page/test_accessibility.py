"""Every view is accessible: axe finds no violation, light or dark, and its layout holds in any font, width and size."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Browser, expect

from local.youtube import Failure
from testkit.whole_stack import WITHOUT_CAPTIONS, WholeStack, await_status, create_batch
from tests.browser import Held, Visitor, visit
from tests.layout import cut_off_rings, layout_problems

# The rules of axe that look at colors, in which alone the two schemes differ.
OF_COLORS = ("color-contrast", "link-in-text-block")
UNFOLD = "folds => folds.forEach(fold => { fold.open = true })"
NARROW = {"width": 360, "height": 740}


@pytest.fixture
def visitor(browser: Browser, stack: WholeStack) -> Iterator[Visitor]:
    with visit(browser, stack, viewport=NARROW) as visitor:
        yield visitor


def test_signing_in_and_creating_a_batch(visitor: Visitor) -> None:
    page = visitor.page
    page.goto(visitor.stack.local.description["page_url"])
    visitor.heading("Sign in").wait_for()
    is_accessible(visitor, "sign in")
    page.get_by_role("button", name="Forgot your password?").click()
    fits(visitor, "forgotten password")
    visitor.sign_in()
    expect(page.get_by_text("Your batches will appear here")).to_be_visible()
    expect(page.get_by_label("Key sentences only")).to_be_checked()
    fits(visitor, "nothing yet")

    visitor.paste(
        "https://youtu.be/Lighthouse1", "Lighthouse1", "https://example.com/a", "https://youtu.be/Silent_Film"
    )
    page.get_by_text("1 link cannot be used").click()
    page.get_by_text("1 duplicate will be left out").click()
    page.get_by_text("More options").click()
    is_accessible(visitor, "composer")
    assert cut_off_rings(page) == []
    page.get_by_role("button", name="Save as draft").click()
    expect(page.locator(".row.movable")).to_have_count(2)
    is_accessible(visitor, "draft")
    page.locator(".row").first.get_by_role("button", name="More about").click()
    fits(visitor, "menu")
    page.get_by_role("button", name="Move to a position").click()
    fits(visitor, "dialog")
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Select", exact=True).click()
    page.get_by_label("Select all").check()
    expect(page.get_by_role("group", name="Selected videos")).to_be_visible()
    fits(visitor, "selection")
    assert cut_off_rings(page) == []


def test_watching_a_batch_and_reading_its_summaries(visitor: Visitor) -> None:
    page = visitor.page
    visitor.context.grant_permissions(["clipboard-write"])
    visitor.sign_in()
    visitor.stack.youtube.fail(Failure.BLOCKED)
    page.get_by_text("More options").click()
    page.get_by_label("Write a digest of the whole batch").check()
    visitor.create("Start", "Lighthouse1", "Steel_Box_1", "Silent_Film")
    expect(page.locator(".banner")).to_contain_text(
        "YouTube blocks requests from Skimlist’s IP address.", timeout=60_000
    )
    expect(page.locator(".name-line .pill")).to_have_text("Waiting")
    # A command for a computer does not fill the screen of a phone.
    page.get_by_text("If it stays blocked, fetch the captions from your own computer").click()
    command = page.locator(".banner .copy-block")
    expect(command.locator("code")).to_have_text(
        f"python examples/skimlist_client.py --fetch-captions --app {visitor.origin} "
        f"--client {visitor.stack.local.description['client_id']} --username {visitor.email}"
    )
    expect(page.locator(".banner > div > p")).to_have_text(
        [
            "YouTube blocks requests from Skimlist’s IP address.",
            re.compile(r"^We’ll try again at .+M\.$"),
        ]
    )
    command.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    fits(visitor, "paused")
    tries_again_with_success(visitor)
    expect(page.locator(".name-line .pill")).to_have_text("Done · 1 failed", timeout=60_000)
    batch = page.url.partition("#")[2]
    page.get_by_text("Time and cost of each video").click()
    expect(page.locator(".chart svg").first).to_be_visible()
    is_accessible(visitor, "done")
    page.locator(".row.completed .title").first.click()
    page.locator(".summary").wait_for()
    is_accessible(visitor, "summary")
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Next").click()
    page.locator(".failure").wait_for()
    is_accessible(visitor, "failure")

    page.get_by_role("button", name="All videos").click()
    page.get_by_role("link", name="Digest", exact=True).click()
    visitor.heading("Quotations from 2 of 3 videos").wait_for()
    is_accessible(visitor, "digest")
    page.get_by_role("link", name="Summaries").click()
    page.locator(".history-list .card").first.click()
    page.locator(".summary").wait_for()
    fits(visitor, "summary of the history")
    page.go_back()
    page.locator(".history-list .card").first.wait_for()
    is_accessible(visitor, "history")
    loads_with_a_heading(visitor, "/history", "**/summaries?*")
    loads_with_a_heading(visitor, "/follows", "**/follows")
    loads_with_a_heading(visitor, batch, "**/batch/*?items=false")
    visitor.go("/batch/0199b0c4-5c1e-7cc3-98c4-dc0c0c07398f")
    visitor.heading("There is no such batch").wait_for()
    fits(visitor, "no such batch")
    visitor.go("/nowhere")
    visitor.heading("Page not found").wait_for()
    fits(visitor, "nowhere")


def test_reading_following_and_choosing(visitor: Visitor) -> None:
    page = visitor.page
    batch_id = visitor.open_batch("Lighthouse1")
    page.get_by_role("button", name="Read", exact=True).click(timeout=60_000)
    page.get_by_role("tab", name="Transcript").click()
    page.locator(".transcript-lines a").first.wait_for()
    fits(visitor, "transcript")
    visitor.go(f"/batch/{batch_id}/all")
    page.locator(".all .summary-title").first.wait_for()
    is_accessible(visitor, "all summaries")
    assert cut_off_rings(page) == []
    page.keyboard.press("?")
    page.get_by_role("dialog").wait_for()
    fits(visitor, "keys")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Settings").click()
    visitor.heading("Notifications").wait_for()
    fits(visitor, "settings")
    page.get_by_role("link", name="Needs a key").first.click()
    page.get_by_text("Skimlist runs on your computer").click()
    page.get_by_text("Skimlist runs on AWS").click()
    fits(visitor, "a model's key")
    page.get_by_role("link", name="Follows").click()
    page.get_by_label("Link to a channel or playlist").fill("https://www.youtube.com/playlist?list=PLSkimlistSamples")
    page.get_by_role("button", name="Follow", exact=True).click()
    page.get_by_role("dialog").wait_for()
    fits(visitor, "follow")
    page.get_by_role("dialog").get_by_role("button", name="Follow").click()
    page.locator(".follows > li").wait_for()
    is_accessible(visitor, "follows")


def test_every_view_has_room_for_german(browser: Browser, stack: WholeStack) -> None:
    """German words are the longest of the page's, and break at fewer places."""
    with visit(browser, stack, locale="de", viewport=NARROW) as visitor:
        page = visitor.page
        page.goto(visitor.sign_in_url)
        page.get_by_role("button", name="Anmelden").wait_for()
        assert layout_problems(page) == [], "sign in"
        page.get_by_role("button", name="Anmelden").click()
        visitor.heading("Videos zusammenfassen").wait_for()
        with closing(stack.client_of(visitor.email, visitor.password)) as api:
            digest = {"options": {"digest": True}}
            batch_id = create_batch(api, "Lighthouse1", "Steel_Box_1", WITHOUT_CAPTIONS, **digest)["id"]
            draft_id = create_batch(api, "Lighthouse1", "Steel_Box_1", start=False, preflight=True)["id"]
            source = "https://www.youtube.com/playlist?list=PLSkimlistSamples"
            api.post("follows", json={"source": source}).raise_for_status()
            await_status(api, batch_id)
        visitor.go("/")
        page.locator(".settings > summary").click()
        page.get_by_text("Weitere Optionen").click()
        page.get_by_label("Links", exact=True).fill("https://youtu.be/Lighthouse1\nLighthouse1\nhttps://example.com/a")
        page.locator(".links-problems").wait_for()
        page.locator("main details").evaluate_all(UNFOLD)
        assert layout_problems(page) == [], "composer"
        views = {
            f"/batch/{draft_id}": ".preflight table",
            f"/batch/{batch_id}": ".row.completed",
            f"/batch/{batch_id}/video/00001": ".summary",
            f"/batch/{batch_id}/video/00003": ".failure",
            f"/batch/{batch_id}/all": ".all .summary-title",
            f"/batch/{batch_id}/digest": ".digest",
            "/history": ".history-list .card",
            "/follows": ".follows > li",
            "/me": ".box form",
        }
        for place, content in views.items():
            visitor.go(place)
            page.locator(content).first.wait_for()
            page.locator("main details").evaluate_all(UNFOLD)
            assert layout_problems(page) == [], place
            mark = page.locator(".panel-bar .unread:visible")
            assert all(height < 45 for height in mark.evaluate_all("marks => marks.map(mark => mark.scrollHeight)"))


def tries_again_with_success(visitor: Visitor) -> None:
    """YouTube recovers after the click: the batch also tries again by itself, and the button would be gone then."""
    resume = Held(visitor.page)
    visitor.page.route("**/resume", resume.hold_first)
    visitor.page.get_by_role("button", name="Try again now").click()
    held = resume.first()
    visitor.stack.recover()
    held.continue_()


def loads_with_a_heading(visitor: Visitor, place: str, request: str) -> None:
    """Opens a view from nothing, and looks at it while its data is on the way."""
    visitor.page.goto("about:blank")
    answer = Held(visitor.page)
    visitor.page.route(request, answer.hold_first)
    visitor.page.goto(f"{visitor.stack.local.description['page_url']}#{place}")
    late = answer.first()
    assert visitor.axe_problems() == [], f"{place} while it loads"
    late.continue_()
    visitor.page.unroute(request)


def is_accessible(visitor: Visitor, view: str) -> None:
    """Whether this view has room for its texts is looked at in German."""
    visitor.page.emulate_media(color_scheme="light")
    assert visitor.axe_problems() == [], f"{view}, light"
    visitor.page.emulate_media(color_scheme="dark")
    assert visitor.axe_problems(*OF_COLORS) == [], f"{view}, dark"


def fits(visitor: Visitor, view: str) -> None:
    is_accessible(visitor, view)
    assert layout_problems(visitor.page) == [], view
