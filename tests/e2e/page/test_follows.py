"""Following a playlist in the page: from a pasted link, paused, changed, read in a feed reader, ended."""

from __future__ import annotations

import re
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import httpx
from playwright.sync_api import Browser, Route, expect

from local.client import LocalhostTransport
from testkit.functions import documented_answers
from testkit.whole_stack import WholeStack
from tests.browser import Held, Visitor, fetched, visit

PLAYLIST = "https://www.youtube.com/playlist?list=PLo2EIpI_JMQvWfQndUesu0nPBAtZ9gP1o"


def test_a_pasted_playlist_is_followed_paused_and_changed(visitor: Visitor) -> None:
    page = visitor.page
    visitor.sign_in()
    page.get_by_role("textbox", name="Links").fill("Lighthouse1")
    expect(page.get_by_role("button", name="Start 1 video")).to_be_enabled()
    expect(page.get_by_role("button", name="Follow this playlist")).to_be_hidden()
    page.get_by_role("textbox", name="Links").fill(PLAYLIST)
    page.get_by_role("button", name="Follow this playlist").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Check for new videos").select_option("Every week")
    dialog.get_by_label("Day", exact=True).select_option("Friday")
    dialog.get_by_label("Time of day").fill("18:30")
    dialog.get_by_label("Budget per month").fill("2,5")
    dialog.get_by_text("Only some of the new videos").click()
    dialog.get_by_label("Minimum length in minutes").fill("1.5")
    dialog.get_by_label("Leave out Shorts").check()
    assert visitor.axe_problems() == []
    dialog.get_by_role("button", name="Follow").click()
    expect(page.get_by_role("heading", name="Follow a channel or playlist")).to_be_visible()
    card = page.locator(".follows > li")
    expect(card).to_contain_text("every Friday at 6:30 PM")
    expect(card).to_contain_text("1 min 30 s or longer · no Shorts")
    expect(card).to_contain_text("$0.00 of $2.50")
    expect(card).to_contain_text("none so far")
    due = card.get_by_role("row", name="Next check")
    expect(due).not_to_contain_text(f", {datetime.now(UTC).year},")
    assert visitor.axe_problems() == []
    card.get_by_role("button", name="Pause").click()
    expect(card.locator(".pill")).to_have_text("Paused")
    expect(card).not_to_contain_text("Next check")
    expect(card.get_by_role("button", name="Resume")).to_be_focused()
    page.keyboard.press("Enter")
    expect(card.locator(".pill")).to_have_count(0)
    card.get_by_role("button", name="Change").click()
    expect(dialog.get_by_label("Time of day")).to_have_value("18:30")
    expect(dialog.get_by_label("Minimum length in minutes")).to_have_value("1.5")
    dialog.get_by_label("Minimum length in minutes").fill("")
    dialog.get_by_label("Leave out Shorts").uncheck()
    dialog.get_by_label("Check for new videos").select_option("Every hour")
    dialog.get_by_role("button", name="Save").click()
    expect(card).to_contain_text("every hour")
    expect(card).to_contain_text("all new videos")


def test_a_follow_that_ends_can_be_kept_or_made_again(visitor: Visitor) -> None:
    page, dialog, card = visitor.page, visitor.page.get_by_role("dialog"), visitor.page.locator(".follows > li")
    visitor.sign_in()
    page.get_by_role("textbox", name="Links").fill(PLAYLIST)
    page.get_by_role("button", name="Follow this playlist").click()
    dialog.get_by_role("button", name="Follow").click()
    card.get_by_role("button", name="Stop following").click()
    none = page.get_by_text("You don’t follow any channel or playlist yet.")
    reads: list[str] = []
    deletions: list[str] = []
    sent = {"GET": reads, "DELETE": deletions}
    page.on("request", lambda request: sent.get(request.method, []).append(request.url))
    expect(none).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(card).to_contain_text("none so far")
    card.get_by_role("button", name="Stop following").click()
    expect(none).to_be_visible()
    assert reads == []  # nothing is new about the others
    visitor.go("/")
    page.get_by_role("textbox", name="Links").fill(PLAYLIST)  # followed again while the Undo is offered
    page.get_by_role("button", name="Follow this playlist").click()
    with page.expect_response(lambda response: response.request.method == "DELETE" and response.ok):
        dialog.get_by_role("button", name="Follow").click()
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    expect(card).to_have_count(1)
    card.get_by_role("button", name="Stop following").click()
    held = Held(page)
    page.route("**/api/follows/*", held.hold_first)
    # The page is left twice while the request is under way.
    page.evaluate("[1, 2].forEach(() => dispatchEvent(new PageTransitionEvent('pagehide')))")
    page.get_by_role("button", name="Undo").wait_for(state="hidden")
    held.first().abort()
    expect(card).to_have_count(1)  # it could not be deleted
    assert len(deletions) == 2  # that of the first follow, and one more
    page.reload()
    expect(card).to_have_count(1)


def test_a_source_is_followed_where_follows_are_listed(visitor: Visitor) -> None:
    page = visitor.page
    course, channel = "PLfollowed_course_26", "UC" + "Follow" * 3 + "Talk"
    visitor.stack.youtube.playlists[course] = {"title": "A course", "channel": "The Bakery", "videos": ["Sauerteig_1"]}
    visitor.stack.youtube.playlists[channel] = {"title": "The Bakery", "videos": ["Sauerteig_1"], "playlists": [course]}
    visitor.sign_in()
    sent: list[dict[str, Any]] = []
    page.on("request", lambda request: sent.append(request.post_data_json) if request.method == "POST" else None)
    visitor.go("/follows")
    link = page.get_by_label("Link to a channel or playlist")
    add = page.get_by_role("button", name="Follow", exact=True)
    for wrong, why in (
        ("https://youtu.be/Lighthouse1", "This link leads to a single video."),
        ("https://example.com/a", "This is not a link to a channel or playlist."),
        (f"https://www.youtube.com/channel/{channel}/playlists", "This is a page of playlists."),
        (PLAYLIST, "This playlist"),  # there is none with this id
    ):
        link.fill(wrong)
        add.click()
        expect(page.get_by_role("alert").filter(has_text=why)).to_be_visible(timeout=30_000)
    assert visitor.axe_problems() == []
    link.fill(course)
    add.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading")).to_have_text("Follow “A course”", timeout=30_000)
    expect(page.get_by_role("main").get_by_role("alert")).to_be_hidden()
    dialog.get_by_label("Check for new videos").select_option("Every hour")
    dialog.get_by_label("Model").select_option("Key sentences only")
    dialog.get_by_label("Length", exact=True).select_option("Brief")
    dialog.get_by_label("Language of the summaries").select_option("German")
    assert visitor.axe_problems() == []
    dialog.get_by_role("button", name="Follow").click()
    card = page.locator(".follows > li")
    expect(card).to_contain_text("every hour")
    expect(page.locator(".notice")).to_have_text("New videos will be summarized from now on.")
    expect(link).to_have_value("")
    expect(card.get_by_role("heading")).to_have_text("A course")
    wanted = {"every": "hour", "model": "extractive", "summary_length": "brief", "options": {"language": "de"}}
    assert wanted.items() <= sent[-1].items()


def test_a_schedule_is_shown_by_the_clock_of_its_reader_and_keeps_its_own(browser: Browser, stack: WholeStack) -> None:
    with visit(browser, stack, timezone_id="Asia/Tokyo") as visitor:
        page = visitor.page
        with closing(stack.client_of(visitor.email, visitor.password)) as api:
            weekly = {"source": PLAYLIST, "every": "week", "weekday": "sunday", "at": "20:00", "zone": "UTC"}
            api.post("follows", json=weekly).raise_for_status()
            visitor.sign_in()
            visitor.go("/follows")
            card = page.locator(".follows > li")
            expect(card).to_contain_text("every Monday at 5:00 AM")
            card.get_by_role("button", name="Change").click()
            dialog = page.get_by_role("dialog")
            expect(dialog.get_by_label("Day", exact=True)).to_have_value("monday")
            expect(dialog.get_by_label("Notify me about new videos")).to_be_disabled()
            expect(
                dialog.get_by_text("To be notified, first choose email or a webhook under Settings.")
            ).to_be_visible()
            dialog.get_by_label("Budget per month").fill("2")
            dialog.get_by_role("button", name="Save").click()
            expect(card).to_contain_text("$0.00 of $2.00")
            (kept,) = api.get("follows").json()["follows"]
            assert {"at": "20:00", "weekday": "sunday", "zone": "UTC", "notify": True}.items() <= kept.items()
            card.get_by_role("button", name="Change").click()
            dialog.get_by_label("Time of day").fill("06:00")
            dialog.get_by_role("button", name="Save").click()
            expect(card).to_contain_text("every Monday at 6:00 AM")
            (changed,) = api.get("follows").json()["follows"]
            assert {"at": "06:00", "weekday": "monday", "zone": "Asia/Tokyo"}.items() <= changed.items()


def test_a_feed_is_read_until_its_link_is_revoked(visitor: Visitor) -> None:
    page = visitor.page
    client = visitor.stack.client_of(visitor.email, visitor.password)
    client.post("follows", json={"source": PLAYLIST}).raise_for_status()
    visitor.sign_in_at("/follows")
    page.get_by_role("button", name="RSS feed").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Make a link").click()
    link = dialog.get_by_label("RSS feed link").input_value()
    reader = httpx.Client(transport=LocalhostTransport())
    assert reader.get(link).headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert visitor.axe_problems() == []
    dialog.get_by_role("button", name="Revoke the link").click()
    expect(dialog.get_by_role("button", name="Make a link")).to_be_visible()
    assert reader.get(link).status_code == httpx.codes.NOT_FOUND
    dialog.get_by_role("button", name="Close").click()
    # What was said here belongs to this view.
    expect(page.locator(".notice")).to_have_text("The link was revoked.")
    visitor.go("/me")
    visitor.heading("Settings").wait_for()
    expect(page.locator(".notice")).to_have_count(0)


def test_a_follow_is_made_once_although_its_answer_was_lost(visitor: Visitor) -> None:
    page = visitor.page
    visitor.sign_in()
    keys: list[str] = []

    def lose_the_first_response(route: Route) -> None:
        if route.request.method == "POST":
            keys.append(route.request.headers["idempotency-key"])
        if route.request.method == "POST" and len(keys) == 1:
            fetched(route)
            route.abort()
        else:
            route.continue_()

    page.route("**/follows", lose_the_first_response)
    page.get_by_role("textbox", name="Links").fill(PLAYLIST)
    for number in range(2):
        page.get_by_role("button", name="Follow this playlist").click()
        page.get_by_role("dialog").get_by_role("button", name="Follow").click()
        expect(page.get_by_role("dialog")).to_be_hidden()
        if number == 0:  # until then, a second click does nothing
            expect(page.locator(".notice.problem")).to_contain_text("cannot be reached")
    expect(page.get_by_role("heading", name="Follow a channel or playlist")).to_be_visible()
    expect(page.locator(".follows > li")).to_have_count(1)
    expect(page.locator(".follows h3")).to_contain_text("Playlist, followed since")  # its title is not known
    assert keys[0] == keys[1]


def the_digest_of_a_run_leads_to_both_moments(visitor: Visitor) -> None:
    page = visitor.page
    documented = documented_answers()
    digest = documented["digest"]
    (claim,) = digest["news"]["beyond"]
    page.route("**/digest", lambda route: route.fulfill(json=digest))
    page.route("**/batch/b7f3?*", lambda route: route.fulfill(json=documented["batch_with_items"]))
    visitor.go("/batch/b7f3/digest")
    expect(page.locator("footer.soft")).to_contain_text(
        "Compared by shared words with the summaries of 3 earlier videos"
    )
    expect(page.locator(".digest h2")).to_have_text(["New compared with earlier videos", "Across the new videos"])
    expect(page.locator(".digest h3")).to_have_text(["More on subjects of earlier videos", "From each video"])
    expect(page.locator(".statement").first.locator("h4, figcaption, blockquote")).to_have_text(
        [
            "Fresnel",
            "Now",
            "“Fresnel cut the lens into rings.”",
            "Before",
            "“Before Fresnel, mirrors stood behind the lamp.”",
        ]
    )
    for name, place, batch_id in (
        ("Said in", claim["evidence"][0], "b7f3"),
        ("Said before in", claim["earlier"][0], claim["earlier"][0]["batch_id"]),
    ):
        places = page.get_by_role("list", name=name, exact=True).first
        title, time = places.get_by_role("link").all()
        expect(title).to_have_attribute("href", f"#/batch/{batch_id}/video/{place['item_id']}")
        assert f"t={place['start_seconds']:.0f}" in (time.get_attribute("href") or "")
    page.get_by_text("Compared with 3 earlier videos").click()
    listed = page.get_by_role("list", name="Earlier videos").get_by_role("link")
    assert [link.get_attribute("href") for link in listed.all()] == [
        f"#/batch/{video['batch_id']}/video/{video['item_id']}" for video in digest["news"]["earlier"]
    ]
    assert visitor.axe_problems() == []
    digest["news"] |= {"new": [], "beyond": [], "contradictions": []}
    page.reload()
    expect(page.get_by_text("Nothing new was found compared with earlier videos.")).to_be_visible()
    expect(page.locator(".digest h2")).to_have_text(["From each video"])
    is_outdated = page.get_by_text("The digest covers 4 videos. It will be rewritten when the others are done.")
    expect(is_outdated).to_be_visible()
    batch = documented["batch_with_items"]
    batch |= {"status": "completed", "progress": {**batch["progress"], "completed": 4, "left": 0}}
    page.reload()
    page.locator(".digest > header").wait_for()
    expect(is_outdated).to_be_hidden()


def a_run_names_its_follow_and_says_when_it_continues(visitor: Visitor) -> None:
    page = visitor.page
    documented = documented_answers()
    pause = {"code": "budget_reached", "message": "The budget is used up.", "advice": "Raise it.", "until": None}
    follow = {"id": "f1", "name": "Talks", "goes_on_at": "2126-12-01T12:00:00Z", "month_budget_usd": None}
    run = {**documented["batch_with_items"], "status": "paused", "pause": pause, "follow": follow}
    page.route(re.compile(r"/batch/b7f3\?"), lambda route: route.fulfill(json=run))
    visitor.go("/batch/b7f3")
    expect(page.locator(".name-line .facts")).to_contain_text("new videos of Talks")
    expect(page.locator(".name-line .facts").get_by_role("link", name="Talks")).to_have_attribute("href", "#/follows")
    continues = re.compile(r"^Skimlist continues automatically: Dec 1, 2126, .+\. You don’t need to do anything\.$")
    expect(page.locator(".banner p")).to_have_text(["The budget is used up.", continues])
    expect(page.locator(".banner")).not_to_contain_text("Raise it.")
    run |= {"status": "completed", "pause": None}
    page.reload()
    expect(page.locator(".banner")).to_have_text(re.compile("^Videos without captions are tried again: Dec 1, 2126"))


def a_run_that_waits_for_the_next_month_says_so_and_continues_with_a_higher_budget(visitor: Visitor) -> None:
    page = visitor.page
    documented = documented_answers()
    told = "The next video would cost about $0.3000; $0.90 of the budget of $1.00 is spent."
    pause = {"code": "budget_reached", "message": told, "advice": "Raise it.", "until": None}
    follow = {"id": "f1", "name": "Talks", "goes_on_at": "2126-12-01T12:00:00Z", "month_budget_usd": 2.5}
    cost = {"max_cost_usd": 1.0, "cost": {"usd": 0.9, "saved_usd": 0}}
    run = {**documented["batch_with_items"], **cost, "status": "paused", "pause": pause, "follow": follow}
    sent: list[dict[str, Any]] = []

    def answer_follow(route: Route) -> None:
        if route.request.method == "PATCH":
            sent.append(route.request.post_data_json)
            run["follow"] = {**follow, "goes_on_at": "2026-01-01T00:00:00Z", "month_budget_usd": None}
        route.fulfill(json={**documented["follow"], "name": "Talks", "month_usd": 2.4, "max_cost_usd_per_month": 2.5})

    page.route(re.compile(r"/batch\?"), lambda route: route.fulfill(json={"batches": [run], "next_cursor": None}))
    page.route(re.compile(r"/batch/b7f3\?"), lambda route: route.fulfill(json=run))
    page.route("**/follows/f1", answer_follow)
    visitor.go("/")
    card = page.locator(".batches .card")
    expect(card.locator(".pill")).to_have_text("Paused until Dec 1, 2126")
    expect(card).to_contain_text("too little of this month’s budget left")
    visitor.go("/batch/b7f3")
    banner = page.locator(".banner")
    expect(banner.locator("p")).to_have_text(
        [
            "Too little of this month’s budget is left for the next video.",
            "The batch continues on Dec 1, 2126. To continue now, raise the monthly budget by at least $0.21.",
        ]
    )
    # The budget of the month is the only one: the batch has what is left of it.
    expect(page.locator(".name-line .facts")).not_to_contain_text("budget")
    expect(page.locator(".figures")).to_contain_text("$0.90At most $0.10 of this month’s $2.50 is left")
    expect(page.locator(".figures .meter:not([hidden])")).to_have_count(0)
    expect(page.locator(".name-line .pill")).to_have_text("Paused until Dec 1, 2126")
    banner.get_by_role("button", name="Raise the monthly budget").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("$2.40 is spent this month so far.")
    expect(dialog.get_by_label("New monthly budget")).to_have_value("5.00")
    dialog.get_by_label("New monthly budget").fill("7,5")
    dialog.get_by_role("button", name="Raise the budget").click()
    expect(banner).to_contain_text("Skimlist continues automatically: in a few minutes.")
    assert sent == [{"max_cost_usd_per_month": "7.5"}]


def test_runs_of_a_follow(visitor: Visitor) -> None:
    visitor.sign_in()
    for part in (
        the_digest_of_a_run_leads_to_both_moments,
        a_run_names_its_follow_and_says_when_it_continues,
        a_run_that_waits_for_the_next_month_says_so_and_continues_with_a_higher_budget,
    ):
        part(visitor)
        visitor.go("/nowhere")
        visitor.heading("Page not found").wait_for()
