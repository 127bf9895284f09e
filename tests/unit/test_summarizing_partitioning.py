"""The number of requests into which a transcript is divided."""

from __future__ import annotations

from dataclasses import replace
from math import ceil, inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skimlist.llm.catalogue import ModelSpec, Provider, Speed, Usage, catalogue
from skimlist.summarizing.chunking import prompt_tokens
from skimlist.summarizing.drafts import Request, Task
from skimlist.summarizing.estimate import Estimate, estimate
from skimlist.summarizing.forecast import expected_notes, expected_prompt
from skimlist.summarizing.partitioning import divide, line_room
from tests.fakes.summarizing import lines, settings, spec, transcript

SENTENCE = "A sentence that is as long as sentences in talks usually are, about something."
TEN_HOURS = 6_000
# About as many tokens as a summary of a part takes; other programs read as much again.
NOTES_ON_A_PART = 300
SAME_TIME_WHATEVER_THE_LENGTH = Speed(wait=1.5, read=inf, written=inf)
SLOW_READER = Speed(wait=1.5, read=10_000, written=inf)


def talk(sentences: int, task: Task = Task.WHOLE, **options: str) -> Request:
    spoken = lines([f"{n}: {SENTENCE}" for n in range(sentences)])
    return replace(Request.for_all(transcript([]), settings(**options), spoken), task=task)


def estimated(sentences: int, model: ModelSpec) -> Estimate:
    spoken = transcript([f"{n}: {SENTENCE}" for n in range(sentences)])
    return estimate(spoken, settings(), model)


def with_speed(speed: Speed, **changes: object) -> ModelSpec:
    return spec(context_tokens=1_000_000, speed=speed, **changes)


def test_where_length_takes_no_time_everything_goes_into_one_request() -> None:
    assert len(divide(talk(TEN_HOURS), with_speed(SAME_TIME_WHATEVER_THE_LENGTH))) == 1


def test_where_reading_takes_time_a_long_talk_is_read_in_parts_and_a_short_one_in_one_go() -> None:
    model = with_speed(SLOW_READER)
    assert len(divide(talk(200), model)) == 1
    assert 1 < len(divide(talk(TEN_HOURS), model)) <= model.concurrent_requests


def test_where_writing_takes_longer_than_reading_no_notes_are_asked_for() -> None:
    assert len(divide(talk(TEN_HOURS), with_speed(Speed(written=30)))) == 1


@pytest.mark.parametrize("sentences", [100, 500, 1_000, 2_000, TEN_HOURS])
@pytest.mark.parametrize("speed", [SAME_TIME_WHATEVER_THE_LENGTH, SLOW_READER])
def test_the_plan_is_nearly_as_fast_as_one_request_and_as_the_full_width(sentences: int, speed: Speed) -> None:
    model = with_speed(speed)
    request = talk(sentences)
    tokens = expected_prompt(request, model)

    def floor(count: int) -> float:
        """Returns the smallest request: one without instructions."""
        if count == 1:
            return speed.seconds(Usage(tokens_in=tokens))
        reading, merging = tokens // count, count * NOTES_ON_A_PART
        return speed.seconds(Usage(tokens_in=reading)) + speed.seconds(Usage(tokens_in=merging))

    floors = [floor(count) for count in range(1, model.concurrent_requests + 1)]
    assert estimated(sentences, model).seconds <= 1.1 * min(floors)


@pytest.mark.parametrize("sentences", [2_000, TEN_HOURS])
def test_parts_take_at_most_a_quarter_more_tokens_than_one_request(sentences: int) -> None:
    model = with_speed(SLOW_READER)
    found = estimated(sentences, model)
    in_one_go = estimated(sentences, with_speed(SAME_TIME_WHATEVER_THE_LENGTH))
    assert found.requests > in_one_go.requests == 1
    assert found.tokens_in + found.tokens_out <= 1.25 * (in_one_go.tokens_in + in_one_go.tokens_out)


def test_the_instructions_for_notes_take_few_tokens() -> None:
    """They are read again with every part."""
    assert expected_prompt(talk(1, Task.PART), spec()) < 480


def test_the_instructions_for_a_whole_summary_take_few_tokens() -> None:
    assert expected_prompt(talk(1), spec()) < 610


def test_parts_that_would_save_little_time_are_not_asked_for() -> None:
    three_hours = 1_200
    assert len(divide(talk(three_hours), with_speed(Speed()))) == 1
    assert len(divide(talk(2 * TEN_HOURS), with_speed(Speed()))) > 1


def test_there_are_never_more_parts_than_can_be_asked_for_at_once_unless_they_would_not_fit() -> None:
    model = with_speed(Speed(wait=0.1, read=1_000, written=inf), concurrent_requests=3)
    assert len(divide(talk(TEN_HOURS), model)) == 3
    small = spec(context_tokens=8_000, concurrent_requests=3)
    room = line_room(talk(TEN_HOURS), small)
    assert room is not None
    assert len(divide(talk(TEN_HOURS), small)) >= ceil(prompt_tokens(talk(TEN_HOURS).lines) / room) > 3


def test_notes_are_divided_only_where_they_do_not_fit() -> None:
    assert len(divide(talk(TEN_HOURS, Task.NOTES), with_speed(SLOW_READER))) == 1


def test_notes_are_asked_for_as_short_as_they_have_to_be_to_be_merged_in_one_request() -> None:
    small, large = spec(context_tokens=8_000), spec(context_tokens=60_000)
    request = talk(TEN_HOURS // 2)
    room = line_room(request, small)
    assert room is not None
    assert sum(expected_notes(part, small) for part in divide(request, small)) < room
    assert divide(request, small)[0].notes < divide(request, large)[0].notes


def test_the_extractive_model_reads_any_length_at_once() -> None:
    extractive = catalogue()["extractive"]
    assert extractive.provider is Provider.EXTRACTIVE
    assert len(divide(talk(TEN_HOURS), extractive)) == 1


@pytest.mark.parametrize("alias", [alias for alias, spec in catalogue().items() if spec.context_tokens])
def test_every_model_of_the_catalogue_has_room_for_captions(alias: str) -> None:
    room = line_room(talk(10, instructions="x" * 2_000), catalogue()[alias])
    assert room is not None
    assert room > 4_000


@given(st.integers(4_096, 2_000_000), st.floats(0.8, 2))
def test_prompt_and_answer_fit_into_the_window(context: int, tokens: float) -> None:
    model = spec(context_tokens=context, max_output_tokens=128_000, tokens=tokens)
    room = line_room(talk(3), model)
    assert room is not None
    assert (room + 700) * tokens + model.answer_limits[-1] <= context or room == 1


def test_long_instructions_take_room_from_the_captions() -> None:
    small = spec(context_tokens=8_000)
    short, long = line_room(talk(10), small), line_room(talk(10, instructions="word " * 300), small)
    assert short is not None
    assert long is not None
    assert long < short - 300
