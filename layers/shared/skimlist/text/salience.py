"""Picks the most relevant sentences of a text without repetitions.

Sentences are scored by the centroid method (Radev, Jing, Styś and Tam: "Centroid-based summarization of multiple
documents", Information Processing & Management 40, 2004) and chosen by maximal marginal relevance (Carbonell and
Goldstein: "The use of MMR, diversity-based reranking", SIGIR 1998).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from itertools import pairwise
from math import log, sqrt

from skimlist.text.words import is_spaceless, tokens

# MMR's lambda: the weight of relevance against novelty.
_RELEVANCE = 0.7
# The scores of shorter sentences are lowered because they seldom say much by themselves, those of longer ones because
# they run on.
_MIN_TERMS = 7
_MAX_TERMS = 12

Terms = frozenset[str]


def terms(text: str, stopwords: Set[str]) -> Terms:
    """Returns the words of a sentence that carry meaning; pairs of characters in scripts without spaces."""
    found = tokens(text)
    words = {token for token in found if not is_spaceless(token) and len(token) > 1 and token not in stopwords}
    pairs = {left + right for left, right in pairwise(found) if is_spaceless(left) and is_spaceless(right)}
    return frozenset(words | {pair for pair in pairs if not stopwords & {pair, pair[0], pair[-1]}})


def term_weights(units: Sequence[Terms]) -> dict[str, float]:
    """Returns the inverse sentence frequency of each term."""
    occurrences = Counter(term for unit in units for term in unit)
    return {term: log(1 + len(units) / count) for term, count in occurrences.items()}


def relevances(units: Sequence[Terms], weights: Mapping[str, float]) -> list[float]:
    """Returns how close each unit is to the centroid of all, from 0 to 1."""
    occurrences = Counter(term for unit in units for term in unit)
    # A term that occurs only once in a long text does not belong to any of its topics.
    centroid = {term: log(count) * weights[term] for term, count in occurrences.items() if count > 1}
    scores = []
    for unit in units:
        size = max(len(unit), 1)
        fit = min(size / _MIN_TERMS, _MAX_TERMS / size, 1)
        scores.append(fit * sum(centroid.get(term, 0.0) for term in unit) / sqrt(size))
    highest = max(scores, default=0.0)
    return [score / highest for score in scores] if highest else scores


def most_relevant(
    candidates: Iterable[int],
    units: Sequence[Terms],
    scores: Sequence[float],
    weights: Mapping[str, float],
    *,
    count: int,
    chosen: Sequence[int] = (),
) -> list[int]:
    """Returns up to `count` candidates (indices), best first, each unlike those before it and those in `chosen`."""
    remaining = {
        index: max((similarity(units[index], units[other], weights) for other in chosen), default=0.0)
        for index in candidates
    }
    picked: list[int] = []
    while remaining and len(picked) < count:
        best = max(
            remaining, key=lambda index: (_RELEVANCE * scores[index] - (1 - _RELEVANCE) * remaining[index], -index)
        )
        del remaining[best]
        picked.append(best)
        for index, likeness in remaining.items():
            remaining[index] = max(likeness, similarity(units[index], units[best], weights))
    return picked


def similarity(left: Terms, right: Terms, weights: Mapping[str, float]) -> float:
    """Returns the cosine similarity of two sentences, with each term counted once."""
    common = sum(weights[term] ** 2 for term in left & right)
    if not common:
        return 0.0
    lengths = sqrt(sum(weights[term] ** 2 for term in left) * sum(weights[term] ** 2 for term in right))
    return common / lengths
