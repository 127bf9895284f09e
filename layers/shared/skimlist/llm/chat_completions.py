"""Reads successful responses of an endpoint in any shape, so that no answer that was paid for is lost."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from skimlist.errors import ModelRequestRejected, ModelUnreachable, SkimlistError
from skimlist.llm.catalogue import Usage
from skimlist.llm.completions import CUT_OFF, FILTERED, Completion
from skimlist.llm.event_streams import join_chunks
from skimlist.llm.json_objects import repair_json
from skimlist.llm.prompts import Message
from skimlist.llm.rejections import NO_COMPLETION, FormRejected, first_mapping, mapping, meaning, rejection_in
from skimlist.text.words import estimate_tokens

# Finish reasons of OpenAI, Anthropic, Mistral, Gemini and the gateways that pass them on.
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
# No context window is this large: a larger count is an error, and would use up every budget.
_MAX_TOKENS = 100_000_000
# No tokenizer counts less than this share of the careful count in any language that was measured.
_MIN_SHARE_READ = 0.35
# No server has a smaller context window than this: a lower count leaves out cached tokens.
_MIN_CONTEXT_TOKENS = 1_000


@dataclass(frozen=True, slots=True)
class Reading:
    """The content of a response. `failure` is the error that it reports; such a response may be charged nevertheless.

    `tokens_read` is the number of prompt tokens that the endpoint reports, cached or not.
    """

    completion: Completion
    failure: SkimlistError | FormRejected | None = None
    tokens_read: int | None = None


def read_answer(body: str, messages: Sequence[Message]) -> Reading:
    """Reads the answer to these messages, or the failure that came with a success status."""
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
    """Returns an error if the endpoint has read only a part of the messages. Call it for the first request only.

    Local servers silently cut prompts that are longer than their context window; only their token count shows it. For a
    request that begins like an earlier one, some servers count only the new tokens.
    """
    read = reading.tokens_read or 0
    if not _MIN_CONTEXT_TOKENS <= read < _careful_count(messages) * _MIN_SHARE_READ:
        return None
    return ModelRequestRejected(
        f"The model's endpoint read only {read} tokens of a longer prompt: it cut the captions. Give its server a "
        "larger context window, or tell the deployment of a smaller one."
    )


def _parsed(body: str) -> Mapping[str, Any] | None:
    """Parses the response as an object, as far as it is complete; None for a web page or anything else."""
    try:
        answer, _ = _DECODER.raw_decode(body.lstrip())  # some gateways add an event, "data: [DONE]", after the object
    except (ValueError, RecursionError):
        answer = repair_json(body) if body.lstrip().startswith(("{", "[")) else join_chunks(body)
    if isinstance(answer, list):
        answer = next((part for part in answer if isinstance(part, dict)), None)
    return answer if isinstance(answer, dict) else None


def _text(choice: Mapping[str, Any], message: Mapping[str, Any]) -> str:
    """Returns the model's text, which some servers mistake for reasoning or a tool call and put beside `content`."""
    places = (message.get("content"), choice.get("text"), *_calls(message))
    thoughts = (message.get("reasoning_content"), message.get("reasoning"), message.get("content"))
    text = next((words for place in places if (words := _words(place)).strip()), "")
    text = text or next((words for place in thoughts if (words := _words(place, thoughts=True)).strip()), "")
    return _storable(text)


def _storable(text: str) -> str:
    """Replaces halves of surrogate pairs, which can be written in JSON, but cannot be stored."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _words(content: object, *, thoughts: bool = False) -> str:
    """Returns the text of a message's content, which may be split into parts; an object is returned as JSON."""
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
    """Returns the finish reason, translated into OpenAI's words if they have one for it."""
    reason = choice.get("finish_reason")
    name = _storable(reason).strip().lower() if isinstance(reason, str) else ""
    if name in _CUT_OFF:
        return CUT_OFF
    return FILTERED if name in _REFUSED else name


def _failure(answer: Mapping[str, Any], choice: Mapping[str, Any], reason: str) -> SkimlistError | FormRejected | None:
    """Returns the error that a response without text reports; None if it is merely empty."""
    for part in (answer, choice):
        if part.get("error"):
            return meaning(rejection_in(HTTPStatus.OK, part))
    if reason in (CUT_OFF, FILTERED):
        return None
    if reason in _BROKEN_OFF:
        return ModelUnreachable("The model's endpoint broke off its answer.")
    # Some servers put the error's fields at the top level, without "error".
    return None if choice or mapping(answer.get("usage")) else meaning(rejection_in(HTTPStatus.OK, answer))


# --- Token counts -------------------------------------------------------------------------------------------------

_IN = ("prompt_tokens", "input_tokens")
_OUT = ("completion_tokens", "output_tokens")


def _usage(counts: Mapping[str, Any], messages: Sequence[Message], text: str) -> Usage:
    """Returns the tokens that the endpoint counted, or an estimate; the result never lowers the total spent."""
    tokens_in = _count(counts, *_IN)
    if tokens_in is None:
        tokens_in = _careful_count(messages)
    tokens_out = _count(counts, *_OUT)
    total = _count(counts, "total_tokens")
    if total is not None and _count(counts, *_IN) is not None:
        # Google counts reasoning tokens, which are charged too, only in the total.
        tokens_out = max(tokens_out or 0, total - tokens_in)
    if tokens_out is None:
        tokens_out = estimate_tokens(text)
    details = mapping(counts.get("prompt_tokens_details"))
    cache_read = min(_count(details, "cached_tokens") or 0, tokens_in)
    cache_write = min(_count(details, "cache_write_tokens") or 0, tokens_in - cache_read)
    return Usage(tokens_in=tokens_in, tokens_out=tokens_out, cache_read=cache_read, cache_write=cache_write)


def _tokens_read(counts: Mapping[str, Any]) -> int | None:
    """Returns the prompt tokens that the endpoint reports, but at least the cached ones.

    Some endpoints report only the tokens that were not cached.
    """
    read = _count(counts, *_IN)
    cached = _count(mapping(counts.get("prompt_tokens_details")), "cached_tokens") or 0
    return None if read is None else max(read, cached)


def _careful_count(messages: Sequence[Message]) -> int:
    return sum(estimate_tokens(message["content"]) for message in messages)


def _count(counts: Mapping[str, Any], *names: str) -> int | None:
    """Returns the first of these values that is a plausible number of tokens, or None."""
    for name in names:
        number = counts.get(name)
        if isinstance(number, int | float) and not isinstance(number, bool) and 0 <= number <= _MAX_TOKENS:
            return int(number)
    return None
