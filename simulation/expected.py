"""Promises that are known to be broken and not mended yet: whoever mends one takes its entry out."""

from __future__ import annotations

from typing import NamedTuple


class Known(NamedTuple):
    """What goes wrong. `often`: a short run meets it."""

    what: str
    often: bool = False


EXPECTED: dict[str, Known] = {
    "asked after a stop": Known("A step that reads playlists asks YouTube although its batch was cancelled.", often=True),
    "500": Known("A retry after ten executions that were lost before they took the batch over finds no free name."),
}
