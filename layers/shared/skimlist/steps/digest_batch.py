"""Digest batch: makes the digest of all summaries, stores it, and counts its cost once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from skimlist.digesting.digest import digest_batch, is_comparable, likely_cost, not_compared
from skimlist.digesting.earlier import to_be_kept
from skimlist.digesting.outlines import Outline, outline
from skimlist.digesting.providers import open_digester
from skimlist.errors import DigestOverBudget, ModelNotOffered
from skimlist.events import BatchEvent
from skimlist.jobs.batches import Batches
from skimlist.jobs.digests import DIGEST, Digests, Spent
from skimlist.jobs.earlier_runs import EarlierRuns
from skimlist.jobs.queue import Queue
from skimlist.jobs.results import Results
from skimlist.jobs.spending import Spending
from skimlist.llm.catalogue import ModelSpec, Usage
from skimlist.llm.completions import Completion
from skimlist.models.batch import Batch, BatchStatus
from skimlist.models.earlier_run import EarlierRun
from skimlist.models.video import VideoStatus
from skimlist.progress import digest_is_due
from skimlist.steps.clock import utc_now
from skimlist.steps.models import ModelAccess, is_in_budget, require_budget, spending_kept
from skimlist.steps.reporting import Log

_OVER_BUDGET = "the budget of this run does not allow it"


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestBatch:
    batches: Batches
    queue: Queue
    results: Results
    digests: Digests
    earlier_runs: EarlierRuns
    spending: Spending
    models: ModelAccess
    log: Log
    now: Callable[[], datetime] = utc_now

    def run(self, work: BatchEvent) -> None:
        batch = self.batches.get(work.user_id, work.batch_id)
        if batch.execution.run != work.run or batch.status is not BatchStatus.PROCESSING or not digest_is_due(batch):
            self.log.info("no digest is due", status=batch.status)
            return
        outlines = self._outlines(batch)
        # If a function was killed while it asked a model, only that model finds the answers that are not counted yet.
        model = batch.begun_models.get(DIGEST) or batch.settings.model
        batch = replace(batch, settings=replace(batch.settings, model=model))

        spec = self._find_model(batch)
        earlier = self._earlier_runs(batch, outlines)
        likely = likely_cost(outlines, batch.settings.options, spec, earlier)
        is_cut = bool(earlier) and is_comparable(outlines) and not is_in_budget(batch, likely)
        if is_cut:
            earlier, likely = [], likely_cost(outlines, batch.settings.options, spec)
        require_budget(batch, likely, what="The digest", reached=DigestOverBudget)
        before = self.digests.find(batch.id)
        answers = BilledAnswerCache(self.results, batch, self.now, counted=before.answers)
        digester = self.models.open(open_digester, spec, answers)
        reservation = self.spending.reserve(batch, DIGEST, likely, self.now())

        def end_unpaid() -> None:
            self.spending.end_unpaid(batch, DIGEST, self.now())

        def note(used: Usage, cost_usd: Decimal) -> None:
            spent = Spent(answers.used, used.tokens_in, used.tokens_out, cost_usd)
            self.digests.note_spending(batch, before, spent, self.now())

        with spending_kept(self.spending, reservation, digester, note, end_unpaid):
            if likely:
                self.spending.begin(batch, DIGEST, self.now())
            digest = digest_batch(outlines, batch.settings.options, digester, now=self.now(), earlier=earlier)
        if is_cut:
            digest = replace(digest, notes=(*digest.notes, not_compared(_OVER_BUDGET)))
        counted = self.digests.put(batch, digest, before, answers.used, self.now())
        self.spending.settle(reservation, digest.cost_usd)
        self.log.info("batch digested", videos=digest.videos, model=digest.model, counted=counted)

    def _find_model(self, batch: Batch) -> ModelSpec:
        """Raises ModelNotOffered; the next attempt then has the batch's model, which its user may change."""
        try:
            return self.models.spec(batch)
        except ModelNotOffered:
            self.spending.end_unpaid(batch, DIGEST, self.now())
            raise

    def _earlier_runs(self, batch: Batch, outlines: Sequence[Outline]) -> list[EarlierRun]:
        """The earlier runs of a follow; stores this run's statements for later ones, even if its digest fails."""
        if batch.follow_id is None:
            return []
        self.earlier_runs.put(batch.user_id, batch.follow_id, to_be_kept(batch, outlines))
        return self.earlier_runs.before(batch.user_id, batch.follow_id, batch.id)

    def _outlines(self, batch: Batch) -> list[Outline]:
        """The outline of each summary, in queue order; the rest of a summary is not kept in memory."""
        done = {item.id: item for item in self.queue.all_items(batch) if item.status is VideoStatus.COMPLETED}
        return [outline(done[item_id], summary) for item_id, summary in self.results.iterate(batch.id, list(done))]


@dataclass(frozen=True, slots=True)
class BilledAnswerCache:
    """A cache of a user's paid answers, each with the batch that paid for it.

    Answers that another batch paid for, or that this batch has counted for an earlier digest or attempt, are free.
    """

    results: Results
    batch: Batch
    now: Callable[[], datetime]
    counted: frozenset[str]
    used: set[str] = field(default_factory=set)

    def recall(self, key: str) -> str | None:
        kept = self.results.recall_answer(self.batch.user_id, key)
        paid_by, _, answer = (kept or "").partition(" ")
        if not answer:
            return None
        self.used.add(key)
        if paid_by != self.batch.id or key in self.counted:
            return replace(Completion.from_json(answer), usage=Usage()).to_json()
        return answer

    def remember(self, key: str, answer: str, *, is_last: bool = False) -> None:
        del is_last  # each is stored, because it shows which answers the batch has paid for
        self.results.remember_answer(self.batch.user_id, key, f"{self.batch.id} {answer}", self.now())
        self.used.add(key)
