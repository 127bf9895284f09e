"""Pydantic models of the requests and responses about transcripts."""

from __future__ import annotations

from typing import Annotated

from bases import Request, View
from pydantic import Field, StringConstraints
from schemas import BatchName, CaptionKind, Language, Number

from skimlist.models.transcript import Transcript
from skimlist.models.video import VideoStatus


class GiveTranscript(Request):
    """The captions of a video, as the content of a caption file."""

    captions: Annotated[str, StringConstraints(min_length=1)] = Field(
        description="The content of the file: WebVTT, SRT, SBV, TTML, YouTube's json3 or srv1 to srv3, or text with or "
        "without times."
    )
    language: Language = Field(description="Language of the captions (BCP 47, such as `de` or `pt-BR`).")
    title: BatchName | None = Field(default=None, description="Title of the video.")
    batch_id: Annotated[str, StringConstraints(max_length=64)] | None = Field(
        default=None,
        description="A batch that should use them: if the video failed in it, it is queued again, and if the batch is "
        "paused because of YouTube, it is resumed.",
    )


class WantedVideo(View):
    """A video that waits for captions because YouTube blocks the server or has none."""

    batch_id: str
    item_id: str
    video_id: str
    title: str | None
    status: VideoStatus
    language: str | None = Field(description="The language that the batch needs (BCP 47); null means the video's own.")
    has_captions: bool = Field(description="True if captions are stored by now: the failed video only needs a retry.")
    code: str = Field(description="The error that keeps it waiting, such as `youtube_blocked` or `no_captions`.")


class WantedTranscripts(View):
    """The videos of your newest open batches that wait for captions, in queue order; at most 1,000."""

    videos: list[WantedVideo]


class SegmentView(View):
    """One caption; times are seconds."""

    text: str
    start: Number
    duration: Number


class TranscriptInfo(View):
    """A transcript without its words."""

    video_id: str
    language: str
    language_code: str
    caption_kind: CaptionKind = Field(description="`given`: you uploaded it, and only your summaries use it.")
    title: str | None
    channel: str | None
    duration_seconds: Number | None
    has_times: bool = Field(description="False for text that was uploaded without times; they are then all 0.")


class GivenTranscript(TranscriptInfo):
    """A description of the uploaded captions."""

    captions: int = Field(description="Number of captions.")

    @classmethod
    def of_given(cls, transcript: Transcript) -> GivenTranscript:
        return cls(**TranscriptInfo.model_validate(transcript).model_dump(), captions=len(transcript.segments))


class TranscriptView(TranscriptInfo):
    """The captions from which a video is summarized."""

    segments: list[SegmentView]
