"""Checks the contents of a batch's ZIP."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence, Set
from typing import Any
from urllib.parse import unquote
from zipfile import ZipFile


def problems(archive: ZipFile, video_ids: Sequence[str], failing: Set[str], *, with_digest: bool = False) -> list[str]:
    """Returns the faults in the archive of a finished batch of `video_ids`, of which only `failing` may have failed.

    `with_digest` means that the batch asked for a digest, which is not expected for a single summary.
    """
    files = _read(archive)
    if "metadata.json" not in files:
        return ["It does not consist of a single folder with a metadata.json."]
    metadata = json.loads(files["metadata.json"])
    items = metadata["items"]
    return [
        *_wrong_outcomes(items, video_ids, failing),
        *_wrong_counts(metadata["batch"]["counts"], items),
        *_wrong_files(files, items, metadata["files"]),
        *_wrong_tables(files, items),
        *_missing_links(files.get("index.md", b"").decode(), files.keys() - {"index.md"}, items),
        *(_wrong_digest(metadata["digest"], items, files.get("index.md", b"").decode()) if with_digest else ()),
    ]


def digest_section(index: str) -> str:
    """Returns the digest's section of the index; empty if there is no digest."""
    found = re.search(r"^## (?:Digest of|Quotations from) [\s\S]*?(?=\n## |\Z)", index, re.MULTILINE)
    return found[0] if found else ""


def _read(archive: ZipFile) -> dict[str, bytes]:
    """Returns the files by their names within the top folder; empty unless there is exactly one folder."""
    names = [name for name in archive.namelist() if not name.endswith("/")]
    if len({name.split("/")[0] for name in names}) != 1 or len(set(names)) != len(names):
        return {}
    return {name.partition("/")[2]: archive.read(name) for name in names}


def _wrong_outcomes(items: list[dict[str, Any]], video_ids: Sequence[str], failing: Set[str]) -> Iterator[str]:
    if [item["video_id"] for item in items] != list(video_ids):
        yield "metadata.json does not list the videos in the order of the batch."
    for item in items:
        expected = "failed" if item["video_id"] in failing else "completed"
        if item["status"] != expected:
            reason = f": {item['error']['message']}" if item["error"] else ""
            yield f"{item['video_id']} is {item['status']} instead of {expected}{reason}"


def _wrong_counts(counts: dict[str, int], items: list[dict[str, Any]]) -> Iterator[str]:
    found = {status: sum(item["status"] == status for item in items) for status in ("completed", "failed", "skipped")}
    expected = {"total": len(items), **found}
    if {name: counts[name] for name in expected} != expected:
        yield f"metadata.json counts {counts}, its items are {expected}."


def _wrong_files(
    files: dict[str, bytes], items: list[dict[str, Any]], documents: list[dict[str, Any]]
) -> Iterator[str]:
    for item in items:
        if (item["file"] is not None) != (item["status"] == "completed"):
            yield f"{item['video_id']} is {item['status']}, and its file is {item['file']}."
    listed = {record["name"]: record for record in (*(item["file"] for item in items), *documents) if record}
    if listed.keys() != files.keys() - {"metadata.json"}:
        yield f"Listed and packed files differ: {sorted(listed.keys() ^ (files.keys() - {'metadata.json'}))}."
    for name in listed.keys() & files.keys():
        if hashlib.sha256(files[name]).hexdigest() != listed[name]["sha256"]:
            yield f"{name} does not have the SHA-256 that metadata.json gives."


def _wrong_tables(files: dict[str, bytes], items: list[dict[str, Any]]) -> Iterator[str]:
    """Yields the documents about all videos that do not list exactly the expected ones."""
    completed = _urls(items, "completed")
    summaries = json.loads(files.get("summaries.json", b"[]"))
    held = {
        "summaries.json": [summary["url"] for summary in summaries],
        "summaries.csv": [row["url"] for row in _rows(files.get("summaries.csv", b""))],
        "failures.csv": [row["url"] for row in _rows(files.get("failures.csv", b"")) if row["reason"]],
    }
    expected = {"summaries.json": completed, "summaries.csv": completed, "failures.csv": _urls(items, "failed")}
    yield from (
        f"{name} holds {held[name]} instead of {expected[name]}." for name in held if held[name] != expected[name]
    )
    yield from (f"{summary['url']} has an empty summary." for summary in summaries if not summary["text"].strip())


def _missing_links(index: str, names: Iterable[str], items: list[dict[str, Any]]) -> Iterator[str]:
    """Yields links that the index lacks: it links to every file, or to the video if there is no file."""
    targets = unquote(index)
    yield from (f"index.md does not link to {name}." for name in names if f"]({name})" not in targets)
    yield from (f"index.md leaves out {url}." for url in _urls(items, "failed") if f"]({url})" not in targets)


def _wrong_digest(digest: dict[str, Any] | None, items: list[dict[str, Any]], index: str) -> Iterator[str]:
    """Yields the faults of a digest, which may refer only to summarized videos and has to be part of the index."""
    summarized = [item["video_id"] for item in items if item["status"] == "completed"]
    if digest is None:
        if len(summarized) > 1:
            yield "metadata.json has no digest."
        return
    claims = [*digest["themes"], *digest["agreements"], *digest["differences"]]
    places = [place for claim in claims for place in claim["evidence"]]
    places += [step["video"] for step in digest["watch_order"]]
    yield from (f"The digest names {place['title']}." for place in places if place["video_id"] not in summarized)
    # The built-in model may find nothing to quote.
    if digest["videos"] != len(summarized) or not (places or digest["model"] == "extractive"):
        made_from = f"{digest['videos']} of {len(summarized)} summaries"
        yield f"The digest is made from {made_from} and names {len(places)} places."
    if not digest_section(index):
        yield "index.md has no digest."


def _urls(items: Iterable[dict[str, Any]], status: str) -> list[str]:
    return [item["url"] for item in items if item["status"] == status]


def _rows(table: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"), newline="")))
