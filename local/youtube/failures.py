"""Failures and oddities of videos, each for a number of requests."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from threading import Lock
from typing import Any

EVERY_VIDEO = "*"


class Kind(StrEnum):
    """The kinds of requests to YouTube."""

    WATCH = "watch"
    PLAYER = "player"
    TIMEDTEXT = "timedtext"
    OEMBED = "oembed"
    PLAYLIST = "playlist"
    CHANNEL = "channel"
    FEED = "feed"
    DATA_API = "data_api"


class Failure(StrEnum):
    """A failure, or an oddity that a client has to handle."""

    BLOCKED = "blocked"
    HANG = "hang"
    SERVER_ERROR = "server_error"
    CAPTCHA = "captcha"
    CONSENT = "consent"
    CONSENT_BROKEN = "consent_broken"
    BOT_CHECK = "bot_check"
    SESSION_LIMIT = "session_limit"
    PRIVATE = "private"
    AGE_GATE = "age_gate"
    NOT_LIVE = "not_live"
    COUNTRY = "country"
    UNAVAILABLE = "unavailable"
    CAPTIONS_OFF = "captions_off"
    PO_TOKEN = "po_token"  # noqa: S105
    MALFORMED = "malformed"
    EMPTY = "empty"
    INCOMPLETE = "incomplete"
    QUOTA_EXCEEDED = "quota_exceeded"
    MEMBERS_ONLY = "members_only"
    REMOVED = "removed"
    LIVE_NOW = "live_now"
    JUST_ENDED = "just_ended"
    RECORDING_GONE = "recording_gone"
    STILL_PROCESSED = "still_processed"
    NOT_JSON = "not_json"
    CUT_OFF = "cut_off"
    BLANK = "blank"
    AUTO_DUBBED = "auto_dubbed"
    SAME_CODE_TWICE = "same_code_twice"
    OLD_CODE = "old_code"
    RELATIVE_ADDRESS = "relative_address"
    FOREIGN_ADDRESS = "foreign_address"
    TRANSLATION_BLOCKED = "translation_blocked"
    SONG = "song"
    ROLLING = "rolling"
    MASKED = "masked"
    RELOAD_INCOMPLETE = "reload_incomplete"
    RELOAD_FAILS = "reload_fails"

    @property
    def kinds(self) -> frozenset[Kind]:
        """The kinds of requests that this failure affects."""
        return _KINDS.get(self, frozenset({Kind.PLAYER}))


_WATCH, _TIMEDTEXT, _ALL = frozenset({Kind.WATCH}), frozenset({Kind.TIMEDTEXT}), frozenset(Kind)

_KINDS = {
    Failure.BLOCKED: _ALL - {Kind.DATA_API},  # which asks for a key instead
    Failure.HANG: _ALL,
    Failure.SERVER_ERROR: _ALL,
    Failure.CAPTCHA: _WATCH,
    Failure.CONSENT: _WATCH,
    Failure.CONSENT_BROKEN: _WATCH,
    Failure.MALFORMED: frozenset({Kind.TIMEDTEXT, Kind.PLAYLIST, Kind.CHANNEL, Kind.DATA_API}),
    Failure.EMPTY: _TIMEDTEXT,
    Failure.INCOMPLETE: frozenset({Kind.PLAYLIST}),
    Failure.QUOTA_EXCEEDED: frozenset({Kind.DATA_API}),
    **dict.fromkeys((Failure.TRANSLATION_BLOCKED, Failure.SONG, Failure.ROLLING, Failure.MASKED), _TIMEDTEXT),
    **dict.fromkeys((Failure.RELOAD_INCOMPLETE, Failure.RELOAD_FAILS), frozenset({Kind.PLAYLIST})),
}


@dataclass
class _Switch:
    failure: Failure
    times: int | None = None


class Failures:
    """The current failures by video. `times` is the number of requests that are still to fail; None means all."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._switches: dict[str, _Switch] = {}
        self._lock = Lock()
        self.update(settings)

    @classmethod
    def from_folder(cls, folder: Path) -> Failures:
        file = folder / "failures.json"
        return cls(json.loads(file.read_bytes()) if file.exists() else {})

    def update(self, settings: Mapping[str, Any]) -> None:
        """Sets failures in the format of failures.json: {video id or "*": failure or {"failure": …, "times": …}}."""
        for video_id, setting in settings.items():
            if isinstance(setting, str):
                self.set(video_id, Failure(setting))
            else:
                self.set(video_id, Failure(setting["failure"]), setting.get("times"))

    def set(self, video_id: str, failure: Failure, times: int | None = None) -> None:
        with self._lock:
            self._switches[video_id] = _Switch(failure, times)

    def clear(self) -> None:
        with self._lock:
            self._switches.clear()

    def take(self, kind: Kind, video_id: str) -> Failure | None:
        """Returns the failure of this request, and counts it."""
        with self._lock:
            for key in (video_id, EVERY_VIDEO):
                switch = self._switches.get(key)
                if switch and switch.times != 0 and kind in switch.failure.kinds:
                    switch.times = switch.times and switch.times - 1
                    return switch.failure
        return None
