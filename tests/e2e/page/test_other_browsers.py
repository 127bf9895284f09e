"""What the page does in browsers that lack something that Chromium has."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser import Visitor


def test_a_browser_is_told_that_it_is_too_old_or_helped_where_it_lacks_little(visitor: Visitor) -> None:
    for lack in ("delete AbortSignal.any", "CSS.supports = () => false"):
        visitor.page = visitor.context.new_page()
        visitor.listen()
        visitor.page.add_init_script(lack)
        visitor.page.goto(visitor.sign_in_url)
        expect(visitor.heading("Skimlist has not started yet"), lack).to_be_visible()
        expect(visitor.page.get_by_text("Safari 17.5, or a later version"), lack).to_be_visible()
    assert [complaint for complaint in visitor.complaints if "outdated" not in complaint] == []
    visitor.complaints.clear()

    visitor.page = visitor.context.new_page()
    visitor.listen()
    the_box_for_links_grows_also_where_no_style_says_so(visitor)


def the_box_for_links_grows_also_where_no_style_says_so(visitor: Visitor) -> None:
    visitor.sign_in()
    links = visitor.page.locator(".links-text")
    links.evaluate("box => { box.style.fieldSizing = 'fixed' }")
    before = links.bounding_box()
    visitor.paste(*["Lighthouse1"] * 11)
    expect(visitor.page.locator(".mark.duplicate")).to_have_count(10)
    after = links.bounding_box()
    assert before and after
    assert after["height"] > before["height"] + 6 * 28
