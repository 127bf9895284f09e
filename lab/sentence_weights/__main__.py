"""`python -m lab.sentence_weights CAPTIONS`: learns the weights of `sentence_weights.toml` from graded sentences.

`labels.json` has the grades, by video and by the seconds at which a sentence begins and ends; it contains no words. A
folder of caption files has the words: `local/samples` for the sample videos, CAPTIONS for the others. Videos and
sentences that are not found are skipped. Each rating is a logistic regression with a penalty on large weights. It runs
in the environment of the benchmarks: `PYTHONPATH=layers/shared .local/bench/bin/python -m lab.sentence_weights …`.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np

from lab.bench.quality.benchmark import SAMPLES, read_transcript
from skimlist.summarizing.extractive import sentence_ratings
from skimlist.summarizing.extractive.sentence_ratings import Rating, Talk
from skimlist.summarizing.lines import caption_lines

_LABELS = Path(__file__).with_name("labels.json")
_WEIGHTS = Path(sentence_ratings.__file__).with_name("sentence_weights.toml")
# The grades of an editor.
_NEVER, _STANDS_ALONE, _KEY = 0, 2, 3
_PENALTY = 1 / 0.3
_STEPS = 30
_DECIMALS = 2
_HEADER = """\
# How much each feature of a sentence speaks for it, as log odds; `sentence_ratings.py` describes the ratings and the
# features. Learned by `python -m lab.sentence_weights`; do not edit by hand.
"""


@dataclass(frozen=True, slots=True)
class Graded:
    """The graded sentences of one video: their features, and what each rating should have been."""

    video: str
    features: Any
    wanted: Mapping[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m lab.sentence_weights", description=__doc__)
    parser.add_argument("captions", nargs="?", type=Path, default=SAMPLES, help="a folder of caption files")
    parser.add_argument("--write", action="store_true", help="write the weights instead of only testing them")
    options = parser.parse_args()
    graded = list(_graded([SAMPLES, options.captions]))
    names = _names()
    print(f"{sum(len(one.features) for one in graded):,} sentences of {len(graded)} videos")
    for rating in Rating.__slots__:
        print(f"{rating}: precision {_precision(graded, rating):.2f} of the best quarter, each video by the others'")
    if options.write:
        tables = (_table(rating, names, _learn(graded, rating)) for rating in Rating.__slots__)
        _WEIGHTS.write_text("\n".join([_HEADER, *tables]), encoding="utf-8")


def _graded(folders: Sequence[Path]) -> Iterator[Graded]:
    labels = json.loads(_LABELS.read_text(encoding="utf-8"))
    for video, of_video in labels.items():
        file = next((folder / f"{video}.json" for folder in folders if (folder / f"{video}.json").exists()), None)
        if file is None:
            continue
        transcript, _ = read_transcript(file)
        lines = caption_lines(transcript.segments, transcript.language_code)
        talk = Talk([line.text for line in lines], transcript.language_code, transcript.title or "")
        places = [f"{line.start:.1f}-{line.end:.1f}" for line in lines]
        rows = [
            (list(map(float, found.values())), of_video["grades"][place], place in of_video["topic"])
            for found, place in zip(talk.features(), places, strict=True)
            if place in of_video["grades"]
        ]
        grades = np.array([grade for _, grade, _ in rows])
        wanted = {
            "alone": (grades == _STANDS_ALONE) | (grades == _KEY),
            "key": grades == _KEY,
            "topic": np.array([topic for _, _, topic in rows]),
            "usable": grades != _NEVER,
        }
        yield Graded(video, np.array([found for found, _, _ in rows]), wanted)


def _names() -> list[str]:
    return list(Talk(["Any sentence."], "en", "").features()[0])


def _learn(graded: Sequence[Graded], rating: str) -> Any:
    """Returns the weight of each feature and a constant, by Newton's method; long videos count less per sentence."""
    rows = np.vstack([one.features for one in graded])
    rows = np.hstack([rows, np.ones((len(rows), 1))])
    wanted = np.concatenate([one.wanted[rating] for one in graded]).astype(float)
    counts = np.concatenate([np.full(len(one.features), len(one.features) ** -0.5) for one in graded])
    counts /= counts.mean()
    penalty = np.diag([_PENALTY] * (rows.shape[1] - 1) + [1e-9])
    weights = np.zeros(rows.shape[1])
    for _ in range(_STEPS):
        likely = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (counts * (likely - wanted)) + penalty @ weights
        curve = (rows * (counts * likely * (1 - likely))[:, None]).T @ rows + penalty
        weights -= np.linalg.solve(curve, slope)
    return weights


def _precision(graded: Sequence[Graded], rating: str) -> float:
    """Returns the precision of the best rated sentences; a quarter as many are taken as are right."""
    shares = []
    for one in graded:
        right = one.wanted[rating]
        if right.any():
            weights = _learn([other for other in graded if other is not one], rating)
            best = np.argsort(-(one.features @ weights[:-1]), kind="stable")[: max(right.sum() // 4, 1)]
            shares.append(right[best].mean())
    return float(mean(shares))


def _table(rating: str, names: Sequence[str], weights: Any) -> str:
    lines = (f'"{name}" = {weight:.{_DECIMALS}f}' for name, weight in zip([*names, "constant"], weights, strict=True))
    return "\n".join([f"[{rating}]", *lines, ""])


if __name__ == "__main__":
    main()
