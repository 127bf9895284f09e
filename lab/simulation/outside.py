"""The services outside of AWS: YouTube, which sometimes fails, and a model that charges for each answer."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import httpx2
from openai import APIConnectionError, APIStatusError

from local.model.answers import completion
from skimlist.errors import (
    CaptionsDisabled,
    PlaylistUnavailable,
    SkimlistError,
    VideoPrivate,
    YouTubeAnswerUnreadable,
    YouTubeBlocked,
    YouTubeUnreachable,
)
from skimlist.models.playlist import Playlist, PlaylistEntry
from skimlist.models.transcript import CaptionRequest, Segment, Transcript

if TYPE_CHECKING:
    from lab.simulation.world import World

VIDEOS = 9
_BAD_VIDEOS = 0.3
_BLOCKED_SECONDS = 3600.0
_TEXTS = ("Bread needs flour, water and salt.", "It also needs time and patience.", "The oven has to be very hot.")
_PASSING = (YouTubeUnreachable, YouTubeUnreachable, YouTubeAnswerUnreadable)
_FOR_GOOD = (CaptionsDisabled, VideoPrivate)


def video_id(number: int) -> str:
    return f"video{number:06}"


class Outside:
    """YouTube and a model. `paid` is the true cost of all answers by batch, whether or not the batch counted it."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._blocked_until = 0.0
        self._bad: dict[str, type[SkimlistError]] = {}
        for number in range(1, VIDEOS + 1):
            if world.random.random() < _BAD_VIDEOS:
                self._bad[video_id(number)] = world.random.choice([*_PASSING, *_FOR_GOOD])
        self.paid: dict[str, Decimal] = defaultdict(Decimal)
        self.requests: Counter[str] = Counter()

    # --- YouTube -----------------------------------------------------------------------------------------------------

    def fetch_transcript(self, video: str, wanted: CaptionRequest) -> Transcript:
        del wanted
        self._ask_youtube(video)
        if error := self._bad.get(video):
            if error in _PASSING and self._world.random.random() < 0.5 and not self._world.faults.youtube:
                del self._bad[video]
            else:
                raise error
        segments = tuple(Segment(text, index * 5.0, 5.0) for index, text in enumerate(_TEXTS))
        return Transcript(
            video_id=video, language_code="en", language="English", is_generated=False, segments=segments,
            title=f"Talk {video[-1]}", duration_seconds=15.0,
        )  # fmt: skip

    def read_playlist(self, _session: Any, playlist: str, **_more: Any) -> Playlist:
        self._ask_youtube(playlist)
        if playlist.endswith("0"):
            raise PlaylistUnavailable
        first = int(playlist[-1])
        entries = tuple(
            PlaylistEntry(video_id=video_id(number), unavailable="Private video" if number == VIDEOS else None)
            for number in range(first, min(first + 3, VIDEOS) + 1)
        )
        return Playlist(id=playlist, title="A list", channel=None, entries=entries)

    def _ask_youtube(self, what: str) -> None:
        world = self._world
        self._note("youtube", what)
        world.scheduler.sleep(world.random.uniform(0.2, 3))
        if world.chance("youtube_blocks"):
            self._blocked_until = world.scheduler.now + world.random.uniform(0, _BLOCKED_SECONDS)
        if world.scheduler.now < self._blocked_until:
            raise YouTubeBlocked
        if world.chance("youtube"):
            raise world.random.choice(_PASSING)

    # --- The model ---------------------------------------------------------------------------------------------------

    def client(self, **_options: Any) -> Any:
        """The part of the OpenAI SDK's client that our code uses."""
        completions = SimpleNamespace(with_streaming_response=SimpleNamespace(create=self._answer))
        return SimpleNamespace(base_url="https://model.example/v1/", chat=SimpleNamespace(completions=completions))

    @contextmanager
    def _answer(self, **request: Any) -> Iterator[SimpleNamespace]:
        world = self._world
        self._note("model", "an answer")
        world.scheduler.sleep(world.random.uniform(0.5, 6))
        request_sent = httpx2.Request("POST", "https://model.example/v1/chat/completions")
        if world.chance("model"):
            if world.random.random() < 0.5:
                raise APIConnectionError(request=request_sent)
            status, code = world.random.choice([(429, None), (429, "insufficient_quota"), (503, None)])
            rejection = httpx2.Response(status, request=request_sent, json={"error": {"code": code}})
            raise APIStatusError("no", response=rejection, body={"code": code})
        yield SimpleNamespace(
            http_response=httpx2.Response(200, json=completion(request, self.requests["model"], None))
        )

    def _note(self, service: str, what: str) -> None:
        self.requests[service] += 1
        process = self._world.scheduler.current
        if process is None:
            raise RuntimeError("Only a process asks.")
        self._world.tell(f"asks {service} for {what}")
        self._world.on_ask(self._world, process)
