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

# What an endpoint learns to take after an update is used after this time.
_REMEMBERED_SECONDS = 3600.0

_BLAMES_LIMIT = re.compile(r"max_(completion_|output_)?tokens|maximum tokens you requested", re.IGNORECASE)
_BLAMES_FORMAT = re.compile(
    r"response.?format|json.?(schema|object|mode)|structured.?output|grammar|guided|\bschema\b|output_config",
    re.IGNORECASE,
)
_BLAMES_SYSTEM = re.compile(
    r"system (role|message|prompt)s? (is |are )?not supported|\brole\b.*\bsystem\b|roles must alternate"
    r"|developer instruction is not enabled",
    re.IGNORECASE,
)


class Limit(StrEnum):
    """By which parameter the length of an answer is limited. Some servers pass over one that they do not know."""

    COMPLETION = "max_completion_tokens"
    PLAIN = "max_tokens"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Form:
    """`parameters` names those of the model that are sent along; `system`: whether there are system messages."""

    answers: AnswerForm
    limit: Limit
    parameters: frozenset[str] = frozenset()
    system: bool = True

    def arguments(self, spec: ModelSpec, limit: int, name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
        """What is sent beside the model's name and the messages; the prompt describes the JSON in any case."""
        sent: dict[str, Any] = {}
        if self.answers is AnswerForm.SCHEMA:
            described = {"name": name, "strict": True, "schema": schema}
            sent["response_format"] = {"type": "json_schema", "json_schema": described}
        elif self.answers is AnswerForm.JSON:
            sent["response_format"] = {"type": "json_object"}
        if self.limit is not Limit.NONE:
            sent[self.limit] = limit
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
    return Form(answers, limit, frozenset(spec.parameters))


def simpler_form(spec: ModelSpec, form: Form, rejection: str, tried: Set[Form]) -> Form | None:
    """What to try after a form was rejected with these words; None if nothing is left.

    Words that name a part of the form change this part alone. Without them everything is tried, and the model's own
    parameters are left out first.
    """
    if named := {name for name in form.parameters if name in rejection}:
        return replace(form, parameters=form.parameters - named)
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
        others = [other for other in others if other.answers is not form.answers]
    return next((other for other in others if other not in tried), None)


def _simpler_and_simpler(spec: ModelSpec) -> Iterator[tuple[AnswerForm, Limit]]:
    order = list(AnswerForm)
    forms = order[order.index(spec.answers) :]
    for rank in range(len(Limit)):
        for form in forms:
            yield form, _limits(form)[rank]


def _limits(form: AnswerForm) -> tuple[Limit, ...]:
    """What takes a schema is likely to know OpenAI's newer parameter, and other servers its older one."""
    if form is AnswerForm.SCHEMA:
        return Limit.COMPLETION, Limit.PLAIN, Limit.NONE
    return Limit.PLAIN, Limit.COMPLETION, Limit.NONE


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
