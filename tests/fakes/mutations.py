"""Unforeseen responses: parts dropped, replaced, nested and repeated, and whole responses cut off."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import strategies as st

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.sampled_from(["", "\ud800", "\0", "x" * 100_000, "NaN", "1e999", "../..", "https://example.com/"])
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


_JUNK = [b"", b"<", b"&#0;", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"\xff"]


@st.composite
def mutated(draw: st.DrawFn, answer: Any) -> Any:
    """Generates parsed JSON with one to three of its parts replaced."""
    answer = [copy.deepcopy(answer)]
    for _ in range(draw(st.integers(1, 3))):
        _change(draw, answer)
    return answer[0] if answer else None


def _change(draw: st.DrawFn, place: Any) -> None:
    key = draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
    while isinstance(place[key], dict | list) and place[key] and draw(st.integers(0, 4)):
        place = place[key]
        key = draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
    match draw(st.sampled_from(["drop", "replace", "nest in a list", "nest in an object", "repeat"])):
        case "drop" if isinstance(place, dict) or len(place) > 1:
            del place[key]
        case "nest in a list":
            place[key] = [place[key]]
        case "nest in an object":
            place[key] = {"runs": place[key]}
        case "repeat" if isinstance(place, list):
            place.append(place[key])
        case _:
            place[key] = draw(JSON)


@st.composite
def damaged(draw: st.DrawFn, body: bytes) -> bytes:
    """Generates a body that is cut off, or some of whose bytes are replaced."""
    start = draw(st.integers(0, len(body)))
    end = draw(st.integers(start, min(start + 40, len(body))))
    junk = draw(
        st.binary(max_size=20) | st.sampled_from([b"", b"<", b"&#0;", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"\xff"])
    )
    return body[:start] if draw(st.booleans()) else body[:start] + junk + body[end:]
