"""Forecasts the tokens that a request to a model will take, counted as that model counts them."""

from __future__ import annotations

from collections.abc import Sequence

from skimlist.llm.catalogue import ModelSpec, Usage
from skimlist.llm.doubts import LINES_A_DOUBT, Doubt, reconsideration
from skimlist.llm.tokens import likely_tokens, tokens_a_word
from skimlist.summarizing.drafts import Request, Target, Task
from skimlist.summarizing.prompts import CAPTIONS_TAG, conversation, doubts_context

# Overhead of each message in a chat (OpenAI cookbook: "How to count tokens with tiktoken").
_TOKENS_A_MESSAGE = 4

# Tokens of the JSON syntax of an answer, of each key point and of each chapter; and the words that models write in the
# fields for which the prompt gives no number.
_JSON_TOKENS = 60
_JSON_TOKENS_A_POINT = 14
_JSON_TOKENS_A_CHAPTER = 18
_WORDS_OF_TITLE_AND_TLDR = 45
_WORDS_A_POINT = 16
_WORDS_A_CHAPTER = 20
_TOKENS_OF_A_LINE_NUMBER = 4
_JSON_TOKENS_OF_NOTES = 8
# Expected doubtful statements in a summary: a quarter of the 88 statements that small models wrote were doubtful.
_LIKELY_DOUBTS = 4


def expected_usage(request: Request, spec: ModelSpec) -> Usage:
    return Usage(tokens_in=expected_prompt(request, spec), tokens_out=expected_answer(request, spec))


def expected_prompt(request: Request, spec: ModelSpec) -> int:
    messages = conversation(request)
    # All that stands before and after the captions is English.
    instructions, tag, rest = messages[-1]["content"].partition(f"<{CAPTIONS_TAG}")
    captions, end, essentials = rest.rpartition(f"</{CAPTIONS_TAG}")
    english = [*(message["content"] for message in messages[:-1]), instructions, end + essentials]
    said = likely_tokens(tag + captions, request.language)
    tokens = sum(map(likely_tokens, english)) + said + _TOKENS_A_MESSAGE * len(messages)
    return round(tokens * spec.tokens)


def expected_answer(request: Request, spec: ModelSpec) -> int:
    if request.task is Task.PART:
        note = _WORDS_A_POINT * tokens_a_word(request.answer_language) + _JSON_TOKENS_A_POINT
        return round((_JSON_TOKENS_OF_NOTES + request.notes * note) * spec.tokens)
    target = request.target
    words = _words(target)
    if request.task is Task.STRETCHES:
        words -= target.words
    else:
        words += _WORDS_OF_TITLE_AND_TLDR
    json = _JSON_TOKENS + target.key_points * _JSON_TOKENS_A_POINT + target.chapters * _JSON_TOKENS_A_CHAPTER
    return round((words * tokens_a_word(request.answer_language) + json) * spec.tokens)


def expected_reconsideration(doubts: Sequence[Doubt], request: Request, spec: ModelSpec) -> Usage:
    """Forecasts the request about doubtful statements; each correction is about as long as its statement."""
    messages = reconsideration(doubts, doubts_context(request))
    answer = sum(likely_tokens(doubt.text, request.answer_language) + _JSON_TOKENS_A_POINT for doubt in doubts)
    read = sum(likely_tokens(message["content"], request.language) for message in messages)
    return Usage(
        tokens_in=round((read + _TOKENS_A_MESSAGE * len(messages)) * spec.tokens),
        tokens_out=round(answer * spec.tokens),
    )


def likely_reconsideration(request: Request, spec: ModelSpec) -> Usage:
    """Forecasts that request before there is a summary: a few statements, each with as many lines as it can have."""
    parts = [request.lines[start : start + LINES_A_DOUBT] for start in range(0, len(request.lines), LINES_A_DOUBT)]
    doubts = [Doubt(part[0].text, (), part) for part in parts[:_LIKELY_DOUBTS]]
    return expected_reconsideration(doubts, request, spec)


def expected_notes(request: Request, spec: ModelSpec) -> int:
    """Forecasts the tokens of a part's notes when they are read again to be merged."""
    note = _WORDS_A_POINT * tokens_a_word(request.answer_language) + _TOKENS_OF_A_LINE_NUMBER
    return round(request.notes * note * spec.tokens)


def _words(target: Target) -> int:
    return target.words + target.key_points * _WORDS_A_POINT + target.chapters * _WORDS_A_CHAPTER
