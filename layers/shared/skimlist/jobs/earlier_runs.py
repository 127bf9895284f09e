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
from skimlist.models.earlier_run import EarlierRun

# A page of a query has at most a megabyte, and the latest runs are on it.
_MAX_RUNS = 30


class EarlierRuns(TableRepository):
    def put(self, user_id: str, follow_id: str, run: EarlierRun) -> None:
        """Stores what the videos of a follow's run say, in place of what was stored for it before.

        Nothing stays stored for a follow that was deleted.
        """
        key = records.run_statements_key(user_id, follow_id, run.batch_id)
        self.write({**key, "body": zlib.compress(to_json(run).encode(), level=9)})
        # Whoever deletes the follow after this check deletes the record, too.
        if self.read(records.follow_key(user_id, follow_id)) is None:
            self.delete(key)

    def before(self, user_id: str, follow_id: str, batch_id: str) -> list[EarlierRun]:
        """The latest runs of a follow that are older than the run `batch_id`, the latest first: at most 30."""
        key = records.run_statements_key(user_id, follow_id, batch_id)
        older = query(Keys.pk.eq(key["pk"]), Keys.sk.between(records.RUN_STATEMENTS_PREFIX, key["sk"]))
        # One more than wanted, because the batch's own record may be among them.
        answer = self.page(older, ConsistentRead=True, ScanIndexForward=False, Limit=_MAX_RUNS + 1)
        found = [record for record in answer["Items"] if record["sk"] != key["sk"]][:_MAX_RUNS]
        return [decode(EarlierRun, json.loads(zlib.decompress(bytes(cast("Any", record["body"]))))) for record in found]
