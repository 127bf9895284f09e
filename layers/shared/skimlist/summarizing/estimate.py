"""Estimates what a summary will cost and how long it will take, before a model is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from math import ceil

from skimlist.llm.catalogue import ModelSpec, Provider, Usage
from skimlist.llm.tokens import likely_tokens
from skimlist.models.settings import BatchSettings, Verify
from skimlist.models.transcript import Transcript
from skimlist.summarizing.drafts import Request, Task
from skimlist.summarizing.forecast import (
    expected_answer,
    expected_notes,
    expected_prompt,
    expected_usage,
    likely_reconsideration,
)
from skimlist.summarizing.lines import NUMBERED_LINE_TOKENS, Line, caption_lines
from skimlist.summarizing.partitioning import divide, line_room


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """The expected effort for one summary: requests to the model, tokens, USD, and seconds of working time."""

    requests: int
    tokens_in: int
    tokens_out: int
    cost_usd: Decimal
    seconds: float


def estimate(transcript: Transcript, settings: BatchSettings, spec: ModelSpec) -> Estimate:
    """Estimates a summary from the prompts and the plan that it would use.

    Hidden reasoning tokens and repeated requests are not included.
    """
    return _estimate_lines(_lines(transcript), transcript, settings, spec)


def estimates(
    transcript: Transcript, settings: BatchSettings, specs: Mapping[str, ModelSpec]
) -> Mapping[str, Estimate]:
    """Estimates the summary for each of several models, in place of the one that the settings name."""
    lines = _lines(transcript)
    return {alias: _estimate_lines(lines, transcript, settings, spec) for alias, spec in specs.items()}


def _lines(transcript: Transcript) -> Sequence[Line]:
    return caption_lines(transcript.segments, transcript.language_code, at_least=NUMBERED_LINE_TOKENS)


def _estimate_lines(
    lines: Sequence[Line], transcript: Transcript, settings: BatchSettings, spec: ModelSpec
) -> Estimate:
    if spec.provider is Provider.EXTRACTIVE or not lines:
        said = Usage(tokens_in=likely_tokens(transcript.text, transcript.language_code))
        return _estimate(Usage(), 0, spec.speed.seconds(said), spec)
    request = Request.for_all(transcript, settings, lines)
    parts = divide(request, spec)
    if len(parts) == 1:
        usage = expected_usage(request, spec)
        made = _estimate(usage, 1, spec.speed.seconds(usage), spec)
    else:
        made = _in_parts(request, parts, spec)
    if settings.options.verify is Verify.FLAG:
        return made
    usage = likely_reconsideration(request, spec)
    return _sum(made, _estimate(usage, 1, spec.speed.seconds(usage), spec))


def _sum(first: Estimate, second: Estimate) -> Estimate:
    return Estimate(**{each.name: getattr(first, each.name) + getattr(second, each.name) for each in fields(Estimate)})


def _in_parts(request: Request, parts: list[Request], spec: ModelSpec) -> Estimate:
    """Estimates notes on all parts, notes on the notes until they fit into one request, and the summary."""
    usages = [expected_usage(part, spec) for part in parts]
    usage, requests, seconds = sum(usages, Usage()), len(parts), _seconds(usages, spec)
    notes = sum(expected_notes(part, spec) for part in parts)
    merge = replace(request, task=Task.NOTES, lines=request.lines[:1])
    instructions, room = expected_prompt(merge, spec), line_room(merge, spec) or notes
    while notes > room * spec.tokens and requests < len(request.lines):
        count = ceil(notes / (room * spec.tokens))
        part = Usage(tokens_in=instructions + notes // count, tokens_out=expected_answer(parts[0], spec))
        usages = [part] * count
        usage, requests, seconds = sum(usages, usage), requests + count, seconds + _seconds(usages, spec)
        notes = count * expected_notes(parts[0], spec)
    last = Usage(tokens_in=instructions + notes, tokens_out=expected_answer(request, spec))
    return _estimate(usage + last, requests + 1, seconds + spec.speed.seconds(last), spec)


def _seconds(usages: list[Usage], spec: ModelSpec) -> float:
    """Returns the time for requests of about the same size, with as many at once as the model allows."""
    return ceil(len(usages) / spec.concurrent_requests) * max(map(spec.speed.seconds, usages))


def _estimate(usage: Usage, requests: int, seconds: float, spec: ModelSpec) -> Estimate:
    return Estimate(
        requests=requests,
        tokens_in=usage.tokens_in,
        tokens_out=usage.tokens_out,
        cost_usd=spec.prices.cost(usage),
        seconds=round(seconds, 1),
    )
