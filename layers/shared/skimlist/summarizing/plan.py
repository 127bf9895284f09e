"""Condenses a transcript of any length: in one request if that is best, or else by notes on its parts and a merge."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace

from skimlist.errors import ModelAnswerInvalid, ModelRefused, VideoFailed
from skimlist.models.settings import BatchSettings
from skimlist.models.transcript import Transcript
from skimlist.summarizing.chunking import prompt_tokens
from skimlist.summarizing.drafts import Draft, Model, Request, Task
from skimlist.summarizing.lines import Line
from skimlist.summarizing.partitioning import divide

# A summary of less than this share of the captions does not represent the video.
_MIN_SHARE = 0.5


class Plan:
    """Condenses lines until one request holds them all.

    `left_out` are the parts that the model did not summarize. `progress` is called with the percentage done, in the
    thread that runs `carry_out`.
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
        """Returns the draft of the whole video.

        Raises ModelAnswerInvalid if notes are not shorter than their parts, and the errors of the model.
        """
        request = Request.for_all(self._transcript, self._settings, lines)
        parts = divide(request, self._model.spec)
        self.chunks = len(parts)
        while len(parts) > 1:
            notes = self._take_notes(request, parts)
            if prompt_tokens(notes) >= prompt_tokens(request.lines):
                raise ModelAnswerInvalid("The model's notes on the parts of this video are longer than the parts.")
            request = replace(request, task=Task.NOTES, lines=tuple(notes))
            parts = divide(request, self._model.spec)
        draft = self._model.answer(request)
        self.dropped += draft.dropped
        self._report(100)
        return draft

    def _take_notes(self, request: Request, parts: Sequence[Request]) -> list[Line]:
        """Asks for notes on all parts of a request concurrently.

        Parts that the model refuses or fails to summarize are left out if the rest makes up most of the captions. After
        any other error no further request is sent, but the pending answers are awaited, so that they are cached.
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
        # Condensing the notes once more starts from 0 %, but the reported progress never decreases.
        self._percent = max(self._percent, percent)
        if self._progress:
            self._progress(self._percent)


def _require_most(request: Request, left_out: Sequence[Request], refusal: VideoFailed) -> None:
    """Raises `refusal` if too little would remain. No notes may be left out, because each stands for many captions."""
    missing = sum(prompt_tokens(part.lines) for part in left_out)
    if request.task is Task.NOTES or missing > prompt_tokens(request.lines) * (1 - _MIN_SHARE):
        raise refusal


def _notes(chunk: Sequence[Line], draft: Draft) -> list[Line]:
    """Turns the notes on a part into lines, each with the number and times of the line that it cites.

    Notes that are longer than their part are cut until they are shorter, because they have been paid for.
    """
    by_number = {line.number: line for line in chunk}
    notes = [replace(by_number[note.line], text=" ".join(note.text.split())) for note in draft.key_points]
    longest = max((len(note.text) for note in notes), default=0)
    while longest > 1 and prompt_tokens(notes) >= prompt_tokens(chunk):
        longest //= 2
        notes = [replace(note, text=note.text[:longest]) for note in notes]
    return notes
