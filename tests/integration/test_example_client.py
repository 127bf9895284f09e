"""The client in `examples/` sends its token to the API alone, and lets no text control the terminal."""

from __future__ import annotations

import argparse
import json
import runpy
import shlex
import socket
import struct
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl

import pytest

from local.youtube import Failure, answers
from skimlist.errors import CaptionsDisabled, YouTubeBlocked
from skimlist.links.parsing import LineStatus, parse_lines
from skimlist.models.settings import CaptionRequest
from testkit.account import NOW, Account, video_id
from testkit.api_client import Client
from testkit.template import ROOT
from tests.fakes.youtube import VIDEO, FakeYouTube
from tests.link_files import FILES

CLIENT = runpy.run_path(str(ROOT / "examples" / "skimlist_client.py"))


class Redirecting(BaseHTTPRequestHandler):
    """Redirects every request to another address, and records the headers that arrive there."""

    arrived: list[Any]

    def do_GET(self) -> None:
        if self.path == "/elsewhere":
            self.arrived.append(dict(self.headers))
            self.send_response(200)
        else:
            self.send_response(302)
            self.send_header("Location", f"http://localhost:{self.server.server_address[1]}/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def port() -> Iterator[int]:
    Redirecting.arrived = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Redirecting) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def test_a_redirect_does_not_take_the_token_along(port: int) -> None:
    with pytest.raises(urllib.error.HTTPError, match="302"):
        CLIENT["send"]("GET", f"http://127.0.0.1:{port}/api/batch", Authorization="Bearer token")
    assert Redirecting.arrived == []


class Unreliable(BaseHTTPRequestHandler):
    """Answers each request by the next of `ways`, and records the bodies that arrive."""

    ways: list[str]
    arrived: list[bytes]

    def do_GET(self) -> None:
        self.arrived.append(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        match self.ways.pop(0):
            case "dropped":
                return
            case "reset":
                linger = struct.pack("ii", 1, 0)  # closes the connection with RST
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                self.connection.close()
            case "cut off":
                self.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Length: 10\r\n\r\nPK")
            case "whole":
                self.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nPK")
            case retry_after:
                self.wfile.write(f"HTTP/1.0 503 Busy\r\nRetry-After: {retry_after}\r\n\r\n".encode())

    def do_PUT(self) -> None:
        self.do_GET()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that the client would have waited."""
    waited: list[float] = []
    monkeypatch.setitem(CLIENT["send"].__globals__, "time", SimpleNamespace(sleep=waited.append))
    return waited


@pytest.fixture
def unreliable() -> Iterator[str]:
    """The address of a server whose `ways` the test sets."""
    Unreliable.ways, Unreliable.arrived = [], []
    with HTTPServer(("127.0.0.1", 0), Unreliable) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


PAST = "Wed, 21 Oct 2015 07:28:00 GMT"


@pytest.mark.parametrize(
    ("way", "wait"),
    [("dropped", 2), ("reset", 2), ("cut off", 2), ("7", 7), (PAST, 0), (PAST.replace("GMT", "-0000"), 2), ("soon", 2)],
)
def test_a_request_that_gets_no_whole_answer_is_repeated(
    unreliable: str, waits: list[float], way: str, wait: float
) -> None:
    Unreliable.ways += [way, "whole"]
    assert CLIENT["send"]("GET", unreliable) == b"PK"
    assert waits == [wait]


def test_a_date_long_after_now_is_not_waited_for(unreliable: str, waits: list[float]) -> None:
    Unreliable.ways += [PAST.replace("2015", "2915").replace("Wed, ", "")]
    with pytest.raises(urllib.error.HTTPError, match="503"):
        CLIENT["send"]("GET", unreliable)
    assert waits == []


def test_the_archive_and_large_captions_are_sent_again_too(unreliable: str, waits: list[float], tmp_path: Path) -> None:
    Unreliable.ways += ["cut off", "whole", "dropped", "whole"]
    api = SimpleNamespace(ask=lambda *_: {"url": unreliable})
    CLIENT["Skimlist"].download(api, "b7f3", tmp_path / "summaries.zip")
    assert (tmp_path / "summaries.zip").read_bytes() == b"PK"
    CLIENT["upload"](api, video_id(1), {"captions": "x" * 1_000_000})
    assert list(map(len, Unreliable.arrived)) == [0, 0, 1_000_000, 1_000_000]
    assert waits == [2, 2]


def test_a_connection_that_keeps_breaking_is_an_error_that_every_caller_expects(
    unreliable: str, waits: list[float]
) -> None:
    """`--watch` goes on after an OSError, and anything else ends it."""
    Unreliable.ways += ["cut off"] * CLIENT["TRIES"]
    with pytest.raises(OSError, match="does not answer"):
        CLIENT["send"]("GET", unreliable)
    assert len(waits) == CLIENT["TRIES"] - 1


def test_a_title_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    CLIENT["say"]("left out: \x1b]0;title\x07\x1b[2J\u202e\n  next line, Brötchen 🍞")
    assert capsys.readouterr().err == "left out:  ]0;title  [2J \n  next line, Brötchen 🍞\n"


@pytest.mark.parametrize(
    ("app", "cognito"),
    [
        ("https://a1.execute-api.eu-central-1.amazonaws.com", "https://cognito-idp.eu-central-1.amazonaws.com/"),
        ("https://a1.execute-api.us-gov-west-1.amazonaws.com/", "https://cognito-idp.us-gov-west-1.amazonaws.com/"),
        ("https://a1.execute-api.eusc-de-east-1.amazonaws.eu", "https://cognito-idp.eusc-de-east-1.amazonaws.eu/"),
    ],
)
def test_users_sign_in_where_the_deployment_is(app: str, cognito: str) -> None:
    assert CLIENT["cognito_beside"](app) == cognito


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_read_as_programs_write_it(name: str) -> None:
    content, video_ids = FILES[name]
    parsed = parse_lines(CLIENT["link_lines"](content))
    assert [link.video_id for link in parsed.links if link.status is LineStatus.VALID] == video_ids
    assert all(link.status is LineStatus.VALID for link in parsed.links) or name == "subscriptions.csv"


def test_the_wanted_videos_of_a_channel_are_named_by_options(ada: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    options = "--newest 20 --since 2026-03-01 --min-minutes 10 --no-shorts --without-word live --without-word quiz"
    monkeypatch.setattr("sys.argv", ["skimlist_client.py", "links.txt", *options.split()])
    select = CLIENT["selection_from"](CLIENT["arguments_from"](argparse.ArgumentParser()))
    assert select == {
        "newest": 20,
        "since": "2026-03-01",
        "min_duration_seconds": 600,
        "title_excludes": ["live", "quiz"],
        "shorts": False,
    }
    assert ada.post("/batch/create", {"urls": ["@google.dev"], "select": select}).status == 201
    assert ada.post("/batch/create", {"urls": ["@google.dev"], "select": None}).status == 201


def test_a_source_with_conditions_of_its_own_is_named_by_an_option(monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = ["skimlist_client.py", "links.txt", "--source", "@google.dev", '{"newest": 5}']
    monkeypatch.setattr("sys.argv", arguments)
    assert CLIENT["arguments_from"](argparse.ArgumentParser()).source == [["@google.dev", '{"newest": 5}']]
    monkeypatch.setattr("sys.argv", [*arguments[:-1], "{newest}"])
    with pytest.raises(SystemExit):
        CLIENT["arguments_from"](argparse.ArgumentParser())


# --- Captions from home ---


class Api:
    """Answers the client's requests in this process."""

    def __init__(self, user: Client) -> None:
        self._user = user

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        route, _, query = path.partition("?")
        text = None if body is None else json.dumps(body)
        answer = self._user.send(method, route, text=text, query=dict(parse_qsl(query)))
        if answer.status >= 400:
            raise CLIENT["Refused"](answer.text, answer.status)
        return answer.json


@pytest.fixture
def at_home(monkeypatch: pytest.MonkeyPatch) -> FakeYouTube:
    """The fake YouTube, as this machine sees it."""
    fake = FakeYouTube()
    of_client = CLIENT["give_captions"].__globals__
    captions_of = of_client["captions_of"]
    monkeypatch.setitem(of_client, "captions_of", lambda *asked: captions_of(*asked, fake.session()))
    monkeypatch.setitem(of_client, "SECONDS_BETWEEN_VIDEOS", (0, 0))
    return fake


def test_a_batch_that_youtube_blocks_gets_its_captions_from_home(
    account: Account, ada: Client, at_home: FakeYouTube
) -> None:
    account.begin_batch(3)
    account.fail(1, error=CaptionsDisabled())
    account.batches.pause_for(account.batch(), YouTubeBlocked(), NOW)
    failed: set[str] = set()
    assert CLIENT["fetch_captions"](Api(ada), failed) == 3
    assert account.batch().status == "processing"
    assert account.statuses() == ["pending"] * 3
    given = account.archive.find_given_transcript("ada", video_id(2))
    assert given
    assert (given.title, given.language_code, given.text) == ("A talk", "en", "Hello, world.\nThat is all.")
    assert (given.channel, given.duration_seconds) == ("A speaker", 12.0)
    asked = len(at_home.requests)
    assert CLIENT["fetch_captions"](Api(ada), failed) == 0
    assert (len(at_home.requests), failed) == (asked, set())


def test_details_of_a_video_are_sent_with_its_captions(account: Account, ada: Client, at_home: FakeYouTube) -> None:
    told = {
        **VIDEO,
        "description": "About bread." + "." * 5_000,
        "published": "2024-05-17T12:00:00-07:00",
        "chapters": [{"title": "Intro", "start": 0}, {"title": "The end", "start": 5.5}],
    }
    at_home.replies["/watch"] = answers.watch_page(told, None, "")
    at_home.replies["/youtubei/v1/player"] = answers.player(told, None)
    account.batches.pause_for(account.begin_batch(1), YouTubeBlocked(), NOW)
    assert CLIENT["fetch_captions"](Api(ada), set()) == 1
    given, fetched = account.archive.find_given_transcript("ada", video_id(1)), at_home.client().fetch_transcript("a")
    assert given
    names = ("title", "channel", "duration_seconds", "description", "published_at", "chapters")
    assert [getattr(given, name) for name in names] == [getattr(fetched, name) for name in names]


@pytest.mark.parametrize("value", [None, 1, "", "a", [], {}, [1], {"chapters": [1]}])
def test_answers_of_another_shape_give_no_details_of_a_video(value: Any) -> None:
    page = f'"publishDate":"{value}0000000000""key":"DESCRIPTION_CHAPTERS","value":{json.dumps(value)}'
    for player in (value, {"videoDetails": value}, {"videoDetails": dict.fromkeys(("title", "lengthSeconds"), value)}):
        told = {"/watch": SimpleNamespace(text=page), "/youtubei/v1/player": SimpleNamespace(json=lambda: player)}  # noqa: B023
        assert set(CLIENT["details_from"](told)) <= {"title", "duration_seconds"}
    assert CLIENT["details_from"]({}) == {}


def test_a_round_says_which_batches_are_being_processed(
    account: Account, ada: Client, at_home: FakeYouTube, capsys: pytest.CaptureFixture[str]
) -> None:
    account.begin_batch(3, name="Talks")
    account.complete(1)
    assert CLIENT["fetch_all"](Api(ada), None, watch=False) == 0
    said = capsys.readouterr().err
    assert "videos with new captions: 0" in said
    assert "'Talks' is being processed: 1 of 3 videos summarized." in said
    assert "--watch" in said
    account.batches.pause_for(account.batch(), YouTubeBlocked(), NOW)
    at_home.replies["/youtubei/v1/player"] = answers.SERVER_ERROR
    assert CLIENT["fetch_all"](Api(ada), None, watch=False) == 1
    assert "is being processed" not in capsys.readouterr().err


def test_a_video_of_two_batches_is_fetched_once(at_home: FakeYouTube) -> None:
    asked: list[tuple[str, str]] = []

    class TwoBatches:
        def ask(self, method: str, path: str, _body: Any = None) -> Any:
            asked.append((method, path))
            wanted = {"video_id": video_id(1), "item_id": "00001", "title": "A", "status": "failed", "language": None}
            return {"videos": [{**wanted, "batch_id": batch_id} for batch_id in ("b1", "b2")]}

    assert CLIENT["fetch_captions"](TwoBatches(), set()) == 1
    assert asked[1:] == [
        ("PUT", f"/videos/{video_id(1)}/transcript"),
        ("POST", "/batch/b1/retry"),
        ("POST", "/batch/b2/retry"),
    ]
    assert at_home.paths.count("/api/timedtext") == 1


def test_a_block_at_home_ends_the_fetching_and_what_was_given_is_used(
    account: Account, ada: Client, at_home: FakeYouTube
) -> None:
    account.batches.pause_for(account.begin_batch(3), YouTubeBlocked(), NOW)
    once = answers.timedtext(VIDEO, None, None)
    at_home.replies["/api/timedtext"] = [once, answers.Answer(429, "text/html", b"")]
    with pytest.raises(CLIENT["Blocked"]):
        CLIENT["fetch_captions"](Api(ada), set())
    stored = account.archive.stored_transcripts("ada")
    assert [number for number in (1, 2, 3) if stored.serves(video_id(number), CaptionRequest())] == [1]
    assert account.batch().status == "processing"


def test_a_round_that_was_cut_off_before_the_retry_is_finished(
    account: Account, ada: Client, at_home: FakeYouTube, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.begin_batch(2)
    account.fail(1, error=CaptionsDisabled())
    with monkeypatch.context() as killed:
        killed.setitem(CLIENT["fetch_captions"].__globals__, "go_on", lambda *_, **__: None)
        CLIENT["fetch_captions"](Api(ada), set())
    assert account.statuses() == ["failed", "pending"]
    asked = len(at_home.requests)
    CLIENT["fetch_captions"](Api(ada), set())
    assert account.statuses() == ["pending", "pending"]
    assert len(at_home.requests) == asked


def test_a_round_that_was_cut_off_before_the_resume_is_finished(
    account: Account, ada: Client, at_home: FakeYouTube, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.batches.pause_for(account.begin_batch(2), YouTubeBlocked(), NOW)
    with monkeypatch.context() as killed:
        killed.setitem(CLIENT["fetch_captions"].__globals__, "go_on", lambda *_, **__: None)
        assert CLIENT["fetch_captions"](Api(ada), set()) == 2
    assert account.batch().status == "paused"
    asked = len(at_home.requests)
    assert CLIENT["fetch_captions"](Api(ada), set()) == 0
    assert (account.batch().status, len(at_home.requests)) == ("processing", asked)


def test_a_refusal_that_holds_for_every_video_ends_the_round(
    account: Account, ada: Client, at_home: FakeYouTube
) -> None:
    account.parameters["VideosPerDayPerUser"] = "1"
    account.batches.pause_for(account.begin_batch(3), YouTubeBlocked(), NOW)
    failed: set[str] = set()
    with pytest.raises(CLIENT["Refused"], match="too_many_videos"):
        CLIENT["fetch_captions"](Api(ada), failed)
    assert (at_home.paths.count("/api/timedtext"), failed) == (2, set())
    assert account.batch().status == "processing"


@pytest.mark.parametrize(
    ("raised", "ends"),
    [
        (CLIENT["Refused"]("stopped", 403), True),
        (ConnectionError("no network"), True),
        (CLIENT["Refused"]("captions_unreadable", 422), False),
        (CLIENT["Refused"]("too_large", 413), False),
    ],
)
def test_only_captions_that_cannot_be_read_are_remembered(
    at_home: FakeYouTube, raised: Exception, *, ends: bool
) -> None:
    class Refusing:
        def ask(self, method: str, _path: str, _body: Any = None) -> Any:
            if method == "PUT":
                raise raised
            video = {"item_id": "00001", "batch_id": "b1", "title": "A", "status": "failed", "language": None}
            return {"videos": [{**video, "video_id": video_id(number)} for number in (1, 2)]}

    failed: set[str] = set()
    with pytest.raises(type(raised)) if ends else nullcontext():
        CLIENT["fetch_captions"](Refusing(), failed)
    assert (at_home.paths.count("/api/timedtext"), len(failed)) == ((1, 0) if ends else (2, 2))


def test_a_watch_continues_after_a_refusal_and_without_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    of_client = CLIENT["fetch_all"].__globals__
    rounds = iter([CLIENT["Refused"]("a limit", 429), ConnectionError("no network"), KeyboardInterrupt()])
    waited: list[int] = []

    def fetch_captions(*_: Any, **__: Any) -> int:
        raise next(rounds)

    monkeypatch.setitem(of_client, "fetch_captions", fetch_captions)
    monkeypatch.setitem(of_client, "time", SimpleNamespace(sleep=waited.append, monotonic=lambda: 0.0))
    with pytest.raises(KeyboardInterrupt):
        CLIENT["fetch_all"](None, None, watch=True)
    assert waited == [CLIENT["SECONDS_AFTER_REFUSAL"], CLIENT["WATCH_SECONDS"]]


def test_a_watch_tries_failed_videos_again_after_some_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    of_client = CLIENT["fetch_all"].__globals__
    hours = iter([0, 1, 4, 6, 7])
    known: list[set[str]] = []

    def fetch_captions(_: Any, failed: set[str], *__: Any, **___: Any) -> int:
        known.append(set(failed))
        failed.add(video_id(len(known)))
        if len(known) == 3:
            raise KeyboardInterrupt
        return 0

    monkeypatch.setitem(of_client, "fetch_captions", fetch_captions)
    clock = SimpleNamespace(sleep=lambda _: None, monotonic=lambda: next(hours) * 3600.0)
    monkeypatch.setitem(of_client, "time", clock)
    with pytest.raises(KeyboardInterrupt):
        CLIENT["fetch_all"](None, None, watch=True)
    assert known == [set(), {video_id(1)}, set()]


def test_letters_of_every_language_are_sent_as_they_are(at_home: FakeYouTube, monkeypatch: pytest.MonkeyPatch) -> None:
    at_home.replies["/api/timedtext"] = [
        answers.timedtext({**VIDEO, "snippets": [{"text": "Привет", "start": 0.0, "duration": 1.0}]}, None, None)
    ]
    captions = CLIENT["captions_of"](video_id(1), None, at_home.session())
    assert "Привет" in captions["captions"]
    sent: list[bytes] = []

    def open_url(request: urllib.request.Request, **_: Any) -> BytesIO:
        sent.append(request.data)
        return BytesIO(b"{}")

    monkeypatch.setitem(CLIENT["send"].__globals__, "_open", open_url)
    CLIENT["send"]("PUT", "https://skimlist.example/", captions)
    assert "Привет" in sent[0].decode()


def test_a_video_without_captions_is_asked_for_once(account: Account, ada: Client, at_home: FakeYouTube) -> None:
    account.batches.pause_for(account.begin_batch(1), YouTubeBlocked(), NOW)
    at_home.replies["/youtubei/v1/player"] = answers.player({**VIDEO, "snippets": []}, Failure.CAPTIONS_OFF)
    failed: set[str] = set()
    assert [CLIENT["fetch_captions"](Api(ada), failed) for _ in range(2)] == [0, 0]
    assert failed == {video_id(1)}
    assert at_home.paths.count("/youtubei/v1/player") == 1
    # The batch continues, and either uses the description or fails the video.
    assert account.batch().status == "processing"
    assert account.archive.has_no_captions("ada", video_id(1), datetime.now(UTC))


def test_an_error_of_youtube_does_not_mean_that_a_video_has_no_captions(
    account: Account, ada: Client, at_home: FakeYouTube
) -> None:
    account.batches.pause_for(account.begin_batch(1), YouTubeBlocked(), NOW)
    at_home.replies["/youtubei/v1/player"] = answers.SERVER_ERROR
    failed: set[str] = set()
    assert CLIENT["fetch_captions"](Api(ada), failed) == 0
    assert (failed, account.batch().status) == ({video_id(1)}, "paused")
    assert not account.archive.stored_transcripts("ada", video_id(1)).written


@pytest.mark.parametrize("ends_with", [0, 3])
def test_a_program_of_the_user_makes_captions_where_youtube_has_none(
    account: Account,
    ada: Client,
    at_home: FakeYouTube,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    ends_with: int,
) -> None:
    account.begin_batch(1)
    account.fail(1, error=CaptionsDisabled())
    at_home.replies["/youtubei/v1/player"] = answers.player({**VIDEO, "snippets": []}, Failure.CAPTIONS_OFF)
    program = tmp_path / "speech to text.py"
    captions = "WEBVTT\n\n00:01.000 --> 00:02.000\nSpoken at "
    source = f"""
import sys
from pathlib import Path
if not {ends_with}:
    Path(sys.argv[2]).write_text({captions!r} + sys.argv[1])
sys.exit({ends_with})
"""
    program.write_text(source, encoding="utf-8")
    failed: set[str] = set()
    command = shlex.join([sys.executable, str(program)])
    transcribe = partial(CLIENT["transcribed"], command=command, language="de")
    given = CLIENT["fetch_captions"](Api(ada), failed, transcribe)
    assert "videos without captions: 1, with 12 seconds of audio" in capsys.readouterr().err
    assert (given, failed) == ((0, {video_id(1)}) if ends_with else (1, set()))
    transcript = account.archive.find_given_transcript("ada", video_id(1))
    assert (transcript and (transcript.language_code, transcript.text)) == (
        None if ends_with else ("de", f"Spoken at https://www.youtube.com/watch?v={video_id(1)}")
    )


def test_a_batch_that_has_ended_is_reopened_on_request(account: Account, ada: Client, at_home: FakeYouTube) -> None:
    account.begin_batch(2)
    account.fail(1, error=CaptionsDisabled())
    account.complete(2)
    account.batches.complete(account.batch(), NOW)
    assert CLIENT["fetch_captions"](Api(ada), set()) == 0
    assert CLIENT["fetch_captions"](Api(ada), set(), ended=True) == 1
    assert at_home.paths.count("/api/timedtext") == 1
    assert account.statuses() == ["pending", "completed"]


def test_captions_that_are_too_large_for_a_request_go_to_a_link(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    sent: list[urllib.request.Request] = []

    class Answering:
        def ask(self, method: str, path: str, body: Any) -> Any:
            asked.append((method, path, body))
            return {"url": "https://bucket.example/key?signature"}

    monkeypatch.setitem(
        CLIENT["upload"].__globals__, "_open", lambda request, **_: sent.append(request) or BytesIO(b"")
    )
    CLIENT["upload"](Answering(), video_id(1), {"captions": "ж" * 500_000, "language": "ru"})
    assert asked == [
        ("POST", f"/videos/{video_id(1)}/transcript/upload", {"size_bytes": 1_000_000}),
        ("PUT", f"/videos/{video_id(1)}/transcript", {"language": "ru"}),
    ]
    (request,) = sent
    assert (request.method, request.full_url, len(request.data)) == (
        *("PUT", "https://bucket.example/key?signature"),
        1_000_000,
    )
    assert "Authorization" not in request.headers


def test_the_language_of_transcribed_speech_has_to_be_said(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["skimlist_client.py", "--fetch-captions", "--transcribe", "whisper"])
    with pytest.raises(SystemExit):
        CLIENT["main"]()
    assert "--transcribe-language" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("language", "chosen"),
    [(None, "de written"), ("pt-BR", "pt automatic"), ("ja", "de written"), ("en", "en written")],
)
def test_the_client_takes_written_captions_in_the_language_that_is_asked_for(language: str | None, chosen: str) -> None:
    tracks = [
        SimpleNamespace(language_code=code, is_generated=generated, name=f"{code} {kind}")
        for code, generated, kind in (("en", False, "written"), ("de", True, "automatic"), ("de", False, "written"))
    ]
    if language == "pt-BR":
        tracks.append(SimpleNamespace(language_code="pt", is_generated=True, name="pt automatic"))
    assert CLIENT["choose"](tracks, language).name == chosen
