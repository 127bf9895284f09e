"""Recorded answers of a real model about the samples, which can be replayed without the model."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, cast

from lab.bench.faithful.samples import read_sample
from skimlist.codec import decode, to_json
from skimlist.errors import ModelAnswerInvalid, ModelUnreachable
from skimlist.llm.catalogue import CUSTOM_MODEL, ModelSpec, Usage, offered_model
from skimlist.llm.endpoint import Ask, ChatEndpoint
from skimlist.llm.prompts import Message
from skimlist.models.endpoint import Endpoint
from skimlist.models.settings import BatchSettings, SummaryLength
from skimlist.models.summary import Summary
from skimlist.models.transcript import Transcript
from skimlist.summarizing.drafts import Request
from skimlist.summarizing.lines import NUMBERED_LINE_TOKENS, caption_lines
from skimlist.summarizing.openai_model import OpenAIModel
from skimlist.summarizing.prompts import PROMPT_VERSION
from skimlist.summarizing.summarize import summarize_video

_RECORDED = Path(__file__).parent / "recorded"
_NOW = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer to one question for these fields; `content` is None if it did not end."""

    question: str
    fields: tuple[str, ...]
    content: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """All answers for one summary of a sample, in order."""

    model: str
    sample: str
    length: SummaryLength
    seed: int
    prompt_version: str
    tokens_in: int
    tokens_out: int
    answers: tuple[Answer, ...]

    @property
    def key(self) -> tuple[str, SummaryLength, int]:
        return self.sample, self.length, self.seed

    @property
    def transcript(self) -> Transcript:
        return read_sample(self.sample)

    @property
    def settings(self) -> BatchSettings:
        return BatchSettings(model=CUSTOM_MODEL, summary_length=self.length)

    @property
    def request(self) -> Request:
        transcript = self.transcript
        lines = caption_lines(transcript.segments, transcript.language_code, at_least=NUMBERED_LINE_TOKENS)
        return Request.for_all(transcript, self.settings, lines)

    def summary(self) -> Summary:
        """Returns the summary that Skimlist makes of these answers. Raises ModelAnswerInvalid if they are unusable."""
        model = OpenAIModel(cast("ChatEndpoint", _Replayed(self)))
        return summarize_video(self.transcript, self.settings, model, now=_NOW)

    def without(self, *numbers: int) -> Recording:
        """Returns the recording without the answers with these indexes."""
        return replace(self, answers=tuple(each for at, each in enumerate(self.answers) if at not in numbers))


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerText:
    """The summary that another program made of a sample with the same model."""

    program: str
    sample: str
    seed: int
    text: str

    @property
    def key(self) -> tuple[str, str, int]:
        return self.program, self.sample, self.seed


@dataclass(frozen=True, slots=True, kw_only=True)
class Recordings:
    """The recordings of one model."""

    model: str
    recordings: tuple[Recording, ...] = ()
    texts: tuple[PeerText, ...] = ()

    @classmethod
    def read(cls, model: str) -> Recordings:
        """Loads the recordings of a model; there are none if it was never asked."""
        file = _file(model)
        return decode(cls, json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else cls(model=model)

    @classmethod
    def read_all(cls) -> list[Recordings]:
        return [cls.read(file.stem) for file in sorted(_RECORDED.glob("*.json"))]

    def about_one_sample(self) -> Recordings:
        """Returns the recordings about the first sample of which there are texts of other programs, with one seed."""
        told = {text.sample for text in self.texts}
        first = min(self.recordings, key=lambda each: (each.sample not in told, each.seed), default=None)
        if first is None:
            return self
        of_ours = (each for each in self.recordings if (each.sample, each.seed) == (first.sample, first.seed))
        return replace(
            self, recordings=tuple(of_ours), texts=tuple(each for each in self.texts if each.sample == first.sample)
        )

    def with_one(self, one: Recording | PeerText) -> Recordings:
        if isinstance(one, PeerText):
            return replace(self, texts=(*self.texts, one))
        others = (each for each in self.recordings if each.key != one.key)
        return replace(self, recordings=(*others, one))

    def write(self) -> None:
        """Writes the file with one recording a line, so that a diff shows which of them changed."""
        _RECORDED.mkdir(exist_ok=True)
        lists = [f' "{name}": [\n{_lines(getattr(self, name))}\n ]' for name in ("recordings", "texts")]
        text = ",\n".join([f' "model": {json.dumps(self.model)}', *lists])
        _file(self.model).write_text(f"{{\n{text}\n}}\n", encoding="utf-8")


def _lines(kept: Iterable[object]) -> str:
    return ",\n".join(f"  {to_json(each)}" for each in kept)


def _file(model: str) -> Path:
    return _RECORDED / f"{model}.json"


def record(endpoint: ChatEndpoint, sample: str, length: SummaryLength, seed: int) -> Recording:
    """Has a model summarize a sample; `seed` is only noted here."""
    taped = _Taped(endpoint)
    wanted = Recording(
        model=endpoint.spec.model,
        sample=sample,
        length=length,
        seed=seed,
        prompt_version=PROMPT_VERSION,
        tokens_in=0,
        tokens_out=0,
        answers=(),
    )
    with suppress(ModelAnswerInvalid):  # also a result; the answers show the reason
        summarize_video(wanted.transcript, wanted.settings, OpenAIModel(cast("ChatEndpoint", taped)), now=_NOW)
    spent = endpoint.spent
    return replace(wanted, tokens_in=spent.tokens_in, tokens_out=spent.tokens_out, answers=tuple(taped.answers))


def model_at(base_url: str | None, model: str, *, seed: int, context_tokens: int | None = None) -> ModelSpec:
    """Returns a model at an endpoint, as a deployment with no other settings offers it."""
    endpoint = Endpoint(base_url=base_url, model=model, context_tokens=context_tokens, parameters={"seed": seed})
    return offered_model(CUSTOM_MODEL, endpoint)


class _Taped:
    """A model's endpoint that records its answers."""

    def __init__(self, endpoint: ChatEndpoint) -> None:
        self.spec = endpoint.spec
        self.answers: list[Answer] = []
        self._endpoint = endpoint

    @property
    def spent(self) -> Usage:
        return self._endpoint.spent

    @contextmanager
    def exchange(self, name: str, *, is_last: bool = False, is_repair: bool = False) -> Iterator[Ask]:
        with self._endpoint.exchange(name, is_last=is_last, is_repair=is_repair) as ask:
            yield partial(self._ask, ask, name)

    def _ask(self, ask: Ask, name: str, messages: Sequence[Message], schema: Mapping[str, Any]) -> str:
        def keep(content: str | None) -> None:
            self.answers.append(Answer(question=name, fields=tuple(schema["properties"]), content=content))

        try:
            content = ask(messages, schema)
        except ModelAnswerInvalid:
            keep(None)
            raise
        keep(content)
        return content


class _Replayed:
    """Replays recorded answers to questions for the same fields, in order; other questions have no answer."""

    def __init__(self, recording: Recording) -> None:
        self.spec = model_at(None, recording.model, seed=recording.seed)
        self.spent = Usage(tokens_in=recording.tokens_in, tokens_out=recording.tokens_out)
        self._left = list(recording.answers)

    @contextmanager
    def exchange(self, name: str, *, is_last: bool = False, is_repair: bool = False) -> Iterator[Ask]:
        del is_last, is_repair
        yield partial(self._answer, name)

    def _answer(self, name: str, messages: Sequence[Message], schema: Mapping[str, Any]) -> str:
        del messages
        wanted = (name, tuple(schema["properties"]))
        found = next((answer for answer in self._left if (answer.question, answer.fields) == wanted), None)
        if found is None:
            raise ModelUnreachable
        self._left.remove(found)
        if found.content is None:
            raise ModelAnswerInvalid
        return found.content
