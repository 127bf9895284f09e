"""Baselines that a summary has to beat: the first words of a talk, and random lines."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence

from skimlist.models.transcript import Segment
from skimlist.summarizing.lines import Line, caption_lines
from skimlist.text.words import count_words


def lead(segments: Sequence[Segment], words: int) -> list[Line]:
    """Returns the talk's first lines, about `words` words in all."""
    return _up_to(caption_lines(segments), words)


def at_random(segments: Sequence[Segment], words: int, seed: int) -> list[Line]:
    """Returns random lines of the talk in order, about `words` words in all."""
    lines = list(caption_lines(segments))
    random.Random(seed).shuffle(lines)
    return sorted(_up_to(lines, words), key=lambda line: line.number)


def _up_to(lines: Iterable[Line], words: int) -> list[Line]:
    taken: list[Line] = []
    for line in lines:
        if words <= 0:
            break
        taken.append(line)
        words -= count_words(line.text)
    return taken
