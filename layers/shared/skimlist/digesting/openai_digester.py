"""Digests by models behind an endpoint that speaks OpenAI's chat completions."""

from __future__ import annotations

from skimlist.digesting.answers import json_schema, parse
from skimlist.digesting.drafts import Draft, Request
from skimlist.digesting.prompts import conversation
from skimlist.errors import ModelAnswerInvalid
from skimlist.llm.catalogue import Usage
from skimlist.llm.endpoint import ChatEndpoint
from skimlist.llm.prompts import asked_again
from skimlist.llm.structured_answers import UnusableAnswer


class OpenAIDigester:
    """Digests by asking an endpoint, which raises what `answer` raises."""

    def __init__(self, endpoint: ChatEndpoint) -> None:
        self.spec = endpoint.spec
        self._endpoint = endpoint

    @property
    def spent(self) -> Usage:
        return self._endpoint.spent

    def answer(self, request: Request) -> Draft:
        """Asks, and asks once more when the answer was cut off or unusable."""
        messages = conversation(request)
        schema = json_schema(request)
        with self._endpoint.exchange("digest") as ask:
            answer = ask(messages, schema)
            try:
                return parse(answer, request)
            except UnusableAnswer as problem:
                answer = ask(asked_again(messages, str(problem)), schema)
            try:
                return parse(answer, request)
            except UnusableAnswer as problem:
                raise ModelAnswerInvalid(f"The model's answer was not a usable digest, twice: {problem}") from problem
