"""Checks a language model's JSON answer about a batch and turns it into a draft."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import Field, field_validator

from skimlist.digesting.drafts import Draft, Finding, Pick, Request
from skimlist.digesting.outlines import Source, Statement
from skimlist.llm.prompts import LANGUAGE_OF_THE_PROMPT
from skimlist.llm.schemas import bounded_text
from skimlist.llm.structured_answers import Part, plain_number, read_json, with_words
from skimlist.text.language import clearly_in

# The maximum number of places that one claim cites; more do not help a reader.
MAX_SOURCES = 8
# Two or three sentences, in any language.
CLAIM_CHARACTERS = 900


class ClaimAnswer(Part):
    text: str
    evidence: list[int]

    @field_validator("evidence", "earlier", mode="before", check_fields=False)
    @classmethod
    def _plain_numbers(cls, numbers: object) -> object:
        return [plain_number(number) for number in numbers] if isinstance(numbers, list) else numbers


class ThemeAnswer(ClaimAnswer):
    title: str


class PickAnswer(Part):
    video: int
    reason: str


class DigestAnswer(Part):
    overview: str
    themes: list[ThemeAnswer]
    agreements: list[ClaimAnswer]
    differences: list[ClaimAnswer]
    watch_order: list[PickAnswer]

    @field_validator("overview")
    @classmethod
    def _has_words(cls, text: str) -> str:
        return with_words(text)


def json_schema(request: Request) -> dict[str, Any]:
    """Returns the answer's JSON schema with its bounds, in the subset that strict structured outputs accept."""
    schema = DigestAnswer.model_json_schema()
    fields = schema["properties"]
    for name in ("themes", "agreements", "differences"):
        fields[name]["maxItems"] = request.most_claims
    fields["watch_order"]["maxItems"] = request.most_picks
    for claim in ("ThemeAnswer", "ClaimAnswer"):
        evidence = schema["$defs"][claim]["properties"]["evidence"]
        evidence["maxItems"] = MAX_SOURCES
        evidence["items"] |= {"minimum": 1, "maximum": max(len(request.statements), 1)}
        schema["$defs"][claim]["properties"]["text"] |= bounded_text(CLAIM_CHARACTERS)
    schema["$defs"]["PickAnswer"]["properties"]["reason"] |= bounded_text(CLAIM_CHARACTERS)
    return schema


class RepairedAnswer(DigestAnswer):
    """An answer with some fields of a digest."""

    overview: str = ""
    themes: list[ThemeAnswer] = Field(default_factory=list)
    agreements: list[ClaimAnswer] = Field(default_factory=list)
    differences: list[ClaimAnswer] = Field(default_factory=list)
    watch_order: list[PickAnswer] = Field(default_factory=list)


def fields_schema(request: Request, fields: Sequence[str]) -> dict[str, Any]:
    """Returns the JSON schema of an answer with these fields only."""
    schema = json_schema(request)
    properties = {field: schema["properties"][field] for field in fields}
    return schema | {"properties": properties, "required": list(fields)}


def parse(content: str) -> DigestAnswer:
    """Parses an answer. Raises UnusableAnswer."""
    return read_json(content, DigestAnswer)


def parse_fields(content: str) -> DigestAnswer:
    """Parses an answer with some fields; the other fields are empty. Raises UnusableAnswer."""
    return read_json(content, RepairedAnswer)


def as_draft(answer: DigestAnswer, request: Request) -> Draft:
    """Turns an answer into a draft of its usable parts.

    References to statements and videos that the request does not have are removed and counted. So are claims without
    any valid reference, and agreements and differences that do not cite two videos. Items over the request's limits are
    removed.
    """
    check = _Check(request)
    return Draft(
        overview=answer.overview,
        language=clearly_in(
            answer.overview, (LANGUAGE_OF_THE_PROMPT, request.language), wanted=request.answer_language
        ),
        themes=check.findings(answer.themes, videos=1),
        agreements=check.findings(answer.agreements, videos=2),
        differences=check.findings(answer.differences, videos=2),
        watch_order=check.picks(answer.watch_order),
        dropped=check.dropped,
    )


class Citations:
    """Finds what the claims of an answer cite; `dropped` counts what is removed from the answer."""

    def __init__(self, request: Request) -> None:
        self.dropped = 0
        self._request = request
        self._statements = request.statements

    def cited(self, claim: ClaimAnswer) -> list[Statement]:
        """Returns the statements that the claim cites, and counts the references to those that do not exist."""
        known = [self._statements[number - 1] for number in claim.evidence if 0 < number <= len(self._statements)]
        self.dropped += len(claim.evidence) - len(known)
        return known


class _Check(Citations):
    def __init__(self, request: Request) -> None:
        super().__init__(request)
        self._positions = {outline.position for outline in request.outlines}

    def findings(self, claims: Iterable[ClaimAnswer], *, videos: int) -> tuple[Finding, ...]:
        found = []
        for claim in claims:
            known = self.cited(claim)
            sources = merge_sources(known)
            if claim.text and len({source.position for source in sources}) >= videos:
                found.append(Finding(claim.text, sources, getattr(claim, "title", "")))
            else:
                self.dropped += len(known) or 1
        return tuple(found[: self._request.most_claims])

    def picks(self, picks: Sequence[PickAnswer]) -> tuple[Pick, ...]:
        """Returns the recommended videos in order, each once."""
        known = {pick.video: pick.reason for pick in reversed(picks) if pick.video in self._positions}
        self.dropped += sum(pick.video not in self._positions for pick in picks)
        order = dict.fromkeys(pick.video for pick in picks if pick.video in known)
        return tuple(Pick(video, known[video]) for video in order)[: self._request.most_picks]


def merge_sources(statements: Iterable[Statement]) -> tuple[Source, ...]:
    """Returns the sources of the statements by position and time, limited so that as many videos as possible remain."""
    sources = list(dict.fromkeys(source for statement in statements for source in statement.sources))
    firsts = {source.position: source for source in reversed(sources)}
    ranked = sorted(sources, key=lambda source: source is not firsts[source.position])
    return tuple(sorted(ranked[:MAX_SOURCES], key=lambda source: (source.position, source.start_seconds or 0.0)))
