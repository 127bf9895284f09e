"""Links from other programs fill the form and start nothing; a batch that ends in the background notifies its user."""

from __future__ import annotations

import re

from playwright.sync_api import Route, expect

from tests.browser import Held, Visitor

PLAYER = "**://www.youtube-nocookie.com/**"
# Notes what a notification would say.
LISTEN = """
    window.told = [];
    window.Notification = class {
        static permission = "default";
        static async requestPermission() { return "granted"; }
        constructor(title, { body }) { told.push(`${title}: ${body}`); }
    };
"""


def test_links_come_by_address_by_sharing_and_by_a_paste_anywhere(visitor: Visitor) -> None:
    page, links = visitor.page, visitor.page.get_by_label("Links", exact=True)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page_url = visitor.stack.local.description["page_url"]
    page.goto(f"{page_url}?url=https%3A%2F%2Fyoutu.be%2FLighthouse1&title=Light")
    visitor.heading("Sign in").wait_for()
    page.get_by_label("Email").fill(visitor.email)
    page.get_by_role("textbox", name="Password").fill(visitor.password)
    page.get_by_role("button", name="Sign in").click()
    visitor.heading("Summarize videos").wait_for()
    expect(links).to_have_value("https://youtu.be/Lighthouse1\nLight\n")
    assert page.url.endswith("/#/")
    visitor.heading("Your batches").wait_for()
    at_home = [url for url in asked if not url.endswith("/batch/validate")]
    assert len(at_home) <= 10, at_home
    visitor.go("/new?urls=Sauerteig_1")
    expect(page.locator(".links-counts")).to_contain_text("2 videos", timeout=30_000)
    visitor.go("/history")
    visitor.heading("Summaries").wait_for()
    page.evaluate(
        """() => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text", "https://youtu.be/Momiji_no_1");
            document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
        }"""
    )
    expect(page.locator(".links-counts")).to_contain_text("3 videos", timeout=30_000)
    assert not [url for url in asked if url.endswith("/batch/create")]
    manifest = page.evaluate("fetch(document.querySelector('link[rel=manifest]').href).then(answer => answer.json())")
    assert manifest["share_target"]["params"]["url"] == "url"


def test_a_bookmark_brings_the_page_that_is_open_on_youtube(visitor: Visitor) -> None:
    page = visitor.page
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visitor.sign_in()
    page.get_by_text("Add videos straight from YouTube").click()
    bookmark = page.get_by_role("link", name="Add to Skimlist")
    bookmark.click()
    expect(page.locator(".notice")).to_have_text("Drag this button to your bookmarks bar.")
    address = bookmark.get_attribute("href") or ""
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == address
    assert visitor.axe_problems() == []
    watched = "https://www.youtube.com/watch?v=Lighthouse1"
    page.route(watched, lambda route: route.fulfill(body="a video"))
    page.goto(watched)
    page.evaluate(address.removeprefix("javascript:"))
    expect(page.get_by_label("Links", exact=True)).to_have_value(f"{watched}\n")


def test_a_batch_says_when_it_is_done_and_plays_its_moments(visitor: Visitor) -> None:
    page = visitor.page
    page.add_init_script(LISTEN)
    played: list[str] = []

    def play(route: Route) -> None:
        played.append(route.request.url)
        route.fulfill(body="a player")

    page.route(PLAYER, play)
    visitor.sign_in()
    held = Held(page)
    page.route(re.compile(r"/api/batch/[^/]+\?items=false"), held.hold, times=1)
    visitor.stack.youtube.hold()  # otherwise it may be done before anybody can ask for that
    visitor.create("Start", "Lighthouse1")
    watched = held.first()
    expect(page.locator(".percent")).to_be_hidden()
    watched.continue_()
    page.get_by_role("button", name="Notify me when it is done").click()
    expect(page.locator(".staying")).to_contain_text("You will get a notification")
    visitor.stack.youtube.go_on()
    expect(page.locator(".name-line .pill")).to_have_text("Done", timeout=60_000)
    assert page.evaluate("told") == ["Done: How a Lighthouse Throws Light Twenty Miles: 1 summary"]

    page.get_by_role("button", name="Read", exact=True).click()
    moment = page.locator(".points a.time").nth(1)
    expect(moment).to_be_visible()
    assert (played, page.locator("iframe").count()) == ([], 0)
    seconds = moment.get_attribute("data-start")
    moment.click()
    expect(page.locator(".player iframe")).to_be_visible()
    expect(page.frame_locator(".player iframe").locator("body")).to_have_text("a player")
    assert re.search(rf"/embed/Lighthouse1\?start={int(float(seconds or 0))}&", played[0])
    page.wait_for_function(
        "() => document.querySelectorAll('.points a.time')[1].getBoundingClientRect().top >= "
        "document.querySelector('.player').getBoundingClientRect().bottom"
    )
    page.get_by_role("button", name="Close the player").click()
    expect(page.locator("iframe")).to_have_count(0)
