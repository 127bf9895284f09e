"""The responses that a route can give, as the OpenAPI document describes them."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler.openapi.types import OpenAPIResponse
from schemas import ErrorView, GatewayErrorView

# None has no body.
_OTHERS: dict[int, tuple[str, Any]] = {
    304: ("What you have is what there is", None),
    400: ("The body is no JSON", ErrorView),
    401: ("There is no valid token", GatewayErrorView),
    403: ("Whoever runs this deployment has stopped your batches", ErrorView),
    404: ("There is no such thing, or it belongs to somebody else", ErrorView | GatewayErrorView),
    409: ("The batch is in a state in which this cannot be done", ErrorView),
    413: ("The body is too large", ErrorView | GatewayErrorView),
    415: ("The body is of another type than JSON", ErrorView),
    422: ("Some fields are wrong", ErrorView),
    429: ("Too many requests at once, or more than this user may do now", ErrorView | GatewayErrorView),
    500: ("Something went wrong inside", ErrorView | GatewayErrorView),
    503: ("An AWS service did not answer; try again", ErrorView | GatewayErrorView),
}
_OF_EVERY_ROUTE = (401, 422, 429, 500, 503)

# Further responses that a route can give.
OF_A_BODY = (400, 413, 415)
MISSING = (404,)
OF_WHAT_COSTS = (403,)
OF_A_COMMAND = (404, 409)


def responses(status: int, description: str, *others: int) -> dict[int, OpenAPIResponse]:
    """The responses of a route. Its result is described only under a status that is named."""
    described: dict[int, OpenAPIResponse] = {status: {"description": description}}
    if status == HTTPStatus.NO_CONTENT:
        described[status]["content"] = {}
    for other in sorted({*_OF_EVERY_ROUTE, *others}):
        text, model = _OTHERS[other]
        described[other] = {"description": text, "content": {"application/json": {"model": model}} if model else {}}
    return described
