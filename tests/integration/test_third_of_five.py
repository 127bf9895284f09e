"""Five videos, the third of which meets every kind of failure of YouTube and models, beside another user's batch."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from random import Random
from threading import get_ident
from types import SimpleNamespace
from typing import Any, TypeGuard
from unittest.mock import Mock, patch
from urllib.parse import parse_qsl, urlsplit

import httpx2
import pytest
import requests
import time_machine
from requests.adapters import BaseAdapter

from lab.simulation.faults import Faults
from lab.simulation.promises import Promises
from lab.simulation.run import in_place_of_aws
from lab.simulation.scheduler import Scheduler
from lab.simulation.table import Change
from lab.simulation.world import World
from local.model import FakeModelServer
from local.model.vendors import vendor_answers
from local.youtube import Failure, FakeYouTube
from local.youtube.proxy import Request
from local.youtube.synthetic import synthetic_id, synthetic_video
from skimlist.llm.catalogue import offered_model
from skimlist.llm.openai_sdk import openai
from skimlist.llm.request_forms import FORMS
from skimlist.models.endpoint import Endpoint
from skimlist.youtube.session import youtube_session
from testkit.account import NOW
from testkit.api_client import api_event
from tests.vendors import MEANINGS, kind_of

VIDEOS = {"ada": [synthetic_id(number) for number in range(1, 6)], "eve": [synthetic_id(n) for n in range(101, 103)]}
THIRD = VIDEOS["ada"][2]
# The error in which each failure of the fake YouTube ends, None for a summary.
CODES: Mapping[Failure, str | None] = {
    **dict.fromkeys((Failure.AUTO_DUBBED, Failure.SAME_CODE_TWICE, Failure.RELATIVE_ADDRESS), None),
    **dict.fromkeys((Failure.SONG, Failure.ROLLING, Failure.MASKED, Failure.CONSENT), None),
    **dict.fromkeys((Failure.TRANSLATION_BLOCKED, Failure.OLD_CODE), None),
    **dict.fromkeys((Failure.SERVER_ERROR,), "youtube_unreachable"),
    **dict.fromkeys((Failure.BLOCKED, Failure.CAPTCHA), "youtube_blocked"),
    **dict.fromkeys((Failure.BOT_CHECK, Failure.SESSION_LIMIT), "youtube_refused"),
    Failure.PO_TOKEN: "youtube_token_required",
    **dict.fromkeys((Failure.CONSENT_BROKEN, Failure.FOREIGN_ADDRESS), "youtube_answer_unreadable"),
    **dict.fromkeys((Failure.MALFORMED, Failure.EMPTY), "youtube_answer_unreadable"),
    **dict.fromkeys((Failure.NOT_JSON, Failure.CUT_OFF, Failure.BLANK), "youtube_answer_unreadable"),
    Failure.PRIVATE: "video_private",
    Failure.AGE_GATE: "age_restricted",
    Failure.NOT_LIVE: "video_not_live_yet",
    **dict.fromkeys((Failure.LIVE_NOW, Failure.JUST_ENDED, Failure.STILL_PROCESSED), "video_not_ready"),
    **dict.fromkeys((Failure.COUNTRY, Failure.RECORDING_GONE, Failure.MEMBERS_ONLY), "video_unplayable"),
    **dict.fromkeys((Failure.UNAVAILABLE, Failure.REMOVED), "video_unavailable"),
    Failure.CAPTIONS_OFF: "captions_disabled",
}
OF_PLAYLISTS = {Failure.INCOMPLETE, Failure.QUOTA_EXCEEDED, Failure.RELOAD_INCOMPLETE, Failure.RELOAD_FAILS}
ENDED = {"completed", "failed"}
# What no video can cause: its batch waits, and tries this one again.
WAITS_FOR = {"youtube_blocked", "model_quota_exceeded", "model_key_rejected", "model_not_found"}


class InProcess(BaseAdapter):
    """Sends the requests of a session to the fake YouTube without a connection."""

    def __init__(self, youtube: FakeYouTube) -> None:
        super().__init__()
        self._youtube = youtube

    def send(self, request: requests.PreparedRequest, **_options: Any) -> requests.Response:  # type: ignore[override]
        url = urlsplit(request.url or "")
        answer = self._youtube.respond(
            Request(
                host=url.hostname,
                method=request.method or "",
                path=url.path,
                query=dict(reversed(parse_qsl(url.query))),
                cookies=request.headers.get("Cookie", ""),
                api_key="",
                body=request.body if isinstance(request.body, bytes) else b"",
            )
        )
        response = requests.Response()
        response.status_code, response.url, response.request = answer.status, request.url or "", request
        response.headers["Content-Type"] = answer.content_type
        response.raw = BytesIO(answer.body)
        return response

    def close(self) -> None:
        """Closes nothing."""


@dataclass
class Play:
    """Both users' batches on a clock that waiting advances. `wild` is the model that the third video asks."""

    youtube: FakeYouTube
    wild: FakeModelServer
    world: World = field(init=False)
    promises: Promises = field(default_factory=Promises)
    batches: dict[str, str] = field(default_factory=dict)
    pauses: dict[str, set[str]] = field(default_factory=lambda: {user: set() for user in VIDEOS})

    def run(self, model: str) -> None:
        for user, videos in VIDEOS.items():
            wanted = {"urls": videos, "model": model, "options": {"language": "fr"}}
            self.batches[user] = self.ask(user, "POST", "/batch/create", wanted)["id"]
        self.until_at_rest()

    def resume(self) -> None:
        for user, batch_id in self.batches.items():
            if self.ask(user, "GET", f"/batch/{batch_id}")["status"] == "paused":
                self.ask(user, "POST", f"/batch/{batch_id}/resume")
        self.until_at_rest()

    def until_at_rest(self) -> None:
        self.world.scheduler.run(lambda: not any(each.status == "RUNNING" for each in self.world.executions.values()))

    def ask(self, user: str, method: str, path: str, body: Any = None) -> Any:
        text = None if body is None else json.dumps(body)
        process = self.world.invoke("api", api_event({"sub": user, "token_use": "id"}, method, path, text=text))
        self.world.scheduler.run(lambda: process.ended)
        assert process.error is None
        assert process.result["statusCode"] < 300, process.result
        return json.loads(process.result["body"])

    def ends(self, user: str) -> dict[str, str | None]:
        """Returns the code of each video's error, or None if it has a summary."""
        found = self.ask(user, "GET", f"/batch/{self.batches[user]}")["items"]
        return {item["video_id"]: item["error"] and item["error"]["code"] for item in found if item["status"] in ENDED}

    def on_change(self, world: World, changes: Sequence[Change]) -> None:
        """Ends the failure as soon as a batch waits for it."""
        self.promises.on_change(world, changes)
        for change in changes:
            owner = change.key[0].removeprefix("USER#")
            if owner in VIDEOS and is_paused(change.after) and not is_paused(change.before):
                self.pauses[owner].add(change.after["pause"]["code"])
                world.scheduler.later(60, self.recover)

    def recover(self) -> None:
        self.youtube.recover()
        self.wild.recover()


def is_paused(record: Mapping[str, Any] | None) -> TypeGuard[Mapping[str, Any]]:
    return record is not None and record.get("status") == "paused"


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FakeYouTube, FakeModelServer, FakeModelServer]]:
    folder = tmp_path_factory.mktemp("youtube")
    with FakeYouTube(folder, ca_folder=folder) as youtube, FakeModelServer() as wild, FakeModelServer() as honest:
        yield youtube, wild, honest


@pytest.fixture
def play(outside: tuple[FakeYouTube, FakeModelServer, FakeModelServer]) -> Iterator[Play]:
    youtube, wild, honest = outside
    title = (synthetic_video(THIRD) or {})["title"]

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked = json.loads(request.content)
        model = wild if title in asked["messages"][1]["content"] else honest
        status, body = model.respond(request.method, request.url.path, asked)
        return httpx2.Response(status, text=body if isinstance(body, str) else json.dumps(body))

    def session(*_: Any) -> Any:
        made = youtube_session()
        made.mount("https://", InProcess(youtube))
        return made

    def sdk_client(**options: Any) -> Any:
        return openai.OpenAI(**{**options, "http_client": httpx2.Client(transport=httpx2.MockTransport(answer))})

    own_thread, really_sleep = get_ident(), time.sleep

    def sleep(seconds: float) -> None:
        if get_ident() != own_thread:  # of an emulator that runs beside this test
            really_sleep(seconds)
        else:
            scheduler.sleep(seconds)

    played = Play(youtube, wild)
    played.recover()
    with time_machine.travel(NOW, tick=False) as clock:
        random = Random(1)
        scheduler = Scheduler(random, NOW, clock.shift)
        world = played.world = World(
            random=random,
            scheduler=scheduler,
            faults=Faults(),
            on_change=played.on_change,
            on_ask=played.promises.on_ask,
            on_email=played.promises.on_email,
            on_publish=lambda *_: None,
            on_execution_start=played.promises.on_execution_start,
            on_execution_end=played.promises.on_execution_end,
            on_check=lambda *_: None,
            on_lost=lambda _: None,
            on_wait=played.promises.on_wait,
        )
        with (
            in_place_of_aws(world),
            patch("skimlist.youtube.session.youtube_session", session),
            patch(
                "skimlist.llm.clients.openai",
                SimpleNamespace(OpenAI=sdk_client, DefaultHttpx2Client=Mock()),
            ),
            patch("time.sleep", sleep),
        ):
            FORMS.forget(offered_model("openai", Endpoint()))
            yield played
            scheduler.close()


def first_of_each(cases: Iterable[str], kind: Callable[[Any], object]) -> list[str]:
    """Returns one case of each kind; the meaning of each single answer is tested where it is parsed."""
    return list({kind(case): case for case in reversed([*cases])}.values())[::-1]


def require(play: Play, code: str | None) -> None:
    """Checks that four videos have summaries and the third is as `code` says, or that all five have one after a pause.

    Even a failure that certainly concerns everybody, such as a rejected key, stops no batch that is answered meanwhile:
    an answer to one batch withdraws what another one has reported.
    """
    waits = code in WAITS_FOR
    assert play.pauses == {"ada": {code} if waits else set(), "eve": set()}
    play.resume()
    ends = {user: dict[str, str | None].fromkeys(videos) for user, videos in VIDEOS.items()}
    ends["ada"][THIRD] = None if waits else code
    assert {user: play.ends(user) for user in VIDEOS} == ends
    assert play.world.violation is None


@pytest.mark.parametrize("failure", first_of_each(CODES, CODES.__getitem__))
def test_an_unusual_video_stops_nobody(failure: Failure, play: Play) -> None:
    play.youtube.fail(failure, THIRD)
    play.run("extractive")
    require(play, CODES[failure])


@pytest.mark.parametrize("name", first_of_each(vendor_answers(), kind_of))
def test_a_vendors_answer_stops_only_whom_it_concerns(name: str, play: Play) -> None:
    play.wild.fail(name)
    play.run("openai")
    meaning = MEANINGS[kind_of(name)]
    require(play, meaning and meaning.code)


def test_every_failure_of_a_video_is_in_the_table() -> None:
    assert {*CODES} | OF_PLAYLISTS | {Failure.HANG} == {*Failure}, "A hanging answer takes real time."
