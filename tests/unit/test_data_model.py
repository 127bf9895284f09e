"""`docs/data-model.md` names every record, every index and every place in the bucket."""

from __future__ import annotations

import inspect
import re
from datetime import UTC, datetime

import pytest

from skimlist import bucket
from skimlist.export.formats import ExportFormat
from skimlist.jobs import records
from testkit import template
from testkit.template import ROOT

DOCUMENT = (ROOT / "docs" / "data-model.md").read_text(encoding="utf-8")
ARGUMENTS = {"now": datetime(2026, 11, 27, tzinfo=UTC), "cause": "youtube"}
KEYS = {
    name.removesuffix("_key").replace("_", " "): function
    for name, function in inspect.getmembers(records, inspect.isfunction)
    if name.endswith("_key")
}


def rows(heading: str) -> list[list[str]]:
    """Returns the cells of the first table below a heading."""
    parts = DOCUMENT.partition(f"## {heading}\n\n")[2].split("\n\n")
    lines = next(part for part in parts if part.startswith("|")).splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def fits(shape: str, text: str) -> bool:
    """Returns whether a key has a documented shape, as `BATCH#b7f3` has `BATCH#<batch>`; `or` joins several shapes."""
    return any(
        re.fullmatch(re.sub(r"<[^>]+>", "[^/#]+", re.escape(each).replace(r"\#", "#")), text)
        for each in re.findall(r"`([^`]+)`", shape)
    )


def test_the_rows_are_the_records_that_the_code_can_make() -> None:
    assert sorted(row[0] for row in rows("The table")) == sorted(KEYS)


@pytest.mark.parametrize("name", KEYS)
def test_the_keys_of_a_record_are_those_of_its_row(name: str) -> None:
    parameters = inspect.signature(KEYS[name]).parameters
    key = KEYS[name](*(ARGUMENTS.get(parameter, "b7f3") for parameter in parameters))
    (row,) = (row for row in rows("The table") if row[0] == name)
    assert fits(row[1], key["pk"])
    assert fits(row[2], key["sk"])


def test_every_index_is_named_with_its_keys() -> None:
    documented = dict(re.findall(r"^\| `(\w+)` \| (`\w+`, `\w+`) \|", DOCUMENT, re.MULTILINE))
    indexes = template.properties("Table")["GlobalSecondaryIndexes"]
    keys = {each["IndexName"]: ", ".join(f"`{key['AttributeName']}`" for key in each["KeySchema"]) for each in indexes}
    assert documented == keys


def test_every_place_in_the_bucket_is_named() -> None:
    shapes = [row[0] for row in rows("The bucket")]
    export = bucket.export_key("ada", "b7f3", 3, ExportFormat.ZIP)
    assert sum(fits(shape, export) for shape in shapes) == 1
    prefixes = set(re.findall(r'f"(\w+)/', inspect.getsource(bucket)))
    assert prefixes == {shape.strip("`").partition("/")[0] for shape in shapes}


def test_the_document_says_how_long_every_record_is_kept() -> None:
    documented = {name for row in rows("How long things are kept") for name in row[0].split(", ")}
    assert {name for name in KEYS if not documented & {name, f"{name}s", f"{name[:-1]}ies"}} == set()
