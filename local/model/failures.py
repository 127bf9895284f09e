"""The ways in which the stand-in can misbehave."""

from __future__ import annotations

from enum import StrEnum


class Failure(StrEnum):
    """Errors come before an answer; the rest spoil the answer itself, which is charged like any other."""

    RATE_LIMITED = "rate_limited"
    QUOTA = "quota"
    PAYMENT_REQUIRED = "payment_required"
    SERVER_ERROR = "server_error"
    KEY_REJECTED = "key_rejected"
    FORBIDDEN = "forbidden"
    INPUT_FLAGGED = "input_flagged"
    INPUT_FILTERED = "input_filtered"
    CREDIT_TOO_LOW = "credit_too_low"
    UNKNOWN_MODEL = "unknown_model"
    CONTEXT_EXCEEDED = "context_exceeded"
    REQUEST_REJECTED = "request_rejected"
    SCHEMA_REJECTED = "schema_rejected"
    JSON_REJECTED = "json_rejected"
    NOT_JSON = "not_json"
    INVALID_ANSWER = "invalid_answer"
    WRONG_LINES = "wrong_lines"
    TOO_LONG = "too_long"
    TOO_SHORT = "too_short"
    IN_ENGLISH = "in_english"
    REFUSAL = "refusal"
    CONTENT_FILTER = "content_filter"
    CUT_OFF = "cut_off"
    NO_USAGE = "no_usage"
    PROMPT_CUT = "prompt_cut"
    HANG = "hang"


# HTTP status and OpenAI's error code of each failure that is an error.
HTTP_ERRORS = {
    Failure.RATE_LIMITED: (429, "rate_limit_exceeded"),
    Failure.QUOTA: (429, "insufficient_quota"),
    Failure.PAYMENT_REQUIRED: (402, None),
    Failure.SERVER_ERROR: (500, None),
    Failure.KEY_REJECTED: (401, "invalid_api_key"),
    Failure.FORBIDDEN: (403, None),
    Failure.INPUT_FLAGGED: (403, None),
    Failure.INPUT_FILTERED: (400, "content_filter"),
    Failure.CREDIT_TOO_LOW: (400, None),
    Failure.UNKNOWN_MODEL: (404, "model_not_found"),
    Failure.CONTEXT_EXCEEDED: (400, "context_length_exceeded"),
    Failure.REQUEST_REJECTED: (422, None),
}
# What the error says in words, where an endpoint says it in no other way: OpenRouter and Anthropic.
HTTP_MESSAGES = {
    Failure.INPUT_FLAGGED: "Your chosen model requires moderation and your input was flagged",
    Failure.CREDIT_TOO_LOW: "Your credit balance is too low to access the Anthropic API.",
}
# The response formats that an endpoint with one of these limits answers with a 400.
REJECTED_FORMATS = {
    Failure.SCHEMA_REJECTED: {"json_schema"},
    Failure.JSON_REJECTED: {"json_schema", "json_object"},
}
