"""YouTube without a network: adapters that answer in its place, and an object that returns captions at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from requests.adapters import BaseAdapter

from local import youtube
from local.youtube import answers
from local.youtube.answers import Answer
from local.youtube.proxy import Request
from skimlist.errors import SkimlistError
from skimlist.models.settings import CaptionRequest
from skimlist.models.transcript import Transcript
from skimlist.youtube.session import YouTubeSession, youtube_session
from skimlist.youtube.transcripts import YouTube
from tests.fakes.summarizing import transcript

VIDEO: dict[str, Any] = {
    "video_id": "dQw4w9WgXcB",
    "title": "A talk",
    "channel": "A speaker",
    "language": "English",
    "language_code": "en",
    "is_generated": False,
    "duration_seconds": 12.4,
    "snippets": [
        {"text": "Hello,\nworld.", "start": 0.5, "duration": 2.0},
        {"text": "That is all.", "start": 2.5, "duration": 1.5},
    ],
}

Reply = Answer | Exception
Replies = Reply | list[Reply]


class FakeYouTube(BaseAdapter):
    """Answers each path of YouTube with a response or an exception; records the requests and their options.

    A list of replies is answered one after the other, the last one for ever.
    """

    def __init__(self, replies: Mapping[str, Replies] | None = None) -> None:
        super().__init__()
        self.replies: dict[str, Replies] = {
            "/watch": answers.watch_page(VIDEO, None, ""),
            "/youtubei/v1/player": answers.player(VIDEO, None),
            "/api/timedtext": answers.timedtext(VIDEO, None, None),
            "/oembed": answers.oembed(VIDEO),
            **(replies or {}),
        }
        self.requests: list[requests.PreparedRequest] = []
        self.paths: list[str] = []
        self.options: list[dict[str, Any]] = []

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:  # type: ignore[override]
        path = request.path_url.partition("?")[0]
        self.requests.append(request)
        self.paths.append(path)
        self.options.append(options)
        reply = self._reply(path)
        if isinstance(reply, Exception):
            raise reply
        return _response(request, reply)

    def _reply(self, path: str) -> Reply:
        replies = self.replies[path]
        if isinstance(replies, list):
            return replies.pop(0) if len(replies) > 1 else replies[0]
        return replies

    def close(self) -> None:
        """Closes nothing."""

    def session(self, proxy_url: str | None = None) -> YouTubeSession:
        session = youtube_session(proxy_url)
        session.mount("https://", self)
        return session

    def client(self) -> YouTube:
        return YouTube(self.session())


class InProcess(BaseAdapter):
    """Passes requests to the local stack's fake YouTube, without its proxy."""

    def __init__(self, fake: youtube.FakeYouTube) -> None:
        super().__init__()
        self._fake = fake

    def send(self, request: requests.PreparedRequest, **_options: Any) -> requests.Response:  # type: ignore[override]
        url, body = urlsplit(request.url or ""), request.body or b""
        asked = Request(
            host=url.hostname,
            method=request.method or "",
            path=url.path,
            query={name: values[0] for name, values in parse_qs(url.query).items()},
            cookies=request.headers.get("Cookie", ""),
            api_key=request.headers.get("X-Goog-Api-Key", ""),
            body=body.encode() if isinstance(body, str) else body,
        )
        return _response(request, self._fake.respond(asked))

    def close(self) -> None:
        """Closes nothing."""

    def session(self, *_: Any) -> YouTubeSession:
        session = youtube_session()
        session.mount("https://", self)
        return session


def _response(request: requests.PreparedRequest, answer: Answer) -> requests.Response:
    response = requests.Response()
    response.status_code, response.url, response.request = answer.status, request.url or "", request
    response.headers["Content-Type"] = answer.content_type
    response.raw = BytesIO(answer.body)
    return response


@dataclass
class FakeTranscripts:
    """Returns captions or raises; records the requests."""

    captions: Sequence[str] = ("Bread needs time.",)
    error: SkimlistError | None = None
    described: Transcript | None = None
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    sessions: list[tuple[str | None, str | None]] = field(default_factory=list)

    def session(self, proxy_url: str | None, ca_bundle: str | None) -> None:
        self.sessions.append((proxy_url, ca_bundle))

    def fetch_transcript(self, video_id: str, wanted: CaptionRequest) -> Transcript:
        self.asked.append((video_id, wanted.stored_as))
        if self.error:
            raise self.error
        if self.described and wanted.or_description:
            return self.described
        return transcript(self.captions, video_id=video_id, title="A talk")
