"""Fetches transcripts from YouTube."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from defusedxml import ElementTree  # type: ignore[import-untyped]
from youtube_transcript_api import TranscriptsDisabled, VideoUnplayable, YouTubeTranscriptApi

from skimlist.errors import (
    CaptionsDisabled,
    NoCaptions,
    SkimlistError,
    TranscriptEmpty,
    VideoFailed,
    VideoNotReady,
    YouTubeAnswerUnreadable,
    YouTubeBlocked,
    YouTubeTokenRequired,
)
from skimlist.formatting import unescaped
from skimlist.models.addresses import watch_url
from skimlist.models.settings import CaptionRequest
from skimlist.models.transcript import Segment, Transcript
from skimlist.youtube import upload_times
from skimlist.youtube.captions import Choice, Language, choose_track, clean_segments, has_words
from skimlist.youtube.details import creator_chapters, described_video, description_of, names_in_page
from skimlist.youtube.errors import FOREIGN_ERRORS, error_from, error_from_playability
from skimlist.youtube.player import (
    CaptionTrack,
    caption_tracks,
    channel_id,
    is_live,
    length_seconds,
    own_language,
    title_and_channel,
    was_just_live,
)
from skimlist.youtube.session import YouTubeSession
from skimlist.youtube.values import clean_name

_ORIGIN = "https://www.youtube.com"
_OEMBED_URL = f"{_ORIGIN}/oembed"
_PLAYER_PATH = "/youtubei/v1/player"
_WATCH_PATH = "/watch"
# The video's own captions, and nothing in their place.
_OWN = CaptionRequest()
# A host name of plain characters up to the first slash, because URL parsers differ in their treatment of "@" and "\".
_ADDRESS_AT_YOUTUBE = re.compile(r"https://(?:[a-z0-9-]+\.)*youtube\.com/[!-~]*")


class YouTube:
    """Fetches transcripts with `session`; not thread-safe, so use one instance per thread.

    The library asks for the watch page and for the player, but does not return most of their answers: title, length,
    audio tracks, chapters, the reason of a refusal. A response hook of the session keeps these answers, which saves a
    fourth request per video.
    """

    def __init__(self, session: YouTubeSession) -> None:
        self._session = session
        self._player: Any = None
        self._watch_page = ""
        session.hooks["response"].append(self._keep_answer)
        self._library = YouTubeTranscriptApi(session.proxy_config, session)

    def fetch_transcript(self, video_id: str, wanted: CaptionRequest = _OWN) -> Transcript:
        """Fetches the captions of one video with its title, channel, length, publication time and creator's chapters.

        `captions.choose_track` says how a track is chosen. What YouTube does not give is None or empty. If the video
        has no captions and `wanted` allows it, its description is returned in their place.

        Raises VideoFailed (a subclass says why) if this video has no usable captions or YouTube does not answer, and
        BatchBlocked if YouTube blocks this address or the proxy does not work. A VideoFailed has the title and channel
        if YouTube has given them by then.
        """
        self._player, self._watch_page = None, ""
        try:
            return self._fetch_or_describe(video_id, wanted)
        except VideoFailed as error:
            error.title, error.channel = self._given_names()
            raise

    def _fetch_or_describe(self, video_id: str, wanted: CaptionRequest) -> Transcript:
        try:
            with _domain_errors():
                return self._fetch(video_id, wanted)
        except (NoCaptions, CaptionsDisabled, TranscriptEmpty):
            described = described_video(video_id, self._details(video_id)) if wanted.or_description else None
            if described is None:
                raise
            return described

    def _fetch(self, video_id: str, wanted: CaptionRequest) -> Transcript:
        tracks = self._tracks(video_id)
        choice = choose_track(tracks, wanted.language, own_language(self._player), translate=wanted.translate)
        read, segments = self._read(choice)
        if not has_words(segments):
            raise TranscriptEmpty
        return Transcript(
            video_id=video_id,
            language_code=read.language_code,
            language=read.language,
            is_generated=choice.track.is_generated,
            translated_from=None if read is choice.track else choice.track.language_code,
            segments=segments,
            **self._details(video_id),
        )

    def _details(self, video_id: str) -> dict[str, Any]:
        """Returns what YouTube says about the video, besides its captions."""
        title, channel = self._title_and_channel(video_id)
        description, seconds = description_of(self._player), length_seconds(self._player)
        return {
            "title": title,
            "channel": channel,
            "channel_id": channel_id(self._player),
            "duration_seconds": seconds,
            "description": description,
            "published_at": upload_times.from_page(self._watch_page),
            "chapters": creator_chapters(self._watch_page, description, seconds),
        }

    def _tracks(self, video_id: str) -> list[CaptionTrack]:
        """Returns the video's tracks; the library's own list has only the last one of each language."""
        tracks: list[CaptionTrack] = []
        try:
            self._library._fetcher._fetch_captions_json(video_id)
            tracks = caption_tracks(self._player)
        except VideoUnplayable as error:
            raise error_from_playability(self._player["playabilityStatus"]) from error
        except TranscriptsDisabled:
            if not (is_live(self._player) or was_just_live(self._player)):
                raise
        # Before a stream has ended, its captions are incomplete, and captions that were fetched once are kept.
        if is_live(self._player) or (was_just_live(self._player) and not tracks):
            raise VideoNotReady
        return tracks

    def _read(self, choice: Choice[CaptionTrack]) -> tuple[Language, tuple[Segment, ...]]:
        """Reads YouTube's translation if there is one, or else the track itself.

        YouTube sometimes refuses translations but not the track, so only the track shows whether it blocks this address
        (github.com/yt-dlp/yt-dlp/issues/13831). A model writes in the wanted language in any case.
        """
        if target := choice.translate_to:
            with suppress(SkimlistError, *FOREIGN_ERRORS):
                segments = self._captions(f"{choice.track.address}&tlang={target.language_code}")
                if has_words(segments):
                    return target, segments
        return choice.track, self._captions(choice.track.address)

    def _captions(self, address: str) -> tuple[Segment, ...]:
        url = urljoin(_ORIGIN, address).replace("&fmt=srv3", "")  # this parameter asks for another format
        if not _ADDRESS_AT_YOUTUBE.fullmatch(url):
            raise YouTubeAnswerUnreadable
        if "&exp=xpe" in url:
            raise YouTubeTokenRequired
        response = self._session.get(url)
        if response.status_code == requests.codes.too_many_requests:
            raise YouTubeBlocked
        response.raise_for_status()
        return clean_segments(_snippets(response.text))

    def _keep_answer(self, response: requests.Response, *_: Any, **__: Any) -> None:
        path = urlsplit(response.url).path
        if path == _WATCH_PATH:
            self._watch_page = response.text
        elif path == _PLAYER_PATH:
            with suppress(ValueError):
                self._player = response.json()

    def _title_and_channel(self, video_id: str) -> tuple[str | None, str | None]:
        title, channel = self._given_names()
        if title:
            return title, channel
        try:
            response = self._session.get(_OEMBED_URL, params={"url": watch_url(video_id), "format": "json"})
            response.raise_for_status()
            video = response.json()
            return clean_name(video.get("title")), clean_name(video.get("author_name"))
        except FOREIGN_ERRORS:
            return None, None

    def _given_names(self) -> tuple[str | None, str | None]:
        """Returns the title and channel in the answers so far; the page has them even if the player refuses to play."""
        title, channel = title_and_channel(self._player)
        return (title, channel) if title else names_in_page(self._watch_page)


def _snippets(xml: str) -> Iterator[Segment]:
    """Yields the captions with their markup.

    The library's own parser searches for tags with a pattern that takes 20 seconds for a caption of 80,000 `<`;
    `clean_segments` removes them in linear time.
    """
    transcript = ElementTree.fromstring(xml)
    if transcript.tag != "transcript":
        raise YouTubeAnswerUnreadable
    for caption in transcript.iter("text"):
        # YouTube escapes a caption once more than XML needs.
        text = unescaped("".join(caption.itertext()))
        yield Segment(text, float(caption.attrib["start"]), float(caption.attrib.get("dur", 0)))


@contextmanager
def _domain_errors() -> Iterator[None]:
    try:
        yield
    except FOREIGN_ERRORS as error:
        raise error_from(error) from error
