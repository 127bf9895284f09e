"""Plans the comparison of a follow's run with earlier ones: one request, whatever their size."""

from __future__ import annotations

from collections.abc import Sequence

from skimlist.digesting.drafts import Digester, Draft, Finding, NewsDraft, Request, Task
from skimlist.digesting.earlier import tokens_of
from skimlist.digesting.outlines import Outline, Statement
from skimlist.digesting.parts import Material
from skimlist.digesting.plan import most_tokens
from skimlist.llm.catalogue import ModelSpec, Provider
from skimlist.models.earlier_run import EarlierRun
from skimlist.models.settings import SummaryOptions

# The share of a request that statements of earlier runs may take, and the maximum of their tokens.
_EARLIER_SHARE = 1 / 3
_MAX_EARLIER_TOKENS = 6_000
# The extractive model costs nothing, so it reads more of them.
_MAX_EARLIER_TOKENS_OF_EXTRACTIVE = 60_000


def find_news(
    draft: Draft, outlines: Sequence[Outline], runs: Sequence[EarlierRun], options: SummaryOptions, digester: Digester
) -> NewsDraft:
    """Compares the new videos, of which `draft` is the digest, with earlier runs (the latest first).

    If the outlines of the new videos do not fit into the request, it has the claims of their digest instead. Raises
    the errors of the model.
    """
    # Imported late: most digests do not need it.
    from skimlist.digesting.closest_statements import most_relevant  # noqa: PLC0415

    spec = digester.spec
    earlier = most_relevant(runs, outlines, _most_earlier_tokens(spec))
    findings: Sequence[Finding] = ()
    if not _fits(outlines, spec):
        outlines, findings = (), draft.findings
    request = Request(
        task=Task.NEWS,
        outlines=tuple(outlines),
        findings=tuple(Statement(found.text, found.sources, found.title) for found in findings),
        options=options,
        language=draft.language,
        earlier=earlier,
    )
    return digester.compare(request)


def most_news_tokens(outlines: Sequence[Outline], runs: Sequence[EarlierRun], spec: ModelSpec) -> int:
    """Returns the maximum tokens, by the careful count, of what a request compares."""
    most = most_tokens(spec)
    new = _tokens(outlines)
    earlier = min(tokens_of(runs), _most_earlier_tokens(spec))
    return new + earlier if most is None else min(new + earlier, most)


def _fits(outlines: Sequence[Outline], spec: ModelSpec) -> bool:
    most = most_tokens(spec)
    return most is None or _tokens(outlines) <= most - _most_earlier_tokens(spec)


def _most_earlier_tokens(spec: ModelSpec) -> int:
    if spec.provider is Provider.EXTRACTIVE:
        return _MAX_EARLIER_TOKENS_OF_EXTRACTIVE
    most = most_tokens(spec)
    return _MAX_EARLIER_TOKENS if most is None else min(round(most * _EARLIER_SHARE), _MAX_EARLIER_TOKENS)


def _tokens(outlines: Sequence[Outline]) -> int:
    return Material(place=0, outlines=tuple(outlines)).tokens
