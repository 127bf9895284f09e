"""Nobody gets in without a token of this stack, and nobody sees what belongs to somebody else."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import httpx
import pytest
from botocore.config import Config

from local.client import LocalhostTransport, api_client
from local.emulator import REGION
from skimlist.bucket import Bucket
from testkit.functions import openapi_document
from testkit.whole_stack import WholeStack, await_status, create_batch, wait_for

OPERATIONS = [
    (method.upper(), path, "requestBody" in operation)
    for path, operations in openapi_document()["paths"].items()
    for method, operation in operations.items()
]
# A preset is found by the name that its user gave it, which others may give to theirs; a video is nobody's.
OF_ONE_THING = [each for each in OPERATIONS if "_id}" in each[1] and "{video_id}" not in each[1]]
BODIES = {
    "/batch/{batch_id}": {"name": "Bread"},
    "/batch/{batch_id}/order": {"item_ids": ["00001"]},
    "/batch/{batch_id}/skip": {"item_ids": ["00001"]},
    "/batch/{batch_id}/restore": {"item_ids": ["00001"]},
    "/batch/{batch_id}/items": {"urls": ["Sauerteig_1"]},
    "/follows/{follow_id}": {"status": "paused"},
    "/batch/{batch_id}/reading": {"item_ids": ["00001"], "read": True},
}
FOLLOW = {"source": "https://www.youtube.com/playlist?list=PLNeuralNetworks00"}
# Deleting what does not exist succeeds, so that the request can be repeated.
REPEATABLE = {("DELETE", "/follows/{follow_id}")}
QUERIES = {"/batch/{batch_id}/summaries": {"items": "00001"}, "/batch/{batch_id}/search": {"q": "salt"}}


@pytest.fixture(scope="module")
def ended(whole_stack: WholeStack) -> Iterator[tuple[httpx.Client, dict[str, Any]]]:
    """A user with a batch that has ended."""
    whole_stack.recover()
    with whole_stack.client_of_new_user() as owner:
        yield owner, await_status(owner, create_batch(owner, "Lighthouse1")["id"])


@pytest.fixture(scope="module")
def follow_id(ended: tuple[httpx.Client, dict[str, Any]]) -> str:
    """A follow of the same user."""
    owner, _ = ended
    created: str = owner.post("follows", json=FOLLOW).json()["id"]
    return created


@pytest.fixture(scope="module")
def stranger(whole_stack: WholeStack) -> Iterator[httpx.Client]:
    """A user to whom nothing belongs."""
    with whole_stack.client_of_new_user() as client:
        yield client


def test_data_of_another_user_is_not_found(
    ended: tuple[httpx.Client, dict[str, Any]], follow_id: str, stranger: httpx.Client
) -> None:
    owner, batch = ended
    ids = {"batch_id": batch["id"], "item_id": "00001", "summary_id": batch["items"][0]["summary_id"]}
    ids["follow_id"] = follow_id
    for method, path, has_body in OF_ONE_THING:
        body = BODIES.get(path, {}) if has_body else None
        answers = [
            stranger.request(method, path.removeprefix("/").format(**named), json=body, params=QUERIES.get(path))
            for named in (ids, dict.fromkeys(ids, "unknown"))
        ]
        expected = 204 if (method, path) in REPEATABLE else 404
        assert [answer.status_code for answer in answers] == [expected, expected], (method, path, answers[0].text)
        assert answers[0].content == answers[1].content, f"{method} {path} tells that there is such a thing"
    assert owner.get(f"batch/{batch['id']}").json() == batch
    assert owner.get(f"summaries/{ids['summary_id']}").is_success
    assert owner.get(f"follows/{ids['follow_id']}").json()["status"] == "active"


def test_lists_contain_nothing_of_another_user(
    ended: tuple[httpx.Client, dict[str, Any]], stranger: httpx.Client
) -> None:
    owner, batch = ended
    assert owner.get("batch").json()["batches"]
    assert stranger.get("batch").json()["batches"] == stranger.get("summaries").json()["summaries"] == []
    assert stranger.get("batch", params={"cursor": batch["id"]}).json()["batches"] == []


def test_without_a_valid_token_no_route_lets_anybody_in(stranger: httpx.Client) -> None:
    """The HTTP API has one route for all that need a token, so that the wrong ones are tried on the first of them."""
    token = stranger.headers["Authorization"].removeprefix("Bearer ")
    head, claims, signature = token.split(".")
    unsigned = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    others = base64.urlsafe_b64encode(b'{"sub":"somebody"}').decode().rstrip("=")
    wrong = ["nonsense", "e30.e30.e30", f"{head}.{claims}.", f"{unsigned}.{claims}.", f"{head}.{others}.{signature}"]
    with httpx.Client(base_url=stranger.base_url, transport=LocalhostTransport()) as nobody:
        for method, path, has_body in OPERATIONS:
            answer = nobody.request(method, path.removeprefix("/"), json={} if has_body else None)
            assert answer.status_code == httpx.codes.UNAUTHORIZED, (method, path)
        for authorization in (f"Basic {token}", *(f"Bearer {each}" for each in wrong)):
            answer = nobody.get("batch", headers={"Authorization": authorization})
            assert answer.status_code == httpx.codes.UNAUTHORIZED, authorization
        assert nobody.get("batch", headers={"Authorization": f"Bearer {token}"}).is_success


def test_a_token_that_has_expired_is_refused(stack: WholeStack) -> None:
    with short_lived_tokens(stack, seconds=5), stack.client_of_new_user() as user:
        assert user.get("batch").is_success
        wait_for(lambda: user.get("batch").status_code == httpx.codes.UNAUTHORIZED)


@contextmanager
def short_lived_tokens(stack: WholeStack, *, seconds: int) -> Iterator[None]:
    """Shortens the life of tokens below the five minutes that AWS allows; the emulator accepts that."""
    cognito = stack.local.account.client("cognito-idp")
    client = {"UserPoolId": stack.local.description["user_pool_id"], "ClientId": stack.local.description["client_id"]}
    flows = {"ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH"]}
    units = {"TokenValidityUnits": {"IdToken": "seconds"}}
    cognito.update_user_pool_client(**client, **flows, **units, IdTokenValidity=seconds)
    try:
        yield
    finally:
        cognito.update_user_pool_client(**client, **flows, **units, IdTokenValidity=3600)


@pytest.mark.parametrize("pool", ["foreign", "ours"])
def test_a_token_for_another_client_or_of_another_pool_is_refused(stack: WholeStack, pool: str) -> None:
    cognito = stack.local.account.client("cognito-idp")
    pool_id = stack.local.description["user_pool_id"]
    if pool == "foreign":
        pool_id = cognito.create_user_pool(PoolName="foreign")["UserPool"]["Id"]
    client = cognito.create_user_pool_client(
        UserPoolId=pool_id, ClientName="another", ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"]
    )["UserPoolClient"]["ClientId"]
    stack.local.account.ensure_user(pool_id, "stranger@skimlist.local", "A-long-passw0rd")
    description = {**stack.local.description, "client_id": client}
    with api_client(description, "stranger@skimlist.local", "A-long-passw0rd") as stranger:
        assert stranger.get("batch").status_code == httpx.codes.UNAUTHORIZED


def test_an_access_token_of_the_same_user_is_refused(stack: WholeStack) -> None:
    email, password = stack.new_user()
    signed_in = stack.local.account.client("cognito-idp").initiate_auth(
        AuthFlow="USER_PASSWORD_AUTH",
        ClientId=stack.local.description["client_id"],
        AuthParameters={"USERNAME": email, "PASSWORD": password},
    )["AuthenticationResult"]
    with stack.client_of(email, password) as user:
        for token, status in ((signed_in["IdToken"], 200), (signed_in["AccessToken"], 401)):
            assert user.get("batch", headers={"Authorization": f"Bearer {token}"}).status_code == status


def test_the_description_of_the_api_is_public_and_answers_from_the_cache(api: httpx.Client) -> None:
    del api.headers["Authorization"]
    document = api.get("openapi.json")
    assert document.json() == openapi_document()
    assert document.headers["Content-Encoding"] == "gzip"
    docs = api.get("docs")
    assert "text/html" in docs.headers["Content-Type"]
    for path, answer in (("openapi.json", document), ("docs", docs)):
        assert api.get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_the_page_is_public_and_answers_from_the_cache(stack: WholeStack) -> None:
    with httpx.Client(base_url=stack.local.description["page_url"], transport=LocalhostTransport()) as stranger:
        page = stranger.get("/")
        assert (page.status_code, page.headers["Content-Encoding"]) == (200, "gzip")
        assert "<title>Skimlist</title>" in page.text
        assert stranger.get("/", headers={"If-None-Match": page.headers["ETag"]}).status_code == 304
        version = re.search(r"/page/(\w+)/", page.text)
        assert version
        assert f'content="{stack.local.description["client_id"]}"' in page.text
        assert f'content="{stack.local.description["endpoint_url"]}"' in page.text
        assert stranger.get(f"/page/{version[1]}/nothing.js").status_code == 404


def test_a_link_to_an_export_opens_that_file_and_nothing_else(ended: tuple[httpx.Client, dict[str, Any]]) -> None:
    owner, batch = ended
    url = owner.get(f"batch/{batch['id']}/export").json()["url"]
    assert httpx.get(url, trust_env=False).is_success
    changed = {
        "another key": url.replace(batch["id"], "0" * 8 + batch["id"][8:]),
        "another prefix": url.replace("/exports/", "/transcripts/"),
        "a longer life": re.sub("X-Amz-Expires=[0-9]+", "X-Amz-Expires=604800", url),
        "another name": url.replace("attachment", "inline"),
        "no signature": url.partition("?")[0],
    }
    for change, other in changed.items():
        assert other != url, change
        assert httpx.get(other, trust_env=False).status_code == httpx.codes.FORBIDDEN, change
    for method in ("PUT", "DELETE"):
        assert httpx.request(method, url, trust_env=False).status_code == httpx.codes.FORBIDDEN, method
    assert httpx.get(url, trust_env=False).is_success


def test_a_link_to_an_export_ends_in_time(stack: WholeStack) -> None:
    key = stack.local.account.access_key
    keys = boto3.Session(key.id, key.secret, region_name=REGION)
    config = Config(signature_version="s3v4", proxies={})
    client = keys.client("s3", endpoint_url=stack.local.settings.endpoint_url, config=config)
    archive = Bucket(client, stack.local.description["bucket"])
    archive.upload_export(
        "exports/nobody/none/1.md", io.BytesIO(b"x"), sha256="", media_type="text/markdown", download_name="x"
    )
    url = archive.presign_export("exports/nobody/none/1.md", seconds=5, download_name="x")
    assert httpx.get(url, trust_env=False).is_success
    wait_for(lambda: httpx.get(url, trust_env=False).status_code == httpx.codes.FORBIDDEN)
    archive.delete_export("exports/nobody/none/1.md")


def test_the_logs_hold_no_key_no_token_no_link_and_no_captions(stack: WholeStack, user: httpx.Client) -> None:
    batch = await_status(user, create_batch(user, "Lighthouse1", "Sauerteig_1", model="openai")["id"])
    url = user.get(f"batch/{batch['id']}/export").json()["url"]
    log = stack.functions_log()
    assert batch["id"] in log
    token = user.headers["Authorization"].removeprefix("Bearer ")
    proxy_url, key = stack.local.settings.secrets["youtube-proxy-url"], stack.local.settings.secrets["openai-api-key"]
    caption = stack.youtube_caption("Lighthouse1")
    signature = httpx.URL(url).params["X-Amz-Signature"]
    secrets = (token, token.split(".")[2], key, proxy_url, url, signature, "X-Amz-", caption)
    for secret in (*secrets, stack.local.description["password"]):
        assert secret not in log
