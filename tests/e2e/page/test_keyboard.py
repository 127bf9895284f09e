"""The page without a mouse: every step by keys alone, and the focus never lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing

from playwright.sync_api import Locator, Page, Route, expect

from local.youtube import Failure
from tests.browser import Visitor, fetched, untitled


def test_a_batch_is_made_ordered_and_read_by_keyboard(visitor: Visitor) -> None:
    page, press = visitor.page, visitor.page.keyboard.press
    page.goto(visitor.stack.local.description["page_url"])
    expect(page.get_by_label("Email")).to_be_focused()
    page.keyboard.type(visitor.email)
    press("Tab")
    page.keyboard.type(visitor.password)
    press("Enter")
    visitor.heading("Summarize videos").wait_for()

    tab_to(page, page.get_by_label("Links", exact=True))
    page.keyboard.type("Lighthouse1\nSauerteig_1\nMomiji_no_1\nSteel_Box_1")
    expect(page.get_by_role("button", name="Save as draft")).to_be_enabled()
    tab_to(page, page.get_by_role("button", name="Save as draft"))
    press("Enter")
    visitor.heading("A draft of 4 videos").wait_for()
    expect(page.locator(".row.movable")).to_have_count(4)

    # Arrows walk through the list, Alt with an arrow takes the video along.
    tab_to(page, page.locator(".row").first)
    press("ArrowDown")
    with page.expect_response("**/order"):
        press("Alt+ArrowUp")
    expect(page.locator(".row:focus .title")).to_have_text(untitled("Sauerteig_1"))
    assert visitor.titles() == [*map(untitled, ("Sauerteig_1", "Lighthouse1", "Momiji_no_1", "Steel_Box_1"))]
    press("End")
    expect(page.locator(".row:focus .title")).to_have_text(untitled("Steel_Box_1"))
    press("Tab")
    press("Tab")
    press("Enter")
    tab_to(page, page.get_by_role("button", name="Move to a position"))
    press("Enter")
    expect(page.get_by_role("spinbutton")).to_be_focused()
    press("Control+A")
    page.keyboard.type("1")
    with page.expect_response("**/order"):
        press("Enter")
    expect(page.locator(".row .title").first).to_have_text(untitled("Steel_Box_1"))
    expect(page.locator(".row:focus .title")).to_have_text(untitled("Steel_Box_1"))
    press("End")
    leave_out(page, untitled("Momiji_no_1"))
    undo(page, untitled("Momiji_no_1"))
    leave_out(page, untitled("Momiji_no_1"))

    tab_to(page, page.get_by_role("button", name="Start"), "Shift+Tab")
    press("Enter")
    expect(page.locator(".name-line .pill")).to_have_text("Done", timeout=60_000)
    tab_to(page, page.locator(".row[tabindex='0']"))
    press("Home")
    press("Enter")
    expect(page.locator(".summary-title")).to_have_text("the steel box that shrank the world")
    press("Escape")
    expect(page.locator(".row:focus .title")).to_have_text("the steel box that shrank the world")


def test_a_field_with_the_focus_is_not_below_the_start_button(visitor: Visitor) -> None:
    page = visitor.page
    page.set_viewport_size({"width": 390, "height": 844})
    visitor.sign_in()
    visitor.paste("Lighthouse1")
    page.get_by_text("More options").click()
    start = page.get_by_role("button", name="Start 1 video")
    expect(start).to_be_enabled()
    page.get_by_label("Links", exact=True).focus()
    bar = "document.querySelector('.composer > .actions').getBoundingClientRect()"
    fields = 0
    while not start.evaluate("element => element === document.activeElement"):
        page.keyboard.press("Tab")
        field = page.locator(":focus:is(input, textarea, select)")
        if field.count():
            fields += 1
            assert field.evaluate(f"field => field.getBoundingClientRect().bottom <= {bar}.top"), field
    assert fields > 10


def test_several_videos_are_moved_and_left_out_together(visitor: Visitor) -> None:
    page, press, rows = visitor.page, visitor.page.keyboard.press, visitor.page.locator(".row")
    visitor.open_draft("Lighthouse1", "Sauerteig_1", "Momiji_no_1", "Steel_Box_1")
    expect(page.locator(".row.movable")).to_have_count(4)
    rows.nth(2).focus()
    press("Space")
    press("ArrowDown")
    press("Space")
    picks = page.get_by_role("group", name="Selected videos")
    expect(picks).to_contain_text("2 selected")
    expect(picks.get_by_role("button", name="Retry")).to_have_count(0)  # none of them failed
    picks.get_by_role("button", name="Move to the top").click()
    expect(rows.first).to_contain_text("Momiji_no_1")
    assert visitor.titles() == [*map(untitled, ("Momiji_no_1", "Steel_Box_1", "Lighthouse1", "Sauerteig_1"))]

    page.get_by_role("button", name="Select", exact=True).click()
    rows.nth(0).get_by_role("checkbox").check()
    rows.nth(1).click(position={"x": 300, "y": 5})
    expect(picks).to_contain_text("2 selected")
    a_title_selects_its_video(visitor, rows.nth(1).get_by_role("link").first, picks)
    assert visitor.axe_problems() == []
    everything = picks.get_by_label("Select all")
    expect(everything).to_be_checked(indeterminate=True)
    everything.check()
    expect(picks).to_contain_text("4 selected")
    everything.uncheck()
    expect(rows.get_by_role("checkbox", checked=True)).to_have_count(0)
    rows.nth(0).get_by_role("checkbox").check()
    everything.check()
    expect(picks).to_contain_text("4 selected")
    rows.nth(3).get_by_role("checkbox").uncheck()
    expect(everything).to_be_checked(indeterminate=True)
    rows.nth(3).get_by_role("checkbox").check()
    expect(everything).to_be_checked()
    read, sent = list[str](), list[str]()
    page.on("request", lambda request: read.append(request.url) if "cursor=" in request.url else None)
    page.on("request", lambda request: sent.append(request.url) if request.method != "GET" else None)
    picks.get_by_role("button", name="Leave out").click()
    expect(page.locator(".row.skipped")).to_have_count(4)
    undo = page.get_by_role("status").filter(has_text="4 videos were left out.").get_by_role("button", name="Undo")
    expect(undo).to_be_visible()
    select = page.get_by_role("button", name="Select", exact=True)
    select.click()
    expect(select).to_have_attribute("aria-pressed", "true")
    picks.get_by_role("button", name="Stop selecting").click(timeout=5_000)  # the notice is not above it
    expect(select).to_have_attribute("aria-pressed", "false")
    assert len(read) <= 2  # once for all, and once more if the batch was looked at meanwhile
    undo.click()
    expect(page.locator(".row.skipped")).to_have_count(0)
    assert visitor.titles() == [*map(untitled, ("Momiji_no_1", "Steel_Box_1", "Lighthouse1", "Sauerteig_1"))]
    assert [url.rpartition("/")[2] for url in sent] == ["skip", "restore"]


def test_a_command_for_several_videos_that_is_cut_off_is_repeated_and_can_be_undone(visitor: Visitor) -> None:
    page, rows, skipped = visitor.page, visitor.page.locator(".row"), visitor.page.locator(".row.skipped")
    visitor.open_draft("Lighthouse1", "Sauerteig_1", "Momiji_no_1", "Steel_Box_1")
    expect(page.locator(".row.movable")).to_have_count(4)

    def leave_out_all() -> None:
        page.get_by_role("button", name="Select", exact=True).click()
        page.get_by_label("Select all").check()
        page.get_by_role("group", name="Selected videos").get_by_role("button", name="Leave out").click()

    def undo_of(count: int) -> Locator:
        said = page.get_by_role("status").filter(has_text=f"{count} videos were left out.")
        return said.get_by_role("button", name="Undo")

    alert = page.get_by_role("alert")
    page.route("**/skip", lambda route: route.fulfill(status=503), times=1)
    leave_out_all()
    expect(skipped).to_have_count(4)
    page.route("**/restore", lambda route: route.fulfill(status=409, json=CHANGED), times=1)
    undo_of(4).click()
    expect(skipped).to_have_count(0)
    expect(alert).to_have_count(0)

    # What the server had done before it failed, and failed again, is shown, and its Undo is kept.
    page.route("**/skip", first_of(2), times=2)
    leave_out_all()
    expect(alert).to_have_count(1)
    expect(skipped).to_have_count(2)
    page.route("**/restore", first_of(1), times=2)
    undo_of(2).click()
    expect(alert).to_have_count(2)
    expect(skipped).to_have_count(1)
    page.get_by_role("status").filter(has_text="was left out.").get_by_role("button", name="Undo").click()
    expect(skipped).to_have_count(0)
    expect(rows).to_have_count(4)


CHANGED = {"error": {"code": "batch_changed", "message": "The batch changed meanwhile.", "details": []}}


def first_of(videos: int) -> Callable[[Route], None]:
    """Carries a command out for only so many of its videos, as if it was cut off then."""

    def answer(route: Route) -> None:
        part = {"item_ids": json.loads(route.request.post_data or "")["item_ids"][:videos]}
        assert fetched(route, json.dumps(part).encode()).status_code == 202
        route.fulfill(status=503)

    return answer


def test_the_focus_stays_while_commands_come_and_go(visitor: Visitor) -> None:
    page, press = visitor.page, visitor.page.keyboard.press
    visitor.stack.youtube.hold()
    batch_id = visitor.open_draft("Lighthouse1", "Sauerteig_1", "Momiji_no_1")
    pencil, commands = page.get_by_role("button", name="Rename the batch"), page.locator(".commands")
    pencil.focus()
    with closing(visitor.stack.client_of(visitor.email, visitor.password)) as api:
        api.patch(f"batch/{batch_id}", json={"name": "Bread and light"}).raise_for_status()
    visitor.heading("Bread and light").wait_for()
    expect(pencil).to_be_focused()
    for name in ("Add videos", "Delete"):
        commands.get_by_role("button", name=name).focus()
        press("Enter")
        page.get_by_role("dialog").wait_for()
        press("Escape")
        expect(commands.get_by_role("button", name=name)).to_be_focused()

    # What replaces a command has the focus then, so that Enter takes the last step back.
    page.get_by_role("button", name="Start 3 videos").focus()
    press("Enter")
    expect(commands.get_by_role("button", name="Pause")).to_be_focused()
    press("Enter")
    expect(page.locator(".name-line .pill")).to_have_text("Paused")
    expect(commands.get_by_role("button", name="Resume")).to_be_focused()
    press("Enter")
    expect(commands.get_by_role("button", name="Pause")).to_be_focused()


def test_a_button_of_a_draft_that_changes_keeps_the_focus_and_its_click(visitor: Visitor) -> None:
    page, first = visitor.page, visitor.page.locator(".row .title").first
    batch_id = visitor.open_draft("Lighthouse1", "Sauerteig_1", "Momiji_no_1")
    expect(page.locator(".row.movable")).to_have_count(3)
    start = page.get_by_role("button", name="Start 3 videos")
    with closing(visitor.stack.client_of(visitor.email, visitor.password)) as api:
        items = [item["id"] for item in api.get(f"batch/{batch_id}").raise_for_status().json()["items"]]
        start.focus()
        api.put(f"batch/{batch_id}/order", json={"item_ids": items[::-1]}).raise_for_status()
        expect(first).to_have_text(untitled("Momiji_no_1"))
        expect(start).to_be_focused()
        start.hover()
        page.mouse.down()
        api.put(f"batch/{batch_id}/order", json={"item_ids": items}).raise_for_status()
        expect(first).to_have_text(untitled("Lighthouse1"))
        page.mouse.up()
    expect(page.locator(".name-line .pill")).not_to_have_text("Draft")


def test_the_focus_stays_in_the_reader_of_a_video_that_is_retried(visitor: Visitor) -> None:
    page = visitor.page
    visitor.stack.youtube.fail(Failure.CAPTIONS_OFF, "Lighthouse1")
    visitor.open_batch("Lighthouse1")
    page.locator(".row.failed .title").click(timeout=60_000)
    visitor.stack.recover()
    page.locator(".panel").get_by_role("button", name="Retry anyway").focus()
    page.keyboard.press("Enter")
    page.locator(".summary .tldr").wait_for(timeout=60_000)
    expect(page.locator(".panel-content")).to_be_focused()


def test_what_has_the_focus_is_not_behind_what_stays_in_sight(visitor: Visitor) -> None:
    page, widths, steps = visitor.page, (1280, 390), 25
    visitor.open_batch("Lighthouse1", "Sauerteig_1", "Momiji_no_1", "Steel_Box_1", "Polinesia_1")
    expect(page.locator(".name-line .pill")).to_have_text("Done", timeout=60_000)
    page.locator(".row").last.focus()
    page.keyboard.press("Space")
    for width in widths:
        visitor.resize(width, 500)
        for key in ("Home", "End"):
            page.keyboard.press(key)
            assert covering(page.locator(".row:focus")) == [], (width, key)
        # From the end of the page, the row that was in sight last is above all that is.
        page.get_by_label("Language of this page").focus()
        tab_to(page, page.locator(".row").last, "Shift+Tab")
        assert covering(page.locator(".row:focus")) == [], width

    page.keyboard.press("Enter")
    page.get_by_role("tab", name="Transcript").click()
    lines = page.locator(".transcript-lines a")
    lines.nth(steps).wait_for()
    for width in widths:
        visitor.resize(width, 500)
        page.get_by_label("Language of this page").scroll_into_view_if_needed()
        lines.nth(steps).focus()
        for _ in range(steps):
            page.keyboard.press("Shift+Tab")
            assert covering(page.locator(":focus")) == [], width
        expect(lines.first).to_be_focused()


def a_title_selects_its_video(visitor: Visitor, title: Locator, picks: Locator) -> None:
    """Keys, and clicks that open a tab, follow the link anyway."""
    title.click()
    expect(picks).to_contain_text("1 selected")
    with visitor.context.expect_page() as opened:
        title.click(modifiers=["ControlOrMeta"])
    opened.value.close()
    title.click()
    expect(picks).to_contain_text("2 selected")
    title.press("Enter")
    visitor.page.locator(".panel").wait_for()
    visitor.page.keyboard.press("Escape")
    expect(picks).to_contain_text("2 selected")


def covering(focused: Locator) -> list[str]:
    """What lies over something, of a link on several lines over the first one."""
    over: list[str] = focused.evaluate(
        """node => {
            const { left, right, top, bottom } = node.getClientRects()[0];
            const places = [[left + 2, top + 2], [right - 2, bottom - 2], [(left + right) / 2, (top + bottom) / 2]];
            const there = places.map(([x, y]) => document.elementFromPoint(x, y));
            const name = (other) => `${other?.className ?? "nothing"} at ${top} over ${node.textContent}`;
            return there.filter((other) => !node.contains(other) && !other?.contains(node)).map(name);
        }"""
    )
    return over


def test_menus_open_at_their_row_and_a_key_shows_the_keys(visitor: Visitor) -> None:
    page = visitor.page
    visitor.open_draft("Lighthouse1", "Sauerteig_1")
    more = page.locator(".row").nth(1).get_by_role("button", name="More about")
    more.click()
    menu, clicked = page.get_by_role("dialog").bounding_box(), more.bounding_box()
    assert menu and clicked
    assert abs(menu["x"] + menu["width"] - clicked["x"] - clicked["width"]) < 2
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_contain_text("leave a waiting video out")
    assert visitor.axe_problems() == []


def leave_out(page: Page, title: str) -> None:
    with page.expect_response("**/skip"):
        page.keyboard.press("Delete")
    expect(page.locator(".row.skipped .title")).to_have_text(title)


def undo(page: Page, title: str) -> None:
    tab_to(page, page.get_by_role("button", name="Undo"))
    with page.expect_response("**/restore"):
        page.keyboard.press("Enter")
    expect(page.locator(".row.skipped")).to_have_count(0)
    expect(page.locator(".row:focus .title")).to_have_text(title)


def tab_to(page: Page, target: Locator, key: str = "Tab") -> None:
    for _ in range(60):
        page.keyboard.press(key)
        if target.evaluate("node => node === document.activeElement"):
            return
    raise AssertionError(f"{target} is not reached with {key}.")
