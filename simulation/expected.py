"""Promises that are known to be broken and not mended yet: whoever mends one takes its entry out.

`make simulate` fails where another one is broken, and also where one of these is not met in many runs.
"""

from __future__ import annotations

from collections.abc import Mapping

EXPECTED: Mapping[str, str] = {
    "asked after a stop": "A step reads playlists from YouTube although its batch was cancelled.",
    "a finished video begins again": "The first request of a bulk write arrives after the SDK's second one.",
    "conservation": "That resets a video that has failed as well, so that more wait than are counted.",
    "500": "A retry after ten executions that were lost before they took the batch over finds no free name.",
}
