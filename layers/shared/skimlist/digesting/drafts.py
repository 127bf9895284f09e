"""Requests for a digest and the answers to them, the same for every model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from skimlist.digesting.earlier import EarlierPlace
from skimlist.digesting.outlines import Outline, Source, Statement
from skimlist.llm.catalogue import ModelSpec, Usage
from skimlist.llm.doubts import Doubt
from skimlist.models.settings import SummaryOptions

_MAX_CLAIMS = 6
_MAX_CLAIMS_PER_PART = 10
# The number of statements per claim on a part, whose findings have to be shorter than the part even if it is small.
_STATEMENTS_A_CLAIM = 6
_MAX_PICKS = 12


class Task(StrEnum):
    """The subject of a request: the whole batch, one part of it, the findings on all its parts, or what it adds."""

    WHOLE = "whole"
    PART = "part"
    FINDINGS = "findings"
    NEWS = "news"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request to a model about videos and about earlier findings across videos.

    `language` is the BCP 47 code of most summaries, `options.language` the requested one. `earlier` are the statements
    of earlier runs that the videos are compared with.
    """

    task: Task
    outlines: tuple[Outline, ...]
    findings: tuple[Statement, ...]
    options: SummaryOptions
    language: str
    earlier: tuple[EarlierPlace, ...] = ()

    @property
    def answer_language(self) -> str:
        return self.options.language or self.language

    @property
    def most_claims(self) -> int:
        """The maximum number of themes; the same limit applies to agreements and to differences.

        A part may have more, because what it omits is lost.
        """
        if self.task is not Task.PART:
            return _MAX_CLAIMS
        return max(min(len(self.statements) // _STATEMENTS_A_CLAIM, _MAX_CLAIMS_PER_PART), 1)

    @property
    def most_picks(self) -> int:
        return min(len(self.outlines), _MAX_PICKS)

    @property
    def statements(self) -> tuple[Statement, ...]:
        """All statements in the order of their numbers: those of each video, then the findings."""
        return (*(said for outline in self.outlines for said in outline.statements), *self.findings)


@dataclass(frozen=True, slots=True)
class Finding:
    """A claim about videos with its sources. Only themes and new subjects have a title.

    `earlier` are the places in videos of earlier runs that it compares them with.
    """

    text: str
    sources: tuple[Source, ...]
    title: str = ""
    earlier: tuple[EarlierPlace, ...] = ()


@dataclass(frozen=True, slots=True)
class Pick:
    """A recommended video, by its position, and the reason to watch it at this point."""

    position: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsDraft:
    """The draft of a comparison of new videos with earlier ones."""

    new: tuple[Finding, ...] = ()
    beyond: tuple[Finding, ...] = ()
    contradictions: tuple[Finding, ...] = ()
    dropped: int = 0
    in_another_language: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A model's answer in which every reference is to a statement of the request. `dropped` counts removed references.

    `language` is that of the overview. `in_another_language` names the fields with a text that is clearly not in the
    language that was asked for. `news` is None unless there are earlier runs.
    """

    overview: str
    language: str
    themes: tuple[Finding, ...] = ()
    agreements: tuple[Finding, ...] = ()
    differences: tuple[Finding, ...] = ()
    watch_order: tuple[Pick, ...] = ()
    dropped: int = 0
    in_another_language: tuple[str, ...] = ()
    news: NewsDraft | None = None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All claims."""
        news = (*self.news.new, *self.news.beyond, *self.news.contradictions) if self.news else ()
        return (*self.themes, *self.agreements, *self.differences, *news)


class Digester(Protocol):
    """Digests: takes one request and returns one checked draft. `answer` is called from several threads at once.

    `compare` takes a request with the task NEWS, `answer` one with any other task.

    A digester is opened for one batch; `spent` is the usage of all its answers, including unusable ones.
    """

    spec: ModelSpec

    @property
    def spent(self) -> Usage: ...

    def answer(self, request: Request) -> Draft: ...

    def compare(self, request: Request) -> NewsDraft: ...

    def reconsider(self, doubts: Sequence[Doubt], language: str) -> Mapping[int, str]:
        """Returns corrected claims in this language by index into `doubts`, empty where nothing supports one."""
        ...
