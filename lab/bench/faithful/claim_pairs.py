"""Checks claims about the samples, each in a faithful version and in one with a corrupted fact."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lab.bench.faithful.samples import read_sample
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

    @property
    def false_alarms(self) -> float:
        """The share of the faithful claims, of which there are as many as corrupted ones, that were flagged."""
        return self.flagged_faithful / self.corrupted


Flags = Callable[[str, Video, float], bool]
Pair = Mapping[str, str]


def report() -> Report:
    measured = {half: measure(pairs(half)) for half in HALVES}
    held_out = measured["held_out"]
    return Report(
        tables=[
            Table("Claims that the check flags", list(_rows(measured))),
            Table("Held-out pairs by kind", list(_groups(pairs("held_out"), "kind", lambda pair: pair["kind"]))),
            Table("Held-out pairs by language", list(_groups(pairs("held_out"), "language", _language))),
        ],
        goals=[
            Goal(name="precision on the held-out pairs", value=held_out.precision, least=MIN_PRECISION),
            Goal(name="recall on the held-out pairs", value=held_out.recall, least=MIN_RECALL),
        ],
    )


def pairs(half: str) -> list[Pair]:
    found: list[Pair] = json.loads((Path(__file__).parent / f"{half}.json").read_text(encoding="utf-8"))
    return found


def is_unverified(claim: str, video: Video, second: float) -> bool:
    return check_claim(claim, video.captions.language, video.captions, video.place(second)).check.is_unverified


def lacks_exact_words(claim: str, video: Video, second: float) -> bool:
    """A check like a script of ten lines: digits and capitalized words have to occur letter for letter."""
    del second
    wanted = re.findall(r"\d+|(?<=\s)[A-Z]\w+", claim)
    return any(word not in " ".join(video.captions.lines) for word in wanted)


def measure(tried: Sequence[Pair], flags: Flags = is_unverified) -> Measured:
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
                "precision": result.precision,
                "recall": result.recall,
                "false alarms": result.false_alarms,
            }


def _groups(tried: Sequence[Pair], name: str, group_of: Callable[[Pair], str]) -> Iterator[Row]:
    for group in dict.fromkeys(map(group_of, tried)):
        result = measure([pair for pair in tried if group_of(pair) == group])
        yield {
            name: group,
            "pairs": result.corrupted,
            "recall": result.recall,
            "false alarms": result.false_alarms,
        }


def _language(pair: Pair) -> str:
    return _video(pair["video"]).captions.language


@cache
def _video(name: str) -> Video:
    transcript = read_sample(name)
    lines = caption_lines(transcript.segments, transcript.language_code, at_least=NUMBERED_LINE_TOKENS)
    metadata = (transcript.title or "", transcript.channel or "")
    return Video(lines, Captions([line.text for line in lines], transcript.language_code, metadata))
