"""In which order to watch videos: first what touches most of what they share, then what adds most to that.

Greedy maximum coverage with costs (Lin and Bilmes: "A class of submodular functions for document summarization", ACL
2011): a long video has to add more than a short one. Parts of a series keep their order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from skimlist.digesting.outlines import Outline
from skimlist.text.phrases import Phrase

# How much the length of a video holds it back (Lin and Bilmes' r), and what is taken for an unknown one.
_COST = 0.3
_USUAL_SECONDS = 600.0

_NUMBER = re.compile(r"\d+")


class Step(NamedTuple):
    """The video (an index) to watch next, and the shared topics that it is the first to touch, the best first."""

    video: int
    new: list[Phrase]


def watch_order(
    outlines: Sequence[Outline], topics: Sequence[Mapping[Phrase, float]], shared: Mapping[Phrase, float], most: int
) -> list[Step]:
    """Up to `most` videos. `topics` are those of each video, `shared` says what each shared one is worth."""
    series = _Series([outline.title for outline in outlines])
    costs = [max(outline.duration_seconds or _USUAL_SECONDS, 1.0) ** _COST for outline in outlines]
    left = list(range(len(outlines)))
    touched: set[Phrase] = set()
    steps: list[Step] = []
    while left and len(steps) < most:
        gains = {
            video: sum(shared.get(phrase, 0.0) for phrase in topics[video] if phrase not in touched) / costs[video]
            for video in left
        }
        video = series.earliest(max(left, key=gains.__getitem__), left)
        new = [phrase for phrase in topics[video] if phrase in shared and phrase not in touched]
        steps.append(Step(video, sorted(new, key=lambda phrase: (-shared[phrase], phrase))))
        touched.update(new)
        left.remove(video)
    return steps


class _Series:
    """Titles that are the same up to a number belong to one series, in the order of these numbers."""

    def __init__(self, titles: Sequence[str]) -> None:
        self._places = [dict(_numbered_beginnings(title)) for title in titles]

    def earliest(self, video: int, candidates: Sequence[int]) -> int:
        """The candidate that comes first in the series of this video, which is itself where there is none."""
        own = self._places[video]
        earlier = [
            (number, other)
            for other in candidates
            for beginning, number in self._places[other].items()
            if number < own.get(beginning, number)
        ]
        return min(earlier)[1] if earlier else video


def _numbered_beginnings(title: str) -> Iterator[tuple[str, int]]:
    """What comes before each number of a title, and the number."""
    for match in _NUMBER.finditer(title):
        yield title[: match.start()].casefold(), int(match[0])
