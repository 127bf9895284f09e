"""Skimlist as a program: python -m lab.bench.long_transcripts.ours WAIT READ BASE_URL FILE, at the server's speed."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from lab.bench.measured import report
from skimlist.llm.catalogue import Speed, catalogue
from skimlist.models.settings import BatchSettings
from skimlist.models.transcript import Transcript
from skimlist.summarizing.providers import open_model
from skimlist.summarizing.summarize import summarize_video


class Memory:
    """An answer cache that is never used."""

    def recall(self, key: str) -> str | None:
        del key
        return None

    def remember(self, key: str, answer: str, *, is_last: bool = False) -> None:
        del key, answer, is_last


def main(wait: str, read: str, base_url: str, file: str) -> None:
    # The fake server answers as soon as it has read the prompt: writing takes no time.
    speed = Speed(wait=float(wait), read=float(read), written=float("inf"))
    spec = replace(catalogue()["openai"], base_url=base_url, speed=speed)
    model = open_model(spec, api_key="none", answer_cache=Memory(), seconds_left=lambda: 900.0)
    transcript = Transcript.from_json(Path(file).with_suffix(".json").read_text(encoding="utf-8"))
    report(lambda: summarize_video(transcript, BatchSettings(model="openai"), model, now=datetime.now(UTC)).text)


if __name__ == "__main__":
    main(*sys.argv[1:])
