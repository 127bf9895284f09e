"""Finds the tenths of a video that a summary covers, and the longest stretch that it does not cover."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from skimlist.summarizing.lines import Line

_TENTHS = 10
# A model is asked again if its summary has nothing on half of the video. Summaries of 13 real videos, chosen to cover
# them, never had such a gap, and lines chosen at random had one in 1.5 to 4 % of cases; both recorded answers of a
# small model, which broke off near the beginning, missed seven tenths.
_TOO_MANY_IN_A_ROW = 5


class Tenths:
    """The tenths of a video's time in which something is said, identified by the lines that begin in them."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self._first = lines[0].start
        self._seconds = lines[-1].end - self._first
        self.spoken = {self._tenth(line.start) for line in lines}

    def covered(self, seconds: Iterable[float]) -> set[int]:
        """Returns the tenths with speech that contain one of these seconds."""
        return {self._tenth(second) for second in seconds} & self.spoken

    def longest_gap(self, numbers: Iterable[int]) -> tuple[Line, ...]:
        """Returns the lines of the longest stretch without any of these numbers, or () if it is under half the video.

        `numbers` are the line numbers that a summary cites.
        """
        covered = self.covered(self._lines[number - self._lines[0].number].start for number in numbers)
        runs = [list(run) for is_covered, run in groupby(sorted(self.spoken), covered.__contains__) if not is_covered]
        longest = max(runs, key=len, default=[])
        if len(longest) < _TOO_MANY_IN_A_ROW:
            return ()
        return tuple(line for line in self._lines if longest[0] <= self._tenth(line.start) <= longest[-1])

    def _tenth(self, second: float) -> int:
        # As precise as a summary's references are stored.
        passed = round(second, 1) - round(self._first, 1)
        return min(max(int(passed / self._seconds * _TENTHS), 0), _TENTHS - 1) if self._seconds > 0 else 0
