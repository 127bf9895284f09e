"""A batch of any size is condensed until it fits one request."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skimlist.digesting.drafts import Draft, Request, Task
from skimlist.digesting.plan import Plan, most_tokens
from skimlist.errors import ModelAnswerInvalid, ModelRefused
from skimlist.models.settings import SummaryOptions
from tests.fakes.digesting import ScriptedDigester, an_outline, one_theme
from tests.fakes.summarizing import spec

# Takes about ten videos of these tests at once.
NARROW = spec(context_tokens=11_400, max_output_tokens=4_000)
WIDE = spec(context_tokens=200_000)
TALK = ["Bread needs flour, water, salt and a good deal of time before it is bread."] * 20


def carry_out(videos: int, digester: ScriptedDigester) -> tuple[Draft, Plan]:
    plan = Plan(digester, SummaryOptions(), "en")
    return plan.carry_out([an_outline(position, *TALK) for position in range(1, videos + 1)]), plan


def test_a_batch_that_fits_is_asked_about_once() -> None:
    digester = ScriptedDigester(WIDE)
    draft, plan = carry_out(5, digester)
    (request,) = digester.requests
    assert (request.task, len(request.outlines), request.findings) == (Task.WHOLE, 5, ())
    assert draft.overview == "In short."
    assert plan.dropped == 1


def test_a_large_batch_is_asked_about_in_parts_and_what_was_found_is_joined() -> None:
    digester = ScriptedDigester(NARROW)
    draft, plan = carry_out(100, digester)
    parts = [request for request in digester.requests if request.task is Task.PART]
    parts.sort(key=lambda part: part.outlines[0].position)  # they are asked about at the same time
    assert [outline.position for part in parts for outline in part.outlines] == list(range(1, 101))
    last = digester.requests[-1]
    assert last.task is Task.FINDINGS
    assert len(digester.requests) == len(parts) + 1 == plan.dropped
    assert (last.outlines[0].gist, last.outlines[0].statements) == ("Because of 1.", ())
    assert {finding.heading for finding in last.findings} == {"A theme"}
    # Evidence survives the merge: every statement of every video.
    assert {source.position for source in draft.themes[0].sources} == set(range(1, 101))


@given(st.integers(1, 400))
def test_every_request_but_that_of_one_video_fits(videos: int) -> None:
    digester = ScriptedDigester(NARROW)
    carry_out(videos, digester)
    limit = most_tokens(NARROW) or 0
    for request in digester.requests:
        tokens = sum(len(statement.text) // 4 for statement in request.statements)
        assert tokens <= limit or len(request.outlines) == 1


def test_findings_that_get_no_shorter_end_in_an_error() -> None:
    def wordy(request: Request) -> Draft:
        return replace(one_theme(request), themes=one_theme(request).themes * 400)

    with pytest.raises(ModelAnswerInvalid):
        carry_out(60, ScriptedDigester(NARROW, wordy))


def test_a_failure_of_one_part_is_the_failure_of_the_digest() -> None:
    def refuse(request: Request) -> Draft:
        if request.outlines[0].position > 1:
            raise ModelRefused
        return one_theme(request)

    with pytest.raises(ModelRefused):
        carry_out(60, ScriptedDigester(NARROW, refuse))


def test_a_model_of_any_context_is_asked_about_a_part_at_a_time() -> None:
    assert most_tokens(spec(context_tokens=None)) is None
    assert most_tokens(spec(context_tokens=1_000_000)) == 60_000
    assert (most_tokens(NARROW) or 0) < 8_000
