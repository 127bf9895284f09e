"""Summarizes one video: carries out the plan, checks the claims, and builds the summary that is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from skimlist.errors import TranscriptEmpty
from skimlist.formatting import clock_time, counted
from skimlist.llm.catalogue import ModelSpec, Provider, Usage
from skimlist.llm.language_names import language_name
from skimlist.models.settings import BatchSettings
from skimlist.models.summary import Chapter, Coverage, KeyPoint, Summary
from skimlist.models.transcript import Transcript
from skimlist.summarizing.creator_chapters import creators, with_creator_chapters
from skimlist.summarizing.drafts import Draft, Model, Request
from skimlist.summarizing.fingerprint import fingerprint
from skimlist.summarizing.lines import Line, caption_lines
from skimlist.summarizing.plan import Plan
from skimlist.summarizing.stretches import Tenths
from skimlist.text.language_codes import same_language


def summarize_video(
    transcript: Transcript,
    settings: BatchSettings,
    model: Model,
    *,
    now: datetime,
    progress: Callable[[int], None] | None = None,
    is_affordable: Callable[[Usage], bool] = lambda _: True,
) -> Summary:
    """Summarizes one video from all of its captions.

    `progress` is called in the calling thread with the percentage of answers received. `is_affordable` decides whether
    an optional follow-up request may be made. Raises TranscriptEmpty if the captions contain no words, and the errors
    of the model.
    """
    lines = caption_lines(transcript.segments, transcript.language_code, at_least=model.least_line_tokens)
    if not lines:
        raise TranscriptEmpty
    plan = Plan(transcript, settings, model, progress)
    draft = plan.carry_out(lines)
    # Imported late: a summary that is already stored needs neither.
    from skimlist.summarizing.checked_claims import ClaimChecker, without_times  # noqa: PLC0415
    from skimlist.summarizing.follow_ups import recheck_claims, summarize_gaps  # noqa: PLC0415

    request = Request.for_all(transcript, settings, lines)
    checker = ClaimChecker(lines, transcript, settings.options.focus_areas)
    draft = with_creator_chapters(summarize_gaps(draft, request, model, checker, is_affordable), request)
    draft = recheck_claims(draft, request, model, checker, is_affordable)
    claims = checker.claims(draft)
    coverage = _coverage(lines, plan, [*claims.key_points, *claims.chapters])
    if not transcript.has_times:
        claims = without_times(claims)
        coverage = replace(coverage, tenths=None, tenths_spoken=None)
    if transcript.chapters:
        claims = replace(claims, chapters=creators(claims.chapters, request, transcript.chapters))
    if transcript.is_description:
        coverage = Coverage(characters_total=0, characters_used=0, chunks=plan.chunks)
    return Summary(
        video_id=transcript.video_id,
        title=transcript.title or draft.title or transcript.video_id,
        tldr=draft.tldr,
        text=draft.text,
        key_points=claims.key_points,
        chapters=claims.chapters,
        tags=claims.tags,
        language=draft.language,
        caption_language=transcript.language_code,
        caption_kind=transcript.caption_kind,
        model=model.spec.model,
        length=settings.summary_length,
        coverage=coverage,
        tokens_in=model.spent.tokens_in,
        tokens_out=model.spent.tokens_out,
        cost_usd=model.spec.prices.cost(model.spent),
        fingerprint=fingerprint(transcript, settings, model.spec),
        created_at=now,
        channel=transcript.channel,
        channel_id=transcript.channel_id,
        duration_seconds=transcript.duration_seconds,
        notes=tuple(_remarks(transcript, settings, plan, draft, model.spec)),
        focus=claims.focus,
        description=transcript.description,
        published_at=transcript.published_at,
        tldr_check=claims.tldr_check,
        text_check=claims.text_check,
    )


def _coverage(lines: Sequence[Line], plan: Plan, references: Sequence[KeyPoint | Chapter]) -> Coverage:
    """Measures coverage in characters of speech, without sound notes and repeated captions."""
    total, missing = _characters(lines), sum(map(_characters, plan.left_out))
    tenths = Tenths(lines)
    seconds = [each.start_seconds for each in references if each.start_seconds is not None]
    return Coverage(
        characters_total=total,
        characters_used=total - missing,
        chunks=plan.chunks,
        reason=_left_out(plan.left_out) if plan.left_out else None,
        tenths=len(tenths.covered(seconds)),
        tenths_spoken=len(tenths.spoken),
    )


def _characters(lines: Sequence[Line]) -> int:
    return sum(len(line.text) for line in lines)


def _left_out(parts: Sequence[Sequence[Line]]) -> str:
    times = ", ".join(f"{clock_time(part[0].start)} to {clock_time(part[-1].end)}" for part in parts)
    return f"The model gave no usable notes for {times}."


def _remarks(
    transcript: Transcript, settings: BatchSettings, plan: Plan, draft: Draft, spec: ModelSpec
) -> Iterator[str]:
    wanted = settings.options.language or transcript.language_code
    spoken, answered = language_name(transcript.language_code), language_name(draft.language)
    if transcript.is_description:
        yield "This video has no captions: the summary was made from its description only."
    if transcript.translated_from:
        yield f"YouTube translated the captions from {language_name(transcript.translated_from)} to {spoken}."
    if not same_language(wanted, draft.language):
        if spec.provider is Provider.EXTRACTIVE:
            yield f"This model does not translate: the summary is in the language of the captions, {answered}."
        else:
            yield f"The model answered in {answered} instead of {language_name(wanted)}."
    elif not (transcript.is_description or same_language(wanted, transcript.language_code)):
        yield f"There were no captions in {language_name(wanted)}: the summary was made from those in {spoken}."
    if plan.dropped:
        yield f"Removed {counted(plan.dropped, 'reference')} to captions that do not exist."
