"""Summaries, and answers of models on the way to one: whatever was paid for is kept and found again."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from skimlist.archive_bucket import ArchiveBucket, summary_body_key
from skimlist.jobs import records
from skimlist.jobs.records import Record
from skimlist.jobs.store import Store
from skimlist.models import Summary

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

# A record may have 400 KB; what is larger than this when deflated lies in the bucket.
_LARGEST_IN_TABLE = 350_000
_ANSWERS_KEPT = timedelta(days=7)
_READ_AT_ONCE = 100


class Found(NamedTuple):
    """A summary that was there; `elsewhere` if it belongs to another video's place in this or another batch."""

    summary: Summary
    elsewhere: bool


class Results(Store):
    def __init__(self, table: Table, archive: ArchiveBucket) -> None:
        super().__init__(table)
        self._archive = archive

    def put(self, user_id: str, batch_id: str, item_id: str, summary: Summary, *, is_copy: bool = False) -> None:
        """Stores the summary with its batch, and, unless it is a copy, where other batches of the user find it."""
        body = zlib.compress(json.dumps(summary.to_dict(), ensure_ascii=False).encode(), level=9)
        record: Record = {**records.summary_key(batch_id, item_id), "fingerprint": summary.fingerprint}
        if len(body) > _LARGEST_IN_TABLE:
            record["body_key"] = summary_body_key(user_id, batch_id, item_id)
            self._archive.put_summary_body(record["body_key"], body)
        else:
            record["body"] = body
        self.write(record)
        if not is_copy:
            place = {"batch_id": batch_id, "item_id": item_id}
            self.write({**records.fingerprint_key(user_id, summary.fingerprint), **place})

    def get(self, batch_id: str, item_id: str) -> Summary | None:
        record = self.read(records.summary_key(batch_id, item_id))
        return self._summary(record) if record else None

    def find(self, user_id: str, fingerprint: str, own: tuple[str, str]) -> Found | None:
        """A summary that any batch of this user paid for, by what it depends on.

        `own` are the batch id and item id that ask: their own summary was made by an earlier try of the same step.
        """
        pointer = self.read(records.fingerprint_key(user_id, fingerprint))
        first = (str(pointer["batch_id"]), str(pointer["item_id"])) if pointer else own
        for place in dict.fromkeys((first, own)):
            summary = self.get(*place)
            if summary and summary.fingerprint == fingerprint:
                return Found(summary, elsewhere=place != own)
        return None

    def iterate(self, batch_id: str, item_ids: Sequence[str]) -> Iterator[tuple[str, Summary]]:
        """The summaries of these items in this order, read as they are asked for; items without one are left out."""
        if list(item_ids) == sorted(item_ids):
            wanted = set(item_ids)
            for record in self.query(f"BATCH#{batch_id}", records.SUMMARY_PREFIX):
                item_id = str(record["sk"]).removeprefix(records.SUMMARY_PREFIX)
                if item_id in wanted:
                    yield item_id, self._summary(record)
            return
        for start in range(0, len(item_ids), _READ_AT_ONCE):
            chunk = item_ids[start : start + _READ_AT_ONCE]
            found = self.read_many([records.summary_key(batch_id, item_id) for item_id in chunk])
            by_key = {record["sk"]: record for record in found}
            keys = ((item_id, f"{records.SUMMARY_PREFIX}{item_id}") for item_id in chunk)
            yield from ((item_id, self._summary(by_key[key])) for item_id, key in keys if key in by_key)

    def recall_answer(self, user_id: str, digest: str) -> str | None:
        """What a model answered to the request with this digest, if it was asked before."""
        record = self.read(records.answer_key(user_id, digest))
        return zlib.decompress(bytes(record["body"])).decode() if record else None

    def remember_answer(self, user_id: str, digest: str, answer: str, now: datetime) -> None:
        self.write(
            {
                **records.answer_key(user_id, digest),
                "body": zlib.compress(answer.encode(), level=9),
                "expires_at": int((now + _ANSWERS_KEPT).timestamp()),
            }
        )

    def _summary(self, record: Record) -> Summary:
        body = record["body"] if "body" in record else self._archive.find_summary_body(record["body_key"])
        return Summary.from_dict(json.loads(zlib.decompress(bytes(body or b""))))
