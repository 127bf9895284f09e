"""Pydantic models of the requests and responses about transcripts."""

from __future__ import annotations

from typing import Annotated

from bases import Request, View
from pydantic import Field, StringConstraints
from schemas import BatchName, CaptionKind, Language, Number

from skimlist.models.transcript import Transcript
from skimlist.models.video import VideoStatus


class GiveTranscript(Request):
    """Captions of a video, in the format of a file."""

    captions: Annotated[str, StringConstraints(min_length=1)] = Field(
        description="The content of a file: WebVTT, SRT, SBV, TTML, YouTube's json3 or srv1 to srv3, or text with "
        "times or without."
    )
    language: Language = Field(description="Of the captions (BCP 47, such as `de` or `pt-BR`).")
    title: BatchName | None = Field(default=None, description="Of the video.")
    batch_id: Annotated[str, StringConstraints(max_length=64)] | None = Field(
        default=None,
        description="A batch that goes on with them: the video is queued again there if it failed, and the batch is "
        "resumed if it waits because of YouTube.",
    )


class WantedVideo(View):
    """A video that waits for captions which YouTube does not give to the server."""

    batch_id: str
    item_id: str
    video_id: str
    title: str | None
    status: VideoStatus
    language: str | None = Field(description="That the batch asks for (BCP 47); null: the video's own.")
    code: str = Field(description="Of the error that keeps it waiting, such as `youtube_blocked` or `no_captions`.")


class WantedTranscripts(View):
    """The videos of your newest 100 batches that wait for captions, 1,000 at most, in the order of their queues."""

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
    caption_kind: CaptionKind = Field(description="`given`: you gave it; nobody else's summaries are made from it.")
    title: str | None
    channel: str | None
    duration_seconds: Number | None
    has_times: bool = Field(description="False of text that was given without times; they are then all 0.")


class GivenTranscript(TranscriptInfo):
    """The result of reading the given captions."""

    captions: int = Field(description="How many there are.")

    @classmethod
    def of_given(cls, transcript: Transcript) -> GivenTranscript:
        return cls(**TranscriptInfo.model_validate(transcript).model_dump(), captions=len(transcript.segments))


class TranscriptView(TranscriptInfo):
    """The captions from which a video is summarized."""

    segments: list[SegmentView]
