"""Which tenths of a video a summary draws on, and the longest stretch that it passes over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from skimlist.summarizing.lines import Line

_TENTHS = 10
# A model is asked again about half of a video that it has nothing on. Summaries of 13 real videos that were chosen to
# cover them never passed over so much, and lines chosen at random in 1.5 to 4 % of cases; both recorded answers of a
# small model, which broke off near the beginning, passed over seven tenths.
_TOO_MANY_IN_A_ROW = 5


class Tenths:
    """The tenths of the time in which something is said, by the lines that begin in them."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self._first = lines[0].start
        self._seconds = lines[-1].end - self._first
        self.spoken = {self._tenth(line.start) for line in lines}

    def drawn_on(self, seconds: Iterable[float]) -> set[int]:
        """Of the tenths in which something is said, those in which what a summary refers to begins."""
        return {self._tenth(second) for second in seconds} & self.spoken

    def missing(self, numbers: Iterable[int]) -> tuple[Line, ...]:
        """The longest stretch without a line of these numbers; none unless it is half of the video."""
        drawn_on = self.drawn_on(self._lines[number - self._lines[0].number].start for number in numbers)
        runs = [list(run) for is_drawn, run in groupby(sorted(self.spoken), key=drawn_on.__contains__) if not is_drawn]
        longest = max(runs, key=len, default=[])
        if len(longest) < _TOO_MANY_IN_A_ROW:
            return ()
        return tuple(line for line in self._lines if longest[0] <= self._tenth(line.start) <= longest[-1])

    def _tenth(self, second: float) -> int:
        # As precise as a summary's references are stored.
        passed = round(second, 1) - round(self._first, 1)
        return min(max(int(passed / self._seconds * _TENTHS), 0), _TENTHS - 1) if self._seconds > 0 else 0
