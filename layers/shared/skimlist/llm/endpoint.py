"""Asks an endpoint for chat completions in OpenAI's format: complete answers in a given shape, each paid for once."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import cache, partial
from hashlib import sha256
from threading import Lock
from time import monotonic, sleep
from typing import Any, cast

import httpx2

from skimlist.errors import ModelAnswerInvalid, ModelRefused, ModelRequestRejected, StepTimedOut
from skimlist.llm.catalogue import ModelSpec, Usage
from skimlist.llm.chat_completions import Reading, cut_prompt, read_answer
from skimlist.llm.clients import open_client
from skimlist.llm.completions import CUT_OFF, FILTERED, AnswerCache, Completion
from skimlist.llm.errors import domain_errors
from skimlist.llm.openai_sdk import ChatCompletionMessageParam, openai
from skimlist.llm.prompts import Message
from skimlist.llm.rejections import FormRejected
from skimlist.llm.request_forms import FORMS, Form, simpler_form, strictest_form
from skimlist.llm.retries import MAX_DELAY, delay_before_retry
from skimlist.llm.streaming import Interruption, StreamedBody, read_stream

# Time reserved for storing the summary.
_RESERVED_SECONDS = 10.0
# The time limit of an attempt without streaming, which is also the SDK's own.
_MAX_ATTEMPT_SECONDS = 600.0
_CONNECT_SECONDS = 15.0
# A request is sent again in the same step only if this much time is left.
_SECONDS_FOR_A_RETRY = 180.0 + MAX_DELAY

_TOO_SLOW = (
    "The model writes too slowly: its answer did not end in time. Ask for a shorter summary, or for a faster model."
)

# Sends messages that ask for JSON of a schema, and returns the content of the complete answer.
Ask = Callable[[Sequence[Message], Mapping[str, Any]], str]


@dataclass(slots=True)
class _Exchange:
    """The completions for one request, by the keys under which they are stored."""

    name: str
    is_last: bool
    is_repair: bool
    completions: dict[str, Completion] = field(default_factory=dict)

    @property
    def usage(self) -> Usage:
        return sum((completion.usage for completion in self.completions.values()), Usage())


@dataclass(frozen=True, slots=True)
class _Question:
    """A question with the JSON `schema` of its answer. `is_repair` is true if an earlier answer was deficient."""

    messages: Sequence[Message]
    schema: Mapping[str, Any]
    exchange: _Exchange
    is_repair: bool


class ChatEndpoint:
    """A model of the catalogue at its endpoint, called from several threads at once.

    `seconds_left` returns how long the function may still run. `spent` is the usage of all answers, including unusable
    ones and those of earlier attempts. `on_repair` is called with the usage of each answer that was requested because
    an earlier one was deficient, but not for an answer from the cache.
    """

    def __init__(
        self,
        spec: ModelSpec,
        *,
        api_key: str,
        answer_cache: AnswerCache,
        seconds_left: Callable[[], float],
        on_repair: Callable[[Usage], None],
        ca_bundle: str | None = None,
    ) -> None:
        self.spec = spec
        self._answer_cache = answer_cache
        self._seconds_left = seconds_left
        self._on_repair = on_repair
        self._spent = Usage()
        self._lock = Lock()
        self._client = open_client(spec, api_key, _trusted(ca_bundle))

    @property
    def spent(self) -> Usage:
        return self._spent

    @contextmanager
    def exchange(self, name: str, *, is_last: bool = False, is_repair: bool = False) -> Iterator[Ask]:
        """Provides a function that asks the questions of one request, until it has an answer called `name`.

        Set `is_last` if no other request follows, and `is_repair` if the request follows a deficient answer to an
        earlier one. Every question of a repair is reported to `on_repair`, and so is every question after the first.

        Asking raises ModelRefused, and ModelAnswerInvalid for an answer that is cut off. If the exchange ends with one
        of these errors, its answers are discarded, so that a retry by the user asks again.
        """
        exchange = _Exchange(name, is_last, is_repair)
        try:
            yield lambda messages, schema: self._whole_completion(messages, schema, exchange).content
        except (ModelRefused, ModelAnswerInvalid):
            self._discard(exchange)
            raise

    def _discard(self, exchange: _Exchange) -> None:
        """Stores the usage of all answers under the first question, which the next attempt asks first.

        Nothing is stored if the endpoint refused before its first answer.
        """
        if not exchange.completions:
            return
        first, *others = exchange.completions
        given_up = replace(exchange.completions[first], usage=exchange.usage, given_up=True)
        self._answer_cache.remember(first, given_up.to_json())
        for key in others:
            self._answer_cache.remember(key, "")

    def _whole_completion(
        self, messages: Sequence[Message], schema: Mapping[str, Any], exchange: _Exchange
    ) -> Completion:
        question = _Question(messages, schema, exchange, is_repair=exchange.is_repair or bool(exchange.completions))
        for limit in self.spec.answer_limits:
            completion = self._completion(question, limit)
            if completion.refused or completion.finish_reason == FILTERED:
                raise ModelRefused
            if completion.finish_reason != CUT_OFF:
                return completion
        raise ModelAnswerInvalid(f"The model's answer did not end within {limit} tokens.")

    def _completion(self, question: _Question, limit: int) -> Completion:
        """Returns the stored answer to this question, or asks for one and stores it immediately.

        An answer that reports a failure is stored with its cost; the next attempt asks again.
        """
        messages, exchange = question.messages, question.exchange
        identity = json.dumps([str(self._client.base_url), self.spec.model, limit, messages])
        key = sha256(identity.encode()).hexdigest()
        remembered = self._answer_cache.recall(key)
        earlier = Completion.from_json(remembered) if remembered else None
        if earlier:
            self._spend(earlier.usage)
            if not earlier.given_up:
                exchange.completions[key] = earlier
                return earlier
        reading = self._ask(question, limit)
        failure = reading.failure or (None if exchange.completions else cut_prompt(reading, messages))
        self._spend(reading.completion.usage)
        usage = reading.completion.usage + (earlier.usage if earlier else Usage())
        completion = replace(reading.completion, usage=usage, given_up=failure is not None)
        # The record of a failed attempt has to be replaced, or it would be charged once more.
        is_last = exchange.is_last and not remembered and not failure
        if not failure or usage != Usage():
            self._answer_cache.remember(key, completion.to_json(), is_last=is_last)
            exchange.completions[key] = completion
        if question.is_repair:
            self._on_repair(reading.completion.usage)
        if failure:
            raise failure
        return completion

    def _spend(self, usage: Usage) -> None:
        with self._lock:
            self._spent += usage

    def _ask(self, question: _Question, limit: int) -> Reading:
        """Asks in the strictest form that the endpoint accepts; a rejected request costs nothing."""
        form = FORMS.recall(self.spec) or strictest_form(self.spec)
        tried: set[Form] = set()
        while True:
            try:
                reading = read_body(self._create(question, limit, form), question.messages)
                if isinstance(reading.failure, FormRejected):
                    raise reading.failure
            except FormRejected as rejection:
                tried.add(form)
                form = self._other_form(form, rejection, tried)
            else:
                FORMS.remember(self.spec, form)
                return reading

    def _other_form(self, form: Form, rejection: FormRejected, tried: set[Form]) -> Form:
        """Returns the form to try after a rejection, and restarts the search if a remembered form was rejected.

        The endpoint may accept other forms than at the time when the remembered one was found.
        """
        was_remembered = FORMS.recall(self.spec) == form
        FORMS.forget(self.spec)
        strictest = strictest_form(self.spec)
        if was_remembered and strictest not in tried:
            return strictest
        other = simpler_form(self.spec, form, rejection.words, tried)
        if other is None:
            raise ModelRequestRejected from rejection
        return other

    def _create(self, question: _Question, limit: int, form: Form) -> StreamedBody:
        """Sends a request and returns the raw body, because the SDK trusts endpoints to keep to OpenAI's types."""
        # The SDK has one class per role for the same JSON.
        sent = cast("list[ChatCompletionMessageParam]", form.messages(question.messages))
        arguments = {"messages": sent, **form.arguments(self.spec, limit, question.exchange.name, question.schema)}
        with domain_errors():
            try:
                return self._send(arguments, limit)
            except openai.APIError as error:
                delay = delay_before_retry(error)
                if delay is None or self._seconds_left() < _SECONDS_FOR_A_RETRY:
                    raise
            sleep(delay)
            return self._send(arguments, limit)

    def _send(self, arguments: Mapping[str, Any], limit: int) -> StreamedBody:
        seconds = _time_limit(self._seconds_left(), streamed=arguments["stream"])
        # For a streamed answer, this is the maximum silence before its first piece.
        timeout = httpx2.Timeout(seconds, connect=min(seconds, _CONNECT_SECONDS))
        create = self._client.chat.completions.with_streaming_response.create
        with create(model=self.spec.model, timeout=timeout, **arguments) as response:
            return read_stream(
                response.http_response.iter_bytes(),
                most_tokens=limit,
                seconds=seconds,
                answer_seconds=self.spec.answer_seconds,
                clock=monotonic,
                disconnect=partial(_disconnect, response.http_response),
            )


def _disconnect(response: httpx2.Response) -> None:
    """Ends the wait for more of this response, which closing its socket would not do."""
    connection = response.extensions["network_stream"].get_extra_info("socket")
    with suppress(OSError):  # the server has already closed it
        # The method of a TLS socket would also remove the encryption from its reader.
        socket.socket.shutdown(connection, socket.SHUT_RDWR)


def read_body(body: StreamedBody, messages: Sequence[Message]) -> Reading:
    """Reads a body, even if we stopped receiving it before its end."""
    reading = read_answer(body.content.decode("utf-8-sig", "replace"), messages)
    # The piece that was too late, or one event too many, may still have been the last.
    if body.interruption is None or reading.completion.finish_reason:
        return reading
    if body.interruption is Interruption.TOO_LONG:
        return replace(reading, completion=replace(reading.completion, finish_reason=CUT_OFF))
    return replace(reading, failure=ModelAnswerInvalid(_TOO_SLOW))


@cache
def _trusted(ca_bundle: str | None) -> ssl.SSLContext:
    """Reads the certificates once per process: it takes 20 ms, and ten times as long in a function of little memory."""
    context = httpx2.create_ssl_context()
    if ca_bundle:
        context.load_verify_locations(ca_bundle)
    return context


def _time_limit(seconds_left: float, *, streamed: bool) -> float:
    """Returns the seconds that one attempt may take. Raises StepTimedOut if there is no time left."""
    seconds = seconds_left - _RESERVED_SECONDS
    if seconds <= 0:
        raise StepTimedOut
    return seconds if streamed else min(seconds, _MAX_ATTEMPT_SECONDS)
