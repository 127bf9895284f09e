"""Amazon Bedrock for `make run`: what functions ask is signed again with the AWS credentials of whoever runs it.

The functions of the local stack sign with keys of roles that exist in the emulator only. The person's credentials stay
in the process of `make run`: no function gets them, and they are never written anywhere.
"""

from __future__ import annotations

import logging
import os
import ssl
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from http import HTTPStatus
from http.server import ThreadingHTTPServer
from json import dumps
from threading import Lock, Thread
from typing import Any, Self

import boto3
import httpx
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import BotoCoreError

from local.bedrock_signatures import ROOT, SERVICE, SignatureCheck
from local.browsers import ProgramsOnlyHandler
from local.emulator import REGION

# The only path that functions ask.
_COMPLETIONS = f"{ROOT}/chat/completions"
# A function ends after 15 minutes, whatever it waits for.
_TIMEOUT = httpx.Timeout(15 * 60, connect=10)
# AWS's answers to credentials that it does not accept, such as expired ones.
_REJECTED = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
_PASSED_ON = ("content-type", "retry-after", "x-amzn-requestid")
# It begins like AWS's own answer about such credentials, by which functions recognize it.
_NO_CREDENTIALS = "The security token included in the request cannot be renewed."

logger = logging.getLogger(__name__)


@dataclass
class BedrockAccount:
    """The AWS account of whoever runs the local stack, and the region in which its models are asked.

    Credentials that expire are renewed as in any program with an AWS SDK. Those in a file are read again once AWS
    rejects them: another program may have replaced them.
    """

    region: str
    url: str
    _session: Any = field(repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    @classmethod
    def find(cls, region: str = "") -> Self | None:
        """Returns the account of the credentials that any AWS SDK would use, or None if there are none."""
        try:
            session = boto3.Session()
            if session.get_credentials() is None:
                return None
            # boto3 itself does not read AWS_REGION, which the AWS CLI and the other SDKs do.
            found = region or os.environ.get("AWS_REGION") or session.region_name
            if not found:
                logger.info("Amazon Bedrock is not offered: set AWS_REGION or BEDROCK_REGION")
                return None
            endpoint = session.client("bedrock-runtime", region_name=found).meta.endpoint_url
        except (BotoCoreError, ValueError) as error:  # a profile that does not exist, a region that cannot be one
            logger.info("Amazon Bedrock is not offered: %s", error)
            return None
        return cls(found, endpoint.rstrip("/"), session)

    @property
    def source(self) -> str:
        """The source of the credentials, in the words of the AWS SDK, and their profile."""
        return f"{self._session.get_credentials().method}, profile {self._session.profile_name}"

    def credentials(self) -> Any:
        """Returns the access key, secret and token of this moment. Raises BotoCoreError if they cannot be renewed."""
        with self._lock:
            return self._session.get_credentials().get_frozen_credentials()

    def credentials_after(self, rejected: Any) -> Any | None:
        """Reads the credentials again; returns None if they are the rejected ones, or if there are none."""
        with self._lock:
            session = boto3.Session()
            found = session.get_credentials()
            credentials = found and found.get_frozen_credentials()
            if credentials is None or credentials == rejected:
                return None
            self._session = session
        return credentials

    def signed(self, body: bytes, credentials: Any) -> Mapping[str, str]:
        """The headers of a signed request for a completion."""
        headers = {"Content-Type": "application/json", "X-Amz-Content-SHA256": sha256(body).hexdigest()}
        request = AWSRequest("POST", self.url + _COMPLETIONS, headers, body)
        SigV4Auth(credentials, SERVICE, self.region).add_auth(request)
        return dict(request.headers.items())


class BedrockGateway:
    """Passes functions' requests for completions on to Bedrock; use it as `with BedrockGateway(…) as gateway:`.

    `find_secret` returns the secret of an access key and session token of a function that may ask models. Whatever else
    runs on this machine cannot ask at the person's cost.
    """

    def __init__(
        self,
        account: BedrockAccount,
        find_secret: Callable[[str, str], str | None],
        *,
        port: int = 0,
        ca_bundle: str = "",
    ) -> None:
        self._account = account
        self._check = SignatureCheck(REGION, find_secret)
        self._client = httpx.Client(timeout=_TIMEOUT, verify=_trusted(ca_bundle))
        self._server = _Server(("127.0.0.1", port), _handler(self))
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), name="bedrock-gateway", daemon=True)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}{ROOT}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._client.close()

    def answer(self, path: str, headers: Mapping[str, str], body: bytes) -> tuple[int, Mapping[str, str], bytes]:
        """Returns status, headers and body of the answer to a POST. The names of `headers` are in lower case."""
        if path != _COMPLETIONS:
            return _said(HTTPStatus.NOT_FOUND, "The gateway passes on requests for chat completions only.")
        if problem := self._check.problem("POST", path, headers, body):
            return _said(HTTPStatus.FORBIDDEN, problem)
        try:
            response = self._ask(body)
        except BotoCoreError as error:
            logger.warning("Amazon Bedrock cannot be asked, renew your AWS credentials: %s", error)
            return _said(HTTPStatus.FORBIDDEN, _NO_CREDENTIALS)
        except httpx.TransportError as error:
            return _said(HTTPStatus.BAD_GATEWAY, f"Amazon Bedrock could not be reached ({type(error).__name__}).")
        passed_on = {name: response.headers[name] for name in _PASSED_ON if name in response.headers}
        return response.status_code, passed_on, response.content

    def _ask(self, body: bytes) -> httpx.Response:
        credentials = self._account.credentials()
        response = self._send(body, credentials)
        if response.status_code in _REJECTED and (renewed := self._account.credentials_after(credentials)):
            response = self._send(body, renewed)
        return response

    def _send(self, body: bytes, credentials: Any) -> httpx.Response:
        headers = self._account.signed(body, credentials)
        return self._client.post(self._account.url + _COMPLETIONS, content=body, headers=headers)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # All parts of a long video are requested concurrently.
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Prints no traceback if a function was stopped while its connection was open."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def _trusted(ca_bundle: str) -> ssl.SSLContext:
    context = httpx.create_ssl_context()
    if ca_bundle:
        context.load_verify_locations(ca_bundle)
    return context


def _said(status: HTTPStatus, message: str) -> tuple[int, Mapping[str, str], bytes]:
    return status, {"content-type": "application/json"}, dumps({"message": message}).encode()


def _handler(gateway: BedrockGateway) -> type[ProgramsOnlyHandler]:
    class Handler(ProgramsOnlyHandler):
        protocol_version = "HTTP/1.1"

        def _respond(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, passed_on, data = gateway.answer(self.path, headers, body)
            with suppress(ConnectionError):  # the function may have stopped waiting
                self.send_response(status)
                for name, value in {**passed_on, "content-length": str(len(data))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(data)

        do_POST = _respond  # noqa: N815

        def log_message(self, *arguments: object) -> None:
            """Logs nothing, because a request's line is of no use without its text, which must not be logged."""

    return Handler
