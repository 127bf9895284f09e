"""A channel with more videos than anybody wants."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from local.youtube import FakeYouTube

_CHANNEL = "UC" + "Skimlist" * 2 + "-Large"
_TOPICS = ["bread", "an advert", "a quiz", "soup", "news", "cheese", "salt"]
_BETWEEN = timedelta(hours=23)


def large_channel(fake: FakeYouTube, now: datetime) -> list[dict[str, Any]]:
    """Adds a channel, `@everyday`, of 3,000 videos of any length and kind; returns them, newest first.

    Every fifth is a Short, every fiftieth a stream, every hundredth a premiere; titles name one of seven topics.
    """
    videos = [
        {
            "video_id": f"Large_{number:04}1",
            "title": f"{_TOPICS[number % 7].capitalize()} number {number}",
            "channel": "Every day",
            "language": "English",
            "language_code": "en",
            "is_generated": False,
            "duration_seconds": 45 if number % 5 == 3 else 300 + number * 397 % 7_200,
            "published": (now - number * _BETWEEN - timedelta(minutes=5)).isoformat(),
            "snippets": [{"text": f"This is about {_TOPICS[number % 7]}.", "start": 0, "duration": 4}],
        }
        for number in range(3_000)
    ]
    fake.videos.update({video["video_id"]: video for video in videos})
    names = [video["video_id"] for video in videos]
    fake.playlists[_CHANNEL] = {
        "title": "Every day",
        "names": ["@everyday"],
        "videos": names,
        "shorts": names[3::5],
        "streams": names[4::50],
        "premieres": names[6::100],
    }
    return videos
