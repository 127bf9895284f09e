"""Nobody gets in without a token of this stack, and nobody sees what belongs to somebody else."""

from __future__ import annotations

import re

import httpx
import pytest

from local.client import LocalhostTransport, api_client
from tests.whole_stack import WholeStack, await_status, create_batch

COMMANDS = [
    ("GET", ""),
    ("GET", "?items=false"),
    ("DELETE", ""),
    ("GET", "/export"),
    ("POST", "/retry"),
    ("POST", "/pause"),
    ("POST", "/resume"),
    ("DELETE", "/cancel"),
]


def test_somebody_elses_batch_does_not_exist(api: httpx.Client, other_user: httpx.Client) -> None:
    batch = await_status(api, create_batch(api, "Lighthouse1")["id"])
    for method, path in COMMANDS:
        response = other_user.request(method, f"batch/{batch['id']}{path}")
        assert (response.status_code, response.json()["error"]["code"]) == (404, "not_found"), path
    assert other_user.get("batch").json()["batches"] == []
    assert api.get(f"batch/{batch['id']}").json()["status"] == "completed"


@pytest.mark.parametrize("authorization", [None, "Bearer nonsense", "Bearer e30.e30.e30"])
def test_without_a_valid_token_every_route_answers_401(api: httpx.Client, authorization: str | None) -> None:
    headers = {"Authorization": authorization} if authorization else {}
    del api.headers["Authorization"]
    for method, path in [("GET", "batch"), ("GET", "models"), ("POST", "batch/create"), ("GET", "no-such-route")]:
        assert api.request(method, path, headers=headers).status_code == httpx.codes.UNAUTHORIZED, path


def test_a_token_of_another_user_pool_is_refused(stack: WholeStack, api: httpx.Client) -> None:
    cognito = stack.local.account.client("cognito-idp")
    pool = cognito.create_user_pool(PoolName="foreign")["UserPool"]["Id"]
    foreign = cognito.create_user_pool_client(
        UserPoolId=pool, ClientName="foreign", ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"]
    )["UserPoolClient"]["ClientId"]
    stack.local.account.ensure_user(pool, "stranger@skimlist.local", "A-long-passw0rd")
    description = {**stack.local.description, "client_id": foreign}
    with api_client(description, "stranger@skimlist.local", "A-long-passw0rd") as stranger:
        assert stranger.get("batch").status_code == httpx.codes.UNAUTHORIZED


def test_the_description_of_the_api_is_public(api: httpx.Client) -> None:
    del api.headers["Authorization"]
    assert "/batch/create" in api.get("openapi.json").json()["paths"]
    assert "text/html" in api.get("docs").headers["Content-Type"]


def test_the_page_is_public_and_answers_from_the_cache(stack: WholeStack) -> None:
    with httpx.Client(base_url=stack.local.description["page_url"], transport=LocalhostTransport()) as stranger:
        page = stranger.get("/")
        assert (page.status_code, page.headers["Content-Encoding"]) == (200, "gzip")
        assert "<title>Skimlist</title>" in page.text
        assert stranger.get("/", headers={"If-None-Match": page.headers["ETag"]}).status_code == 304
        version = re.search(r"/page/(\w+)/", page.text)
        assert version
        told = stranger.get(f"/page/{version[1]}/config.json").json()
        assert told["client_id"] == stack.local.description["client_id"]
        assert told["cognito_endpoint"] == stack.local.description["endpoint_url"]
        assert stranger.get(f"/page/{version[1]}/nothing.js").status_code == 404


def test_a_changed_link_to_an_export_is_refused(api: httpx.Client) -> None:
    batch = await_status(api, create_batch(api, "Lighthouse1")["id"])
    url = api.get(f"batch/{batch['id']}/export").json()["url"]
    assert httpx.get(url, trust_env=False).is_success
    changed = url.replace(batch["id"], "0" * 8 + batch["id"][8:])
    assert httpx.get(changed, trust_env=False).status_code == httpx.codes.FORBIDDEN


def test_the_logs_hold_no_key_no_token_no_link_and_no_captions(stack: WholeStack, user: httpx.Client) -> None:
    batch = await_status(user, create_batch(user, "Lighthouse1", "Sauerteig_1", model="openai")["id"])
    url = user.get(f"batch/{batch['id']}/export").json()["url"]
    log = stack.functions_log()
    assert batch["id"] in log
    token = user.headers["Authorization"].removeprefix("Bearer ")
    proxy_url, key = stack.local.settings.secrets["youtube-proxy-url"], stack.local.settings.secrets["openai-api-key"]
    caption = stack.youtube_caption("Lighthouse1")
    signature = httpx.URL(url).params["X-Amz-Signature"]
    for secret in (token, token.split(".")[2], key, proxy_url, url, signature, "X-Amz-", caption):
        assert secret not in log
