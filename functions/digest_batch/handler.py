"""Digest batch: makes the digest of all summaries, stores it, and counts what it used, once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from skimlist import aws
from skimlist.archive_bucket import ArchiveBucket
from skimlist.config import settings
from skimlist.digesting.digest import digest_batch, likely_cost
from skimlist.digesting.drafts import Digester
from skimlist.digesting.outlines import Outline, outline
from skimlist.digesting.providers import open_digester
from skimlist.errors import DigestOverBudget
from skimlist.events import BatchEvent
from skimlist.jobs.batches import Batches
from skimlist.jobs.digests import Digests, Spent
from skimlist.jobs.queue import Queue
from skimlist.jobs.results import Results
from skimlist.jobs.spending import Spending
from skimlist.llm.catalogue import ModelSpec, Usage, offered_model
from skimlist.llm.completions import Completion
from skimlist.log import logger, step
from skimlist.models.batch import Batch, BatchStatus
from skimlist.models.video import VideoStatus
from skimlist.progress import digest_is_due
from skimlist.secrets import Secrets


@step
def handler(event: dict[str, Any], context: Any) -> None:
    work = BatchEvent.from_dict(event)
    table, archive = aws.table(settings().table_name), ArchiveBucket(aws.client("s3"), settings().bucket_name)
    batch = Batches(table).get(work.user_id, work.batch_id)
    if batch.run != work.run or batch.status is not BatchStatus.PROCESSING or not digest_is_due(batch):
        logger.info("no digest is due", status=batch.status)
        return
    results, digests = Results(table, archive), Digests(table)
    outlines = _outlines(batch, Queue(table), results)
    spec = offered_model(batch.settings.model, settings().endpoint)
    likely = likely_cost(outlines, spec)
    _require_budget(batch, likely)
    before = digests.find(batch.id)
    answers = _Answers(results, batch, counted=before.answers)
    spending = Spending(table, usd_a_day=settings().usd_a_day, usd_a_month=settings().usd_a_month)
    digester = _open(spec, answers, seconds_left=lambda: _seconds_left(context))
    reservation = spending.reserve(batch, "DIGEST", likely, _now())
    try:
        digest = digest_batch(outlines, batch.settings.options, digester, now=_now())
    except Exception:  # also one of a library: what it has cost is known all the same
        # Tokens of an answer that came to nothing are paid all the same.
        used = digester.spent
        spending.settle(reservation, spec.prices.cost(used))
        if used != Usage():
            spent = Spent(answers.used, used.tokens_in, used.tokens_out, spec.prices.cost(used))
            digests.note_spending(batch, before, spent, _now())
        raise
    counted = digests.put(batch, digest, before, answers.used, _now())
    spending.settle(reservation, digest.cost_usd)
    logger.info("batch digested", videos=digest.videos, model=digest.model, counted=counted)


def _outlines(batch: Batch, queue: Queue, results: Results) -> list[Outline]:
    """What each summary says, in queue order; of a summary no more is kept in memory."""
    done = {item.id: item for item in queue.all_items(batch) if item.status is VideoStatus.COMPLETED}
    return [outline(done[item_id], summary) for item_id, summary in results.iterate(batch.id, list(done))]


@dataclass(frozen=True)
class _Answers:
    """A user's paid answers, each with the batch that paid it.

    Those of another batch, and those that this one has counted for an earlier digest or try, cost nothing again.
    """

    results: Results
    batch: Batch
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
        del is_last  # each is kept: it tells which answers the batch has on its bill
        self.results.remember_answer(self.batch.user_id, key, f"{self.batch.id} {answer}", _now())
        self.used.add(key)


def _require_budget(batch: Batch, cost_usd: Decimal) -> None:
    if batch.max_cost_usd is not None and batch.cost_usd + cost_usd > batch.max_cost_usd:
        raise DigestOverBudget(
            f"The digest would cost about {cost_usd} USD; {batch.cost_usd} of {batch.max_cost_usd} USD are spent."
        )


def _open(spec: ModelSpec, answers: _Answers, seconds_left: Callable[[], float]) -> Digester:
    key = Secrets(aws.client("ssm"), settings().secrets_prefix).find(spec.key_secret) if spec.key_secret else None
    return open_digester(
        spec, api_key=key, answer_cache=answers, seconds_left=seconds_left, ca_bundle=settings().ca_bundle
    )


def _seconds_left(context: Any) -> float:
    return float(context.get_remaining_time_in_millis()) / 1000


def _now() -> datetime:
    return datetime.now(UTC)
