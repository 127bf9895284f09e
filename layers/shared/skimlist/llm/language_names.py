"""Names languages for prompts, because small models understand a name better than a code."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from skimlist.llm.prompts import sanitize
from skimlist.text.language_codes import canonical, primary_language


def language_name(code: str) -> str:
    """Returns the name of a language by its BCP 47 code, such as "French (fr)".

    The code comes from outside, so it is sanitized for the prompt.
    """
    name = known_name(code)
    return f"{name} ({sanitize(code)})" if name else f"the language with the BCP 47 code {sanitize(code)}"


def known_name(code: str) -> str | None:
    """Returns the language's name alone, such as "French", or None."""
    return _names().get(canonical(code)) or _names().get(primary_language(code))


@cache
def _names() -> dict[str, str]:
    return tomllib.loads(files(__package__).joinpath("language_names.toml").read_text(encoding="utf-8"))
