"""Lists the videos of a folder of caption files, and which of them cannot be summarized."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from local.settings import LocalStackError

# Files in such a folder that hold no captions.
_ABOUT_THE_FOLDER = {"failures.json", "playlists.json", "index.json"}
# "[Music]" and the like, or a whole caption in round brackets.
_NOTE = re.compile(r"\[[^\]]*\]|^\s*[(（][^)）]*[)）]\s*$")


@dataclass(frozen=True, slots=True)
class CaptionFolder:
    """A folder of caption files, with `video_ids` in the order of the batch; `failing` are those without words."""

    video_ids: tuple[str, ...]
    failing: frozenset[str]

    @classmethod
    def read(cls, folder: Path) -> CaptionFolder:
        if not folder.is_dir():
            raise LocalStackError(f"CAPTIONS names {folder}, which is not a folder.")
        files = {file.stem: file for file in folder.glob("*.json") if file.name not in _ABOUT_THE_FOLDER}
        failures = folder / "failures.json"
        broken = set(json.loads(failures.read_bytes())) if failures.is_file() else set()
        videos = sorted(broken | files.keys())
        if not videos:
            raise LocalStackError(f"{folder} holds no caption files (<video id>.json).")
        return cls(tuple(videos), frozenset(broken | {video for video, file in files.items() if not _has_words(file)}))


def _has_words(file: Path) -> bool:
    snippets = json.loads(file.read_bytes())["snippets"]
    return any(map(str.isalnum, "".join(_NOTE.sub("", snippet["text"]) for snippet in snippets)))
