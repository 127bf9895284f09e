"""The API keeps to its description: valid and invalid requests are generated from the OpenAPI document."""

from __future__ import annotations

import sys
from base64 import b64encode
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from requests.adapters import HTTPAdapter
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks
from urllib3 import HTTPResponse

from local.youtube import FakeYouTube
from testkit.account import Account, FunctionsOf
from testkit.api_client import Client, api_event
from testkit.functions import load_function, openapi_document

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
    suppress_health_check=[
        *(HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much),
        HealthCheck.function_scoped_fixture,
    ],
)
API = "http://api.example/api"


class InThisProcess(HTTPAdapter):
    """Hands the requests of a session to the API's function as the HTTP API does, as those of one user."""

    def __init__(self, account: Account) -> None:
        super().__init__()
        self._account = account

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        assert request.method and request.url
        address, body = urlsplit(request.url), request.body or b""
        path = unquote(address.path).removeprefix("/api")
        query = {name: ",".join(given) for name, given in parse_qs(address.query, keep_blank_values=True).items()}
        headers = {name.lower(): value for name, value in request.headers.items() if name != "Accept-Encoding"}
        event = api_event({"sub": "ada", "token_use": "id"}, request.method, path, query=query, headers=headers)
        if body:
            content = body.encode() if isinstance(body, str) else body
            event |= {"body": b64encode(content).decode(), "isBase64Encoded": True}
        answer = self._account.invoke("api", event)
        sent = BytesIO(answer.get("body", "").encode())
        response = HTTPResponse(sent, answer["headers"], answer["statusCode"], preload_content=False)
        return self.build_response(request, response)


@pytest.fixture(scope="module")
def youtube(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeYouTube]:
    folder = tmp_path_factory.mktemp("youtube")
    with FakeYouTube(folder, ca_folder=folder) as fake:
        yield fake


@pytest.fixture
def session(account: Account, youtube: FakeYouTube, monkeypatch: pytest.MonkeyPatch) -> requests.Session:
    """A client whose requests reach the API's function, and through it the functions that it invokes."""
    api = load_function("api")
    for service in (api.BatchService, api.source_routes.SourceService):
        monkeypatch.setattr(sys.modules[service.__module__], "aws", FunctionsOf(account))
    account.parameters["CaBundlePath"] = str(youtube.ca_file)
    account.store_secret("youtube-proxy-url", youtube.proxy_url)
    session = requests.Session()
    session.mount(API, InThisProcess(account))
    return session


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_every_answer_is_one_that_the_description_names(
    ada: Client, session: requests.Session, operation: schemathesis.APIOperation
) -> None:
    draft = ada.post("/batch/create", {"urls": ["Lighthouse1", "Sauerteig_1"], "start": False}).json
    ids = {"batch_id": draft["id"], "item_id": "00001", "summary_id": f"{draft['id']}-00001"}
    there = {name: ids[name] for name in ids if f"{{{name}}}" in operation.path}
    strategies = [
        operation.as_strategy(mode, path_parameters=path) for mode in (VALID, INVALID) for path in ({}, there)
    ]

    @FEW
    @given(st.one_of(strategies))
    def ask(case: schemathesis.Case) -> None:
        # Each is sent with the user's token, whether it has one or not.
        assume("authorization" in {name.lower() for name in case.headers or {}})
        case.validate_response(case.call(base_url=API, session=session), checks=CHECKS)

    ask()
