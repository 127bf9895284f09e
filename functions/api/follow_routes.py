"""Routes for follows: playlists and channels that are checked regularly, and whose new videos become batches."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from follow_schemas import ChangeFollow, CreateFollow, FeedView, FollowList, FollowView, FollowWithRuns
from follow_service import FollowService
from path_parameters import FollowId, IdempotencyKey
from route_responses import BODY_ERRORS, COMMAND_ERRORS, HALT_ERRORS, NOT_FOUND, responses
from user_service import user_id_of

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]


@router.post(
    "/follows",
    status_code=201,
    summary="Follow a playlist or channel",
    responses=responses(201, "The new follow", *BODY_ERRORS, *COMMAND_ERRORS, *HALT_ERRORS),
)
def create_follow(request: Annotated[CreateFollow, Body()], idempotency_key: IdempotencyKey = None) -> FollowView:
    return service().create(request, idempotency_key)


@router.get("/follows", summary="List your follows, oldest first", responses=responses(200, "All follows"))
def list_follows() -> FollowList:
    return FollowList(follows=service().list_all())


@router.get(
    "/follows/<follow_id>",
    summary="Show a follow, its cost and its batches",
    responses=responses(200, "The follow", *NOT_FOUND),
)
def get_follow(follow_id: FollowId) -> FollowWithRuns:
    return service().get(follow_id)


@router.patch(
    "/follows/<follow_id>",
    summary="Change, pause or resume a follow",
    responses=responses(200, "The changed follow", *BODY_ERRORS, *COMMAND_ERRORS, *HALT_ERRORS),
)
def change_follow(follow_id: FollowId, request: Annotated[ChangeFollow, Body()]) -> FollowView:
    return service().change(follow_id, request)


@router.delete(
    "/follows/<follow_id>",
    status_code=204,
    summary="Delete a follow and keep its batches",
    responses=responses(204, "Deleted", 404),
)
def delete_follow(follow_id: FollowId) -> Response[str]:
    service().remove(follow_id)
    return Response(HTTPStatus.NO_CONTENT.value, body="")


@router.post(
    "/follows/<follow_id>/feed",
    status_code=201,
    summary="Make or renew the link of a follow's feed",
    responses=responses(201, "The link, which is shown only now", *NOT_FOUND),
)
def renew_feed(follow_id: FollowId) -> FeedView:
    return service().renew_feed(follow_id)


@router.delete(
    "/follows/<follow_id>/feed",
    status_code=204,
    summary="Revoke the link of a follow's feed",
    responses=responses(204, "Revoked", 404),
)
def revoke_feed(follow_id: FollowId) -> Response[str]:
    service().revoke_feed(follow_id)
    return Response(HTTPStatus.NO_CONTENT.value, body="")


def service() -> FollowService:
    return FollowService(user_id=user_id_of(router.current_event), now=datetime.now(UTC))
