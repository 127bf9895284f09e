"""The form of a request after an endpoint has rejected another one, by its own words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from skimlist.llm.catalogue import AnswerForm, catalogue
from skimlist.llm.request_forms import Form, simpler_form, strictest_form

CUSTOM = catalogue()["custom"]
SCHEMA = {"type": "array", "items": {"type": "integer", "maximum": 9}, "maxItems": 3}
STRICTEST = strictest_form(CUSTOM)


def sent(form: Form) -> set[str]:
    return form.arguments(CUSTOM, 4_096, "summary", SCHEMA).keys() - {"stream", "response_format"}


def test_a_self_hosted_model_is_asked_for_a_stream_with_all_bounds_and_both_limits() -> None:
    """Ollama knows max_tokens alone, and newer servers max_completion_tokens."""
    asked = STRICTEST.arguments(CUSTOM, 4_096, "summary", SCHEMA)
    assert asked["stream"] is True
    assert asked["max_tokens"] == asked["max_completion_tokens"] == 4_096
    assert asked["response_format"]["json_schema"]["schema"] == SCHEMA


def test_openai_is_asked_for_a_whole_answer_with_the_number_of_items_and_one_limit() -> None:
    openai = catalogue()["openai"]
    asked = strictest_form(openai).arguments(openai, 8_000, "summary", SCHEMA)
    assert asked["stream"] is False
    assert asked["max_completion_tokens"] == 8_000
    assert "max_tokens" not in asked
    assert asked["response_format"]["json_schema"]["schema"] == {**SCHEMA, "items": {"type": "integer"}}


@pytest.mark.parametrize(
    ("rejection", "answers"),
    [
        # OpenAI, as github.com/mastra-ai/mastra/issues/23321 quotes it; llama.cpp, as its own issue 25746 does;
        # vLLM; Gemini, which says nothing.
        ("Invalid schema for response_format 'summary': 'maxLength' is not permitted.", AnswerForm.COUNTED),
        ("Failed to initialize samplers: failed to parse grammar", AnswerForm.COUNTED),
        ("The provided JSON schema contains features not supported by xgrammar.", AnswerForm.COUNTED),
        ("Request contains an invalid argument.", AnswerForm.COUNTED),
        # DeepSeek: no schema will do.
        ("This response_format type is unavailable now", AnswerForm.JSON),
    ],
)
def test_a_rejected_form_is_followed_by_the_next_one_that_may_be_taken(rejection: str, answers: AnswerForm) -> None:
    form = simpler_form(CUSTOM, STRICTEST, rejection, {STRICTEST})
    assert form is not None
    assert form.answers is answers


def test_without_bounds_there_is_still_a_schema() -> None:
    counted = replace(STRICTEST, answers=AnswerForm.COUNTED)
    form = simpler_form(CUSTOM, counted, "'maxItems' is not permitted in this JSON schema", {STRICTEST, counted})
    assert form == replace(STRICTEST, answers=AnswerForm.SCHEMA)


def test_an_endpoint_that_takes_one_limit_is_given_one() -> None:
    """OpenAI's words (github.com/langchain-ai/langgraph/issues/5943)."""
    words = "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported."
    form = simpler_form(CUSTOM, STRICTEST, words, {STRICTEST})
    assert form is not None
    assert sent(form) == {"max_completion_tokens", "stream_options"}
    assert form.answers is STRICTEST.answers


def test_an_endpoint_that_does_not_count_or_stream_is_not_asked_to() -> None:
    uncounted = simpler_form(CUSTOM, STRICTEST, "stream_options: Extra inputs are not permitted", {STRICTEST})
    assert uncounted == replace(STRICTEST, counted=False)
    whole = simpler_form(CUSTOM, uncounted, "streaming is not supported", {STRICTEST, uncounted})
    assert whole == replace(STRICTEST, counted=False, streamed=False)
