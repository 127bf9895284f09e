"""Reads the captions of a file in any common format, which is recognized by its content alone."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from skimlist.caption_files.json_formats import read_json
from skimlist.caption_files.line_formats import read_lines
from skimlist.caption_files.xml_formats import read_xml
from skimlist.errors import CaptionsUnreadable
from skimlist.models.transcript import Segment

# The byte order mark of UTF-32 begins with that of UTF-16, so UTF-32 comes first.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Programs that write \r\n as text on Windows make \r\r\n of it.
_LINE_END = re.compile(r"\r{1,2}\n|\r|\n")
# SubStation Alpha, Scenarist, MicroDVD and RTF, which would look like text or like JSON.
_OTHER_FORMAT = re.compile(r"\[Script Info\]|Scenarist_SCC|\{\d+\}\{\d*\}|\{\\rtf", re.IGNORECASE)


def read_captions(content: bytes) -> list[Segment]:
    """Returns the raw captions of a file, for `clean_segments` to clean.

    The formats are WebVTT, SubRip (SRT), SubViewer (SBV), TTML, YouTube's json3 and srv1 to srv3, a JSON list of
    captions with `text`, `start` and `duration`, LRC, and plain text with or without times.

    Raises CaptionsUnreadable, whose message says what is wrong and where.
    """
    try:
        captions = list(_captions(_LINE_END.sub("\n", _decoded(content))))
    except RecursionError as error:
        raise CaptionsUnreadable("The file is nested too deeply.") from error
    if not any(caption.text.strip() for caption in captions):
        raise CaptionsUnreadable("The file contains no captions.")
    return captions


def _captions(text: str) -> Iterator[Segment]:
    beginning = text[:1000].lstrip()
    if _OTHER_FORMAT.match(beginning):
        raise CaptionsUnreadable("Captions in this format cannot be read. Save them as SubRip (.srt) or WebVTT (.vtt).")
    if beginning.startswith("<"):
        return read_xml(text)
    if beginning.startswith("{") or re.match(r"\[\s*[{\]]", beginning):
        return read_json(text)
    return read_lines(text.split("\n"))


def _decoded(content: bytes) -> str:
    encoding = _encoding_of(content)
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = len(_LINE_END.findall(content[: error.start].decode(encoding, "replace"))) + 1
        raise CaptionsUnreadable(
            f"Line {line} is not text in {encoding.removesuffix('-sig').upper()}. "
            "Open the file in a text editor and save it as UTF-8."
        ) from error


def _encoding_of(content: bytes) -> str:
    """Guesses the encoding: without a mark UTF-8, unless every second byte is zero as for Latin letters in UTF-16."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return encoding
    first, second = content[:100:2], content[1:100:2]
    if second and not any(second):
        return "utf-16-le"
    return "utf-16-be" if first and not any(first) else "utf-8"
