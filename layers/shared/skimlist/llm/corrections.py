"""Reads a model's corrections of doubtful statements."""

from __future__ import annotations

from typing import Any

from skimlist.llm.schemas import bounded_text
from skimlist.llm.structured_answers import Part, read_json


class StatementAnswer(Part):
    number: int
    text: str


class StatementsAnswer(Part):
    statements: list[StatementAnswer]


def statements_schema(count: int, most_characters: int) -> dict[str, Any]:
    """Returns the JSON schema for the corrections of `count` statements."""
    fields = {"number": {"type": "integer", "minimum": 1, "maximum": count}, "text": bounded_text(most_characters)}
    statements = {"type": "array", "items": _object(fields), "maxItems": count}
    return _object({"statements": statements})


def parse_statements(content: str, count: int) -> dict[int, str]:
    """Parses an answer to `statements_schema` into texts by index (from 0). Raises UnusableAnswer."""
    found = read_json(content, StatementsAnswer).statements
    return {each.number - 1: each.text for each in found if 0 < each.number <= count}


def _object(fields: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}
