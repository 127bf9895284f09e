"""How a transcript of any length is condensed: one request where it fits, else notes on its parts and a merge."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace

from skimlist.errors import ModelAnswerInvalid
from skimlist.models import BatchSettings, Transcript
from skimlist.summarizing.catalogue import Usage
from skimlist.summarizing.chunking import prompt_tokens, split
from skimlist.summarizing.drafts import Answer, Draft, Model, Request, Task
from skimlist.summarizing.lines import Line

# Requests under way at once; more would mostly meet the provider's rate limit.
CONCURRENT_REQUESTS = 16


class Plan:
    """Condenses lines until one request takes them all, and counts what that used.

    `progress` is told the percentage that is done, from the thread that carries the plan out.
    """

    def __init__(
        self,
        transcript: Transcript,
        settings: BatchSettings,
        model: Model,
        progress: Callable[[int], None] | None = None,
    ) -> None:
        self.usage = Usage()
        self.chunks = 0
        self.characters_used = 0
        self.dropped = 0
        self._transcript = transcript
        self._settings = settings
        self._model = model
        self._progress = progress
        self._percent = 0

    def carry_out(self, lines: Sequence[Line]) -> Draft:
        """The whole video's draft. Raises ModelAnswerInvalid when notes get no shorter, and what the model raises."""
        chunks = self._chunks(lines)
        self.chunks = len(chunks)
        self.characters_used = sum(len(line.text) for chunk in chunks for line in chunk)
        task = Task.WHOLE
        while len(chunks) > 1:
            notes = self._take_notes(chunks)
            if prompt_tokens(notes) >= prompt_tokens(lines):
                raise ModelAnswerInvalid("The model's notes on the parts of this video are longer than the parts.")
            lines, task = notes, Task.NOTES
            chunks = self._chunks(lines)
        answer = self._model.answer(self._request(task, chunks[0]))
        self._count(answer)
        self._report(100)
        return answer.draft

    def _take_notes(self, chunks: Sequence[Sequence[Line]]) -> list[Line]:
        """Notes on all chunks, asked for at once.

        After a failure no further chunk is asked about, but answers under way are awaited, so that they are kept.
        """
        requests = [self._request(Task.PART, chunk) for chunk in chunks]
        with ThreadPoolExecutor(CONCURRENT_REQUESTS) as pool:
            pending = [pool.submit(self._model.answer, request) for request in requests]
            try:
                for done, future in enumerate(as_completed(pending), start=1):
                    self._count(future.result())
                    self._report(100 * done // (len(chunks) + 1))
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
        drafts = [future.result().draft for future in pending]
        return [note for chunk, draft in zip(chunks, drafts, strict=True) for note in _notes(chunk, draft)]

    def _count(self, answer: Answer) -> None:
        self.usage += answer.usage
        self.dropped += answer.draft.dropped

    def _chunks(self, lines: Sequence[Line]) -> list[tuple[Line, ...]]:
        return split(lines, self._model.spec.caption_tokens)

    def _request(self, task: Task, lines: Sequence[Line]) -> Request:
        return Request(
            task=task,
            lines=tuple(lines),
            length=self._settings.summary_length,
            options=self._settings.options,
            language=self._transcript.language_code,
            title=self._transcript.title,
        )

    def _report(self, percent: int) -> None:
        # Notes that are condensed once more begin anew; what was told does not fall back.
        self._percent = max(self._percent, percent)
        if self._progress:
            self._progress(self._percent)


def _notes(chunk: Sequence[Line], draft: Draft) -> list[Line]:
    """The draft of a part as lines, each with the number and times of the line that it rests on."""
    texts = [(chunk[0].number, draft.text)]
    texts += [(section.line, f"{section.title}: {section.summary}") for section in draft.chapters]
    texts += [(point.line, point.text) for point in draft.key_points]
    by_number = {line.number: line for line in chunk}
    return [replace(by_number[number], text=" ".join(text.split())) for number, text in sorted(texts)]
