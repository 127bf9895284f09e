"""Transcripts from YouTube."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

import requests
from defusedxml import ElementTree  # type: ignore[import-untyped]
from youtube_transcript_api import IpBlocked, PoTokenRequired, VideoUnplayable, YouTubeTranscriptApi
from youtube_transcript_api import Transcript as Track

from skimlist.captions import Choice, choose_track, clean_segments, has_words
from skimlist.errors import TranscriptEmpty
from skimlist.models import Segment, Transcript, watch_url
from skimlist.readable import printable, unescaped
from skimlist.youtube_errors import FOREIGN_ERRORS, error_from, error_from_playability
from skimlist.youtube_session import YouTubeSession

_OEMBED_URL = "https://www.youtube.com/oembed"
_PLAYER_PATH = "/youtubei/v1/player"


class YouTube:
    """Fetches transcripts over `session`; not thread-safe, so one instance per thread.

    The library keeps to itself what YouTube's player answers beside the captions: title, length, why it refuses. A
    response hook of the session reads it in passing, which spares a fourth request per video.
    """

    def __init__(self, session: YouTubeSession) -> None:
        self._session = session
        self._player: Mapping[str, Any] = {}
        session.hooks["response"].append(self._keep_player_answer)
        self._api = YouTubeTranscriptApi(session.proxy_config, session)

    def fetch_transcript(self, video_id: str, language: str | None = None) -> Transcript:
        """The captions of one video with its title, channel and length as far as YouTube tells them.

        `language` is a BCP 47 code, None for the video's own; skimlist.captions.choose_track says how a track is
        chosen. Title and channel are None rather than an error if YouTube does not tell them.

        Raises VideoFailed (of a class that says why) if this video has no usable captions or YouTube does not answer,
        BatchBlocked if YouTube blocks this address or the proxy does not work.
        """
        self._player = {}
        with self._domain_errors():
            return self._fetch(video_id, language)

    def _fetch(self, video_id: str, language: str | None) -> Transcript:
        choice = choose_track(list(self._api.list(video_id)), language)
        track, segments = self._read(choice)
        if not has_words(segments):
            raise TranscriptEmpty
        title, channel = (text and printable(text) for text in self._title_and_channel(video_id))
        return Transcript(
            video_id=video_id,
            language_code=track.language_code,
            language=track.language,
            is_generated=choice.track.is_generated,
            translated_from=None if track is choice.track else choice.track.language_code,
            segments=segments,
            title=title or None,
            channel=channel or None,
            duration_seconds=float(self._details.get("lengthSeconds", 0)) or None,
        )

    def _read(self, choice: Choice[Track]) -> tuple[Track, tuple[Segment, ...]]:
        """YouTube's translation if it gives one, else the track itself.

        YouTube turns away requests for translations alone, while it hands out the track; only the track shows whether
        it blocks this address (github.com/yt-dlp/yt-dlp/issues/13831). A model writes in the wanted language anyway.
        """
        if choice.translate_to:
            with suppress(IpBlocked, requests.exceptions.RetryError):
                translated = choice.track.translate(choice.translate_to)
                return translated, clean_segments(self._captions(translated))
        return choice.track, clean_segments(self._captions(choice.track))

    def _captions(self, track: Track) -> Iterator[Segment]:
        """The captions as YouTube sends them, markup and all.

        What `Track.fetch` does besides is to look for tags by a pattern that takes 20 seconds for a caption of 80,000
        `<`; `clean_segments` removes them in a time that grows with the length alone.
        """
        if "&exp=xpe" in track._url:
            raise PoTokenRequired(track.video_id)
        response = self._session.get(track._url)
        if response.status_code == requests.codes.too_many_requests:
            raise IpBlocked(track.video_id)
        response.raise_for_status()
        for caption in ElementTree.fromstring(response.text):
            if caption.text:
                # YouTube escapes a caption once more than XML needs.
                yield Segment(
                    unescaped(caption.text), float(caption.attrib["start"]), float(caption.attrib.get("dur", 0))
                )

    @contextmanager
    def _domain_errors(self) -> Iterator[None]:
        try:
            with self._refusal_in_words():
                yield
        except FOREIGN_ERRORS as error:
            raise error_from(error) from error

    @contextmanager
    def _refusal_in_words(self) -> Iterator[None]:
        try:
            yield
        except VideoUnplayable as error:
            raise error_from_playability(self._player.get("playabilityStatus", {})) from error

    def _keep_player_answer(self, response: requests.Response, *_: Any, **__: Any) -> None:
        if urlsplit(response.url).path == _PLAYER_PATH:
            with suppress(ValueError):
                self._player = response.json()

    @property
    def _details(self) -> Mapping[str, Any]:
        details: Mapping[str, Any] = self._player.get("videoDetails", {})
        return details

    def _title_and_channel(self, video_id: str) -> tuple[str | None, str | None]:
        if title := self._details.get("title"):
            return title, self._details.get("author")
        try:
            response = self._session.get(_OEMBED_URL, params={"url": watch_url(video_id), "format": "json"})
            response.raise_for_status()
            video = response.json()
            return video.get("title"), video.get("author_name")
        except FOREIGN_ERRORS:
            return None, None
