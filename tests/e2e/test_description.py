"""The API keeps to its description: valid and invalid requests are generated from the OpenAPI document."""

from __future__ import annotations

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from local.client import LOOPBACK
from testkit.functions import openapi_document
from testkit.whole_stack import create_batch

# The check that every request that fits the schema is accepted is left out: a well-formed link may name no video.
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
]
# The statuses with which a request that breaks the schema is refused, for its size, its form or its fields.
REFUSALS = {"negative_data_rejection": {"expected-statuses": ["400", "401", "404", "409", "413", "415", "422"]}}
VALID, INVALID = schemathesis.GenerationMode
SCHEMA = schemathesis.openapi.from_dict(
    openapi_document(), config=schemathesis.config.SchemathesisConfig.from_dict({"checks": REFUSALS})
)
OPERATIONS = [result.ok() for result in SCHEMA.get_all_operations()]
FEW = settings(
    max_examples=12,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)


def _arrives_as_generated(case: schemathesis.Case) -> bool:
    """Returns whether the API gets a request as it is.

    Each is sent with the user's token, whether it has one or not; the emulator drops a nameless parameter; and the
    emulator's guard refuses what comes from another website.
    """
    headers = {name.lower() for name in case.headers or {}}
    from_website = "origin" in headers or any(name.startswith("sec-") for name in headers)
    return "authorization" in headers and "" not in (case.query or {}) and not from_website


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_every_answer_is_one_that_the_description_names(
    user: httpx.Client, operation: schemathesis.APIOperation
) -> None:
    draft = create_batch(user, "Lighthouse1", "Sauerteig_1", start=False)
    ids = {"batch_id": draft["id"], "item_id": "00001", "summary_id": f"{draft['id']}-00001"}
    there = {name: ids[name] for name in ids if f"{{{name}}}" in operation.path}
    strategies = [
        operation.as_strategy(mode, path_parameters=path) for mode in (VALID, INVALID) for path in ({}, there)
    ]
    url = f"http://{LOOPBACK}:{user.base_url.port}/api"
    headers = {"Host": user.base_url.netloc.decode(), "Authorization": user.headers["Authorization"]}

    with requests.Session() as session:
        session.trust_env = False

        @FEW
        @given(st.one_of(strategies))
        def ask(case: schemathesis.Case) -> None:
            assume(_arrives_as_generated(case))
            response = case.call(base_url=url, session=session, headers=headers)
            case.validate_response(response, checks=CHECKS)

        ask()
