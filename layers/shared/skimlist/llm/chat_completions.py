"""What an endpoint answered with success, read whatever its shape: an answer that was paid for is not thrown away."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from skimlist.errors import ModelRequestRejected, ModelUnreachable, SkimlistError
from skimlist.llm.catalogue import Usage
from skimlist.llm.completions import CUT_OFF, FILTERED, Completion
from skimlist.llm.event_streams import joined_chunks
from skimlist.llm.json_objects import repaired
from skimlist.llm.prompts import Message
from skimlist.llm.rejections import NO_COMPLETION, FormRejected, first_mapping, mapping, meaning, rejection_in
from skimlist.text.words import estimate_tokens

# Why an answer ended, in the words of OpenAI, Anthropic, Mistral, Gemini and those who pass on what they say.
_CUT_OFF = frozenset({"length", "max_tokens", "max_output_tokens", "model_length", "model_context_window_exceeded"})
_REFUSED = frozenset(
    {
        "content_filter",
        "content_filtered",
        "safety",
        "image_safety",
        "prohibited_content",
        "recitation",
        "blocklist",
        "spii",
        "refusal",
        "sensitive",
        "guardrail_intervened",
    }
)
_BROKEN_OFF = frozenset({"error", "network_error", "insufficient_system_resource", "abort", "aborted", "unavailable"})
_DECODER = json.JSONDecoder(strict=False)
# No context window takes so many tokens: a larger count is a mistake, and would use up every budget.
_MOST_TOKENS = 100_000_000
# No tokenizer counts less than this share of the careful count, in any of the languages that were measured.
_LEAST_SHARE_READ = 0.35
# No server has a smaller context window than this: a lower count leaves out what the server had in its cache.
_LEAST_CONTEXT_TOKENS = 1_000


@dataclass(frozen=True, slots=True)
class Reading:
    """What came back. `failure` is what the endpoint reports in place of an answer; it may be paid for all the same.

    `tokens_read` is how much of the prompt the endpoint says to have read, from its cache or not.
    """

    completion: Completion
    failure: SkimlistError | FormRejected | None = None
    tokens_read: int | None = None


def read_answer(body: str, messages: Sequence[Message]) -> Reading:
    """The answer to these messages, or the failure that came with a status of success."""
    answer = _parsed(body)
    if answer is None:
        return Reading(Completion("", "", refused=False, usage=Usage()), ModelUnreachable(NO_COMPLETION))
    choice = first_mapping(answer.get("choices")) or mapping(answer.get("choices"))
    message = mapping(choice.get("message"))
    text = _text(choice, message)
    reason = _finish_reason(choice)
    refused = bool(message.get("refusal"))
    counts = mapping(answer.get("usage"))
    failure = None if text or refused else _failure(answer, choice, reason)
    is_counted = any(_count(counts, *names) is not None for names in (_IN, _OUT))
    usage = _usage(counts, messages, text) if is_counted or failure is None else Usage()
    return Reading(Completion(text, reason, refused, usage), failure, _tokens_read(counts))


def cut_prompt(reading: Reading, messages: Sequence[Message]) -> ModelRequestRejected | None:
    """The failure if the endpoint has read a part of the messages only; to be asked of a first question.

    Local servers cut what is longer than their context window, and say nothing; their count of the prompt does. Of a
    question that begins like an earlier one, some count only what they had not read before.
    """
    read = reading.tokens_read or 0
    if not _LEAST_CONTEXT_TOKENS <= read < _careful_count(messages) * _LEAST_SHARE_READ:
        return None
    return ModelRequestRejected(
        f"The model's endpoint read only {read} tokens of a longer prompt: it cut the captions. Give its server a "
        "larger context window, or tell the deployment of a smaller one."
    )


def _parsed(body: str) -> Mapping[str, Any] | None:
    """The answer as an object; one whose end is missing as far as it goes. None for a page or anything else."""
    try:
        answer, _ = _DECODER.raw_decode(body.lstrip())  # some gateways put an event, "data: [DONE]", behind the object
    except (ValueError, RecursionError):
        answer = repaired(body) if body.lstrip().startswith(("{", "[")) else joined_chunks(body)
    if isinstance(answer, list):
        answer = next((part for part in answer if isinstance(part, dict)), None)
    return answer if isinstance(answer, dict) else None


def _text(choice: Mapping[str, Any], message: Mapping[str, Any]) -> str:
    """What the model wrote. Some servers put it beside `content`, where they take it for a thought or for a call."""
    places = (message.get("content"), choice.get("text"), *_calls(message))
    thoughts = (message.get("reasoning_content"), message.get("reasoning"), message.get("content"))
    text = next((words for place in places if (words := _words(place)).strip()), "")
    text = text or next((words for place in thoughts if (words := _words(place, thoughts=True)).strip()), "")
    # Half of a surrogate pair can be written in JSON, and cannot be stored.
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _words(content: object, *, thoughts: bool = False) -> str:
    """The text of a message's content, which may come in parts; where it came as an object, this as JSON."""
    match content:
        case str(text) | {"text": str(text)}:
            return text
        case list(parts):
            return "".join(_words(part, thoughts=thoughts) for part in parts if isinstance(part, str | dict))
        case {"type": "thinking" | "reasoning", **rest}:
            return _words(rest.get("thinking"), thoughts=True) if thoughts else ""
        case dict() if content and "type" not in content:
            return json.dumps(content, ensure_ascii=False)
    return ""


def _calls(message: Mapping[str, Any]) -> Iterator[object]:
    calls = message.get("tool_calls")
    for call in calls if isinstance(calls, list) else ():
        yield mapping(mapping(call).get("function")).get("arguments")


def _finish_reason(choice: Mapping[str, Any]) -> str:
    """In OpenAI's words where it has one."""
    reason = choice.get("finish_reason")
    told = reason.strip().lower() if isinstance(reason, str) else ""
    if told in _CUT_OFF:
        return CUT_OFF
    return FILTERED if told in _REFUSED else told


def _failure(answer: Mapping[str, Any], choice: Mapping[str, Any], reason: str) -> SkimlistError | FormRejected | None:
    """What stands in place of a text; None for an answer that is merely empty."""
    for part in (answer, choice):
        if part.get("error"):
            return meaning(rejection_in(HTTPStatus.OK, part))
    if reason in (CUT_OFF, FILTERED):
        return None
    if reason in _BROKEN_OFF:
        return ModelUnreachable("The model's endpoint broke off its answer.")
    # Some servers put what went wrong at the top, without "error".
    return None if choice or mapping(answer.get("usage")) else meaning(rejection_in(HTTPStatus.OK, answer))


# --- How many tokens it took --------------------------------------------------------------------------------------

_IN = ("prompt_tokens", "input_tokens")
_OUT = ("completion_tokens", "output_tokens")


def _usage(counts: Mapping[str, Any], messages: Sequence[Message], text: str) -> Usage:
    """What the endpoint counted, an estimate where it does not; never a count that would lower what was spent."""
    tokens_in = _count(counts, *_IN)
    if tokens_in is None:
        tokens_in = _careful_count(messages)
    tokens_out = _count(counts, *_OUT)
    total = _count(counts, "total_tokens")
    if total is not None and _count(counts, *_IN) is not None:
        # Google counts the thoughts, which are paid for as well, in the sum alone.
        tokens_out = max(tokens_out or 0, total - tokens_in)
    if tokens_out is None:
        tokens_out = estimate_tokens(text)
    details = mapping(counts.get("prompt_tokens_details"))
    cache_read = min(_count(details, "cached_tokens") or 0, tokens_in)
    cache_write = min(_count(details, "cache_write_tokens") or 0, tokens_in - cache_read)
    return Usage(tokens_in=tokens_in, tokens_out=tokens_out, cache_read=cache_read, cache_write=cache_write)


def _tokens_read(counts: Mapping[str, Any]) -> int | None:
    """As told; a count that leaves out what came from the cache has it added."""
    read = _count(counts, *_IN)
    cached = _count(mapping(counts.get("prompt_tokens_details")), "cached_tokens") or 0
    return None if read is None else max(read, cached)


def _careful_count(messages: Sequence[Message]) -> int:
    return sum(estimate_tokens(message["content"]) for message in messages)


def _count(counts: Mapping[str, Any], *names: str) -> int | None:
    """The first of these that is a number of tokens; None where none can be one."""
    for name in names:
        number = counts.get(name)
        if isinstance(number, int | float) and not isinstance(number, bool) and 0 <= number <= _MOST_TOKENS:
            return int(number)
    return None
