"""Shows, stores and deletes a user's captions of videos; only this user's batches use captions that they upload."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from batch_service import BatchService
from schemas import ResumeBatch, RetryBatch
from transcript_schemas import MAX_UPLOAD_BYTES, GiveTranscript, WantedVideo
from user_service import UserService

from skimlist.bucket import export_key
from skimlist.errors import (
    BatchChanged,
    CaptionsDisabled,
    CaptionsUnreadable,
    NoCaptions,
    TranscriptEmpty,
    TranscriptNotFound,
    UploadNotFound,
)
from skimlist.export.formats import ExportFormat
from skimlist.jobs.quotas import unlimited
from skimlist.jobs.records import Record
from skimlist.llm.language_names import known_name
from skimlist.models.batch import Batch, BatchStatus
from skimlist.models.transcript import Transcript
from skimlist.models.video import Item, VideoStatus
from skimlist.transitions import OPEN

# The limits of one response: more batches and videos than a user waits for at a time.
_MAX_BATCHES = 100
_MAX_WANTED = 1_000
# Reading a few thousand items takes a second, and a request may take 29; the batch that reaches the limit is still
# read.
_MAX_ITEMS_READ = 20_000
_UPLOAD_SECONDS = 600
_UNDETERMINED = "und"  # ISO 639-2
_WITHOUT_CAPTIONS = {CaptionsDisabled.code, NoCaptions.code, TranscriptEmpty.code}


class TranscriptService(UserService):
    def of_item(self, batch_id: str, item_id: str) -> Transcript:
        """The captions of a video of the batch. Raises TranscriptNotFound if none are stored, or no longer."""
        batch = self._batches.get(self.user_id, batch_id, consistent=False)
        item = self._queue.find_item(batch, item_id)
        wanted = batch.settings.options.captions
        transcript = self._archive.find_any_transcript(self.user_id, item.video_id, wanted)
        if transcript is None:
            raise TranscriptNotFound
        return transcript

    def wanted(self, *, ended: bool = False) -> list[WantedVideo]:
        """Videos that wait for captions: those that failed without them, and those that YouTube blocks.

        Only videos of open batches are listed, unless `ended`. A video whose captions are stored by now is left out,
        unless it failed and needs a retry, or all videos of its batch have captions and the batch needs a resume.
        """
        batches, _ = self._batches.list_newest_first(self.user_id, _MAX_BATCHES)
        found: list[tuple[Batch, Item, str]] = []
        left = _MAX_ITEMS_READ
        for batch in batches:
            if left > 0 and _may_want_captions(batch, ended=ended):
                left -= batch.total
                found += [(batch, item, code) for item, code in self._waiting_items(batch)]
        if not found:
            return []
        stored = self._archive.stored_transcripts(self.user_id)
        videos = [
            _wanted_video(batch, item, code, has_captions=stored.serves(item.video_id, batch.captions_for(item)))
            for batch, item, code in found
        ]
        incomplete = {each.batch_id for each in videos if not each.has_captions}
        return [
            each
            for each in videos
            if each.status is VideoStatus.FAILED or not each.has_captions or each.batch_id not in incomplete
        ][:_MAX_WANTED]

    def _waiting_items(self, batch: Batch) -> Iterator[tuple[Item, str]]:
        """Yields the items that wait for captions, each with the code of the reason."""
        is_blocked = batch.waits_for_youtube
        for item in self._queue.all_items(batch):
            code = batch.pause.code if batch.pause and is_blocked and item.needs_summary else _missing_captions(item)
            if code:
                yield item, code

    def upload_link(self, video_id: str, size_bytes: int) -> tuple[str, datetime]:
        """A link for a caption file of this size, and when it expires. It counts as one of the day's videos."""
        self._require_not_stopped()
        self._count_one_video()
        url = self._archive.presign_upload(self.user_id, video_id, size_bytes=size_bytes, seconds=_UPLOAD_SECONDS)
        return url, self.now + timedelta(seconds=_UPLOAD_SECONDS)

    def give(self, video_id: str, request: GiveTranscript) -> Transcript:
        """Stores the captions, or that there are none, and lets the given batch use that.

        Raises CaptionsUnreadable and UploadNotFound.

        It counts as one of the day's videos before the captions are read, because reading takes work even if it fails.
        """
        self._require_not_stopped()
        batch = self._batches.get(self.user_id, request.batch_id) if request.batch_id else None
        self._count_one_video()
        if request.has_no_captions:
            transcript = self._note_no_captions(video_id, request)
        else:
            transcript = _transcript(video_id, request, self._content(video_id, request))
            self._archive.give_transcript(self.user_id, transcript)
        self._delete_exports_with_transcripts()
        if batch:
            self._retry_and_resume(batch, video_id, retry=not request.has_no_captions)
        return transcript

    def _note_no_captions(self, video_id: str, request: GiveTranscript) -> Transcript:
        """Stores that the video has no captions, and its description, unless that says nothing."""
        # Imported late: few requests do this.
        from skimlist.youtube.details import described_video  # noqa: PLC0415

        details = _details(request)
        described = described_video(video_id, details)
        if described:
            self._archive.put_transcript(self.user_id, described, None)
        self._archive.note_no_captions(self.user_id, video_id)
        return described or Transcript(
            video_id=video_id,
            language_code=_UNDETERMINED,
            language=_UNDETERMINED,
            is_generated=False,
            is_description=True,
            segments=(),
            **details,
        )

    def _content(self, video_id: str, request: GiveTranscript) -> bytes:
        if request.captions is not None:
            return request.captions.encode()
        content = self._archive.find_upload(self.user_id, video_id)
        if content is None:
            raise UploadNotFound
        if len(content) > MAX_UPLOAD_BYTES:
            raise CaptionsUnreadable(f"The file has more than {MAX_UPLOAD_BYTES:,} bytes.")
        return content

    def forget(self, video_id: str) -> None:
        """Deletes the stored captions of a video, uploaded or fetched. Repeating this changes nothing."""
        self._archive.delete_transcript(self.user_id, video_id)
        self._delete_exports_with_transcripts()

    def _delete_exports_with_transcripts(self) -> None:
        """Deletes the archives of all batches that might show captions that were deleted or replaced."""
        cursor: str | None = None
        while True:
            batches, cursor = self._batches.list_newest_first(self.user_id, _MAX_BATCHES, cursor)
            if batches:
                self._archive.delete_exports([_export_with_transcripts(batch) for batch in batches])
            if cursor is None:
                return

    def _count_one_video(self) -> None:
        quota_writes = self._quotas.count_today(self.user_id, self.now, videos=1)
        if quota_writes and not self._quotas.transact_writes(*quota_writes):
            raise BatchChanged("Other videos of yours were counted at the same moment; try again.")

    def _retry_and_resume(self, batch: Batch, video_id: str, *, retry: bool) -> None:
        """Queues the video again if it failed in the batch, and resumes the batch if it still waits for YouTube."""
        batches = _UploadedBatchService(user_id=self.user_id, now=self.now)
        of_video = [item for item in self._queue.all_items(batch) if item.video_id == video_id]
        failed = [item.id for item in of_video if item.status is VideoStatus.FAILED]
        if retry and failed:
            batches.retry(batch.id, RetryBatch(item_ids=failed))
        if of_video:
            batches.resume(batch.id, ResumeBatch(only_if_waiting_for_youtube=True))


class _UploadedBatchService(BatchService):
    """Commands about videos that were already counted when their captions were uploaded."""

    def _count_today(self, *, videos: int = 0, playlists: int = 0) -> Sequence[Record]:
        return unlimited(videos=videos, playlists=playlists)


def _export_with_transcripts(batch: Batch) -> str:
    return export_key(batch.user_id, batch.id, batch.revision, ExportFormat.ZIP, transcripts=True)


def _transcript(video_id: str, request: GiveTranscript, content: bytes) -> Transcript:
    # Imported late: few requests contain captions.
    from skimlist.caption_files.reading import read_captions  # noqa: PLC0415
    from skimlist.youtube.captions import clean_segments, has_words  # noqa: PLC0415

    segments = clean_segments(read_captions(content))
    if not has_words(segments):
        raise CaptionsUnreadable("These captions contain no words.")
    code = str(request.language)
    return Transcript(
        video_id=video_id,
        language_code=code,
        language=known_name(code) or code,
        is_generated=False,
        segments=segments,
        is_given=True,
        is_transcribed=request.is_transcribed,
        **_details(request),
    )


def _details(request: GiveTranscript) -> dict[str, Any]:
    """Returns what the request says about the video, besides its captions, checked like YouTube's own answers."""
    from skimlist.youtube.details import clean_description, valid_chapters  # noqa: PLC0415
    from skimlist.youtube.values import clean_name, seconds  # noqa: PLC0415

    description, length = clean_description(request.description), seconds(request.duration_seconds or 0) or None
    chapters = ((chapter.title, chapter.start) for chapter in request.chapters)
    return {
        "title": request.title,
        "channel": clean_name(request.channel),
        "duration_seconds": length,
        "description": description,
        "published_at": request.published_at,
        "chapters": valid_chapters(chapters, description, length),
    }


def _wanted_video(batch: Batch, item: Item, code: str, *, has_captions: bool) -> WantedVideo:
    return WantedVideo(
        batch_id=batch.id,
        item_id=item.id,
        video_id=item.video_id,
        title=item.title,
        duration_seconds=None if item.duration_seconds is None else float(item.duration_seconds),
        status=item.status,
        language=batch.captions_for(item).language,
        has_captions=has_captions,
        code=code,
    )


def _may_want_captions(batch: Batch, *, ended: bool) -> bool:
    # Captions for an ended batch reopen it, which costs money, so its owner has to ask for it.
    wanted = (OPEN | {BatchStatus.COMPLETED, BatchStatus.FAILED} if ended else OPEN) - {BatchStatus.DRAFT}
    return batch.status in wanted and (batch.waits_for_youtube or batch.failed > 0)


def _missing_captions(item: Item) -> str | None:
    """The code of the error with which the video failed, if captions would have prevented it."""
    code = item.error.code if item.error and item.status is VideoStatus.FAILED else ""
    return code if code in _WITHOUT_CAPTIONS or code.startswith("youtube_") else None
