"""The files of the page as they go over the wire: compressed, each with its ETag."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

DOCUMENT, CONFIG, STYLES = "index.html", "config.json", "styles.css"
# In the document it stands for the version, so that every version's files have addresses of their own.
VERSION_MARK = b"{version}"
MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class PageFile:
    """A file in one form. HTTP APIs take bytes as base64; the ETag is strong, so each form has its own."""

    media_type: str
    body: str
    etag: str


class PageFiles:
    """What lies in `folder`, its styles joined to one file, and `config` as one more."""

    def __init__(self, folder: Path, config: Mapping[str, str]) -> None:
        files = {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.suffix in MEDIA_TYPES
        }
        styles = [name for name in files if name.endswith(".css")]
        files[STYLES] = b"\n".join(files.pop(name) for name in styles)
        files[CONFIG] = json.dumps(dict(config)).encode()
        self.version = _digest(repr(files).encode())
        files[DOCUMENT] = files[DOCUMENT].replace(VERSION_MARK, self.version.encode())
        self._files = files
        self.find = lru_cache(maxsize=None)(self._find)

    def _find(self, name: str, compressed: bool) -> PageFile | None:
        content = self._files.get(name)
        if content is None:
            return None
        if compressed:
            content = gzip.compress(content, 9, mtime=0)
        return PageFile(MEDIA_TYPES[Path(name).suffix], base64.b64encode(content).decode(), f'"{_digest(content)}"')


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
