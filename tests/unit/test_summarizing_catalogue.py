"""The catalogue of models and what their tokens cost."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skimlist.summarizing.catalogue import (
    DEFAULT_MODEL,
    DEFAULT_MODEL_WITHOUT_KEY,
    Prices,
    Provider,
    Usage,
    catalogue,
)

COUNTS = st.integers(0, 10_000_000)


def test_the_defaults_are_in_the_catalogue_and_only_the_one_without_key_needs_none() -> None:
    assert catalogue()[DEFAULT_MODEL].key_secret
    assert catalogue()[DEFAULT_MODEL_WITHOUT_KEY].key_secret is None


@pytest.mark.parametrize("spec", catalogue().values(), ids=lambda spec: spec.alias)
def test_every_model_has_room_for_captions(spec) -> None:
    assert spec.caption_tokens is None or spec.caption_tokens >= 4_000
    assert (spec.provider is Provider.EXTRACTIVE) == (spec.context_tokens is None)


def test_the_extractive_model_is_free() -> None:
    assert catalogue()["extractive"].prices.cost(Usage(tokens_in=10_000, tokens_out=10_000)) == 0


def test_a_cost_is_exact_to_the_millionth() -> None:
    prices = Prices(tokens_in=Decimal("0.10"), tokens_out=Decimal("0.50"))
    assert prices.cost(Usage(tokens_in=12_345, tokens_out=678)) == Decimal("0.001574")


def test_cached_tokens_are_charged_at_their_own_price() -> None:
    prices = Prices(tokens_in=Decimal(1), tokens_out=Decimal(5), cache_read=Decimal("0.1"), cache_write=Decimal("1.25"))
    usage = Usage(tokens_in=1_000_000, cache_read=400_000, cache_write=200_000)
    assert prices.cost(usage) == Decimal("0.690000")


def test_a_cache_without_a_price_of_its_own_costs_what_any_input_costs() -> None:
    for spec in catalogue().values():
        assert spec.prices.cache_read <= spec.prices.tokens_in
        assert spec.prices.cache_write >= spec.prices.tokens_in


@given(COUNTS, COUNTS, COUNTS, COUNTS)
def test_usage_adds_up(first_in: int, first_out: int, second_in: int, second_out: int) -> None:
    total = Usage(tokens_in=first_in, tokens_out=first_out) + Usage(tokens_in=second_in, tokens_out=second_out)
    assert (total.tokens_in, total.tokens_out) == (first_in + second_in, first_out + second_out)


def test_an_answer_that_was_cut_off_gets_more_room_if_the_model_has_it() -> None:
    assert catalogue()["openai"].answer_limits == (8_000, 16_000)


def test_the_deployments_endpoint_is_for_models_that_name_none() -> None:
    local = "http://localhost:8000/v1"
    assert catalogue()["openai"].at(local).base_url == local
    assert replace(catalogue()["openai"], base_url="https://elsewhere.example/v1").at(local).base_url != local
    assert catalogue()["extractive"].at(local).base_url is None
