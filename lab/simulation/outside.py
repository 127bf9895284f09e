"""The services outside of AWS: YouTube, which sometimes fails, and a model that charges for each answer."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import httpx2
from openai import APIConnectionError, APIStatusError

from local.model.answers import completion
from skimlist.errors import (
    CaptionsDisabled,
    NoCaptions,
    PlaylistUnavailable,
    SkimlistError,
    VideoPrivate,
    YouTubeAnswerUnreadable,
    YouTubeBlocked,
    YouTubeUnreachable,
)
from skimlist.models.channel import Channel
from skimlist.models.follow import Follow
from skimlist.models.playlist import Playlist, PlaylistEntry, UploadTime
from skimlist.models.settings import CaptionRequest
from skimlist.models.transcript import Segment, Transcript
from skimlist.youtube.followed_sources import FollowedSources
from skimlist.youtube.lists import ChannelInfo, ListInfo
from skimlist.youtube.upload_times import from_text

if TYPE_CHECKING:
    from random import Random

    from lab.simulation.world import World

VIDEOS = 9
_BAD_VIDEOS = 0.3
_BLOCKED_SECONDS = 3600.0
TEXTS = ("Bread needs flour, water and salt.", "It also needs time and patience.", "The oven has to be very hot.")
_PASSING = (YouTubeUnreachable, YouTubeUnreachable, YouTubeAnswerUnreadable)
_FOR_GOOD = (CaptionsDisabled, VideoPrivate)
# Sources to follow, of which only channels have a feed.
SOURCES = ("PLxxxxxxxxxxxxxxx7", "PLxxxxxxxxxxxxxxx8", "UCxxxxxxxxxxxxxxxxxxxxx9")
# The title of some of their videos, which users may exclude.
EXCLUDED_TITLE = "Talk 3"
_CHANGES = 20
# Of a channel, a check reads so many of the newest videos, or all if none of these was seen.
NEWEST = 3
_LATE_CAPTIONS = 0.3
_LONGEST_WITHOUT_CAPTIONS = 4 * 24 * 3600.0


def video_id(number: int) -> str:
    return f"video{number:06}"


@dataclass
class Source:
    """A playlist or channel that changes; `videos` are those that can be watched, in the order of their upload.

    `is_broken` is one that is never read again, and `error` is raised in place of one that is gone for a while.
    `uploaded_at` has the time of every upload so far.
    """

    id: str
    number: int
    videos: list[str] = field(default_factory=list)
    error: type[SkimlistError] | None = None
    is_broken: bool = False
    uploaded_at: dict[str, datetime] = field(default_factory=dict)

    @property
    def is_channel(self) -> bool:
        return self.id.startswith("UC")

    def upload(self, now: datetime) -> str:
        video = video_id(100 * self.number + len(self.uploaded_at) + 1)
        self.uploaded_at[video] = now
        self.videos.append(video)
        return video

    def entries(self, now: datetime) -> Iterator[PlaylistEntry]:
        """Yields the videos of a playlist in its order, and those of a channel as YouTube's pages list them.

        These begin with the newest, and say only how many hours or days old a video is.
        """
        for video in reversed(self.videos) if self.is_channel else self.videos:
            at = self.uploaded_at[video]
            uploaded = from_text(_age(now - at), now) if self.is_channel else UploadTime.exactly(at)
            yield PlaylistEntry(video_id=video, title=title_of(video), uploaded=uploaded)


def _age(age: timedelta) -> str:
    return f"{age.days} days ago" if age.days else f"{age.seconds // 3600} hours ago"


def title_of(video: str) -> str:
    return f"Talk {video[-1]}"


def a_selection(random: Random, now: datetime) -> dict[str, Any] | None:
    """Returns what a user may want of a source, as the API takes it; None for all of its videos."""
    day = (now + timedelta(days=random.randint(-2, 1))).date().isoformat()
    return random.choice(
        [None, {"title_excludes": [EXCLUDED_TITLE]}, {"newest": 1}, {"newest": 2}, {"since": day}, {"until": day}]
    )


class Outside:
    """YouTube and a model. `paid` is the true cost of all answers by batch, whether or not the batch counted it.

    `silent` are the videos whose own pages once did not say when they were uploaded.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._blocked_until = 0.0
        self._bad: dict[str, type[SkimlistError]] = {}
        for number in range(1, VIDEOS + 1):
            if world.random.random() < _BAD_VIDEOS:
                self._bad[video_id(number)] = world.random.choice([*_PASSING, *_FOR_GOOD])
        self.paid: dict[str, Decimal] = defaultdict(Decimal)
        self.requests: Counter[str] = Counter()
        self.sources = {name: Source(name, number) for number, name in enumerate(SOURCES, start=1)}
        self.silent: set[str] = set()
        self._captions_at: dict[str, float] = {}

    # --- YouTube -----------------------------------------------------------------------------------------------------

    def fetch_transcript(self, video: str, wanted: CaptionRequest) -> Transcript:
        del wanted
        self._ask_youtube(video)
        if self._world.scheduler.now < self._captions_at.get(video, 0.0):
            raise NoCaptions
        if error := self._bad.get(video):
            if error in _PASSING and self._world.random.random() < 0.5 and not self._world.faults.youtube:
                del self._bad[video]
            else:
                raise error
        segments = tuple(Segment(text, index * 5.0, 5.0) for index, text in enumerate(TEXTS))
        return Transcript(
            video_id=video, language_code="en", language="English", is_generated=False, segments=segments,
            title=title_of(video), duration_seconds=15.0,
        )  # fmt: skip

    # What our code asks a source of lists for (`skimlist.youtube.lists.Lists`).

    def find_channel(self, channel: Channel) -> ChannelInfo | None:
        is_gone = self.sources[channel.name].error is PlaylistUnavailable
        return None if is_gone else ChannelInfo(id=channel.name, title="A channel")

    def about(self, _playlist: str) -> ListInfo:
        return ListInfo(title="A list")

    def entries(self, playlist: str) -> Iterator[PlaylistEntry]:
        self._ask_youtube(playlist)
        if source := self.sources.get(playlist.replace("UU", "UC", 1)):
            if source.error:
                raise source.error
            yield from source.entries(self.now)
            return
        if playlist.endswith("0"):
            raise PlaylistUnavailable
        first = int(playlist[-1])
        for number in range(first, min(first + 3, VIDEOS) + 1):
            yield PlaylistEntry(video_id=video_id(number), unavailable="Private video" if number == VIDEOS else None)

    def find_upload_time(self, video: str) -> datetime | None:
        self._ask_youtube(f"the page of {video}")
        if self._world.chance("silent_page"):
            self._world.tell(f"the page of {video} says no upload time")
            self.silent.add(video)
            return None
        return next(source.uploaded_at[video] for source in self.sources.values() if video in source.uploaded_at)

    def newest_uploads(self, _session: Any, channel: Channel) -> frozenset[str] | None:
        self._ask_youtube(f"the feed of {channel.name}")
        return frozenset(self.sources[channel.name].videos[-15:]) or None

    # --- Sources to follow -------------------------------------------------------------------------------------------

    def live(self) -> None:
        """Lets the sources gain and lose videos, and be gone for some time; one of them may stay so."""
        world, random = self._world, self._world.random
        for source in self.sources.values():
            for _ in range(random.randint(0, 2 * NEWEST)):
                source.upload(self.now)
        for _ in range(_CHANGES):
            world.scheduler.sleep(random.uniform(0, random.choice([600, 6 * 3600, 12 * 3600])))
            self._change(random.choice([*self.sources.values()]))

    def _change(self, source: Source) -> None:
        random = self._world.random
        match random.choice(["upload", "upload", "upload", "upload", "remove", "hide", "gone", "back"]):
            case "upload":
                for _ in range(random.choice([1, 1, 2, 4])):
                    self.upload(source)
            case "remove" if source.videos:
                source.videos.remove(random.choice(source.videos))
                self._world.tell(f"{source.id} has {source.videos}")
            case "hide" if source.videos:
                del source.videos[-random.randint(1, len(source.videos)) :]
                self._world.tell(f"{source.id} has hidden its newest videos, and has {source.videos}")
            case "gone":
                source.error = random.choice([PlaylistUnavailable, YouTubeUnreachable])
                self._world.tell(f"{source.id} is not readable: {source.error.__name__}")
            case "back":
                source.error = None

    @property
    def now(self) -> datetime:
        return datetime.fromtimestamp(self._world.scheduler.now, UTC)

    def upload(self, source: Source) -> None:
        world = self._world
        video = source.upload(self.now)
        if world.random.random() < _LATE_CAPTIONS:
            self._captions_at[video] = world.scheduler.now + world.random.uniform(0, _LONGEST_WITHOUT_CAPTIONS)
        world.tell(f"{source.id} has {video}")

    def calm_down(self) -> None:
        """Makes every source readable but one, which may stay broken in any way, and adds a video to each."""
        random = self._world.random
        broken = random.choice([None, *self.sources.values()])
        for source in self.sources.values():
            source.error = None
            self.upload(source)
        if broken:
            broken.is_broken = True
            broken.error = random.choice([PlaylistUnavailable, YouTubeUnreachable, YouTubeBlocked])
            self._world.tell(f"{broken.id} stays unreadable: {broken.error.__name__}")

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
        if "batch_id" in process.details["payload"]:
            self._world.on_ask(self._world, process)


class Sources(FollowedSources):
    """The sources of follows as our code reads them; another check may begin at that moment."""

    def __init__(self, world: World) -> None:
        super().__init__(lambda: None, None)  # type: ignore[arg-type,return-value]
        self._world = world

    def read(self, follow: Follow, seen: Sequence[str] | None) -> Playlist:  # type: ignore[override]
        world, process = self._world, self._world.scheduler.current
        if process:
            world.on_check(world, process, follow.user_id)
        rounds = sum(each.details["function"] == "check_follows" for each in world.invocations)
        if rounds == 1 and world.chance("checked"):
            world.invoke_later("check_follows", {})
        return super().read(follow, seen)
