"""A live model, which Skimlist and the programs to compare with ask about the samples."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from lab.bench.faithful.recordings import PeerText, Recording, Recordings, model_at, record
from lab.bench.faithful.samples import read_sample, sample_names
from lab.bench.peer_programs import run_peer
from lab.bench.quality.benchmark import Nothing
from lab.bench.terminal import console
from local.settings import LocalStackError
from skimlist.llm.endpoint import ChatEndpoint
from skimlist.models.settings import SummaryLength
from skimlist.summarizing.prompts import PROMPT_VERSION

# The time limit of the function that summarizes a video.
_SECONDS = 900.0
_PROGRAMS = ("langchain map_reduce", "llama-index tree_summarize", "llm")


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveModel:
    """`keep`: answers become part of the recordings, and what was recorded with the same prompt is not asked again."""

    base_url: str
    model: str
    api_key: str
    samples: tuple[str, ...]
    lengths: tuple[SummaryLength, ...]
    seeds: tuple[int, ...]
    programs: tuple[str, ...]
    keep: bool

    @classmethod
    def from_environment(cls, *, quick: bool) -> LiveModel | None:
        """Returns the model that the BENCH_… environment variables name, if they name one."""
        base_url = os.environ.get("BENCH_BASE_URL")
        if not base_url:
            return None
        if not (model := os.environ.get("BENCH_MODEL")):
            raise LocalStackError("BENCH_BASE_URL is set: set BENCH_MODEL too, to the model's name at that endpoint.")
        samples = sample_names()
        lengths = tuple(map(SummaryLength, os.environ.get("BENCH_LENGTHS", "brief standard").split()))
        return cls(
            base_url=base_url,
            model=model,
            api_key=os.environ.get("BENCH_API_KEY", "none"),
            samples=samples[:1] if quick else samples,
            lengths=lengths[:1] if quick else lengths,
            seeds=(1,) if quick else tuple(map(int, os.environ.get("BENCH_SEEDS", "1 2").split())),
            programs=_PROGRAMS,
            keep=bool(os.environ.get("BENCH_RECORD")) and not quick,
        )

    def ask(self) -> Recordings:
        """Asks all questions one by one. Kept answers are written immediately, so that a run can be resumed."""
        found = Recordings.read(self.model) if self.keep else Recordings(model=self.model)
        for answered in self._missing(found):
            found = found.with_one(answered)
            if self.keep:
                found.write()
        return found

    def _missing(self, found: Recordings) -> Iterator[Recording | PeerText]:
        summarized = {each.key for each in found.recordings if each.prompt_version == PROMPT_VERSION}
        texts = {each.key for each in found.texts}
        # One sample after the other, so that an interrupted run still compares programs on the same samples.
        for seed, sample in product(self.seeds, self.samples):
            for length in self.lengths:
                if (sample, length, seed) not in summarized:
                    console.print(f"{self.model}: {sample}, {length}, seed {seed}")
                    yield self._summarized(sample, length, seed)
            for program in self.programs:
                if (program, sample, seed) not in texts:
                    console.print(f"{self.model}: {sample}, {program}, seed {seed}")
                    yield self._text(program, sample, seed)

    def _summarized(self, sample: str, length: SummaryLength, seed: int) -> Recording:
        deadline = monotonic() + _SECONDS
        endpoint = ChatEndpoint(
            model_at(self.base_url, self.model, seed=seed),
            api_key=self.api_key,
            answer_cache=Nothing(),
            seconds_left=lambda: deadline - monotonic(),
            on_repair=lambda _: None,
        )
        return record(endpoint, sample, length, seed)

    def _text(self, program: str, sample: str, seed: int) -> PeerText:
        asked = {"BENCH_MODEL": self.model, "BENCH_API_KEY": self.api_key, "BENCH_SEED": str(seed)}
        with TemporaryDirectory() as folder:
            file = Path(folder) / "talk.txt"
            file.write_text(read_sample(sample).text, encoding="utf-8")
            text = run_peer(program, self.base_url, file, asked)["text"]
        return PeerText(program=program, sample=sample, seed=seed, text=text)
