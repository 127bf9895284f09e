"""Where things stand, in any font: text from right to left, neighbouring cards, narrow screens."""

from __future__ import annotations

import itertools
from contextlib import closing
from dataclasses import asdict
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from skimlist.errors import PlaylistUnavailable
from testkit.whole_stack import WITHOUT_CAPTIONS, WholeStack, await_status, create_batch
from tests.browser import Visitor, fetched, visit
from tests.layout import Reading, cut_off_rings, in_each_font, layout_problems

# Whether each dot stands right behind a fact.
DOTS = """line => [...line.querySelectorAll('.dot')].map(dot => {
    const before = [...dot.previousElementSibling.getClientRects()].at(-1), { left, top } = dot.getBoundingClientRect();
    return Math.abs(top - before.top) < 3 && Math.abs(left - before.right) < 3;
})"""
# How far left of a time its text begins, or how far left of a title its time.
EDGES = """entries => entries.map(entry => {
    const time = entry.querySelector('.time');
    const range = document.createRange();
    range.selectNodeContents(time.nextElementSibling ?? time.previousElementSibling);
    const lines = [...range.getClientRects()];
    const [left, right] = [Math.min(...lines.map(line => line.left)), Math.max(...lines.map(line => line.right))];
    const place = time.getBoundingClientRect();
    return Math.round(time.nextElementSibling ? place.left - right : left - place.right);
})"""
SENTENCES = [
    "הלחם צריך זמן רב עד שהבצק תופח במטבח.",
    "המחמצת הופכת סוכר לגז פחמן דו חמצני.",
    "בשנת 1822 החלו אופים בפריז להשתמש בתנורים חדשים.",
    "המלח מחזק את רשת הגלוטן ומאט את השמרים בבצק.",
]


def hebrew_talk(video_id: str, title: str) -> dict[str, Any]:
    snippets = [{"text": text, "start": 6.0 * place, "duration": 6.0} for place, text in enumerate(SENTENCES * 4)]
    return {
        "video_id": video_id,
        "title": title,
        "channel": "המאפייה",
        "language": "Hebrew",
        "language_code": "he",
        "is_generated": False,
        "duration_seconds": 6.0 * len(snippets),
        "snippets": snippets,
    }


def entries_are_read_from_the_right(page: Page, selector: str) -> bool:
    """Whether the time of each entry stands right of its text, or left of its title, and close to it, at any width."""
    page.locator(f"{selector} .time").first.wait_for()
    distances = []
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 800})
        distances += page.locator(selector).evaluate_all(EDGES)
    return all(0 <= distance <= 40 for distance in distances)


def test_no_line_of_a_long_fact_is_cut_off(visitor: Visitor) -> None:
    page = visitor.page
    visitor.sign_in()
    page.set_viewport_size({"width": 320, "height": 800})
    with closing(visitor.stack.client_of(visitor.email, visitor.password)) as api:
        batch_id = create_batch(api, "Lighthouse1", start=False)["id"]
    model = {"model_label": "A model whose name is so long that a phone shows it in two lines"}
    known = {"channel": "A channel with a name", "duration_seconds": 3912, "published_at": "2026-11-16T10:00:00Z"}

    def answer(route: Route) -> None:
        batch = fetched(route).json() | model
        for item in batch["items"] or []:
            item |= {**known, "tags": ["neural networks", "linear algebra", "digits", "gradient descent"]}
        route.fulfill(json=batch)

    page.route(f"**/api/batch/{batch_id}?*", answer)
    visitor.go(f"/batch/{batch_id}")
    fact = page.locator(".batch-title .fact bdi", has_text=model["model_label"])
    lefts = fact.evaluate("fact => [...fact.getClientRects()].map(({ left }) => Math.round(left))")
    assert len(lefts) > 1
    heading = visitor.page.locator(".batch-title h1").evaluate("heading => heading.getBoundingClientRect().left")
    assert lefts == pytest.approx([heading] * len(lefts), abs=1)

    # Nor is a date or a tag of a video, and where the line breaks, it ends with the dot.
    second = page.locator(".row .second")
    expect(second).to_contain_text("#gradient descent")
    assert second.evaluate("facts => facts.scrollHeight <= facts.clientHeight")
    assert cut_off_rings(page) == []
    for facts in (second, page.locator(".batch-title .facts")):
        assert facts.evaluate(DOTS) == [True] * (facts.locator(".fact").count() - 1)
        assert len(set(facts.locator(".fact").evaluate_all("facts => facts.map(fact => fact.offsetTop)"))) > 1


def test_the_beginnings_of_pasted_links_are_in_sight(visitor: Visitor) -> None:
    page, links = visitor.page, visitor.page.get_by_label("Links", exact=True)
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visitor.sign_in()
    page.set_viewport_size({"width": 390, "height": 800})
    pasted = "Lighthouse1\nhttps://www.youtube.com/playlist?list=PLSkimlistSamples"
    page.evaluate("text => navigator.clipboard.writeText(text)", pasted)
    links.press("Control+V")
    expect(page.locator(".links-counts")).to_have_text("1 single video · 1 playlist")
    assert links.evaluate("field => [field.value, field.scrollLeft]") == [pasted, 0]
    # So does the keyboard of a phone, which offers what was copied.
    links.press("Control+A")
    page.keyboard.insert_text(pasted)
    page.wait_for_function("() => document.querySelector('.links-text').scrollLeft === 0")
    # Whoever types sees what they type.
    links.type("&index=1")
    assert links.evaluate("field => field.scrollLeft > 0")


def line_on_the_right(page: Page, selector: str) -> bool:
    widths = page.locator(selector).evaluate_all("nodes => nodes.map(node => getComputedStyle(node).borderRightWidth)")
    return {*widths} == {"3px"}


def test_what_is_said_from_right_to_left_is_read_from_the_right(visitor: Visitor) -> None:
    page, titles = visitor.page, {"Lehem_Hebr1": "איך נולד לחם מחמצת", "Lehem_Hebr2": "המדע שמאחורי הבצק"}
    visitor.stack.youtube.videos.update({each: hebrew_talk(each, title) for each, title in titles.items()})
    with closing(visitor.stack.client_of(visitor.email, visitor.password)) as api:
        batch_id = create_batch(api, *titles, options={"digest": True})["id"]
        video = await_status(api, batch_id)["items"][0]
        digest = api.get(f"batch/{batch_id}/digest").json()
    visitor.sign_in_at(f"/batch/{batch_id}/video/{video['id']}")
    assert entries_are_read_from_the_right(page, ".points li")
    assert entries_are_read_from_the_right(page, ".chapters li")
    page.get_by_role("tab", name="Transcript").click()
    assert entries_are_read_from_the_right(page, ".transcript-lines li")

    said_in = {**{key: video[key] for key in ("position", "video_id", "title", "url")}, "item_id": video["id"]}
    said_in |= {"start_seconds": 12.0, "described": False}
    told = {"evidence": [said_in], "check": None}
    doubt = {"status": "unverified", "missing": ["1822"], "reason": None}
    digest |= {
        "agreements": [{"text": SENTENCES[1], **told, "check": doubt}],
        "themes": [{"title": "לחם", "text": f"“{SENTENCES[0]}”", **told}],
        "watch_order": [{"reason": SENTENCES[2], "video": said_in}],
    }
    page.route(f"**/batch/{batch_id}/digest", lambda route: route.fulfill(json=digest))
    visitor.go(f"/batch/{batch_id}/digest")
    assert entries_are_read_from_the_right(page, ".quotation .evidence li")
    for place in (visitor.heading("What several videos say"), page.locator(".remark"), page.locator(".crumb")):
        expect(place).to_have_css("direction", "rtl")
    assert line_on_the_right(page, ".quotation")
    digest["model"] = "openai"
    page.reload()
    assert entries_are_read_from_the_right(page, ".statement .evidence li")
    assert line_on_the_right(page, ".statement .evidence")
    assert entries_are_read_from_the_right(page, ".watch-order li")
    # Its number stands there too.
    assert page.locator(".watch-order li").evaluate("entry => parseFloat(getComputedStyle(entry).marginRight)") > 20
    assert not is_wider_than_the_screen(page)


def test_cards_of_follows_side_by_side_are_aligned(visitor: Visitor) -> None:
    page = visitor.page
    with closing(visitor.stack.client_of(visitor.email, visitor.password)) as api:
        follow = api.post("follows", json={"source": "https://www.youtube.com/@samples"}).raise_for_status().json()
    name = "A long name of a playlist about lighthouses, and about the ships that they were built for"
    select = {**follow["select"], "newest": 3, "shorts": False, "title_includes": ["light", "lens"]}
    other = {**follow, "id": "other", "name": name, "select": select, "max_cost_usd_per_run": 0.5}
    page.route("**/api/follows", lambda route: route.fulfill(json={"follows": [follow, other]}))
    visitor.sign_in_at("/follows")
    cards = page.locator(".follows > li")
    expect(cards).to_have_count(2)
    for font in in_each_font(page):
        for part in (".totals", ".actions"):
            tops = cards.locator(part).evaluate_all("parts => parts.map(part => part.getBoundingClientRect().top)")
            assert tops[0] == tops[1], (part, font)
        columns = cards.locator("th").evaluate_all("cells => new Set(cells.map(cell => cell.offsetWidth)).size")
        assert columns == 1, font
    page.set_viewport_size({"width": 390, "height": 800})
    tops = cards.first.locator(".actions button").evaluate_all(
        "buttons => buttons.map(button => button.getBoundingClientRect().top)"
    )
    assert tops[0] == tops[1] < tops[2] == tops[3]  # none is alone in its row
    page.set_viewport_size({"width": 1280, "height": 900})

    # A card with a problem comes first and has no neighbour, in whose card there would be a hole.
    problem = asdict(PlaylistUnavailable().as_problem())
    follows = {"follows": [follow, other, {**follow, "id": "failing", "name": "Gone", "problem": problem}]}
    page.unroute("**/api/follows")
    page.route("**/api/follows", lambda route: route.fulfill(json=follows))
    page.reload()
    expect(cards).to_have_count(3)
    expect(cards.first).to_contain_text("Gone")
    below = cards.first.evaluate("card => card.getBoundingClientRect().bottom")
    tops = cards.evaluate_all("cards => cards.slice(1).map(card => card.getBoundingClientRect().top)")
    assert tops[0] == tops[1] > below
    facts, buttons = (cards.first.locator(part).bounding_box() for part in (".totals", ".actions"))
    assert facts and buttons
    assert buttons["x"] + buttons["width"] <= facts["x"] or buttons["y"] >= facts["y"] + facts["height"]


# Of each row: where the block of its text begins, and each text; where the last one ends, and the menu begins; the
# middles of what stands on the first line; and the room below.
ROWS = """rows => rows.map(row => {
    const box = part => row.querySelector(part).getBoundingClientRect();
    const lines = part => {
        const range = document.createRange();
        range.selectNodeContents(row.querySelector(part));
        return [...range.getClientRects()].filter(({ width }) => width > 1);
    };
    const isShown = part => row.querySelector(part)?.checkVisibility();
    const texts = ['.title', '.second', '.row-tldr'].filter(isShown);
    const said = [...texts, '.status'];
    const middle = ({ top, bottom }) => (top + bottom) / 2;
    return {
        block: box('.what').left,
        starts: texts.map(part => Math.min(...lines(part).map(({ left }) => left))),
        ends: Math.max(...said.flatMap(lines).map(({ right }) => right)),
        menu: box('.row-actions').left,
        middles: [middle(lines('.position')[0]), middle(lines('.title')[0]), middle(box('.row-actions'))],
        below: row.getBoundingClientRect().bottom - Math.max(...said.map(part => box(part).bottom)),
    };
})"""


def test_rows_of_videos_have_one_edge_one_first_line_and_even_gaps(visitor: Visitor) -> None:
    page = visitor.page
    visitor.stack.youtube.videos["Lehem_Hebr1"] = hebrew_talk("Lehem_Hebr1", "איך נולד לחם מחמצת")
    with closing(visitor.stack.client_of(visitor.email, visitor.password)) as api:
        batch_id = create_batch(api, "Lighthouse1", "Lehem_Hebr1", WITHOUT_CAPTIONS)["id"]
        await_status(api, batch_id)
    visitor.sign_in_at(f"/batch/{batch_id}")
    expect(page.locator(".row.completed")).to_have_count(2)
    page.locator(".row.unread").first.wait_for()
    for width in (1280, 390, 320):
        page.set_viewport_size({"width": width, "height": 800})
        rows = page.locator(".row").evaluate_all(ROWS)
        assert len({row["block"] for row in rows}) == 1, width
        of_lighthouse, _, of_silence = rows
        for row in (of_lighthouse, of_silence):
            assert row["starts"] == pytest.approx([row["block"]] * len(row["starts"]), abs=1), width
        for row in rows:
            assert row["ends"] <= row["menu"], width
            assert max(row["middles"]) - min(row["middles"]) <= 3, width
        assert [row["below"] for row in rows] == pytest.approx([rows[0]["below"]] * 3, abs=1), width
        assert not is_wider_than_the_screen(page), width


# Whether each title is in sight, whether it stands within its piece of the strip, and each time where its piece begins.
STRIP = """strip => [...strip.querySelectorAll('.piece')].map(piece => {
    const isLeftToRight = getComputedStyle(strip).direction === 'ltr';
    const [whole, part] = [piece, piece.querySelector('.part')].map(each => each.getBoundingClientRect());
    const range = document.createRange();
    range.selectNodeContents(piece.querySelector('.part span'));
    const title = range.getBoundingClientRect();
    const isWithin = title.left >= part.left && title.right <= part.right && title.top >= part.top
        && title.bottom <= part.bottom;
    const time = piece.querySelector('small span').getBoundingClientRect();
    const begins = isLeftToRight ? time.left - whole.left : whole.right - time.right;
    return [title.width > 0, isWithin, time.width === 0 || Math.abs(begins) < 1];
})"""


def test_the_strip_of_chapters_names_all_of_them_or_none(visitor: Visitor) -> None:
    page, shown = visitor.page, dict[str, Any]()
    with closing(visitor.stack.client_of(visitor.email, visitor.password)) as api:
        batch_id = create_batch(api, "Lighthouse1")["id"]
        video = await_status(api, batch_id)["items"][0]
        summary = api.get(f"summaries/{video['summary_id']}").raise_for_status().json()
    page.route("**/api/summaries/*", lambda route: route.fulfill(json=shown))
    visitor.sign_in_at(f"/batch/{batch_id}")
    for further, tldr, direction, widths in (
        ((), summary["tldr"], "ltr", (1280, 390)),
        ((270,), summary["tldr"], "ltr", (1280,)),
        ((), SENTENCES[0], "rtl", (390,)),
    ):
        shown |= with_chapters(summary, *further) | {"tldr": tldr}
        visitor.go(f"/batch/{batch_id}/video/{video['id']}")
        page.reload()
        expect(page.locator(".timeline .piece")).to_have_count(5 + len(further))
        for place in (
            page.locator(".timeline"),
            visitor.heading("Chapters"),
            page.locator(".tabs"),
            page.locator(".summary footer"),
        ):
            expect(place).to_have_css("direction", direction)
        firsts = page.locator(".timeline .piece").first.evaluate("piece => piece.offsetLeft")
        assert (firsts == 0) == (direction == "ltr")
        for width in widths:
            page.set_viewport_size({"width": width, "height": 800})
            strip_fits(page, is_titled=width == 1280 and not further)


def strip_fits(page: Page, *, is_titled: bool) -> None:
    for font in in_each_font(page):
        back = page.get_by_role("button", name="All videos").bounding_box()
        assert back and back["height"] < 45, font  # in one line
        assert not is_wider_than_the_screen(page), font
        pieces = page.locator(".timeline").evaluate(STRIP)
        assert len({is_in_sight for is_in_sight, *_ in pieces}) == 1, font
        assert all(is_within or not is_in_sight for is_in_sight, is_within, _ in pieces), font
        assert all(is_at_border for *_, is_at_border in pieces), font
        if font == "narrow font":
            assert pieces[0][0] == is_titled


def with_chapters(summary: dict[str, Any], *further: int) -> dict[str, Any]:
    titles = ("A wasteful flame", "Mirrors", "Fresnel’s rings", "A rhythm for each light", "Mercury, and today")
    titles += ("A chapter of seconds",) * len(further)
    starts = (0, 37, 66, 164, 215, *further)
    summary["chapters"] = [
        {**summary["chapters"][0], "title": title, "start_seconds": start}
        for title, start in zip(titles, starts, strict=True)
    ]
    return summary


@pytest.mark.parametrize(
    ("locale", "sign_in", "last"), [("en-US", "Sign in", "Settings"), ("de", "Anmelden", "Einstellungen")]
)
def test_the_navigation_fits_into_one_line(
    browser: Browser, stack: WholeStack, locale: str, sign_in: str, last: str
) -> None:
    with visit(browser, stack, locale=locale) as visitor:
        page = visitor.page
        page.goto(visitor.sign_in_url)
        page.get_by_role("button", name=sign_in).click()
        page.get_by_role("link", name=last).wait_for()
        for width in (390, 320):
            page.set_viewport_size({"width": width, "height": 800})
            for font in in_each_font(page):
                links_stand_in_one_line(page, f"{width} px, {font}")
            mark = page.get_by_role("link", name=last).locator(".icon")
            expect(mark).to_be_visible(visible=width == 320)
        for width in (660, 800):
            page.set_viewport_size({"width": width, "height": 800})
            for font in in_each_font(page):
                a_long_email_makes_room_for_the_words_beside_it(page, f"{width} px, {font}")


def links_stand_in_one_line(page: Page, reading: str) -> None:
    links = page.locator(".top nav a")
    tops = links.evaluate_all("links => links.map(link => link.getBoundingClientRect().top)")
    assert (len(tops), len(set(tops))) == (4, 1), reading
    word, marker = page.locator(".top nav a[aria-current=page]").evaluate(
        """link => {
            const gap = /^calc\\(100% - (.+)px\\)/.exec(getComputedStyle(link).backgroundSize)[1];
            return [link.querySelector("span").getBoundingClientRect().width, link.offsetWidth - gap];
        }"""
    )
    assert word <= marker <= word + 8, reading
    assert not is_wider_than_the_screen(page), reading


def a_long_email_makes_room_for_the_words_beside_it(page: Page, reading: str) -> None:
    heights = page.locator(".brand, .account button").evaluate_all(
        "nodes => nodes.map(node => node.getBoundingClientRect().height)"
    )
    assert max(heights) < 50, reading
    ends = page.locator(".account button").evaluate_all(
        "nodes => nodes.map(node => [node.getBoundingClientRect().left, node.getBoundingClientRect().right])"
    )
    assert all(right <= left for (_, right), (left, _) in itertools.pairwise(ends)), reading
    assert not is_wider_than_the_screen(page), reading


WRONG = {
    '<p style="width: 2000px">Wide</p>': "the page is ",
    '<p style="width: 3rem; white-space: nowrap">Some words on one line</p>': "sticks out of p: right",
    '<p style="height: 0.6rem; overflow: hidden">Low</p>': "is cut off by p: ",
    '<p style="height: 0.6rem; border: 1px solid">Low</p>': "sticks out of p: ",
    '<p style="margin: 0">One</p><p style="margin: -0.8rem 0 0">Two</p>': "overlaps p “Two”",
    '<button>One</button><button style="margin-left: -1rem">Two</button>': "overlaps button “Two”",
    '<div style="overflow: auto"><p style="width: 2000px">Wide</p></div>': "makes div scroll sideways",
    '<button style="position: absolute; left: -1rem">One</button>': "is out of the window: left",
    '<dialog open style="top: 760px">Low</dialog>': "is out of the window: bottom",
}


def test_what_does_not_fit_is_found(browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    reading = Reading(1280, "wide")
    for wrong, told in WRONG.items():
        page.set_content(f"<main>{wrong}</main>")
        found = layout_problems(page, [reading])
        assert any(told in problem for problem in found), (wrong, found)
    page.set_content("<main><p>Right</p><p>Also right</p></main>")
    assert layout_problems(page) == []
    page.close()


def is_wider_than_the_screen(page: Page) -> bool:
    wider: bool = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return wider
