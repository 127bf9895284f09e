"""Finds the tenths of a video that a summary covers, and those on which it lacks a key point or chapter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from skimlist.summarizing.lines import Line

_TENTHS = 10
# A model is asked again if its summary has nothing on half of the video. Summaries of 13 real videos, chosen to cover
# them, never had such a gap, and lines chosen at random had one in 1.5 to 4 % of cases; both recorded answers of a
# small model, which broke off near the beginning, missed seven tenths.
_TOO_MANY_IN_A_ROW = 5

# Consecutive lines.
Stretch = tuple[Line, ...]


class Tenths:
    """The tenths of a video's time in which something is said, identified by the lines that begin in them."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self._first = lines[0].start
        self._seconds = lines[-1].end - self._first
        self.spoken = {self._tenth(line.start) for line in lines}

    def cited(self, numbers: Iterable[int]) -> set[int]:
        """Returns the tenths that contain one of these line numbers."""
        return self.covered(self._lines[number - self._lines[0].number].start for number in numbers)

    def covered(self, seconds: Iterable[float]) -> set[int]:
        """Returns the tenths with speech that contain one of these seconds."""
        return {self._tenth(second) for second in seconds} & self.spoken

    def gaps(self, numbers: Iterable[int], *, least: int = 0) -> tuple[Stretch, ...]:
        """Returns the lines of each tenth without any of these numbers, or () if there are few such tenths.

        `numbers` are the line numbers that a summary cites. Few are fewer than five in a row, and few enough that at
        least `least` tenths are covered.
        """
        covered = self.cited(numbers)
        runs = [list(run) for is_covered, run in groupby(sorted(self.spoken), covered.__contains__) if not is_covered]
        if max(map(len, runs), default=0) < _TOO_MANY_IN_A_ROW and len(covered) >= least:
            return ()
        by_tenth = groupby(self._lines, lambda line: self._tenth(line.start))
        return tuple(tuple(lines) for tenth, lines in by_tenth if tenth not in covered)

    def _tenth(self, second: float) -> int:
        # Rounded in the same way as the references of a stored summary.
        passed = round(second, 1) - round(self._first, 1)
        return min(max(int(passed / self._seconds * _TENTHS), 0), _TENTHS - 1) if self._seconds > 0 else 0


@dataclass(frozen=True, slots=True)
class Places:
    """The stretches on which there is to be a key point each, and those on which there is to be a chapter each."""

    key_points: tuple[Stretch, ...]
    chapters: tuple[Stretch, ...]


def places(stretches: Sequence[Stretch], *, key_points: int, chapters: int) -> Places:
    """Chooses the stretches for some key points and chapters, which are spread evenly and on as many as possible."""
    with_chapter = _spread_evenly(stretches, chapters)
    others = [stretch for stretch in stretches if stretch not in with_chapter]
    with_point = _spread_evenly(others, min(key_points, len(others)))
    with_both = _spread_evenly(with_chapter, key_points - len(with_point))
    return Places(tuple(each for each in stretches if each in (*with_point, *with_both)), with_chapter)


def _spread_evenly(stretches: Sequence[Stretch], count: int) -> tuple[Stretch, ...]:
    return tuple(stretches[number * len(stretches) // count] for number in range(count))
