"""Checks the body of a request before anything else reads it."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import error_responses
from aws_lambda_powertools.event_handler import Response

# 5,000 links with titles take half of this. The response to 1 MB of links fits into Lambda's limit of 6 MB.
MAX_BYTES = 1_000_000

_HALF_A_PAIR = re.compile(r"\\u[dD][89a-fA-F]")


def refusal(event: Mapping[str, Any]) -> Response[str] | None:
    """The response to a request whose body is not JSON or too large; None if it can be read."""
    content_type = event.get("headers", {}).get("content-type", "").partition(";")[0].strip()
    body = event.get("body") or ""
    takes_one = event["requestContext"]["http"]["method"] in {"POST", "PUT"}
    if content_type not in {"", "application/json"} and (body or takes_one):
        message = "The body of a request has to be JSON (Content-Type: application/json)."
        return error_responses.answer(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "not_json", message)
    try:
        content = base64.b64decode(body) if event.get("isBase64Encoded") else body.encode()
        content.decode()
    except (binascii.Error, UnicodeError):
        return error_responses.malformed("not UTF-8")
    if len(content) > MAX_BYTES:
        message = f"The body of a request can have at most {MAX_BYTES:,} bytes; send long lists of links in parts."
        return error_responses.answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", message)
    return None


def read_json(text: str) -> Any:
    """Parses JSON more strictly than the standard library, so that it means the same to every reader.

    Raises JSONDecodeError also for duplicate names, NaN and Infinity, lone surrogates, which no encoding can write, and
    numbers and depths that Python cannot read.
    """
    try:
        value = json.loads(text, object_pairs_hook=_object, parse_constant=_no_number)
        if _HALF_A_PAIR.search(text):
            json.dumps(value, ensure_ascii=False).encode()
    except json.JSONDecodeError:
        raise
    except RecursionError:
        raise json.JSONDecodeError("nested too deeply", text, 0) from None
    except UnicodeEncodeError:
        raise json.JSONDecodeError("lone surrogate", text, 0) from None
    except ValueError as error:
        raise json.JSONDecodeError(str(error).partition(":")[0], text, 0) from None
    return value


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise ValueError("duplicate name in an object")
    return value


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON number")
