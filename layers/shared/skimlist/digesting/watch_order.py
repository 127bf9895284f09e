"""Orders videos for watching: first the one with the most shared topics, then whichever adds the most.

Greedy maximum coverage with costs (Lin and Bilmes: "A class of submodular functions for document summarization", ACL
2011): a long video has to add more than a short one. Parts of a series keep their order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from skimlist.digesting.outlines import Outline
from skimlist.text.phrases import Phrase

# How strongly the length of a video counts against it (Lin and Bilmes' r), and the length assumed if it is unknown.
_COST = 0.3
_USUAL_SECONDS = 600.0

_NUMBER = re.compile(r"\d+")


class Step(NamedTuple):
    """The video (an index) to watch next, and the shared topics that it introduces, the best first."""

    video: int
    new: list[Phrase]


def watch_order(
    outlines: Sequence[Outline], topics: Sequence[Mapping[Phrase, float]], shared: Mapping[Phrase, float], most: int
) -> list[Step]:
    """Returns up to `most` videos in order. `topics` has each video's topics, `shared` the value of the shared ones."""
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
    """Series of videos: titles that are equal up to a number belong to one series, ordered by that number."""

    def __init__(self, titles: Sequence[str]) -> None:
        self._places = [dict(_numbered_beginnings(title)) for title in titles]

    def earliest(self, video: int, candidates: Sequence[int]) -> int:
        """Returns the first candidate in the series of this video; the video itself if it is in no series."""
        own = self._places[video]
        earlier = [
            (number, other)
            for other in candidates
            for beginning, number in self._places[other].items()
            if number < own.get(beginning, number)
        ]
        return min(earlier)[1] if earlier else video


def _numbered_beginnings(title: str) -> Iterator[tuple[str, int]]:
    """Yields the text before each number of a title, and the number."""
    for match in _NUMBER.finditer(title):
        yield title[: match.start()].casefold(), int(match[0])
