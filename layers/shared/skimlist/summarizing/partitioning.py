"""Into how many requests a transcript is divided: as few as fit, and more only where that is faster."""

from __future__ import annotations

from dataclasses import replace
from math import ceil

from skimlist.llm.catalogue import ModelSpec, Provider, Usage
from skimlist.summarizing.chunking import prompt_tokens, split
from skimlist.summarizing.drafts import Request, Task
from skimlist.summarizing.forecast import expected_answer, expected_notes, expected_prompt
from skimlist.summarizing.prompts import conversation
from skimlist.text.words import estimate_tokens

# What a second attempt says beside the question.
_EXPLANATION_TOKENS = 300
# More parts are asked for only where fewer would take longer than the fastest number by more than this: they cost more.
_LEEWAY = 1.05
# The same of a whole in place of any parts: what is read in one go is understood better.
_LEEWAY_OF_ONE = 1.10
# How much of a request's room notes may take by the likely count; the careful one is higher, and models write more.
_SHARE_OF_NOTES = 0.6
# Notes on all parts: at least so many for each sentence of the summary, and one for so many tokens that were said,
# which is about four minutes of talk. What they leave out is lost for the summary; what they hold is paid twice.
_NOTES_A_STATEMENT = 3
_TOKENS_A_NOTE = 1_000
# On one part, however long or short it is.
_MOST_NOTES, _FEWEST_NOTES = 40, 4


def divided(request: Request, spec: ModelSpec) -> list[Request]:
    """The requests in which `spec` is asked about the lines of `request`: itself, or one for notes on each part.

    There are as few notes on each part as all of them have to be to fit into one request. Notes themselves are divided
    only where they do not fit.
    """
    room = line_room(request, spec)
    at_least = 1 if room is None or request.task is Task.NOTES else _fastest(request, spec, room)
    chunks = split(request.lines, room, at_least=at_least)
    if room is None or len(chunks) == 1:
        return [request]
    part = _one_part(request, len(chunks), prompt_tokens(request.lines))
    tokens_a_note = expected_notes(part, spec) / part.notes / spec.tokens
    fitting = int(room * _SHARE_OF_NOTES / len(chunks) / tokens_a_note)
    most_notes = max(min(part.most_notes, fitting), _FEWEST_NOTES)
    return [replace(part, lines=chunk, most_notes=most_notes) for chunk in chunks]


def _one_part(request: Request, count: int, tokens: int) -> Request:
    """One of so many parts, of lines of so many tokens in all; it still holds all lines."""
    notes = max(request.target.statements * _NOTES_A_STATEMENT, tokens // _TOKENS_A_NOTE)
    return replace(request, task=Task.PART, most_notes=min(ceil(notes / count), _MOST_NOTES))


def line_room(request: Request, spec: ModelSpec) -> int | None:
    """Most tokens of lines, by the careful count, that a request like this can hold; None: any number.

    There is room for an answer beside them.
    """
    if spec.provider is Provider.EXTRACTIVE or spec.context_tokens is None:
        return None
    messages = conversation(_begun(request))
    instructions = sum(estimate_tokens(message["content"]) for message in messages) + _EXPLANATION_TOKENS
    return max(int((spec.context_tokens - spec.answer_limits[-1]) / spec.tokens) - instructions, 1)


def _fastest(request: Request, spec: ModelSpec, room: int) -> int:
    """The fewest parts that take about the least time, up to as many as can be asked for at once."""
    most_read = prompt_tokens(request.lines)
    fewest = ceil(most_read / room)
    most = max(fewest, spec.concurrent_requests)
    read = round(most_read * spec.tokens)
    # Notes save at most all of the reading, and cost a second request and their writing: often that settles it.
    saved = read / spec.speed.read
    least_written = expected_answer(_one_part(request, most, most_read), spec)
    if fewest == 1 and saved <= spec.speed.seconds(Usage(tokens_out=least_written)):
        return 1
    answer = expected_answer(request, spec)
    instructions = expected_prompt(_begun(request), spec)

    def seconds(count: int) -> float:
        if count == 1:
            return spec.speed.seconds(Usage(tokens_in=instructions + read, tokens_out=answer))
        part = _one_part(request, count, most_read)
        part_read = expected_prompt(_begun(part), spec) + read // count
        reading = Usage(tokens_in=part_read, tokens_out=expected_answer(part, spec))
        merging = Usage(tokens_in=instructions + count * expected_notes(part, spec), tokens_out=answer)
        rounds = ceil(count / spec.concurrent_requests)
        return rounds * spec.speed.seconds(reading) + spec.speed.seconds(merging)

    times = {count: seconds(count) for count in range(fewest, most + 1)}
    fastest = min(times.values())
    return min(count for count in times if times[count] <= fastest * (_LEEWAY_OF_ONE if count == 1 else _LEEWAY))


def _begun(request: Request) -> Request:
    """The request with hardly any captions: what is left are its instructions."""
    return replace(request, lines=request.lines[:1])
