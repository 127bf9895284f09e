"""Digests a batch of any size: in one request if it fits, or else by findings on its parts and a merge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace

from skimlist.digesting.drafts import Digester, Draft, Request, Task
from skimlist.digesting.outlines import Outline, Statement
from skimlist.digesting.parts import Material, split
from skimlist.errors import ModelAnswerInvalid
from skimlist.llm.catalogue import ModelSpec
from skimlist.models.settings import SummaryOptions

# Tokens of the instructions and of the explanation in a second attempt.
_INSTRUCTION_TOKENS = 1_500
# Models overlook the middle of longer texts (Liu et al.: "Lost in the Middle", TACL 12, 2024).
_MAX_PART_TOKENS = 60_000


def most_tokens(spec: ModelSpec) -> int | None:
    """Returns the maximum tokens of summaries, by the careful count, that fit into a request beside prompt and answer.

    None means no limit.
    """
    if spec.context_tokens is None:
        return None
    room = int((spec.context_tokens - spec.answer_limits[-1]) / spec.tokens) - _INSTRUCTION_TOKENS
    return max(min(room, _MAX_PART_TOKENS), 1)


class Plan:
    """Condenses summaries until one request holds them all."""

    def __init__(self, digester: Digester, options: SummaryOptions, language: str) -> None:
        self.dropped = 0
        self._digester = digester
        self._options = options
        self._language = language

    def carry_out(self, outlines: Sequence[Outline]) -> Draft:
        """Returns the draft of the whole batch.

        Raises ModelAnswerInvalid if findings are not shorter than their parts, and the errors of the model.
        """
        by_position = {outline.position: outline for outline in outlines}
        materials = [Material(place=outline.position - 1, outlines=(outline,)) for outline in outlines]
        parts = self._split(materials)
        task = Task.WHOLE
        while len(parts) > 1:
            materials = self._find_in_parts(parts, by_position)
            parts, before = self._split(materials), len(parts)
            if len(parts) == before:
                raise ModelAnswerInvalid("The model's findings on the parts of this batch are as long as the parts.")
            task = Task.FINDINGS
        draft = self._digester.answer(self._request(task, parts[0]))
        self.dropped += draft.dropped
        return draft

    def _split(self, materials: Sequence[Material]) -> list[Material]:
        return split(materials, most_tokens(self._digester.spec))

    def _find_in_parts(self, parts: Sequence[Material], by_position: Mapping[int, Outline]) -> list[Material]:
        """Asks for findings on all parts concurrently.

        After a failure no further request is sent, but the pending answers are awaited, so that they are cached.
        """
        requests = [self._request(Task.PART, part) for part in parts]
        with ThreadPoolExecutor(self._digester.spec.concurrent_requests) as pool:
            pending = [pool.submit(self._digester.answer, request) for request in requests]
            try:
                for future in as_completed(pending):
                    future.result()
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
        drafts = [future.result() for future in pending]
        self.dropped += sum(draft.dropped for draft in drafts)
        return [_as_material(part.place, draft, by_position) for part, draft in zip(parts, drafts, strict=True)]

    def _request(self, task: Task, part: Material) -> Request:
        return Request(
            task=task,
            outlines=part.outlines,
            findings=part.findings,
            options=self._options,
            language=self._language,
        )


def _as_material(place: int, draft: Draft, by_position: Mapping[int, Outline]) -> Material:
    """Turns a draft into material: its recommended videos with their reasons, and all its claims as findings."""
    findings = (*draft.themes, *draft.agreements, *draft.differences)
    return Material(
        place=place,
        outlines=tuple(
            replace(by_position[pick.position], gist=pick.reason, statements=())
            for pick in sorted(draft.watch_order, key=lambda pick: pick.position)
        ),
        findings=tuple(Statement(finding.text, finding.sources, finding.title) for finding in findings),
    )
