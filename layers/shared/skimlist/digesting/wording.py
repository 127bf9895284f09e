"""The few words of the extractive digest that are not quoted from a video, in the language of the batch."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

_OTHERWISE = "en"
# Tags of written Chinese that stand for its traditional script.
_TRADITIONAL = {"zh-hant", "zh-hk", "zh-mo", "zh-tw"}


@dataclass(frozen=True, slots=True)
class Wording:
    """Patterns with the names that wording.toml explains."""

    shared: str
    apart: str
    start: str
    adds: str
    about: str


def wording(language: str) -> Wording:
    """Of a BCP 47 language; English for one that the file lacks."""
    known = _known()
    tag = language.lower().replace("_", "-")
    if any(tag.startswith(script) for script in _TRADITIONAL):
        return known["zh-TW"]
    return known.get(tag.partition("-")[0], known[_OTHERWISE])


@lru_cache(maxsize=1)
def _known() -> Mapping[str, Wording]:
    text = files(__package__).joinpath("wording.toml").read_text(encoding="utf-8")
    return {language: Wording(**patterns) for language, patterns in tomllib.loads(text).items()}
