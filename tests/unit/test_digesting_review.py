"""The language of a digest's texts is checked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, cast

import pytest

from skimlist.digesting.drafts import Request, Task
from skimlist.digesting.openai_digester import OpenAIDigester
from skimlist.llm.endpoint import Ask, ChatEndpoint
from skimlist.models.settings import SummaryOptions
from tests.fakes.digesting import an_outline
from tests.fakes.summarizing import spec

ENGLISH = "This is what the videos say about the bread and how it is made in them."
GERMAN = "Das ist, was in den Filmen über das Brot gesagt wird und wie es gemacht wird."
REQUEST = Request(
    task=Task.WHOLE,
    outlines=(an_outline(1, "First.", "Second."), an_outline(2, "Third.")),
    findings=(),
    options=SummaryOptions(language="de"),
    language="en",
)


class Endpoint:
    """Returns the answers in turn, and records the requests."""

    spec = spec()

    def __init__(self, *answers: dict[str, Any]) -> None:
        self._answers = iter(answers)
        self.asked: list[tuple[str, list[str]]] = []

    @contextmanager
    def exchange(self, name: str) -> Iterator[Ask]:
        del name

        def ask(messages: Any, schema: Any) -> str:
            self.asked.append((messages[-1]["content"], schema["required"]))
            return json.dumps(next(self._answers))

        yield ask


def answer(overview: str, theme: str) -> dict[str, Any]:
    return {
        "overview": overview,
        "themes": [{"title": "Brot", "text": theme, "evidence": [1, 3]}],
        "agreements": [],
        "differences": [],
        "watch_order": [],
    }


def digested(*answers: dict[str, Any], request: Request = REQUEST) -> tuple[Any, Endpoint]:
    endpoint = Endpoint(*answers)
    return OpenAIDigester(cast("ChatEndpoint", endpoint)).answer(request), endpoint


def test_only_the_fields_in_another_language_are_asked_for_again_and_without_the_summaries() -> None:
    draft, endpoint = digested(answer(GERMAN, ENGLISH), answer("", GERMAN))
    assert (draft.overview, draft.themes[0].text, draft.language) == (GERMAN, GERMAN, "de")
    assert [source.position for source in draft.themes[0].sources] == [1, 2]
    _, (question, fields) = endpoint.asked
    assert fields == ["themes"]
    assert "German" in question
    assert "First." not in question


@pytest.mark.parametrize("second", [answer(ENGLISH, ENGLISH), {"overview": 3}, {}])
def test_a_correction_that_is_no_better_is_not_kept(second: dict[str, Any]) -> None:
    draft, endpoint = digested(answer(ENGLISH, GERMAN), second)
    assert (draft.overview, draft.themes[0].text) == (ENGLISH, GERMAN)
    assert draft.in_another_language == ("overview",)
    assert len(endpoint.asked) == 2


@pytest.mark.parametrize(
    ("first", "request_"),
    [(answer(GERMAN, GERMAN), REQUEST), (answer(ENGLISH, ENGLISH), replace(REQUEST, task=Task.PART))],
)
def test_nothing_is_asked_about_the_right_language_or_findings_on_a_part(
    first: dict[str, Any], request_: Request
) -> None:
    _, endpoint = digested(first, request=request_)
    assert len(endpoint.asked) == 1
