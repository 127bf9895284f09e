"""Digests with models at an endpoint for OpenAI's chat completions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from skimlist.digesting.answers import (
    CLAIM_CHARACTERS,
    DigestAnswer,
    as_draft,
    fields_schema,
    json_schema,
    parse,
    parse_fields,
)
from skimlist.digesting.drafts import Draft, NewsDraft, Request
from skimlist.digesting.news_answers import (
    NewsAnswer,
    as_news,
    news_in_another_language,
    news_schema,
    parse_news,
    parse_news_fields,
)
from skimlist.digesting.prompts import conversation, doubts_context, revision
from skimlist.digesting.review import in_another_language
from skimlist.errors import ModelAnswerInvalid, SkimlistError
from skimlist.llm.catalogue import Usage
from skimlist.llm.corrections import parse_statements, statements_schema
from skimlist.llm.doubts import Doubt, reconsideration
from skimlist.llm.endpoint import Ask, ChatEndpoint
from skimlist.llm.language_names import language_name
from skimlist.llm.prompts import about_language, repeat_question
from skimlist.llm.structured_answers import Part, UnusableAnswer

Answer = TypeVar("Answer", bound=Part)


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
        with self._endpoint.exchange("digest") as ask:
            answer = _DIGEST.ask(request, ask)
        return replace(as_draft(answer, request), in_another_language=tuple(in_another_language(answer, request)))

    def compare(self, request: Request) -> NewsDraft:
        """Works like `answer`."""
        with self._endpoint.exchange("news") as ask:
            answer = _NEWS.ask(request, ask)
        return replace(as_news(answer, request), in_another_language=tuple(news_in_another_language(answer, request)))

    def reconsider(self, doubts: Sequence[Doubt], language: str) -> Mapping[int, str]:
        schema = statements_schema(len(doubts), CLAIM_CHARACTERS)
        with self._endpoint.exchange("statements", is_repair=True) as ask:
            return parse_statements(ask(reconsideration(doubts, doubts_context(language)), schema), len(doubts))


@dataclass(frozen=True, slots=True)
class _Form(Generic[Answer]):
    """The form of an answer: the schema of all or of some of its fields, how each is parsed, and how it is reviewed."""

    schema: Callable[[Request], Mapping[str, Any]]
    parse: Callable[[str], Answer]
    schema_of: Callable[[Request, Sequence[str]], Mapping[str, Any]]
    parse_fields: Callable[[str], Answer]
    in_another_language: Callable[[Answer, Request], list[str]]

    def ask(self, request: Request, ask: Ask) -> Answer:
        messages, schema = conversation(request), self.schema(request)
        try:
            answer = self.parse(ask(messages, schema))
        except UnusableAnswer as problem:
            return self._second_answer(ask(repeat_question(messages, str(problem)), schema))
        return self._in_its_language(answer, request, ask)

    def _second_answer(self, content: str) -> Answer:
        try:
            return self.parse(content)
        except UnusableAnswer as problem:
            raise ModelAnswerInvalid(f"The model's answer was not a usable digest, twice: {problem}") from problem

    def _in_its_language(self, answer: Answer, request: Request, ask: Ask) -> Answer:
        """Asks again for fields in another language, and keeps those that are corrected; on an error, none."""
        fields = self.in_another_language(answer, request)
        if not fields:
            return answer
        problem = about_language(fields, language_name(request.answer_language))
        messages = revision(request, answer.model_dump(include=set(fields)), problem)
        try:
            repaired = self.parse_fields(ask(messages, self.schema_of(request, fields)))
        except (SkimlistError, UnusableAnswer):
            return answer
        wrong = self.in_another_language(repaired, request)
        better = {field: value for field in fields if field not in wrong and (value := getattr(repaired, field))}
        return answer.model_copy(update=better)


_DIGEST: _Form[DigestAnswer] = _Form(json_schema, parse, fields_schema, parse_fields, in_another_language)
_NEWS: _Form[NewsAnswer] = _Form(news_schema, parse_news, news_schema, parse_news_fields, news_in_another_language)
