"""Finds the places at which a talk changes its topic, by TextTiling.

Hearst: "TextTiling: Segmenting Text into Multi-paragraph Subtopic Passages" (Computational Linguistics 23, 1997): the
words before and after each gap are compared, and the deepest valleys of their similarity are the borders.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from math import ceil, sqrt
from statistics import fmean, pstdev

# Sentences are grouped into at most this many units, so that the work grows no faster than the talk.
_MAX_UNITS = 500
# Each gap is compared over this share of an average section on either side, and over at least this many units.
_BLOCK_SHARE = 0.5
_SMALLEST_BLOCK = 3


def section_starts(
    sentences: Sequence[Set[str]], weights: Mapping[str, float], starts: Sequence[float], most: int
) -> list[int]:
    """Returns the indices of the sentences at which a section begins: 0 and at most `most` - 1 changes of topic.

    `sentences` are sets of terms, `weights` the significance of each term, `starts` the second at which each sentence
    begins. No section is shorter than a third of an even share.
    """
    size = ceil(len(sentences) / _MAX_UNITS)
    borders = range(0, len(sentences), size)
    units = [Counter(term for sentence in sentences[at : at + size] for term in sentence) for at in borders]
    block = max(round(len(units) / most * _BLOCK_SHARE), _SMALLEST_BLOCK)
    if most < 2 or len(units) < 2 * block:
        return [0]
    depths = _depths(_similarities(units, weights, block))
    return [borders[unit] for unit in _deepest(depths, [starts[at] for at in borders], most)]


def _deepest(depths: Sequence[float], starts: Sequence[float], most: int) -> list[int]:
    """Returns unit 0 and the units after the deepest valleys, in order and well apart."""
    cutoff = max(fmean(depths) - pstdev(depths) / 2, 0.0)
    shortest = (starts[-1] - starts[0]) / most / 3
    chosen = [0]
    for unit in sorted(range(1, len(starts)), key=lambda unit: (-depths[unit - 1], unit)):
        if len(chosen) == most or depths[unit - 1] <= cutoff:
            break
        apart = all(abs(starts[unit] - starts[other]) >= shortest for other in chosen)
        if apart and starts[-1] - starts[unit] >= shortest / 2:
            chosen.append(unit)
    return sorted(chosen)


def _similarities(units: Sequence[Counter[str]], weights: Mapping[str, float], block: int) -> list[float]:
    """Returns the cosine similarity of the blocks before and after each gap between units."""
    left: Counter[str] = Counter()
    right = sum(units[:block], Counter())
    similarities = []
    for gap in range(1, len(units)):
        left += units[gap - 1]
        right -= units[gap - 1]
        if gap > block:
            left -= units[gap - block - 1]
        if gap + block <= len(units):
            right += units[gap + block - 1]
        similarities.append(_cosine(left, right, weights))
    return similarities


def _cosine(left: Mapping[str, int], right: Mapping[str, int], weights: Mapping[str, float]) -> float:
    product = sum(count * right[term] * weights[term] ** 2 for term, count in left.items() if term in right)
    return product / (_length(left, weights) * _length(right, weights)) if product else 0.0


def _length(counts: Mapping[str, int], weights: Mapping[str, float]) -> float:
    return sqrt(sum((count * weights[term]) ** 2 for term, count in counts.items()))


def _depths(similarities: Sequence[float]) -> list[float]:
    """Returns how far each similarity lies below the nearest peaks to its left and right, summed."""
    rises_left = _rises(similarities)
    rises_right = _rises(similarities[::-1])[::-1]
    return [left + right for left, right in zip(rises_left, rises_right, strict=True)]


def _rises(similarities: Sequence[float]) -> list[float]:
    """Returns for each value how much higher the peak is that one reaches by climbing to the left."""
    rises: list[float] = []
    peak = 0.0
    for index, value in enumerate(similarities):
        climbing = index > 0 and similarities[index - 1] >= value
        peak = peak if climbing else value
        rises.append(peak - value)
    return rises
