"""Promises that are known to be broken and not mended yet: whoever mends one takes its entry out.

`make simulate` fails where another one is broken, and also where one of these is not met in many runs.
"""

from __future__ import annotations

from collections.abc import Mapping

EXPECTED: Mapping[str, str] = {
    "a finished video begins again": "The first request of a bulk write arrives after the SDK's second one.",
    "one ETag for two states": "A retry writes its batch twice in one moment, and the ETag is made of that moment.",
    "never at rest": "A batch that paused while ten executions were lost in a row has no free name to wake up under.",
    "500": "A retry after ten executions that were lost before they took the batch over finds no free name.",
}
