"""The HTTP API as any client uses it: sign in at Cognito, send the token with every request."""

from __future__ import annotations

from collections.abc import Mapping

import boto3
import httpx
from botocore import UNSIGNED
from botocore.config import Config

LOOPBACK = "127.0.0.1"


def sign_in(stack: Mapping[str, str], username: str, password: str) -> str:
    """The ID token of a user; `stack` is what `stack.json` holds."""
    # No key and no role: this is what a program outside of AWS may do.
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
    """A client of the API, signed in as the given user or as the stack's own; paths start behind `/api/`."""
    token = sign_in(stack, username or stack["username"], password or stack["password"])
    return httpx.Client(
        base_url=stack["api_url"] + "/",
        headers={"Authorization": f"Bearer {token}"},
        transport=LocalhostTransport(),
        timeout=30,
    )


class LocalhostTransport(httpx.HTTPTransport):
    """Finds names below `.localhost` on this machine, as browsers do; not every resolver does."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.host.endswith(".localhost"):
            request.url = request.url.copy_with(host=LOOPBACK)  # the Host header keeps the name
        return super().handle_request(request)
