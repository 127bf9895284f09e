"""Creates files and folders that only their owner can read, so that other users of the machine learn nothing."""

from __future__ import annotations

from pathlib import Path

# The mask for processes that write such files: `os.umask(OWNER_ONLY)`.
OWNER_ONLY = 0o077


def private_folder(folder: Path) -> None:
    """Creates a private folder, or makes an existing one private, which protects the files in it too."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)


def write_privately(file: Path, text: str) -> None:
    """Writes a private file at once, so that a waiting reader never sees a part of it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f"{file.name}.new")
    unfinished.unlink(missing_ok=True)  # left by a process that was killed; its mode could be any
    unfinished.touch(mode=0o600)
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(file)
