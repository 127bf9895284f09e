"""The responses that a route can give, as the OpenAPI document describes them."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler.openapi.types import OpenAPIResponse
from schemas import ErrorView, GatewayErrorView

# None has no body.
_OTHERS: dict[int, tuple[str, Any]] = {
    304: ("Not modified", None),
    400: ("The body is not valid JSON", ErrorView),
    401: ("The token is missing or not valid", GatewayErrorView),
    403: ("The operator of this deployment has stopped your batches", ErrorView),
    404: ("Not found, or it belongs to another user", ErrorView | GatewayErrorView),
    409: ("This is not possible in the current state", ErrorView),
    413: ("The body is too large", ErrorView | GatewayErrorView),
    415: ("The body's Content-Type is not application/json", ErrorView),
    422: ("Some fields are not valid", ErrorView),
    429: ("Too many requests at once, or one of your limits is reached", ErrorView | GatewayErrorView),
    500: ("Internal error", ErrorView | GatewayErrorView),
    503: ("An AWS service did not answer; try again", ErrorView | GatewayErrorView),
}
_OF_EVERY_ROUTE = (401, 422, 429, 500, 503)

# Errors that only some routes can return: routes with a body, routes about one thing, routes that may cost something,
# and commands to a batch.
BODY_ERRORS = (400, 413, 415)
NOT_FOUND = (404,)
HALT_ERRORS = (403,)
COMMAND_ERRORS = (404, 409)


def responses(status: int, description: str, *others: int) -> dict[int, OpenAPIResponse]:
    """The responses of a route: `status` for its result, those of every route, and `others`."""
    described: dict[int, OpenAPIResponse] = {status: {"description": description}}
    if status == HTTPStatus.NO_CONTENT:
        described[status]["content"] = {}
    for other in sorted({*_OF_EVERY_ROUTE, *others}):
        text, model = _OTHERS[other]
        described[other] = {"description": text, "content": {"application/json": {"model": model}} if model else {}}
    return described
