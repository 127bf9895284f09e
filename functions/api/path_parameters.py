"""The ids in the paths of routes."""

from __future__ import annotations

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path

BatchId = Annotated[str, Path(max_length=64, description="A batch's id")]
ItemId = Annotated[str, Path(max_length=64, description="An item's id")]
