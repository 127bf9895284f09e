"""Feeds behind secret links: who may read them, until when, and what is asked of the table."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import boto3
import feedparser
import pytest

from skimlist.jobs import records
from skimlist.jobs.follows import Follows, run_record
from skimlist.models.follow import FollowRun
from testkit.account import Account, FunctionsOf
from testkit.api_client import Client
from testkit.batches import a_summary
from testkit.functions import load_function
from tests.fakes.log import Log

LINK = "https://www.youtube.com/playlist?list=PLo2EIpI_JMQvWfQndUesu0nPBAtZ9gP1o"


@pytest.fixture
def account(account: Account, monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    assert account.bucket
    monkeypatch.setattr(load_function("serve_feed"), "aws", FunctionsOf(account))
    pool = {"UserPoolId": account.user_pool_id}
    for user_id in ("ada", "eve"):
        user: dict[str, Any] = {**pool, "Username": f"{user_id}@example.com"}
        boto3.client("cognito-idp").admin_create_user(**user)
        boto3.client("cognito-idp").admin_update_user_attributes(
            **user, UserAttributes=[{"Name": "sub", "Value": user_id}]
        )
    return account


def follow(client: Client) -> str:
    made: str = client.post("/follows", {"source": LINK, "name": "Talks"}).json["id"]
    return made


def new_link(client: Client, follow_id: str) -> str:
    answer = client.post(f"/follows/{follow_id}/feed")
    assert answer.status == 201, answer.text
    return f"https://skimlist.example{answer.json['path']}"


def add_run(account: Account, follow_id: str, number: int, *, user_id: str = "ada", videos: int = 1) -> str:
    """Adds a batch of the follow whose videos are summarized; returns its id."""
    batch_id = f"b{number:03}"
    account.begin_batch(videos, id=batch_id, user_id=user_id, follow_id=follow_id, completed=videos)
    follows = Follows(account.table)
    follows.write(run_record(follows.get(user_id, follow_id), FollowRun(month="2026-11", batch_id=batch_id)))
    for video in range(1, videos + 1):
        made = datetime.now(UTC) + timedelta(minutes=100 * number + video)
        account.results.put(user_id, batch_id, f"{video:05}", replace(a_summary(video), title=batch_id), made)
    return batch_id


def get(account: Account, url: str, **headers: str) -> dict[str, Any]:
    path = urlsplit(url).path
    _, _, follow_id, secret = path.split("/")
    event = {
        "version": "2.0",
        "routeKey": "GET /feeds/{follow}/{secret}",
        "rawPath": path,
        "pathParameters": {"follow": follow_id, "secret": secret},
        "headers": {name.replace("_", "-"): value for name, value in headers.items()},
        "requestContext": {"http": {"method": "GET", "path": path}},
    }
    answer: dict[str, Any] = account.invoke("serve_feed", event)
    return answer


def titles(answer: dict[str, Any]) -> list[str]:
    assert answer["statusCode"] == 200
    found = feedparser.parse(answer["body"])
    assert not found.bozo
    return [entry.title for entry in found.entries]


def test_the_summaries_of_all_runs_are_read_without_a_sign_in(account: Account, ada: Client) -> None:
    follow_id = follow(ada)
    url = new_link(ada, follow_id)
    assert url.startswith(f"https://skimlist.example/feeds/{follow_id}/")
    assert titles(get(account, url)) == []
    add_run(account, follow_id, 1, videos=2)
    add_run(account, follow_id, 2)
    answer = get(account, url)
    assert titles(answer) == ["b002", "b001", "b001"]
    assert answer["headers"]["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert answer["headers"]["Cache-Control"] == "private, no-cache"
    assert feedparser.parse(answer["body"]).feed.links[0].href == url
    # A batch that nobody follows, or of another follow, is in no feed of this one.
    other = follow(ada)
    add_run(account, other, 3)
    assert titles(get(account, url)) == ["b002", "b001", "b001"]


def test_the_summaries_of_a_deleted_batch_disappear_while_its_last_video_may_still_end(
    account: Account, ada: Client
) -> None:
    follow_id = follow(ada)
    add_run(account, follow_id, 1)
    add_run(account, follow_id, 2, videos=2)
    url = new_link(ada, follow_id)
    etag = get(account, url)["headers"]["ETag"]
    assert ada.delete("/batch/b002/cancel").status == 202
    assert ada.delete("/batch/b002").status == 202
    assert titles(get(account, url, if_none_match=etag)) == ["b001"]


def test_a_compressed_feed_is_the_same(account: Account, ada: Client) -> None:
    follow_id = follow(ada)
    add_run(account, follow_id, 1)
    url = new_link(ada, follow_id)
    compressed = get(account, url, accept_encoding="gzip, br")
    assert (compressed["isBase64Encoded"], compressed["headers"]["Content-Encoding"]) == (True, "gzip")
    assert gzip.decompress(base64.b64decode(compressed["body"])).decode() == get(account, url)["body"]


def test_an_unchanged_feed_costs_no_summary(account: Account, ada: Client) -> None:
    follow_id = follow(ada)
    batch_id = add_run(account, follow_id, 1)
    url = new_link(ada, follow_id)
    etag = get(account, url)["headers"]["ETag"]
    for sent in (etag, f'"other", {etag}', etag.removeprefix("W/")):
        unchanged = get(account, url, if_none_match=sent)
        assert (unchanged["statusCode"], unchanged["body"], unchanged["headers"]["ETag"]) == (304, "", etag)
        assert account.calls.count("dynamodb:Query") == 1  # which batches there are
    assert get(account, url, if_none_match='"other"')["statusCode"] == 200
    account.table.update_item(
        Key=records.batch_key("ada", batch_id),
        UpdateExpression="SET revision = revision + :one",
        ExpressionAttributeValues={":one": 1},
    )
    assert get(account, url, if_none_match=etag)["statusCode"] == 200
    etag = get(account, url)["headers"]["ETag"]
    ada.patch(f"/follows/{follow_id}", {"name": "Other"})
    assert get(account, url, if_none_match=etag)["statusCode"] == 200


def test_only_the_latest_summaries_are_shown(account: Account, ada: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    module = load_function("serve_feed").FeedServer.respond.__globals__
    monkeypatch.setitem(module, "_MAX_ENTRIES", 3)
    monkeypatch.setitem(module, "_MAX_BATCHES", 2)
    follow_id = follow(ada)
    for number in (1, 2, 3):
        add_run(account, follow_id, number, videos=2)
    url = new_link(ada, follow_id)
    assert titles(get(account, url)) == ["b003", "b003", "b002"]
    monkeypatch.setitem(module, "_MAX_ENTRIES", 9)
    assert titles(get(account, url)) == ["b003", "b003", "b002", "b002"]


def test_a_summary_that_was_too_large_for_the_table_is_shown_until_it_is_deleted(
    account: Account, ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("skimlist.jobs.results._MAX_BYTES_IN_TABLE", 10)
    follow_id = follow(ada)
    add_run(account, follow_id, 1)
    url = new_link(ada, follow_id)
    assert titles(get(account, url)) == ["b001"]
    bucket = boto3.resource("s3").Bucket(account.bucket)
    bucket.objects.filter(Prefix="summaries/").delete()
    assert titles(get(account, url)) == []


def revoked(account: Account, ada: Client, follow_id: str) -> None:
    assert account
    assert ada.delete(f"/follows/{follow_id}/feed").status == 204


def renewed(account: Account, ada: Client, follow_id: str) -> None:
    assert titles(get(account, new_link(ada, follow_id))) == ["b001"]


def follow_deleted(account: Account, ada: Client, follow_id: str) -> None:
    assert account
    assert ada.delete(f"/follows/{follow_id}").status == 204


def user_deleted(account: Account, _ada: Client, _follow_id: str) -> None:
    boto3.client("cognito-idp").admin_delete_user(UserPoolId=account.user_pool_id, Username="ada@example.com")


def user_disabled(account: Account, _ada: Client, _follow_id: str) -> None:
    boto3.client("cognito-idp").admin_disable_user(UserPoolId=account.user_pool_id, Username="ada@example.com")


@pytest.mark.parametrize("end", [revoked, renewed, follow_deleted, user_deleted, user_disabled])
def test_a_link_ends_at_once(account: Account, ada: Client, end: Callable[[Account, Client, str], None]) -> None:
    follow_id = follow(ada)
    add_run(account, follow_id, 1)
    url = new_link(ada, follow_id)
    etag = get(account, url)["headers"]["ETag"]
    end(account, ada, follow_id)
    for headers in ({}, {"if_none_match": etag}):
        answer = get(account, url, **headers)
        assert answer["statusCode"] == 404
        assert "Talks" not in json.dumps(answer)


def test_nothing_is_left_of_the_link_of_a_deleted_follow(account: Account, ada: Client) -> None:
    follow_id = follow(ada)
    new_link(ada, follow_id)
    ada.delete(f"/follows/{follow_id}")
    assert [record for record in account.table.scan()["Items"] if record["pk"].startswith("FEED")] == []
    assert ada.post(f"/follows/{follow_id}/feed").status == 404
    assert ada.delete(f"/follows/{follow_id}/feed").status == 404


@pytest.mark.parametrize(
    "wrong",
    [
        lambda url: url[:-1] + ("a" if url[-1] != "a" else "b"),
        lambda url: url[:-1],
        lambda url: url + "x" * 5_000,
        lambda url: url.rpartition("/")[0] + "/" + "a" * 43,
        lambda url: url.replace("/feeds/0", "/feeds/1"),
        lambda url: url.rpartition("/")[0] + "/%00",
        lambda _url: "https://skimlist.example/feeds/ada/é",
    ],
)
def test_a_wrong_link_opens_nothing(account: Account, ada: Client, wrong: Callable[[str], str]) -> None:
    follow_id = follow(ada)
    add_run(account, follow_id, 1)
    answer = get(account, wrong(new_link(ada, follow_id)))
    assert answer["statusCode"] == 404
    assert answer["body"].startswith("There is no feed at this address.")


def test_nobody_else_can_make_or_end_the_link(account: Account, ada: Client, eve: Client) -> None:
    follow_id = follow(ada)
    url = new_link(ada, follow_id)
    assert eve.post(f"/follows/{follow_id}/feed").status == 404
    assert eve.delete(f"/follows/{follow_id}/feed").status == 404
    assert titles(get(account, url)) == []


def test_a_follow_shows_since_when_it_has_a_link_but_never_the_link(account: Account, ada: Client) -> None:
    follow_id = follow(ada)
    assert ada.get(f"/follows/{follow_id}").json["feed_created_at"] is None
    made = ada.post(f"/follows/{follow_id}/feed").json
    secret = made["path"].rpartition("/")[2]
    assert len(secret) == 43
    shown = ada.get("/follows")
    assert shown.json["follows"][0]["feed_created_at"] == made["created_at"]
    assert ada.patch(f"/follows/{follow_id}", {"notify": False}).json["feed_created_at"] == made["created_at"]
    assert secret not in shown.text
    assert secret not in repr(account.table.scan()["Items"])
    for _ in range(2):
        assert ada.delete(f"/follows/{follow_id}/feed").status == 204
    assert ada.get(f"/follows/{follow_id}").json["feed_created_at"] is None


def test_no_line_of_the_log_has_the_secret_or_a_title(account: Account, ada: Client, log: Log) -> None:
    follow_id = follow(ada)
    add_run(account, follow_id, 1)
    url = new_link(ada, follow_id)
    get(account, url)
    get(account, f"{url}x")
    text = json.dumps(log.lines())
    assert url.rpartition("/")[2] not in text
    assert "Talks" not in text


def test_a_function_may_read_a_feed_and_nothing_more(account: Account, ada: Client) -> None:
    """The test's account refuses every call that the role of the function does not allow."""
    follow_id = follow(ada)
    add_run(account, follow_id, 1)
    get(account, new_link(ada, follow_id))
    assert {*account.calls} == {
        *("dynamodb:GetItem", "dynamodb:Query", "dynamodb:BatchGetItem", "cognito-idp:ListUsers"),
    }
