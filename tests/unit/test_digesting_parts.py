"""Parts of a large batch: complete, small enough, and the same ones when a video is added."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from skimlist.digesting.outlines import Statement
from skimlist.digesting.parts import Material, split
from tests.fakes.digesting import an_outline

LIMIT = 200


def material(place: int, words: int = 5) -> Material:
    return Material(place=place, outlines=(an_outline(place + 1, "word " * words),))


places = st.sets(st.integers(0, 400), min_size=1, max_size=60).map(sorted)
batches = places.flatmap(
    lambda found: st.lists(st.integers(0, 60), min_size=len(found), max_size=len(found)).map(
        lambda words: [material(place, count) for place, count in zip(found, words, strict=True)]
    )
)


def positions(parts: list[Material]) -> list[list[int]]:
    return [[outline.position for outline in part.outlines] for part in parts]


@given(batches)
def test_every_video_is_in_one_part_in_order(materials: list[Material]) -> None:
    parts = split(materials, LIMIT)
    assert [position for part in positions(parts) for position in part] == [each.place + 1 for each in materials]


@given(batches)
def test_no_part_is_too_large_unless_it_is_one_video(materials: list[Material]) -> None:
    for part in split(materials, LIMIT):
        assert part.tokens <= LIMIT or len(part.outlines) == 1 or _one_place(part, materials)


def _one_place(part: Material, materials: list[Material]) -> bool:
    return len([each for each in materials if each.outlines[0] in part.outlines]) == 1


@given(batches)
def test_all_parts_span_equally_many_places(materials: list[Material]) -> None:
    parts = split(materials, LIMIT)
    span = next(1 << power for power in range(12) if _spans(parts, 1 << power))
    assert [part.place for part in parts] == sorted({each.place // span for each in materials})


def _spans(parts: list[Material], span: int) -> bool:
    return all(
        outline.position - 1 in range(p.place * span, (p.place + 1) * span) for p in parts for outline in p.outlines
    )


def test_a_video_that_is_added_changes_its_own_part_only() -> None:
    materials = [material(place) for place in range(64) if place != 20]
    before, after = split(materials, LIMIT), split(sorted([*materials, material(20)], key=lambda m: m.place), LIMIT)
    assert len(before) == len(after) > 4
    assert sum(left != right for left, right in zip(before, after, strict=True)) == 1


def test_without_a_limit_there_is_one_part() -> None:
    assert len(split([material(place, 100) for place in range(50)], None)) == 1
    assert split([], None) == []


def test_findings_stay_with_their_part() -> None:
    finding = Statement("They agree.", ())
    first = Material(place=0, outlines=(an_outline(1, "a"),), findings=(finding,))
    second = Material(place=1, outlines=(an_outline(9, "b"),), findings=(finding, finding))
    (part,) = split([first, second], None)
    assert (len(part.outlines), len(part.findings)) == (2, 3)
