"""Finds the request format that an endpoint accepts by trying, and remembers it for an hour."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from enum import StrEnum
from time import monotonic
from typing import Any

from skimlist.llm.catalogue import AnswerForm, ModelSpec
from skimlist.llm.prompts import Message
from skimlist.llm.schemas import with_bounds

# An endpoint may accept stricter forms after an update, so the search starts again after this time.
_REMEMBERED_SECONDS = 3600.0

_BLAMES_LIMIT = re.compile(r"max_(completion_|output_)?tokens|maximum tokens you requested", re.IGNORECASE)
_BLAMES_FORMAT = re.compile(
    r"response.?format|json.?(schema|object|mode)|structured.?output|grammar|guided|\bschema\b|output_config",
    re.IGNORECASE,
)
# Wording that suggests that a schema with fewer bounds may be accepted; any other wording rejects all schemas.
_BLAMES_BOUNDS = re.compile(
    r"(min|max)(imum|items|length)|keyword|feature|grammar|permitted|invalid.{0,20}schema", re.IGNORECASE
)
_BLAMES_SYSTEM = re.compile(
    r"system (role|message|prompt)s? (is |are )?not supported|\brole\b.*\bsystem\b|roles must alternate"
    r"|developer instruction is not enabled",
    re.IGNORECASE,
)


class Limit(StrEnum):
    """The parameter that limits the length of an answer. Some servers ignore a parameter that they do not know.

    For example, Ollama knows only the older one (github.com/ollama/ollama/pull/14464); OpenAI rejects both together.
    """

    BOTH = "both"
    COMPLETION = "max_completion_tokens"
    PLAIN = "max_tokens"
    NONE = "none"


_PARAMETERS: Mapping[Limit, Sequence[str]] = {
    Limit.BOTH: ("max_completion_tokens", "max_tokens"),
    Limit.COMPLETION: ("max_completion_tokens",),
    Limit.PLAIN: ("max_tokens",),
    Limit.NONE: (),
}
_SCHEMAS = frozenset({AnswerForm.BOUNDED, AnswerForm.COUNTED, AnswerForm.SCHEMA})


@dataclass(frozen=True, slots=True)
class Form:
    """A request format. `parameters` are the names of the model's parameters to send, `system` allows system messages.

    A `streamed` answer is sent while it is written; if `counted`, it is asked to end with its token counts.
    """

    answers: AnswerForm
    limit: Limit
    parameters: frozenset[str] = frozenset()
    system: bool = True
    streamed: bool = False
    counted: bool = True

    def arguments(self, spec: ModelSpec, limit: int, name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
        """Returns the arguments beside the model's name and the messages; the prompt describes the JSON in any case."""
        sent: dict[str, Any] = {}
        if self.answers in _SCHEMAS:
            described = {"name": name, "strict": True, "schema": with_bounds(schema, self.answers)}
            sent["response_format"] = {"type": "json_schema", "json_schema": described}
        elif self.answers is AnswerForm.JSON:
            sent["response_format"] = {"type": "json_object"}
        sent |= dict.fromkeys(_PARAMETERS[self.limit], limit)
        # Some gateways stream unless they are told not to (github.com/decolua/9router/issues/4122).
        sent["stream"] = self.streamed
        if self.streamed and self.counted:
            sent["stream_options"] = {"include_usage": True}
        if self.parameters:
            sent["extra_body"] = {key: value for key, value in spec.parameters.items() if key in self.parameters}
        return sent

    def messages(self, messages: Sequence[Message]) -> list[Message]:
        if self.system or messages[0]["role"] != "system":
            return list(messages)
        instructions, question, *others = messages
        return [{"role": "user", "content": f"{instructions['content']}\n\n{question['content']}"}, *others]


def strictest_form(spec: ModelSpec) -> Form:
    answers, limit = next(_from_strict_to_simple(spec))
    return Form(answers, limit, frozenset(spec.parameters), streamed=spec.self_hosted)


def simpler_form(spec: ModelSpec, form: Form, rejection: str, tried: Set[Form]) -> Form | None:
    """Returns the form to try after one was rejected with these words; None if none is left.

    If the words name a part of the form, only that part changes. Otherwise everything is tried, first without the
    model's own parameters.
    """
    if named := {name for name in form.parameters if name in rejection}:
        return replace(form, parameters=form.parameters - named)
    if form.streamed and "stream" in rejection:
        return replace(form, counted=False) if form.counted else replace(form, streamed=False)
    if form.system and _BLAMES_SYSTEM.search(rejection):
        return replace(form, system=False)
    blames_limit = form.limit is not Limit.NONE and bool(_BLAMES_LIMIT.search(rejection))
    blames_format = form.answers is not AnswerForm.TEXT and bool(_BLAMES_FORMAT.search(rejection))
    if form.parameters and not (blames_limit or blames_format):
        form = replace(form, parameters=frozenset())
    others = [replace(form, answers=answers, limit=limit) for answers, limit in _from_strict_to_simple(spec)]
    if blames_limit:
        others = [other for other in others if other.answers is form.answers and other.limit is not form.limit]
    elif blames_format:
        rejected = {form.answers} if _BLAMES_BOUNDS.search(rejection) else {form.answers, *_SCHEMAS}
        others = [other for other in others if other.answers not in rejected]
    return next((other for other in others if other not in tried), None)


def _from_strict_to_simple(spec: ModelSpec) -> Iterator[tuple[AnswerForm, Limit]]:
    order = list(AnswerForm)
    forms = order[order.index(spec.answers) :]
    limits = [[Limit.BOTH, *_limits(form)] if spec.self_hosted else _limits(form) for form in forms]
    for rank in range(len(limits[0])):
        for form, order_of_limits in zip(forms, limits, strict=True):
            yield form, order_of_limits[rank]


def _limits(form: AnswerForm) -> list[Limit]:
    """Orders the limits: servers that accept a schema probably know OpenAI's newer parameter, others its older one."""
    if form in _SCHEMAS:
        return [Limit.COMPLETION, Limit.PLAIN, Limit.NONE]
    return [Limit.PLAIN, Limit.COMPLETION, Limit.NONE]


class FormMemory:
    """Remembers the form that each model accepts at its endpoint for an hour, so that most batches need no search."""

    def __init__(self) -> None:
        self._known: dict[tuple[str | None, str], tuple[Form, float]] = {}

    def recall(self, spec: ModelSpec) -> Form | None:
        form, until = self._known.get((spec.base_url, spec.model), (None, 0.0))
        return form if monotonic() < until else None

    def remember(self, spec: ModelSpec, form: Form) -> None:
        self._known[spec.base_url, spec.model] = form, monotonic() + _REMEMBERED_SECONDS

    def forget(self, spec: ModelSpec) -> None:
        self._known.pop((spec.base_url, spec.model), None)


FORMS = FormMemory()
