"""Which requests get past the guard of the local AWS emulator."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import pytest

from local import request_guard
from local.browsers import FOREIGN_PAGE, WRONG_HOST
from local.request_guard import NOT_SERVED, Message, Request, RequestGuard, Scope

PORT = 4566
EMULATOR = f"http://127.0.0.1:{PORT}"
PAGE = f"http://a1b2c3.execute-api.localhost:{PORT}"
LINK = f"{EMULATOR}/bucket/exports/1.zip?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=good"
CONFIRMATION = f"{EMULATOR}/?Action=ConfirmSubscription&TopicArn=arn:aws:sns:us-east-1:000000000000:t&Token=1"
SIGNED = {"Authorization": "good"}
SIGN_IN = {"X-Amz-Target": "AWSCognitoIdentityProviderService.InitiateAuth"}
FROM_PAGE = {"Origin": PAGE, "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"}
PREFLIGHT = {**FROM_PAGE, "Access-Control-Request-Method": "POST"}
FOLLOWED = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
FRAMED = {**FOLLOWED, "Sec-Fetch-Dest": "iframe"}
IMAGE = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}
ELSEWHERE = "http://evil.example"
NO_SIGNATURE = "no signature"


async def emulator(_scope: Scope, receive: Any, send: Any) -> None:
    """Answers like ministack: any caller may read. It records the body that it receives."""
    body = (await receive())["body"]
    headers = [(b"Access-Control-Allow-Origin", b"*"), (b"x-amzn-requestid", b"1")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def verify(request: Request, body: bytes) -> str | None:
    given = [request.headers.get("authorization"), *request.query.get("X-Amz-Signature", [])]
    return None if "good" in given and body in {b"", b"whole"} else NO_SIGNATURE


GUARD = RequestGuard(emulator, ports=[PORT], unsigned=["InitiateAuth"], verify=verify)


def run(coroutine: Coroutine[Any, Any, None]) -> None:
    """Runs a coroutine in its own thread: after tests of the page, Playwright's loop still runs in this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, coroutine).result()


def ask(
    method: str, url: str, headers: Mapping[str, str], *, guard: RequestGuard = GUARD, body: tuple[bytes, ...] = (b"",)
) -> tuple[int, dict[bytes, bytes], bytes]:
    parts = urlsplit(url)
    sent = {"Host": parts.netloc, **headers}
    scope = {
        **{"type": "http", "method": method, "path": parts.path, "raw_path": parts.path.encode()},
        "query_string": parts.query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in sent.items()],
    }
    waiting: list[Message] = [
        {"type": "http.request", "body": part, "more_body": place < len(body)} for place, part in enumerate(body, 1)
    ]
    answered: list[Message] = []

    async def receive() -> Message:
        return waiting.pop(0)

    async def send(message: Message) -> None:
        answered.append(message)

    run(guard(scope, receive, send))
    start, end = answered
    return start["status"], dict(start["headers"]), end["body"]


def reason(method: str, url: str, headers: Mapping[str, str]) -> str | None:
    """Returns why the request is refused; None if it reached the emulator."""
    status, _, body = ask(method, url, headers)
    assert status in {200, 403}
    return None if status == 200 else json.loads(body)["message"]


@pytest.mark.parametrize(
    ("method", "url", "headers"),
    [
        ("GET", f"{EMULATOR}/_ministack/ready", {}),
        ("POST", f"{EMULATOR}/", SIGNED),
        ("POST", f"http://localhost:{PORT}/", SIGNED),
        ("POST", f"http://[::1]:{PORT}/", SIGNED),
        ("PUT", f"{EMULATOR}/bucket/key", SIGNED),
        ("POST", f"{EMULATOR}/", SIGN_IN),
        ("POST", f"{EMULATOR}/", {**SIGN_IN, **FROM_PAGE}),
        ("OPTIONS", f"{EMULATOR}/", PREFLIGHT),
        ("OPTIONS", LINK, PREFLIGHT),
        ("GET", f"{EMULATOR}/us-east-1_a1B2c3/.well-known/jwks.json", {}),
        ("GET", LINK, {}),
        ("GET", LINK, FOLLOWED),
        ("GET", CONFIRMATION, {}),
        ("GET", f"{PAGE}/", {"Sec-Fetch-Site": "none"}),
        ("GET", f"{PAGE}/", FOLLOWED),
        ("GET", f"{PAGE}/page/1/scripts.js", {"Sec-Fetch-Site": "same-origin"}),
        ("GET", f"{PAGE}/feeds/019c51a2/secret", {}),
        ("GET", f"{PAGE}/api/batch", {"Authorization": "Bearer a.b.c"}),
        ("POST", f"{PAGE}/api/batch/create", {"Origin": PAGE, "Sec-Fetch-Site": "same-origin"}),
    ],
)
def test_the_requests_of_a_stack_reach_the_emulator(method: str, url: str, headers: dict[str, str]) -> None:
    assert reason(method, url, headers) is None


@pytest.mark.parametrize("url", [f"{EMULATOR}/", f"{PAGE}/api/batch"])
@pytest.mark.parametrize("headers", [{}, SIGNED, SIGN_IN])
@pytest.mark.parametrize(
    "host",
    [
        *("", "evil.example", f"evil.example:{PORT}", "127.0.0.1", "127.0.0.1:1", f"127.0.0.1.evil.example:{PORT}"),
        *(f"0.0.0.0:{PORT}", f"execute-api.localhost:{PORT}", f"a1b2c3.execute-api.localhost.evil.example:{PORT}"),
        *(f"a1b2c3.execute-api.localhost:{PORT}1", f"evil.example?.execute-api.localhost:{PORT}"),
        *(f"a1b2c3.execute-api_localhost:{PORT}", f"bucket.localhost:{PORT}", f"127.0.0.1:{PORT},evil.example"),
    ],
)
def test_no_other_name_is_answered(url: str, headers: dict[str, str], host: str) -> None:
    assert reason("POST", url, {**headers, "Host": host}) == WRONG_HOST


@pytest.mark.parametrize(
    ("method", "url"),
    [
        ("POST", f"{EMULATOR}/"),
        ("GET", LINK),
        ("GET", f"{PAGE}/"),
        ("OPTIONS", f"{EMULATOR}/"),
        ("GET", f"{PAGE}/api/"),
    ],
)
@pytest.mark.parametrize("headers", [{}, SIGNED, SIGN_IN, FOLLOWED])
@pytest.mark.parametrize(
    "origin",
    [
        *("null", "", ELSEWHERE, EMULATOR, f"http://localhost:{PORT}", "http://localhost:3000", f"{PAGE}0"),
        *(PAGE.replace("http", "https"), f"{PAGE}.evil.example", "http://a1b2c3.execute-api.localhost", "file://"),
    ],
)
def test_no_page_of_another_origin_is_answered(method: str, url: str, headers: dict[str, str], origin: str) -> None:
    assert reason(method, url, {**headers, "Origin": origin}) == FOREIGN_PAGE


@pytest.mark.parametrize("site", ["cross-site", "same-site", "something-new"])
@pytest.mark.parametrize(
    ("method", "url", "headers"),
    [
        ("GET", f"{EMULATOR}/", {**SIGNED, **FOLLOWED}),
        ("POST", f"{EMULATOR}/", {**SIGN_IN, **FOLLOWED}),
        ("POST", LINK, FOLLOWED),
        ("GET", LINK, IMAGE),
        ("GET", LINK, FRAMED),
        ("GET", f"{PAGE}/", IMAGE),
        ("GET", f"{PAGE}/", FRAMED),
        ("POST", f"{PAGE}/", FOLLOWED),
        ("GET", f"{PAGE}/page/1/scripts.js", IMAGE),
        ("GET", f"{PAGE}/api/docs", FOLLOWED),
        ("GET", f"{EMULATOR}{request_guard.READY}", FOLLOWED),
    ],
)
def test_another_site_can_only_link_to_the_page_and_to_a_download(
    method: str, url: str, headers: dict[str, str], site: str
) -> None:
    assert reason(method, url, {**headers, "Sec-Fetch-Site": site}) == FOREIGN_PAGE


@pytest.mark.parametrize("base", [EMULATOR, PAGE])
@pytest.mark.parametrize("headers", [{}, SIGNED])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        *(("POST", "/_ministack/reset"), ("POST", "/_ministack/config"), ("POST", request_guard.READY)),
        *(("GET", "/_ministack/health"), ("GET", "/_ministack/ses/messages"), ("GET", "/_ministack/lambda-code/f")),
        *(("GET", "/_localstack/health"), ("GET", "/_aws/ses"), ("GET", "/health")),
        *(("PUT", "/_ministack/cfn-response/1"), ("POST", "/_aws/execute-api/a1b2c3/$default/api/batch")),
    ],
)
def test_the_controls_of_the_emulator_are_served_to_nobody(
    base: str, headers: dict[str, str], method: str, path: str
) -> None:
    assert reason(method, base + path, headers) == NOT_SERVED


@pytest.mark.parametrize(
    "path", ["/bucket/key", "/v2/", "/iceberg/v1/config", "/oauth2/authorize", "/Execute", "/page"]
)
def test_a_name_of_the_api_leads_to_the_api_alone(path: str) -> None:
    assert reason("GET", PAGE + path, SIGNED) == NOT_SERVED


@pytest.mark.parametrize(
    ("method", "url", "headers"),
    [
        ("POST", f"{EMULATOR}/", {}),
        ("GET", f"{EMULATOR}/bucket/key", {}),
        ("GET", f"{EMULATOR}/bucket/.well-known/jwks.json", {}),
        ("POST", f"{EMULATOR}/", {"Authorization": "Bearer a.b.c"}),
        ("POST", f"{EMULATOR}/", {**SIGN_IN, "Authorization": "bad"}),
        ("POST", f"{EMULATOR}/?Action=CreateRole", SIGN_IN),
        ("POST", f"{EMULATOR}/bucket", SIGN_IN),
        ("GET", f"{EMULATOR}/", SIGN_IN),
        ("POST", f"{EMULATOR}/", {"X-Amz-Target": "AWSCognitoIdentityProviderService.AdminCreateUser"}),
        ("OPTIONS", f"{EMULATOR}/bucket/key", PREFLIGHT),
        ("GET", LINK.replace("good", "bad"), {}),
        ("POST", CONFIRMATION, {}),
        ("GET", CONFIRMATION.replace("ConfirmSubscription", "DeleteTopic"), {}),
        ("GET", f"{CONFIRMATION}&Action=DeleteTopic", {}),
        ("GET", f"{CONFIRMATION}&Name=other", {}),
    ],
)
def test_every_other_request_needs_a_signature(method: str, url: str, headers: dict[str, str]) -> None:
    assert reason(method, url, headers) == NO_SIGNATURE


def test_a_signature_is_checked_with_the_whole_body_which_the_emulator_gets_as_well() -> None:
    assert ask("PUT", f"{EMULATOR}/bucket/key", SIGNED, body=(b"who", b"le"))[::2] == (200, b"whole")
    assert ask("PUT", f"{EMULATOR}/bucket/key", SIGNED, body=(b"who", b"le!"))[0] == 403


def test_the_page_may_read_answers_and_no_other_origin_may() -> None:
    _, headers, _ = ask("POST", f"{EMULATOR}/", {**SIGN_IN, **FROM_PAGE})
    assert headers[b"access-control-allow-origin"] == PAGE.encode()
    assert headers[b"vary"] == b"Origin"
    _, headers, _ = ask("POST", f"{EMULATOR}/", SIGN_IN)
    assert headers == {b"x-amzn-requestid": b"1"}
    _, headers, _ = ask("POST", f"{EMULATOR}/", {**SIGN_IN, "Origin": ELSEWHERE})
    assert b"access-control-allow-origin" not in headers


def test_a_header_that_is_sent_twice_does_not_count() -> None:
    twice = [(b"host", f"127.0.0.1:{PORT}".encode()), (b"authorization", b"good"), (b"authorization", b"good")]
    scope = {"method": "GET", "path": "/", "raw_path": b"/", "query_string": b"", "headers": twice}
    assert verify(Request.of(scope), b"") == NO_SIGNATURE


def test_websockets_are_refused() -> None:
    answered: list[Message] = []

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        answered.append(message)

    scope = {"type": "websocket", "path": "/", "headers": [(b"host", f"127.0.0.1:{PORT}".encode())]}
    run(GUARD(scope, receive, send))
    assert [message["type"] for message in answered] == ["websocket.close"]


def test_on_the_port_of_http_names_stand_alone() -> None:
    guard = RequestGuard(emulator, ports=[80], unsigned=["InitiateAuth"], verify=verify)
    page = "http://a1b2c3.execute-api.localhost"
    assert ask("GET", f"{page}/", {}, guard=guard)[0] == 200
    assert ask("POST", "http://127.0.0.1/", {**SIGN_IN, "Origin": page}, guard=guard)[0] == 200
    assert ask("POST", f"http://127.0.0.1:{PORT}/", SIGN_IN, guard=guard)[0] == 403
