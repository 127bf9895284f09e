"""Requests that are generated from the OpenAPI document; importing this takes two seconds."""

from __future__ import annotations

import requests
import schemathesis
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from testkit.functions import openapi_document

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
FEW = settings(
    max_examples=8,
    database=None,
    suppress_health_check=[
        *(HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much),
        HealthCheck.function_scoped_fixture,
    ],
)


def send_generated(session: requests.Session, api: str, method: str, path: str, ids: dict[str, str]) -> None:
    """Sends requests of an operation, also about what has these ids, and checks each answer by the description."""
    operation = SCHEMA[path][method]
    there = {name: ids[name] for name in ids if f"{{{name}}}" in path}
    strategies = [
        operation.as_strategy(mode, path_parameters=known) for mode in (VALID, INVALID) for known in ({}, there)
    ]

    @FEW
    @given(st.one_of(strategies))
    def send(case: schemathesis.Case) -> None:
        # Each is sent with the user's token, whether it has one or not.
        assume("authorization" in {name.lower() for name in case.headers or {}})
        case.validate_response(case.call(base_url=api, session=session), checks=CHECKS)

    send()
