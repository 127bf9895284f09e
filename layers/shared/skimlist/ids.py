"""The ids of batches, follows, summaries, and repeated summaries of a video."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime


def new_id(now: datetime) -> str:
    """Returns a UUID of version 7 (RFC 9562, section 5.7): 48 bits of milliseconds, then random bits."""
    milliseconds = int(now.timestamp() * 1000)
    random = secrets.randbits(74)
    value = milliseconds << 80 | 0x7 << 76 | (random >> 62) << 64 | 0b10 << 62 | (random & (1 << 62) - 1)
    return str(uuid.UUID(int=value))


def new_redo_id() -> str:
    """Returns an id that is unique for one video."""
    return secrets.token_hex(8)


def summary_id(batch_id: str, item_id: str) -> str:
    """Returns the id of a summary, made of the ids of its batch and item."""
    return f"{batch_id}-{item_id}"
