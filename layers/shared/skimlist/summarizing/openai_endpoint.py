"""An endpoint that speaks OpenAI's chat completions: whole answers of a wanted shape, each paid for once."""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from hashlib import sha256
from threading import Lock
from typing import Any, cast

import httpx2

from skimlist.errors import ModelAnswerInvalid, ModelRefused, ModelRequestRejected, ModelUnreachable, StepTimedOut
from skimlist.summarizing.catalogue import AnswerForm, ModelSpec, Usage
from skimlist.summarizing.completions import Checkpoints, Completion
from skimlist.summarizing.openai_errors import FormRejected, foreign_errors
from skimlist.summarizing.openai_sdk import ChatCompletion, ChatCompletionMessageParam, openai
from skimlist.summarizing.prompts import Message
from skimlist.summarizing.text import estimate_tokens

# Time that stays for storing the summary, and the longest that one attempt may take.
_RESERVED_SECONDS = 10.0
_LONGEST_ATTEMPT_SECONDS = 240.0
# The SDK obeys a Retry-After of up to two minutes; only with this much time left is there room for that.
_SECONDS_FOR_A_RETRY = 300.0
_LONGEST_RETRY_AFTER_SECONDS = 120.0
# No tokenizer counts less than this share of the careful count, in any of the languages that were measured.
_LEAST_SHARE_READ = 0.35


# Asks with these messages, and gives the content of a whole answer.
Ask = Callable[[Sequence[Message]], str]


@dataclass(slots=True)
class _Exchange:
    """The completions that one request took, and under which keys they are remembered; what they should look like."""

    name: str
    schema: Mapping[str, Any]
    is_last: bool
    completions: dict[str, Completion] = field(default_factory=dict)

    @property
    def usage(self) -> Usage:
        return sum((completion.usage for completion in self.completions.values()), Usage())


class ChatEndpoint:
    """A model of the catalogue at its endpoint, called from several threads at once.

    `seconds_left` tells how long the function may still run. `spent` is all that its answers have cost, those of
    earlier tries and those that could not be used included.
    """

    def __init__(
        self,
        spec: ModelSpec,
        *,
        api_key: str,
        checkpoints: Checkpoints,
        seconds_left: Callable[[], float],
        ca_bundle: str | None = None,
    ) -> None:
        self.spec = spec
        self._checkpoints = checkpoints
        self._seconds_left = seconds_left
        self._form = 0
        self._spent = Usage()
        self._lock = Lock()
        self._client = openai.OpenAI(
            api_key=api_key,
            base_url=spec.base_url,
            # A redirect would take the captions along, to whatever host it leads.
            http_client=openai.DefaultHttpx2Client(verify=_trusted(ca_bundle), follow_redirects=False),
            max_retries=0,
        )

    @property
    def spent(self) -> Usage:
        return self._spent

    @contextmanager
    def exchange(self, name: str, schema: Mapping[str, Any], *, is_last: bool = False) -> Iterator[Ask]:
        """Whatever one request has to ask for an answer that is called `name` and has this JSON schema.

        `is_last`: no other request follows.

        Asking raises ModelRefused, and ModelAnswerInvalid for an answer without an end. When the exchange ends with one
        of them, its answers are given up, so that a retry by the user asks anew.
        """
        exchange = _Exchange(name, schema, is_last)
        try:
            yield lambda messages: self._whole_completion(messages, exchange).content
        except (ModelRefused, ModelAnswerInvalid):
            self._give_up(exchange)
            raise

    def _give_up(self, exchange: _Exchange) -> None:
        """Whoever asks again begins with the first question: there it is kept what all of them cost.

        There is nothing to keep where the endpoint refused before its first answer.
        """
        if not exchange.completions:
            return
        first, *others = exchange.completions
        given_up = replace(exchange.completions[first], usage=exchange.usage, given_up=True)
        self._checkpoints.remember(first, given_up.to_json())
        for key in others:
            self._checkpoints.remember(key, "")

    def _whole_completion(self, messages: Sequence[Message], exchange: _Exchange) -> Completion:
        for limit in self.spec.answer_limits:
            completion = self._completion(messages, limit, exchange)
            if completion.refused or completion.finish_reason == "content_filter":
                raise ModelRefused
            if completion.finish_reason != "length":
                return completion
        raise ModelAnswerInvalid(f"The model's answer did not end within {limit} tokens.")

    def _completion(self, messages: Sequence[Message], limit: int, exchange: _Exchange) -> Completion:
        """The remembered answer to exactly this question, or a new one, remembered before anything else happens."""
        question = json.dumps([str(self._client.base_url), self.spec.model, limit, messages])
        key = sha256(question.encode()).hexdigest()
        remembered = self._checkpoints.recall(key)
        completion = Completion.from_json(remembered) if remembered else None
        if completion:
            self._spend(completion.usage)
        if completion is None or completion.given_up:
            before = completion.usage if completion else Usage()
            completion = self._ask(messages, limit, exchange)
            self._spend(completion.usage)
            completion = replace(completion, usage=before + completion.usage)
            # What is remembered of a try that came to nothing has to be replaced, or it would be charged once more.
            is_last = exchange.is_last and not remembered
            self._checkpoints.remember(key, completion.to_json(), is_last=is_last)
        exchange.completions[key] = completion
        return completion

    def _spend(self, usage: Usage) -> None:
        with self._lock:
            self._spent += usage

    def _ask(self, messages: Sequence[Message], limit: int, exchange: _Exchange) -> Completion:
        """Asks in the strictest form that the endpoint accepts; what it rejects is not charged."""
        forms = _request_forms(self.spec, limit, exchange)
        while True:
            form = self._form
            try:
                with foreign_errors():
                    response = self._create(messages, forms[form])
                return _read_completion(response, messages)
            except FormRejected as rejection:
                if form + 1 >= len(forms):
                    raise ModelRequestRejected from rejection
                self._form = form + 1

    def _create(self, messages: Sequence[Message], form: Mapping[str, Any]) -> ChatCompletion:
        timeout, retries = _time_limits(self._seconds_left())
        client = self._client.with_options(timeout=timeout, max_retries=retries)
        # The SDK's types want one class per role; what is sent is the same.
        sent = cast("list[ChatCompletionMessageParam]", list(messages))
        response: ChatCompletion = client.chat.completions.create(model=self.spec.model, messages=sent, **form)
        return response


@cache
def _trusted(ca_bundle: str | None) -> ssl.SSLContext:
    """Read once a process: it takes 20 ms, and ten times as long in a function of little memory."""
    context = httpx2.create_ssl_context()
    if ca_bundle:
        context.load_verify_locations(ca_bundle)
    return context


def _request_forms(spec: ModelSpec, limit: int, exchange: _Exchange) -> Sequence[Mapping[str, Any]]:
    """From the model's own form to what every compatible endpoint takes; the prompt describes the JSON in any case."""
    schema = {"name": exchange.name, "strict": True, "schema": exchange.schema}
    strict = {"response_format": {"type": "json_schema", "json_schema": schema}, "max_completion_tokens": limit}
    json_only = {"response_format": {"type": "json_object"}, "max_tokens": limit}
    parameters = {"extra_body": dict(spec.parameters)} if spec.parameters else {}
    forms: Mapping[AnswerForm, Sequence[Mapping[str, Any]]] = {
        AnswerForm.SCHEMA: [strict | parameters],
        AnswerForm.JSON: [json_only | parameters, json_only] if parameters else [json_only],
        AnswerForm.TEXT: [{"max_tokens": limit}],
    }
    names = list(forms)
    return [form for name in names[names.index(spec.answers) :] for form in forms[name]]


def _time_limits(seconds_left: float) -> tuple[float, int]:
    """Seconds for one attempt, and how many more attempts there may be, so that all of them end in time."""
    seconds = seconds_left - _RESERVED_SECONDS
    if seconds <= 0:
        raise StepTimedOut
    if seconds < _SECONDS_FOR_A_RETRY:
        return seconds, 0
    return min((seconds - _LONGEST_RETRY_AFTER_SECONDS) / 2, _LONGEST_ATTEMPT_SECONDS), 1


def _read_completion(response: ChatCompletion, messages: Sequence[Message]) -> Completion:
    """The SDK does not check what it reads: parts of an answer can be missing, or be of another type than it says."""
    try:
        return _completion(response, messages)
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise ModelAnswerInvalid(
            "The model's endpoint sent an answer of another shape than a chat completion."
        ) from error


def _completion(response: ChatCompletion, messages: Sequence[Message]) -> Completion:
    # A proxy's HTML page with status 200 comes back as a plain string.
    if not isinstance(response, ChatCompletion) or not response.choices:
        raise ModelUnreachable("The model's endpoint answered something that is not a chat completion.")
    _require_whole_prompt(response, messages)
    choice = response.choices[0]
    content = choice.message.content or ""
    if not isinstance(content, str):
        raise TypeError("The content of an answer is text.")
    return Completion(content, choice.finish_reason, bool(choice.message.refusal), _usage(response, messages, content))


def _require_whole_prompt(response: ChatCompletion, messages: Sequence[Message]) -> None:
    """Local servers cut what is longer than their context window, and say nothing; their count of the prompt does."""
    read = _counted(response.usage, "prompt_tokens") or 0
    careful = sum(estimate_tokens(message["content"]) for message in messages)
    if 0 < read < careful * _LEAST_SHARE_READ:
        raise ModelRequestRejected(
            f"The model's endpoint read only {read} tokens of a longer prompt: it cut the captions. Give its server a "
            "larger context window, or tell the deployment of a smaller one."
        )


def _usage(response: ChatCompletion, messages: Sequence[Message], content: str) -> Usage:
    """What the endpoint counted, an estimate where it does not; never a count that would lower what was spent."""
    tokens_in = _counted(response.usage, "prompt_tokens")
    if tokens_in is None:
        tokens_in = sum(estimate_tokens(message["content"]) for message in messages)
    tokens_out = _counted(response.usage, "completion_tokens")
    if tokens_out is None:
        tokens_out = estimate_tokens(content)
    details = getattr(response.usage, "prompt_tokens_details", None)
    cache_read = min(_counted(details, "cached_tokens") or 0, tokens_in)
    cache_write = min(_counted(details, "cache_write_tokens") or 0, tokens_in - cache_read)
    return Usage(tokens_in=tokens_in, tokens_out=tokens_out, cache_read=cache_read, cache_write=cache_write)


def _counted(counts: object, name: str) -> int | None:
    """A number of tokens; None where it is missing or cannot be one. The SDK passes on whatever an endpoint sends."""
    number = getattr(counts, name, None)
    return number if isinstance(number, int) and number >= 0 else None
