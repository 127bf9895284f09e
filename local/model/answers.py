"""Creates the fake server's answers: valid summaries and digests, made of the prompt's own lines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from splintr import AnyTokenizer, Tokenizer

from local.model.failures import Failure

_LINE = re.compile(r"^\[(\d+)\] (.+)$", re.MULTILINE)
_LENGTH = re.compile(r"about (\d+) words .*at most (\d+) key points and (\d+) chapters")
_NOTES = re.compile(r"at most (\d+) notes")
# Two characters make a word in Thai, Chinese and Japanese.
_SPACELESS = "\u0e00-\u0eff\u3000-\u30ff\u3400-\u9fff"
_WORD = re.compile(rf"[{_SPACELESS}]{{1,2}}|[^\W{_SPACELESS}]+")
_WITH_SPACE = re.compile(r"\S+\s*|\s+")
_VIDEO = re.compile(r"^Video (\d+): ", re.MULTILINE)
# A text that every request for a digest contains, and no request for a summary.
_FIELD_OF_A_DIGEST = '"watch_order"'
_RECOMMENDED = 12
# A text that every request for what new videos add contains, and the tag before the statements of earlier videos.
_FIELD_OF_NEWS = '"contradictions"'
_EARLIER = re.compile(r"^<earlier-\w+>$", re.MULTILINE)
_FINISH_REASONS: Mapping[Failure | None, str] = {Failure.CUT_OFF: "length", Failure.CONTENT_FILTER: "content_filter"}
_REVISED_LENGTH = re.compile(r"should have about (\d+)")
_AREAS = re.compile(r"The reader cares most about: (.+)\. Give these")
_ENGLISH = "This is what the video is about and how it goes on to the end of it."
_SPOILED_LENGTHS: Mapping[Failure | None, float] = {Failure.TOO_LONG: 2, Failure.TOO_SHORT: 0.5}
# The length of an answer to a question without a length: words, key points, chapters.
_USUAL_LENGTH = (100, 5, 4)
_WORDS_A_POINT = 16
# Overhead of each message, and of the answer (OpenAI cookbook: "How to count tokens with tiktoken").
_TOKENS_A_MESSAGE = 3
_WORDS_OF_A_PLAIN_SUMMARY = 200
# The text at the end of a repeated question, and the pattern of the fields that it asks for.
_REPAIR = "An earlier answer could not be used"
_FIELDS = re.compile(r"no other fields than (.+?)[,.] and avoid")
# The beginning of a question that asks to correct texts of an answer.
_TEXTS = "These are texts from the summary"
_GERMAN = "Das ist, was in dem Film gesagt wird und wie es mit dem Brot bis zum Ende weiter geht."
# A line number that no transcript has.
_TENTHS = 10
# A statement that no transcript contains, and its pattern in a question, followed by the first caption beside it.
_UNSAID = " That was in 1789."
_STATEMENT = re.compile(r"^Statement (\d+): .*\n\[\d+\] (.+)$", re.MULTILINE)
_MISSING_LINE = 10_000_000


def prompt_text(messages: Sequence[Mapping[str, str]]) -> str:
    return "\n".join(message["content"] for message in messages)


def completion(request: Mapping[str, Any], number: int, failure: Failure | None) -> dict[str, Any]:
    """Returns a chat completion with the fault `failure`; its id is made from `number`."""
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
        answer["usage"] = _usage(_counted(request["messages"], failure), content)
    if failure is Failure.PROMPT_CUT:
        answer["usage"]["prompt_tokens"] //= 4
    return answer


def events(answer: Mapping[str, Any], *, with_usage: bool) -> Iterator[str]:
    """Yields a chat completion as the events of a stream: its words, the finish reason, and the usage."""
    choice = answer["choices"][0]
    about = {name: value for name, value in answer.items() if name not in ("choices", "usage")}

    def event(choices: list[dict[str, Any]], **more: Any) -> str:
        chunk = {**about, "object": "chat.completion.chunk", "choices": choices, **more}
        return f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n"

    for word in _WITH_SPACE.findall(choice["message"]["content"] or ""):
        yield event([{"index": 0, "delta": {"content": word}, "finish_reason": None}])
    ending = {"refusal": choice["message"]["refusal"]} if choice["message"]["refusal"] else {}
    yield event([{"index": 0, "delta": ending, "finish_reason": choice["finish_reason"]}])
    if with_usage and "usage" in answer:
        yield event([], usage=answer["usage"])
    yield "data: [DONE]\n\n"


def _counted(messages: Sequence[Mapping[str, str]], failure: Failure | None) -> Sequence[Mapping[str, str]]:
    """Returns the messages to count: a server that ignores cached tokens counts only the end of a repeated question."""
    _, repair, problem = messages[-1]["content"].partition(_REPAIR)
    is_in_cache = failure is Failure.CACHE_NOT_COUNTED and repair
    return [{"role": "user", "content": repair + problem}] if is_in_cache else messages


def _content(messages: Sequence[Mapping[str, str]], failure: Failure | None) -> str:
    question = messages[-1]["content"]
    is_to_be_repaired = failure is Failure.CACHE_NOT_COUNTED and _REPAIR not in question
    if failure is Failure.NOT_JSON or is_to_be_repaired:
        return "Certainly! Here is what the video is about."
    if failure is Failure.INVALID_ANSWER:
        return json.dumps({"title": "Half a summary", "tldr": ""})
    lines = [(int(number), text) for number, text in _LINE.findall(question)]
    if failure is Failure.WRONG_LINES:
        lines = [(_MISSING_LINE + number, text) for number, text in lines]
    if not lines and _TEXTS not in question:
        return _plain_summary(question)
    instructions = question.partition("\n<")[0]
    if _FIELD_OF_A_DIGEST in instructions:
        answer = _digest(question, lines, _UNSAID if failure is Failure.UNSAID else "")
    elif _FIELD_OF_NEWS in instructions:
        answer = _news(question, _UNSAID if failure is Failure.UNSAID else "")
    elif statements := _STATEMENT.findall(question):
        answer = {"statements": [{"number": int(number), "text": text} for number, text in statements]}
    elif count := _NOTES.search(instructions):
        answer = {"notes": _points(lines, int(count[1]))}
    else:
        answer = _summary(question, lines, failure) if lines else _revised(question)
        if fields := _FIELDS.search(question):
            answer = {field: answer[field] for field in json.loads(f"[{fields[1]}]")}
    content = json.dumps(answer, ensure_ascii=False)
    return content[: len(content) // 2] if failure is Failure.CUT_OFF else content


def _summary(question: str, lines: Sequence[tuple[int, str]], failure: Failure | None) -> dict[str, Any]:
    """Returns a summary of the requested length, unless that is the fault; cut lines end with an ellipsis."""
    length = _LENGTH.search(question)
    words, points, chapters = map(int, length.groups()) if length else _USUAL_LENGTH
    begin = lines[: len(lines) // _TENTHS + 1] if failure is Failure.BEGINNING_ONLY else lines
    text = " ".join([_ENGLISH] * words if failure is Failure.IN_ENGLISH else [text for _, text in lines])
    return {
        "title": _shortened(lines[0][1], 8),
        "tldr": _shortened(lines[0][1], 30),
        "summary": _shortened(text, round(words * _SPOILED_LENGTHS.get(failure, 1))),
        "key_points": _points(begin, points, _UNSAID if failure is Failure.UNSAID else ""),
        "chapters": [
            {"line": number, "title": _shortened(text, 5), "summary": _shortened(text, _WORDS_A_POINT)}
            for number, text in _evenly(begin, chapters)
        ],
        "tags": ["fake"],
        "focus": [_report(area, lines) for area in _areas(question)],
    }


def _points(lines: Sequence[tuple[int, str]], most: int, added: str = "") -> list[dict[str, Any]]:
    return [{"line": number, "text": _shortened(text, _WORDS_A_POINT) + added} for number, text in _evenly(lines, most)]


def _digest(question: str, lines: Sequence[tuple[int, str]], added: str) -> dict[str, Any]:
    """Returns a digest whose claims end with `added` and cite the first and the last line, of different videos."""
    videos = [int(number) for number in _VIDEO.findall(question)][:_RECOMMENDED]
    said = [_shortened(text, _WORDS_A_POINT) for _, text in _evenly(lines, _RECOMMENDED)]
    claim = {"text": said[0] + added, "evidence": [lines[0][0], lines[-1][0]]}
    return {
        "overview": " ".join(said),
        "themes": [{"title": _shortened(text, 3), **claim} for text in said[:4]],
        "agreements": [claim],
        "differences": [claim],
        "watch_order": [{"video": number, "reason": f"Video {number} comes next."} for number in videos],
    }


def _news(question: str, added: str) -> dict[str, Any]:
    """Returns the first new line as new, and the last one as a comparison with the first earlier line."""
    parts = [_LINE.findall(part) for part in _EARLIER.split(question)]
    new, earlier = parts[0], parts[1] if len(parts) > 1 else []
    text = _shortened(new[0][1], _WORDS_A_POINT) + added
    both = [
        {
            "text": f"{_shortened(new[-1][1], _WORDS_A_POINT)} Before: {_shortened(said, _WORDS_A_POINT)}{added}",
            "evidence": [int(new[-1][0])],
            "earlier": [int(number)],
        }
        for number, said in earlier[:1]
    ]
    subject = {"title": _shortened(text, 3), "text": text, "evidence": [int(new[0][0])]}
    return {"new": [subject], "beyond": both, "contradictions": both}


def _revised(question: str) -> dict[str, Any]:
    """Returns the texts unchanged, except for a summary: it gets another length, or words of German."""
    answer: dict[str, Any] = json.loads(question[question.index("{") : question.rindex("}") + 1])
    if "summary" not in answer:
        return answer
    words = len(_WORD.findall(answer["summary"]))
    length = _REVISED_LENGTH.search(question)
    summary = answer["summary"] if length else " ".join([_GERMAN] * words)
    return answer | {"summary": _shortened(summary, int(length[1]) if length else words)}


def _areas(question: str) -> list[str]:
    asked = _AREAS.search(question)
    return asked[1].split("; ") if asked else []


def _report(area: str, lines: Sequence[tuple[int, str]]) -> dict[str, Any]:
    for number, text in lines:
        if area.lower() in text.lower():
            return {"area": area, "line": number, "text": _shortened(text, _WORDS_A_POINT)}
    return {"area": area, "line": 0, "text": ""}


def _plain_summary(question: str) -> str:
    """Returns a summary for other programs, whose prompts have no line numbers: the last words of the question."""
    return " ".join(question.split()[-_WORDS_OF_A_PLAIN_SUMMARY:])


def _evenly(lines: Sequence[tuple[int, str]], most: int) -> list[tuple[int, str]]:
    count = min(most, len(lines))
    return [lines[index * len(lines) // count] for index in range(count)]


def _shortened(text: str, words: int) -> str:
    """Returns the first `words` words; in scripts without spaces, a word has two characters."""
    ends = [found.end() for found in _WORD.finditer(text)]
    return text if len(ends) <= words else f"{text[: ends[words - 1]]}…"


@cache
def _tokenizer() -> AnyTokenizer:
    return Tokenizer.from_pretrained("o200k_base")


def count_tokens(text: str) -> int:
    return len(_tokenizer().encode(text))


def _usage(messages: Sequence[Mapping[str, str]], content: str) -> dict[str, Any]:
    """Returns the tokens as OpenAI's current models count them."""
    prompt = sum(_TOKENS_A_MESSAGE + count_tokens(message["content"]) for message in messages)
    tokens_in, tokens_out = prompt + _TOKENS_A_MESSAGE, count_tokens(content)
    return {"prompt_tokens": tokens_in, "completion_tokens": tokens_out, "total_tokens": tokens_in + tokens_out}
