"""Dataclasses are stored, and restored by their annotations."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skimlist.codec import decode, to_dynamodb, to_json
from skimlist.models.digest import Digest
from skimlist.models.summary import Summary
from testkit.batches import a_summary


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    share: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A record with a field of each type that records have."""

    share: Decimal
    count: int
    seconds: float
    at: datetime
    colour: Colour
    optional: str | None
    parts: tuple[Part, ...]
    by_colour: Mapping[Colour, tuple[int, ...]]
    added_later: bool = False


WHOLE = Whole(
    share=Decimal("0.25"),
    count=3,
    seconds=1.5,
    at=datetime(2026, 11, 28, tzinfo=UTC),
    colour=Colour.RED,
    optional=None,
    parts=(Part(share=Decimal("0.75")),),
    by_colour={Colour.RED: (1, 2)},
)


def test_dynamodb_gets_no_floats_times_tuples_or_none() -> None:
    assert to_dynamodb(WHOLE) == {
        "share": Decimal("0.25"),
        "count": 3,
        "seconds": Decimal("1.5"),
        "at": "2026-11-28T00:00:00+00:00",
        "colour": "red",
        "parts": [{"share": Decimal("0.75")}],
        "by_colour": {"red": [1, 2]},
        "added_later": False,
    }


@pytest.mark.parametrize("stored", [to_dynamodb(WHOLE), json.loads(to_json(WHOLE))], ids=["DynamoDB", "JSON"])
def test_every_type_comes_back_by_its_annotation(stored: dict[str, Any]) -> None:
    assert decode(Whole, {**stored, "from a newer release": 1}) == WHOLE


def test_json_omits_absent_values() -> None:
    stored = json.loads(to_json(a_summary(focus=(), tags=(), channel=None)))
    assert stored["tags"] == [], "It has no default."
    assert not {"focus", "channel", "description"} & set(stored)


def test_an_older_record_has_the_defaults_of_what_it_lacks() -> None:
    stored = to_dynamodb(WHOLE)
    del stored["added_later"]
    assert decode(Whole, stored) == WHOLE


def test_a_fraction_is_not_cut_to_a_whole_number() -> None:
    with pytest.raises(ValueError, match=r"2\.5"):
        decode(Whole, {**to_dynamodb(WHOLE), "count": Decimal("2.5")})


def test_a_required_value_that_is_absent_is_named() -> None:
    with pytest.raises(TypeError, match="share"):
        decode(Part, {})


def test_an_unknown_annotation_is_refused() -> None:
    @dataclass
    class Unknown:
        places: set[int]

    with pytest.raises(TypeError, match="set"):
        decode(Unknown, {"places": [1]})


@given(st.from_type(Summary))
def test_a_summary_comes_back_from_what_is_stored(summary: Summary) -> None:
    assert decode(Summary, json.loads(to_json(summary))) == summary


@settings(max_examples=8)
@given(st.from_type(Digest))
def test_a_digest_comes_back_from_what_is_stored(digest: Digest) -> None:
    assert decode(Digest, json.loads(to_json(digest))) == digest


def test_a_whole_number_of_seconds_is_exported_as_it_was_stored() -> None:
    stored = json.loads(to_json(a_summary(duration_seconds=754)))
    assert '"duration_seconds":754,' in to_json(decode(Summary, stored))
