"""How long patterns take for text that was written to make them slow."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import walk_packages

import pytest

import skimlist
from skimlist.claim_checks.months import months
from skimlist.claim_checks.names import names
from skimlist.models.addresses import address_pattern
from skimlist.models.transcript import Segment
from skimlist.summarizing.lines import caption_lines
from skimlist.text.words import _spaceless_character, _token_pattern
from skimlist.youtube.captions import clean_segments, has_words

# A pattern that looks at each character once needs milliseconds for it; one that starts over at each needs minutes.
LENGTH, MAX_SECONDS = 50_000, 1.0
UNITS = ["[", "(", "<", ">", " ", "\n", "1", ".", "。", "a ", "[1,", ' "', "♪", "&#1", "and "]


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    for module in walk_packages(skimlist.__path__, "skimlist."):
        for name, value in vars(import_module(module.name)).items():
            found = value if isinstance(value, Mapping) else [value]
            yield from ((f"{module.name}.{name}", pattern) for pattern in found if isinstance(pattern, re.Pattern))
    for compiled_late in (_token_pattern, _spaceless_character, address_pattern):
        yield f"{compiled_late.__module__}.{compiled_late.__name__}", compiled_late()


# One pattern may be imported by several modules.
PATTERNS = {pattern: name for name, pattern in patterns()}


@pytest.mark.parametrize("pattern", PATTERNS, ids=PATTERNS.values())
def test_a_pattern_takes_time_by_the_length_of_a_text_alone(pattern: re.Pattern[str]) -> None:
    for unit in UNITS:
        text = (unit * LENGTH)[:LENGTH] + "\0"
        start = time.process_time()
        pattern.match(text)
        pattern.sub("", text)
        assert time.process_time() - start < MAX_SECONDS, f"{LENGTH:,} characters of {unit!r}"


@pytest.mark.parametrize("unit", ["[", "<", "(", "（", "<a", "&lt;", "!", "。", "- ", ">>", "♪", "&#", "a."])
def test_captions_are_read_in_a_time_that_grows_with_their_length_alone(unit: str) -> None:
    start = time.process_time()
    segments = clean_segments([Segment(f"Bread {unit * 80_000} salt", 0.0, 10.0)])
    assert has_words(segments)
    assert caption_lines(segments)
    assert time.process_time() - start < 4


@pytest.mark.parametrize("words", ["word ", "Word ", "in May ", "16 Go ", "Dr. Fresnel ", "« Polish "])
def test_names_and_months_are_found_in_a_time_that_grows_with_a_text_alone(words: str) -> None:
    text = (words * LENGTH)[: 2 * LENGTH]
    start = time.process_time()
    names(text, "en")
    months(text, "en", translated=True)
    assert time.process_time() - start < 4
