"""Stores summaries, and the model answers that they are made from, so that nothing has to be paid for twice."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from skimlist.bucket import Bucket, summary_body_key
from skimlist.codec import decode, to_json
from skimlist.errors import SummaryNotFound
from skimlist.jobs import records
from skimlist.jobs.attributes import Keys, SummaryRecord
from skimlist.jobs.expressions import query
from skimlist.jobs.history import shown_in_history
from skimlist.jobs.records import Record
from skimlist.jobs.table_repository import TableRepository
from skimlist.models.summary import DatedSummary, Summary

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

# A record may have 400 KB; a summary that is larger than this when compressed is stored in the bucket.
_MAX_BYTES_IN_TABLE = 350_000
_ANSWERS_KEPT = timedelta(days=7)
_READ_AT_ONCE = 100
# All copies of a summary are equal; the index may name some that were just deleted, so a few are tried.
_PLACES_TRIED = 5
# What a summary is read from.
_STORED = (SummaryRecord.pk, SummaryRecord.sk, SummaryRecord.fingerprint, SummaryRecord.body, SummaryRecord.body_key)


class Found(NamedTuple):
    """A stored summary; `elsewhere` says that another item, of this or another batch, paid for it."""

    summary: Summary
    elsewhere: bool


class Results(TableRepository):
    def __init__(self, table: Table, archive: Bucket) -> None:
        super().__init__(table)
        self._archive = archive

    def put(
        self,
        user_id: str,
        batch_id: str,
        item_id: str,
        summary: Summary,
        now: datetime,
        *,
        is_copy: bool = False,
        redo_id: str | None = None,
    ) -> None:
        """Stores the summary with its batch. The same write adds it to the history and to the index of fingerprints.

        `is_copy` says that another item paid for it, `redo_id` that it replaces an earlier one.
        """
        record: Record = {
            **records.summary_key(batch_id, item_id),
            "fingerprint": summary.fingerprint,
            "is_copy": is_copy,
            "tokens_in": summary.tokens_in,
            "tokens_out": summary.tokens_out,
            "cost_usd": summary.cost_usd,
            **({"redo_id": redo_id} if redo_id else {}),
            **shown_in_history(user_id, summary, now),
        }
        # The fingerprint, which does not compress, is stored only once, so that most records stay below 2 KB, above
        # which a write takes another unit.
        body = zlib.compress(to_json(replace(summary, fingerprint="")).encode(), level=9)
        if len(body) > _MAX_BYTES_IN_TABLE:
            record["body_key"] = summary_body_key(user_id, batch_id, item_id)
            self._archive.put_summary_body(record["body_key"], body)
        else:
            record["body"] = body
        self.write(record)

    def get(self, user_id: str, batch_id: str, item_id: str) -> Summary:
        """Raises SummaryNotFound, even if the summary exists but belongs to another user."""
        record = self.read(records.summary_key(batch_id, item_id))
        if record is None or record["owner"] != user_id:
            raise SummaryNotFound
        return self.read_stored(record)

    def find(
        self,
        user_id: str,
        fingerprint: str,
        own: tuple[str, str],
        stored: Record | None = None,
    ) -> Found | None:
        """Finds a summary with this fingerprint that any batch of the user paid for.

        `own` are the batch id and item id that need it, `stored` is the record of their own summary if an earlier
        attempt of the same step has stored one.
        """
        for place, record in self._candidates(user_id, fingerprint, own, stored):
            if record and record["fingerprint"] == fingerprint:
                with suppress(SummaryNotFound):
                    return Found(self.read_stored(record), elsewhere=place != own or bool(record["is_copy"]))
        return None

    def _candidates(
        self, user_id: str, fingerprint: str, own: tuple[str, str], stored: Record | None
    ) -> Iterator[tuple[tuple[str, str], Record | None]]:
        if stored:
            yield own, stored
        for place in self._places(user_id, fingerprint):
            if place != own or stored is None:
                yield place, self.read(records.summary_key(*place))

    def _places(self, user_id: str, fingerprint: str) -> list[tuple[str, str]]:
        """Batch ids and item ids of summaries with this fingerprint; the index is a few milliseconds behind."""
        copies = query(SummaryRecord.owner.eq(user_id), SummaryRecord.fingerprint.eq(fingerprint))
        answer = self.page(copies, IndexName="Fingerprints", Limit=_PLACES_TRIED)
        return [records.place_from(key) for key in answer["Items"]]

    def iterate(self, batch_id: str, item_ids: Sequence[str]) -> Iterator[tuple[str, Summary]]:
        """The summaries of these items in this order, read a few at a time; items without one are omitted."""
        if list(item_ids) == sorted(item_ids):
            return self.iterate_ascending(batch_id, item_ids)
        return self.iterate_each(batch_id, item_ids)

    def iterate_each(self, batch_id: str, item_ids: Sequence[str]) -> Iterator[tuple[str, Summary]]:
        """Works like `iterate`, for a few items of a large batch: reads no other summary. No item may occur twice."""
        for start in range(0, len(item_ids), _READ_AT_ONCE):
            chunk = item_ids[start : start + _READ_AT_ONCE]
            found = self.read_many([records.summary_key(batch_id, item_id) for item_id in chunk])
            by_key = {record["sk"]: record for record in found}
            keys = ((item_id, f"{records.SUMMARY_PREFIX}{item_id}") for item_id in chunk)
            yield from ((item_id, self.read_stored(by_key[key])) for item_id, key in keys if key in by_key)

    def at_places(self, places: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Summary]:
        """The summaries of items of any batches, by batch id and item id; items without one are omitted.

        Like the index that names the items, this read may be a moment behind; so it costs half as much.
        """
        found = {}
        for record in self.read_many([records.summary_key(*place) for place in places], consistent=False):
            with suppress(SummaryNotFound):
                found[records.place_from(record)] = self.read_stored(record)
        return found

    def list_ascending(self, batch_id: str, after: str, limit: int) -> tuple[list[tuple[str, Summary]], str | None]:
        """Lists up to `limit` (and about a megabyte) of a batch's summaries in the order of their items.

        Begins after the item `after`; an empty one asks for the first. Also returns the last item that was read, if
        there may be more.
        """
        is_summary = Keys.sk.begins_with(records.SUMMARY_PREFIX)
        wanted = query(Keys.pk.eq(records.batch_partition(batch_id)), is_summary, attributes=_STORED)
        start = {"ExclusiveStartKey": records.summary_key(batch_id, after)} if after else {}
        answer = self.page(wanted, ConsistentRead=True, Limit=limit, **start)
        found = []
        for record in answer["Items"]:
            with suppress(SummaryNotFound):
                found.append((records.place_from(record)[1], self.read_stored(record)))
        last = answer.get("LastEvaluatedKey")
        return found, records.place_from(last)[1] if last else None

    def iterate_ascending(self, batch_id: str, item_ids: Iterable[str]) -> Iterator[tuple[str, Summary]]:
        """Works like `iterate`, for items in ascending order: one continuous query from the batch's first summary.

        Reads `item_ids` one by one.
        """
        stored = self.query(records.batch_partition(batch_id), records.SUMMARY_PREFIX, attributes=_STORED)
        record = next(stored, None)
        for item_id in item_ids:
            key = f"{records.SUMMARY_PREFIX}{item_id}"
            while record and str(record["sk"]) < key:
                record = next(stored, None)
            if record and record["sk"] == key:
                yield item_id, self.read_stored(record)

    def latest(self, user_id: str, batch_ids: Iterable[str], most: int) -> list[DatedSummary]:
        """The user's latest summaries in these batches, the latest first.

        Batches are read in this order, only until there are `most`.
        """
        found: list[tuple[datetime, str, Record]] = []
        for batch_id in batch_ids:
            stored = self.query(records.batch_partition(batch_id), records.SUMMARY_PREFIX)
            found += [
                (datetime.fromisoformat(record["summarized_at"]), batch_id, record)
                for record in stored
                if record["owner"] == user_id
            ]
            if len(found) >= most:
                break
        latest = []
        for summarized_at, batch_id, record in sorted(found, key=itemgetter(0), reverse=True)[:most]:
            with suppress(SummaryNotFound):
                latest.append(
                    DatedSummary(
                        batch_id=batch_id,
                        item_id=record["sk"].removeprefix(records.SUMMARY_PREFIX),
                        summarized_at=summarized_at,
                        summary=self.read_stored(record),
                    )
                )
        return latest

    def recall_answer(self, user_id: str, request_hash: str) -> str | None:
        """The model's stored answer to the request with this hash, if any."""
        record = self.read(records.answer_key(user_id, request_hash))
        return zlib.decompress(bytes(record["body"])).decode() if record else None

    def remember_answer(self, user_id: str, request_hash: str, answer: str, now: datetime) -> None:
        self.write(
            {
                **records.answer_key(user_id, request_hash),
                "body": zlib.compress(answer.encode(), level=9),
                "expires_at": int((now + _ANSWERS_KEPT).timestamp()),
            }
        )

    def read_stored(self, record: Record) -> Summary:
        """The summary of a record. Raises SummaryNotFound if it was deleted after the record was read."""
        body = record["body"] if "body" in record else self._archive.find_summary_body(record["body_key"])
        if body is None:
            raise SummaryNotFound
        summary = json.loads(zlib.decompress(bytes(body)))
        return decode(Summary, {**summary, "fingerprint": summary["fingerprint"] or record["fingerprint"]})
