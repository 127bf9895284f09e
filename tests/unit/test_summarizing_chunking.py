"""Cutting long transcripts into chunks."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from skimlist.summarizing.chunking import prompt_tokens, split
from skimlist.summarizing.lines import Line
from tests.fakes.summarizing import lines

TEXTS = st.lists(st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=200), max_size=60)


@given(TEXTS, st.integers(1, 500))
def test_every_line_is_in_exactly_one_chunk_in_order(texts: list[str], most: int) -> None:
    whole = lines(texts)
    assert [line for chunk in split(whole, most) for line in chunk] == list(whole)


@given(TEXTS, st.integers(1, 500))
def test_only_a_line_that_is_too_long_by_itself_makes_a_chunk_too_long(texts: list[str], most: int) -> None:
    for chunk in split(lines(texts), most):
        assert prompt_tokens(chunk) <= most or len(chunk) == 1


@given(TEXTS)
def test_without_a_limit_there_is_one_chunk(texts: list[str]) -> None:
    assert len(split(lines(texts), None)) == bool(texts)


def test_lines_that_fill_the_room_exactly_are_one_chunk() -> None:
    whole = lines(["Ten words or so that say nothing at all."] * 10)
    assert [len(split(whole, prompt_tokens(whole) - less)) for less in (0, 1)] == [1, 2]


def test_chunks_are_about_equally_long() -> None:
    sizes = [prompt_tokens(chunk) for chunk in split(lines(["Ten words or so that say nothing at all."] * 300), 1_000)]
    assert min(sizes) > 0.5 * max(sizes)


def test_a_chunk_ends_with_a_sentence_rather_than_at_a_pause() -> None:
    spoken = [Line(n, n * 9.0, n * 9.0 + 5, "Ten words or so that go on and on and on") for n in range(1, 41)]
    spoken[18] = replace(spoken[18], text="Ten words or so and then the sentence ends.")
    first, *_ = split(spoken, prompt_tokens(spoken) * 6 // 10)
    assert first[-1].number == 19


def test_as_many_chunks_are_made_as_are_asked_for() -> None:
    whole = lines(["Ten words or so that say nothing at all."] * 300)
    assert [len(split(whole, limit, at_least=7)) for limit in (None, 1_000_000)] == [7, 7]


def test_a_chunk_ends_at_the_longest_pause_near_its_end() -> None:
    spoken = [Line(n, n * 5.0, n * 5.0 + 5, "Ten words or so that say nothing at all.") for n in range(1, 41)]
    pause_after = 18
    late = [3.0 * (line.number > pause_after) for line in spoken]
    moved = [replace(line, start=line.start + by, end=line.end + by) for line, by in zip(spoken, late, strict=True)]
    first, *_ = split(moved, prompt_tokens(moved) * 6 // 10)
    assert first[-1].number == pause_after
