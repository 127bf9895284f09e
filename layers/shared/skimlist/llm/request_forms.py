"""In which form an endpoint is asked: what it takes is found out by what it rejects, and remembered for a while."""

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

# What an endpoint learns to take after an update is used after this time.
_REMEMBERED_SECONDS = 3600.0

_BLAMES_LIMIT = re.compile(r"max_(completion_|output_)?tokens|maximum tokens you requested", re.IGNORECASE)
_BLAMES_FORMAT = re.compile(
    r"response.?format|json.?(schema|object|mode)|structured.?output|grammar|guided|\bschema\b|output_config",
    re.IGNORECASE,
)
# What may be right about a schema with fewer bounds; words that do not say so reject every schema.
_BLAMES_BOUNDS = re.compile(
    r"(min|max)(imum|items|length)|keyword|feature|grammar|permitted|invalid.{0,20}schema", re.IGNORECASE
)
_BLAMES_SYSTEM = re.compile(
    r"system (role|message|prompt)s? (is |are )?not supported|\brole\b.*\bsystem\b|roles must alternate"
    r"|developer instruction is not enabled",
    re.IGNORECASE,
)


class Limit(StrEnum):
    """By which parameter the length of an answer is limited. Some servers pass over one that they do not know.

    Ollama, for one, knows the older one alone (github.com/ollama/ollama/pull/14464); OpenAI rejects both together.
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
    """`parameters` names those of the model that are sent along; `system`: whether there are system messages.

    `streamed`: the answer comes while it is written; `counted`: such an answer is asked to end with its tokens.
    """

    answers: AnswerForm
    limit: Limit
    parameters: frozenset[str] = frozenset()
    system: bool = True
    streamed: bool = False
    counted: bool = True

    def arguments(self, spec: ModelSpec, limit: int, name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
        """What is sent beside the model's name and the messages; the prompt describes the JSON in any case."""
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
    answers, limit = next(_simpler_and_simpler(spec))
    return Form(answers, limit, frozenset(spec.parameters), streamed=spec.self_hosted)


def simpler_form(spec: ModelSpec, form: Form, rejection: str, tried: Set[Form]) -> Form | None:
    """What to try after a form was rejected with these words; None if nothing is left.

    Words that name a part of the form change this part alone. Without them everything is tried, and the model's own
    parameters are left out first.
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
    others = [replace(form, answers=answers, limit=limit) for answers, limit in _simpler_and_simpler(spec)]
    if blames_limit:
        others = [other for other in others if other.answers is form.answers and other.limit is not form.limit]
    elif blames_format:
        rejected = {form.answers} if _BLAMES_BOUNDS.search(rejection) else {form.answers, *_SCHEMAS}
        others = [other for other in others if other.answers not in rejected]
    return next((other for other in others if other not in tried), None)


def _simpler_and_simpler(spec: ModelSpec) -> Iterator[tuple[AnswerForm, Limit]]:
    order = list(AnswerForm)
    forms = order[order.index(spec.answers) :]
    limits = [[Limit.BOTH, *_limits(form)] if spec.self_hosted else _limits(form) for form in forms]
    for rank in range(len(limits[0])):
        for form, order_of_limits in zip(forms, limits, strict=True):
            yield form, order_of_limits[rank]


def _limits(form: AnswerForm) -> list[Limit]:
    """What takes a schema is likely to know OpenAI's newer parameter, and other servers its older one."""
    if form in _SCHEMAS:
        return [Limit.COMPLETION, Limit.PLAIN, Limit.NONE]
    return [Limit.PLAIN, Limit.COMPLETION, Limit.NONE]


class FormMemory:
    """The form that each model takes at its endpoint, for the life of a process: most batches need no second one."""

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
