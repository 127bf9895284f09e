"""Digests a batch: carries out the plan, checks the claims, and builds the digest that is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from itertools import islice

from skimlist.digesting.drafts import Digester, Draft, Finding, NewsDraft
from skimlist.digesting.earlier import EarlierPlace
from skimlist.digesting.news import find_news, most_news_tokens
from skimlist.digesting.outlines import Outline, Source
from skimlist.digesting.parts import Material, split
from skimlist.digesting.plan import Plan, most_tokens
from skimlist.errors import DigestNeedsTwo, ModelAnswerInvalid, ModelRefused
from skimlist.formatting import counted
from skimlist.llm.catalogue import ModelSpec, Provider, Usage
from skimlist.llm.language_names import language_name
from skimlist.models.digest import MAX_LISTED_VIDEOS, Claim, Digest, EarlierEvidence, Evidence, News, Recommendation
from skimlist.models.earlier_run import EarlierRun, EarlierVideo
from skimlist.models.settings import SummaryOptions, Verify
from skimlist.progress import MIN_SUMMARIES
from skimlist.text.language_codes import same_language

# Tokens of the instructions and of an answer, rounded up.
_INSTRUCTION_TOKENS = 1_000
_ANSWER_TOKENS = 2_500
# The claims in doubt, each with the statements that may correct it.
_SECOND_LOOK_TOKENS = 6_000


def likely_cost(
    outlines: Sequence[Outline], options: SummaryOptions, spec: ModelSpec, earlier: Sequence[EarlierRun] = ()
) -> Decimal:
    """Returns the expected cost of a digest in USD, from a careful count of its tokens.

    `earlier` are the runs of a follow with which it is compared.
    """
    tokens_in, requests = 0, 0
    if is_comparable(outlines):
        materials = [Material(place=outline.position - 1, outlines=(outline,)) for outline in outlines]
        parts = len(split(materials, most_tokens(spec)))
        merged = parts if parts > 1 else 0
        tokens_in += sum(material.tokens for material in materials) + merged * _ANSWER_TOKENS
        requests += parts + bool(merged)
    if earlier:
        tokens_in += most_news_tokens(outlines, earlier, spec)
        requests += 1
    tokens_in, tokens_out = tokens_in + requests * _INSTRUCTION_TOKENS, requests * _ANSWER_TOKENS
    if options.verify is Verify.ASK:
        tokens_in, tokens_out = tokens_in + _SECOND_LOOK_TOKENS, tokens_out + _ANSWER_TOKENS
    return spec.prices.cost(Usage(tokens_in=round(tokens_in * spec.tokens), tokens_out=round(tokens_out * spec.tokens)))


def not_compared(reason: str) -> str:
    """Returns the note about why the digest of a follow's run has no news."""
    return f"The new videos were not compared with earlier ones: {reason}."


def is_comparable(outlines: Sequence[Outline]) -> bool:
    """Whether there are enough videos to compare them with each other."""
    return len(outlines) >= MIN_SUMMARIES


def digest_batch(
    outlines: Sequence[Outline],
    options: SummaryOptions,
    digester: Digester,
    *,
    now: datetime,
    earlier: Sequence[EarlierRun] = (),
) -> Digest:
    """Digests the summaries of a batch, and compares those of a follow's run with `earlier` ones (the latest first).

    A single video is only compared with earlier ones. If only this comparison fails, the digest says so. Raises
    DigestNeedsTwo for too few summaries, and the errors of the model.
    """
    if not outlines or not (is_comparable(outlines) or earlier):
        raise DigestNeedsTwo
    language = Counter(outline.language for outline in outlines).most_common(1)[0][0]
    plan = Plan(digester, options, language)
    draft = plan.carry_out(outlines) if is_comparable(outlines) else _of_one(outlines[0])
    draft, notes = _with_news(draft, outlines, earlier, options, digester) if earlier else (draft, ())
    if options.verify is Verify.ASK:
        draft = _recheck(draft, outlines, digester)
    places = _Places(outlines, draft, digester.spec)
    dropped = plan.dropped + (draft.news.dropped if draft.news else 0)
    return Digest(
        overview=draft.overview,
        overview_check=places.overview_check,
        themes=places.claims(draft.themes),
        agreements=places.claims(draft.agreements),
        differences=places.claims(draft.differences),
        watch_order=places.recommendations(draft),
        news=places.news(draft.news, earlier, digester.spec) if draft.news else None,
        videos=len(outlines),
        language=draft.language,
        model=digester.spec.model,
        tokens_in=digester.spent.tokens_in,
        tokens_out=digester.spent.tokens_out,
        cost_usd=digester.spec.prices.cost(digester.spent),
        created_at=now,
        notes=(*_remarks(dropped, draft, options.language or language, digester.spec), *notes),
    )


def _of_one(outline: Outline) -> Draft:
    """Returns the draft for a single video, without asking the model: there is nothing in it to compare."""
    return Draft(overview=outline.gist or outline.title, language=outline.language)


def _with_news(
    draft: Draft,
    outlines: Sequence[Outline],
    earlier: Sequence[EarlierRun],
    options: SummaryOptions,
    digester: Digester,
) -> tuple[Draft, tuple[str, ...]]:
    """Returns the draft with its news and a note.

    If the model's answer is unusable, a draft of several videos stays without news, and the note says so.
    """
    try:
        return replace(draft, news=find_news(draft, outlines, earlier, options, digester)), ()
    except (ModelAnswerInvalid, ModelRefused):
        if not is_comparable(outlines):
            raise
        return draft, (not_compared("the model gave no usable answer"),)


def _recheck(draft: Draft, outlines: Sequence[Outline], digester: Digester) -> Draft:
    # Imported late: most digests do not need it.
    from skimlist.digesting.second_look import recheck_claims  # noqa: PLC0415

    return recheck_claims(draft, {outline.position: outline for outline in outlines}, digester)


class _Places:
    """Turns positions and seconds into places that a reader can open."""

    def __init__(self, outlines: Sequence[Outline], draft: Draft, spec: ModelSpec) -> None:
        # Imported late: a batch whose digest is not due does not need it.
        from skimlist.digesting.checked_findings import check_findings, check_overview  # noqa: PLC0415

        self._outlines: Mapping[int, Outline] = {outline.position: outline for outline in outlines}
        self._checks = check_findings(draft.findings, self._outlines, draft.language)
        is_written = spec.provider is not Provider.EXTRACTIVE
        self.overview_check = check_overview(draft, self._checks, outlines) if is_written else None

    def claims(self, findings: Sequence[Finding]) -> tuple[Claim, ...]:
        return tuple(
            Claim(
                title=found.title,
                text=found.text,
                evidence=tuple(map(self._evidence, found.sources)),
                check=self._checks.get(found),
                earlier=tuple(map(_earlier_evidence, found.earlier)),
            )
            for found in findings
        )

    def news(self, draft: NewsDraft, earlier: Sequence[EarlierRun], spec: ModelSpec) -> News:
        return News(
            new=self.claims(draft.new),
            beyond=self.claims(draft.beyond),
            contradictions=self.claims(draft.contradictions),
            runs=len(earlier),
            videos=sum(len(run.videos) for run in earlier),
            by_words=spec.provider is Provider.EXTRACTIVE,
            earlier=tuple(islice(_videos_of(earlier), MAX_LISTED_VIDEOS)),
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


def _videos_of(runs: Sequence[EarlierRun]) -> Iterator[EarlierEvidence]:
    for run in runs:
        for video in run.videos:
            yield _earlier_video(run.batch_id, video)


def _earlier_evidence(place: EarlierPlace) -> EarlierEvidence:
    return replace(_earlier_video(place.batch_id, place.video), start_seconds=place.statement.start_seconds)


def _earlier_video(batch_id: str, video: EarlierVideo) -> EarlierEvidence:
    return EarlierEvidence(
        batch_id=batch_id,
        item_id=video.item_id,
        video_id=video.video_id,
        title=video.title,
        described=video.is_described,
    )


def _remarks(dropped: int, draft: Draft, wanted: str, spec: ModelSpec) -> Iterator[str]:
    name = language_name(wanted)
    if not same_language(wanted, draft.language):
        found = language_name(draft.language)
        if spec.provider is Provider.EXTRACTIVE:
            yield f"This model does not translate: the digest is in the language of most summaries, {found}."
        else:
            yield f"The model answered in {found} instead of {name}."
    elif draft.in_another_language or (draft.news and draft.news.in_another_language):
        yield f"The model wrote some texts in another language than {name}."
    if dropped:
        yield f"Left out {counted(dropped, 'reference')} to videos that do not say what the digest claims."
