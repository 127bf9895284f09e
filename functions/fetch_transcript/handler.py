"""Fetch transcript: stores the captions of one video in the bucket, once."""

from __future__ import annotations

from typing import Any

from skimlist import aws
from skimlist.bucket import Bucket
from skimlist.config import settings
from skimlist.events import VideoEvent
from skimlist.jobs.outages import Outages
from skimlist.jobs.videos import Videos
from skimlist.log import logger, step
from skimlist.models.settings import CaptionRequest
from skimlist.models.transcript import Transcript
from skimlist.secrets import Secrets
from skimlist.steps.fetch_transcript import FetchTranscript


@step
def handler(event: dict[str, Any], _context: Any) -> None:
    table, archive = aws.table(settings().table_name), Bucket(aws.client("s3"), settings().bucket_name)
    FetchTranscript(
        videos=Videos(table), outages=Outages(table), archive=archive, fetch=_fetch_transcript, log=logger
    ).run(VideoEvent.from_dict(event))


def _fetch_transcript(video_id: str, wanted: CaptionRequest) -> Transcript:
    # These imports are half of this function's start, and a video whose transcript is stored does not need them.
    from skimlist.youtube.session import youtube_session  # noqa: PLC0415
    from skimlist.youtube.transcripts import YouTube  # noqa: PLC0415

    proxy_url = Secrets(aws.client("ssm"), settings().secrets_prefix).find("youtube-proxy-url")
    return YouTube(youtube_session(proxy_url, settings().ca_bundle)).fetch_transcript(video_id, wanted)
