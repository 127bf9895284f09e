"""Pydantic models of the requests and responses about transcripts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Self

from bases import Request, View
from pydantic import AwareDatetime, Field, StringConstraints, field_validator, model_validator
from schemas import BatchName, CaptionKind, Language, Number

from skimlist.models.transcript import Transcript
from skimlist.models.video import VideoStatus

MAX_UPLOAD_BYTES = 10_000_000


class GiveChapter(Request):
    """A chapter of a video, as its creator named it."""

    title: Annotated[str, StringConstraints(max_length=200)]
    start: float = Field(ge=0, allow_inf_nan=False, description="Second at which it begins.")


class GiveTranscript(Request):
    """The captions of a video, as the content of a caption file."""

    captions: Annotated[str, StringConstraints(min_length=1)] | None = Field(
        default=None,
        description="The content of the file: WebVTT, SRT, SBV, TTML, LRC, YouTube's json3 or srv1 to srv3, or text "
        "with or without times. If omitted, the file is taken that was sent to the link of `POST …/transcript/upload`.",
    )
    language: Language | None = Field(
        default=None, description="Language of the captions (BCP 47, such as `de` or `pt-BR`); required for captions."
    )
    has_no_captions: bool = Field(
        default=False,
        description="True if the video has no captions anywhere. Instead of waiting for YouTube, your batches then use "
        "its description, if their `fallback` allows that, or fail the video.",
    )
    is_transcribed: bool = Field(
        default=False, description="True if a speech-to-text program wrote them; summaries made from them say so."
    )
    title: BatchName | None = Field(default=None, description="Title of the video.")
    channel: Annotated[str, StringConstraints(max_length=200)] | None = Field(
        default=None, description="Name of the channel."
    )
    duration_seconds: float | None = Field(default=None, ge=0, allow_inf_nan=False, description="Length of the video.")
    published_at: AwareDatetime | None = Field(default=None, description="When the video was published.")
    description: Annotated[str, StringConstraints(max_length=5_000)] | None = Field(
        default=None, description="The creator's description of the video."
    )
    chapters: list[GiveChapter] = Field(
        default_factory=list,
        max_length=200,
        description="The creator's chapters, in order. If omitted, they are read from the description.",
    )
    batch_id: Annotated[str, StringConstraints(max_length=64)] | None = Field(
        default=None,
        description="A batch that should use them: if the video failed in it, it is queued again, and if the batch is "
        "paused because of YouTube, it is resumed. A batch that has ended is reopened for the video.",
    )

    @model_validator(mode="after")
    def _has_captions_or_none(self) -> Self:
        if self.has_no_captions and self.captions is not None:
            raise ValueError("captions and has_no_captions exclude each other")
        if not self.has_no_captions and self.language is None:
            raise ValueError("the language of the captions is missing")
        return self

    @field_validator("published_at")
    @classmethod
    def _in_utc(cls, value: datetime | None) -> datetime | None:
        try:
            return value and value.astimezone(UTC)
        except OverflowError:
            raise ValueError("the date is out of range") from None


class UploadCaptions(Request):
    """A caption file to be uploaded to a link of its own, because the body of a request has at most 1 MB."""

    size_bytes: int = Field(gt=0, le=MAX_UPLOAD_BYTES, description="The exact size of the file.")


class UploadLink(View):
    """A link that receives a caption file by PUT. After that, send `PUT …/transcript` without captions."""

    url: str
    expires_at: datetime


class WantedVideo(View):
    """A video that waits for captions because YouTube blocks the server or has none."""

    batch_id: str
    item_id: str
    video_id: str
    title: str | None
    status: VideoStatus
    duration_seconds: Number | None = Field(description="Length of the video, if it is known.")
    language: str | None = Field(
        description="The language of the captions that the batch asks for (BCP 47); null means the video's own."
    )
    has_captions: bool = Field(
        description="True if captions are stored by now: a failed video only needs a retry, a paused batch a resume."
    )
    code: str = Field(description="The error that keeps it waiting, such as `youtube_blocked` or `no_captions`.")


class WantedTranscripts(View):
    """The videos of your newest batches that wait for captions, in queue order; at most 1,000."""

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
    caption_kind: CaptionKind = Field(
        description="`given`: you uploaded it, and only your summaries use it. `transcribed`: the same, written by a "
        "program. `description`: what the creator wrote about a video without captions."
    )
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
