"""Checks claims about the samples, each in a faithful version and in one that is corrupted.

In most pairs, one fact is corrupted. In the others, the faithful sentence is on the subject of an invented key point,
the corrupted one repeats the key point in other words, and neither cites a line.
"""

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
from lab.bench.terminal import console
from skimlist.claim_checks.captions import Captions
from skimlist.claim_checks.check import Place, check_claim
from skimlist.summarizing.checked_claims import ClaimChecker
from skimlist.summarizing.drafts import Draft, Point
from skimlist.summarizing.lines import NUMBERED_LINE_TOKENS, Line, caption_lines
from skimlist.summarizing.statements import Statement

HALVES = ("build", "held_out")
MIN_PRECISION = 0.9
MIN_RECALL = 0.95
# A sentence that repeats a claim in other words may also add something that the video does say.
MIN_RECALL_OF_REPETITIONS = 0.6


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


Pair = Mapping[str, str]
Flags = Callable[[str, Pair], bool]


def report() -> Report:
    console.print("Pairs of claims")
    measured = {half: measure(pairs(half)) for half in HALVES}
    held_out = measured["held_out"]
    repeated = {half: measure(repetitions(half), repeats_a_doubt) for half in HALVES}
    return Report(
        tables=[
            Table("Claims that the check flags", list(_rows(measured))),
            Table("Held-out pairs by kind", list(_groups(pairs("held_out"), "kind", lambda pair: pair["kind"]))),
            Table("Held-out pairs by language", list(_groups(pairs("held_out"), "language", _language))),
            Table(
                "Sentences that are flagged as repetitions of an invented key point",
                [_row(half, "skimlist", result) for half, result in repeated.items()],
            ),
        ],
        goals=[
            Goal(name="precision on the held-out pairs", value=held_out.precision, least=MIN_PRECISION),
            Goal(name="recall on the held-out pairs", value=held_out.recall, least=MIN_RECALL),
            Goal(
                name="precision on the held-out repetitions",
                value=repeated["held_out"].precision,
                least=MIN_PRECISION,
            ),
            Goal(
                name="recall on the held-out repetitions",
                value=repeated["held_out"].recall,
                least=MIN_RECALL_OF_REPETITIONS,
            ),
        ],
    )


def pairs(half: str) -> list[Pair]:
    """Returns the pairs in which a fact is corrupted."""
    return [pair for pair in _pairs(half) if "claim" not in pair]


def repetitions(half: str) -> list[Pair]:
    return [pair for pair in _pairs(half) if "claim" in pair]


def _pairs(half: str) -> list[Pair]:
    found: list[Pair] = json.loads((Path(__file__).parent / f"{half}.json").read_text(encoding="utf-8"))
    return found


def is_unverified(claim: str, pair: Pair) -> bool:
    video = _video(pair["video"])
    place = video.place(float(pair["at"]))
    return check_claim(claim, video.captions.language, video.captions, place).check.is_unverified


def repeats_a_doubt(sentence: str, pair: Pair) -> bool:
    """Whether a sentence of a summary is unverified whose only key point is the pair's claim."""
    video = _video(pair["video"])
    point = Point(video.place(float(pair["at"])).first + 1, pair["claim"])
    draft = Draft(
        title="",
        tldr=sentence,
        text="",
        key_points=(point,),
        chapters=(),
        tags=(),
        language=video.captions.language,
    )
    checker = ClaimChecker(video.lines, read_sample(pair["video"]))
    return checker.verdict(Statement("tldr", sentence), draft).is_unverified


def lacks_exact_words(claim: str, pair: Pair) -> bool:
    """A check like a script of ten lines: digits and capitalized words have to occur letter for letter."""
    wanted = re.findall(r"\d+|(?<=\s)[A-Z]\w+", claim)
    return any(word not in " ".join(_video(pair["video"]).captions.lines) for word in wanted)


def measure(tried: Sequence[Pair], flags: Flags = is_unverified) -> Measured:
    found = Counter(which for pair in tried for which in ("faithful", "corrupted") if flags(pair[which], pair))
    return Measured(len(tried), found["corrupted"], found["faithful"])


def _rows(measured: Mapping[str, Measured]) -> Iterator[Row]:
    for half, ours in measured.items():
        yield _row(half, "skimlist", ours)
        yield _row(half, "exact words", measure(pairs(half), lacks_exact_words))


def _row(half: str, method: str, result: Measured) -> Row:
    return {
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
