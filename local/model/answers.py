"""Answers of the stand-in: a valid summary made of the prompt's own lines."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from local.model.failures import Failure

_LINE = re.compile(r"^\[(\d+)\] (.+)$", re.MULTILINE)
_FINISH_REASONS: Mapping[Failure | None, str] = {Failure.CUT_OFF: "length", Failure.CONTENT_FILTER: "content_filter"}
_KEY_POINTS = 5
_CHAPTERS = 4
_CHARACTERS_A_TOKEN = 4
# A number that no transcript has a line of.
_MISSING_LINE = 10_000_000


def prompt_text(messages: Sequence[Mapping[str, str]]) -> str:
    return "\n".join(message["content"] for message in messages)


def completion(request: Mapping[str, Any], number: int, failure: Failure | None) -> dict[str, Any]:
    """A chat completion, spoiled as `failure` says; `number` makes its id."""
    content = _content(request["messages"], failure)
    message = {"role": "assistant", "content": content, "refusal": None}
    if failure is Failure.REFUSAL:
        message |= {"content": None, "refusal": "I cannot help with that."}
    answer = {
        "id": f"chatcmpl-{number}",
        "object": "chat.completion",
        "created": 0,
        "model": request["model"],
        "choices": [
            {"index": 0, "message": message, "logprobs": None, "finish_reason": _FINISH_REASONS.get(failure, "stop")}
        ],
    }
    if failure is not Failure.NO_USAGE:
        answer["usage"] = _usage(prompt_text(request["messages"]), content)
    return answer


def _content(messages: Sequence[Mapping[str, str]], failure: Failure | None) -> str:
    # The captions stand in the first question; a repair's conversation repeats it.
    lines = [(int(number), text) for number, text in _LINE.findall(messages[1]["content"])]
    if failure is Failure.NOT_JSON:
        return "Certainly! Here is what the video is about."
    if failure is Failure.INVALID_ANSWER:
        return json.dumps({"title": "Half a summary", "tldr": ""})
    if failure is Failure.WRONG_LINES:
        lines = [(_MISSING_LINE + number, text) for number, text in lines]
    content = json.dumps(_summary(lines), ensure_ascii=False)
    return content[: len(content) // 2] if failure is Failure.CUT_OFF else content


def _summary(lines: Sequence[tuple[int, str]]) -> dict[str, Any]:
    points, chapters = _evenly(lines, _KEY_POINTS), _evenly(lines, _CHAPTERS)
    return {
        "title": _shortened(lines[0][1], 60),
        "tldr": _shortened(lines[0][1], 160),
        "summary": " ".join(_shortened(text, 120) for _, text in points),
        "key_points": [{"line": number, "text": _shortened(text, 120)} for number, text in points],
        "chapters": [
            {"line": number, "title": _shortened(text, 40), "summary": _shortened(text, 120)}
            for number, text in chapters
        ],
        "tags": ["stand-in"],
        "not_mentioned": [],
    }


def _evenly(lines: Sequence[tuple[int, str]], most: int) -> list[tuple[int, str]]:
    count = min(most, len(lines))
    return [lines[index * len(lines) // count] for index in range(count)]


def _shortened(text: str, characters: int) -> str:
    return text if len(text) <= characters else text[: characters - 1] + "…"


def _usage(prompt: str, content: str) -> dict[str, Any]:
    tokens_in, tokens_out = (len(text) // _CHARACTERS_A_TOKEN + 1 for text in (prompt, content))
    return {"prompt_tokens": tokens_in, "completion_tokens": tokens_out, "total_tokens": tokens_in + tokens_out}
