"""Each vendor's real answers, from the OpenAI SDK to the result and the cost of a video."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from local.model import FakeModelServer
from local.model.vendors import VendorAnswer, absent_cases, vendor_answers
from skimlist.errors import SkimlistError
from skimlist.llm.catalogue import AnswerForm, ModelSpec
from skimlist.llm.request_forms import FORMS
from skimlist.summarizing.drafts import Model
from skimlist.summarizing.providers import open_model
from skimlist.summarizing.summarize import summarize_video
from tests.fakes.summarizing import NOW, Memory, settings, spec, transcript
from tests.vendors import MEANINGS, kind_of

TALK = transcript([f"Sentence number {n} of a talk about bread and salt." for n in range(60)])
MODEL = spec(parameters={"thinking": {"type": "disabled"}, "reasoning_effort": "low"})
WORDS = {"context": "longer than the model takes", "model": "does not know this model", "address": "at this address"}
# What most answers in the table have counted, and those that count otherwise or not at all.
COUNTED = (1_500, 300)
COUNTED_OTHERWISE = {"gemini:ok": (1_500, 603), "openrouter:ok": None, "gateway:ok_as_a_stream": None}
# The strictest form in which what is rejected is asked for at all.
FORMS_WITH = {"max_tokens": AnswerForm.JSON, "json_object": AnswerForm.JSON}


@pytest.fixture(scope="module")
def server() -> Iterator[FakeModelServer]:
    with FakeModelServer() as running:
        yield running


def opened(server: FakeModelServer, memory: Memory, model: ModelSpec = MODEL) -> Model:
    asked = model.at(server.base_url)
    FORMS.forget(asked)
    return open_model(asked, api_key="k", answer_cache=memory, seconds_left=lambda: 60.0)


@pytest.mark.parametrize("name", vendor_answers())
def test_every_vendors_answer_has_its_meaning(name: str, server: FakeModelServer) -> None:
    recorded: VendorAnswer = vendor_answers()[name]
    kind = kind_of(name)
    meaning = MEANINGS[kind]
    model = replace(MODEL, answers=FORMS_WITH.get(recorded.rejects or "", AnswerForm.SCHEMA))
    memory = Memory()
    tried = opened(server, memory, model)
    before = server.requests["asked"]
    server.fail(name)
    if meaning is None:
        summary = summarize_video(TALK, settings(), tried, now=NOW)
        assert summary.text
        if kind == "ok" and (counted := COUNTED_OTHERWISE.get(name, COUNTED)):
            assert (summary.tokens_in, summary.tokens_out) == counted
        assert (server.requests["asked"] > before + 1) is (kind == "parameter")
    else:
        with pytest.raises(SkimlistError, match=WORDS.get(kind)) as raised:
            summarize_video(TALK, settings(), tried, now=NOW)
        assert type(raised.value) is meaning
        assert server.requests["asked"] <= before + 2
    is_paid = recorded.status == 200 and '"usage": {' in recorded.body
    assert (tried.spent.tokens_in >= 1_000) is (is_paid or meaning is None)
    server.recover()
    retried = opened(server, memory, model)
    assert summarize_video(TALK, settings(), retried, now=NOW).text
    assert retried.spent.tokens_in >= tried.spent.tokens_in


def test_the_table_names_a_source_for_every_answer() -> None:
    assert {name for name, recorded in vendor_answers().items() if not recorded.source.startswith("https://")} == set()
    assert not vendor_answers().keys() & absent_cases()
    assert {name.partition(":")[2] for name in absent_cases()} <= MEANINGS.keys()
