"""Builds addresses of a video at YouTube."""

from __future__ import annotations

from math import floor


def watch_url(video_id: str) -> str:
    return f"https://www.youtube.com/watch?v={video_id}"


def time_url(video_id: str, seconds: float) -> str:
    """Returns an address that plays the video from this second on."""
    return f"https://youtu.be/{video_id}?t={floor(seconds)}"
