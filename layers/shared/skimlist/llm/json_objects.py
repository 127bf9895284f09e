"""Finds the JSON objects in a language model's text, beside other text and in spite of common mistakes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

# The name of a first field distinguishes an object from prose in braces; some models escape the quotation marks.
_OPENING = re.compile(r"""\{\s*\\*["'“]?[\w -]{1,40}?\\*["'”]?\s*:|\{\s*\}""")
_MARK = re.compile(r'\\.|["{}]', re.DOTALL)
_BRACKET = re.compile(r"[{}\[\]]")
# No answer and no chat completion is nested deeper; the time of a repair grows with the square of the depth.
_DEEPEST = 50
# Marks after which a model begins its answer: its reasoning before them may contain an incomplete object.
_END_OF_THOUGHT = re.compile(r"</\w+>|\[/\w+\]|<\|\w+\|>")
# JSON's escapes, without those that no summary needs and that begin a TeX command: \beta, \frac, \theta, \rho.
_ESCAPE = re.compile(r'\\(?:["\\/n]|[rt](?![a-z])|u[0-9a-fA-F]{4})|\\')


def json_objects(text: str) -> list[dict[str, Any]]:
    """Returns the outermost objects in the text in order, without any that was cut off.

    An object that is the only field of another one, as in {"answer": {…}}, follows it.
    """
    found = list(_objects(text))
    if not found and (ends := list(_END_OF_THOUGHT.finditer(text))):
        found = list(_objects(text[ends[-1].end() :]))
    return found


def _objects(text: str) -> Iterator[dict[str, Any]]:
    for span in _spans(text):
        for decoded in _decoded(span):
            if isinstance(decoded, dict):
                yield decoded
                only = next(iter(decoded.values())) if len(decoded) == 1 else None
                if isinstance(only, dict):
                    yield only


def _spans(text: str) -> Iterator[str]:
    """Yields the text of each object, from its opening to its closing brace."""
    position = 0
    while opening := _OPENING.search(text, position):
        start = opening.start()
        end = _end(text, start)
        if end is None:
            # The object was cut off, or it has an unescaped quotation mark; in the latter case its braces are paired.
            rest = text[start : text.rfind("}") + 1]
            if rest.count("{") == rest.count("}"):
                yield rest
            return
        yield text[start:end]
        position = end


def _end(text: str, start: int) -> int | None:
    """Returns the index after the object that starts here, or None; braces in its strings do not count."""
    depth, in_string = 0, False
    for mark in _MARK.finditer(text, start):
        if mark[0] == '"':
            in_string = not in_string
        elif not in_string and mark[0] in "{}":
            depth += 1 if mark[0] == "{" else -1
            if depth == 0:
                return mark.end()
    return None


def _decoded(span: str) -> list[Any]:
    try:
        return [json.loads(_with_plain_backslashes(span), strict=False)]
    except (ValueError, RecursionError):
        return _repaired(span)


def _with_plain_backslashes(span: str) -> str:
    return _ESCAPE.sub(lambda escape: escape[0] if len(escape[0]) > 1 else r"\\", span)


def _repaired(span: str) -> list[Any]:
    mended = repair_json(_unescaped(span))
    return mended if isinstance(mended, list) else [mended]


def repair_json(text: str) -> Any:
    """Repairs invalid JSON with json-repair, which closes open brackets; None if it cannot or would take minutes."""
    if _depth(text) > _DEEPEST:
        return None
    # Imported late: it takes 70 ms, and most answers need no repair.
    import json_repair  # noqa: PLC0415

    try:
        return json_repair.loads(text, skip_json_loads=True)
    except (ValueError, RecursionError):
        return None


def _depth(text: str) -> int:
    """Returns the maximum nesting of brackets, including those in strings."""
    steps = (1 if bracket in "{[" else -1 for bracket in _BRACKET.findall(text))
    return max(accumulate(steps), default=0)


def _unescaped(span: str) -> str:
    r"""Undoes the escapes of an object that was written as if inside a string: {\"title\": …}."""
    if not span[1:].lstrip().startswith('\\"'):
        return _with_plain_backslashes(span)
    try:
        return str(json.loads(f'"{span}"', strict=False))
    except ValueError:
        return span
