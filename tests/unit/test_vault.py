"""No title, caption or model's answer brings anything into a vault that Obsidian interprets."""

from __future__ import annotations

import html
import io
import re
import zipfile
from dataclasses import replace

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from skimlist.errors import CaptionsDisabled
from skimlist.export.entries import ExportedBatch
from skimlist.export.formats import ExportFormat
from skimlist.export.markdown import one_line, paragraphs
from skimlist.export.writing import write_export
from skimlist.llm.catalogue import catalogue
from skimlist.models.digest import Claim, Digest, Recommendation
from skimlist.models.summary import Chapter, Focus, KeyPoint
from skimlist.models.transcript import Segment
from skimlist.summarizing.providers import open_model
from skimlist.summarizing.summarize import summarize_video
from skimlist.youtube.captions import clean_segments
from testkit.batches import a_batch, a_failed_item, a_summary, an_item
from tests.fakes.digesting import a_digest
from tests.fakes.summarizing import NOW, Memory, settings, transcript
from tests.vault_markup import VAULT, Markup, note

MARKDOWN = MarkdownIt("gfm-like", {"linkify": False})


def exported(text: str) -> dict[str, str]:
    """Returns the Markdown files of a batch in which this text replaces every text that is not ours."""
    hostile = CaptionsDisabled().as_problem()
    hostile = replace(hostile, message=text, advice=text)
    summary = a_summary(
        title=text,
        channel=text,
        tldr=text,
        text=f"{text}\n\n{text}",
        key_points=(KeyPoint(text=text, start_seconds=1.0), KeyPoint(text=text)),
        chapters=(Chapter(title=text, start_seconds=0.0, summary=text),),
        tags=(text,),
        focus=(Focus(area=text, found=True, text=text, start_seconds=1.0), Focus(area=text, found=False)),
        language=text,
        caption_language=text,
        notes=(text,),
    )
    batch = a_batch(name=text, total=2)
    options = replace(batch.settings.options, language=text, focus_areas=(text,))
    batch = replace(batch, settings=replace(batch.settings, options=options))
    items = [an_item(1, title=text, channel=text), a_failed_item(2, title=text, channel=text, error=hostile)]
    files = {}
    for form in (ExportFormat.ZIP, ExportFormat.MARKDOWN):
        file = io.BytesIO()
        write_export(form, ExportedBatch(batch, digest_of(text)), items, [("item-1", summary)], file)
        files |= unpacked(file) if form is ExportFormat.ZIP else {"book.md": file.getvalue().decode()}
    return files


def digest_of(text: str) -> Digest:
    digest = a_digest()
    evidence = digest.watch_order[0].video
    claim = Claim(text=text, evidence=(evidence,), title=text)
    order = (Recommendation(video=replace(evidence, title=text), reason=text),)
    return replace(digest, overview=text, themes=(claim,), agreements=(claim,), differences=(claim,), watch_order=order)


def unpacked(file: io.BytesIO) -> dict[str, str]:
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist() if name.endswith(".md")}


@pytest.mark.parametrize("markup", VAULT.values(), ids=VAULT)
def test_nothing_that_a_vault_interprets_gets_into_it(markup: Markup) -> None:
    assert re.search(markup.pattern, markup.text), "the row does not show what it is about"
    for name, page in exported(markup.text).items():
        assert not re.search(markup.pattern, page if markup.whole_file else note(page)), name


@pytest.mark.parametrize("markup", VAULT.values(), ids=VAULT)
def test_it_is_shown_as_it_was_said(markup: Markup) -> None:
    said = " ".join(markup.text.split())
    assert html.unescape(MARKDOWN.renderInline(one_line(markup.text))) == said


@given(st.text(alphabet="<%{:=`$[]()!^#&;@w./\\ \na1-", max_size=40))
def test_no_mixture_of_signs_makes_one(text: str) -> None:
    for escaped in (one_line(text), paragraphs(text)):
        assert not re.search(r"<|::|%%|==|\[\[|\]\]|\{\{|\$\$|``|\s\^", escaped)


@pytest.mark.parametrize(
    "title", ["Bread & butter", "Rock 'n' roll, 1/3", "C# for $5 at 12:30", "2 * 3 = 6", "Dr. Who"]
)
def test_an_ordinary_title_stays_readable_in_the_file_itself(title: str) -> None:
    assert one_line(title).replace("\\", "") == title


def test_a_command_in_escaped_captions_does_not_reach_the_page() -> None:
    captions = [
        Segment("Bread needs time &amp;lt;%* require('child_process').execSync('id') %&amp;gt; and salt.", n * 4.0, 4.0)
        for n in range(8)
    ]
    model = open_model(catalogue()["extractive"], api_key=None, answer_cache=Memory(), seconds_left=lambda: 900.0)
    source = transcript([], segments=clean_segments(captions), title="<% tp.file.title %>")
    summary = summarize_video(source, settings(), model, now=NOW)
    assert "<%*" in summary.text + summary.tldr, "the summary no longer quotes the command"
    file = io.BytesIO()
    items = [an_item(1, title="&lt;% tp.file.title %&gt; <% tp.file.title %>")]
    write_export(ExportFormat.ZIP, ExportedBatch(a_batch(total=1)), items, [("item-1", summary)], file)
    for page in unpacked(file).values():
        assert "<" not in page


def test_a_property_is_text_for_whoever_shows_it_as_markdown() -> None:
    title = "`$= app.vault` `= 1` [[Private note]] ![x](https://evil.example) <img src=x> 1 < 2"
    page = next(page for name, page in exported(title).items() if name.endswith(".md") and "\n---\n" in page)
    matter = page.split("\n---\n")[0]
    assert "<" not in matter
    shown = yaml.safe_load(matter)["title"]
    assert shown == "'$= app.vault' '= 1' [ [Private note]] ![x] (https://evil.example) < img src=x> 1 < 2"
