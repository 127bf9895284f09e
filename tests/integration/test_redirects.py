"""No redirect takes a key, or the request that it belongs to, to another host."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from skimlist.errors import ModelUnreachable, YouTubeAnswerUnreadable
from skimlist.llm.catalogue import catalogue
from skimlist.summarizing.providers import open_model
from skimlist.summarizing.summarize import summarize_video
from skimlist.youtube import data_api
from skimlist.youtube.data_api_key import DataApiKey
from skimlist.youtube.session import youtube_session
from tests.fakes.summarizing import NOW, Memory, settings, transcript


class Server(ThreadingHTTPServer):
    """Redirects every request to `target`; without a target it records the requests."""

    def __init__(self, target: str | None = None) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.target = target
        self.arrived: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.arrived.append(f"{self.path} {self.headers}")
        if self.server.target:
            self.send_response(307)
            self.send_header("Location", self.server.target)
        else:
            self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_POST = do_GET  # noqa: N815 - the name that http.server looks for

    def log_message(self, *_: object) -> None:
        """Logs nothing."""


@contextmanager
def serving(target: str | None = None) -> Iterator[Server]:
    with Server(target) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def elsewhere() -> Iterator[Server]:
    with serving() as server:
        yield server


@pytest.fixture
def redirecting(elsewhere: Server) -> Iterator[Server]:
    with serving(elsewhere.url) as server:
        yield server


def test_the_key_of_the_data_api_goes_no_further(
    redirecting: Server, elsewhere: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data_api, "_URL", redirecting.url)
    with pytest.raises(YouTubeAnswerUnreadable), data_api.opened(youtube_session(), DataApiKey("the-key")) as api:
        api.about("PLtalks")
    assert "the-key" in redirecting.arrived[0]
    assert elsewhere.arrived == []


def test_the_captions_and_the_key_of_a_model_go_no_further(redirecting: Server, elsewhere: Server) -> None:
    spec = catalogue()["openai"].at(redirecting.url)
    model = open_model(spec, api_key="the-key", answer_cache=Memory(), seconds_left=lambda: 60.0)
    with pytest.raises(ModelUnreachable, match="another address"):
        summarize_video(transcript(["Bread needs time."] * 9), settings(), model, now=NOW)
    assert "the-key" in redirecting.arrived[0]
    assert elsewhere.arrived == []


def test_a_page_of_youtube_leads_nowhere_else(redirecting: Server, elsewhere: Server) -> None:
    assert youtube_session().get(redirecting.url).status_code == 307
    assert elsewhere.arrived == []


@pytest.mark.parametrize(
    ("location", "followed"),
    [
        ("https://www.youtube.com/watch?v=x", True),
        ("/watch?v=x", True),
        ("https://consent.youtube.com/m", True),
        ("https://www.google.com/sorry/index", True),
        ("http://www.youtube.com/", False),
        ("https://youtube.com.evil.example/", False),
        ("https://notyoutube.com/", False),
        ("//evil.example/", False),
        ("https://www.youtube.com@evil.example/", False),
        ("http://127.0.0.1:9001/2018-06-01/runtime/invocation/next", False),
    ],
)
def test_redirects_stay_with_youtube_and_google(location: str, followed: bool) -> None:
    response = requests.Response()
    response.url, response.status_code = "https://www.youtube.com/", 302
    response.headers["Location"] = location
    assert (youtube_session().get_redirect_target(response) == location) is followed
