"""Names exported files so that every file system accepts them, whatever the title."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

from skimlist.formatting import printable
from skimlist.models.batch import Batch

# The longest file name in UTF-8 bytes, with its extension: it leaves room for folders within Windows' 260 characters,
# and stays below the 255 bytes of Linux.
MAX_NAME_BYTES = 120
_MAX_BATCH_NAME_BYTES = 60

# Characters that Windows forbids (Microsoft: "Naming Files, Paths, and Namespaces"); those that break links in
# Obsidian, which are # ^ [ ]; and the backtick, because Dataview shows a file's name as Markdown and runs code in it.
_FORBIDDEN = re.compile(r'[<>:"/\\|?*#^\[\]`]')
_RESERVED_ON_WINDOWS = re.compile(r"(?:con|prn|aux|nul|clock\$|conin\$|conout\$|(?:com|lpt)[0-9¹²³])\s*(?:\.|$)", re.I)

_JOINERS = frozenset("\u200c\u200d")
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_FLAG_LETTERS = range(0x1F1E6, 0x1F200)

# Characters that RFC 5987 does not require to be encoded, besides letters and digits.
_ATTRIBUTE_CHARACTERS = "!#$&+-.^_`|~"


def safe_name(text: str, max_bytes: int = MAX_NAME_BYTES, fallback: str = "untitled") -> str:
    """`text` as a name without extension that Windows, macOS, Linux and Obsidian accept; `fallback` if nothing is left.

    It has at most `max_bytes` of UTF-8 in NFC, and is cut between two characters as people see them.
    """
    plain = printable(_FORBIDDEN.sub(" ", printable(text)))
    name = _cut(unicodedata.normalize("NFC", plain).lstrip(". "), max_bytes).rstrip(". ") or fallback
    return _cut(f"_{name}", max_bytes).rstrip(". ") if _RESERVED_ON_WINDOWS.match(name) else name


def summary_file_name(position: int, total: int, title: str, video_id: str) -> str:
    """`007-Title.md`; the position makes it unique and sortable, whatever the batch's size."""
    number = f"{position:0{max(3, len(str(total)))}}-"
    return f"{number}{safe_name(title, MAX_NAME_BYTES - len(number) - len('.md'), fallback=video_id)}.md"


def export_name(batch: Batch) -> str:
    """`<batch>-<id>`: the archive's folder, and the downloaded file without its extension."""
    return f"{safe_name(batch.name, _MAX_BATCH_NAME_BYTES, fallback='batch')}-{batch.id}"


def attachment(file_name: str) -> str:
    """A Content-Disposition (RFC 6266) by which browsers save as `file_name`; old browsers use its ASCII letters."""
    decomposed = unicodedata.normalize("NFKD", file_name).encode("ascii", "ignore").decode()
    plain = re.sub(r'["\\%]', "_", printable(decomposed)).lstrip("- ")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file_name, safe=_ATTRIBUTE_CHARACTERS)}"


def _cut(text: str, max_bytes: int) -> str:
    """The longest beginning that fits, without splitting an emoji or a letter from its accents."""
    if len(text.encode()) <= max_bytes:
        return text
    fitting = len(text.encode()[:max_bytes].decode(errors="ignore"))
    end = fitting
    while end and _belong_together(text, end):
        end -= 1
    return text[: end or fitting]


def _belong_together(text: str, index: int) -> bool:
    """Whether the characters before and at `index` are seen as one (Unicode Annex 29, as far as titles need it)."""
    before, after = text[index - 1], text[index]
    if before in _JOINERS or after in _JOINERS or ord(after) in _SKIN_TONES:
        return True
    if ord(before) in _FLAG_LETTERS and ord(after) in _FLAG_LETTERS:
        return _letters_of_flags_before(text, index) % 2 == 1
    return unicodedata.category(after).startswith("M")


def _letters_of_flags_before(text: str, index: int) -> int:
    start = index
    while start and ord(text[start - 1]) in _FLAG_LETTERS:
        start -= 1
    return index - start
