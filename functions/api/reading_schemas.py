"""Pydantic models of the requests and responses about reading a batch, and about presets."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Self

from bases import Request, View
from history_schemas import MatchView, SummaryView
from pydantic import Field, StringConstraints, model_validator
from schemas import Budget, Number, Options, Settings

from skimlist.jobs.presets import Preset
from skimlist.jobs.queue_editor import MAX_VIDEOS
from skimlist.llm.catalogue import DEFAULT_MODEL
from skimlist.models.settings import BatchSettings, SummaryLength

ItemId = Annotated[str, StringConstraints(pattern=r"^\d{5}$")]


class MarkItems(Request):
    """Marks to set or remove; an omitted mark stays as it is."""

    item_ids: list[ItemId] = Field(min_length=1, max_length=MAX_VIDEOS)
    read: bool | None = None
    starred: bool | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.read is None and self.starred is None:
            raise ValueError("Give `read`, `starred` or both.")
        return self


class MarksView(View):
    read: list[str] = Field(description="Ids of the items that you have read.")
    starred: list[str] = Field(description="Ids of the items that you have starred.")


class SummariesView(View):
    """Summaries in the order of the requested items; items without a summary are omitted."""

    summaries: list[SummaryView]


class MatchOfItem(MatchView):
    """A video whose summary has all words of a search."""

    item_id: str


class MatchPage(View):
    """The matches among the summaries that were read, in the order of their items' ids."""

    matches: list[MatchOfItem]
    searched: int = Field(description="The number of summaries that were read.")
    next_cursor: str | None = Field(description="The last item that was read; null if there are no more summaries.")


class PutPreset(Request):
    """Settings for new batches. A model that is no longer offered is refused only when a batch is created with it."""

    model: Annotated[str, StringConstraints(min_length=1, max_length=100)] = DEFAULT_MODEL
    summary_length: SummaryLength = SummaryLength.STANDARD
    options: Options = Field(default_factory=Options)
    max_cost_usd: Budget | None = None

    def to_preset(self, name: str) -> Preset:
        settings = BatchSettings(model=self.model, summary_length=self.summary_length, options=self.options.to_model())
        return Preset(name=name, settings=settings, max_cost_usd=self.max_cost_usd)


class PresetView(Settings):
    """Named settings for new batches."""

    name: str
    max_cost_usd: Number | None

    @classmethod
    def of(cls, preset: Preset) -> PresetView:
        return cls.model_validate({"name": preset.name, "max_cost_usd": preset.max_cost_usd, **asdict(preset.settings)})


class PresetList(View):
    presets: list[PresetView]
