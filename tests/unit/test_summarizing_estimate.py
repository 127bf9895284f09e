"""What a summary will cost, before a model is asked."""

from __future__ import annotations

from decimal import Decimal

from skimlist.llm.catalogue import Prices, Provider
from skimlist.models.settings import SummaryLength, Verify
from skimlist.summarizing.estimate import estimate
from tests.fakes.summarizing import settings, spec, transcript

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
