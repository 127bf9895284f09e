"""Responses that fail, are cut off or come late: nothing gets stuck or lost, and the page shows nothing false."""

from __future__ import annotations

import re
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Route, expect

from skimlist.errors import (
    ModelKeyRejected,
    ModelUnreachable,
    StoppedByOperator,
    YouTubeProxyFailed,
    YouTubeUnreachable,
)
from testkit.functions import documented_answers
from testkit.whole_stack import WITHOUT_CAPTIONS, create_batch
from tests.browser import Held, Visitor

CHECKS = ModelUnreachable.advice.removeprefix("Retry in a few minutes. ")
UNAVAILABLE = {"message": "Service Unavailable"}
LAST = 5  # page of the history
DOCUMENTED = documented_answers()


def refuse(route: Route) -> None:
    route.fulfill(status=503, json=UNAVAILABLE)


def test_a_draft_outlives_answers_that_fail_or_come_late(visitor: Visitor) -> None:
    batch_id = visitor.open_draft("Lighthouse1")
    visitor.heading("A draft of 1 video").wait_for()
    a_poll_that_is_cut_off_is_repeated(visitor)
    a_view_that_loads_late_does_not_replace_another(visitor, batch_id)
    the_search_for_all_summaries_ends_when_their_view_is_left(visitor, batch_id)
    visitor.go(f"/batch/{batch_id}")
    links_are_not_lost_when_adding_them_fails(visitor)
    a_deletion_that_is_refused_brings_the_batch_back(visitor)
    visitor.go(f"/batch/{batch_id}")
    a_deleted_batch_leaves_neither_its_name_nor_a_dialog(visitor, batch_id)


def a_poll_that_is_cut_off_is_repeated(visitor: Visitor) -> None:
    page = visitor.page
    cut = {"status": 200, "body": '{"id": "0', "content_type": "application/json"}
    page.route("**/api/batch/*?items=false", lambda route: route.fulfill(**cut), times=1)
    expect(page.locator(".offline")).to_contain_text("Trying again in")
    expect(page.locator(".offline")).to_be_hidden()
    # So is a page of the queue, and nothing is said about it any more.
    page.route("**/api/batch/*?limit=*", refuse, times=1)
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("Skimlist could not answer (error 503).")
    expect(page.locator(".row")).to_contain_text("Lighthouse1")
    expect(page.get_by_role("alert")).to_have_count(0)


def a_view_that_loads_late_does_not_replace_another(visitor: Visitor, batch_id: str) -> None:
    page, held = visitor.page, Held(visitor.page)
    page.route("**/digest", held.hold)
    visitor.go(f"/batch/{batch_id}/digest")
    late = held.first()
    page.go_back()
    with page.expect_response("**/digest"):
        late.fulfill(status=404, json={"error": {"code": "digest_not_found", "message": "None.", "details": []}})
    page.wait_for_timeout(300)
    expect(visitor.heading("A draft of 1 video")).to_be_visible()
    page.unroute("**/digest")


def the_search_for_all_summaries_ends_when_their_view_is_left(visitor: Visitor, batch_id: str) -> None:
    page, held = visitor.page, Held(visitor.page)
    page.route("**/search?*", held.hold)
    visitor.go(f"/batch/{batch_id}/all?q=light")
    held.first()
    with page.expect_event("requestfailed"):
        visitor.go("/")
    visitor.heading("Summarize videos").wait_for()
    expect(page.get_by_role("alert")).to_have_count(0)


def links_are_not_lost_when_adding_them_fails(visitor: Visitor) -> None:
    page = visitor.page
    page.route("**/items", refuse, times=1)
    page.get_by_role("button", name="Add videos").click()
    links = page.get_by_role("dialog").get_by_label("Links", exact=True)
    links.fill("Sauerteig_1\nLighthouse1")
    page.get_by_role("button", name="Add 2 videos").click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("Skimlist could not answer (error 503).")
    expect(links).to_have_value("Sauerteig_1\nLighthouse1")
    page.get_by_role("button", name="Add 2 videos").click()
    expect(page.locator(".notice")).to_contain_text("Added 1 video to the end of the queue.")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Add videos").click()
    links.fill("Sauerteig_1")
    page.get_by_role("button", name="Add 1 video").click()
    expect(page.locator(".notice").last).to_contain_text("Nothing was added")


def a_deletion_that_is_refused_brings_the_batch_back(visitor: Visitor) -> None:
    page = visitor.page
    page.route("**/api/batch/*", lambda route: refuse(route) if route.request.method == "DELETE" else route.fallback())
    page.clock.install()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Delete the batch").click()
    visitor.heading("Summarize videos").wait_for()
    expect(page.get_by_text("Your batches will appear here")).to_be_visible()
    page.clock.fast_forward(13_000)  # Undo is offered no more
    expect(page.get_by_role("alert").filter(visible=True)).to_have_count(1)
    expect(page.locator(".card")).to_have_count(1)
    page.unroute("**/api/batch/*")


def a_deleted_batch_leaves_neither_its_name_nor_a_dialog(visitor: Visitor, batch_id: str) -> None:
    page = visitor.page
    visitor.heading("A draft of 2 videos").wait_for()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").wait_for()
    with closing(visitor.stack.client_of(visitor.email, visitor.password)) as elsewhere:
        elsewhere.delete(f"batch/{batch_id}").raise_for_status()
    expect(page.locator("h1")).to_have_text("There is no such batch")
    expect(page).to_have_title("There is no such batch – Skimlist")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_retry_during_the_last_video_is_refused_until_it_ends(visitor: Visitor) -> None:
    page = visitor.page
    visitor.stack.youtube.hold("Lighthouse1")
    visitor.open_batch(WITHOUT_CAPTIONS, "Lighthouse1", "Sauerteig_1")
    page.locator(".row.failed").wait_for(timeout=60_000)
    page.locator(".row.processing").wait_for(timeout=60_000)
    visitor.command("Cancel")
    page.get_by_role("button", name="Cancel the batch").click()
    expect(page.locator(".name-line .pill")).to_have_text("Cancelled")
    page.get_by_role("button", name="Retry", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("still being finished")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_videos_and_summaries_that_could_not_be_read_are_read_again(visitor: Visitor) -> None:
    page = visitor.page
    visitor.open_batch("Lighthouse1")
    expect(page.locator(".name-line .pill")).to_have_text("Done", timeout=60_000)
    page.route("**/api/batch/*?limit=*", refuse, times=2)
    page.reload()
    expect(page.get_by_role("alert")).to_have_count(1)
    title = page.locator(".row .title")
    expect(title).to_have_text("How a Lighthouse Throws Light Twenty Miles")
    expect(page.get_by_role("alert")).to_have_count(0)
    # So is a summary: whoever waits for it has nothing to do.
    page.route("**/api/summaries/*", refuse, times=1)
    title.click()
    expect(page.locator(".panel")).to_contain_text("It will appear here as soon as Skimlist is back.")
    expect(page.locator(".panel .summary")).to_be_visible(timeout=20_000)


def test_what_was_typed_is_checked_again_and_what_is_refused_is_shown(visitor: Visitor) -> None:
    visitor.sign_in()
    links_that_could_not_be_checked_are_checked_again(visitor)
    visitor.page.unroute("**/batch/validate")
    a_refused_field_is_shown_although_it_was_folded_away(visitor)


def links_that_could_not_be_checked_are_checked_again(visitor: Visitor) -> None:
    page = visitor.page
    visitor.paste("Lighthouse1", "one", "two", "three")
    page.get_by_text("3 links cannot be used").click()
    again = Held(page)
    page.route("**/batch/validate", again.hold)
    page.route("**/batch/validate", refuse, times=1)
    visitor.paste("Lighthouse1")
    expect(page.locator(".links-counts")).to_contain_text("could not be checked")
    page.get_by_role("button", name="Line 4").click()  # there is no such line any more
    again.first().continue_()
    page.unroute("**/batch/validate")
    expect(page.locator(".links-counts")).to_have_text("1 video")
    expect(page.get_by_role("button", name="Start 1 video")).to_be_enabled()
    # Whoever waits for an answer knows for what.
    held = Held(page)
    page.route("**/batch/validate", held.hold)
    visitor.paste("Lighthouse1", "Sauerteig_1")
    expect(page.locator(".links-counts")).to_have_text("Checking the links …")
    held.first().continue_()
    expect(page.locator(".links-counts")).to_have_text("2 videos")


def a_refused_field_is_shown_although_it_was_folded_away(visitor: Visitor) -> None:
    page = visitor.page
    visitor.paste("Lighthouse1")
    page.get_by_text("More options").click()
    page.get_by_label("Language of the summaries").select_option("Another language …")
    page.get_by_label("Other language").first.fill("by ear")
    page.get_by_text("More options").click()
    page.get_by_role("button", name="Save as draft").click()
    expect(page.get_by_label("Other language").first).to_be_focused()
    page.get_by_label("Other language").first.fill("welsh")
    with page.expect_request("**/batch/create") as sent:
        page.get_by_role("button", name="Save as draft").click()
    assert sent.value.post_data_json["options"]["language"] == "cy"


def test_a_batch_shows_only_what_helps_and_nothing_that_is_empty(visitor: Visitor) -> None:
    visitor.sign_in()
    the_banner_of_a_paused_batch_offers_only_what_helps(visitor)
    visitor.page.unroute_all()
    the_progress_of_a_batch_shows_nothing_that_is_empty(visitor)


def the_banner_of_a_paused_batch_offers_only_what_helps(visitor: Visitor) -> None:
    page = visitor.page
    run = {**DOCUMENTED["batch_with_items"], "status": "paused", "follow": None}
    page.route(re.compile(r"/batch/b7f3\?"), lambda route: route.fulfill(json=run))
    banner = page.locator(".banner")
    for error, texts, buttons in (
        (StoppedByOperator, [StoppedByOperator.message, StoppedByOperator.advice], []),
        (
            ModelUnreachable,
            [
                ModelUnreachable.message.replace("'", "’"),
                f"To continue now, change the model. {CHECKS} We’ll try again at Dec 1, 2126, 12:00 PM.".replace(
                    "'", "’"
                ),
            ],
            ["Change the model", "Try again now"],
        ),
        (
            ModelKeyRejected,
            [
                ModelKeyRejected.message.replace("'", "’"),
                "Change the model, or ask your administrator to store a valid key. "
                "We’ll try again at Dec 1, 2126, 12:00 PM.",
                "How to store a key",
            ],
            ["Change the model", "Try again now"],
        ),
        (
            YouTubeUnreachable,
            [YouTubeUnreachable.message, "We’ll try again at Dec 1, 2126, 12:00 PM. You don’t need to do anything."],
            ["Try again now"],
        ),
        (
            YouTubeProxyFailed,
            [
                YouTubeProxyFailed.message,
                "We’ll try again at Dec 1, 2126, 12:00 PM.",
                YouTubeProxyFailed.advice.removeprefix("The batch tries again automatically. ").replace("'", "’"),
            ],
            ["Try again now"],
        ),
    ):
        pause = {"code": error.code, "message": error.message, "advice": error.advice, "until": "2126-12-01T12:00:00"}
        run["pause"] = pause
        visitor.go("/batch/b7f3")
        expect(banner.locator("p")).to_have_text(texts)
        expect(banner.get_by_role("button")).to_have_text(buttons)
        offered = page.get_by_role("button", name="Change the model")
        expect(offered).to_have_count(1)
        visitor.go("/")
        visitor.heading("Summarize videos").wait_for()


def the_progress_of_a_batch_shows_nothing_that_is_empty(visitor: Visitor) -> None:
    page = visitor.page
    example = {**DOCUMENTED["batch_with_items"], "estimated_completion": None, "max_cost_usd": None}
    counts = example["progress"]
    until = (datetime.now(UTC) + timedelta(minutes=12.3)).isoformat()
    pause = {"code": "model_unreachable", "message": "No answer.", "advice": "", "until": until}
    reused = {"cost": {"usd": 0.0, "saved_usd": 0.0033}, "tokens": {"input": 900, "output": 90}}
    halfway = {**counts["current_video"], "percent": 40}
    none = {"completed": 0, "left": 4, "percent": 0, "current_video": None}
    run: dict[str, Any] = {**example}
    page.route(re.compile(r"/batch\?"), lambda route: route.fulfill(json={"batches": [run], "next_cursor": None}))
    page.route(re.compile(r"/batch/b7f3\?"), lambda route: route.fulfill(json=run))
    for changes, shown, parts, price in (
        (
            {"status": "paused", "pause": pause, "progress": counts | none},
            [re.compile(r"^Next tryin about 12.min"), "Cost$0.00no budget set"],
            0,
            r"\d videos",
        ),
        (
            reused,
            [
                "Time leftnot known yet",
                "Costreused, freesaved $0.0033",
                "Tokens990900 in, 90 out",
            ],
            0,
            "reused, free",
        ),
        ({"progress": counts | {"current_video": halfway}}, ["Time leftnot known yet", "Costfree"], 1, "free"),
    ):
        run.clear()
        run.update(example, **changes)
        visitor.go("/batch/b7f3")
        expect(page.locator(".figures > div:visible")).to_have_text(shown)
        expect(page.locator(".percent")).to_have_text(f"{run['progress']['percent']}%")
        expect(page.locator(".now .meter:visible")).to_have_count(parts)
        visitor.go("/")
        visitor.heading("Summarize videos").wait_for()
        # The list of batches says the same of the cost.
        expect(page.locator(".batches .card > .soft")).to_have_text(re.compile(rf"· {price}$"))


def test_searches_end_go_on_and_show_what_they_found(visitor: Visitor) -> None:
    visitor.page.route("**/api/summaries?*", refuse, times=1)
    visitor.sign_in_at("/history")
    a_search_that_fails_does_not_go_on_forever(visitor)
    for search in (
        a_hit_shows_where_its_words_were_found,
        the_next_page_of_a_search_belongs_to_the_same_search,
        a_word_that_may_be_an_id_is_searched_as_a_word_too,
        a_search_goes_on_after_an_error_and_ends_when_its_view_is_left,
        a_video_of_several_batches_is_listed_once_and_leads_to_each_of_its_summaries,
    ):
        search(visitor)
        visitor.page.unroute_all()


def a_search_that_fails_does_not_go_on_forever(visitor: Visitor) -> None:
    page = visitor.page
    expect(page.get_by_role("alert")).to_contain_text("Skimlist could not answer (error 503).")
    expect(page.get_by_text("Searching …")).to_have_count(0)
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_text("No summaries yet.")).to_be_visible()
    page.get_by_role("link", name="Summarize videos").click()
    visitor.heading("Summarize videos").wait_for()


def a_hit_shows_where_its_words_were_found(visitor: Visitor) -> None:
    page = visitor.page
    entry = documented_entry()
    long = "Ein Sauerteig braucht Zeit. " * 12 + "Die Milchsäure hält ihn frisch."
    of_no_spaces = "紅葉" * 80 + "糖と日光"
    found = [
        {**entry, "video_id": "1", "title": "Milchsäure im Brot", "tldr": "Kurz.", "tags": []},
        {**entry, "video_id": "2", "title": "Brot", "tldr": long, "tags": ["ofen"]},
        {**entry, "video_id": "3", "title": "Brot", "tldr": of_no_spaces, "tags": ["die Milchsäure", "ofen"]},
        {**entry, "video_id": "4", "title": "An earlier version", "tldr": None, "tags": []},
    ]
    page.route("**/api/summaries?*", lambda route: route.fulfill(json={"summaries": found, "next_cursor": None}))
    visitor.go("/history?q=milchsaure+日光")
    cards = page.locator(".history-list .card")
    expect(cards.nth(0).locator("b mark")).to_have_text("Milchsäure")
    expect(cards.nth(1).locator(".row-tldr")).to_have_text(re.compile("^… .{20,70} Milchsäure hält ihn frisch[.]$"))
    expect(cards.nth(1).locator("mark")).to_have_text("Milchsäure")
    expect(cards.nth(1).locator("mark")).to_be_in_viewport()
    expect(cards.nth(2)).to_contain_text("#die Milchsäure")
    expect(cards.nth(2)).not_to_contain_text("ofen")
    expect(cards.nth(2).locator("mark")).to_have_text(["日光", "Milchsäure"])
    expect(cards.nth(3).locator("mark")).to_have_count(0)
    assert visitor.axe_problems() == []


def documented_entry() -> dict[str, Any]:
    (entry,) = DOCUMENTED["list_of_summaries"]["summaries"]
    return dict(entry)


def the_next_page_of_a_search_belongs_to_the_same_search(visitor: Visitor) -> None:
    page = visitor.page
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url.partition("?")[2])
        entry = {"model_label": "Key sentences only", "length": "brief", "channel": "", "duration_seconds": 60}
        entry |= {"summarized_at": "2026-01-01T00:00:00Z", "tags": [], "tldr": None}
        entries = [
            {**entry, "id": f"{name}-1", "batch_id": name, "video_id": name, "title": f"Video {name}"}
            for name in (f"{len(asked)}{each:02}" for each in range(30))
        ]
        route.fulfill(json={"summaries": entries, "next_cursor": "there"})

    page.route("**/api/summaries?*", answer)
    visitor.go("/history?q=light")
    more = page.get_by_role("button", name="Show more")
    expect(more).to_be_visible()
    page.get_by_role("searchbox", name="Search").fill("bread")  # typed, not yet searched for
    more.click()
    expect(page.get_by_text("60 videos found so far")).to_be_visible()
    assert asked == ["q=light&limit=100", "q=light&limit=100&cursor=there"]


def a_word_that_may_be_an_id_is_searched_as_a_word_too(visitor: Visitor) -> None:
    page, found = visitor.page, visitor.page.locator(".history-list .card b")
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url.partition("?")[2])
        summaries = [] if "video_id" in asked[-1] else [{**documented_entry(), "title": "Fine-tuning a model"}]
        route.fulfill(json={"summaries": summaries, "searched": 1, "next_cursor": None})

    page.route("**/api/summaries?*", answer)
    visitor.go("/history?q=fine-tuning")
    expect(found).to_have_text("Fine-tuning a model")
    assert asked == ["limit=100&video_id=fine-tuning", "q=fine-tuning&limit=100"]
    asked.clear()
    page.get_by_label("Search key points, chapters and all other text too").check()
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_text("1 video found, 1 summary searched")).to_be_visible()
    assert asked == ["q=fine-tuning&whole=true&limit=100"]


def a_search_goes_on_after_an_error_and_ends_when_its_view_is_left(visitor: Visitor) -> None:
    page, more = visitor.page, visitor.page.get_by_role("button", name="Show more")
    held = Held(page)
    asked: list[str] = []
    pages = {"": "one", "one": "two", "two": "three"}

    def answer(route: Route) -> None:
        cursor = parse_qs(urlsplit(route.request.url).query).get("cursor", [""])[0]
        asked.append(cursor)
        if cursor == "three":
            held.hold(route)
        elif asked == ["", "one"]:
            refuse(route)
        else:
            names = {"video_id": f"after{cursor}", "batch_id": f"b{cursor}", "match": None}
            summaries = [{**documented_entry(), **names}]
            route.fulfill(json={"summaries": summaries, "searched": 200, "next_cursor": pages[cursor]})

    page.route("**/api/summaries?*", answer)
    visitor.go("/history?q=light&whole=true")
    expect(page.get_by_role("alert")).to_contain_text("Skimlist could not answer (error 503).")
    expect(page.get_by_text("1 video found, 200 summaries searched", exact=True)).to_be_visible()
    more.click()
    expect(page.get_by_text("3 videos found, 600 summaries searched …")).to_be_visible()
    expect(page.locator(".history-list > li")).to_have_count(3)
    held.first()
    assert asked == ["", "one", "one", "two", "three"]
    page.get_by_role("alert").get_by_role("button", name="Close").click()
    with page.expect_event("requestfailed"):
        visitor.go("/")
    visitor.heading("Summarize videos").wait_for()
    expect(page.get_by_role("alert")).to_have_count(0)


def a_video_of_several_batches_is_listed_once_and_leads_to_each_of_its_summaries(visitor: Visitor) -> None:
    page = visitor.page
    entry = documented_entry()
    asked: list[str] = []

    def answer(route: Route) -> None:
        """Answers 30 videos, then earlier summaries of them, and last one of the first video and one of another."""
        asked.append(route.request.url)
        number = len(asked)
        videos = [0, 30] if number == LAST else range(30)
        summaries = [
            {
                **entry,
                "id": f"b{number}-{video}",
                "batch_id": f"b{number}",
                "video_id": f"video{video}",
                "title": f"Video {video}",
            }
            for video in videos
        ]
        route.fulfill(json={"summaries": summaries, "next_cursor": None if number == LAST else "there"})

    page.route("**/api/summaries?*", answer)
    videos = page.locator(".history-list > li")
    page.route("**/batch/b2?*", lambda route: route.fulfill(json={**DOCUMENTED["pending_batch"], "name": "Talks"}))
    page.route(re.compile("/batch/b[345]\\?"), refuse)
    visitor.go("/history")
    expect(page.get_by_text("The latest 30 videos")).to_be_visible()
    assert len(asked) == 1
    page.get_by_role("button", name="Show more").click()
    expect(videos.first).to_contain_text("Also in 3 other batches")
    expect(page.get_by_text("The latest 30 videos")).to_be_visible()
    assert len(asked) == 4
    page.get_by_role("button", name="Show more").click()
    expect(page.get_by_text("31 videos", exact=True)).to_be_visible()
    expect(videos).to_have_count(31)
    expect(videos.first.locator("a").first).to_have_attribute("href", "#/summary/b1-0")
    videos.first.get_by_text("Also in 4 other batches").click()
    others = videos.first.locator("details a")
    expect(others.first).to_have_text("Talks")
    numbers = range(2, LAST + 1)
    assert [link.get_attribute("href") for link in others.all()] == [f"#/summary/b{number}-0" for number in numbers]
    expect(others.last).to_have_text("Summary")  # the name of its batch is not known
    expect(videos.first.locator("details li").last).to_contain_text("Nov 27, 2026")
    expect(videos.nth(1)).to_contain_text("Also in 3 other batches")
    assert visitor.axe_problems() == []


def test_no_batch_is_hidden_by_one_created_in_another_tab(visitor: Visitor) -> None:
    page = visitor.page
    page.clock.install()
    with closing(visitor.stack.client_of(visitor.email, visitor.password)) as elsewhere:
        for number in range(22):
            create_batch(elsewhere, "Lighthouse1", name=f"Batch {number}", start=False)
        visitor.sign_in()
        page.get_by_role("button", name="Show more").click()
        cards = page.locator(".batches .card b")
        expect(cards).to_have_count(22)
        create_batch(elsewhere, "Lighthouse1", name="Batch 22", start=False)
    page.clock.fast_forward(30_000)  # until the page reads the list again
    expect(cards.first).to_have_text("Batch 22")
    assert cards.all_inner_texts() == [f"Batch {number}" for number in reversed(range(23))]


def test_scripts_that_cannot_be_loaded_leave_a_way_on(visitor: Visitor) -> None:
    a_page_whose_script_is_blocked_says_what_to_do(visitor)
    visitor.page.get_by_role("button", name="Sign in").click()
    visitor.heading("Summarize videos").wait_for()
    a_view_whose_script_cannot_be_loaded_offers_a_reload(visitor)
    a_description_of_the_api_whose_scripts_are_blocked_leads_to_the_document(visitor)


def a_page_whose_script_is_blocked_says_what_to_do(visitor: Visitor) -> None:
    page = visitor.page
    page.route("**/scripts.js", lambda route: route.abort("blockedbyclient"))
    page.goto(visitor.sign_in_url)
    notice = page.locator(".starting")
    # Its second may be over by now, so it begins again.
    seen_at = """(notice, time) => {
        notice.style.animationName = "none";
        getComputedStyle(notice).animationName;
        notice.style.animationName = "";
        notice.getAnimations()[0].currentTime = time;
        return getComputedStyle(notice).visibility;
    }"""
    assert [notice.evaluate(seen_at, milliseconds) for milliseconds in (0, 900)] == ["hidden"] * 2
    expect(notice).to_be_visible()
    expect(notice).to_contain_text("If this stays, reload the page.")
    assert visitor.axe_problems() == []
    page.unroute("**/scripts.js")
    page.reload()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    expect(notice).to_have_count(0)


def a_view_whose_script_cannot_be_loaded_offers_a_reload(visitor: Visitor) -> None:
    page = visitor.page
    page.route("**/views/history.js", lambda route: route.fulfill(status=404))
    page.get_by_role("link", name="Summaries").click()
    expect(page.get_by_role("alert")).to_contain_text("Check your internet connection, then reload the page")
    page.unroute("**/views/history.js")
    page.get_by_role("button", name="Try again").click()
    visitor.heading("Summaries").wait_for()


def a_description_of_the_api_whose_scripts_are_blocked_leads_to_the_document(visitor: Visitor) -> None:
    page = visitor.page
    page.route("**/docs/*.js", lambda route: route.abort("blockedbyclient"))
    page.goto(f"{visitor.stack.local.description['api_url']}/docs")
    page.get_by_role("link", name="OpenAPI document").click()
    expect(page.locator("body")).to_contain_text("openapi")
