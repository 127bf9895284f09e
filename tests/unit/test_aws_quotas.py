"""AWS quotas against the template; docs/quotas.md lists these and the others."""

from __future__ import annotations

import json

import pytest

from testkit import template
from testkit.account import roles

# Amazon API Gateway: "Quotas for configuring and running an HTTP API".
MAX_ANSWER_SECONDS = 30
# AWS Lambda: "Lambda quotas". New accounts have less memory.
MAX_RUN_SECONDS = 900
BYTES_OF_AN_ENVIRONMENT = 4 * 1024
MEMORY_OF_A_NEW_ACCOUNT = 3_008
# IAM: "IAM and AWS STS quotas", of all policies inside one role, without white space.
CHARACTERS_OF_A_ROLE = 10_240

# Amazon API Gateway: "Amazon API Gateway quotas", of all APIs of an account, in the regions that have least.
REQUESTS_PER_SECOND = 2_500

LONG_NAME = "s" * 128  # of a stack; ids that CloudFormation makes of it are cut at 64


@pytest.mark.parametrize("name", template.functions())
def test_a_function_keeps_to_what_lambda_gives_an_account(name: str) -> None:
    function = template.properties(name)
    assert function["Timeout"] <= MAX_RUN_SECONDS
    assert function["MemorySize"] <= MEMORY_OF_A_NEW_ACCOUNT
    values = function["Environment"]["Variables"]
    assert sum(len(variable) + len(LONG_NAME) for variable in values) < BYTES_OF_AN_ENVIRONMENT


@pytest.mark.parametrize("name", ["ApiFunction", "ServePageFunction", "ServeFeedFunction"])
def test_a_function_that_answers_requests_ends_before_the_api_gives_up(name: str) -> None:
    assert template.properties(name)["Timeout"] < MAX_ANSWER_SECONDS


def test_the_throttles_of_the_api_stay_below_those_of_an_account() -> None:
    parameters = template.template()["Parameters"]
    throttles = ("RequestsPerSecond", "VisitsPerSecond", "FilesPerSecond")
    assert sum(parameters[name]["Default"] for name in throttles) <= REQUESTS_PER_SECOND


@pytest.mark.parametrize("name", [*template.functions(), "ProcessBatch"])
def test_the_policies_of_a_role_have_room_in_it(name: str) -> None:
    documents = template.properties(name).get("Policies", [])
    resolved = json.dumps([roles()._resolved(document) for document in documents], separators=(",", ":"))
    # Ids are longer on AWS than here: a stack's name, a resource's and twelve characters.
    assert len(resolved) * 1.3 < CHARACTERS_OF_A_ROLE
