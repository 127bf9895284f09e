"""Playlists and channels while they are pasted: titles and counts, playlists to choose from, a selection for each."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, Request, Route, expect

from local.youtube import Failure
from tests.browser import Held, Visitor, fetched
from tests.e2e.page.test_errors import refuse

CHANNEL = "UC" + "Pasted" * 3 + "Talks"[:4]
COURSE, TALKS, PRIVATE = "PLpasted_course_of_2026", "PLpasted_talks_of_2026", "PLpasted_private_list"
TITLE = "A course in <b>bread</b>"
LIST = "https://www.youtube.com/playlist?list="


@pytest.fixture(autouse=True)
def _sources(visitor: Visitor) -> None:
    visitor.stack.youtube.playlists.update(
        {
            COURSE: {"title": TITLE, "channel": "The Bakery", "videos": ["Sauerteig_1", "Lighthouse1"]},
            TALKS: {"title": "Talks", "channel": "The Bakery", "videos": 1234},
            PRIVATE: "private",
            CHANNEL: {
                "title": "The Bakery",
                "names": ["@pasted"],
                "videos": ["Sauerteig_1", "Lighthouse1", "Momiji_no_1"],
                "playlists": [COURSE, TALKS, *(f"PLpasted_{number:03}_of_2026" for number in range(110))],
            },
            **{f"PLpasted_{number:03}_of_2026": ["Lighthouse1"] for number in range(110)},
        }
    )


def posted(page: Page, path: str) -> list[dict[str, Any]]:
    """Collects the bodies of the page's requests to a route."""
    bodies: list[dict[str, Any]] = []

    def note(request: Request) -> None:
        if request.method == "POST" and request.url.endswith(path):
            bodies.append(json.loads(request.post_data or ""))

    page.on("request", note)
    return bodies


def test_pasted_sources_are_described_named_and_followed(visitor: Visitor) -> None:
    visitor.sign_in()
    pasted_sources_show_their_titles_and_name_the_draft(visitor)
    visitor.page.get_by_role("link", name="Skimlist").click()
    ask_again_for_all_titles(visitor)
    a_batch_starts_without_the_titles(visitor)
    ask_again_for_all_titles(visitor)
    a_source_is_followed_with_its_own_selection(visitor)


def test_playlists_of_a_channel_are_chosen_and_a_late_title_creates_no_second_batch(visitor: Visitor) -> None:
    visitor.sign_in()
    playlists_of_a_channel_are_chosen_and_each_source_has_its_selection(visitor)
    visitor.page.get_by_role("link", name="Skimlist").click()
    ask_again_for_all_titles(visitor)
    a_title_that_becomes_known_between_two_attempts_creates_no_second_batch(visitor)


def ask_again_for_all_titles(visitor: Visitor) -> None:
    """Reloads the page without what was pasted, because it asks for each source once."""
    visitor.paste("")
    visitor.page.reload()
    visitor.heading("Summarize videos").wait_for()


def pasted_sources_show_their_titles_and_name_the_draft(visitor: Visitor) -> None:
    page = visitor.page
    asked = posted(page, "/sources/describe")
    visitor.paste(LIST + COURSE)
    source = page.locator(".source")
    expect(source).to_contain_text(TITLE, timeout=30_000)
    expect(source).to_contain_text("playlist · The Bakery · 2 videos")
    expect(source).to_contain_text("all its videos")
    expect(page.locator(".mark-words")).to_have_text(f"\u2068{TITLE}\u2069 · 2 videos")
    expect(page.get_by_label("Name")).to_have_attribute("placeholder", TITLE)
    expect(page.get_by_role("button", name="Start 2 videos")).to_be_enabled()
    expect(page.locator(".composer > .actions > span")).to_have_text("free")
    visitor.paste(LIST + COURSE, LIST + PRIVATE, "@pasted", "Lighthouse1")
    expect(page.get_by_text("This playlist is private.")).to_be_visible(timeout=30_000)
    expect(source.nth(2)).to_contain_text("channel · 3 videos")
    assert [len(body["sources"]) for body in asked] == [1, 2]
    assert visitor.axe_problems() == []
    # A link to a video in a playlist may stand for either of them; which link that is, its line says.
    inside = f"https://www.youtube.com/watch?v=Lighthouse1&list={COURSE}"
    visitor.paste(LIST + PRIVATE, inside)
    whole = page.get_by_label("Add the whole playlist, not only the video in line 2")
    expect(page.locator(".links-counts")).to_have_text("1 single video · 1 playlist")
    whole.check()
    expect(page.locator(".links-counts")).to_have_text("2 playlists")
    visitor.paste(inside, "Sauerteig_1", inside)
    expect(page.get_by_label("Add the whole playlists, not only the videos in lines 1 and 3")).to_be_checked()
    visitor.create("Save as draft", LIST + COURSE)
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)


def a_batch_starts_without_the_titles(visitor: Visitor) -> None:
    page = visitor.page
    page.route("**/sources/describe", refuse, times=1)
    kinds = page.locator(".source-about small")
    visitor.paste(LIST + COURSE, LIST + TALKS)
    expect(kinds).to_have_text(["playlist", "playlist"], timeout=30_000)
    expect(page.get_by_role("button", name="Start now")).to_be_enabled()
    # What was not answered is asked again with the next change; a source that YouTube does not describe stays a
    # playlist.
    visitor.stack.youtube.fail(Failure.SERVER_ERROR, TALKS)
    visitor.paste(LIST + COURSE, LIST + TALKS, "Lighthouse1")
    expect(kinds).to_have_text(["playlist · The Bakery · 2 videos", "playlist"], timeout=30_000)
    expect(page.get_by_role("button", name="Start now")).to_be_enabled()


def a_source_is_followed_with_its_own_selection(visitor: Visitor) -> None:
    page = visitor.page
    visitor.paste(LIST + COURSE, LIST + "PLpasted_000_of_2026")
    page.locator(".source").first.get_by_role("button", name="Choose videos").click(timeout=30_000)
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Title contains").fill("bread")
    dialog.get_by_role("button", name="Apply").click()
    visitor.paste(LIST + COURSE)
    page.get_by_role("button", name="Follow this playlist").click()
    expect(dialog.get_by_label("Title contains")).to_have_value("bread")


def playlists_of_a_channel_are_chosen_and_each_source_has_its_selection(visitor: Visitor) -> None:
    page = visitor.page
    created, asked = posted(page, "/batch/create"), posted(page, "/sources/describe")
    channel = "https://www.youtube.com/@pasted/playlists"
    page.route("**/sources/describe", refuse, times=1)
    visitor.paste(channel, LIST + COURSE)
    page.locator(".source", has_text="cannot be read now").get_by_role("button", name="Try again").click(timeout=30_000)
    choose = page.get_by_role("button", name="Choose playlists")
    expect(choose).to_be_visible(timeout=30_000)
    # Nothing is wrong with such a page: there is a choice to be made.
    expect(page.locator(".links-counts")).to_have_text("1 playlist · 1 page of playlists: choose below which to add")
    expect(page.locator(".links-problems")).to_be_hidden()
    expect(page.locator(".source").first).to_contain_text("playlists to choose from")
    # A line above moves the channel to another line.
    visitor.paste("Lighthouse1", channel, LIST + COURSE)
    expect(page.locator(".mark-words")).to_have_count(3)
    choose.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Add these playlists")).to_be_disabled()
    dialog.get_by_role("button", name="Show more playlists").click()
    expect(dialog.get_by_role("listitem")).to_have_count(112, timeout=30_000)
    dialog.get_by_label("Search the titles").fill("talks")
    dialog.get_by_label("Select all").check()
    dialog.get_by_label("Search the titles").fill("PLpasted_109")
    dialog.get_by_role("checkbox", name="PLpasted_109").check()
    assert visitor.axe_problems() == []
    dialog.get_by_role("button", name="Add these playlists").click()
    lines = ["Lighthouse1", LIST + TALKS, LIST + "PLpasted_109_of_2026", LIST + COURSE]
    expect(page.get_by_label("Links", exact=True)).to_have_value("\n".join(lines))
    expect(page.locator(".source").first).to_contain_text("1,234 videos")
    source = page.locator(".source")
    source.first.get_by_role("button", name="Choose videos").click()
    dialog.get_by_label("Maximum number of videos").fill("5")
    dialog.get_by_label("Apply to all playlists and channels").check()
    dialog.get_by_role("button", name="Apply").click()
    expect(source).to_contain_text(["newest 5", "all its videos", "all its videos"])
    expect(source.first.get_by_role("button", name="Choose videos")).to_be_focused()
    expect(page.get_by_role("button", name="Start 9 videos")).to_be_visible()  # 1 + 5 + 1 + 2
    source.nth(1).get_by_role("button", name="Choose videos").click()
    dialog.get_by_label("Maximum number of videos").fill("")
    dialog.get_by_role("button", name="Apply").click()
    expect(source.nth(1)).to_contain_text("all its videos")
    source.nth(2).get_by_role("button", name="Choose videos").click()
    dialog.get_by_label("Maximum number of videos").fill("1")
    dialog.get_by_role("button", name="Apply").click()
    expect(page.get_by_role("button", name="Start 8 videos")).to_be_visible()
    page.get_by_role("button", name="Save as draft").click()
    page.wait_for_url("**/#/batch/*")
    assert created[0]["urls"] == [
        *lines[:2],
        {"url": lines[2], "select": None},
        {"url": lines[3], "select": {"newest": 1}},
    ]
    assert created[0]["select"] == {"newest": 5}
    # What was answered at the second attempt was not asked for once more when the text changed.
    assert len([body for body in asked if channel in body["sources"] and "cursor" not in body]) == 2


def a_title_that_becomes_known_between_two_attempts_creates_no_second_batch(visitor: Visitor) -> None:
    page = visitor.page
    described = Held(page)
    page.route("**/sources/describe", described.hold_first)
    requests: list[tuple[str | None, str]] = []

    def lose_the_first_response(route: Route) -> None:
        requests.append((route.request.post_data, route.request.headers["idempotency-key"]))
        if len(requests) == 1:
            fetched(route)
            route.abort()
        else:
            route.continue_()

    page.route("**/batch/create", lose_the_first_response)
    visitor.paste(LIST + COURSE)
    lookup = described.first()
    draft = page.get_by_role("button", name="Save as draft")
    draft.click()
    expect(page.get_by_text("Nothing is lost")).to_be_visible()
    lookup.continue_()
    expect(page.get_by_label("Name")).to_have_attribute("placeholder", TITLE, timeout=30_000)
    # The batch may not have read its playlist yet.
    unread = {"status": "pending", "title": None}
    page.route(re.compile(r"/api/batch/[\w-]+\?"), lambda route: route.fulfill(json=with_playlists(route, **unread)))
    draft.click()
    page.wait_for_url("**/#/batch/*")
    assert len(requests) == 2
    assert requests[0] == requests[1]
    expect(page.locator(".playlists")).to_contain_text(f"{TITLE}Being read …")


def with_playlists(route: Route, **changes: str | None) -> dict[str, Any]:
    batch: dict[str, Any] = fetched(route).json()
    return batch | {"playlists": [each | changes for each in batch["playlists"] or []]}


def test_a_batch_gets_more_videos_and_leads_to_more_of_a_channel(visitor: Visitor) -> None:
    visitor.open_draft("Lighthouse1")
    videos_are_added_to_a_batch_as_they_are_to_a_new_one(visitor)
    more_from_a_channel_fills_in_the_channel_and_starts_nothing(visitor)


def videos_are_added_to_a_batch_as_they_are_to_a_new_one(visitor: Visitor) -> None:
    page, added = visitor.page, posted(visitor.page, "/items")
    page.get_by_role("button", name="Add videos").click()
    dialog = page.get_by_role("dialog").first
    dialog.get_by_label("Links", exact=True).fill(LIST + COURSE)
    expect(dialog.locator(".source")).to_contain_text(TITLE, timeout=30_000)
    expect(dialog.get_by_role("button", name="Add 2 videos")).to_be_visible()
    dialog.get_by_role("button", name="Choose videos").click()
    choice = page.get_by_role("dialog").last
    choice.get_by_label("Title contains").fill("bread")
    choice.get_by_role("button", name="Apply").click()
    expect(dialog.locator(".source")).to_contain_text("title with “bread”")
    assert visitor.axe_problems() == []
    dialog.get_by_role("button", name="Add up to 2 videos").click()
    expect(page.locator(".notice")).to_contain_text("Added to the end of the queue")
    assert added[0]["urls"] == [{"url": LIST + COURSE, "select": {"title_includes": ["bread"]}}]


def more_from_a_channel_fills_in_the_channel_and_starts_nothing(visitor: Visitor) -> None:
    page, created = visitor.page, posted(visitor.page, "/batch/create")
    page.get_by_role("button", name=re.compile("^Start")).click()
    page.locator(".row.completed .title").click(timeout=60_000)
    page.get_by_role("link", name="More from this channel").click(timeout=60_000)
    expect(page.get_by_label("Links", exact=True)).to_have_value(f"https://www.youtube.com/channel/{CHANNEL}\n")
    expect(page.locator(".source b")).to_have_text("The Bakery", timeout=30_000)
    assert created == []
