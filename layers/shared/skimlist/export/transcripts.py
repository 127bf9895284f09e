"""A transcript as a file: text, WebVTT, SubRip (SRT), or Markdown whose times play the video from there."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Mapping
from math import floor

from skimlist.export.formats import TranscriptFormat
from skimlist.export.markdown import captions_origin, one_line, time_link
from skimlist.models.addresses import watch_url
from skimlist.models.transcript import Segment, Transcript

# Seconds of speech that share a paragraph, and so a link, in Markdown.
_PARAGRAPH_SECONDS = 30.0


def write_transcript(transcript: Transcript, file_format: TranscriptFormat) -> str:
    return _WRITERS[file_format](transcript)


def _text(transcript: Transcript) -> str:
    """One caption a line, without times."""
    return "".join(f"{segment.text}\n" for segment in transcript.segments)


def _vtt(transcript: Transcript) -> str:
    """See https://www.w3.org/TR/webvtt1/#file-structure."""
    cues = (f"\n{_times(s)}\n{html.escape(s.text, quote=False)}\n" for s in transcript.segments)
    return "".join(["WEBVTT\n", *cues])


def _srt(transcript: Transcript) -> str:
    numbered = enumerate(transcript.segments, start=1)
    return "\n".join(f"{number}\n{_times(s).replace('.', ',')}\n{s.text}\n" for number, s in numbered)


def _markdown(transcript: Transcript, *, with_anchors: bool = False) -> str:
    title = one_line(transcript.title or transcript.video_id)
    captions = captions_origin(transcript.caption_kind, transcript.language_code)
    origin = f"{captions} · [Watch on YouTube]({watch_url(transcript.video_id)})"
    return "\n\n".join([f"# {title}", origin, *_paragraphs(transcript, with_anchors=with_anchors)]) + "\n"


def transcript_page(transcript: Transcript) -> str:
    """The same with an anchor at each paragraph, by which a summary links to it (Obsidian's block ids)."""
    return _markdown(transcript, with_anchors=True)


def paragraph_starts(transcript: Transcript) -> list[int]:
    """The seconds at which the paragraphs begin; none without times."""
    if not transcript.has_times:
        return []
    return [floor(segments[0].start) for segments in _stretches(transcript.segments)]


def _paragraphs(transcript: Transcript, *, with_anchors: bool) -> Iterator[str]:
    """Each begins with a link to its time, if it has one."""
    if not transcript.has_times:
        yield from (one_line(segment.text) for segment in transcript.segments)
        return
    for segments in _stretches(transcript.segments):
        text = one_line(" ".join(segment.text for segment in segments))
        anchor = f" ^t{floor(segments[0].start)}" if with_anchors else ""
        yield f"{time_link(transcript.video_id, segments[0].start)} {text}{anchor}"


def _stretches(segments: tuple[Segment, ...]) -> Iterator[list[Segment]]:
    stretch: list[Segment] = []
    for segment in segments:
        if stretch and segment.start - stretch[0].start >= _PARAGRAPH_SECONDS:
            yield stretch
            stretch = []
        stretch.append(segment)
    if stretch:
        yield stretch


def _times(segment: Segment) -> str:
    return f"{_clock(segment.start)} --> {_clock(segment.start + segment.duration)}"


def _clock(seconds: float) -> str:
    """`01:02:03.450`"""
    whole, milliseconds = divmod(round(seconds * 1000), 1000)
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours:02}:{minute:02}:{second:02}.{milliseconds:03}"


_WRITERS: Mapping[TranscriptFormat, Callable[[Transcript], str]] = {
    TranscriptFormat.TEXT: _text,
    TranscriptFormat.VTT: _vtt,
    TranscriptFormat.SRT: _srt,
    TranscriptFormat.MARKDOWN: _markdown,
}
