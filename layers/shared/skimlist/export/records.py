"""The fields of a batch, an item and a summary in exported JSON."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

from skimlist import __version__
from skimlist.export.entries import Entry
from skimlist.formatting import utf8
from skimlist.ids import summary_id
from skimlist.models.batch import Batch
from skimlist.models.channel import source_url
from skimlist.models.digest import Claim, Digest, EarlierEvidence, Evidence, News
from skimlist.models.listed_playlist import ListedPlaylist
from skimlist.models.summary import Summary
from skimlist.progress import digest_state, remaining, skipped

GENERATOR = {"name": "Skimlist", "version": __version__}


def batch_record(batch: Batch) -> dict[str, Any]:
    """The batch with its settings, counts, times (ISO 8601), tokens and cost (US dollars)."""
    state = digest_state(batch)
    return {
        "id": batch.id,
        "name": batch.name,
        "status": batch.status,
        "settings": batch.settings,
        "counts": {
            "total": batch.total,
            "completed": batch.completed,
            "failed": batch.failed,
            "skipped": skipped(batch),
            "left": remaining(batch),
            "described": batch.described,
        },
        "created_at": batch.created_at,
        "started_at": batch.started_at,
        "completed_at": batch.completed_at,
        "processing_seconds": batch.processing_seconds,
        "tokens": {"in": batch.tokens_in, "out": batch.tokens_out},
        "cost_usd": batch.cost_usd,
        "saved_usd": batch.saved_usd,
        "max_cost_usd": batch.max_cost_usd,
        "unverified": batch.unverified,
        "pause": batch.pause,
        "error": batch.error,
        "digest": state and {"status": state.status, "error": state.error, "videos": state.covered},
    }


def item_record(batch: Batch, entry: Entry) -> dict[str, Any]:
    """An item with the API's fields; what the item lacks of title, channel, duration and date, its summary has."""
    item = entry.item
    return {
        "id": item.id,
        "position": entry.position,
        "video_id": item.video_id,
        "url": item.url,
        "title": item.title or (entry.summary.title if entry.summary else None),
        "channel": entry.channel,
        "channel_id": entry.channel_id,
        "duration_seconds": entry.duration_seconds,
        "published_at": entry.published_at or item.published_by,
        "published_at_is_approximate": entry.published_at is None and item.published_by is not None,
        "status": item.status,
        "stage": item.stage,
        "attempts": item.attempts,
        "started_at": item.started_at,
        "completed_at": item.completed_at,
        "processing_time_seconds": item.processing_time_seconds,
        "tokens_in": item.tokens_in,
        "tokens_out": item.tokens_out,
        "cost_usd": item.cost_usd,
        "cached": item.cached,
        "caption_kind": item.caption_kind or (entry.summary.caption_kind if entry.summary else None),
        "unverified": item.unverified,
        "summary_id": summary_id(batch.id, item.id) if entry.summary else None,
        "error": item.error,
        "errors": item.errors,
    }


def source_record(playlist: ListedPlaylist) -> dict[str, Any]:
    """A playlist or channel, which of its videos were wanted (`select`), and what reading it added."""
    return {
        "id": playlist.id,
        "url": source_url(playlist.id),
        "title": playlist.title,
        "status": playlist.status,
        "added": playlist.added,
        "unavailable": playlist.unavailable,
        "truncated": playlist.truncated,
        "select": playlist.selection,
        "not_selected": playlist.not_selected,
    }


def summary_record(summary: Summary) -> dict[str, Any]:
    """A summary with its URL, and with the times of key points and chapters whatever the batch's options are."""
    return {"url": summary.url, **_plain(summary), "links": summary.links}


def digest_record(digest: Digest) -> dict[str, Any]:
    """A digest with the API's fields, and with times whatever the batch's options are."""
    return {
        **_plain(digest),
        "themes": [{"title": theme.title, **_claim(theme)} for theme in digest.themes],
        "agreements": [_claim(claim) for claim in digest.agreements],
        "differences": [_claim(claim) for claim in digest.differences],
        "watch_order": [{"reason": step.reason, "video": _place(step.video)} for step in digest.watch_order],
        "news": digest.news and _news(digest.news),
    }


def _news(news: News) -> dict[str, Any]:
    return {
        **_plain(news),
        "new": [{"title": claim.title, **_claim(claim)} for claim in news.new],
        "beyond": [_compared(claim) for claim in news.beyond],
        "contradictions": [_compared(claim) for claim in news.contradictions],
        "earlier": [_place(video) for video in news.earlier],
    }


def _compared(claim: Claim) -> dict[str, Any]:
    return {**_claim(claim), "earlier": [_place(evidence) for evidence in claim.earlier]}


def _claim(claim: Claim) -> dict[str, Any]:
    return {"text": claim.text, "evidence": [_place(evidence) for evidence in claim.evidence], "check": claim.check}


def _place(evidence: Evidence | EarlierEvidence) -> dict[str, Any]:
    return {**_plain(evidence), "url": evidence.url}


def encode_json(value: Any) -> bytes:
    """One line of UTF-8 JSON; dataclasses become objects, times ISO 8601, decimals numbers."""
    return utf8(_ENCODER.encode(value))


def _plain(value: Any) -> Any:
    if names := getattr(value, "__dataclass_fields__", None):
        return {name: getattr(value, name) for name in names}
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be exported.")


# The encoder converts nested dataclasses itself: `asdict` copies every value first and takes four times as long.
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain)
