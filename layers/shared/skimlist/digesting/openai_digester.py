"""Digests with models at an endpoint for OpenAI's chat completions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from skimlist.digesting.answers import (
    CLAIM_CHARACTERS,
    DigestAnswer,
    as_draft,
    fields_schema,
    json_schema,
    parse,
    parse_fields,
)
from skimlist.digesting.drafts import Draft, Request
from skimlist.digesting.prompts import conversation, doubts_context, revision
from skimlist.digesting.review import in_another_language
from skimlist.errors import ModelAnswerInvalid, SkimlistError
from skimlist.llm.catalogue import Usage
from skimlist.llm.corrections import parse_statements, statements_schema
from skimlist.llm.doubts import Doubt, reconsideration
from skimlist.llm.endpoint import Ask, ChatEndpoint
from skimlist.llm.language_names import language_name
from skimlist.llm.prompts import about_language, repeat_question
from skimlist.llm.structured_answers import UnusableAnswer


class OpenAIDigester:
    """Digests by asking a language model; `answer` raises the errors of its endpoint, and ModelAnswerInvalid."""

    def __init__(self, endpoint: ChatEndpoint) -> None:
        self.spec = endpoint.spec
        self._endpoint = endpoint

    @property
    def spent(self) -> Usage:
        return self._endpoint.spent

    def answer(self, request: Request) -> Draft:
        """Asks the model, and once more if the answer was cut off, unusable, or has fields in another language."""
        messages, schema = conversation(request), json_schema(request)
        with self._endpoint.exchange("digest") as ask:
            try:
                answer = parse(ask(messages, schema))
            except UnusableAnswer as problem:
                answer = _second_answer(ask(repeat_question(messages, str(problem)), schema))
            else:
                answer = _in_its_language(answer, request, ask)
        return replace(as_draft(answer, request), in_another_language=tuple(in_another_language(answer, request)))

    def reconsider(self, doubts: Sequence[Doubt], language: str) -> Mapping[int, str]:
        schema = statements_schema(len(doubts), CLAIM_CHARACTERS)
        with self._endpoint.exchange("statements", is_repair=True) as ask:
            return parse_statements(ask(reconsideration(doubts, doubts_context(language)), schema), len(doubts))


def _second_answer(content: str) -> DigestAnswer:
    try:
        return parse(content)
    except UnusableAnswer as problem:
        raise ModelAnswerInvalid(f"The model's answer was not a usable digest, twice: {problem}") from problem


def _in_its_language(answer: DigestAnswer, request: Request, ask: Ask) -> DigestAnswer:
    """Asks again for fields in another language and keeps those that are corrected; on an error, returns the answer."""
    fields = in_another_language(answer, request)
    if not fields:
        return answer
    problem = about_language(fields, language_name(request.answer_language))
    messages = revision(request, answer.model_dump(include=set(fields)), problem)
    try:
        repaired = parse_fields(ask(messages, fields_schema(request, fields)))
    except (SkimlistError, UnusableAnswer):
        return answer
    wrong = in_another_language(repaired, request)
    better = {field: value for field in fields if field not in wrong and (value := getattr(repaired, field))}
    return answer.model_copy(update=better)
