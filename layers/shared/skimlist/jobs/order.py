"""The order of a queue: the position of every item, and the changes of an order."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from skimlist.models.listed_playlist import ListedPlaylist


@dataclass(frozen=True, slots=True)
class Order:
    """The numbers of all items in queue order, with slots for the playlists that have not been read yet.

    `requeued` has items that were put back; they come before all items that have not been taken yet.
    """

    entries: tuple[int, ...] = ()
    requeued: tuple[int, ...] = ()
    playlists: tuple[ListedPlaylist, ...] = ()

    @property
    def numbers(self) -> tuple[int, ...]:
        return tuple(entry for entry in self.entries if not _is_slot(entry))

    @property
    def is_ascending(self) -> bool:
        """Whether the items are in the order of their numbers, as they are until somebody moves one."""
        return all(before < after for before, after in pairwise(self.numbers))

    @property
    def unread_playlists(self) -> tuple[int, ...]:
        """Returns indexes into `playlists`, in reading order."""
        return tuple(_playlist_of(entry) for entry in self.entries if _is_slot(entry))

    def positions(self) -> dict[int, int]:
        """Returns the position (1…n) of every item by its number."""
        return {number: position for position, number in enumerate(self.numbers, start=1)}

    def moved(self, numbers: Sequence[int]) -> Order:
        """Returns the order with these items reordered among the places that they hold; the others stay."""
        moved = iter(numbers)
        given = set(numbers)
        return replace(self, entries=tuple(next(moved) if entry in given else entry for entry in self.entries))

    def renumbered(self, numbers: Sequence[int]) -> Order:
        """Returns the same order with these numbers in place of its items."""
        new = iter(numbers)
        return replace(self, entries=tuple(entry if _is_slot(entry) else next(new) for entry in self.entries))

    def extended(self, numbers: Sequence[int], playlists: Sequence[ListedPlaylist]) -> Order:
        """Returns the order with items, then playlists, added at its end."""
        added = range(len(self.playlists), len(self.playlists) + len(playlists))
        return replace(
            self,
            entries=(*self.entries, *numbers, *map(_slot, added)),
            playlists=(*self.playlists, *playlists),
        )

    def expanded(self, index: int, numbers: Sequence[int], playlist: ListedPlaylist) -> Order:
        """Returns the order with a playlist's slot replaced by its items, or by nothing if it could not be read."""
        place = self.entries.index(_slot(index))
        return replace(
            self,
            entries=(*self.entries[:place], *numbers, *self.entries[place + 1 :]),
            playlists=(*self.playlists[:index], playlist, *self.playlists[index + 1 :]),
        )


def _slot(index: int) -> int:
    """Returns the entry that stands for the unread `playlists[index]`: a number below zero, which no item has."""
    return -index - 1


def _is_slot(entry: int) -> bool:
    return entry < 0


def _playlist_of(slot: int) -> int:
    return -slot - 1


def numbers_without(dropped: Collection[int], numbers: Sequence[int]) -> tuple[int, ...]:
    return tuple(number for number in numbers if number not in dropped)


def given_back(taken: Sequence[int], untouched: Collection[int]) -> Sequence[int]:
    """The trailing items of `taken` that are all untouched."""
    begin = len(taken)
    while begin and taken[begin - 1] in untouched:
        begin -= 1
    return taken[begin:]
