"""A language model's raw answers, and the cache that keeps those that were paid for."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Protocol

from skimlist.llm.catalogue import Usage

# Finish reasons of completions that are not answers: too long, or removed by a filter.
CUT_OFF = "length"
FILTERED = "content_filter"


class AnswerCache(Protocol):
    """A store for paid answers, so that no invocation of the function pays for the same text again.

    It is called from several threads at once. `recall` returns the answer that `remember` was last given for a key.
    `is_last` means that no further answer is expected: if this one is usable, its result is stored next.
    """

    def recall(self, key: str) -> str | None: ...

    def remember(self, key: str, answer: str, *, is_last: bool = False) -> None: ...


@dataclass(frozen=True, slots=True)
class Completion:
    """One paid answer as it was received.

    If it is `given_up`, it was unusable, and the question is asked again; `usage` is charged in any case.
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
