"""The faults of the fake server, in addition to the answers of vendors (vendors.toml)."""

from __future__ import annotations

from enum import StrEnum


class Failure(StrEnum):
    """The faults: errors instead of an answer, and faulty answers, which are charged like any other."""

    RATE_LIMITED = "rate_limited"
    QUOTA = "quota"
    SERVER_ERROR = "server_error"
    KEY_REJECTED = "key_rejected"
    FORBIDDEN = "forbidden"
    UNKNOWN_MODEL = "unknown_model"
    SCHEMA_REJECTED = "schema_rejected"
    JSON_REJECTED = "json_rejected"
    NOT_JSON = "not_json"
    INVALID_ANSWER = "invalid_answer"
    WRONG_LINES = "wrong_lines"
    TOO_LONG = "too_long"
    TOO_SHORT = "too_short"
    IN_ENGLISH = "in_english"
    BEGINNING_ONLY = "beginning_only"
    UNSAID = "unsaid"
    REFUSAL = "refusal"
    CONTENT_FILTER = "content_filter"
    CUT_OFF = "cut_off"
    NO_USAGE = "no_usage"
    PROMPT_CUT = "prompt_cut"
    CACHE_NOT_COUNTED = "cache_not_counted"
    HANG = "hang"


# HTTP status and OpenAI's error code of each failure that is an error.
HTTP_ERRORS = {
    Failure.RATE_LIMITED: (429, "rate_limit_exceeded"),
    Failure.QUOTA: (429, "insufficient_quota"),
    Failure.SERVER_ERROR: (500, None),
    Failure.KEY_REJECTED: (401, "invalid_api_key"),
    Failure.FORBIDDEN: (403, None),
    Failure.UNKNOWN_MODEL: (404, "model_not_found"),
}
# The response formats that an endpoint with one of these limits rejects with a 400.
REJECTED_FORMATS = {
    Failure.SCHEMA_REJECTED: {"json_schema"},
    Failure.JSON_REJECTED: {"json_schema", "json_object"},
}
