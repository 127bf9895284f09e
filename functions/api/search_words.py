"""The words of a search that cannot go without any."""

from __future__ import annotations

from skimlist.errors import InvalidRequest
from skimlist.text.search import words


def required_words(q: str) -> tuple[str, ...]:
    """Returns the folded words of `q`. Raises InvalidRequest if it has none, because every summary would match."""
    found = words(q)
    if not found:
        message = "A search needs at least one word."
        raise InvalidRequest(message, [{"field": "q", "message": message}])
    return found
