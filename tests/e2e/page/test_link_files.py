"""Files with links, as other programs write them, chosen on the page."""

from __future__ import annotations

from playwright.sync_api import FilePayload, expect

from skimlist.links.parsing import LineStatus, parse_lines
from tests.browser import Visitor
from tests.link_files import FILES, OTHER, VIDEO

# For these, the server's count is awaited too, which takes a second.
COUNTED = {"OneTab.txt": "2 videos", "subscriptions.csv": "1 channel"}


def test_every_kind_of_file_is_read_and_its_lines_of_text_are_counted(visitor: Visitor) -> None:
    page = visitor.page
    visitor.sign_in()
    links, counts = page.get_by_label("Links", exact=True), page.locator(".links-counts")
    for name, (content, video_ids) in FILES.items():
        page.locator("input[type=file]").set_input_files(
            FilePayload(name=name, mimeType="application/octet-stream", buffer=content)
        )
        expect(links, name).not_to_have_value("")
        found = parse_lines(links.input_value().splitlines()).links
        assert [link.video_id for link in found if link.status is LineStatus.VALID] == video_ids, name
        if name in COUNTED:
            expect(counts, name).to_contain_text(COUNTED[name])
        links.fill("")
    expect(counts).to_have_text("Nothing pasted yet.")

    visitor.paste("id,title,webpage_url", f"{VIDEO},A talk,https://youtu.be/{VIDEO}", f"https://youtu.be/{OTHER}")
    expect(counts).to_have_text("2 videos · 1 line of text ignored")
    expect(page.locator(".mark").first).to_contain_text("text")
    page.get_by_role("button", name="Save as draft").click()
    visitor.heading("A draft of 2 videos").wait_for()
