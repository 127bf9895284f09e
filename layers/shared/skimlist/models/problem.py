"""The reason why a video, playlist, digest or batch failed, as it is stored and shown."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A stable code, a sentence for a person, advice, and whether a retry can help."""

    code: str
    message: str
    advice: str
    retryable: bool
