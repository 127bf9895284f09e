"""Undoes the encodings that editors, mail and programs apply to addresses in a text."""

from __future__ import annotations

import re
from html import unescape

# The maximum number of nested encodings, such as JSON within JSON, that are undone.
_LEVELS = 3
# Anything but printable ASCII, and the two characters (and the `=3D`) that begin an encoded one.
_ENCODED = re.compile(r"[^ -%'-\[\]-~]|=3D")
_CONTROLS = [*range(0x20), *range(0x7F, 0xA0)]
# Zero-width characters, marks and isolates of writing direction, byte order marks.
_INVISIBLE = [0x61C, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF]
_SOFT_HYPHEN = 0xAD
# Chinese and Japanese keyboards write ASCII in full width; browsers take it for ASCII.
_FULL_WIDTH = {0xFF01 + offset: 0x21 + offset for offset in range(94)}
# The character that replaces every invisible character in decoded text.
INVISIBLE = "\u200b"
_PLAIN = {
    **dict.fromkeys(_CONTROLS, " "),
    **dict.fromkeys(_INVISIBLE, INVISIBLE),
    **_FULL_WIDTH,
    _SOFT_HYPHEN: None,
}
# An entity needs its semicolon, because browsers read `&copy=1` in an address as a parameter.
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
# JSON writes `\/` and `\u0026`, Markdown `\_`.
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([nrt])|([!-/:-@\[-`{-~]))")
# The source of an email (quoted-printable) writes `=` as `=3D`.
_QUOTED_PRINTABLE = re.compile(r"=3D(?=[A-Za-z0-9_-]{11}(?![A-Za-z0-9_-]))")


def decode(line: str) -> str:
    """Returns the line with its addresses as a browser's address bar shows them; percent-encoding is kept.

    Control characters become spaces, and invisible characters become INVISIBLE.
    """
    if not _ENCODED.search(line):
        return line
    for _ in range(_LEVELS if "&" in line or "\\" in line else 0):
        decoded = _ESCAPE.sub(_unescape, _ENTITY.sub(lambda entity: unescape(entity[0]), line))
        if decoded == line:
            break
        line = decoded
    return _QUOTED_PRINTABLE.sub("=", line).translate(_PLAIN)


def _unescape(escape: re.Match[str]) -> str:
    hexadecimal = escape[1] or escape[2]
    if hexadecimal:
        code = int(hexadecimal, 16)
        return " " if 0xD800 <= code < 0xE000 else chr(code)  # half of an emoji is not a character
    return " " if escape[3] else escape[4]
