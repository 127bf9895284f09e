"""One document for the whole batch: JSON, Markdown, CSV; and which summaries find their place in it."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from skimlist.codec import to_json
from skimlist.export.csv_documents import harmless
from skimlist.export.entries import ExportedBatch
from skimlist.export.formats import ExportFormat, download_name
from skimlist.export.writing import write_export
from skimlist.models.batch import Batch, Pause
from skimlist.models.summary import Summary
from skimlist.models.video import Item, VideoStatus
from testkit.batches import STARTED, a_batch, a_failed_item, a_summary, an_item

ITEMS = [an_item(1), a_failed_item(2), an_item(3)]
SUMMARIES = [("item-1", a_summary(1)), ("item-3", a_summary(3))]


def export(
    export_format: ExportFormat, batch: Batch | None = None, items: Any = ITEMS, summaries: Any = SUMMARIES
) -> bytes:
    file = io.BytesIO()
    write_export(export_format, ExportedBatch(batch or a_batch()), items, summaries, file)
    return file.getvalue()


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_json_holds_every_item_in_order_with_its_summary_or_none() -> None:
    document = json.loads(export(ExportFormat.JSON))
    assert [item["position"] for item in document["items"]] == [1, 2, 3]
    assert [item["summary"] and item["summary"]["title"] for item in document["items"]] == ["Video 1", None, "Video 3"]
    assert document["items"][1]["error"]["code"] == "captions_disabled"
    assert document["batch"]["counts"] == {
        "total": 3,
        "completed": 2,
        "failed": 1,
        "skipped": 0,
        "left": 0,
        "described": 0,
    }
    assert document["batch"]["cost_usd"] == 0.0123
    assert document["batch"]["settings"]["options"]["include_timestamps"] is True


def test_a_summary_in_json_says_what_the_summary_says() -> None:
    exported = json.loads(export(ExportFormat.JSON))["items"][0]["summary"]
    url, cost = exported.pop("url"), exported.pop("cost_usd")
    known = json.loads(json.dumps(asdict(a_summary(1)), default=lambda value: to_json(value).strip('"')))
    assert (url, Decimal(str(cost))) == (a_summary(1).url, Decimal(known.pop("cost_usd")))
    assert exported == {**known, "links": []}


@pytest.mark.parametrize(
    ("dates", "published_at", "is_approximate"),
    [
        ({"published_at": STARTED, "published_by": STARTED + timedelta(days=30)}, "2025-08-27T14:00:00+00:00", False),
        ({"published_by": STARTED}, "2025-08-27T14:00:00+00:00", True),
        ({}, None, False),
    ],
)
def test_json_says_when_a_video_was_published_and_whether_that_is_exact(
    dates: dict[str, datetime], published_at: str | None, is_approximate: bool
) -> None:
    (item,) = json.loads(export(ExportFormat.JSON, items=[a_failed_item(1, **dates)], summaries=[]))["items"]
    assert (item["published_at"], item["published_at_is_approximate"]) == (published_at, is_approximate)


def test_json_takes_from_the_summary_what_the_item_lacks() -> None:
    item = replace(an_item(1), title=None, channel=None, channel_id=None, duration_seconds=None)
    known = {"title": "Bread", "channel": "The Bakery", "channel_id": "UC" + "b" * 22, "duration_seconds": 61.5}
    summary = replace(a_summary(1), **known)
    (shown,) = json.loads(export(ExportFormat.JSON, items=[item], summaries=[("item-1", summary)]))["items"]
    assert {name: shown[name] for name in known} == known
    item = replace(item, title="Cake", channel="A Bakery", channel_id="UC" + "a" * 22, duration_seconds=Decimal(60))
    (shown,) = json.loads(export(ExportFormat.JSON, items=[item], summaries=[("item-1", summary)]))["items"]
    assert [shown[name] for name in known] == ["Cake", "A Bakery", "UC" + "a" * 22, 60]


def test_json_of_a_paused_batch_says_why() -> None:
    pause = Pause(code="youtube_blocked", message="Blocked.", advice="Wait.", since=STARTED, until=None, times=1)
    document = json.loads(export(ExportFormat.JSON, a_batch(pause=pause)))
    assert document["batch"]["pause"]["code"] == "youtube_blocked"
    assert document["batch"]["pause"]["since"] == "2025-08-27T14:00:00+00:00"


@pytest.mark.parametrize("export_format", list(ExportFormat))
def test_the_same_content_makes_the_same_bytes(export_format: ExportFormat) -> None:
    assert export(export_format) == export(export_format)


@pytest.mark.parametrize("export_format", list(ExportFormat))
def test_a_batch_of_which_nothing_is_done_can_be_exported(export_format: ExportFormat) -> None:
    waiting = [an_item(1, status=VideoStatus.PENDING, title=None)]
    assert export(export_format, a_batch(total=1, completed=0, failed=0), waiting, [])


def test_half_a_surrogate_pair_breaks_no_format() -> None:
    broken = replace(a_summary(), text="half \ud83d", title="\ud83d")
    for export_format in ExportFormat:
        assert export(export_format, items=[an_item(1, title="\ud83d")], summaries=[("item-1", broken)])


def test_markdown_has_all_summaries_and_failures_in_one_document() -> None:
    text = export(ExportFormat.MARKDOWN).decode()
    headings = [line for line in text.splitlines() if line.startswith(("# ", "## "))]
    assert headings == ["# Sourdough: the basics", "## 1\\. Video 1", "## 3\\. Video 3", "## Failures"]
    assert "| 2 | [Video 2](https://www.youtube.com/watch?v=video000002) | Captions are switched off" in text


def test_csv_has_a_row_per_summary_that_excel_reads_as_utf8() -> None:
    content = export(ExportFormat.CSV, items=[an_item(title="Pão, “bom”")], summaries=[("item-1", a_summary())])
    assert content.startswith(b"\xef\xbb\xbfposition,title,")
    assert content.endswith(b"\r\n")
    (row,) = rows(content)
    assert row["title"] == "Pão, “bom”"
    assert row["key_points"] == "1:02 Feed it daily\nSmell it"
    assert row["chapters"] == "0:00 The starter\n6:40 The loaf"
    assert row["focus"] == "7:01 salt: Salt comes last.\nsugar: not mentioned"
    assert (row["duration_seconds"], row["tokens_in"], row["cost_usd"]) == ("754", "600", "0.00615")


def test_csv_leaves_times_out_when_the_batch_wants_none() -> None:
    row = rows(export(ExportFormat.CSV, a_batch(include_timestamps=False)))[0]
    assert row["key_points"] == "Feed it daily\nSmell it"


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "\tDDE", "\rDDE", "\nDDE", "＝1", "\x00=1", "\x0b=1"]
)
def test_no_cell_begins_a_formula(text: str) -> None:
    (row,) = rows(export(ExportFormat.CSV, items=[an_item(channel=text)], summaries=[("item-1", a_summary())]))
    assert row["channel"].startswith("'")


# As a spreadsheet reads the file that splits at semicolons, tabs or bars, and takes no notice of quotation marks.
CELL_START = re.compile(r'(?:^|[;|\t\r\n])[\s\u200b\ufeff"]*[=+\-@＝＋－＠]')


@given(st.text() | st.text(alphabet=";|\t\r\n\"' \u200b\ufeff\x00=+-@＝a1,", max_size=20))
@example("harmless;=1+1")
@example('harmless\n"=1+1"')
@example("\ufeff=1+1")
@example("harmless; \u200b＝1+1")
@example("harmless;\x00=1+1")
@example("\r-0")
@example("1;-2")
def test_no_cell_begins_a_formula_wherever_it_is_split(text: str) -> None:
    assert not CELL_START.search(harmless(text))


@pytest.mark.parametrize(
    "title", ["1/3", "10-4", "12:30", "1e5", "007", "1984", "May 2024", "1. Dec", "12 %", "$5", "TRUE"]
)
def test_a_title_that_looks_like_a_number_or_a_date_stays_text(title: str) -> None:
    assert harmless(title) == f"'{title}"


def test_ordinary_cells_stay_as_they_are() -> None:
    for text in ("C = 5 - 3, mail@example.org", "Apollo 13; then 14", "Mayday 2", "one\ntwo, -5", "e5", "Dec"):
        assert harmless(text) == text


def test_summaries_are_taken_one_at_a_time() -> None:
    written: list[int] = []
    file = io.BytesIO()

    def arriving() -> Iterator[tuple[str, Summary]]:
        for number in range(1, 200):
            written.append(file.tell())
            yield f"item-{number}", a_summary(number)

    items: Iterator[Item] = (an_item(number) for number in range(1, 200))
    write_export(ExportFormat.JSON, ExportedBatch(a_batch(total=199)), items, arriving(), file)
    assert written == sorted(written) and len(set(written)) >= 198


def test_a_summary_without_a_place_in_the_queue_is_an_error() -> None:
    with pytest.raises(ValueError, match="item-9"):
        export(ExportFormat.JSON, summaries=[("item-1", a_summary(1)), ("item-9", a_summary(9))])


def test_a_video_without_title_is_called_as_its_summary_or_not_at_all() -> None:
    untitled = [an_item(1, title=None), a_failed_item(2, title=None)]
    document = json.loads(export(ExportFormat.JSON, items=untitled, summaries=SUMMARIES[:1]))
    assert [item["title"] for item in document["items"]] == ["Video 1", None]


def test_downloads_are_named_after_the_batch() -> None:
    assert download_name(a_batch(), ExportFormat.MARKDOWN) == "Sourdough the basics-b7f3.md"
    assert ExportFormat("zip").media_type == "application/zip"
