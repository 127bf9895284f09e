"""The digest in exports: a section that no title or model can break, links that lead somewhere, the API's fields."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import pytest

from skimlist.errors import ModelQuotaExceeded
from skimlist.export.entries import ExportedBatch
from skimlist.export.formats import ExportFormat
from skimlist.export.writing import write_export
from skimlist.models.batch import Batch, BatchStatus, DigestState, DigestStatus
from skimlist.models.claim_check import CheckStatus, ClaimCheck
from skimlist.models.digest import Claim, Digest, Recommendation
from skimlist.models.settings import BatchSettings, SummaryOptions
from testkit.batches import a_batch, a_failed_item, a_summary, an_item
from tests.fakes.digesting import a_digest, evidence, some_news

ITEMS = [an_item(1), a_failed_item(2), an_item(3)]
SUMMARIES = [("item-1", a_summary(1)), ("item-3", a_summary(3))]
GROUPED = "What the videos say, word for word. The headings are words that they share or that stand out."
READY = DigestState(status=DigestStatus.READY, videos=2)
QUOTA = ModelQuotaExceeded().as_problem()
REWRITE_FAILED = DigestState(status=DigestStatus.FAILED, videos=3, error=QUOTA, earlier=2)


def wanting_batch(**changes: Any) -> Batch:
    options = SummaryOptions(digest=True, include_timestamps=changes.pop("include_timestamps", True))
    settings = BatchSettings(model="extractive", options=options)
    return a_batch(settings=settings, **{"digest": READY, **changes})


def exported(export_format: ExportFormat, batch: Batch | None = None, digest: Digest | None = None) -> io.BytesIO:
    file = io.BytesIO()
    about = ExportedBatch(batch or wanting_batch(), digest or a_digest())
    write_export(export_format, about, ITEMS, SUMMARIES, file)
    file.seek(0)
    return file


def unpacked(name: str, batch: Batch | None = None, digest: Digest | None = None) -> str:
    archive = zipfile.ZipFile(exported(ExportFormat.ZIP, batch, digest))
    return archive.read(f"Sourdough the basics-b7f3/{name}").decode()


def test_the_index_holds_the_digest_above_the_summaries() -> None:
    assert (
        "## Quotations from 2 videos\n\n"
        "All of them bake.\n\nSome of them wait.\n\n"
        f"{GROUPED}\n\n"
        "### What several videos say\n\n"
        "- Flour comes first. ([1 at 1:02](https://youtu.be/video000001?t=62) · "
        "[3 at 1:02](https://youtu.be/video000003?t=62))\n\n"
        "### Themes\n\n"
        "- **Sourdough**: It needs a week. ([1 at 1:02](https://youtu.be/video000001?t=62) · "
        "[3 at 0:07](https://youtu.be/video000003?t=7))\n\n"
        "### Where they differ\n\n"
        "- One heats, one cools. ([1 at 1:02](https://youtu.be/video000001?t=62) · "
        "[3](https://www.youtube.com/watch?v=video000003))\n\n"
        "### What to watch first\n\n"
        "1. [Video 3](003-Video%203.md) – It begins at the beginning.\n"
        "2. [Video 1](001-Video%201.md)\n\n"
        "A remark.\n\n"
        "## Summaries\n"
    ) in unpacked("index.md")


COMPARED = some_news(
    "b1",
    beyond=(
        Claim(
            text="It rests [longer](javascript:x).",
            evidence=(evidence(3, None),),
            earlier=some_news("b1").contradictions[0].earlier,
        ),
    ),
)


def test_the_news_of_a_run_stand_before_everything_else_with_both_places() -> None:
    before = "before: [Earlier 1 at 0:07](https://youtu.be/earlier0001?t=7)"
    index = unpacked("index.md", digest=a_digest(news=COMPARED))
    assert (
        "Compared with 1 earlier video: [Earlier 1](https://www.youtube.com/watch?v=earlier0001).\n\n"
        "All of them bake.\n\n"
        "Some of them wait.\n\n"
        f"{GROUPED}\n\n"
        "### New compared with earlier videos\n\n"
        "#### New subjects\n\n"
        "- **Rye**: Rye is new. ([3 at 0:07](https://youtu.be/video000003?t=7))\n\n"
        "#### Goes beyond earlier videos\n\n"
        "- It rests \\[longer\\](javascript\\:x). "
        f"([3](https://www.youtube.com/watch?v=video000003); {before})\n\n"
        "#### Contradicts earlier videos\n\n"
        f"- It contradicts b1. ([1 at 1:02](https://youtu.be/video000001?t=62); {before})\n\n"
        "### Across the new videos\n\n"
        "#### What several videos say\n"
    ) in index
    of_one = a_digest(news=replace(COMPARED, videos=12), videos=1, model="openai")
    index = unpacked("index.md", digest=of_one)
    assert "## Digest of 1 new video\n\nCompared with 12 earlier videos: [Earlier 1](" in index
    assert "), 11 more.\n" in index
    assert "### In the new video\n" in index


def test_a_run_without_news_says_so() -> None:
    index = unpacked("index.md", digest=a_digest(news=replace(COMPARED, new=(), beyond=(), contradictions=())))
    assert "\n\nNothing new was found compared with earlier videos.\n\n### What several videos say\n" in index


def test_each_quotation_of_the_built_in_model_stands_with_its_place() -> None:
    earlier = some_news("b1").contradictions[0].earlier
    beyond = Claim(text="Rye: “It rests.” “It rose.”", evidence=(evidence(3, 7.0),), earlier=earlier)
    places = (evidence(1), evidence(3), evidence(3, 7.0))
    theme = Claim(title="Flour", text="“It is first.” “It is *white*.”", evidence=places)
    alone = replace(theme, text="“It is first.”", evidence=places[:1])
    unclear = replace(theme, text="“It is first.” “It is white.”", evidence=places[:1])
    digest = a_digest(
        news=replace(COMPARED, beyond=(beyond,), by_words=True), themes=(theme, alone, unclear), model="extractive"
    )
    index = unpacked("index.md", digest=digest)
    assert (
        "### More on subjects of earlier videos\n\n"
        "- **Rye**\n"
        "  - now: “It rests.” ([3 at 0:07](https://youtu.be/video000003?t=7))\n"
        "  - before: “It rose.” ([Earlier 1 at 0:07](https://youtu.be/earlier0001?t=7))\n\n"
    ) in index
    assert (
        "### Themes\n\n"
        "- **Flour**\n"
        "  - “It is first.” ([1 at 1:02](https://youtu.be/video000001?t=62))\n"
        "  - “It is \\*white\\*.” ([3 at 1:02](https://youtu.be/video000003?t=62))\n"
        "  - also in [3 at 0:07](https://youtu.be/video000003?t=7)\n"
        "- **Flour**: “It is first.” ([1 at 1:02](https://youtu.be/video000001?t=62))\n"
        "- **Flour**: “It is first.” “It is white.” ([1 at 1:02](https://youtu.be/video000001?t=62))\n\n"
    ) in index
    written = unpacked("index.md", digest=replace(digest, model="gpt", news=None))
    assert "- **Flour**: “It is first.” “It is \\*white\\*.” ([1 at 1:02]" in written


def test_a_digest_of_quotations_says_what_its_headings_are() -> None:
    alone = Claim(title="Flour, water", text="“It is first.”", evidence=(evidence(1),))
    index = unpacked("index.md", digest=a_digest(themes=(alone,), agreements=(), model="extractive"))
    assert "The headings are words that stand out.\n\n### From each video" in index
    grouped = unpacked("index.md", digest=a_digest(model="extractive"))
    assert f"{GROUPED}\n\n### " in grouped
    assert "### Themes\n" in grouped
    of_one = a_digest(videos=1, themes=(), agreements=(), news=COMPARED, model="extractive")
    assert "\n\nWhat the video says, word for word.\n\n### " in unpacked("index.md", digest=of_one)
    written = unpacked("index.md", digest=a_digest(model="openai"))
    assert "## Digest of 2 videos\n" in written
    assert "word for word" not in written


def test_news_found_by_words_alone_say_so() -> None:
    index = unpacked("index.md", digest=a_digest(news=replace(COMPARED, by_words=True, contradictions=())))
    assert "Compared by shared words with the summaries of 1 earlier video; contradictions are not detected.\n" in index
    assert index.index("Compared by shared words") > index.index("### What to watch first")
    assert "#### Not mentioned in earlier videos\n" in index
    assert "#### More on subjects of earlier videos\n" in index
    assert "New subjects" not in index
    assert "Contradicts" not in index


def test_json_holds_the_news_with_the_fields_of_the_api() -> None:
    news = json.loads(unpacked("metadata.json", digest=a_digest(news=COMPARED)))["digest"]["news"]
    assert (news["runs"], news["videos"], news["by_words"]) == (1, 1, False)
    assert set(news["new"][0]) == {"title", "text", "evidence", "check"}
    assert set(news["contradictions"][0]) == {"text", "evidence", "check", "earlier"}
    assert news["contradictions"][0]["earlier"] == [
        {
            "batch_id": "b1",
            "item_id": "00001",
            "video_id": "earlier0001",
            "title": "Earlier 1",
            "start_seconds": 7.0,
            "described": False,
            "url": "https://youtu.be/earlier0001?t=7",
        }
    ]


def test_every_page_that_is_recommended_is_in_the_archive() -> None:
    archive = zipfile.ZipFile(exported(ExportFormat.ZIP))
    index = unpacked("index.md")
    links = {unquote(link) for link in re.findall(r"\]\(([^)]*\.md)\)", index)}
    assert {f"Sourdough the basics-b7f3/{link}" for link in links} <= set(archive.namelist())
    assert len(links) == 2


def test_without_times_places_are_whole_videos() -> None:
    index = unpacked("index.md", wanting_batch(include_timestamps=False))
    assert "- Flour comes first. ([1](https://www.youtube.com/watch?v=video000001) · " in index
    assert "?t=" not in index


def test_the_book_links_to_the_videos() -> None:
    book = exported(ExportFormat.MARKDOWN).read().decode()
    assert "1. [Video 3](https://www.youtube.com/watch?v=video000003) – It begins" in book
    assert book.index("## Quotations") < book.index("## 1\\. Video 1")


def test_a_video_that_was_summarized_from_its_description_is_marked_wherever_it_is_named() -> None:
    described = replace(evidence(3, 7.0), described=True)
    claim = Claim(title="Sourdough", text="It needs a week.", evidence=(evidence(1), described))
    first = Recommendation(reason="It is short.", video=described)
    for with_times, place in ((True, "[3 at 0:07]"), (False, "[3]")):
        digest = replace(a_digest(), themes=(claim,), watch_order=(first,))
        index = unpacked("index.md", wanting_batch(include_timestamps=with_times), digest)
        assert "1. [Video 3](003-Video%203.md) *(from the description only)* – It is short." in index
        [theme] = [line for line in index.splitlines() if line.startswith("- **Sourdough**")]
        assert place in theme
        assert theme.endswith(") *(from the description only)*)")
        assert theme.count("description") == 1


def test_titles_and_texts_cannot_become_markup() -> None:
    hostile = "[x](javascript:y) <b>\n# h"
    digest = replace(
        a_digest(),
        overview=hostile,
        themes=(Claim(title=hostile, text=hostile, evidence=(evidence(),)),),
        watch_order=(Recommendation(reason=hostile, video=replace(evidence(1, None), title="Video 1")),),
        news=replace(COMPARED, earlier=(replace(COMPARED.earlier[0], title=hostile),)),
    )
    section = unpacked("index.md", digest=digest).partition("## Quotations")[2].partition("## Summaries")[0]
    assert "](javascript" not in section.replace("\\]", "")
    assert "<b>" not in section.replace("\\<", "")
    assert not re.search(r"^# h", section, re.MULTILINE)


def test_an_overview_with_something_that_no_summary_says_is_marked() -> None:
    check = ClaimCheck(CheckStatus.UNVERIFIED, ("Oslo",))
    file = exported(ExportFormat.MARKDOWN, digest=a_digest(overview="In Oslo they bake.", overview_check=check))
    said = "The digest says “Oslo”, but the summaries of these videos do not. Check it in the videos."
    assert f"In Oslo they bake.\n\n*({said})*\n" in file.read().decode()


@pytest.mark.parametrize(("export_format", "name"), [(ExportFormat.ZIP, "metadata.json"), (ExportFormat.JSON, "")])
def test_json_holds_the_digest_with_the_fields_of_the_api(export_format: ExportFormat, name: str) -> None:
    document = json.loads(unpacked(name) if name else exported(export_format).read())
    assert document["batch"]["digest"] == {"status": "ready", "error": None, "videos": 2}
    digest = document["digest"]
    place = {"item_id": "item-3", "position": 3, "video_id": "video000003", "title": "Video 3", "described": False}
    assert digest["themes"][0]["evidence"][1] == {
        **place, "start_seconds": 7.0, "url": "https://youtu.be/video000003?t=7"
    }  # fmt: skip
    assert digest["watch_order"][0]["video"] == {
        **place, "start_seconds": None, "url": "https://www.youtube.com/watch?v=video000003"
    }  # fmt: skip
    assert set(digest["agreements"][0]) == {"text", "evidence", "check"}
    assert digest["overview_check"] is None
    assert (digest["cost_usd"], digest["videos"], digest["created_at"]) == (0.0007, 2, "2025-08-27T14:12:05+00:00")


def test_a_failed_digest_is_shown_with_its_reason() -> None:
    batch = wanting_batch(digest=DigestState(status=DigestStatus.FAILED, videos=2, error=QUOTA))
    file = io.BytesIO()
    write_export(ExportFormat.MARKDOWN, ExportedBatch(batch), ITEMS, SUMMARIES, file)
    assert f"| Digest | failed ({QUOTA.message} {QUOTA.advice}) |" in file.getvalue().decode()


@pytest.mark.parametrize(
    ("state", "fact"),
    [
        (READY, "ready"),
        (REWRITE_FAILED, f"covers 2 videos, could not be rewritten ({QUOTA.message} {QUOTA.advice})"),
        (
            replace(REWRITE_FAILED, earlier=1),
            f"covers 1 video, could not be rewritten ({QUOTA.message} {QUOTA.advice})",
        ),
    ],
)
def test_the_batch_says_what_the_digest_below_covers(state: DigestState, fact: str) -> None:
    batch = wanting_batch(digest=state, total=4, completed=state.videos)
    assert f"| Digest | {fact} |" in unpacked("index.md", batch)
    assert f"| Digest | {fact} |" in exported(ExportFormat.MARKDOWN, batch).getvalue().decode()
    shown = json.load(exported(ExportFormat.JSON, batch))["batch"]["digest"]
    assert (shown["status"], shown["videos"]) == (state.status, state.covered)
    assert json.loads(unpacked("metadata.json", batch))["batch"]["digest"] == shown


def test_a_digest_that_will_be_rewritten_says_what_it_covers() -> None:
    batch = wanting_batch(status=BatchStatus.PROCESSING, completed_at=None, total=4, completed=3)
    assert "| Digest | covers 2 videos, will be rewritten |" in unpacked("index.md", batch)
    shown = json.load(exported(ExportFormat.JSON, batch))["batch"]["digest"]
    assert shown == {"status": "pending", "error": None, "videos": 2}
    batch = replace(batch, digest=None)
    assert "| Digest | pending |" in unpacked("index.md", batch)


def test_a_batch_that_asked_for_none_has_none() -> None:
    file = io.BytesIO()
    write_export(ExportFormat.JSON, ExportedBatch(a_batch()), ITEMS, SUMMARIES, file)
    document = json.loads(file.getvalue())
    assert (document["digest"], document["batch"]["digest"]) == (None, None)
