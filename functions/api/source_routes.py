"""The route that looks up playlists and channels before a batch is made of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Body
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from route_responses import BODY_ERRORS, HALT_ERRORS, responses
from source_schemas import DescribeSources, Descriptions
from source_service import SourceService
from user_service import user_id_of

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]


@router.post(
    "/sources/describe",
    compress=True,
    summary="Look up playlists and channels",
    responses=responses(200, "One entry per source", *BODY_ERRORS, *HALT_ERRORS),
)
def describe_sources(request: Annotated[DescribeSources, Body()]) -> Descriptions:
    return SourceService(user_id=user_id_of(router.current_event), now=datetime.now(UTC)).describe(request)
