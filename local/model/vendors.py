"""Real answers of vendors' endpoints (vendors.toml), which tests request as "vendor:case"."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_PLACE = "@ANSWER@"
_ABSENT = "does_not_occur"


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorAnswer:
    source: str
    body: str
    status: int = 200
    rejects: str | None = None

    def answers(self, request: Mapping[str, Any]) -> bool:
        """Whether the endpoint would answer this request so; False if it rejects something that the request lacks."""
        asked = {*request, request.get("response_format", {}).get("type")}
        return self.rejects is None or self.rejects in asked

    def with_text(self, text: str) -> str:
        return self.body.replace(_PLACE, json.dumps(text, ensure_ascii=False)[1:-1])


@cache
def vendor_answers() -> Mapping[str, VendorAnswer]:
    return {
        f"{vendor}:{case}": VendorAnswer(**answer)
        for vendor, cases in _table().items()
        for case, answer in cases.items()
        if case != _ABSENT
    }


@cache
def absent_cases() -> frozenset[str]:
    """Returns the cases that a vendor does not have, as "vendor:case"."""
    return frozenset(f"{vendor}:{case}" for vendor, cases in _table().items() for case in cases.get(_ABSENT, ()))


def _table() -> Mapping[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
