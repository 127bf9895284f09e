"""Generates `docs/errors.md`, and the sentences that the page falls back to, from the error classes: `make errors`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from textwrap import fill
from typing import NamedTuple

from local.settings import ROOT
from skimlist.errors import (
    BatchBlocked,
    DigestFailed,
    FollowMonthSpent,
    FollowOwnerDeleted,
    PlaylistFailed,
    RequestRefused,
    SkimlistError,
    StorageUnavailable,
    TooMany,
    VideoFailed,
    WorkflowFailed,
    error_classes,
)
from skimlist.models.selection import NOT_SELECTED
from skimlist.selecting import PUT_BACK

FILE = ROOT / "docs" / "errors.md"
SENTENCES_FILE = ROOT / "web" / "scripts" / "error-sentences.js"
_INTRODUCTION = (
    "An error has a stable `code`, a message, a piece of advice, and `retryable`: whether a retry can help. "
    "`make errors` generates these tables from `layers/shared/skimlist/errors.py`. [api.md](api.md#errors) says what "
    "the statuses of the HTTP API mean, and [runbook.md](runbook.md) what an operator can do."
)
_LINE = 140
_YES_OR_NO = {True: "yes", False: "no"}
_WITH_ADVICE = ("code", "what happened", "what to do")


class _Section(NamedTuple):
    title: str
    text: str
    root: type[SkimlistError]
    columns: tuple[str, ...] = (*_WITH_ADVICE, "can a retry help?")


_SECTIONS = (
    _Section(
        "A video fails",
        "The batch continues with the next video. YouTube, a model or AWS may be at fault instead of the "
        "video. In that case the step is tried again first, and if the same happens to two videos in a row, the batch "
        "pauses and neither of them fails.",
        VideoFailed,
    ),
    _Section(
        "A batch pauses",
        "No video could succeed now, so none is marked as failed. A batch that tries again by itself does so "
        "after 5, 15, 30, 60 and 120 minutes, and then every four hours. It can be resumed at any time.",
        BatchBlocked,
        (*_WITH_ADVICE, "does it try again by itself?"),
    ),
    _Section("A playlist adds no videos", "The rest of the batch continues.", PlaylistFailed),
    _Section("A batch ends without a digest", "Its summaries are complete.", DigestFailed),
    _Section(
        "A request is refused",
        "Nothing has changed. The message says more about the particular case.",
        RequestRefused,
        ("code", "what happened"),
    ),
    _Section("Skimlist itself fails", "Everything fetched and answered so far is kept.", SkimlistError),
)
# Codes that have no error class: a pause by the user, and requests that are refused before they reach a route.
PAUSED_BY_USER = ("paused_by_user", "You paused this batch.", "Resume it whenever you like.", "no")
# Errors that batches and follows store.
_STORED = (
    *(VideoFailed, BatchBlocked, PlaylistFailed, DigestFailed, WorkflowFailed),
    *(StorageUnavailable, FollowMonthSpent, FollowOwnerDeleted, TooMany),
)
# Each reason has a sentence of its own; this one holds for all.
_NOT_SELECTED = "This video does not match the selection of its playlist or channel."
_REFUSED_BEFORE_A_ROUTE = (
    ("malformed_json", "The body is not JSON."),
    ("not_json", "The body's Content-Type is not `application/json`."),
    ("too_large", "The body has more than 1 MB; send long lists in parts."),
    ("no_such_route", "The API has no route with this path and method; see `/api/docs`."),
)


def document() -> str:
    beginning = ("# Errors", "", fill(_INTRODUCTION, _LINE), "")
    return "\n".join([*beginning, *(line for section in _SECTIONS for line in _lines(section))])


def sentences() -> dict[str, tuple[str, str]]:
    """Returns the present message and advice of each error that is stored, by its code."""
    classes = {cls.code: cls for root in _STORED for cls in _with_code(root)}
    told = {code: (cls.message, cls.advice) for code, cls in classes.items()}
    return {**told, NOT_SELECTED: (_NOT_SELECTED, PUT_BACK)}


def sentences_module() -> str:
    entries = (f"  {code}: {json.dumps(told, ensure_ascii=False)},\n" for code, told in sorted(sentences().items()))
    about = "// The present message and advice of each code of a stored error; `make errors` writes it."
    return f"{about}\n\nexport const errorSentences = {{\n{''.join(entries)}}};\n"


def _lines(section: _Section) -> Iterator[str]:
    yield from (f"## {section.title}", "", fill(section.text, _LINE), "")
    yield _line(section.columns)
    yield "|---" * len(section.columns) + "|"
    yield from (_line((f"`{code}`", *cells)) for code, *cells in _rows(section.root))
    yield ""


def _rows(root: type[SkimlistError]) -> Iterator[tuple[str, ...]]:
    if root is RequestRefused:
        yield from ((cls.code, cls.message) for cls in _with_code(root))
        yield from _REFUSED_BEFORE_A_ROUTE
    elif root is BatchBlocked:
        for cls in _with_code(root):
            if issubclass(cls, BatchBlocked):
                yield cls.code, cls.message, cls.advice, _YES_OR_NO[cls.resumes_by_itself]
        yield PAUSED_BY_USER
    else:
        others = [section.root for section in _SECTIONS if section.root not in (root, SkimlistError)]
        elsewhere = {SkimlistError, *(cls for other in others for cls in error_classes(other))}
        for cls in _with_code(root):
            if cls not in elsewhere:
                yield cls.code, cls.message, cls.advice, _YES_OR_NO[cls.retryable]


def _with_code(root: type[SkimlistError]) -> Iterator[type[SkimlistError]]:
    """The error classes below `root`, without base classes, which have no code of their own and are never raised."""
    return (cls for cls in error_classes(root) if "code" in vars(cls))


def _line(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def main() -> None:
    FILE.write_text(document(), encoding="utf-8")
    SENTENCES_FILE.write_text(sentences_module(), encoding="utf-8")


if __name__ == "__main__":
    main()
