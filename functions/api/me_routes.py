"""Routes for the signed-in user's own settings."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Body, Header
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from me_schemas import MeView, PutMe
from me_service import MeService
from route_responses import BODY_ERRORS, HALT_ERRORS, responses
from user_service import email_of, user_id_of

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]

Version = Annotated[
    int | None,
    Header(
        alias="If-Match",
        description="`version` of the settings that you have read; 409 if they have changed. With it, a request that "
        "arrives late never replaces a newer one.",
    ),
]


@router.get("/me", summary="Show your settings", responses=responses(200, "Your settings"))
def get_me() -> MeView:
    return service().show()


@router.put(
    "/me",
    summary="Choose your notifications",
    responses=responses(200, "The changed settings", *BODY_ERRORS, *HALT_ERRORS, 409),
)
def put_me(request: Annotated[PutMe, Body()], if_match: Version = None) -> MeView:
    return service().change(request.notifications, if_match)


def service() -> MeService:
    event = router.current_event
    return MeService(user_id=user_id_of(event), email=email_of(event), now=datetime.now(UTC))
