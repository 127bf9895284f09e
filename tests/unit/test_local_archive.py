from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable
from typing import Any
from zipfile import ZipFile

import pytest

from local.archive import problems

VIDEOS = ("first", "second", "broken")
FAILING = {"broken"}

Files = dict[str, bytes]


def good_files() -> Files:
    """What the archive of three videos holds, of which the last one failed."""
    pages = {"001-First.md": b"one", "002-Second.md": b"two"}
    urls = [f"https://youtu.be/{video}" for video in VIDEOS]
    links = "".join(
        f"[x]({name})" for name in (*pages, "metadata.json", "summaries.json", "summaries.csv", "failures.csv")
    )
    summaries = [{"url": url, "text": "words"} for url in urls[:2]]
    documents = {
        "index.md": f"{links}[x]({urls[2]})".encode(),
        "summaries.json": json.dumps(summaries).encode(),
        "summaries.csv": table(["url"], *([url] for url in urls[:2])),
        "failures.csv": table(["url", "reason"], [urls[2], "It is private."]),
    }
    items = [
        *(item(video, url, record(name, pages[name])) for video, url, name in zip(VIDEOS, urls, pages, strict=False)),
        item("broken", urls[2], None) | {"status": "failed", "error": {"message": "It is private."}},
    ]
    metadata = {
        "batch": {"counts": {"total": 3, "completed": 2, "failed": 1, "skipped": 0, "left": 0}},
        "items": items,
        "files": [record(name, content) for name, content in documents.items()],
    }
    return {**pages, **documents, "metadata.json": json.dumps(metadata).encode()}


def item(video_id: str, url: str, file: dict[str, Any] | None) -> dict[str, Any]:
    return {"video_id": video_id, "url": url, "status": "completed", "error": None, "file": file}


def record(name: str, content: bytes) -> dict[str, Any]:
    return {"name": name, "size_bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def table(*rows: list[str]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def found(files: Files, folder: str = "Demo-1/") -> str:
    packed = io.BytesIO()
    with ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(folder + name, content)
    return "\n".join(problems(ZipFile(packed), VIDEOS, FAILING))


def in_metadata(change: Callable[[dict[str, Any]], object]) -> Files:
    files = good_files()
    metadata = json.loads(files["metadata.json"])
    change(metadata)
    return files | {"metadata.json": json.dumps(metadata).encode()}


def test_a_good_archive_has_no_problems() -> None:
    assert found(good_files()) == ""


def test_files_outside_of_the_one_folder_are_a_problem() -> None:
    assert "one folder" in found(good_files(), folder="")


@pytest.mark.parametrize("name", sorted(good_files()))
def test_every_file_has_to_be_there(name: str) -> None:
    files = good_files()
    del files[name]
    assert found(files)


def test_a_changed_file_is_noticed() -> None:
    assert "002-Second.md is not the file" in found(good_files() | {"002-Second.md": b"other"})


def test_a_file_that_nobody_listed_is_noticed() -> None:
    assert "stray.txt" in found(good_files() | {"stray.txt": b""})


def test_a_video_that_failed_against_expectation_is_named_with_its_reason() -> None:
    reason = {"status": "failed", "error": {"message": "YouTube blocks."}, "file": None}
    assert "first is failed instead of completed: YouTube blocks." in found(
        in_metadata(lambda metadata: metadata["items"][0].update(reason))
    )


def test_a_video_that_should_have_failed_is_named() -> None:
    changed = in_metadata(lambda metadata: metadata["items"][2].update(status="completed", error=None))
    assert "broken is completed instead of failed" in found(changed)


def test_the_order_of_the_batch_counts() -> None:
    assert "order" in found(in_metadata(lambda metadata: metadata["items"].reverse()))


def test_wrong_counts_are_noticed() -> None:
    assert "counts" in found(in_metadata(lambda metadata: metadata["batch"]["counts"].update(completed=3)))


@pytest.mark.parametrize("name", ["summaries.csv", "failures.csv"])
def test_a_table_without_its_rows_is_noticed(name: str) -> None:
    assert f"{name} holds []" in found(good_files() | {name: table(["url", "reason"])})


def test_a_failure_without_a_reason_is_noticed() -> None:
    changed = good_files() | {"failures.csv": table(["url", "reason"], ["https://youtu.be/broken", ""])}
    assert "failures.csv holds []" in found(changed)


def test_an_empty_summary_is_noticed() -> None:
    summaries = [{"url": f"https://youtu.be/{video}", "text": " "} for video in VIDEOS[:2]]
    assert "empty summary" in found(good_files() | {"summaries.json": json.dumps(summaries).encode()})


def test_an_index_without_a_link_is_noticed() -> None:
    assert "index.md does not link to 001-First.md." in found(good_files() | {"index.md": b"nothing"})
