"""The few words of the extractive digest that are not quoted from a video, in many languages."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

_OTHERWISE = "en"
# Language tags of Chinese in its traditional script.
_TRADITIONAL = {"zh-hant", "zh-hk", "zh-mo", "zh-tw"}


@dataclass(frozen=True, slots=True)
class Wording:
    """Text patterns of one language; `wording.toml` explains their names."""

    shared: str
    apart: str
    start: str
    adds: str
    only: str


def wording(language: str) -> Wording:
    """Returns the wording in a BCP 47 language, or in English if the file lacks that language."""
    known = _known()
    tag = language.lower().replace("_", "-")
    if any(tag.startswith(script) for script in _TRADITIONAL):
        return known["zh-TW"]
    return known.get(tag.partition("-")[0], known[_OTHERWISE])


@lru_cache(maxsize=1)
def _known() -> Mapping[str, Wording]:
    text = files(__package__).joinpath("wording.toml").read_text(encoding="utf-8")
    return {language: Wording(**patterns) for language, patterns in tomllib.loads(text).items()}
