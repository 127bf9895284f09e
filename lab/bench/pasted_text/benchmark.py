"""Measures the CPU time for megabytes that are slow to read, each of which repeats a short part or has links."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from time import process_time

from lab.bench.reports import Goal, Options, Report, Row, Table
from skimlist.errors import InvalidRequest
from skimlist.links.parsing import MAX_LINKS, parse_lines, split_lines

_BYTES = 1_000_000
_RUNS = 3
_MAX_SECONDS = 1.0
_VIDEO = "https://youtu.be/Lighthouse1"
_ENCODED = "https://www.youtube.com/watch%" + "25" * 39 + "3Fv=Lighthouse1"  # a question mark, encoded 40 times


def _texts(size: int) -> Mapping[str, str]:
    """Returns the slowest texts that were found, and texts that people paste by mistake."""
    links = MAX_LINKS * size // _BYTES
    return {
        "lines of `1:#`": _repeated("1:#\n", size),
        "lines of `#`": _repeated("#\n", size),
        "lines of `v=?`": _repeated("v=?\n", size),
        "lines of `watch?v=`": _repeated("watch?v=\u200b\n", size // 12 * 10),  # in UTF-8 it has 12 bytes
        "lines of `watch?aaaaaaaaaaa=a`": _repeated("watch?aaaaaaaaaaa=a\n", size),
        "addresses that lead to others": _repeated("watch?a=/b?c=/d?e=/f?g=/h?aaaaaaaaaaa\n", size),
        "decoded to what leads to others": _repeated("watch?%25a=/%2541a=/%2541aaaaaaaaaaa\n", size),
        "a line of words": _repeated("a.b/ ", size),
        "a line without a space": _VIDEO + _repeated("x", size * 9 // 10),
        "percent signs": _repeated("%25", size),
        "links on one line": " ".join(f"https://youtu.be/{number:011}" for number in range(links)),
        "links encoded 40 times": _repeated(f"{_ENCODED}\n", size),
    }


def run(options: Options) -> Report:
    texts = _texts(_BYTES // 100 if options.quick else _BYTES)
    rows: list[Row] = [
        {"text": name, "bytes": len(text.encode()), "lines": text.count("\n") + 1, "CPU seconds": _seconds(text)}
        for name, text in texts.items()
    ]
    slowest = max(float(row["CPU seconds"] or 0) for row in rows)
    return Report(
        tables=[Table(f"A pasted megabyte, the best of {_RUNS} readings", rows)],
        goals=[Goal(name="CPU seconds of the slowest megabyte", value=slowest, most=_MAX_SECONDS)],
    )


def _repeated(part: str, size: int) -> str:
    return part * (size // len(part))


def _seconds(text: str) -> float:
    return min(_reading(text) for _ in range(_RUNS))


def _reading(text: str) -> float:
    began = process_time()
    with suppress(InvalidRequest):  # more links than one request may name
        parse_lines(split_lines(text))
    return process_time() - began
