"""Reads a language model's answer as JSON of a given shape."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from skimlist.llm.json_objects import json_objects

# References to lines within a text are removed, because a reader does not see the lines.
_REFERENCE = re.compile(r"(?<!\s)\s*\[\d+(?:\s*[-–,]\s*\d+)*\]")
# A line break in a text that was escaped twice; followed by a small letter, it may be a TeX command, such as \\nu.
_ESCAPED_BREAK = re.compile(r"\\[nr](?![a-z])")
# Punctuation from between the parts of JSON, with which small models begin a text.
_STRAY_START = re.compile(r"^[\s,;:，、；：]+")

Shape = TypeVar("Shape", bound=BaseModel)


class UnusableAnswer(ValueError):
    """An answer that cannot be used; the message explains the fault to the model."""


def plain_number(number: object) -> object:
    """Removes the brackets of "[12]", which some models copy from the prompt."""
    return number.strip("[] ") if isinstance(number, str) else number


def with_words(text: str) -> str:
    if not any(character.isalnum() for character in text):
        raise ValueError("must not be empty")
    return text


class Part(BaseModel):
    # Additional fields are ignored, but a strict schema has to forbid them.
    model_config = ConfigDict(
        extra="ignore", str_strip_whitespace=True, json_schema_extra={"additionalProperties": False}
    )

    @field_validator("line", "video", "number", mode="before", check_fields=False)
    @classmethod
    def _plain_number(cls, number: object) -> object:
        return plain_number(number)

    @field_validator("text", "summary", "tldr", "title", "overview", "reason", check_fields=False)
    @classmethod
    def _plain_text(cls, text: str | None) -> str | None:
        if not text:
            return text
        return _STRAY_START.sub("", _REFERENCE.sub("", _ESCAPED_BREAK.sub("\n", text).replace('\\"', '"')))


def read_json(content: str, shape: type[Shape]) -> Shape:
    """Returns the last object in an answer that has this shape, if necessary without its invalid fields.

    Raises UnusableAnswer.
    """
    problems = "it holds no whole JSON object."
    candidates = json_objects(content)[::-1]
    without_wrong_fields = []
    for candidate in candidates:
        try:
            return shape.model_validate(candidate)
        except ValidationError as error:
            problems = _problems(error)
            wrong = {item["loc"][0] for item in error.errors(include_url=False) if item["loc"]}
            without_wrong_fields.append({name: value for name, value in candidate.items() if name not in wrong})
    for candidate in without_wrong_fields:
        with suppress(ValidationError):
            return shape.model_validate(candidate)
    raise UnusableAnswer(problems)


def _problems(error: ValidationError) -> str:
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return json.dumps({".".join(map(str, item["loc"])) or "JSON": item["msg"] for item in found[:10]})
