"""Protects the AWS emulator: only requests of our own page, or signed with a key of this account, reach it.

The emulator itself trusts anybody who can connect. It accepts some well-known access keys as the root user's without
checking the signature, answers every website, and lets anybody reset it. This guard refuses everything that is not
known to be needed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import parse_qs

from ministack.core.sigv4 import decode_header_value

from local.browsers import FOREIGN_PAGE, WRONG_HOST, authority, loopback_authorities

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

READY = "/_ministack/ready"
# The emulator's own interface, which resets it, changes settings, and shows messages and code without credentials.
_CONTROL = re.compile(r"/(_ministack|_localstack|_aws)(/|$)|/health$")
# The page and the HTTP API are public as on AWS; the API's authorizer looks at the token.
_API_PATHS = re.compile(r"/$|/page/|/feeds/|/api/")
# The public keys of a user pool, which the API's authorizer reads. No bucket's name has an underscore.
_KEYS_OF_POOL = re.compile(r"/[a-z0-9-]+_[A-Za-z0-9]+/\.well-known/jwks\.json")
_COGNITO = "AWSCognitoIdentityProviderService."
_READS = frozenset({"GET", "HEAD"})

NOT_SERVED = "The local stack does not serve this address."
NO_WEB_SOCKETS = "The local stack has no WebSockets."


@dataclass(frozen=True, slots=True)
class Request:
    """The parts of a request that are checked before its body is read. Names of headers are in lower case."""

    method: str
    path: str
    raw_path: str
    query: dict[str, list[str]]
    headers: dict[str, str]

    @classmethod
    def of(cls, scope: Scope) -> Self:
        headers: dict[str, str] = {}
        for raw_name, raw_value in scope["headers"]:
            name, value = raw_name.decode("latin-1").lower(), decode_header_value(raw_value)
            # A repeated header never equals an accepted value.
            headers[name] = f"{headers[name]},{value}" if name in headers else value
        query = parse_qs(scope["query_string"].decode("utf-8", "replace"), keep_blank_values=True)
        return cls(scope["method"], scope["path"], scope["raw_path"].decode("latin-1"), query, headers)

    @property
    def is_presigned(self) -> bool:
        """Whether the request is a link whose query contains the signature."""
        return "X-Amz-Signature" in self.query

    @property
    def asks_before_upload(self) -> bool:
        """Whether a browser asks if a page may send a file to a presigned link."""
        return self.method == "OPTIONS" and self.is_presigned and "origin" in self.headers

    @property
    def opens_a_document(self) -> bool:
        """Whether somebody followed a link in a separate tab, so that the page with the link cannot see the answer."""
        sent = self.headers.get
        return (sent("sec-fetch-mode"), sent("sec-fetch-dest")) == ("navigate", "document")


# A function that returns why the signature of a request with this body is not valid, or None.
Verify = Callable[[Request, bytes], str | None]


class RequestGuard:
    """An ASGI application in front of the emulator's.

    `ports` are those in the addresses of the emulator, `unsigned` the operations of Cognito that AWS serves to anybody.
    """

    def __init__(self, app: App, *, ports: Iterable[int], unsigned: Iterable[str], verify: Verify) -> None:
        ports = tuple(ports)
        self._app = app
        self._verify = verify
        self._unsigned = frozenset(_COGNITO + operation for operation in unsigned)
        self._loopback = frozenset[str]().union(*map(loopback_authorities, ports))
        ends = "|".join(re.escape(authority(".execute-api.localhost", port)) for port in ports)
        self._api_host = re.compile(rf"[a-z0-9-]+(?:{ends})")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008, "reason": NO_WEB_SOCKETS})
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request.of(scope)
        reason = self._refusal(request)
        if reason is None and request.asks_before_upload:
            await _allow_upload(request.headers["origin"], send)
            return
        if reason is None and not self._is_public(request):
            body = await _read(receive)
            if body is None:
                return  # the client has disconnected
            reason = self._verify(request, body)
            receive = _replayed(body, receive)
        if reason is None:
            await self._app(scope, receive, _readable_by(request.headers.get("origin"), send))
        else:
            await _refuse(reason, send)

    def _refusal(self, request: Request) -> str | None:
        """Returns why the request is refused, regardless of its signature."""
        host = request.headers.get("host", "").lower()
        is_api = self._is_api(host)
        if not is_api and host not in self._loopback:
            return WRONG_HOST
        if self._is_sent_by_another_site(request, is_api=is_api):
            return FOREIGN_PAGE
        is_ready = not is_api and request.method in _READS and request.path == READY
        if _CONTROL.match(request.path) and not is_ready:
            return NOT_SERVED
        if is_api and not _API_PATHS.match(request.path):
            return NOT_SERVED
        return None

    def _is_sent_by_another_site(self, request: Request, *, is_api: bool) -> bool:
        origin = request.headers.get("origin")
        if origin is not None:
            scheme, _, host = origin.partition("://")
            return scheme != "http" or not self._is_api(host)
        if request.headers.get("sec-fetch-site", "none") in {"none", "same-origin"}:
            return False
        # Links in emails open the page, and the page's downloads use the emulator's S3.
        is_linked = request.path == "/" if is_api else request.is_presigned
        return not (is_linked and request.method in _READS and request.opens_a_document)

    def _is_public(self, request: Request) -> bool:
        """Whether AWS requires no signature either. The host has been checked before."""
        if self._is_api(request.headers["host"].lower()) or request.path == READY:
            return True
        if request.query or "authorization" in request.headers:
            return _confirms_a_subscription(request)
        match request.method, request.path:
            case "POST", "/":
                return request.headers.get("x-amz-target") in self._unsigned
            case "OPTIONS", "/":
                return "origin" in request.headers
            case "GET", path:
                return _KEYS_OF_POOL.fullmatch(path) is not None
        return False

    def _is_api(self, host: str) -> bool:
        return self._api_host.fullmatch(host) is not None


def _confirms_a_subscription(request: Request) -> bool:
    """Whether the request follows the link that SNS sends to a webhook; its random token replaces a signature."""
    is_link = (request.method, request.path) == ("GET", "/") and request.query.keys() == {"Action", "TopicArn", "Token"}
    return is_link and request.query["Action"] == ["ConfirmSubscription"]


async def _read(receive: Receive) -> bytes | None:
    """Reads the whole body; returns None if the client disconnects."""
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


def _replayed(body: bytes, receive: Receive) -> Receive:
    """Provides the body that was already read, and then whatever follows."""
    left: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_again() -> Message:
        return left.pop() if left else await receive()

    return receive_again


def _readable_by(origin: str | None, send: Send) -> Send:
    """Lets only pages of this origin read the answer; the emulator would allow any."""

    async def send_to_origin(message: Message) -> None:
        if message["type"] == "http.response.start":
            kept = [each for each in message["headers"] if each[0].lower() != b"access-control-allow-origin"]
            if origin is not None:
                kept += [(b"access-control-allow-origin", origin.encode("latin-1")), (b"vary", b"Origin")]
            message = {**message, "headers": kept}
        await send(message)

    return send_to_origin


async def _allow_upload(origin: str, send: Send) -> None:
    # The bucket's CORS rules name the page's origin on AWS, which the emulator would compare with the local one.
    headers = {"access-control-allow-origin": origin, "access-control-allow-methods": "PUT", "content-length": "0"}
    sent = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": 200, "headers": sent})
    await send({"type": "http.response.body", "body": b""})


async def _refuse(reason: str, send: Send) -> None:
    # The format of AWS's JSON services, so that an SDK shows the reason.
    body = json.dumps({"__type": "AccessDeniedException", "message": reason}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": body})
