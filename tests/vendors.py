"""The meaning of vendors' answers (local/model/vendors.toml), by the first word of their case."""

from __future__ import annotations

from collections.abc import Mapping

from skimlist.errors import (
    ModelAccessDenied,
    ModelAnswerInvalid,
    ModelKeyRejected,
    ModelNotFound,
    ModelOverloaded,
    ModelQuotaExceeded,
    ModelRefused,
    ModelRequestRejected,
    ModelUnreachable,
    SkimlistError,
)

# None is a summary.
MEANINGS: Mapping[str, type[SkimlistError] | None] = {
    "ok": None,
    "parameter": None,
    "refusal": ModelRefused,
    "length": ModelAnswerInvalid,
    "empty": ModelAnswerInvalid,
    "quota": ModelQuotaExceeded,
    "key": ModelKeyRejected,
    "overload": ModelOverloaded,
    "context": ModelRequestRejected,
    "model": ModelNotFound,
    "minute": ModelRequestRejected,
    "address": ModelNotFound,
    "access": ModelAccessDenied,
    "loading": ModelUnreachable,
    "broken": ModelUnreachable,
}


def kind_of(name: str) -> str:
    """Returns the kind of a recorded answer: `refusal` of `azure:refusal_of_the_answer`."""
    return name.partition(":")[2].partition("_")[0]
