"""Transcripts, an answer cache and a scripted model for the tests of summarizing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from skimlist.llm.catalogue import ModelSpec, Prices, Provider, Usage
from skimlist.llm.doubts import Doubt
from skimlist.models.settings import BatchSettings, SummaryLength, SummaryOptions
from skimlist.models.transcript import Segment, Transcript
from skimlist.summarizing.drafts import Draft, Point, Request, Section
from skimlist.summarizing.lines import Line

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def spec(**changes: Any) -> ModelSpec:
    fields: dict[str, Any] = {
        "alias": "test",
        "label": "Test",
        "provider": Provider.OPENAI,
        "model": "test-1",
        "prices": Prices(),
        "context_tokens": 100_000,
        "max_output_tokens": 4_000,
    }
    return ModelSpec(**fields | changes)


def settings(length: SummaryLength = SummaryLength.STANDARD, **options: Any) -> BatchSettings:
    return BatchSettings(model="test", summary_length=length, options=SummaryOptions(**options))


def transcript(texts: Sequence[str], language: str = "en", seconds: float = 5.0, **changes: Any) -> Transcript:
    """Returns a transcript of captions that follow each other, each `seconds` long."""
    fields: dict[str, Any] = {
        "video_id": "abcdefghijk",
        "language_code": language,
        "language": language,
        "is_generated": False,
        "segments": tuple(Segment(text, index * seconds, seconds) for index, text in enumerate(texts)),
        "duration_seconds": len(texts) * seconds,
    }
    return Transcript(**fields | changes)


TALK = transcript([
    "Welcome to the museum of the harbour tonight.",
    "The keepers breathed the vapour of mercury for many years.",
    "A small electric lamp does all the work today.",
    "Thank you for listening and see you next week.",
    "The heavy lens floated in a basin of mercury since 1890.",
    "A clockwork of forty kilograms turned the whole lens.",
])  # fmt: skip


def lines(texts: Sequence[str], seconds: float = 5.0) -> tuple[Line, ...]:
    return tuple(Line(n, (n - 1) * seconds, n * seconds, text) for n, text in enumerate(texts, start=1))


class Memory:
    """An answer cache in a dictionary."""

    def __init__(self) -> None:
        self.answers: dict[str, str] = {}

    def recall(self, key: str) -> str | None:
        return self.answers.get(key)

    def remember(self, key: str, answer: str, *, is_last: bool = False) -> None:
        del is_last
        self.answers[key] = answer


class ScriptedModel:
    """Answers with the first line of every request, unless a test scripts another answer."""

    least_line_tokens = 0

    def __init__(
        self,
        spec: ModelSpec,
        answer: Callable[[Request], Draft] | None = None,
        texts: Callable[[Sequence[Doubt]], Mapping[int, str]] = lambda _: {},
    ) -> None:
        self.spec = spec
        self.requests: list[Request] = []
        self._answer = answer or draft
        self._texts = texts

    @property
    def spent(self) -> Usage:
        return Usage(tokens_in=100 * len(self.requests), tokens_out=10 * len(self.requests))

    def answer(self, request: Request) -> Draft:
        self.requests.append(request)
        return self._answer(request)

    def reconsider(self, doubts: Sequence[Doubt], request: Request) -> Mapping[int, str]:
        self.requests.append(request)
        return self._texts(doubts)


def draft(request: Request, **changes: Any) -> Draft:
    first = request.lines[0]
    fields: dict[str, Any] = {
        "title": "A title",
        "tldr": "In short.",
        "text": "A summary.",
        "key_points": (Point(first.number, "A point."),),
        "chapters": (Section(first.number, "A chapter", "What it holds."),),
        "tags": ("tag",),
        "language": request.options.language or request.language,
    }
    return Draft(**fields | changes)
