"""Reading a finished batch: what was read and starred, everything at once, and the same on another device."""

from __future__ import annotations

import json
import re
from contextlib import closing

from playwright.sync_api import Browser, Response, Route, expect

from local.client import api_client
from testkit.functions import documented_answers
from testkit.whole_stack import WITHOUT_CAPTIONS, WholeStack, await_status, create_batch
from tests.browser import Held, Visitor, fetched, visit

LIGHTHOUSE = "How a Lighthouse Throws Light Twenty Miles"


def test_a_batch_is_marked_starred_expanded_copied_and_searched(visitor: Visitor) -> None:
    batch_id = visitor.open_batch("Lighthouse1", "Sauerteig_1", "Silent_Film")
    expect(visitor.page.locator(".name-line .pill")).to_have_text("Done · 1 failed", timeout=60_000)
    summaries_are_marked_as_unread_and_as_read(visitor)
    a_batch_is_read_starred_expanded_and_copied(visitor, batch_id)
    visitor.page.emulate_media(media="screen")
    visitor.go(f"/batch/{batch_id}")
    visitor.row(LIGHTHOUSE).wait_for()  # until then, its key does not lead to the search
    a_word_in_a_key_point_is_found_and_opened_where_it_is_said(visitor, batch_id)
    a_match_opens_at_the_statement_with_most_of_the_words(visitor)


def a_batch_is_read_starred_expanded_and_copied(visitor: Visitor, batch_id: str) -> None:
    page, status = visitor.page, visitor.page.get_by_label("Status", exact=True)
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    expect(status).to_contain_text("Unread (2)")

    page.get_by_role("button", name="Read", exact=True).click()
    expect(page.locator(".summary-title")).to_have_text(LIGHTHOUSE)
    # Going on counts as read, and so does a while, which may be over by then.
    with page.expect_response(lambda response: is_mark(response, "read")):
        with page.expect_response(lambda response: is_mark(response, "starred")):
            page.get_by_role("button", name="Star").click()
        expect(page.get_by_role("button", name="Remove the star")).to_have_attribute("aria-pressed", "true")
        page.route("**/api/summaries/*", lambda route: None)  # the other one never appears, so it stays unread
        page.keyboard.press("j")
    page.keyboard.press("Escape")
    page.unroute("**/api/summaries/*")
    page.reload()  # as on another device
    expect(status).to_contain_text("Unread (1)")
    status.select_option("Starred (1)")
    expect(page.locator(".row .title")).to_have_text([LIGHTHOUSE])
    expect(page.locator(".row .starred-mark")).to_be_visible()

    page.get_by_role("link", name="Expand all").click()
    expect(page.locator(".all .summary-title")).to_have_text([LIGHTHOUSE])
    page.locator(".crumb a").click()
    expect(status).to_have_value("starred")
    page.route("**/api/batch/*/summaries?*", lambda route: route.abort())
    visitor.go(f"/batch/{batch_id}/all")
    visitor.heading("All summaries of “How a Lighthouse Throws Light Twenty Miles and 2 more”").wait_for()
    page.emulate_media(media="print")
    expect(page.get_by_text("Not all summaries are on this paper")).to_be_visible()
    page.emulate_media(media="screen")
    page.unroute("**/api/batch/*/summaries?*")
    page.reload()
    expect(page.locator(".all .summary-title")).to_have_count(2)
    expect(page.get_by_role("status").filter(has_text=re.compile("^2 summaries$"))).to_be_visible()
    visitor.heading("All summaries of “How a Lighthouse Throws Light Twenty Miles and 2 more”").wait_for()
    page.locator(".contents > summary").click()
    page.locator(".contents button").nth(1).click()
    expect(page.locator(".all-list > li").nth(1)).to_be_in_viewport()
    page.get_by_role("button", name="Copy all 2 as Markdown").click()
    expect(page.get_by_role("status").filter(has_text="2 summaries copied.")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert re.findall("^# (.+)$", copied, re.MULTILINE)[0] == LIGHTHOUSE
    assert copied.count("\n---\n") == 1
    assert visitor.axe_problems() == []
    page.emulate_media(media="print")
    assert page.locator(".all .summary-title").nth(1).is_visible()
    expect(page.get_by_text("Not all summaries are on this paper")).to_be_hidden()
    assert not page.get_by_role("button", name="Copy all 2 as Markdown").is_visible()


def is_mark(response: Response, name: str) -> bool:
    """Whether it says that a mark of this kind is stored."""
    return response.request.method == "PATCH" and response.ok and name in response.request.post_data_json


def a_word_of(point: str, other_texts: str) -> str:
    return next(word for word in re.findall(r"[a-z]{5,}", point) if word not in other_texts.lower())


def summaries_are_marked_as_unread_and_as_read(visitor: Visitor) -> None:
    page, status = visitor.page, visitor.page.get_by_label("Status", exact=True)
    page.get_by_role("button", name="Read", exact=True).click()
    page.get_by_role("button", name="Mark as unread").wait_for()  # after a while it counts as read
    with page.expect_response(lambda response: response.request.method == "PATCH" and response.ok):
        page.keyboard.press("u")
    page.get_by_role("button", name="Mark as read").wait_for()
    page.keyboard.press("Escape")
    expect(status).to_contain_text("Unread (2)")  # although it was open until then
    page.get_by_role("button", name="Select", exact=True).click()
    page.get_by_label("Select all").check()
    with page.expect_response(lambda response: response.request.method == "PATCH" and response.ok):
        page.get_by_role("button", name="Mark as read").click()
    expect(status).not_to_contain_text("Unread (")
    page.locator(".row").first.get_by_role("button", name="More about").click()
    page.get_by_role("dialog").get_by_role("button", name="Mark as unread").click()
    expect(status).to_contain_text("Unread (1)")
    held = Held(page)
    page.route("**/api/summaries/*", held.hold_first)
    page.locator(".row .title").nth(1).click()
    with page.expect_response(lambda response: response.request.method == "PATCH" and response.ok):
        page.get_by_role("button", name="Mark as unread").click()
    held.first().continue_()
    page.locator(".panel .summary-title").wait_for()
    page.keyboard.press("Escape")
    expect(status).to_contain_text("Unread (2)")  # although its summary came after that
    page.unroute("**/api/summaries/*")


def a_word_in_a_key_point_is_found_and_opened_where_it_is_said(visitor: Visitor, batch_id: str) -> None:
    page, heading, marks = visitor.page, visitor.page.locator("#videos"), visitor.page.locator(".passage mark")
    with api_client(visitor.stack.local.description, visitor.email, visitor.password) as api:
        summary, other = api.get(f"batch/{batch_id}/summaries?items=00001,00002").json()["summaries"]
    point = summary["key_points"][-1]
    word = a_word_of(point["text"], f"{summary['title']} {summary['channel']} {summary['tldr']} {json.dumps(other)}")
    page.keyboard.press("/")
    page.keyboard.type(word.upper())
    expect(heading).to_have_text("1 of 3 videos match")
    expect(marks.first).to_have_text(word)
    expect(page.locator(".passage .section")).to_have_text("Key point:")
    statement = page.locator(".passage span").inner_text()
    page.locator(".passage").click()
    said = page.locator(".panel .points li:focus")
    expect(said.locator("mark").first).to_have_text(word)
    expect(said).to_be_in_viewport()
    assert statement.removeprefix("… ") in said.inner_text()
    assert visitor.axe_problems() == []

    page.keyboard.press("Escape")
    page.get_by_role("link", name="Expand all").click()
    expect(page.locator(".all .summary-title")).to_have_text([LIGHTHOUSE])
    page.go_back()
    page.get_by_role("searchbox").fill(f"{word} nowhere")
    expect(page.get_by_text(f"No videos match “{word} nowhere”.")).to_be_visible()
    # An answer that does not come leaves what the list shows, and a later one is awaited.
    page.route("**/search?*", lambda route: route.abort())
    page.get_by_role("searchbox").fill(word)
    expect(page.get_by_text("The summaries were not all searched.")).to_be_visible()
    expect(heading).to_have_text("0 of 3 videos match")
    page.unroute("**/search?*")
    expect(heading).to_have_text("1 of 3 videos match")

    visitor.go(f"/history?q={word}")
    expect(page.get_by_text("Nothing found.")).to_be_visible()
    page.get_by_label("Search key points, chapters and all other text too").check()
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_text("1 video found, 2 summaries searched")).to_be_visible()
    expect(page.locator(".history-list mark").first).to_have_text(word)
    page.locator(".history-list .card").click()
    expect(page.locator(".points li:focus mark").first).to_have_text(word)
    expect(page.locator(".points li:focus")).to_be_in_viewport()


def a_match_opens_at_the_statement_with_most_of_the_words(visitor: Visitor) -> None:
    page, focused, marks = visitor.page, visitor.page.locator(":focus"), visitor.page.locator("mark")
    documented = documented_answers()
    points = ["The lamp turns, and the lamp is bright.", "The lens turns with its lamp."]
    check = {"status": "unverified", "missing": ["lamp"], "reason": "It was not found."}
    summary = {
        **documented["summary"],
        **{"title": "Light", "tldr": "A lamp.", "text": "A lens.\n\n- An oil lamp\n- A lens, a *lamp* and oil"},
        "key_points": [{"text": text, "start_seconds": 62.5, "check": check} for text in points],
        **{"chapters": [], "focus": [], "tags": []},
    }
    page.route("**/api/summaries/b7f3-00001", lambda route: route.fulfill(json=summary))
    visitor.go("/summary/b7f3-00001?q=lamp+lens&at=62.5")
    expect(focused).to_contain_text(points[1])
    visitor.go("/summary/b7f3-00001?q=oil+lens+lamp&at=words")
    expect(focused).to_have_text("A lens, a lamp and oil")
    # Neither a time nor a note about a statement is searched.
    visitor.go("/summary/b7f3-00001?q=1+lamp")
    expect(marks).to_have_text(["lamp"] * 6)


def test_the_page_speaks_the_language_of_the_browser_or_the_chosen_one(browser: Browser, stack: WholeStack) -> None:
    with visit(browser, stack, locale="de-AT") as visitor:
        page = visitor.page
        page.goto(visitor.sign_in_url)
        page.get_by_role("button", name="Anmelden").click()
        visitor.heading("Videos zusammenfassen").wait_for()
        expect(page.locator("html")).to_have_attribute("lang", "de")
        expect(page.locator(".models")).to_contain_text(
            re.compile(r"etwa \$\s\d+,\d\d für 100 Videos von je einer Stunde")
        )
        visitor.paste("https://youtu.be/cut_off")
        expect(page.locator(".links-problems")).to_contain_text("Die Video-ID fehlt")
        visitor.paste("")
        a_sentence_that_was_stored_before_it_was_reworded_is_shown_in_the_language_of_the_page(visitor)
        visitor.go("/")
        visitor.heading("Videos zusammenfassen").wait_for()
        # Nobody who is signed in waits for one file of texts after the other.
        first = Held(page)
        page.route("**/texts/de-first.js", first.hold)
        with page.expect_request("**/texts/de.js"):
            page.reload(wait_until="commit")
            held = first.first()
        held.continue_()
        page.unroute("**/texts/de-first.js")
        visitor.heading("Videos zusammenfassen").wait_for()
        page.route("**/texts/de.js", lambda route: route.abort())
        page.reload()
        visitor.heading("Summarize videos").wait_for()
        page.unroute("**/texts/de.js")
        page.reload()
        page.get_by_label("Sprache dieser Seite").select_option("English")
        visitor.heading("Summarize videos").wait_for()
        expect(page.locator("html")).to_have_attribute("lang", "en")


def a_sentence_that_was_stored_before_it_was_reworded_is_shown_in_the_language_of_the_page(visitor: Visitor) -> None:
    page = visitor.page
    with closing(visitor.stack.client_of(visitor.email, visitor.password)) as api:
        batch_id = create_batch(api, WITHOUT_CAPTIONS)["id"]
        await_status(api, batch_id)

    def answer_as_earlier(route: Route) -> None:
        batch = fetched(route).json()
        for item in batch["items"] or []:
            stored = {"message": "YouTube took this request for a bot's and refused it.", "advice": "Try later."}
            item["error"] |= {"code": "youtube_refused", **stored}
        spent = "The next video would cost about $0.0209; $1,200 of the budget of $1,200.01 is spent."
        pause = {"code": "budget_reached", "message": spent, "advice": "Raise the budget.", "until": None}
        route.fulfill(json=batch | {"status": "paused", "pause": pause})

    page.route(f"**/api/batch/{batch_id}?*", answer_as_earlier)
    visitor.go(f"/batch/{batch_id}")
    row = page.locator(".row .second")
    expect(row).to_contain_text("YouTube hielt die Anfrage für die eines Bots und hat sie abgelehnt.")
    expect(row).not_to_contain_text("Try later")
    told = "Das nächste Video würde etwa $ 0,0209 kosten; vom Budget von $ 1.200,01 sind $ 1.200 ausgegeben."
    expect(page.locator(".banner")).to_contain_text(told)
