"""Digests a batch: carries out the plan, checks the claims, and builds the digest that is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from skimlist.digesting.drafts import Digester, Draft, Finding
from skimlist.digesting.outlines import Outline, Source
from skimlist.digesting.parts import Material, split
from skimlist.digesting.plan import Plan, most_tokens
from skimlist.errors import DigestNeedsTwo
from skimlist.formatting import counted
from skimlist.llm.catalogue import ModelSpec, Provider, Usage
from skimlist.llm.language_names import language_name
from skimlist.models.digest import Claim, Digest, Evidence, Recommendation
from skimlist.models.summary import SummaryOptions, Verify
from skimlist.progress import MIN_SUMMARIES
from skimlist.text.language_codes import same_language

# Tokens of the instructions and of an answer, rounded up.
_INSTRUCTION_TOKENS = 1_000
_ANSWER_TOKENS = 2_500
# The claims in doubt, each with the statements that may correct it.
_SECOND_LOOK_TOKENS = 6_000


def likely_cost(outlines: Sequence[Outline], options: SummaryOptions, spec: ModelSpec) -> Decimal:
    """Returns the expected cost of a digest in USD, from a careful count of its tokens."""
    materials = [Material(place=outline.position - 1, outlines=(outline,)) for outline in outlines]
    parts = len(split(materials, most_tokens(spec)))
    merged = parts if parts > 1 else 0
    said = sum(material.tokens for material in materials)
    tokens_in = said + merged * _ANSWER_TOKENS + (parts + bool(merged)) * _INSTRUCTION_TOKENS
    tokens_out = (parts + bool(merged)) * _ANSWER_TOKENS
    if options.verify is Verify.ASK:
        tokens_in, tokens_out = tokens_in + _SECOND_LOOK_TOKENS, tokens_out + _ANSWER_TOKENS
    return spec.prices.cost(Usage(tokens_in=round(tokens_in * spec.tokens), tokens_out=round(tokens_out * spec.tokens)))


def digest_batch(outlines: Sequence[Outline], options: SummaryOptions, digester: Digester, *, now: datetime) -> Digest:
    """Digests the summaries of a batch. Raises DigestNeedsTwo for too few summaries, and the errors of the model."""
    if len(outlines) < MIN_SUMMARIES:
        raise DigestNeedsTwo
    language = Counter(outline.language for outline in outlines).most_common(1)[0][0]
    plan = Plan(digester, options, language)
    draft = plan.carry_out(outlines)
    if options.verify is Verify.ASK:
        draft = _recheck(draft, outlines, digester)
    places = _Places(outlines, draft)
    return Digest(
        overview=draft.overview,
        themes=places.claims(draft.themes),
        agreements=places.claims(draft.agreements),
        differences=places.claims(draft.differences),
        watch_order=places.recommendations(draft),
        videos=len(outlines),
        language=draft.language,
        model=digester.spec.model,
        tokens_in=digester.spent.tokens_in,
        tokens_out=digester.spent.tokens_out,
        cost_usd=digester.spec.prices.cost(digester.spent),
        created_at=now,
        notes=tuple(_remarks(plan, draft, options.language or language, digester.spec)),
    )


def _recheck(draft: Draft, outlines: Sequence[Outline], digester: Digester) -> Draft:
    # Imported late: most digests do not need it.
    from skimlist.digesting.second_look import recheck_claims  # noqa: PLC0415

    return recheck_claims(draft, {outline.position: outline for outline in outlines}, digester)


class _Places:
    """Turns positions and seconds into places that a reader can open."""

    def __init__(self, outlines: Sequence[Outline], draft: Draft) -> None:
        # Imported late: a batch whose digest is not due does not need it.
        from skimlist.digesting.checked_findings import check_findings  # noqa: PLC0415

        self._outlines: Mapping[int, Outline] = {outline.position: outline for outline in outlines}
        findings = (*draft.themes, *draft.agreements, *draft.differences)
        self._checks = check_findings(findings, self._outlines, draft.language)

    def claims(self, findings: Sequence[Finding]) -> tuple[Claim, ...]:
        return tuple(
            Claim(
                title=found.title,
                text=found.text,
                evidence=tuple(map(self._evidence, found.sources)),
                check=self._checks.get(found),
            )
            for found in findings
        )

    def recommendations(self, draft: Draft) -> tuple[Recommendation, ...]:
        return tuple(
            Recommendation(reason=pick.reason, video=self._evidence(Source(pick.position)))
            for pick in draft.watch_order
        )

    def _evidence(self, source: Source) -> Evidence:
        outline = self._outlines[source.position]
        return Evidence(
            item_id=outline.item_id,
            position=outline.position,
            video_id=outline.video_id,
            title=outline.title,
            start_seconds=source.start_seconds,
            described=outline.is_described,
        )


def _remarks(plan: Plan, draft: Draft, wanted: str, spec: ModelSpec) -> Iterator[str]:
    name = language_name(wanted)
    if not same_language(wanted, draft.language):
        found = language_name(draft.language)
        if spec.provider is Provider.EXTRACTIVE:
            yield f"This model does not translate: the digest is in the language of most summaries, {found}."
        else:
            yield f"The model answered in {found} instead of {name}."
    elif draft.in_another_language:
        yield f"The model wrote some texts in another language than {name}."
    if plan.dropped:
        yield f"Removed {counted(plan.dropped, 'reference')} to statements that do not exist or do not support a claim."
