"""Two users with addresses and a webhook of their own: each gets exactly what is theirs."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import SimpleNamespace
from typing import Any

import feedparser
import httpx
import pytest

from local.client import LocalhostTransport
from ops import end_notifications
from testkit.whole_stack import WholeStack, await_mail, await_status, create_batch, wait_for

VIDEO, NEWER, NEWEST = "Lighthouse1", "Steel_Box_1", "Sauerteig_1"
PLAYLIST = "PLnews_of_a_follow"


class Receiver(ThreadingHTTPServer):
    """A webhook that confirms every subscription and records what it receives."""

    def __init__(self, stack: WholeStack) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        stack.youtube.certificate("localhost").configure_cert(context)
        self.socket = context.wrap_socket(self.socket, server_side=True)
        self.url = f"https://localhost:{self.server_port}/"
        self.received: dict[str, list[dict[str, Any]]] = {}


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if message["Type"] == "SubscriptionConfirmation":
            httpx.get(message["SubscribeURL"]).raise_for_status()
        else:
            self.server.received.setdefault(self.path, []).append(json.loads(message["Message"]))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def receiver(stack: WholeStack) -> Iterator[Receiver]:
    with Receiver(stack) as server:
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def choose(api: httpx.Client, **notifications: Any) -> dict[str, Any]:
    answer = api.put("me", json={"notifications": notifications}).raise_for_status()
    chosen: dict[str, Any] = answer.json()["notifications"]
    return chosen


def is_confirmed(api: httpx.Client) -> bool:
    shown = api.get("me").raise_for_status().json()["notifications"]["webhook"]
    return bool(shown["state"] == "confirmed")


def publish(stack: WholeStack, *videos: str) -> None:
    """Gives the playlist these videos."""
    stack.youtube.playlists[PLAYLIST] = {"title": "Talks", "channel": "Everybody", "videos": videos}


def check_follows(stack: WholeStack) -> None:
    """Has all follows checked that are due; once more if this fails, because the schedule may do the same meanwhile."""
    account = stack.local.account
    check = {"FunctionName": account.physical_id("CheckFollowsFunction"), "Payload": b"{}"}
    answers = (account.client("lambda").invoke(**check) for _ in range(2))
    assert any("FunctionError" not in answer for answer in answers)


def look_again(api: httpx.Client, follow_id: str) -> None:
    """Makes the follow due: a resumed one is checked at once."""
    for status in ("paused", "active"):
        api.patch(f"follows/{follow_id}", json={"status": status}).raise_for_status()


def recipients(stack: WholeStack, batch_id: str) -> set[str]:
    await_mail(stack, batch_id)
    mails = [path.read_text(encoding="utf-8") for path in stack.local.settings.mail_dir.glob("*.txt")]
    return {mail.partition("\nTo: ")[2].partition("\n")[0] for mail in mails if batch_id in mail}


def subscriptions_to(stack: WholeStack, *endpoints: str) -> set[str]:
    topic = {"TopicArn": stack.local.description["topic_arn"]}
    pages = stack.local.account.client("sns").get_paginator("list_subscriptions_by_topic").paginate(**topic)
    return {each["Endpoint"] for page in pages for each in page["Subscriptions"]} & {*endpoints}


def test_each_user_gets_exactly_their_own(
    stack: WholeStack, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [stack.new_user() for _ in range(2)]
    with closing(stack.client_of(*people[0])) as ada, closing(stack.client_of(*people[1])) as eve:
        assert choose(ada, email=True, webhook=f"{receiver.url}ada")["email"]["address"] == people[0][0]
        assert choose(eve, webhook=f"{receiver.url}eve", email=True)["webhook"]["address"] == f"{receiver.url}eve"
        wait_for(lambda: is_confirmed(ada) and is_confirmed(eve))
        batches = [await_status(api, create_batch(api, VIDEO)["id"])["id"] for api in (ada, eve)]
        operator = stack.local.description["username"]
        for (address, _), batch_id, path in zip(people, batches, ("/ada", "/eve"), strict=True):
            wait_for(lambda batch_id=batch_id: len(recipients(stack, batch_id)) > 1)  # type: ignore[misc]
            assert recipients(stack, batch_id) == {operator, address}
            wait_for(lambda path=path: bool(receiver.received.get(path)))  # type: ignore[misc]
            received = [(each["event"], each["batch"]["id"]) for each in receiver.received[path]]
            assert received == [("done", batch_id)]

        # Another webhook cannot be taken over, and what is switched off gets nothing more.
        refused = eve.put("me", json={"notifications": {"webhook": f"{receiver.url}ada"}})
        assert refused.status_code == httpx.codes.CONFLICT
        choose(ada)
        last = await_status(ada, create_batch(ada, VIDEO)["id"])["id"]
        assert recipients(stack, last) == {operator}
        assert len(receiver.received["/ada"]) == 1

        # After a user was deleted, the operator ends their subscriptions, and nobody else's.
        choose(ada, webhook=f"{receiver.url}ada")
        endpoints = people[1][0], f"{receiver.url}eve", f"{receiver.url}ada"
        assert subscriptions_to(stack, *endpoints) == {*endpoints}
        monkeypatch.setattr(end_notifications, "boto3", SimpleNamespace(Session=lambda: stack.operators_session))
        pool = {"UserPoolId": stack.local.description["user_pool_id"]}
        stack.local.account.client("cognito-idp").admin_delete_user(**pool, Username=people[1][0])
        end_notifications.main(["--deleted"])
        assert subscriptions_to(stack, *endpoints) == {f"{receiver.url}ada"}
        end_notifications.main(["--user", people[0][0]])
        assert subscriptions_to(stack, *endpoints) == set()


def test_the_news_of_a_follow_go_to_its_owner_who_can_switch_them_off(stack: WholeStack, receiver: Receiver) -> None:
    people = [stack.new_user() for _ in range(2)]
    operator = stack.local.description["username"]
    with closing(stack.client_of(*people[0])) as ada, closing(stack.client_of(*people[1])) as eve:
        for api, path in ((ada, "ada"), (eve, "eve")):
            choose(api, email=True, webhook=f"{receiver.url}news/{path}")
            wait_for(lambda api=api: is_confirmed(api))  # type: ignore[misc]
        wanted = {
            "source": f"https://www.youtube.com/playlist?list={PLAYLIST}",
            "model": "extractive",
            "options": {"digest": True},
        }
        publish(stack, VIDEO)
        follow_id = ada.post("follows", json=wanted).raise_for_status().json()["id"]
        check_follows(stack)

        def found() -> dict[str, Any]:
            follow: dict[str, Any] = ada.get(f"follows/{follow_id}").raise_for_status().json()
            return follow

        wait_for(lambda: found()["source"]["title"] == "Talks")

        def news(*videos: str) -> str:
            before = found()["last_batch_id"]
            publish(stack, *videos)
            look_again(ada, follow_id)
            check_follows(stack)
            wait_for(lambda: found()["last_batch_id"] != before)
            latest: str = found()["last_batch_id"]
            await_status(ada, latest)
            return latest

        first = news(VIDEO, NEWER)
        wait_for(lambda: len(recipients(stack, first)) > 1)  # one email after the other
        assert recipients(stack, first) == {operator, people[0][0]}
        wait_for(lambda: bool(receiver.received.get("/news/ada")))
        told = [(each["event"], each["batch"]["id"]) for each in receiver.received["/news/ada"]]
        assert told == [("news", first)]

        choose(ada, email=True, webhook=f"{receiver.url}news/ada", events=["done", "paused", "failed"])
        second = news(VIDEO, NEWER, NEWEST)
        assert second != first
        compared = ada.get(f"batch/{second}/digest").raise_for_status().json()["news"]
        assert (compared["runs"], compared["videos"]) == (1, 1)
        assert recipients(stack, second) == {operator}
        assert len(receiver.received["/news/ada"]) == 1
        assert "/news/eve" not in receiver.received

        # The feed shows the same, without a sign-in, for as long as there is the follow.
        path = ada.post(f"follows/{follow_id}/feed").raise_for_status().json()["path"]
        address = f"{stack.local.description['api_url'].removesuffix('/api')}{path}"
        reader = httpx.Client(transport=LocalhostTransport(), timeout=30)
        feed = feedparser.parse(reader.get(address).raise_for_status().content)
        assert [entry.link[-11:] for entry in feed.entries] == [NEWEST, NEWER]
        assert {link.href for link in feed.feed.links if link.rel == "self"} == {address}
        unchanged = reader.get(address, headers={"If-None-Match": reader.get(address).headers["ETag"]})
        assert unchanged.status_code == httpx.codes.NOT_MODIFIED
        ada.delete(f"follows/{follow_id}").raise_for_status()
        assert reader.get(address).status_code == httpx.codes.NOT_FOUND
        reader.close()
    del stack.youtube.playlists[PLAYLIST]
