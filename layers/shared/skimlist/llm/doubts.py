"""Asks a model to correct statements with details that were not found in the texts that they are based on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import starmap
from typing import Protocol

from skimlist.llm.prompts import Message, between_tags, sanitize, without_brackets

# The maximum number of lines that are shown with a doubtful statement.
LINES_A_DOUBT = 8


class NumberedText(Protocol):
    """A line that a statement may be based on."""

    @property
    def number(self) -> int: ...

    @property
    def text(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Doubt:
    """A statement, the details of it that were not found, and the lines that may show what is right."""

    text: str
    missing: tuple[str, ...]
    lines: tuple[NumberedText, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The context of doubtful statements that a model needs.

    `origin` says where they are from, and `source` names the texts that they are based on.
    """

    system: str
    origin: str
    source: str
    language: str


def reconsideration(doubts: Sequence[Doubt], context: Context) -> list[Message]:
    """Returns the messages that ask for corrected statements, each with its related lines only."""
    question = "\n\n".join(
        [
            f"These are statements from {context.origin}, each with the {context.source} that it may rest on. "
            "Something that each mentions was not found there.",
            'The JSON object has one field, "statements": list of {"number": number of the statement, "text": '
            "the statement as it should read}, one for each.",
            f"Keep a statement word for word, but for what the {context.source} tell otherwise or do not tell. Where "
            f'they support nothing of it, "text" is "". A name that the {context.source} only spell otherwise stays as '
            "it is.",
            between_tags("statements", "\n\n".join(starmap(_doubtful, enumerate(doubts, start=1)))),
            f"Now send the JSON object, every text in {context.language}.",
        ]
    )
    return [{"role": "system", "content": context.system}, {"role": "user", "content": question}]


def _doubtful(number: int, doubt: Doubt) -> str:
    missing = f" (not found: {'; '.join(map(sanitize, doubt.missing))})" if doubt.missing else ""
    return f"Statement {number}: {sanitize(doubt.text)}{missing}\n{numbered(doubt.lines)}"


def numbered(lines: Iterable[NumberedText]) -> str:
    """Returns the lines with their numbers in brackets; their texts lose all other brackets."""
    return "\n".join(f"[{line.number}] {without_brackets(line.text)}" for line in lines)
