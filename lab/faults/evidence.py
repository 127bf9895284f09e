"""Checks after a run whether everything that was promised holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from zipfile import ZipFile

from lab.faults.follow_run import FollowEvidence
from lab.faults.plan import Plan
from local.archive import problems

_ENDED = {"completed", "failed", "cancelled"}


@dataclass
class Evidence:
    plan: Plan
    batch_id: str = ""
    view: dict[str, Any] | None = None
    emails: list[str] = field(default_factory=list)
    summarized: list[str] = field(default_factory=list)
    paid: dict[int, int] = field(default_factory=dict)
    archive: ZipFile | None = None
    ended_at_cancel: int | None = None
    remains: list[str] = field(default_factory=list)
    stuck: bool = False
    # Events of a run; none of them breaks a promise.
    ends: int = 0
    pauses: int = 0
    retries: int = 0
    given_up: int = 0
    sweeps: int = 0
    killed: int = 0
    unanswered: int = 0
    checks: int = 0
    reorders: int = 0
    retries_by_name: int = 0
    seconds: float = 0.0
    last_refusal: str = ""
    failed_for_now: list[tuple[str, str]] = field(default_factory=list)
    follow: FollowEvidence | None = None

    @property
    def end_emails(self) -> int:
        return sum("paused" not in subject for subject in self.emails)

    def violations(self) -> list[tuple[str, str]]:
        """Returns the kind and description of each broken promise, of the batch and of the follow."""
        return [*self._of_batch(), *(self.follow.violations() if self.follow else ())]

    def _of_batch(self) -> list[tuple[str, str]]:
        if self.stuck or self.view is None or self.view["status"] not in _ENDED or self.view["progress"]["left"]:
            state = self.view and (self.view["status"], self.view["progress"])
            return [("not at an end", f"{state} {self.last_refusal}")]
        return [
            *self._wrong_status(self.view),
            *self._wrong_counters(self.view),
            *self._lost_results(self.view),
            *self._paid_again(),
            *self._wrong_emails(),
            *self._wrong_archive(self.view),
            *self._started_after_cancel(self.view),
            *(("deleted and there", each) for each in self.remains),
        ]

    def _wrong_status(self, view: dict[str, Any]) -> Iterator[tuple[str, str]]:
        progress = view["progress"]
        expected = "cancelled" if self.ended_at_cancel is not None else "completed"
        if view["status"] != expected:
            yield "not at an end", f"{view['status']} instead of {expected}: {progress}, {view['error']}"

    def _wrong_counters(self, view: dict[str, Any]) -> Iterator[tuple[str, str]]:
        progress, items = view["progress"], view["items"]
        found = Counter(item["status"] for item in items)
        for name in ("completed", "failed", "skipped"):
            if progress[name] != found[name]:
                yield "counter", f"{name} is {progress[name]}, but {found[name]} items are"
        if progress["total"] != len(self.plan.numbers) or len(items) != progress["total"]:
            yield "counter", f"{progress['total']} in all, {len(items)} items, {len(self.plan.numbers)} asked for"
        if {item["video_id"] for item in items} != {*self.plan.video_ids}:
            yield "counter", "the items are not the videos that were asked for"
        for name, sum_of in (("tokens_in", "input"), ("tokens_out", "output")):
            if view["tokens"][sum_of] != sum(item[name] or 0 for item in items):
                yield "counter", f"{name} of the batch is not the sum of its items"
        if abs(view["cost"]["usd"] - sum(item["cost_usd"] or 0 for item in items)) > 1e-9:
            yield "counter", "the cost of the batch is not the sum of its items"

    def _lost_results(self, view: dict[str, Any]) -> Iterator[tuple[str, str]]:
        completed = [item["video_id"] for item in view["items"] if item["status"] == "completed"]
        if set(completed) != set(self.summarized):
            yield "result lost", f"{completed} are completed, {self.summarized} have a summary"
        # Nobody retries a batch that they have cancelled.
        for_good = self.plan.failing_until_retried if view["status"] == "cancelled" else set()
        for item in view["items"]:
            if item["status"] == "failed" and item["video_id"] not in self.plan.failing | for_good:
                yield "wrongly failed", f"{item['video_id']}: {item['error']['code']}"

    def _paid_again(self) -> Iterator[tuple[str, str]]:
        for number, times in self.paid.items():
            if times > 1:
                yield "paid again", f"video {number}: {times} good answers"

    def _wrong_emails(self) -> Iterator[tuple[str, str]]:
        if self.end_emails > self.ends:
            yield "email twice", f"{self.end_emails} for {self.ends} ends: {self.emails}"
        if self.end_emails < self.ends:
            yield "email missing", f"{self.end_emails} for {self.ends} ends: {self.emails}"

    def _wrong_archive(self, view: dict[str, Any]) -> Iterator[tuple[str, str]]:
        if self.archive is None:
            if view["progress"]["completed"]:
                yield "archive", "there is none"
            return
        # In a cancelled batch, the skipped videos cannot be predicted.
        ids = [item["video_id"] for item in view["items"]]  # in the user's order
        if self.ended_at_cancel is None:
            wrong = problems(self.archive, ids, self.plan.failing & {*ids})
            yield from (("archive", each) for each in wrong)

    def _started_after_cancel(self, view: dict[str, Any]) -> Iterator[tuple[str, str]]:
        ended = view["progress"]["completed"] + view["progress"]["failed"]
        if self.ended_at_cancel is not None and ended > self.ended_at_cancel + 1:
            yield "worked on after cancel", f"{ended - self.ended_at_cancel} videos"
