"""Checks a language model's JSON answer about what new videos add to earlier ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from pydantic import Field

from skimlist.claim_checks.folding import stems
from skimlist.digesting.answers import CLAIM_CHARACTERS, MAX_SOURCES, Citations, ClaimAnswer, ThemeAnswer, merge_sources
from skimlist.digesting.drafts import Finding, NewsDraft, Request
from skimlist.digesting.earlier import EarlierPlace
from skimlist.digesting.outlines import Statement
from skimlist.llm.prompts import LANGUAGE_OF_THE_PROMPT
from skimlist.llm.schemas import bounded_text
from skimlist.llm.structured_answers import Part, read_json
from skimlist.text.language import fields_in_another_language
from skimlist.text.language_codes import same_language
from skimlist.text.stop_words import stop_words

_MAX_EARLIER = 4


class ComparedAnswer(ClaimAnswer):
    """A claim about new videos, supported by `evidence`, and about earlier ones, supported by `earlier`."""

    earlier: list[int]


class NewsAnswer(Part):
    new: list[ThemeAnswer]
    beyond: list[ComparedAnswer]
    contradictions: list[ComparedAnswer]


class RepairedNews(NewsAnswer):
    """An answer with some of the fields."""

    new: list[ThemeAnswer] = Field(default_factory=list)
    beyond: list[ComparedAnswer] = Field(default_factory=list)
    contradictions: list[ComparedAnswer] = Field(default_factory=list)


_TEXTS: Mapping[str, Callable[[NewsAnswer], Sequence[str]]] = {
    "new": lambda answer: [f"{claim.title} {claim.text}" for claim in answer.new],
    "beyond": lambda answer: [claim.text for claim in answer.beyond],
    "contradictions": lambda answer: [claim.text for claim in answer.contradictions],
}


def news_schema(request: Request, fields: Sequence[str] = tuple(_TEXTS)) -> dict[str, Any]:
    """Returns the JSON schema of an answer with these fields, with its bounds."""
    schema = NewsAnswer.model_json_schema()
    for field in schema["properties"].values():
        field["maxItems"] = request.most_claims
    own = len(request.statements)
    bounds = {"evidence": (1, own, MAX_SOURCES), "earlier": (own + 1, own + len(request.earlier), _MAX_EARLIER)}
    for claim in ("ThemeAnswer", "ComparedAnswer"):
        properties = schema["$defs"][claim]["properties"]
        properties["text"] |= bounded_text(CLAIM_CHARACTERS)
        for name in bounds.keys() & properties.keys():
            least, most, items = bounds[name]
            properties[name]["maxItems"] = items
            properties[name]["items"] |= {"minimum": least, "maximum": max(most, least)}
    return schema | {"properties": {field: schema["properties"][field] for field in fields}, "required": list(fields)}


def parse_news(content: str) -> NewsAnswer:
    """Parses an answer. Raises UnusableAnswer."""
    return read_json(content, NewsAnswer)


def parse_news_fields(content: str) -> NewsAnswer:
    """Parses an answer with some fields; the other fields are empty. Raises UnusableAnswer."""
    return read_json(content, RepairedNews)


def news_in_another_language(answer: NewsAnswer, request: Request) -> list[str]:
    """Returns the fields with a text in another language."""
    return fields_in_another_language(
        {field: texts(answer) for field, texts in _TEXTS.items()},
        (LANGUAGE_OF_THE_PROMPT, request.language),
        wanted=request.answer_language,
        telling="new",
    )


def as_news(answer: NewsAnswer, request: Request) -> NewsDraft:
    """Turns an answer into a draft of its usable parts.

    References to statements that the request does not have are removed and counted. A comparison needs a statement of
    a new video and one of an earlier video, each of which shares a word with it.
    """
    check = _Check(request)
    return NewsDraft(
        new=check.new(answer.new),
        beyond=check.compared(answer.beyond),
        contradictions=check.compared(answer.contradictions),
        dropped=check.dropped,
    )


class _Check(Citations):
    def __init__(self, request: Request) -> None:
        super().__init__(request)
        self._languages = {outline.position: outline.language for outline in request.outlines}

    def new(self, claims: Iterable[ThemeAnswer]) -> tuple[Finding, ...]:
        found = (Finding(claim.text, merge_sources(self.cited(claim)), claim.title) for claim in claims)
        return self._usable(found, lambda finding: bool(finding.sources))

    def compared(self, claims: Iterable[ComparedAnswer]) -> tuple[Finding, ...]:
        found = (
            Finding(
                claim.text,
                merge_sources(said for said in self.cited(claim) if self._is_about(claim.text, said)),
                earlier=tuple(self._earlier(claim))[:_MAX_EARLIER],
            )
            for claim in claims
        )
        return self._usable(found, lambda finding: bool(finding.sources and finding.earlier))

    def _usable(self, findings: Iterable[Finding], holds: Callable[[Finding], bool]) -> tuple[Finding, ...]:
        usable = []
        for finding in findings:
            if finding.text and holds(finding):
                usable.append(finding)
            else:
                self.dropped += 1
        return tuple(usable[: self._request.most_claims])

    def _earlier(self, claim: ComparedAnswer) -> Iterator[EarlierPlace]:
        own = len(self._statements)
        for number in dict.fromkeys(claim.earlier):
            place = self._request.earlier[number - own - 1] if 0 < number - own <= len(self._request.earlier) else None
            if place and self._shares_a_word(claim.text, place.statement.text, place.video.language):
                yield place
            else:
                self.dropped += 1

    def _is_about(self, text: str, said: Statement) -> bool:
        language = self._languages.get(said.sources[0].position, self._request.language)
        return self._shares_a_word(text, f"{said.heading} {said.text}", language)

    def _shares_a_word(self, claim: str, said: str, language: str) -> bool:
        """Whether a claim may rest on a statement in this language; a translation need not share a word with it."""
        if not same_language(language, self._request.answer_language):
            return True
        ignored = stop_words(language)
        return bool(stems(claim, ignored) & stems(said, ignored))
