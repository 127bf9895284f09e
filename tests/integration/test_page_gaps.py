"""The page says which half of a video a summary leaves out."""

from __future__ import annotations

from typing import Any

from tests.page_modules import evaluate

POINTS = [{"start_seconds": 62.9}, {"start_seconds": 0.0}, {"start_seconds": None}]


def a_summary(*chapters: float, tenths: int | None = 3, spoken: int | None = 10, **changes: Any) -> dict[str, Any]:
    return {
        "key_points": POINTS,
        "chapters": [{"start_seconds": start} for start in chapters],
        "duration_seconds": 282.0,
        "coverage": {"tenths": tenths, "tenths_spoken": spoken},
        **changes,
    }


def test_the_longest_stretch_without_a_key_point_or_chapter_is_named_if_it_is_half_of_the_video() -> None:
    gaps = {
        "to the end": (a_summary(), [62.9, 282.0]),
        "in the middle": (a_summary(250.0), [62.9, 250.0]),
        "exactly half": (a_summary(203.9), [62.9, 203.9]),
        "less than half": (a_summary(200.0), None),
        "nothing else is said": (a_summary(tenths=3, spoken=3), None),
        "not counted": (a_summary(tenths=None, spoken=None), None),
        "without moments": (a_summary(key_points=[POINTS[2]], tenths=0), None),
        "length not known": (a_summary(duration_seconds=None), None),
    }
    found = evaluate("summary-gap.js", "given.map(page.gapIn)", [summary for summary, _ in gaps.values()])
    assert dict(zip(gaps, found, strict=True)) == {name: gap for name, (_, gap) in gaps.items()}
