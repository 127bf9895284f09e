"""The OpenAI provider against a fake server that speaks the protocol, in every way it can go wrong."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any

import pytest
import trustme

from local.model import Failure, FakeModelServer, answers
from skimlist.errors import (
    ModelAccessDenied,
    ModelAnswerInvalid,
    ModelKeyMissing,
    ModelKeyRejected,
    ModelNotFound,
    ModelOverloaded,
    ModelQuotaExceeded,
    ModelRefused,
    ModelRequestRejected,
    ModelUnreachable,
    SkimlistError,
    StepTimedOut,
)
from skimlist.llm.catalogue import ModelSpec, Usage, catalogue
from skimlist.llm.endpoint import ChatEndpoint
from skimlist.llm.request_forms import FORMS
from skimlist.models.settings import BatchSettings, SummaryLength, Verify
from skimlist.models.summary import Summary
from skimlist.models.transcript import Segment, Transcript
from skimlist.summarizing.drafts import Model
from skimlist.summarizing.estimate import estimate
from skimlist.summarizing.providers import open_model
from skimlist.summarizing.summarize import summarize_video
from skimlist.text.words import count_words
from testkit.template import ROOT
from tests.fakes.summarizing import NOW, Memory, settings, spec, transcript

TALK = transcript([f"Sentence number {n} of a talk about bread and salt." for n in range(60)])
LONGER_TALK = transcript([f"Sentence number {n} of a talk about bread and salt." for n in range(400)])
TALK_IN_PARTS = transcript([f"Sentence number {n} of a talk about bread and salt." for n in range(700)])
LONG_TALK = transcript([f"Sentence number {n} of a talk about bread and salt." for n in range(1_200)])
OPENAI = catalogue()["openai"]
NARROW = spec(context_tokens=12_000, max_output_tokens=4_000)
SELF_HOSTED = catalogue()["custom"]
# Too little for a second attempt of the SDK's own, so that failures are quick.
NO_TIME_FOR_RETRIES = 60.0
# What the client then waits for the next piece of an answer.
MAX_SILENCE = 50.0


@pytest.fixture
def fake() -> Iterator[FakeModelServer]:
    with FakeModelServer() as running:
        FORMS.forget(OPENAI.at(running.base_url))
        yield running


@pytest.fixture
def memory() -> Memory:
    return Memory()


def summarized(
    fake: FakeModelServer,
    memory: Memory,
    source: Transcript = TALK,
    model: ModelSpec = OPENAI,
    seconds_left: float = NO_TIME_FOR_RETRIES,
    options: BatchSettings | None = None,
) -> Summary:
    opened = open_model(model.at(fake.base_url), api_key="test", answer_cache=memory, seconds_left=lambda: seconds_left)
    return summarize_video(source, options or settings(), opened, now=NOW)


def samples() -> list[Transcript]:
    """Returns the project's own transcripts."""
    videos = [json.loads(path.read_text(encoding="utf-8")) for path in (ROOT / "local" / "samples").glob("*_1.json")]
    return [
        Transcript(
            **{name: video[name] for name in ("video_id", "title", "language", "language_code", "is_generated")},
            segments=tuple(Segment(s["text"], s["start"], s["duration"]) for s in video["snippets"]),
        )
        for video in videos
    ]


def paid_twice(fake: FakeModelServer) -> list[str]:
    return [prompt for prompt, count in fake.requests["answered"].items() if count > 1]


def test_a_summary_comes_back_with_times_tokens_and_cost(fake: FakeModelServer, memory: Memory) -> None:
    summary = summarized(fake, memory)
    starts = {segment.start for segment in TALK.segments}
    assert {point.start_seconds for point in summary.key_points} <= starts
    assert [chapter.start_seconds for chapter in summary.chapters] == sorted(
        chapter.start_seconds for chapter in summary.chapters
    )
    assert summary.model == OPENAI.model
    assert summary.tokens_in > summary.tokens_out > 0
    assert summary.cost_usd > 0
    assert fake.requests["asked"] == 1


@pytest.mark.parametrize(
    "counts",
    [
        {"prompt_tokens": -1_000_000_000},
        {"completion_tokens": -1_000_000_000},
        {"prompt_tokens": None, "completion_tokens": None},
        {"prompt_tokens_details": {"cached_tokens": 1_000_000_000}},
    ],
)
def test_counts_that_cannot_be_lower_no_cost(
    counts: dict[str, Any], fake: FakeModelServer, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise a budget would never be reached."""
    honest = answers._usage
    monkeypatch.setattr(answers, "_usage", lambda *request: {**honest(*request), **counts})
    summary = summarized(fake, memory)
    assert summary.tokens_in > summary.tokens_out > 0
    assert summary.cost_usd > 0


@pytest.mark.parametrize(
    ("failure", "error"),
    [
        (Failure.RATE_LIMITED, ModelOverloaded),
        (Failure.QUOTA, ModelQuotaExceeded),
        (Failure.SERVER_ERROR, ModelUnreachable),
        (Failure.KEY_REJECTED, ModelKeyRejected),
        (Failure.FORBIDDEN, ModelAccessDenied),
        (Failure.UNKNOWN_MODEL, ModelNotFound),
        (Failure.NOT_JSON, ModelAnswerInvalid),
        (Failure.INVALID_ANSWER, ModelAnswerInvalid),
        (Failure.CUT_OFF, ModelAnswerInvalid),
        (Failure.REFUSAL, ModelRefused),
        (Failure.CONTENT_FILTER, ModelRefused),
    ],
)
def test_every_failure_has_its_own_error_and_a_retry_repairs_it(
    fake: FakeModelServer, memory: Memory, failure: Failure, error: type[SkimlistError]
) -> None:
    fake.fail(failure)
    with pytest.raises(error):
        summarized(fake, memory)
    fake.recover()
    assert summarized(fake, memory).text


def test_captions_that_the_server_cut_fail_the_video_and_are_counted_as_they_were_paid(
    fake: FakeModelServer, memory: Memory
) -> None:
    fake.fail(Failure.PROMPT_CUT, times=1)
    model = open_model(
        OPENAI.at(fake.base_url), api_key="k", answer_cache=memory, seconds_left=lambda: NO_TIME_FOR_RETRIES
    )
    with pytest.raises(ModelRequestRejected, match="cut the captions"):
        summarize_video(LONG_TALK, settings(), model, now=NOW)
    assert model.spent.tokens_in > 1_000
    assert summarized(fake, memory, LONG_TALK).tokens_in > 3 * model.spent.tokens_in


def test_a_repair_whose_new_tokens_alone_are_counted_is_not_a_sign_of_cut_captions(
    fake: FakeModelServer, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = answers._usage

    def usage(messages: Any, content: str) -> dict[str, Any]:
        is_repair = "An earlier answer" in messages[-1]["content"]
        return {**honest(messages, content), "prompt_tokens": 1_500} if is_repair else honest(messages, content)

    monkeypatch.setattr(answers, "_usage", usage)
    fake.fail(Failure.NOT_JSON, times=1)
    assert summarized(fake, memory, LONG_TALK).text
    assert fake.requests["asked"] == 2


@pytest.mark.parametrize("failure", [Failure.NOT_JSON, Failure.INVALID_ANSWER])
def test_an_unusable_answer_is_repaired_once_and_both_calls_are_counted(
    fake: FakeModelServer, memory: Memory, failure: Failure
) -> None:
    clean = summarized(fake, Memory())
    fake.fail(failure, times=1)
    repaired = summarized(fake, memory)
    assert repaired.text == clean.text
    assert repaired.tokens_in > 2 * clean.tokens_in
    assert fake.requests["asked"] == 3


def test_an_answer_that_was_cut_off_is_asked_for_again_with_more_room(fake: FakeModelServer, memory: Memory) -> None:
    fake.fail(Failure.CUT_OFF, times=1)
    assert summarized(fake, memory).text
    assert fake.requests["asked"] == 2


def test_lines_that_do_not_exist_are_dropped_and_noted(fake: FakeModelServer, memory: Memory) -> None:
    fake.fail(Failure.WRONG_LINES)
    summary = summarized(fake, memory)
    assert (summary.key_points, summary.chapters) == ((), ())
    assert summary.notes


@pytest.mark.parametrize("failure", [Failure.TOO_LONG, Failure.TOO_SHORT])
def test_a_summary_that_is_far_off_its_length_is_asked_for_once_more(
    fake: FakeModelServer, memory: Memory, failure: Failure
) -> None:
    clean = summarized(fake, Memory(), LONGER_TALK)
    fake.fail(failure, times=1)
    mended = summarized(fake, memory, LONGER_TALK)
    assert count_words(mended.text) == count_words(clean.text)
    assert fake.requests["asked"] == 3
    assert (mended.tokens_in > 1.8 * clean.tokens_in) is (failure is Failure.TOO_SHORT)
    assert summarized(fake, memory, LONGER_TALK) == mended
    assert fake.requests["asked"] == 3


@pytest.mark.parametrize("failure", [Failure.TOO_LONG, Failure.TOO_SHORT])
def test_a_model_that_never_keeps_to_the_length_is_asked_twice_and_no_more(
    fake: FakeModelServer, memory: Memory, failure: Failure
) -> None:
    fake.fail(failure)
    assert summarized(fake, memory).text
    assert fake.requests["asked"] == 2


def test_an_answer_in_the_wrong_language_is_asked_for_once_more(fake: FakeModelServer, memory: Memory) -> None:
    german = next(sample for sample in samples() if sample.language_code == "de")
    fake.fail(Failure.IN_ENGLISH, times=1)
    mended = summarized(fake, memory, german)
    assert (mended.language, mended.notes) == ("de", ())
    assert fake.requests["asked"] == 2


def test_a_failure_of_the_second_attempt_leaves_the_first_answer(fake: FakeModelServer, memory: Memory) -> None:
    def failing_afterwards() -> float:
        if fake.requests["asked"]:
            fake.fail(Failure.SERVER_ERROR)
        return NO_TIME_FOR_RETRIES

    fake.fail(Failure.TOO_LONG, times=1)
    model = open_model(OPENAI.at(fake.base_url), api_key="test", answer_cache=memory, seconds_left=failing_afterwards)
    assert summarize_video(TALK, settings(), model, now=NOW).text
    assert fake.requests["asked"] == 2


def test_focus_areas_are_reported_on(fake: FakeModelServer, memory: Memory) -> None:
    salt, yeast = summarized(fake, memory, options=settings(focus_areas=("salt", "yeast"))).focus
    assert (salt.found, salt.start_seconds) == (True, 0.0)
    assert not yeast.found


@pytest.mark.parametrize(("failure", "requests"), [(Failure.SCHEMA_REJECTED, 2), (Failure.JSON_REJECTED, 3)])
def test_an_endpoint_without_structured_outputs_is_asked_in_a_simpler_form(
    fake: FakeModelServer, memory: Memory, failure: Failure, requests: int
) -> None:
    fake.fail(failure)
    assert summarized(fake, memory).text
    assert fake.requests["asked"] == requests


def test_the_form_that_worked_is_used_for_the_parts_that_follow(fake: FakeModelServer, memory: Memory) -> None:
    fake.fail(Failure.JSON_REJECTED)
    summary = summarized(fake, memory, LONG_TALK, NARROW)
    assert len(fake.requests["answered"]) == summary.coverage.chunks + 1
    assert fake.requests["asked"] < 3 * len(fake.requests["answered"])


def test_an_endpoint_that_does_not_count_tokens_has_them_estimated(fake: FakeModelServer, memory: Memory) -> None:
    fake.fail(Failure.NO_USAGE)
    assert summarized(fake, memory).tokens_in > 500


def test_a_passing_server_error_is_ridden_out_when_there_is_time(fake: FakeModelServer, memory: Memory) -> None:
    fake.fail(Failure.SERVER_ERROR, times=1)
    assert summarized(fake, memory, seconds_left=800).text
    assert fake.requests["asked"] == 2


def test_an_endpoint_that_hangs_is_given_up_in_time(fake: FakeModelServer, memory: Memory) -> None:
    fake.fail(Failure.HANG)
    with pytest.raises(ModelUnreachable):
        summarized(fake, memory, seconds_left=10.2)


@pytest.mark.parametrize("failure", [None, Failure.NO_USAGE, Failure.SCHEMA_REJECTED])
def test_the_answer_of_a_self_hosted_model_is_the_same_as_a_stream(
    failure: Failure | None, fake: FakeModelServer, memory: Memory
) -> None:
    whole = summarized(fake, Memory(), model=replace(SELF_HOSTED, self_hosted=False))
    FORMS.forget(SELF_HOSTED.at(fake.base_url))
    if failure:
        fake.fail(failure)
    streamed = summarized(fake, memory, model=SELF_HOSTED)
    assert (streamed.text, streamed.key_points) == (whole.text, whole.key_points)
    assert streamed.tokens_out == pytest.approx(whole.tokens_out, rel=0.3)


def test_a_slow_model_is_awaited_for_as_long_as_it_writes(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Times are a thousandth: a whole attempt may take 0.24 s, and the answer takes twice as long."""
    monkeypatch.setattr("skimlist.llm.endpoint._MAX_ATTEMPT_SECONDS", 0.24)
    with FakeModelServer(written=1_500) as slow:
        assert summarized(slow, memory, model=SELF_HOSTED, seconds_left=800).text
        assert slow.requests["asked"] == 1


def test_a_model_that_writes_forever_is_reported_as_slow_and_not_asked_again(
    memory: Memory, fake: FakeModelServer
) -> None:
    fake.written = 25
    model = replace(SELF_HOSTED, answer_seconds=0.1).at(fake.base_url)
    opened = open_model(model, api_key=None, answer_cache=memory, seconds_left=lambda: 800.0)
    with pytest.raises(ModelAnswerInvalid, match="too slowly"):
        summarize_video(TALK, settings(), opened, now=NOW)
    assert opened.spent.tokens_in > 500
    assert fake.requests["asked"] == 1


def test_gaps_of_a_summary_are_asked_about_separately_and_counted(
    fake: FakeModelServer, memory: Memory, repairs: list[Usage]
) -> None:
    fake.fail(Failure.BEGINNING_ONLY, times=1)
    summary = summarized(fake, memory)
    assert fake.requests["asked"] == 2
    assert summary.coverage.tenths is not None
    assert summary.coverage.tenths > 5
    (repair,) = repairs
    assert 0 < repair.tokens_in < summary.tokens_in / 2


def test_a_second_look_corrects_unsupported_statements_on_request(
    fake: FakeModelServer, memory: Memory, repairs: list[Usage]
) -> None:
    fake.fail(Failure.UNSAID, times=1)
    flagged = summarized(fake, Memory())
    assert flagged.unverified == len(flagged.key_points)
    assert repairs == []
    fake.fail(Failure.UNSAID, times=1)
    corrected = summarized(fake, memory, options=settings(verify=Verify.ASK))
    assert corrected.unverified == 0
    assert len(corrected.key_points) == len(flagged.key_points)
    (repair,) = repairs
    assert corrected.tokens_in == flagged.tokens_in + repair.tokens_in


@pytest.fixture
def repairs(monkeypatch: pytest.MonkeyPatch) -> list[Usage]:
    """Returns the requests that were sent because an earlier answer was unusable."""
    found: list[Usage] = []
    monkeypatch.setattr(
        "skimlist.llm.endpoint.ChatEndpoint",
        lambda *args, **options: ChatEndpoint(*args, **options | {"on_repair": found.append}),
    )
    return found


@pytest.mark.parametrize("encrypted", [False, True])
def test_a_stream_that_stalls_ends_when_the_answers_time_is_over(
    memory: Memory, tmp_path: Path, *, encrypted: bool
) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    with stalling_server(tls if encrypted else None) as base_url:
        model = replace(SELF_HOSTED, answer_seconds=0.2).at(base_url)
        ca_bundle = str(tmp_path / "ca.pem")
        opened = open_model(
            model, api_key=None, answer_cache=memory, seconds_left=lambda: NO_TIME_FOR_RETRIES, ca_bundle=ca_bundle
        )
        started = monotonic()
        with pytest.raises(ModelAnswerInvalid, match="too slowly"):
            summarize_video(TALK, settings(), opened, now=NOW)
        assert monotonic() - started < MAX_SILENCE / 2


@contextmanager
def stalling_server(tls: ssl.SSLContext | None) -> Iterator[str]:
    """Sends three tokens in answer to the first request, and then nothing."""
    event = b'data: {"choices": [{"delta": {"content": "word "}}]}\n\n'
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    server = tls.wrap_socket(listening, server_side=True) if tls else listening
    over = Event()

    def serve() -> None:
        connection, _ = server.accept()
        with connection:
            connection.recv(65_536)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + event * 3)
            over.wait()

    with server, ThreadPoolExecutor(1) as pool:
        serving = pool.submit(serve)
        try:
            yield f"{'https' if tls else 'http'}://127.0.0.1:{port}/v1"
        finally:
            over.set()
    serving.result()


def test_after_a_timeout_the_same_question_is_not_sent_again(
    fake: FakeModelServer, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The endpoint may still answer the first one, and charge for both."""
    monkeypatch.setattr("skimlist.llm.endpoint._MAX_ATTEMPT_SECONDS", 0.2)
    fake.fail(Failure.HANG)
    with pytest.raises(ModelUnreachable):
        summarized(fake, memory, seconds_left=800)
    assert fake.requests["asked"] == 1


def test_without_time_nothing_is_asked(fake: FakeModelServer, memory: Memory) -> None:
    with pytest.raises(StepTimedOut):
        summarized(fake, memory, seconds_left=5)
    assert fake.requests["asked"] == 0


def test_an_endpoint_that_is_not_there_is_unreachable(memory: Memory) -> None:
    with FakeModelServer() as stopped:
        pass
    with pytest.raises(ModelUnreachable):
        summarized(stopped, memory)


def test_an_endpoint_behind_a_private_ca_is_trusted_once_its_file_is_named(memory: Memory, tmp_path: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    with FakeModelServer(tls=tls) as private:
        spec = OPENAI.at(private.base_url)
        for ca_bundle, expectation in (
            (None, pytest.raises(ModelUnreachable)),
            (str(tmp_path / "ca.pem"), nullcontext()),
        ):
            model = open_model(
                spec, api_key="test", answer_cache=memory, seconds_left=lambda: NO_TIME_FOR_RETRIES, ca_bundle=ca_bundle
            )
            with expectation:
                assert summarize_video(TALK, settings(), model, now=NOW).text


def test_without_a_key_no_model_is_opened(memory: Memory) -> None:
    with pytest.raises(ModelKeyMissing):
        open_model(OPENAI, api_key=None, answer_cache=memory, seconds_left=lambda: 60)


def test_a_key_may_end_with_a_line_break_but_hold_nothing_that_cannot_be_sent(
    fake: FakeModelServer, memory: Memory
) -> None:
    spec = OPENAI.at(fake.base_url)
    pasted = open_model(spec, api_key="key\r\n", answer_cache=memory, seconds_left=lambda: NO_TIME_FOR_RETRIES)
    assert summarize_video(TALK, settings(), pasted, now=NOW).text
    for wrong in ("one\ntwo", "sk–1", "sk\x00"):
        with pytest.raises(ModelKeyRejected, match="characters"):
            open_model(spec, api_key=wrong, answer_cache=memory, seconds_left=lambda: NO_TIME_FOR_RETRIES)


def test_a_video_that_was_answered_is_not_asked_for_again(fake: FakeModelServer, memory: Memory) -> None:
    first = summarized(fake, memory)
    assert summarized(fake, memory) == first
    assert fake.requests["asked"] == 1


@pytest.mark.parametrize("failure", [Failure.SERVER_ERROR, Failure.RATE_LIMITED, Failure.QUOTA, Failure.HANG])
def test_parts_answered_before_a_failure_are_not_paid_for_again(
    fake: FakeModelServer, memory: Memory, failure: Failure
) -> None:
    fake.fail(failure, times=1)
    with pytest.raises(SkimlistError):
        summarized(fake, memory, TALK_IN_PARTS, NARROW, seconds_left=11.0)
    assert fake.requests["answered"]
    summary = summarized(fake, memory, TALK_IN_PARTS, NARROW)
    assert len(fake.requests["answered"]) == summary.coverage.chunks + 1 > 3
    assert paid_twice(fake) == []


def test_a_crash_between_an_unusable_answer_and_its_repair_does_not_pay_for_it_twice(
    fake: FakeModelServer, memory: Memory
) -> None:
    fake.fail(Failure.INVALID_ANSWER, times=1)
    times_asked = 0

    def seconds_left() -> float:
        nonlocal times_asked
        times_asked += 1
        if times_asked == 2:
            raise KeyboardInterrupt
        return NO_TIME_FOR_RETRIES

    model = open_model(OPENAI.at(fake.base_url), api_key="test", answer_cache=memory, seconds_left=seconds_left)
    with pytest.raises(KeyboardInterrupt):
        summarize_video(TALK, settings(), model, now=NOW)
    assert summarized(fake, memory).text
    assert len(fake.requests["answered"]) == 2
    assert paid_twice(fake) == []


@pytest.mark.parametrize("language", ["en", "de", "ja", "es"])
def test_the_tokens_of_a_batch_are_forecast_within_five_percent(
    fake: FakeModelServer, memory: Memory, language: str
) -> None:
    batch = [sample for sample in samples() if sample.language_code == language]
    for length in SummaryLength:
        options = settings(length, focus_areas=("bread", "light"), instructions="Mind the numbers.")
        expected = [estimate(video, options, OPENAI) for video in batch]
        made = [summarized(fake, memory, video, options=options) for video in batch]
        assert sum(e.requests for e in expected) == len(batch)
        tokens_in, tokens_out = sum(e.tokens_in for e in expected), sum(e.tokens_out for e in expected)
        assert tokens_in == pytest.approx(sum(summary.tokens_in for summary in made), rel=0.05)
        assert tokens_in + tokens_out == pytest.approx(
            sum(summary.tokens_in + summary.tokens_out for summary in made), rel=0.1
        )


def test_the_tokens_of_a_long_talk_in_parts_are_forecast_too(fake: FakeModelServer, memory: Memory) -> None:
    expected, made = estimate(LONG_TALK, settings(), NARROW), summarized(fake, memory, LONG_TALK, NARROW)
    assert expected.requests == fake.requests["asked"] == made.coverage.chunks + 1
    assert expected.tokens_in == pytest.approx(made.tokens_in, rel=0.05)


def test_a_function_that_dies_in_part_7_of_9_pays_for_none_of_the_first_six_again(memory: Memory) -> None:
    nine_parts = replace(NARROW, context_tokens=4_950, concurrent_requests=1)
    with FakeModelServer() as fake:
        seen: list[int] = []

        def seconds_left() -> float:
            seen.append(1)
            if len(seen) >= 7:
                raise SystemExit  # as when the platform ends the process
            return NO_TIME_FOR_RETRIES

        model = open_model(nine_parts.at(fake.base_url), api_key="k", answer_cache=memory, seconds_left=seconds_left)
        with pytest.raises(SystemExit):
            summarize_video(LONG_TALK, settings(), model, now=NOW)
        assert len(fake.requests["answered"]) == 6
        summary = summarized(fake, memory, LONG_TALK, nine_parts)
        assert summary.coverage.chunks == 9
        assert fake.requests["asked"] == len(fake.requests["answered"]) == 10
        assert paid_twice(fake) == []


@pytest.mark.parametrize("failure", [Failure.NOT_JSON, Failure.CUT_OFF, Failure.REFUSAL])
def test_unusable_answers_are_still_counted_and_a_retry_adds_to_them(
    fake: FakeModelServer, memory: Memory, failure: Failure
) -> None:
    def opened() -> Model:
        return open_model(
            OPENAI.at(fake.base_url), api_key="k", answer_cache=memory, seconds_left=lambda: NO_TIME_FOR_RETRIES
        )

    fake.fail(failure)
    failing, failing_again, unreachable, mended = opened(), opened(), opened(), opened()
    with pytest.raises(SkimlistError):
        summarize_video(TALK, settings(), failing, now=NOW)
    with pytest.raises(SkimlistError):
        summarize_video(TALK, settings(), failing_again, now=NOW)
    fake.fail(Failure.SERVER_ERROR)
    with pytest.raises(SkimlistError):
        summarize_video(TALK, settings(), unreachable, now=NOW)
    fake.recover()
    summary = summarize_video(TALK, settings(), mended, now=NOW)
    clean = summarized(fake, Memory())
    assert failing.spent.tokens_in > 1_000
    assert failing_again.spent == unreachable.spent == failing.spent + failing.spent
    assert summary.tokens_in == failing_again.spent.tokens_in + clean.tokens_in
    assert summary.tokens_out == failing_again.spent.tokens_out + clean.tokens_out


def test_parts_that_were_paid_before_a_failure_are_counted_by_the_failed_try(
    fake: FakeModelServer, memory: Memory
) -> None:
    one_by_one = replace(NARROW, concurrent_requests=1)
    model = open_model(
        one_by_one.at(fake.base_url),
        api_key="k",
        answer_cache=memory,
        seconds_left=lambda: 5.0 if fake.requests["asked"] == 2 else NO_TIME_FOR_RETRIES,
    )
    with pytest.raises(StepTimedOut):
        summarize_video(LONG_TALK, settings(), model, now=NOW)
    assert model.spent.tokens_in > 2 * 1_000


def test_parts_are_asked_for_at_the_same_time(memory: Memory) -> None:
    with FakeModelServer(latency=1.0) as slow:  # all are asked before the first has answered, also on a busy machine
        summary = summarized(slow, memory, LONG_TALK, NARROW)
        assert slow.requests["most_at_once"] == summary.coverage.chunks > 3
