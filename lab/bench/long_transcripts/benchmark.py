"""Runs every program on every transcript, with a server of fixed latency and with one that has to read the prompt."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from lab.bench.long_transcripts.server import Server, serving
from lab.bench.peer_programs import PEERS, measured_run, run_peer
from lab.bench.reports import Goal, Options, Report, Row, Table
from lab.bench.talks import talk
from local.build import shipped_packages
from local.settings import ROOT
from skimlist.models.transcript import Transcript

OURS = "skimlist"
_MAP_REDUCE = ("langchain map_reduce, async", "llama-index tree_summarize, async")
# These programs ask about one part after the other, which takes minutes for ten hours, so they run only once.
_IN_TURN = frozenset({"langchain map_reduce", "langchain refine", "llama-index tree_summarize"})
# The size of a part's summary and the number of concurrent requests, for the computed floor.
_NOTE_TOKENS = 300
_WIDTH = 16
_CHARACTERS_A_TOKEN = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """The speed of the server: it answers after `latency` seconds, and reads `prefill` tokens per second."""

    name: str
    latency: float
    prefill: float | None = None

    def one_call(self, tokens: float) -> float:
        return self.latency + (tokens / self.prefill if self.prefill else 0.0)

    def floor(self, tokens: float) -> float:
        """Returns the seconds of the faster plan: one call, or concurrent notes on `parts` and one call about them."""
        plans = (self.one_call(tokens / parts) + self.one_call(parts * _NOTE_TOKENS) for parts in range(2, _WIDTH + 1))
        return min(self.one_call(tokens), *plans)


def run(options: Options) -> Report:
    latency = 0.3 if options.quick else 1.5
    paces = (Pace(name="fixed", latency=latency), Pace(name="reading", latency=latency, prefill=10_000))
    lengths = (10, 60) if options.quick else (10, 60, 180, 600)
    with TemporaryDirectory() as folder:
        rows = [row for pace in paces for row in _measure(pace, lengths, Path(folder))]

    def draw(plots: Path) -> None:
        from lab.bench.long_transcripts.drawings import seconds  # noqa: PLC0415 - matplotlib

        for pace in paces:
            seconds([row for row in rows if row["server"] == pace.name], plots / f"long_transcripts_{pace.name}.svg")

    return Report(tables=[Table("Summaries of long transcripts", rows)], goals=list(_goals(rows)), draw=draw)


def _measure(pace: Pace, lengths: Sequence[int], folder: Path) -> Iterator[Row]:
    with serving(latency=pace.latency, prefill=pace.prefill) as server:
        for minutes in lengths:
            transcript = talk(minutes)
            tokens = len(transcript.text) / _CHARACTERS_A_TOKEN
            too_long = _IN_TURN if pace.prefill and minutes == max(lengths) else ()
            for name in (OURS, *(peer for peer in PEERS if peer not in too_long)):
                taken = _run(name, pace, server, _files(transcript, folder / f"{minutes}"))
                yield {
                    "server": pace.name,
                    "minutes": minutes,
                    "program": name,
                    **taken,
                    "÷ floor": taken["seconds"] / pace.floor(tokens),
                    "one call is better": str(pace.one_call(tokens) <= pace.floor(tokens)).lower(),
                }


def _files(transcript: Transcript, stem: Path) -> Path:
    """Writes the text for other programs, and the captions with their times for ours."""
    stem.with_suffix(".json").write_text(transcript.to_json(), encoding="utf-8")
    stem.with_suffix(".txt").write_text(transcript.text, encoding="utf-8")
    return stem.with_suffix(".txt")


def _run(name: str, pace: Pace, server: Server, file: Path) -> dict[str, float]:
    before = server.counts()
    taken = _summarize(pace, server, file) if name == OURS else run_peer(name, server.base_url, file)
    counted = server.counts() - before
    return {
        "seconds": taken["seconds"],
        "CPU seconds": taken["cpu_seconds"],
        "peak MB": taken["peak_bytes"] / 1e6,
        "calls": counted["calls"],
        "tokens read": counted["prompt_tokens"],
        "tokens written": counted["completion_tokens"],
        "tokens": counted["total_tokens"],
    }


def _summarize(pace: Pace, server: Server, file: Path) -> dict[str, Any]:
    # Only the function's own packages are available, because the SDK imports others if it finds them.
    shipped = shipped_packages(ROOT / "functions" / "summarize_video", ROOT / "layers" / "shared")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (ROOT, *shipped)))}
    speed = [str(pace.latency), str(pace.prefill or float("inf"))]
    ours = [sys.executable, "-S", "-m", "lab.bench.long_transcripts.ours"]
    return measured_run([*ours, *speed, server.base_url, file], environment)


def _goals(rows: Sequence[Row]) -> Iterator[Goal]:
    found = {(str(row["server"]), int(float(row["minutes"] or 0)), str(row["program"])): row for row in rows}
    ours = [row for row in rows if row["program"] == OURS]
    longest = max(minutes for _, minutes, _ in found)

    def figure(server: str, minutes: int, program: str, column: str) -> float:
        return float(found[server, minutes, program][column] or 0)

    def ratio(column: str, server: str, minutes: int, peer: str) -> float:
        return figure(server, minutes, peer, column) / figure(server, minutes, OURS, column)

    def measured(peer: str) -> list[tuple[str, int]]:
        return [(server, minutes) for server, minutes, program in found if program == peer]

    yield Goal(name="seconds ÷ floor, worst", value=max(float(row["÷ floor"] or 0) for row in ours), most=1.10)
    single = [float(row["calls"] or 0) for row in ours if row["one call is better"] == "true"]
    divided = [float(row["calls"] or 0) for row in ours if row["one call is better"] == "false"]
    yield Goal(name="calls where one call is better, most", value=max(single), most=1)
    yield Goal(name="calls where parts are better, most", value=max(divided, default=1), most=_WIDTH + 1)
    for peer, least in (("langchain map_reduce", 15.0), ("langchain map_reduce, async", 2.5)):
        value = ratio("seconds", "fixed", longest, peer)
        yield Goal(name=f"{longest} min: {peer} ÷ ours, seconds", value=value, least=least)
    dearest = max(
        1 / ratio("tokens", server, minutes, peer) for peer in _MAP_REDUCE for server, minutes in measured(peer)
    )
    yield Goal(name="tokens ÷ those of a map-reduce peer, worst", value=dearest, most=1.0)
    light = "langchain map_reduce"
    heaviest = max(1 / ratio("peak MB", server, minutes, light) for server, minutes in measured(light))
    yield Goal(name="peak memory ÷ langchain's, worst", value=heaviest, most=0.6)
