"""Models behind an endpoint that speaks OpenAI's chat completions."""

from __future__ import annotations

from collections.abc import Sequence

from skimlist.errors import ModelAnswerInvalid, SkimlistError
from skimlist.llm.catalogue import Usage
from skimlist.llm.endpoint import Ask, ChatEndpoint
from skimlist.llm.prompts import Message, repair
from skimlist.llm.structured_answers import UnusableAnswer
from skimlist.summarizing.answers import json_schema, parse
from skimlist.summarizing.drafts import Draft, Request, Task
from skimlist.summarizing.lines import NUMBERED_LINE_TOKENS
from skimlist.summarizing.prompts import conversation, revision
from skimlist.summarizing.review import better, shortcoming


class OpenAIModel:
    """Summarizes by asking an endpoint, which raises what `answer` raises."""

    least_line_tokens = NUMBERED_LINE_TOKENS

    def __init__(self, endpoint: ChatEndpoint) -> None:
        self.spec = endpoint.spec
        self._endpoint = endpoint

    @property
    def spent(self) -> Usage:
        return self._endpoint.spent

    def answer(self, request: Request) -> Draft:
        """Asks, and asks once more when the answer was cut off, unusable or not what was asked for."""
        is_last = request.task is not Task.PART
        with self._endpoint.exchange("summary", json_schema(request), is_last=is_last) as ask:
            return self._usable_draft(request, ask)

    def _usable_draft(self, request: Request, ask: Ask) -> Draft:
        messages = conversation(request)
        answer = ask(messages)
        try:
            draft = parse(answer, request)
        except UnusableAnswer as problem:
            return self._repaired(request, repair(messages, answer, str(problem)), ask)
        fault = shortcoming(draft, request)
        if fault is None:
            return draft
        again = repair(messages, answer, fault.problem)
        shorter = revision(answer, fault.problem)
        return self._improved(draft, request, again if fault.needs_captions else shorter, ask)

    def _repaired(self, request: Request, messages: Sequence[Message], ask: Ask) -> Draft:
        answer = ask(messages)
        try:
            return parse(answer, request)
        except UnusableAnswer as problem:
            raise ModelAnswerInvalid(f"The model's answer was not a usable summary, twice: {problem}") from problem

    def _improved(self, draft: Draft, request: Request, messages: Sequence[Message], ask: Ask) -> Draft:
        """The better of a usable draft and of another attempt; if that fails, whyever, there is still the first."""
        try:
            return better(draft, parse(ask(messages), request), request)
        except (SkimlistError, UnusableAnswer):
            return draft
