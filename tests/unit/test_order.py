"""The order of a queue as it is changed: every number stays in it once, and positions have no gaps."""

from __future__ import annotations

from collections import Counter
from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from skimlist.jobs.order import Order, given_back
from skimlist.models.listed_playlist import ListedPlaylist, PlaylistStatus

READ = ListedPlaylist(id="PLread", status=PlaylistStatus.EXPANDED)


def playlists(number: int) -> tuple[ListedPlaylist, ...]:
    return tuple(ListedPlaylist(id=f"PL{place}") for place in range(number))


@st.composite
def orders(draw: st.DrawFn) -> Order:
    """Generates orders of up to 30 items and up to 4 playlists, some of which were read before."""
    count, lists = draw(st.integers(0, 30)), draw(st.integers(0, 4))
    unread = draw(st.sets(st.integers(1, lists))) if lists else set()
    entries = draw(st.permutations([*range(1, count + 1), *(-place for place in unread)]))
    return Order(entries=tuple(entries), playlists=playlists(lists))


@st.composite
def moves(draw: st.DrawFn) -> tuple[Order, list[int]]:
    order = draw(orders())
    some = draw(st.lists(st.sampled_from(order.numbers), unique=True)) if order.numbers else []
    return order, some


@given(orders())
def test_positions_go_from_one_to_n_without_gaps(order: Order) -> None:
    positions = order.positions()
    assert list(positions) == list(order.numbers)
    assert list(positions.values()) == list(range(1, len(order.numbers) + 1))


@given(moves())
def test_moving_keeps_everything_once_and_moves_nothing_else(move: tuple[Order, list[int]]) -> None:
    order, numbers = move
    moved = order.moved(numbers)
    assert Counter(moved.entries) == Counter(order.entries)
    assert [entry for entry in moved.entries if entry in numbers] == numbers
    for before, after in zip(order.entries, moved.entries, strict=True):
        assert before == after or (before in numbers and after in numbers)
    assert (moved.requeued, moved.playlists) == (order.requeued, order.playlists)


@given(moves())
def test_moving_back_restores_the_order(move: tuple[Order, list[int]]) -> None:
    order, numbers = move
    before = [entry for entry in order.entries if entry in numbers]
    assert order.moved(numbers).moved(before) == order


@given(orders(), st.integers(0, 10), st.integers(0, 3))
def test_added_items_come_after_all_others(order: Order, videos: int, lists: int) -> None:
    numbers = range(101, 101 + videos)
    added = playlists(lists)
    extended = order.extended(numbers, added)
    assert extended.numbers == (*order.numbers, *numbers)
    assert extended.entries[: len(order.entries)] == order.entries
    assert len(set(extended.entries)) == len(extended.entries)
    places = extended.unread_playlists[len(order.unread_playlists) :]
    assert tuple(extended.playlists[place] for place in places) == added


@given(orders(), st.data())
def test_a_playlist_gives_its_place_to_its_videos(order: Order, data: st.DataObject) -> None:
    if not order.unread_playlists:
        order = order.extended([], playlists(1))
    index = data.draw(st.sampled_from(order.unread_playlists))
    numbers = range(101, 101 + data.draw(st.integers(0, 5)))
    place = order.entries.index(-index - 1)
    expanded = order.expanded(index, numbers, READ)
    assert expanded.entries == (*order.entries[:place], *numbers, *order.entries[place + 1 :])
    assert expanded.unread_playlists == tuple(other for other in order.unread_playlists if other != index)
    assert expanded.playlists == tuple(
        READ if other == index else playlist for other, playlist in enumerate(order.playlists)
    )


@given(orders())
def test_when_every_playlist_is_read_only_items_are_left(order: Order) -> None:
    expanded = order
    fresh = {index: (1000 + 2 * index, 1001 + 2 * index) for index in order.unread_playlists}
    for index, numbers in fresh.items():
        expanded = expanded.expanded(index, numbers, READ)
    assert expanded.entries == expanded.numbers
    assert Counter(expanded.numbers) == Counter([*order.numbers, *chain.from_iterable(fresh.values())])


@given(st.lists(st.integers(1, 50), unique=True, max_size=25), st.sets(st.integers(1, 50)))
def test_the_longest_untouched_end_is_given_back(taken: list[int], untouched: set[int]) -> None:
    back = list(given_back(taken, untouched))
    kept = taken[: len(taken) - len(back)]
    assert kept + back == taken
    assert set(back) <= untouched
    assert not kept or kept[-1] not in untouched
