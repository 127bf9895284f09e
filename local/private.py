"""Files and folders that only their owner can read: other users of the machine learn nothing from them."""

from __future__ import annotations

from pathlib import Path

# What a process that writes such files calls first: `os.umask(OWNER_ONLY)`.
OWNER_ONLY = 0o077


def private_folder(folder: Path) -> None:
    """Creates it, or closes an existing one to others: what lies in it is then out of their reach as well."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)


def write_privately(file: Path, text: str) -> None:
    """Whoever waits for the file finds all of it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f"{file.name}.new")
    unfinished.unlink(missing_ok=True)  # left by a process that was killed; its mode could be any
    unfinished.touch(mode=0o600)
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(file)
