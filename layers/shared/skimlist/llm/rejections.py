"""Maps rejections by a model's endpoint to our errors, by their code, type, words and status together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus
from typing import Any, NamedTuple

from skimlist.errors import (
    ModelAccessDenied,
    ModelKeyRejected,
    ModelNotFound,
    ModelOverloaded,
    ModelQuotaExceeded,
    ModelRefused,
    ModelRequestRejected,
    ModelUnreachable,
    SkimlistError,
)


class Rejection(NamedTuple):
    """A rejection by an endpoint: `code` and `kind` (OpenAI's `type`, Google's `status`) in lower case, and `words`."""

    status: int
    code: str = ""
    kind: str = ""
    words: str = ""


class FormRejected(Exception):
    """The endpoint rejects requests of this form; `words` may name the rejected part."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.words = words


# Only the first words count, because later ones may repeat the request, and captions must not be able to fake an error
# that affects everybody. The instructions at the beginning of each request are longer than this.
_OWN_WORDS = 500

NO_COMPLETION = "The model's endpoint answered something that is not a chat completion."
_TOO_LONG = ModelRequestRejected("The captions are longer than the model takes at once.")
_BEDROCK_DENIES = ModelAccessDenied(
    "Amazon Bedrock denied access to the model: a policy of the AWS account or organization forbids it, or the account "
    "has not accepted the model's terms."
)
_WRONG_SIGNATURE = ModelAccessDenied(
    "Amazon Bedrock does not accept the AWS credentials that the request was signed with."
)
_WRONG_ADDRESS = "The model's endpoint has no chat completions at this address."

_Meaning = SkimlistError | type[SkimlistError] | type[FormRejected]

_BY_CODE: Mapping[str, _Meaning] = {
    # OpenAI
    "insufficient_quota": ModelQuotaExceeded,
    "billing_hard_limit_reached": ModelQuotaExceeded,
    "billing_not_active": ModelQuotaExceeded,
    "invalid_api_key": ModelKeyRejected,
    "unsupported_country_region_territory": ModelAccessDenied,
    "content_filter": ModelRefused,
    "content_policy_violation": ModelRefused,
    "invalid_prompt": ModelRefused,
    "context_length_exceeded": _TOO_LONG,
    "string_above_max_length": _TOO_LONG,
    "model_not_found": ModelNotFound,
    # Azure
    "responsibleaipolicyviolation": ModelRefused,
    "deploymentnotfound": ModelNotFound,
    # Anthropic
    "billing_error": ModelQuotaExceeded,
    "authentication_error": ModelKeyRejected,
    "rate_limit_error": ModelOverloaded,
    "overloaded_error": ModelOverloaded,
    "request_too_large": _TOO_LONG,
    # LiteLLM
    "budget_exceeded": ModelQuotaExceeded,
    "no_db_connection": ModelKeyRejected,  # without a database it knows only its own key
    "key_model_access_denied": ModelAccessDenied,
    "team_model_access_denied": ModelAccessDenied,
    # llama.cpp
    "exceed_context_size_error": _TOO_LONG,
    # OpenRouter, which reserves credit for requests under way
    "openrouter_in_flight_budget": ModelOverloaded,
    # Mistral
    "invalid_model": ModelNotFound,
}

# Statuses with which endpoints reject a request. Some use a server error, or success with an error in the body.
_ABOUT_THE_REQUEST = frozenset({HTTPStatus.OK, 400, 404, 405, 413, 415, 422, 500, 501})


class _Words(NamedTuple):
    statuses: frozenset[int]
    pattern: re.Pattern[str]
    meaning: _Meaning


def _words(statuses: Iterable[int], meaning: _Meaning, *patterns: str) -> _Words:
    return _Words(frozenset(statuses), re.compile("|".join(patterns), re.IGNORECASE | re.DOTALL), meaning)


# Meanings of errors that endpoints express in words only; the first match counts.
_BY_WORDS = (
    _words(
        (HTTPStatus.OK, 400, 403, 422, 451, 500),
        ModelRefused,
        r"\bflagged\b|\bmoderation\b|\bcontent[ _](filter|policy|management)|content exists risk",
        r"\bprohibited_content\b|inappropriate content|violat\w+ .{0,40}(usage polic|terms)",
        r"guardrail intervened|blocked by .{0,40}(guardrail|safety|policy)",
    ),
    _words(
        (HTTPStatus.OK, 400, 402, 403, 429),
        ModelQuotaExceeded,
        r"\bcredit balance is too low\b|\binsufficient (balance|credits|funds)\b",
        r"\b(exceeded ?budget|budget has been exceeded|reached your specified api usage limits)\b",
        r"\bcredits are depleted\b|\breached your (session|hourly|daily|weekly|monthly) usage limit",
    ),
    _words(
        (HTTPStatus.OK, 400, 403),
        ModelKeyRejected,
        r"\b(invalid|incorrect) api[ _-]?key\b|\bapi_key_invalid\b",
        r"\bapi[ _-]?key (is |was )?(not valid|invalid|expired|reported as leaked)|\bmake sure your api key is valid\b",
    ),
    _words(
        (403,),
        _BEDROCK_DENIES,
        r"not authorized to perform: bedrock:|access to the model with the specified|^model access is denied",
    ),
    _words(
        (403,),
        _WRONG_SIGNATURE,
        r"^the request signature we calculated|^signature (expired|not yet current)|^credential should be scoped",
        r"^the security token included in the request",
    ),
    _words(
        (400, 403, 404),
        ModelAccessDenied,
        r"location is not supported|not (available|supported) in your (country|region)|matching your data policy",
    ),
    _words(
        (HTTPStatus.OK, 400, 404),
        ModelNotFound(_WRONG_ADDRESS),
        r"does not support the .{0,40}\bAPI\b|\bunexpected endpoint or method\b",
    ),
    # A single request that exceeds the tokens per minute: waiting does not help.
    _words((429,), _TOO_LONG, r"\brequest too large\b"),
    # The limit of the answer, which some endpoints mention together with the context window.
    _words(
        _ABOUT_THE_REQUEST,
        FormRejected,
        r"max_(completion_|output_)?tokens\b.{0,60}\b(too (large|high)|at (most|least)|(less|greater) than|must be)",
        r"maximum tokens you requested exceeds?",
    ),
    _words(
        _ABOUT_THE_REQUEST,
        _TOO_LONG,
        r"\b(maximum|max|available|exceed\w*( the)?) context|\bcontext[ _](length|window|size|limit)",
        r"(prompt|input|request|message)s?( is| are)? too (long|large)|too large for model|reduce the length",
        r"input token count|(number|amount) of (input )?tokens|(prompt|input) contains \d+ tokens",
        r"too many (input |prompt )?tokens in|keep the first \d+ tokens",
    ),
    _words(
        _ABOUT_THE_REQUEST,
        ModelNotFound,
        r"\bmodels?\b.{0,120}?\b(not found|does not exist|not exist|is not available|not a valid model)\b",
        r"\b(invalid|unknown|unsupported) model\b|not a valid model|model identifier is invalid",
        r"on-demand throughput isn.t supported",
        r"no endpoints found for|\bno models? loaded\b|^model: \S+$",
    ),
    _words(
        _ABOUT_THE_REQUEST,
        FormRejected,
        r"response.?format|json.?(schema|object|mode)|structured.?output|grammar|\bschema\b|max_(completion_)?tokens",
        r"unsupported.{0,20}parameter|unrecognized.{0,20}argument|unknown (parameter|field|name)",
        r"requested parameters|extra (inputs|fields)|not permitted|reasoning|thinking|prompt_cache",
        r"(system|developer) (role|message|instruction)|roles must alternate",
    ),
    _words(
        (HTTPStatus.OK, *range(500, 600)),
        ModelOverloaded,
        r"overloaded|too many requests|rate.?limit|throttl|over capacity|capacity exceeded|at capacity|server busy",
        r"high demand",
    ),
)
_BY_STATUS: Mapping[int, _Meaning] = {
    HTTPStatus.OK: ModelUnreachable(NO_COMPLETION),
    400: FormRejected,
    401: ModelKeyRejected,
    402: ModelQuotaExceeded,
    403: ModelAccessDenied,
    404: ModelUnreachable(_WRONG_ADDRESS),
    405: ModelUnreachable(_WRONG_ADDRESS),
    408: ModelUnreachable,
    409: ModelUnreachable,
    413: _TOO_LONG,
    422: FormRejected,
    429: ModelOverloaded,
    # 498 is Groq's status for exhausted capacity, 529 is Anthropic's for overload.
    498: ModelOverloaded,
    529: ModelOverloaded,
}


def meaning(rejection: Rejection) -> SkimlistError | FormRejected:
    """Returns the error that a rejection means: FormRejected if another form of the request may be accepted.

    An error that affects everybody, such as a rejected key, is recognized by a code, by a status with no other meaning,
    or by the first words of the endpoint.
    """
    found = _BY_CODE.get(rejection.code) or _BY_CODE.get(rejection.kind) or _by_words(rejection)
    found = found or _by_status(rejection.status)
    if isinstance(found, SkimlistError):
        return type(found)(str(found))  # a copy, because a raised error keeps its traceback
    return FormRejected(rejection.words) if issubclass(found, FormRejected) else found()


def _by_words(rejection: Rejection) -> _Meaning | None:
    fitting = (row for row in _BY_WORDS if rejection.status in row.statuses and row.pattern.search(rejection.words))
    return next((row.meaning for row in fitting), None)


def _by_status(status: int) -> _Meaning:
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if status >= 500:
        return ModelUnreachable
    if 300 <= status < 400:
        return ModelUnreachable(
            f"The model's endpoint sends requests on to another address (HTTP status {status}), which is not asked. "
            "Give the deployment the address at which the model answers."
        )
    return ModelRequestRejected(f"The model's endpoint rejected the request with HTTP status {status}.")


# --- Error bodies of each vendor ----------------------------------------------------------------------------------


def rejection_in(status: int, body: object) -> Rejection:
    """Reads an error's body in any of the shapes that vendors use.

    OpenAI and most: {"error": {code, type, message}} · Ollama, LM Studio: {"error": "…"} · Mistral, vLLM: {code, type,
    message} · Google: [{"error": {code, status, message}}] · FastAPI: {"detail": …} · OpenRouter adds the error of the
    provider behind it, and Azure the reason of its filter. A web page or plain text has no meaning by itself.
    """
    body = first_mapping(body) if isinstance(body, list) else body
    if not isinstance(body, dict):
        return Rejection(status)
    error = body.get("error") or first_mapping(body.get("errors")) or body
    if isinstance(error, str):
        error = {**body, "type": error, "message": body.get("message") or error}
    if not isinstance(error, dict):
        return Rejection(status)
    metadata = mapping(error.get("metadata"))
    code = error.get("code")
    codes = (code, mapping(error.get("innererror")).get("code"), metadata.get("limit_source"))
    return Rejection(
        _status(status, code),
        next((_name(each) for each in codes if _name(each)), ""),
        _name(error.get("type")) or _name(error.get("status")),
        " · ".join(words for words in _words_of(error, metadata) if words),
    )


def _status(status: int, code: object) -> int:
    """Returns the status in the body if the response's own status is success or a gateway's error."""
    in_body = int(code) if isinstance(code, int | str) and re.fullmatch(r"[45]\d\d", str(code)) else None
    return in_body if in_body and (status == HTTPStatus.OK or status >= 500) else status


def _words_of(error: Mapping[str, Any], metadata: Mapping[str, Any]) -> Iterator[str]:
    """Yields the endpoint's own words, and the parameter that they refer to."""
    for said in (error.get("param"), error.get("message"), error.get("Message"), error.get("detail")):
        yield _message(said)
    yield _message(metadata.get("raw"))
    if metadata.get("flagged_input") or metadata.get("reasons"):
        yield "flagged"


def _message(said: object) -> str:
    if isinstance(said, dict):
        said = said.get("detail", said.get("message"))
    if isinstance(said, list):
        said = "; ".join(_wrong_field(part) for part in said if isinstance(part, dict))
    return said[:_OWN_WORDS] if isinstance(said, str) else ""


def _wrong_field(part: Mapping[str, Any]) -> str:
    """Formats a validation error without the value that was sent, which may be the captions."""
    place = part.get("loc")
    return f"{'.'.join(map(str, place)) if isinstance(place, list) else ''}: {part.get('msg', '')}"


def first_mapping(parts: object) -> Mapping[str, Any]:
    """Returns the first object of a list; an empty object if there is none, or if `parts` is not a list."""
    return next((part for part in parts if isinstance(part, dict)), {}) if isinstance(parts, list) else {}


def mapping(value: object) -> Mapping[str, Any]:
    """Returns the value if it is an object, or else an empty one."""
    return value if isinstance(value, dict) else {}


def _name(value: object) -> str:
    return value.lower() if isinstance(value, str) else ""
