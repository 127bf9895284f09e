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
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse

from local.youtube import FakeYouTube
from testkit.account import Account, FunctionsOf
from testkit.api_client import Client, api_event
from testkit.functions import load_function, openapi_document

OPERATIONS = {
    f"{method.upper()} {path}": (method, path)
    for path, methods in openapi_document()["paths"].items()
    for method in methods
}
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


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_answer_is_one_that_the_description_names(ada: Client, session: requests.Session, operation: str) -> None:
    from tests.generated_requests import send_generated  # which only the worker that runs these tests has to load

    draft = ada.post("/batch/create", {"urls": ["Lighthouse1", "Sauerteig_1"], "start": False}).json
    ids = {"batch_id": draft["id"], "item_id": "00001", "summary_id": f"{draft['id']}-00001"}
    send_generated(session, API, *OPERATIONS[operation], ids)
