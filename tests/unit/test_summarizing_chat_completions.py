"""No shape of a response crashes its parser, loses what was paid, or makes one video's failure everybody's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openai.lib.streaming.chat import ChatCompletionStreamState
from openai.types.chat import ChatCompletionChunk

from local.model.vendors import vendor_answers
from skimlist.errors import ModelKeyRejected, ModelQuotaExceeded, ModelRefused, ModelUnreachable, SkimlistError
from skimlist.llm.catalogue import Prices, Usage
from skimlist.llm.chat_completions import Reading, read_answer
from skimlist.llm.completions import Completion
from skimlist.llm.prompts import Message
from skimlist.llm.rejections import FormRejected, meaning, rejection_in

QUESTION: list[Message] = [{"role": "user", "content": "Flour and water. " * 100}]
TEXT = '{"summary": "Flour and water become bread."}'
BODIES = [
    json.loads(told.with_text(TEXT)) for told in vendor_answers().values() if told.body and "data:" not in told.body
]
JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from(
        [10**30, 10**400, -1, 0.5, float("nan"), float("inf"), "", "\ud83d", "length", "error", 402, "429"]
    ),
    st.text(max_size=20),
    st.just([]),
    st.just({}),
    st.just([None, 1, "a", {"text": None}]),
    st.just({"error": {"error": []}, "type": "thinking", "thinking": {"thinking": []}}),
)


def places(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Returns every container in a JSON value with each of its keys."""
    for key, child in list(tree.items() if isinstance(tree, dict) else enumerate(tree)):
        yield tree, key
        if isinstance(child, dict | list):
            yield from places(child)


@st.composite
def mutated(draw: st.DrawFn) -> Any:
    body = deepcopy(draw(st.sampled_from(BODIES)))
    for _ in range(draw(st.integers(1, 4))):
        if not (found := list(places(body))):
            break
        parent, key = draw(st.sampled_from(found))
        match draw(st.sampled_from(["drop", "replace", "nest", "list"])):
            case "drop":
                del parent[key]
            case "replace":
                parent[key] = deepcopy(draw(JUNK))
            case "nest":
                parent[key] = {"content": parent[key], "message": parent[key]}
            case "list":
                parent[key] = [parent[key]]
    return body


def read(body: Any) -> Reading:
    return read_answer(json.dumps(body), QUESTION)


@given(mutated())
@example({"choices": [{"message": {"content": "Bread."}, "finish_reason": "\ud83d"}], "usage": {"prompt_tokens": 9}})
def test_whatever_comes_with_success_is_read_and_what_it_cost_is_counted(body: Any) -> None:
    reading = read(body)
    assert reading.failure is None or isinstance(reading.failure, SkimlistError | FormRejected)
    stored = reading.completion.to_json()
    assert Completion.from_json(stored.encode().decode()) == reading.completion
    assert Prices(tokens_in=1, tokens_out=1).cost(reading.completion.usage) >= 0  # type: ignore[arg-type]
    if reading.completion.content:
        assert reading.failure is None
        assert reading.completion.usage.tokens_in > 0 or body["usage"]


@given(mutated(), st.integers(0, 600))
def test_whatever_is_cut_off_is_read_as_far_as_it_goes(body: Any, length: int) -> None:
    reading = read_answer(json.dumps(body)[:length], QUESTION)
    assert reading.failure is None or isinstance(reading.failure, SkimlistError | FormRejected)


@given(mutated(), st.sampled_from([200, 300, 400, 401, 403, 404, 409, 413, 422, 429, 451, 498, 500, 503, 529, 599]))
def test_every_rejection_has_a_meaning(body: Any, status: int) -> None:
    assert isinstance(meaning(rejection_in(status, body)), SkimlistError | FormRejected)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "null",
        "[]",
        "{}",
        "<html>502 Bad Gateway</html>",
        "[" * 100_000,
        "{" * 100_000,
        '{"a":' * 100_000,
        "1" * 5_000,
        '{"id": "x"}',
    ],
)
def test_a_response_that_is_no_answer_means_an_unreachable_endpoint(body: str) -> None:
    reading = read_answer(body, QUESTION)
    assert isinstance(reading.failure, ModelUnreachable)
    assert reading.completion.usage == Usage()


def test_an_answer_without_its_end_is_kept_with_an_estimate_of_its_tokens() -> None:
    reading = read_answer('{"choices": [{"message": {"content": "Flour and wa', QUESTION)
    assert reading.failure is None
    assert reading.completion.content == "Flour and wa"
    assert reading.completion.usage.tokens_in > 0


def stream(*chunks: Any, line_end: str = "\n") -> str:
    lines = (f"data: {json.dumps(chunk, ensure_ascii=False)}" for chunk in chunks)
    return "".join(f"{line}{line_end * 2}" for line in (": keep-alive", *lines, "data: [DONE]"))


def chunk(delta: dict[str, Any] | None = None, reason: str | None = None, **more: Any) -> dict[str, Any]:
    choices = [] if delta is None else [{"index": 0, "delta": delta, "finish_reason": reason}]
    told = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "gpt", "choices": choices}
    return {**told, **more}


@given(st.lists(st.text(min_size=1)), st.sampled_from(["stop", "length"]), st.sampled_from(["\n", "\r\n", "\r"]))
def test_a_stream_that_nobody_asked_for_is_read_as_the_sdk_reads_one(
    pieces: list[str], reason: str, line_end: str
) -> None:
    counts = {"prompt_tokens": 1_500, "completion_tokens": 300, "total_tokens": 1_800}
    first = chunk({"role": "assistant", "content": "F", "refusal": None})
    chunks = [first, *(chunk({"content": piece}) for piece in pieces), chunk({}, reason), chunk(usage=counts)]
    sdk: ChatCompletionStreamState[None] = ChatCompletionStreamState()
    for each in chunks:
        sdk.handle_chunk(ChatCompletionChunk.model_validate(each))
    expected = sdk.current_completion_snapshot.choices[0]
    reading = read_answer(stream(*chunks, line_end=line_end), QUESTION)
    assert reading.failure is None
    assert (reading.completion.content, reading.completion.finish_reason) == (expected.message.content, reason)
    assert reading.completion.usage == Usage(tokens_in=1_500, tokens_out=300)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (stream({"choices": [{"message": {"content": TEXT}}]}), TEXT),
        (stream(chunk({"reasoning_content": "Hm, "}), chunk({"reasoning_content": TEXT})), f"Hm, {TEXT}"),
        (stream(chunk({"content": [{"type": "text", "text": "{}"}]}), chunk({"content": [{"text": "."}]})), "{}."),
        (stream(*(chunk({"tool_calls": [{"function": {"arguments": part}}]}) for part in ("{", "}"))), "{}"),
        (
            stream(chunk({"content": "Flour"}), chunk({"content": " and wa"}), chunk({"content": "ter"}))[:-30],
            "Flour and wa",
        ),
        (stream(chunk({"content": "Flour"}), {"error": {"code": 502, "message": "Upstream error"}}), "Flour"),
        # github.com/decolua/9router/issues/3492
        (json.dumps({"choices": [{"message": {"content": TEXT}}]}) + "data: [DONE]\n\n", TEXT),
    ],
)
def test_a_stream_is_read_as_far_as_it_goes(body: str, text: str) -> None:
    reading = read_answer(body, QUESTION)
    assert (reading.failure, reading.completion.content) == (None, text)
    assert reading.completion.usage.tokens_in > 0


@pytest.mark.parametrize(
    ("body", "failure"),
    [
        (stream({"error": {"code": "insufficient_quota", "message": "You exceeded your quota."}}), ModelQuotaExceeded),
        (stream(chunk({}, "error")), ModelUnreachable),
        (stream("a", 1, [], {}), ModelUnreachable),
        (stream(), ModelUnreachable),
    ],
)
def test_a_stream_without_a_text_is_the_failure_that_it_tells(body: str, failure: type[SkimlistError]) -> None:
    reading = read_answer(body, QUESTION)
    assert type(reading.failure) is failure
    assert reading.completion.usage == Usage()


@given(st.lists(mutated(), min_size=1, max_size=3), st.integers(0, 3_000))
def test_any_stream_is_read_or_a_failure(bodies: list[Any], length: int) -> None:
    as_deltas = json.dumps(bodies).replace('"message":', '"delta":')
    reading = read_answer(stream(*json.loads(as_deltas))[:length], QUESTION)
    assert reading.failure is None or isinstance(reading.failure, SkimlistError | FormRejected)


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ("Your credit balance is too low.", ModelQuotaExceeded),
        ("API key not valid.", ModelKeyRejected),
        ("Your input was flagged.", ModelRefused),
    ],
)
@pytest.mark.parametrize("place", ["error", "detail"])
def test_the_words_of_a_video_never_concern_everybody(words: str, error: type[SkimlistError], place: str) -> None:
    def rejected(message: str) -> Exception:
        body = {"error": {"message": message}} if place == "error" else {"detail": message}
        return meaning(rejection_in(400, body))

    assert isinstance(rejected(words), error)
    assert isinstance(rejected(f"Invalid value: {'You summarize videos. ' * 40}{words}"), FormRejected)
    sent = {"detail": [{"loc": ["body", "messages"], "msg": "Value error", "input": words}]}
    assert isinstance(meaning(rejection_in(422, sent)), FormRejected)
