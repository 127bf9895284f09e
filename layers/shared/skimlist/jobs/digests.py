"""Stores a batch's digest and counts its cost in one write, and finds it again."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence, Set
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from skimlist import metrics
from skimlist.codec import decode, to_json
from skimlist.jobs import records
from skimlist.jobs.attributes import BatchRecord, DigestRecord, Usage
from skimlist.jobs.expressions import Action, Update
from skimlist.jobs.records import Record
from skimlist.jobs.table_repository import TableRepository
from skimlist.metrics import Metric
from skimlist.models.batch import Batch, DigestState, DigestStatus
from skimlist.models.problem import Problem

if TYPE_CHECKING:
    from skimlist.models.digest import Digest

_READ_AT_ONCE = 100  # so many digests take little memory
# Its name among the reservations and the models that were asked.
DIGEST = "DIGEST"


class StoredDigest(NamedTuple):
    """The latest digest of a batch, if any, and the keys of all answers that the batch has counted for digests.

    A condition on `version` lets a repeated write succeed only once.
    """

    digest: Digest | None = None
    answers: frozenset[str] = frozenset()
    version: int = 0


class Spent(NamedTuple):
    """The keys of the answers that a digest used, and the cost of those that the batch had not counted yet."""

    answers: Set[str]
    tokens_in: int
    tokens_out: int
    cost_usd: Decimal


class Digests(TableRepository):
    def find(self, batch_id: str) -> StoredDigest:
        """Finds the digest; the caller must have checked whose batch it is."""
        record = self.read(records.digest_key(batch_id))
        return StoredDigest() if record is None else _stored(record)

    def put(self, batch: Batch, digest: Digest, before: StoredDigest, answers: Set[str], now: datetime) -> bool:
        """Stores the digest of the videos summarized so far, and adds its cost to the batch.

        `before` is the digest that was stored before, `answers` are the keys of the answers that the new one is made
        from. Returns False if it is already stored or the batch is gone.
        """
        spent = Spent(answers, digest.tokens_in, digest.tokens_out, digest.cost_usd)
        state = DigestState(status=DigestStatus.READY, videos=batch.completed)
        stored = DigestRecord.body.set(_body(digest))
        return self._count(batch, before, spent, now, stored=(stored,), shown=(BatchRecord.digest.set(state),))

    def note_spending(self, batch: Batch, before: StoredDigest, spent: Spent, now: datetime) -> bool:
        """Adds the cost of a failed attempt to the batch."""
        return self._count(batch, before, spent, now)

    def _count(
        self,
        batch: Batch,
        before: StoredDigest,
        spent: Spent,
        now: datetime,
        *,
        stored: Sequence[Action] = (),
        shown: Sequence[Action] = (),
    ) -> bool:
        used = Usage(tokens_in=spent.tokens_in, tokens_out=spent.tokens_out, cost_usd=spent.cost_usd)
        digest = Update(
            *stored,
            DigestRecord.answers.set(tuple(sorted(before.answers | spent.answers))),
            DigestRecord.version.set(before.version + 1),
        ).only_if(DigestRecord.version.eq(before.version) if before.version else DigestRecord.version.not_exists())
        counted = Update(
            *shown,
            BatchRecord.updated_at.set(now),
            BatchRecord.revision.add(1),
            BatchRecord.begun_model(DIGEST).remove(),
            *BatchRecord.add_usage(**used),
        ).only_if(BatchRecord.pk.exists())
        is_counted = self.transact(
            (records.digest_key(batch.id), digest), (records.batch_key(batch.user_id, batch.id), counted)
        )
        if is_counted:
            metrics.record_spending(used)
        return is_counted

    def forget(self, batches: Sequence[Batch], batch_id: str) -> None:
        """Removes from the digests of these batches the claims that rest on the batch `batch_id`, which was deleted.

        Repeating this changes nothing. A digest that is replaced at this moment stays as it is until the deletion's
        second pass.
        """
        for start in range(0, len(batches), _READ_AT_ONCE):
            some = {batch.id: batch for batch in batches[start : start + _READ_AT_ONCE]}
            for record in self.read_many([records.digest_key(each) for each in some]):
                stored = _stored(record)
                if stored.digest and stored.digest.news:
                    news = stored.digest.news.without(batch_id)
                    if news != stored.digest.news:
                        self._replace(some[records.batch_id_from(record)], replace(stored.digest, news=news), stored)

    def _replace(self, batch: Batch, digest: Digest, before: StoredDigest) -> bool:
        """Replaces a digest by one with fewer claims; exports made before are outdated."""
        replaced = Update(DigestRecord.body.set(_body(digest)), DigestRecord.version.set(before.version + 1))
        changed = Update(BatchRecord.revision.add(1)).only_if(BatchRecord.pk.exists())
        return self.transact(
            (records.digest_key(batch.id), replaced.only_if(DigestRecord.version.eq(before.version))),
            (records.batch_key(batch.user_id, batch.id), changed),
        )

    def fail(self, batch: Batch, error: Problem, now: datetime) -> bool:
        """Stores why the digest failed; False if the batch has changed since it was read. An earlier digest stays."""
        earlier = batch.digest.covered if batch.digest else 0
        state = DigestState(status=DigestStatus.FAILED, videos=batch.completed, error=error, earlier=earlier)
        noted = Update(
            BatchRecord.digest.set(state), BatchRecord.updated_at.set(now), BatchRecord.revision.add(1)
        ).only_if(BatchRecord.run.eq(batch.execution.run), BatchRecord.completed.eq(batch.completed))
        is_noted = self.update_batch(batch.user_id, batch.id, noted) is not None
        if is_noted:
            metrics.record({Metric.DIGESTS_FAILED: 1}, code=error.code)
        return is_noted


def _stored(record: Record) -> StoredDigest:
    from skimlist.models.digest import Digest  # noqa: PLC0415 - most batches have no digest

    body = zlib.decompress(bytes(record["body"])) if "body" in record else None
    return StoredDigest(
        decode(Digest, json.loads(body)) if body else None, frozenset(record["answers"]), int(record["version"])
    )


def _body(digest: Digest) -> bytes:
    return zlib.compress(to_json(digest).encode(), level=9)
