"""Creates files and folders that only their owner can read, so that other users of the machine cannot."""

from __future__ import annotations

from pathlib import Path

# The mask for processes that write such files: `os.umask(OWNER_ONLY)`.
OWNER_ONLY = 0o077


def private_folder(folder: Path) -> None:
    """Creates a private folder, or makes an existing one private, which protects the files in it too."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)


def write_privately(file: Path, text: str) -> None:
    """Writes a private file atomically, so that a waiting reader never sees a part of it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f"{file.name}.new")
    unfinished.unlink(missing_ok=True)  # left behind by a killed process, with any mode
    unfinished.touch(mode=0o600)
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(file)
