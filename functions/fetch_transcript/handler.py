"""Fetch transcript: stores the captions of one video in the bucket, once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from skimlist import aws
from skimlist.archive_bucket import ArchiveBucket
from skimlist.config import settings
from skimlist.events import VideoEvent
from skimlist.jobs.outages import Outages
from skimlist.jobs.videos import Videos
from skimlist.log import logger, step
from skimlist.models.batch import Batch
from skimlist.models.outage import Dependency
from skimlist.models.transcript import Transcript
from skimlist.models.video import Stage
from skimlist.secrets import Secrets


@step
def handler(event: dict[str, Any], _context: Any) -> None:
    work = VideoEvent.from_dict(event)
    table = aws.table(settings().table_name)
    videos = Videos(table)
    batch = _claim(work, videos)
    if batch is None:
        logger.info("not the current video any more")
        return
    language = batch.settings.options.language
    archive = ArchiveBucket(aws.client("s3"), settings().bucket_name)
    if archive.has_transcript(work.user_id, work.video_id, language):
        logger.info("transcript was fetched before")
        return
    transcript = _fetch(work.video_id, language)
    archive.put_transcript(work.user_id, transcript, language)
    videos.note_answer(batch, Dependency.YOUTUBE, datetime.now(UTC))
    Outages(table).clear(batch, Dependency.YOUTUBE)
    logger.info("transcript stored", language=transcript.language_code, segments=len(transcript.segments))


def _claim(work: VideoEvent, videos: Videos) -> Batch | None:
    now = datetime.now(UTC)
    return videos.claim(work.user_id, work.batch_id, work.current(Stage.FETCHING, now), work.order_version, now)


def _fetch(video_id: str, language: str | None) -> Transcript:
    # Half of this function's start-up are these imports; a video whose transcript is there does without them.
    from skimlist.youtube.session import youtube_session  # noqa: PLC0415
    from skimlist.youtube.transcripts import YouTube  # noqa: PLC0415

    proxy_url = Secrets(aws.client("ssm"), settings().secrets_prefix).find("youtube-proxy-url")
    return YouTube(youtube_session(proxy_url, settings().ca_bundle)).fetch_transcript(video_id, language)
