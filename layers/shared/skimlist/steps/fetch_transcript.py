"""Fetch transcript: stores the captions of one video in the bucket once; the user's own come before YouTube's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from skimlist.bucket import Bucket
from skimlist.errors import NoCaptions, SkimlistError, VideoFailed
from skimlist.events import VideoEvent
from skimlist.jobs.outages import Outages
from skimlist.jobs.videos import Videos
from skimlist.models.batch import Batch
from skimlist.models.outage import Dependency
from skimlist.models.settings import CaptionRequest
from skimlist.models.transcript import Transcript
from skimlist.models.video import Stage
from skimlist.steps.clock import utc_now
from skimlist.steps.reporting import Log


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchTranscript:
    """`fetch` gets the captions of a video from YouTube, by its id and what the batch asks for."""

    videos: Videos
    outages: Outages
    archive: Bucket
    fetch: Callable[[str, CaptionRequest], Transcript]
    log: Log
    now: Callable[[], datetime] = utc_now

    def run(self, work: VideoEvent) -> None:
        batch = self._claim(work)
        if batch is None:
            self.log.info("video is no longer the current one")
            return
        wanted = batch.settings.options.captions
        if self.archive.has_transcript(work.user_id, work.video_id, wanted.stored_as):
            self.log.info("transcript is already stored")
            return
        if self._use_given(work, wanted):
            return
        try:
            transcript = self.fetch(work.video_id, wanted)
        except SkimlistError as error:
            if self._use_given(work, wanted):  # uploaded while YouTube answered
                return
            if error.service is Dependency.YOUTUBE and self._use_description(work, wanted):
                return
            if isinstance(error, VideoFailed):
                self._show_names(work, batch, error)
            raise
        self.archive.put_transcript(work.user_id, transcript, wanted.stored_as)
        self.videos.note_answer(batch, Dependency.YOUTUBE, self.now())
        self.outages.clear(batch, Dependency.YOUTUBE)
        self.log.info("transcript stored", language=transcript.language_code, segments=len(transcript.segments))
        # The user may have uploaded captions while YouTube answered; the ones stored now would hide them.
        self._use_given(work, wanted)

    def _use_given(self, work: VideoEvent, wanted: CaptionRequest) -> bool:
        """Stores the captions that the user uploaded for `wanted`, if there are any."""
        given = self.archive.find_given_transcript(work.user_id, work.video_id)
        if given is None:
            return False
        self.archive.put_transcript(work.user_id, given, wanted.stored_as)
        self.log.info("transcript was given by the user")
        return True

    def _use_description(self, work: VideoEvent, wanted: CaptionRequest) -> bool:
        """Uses the stored description if YouTube does not answer and the user has said that the video has no captions.

        Returns False if the video may have some. Raises NoCaptions if it has none and the batch wants no description,
        or none is stored: waiting for YouTube would not help.
        """
        if not self.archive.has_no_captions(work.user_id, work.video_id, self.now()):
            return False
        if not wanted.or_description or self.archive.find_description(work.user_id, work.video_id) is None:
            raise NoCaptions
        self.log.info("description is already stored")
        return True

    def _show_names(self, work: VideoEvent, batch: Batch, error: VideoFailed) -> None:
        """Shows the title and channel with the current video, from which Record failure takes them.

        The error cannot pass them on, because Step Functions keeps it for 90 days.
        """
        item = self.videos.get(work.batch_id, work.item_id)
        if error.title and item and not item.title and batch.current:
            current = replace(batch.current, title=error.title, channel=error.channel)
            self.videos.show_names(batch, current, self.now())

    def _claim(self, work: VideoEvent) -> Batch | None:
        now = self.now()
        current = work.current(Stage.FETCHING, now)
        return self.videos.claim(work.user_id, work.batch_id, current, work.order_version, now)
