"""A language model's answers as they came, and where they are kept once paid for."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Protocol

from skimlist.llm.catalogue import Usage

# Why a completion ended, where it is no answer: it was too long, or a filter took it away.
CUT_OFF = "length"
FILTERED = "content_filter"


class AnswerCache(Protocol):
    """Where paid answers are kept, so that no run of the function pays for the same text again.

    Called from several threads at once. What `remember` was last given for a key is what `recall` returns. `is_last`
    says that no further answer is awaited: if this one can be used, what is made of it is stored next.
    """

    def recall(self, key: str) -> str | None: ...

    def remember(self, key: str, answer: str, *, is_last: bool = False) -> None: ...


@dataclass(frozen=True, slots=True)
class Completion:
    """One paid answer, as it came.

    `given_up`: it could not be used, so the question is asked again; `usage` says what was paid.
    """

    content: str
    finish_reason: str
    refused: bool
    usage: Usage
    given_up: bool = False

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Completion:
        data = json.loads(text)
        return cls(**{**data, "usage": Usage(**data["usage"])})
