"""Prepares the files of the page for sending: joined, compressed, and each with its ETag."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.util import find_spec
from pathlib import Path

from script_bundle import bundle

DOCUMENT, STYLES, SCRIPTS = "index.html", "styles.css", "scripts.js"
SCRIPTS_FOLDER = "scripts/"
FIRST_SCRIPT = f"{SCRIPTS_FOLDER}app.js"
API_DOCS, OPENAPI = "docs/index.html", "openapi.json"
# The placeholder for the version in a document, so that the files of each version have URLs of their own.
VERSION_MARK = b"{version}"
# Comments, indentation, and line ends that separate nothing.
_LEFT_OUT_OF_STYLES = re.compile(rb"^[ \t]+|/\*.*?\*/|(?<=[{};,\n])\n", re.MULTILINE | re.DOTALL)
MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}


@dataclass(frozen=True, slots=True)
class PageFile:
    """A file in one form, as base64, which HTTP APIs need for bytes. The ETag is strong, so each form has its own."""

    media_type: str
    body: str
    etag: str


class PageFiles:
    """The files in `folder`, with styles and scripts joined, and `large` files by name.

    All styles are one file, and so are the scripts of the first view: a first visit makes four requests. Each request
    may start a function, and a new account runs ten at a time. `config` replaces the placeholders in the document. The
    large files are read on request; only their sizes are part of the version.
    """

    def __init__(self, folder: Path, config: Mapping[str, str], large: Mapping[str, Path]) -> None:
        files = {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.suffix in MEDIA_TYPES
        }
        styles = [name for name in files if name.endswith(".css")]
        files[STYLES] = b"\n".join(_LEFT_OUT_OF_STYLES.sub(b"", files.pop(name)) for name in styles)
        scripts = [name for name in files if name.startswith(SCRIPTS_FOLDER)]
        joined = bundle({name: files.pop(name).decode() for name in scripts}, FIRST_SCRIPT, SCRIPTS)
        files |= {name: script.encode() for name, script in joined.items()}
        for name, value in config.items():
            files[DOCUMENT] = files[DOCUMENT].replace(f"{{{name}}}".encode(), escape(value).encode())
        sizes = {name: path.stat().st_size for name, path in large.items()}
        self.version = _digest(repr((files, sizes)).encode())
        for document in (DOCUMENT, API_DOCS):
            files[document] = files[document].replace(VERSION_MARK, self.version.encode())
        self._files = files
        self._large = large
        self._form = cache(self._made)

    def find(self, name: str, compressed: bool) -> PageFile | None:
        """Finds a file. Only existing files are cached, because anybody may request any number of other names."""
        return self._form(name, compressed) if name in self._files or name in self._large else None

    def _made(self, name: str, compressed: bool) -> PageFile:
        content = self._files[name] if name in self._files else self._large[name].read_bytes()
        if compressed:
            content = gzip.compress(content, 9, mtime=0)
        return PageFile(MEDIA_TYPES[Path(name).suffix], base64.b64encode(content).decode(), f'"{_digest(content)}"')


def swagger_ui() -> dict[str, Path]:
    """Returns the files of Swagger UI in Powertools without importing it, which would take longest of all."""
    powertools = find_spec("aws_lambda_powertools")
    if powertools is None or powertools.origin is None:
        raise ModuleNotFoundError("aws_lambda_powertools is missing; the layer of shared code contains it.")
    folder = Path(powertools.origin).parent / "event_handler" / "openapi" / "swagger_ui"
    return {
        "docs/swagger-ui.js": folder / "swagger-ui-bundle.min.js",
        "docs/swagger-ui.css": folder / "swagger-ui.min.css",
    }


def is_lazy_script(name: str) -> bool:
    """Whether the first script loads this one on demand."""
    return name.startswith(SCRIPTS_FOLDER)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
