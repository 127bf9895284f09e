"""Stores halts: they stop the batches of users whom an operator has stopped or disabled, or everybody's."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import datetime

from skimlist.aws import storage_errors
from skimlist.codec import to_dynamodb
from skimlist.jobs import records
from skimlist.jobs.attributes import Keys
from skimlist.jobs.expressions import query
from skimlist.jobs.table_repository import TableRepository


@dataclass(frozen=True, slots=True)
class Halted:
    """The ids of the users who are halted; `everybody` if all are."""

    everybody: bool
    stopped: Set[str]
    disabled: Set[str]

    def includes(self, user_id: str) -> bool:
        return self.everybody or user_id in self.stopped or user_id in self.disabled


class Halts(TableRepository):
    """One record for each halt, all in one partition, so that one small query reads them."""

    def find(self) -> Halted:
        found = self.pages(query(Keys.pk.eq(records.HALTS)), ConsistentRead=True)
        subjects = [str(record["sk"]) for record in found]
        return Halted(
            everybody=records.general_halt_key()["sk"] in subjects,
            stopped=_ids(subjects, records.HALTED_USER_PREFIX),
            disabled=_ids(subjects, records.DISABLED_PREFIX),
        )

    def stop(self, user_id: str | None, now: datetime) -> None:
        """Stops the batches of this user, or of everybody if `user_id` is None."""
        key = records.user_halt_key(user_id) if user_id else records.general_halt_key()
        self.write({**key, "since": to_dynamodb(now)})

    def lift(self, user_id: str | None) -> None:
        with storage_errors(), self._table.batch_writer() as writer:
            writer.delete_item(Key=records.user_halt_key(user_id) if user_id else records.general_halt_key())

    def note_disabled(self, disabled: Set[str], known: Set[str], now: datetime) -> None:
        """Halts users who are disabled now, and releases those of `known` who are no longer disabled."""
        with storage_errors(), self._table.batch_writer() as writer:
            for user_id in disabled - known:
                writer.put_item(Item={**records.disabled_user_key(user_id), "since": to_dynamodb(now)})
            for user_id in known - disabled:
                writer.delete_item(Key=records.disabled_user_key(user_id))


def _ids(subjects: Iterable[str], prefix: str) -> frozenset[str]:
    return frozenset(subject.removeprefix(prefix) for subject in subjects if subject.startswith(prefix))
