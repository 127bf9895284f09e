"""Builds JSON schemas with as many bounds as an endpoint accepts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from skimlist.llm.catalogue import AnswerForm

# llama.cpp rejects this many repetitions in a grammar (github.com/ggml-org/llama.cpp/issues/27087).
_FIRST_LENGTH_REJECTED = 2_000

_BOUNDS = frozenset({"minItems", "maxItems", "minimum", "maximum", "minLength", "maxLength"})
_KEPT = {AnswerForm.BOUNDED: _BOUNDS, AnswerForm.COUNTED: frozenset({"maxItems"})}


def bounded_text(most_characters: int) -> dict[str, Any]:
    """Returns the schema of a text of at most `most_characters`; without the bound if servers would reject it."""
    bound = {"maxLength": most_characters} if most_characters < _FIRST_LENGTH_REJECTED else {}
    return {"type": "string", **bound}


def one_each(items: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Returns the schema of a list with exactly one item of each of these schemas, which differ in their bounds."""
    schemas = list(items)
    return {"type": "array", "prefixItems": schemas, "minItems": len(schemas), "maxItems": len(schemas)}


def with_bounds(schema: Mapping[str, Any], form: AnswerForm) -> dict[str, Any]:
    """Returns the schema with the bounds that belong to this form."""
    if "prefixItems" in schema and form is not AnswerForm.BOUNDED:
        first, *_ = schema["prefixItems"]
        schema = {**{name: value for name, value in schema.items() if name != "prefixItems"}, "items": first}
    dropped = _BOUNDS - _KEPT.get(form, frozenset())
    return {name: _within(value, form) for name, value in schema.items() if name not in dropped}


def _within(value: object, form: AnswerForm) -> object:
    if isinstance(value, dict):
        return with_bounds(value, form)
    return [_within(part, form) for part in value] if isinstance(value, list) else value
