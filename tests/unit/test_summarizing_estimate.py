"""What a summary will cost, before a model is asked."""

from __future__ import annotations

from decimal import Decimal

from skimlist.llm.catalogue import Prices, Provider
from skimlist.models.settings import SummaryLength, Verify
from skimlist.summarizing.drafts import Draft, Point, Request, Task
from skimlist.summarizing.estimate import estimate
from skimlist.summarizing.lines import NUMBERED_LINE_TOKENS
from skimlist.summarizing.summarize import summarize_video
from tests.fakes.summarizing import NOW, ScriptedModel, draft, settings, spec, transcript

PRICES = Prices(tokens_in=Decimal(1), tokens_out=Decimal(5))
TALK = transcript([f"On night {n} the keeper lit the lamp and wrote down the hour." for n in range(100)])


def test_a_longer_transcript_costs_more_and_takes_longer() -> None:
    short = estimate(transcript(["The keeper lit the lamp."]), settings(), spec(prices=PRICES))
    long = estimate(TALK, settings(), spec(prices=PRICES))
    assert long.tokens_in > short.tokens_in
    assert long.cost_usd > short.cost_usd > 0
    assert long.seconds > short.seconds > 0


def test_a_longer_summary_costs_more() -> None:
    brief, detailed = (
        estimate(TALK, settings(length), spec(prices=PRICES))
        for length in (SummaryLength.BRIEF, SummaryLength.DETAILED)
    )
    assert detailed.tokens_out > brief.tokens_out
    assert detailed.cost_usd > brief.cost_usd


def test_the_requests_of_a_very_long_video_are_counted_with_those_about_notes_on_notes() -> None:
    def noted(request: Request) -> Draft:
        """Answers with as many notes as asked for, of the expected length."""
        count = request.notes if request.task is Task.PART else 1
        lines = [request.lines[index * len(request.lines) // count] for index in range(count)]
        return draft(request, key_points=tuple(Point(line.number, " ".join(["bread"] * 16)) for line in lines))

    days = transcript([f"Sentence number {n} of a talk about bread and salt." for n in range(8_000)])
    narrow = spec(context_tokens=6_000)
    model = ScriptedModel(narrow, noted)
    model.least_line_tokens = NUMBERED_LINE_TOKENS
    summary = summarize_video(days, settings(), model, now=NOW, is_affordable=lambda _: False)
    assert len(model.requests) > summary.coverage.chunks + 1
    assert estimate(days, settings(), narrow).requests == len(model.requests)


def test_a_second_look_is_part_of_the_estimate_unless_no_model_is_asked() -> None:
    flag, ask = (estimate(TALK, settings(verify=verify), spec(prices=PRICES)) for verify in Verify)
    assert ask.requests == flag.requests + 1
    assert ask.cost_usd > flag.cost_usd
    assert ask.tokens_in - flag.tokens_in < flag.tokens_in
    extractive = estimate(TALK, settings(verify=Verify.ASK), spec(provider=Provider.EXTRACTIVE, prices=PRICES))
    assert extractive.requests == 0


def test_the_extractive_model_asks_nobody_and_costs_nothing() -> None:
    found = estimate(TALK, settings(), spec(provider=Provider.EXTRACTIVE, prices=PRICES))
    assert (found.requests, found.tokens_in, found.tokens_out, found.cost_usd) == (0, 0, 0, Decimal(0))
