"""The story of a run in readable lines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from lab.simulation.table import Change

# The attributes that a story shows of a record, and of the records within it.
_TOLD = (
    *("status", "run", "parked", "active", "page", "head", "again", "entries", "served", "page_served"),
    *("order_version", "total", "completed", "failed", "skipped", "cost_usd", "timed", "notified", "revision"),
    *("hold_until", "failures", "waiting", "version", "last_key", "up_to", "window_end", "wait_until"),
)
_TOLD_PARTS = (
    *(("current", "item_id"), ("pause", "code"), ("error", "code"), ("digest", "status"), ("preflight", "status")),
    *(("problem", "code"), ("notice", "kind")),
)
_REQUEST = "REQUEST#"
_DIGITS_OF_A_REQUEST = 8


class Step(NamedTuple):
    """One line of the story of a run."""

    number: int
    moment: datetime
    who: str
    what: str


class Violation(NamedTuple):
    """A broken promise: which one it is, how it was broken, and at which step of the story."""

    kind: str
    what: str
    step: int


def described(change: Change) -> str:
    what = f"{short(change.key[0])} {short(change.key[1])}"
    if change.after is None:
        return f"deletes {what}" if change.before else ""
    after = _told(change.after)
    if change.before is None:
        changed = [f"{name} {_shortly(value)}" for name, value in after.items() if value]
    else:
        before = _told(change.before)
        changed = [
            f"{name} {_shortly(before[name])} → {_shortly(value)}"
            for name, value in after.items()
            if before[name] != value
        ]
    return f"{'writes' if change.before else 'makes'} {what}{': ' if changed else ''}{', '.join(changed)}"


def _told(record: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the attributes of a record that a story shows, by name."""
    parts = {name: _part(record, name, part) for name, part in _TOLD_PARTS}
    return {**{name: record.get(name) for name in _TOLD}, **parts}


def _part(record: Mapping[str, Any], name: str, part: str) -> Any:
    value = record.get(name)
    return value.get(part) if isinstance(value, dict) else None


def _shortly(value: Any) -> str:
    if isinstance(value, list):
        return f"[{' '.join(map(str, value))}]"
    return "–" if value is None else str(value)


def short(text: str) -> str:
    """Shortens an id to its last digits, which distinguish batches, or the hash of a key to eight digits."""
    if text.startswith(_REQUEST):
        return text[: len(_REQUEST) + _DIGITS_OF_A_REQUEST] + "…"
    parts = text.split("-")
    return f"…{parts[4][-4:]}{''.join('-' + part for part in parts[5:])}" if len(parts) >= 5 else text


def name_of(function: str, payload: Mapping[str, Any], number: int) -> str:
    video = payload.get("video", {}).get("item_id")
    if "rawPath" in payload:
        method = payload["requestContext"]["http"]["method"]
        return f"API {number} {method} {short_path(payload['rawPath'].removeprefix('/api'))}"
    batch = f" of {short(payload['batch_id'])}" if "batch_id" in payload else ""
    return f"{function} {number}{batch}" + (f" video {int(video)}" if video else "")


def short_path(path: str) -> str:
    return "/".join(short(part) for part in path.split("/"))
