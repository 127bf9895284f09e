"""The ZIP archive, down to its bytes."""

from __future__ import annotations

import csv
import gc
import hashlib
import io
import json
import re
import tomllib
import tracemalloc
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any
from urllib.parse import unquote

import skimlist
from skimlist.export.entries import ExportedBatch
from skimlist.export.formats import ExportFormat
from skimlist.export.writing import write_export
from skimlist.models.batch import Batch, BatchStatus
from skimlist.models.settings import BatchSettings, SummaryOptions
from skimlist.models.summary import Summary
from skimlist.models.video import VideoStatus
from testkit.batches import ENDED, a_batch, a_failed_item, a_summary, an_item

GOLDEN = Path(__file__).with_name("export_archive.golden.txt")
ROOT = Path(__file__).parents[2]
FOLDER = "Sourdough the basics-b7f3/"


def archive(batch: Batch | None = None, items: Any = None, summaries: Any = None) -> zipfile.ZipFile:
    file = io.BytesIO()
    items = items or [an_item(1, title="Le pain | d'été"), a_failed_item(2), an_item(3, title="酸种面包")]
    summaries = [("item-1", a_summary(1)), ("item-3", a_summary(3))] if summaries is None else summaries
    write_export(ExportFormat.ZIP, ExportedBatch(batch or a_batch()), items, summaries, file)
    return zipfile.ZipFile(file)


def test_the_archive_is_what_it_was() -> None:
    """After a wanted change: print `printed(archive())` into the golden file, and read the difference."""
    assert printed(archive()) == GOLDEN.read_text(encoding="utf-8")


def printed(unpacked: zipfile.ZipFile) -> str:
    names = unpacked.namelist()
    return "".join(f"===== {name}\n{unpacked.read(name).decode('utf-8-sig')}" for name in names).replace("\r\n", "\n")


def test_one_folder_holds_every_file_of_the_contract() -> None:
    assert {name.removeprefix(FOLDER) for name in archive().namelist()} == {
        "001-Le pain d'été.md",
        "003-酸种面包.md",
        "index.md",
        "metadata.json",
        "summaries.json",
        "summaries.csv",
        "failures.csv",
    }


def test_metadata_knows_the_sum_of_every_other_file() -> None:
    unpacked = archive()
    metadata = json.loads(unpacked.read(f"{FOLDER}metadata.json"))
    pages = [item["file"] for item in metadata["items"] if item["file"]]
    listed = {file["name"]: (file["size_bytes"], file["sha256"]) for file in [*metadata["files"], *pages]}
    found = {name.removeprefix(FOLDER): unpacked.read(name) for name in unpacked.namelist()}
    del found["metadata.json"]
    assert listed == {name: (len(data), hashlib.sha256(data).hexdigest()) for name, data in found.items()}


def test_metadata_names_the_version_that_wrote_it() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    metadata = json.loads(archive().read(f"{FOLDER}metadata.json"))
    assert metadata["generator"] == {"name": "Skimlist", "version": project["version"]}
    assert skimlist.__version__ == project["version"]


def test_every_link_of_the_index_leads_to_a_file() -> None:
    unpacked = archive()
    index = unpacked.read(f"{FOLDER}index.md").decode()
    links = {unquote(link) for link in re.findall(r"\]\(([^)]*)\)", index) if not link.startswith("https:")}
    assert {f"{FOLDER}{link}" for link in links} == set(unpacked.namelist()) - {f"{FOLDER}index.md"}


def test_the_index_says_what_was_asked_for() -> None:
    options = SummaryOptions(language="pt", focus_areas=("flour | water", "time"))
    asked = a_batch(settings=BatchSettings(model="extractive", options=options), saved_usd=Decimal("0.5"))
    index = archive(asked).read(f"{FOLDER}index.md").decode()
    assert "| Language | pt |\n| Focus | flour \\| water, time |" in index
    assert r"| Cost | \$0.0123 (\$0.50 saved) |" in index


def test_a_title_with_a_bar_does_not_break_the_table() -> None:
    index = archive().read(f"{FOLDER}index.md").decode()
    row = next(line for line in index.splitlines() if line.startswith("| 1 |"))
    assert "[Le pain \\| d'été](" in row
    assert len(re.split(r"(?<!\\)\|", row)) == 7


def test_failures_come_with_reason_and_advice() -> None:
    skipped = an_item(1, status=VideoStatus.SKIPPED)
    unpacked = archive(items=[skipped, a_failed_item(2), an_item(3)], summaries=[("item-3", a_summary(3))])
    (row,) = csv.DictReader(io.StringIO(unpacked.read(f"{FOLDER}failures.csv").decode("utf-8-sig"), newline=""))
    assert (row["position"], row["code"], row["retryable"]) == ("2", "captions_disabled", "no")
    assert "Captions are switched off" in unpacked.read(f"{FOLDER}index.md").decode()


def test_a_failure_that_is_tried_again_is_none() -> None:
    again = a_failed_item(1, status=VideoStatus.PENDING)
    unpacked = archive(items=[again], summaries=[])
    assert "Failures" not in unpacked.read(f"{FOLDER}index.md").decode()
    assert len(unpacked.read(f"{FOLDER}failures.csv").splitlines()) == 1


def test_a_running_batch_says_what_is_done_so_far() -> None:
    running = a_batch(status=BatchStatus.PROCESSING, total=5, completed=1, failed=0, completed_at=None)
    items = [an_item(1), *(an_item(number, status=VideoStatus.PENDING) for number in range(2, 6))]
    unpacked = archive(running, items, [("item-1", a_summary(1))])
    metadata = json.loads(unpacked.read(f"{FOLDER}metadata.json"))
    assert metadata["batch"]["status"] == "processing" and metadata["batch"]["counts"]["left"] == 4
    assert [bool(item["file"]) for item in metadata["items"]] == [True, False, False, False, False]
    assert "| Videos | 5 videos: 1 summarized, 4 to do |" in unpacked.read(f"{FOLDER}index.md").decode()


def test_data_that_an_export_does_not_show_does_not_change_it() -> None:
    later = a_batch(updated_at=ENDED.replace(year=2026), run=7, has_no_execution=True)
    assert [info.CRC for info in archive(later).infolist()] == [info.CRC for info in archive().infolist()]


def test_files_carry_the_time_of_the_batch_and_plain_permissions() -> None:
    for info in archive().infolist():
        assert info.date_time == (2025, 8, 27, 14, 0, 0)
        assert info.external_attr >> 16 == 0o100644


def test_the_archive_is_intact_and_deflated() -> None:
    unpacked = archive()
    assert unpacked.testzip() is None
    assert {info.compress_type for info in unpacked.infolist()} == {zipfile.ZIP_DEFLATED}


def test_hostile_titles_stay_within_the_folder() -> None:
    unpacked = archive(items=[an_item(1, title="../../etc/passwd")], summaries=[("item-1", a_summary(1))])
    assert all(name.startswith(FOLDER) and name.count("/") == 1 and ".." not in name for name in unpacked.namelist())


def test_the_directory_at_its_end_is_the_one_that_zipfile_writes() -> None:
    ours, theirs = archive(), io.BytesIO()
    with zipfile.ZipFile(theirs, "w") as whole:
        for info in ours.infolist():
            plain = zipfile.ZipInfo(info.filename, info.date_time)
            plain.compress_type, plain.external_attr = info.compress_type, info.external_attr
            whole.writestr(plain, ours.read(info), compresslevel=1)
    assert ours.fp and theirs.getvalue() == (ours.fp.seek(0), ours.fp.read())[1]


def test_memory_grows_by_little_more_than_the_names() -> None:
    # xdist may send this process its next tests meanwhile.
    others = [tracemalloc.Filter(False, f"*/{package}/*") for package in ("execnet", "xdist")]
    held: list[int] = []

    def summaries() -> Iterator[tuple[str, Summary]]:
        for number in range(1, 151):
            if number % 50 == 0:
                gc.collect()
                held.append(sum(trace.size for trace in tracemalloc.take_snapshot().filter_traces(others).traces))
            yield f"item-{number}", a_summary(number)

    def write() -> None:
        with TemporaryFile() as file:
            write_export(
                ExportFormat.ZIP, ExportedBatch(a_batch(total=150)), map(an_item, range(1, 151)), summaries(), file
            )

    tracemalloc.start()
    write()  # fills caches, each as far as earlier tests have not
    held.clear()
    write()
    tracemalloc.stop()
    assert held[-1] - held[0] < 100 * 250
