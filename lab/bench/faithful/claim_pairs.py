"""Checks claims about the samples, each in a faithful version and in one with a corrupted fact."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lab.bench.quality.benchmark import SAMPLES, read_transcript
from lab.bench.reports import Goal, Report, Row, Table
from skimlist.claim_checks.captions import Captions
from skimlist.claim_checks.check import Place, check_claim
from skimlist.summarizing.lines import NUMBERED_LINE_TOKENS, Line, caption_lines

HALVES = ("build", "held_out")
MIN_PRECISION = 0.9
MIN_RECALL = 0.95


@dataclass(frozen=True, slots=True)
class Video:
    lines: tuple[Line, ...]
    captions: Captions

    def place(self, second: float) -> Place:
        return Place(max(line.number - 1 for line in self.lines if line.start <= second))


@dataclass(frozen=True, slots=True)
class Measured:
    """The numbers of corrupted and faithful claims that a check flagged."""

    corrupted: int
    flagged_corrupted: int
    flagged_faithful: int

    @property
    def precision(self) -> float:
        flagged = self.flagged_corrupted + self.flagged_faithful
        return self.flagged_corrupted / flagged if flagged else 0.0

    @property
    def recall(self) -> float:
        return self.flagged_corrupted / self.corrupted


Flags = Callable[[str, Video, float], bool]


def report() -> Report:
    measured = {half: measure(pairs(half)) for half in HALVES}
    held_out = measured["held_out"]
    return Report(
        tables=[
            Table("Claims that the check flags", list(_rows(measured))),
            Table("Corrupted claims of the held-out half by kind", list(_kinds(pairs("held_out")))),
        ],
        goals=[
            Goal(name="precision on the held-out pairs", value=held_out.precision, least=MIN_PRECISION),
            Goal(name="recall on the held-out pairs", value=held_out.recall, least=MIN_RECALL),
        ],
    )


def pairs(half: str) -> list[Mapping[str, str]]:
    found: list[Mapping[str, str]] = json.loads((Path(__file__).parent / f"{half}.json").read_text(encoding="utf-8"))
    return found


def is_unverified(claim: str, video: Video, second: float) -> bool:
    return check_claim(claim, video.captions.language, video.captions, video.place(second)).check.is_unverified


def lacks_exact_words(claim: str, video: Video, second: float) -> bool:
    """A check like a script of ten lines: digits and capitalized words have to occur letter for letter."""
    del second
    wanted = re.findall(r"\d+|(?<=\s)[A-Z]\w+", claim)
    return any(word not in " ".join(video.captions.lines) for word in wanted)


def measure(tried: Sequence[Mapping[str, str]], flags: Flags = is_unverified) -> Measured:
    found = Counter(
        which
        for pair in tried
        for which in ("faithful", "corrupted")
        if flags(pair[which], _video(pair["video"]), float(pair["at"]))
    )
    return Measured(len(tried), found["corrupted"], found["faithful"])


def _rows(measured: Mapping[str, Measured]) -> Iterator[Row]:
    for half, ours in measured.items():
        for method, result in (("skimlist", ours), ("exact words", measure(pairs(half), lacks_exact_words))):
            yield {
                "pairs": half,
                "method": method,
                "corrupted": result.flagged_corrupted / result.corrupted,
                "faithful": result.flagged_faithful / result.corrupted,
                "precision": result.precision,
                "recall": result.recall,
            }


def _kinds(tried: Sequence[Mapping[str, str]]) -> Iterator[Row]:
    for kind in dict.fromkeys(pair["kind"] for pair in tried):
        of_kind = [pair for pair in tried if pair["kind"] == kind]
        yield {"kind": kind, "pairs": len(of_kind), "recall": measure(of_kind).recall}


@cache
def _video(name: str) -> Video:
    transcript, _ = read_transcript(SAMPLES / f"{name}.json")
    lines = caption_lines(transcript.segments, transcript.language_code, at_least=NUMBERED_LINE_TOKENS)
    metadata = (transcript.title or "", transcript.channel or "")
    return Video(lines, Captions([line.text for line in lines], transcript.language_code, metadata))
