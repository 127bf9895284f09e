"""A client of the HTTP API, like any other: signs in at Cognito, and sends the token with every request."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from functools import cache

import boto3
import httpx
from botocore import UNSIGNED
from botocore.config import Config

LOOPBACK = "127.0.0.1"


def sign_in(stack: Mapping[str, str], username: str, password: str) -> str:
    """Signs in a user and returns the ID token; `stack` is the content of `stack.json`."""
    # Like any program outside of AWS, it has neither a key nor a role.
    config = Config(signature_version=UNSIGNED, proxies={})
    cognito = boto3.client(
        "cognito-idp", endpoint_url=stack["endpoint_url"], region_name=stack["region"], config=config
    )
    answer = cognito.initiate_auth(
        ClientId=stack["client_id"],
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": username, "PASSWORD": password},
    )
    return str(answer["AuthenticationResult"]["IdToken"])


def api_client(stack: Mapping[str, str], username: str = "", password: str = "") -> httpx.Client:
    """Returns a client of the API for the given user or the stack's own; paths are relative to `/api/`."""
    token = sign_in(stack, username or stack["username"], password or stack["password"])
    return httpx.Client(
        base_url=stack["api_url"] + "/",
        headers={"Authorization": f"Bearer {token}"},
        transport=LocalhostTransport(),
        timeout=30,
    )


class LocalhostTransport(httpx.HTTPTransport):
    """Resolves names below `.localhost` to this machine, as browsers do but not every resolver."""

    def __init__(self) -> None:
        super().__init__(verify=_ssl_context())

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.host.endswith(".localhost"):
            request.url = request.url.copy_with(host=LOOPBACK)  # the Host header keeps the name
        return super().handle_request(request)


@cache
def _ssl_context() -> ssl.SSLContext:
    """Reads the certificates once per process, which takes 20 ms."""
    return httpx.create_ssl_context()
