"""A fake YouTube that serves a folder of caption files."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from threading import Condition, Event, Lock, Thread
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlsplit

import trustme

from local.youtube import answers, channel_answers, data_api, feeds, playlist_answers
from local.youtube.answers import Answer
from local.youtube.failures import EVERY_VIDEO, Failure, Failures, Kind
from local.youtube.library import Gone, Library
from local.youtube.proxy import InterceptingProxy, Request

_KINDS = {
    "/watch": Kind.WATCH,
    "/youtubei/v1/player": Kind.PLAYER,
    "/api/timedtext": Kind.TIMEDTEXT,
    "/oembed": Kind.OEMBED,
    feeds.FEED: Kind.FEED,
    "/playlist": Kind.PLAYLIST,
    "/youtubei/v1/browse": Kind.PLAYLIST,
    "/youtubei/v1/navigation/resolve_url": Kind.PLAYLIST,
    data_api.CHANNELS: Kind.DATA_API,
    data_api.PLAYLISTS: Kind.DATA_API,
    data_api.PLAYLIST_ITEMS: Kind.DATA_API,
    data_api.VIDEOS: Kind.DATA_API,
}


class FakeYouTube:
    """Serves `captions_folder`: `<video id>.json` per video, `playlists.json` (see Library), `failures.json`.

    Clients reach it with `proxy_url` and `ca_file`, as they would reach YouTube through a proxy that inspects TLS.
    `latency` is seconds before each answer. Requests to the proxy itself, without a tunnel, control it:
    `GET /requests` (counts by kind and video), `DELETE /requests`, `PUT /failures` (as in failures.json),
    `DELETE /failures`, `PUT /playlists` (as in playlists.json; existing ones are kept).
    """

    def __init__(self, captions_folder: Path, *, ca_folder: Path, port: int = 0, latency: float = 0.0) -> None:
        self.latency = latency
        self.ca_file = ca_folder / "youtube-ca.pem"
        self._library = Library(captions_folder)
        self._failures = Failures.from_folder(captions_folder)
        self._requests: Counter[tuple[Kind, str]] = Counter()
        self._counting = Lock()
        self._stopped = Event()
        self._held: set[str] = set()
        self._holding = Condition()
        self._proxy = InterceptingProxy(port, self.ca_file, self.respond)
        self._thread = Thread(target=self._proxy.serve_forever, args=(0.05,), name="youtube-fake server", daemon=True)

    @property
    def proxy_url(self) -> str:
        return f"http://127.0.0.1:{self._proxy.server_port}"

    def certificate(self, host: str) -> trustme.LeafCert:
        """Issues a certificate for another server of the tests, whose clients trust `ca_file` too."""
        return self._proxy.authority.issue_cert(host)

    @property
    def requests(self) -> dict[str, dict[str, int]]:
        """The number of requests of each kind, by video id, or by list id for playlists."""
        counts: dict[str, dict[str, int]] = {kind: {} for kind in Kind}
        with self._counting:
            for (kind, key), count in self._requests.items():
                counts[kind][key] = count
        return counts

    @property
    def playlists(self) -> dict[str, Any]:
        """The playlists in the format of playlists.json; changes apply from the next answer on."""
        return self._library.playlists

    @property
    def videos(self) -> dict[str, answers.Video]:
        """Videos in addition to those of the folder, each in the format of a file."""
        return self._library.videos

    def fail(self, failure: Failure, video_id: str = EVERY_VIDEO, *, times: int | None = None) -> None:
        """Makes `video_id` fail for the next `times` requests that the failure can affect, or until `recover`."""
        self._failures.set(video_id, failure, times)

    def hold(self, video_id: str = EVERY_VIDEO) -> None:
        """Keeps back every answer about `video_id` until `go_on` or `recover`."""
        with self._holding:
            self._held.add(video_id)

    def go_on(self, *video_ids: str) -> None:
        """Gives the answers about these videos that were kept back, or all of them."""
        with self._holding:
            self._held.difference_update(video_ids or set(self._held))
            self._holding.notify_all()

    def recover(self) -> None:
        """Ends all failures, including those of failures.json, and keeps no answer back any more."""
        self._failures.clear()
        self.go_on()

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self.go_on()
        self._proxy.shutdown()
        self._proxy.server_close()

    def __enter__(self) -> FakeYouTube:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def respond(self, request: Request) -> Answer:
        return self._control(request) if request.host is None else self._youtube(request)

    def _youtube(self, request: Request) -> Answer:
        kind = Kind.CHANNEL if channel_answers.is_channel_path(request.path) else _KINDS.get(request.path)
        if kind is None:
            return answers.NOT_FOUND
        key = _asked_for(kind, request)
        with self._counting:
            self._requests[kind, key] += 1
        self._stopped.wait(self.latency)
        with self._holding:
            self._holding.wait_for(lambda: self._held.isdisjoint({key, EVERY_VIDEO}))
        failure = self._failures.take(kind, key)
        match failure:
            case Failure.HANG:
                self._stopped.wait()
                return answers.SERVER_ERROR
            case Failure.BLOCKED:
                return answers.TOO_MANY_REQUESTS
            case Failure.SERVER_ERROR:
                return answers.SERVER_ERROR
        return self._page(kind, key, failure, request)

    def _page(self, kind: Kind, key: str, failure: Failure | None, request: Request) -> Answer:
        match kind:
            case Kind.WATCH:
                found = self._library.look_up(key)
                video = None if isinstance(found, Gone) else found
                return answers.watch_page(video, failure, request.cookies)
            case Kind.CHANNEL:
                return channel_answers.answer(self._library, request, failure)
            case Kind.PLAYLIST:
                further = channel_answers.further_playlists(self._library, request, failure)
                return further or playlist_answers.answer(self._library, request, failure)
            case Kind.DATA_API:
                return data_api.answer(self._library, request, failure)
            case Kind.FEED:
                return feeds.answer(self._library, request.query)
        return self._video(kind, key, failure, request)

    def _video(self, kind: Kind, video_id: str, failure: Failure | None, request: Request) -> Answer:
        found = self._library.look_up(video_id)
        video = None if isinstance(found, Gone) else found
        if kind is Kind.PLAYER:
            failure = failure or (Failure.PRIVATE if found is Gone.PRIVATE else None)
            return answers.player(video, failure, self._library.owners.get(video_id))
        if video is None:
            return answers.NOT_FOUND
        if kind is Kind.OEMBED:
            return answers.oembed(video)
        spoken = request.query.get("lang")
        dubbed = spoken if spoken != video["language_code"] else None
        return answers.timedtext(video, failure, request.query.get("tlang", dubbed), request.query.get("name"))

    def _control(self, request: Request) -> Answer:
        match request.method, request.path:
            case "GET", "/requests":
                pass
            case "DELETE", "/requests":
                self._requests.clear()
            case "PUT", "/failures":
                return self._switch_failures(request.body)
            case "DELETE", "/failures":
                self.recover()
            case "PUT", "/playlists":
                self.playlists.update(json.loads(request.body))
            case _:
                return answers.NOT_FOUND
        return Answer.json(self.requests)

    def _switch_failures(self, body: bytes) -> Answer:
        try:
            self._failures.update(json.loads(body))
        except (AttributeError, KeyError, TypeError, ValueError):
            return answers.BAD_REQUEST
        return Answer.json(self.requests)


def _asked_for(kind: Kind, request: Request) -> str:
    """Returns the id of the video or playlist of a request."""
    match kind:
        case Kind.PLAYER:
            return str(json.loads(request.body)["videoId"])
        case Kind.PLAYLIST:
            return playlist_answers.list_id(request)
        case Kind.CHANNEL:
            return channel_answers.name_in(request)
        case Kind.DATA_API:
            return data_api.list_id(request) or EVERY_VIDEO
        case Kind.OEMBED:
            return parse_qs(urlsplit(request.query.get("url", "")).query).get("v", [""])[0]
    return request.query.get("v") or feeds.list_id(request.query)
