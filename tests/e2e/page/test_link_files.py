"""Files with links, as other programs write them, chosen or dropped on the page."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import FilePayload, expect

from skimlist.links.parsing import LineStatus, parse_lines
from tests.browser import Visitor
from tests.link_files import FILES, OTHER, VIDEO

# For these, the server's count is awaited too, which takes a second.
COUNTED = {"OneTab.txt": "2 videos", "subscriptions.csv": "1 channel"}


def test_files_of_links_are_dropped_or_chosen_and_their_lines_of_text_are_counted(
    visitor: Visitor, tmp_path: Path
) -> None:
    visitor.sign_in()
    a_file_of_links_is_dropped_or_chosen(visitor, tmp_path)
    visitor.paste("")
    every_kind_of_file_is_read_and_its_lines_of_text_are_counted(visitor)


def a_file_of_links_is_dropped_or_chosen(visitor: Visitor, tmp_path: Path) -> None:
    page = visitor.page
    page.evaluate(
        """() => {
            const files = new DataTransfer();
            files.items.add(new File(['title,url\\n"A loaf, rising",https://youtu.be/Sauerteig_1'], "list.csv"));
            const drop = new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true });
            document.querySelector("textarea").dispatchEvent(drop);
        }"""
    )
    counts = page.locator(".links-counts")
    expect(counts).to_contain_text("1 video")
    (tmp_path / "more.txt").write_text("Lighthouse1\nSauerteig_1\n")
    page.locator("input[type=file]").set_input_files(tmp_path / "more.txt")
    expect(counts).to_contain_text("2 videos")
    expect(page.get_by_text("1 duplicate will be left out")).to_be_visible()


def every_kind_of_file_is_read_and_its_lines_of_text_are_counted(visitor: Visitor) -> None:
    page = visitor.page
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
