"""Promises that are known to be broken and not mended yet: whoever mends one takes its entry out.

`make simulate` fails where another one is broken, and also where one of these is not met in many runs.
"""

from __future__ import annotations

from collections.abc import Mapping

EXPECTED: Mapping[str, str] = {
    "a finished video begins again": "The first request of a bulk write arrives after the SDK's second one.",
}
