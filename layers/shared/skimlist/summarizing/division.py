"""Into how many requests a transcript is divided: as few as fit, and more only where that is faster."""

from __future__ import annotations

from dataclasses import replace
from math import ceil

from skimlist.summarizing.catalogue import ModelSpec, Provider, Usage
from skimlist.summarizing.chunking import prompt_tokens, split
from skimlist.summarizing.drafts import Request, Task
from skimlist.summarizing.forecast import expected_answer, expected_notes, expected_prompt, expected_usage
from skimlist.summarizing.prompts import conversation
from skimlist.summarizing.text import estimate_tokens

# What a second attempt says beside the answer that it repeats.
_EXPLANATION_TOKENS = 300
# More parts are asked for only where fewer would take longer than the fastest number by more than this: they cost more,
# and what is read in one go is understood better.
_LEEWAY = 1.05
# How much of a request's room notes may take by the likely count; the careful one is higher, and models write more.
_SHARE_OF_NOTES = 0.6


def divided(request: Request, spec: ModelSpec) -> list[Request]:
    """The requests in which `spec` is asked about the lines of `request`: itself, or one for notes on each part.

    Notes on parts are asked for as short as all of them have to be to fit into one request. Notes themselves are
    divided only where they do not fit.
    """
    room = line_room(request, spec)
    at_least = 1 if room is None or request.task is Task.NOTES else _fastest(request, spec, room)
    chunks = split(request.lines, room, at_least=at_least)
    if room is None or len(chunks) == 1:
        return [request]
    parts = [replace(request, task=Task.PART, lines=chunk) for chunk in chunks]
    notes = sum(expected_notes(part, spec) for part in parts) / spec.tokens
    scale = min(room * _SHARE_OF_NOTES / notes, 1.0)
    return [replace(part, scale=scale) for part in parts]


def line_room(request: Request, spec: ModelSpec) -> int | None:
    """Most tokens of lines, by the careful count, that a request like this can hold; None: any number.

    There is room for an answer, and for repeating it in a second attempt if it cannot be used.
    """
    if spec.provider is Provider.EXTRACTIVE or spec.context_tokens is None:
        return None
    messages = conversation(_begun(request))
    instructions = sum(estimate_tokens(message["content"]) for message in messages) + _EXPLANATION_TOKENS
    return max(int((spec.context_tokens - 2 * spec.answer_limits[-1]) / spec.tokens) - instructions, 1)


def _fastest(request: Request, spec: ModelSpec, room: int) -> int:
    """The fewest parts that take about the least time, up to as many as can be asked for at once."""
    most_read = prompt_tokens(request.lines)
    fewest = ceil(most_read / room)
    part = replace(request, task=Task.PART)
    answer, notes = expected_answer(part, spec), expected_notes(part, spec)
    # Notes save at most all of the reading, and cost a second request and their writing: often that settles it.
    saved = spec.speed.seconds(Usage(tokens_in=round(most_read * spec.tokens))) - spec.speed.wait
    if fewest == 1 and saved <= spec.speed.seconds(Usage(tokens_out=answer)):
        return 1
    whole = expected_usage(request, spec)
    instructions = expected_prompt(_begun(request), spec)

    def seconds(count: int) -> float:
        if count == 1:
            return spec.speed.seconds(whole)
        reading = Usage(tokens_in=instructions + (whole.tokens_in - instructions) // count, tokens_out=answer)
        merging = Usage(tokens_in=instructions + count * notes, tokens_out=whole.tokens_out)
        rounds = ceil(count / spec.concurrent_requests)
        return rounds * spec.speed.seconds(reading) + spec.speed.seconds(merging)

    times = {count: seconds(count) for count in range(fewest, max(fewest, spec.concurrent_requests) + 1)}
    return min(count for count in times if times[count] <= min(times.values()) * _LEEWAY)


def _begun(request: Request) -> Request:
    """The request with hardly any captions: what is left are its instructions."""
    return replace(request, lines=request.lines[:1])
