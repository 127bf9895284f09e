"""The ids in the paths of routes, and the header that makes it safe to repeat a request."""

from __future__ import annotations

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Header, Path

BatchId = Annotated[str, Path(max_length=64, description="A batch's id")]
ItemId = Annotated[str, Path(max_length=64, description="An item's id")]
FollowId = Annotated[str, Path(max_length=64, description="A follow's id")]
IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        max_length=255,
        description="Any string of your choice; for 24 hours, the same key with the same request returns the same "
        "batch or follow.",
    ),
]
