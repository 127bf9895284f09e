"""Creates batches, items and summaries for tests; every field can be set."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from skimlist.errors import CaptionsDisabled
from skimlist.models.batch import Batch, BatchStatus, ExecutionState, QueueCursor
from skimlist.models.claim_check import CheckStatus, ClaimCheck
from skimlist.models.follow import Every, Follow, Schedule
from skimlist.models.settings import BatchSettings, SummaryLength, SummaryOptions
from skimlist.models.summary import Chapter, Coverage, Focus, KeyPoint, Summary
from skimlist.models.video import Item, PastError, VideoStatus

STARTED = datetime(2025, 8, 27, 14, 0, tzinfo=UTC)
ENDED = datetime(2025, 8, 27, 14, 12, 5, tzinfo=UTC)
FOLLOW = Follow(
    id="019c51a2",
    user_id="ada",
    name="Bread",
    source_id="UCbread",
    settings=BatchSettings(model="extractive"),
    schedule=Schedule(every=Every.DAY, at="07:00"),
    created_at=STARTED,
    updated_at=STARTED,
    checked_from=STARTED,
)


def a_batch(**changes: Any) -> Batch:
    options = SummaryOptions(include_timestamps=changes.pop("include_timestamps", True))
    batch = Batch(
        id="b7f3",
        user_id="ada",
        name="Sourdough: the basics",
        status=BatchStatus.COMPLETED,
        settings=BatchSettings(model="extractive", options=options),
        created_at=STARTED,
        updated_at=ENDED,
        started_at=STARTED,
        completed_at=ENDED,
        total=3,
        completed=2,
        failed=1,
        tokens_in=1200,
        tokens_out=300,
        cost_usd=Decimal("0.0123"),
        processing_seconds=Decimal("80.5"),
    )
    execution = {name: changes.pop(name) for name in _names(ExecutionState) & changes.keys()}
    queue = {name: changes.pop(name) for name in _names(QueueCursor) & changes.keys()}
    return replace(batch, execution=ExecutionState(**execution), queue=QueueCursor(**queue), **changes)


def _names(kind: type[ExecutionState | QueueCursor]) -> set[str]:
    return {field.name for field in fields(kind)}


def an_item(number: int = 1, **changes: Any) -> Item:
    item = Item(
        id=f"item-{number}",
        video_id=f"video{number:06}",
        status=VideoStatus.COMPLETED,
        position=number,
        title=f"Video {number}",
        channel="The Bakery",
        duration_seconds=Decimal(754),
        attempts=1,
        tokens_in=600,
        tokens_out=150,
        cost_usd=Decimal("0.00615"),
    )
    return replace(item, **changes)


def a_failed_item(number: int = 1, **changes: Any) -> Item:
    error = CaptionsDisabled().as_problem()
    past = PastError(code=error.code, message=error.message, at=ENDED)
    failed = {"status": VideoStatus.FAILED, "error": error, "errors": (past,), "cost_usd": Decimal(0)}
    return an_item(number, **{**failed, **changes})


def a_summary(number: int = 1, **changes: Any) -> Summary:
    summary = Summary(
        video_id=f"video{number:06}",
        title=f"Video {number}",
        tldr="Flour, water, salt and patience.",
        text="A starter needs a week.\n\nThen it lives for years.",
        key_points=(
            KeyPoint(text="Feed it daily", start_seconds=62.9, check=ClaimCheck(CheckStatus.UNVERIFIED, ("3 kg",))),
            KeyPoint(text="Smell it"),
        ),
        chapters=(
            Chapter(title="The starter", start_seconds=0.0, summary="Mix and wait."),
            Chapter(title="The loaf", start_seconds=400.0),
        ),
        tags=("baking", "slow food"),
        language="en",
        caption_language="en",
        caption_kind="manual",
        model="extractive",
        length=SummaryLength.STANDARD,
        coverage=Coverage(characters_total=9000, characters_used=9000, chunks=1, tenths=8, tenths_spoken=10),
        tokens_in=600,
        tokens_out=150,
        cost_usd=Decimal("0.00615"),
        fingerprint="f00d",
        created_at=ENDED,
        channel="The Bakery",
        duration_seconds=754.2,
        focus=(
            Focus(area="salt", found=True, text="Salt comes last.", start_seconds=421.0),
            Focus(area="sugar", found=False),
        ),
    )
    return replace(summary, **changes)
