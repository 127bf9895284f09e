"""Summarizes with models at an endpoint for OpenAI's chat completions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from skimlist.errors import ModelAnswerInvalid, SkimlistError
from skimlist.llm.catalogue import Usage
from skimlist.llm.corrections import parse_statements, statements_schema
from skimlist.llm.doubts import Doubt, reconsideration
from skimlist.llm.endpoint import Ask, ChatEndpoint
from skimlist.llm.prompts import Message, repeat_question
from skimlist.llm.structured_answers import UnusableAnswer
from skimlist.summarizing.answers import (
    as_answer,
    json_schema,
    parse,
    parse_fields,
)
from skimlist.summarizing.bounds import REPORT_CHARACTERS, whole_sentences
from skimlist.summarizing.drafts import Draft, Request, Task
from skimlist.summarizing.lines import NUMBERED_LINE_TOKENS
from skimlist.summarizing.prompts import conversation, doubts_context, revision
from skimlist.summarizing.review import Shortcoming, find_shortcoming, with_better_fields


class OpenAIModel:
    """Summarizes by asking a language model; `answer` raises the errors of its endpoint, and ModelAnswerInvalid."""

    least_line_tokens = NUMBERED_LINE_TOKENS

    def __init__(self, endpoint: ChatEndpoint) -> None:
        self.spec = endpoint.spec
        self._endpoint = endpoint

    @property
    def spent(self) -> Usage:
        return self._endpoint.spent

    def answer(self, request: Request) -> Draft:
        """Asks the model, and asks once more if the answer was cut off, unusable or deficient.

        A request about stretches that the summary does not cover is not repeated.
        """
        if request.task is Task.STRETCHES:
            return parse_fields(self._ask_once("stretches", conversation(request), json_schema(request)), request)
        is_last = request.task is not Task.PART
        with self._endpoint.exchange("summary", is_last=is_last) as ask:
            return self._usable_draft(request, ask)

    def reconsider(self, doubts: Sequence[Doubt], request: Request) -> Mapping[int, str]:
        schema = statements_schema(len(doubts), REPORT_CHARACTERS)
        answer = self._ask_once("statements", reconsideration(doubts, doubts_context(request)), schema)
        texts = parse_statements(answer, len(doubts))
        language = request.answer_language
        return {number: whole_sentences(text, REPORT_CHARACTERS, language) for number, text in texts.items()}

    def _ask_once(self, name: str, messages: Sequence[Message], schema: Mapping[str, Any]) -> str:
        with self._endpoint.exchange(name, is_last=True, is_repair=True) as ask:
            return ask(messages, schema)

    def _usable_draft(self, request: Request, ask: Ask) -> Draft:
        messages, schema = conversation(request), json_schema(request)
        try:
            draft = parse(ask(messages, schema), request)
        except UnusableAnswer as problem:
            return self._parse_second_answer(request, ask(repeat_question(messages, str(problem)), schema))
        fault = find_shortcoming(draft, request)
        return draft if fault is None else self._improve(draft, request, fault, ask)

    def _parse_second_answer(self, request: Request, answer: str) -> Draft:
        try:
            return parse(answer, request)
        except UnusableAnswer as problem:
            raise ModelAnswerInvalid(f"The model's answer was not a usable summary, twice: {problem}") from problem

    def _improve(self, draft: Draft, request: Request, fault: Shortcoming, ask: Ask) -> Draft:
        """Asks again for the deficient fields and keeps the better version of each.

        If the endpoint fails or the answer is unusable, the draft is returned unchanged.
        """
        if fault.needs_captions:
            messages = repeat_question(conversation(request), fault.problem, fault.fields)
        else:
            messages = revision(request, as_answer(draft, fault.fields), fault.problem)
        try:
            repaired = parse_fields(ask(messages, json_schema(request, fault.fields)), request)
        except (SkimlistError, UnusableAnswer):
            return draft
        return with_better_fields(draft, repaired, fault.fields, request)
