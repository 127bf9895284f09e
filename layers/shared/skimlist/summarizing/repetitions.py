"""Removes what a model says twice, or copies from the video's title: a small one repeats until a bound stops it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby
from typing import TypeVar

from skimlist.text.splitting import with_spaces
from skimlist.text.words import count_words, tokens

# Shorter texts may recur on purpose.
_MIN_WORDS = 4
_BETWEEN_PARAGRAPHS = "\n\n"

Item = TypeVar("Item")


def without_repeated_sentences(text: str, language: str) -> str:
    """Removes each sentence that the text contains before."""
    paragraphs = (with_spaces(paragraph, language) for paragraph in text.split(_BETWEEN_PARAGRAPHS))
    numbered = [(number, sentence) for number, sentences in enumerate(paragraphs) for sentence in sentences]
    kept = unique(numbered, lambda one: one[1].strip())
    by_paragraph = groupby(kept, lambda one: one[0])
    return _BETWEEN_PARAGRAPHS.join("".join(sentence for _, sentence in each).strip() for _, each in by_paragraph)


def unique(items: Iterable[Item], text_of: Callable[[Item], str], known: Iterable[str] = ()) -> list[Item]:
    """Returns the items without those whose text an earlier item has, or is part of a `known` text.

    Texts of a few words may recur, and items without a text are kept.
    """
    around = [f" {_words(text)} " for text in known]
    seen: set[str] = set()
    found = []
    for item in items:
        words = _words(text_of(item))
        repeats = words in seen and count_words(words) >= _MIN_WORDS
        if not repeats and not (words and any(f" {words} " in text for text in around)):
            found.append(item)
        seen.add(words)
    return found


def _words(text: str) -> str:
    return " ".join(tokens(text))
