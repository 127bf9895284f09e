"""The catalogue of models and what their tokens cost."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.settings import SECRETS
from skimlist.errors import ModelNotOffered
from skimlist.llm.catalogue import (
    DEFAULT_MODEL,
    ModelSpec,
    Prices,
    Provider,
    Usage,
    catalogue,
    offered_model,
    offered_models,
    suggested_model,
)
from skimlist.models.endpoint import Endpoint
from testkit import template

COUNTS = st.integers(0, 10_000_000)


def test_the_default_needs_no_key() -> None:
    assert catalogue()[DEFAULT_MODEL].key_secret is None


@pytest.mark.parametrize("spec", catalogue().values(), ids=lambda spec: spec.alias)
def test_only_the_extractive_model_takes_any_length_at_once(spec: ModelSpec) -> None:
    assert (spec.provider is Provider.EXTRACTIVE) == (spec.context_tokens is None)


@pytest.mark.parametrize("secret", sorted({spec.key_secret for spec in catalogue().values() if spec.key_secret}))
def test_every_key_reaches_the_functions_that_need_it(secret: str) -> None:
    for function in ("SummarizeVideoFunction", "DigestBatchFunction"):
        readable = [
            resource["Fn::Sub"].rpartition("/")[2]
            for policy in template.properties(function)["Policies"]
            for statement in policy["Statement"]
            if "ssm:GetParameter" in statement["Action"]
            for resource in statement["Resource"]
        ]
        assert secret in readable, function
    variable = secret.upper().replace("-", "_")
    assert SECRETS[variable] == secret
    for file in (".env.example", "local/deploy/after.txt", "docs/deploy.md"):
        assert variable in (template.ROOT / file).read_text(encoding="utf-8"), file


def test_the_roles_may_ask_the_models_of_bedrock_and_no_other() -> None:
    hosted = {spec.model for spec in catalogue().values() if spec.provider is Provider.BEDROCK}
    for function in ("SummarizeVideoFunction", "DigestBatchFunction"):
        (policy,) = template.attached_policies(function)
        (statement,) = policy["Statement"]
        assert {resource["Fn::Sub"].rpartition("/")[2] for resource in statement["Resource"]} == hosted
    assert template.template()["Resources"]["BedrockPolicy"]["Condition"] == "OffersBedrock"


def test_a_deployment_offers_bedrock_unless_it_is_told_not_to() -> None:
    assert template.template()["Parameters"]["Bedrock"]["Default"] == "true"


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


def test_a_gateway_is_asked_for_openais_models_under_their_own_names() -> None:
    models = offered_models(Endpoint(base_url="https://gateway.example/v1"))
    assert models["openai"] == replace(catalogue()["openai"], base_url="https://gateway.example/v1")
    assert "custom" not in models


def test_an_endpoint_of_another_vendor_does_not_pass_for_openai() -> None:
    endpoint = Endpoint(
        base_url="http://127.0.0.1:8080/v1",
        model="gemma",
        context_tokens=8192,
        usd_per_million_out=Decimal(2),
        parameters={"temperature": 0.2},
    )
    models = offered_models(endpoint)
    custom = models["custom"]
    assert not {"openai", "openai-large"} & set(models)
    assert (custom.model, custom.label, custom.context_tokens) == ("gemma", "gemma at 127.0.0.1", 8192)
    assert custom.prices.cost(Usage(tokens_in=1_000_000, tokens_out=1_000_000)) == 2
    assert custom.base_url == endpoint.base_url
    assert (custom.parameters, custom.concurrent_requests) == ({"temperature": 0.2}, 1)


def test_a_model_that_a_deployment_does_not_offer_any_more_stops_the_batch() -> None:
    assert offered_model("extractive", Endpoint()).alias == "extractive"
    with pytest.raises(ModelNotOffered):
        offered_model("openai", Endpoint(model="gemma"))


def test_models_with_an_endpoint_of_their_own_are_offered_everywhere() -> None:
    for endpoint in (Endpoint(), Endpoint(base_url="http://localhost/v1"), Endpoint(model="gemma")):
        assert {"extractive", "anthropic", "gemini", "deepseek"} <= set(offered_models(endpoint))


def test_ollama_is_offered_only_where_the_deployment_knows_one() -> None:
    there = Endpoint(ollama_base_url="http://127.0.0.1:11434/v1")
    assert offered_models(there)["ollama"].base_url == there.ollama_base_url
    assert "ollama" not in offered_models(Endpoint(base_url="https://gateway.example/v1"))


def test_bedrock_is_offered_in_the_region_that_the_deployment_names() -> None:
    there = offered_models(Endpoint(bedrock_region="us-west-2", base_url="https://gateway.example/v1"))
    assert (there["bedrock"].region, there["bedrock"].base_url) == ("us-west-2", None)
    assert not {"bedrock", "bedrock-small"} & set(offered_models(Endpoint()))


@pytest.mark.parametrize(
    ("region", "keys", "suggested"),
    [
        (None, set(), "extractive"),
        (None, {"gemini-api-key"}, "gemini"),
        ("us-west-2", set(), "bedrock"),
        ("us-west-2", {"openai-api-key"}, "openai"),
    ],
)
def test_the_first_model_that_has_its_key_is_suggested(region: str | None, keys: set[str], suggested: str) -> None:
    assert suggested_model(offered_models(Endpoint(bedrock_region=region)), keys) == suggested


def test_a_small_context_window_leaves_room_beside_the_answer() -> None:
    assert replace(catalogue()["custom"], context_tokens=8_192).answer_limits == (2_048,)


def test_the_deployments_endpoint_is_for_models_that_name_none() -> None:
    local = "http://localhost:8000/v1"
    assert catalogue()["openai"].at(local).base_url == local
    assert replace(catalogue()["openai"], base_url="https://elsewhere.example/v1").at(local).base_url != local
    assert catalogue()["extractive"].at(local).base_url is None
