"""The models' endpoint of a campaign, which recognizes the video of a request and can fail that video alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from threading import Lock
from typing import Any

from local.model import FakeModelServer
from local.model.answers import prompt_text
from local.model.failures import Failure

_NUMBER = re.compile(r"(?<!\d)\d{5}(?!\d)")


class CountingModel(FakeModelServer):
    """A fake model server that counts usable answers by the number of their video in `paid`."""

    def __init__(self) -> None:
        super().__init__()
        self.paid: Counter[int] = Counter()
        self._planned: dict[int, tuple[Failure, int]] = {}
        self._counting = Lock()

    def plan(self, failures: Mapping[int, tuple[Failure, int]]) -> None:
        with self._counting:
            self._planned |= failures

    def _begin(self, request: Mapping[str, Any]) -> Failure | None:
        super()._begin(request)
        number = _number(request)
        with self._counting:
            failure, times = self._planned.get(number, (None, 0))
            if failure is None or not times:
                self.paid[number] += 1
                return None
            self._planned[number] = (failure, times - 1)
            return failure


def _number(request: Mapping[str, Any]) -> int:
    """Returns the number of the video that a prompt mentions most, because its captions contain it."""
    found = Counter(_NUMBER.findall(prompt_text(request["messages"])))
    return int(found.most_common(1)[0][0]) if found else 0
