"""Pages that no title, caption or answer of a model can break."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from skimlist.export.entries import Entry
from skimlist.export.markdown import obsidian_tags, one_line, paragraphs, summary_page, summary_section, time_link
from skimlist.models.summary import Coverage, Summary
from testkit.batches import a_batch, a_summary, an_item

MARKDOWN = MarkdownIt("gfm-like", {"linkify": False})
HOSTILE = [
    "[click](javascript:alert(1))",
    "![x](http://a.example/pixel)",
    "<script>alert(1)</script>",
    "<!-- hidden",
    "**bold** _it_ `code` ~~gone~~",
    "# heading",
    "a | b | c",
    "---",
    "&lt;b&gt; Q&A",
    "1. one",
    "> quoted",
    "[[note]] #tag ==mark== %%secret%% $x$",
    "back\\slash",
]
texts = st.text(max_size=80) | st.text(alphabet="[](){}<>*_`#|!&;\\-=~ \n1.a", max_size=60)


def page(summary: Summary, title: str = "A loaf", **batch: Any) -> str:
    entry = Entry(position=1, item=an_item(title=title), summary=summary, file_name="001-x.md")
    return summary_page(a_batch(**batch), entry, summary)


def front_matter(text: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(text.split("\n---\n", maxsplit=1)[0])
    return loaded


@given(texts)
@example('He said: "no" # really\n---\n{a: [b]}')
@example("\ufffe\uffff\x85\u2028\ufeff😀")
def test_front_matter_is_yaml_whatever_the_title(title: str) -> None:
    loaded = front_matter(page(a_summary(), title=title or "x"))
    assert loaded["title"] == " ".join(loaded["title"].split())
    assert loaded["position"] == 1 and loaded["tags"] == ["baking", "slow-food"]


def test_front_matter_holds_what_obsidian_shows() -> None:
    assert front_matter(page(a_summary(), title='Rye: "dark" & dense')) == {
        "title": 'Rye: "dark" & dense',
        "url": "https://www.youtube.com/watch?v=video000001",
        "channel": "The Bakery",
        "duration": "0:12:34",
        "language": "en",
        "captions": "en (manual)",
        "draws_on": "8 of 10 parts of the video",
        "unverified": 1,
        "model": "extractive",
        "length": "standard",
        "created": "2025-08-27T14:12:05",
        "batch": "Sourdough: the basics",
        "position": 1,
        "tags": ["baking", "slow-food"],
    }


@pytest.mark.parametrize("text", HOSTILE)
def test_a_title_is_shown_as_it_is(text: str) -> None:
    assert MARKDOWN.renderInline(one_line(text)) == escape(text)


@given(texts)
def test_no_line_from_outside_becomes_markup(text: str) -> None:
    tokens = MARKDOWN.parse(one_line(text))
    assert {token.type for token in tokens} <= {"paragraph_open", "inline", "paragraph_close"}
    assert {child.type for token in tokens for child in token.children or []} <= {"text"}


@given(texts)
def test_running_text_holds_no_links_html_headings_or_code(text: str) -> None:
    tokens = MARKDOWN.parse(paragraphs(text))
    kinds = {token.type for token in tokens} | {child.type for token in tokens for child in token.children or []}
    assert not kinds & {"heading_open", "html_block", "html_inline", "link_open", "image", "fence", "code_block"}
    assert not kinds & {"code_inline", "table_open", "blockquote_open", "s_open"}


@pytest.mark.parametrize("line", ["=", "===", "-", "---", "> quoted", "# heading", "```", "| a |"])
def test_a_line_of_running_text_stays_in_its_paragraph(line: str) -> None:
    assert MARKDOWN.render(paragraphs(f"above\n{line}")) == f"<p>above\n{escape(line)}</p>\n"


def test_running_text_keeps_paragraphs_lists_and_emphasis() -> None:
    html = MARKDOWN.render(paragraphs("One **thing**.\n\n- first\n- second"))
    assert html == "<p>One <strong>thing</strong>.</p>\n<ul>\n<li>first</li>\n<li>second</li>\n</ul>\n"


def test_times_lead_into_the_video() -> None:
    assert time_link("dQw4w9WgXcQ", 3723.9) == "[1:02:03](https://youtu.be/dQw4w9WgXcQ?t=3723)"
    body = page(a_summary())
    about = "“3 kg” was not found in the captions around 1:02."
    assert f"- [1:02](https://youtu.be/video000001?t=62) Feed it daily *({about})*" in body
    assert "- [6:40](https://youtu.be/video000001?t=400) **The loaf**\n" in body


def test_without_timestamps_the_text_holds_none() -> None:
    body = page(a_summary(), include_timestamps=False)
    assert "- Feed it daily *(“3 kg” was not found in the captions.)*" in body
    assert "- **The starter**: Mix and wait." in body
    assert "- **salt**: Salt comes last." in body
    assert "youtu.be" not in body


def test_every_focus_area_is_reported_on() -> None:
    body = page(a_summary())
    assert "- [7:01](https://youtu.be/video000001?t=421) **salt**: Salt comes last.\n" in body
    assert "- **sugar**: not mentioned\n" in body


def test_the_captions_that_were_used_are_named() -> None:
    translated = replace(a_summary(), caption_kind="translated", caption_language="pt-BR")
    assert " · from its translated captions (pt-BR) · " in page(translated)


def test_a_page_says_that_its_transcript_was_used_in_part() -> None:
    part = replace(
        a_summary(), coverage=Coverage(characters_total=9000, characters_used=6000, chunks=3, reason="One was refused.")
    )
    assert "- Made from 6,000 of the transcript's 9,000 characters. One was refused." in page(part)
    assert "## Notes" not in page(a_summary())


def test_a_summary_without_parts_leaves_their_headings_out() -> None:
    bare = replace(a_summary(), tldr="", text="", key_points=(), chapters=(), focus=())
    assert page(bare).endswith(
        "# A loaf\n\nThe Bakery · 0:12:34 · from its manual captions (en) · "
        "[Watch on YouTube](https://www.youtube.com/watch?v=video000001)\n"
    )


def test_a_section_of_a_larger_document_starts_one_level_down() -> None:
    entry = Entry(position=7, item=an_item(), summary=a_summary(), file_name="x")
    lines = summary_section(a_batch(), entry, a_summary()).splitlines()
    assert [line for line in lines if line.startswith("#")] == [
        "## 7\\. Video 1",
        "### Summary",
        "### Key points",
        "### Focus",
        "### Chapters",
    ]


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        (["slow food", "C#", "1984", "Ä/B"], ["slow-food", "C", "Ä/B"]),
        (["AI", "ai", " - "], ["AI"]),
        (["हिन्दी", "日本 料理"], ["हिन्दी", "日本-料理"]),
    ],
)
def test_tags_are_what_obsidian_takes(tags: list[str], expected: list[str]) -> None:
    assert [tag.casefold() for tag in obsidian_tags(tags)] == [tag.casefold() for tag in expected]


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
