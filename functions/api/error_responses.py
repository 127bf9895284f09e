"""Turns every error into an HTTP response: `{"error": {"code", "message", "details"}}`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response, content_types
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError

from skimlist import errors
from skimlist.log import logger

STATUS_OF: dict[type[errors.SkimlistError], HTTPStatus] = {
    errors.InvalidRequest: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.CaptionsUnreadable: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.BatchNotFound: HTTPStatus.NOT_FOUND,
    errors.WrongState: HTTPStatus.CONFLICT,
    errors.BatchChanged: HTTPStatus.CONFLICT,
    errors.IdempotencyKeyReused: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.ItemNotFound: HTTPStatus.NOT_FOUND,
    errors.SummaryNotFound: HTTPStatus.NOT_FOUND,
    errors.DigestNotFound: HTTPStatus.NOT_FOUND,
    errors.TranscriptNotFound: HTTPStatus.NOT_FOUND,
    errors.UploadNotFound: HTTPStatus.NOT_FOUND,
    errors.PresetNotFound: HTTPStatus.NOT_FOUND,
    errors.TooManyPresets: HTTPStatus.CONFLICT,
    errors.FollowNotFound: HTTPStatus.NOT_FOUND,
    errors.TooManyFollows: HTTPStatus.CONFLICT,
    errors.FollowDeleted: HTTPStatus.CONFLICT,
    errors.FollowChanged: HTTPStatus.CONFLICT,
    errors.RecipientInUse: HTTPStatus.CONFLICT,
    errors.NotificationsFull: HTTPStatus.CONFLICT,
    errors.SettingsChanged: HTTPStatus.CONFLICT,
    errors.BatchDeleted: HTTPStatus.CONFLICT,
    errors.StoppedByOperator: HTTPStatus.FORBIDDEN,
    errors.NothingToExport: HTTPStatus.CONFLICT,
    errors.TooManyBatches: HTTPStatus.TOO_MANY_REQUESTS,
    errors.TooManyVideos: HTTPStatus.TOO_MANY_REQUESTS,
    errors.TooManyPlaylists: HTTPStatus.TOO_MANY_REQUESTS,
    errors.TooManyLookups: HTTPStatus.TOO_MANY_REQUESTS,
    errors.TooManySubscriptions: HTTPStatus.TOO_MANY_REQUESTS,
    errors.TooManyUnconfirmed: HTTPStatus.TOO_MANY_REQUESTS,
    errors.StorageUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}


class NotModified(Exception):
    """The caller has the current version; the only argument is its ETag."""


def register(app: APIGatewayHttpResolver) -> None:
    app.exception_handler(RequestValidationError)(_invalid_fields)
    app.exception_handler(errors.SkimlistError)(_refused)
    app.exception_handler(NotModified)(_not_modified)
    app.not_found(_no_such_route)
    app.exception_handler(Exception)(_unexpected)


def answer(
    status: HTTPStatus, code: str, message: str, details: Sequence[Any] = (), *, retry_after: int | None = None
) -> Response[str]:
    """An error response; after `retry_after` seconds the same request may succeed."""
    body = {"error": {"code": code, "message": message, "details": list(details)}}
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return Response(status.value, content_types.APPLICATION_JSON, json.dumps(body, ensure_ascii=False), headers)


def as_event(response: Response[str]) -> dict[str, Any]:
    """Converts a response that no route made into the HTTP API's format."""
    headers = {"Content-Type": content_types.APPLICATION_JSON}
    return {"statusCode": response.status_code, "headers": headers, "body": response.body}


def unauthorized() -> Response[str]:
    """The response that the HTTP API itself gives to a request without a valid token."""
    return Response(
        HTTPStatus.UNAUTHORIZED.value, content_types.APPLICATION_JSON, json.dumps({"message": "Unauthorized"})
    )


def malformed(reason: str) -> Response[str]:
    message = "The body of the request is not valid JSON."
    return answer(HTTPStatus.BAD_REQUEST, "malformed_json", message, [{"field": "", "message": reason}])


def _refused(error: errors.SkimlistError) -> Response[str]:
    status = STATUS_OF.get(type(error), HTTPStatus.INTERNAL_SERVER_ERROR)
    if status >= 500:
        logger.exception("request failed", code=error.code)
    else:
        logger.info("request refused", code=error.code, status=status)
    retry_after = 5 if status is HTTPStatus.SERVICE_UNAVAILABLE else getattr(error, "retry_after_seconds", None)
    return answer(status, error.code, str(error), getattr(error, "details", ()), retry_after=retry_after)


# Parts of the place of an error that name no field: the body, and the types of an entry that may have two.
_NO_FIELDS = ("body", "string", "object")


def _invalid_fields(error: RequestValidationError) -> Response[str]:
    """400 if the body is not JSON, otherwise 422 with one entry per invalid field."""
    problems = error.errors()
    for problem in problems:
        if problem["type"] == "json_invalid":
            return malformed(problem["ctx"]["error"])
    details = [
        {
            "field": ".".join(str(part) for part in problem["loc"] if part not in _NO_FIELDS),
            # pydantic puts the name of the Python exception before our message.
            "message": problem["msg"].removeprefix("Value error, "),
        }
        for problem in problems
    ]
    return answer(HTTPStatus.UNPROCESSABLE_ENTITY, errors.InvalidRequest.code, "Some fields are invalid.", details)


def _not_modified(unchanged: NotModified) -> Response[str]:
    return Response(HTTPStatus.NOT_MODIFIED.value, body="", headers={"ETag": str(unchanged)})


def _no_such_route(_error: NotFoundError) -> Response[str]:
    return answer(HTTPStatus.NOT_FOUND, "no_such_route", "This API has no such route; see GET /api/docs.")


def _unexpected(_error: Exception) -> Response[str]:
    logger.exception("request failed", code=errors.SkimlistError.code)
    return answer(HTTPStatus.INTERNAL_SERVER_ERROR, errors.SkimlistError.code, errors.SkimlistError.message)
