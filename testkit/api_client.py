"""A client of the API without a server: sends events of the HTTP API to the function in this process."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlencode

from testkit.account import Account
from testkit.functions import openapi_document, shown_bodies


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def error(self) -> Any:
        assert set(self.json) == {"error"}
        assert set(self.json["error"]) == {"code", "message", "details"}
        return self.json["error"]


class Client:
    """A signed-in user."""

    def __init__(self, account: Account, user_id: str, **claims: str) -> None:
        self._account = account
        own = {"sub": user_id, "token_use": "id", "email": f"{user_id}@example.com", "email_verified": "true"}
        self._claims = {**own, **claims}

    def get(self, path: str, headers: Mapping[str, str] | None = None, **query: Any) -> Answer:
        return self.send("GET", path, query=query, headers=headers)

    def post(self, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Answer:
        return self.send("POST", path, text=None if body is None else json.dumps(body), headers=headers)

    def put(self, path: str, body: Any, headers: Mapping[str, str] | None = None) -> Answer:
        return self.send("PUT", path, text=json.dumps(body), headers=headers)

    def patch(self, path: str, body: Any) -> Answer:
        return self.send("PATCH", path, text=json.dumps(body))

    def delete(self, path: str) -> Answer:
        return self.send("DELETE", path)

    def send(self, method: str, path: str, **request: Any) -> Answer:
        """Sends a request; `path` lacks `/api`, and the other parameters are those of `api_event`."""
        event = api_event(self._claims, method, path, **request)
        raw = self._account.invoke("api", event)
        body = base64.b64decode(raw["body"]).decode() if raw.get("isBase64Encoded") else raw.get("body") or ""
        answer = Answer(raw["statusCode"], {name.lower(): value for name, value in raw["headers"].items()}, body)
        _require_described(method, path, answer)
        return answer


def api_event(
    claims: Mapping[str, str],
    method: str,
    path: str,
    *,
    query: Mapping[str, Any] | None = None,
    text: str | None = None,
    headers: Mapping[str, str] | None = None,
    encoded: bool = False,
) -> dict[str, Any]:
    """Returns the event (format 2.0) of a request whose token has these claims."""
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": "ANY /api/{proxy+}",
        "rawPath": f"/api{path}",
        "rawQueryString": urlencode(query or {}),
        "queryStringParameters": {name: str(value) for name, value in (query or {}).items()},
        "headers": {"content-type": "application/json", **(headers or {})},
        "requestContext": {
            "http": {"method": method, "path": f"/api{path}", "sourceIp": "127.0.0.1"},
            "requestId": "request",
            "stage": "$default",
            "authorizer": {"jwt": {"claims": dict(claims), "scopes": None}},
        },
        "isBase64Encoded": encoded,
    }
    if text is not None:
        event["body"] = base64.b64encode(text.encode()).decode() if encoded else text
    return event


@cache
def _described() -> list[tuple[re.Pattern[str], dict[str, Any]]]:
    """Returns the description of each path in the OpenAPI document; paths without variables come first."""
    paths = sorted(openapi_document()["paths"].items(), key=lambda entry: "{" in entry[0])
    return [(re.compile(re.sub(r"{\w+}", "[^/]+", path)), methods) for path, methods in paths]


def _require_described(method: str, path: str, answer: Answer) -> None:
    """Checks that the OpenAPI document lists the status of an answer, and the code of an error."""
    for pattern, methods in _described():
        if pattern.fullmatch(path) and method.lower() in methods:
            responses = methods[method.lower()]["responses"]
            assert str(answer.status) in responses, f"{method} {path} answers {answer.status}"
            if answer.status >= 400 and answer.status != 401:  # which is answered as the HTTP API itself does
                bodies = shown_bodies(responses[str(answer.status)]["content"])
                codes = {body["error"]["code"] for body in bodies if "error" in body}
                assert answer.error["code"] in codes, f"{method} {path} answers {answer.error}"
            return
