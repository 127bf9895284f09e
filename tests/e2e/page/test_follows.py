"""Following a playlist in the page: from a pasted link, paused, changed, ended."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser import Visitor

PLAYLIST = "https://www.youtube.com/playlist?list=PLo2EIpI_JMQvWfQndUesu0nPBAtZ9gP1o"


def test_a_pasted_playlist_is_followed_paused_changed_and_ended(visitor: Visitor) -> None:
    page = visitor.page
    visitor.sign_in()
    page.get_by_role("textbox", name="Links").fill("Lighthouse1")
    expect(page.get_by_role("button", name="Start 1 video")).to_be_enabled()
    expect(page.get_by_role("button", name="Follow", exact=True)).to_be_hidden()
    page.get_by_role("textbox", name="Links").fill(PLAYLIST)
    page.get_by_role("button", name="Follow", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("How often").select_option("Every week")
    dialog.get_by_label("Day", exact=True).select_option("Friday")
    dialog.get_by_label("Time of day").fill("18:30")
    dialog.get_by_label("Budget per month").fill("2,5")
    dialog.get_by_text("Only some of their videos").click()
    dialog.get_by_label("At least so many minutes").fill("1.5")
    dialog.get_by_label("Leave out Shorts").check()
    assert visitor.axe_problems() == []
    dialog.get_by_role("button", name="Follow").click()
    expect(page.get_by_role("heading", name="Follows")).to_be_visible()
    card = page.locator(".follows > li")
    expect(card).to_contain_text("Every Friday at 18:30")
    expect(card).to_contain_text("Only some videos: 1 min 30 s or longer · no Shorts")
    expect(card).to_contain_text("This month: $0.00 of at most $2.50")
    expect(card).to_contain_text("Nothing new so far")
    assert visitor.axe_problems() == []
    card.get_by_role("button", name="Pause").click()
    expect(card).to_contain_text("Paused")
    card.get_by_role("button", name="Resume").click()
    card.get_by_role("button", name="Change").click()
    expect(dialog.get_by_label("Time of day")).to_have_value("18:30")
    expect(dialog.get_by_label("At least so many minutes")).to_have_value("1.5")
    dialog.get_by_label("At least so many minutes").fill("")
    dialog.get_by_label("Leave out Shorts").uncheck()
    dialog.get_by_label("How often").select_option("Every hour")
    dialog.get_by_role("button", name="Save").click()
    expect(card).to_contain_text("Every hour")
    expect(card).to_contain_text("All new videos")
    page.reload()
    card.get_by_role("button", name="Stop following").click()
    dialog.get_by_role("button", name="Stop following").click()
    expect(page.get_by_text("You follow nothing yet.")).to_be_visible()
