"""The digest of a batch: stored and counted in one write, and found again."""

from __future__ import annotations

import json
import zlib
from collections.abc import Set
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from skimlist import metrics
from skimlist.codec import decode, to_json
from skimlist.jobs import records
from skimlist.jobs.records import Record, change
from skimlist.jobs.table_repository import TableRepository
from skimlist.metrics import Metric
from skimlist.models.batch import Batch
from skimlist.models.digest import Digest, DigestState, DigestStatus
from skimlist.models.video import VideoError


class StoredDigest(NamedTuple):
    """The last digest of a batch, if there is one, and the keys of all answers that the batch has counted for digests.

    `version` lets a write that repeats itself pass once.
    """

    digest: Digest | None = None
    answers: frozenset[str] = frozenset()
    version: int = 0


class Spent(NamedTuple):
    """What making a digest has used: the keys of the answers, and what those cost that the batch had not counted."""

    answers: Set[str]
    tokens_in: int
    tokens_out: int
    cost_usd: Decimal


class Digests(TableRepository):
    def find(self, batch_id: str) -> StoredDigest:
        """Whose batch this is has been seen before."""
        record = self.read(records.digest_key(batch_id))
        if record is None:
            return StoredDigest()
        body = zlib.decompress(bytes(record["body"])) if "body" in record else None
        return StoredDigest(
            decode(Digest, json.loads(body)) if body else None, frozenset(record["answers"]), int(record["version"])
        )

    def put(self, batch: Batch, digest: Digest, before: StoredDigest, answers: Set[str], now: datetime) -> bool:
        """Stores the digest of the videos summarized so far, and adds to the batch what it used.

        `before` is what was there when its making began, `answers` are those that it rests on. False if this was done
        before, or the batch is gone.
        """
        body = zlib.compress(to_json(digest).encode(), level=9)
        spent = Spent(answers, digest.tokens_in, digest.tokens_out, digest.cost_usd)
        state = DigestState(status=DigestStatus.READY, videos=batch.completed)
        return self._count(batch, before, spent, now, stored={"body": body}, shown={"digest": state})

    def note_spending(self, batch: Batch, before: StoredDigest, spent: Spent, now: datetime) -> bool:
        """Adds to the batch what a try has used that came to nothing."""
        return self._count(batch, before, spent, now, stored={}, shown={})

    def _count(
        self, batch: Batch, before: StoredDigest, spent: Spent, now: datetime, *, stored: Record, shown: Record
    ) -> bool:
        stored |= {"answers": sorted(before.answers | spent.answers), "version": before.version + 1}
        shown |= {"updated_at": now}
        unchanged = "#version = :before" if before.version else "attribute_not_exists(#version)"
        conditions = {"before": before.version} if before.version else {}
        added = {
            "tokens_in": spent.tokens_in,
            "tokens_out": spent.tokens_out,
            "cost_usd": spent.cost_usd,
            "revision": 1,
        }
        is_counted = self.transact(
            (
                records.digest_key(batch.id),
                change(records.set_and_remove(stored, ()), unchanged, **stored, **conditions),
            ),
            (
                records.batch_key(batch.user_id, batch.id),
                change(
                    records.set_and_remove(shown, ()) + " ADD " + ", ".join(f"#{name} :{name}" for name in added),
                    "attribute_exists(#pk)",
                    **shown,
                    **added,
                ),
            ),
        )
        if is_counted:
            metrics.spent(added)
        return is_counted

    def fail(self, batch: Batch, error: VideoError, now: datetime) -> bool:
        """Notes why there is no digest of the videos summarized so far; False if the batch changed since it was read.

        An earlier digest stays.
        """
        state = DigestState(status=DigestStatus.FAILED, videos=batch.completed, error=error)
        noted = change(
            "SET #digest = :state, #updated_at = :now ADD #revision :one",
            "#run = :run AND #completed = :seen",
            state=state,
            now=now,
            one=1,
            run=batch.run,
            seen=batch.completed,
        )
        is_noted = self.update_batch(batch.user_id, batch.id, noted) is not None
        if is_noted:
            metrics.record({Metric.DIGESTS_FAILED: 1}, code=error.code)
        return is_noted
