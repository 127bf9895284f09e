"""Stores what the videos of each run of a follow say, and finds it for the digests of later runs."""

from __future__ import annotations

import json
import zlib
from typing import Any, cast

from skimlist.codec import decode, to_json
from skimlist.jobs import records
from skimlist.jobs.attributes import Keys
from skimlist.jobs.expressions import query
from skimlist.jobs.table_repository import TableRepository
from skimlist.models.batch import Batch
from skimlist.models.earlier_run import EarlierRun

# A page of a query has at most a megabyte, and the latest runs are on it.
_MAX_RUNS = 30


class EarlierRuns(TableRepository):
    def put(self, batch: Batch, run: EarlierRun) -> None:
        """Stores what the videos of a follow's batch say, in place of what was stored for it before."""
        if batch.follow_id:
            key = records.run_statements_key(batch.user_id, batch.follow_id, batch.id)
            self.write({**key, "body": zlib.compress(to_json(run).encode(), level=9)})

    def before(self, batch: Batch) -> list[EarlierRun]:
        """The latest runs of the batch's follow that are older than the batch, the latest first: at most 30."""
        if not batch.follow_id:
            return []
        key = records.run_statements_key(batch.user_id, batch.follow_id, batch.id)
        older = query(Keys.pk.eq(key["pk"]), Keys.sk.between(records.RUN_STATEMENTS_PREFIX, key["sk"]))
        # One more than wanted, because the batch's own record may be among them.
        answer = self.page(older, ConsistentRead=True, ScanIndexForward=False, Limit=_MAX_RUNS + 1)
        found = [record for record in answer["Items"] if record["sk"] != key["sk"]][:_MAX_RUNS]
        return [decode(EarlierRun, json.loads(zlib.decompress(bytes(cast("Any", record["body"]))))) for record in found]
