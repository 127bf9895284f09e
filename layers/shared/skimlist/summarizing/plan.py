"""How a transcript of any length is condensed: one request where that is best, else notes on its parts and a merge."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace

from skimlist.errors import ModelAnswerInvalid, ModelRefused, VideoFailed
from skimlist.models.summary import BatchSettings
from skimlist.models.transcript import Transcript
from skimlist.summarizing.chunking import prompt_tokens
from skimlist.summarizing.drafts import Draft, Model, Request, Task
from skimlist.summarizing.lines import Line
from skimlist.summarizing.partitioning import divided

# A summary of less than this share of the captions is none of the video.
_LEAST_SHARE = 0.5


class Plan:
    """Condenses lines until one request takes them all.

    `left_out` are the parts that the model would not summarize. `progress` is told the percentage that is done, from
    the thread that carries the plan out.
    """

    def __init__(
        self,
        transcript: Transcript,
        settings: BatchSettings,
        model: Model,
        progress: Callable[[int], None] | None = None,
    ) -> None:
        self.chunks = 0
        self.dropped = 0
        self.left_out: list[Sequence[Line]] = []
        self._transcript = transcript
        self._settings = settings
        self._model = model
        self._progress = progress
        self._percent = 0

    def carry_out(self, lines: Sequence[Line]) -> Draft:
        """The whole video's draft. Raises ModelAnswerInvalid when notes get no shorter, and what the model raises."""
        request = Request.for_all(self._transcript, self._settings, lines)
        parts = divided(request, self._model.spec)
        self.chunks = len(parts)
        while len(parts) > 1:
            notes = self._take_notes(request, parts)
            if prompt_tokens(notes) >= prompt_tokens(request.lines):
                raise ModelAnswerInvalid("The model's notes on the parts of this video are longer than the parts.")
            request = replace(request, task=Task.NOTES, lines=tuple(notes))
            parts = divided(request, self._model.spec)
        draft = self._model.answer(request)
        self.dropped += draft.dropped
        self._report(100)
        return draft

    def _take_notes(self, request: Request, parts: Sequence[Request]) -> list[Line]:
        """Notes on all parts of a request, asked for at once.

        What the model refuses to summarize, or cannot, is left out if the rest makes up most of the captions. After
        any other failure no further part is asked about, but answers under way are awaited, so that they are kept.
        """
        refusals: dict[int, VideoFailed] = {}
        with ThreadPoolExecutor(self._model.spec.concurrent_requests) as pool:
            pending = {pool.submit(self._model.answer, part): number for number, part in enumerate(parts)}
            try:
                for done, future in enumerate(as_completed(pending), start=1):
                    try:
                        self.dropped += future.result().dropped
                    except (ModelRefused, ModelAnswerInvalid) as refusal:
                        refusals[pending[future]] = refusal
                        _require_most(request, [parts[number] for number in refusals], refusal)
                    self._report(100 * done // (len(parts) + 1))
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
        self.left_out += [parts[number].lines for number in sorted(refusals)]
        answered = [(parts[number], future.result()) for future, number in pending.items() if number not in refusals]
        return [note for part, draft in answered for note in _notes(part.lines, draft)]

    def _report(self, percent: int) -> None:
        # Condensing the notes once more starts from 0 %, but reported progress never goes back.
        self._percent = max(self._percent, percent)
        if self._progress:
            self._progress(self._percent)


def _require_most(request: Request, left_out: Sequence[Request], refusal: VideoFailed) -> None:
    """Raises `refusal` if too little is left. Each note stands for many captions, so none may be left out."""
    missing = sum(prompt_tokens(part.lines) for part in left_out)
    if request.task is Task.NOTES or missing > prompt_tokens(request.lines) * (1 - _LEAST_SHARE):
        raise refusal


def _notes(chunk: Sequence[Line], draft: Draft) -> list[Line]:
    """The notes on a part as lines, each with the number and times of the line that it rests on.

    A model that talks on and on was paid for it: its notes are cut until they are shorter than the part.
    """
    by_number = {line.number: line for line in chunk}
    notes = [replace(by_number[note.line], text=" ".join(note.text.split())) for note in draft.key_points]
    longest = max((len(note.text) for note in notes), default=0)
    while longest > 1 and prompt_tokens(notes) >= prompt_tokens(chunk):
        longest //= 2
        notes = [replace(note, text=note.text[:longest]) for note in notes]
    return notes
