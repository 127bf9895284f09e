"""Writes a transcript as a caption file in each format that is read, in the shapes that YouTube and editors give it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from xml.sax.saxutils import escape

from skimlist.export.formats import TranscriptFormat
from skimlist.export.transcripts import write_transcript
from skimlist.models.transcript import Segment, Transcript


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)


def _clock(seconds: float) -> str:
    minutes, milliseconds = divmod(_milliseconds(seconds), 60_000)
    return f"{minutes // 60}:{minutes % 60:02}:{milliseconds // 1000:02}.{milliseconds % 1000:03}"


def _each(transcript: Transcript, write: Callable[[Segment], str]) -> Iterator[str]:
    return map(write, transcript.segments)


def _json3(transcript: Transcript) -> str:
    window = {"tStartMs": 0, "dDurationMs": 9_000, "id": 1, "wpWinPosId": 1, "wsWinStyleId": 1}
    events = [
        {
            "tStartMs": _milliseconds(segment.start),
            "dDurationMs": _milliseconds(segment.duration),
            "wWinId": 1,
            # Automatic captions have a piece for each word.
            "segs": [{"utf8": word, "acAsrConf": 0} for word in segment.text.split(" ")[:1]]
            + [{"utf8": f" {word}", "tOffsetMs": 40} for word in segment.text.split(" ")[1:]],
        }
        for segment in transcript.segments
    ]
    return json.dumps({"wireMagic": "pb3", "events": [window, *events]})


def _json_list(transcript: Transcript) -> str:
    captions = [{"text": s.text, "start": s.start, "duration": s.duration} for s in transcript.segments]
    return json.dumps(captions, ensure_ascii=False)


def _srv1(transcript: Transcript) -> str:
    captions = _each(
        transcript, lambda s: f'<text start="{s.start}" dur="{s.duration}">{escape(escape(s.text))}</text>'
    )
    return f'<?xml version="1.0" encoding="utf-8" ?><transcript>{"".join(captions)}</transcript>'


def _srv2(transcript: Transcript) -> str:
    captions = _each(
        transcript,
        lambda s: (
            f'<text w="1" t="{_milliseconds(s.start)}" d="{_milliseconds(s.duration)}">{escape(escape(s.text))}</text>'
            f'<text w="1" t="{_milliseconds(s.start)}" d="10" append="1">\n</text>'
        ),
    )
    window = '<window t="0" id="1" op="define" rc="15" cc="32" ap="7" ah="50" av="95"/>'
    return f'<?xml version="1.0" encoding="utf-8" ?><timedtext>{window}{"".join(captions)}</timedtext>'


def _srv3(transcript: Transcript) -> str:
    captions = _each(
        transcript,
        lambda s: f'<p t="{_milliseconds(s.start)}" d="{_milliseconds(s.duration)}" w="1">{escape(s.text)}</p>',
    )
    head = '<head><ws id="0"/><wp id="0"/></head>'
    return f'<timedtext format="3">{head}<body><w t="0" id="1"/>{"".join(captions)}</body></timedtext>'


def _ttml(transcript: Transcript) -> str:
    captions = _each(
        transcript,
        lambda s: f'<p begin="{_clock(s.start)}" end="{_clock(s.start + s.duration)}">{escape(s.text)}</p>',
    )
    head = "<head><styling/></head>"
    return f'<tt xmlns="http://www.w3.org/ns/ttml" xml:lang="en">{head}<body><div>{"".join(captions)}</div></body></tt>'


def _sbv(transcript: Transcript) -> str:
    return "\n\n".join(_each(transcript, lambda s: f"{_clock(s.start)},{_clock(s.start + s.duration)}\n{s.text}"))


def _whisper(transcript: Transcript) -> str:
    return "\n".join(_each(transcript, lambda s: f"[{_clock(s.start)} --> {_clock(s.start + s.duration)}]  {s.text}"))


WRITERS: Mapping[str, Callable[[Transcript], str]] = {
    "WebVTT": lambda transcript: write_transcript(transcript, TranscriptFormat.VTT),
    "SubRip": lambda transcript: write_transcript(transcript, TranscriptFormat.SRT),
    "SubViewer": _sbv,
    "json3": _json3,
    "JSON list": _json_list,
    "srv1": _srv1,
    "srv2": _srv2,
    "srv3": _srv3,
    "TTML": _ttml,
    "text that Whisper prints": _whisper,
}
