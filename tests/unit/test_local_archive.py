from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable
from typing import Any
from zipfile import ZipFile

import pytest

from local.archive import digest_section, problems

VIDEOS = ("first", "second", "broken")
FAILING = {"broken"}

Files = dict[str, bytes]


def good_files() -> Files:
    """Returns the files of an archive of three videos, the last of which failed."""
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


def found(files: Files, folder: str = "Demo-1/", *, with_digest: bool = False) -> str:
    packed = io.BytesIO()
    with ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(folder + name, content)
    return "\n".join(problems(ZipFile(packed), VIDEOS, FAILING, with_digest=with_digest))


def in_metadata(change: Callable[[dict[str, Any]], object]) -> Files:
    files = good_files()
    metadata = json.loads(files["metadata.json"])
    change(metadata)
    return files | {"metadata.json": json.dumps(metadata).encode()}


def test_a_good_archive_has_no_problems() -> None:
    assert found(good_files()) == ""


def test_files_outside_of_the_one_folder_are_a_problem() -> None:
    assert "single folder" in found(good_files(), folder="")


@pytest.mark.parametrize("name", sorted(good_files()))
def test_every_file_has_to_be_there(name: str) -> None:
    files = good_files()
    del files[name]
    assert found(files)


def test_a_changed_file_is_noticed() -> None:
    assert "002-Second.md does not have the SHA-256" in found(good_files() | {"002-Second.md": b"other"})


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


# --- The digest ---


def digested(**changes: Any) -> str:
    """Returns the problems of an archive whose digest, otherwise correct, has these fields."""
    place = {"video_id": "first", "title": "First"}
    themes = [{"text": "a", "evidence": [place]}]
    digest = {"themes": themes, "agreements": [], "differences": [], "watch_order": [{"video": place}], "videos": 2}
    digest["model"] = "some-model"
    index = good_files()["index.md"] + b"\n## Digest of 2 videos\n\nWords.\n\n## Summaries\n"

    def add_digest(metadata: dict[str, Any]) -> None:
        metadata["digest"] = digest | changes
        metadata["files"] = [record("index.md", index), *metadata["files"][1:]]

    return found(in_metadata(add_digest) | {"index.md": index}, with_digest=True)


def test_a_good_digest_has_no_problems() -> None:
    assert digested() == ""
    assert digested(themes=[], watch_order=[], model="extractive") == ""


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"videos": 1}, "made from 1 of 2"),
        ({"themes": [], "watch_order": []}, "names 0 places"),
        ({"watch_order": [{"video": {"video_id": "broken", "title": "Broken"}}]}, "names Broken"),
    ],
)
def test_a_digest_that_is_not_of_these_videos_is_a_problem(changes: dict[str, Any], problem: str) -> None:
    assert problem in digested(**changes)


def test_a_digest_that_is_missing_is_a_problem_where_it_was_asked_for() -> None:
    files = in_metadata(lambda metadata: metadata.update(digest=None))
    assert found(files) == ""
    assert found(files, with_digest=True) == "metadata.json has no digest."


def test_the_digest_is_cut_out_of_the_index() -> None:
    assert digest_section("# A\n\n## Digest of 2 videos\n\n### Themes\n\n## Summaries\n") == (
        "## Digest of 2 videos\n\n### Themes\n"
    )
    assert digest_section("## Quotations from 2 videos\n\nWords.\n") == "## Quotations from 2 videos\n\nWords.\n"
    assert digest_section("# A\n\n## Summaries\n") == ""
