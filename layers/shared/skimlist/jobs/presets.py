"""Stores a user's presets: named settings for new batches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from skimlist.codec import decode, to_dynamodb
from skimlist.errors import PresetNotFound, TooManyPresets
from skimlist.jobs import records
from skimlist.jobs.records import Record
from skimlist.jobs.table_repository import TableRepository
from skimlist.models.settings import BatchSettings

MAX_PRESETS = 30


@dataclass(frozen=True, slots=True)
class Preset:
    """Named settings for new batches; `max_cost_usd` is the budget."""

    name: str
    settings: BatchSettings
    max_cost_usd: Decimal | None = None


class Presets(TableRepository):
    def list_by_name(self, user_id: str) -> list[Preset]:
        return [_preset(record) for record in self._of(user_id)]

    def get(self, user_id: str, name: str) -> Preset:
        """Raises PresetNotFound."""
        record = self.read(records.preset_key(user_id, name))
        if record is None:
            raise PresetNotFound
        return _preset(record)

    def put(self, user_id: str, preset: Preset) -> None:
        """Stores the preset, replacing one of the same name. Raises TooManyPresets at the limit."""
        key = records.preset_key(user_id, preset.name)
        others = [record for record in self._of(user_id) if record["sk"] != key["sk"]]
        if len(others) >= MAX_PRESETS:
            raise TooManyPresets(f"You can save up to {MAX_PRESETS} presets; delete one that you no longer need.")
        self.write({**key, **to_dynamodb(preset)})

    def remove(self, user_id: str, name: str) -> None:
        """Deletes the preset. Repeating this changes nothing."""
        self.delete(records.preset_key(user_id, name))

    def _of(self, user_id: str) -> Iterator[Record]:
        return self.query(records.user_partition(user_id), records.PRESET_PREFIX)


def _preset(record: Record) -> Preset:
    return decode(Preset, record)
