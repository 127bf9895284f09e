"""Divides a transcript into requests: as few as fit, and more only if that is faster."""

from __future__ import annotations

from dataclasses import replace
from math import ceil

from skimlist.llm.catalogue import ModelSpec, Provider, Usage
from skimlist.summarizing.chunking import prompt_tokens, split
from skimlist.summarizing.drafts import Request, Task
from skimlist.summarizing.forecast import expected_answer, expected_notes, expected_prompt
from skimlist.summarizing.prompts import conversation
from skimlist.text.words import estimate_tokens

# Tokens that a second attempt adds to the prompt.
_EXPLANATION_TOKENS = 300
# The smallest number of parts that is at most this much slower than the fastest is used, because more parts cost more.
_LEEWAY = 1.05
# The same for one request about the whole: a text that is read in one go is understood better.
_LEEWAY_OF_ONE = 1.10
# The share of a request's room that notes may take by the expected count, because the careful count is higher and
# models write more than asked.
_SHARE_OF_NOTES = 0.6
# Notes on all parts: at least this many for each sentence of the summary, and one for this many tokens of speech, which
# is about four minutes of talk. What notes leave out is missing from the summary; what they contain is paid for twice.
_NOTES_A_STATEMENT = 3
_TOKENS_A_NOTE = 1_000
# Limits for the notes on one part of any length.
_MAX_NOTES, _MIN_NOTES = 40, 4


def divide(request: Request, spec: ModelSpec) -> list[Request]:
    """Divides a request into one for notes on each part, or returns it alone if it fits and parts are not faster.

    The notes on each part are limited so that all notes together fit into one request. A request about notes is
    divided only if it does not fit.
    """
    room = line_room(request, spec)
    at_least = 1 if room is None or request.task is Task.NOTES else _best_part_count(request, spec, room)
    chunks = split(request.lines, room, at_least=at_least)
    if room is None or len(chunks) == 1:
        return [request]
    part = _one_part(request, len(chunks), prompt_tokens(request.lines))
    tokens_a_note = expected_notes(part, spec) / part.notes / spec.tokens
    fitting = int(room * _SHARE_OF_NOTES / len(chunks) / tokens_a_note)
    most_notes = max(min(part.most_notes, fitting), _MIN_NOTES)
    return [replace(part, lines=chunk, most_notes=most_notes) for chunk in chunks]


def _one_part(request: Request, count: int, tokens: int) -> Request:
    """Returns the request for one of `count` parts, still with all lines, which have `tokens` tokens in all."""
    notes = max(request.target.statements * _NOTES_A_STATEMENT, tokens // _TOKENS_A_NOTE)
    return replace(request, task=Task.PART, most_notes=min(ceil(notes / count), _MAX_NOTES))


def line_room(request: Request, spec: ModelSpec) -> int | None:
    """Returns the maximum tokens of lines, by the careful count, that fit into a request beside the prompt and answer.

    None means no limit.
    """
    if spec.provider is Provider.EXTRACTIVE or spec.context_tokens is None:
        return None
    messages = conversation(_with_one_line(request))
    instructions = sum(estimate_tokens(message["content"]) for message in messages) + _EXPLANATION_TOKENS
    return max(int((spec.context_tokens - spec.answer_limits[-1]) / spec.tokens) - instructions, 1)


def _best_part_count(request: Request, spec: ModelSpec, room: int) -> int:
    """Returns the smallest number of parts that is about as fast as any, up to the number of concurrent requests."""
    most_read = prompt_tokens(request.lines)
    fewest = ceil(most_read / room)
    most = max(fewest, spec.concurrent_requests)
    read = round(most_read * spec.tokens)
    # Notes can save at most the time of reading, and cost the time of writing them: often that decides it already.
    saved = read / spec.speed.read
    least_written = expected_answer(_one_part(request, most, most_read), spec)
    if fewest == 1 and saved <= spec.speed.seconds(Usage(tokens_out=least_written)):
        return 1
    answer = expected_answer(request, spec)
    instructions = expected_prompt(_with_one_line(request), spec)

    def seconds(count: int) -> float:
        if count == 1:
            return spec.speed.seconds(Usage(tokens_in=instructions + read, tokens_out=answer))
        part = _one_part(request, count, most_read)
        part_read = expected_prompt(_with_one_line(part), spec) + read // count
        reading = Usage(tokens_in=part_read, tokens_out=expected_answer(part, spec))
        merging = Usage(tokens_in=instructions + count * expected_notes(part, spec), tokens_out=answer)
        rounds = ceil(count / spec.concurrent_requests)
        return rounds * spec.speed.seconds(reading) + spec.speed.seconds(merging)

    times = {count: seconds(count) for count in range(fewest, most + 1)}
    fastest = min(times.values())
    return min(count for count in times if times[count] <= fastest * (_LEEWAY_OF_ONE if count == 1 else _LEEWAY))


def _with_one_line(request: Request) -> Request:
    """Returns the request with a single line, which leaves little but its instructions."""
    return replace(request, lines=request.lines[:1])
