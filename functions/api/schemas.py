"""Pydantic models of the API's requests and responses; the OpenAPI document is generated from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from bases import Request, View
from pydantic import Discriminator, Field, StringConstraints, Tag, field_validator, model_validator
from selection_schemas import Select, SelectionView

from skimlist import progress
from skimlist.batch_names import automatic_name
from skimlist.codec import decode
from skimlist.config import settings
from skimlist.following.waiting import continues_at, waits_for_next_month
from skimlist.ids import summary_id
from skimlist.jobs.queue_editor import MAX_VIDEOS, QueueEdit
from skimlist.links.parsing import LineStatus, ParsedLink, ParsedText, split_lines
from skimlist.llm.catalogue import DEFAULT_MODEL, catalogue, offered_models
from skimlist.llm.language_names import known_name
from skimlist.models.batch import Batch, BatchStatus, DigestState, DigestStatus, PreflightStatus
from skimlist.models.channel import source_url
from skimlist.models.follow import Follow
from skimlist.models.listed_playlist import ListedPlaylist, PlaylistStatus
from skimlist.models.selection import EVERYTHING, LeftOut, Selection
from skimlist.models.settings import BatchSettings, Fallback, SummaryLength, SummaryOptions, Verify
from skimlist.models.video import Item, Stage, VideoStatus

# Words for people and models: spaces and line ends, but no other control character.
_READABLE = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, pattern=_READABLE)]
BatchName = Annotated[Text, StringConstraints(max_length=200)]
# DynamoDB keeps exact decimals, JSON has plain numbers.
Number = Annotated[float, Field(ge=0)]
CaptionKind = Literal["manual", "automatic", "translated", "given", "transcribed", "description"]
MODEL_LABEL = "The name of the model, as `GET /models` lists it."
CAPTION_KIND = (
    "What the summary is made from: captions by the video's author (`manual`), by YouTube (`automatic`, `translated`), "
    "by you (`given`) or by your speech-to-text program (`transcribed`), or, without any captions, the `description`."
)
Language = Annotated[
    str,
    StringConstraints(
        pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$",
        max_length=35,  # RFC 5646, section 4.4.1; the code is part of an object's key
    ),
]
Budget = Annotated[Decimal, Field(gt=0, le=100_000, decimal_places=6)]


# --- Requests ------------------------------------------------------------------------------------------------------


class Options(Request):
    """Options of every summary of the batch."""

    include_timestamps: bool = Field(default=True, description="Add links to moments of the video to the text.")
    focus_areas: list[Annotated[Text, StringConstraints(max_length=100)]] = Field(
        default_factory=list, max_length=10, description="Topics to pay special attention to."
    )
    language: Language | None = Field(
        default=None,
        description="Language of the summary (BCP 47, such as `de` or `pt-BR`); if omitted, that of the captions. The "
        "extractive model does not translate: its summaries are in the language of the captions.",
    )
    caption_language: Language | None = Field(
        default=None,
        description="Language of the captions to read (BCP 47), or `own` for what is spoken in the video. If omitted: "
        "captions in `language` if the video has them, otherwise `own`. A video without captions in this language is "
        "summarized from its own.",
    )
    translate_captions: bool = Field(
        default=False,
        description="Let YouTube translate the captions if the video has none in the wanted language. A language model "
        "writes in any language without this.",
    )
    fallback: Fallback | None = Field(
        default=None,
        description="`description`: a video without captions is summarized from its title, description and chapters; "
        "its summary is marked as made from the description only.",
    )
    instructions: Annotated[Text, StringConstraints(max_length=2_000)] | None = Field(
        default=None, description="Additional instructions, in plain language."
    )
    digest: bool = Field(
        default=False,
        description="Compare all summaries at the end: themes, agreements, differences, and what to watch first. The "
        "run of a follow is also compared with earlier runs that have a digest, in a further request to the model.",
    )
    verify: Verify = Field(
        default=Verify.FLAG,
        description="`flag`: statements that contain something not found in the captions are marked. `ask`: before "
        "that, the model is asked to correct or remove them, in a second request for each summary and for the digest; "
        "the estimated cost includes those for summaries.",
    )

    def to_model(self) -> SummaryOptions:
        return decode(SummaryOptions, self.model_dump())


class _Links(Request):
    whole_playlists: bool = Field(
        default=False, description="Read `watch?v=…&list=…` as the whole playlist instead of the one video."
    )


class NewBatch(Request):
    """Settings for the start of a new batch."""

    @model_validator(mode="after")
    def _only_a_draft_is_checked(self) -> Self:
        if self.start and self.preflight:
            raise ValueError("`preflight` needs `start` to be false; start the batch when you have seen its forecast.")
        return self

    start: bool = Field(default=True, description="False creates a draft, which you start later.")
    preflight: bool = Field(
        default=False,
        description="For a draft: fetch all captions and forecast tokens, cost and time, without asking a model.",
    )
    max_cost_usd: Budget | None = Field(
        default=None, description="The batch pauses before a video that would exceed it."
    )


class SelectedSource(Request):
    """A link with a selection of its own."""

    url: str
    select: Select | None = Field(
        description="Which videos of this playlist or channel are wanted, in place of the request's `select`. Null for "
        "all of them."
    )


def _type_of_entry(entry: Any) -> str:
    return "object" if isinstance(entry, dict | SelectedSource) else "string"


# With the tags, an invalid entry gets only the errors of its own type.
Entry = Annotated[
    Annotated[str, Tag("string")] | Annotated[SelectedSource, Tag("object")], Discriminator(_type_of_entry)
]


class _Sources(_Links):
    urls: list[Entry] = Field(
        min_length=1,
        max_length=MAX_VIDEOS,
        description="Video links or ids, one or more per entry; anything else is reported and ignored. A playlist or "
        "channel may have a `select` of its own.",
    )
    select: Select | None = Field(
        default=None,
        description="Which videos of the playlists and channels are wanted. One that is linked by itself always is.",
    )

    @property
    def lines(self) -> list[str]:
        return [entry if isinstance(entry, str) else entry.url for entry in self.urls]

    def selection_of(self, line: int) -> Selection:
        """Returns the selection for the links of a line, which counts from 1."""
        entry = self.urls[line - 1]
        select = self.select if isinstance(entry, str) else entry.select
        return select.to_model() if select else EVERYTHING


class CreateBatch(NewBatch, _Sources):
    """A new batch of videos."""

    name: BatchName | None = Field(
        default=None,
        description="If omitted, the batch is named after its first playlist or video, and by its date until then.",
    )
    model: str = Field(default=DEFAULT_MODEL, description="An alias from `GET /models`.")
    summary_length: SummaryLength = SummaryLength.STANDARD
    options: Options = Field(default_factory=Options)

    @field_validator("model")
    @classmethod
    def _known(cls, alias: str) -> str:
        return require_offered(alias)

    def to_settings(self) -> BatchSettings:
        return BatchSettings(model=self.model, summary_length=self.summary_length, options=self.options.to_model())


def require_offered(alias: str) -> str:
    models = offered_models(settings().endpoint)
    if alias not in models:
        raise ValueError(f"There is no model {alias!r}; choose one of {', '.join(models)}.")
    return alias


class RefreshBatch(NewBatch):
    """A new batch of the videos that were added to another batch's playlists since."""


class ValidateLinks(_Links):
    """Pasted text or a list of lines."""

    text: str | None = Field(default=None, max_length=1_000_000)
    urls: list[str] | None = Field(default=None, max_length=MAX_VIDEOS)

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.text is None) == (self.urls is None):
            raise ValueError("Give either `text` or `urls`.")
        return self

    @property
    def lines(self) -> list[str]:
        return split_lines(self.text) if self.text is not None else self.urls or []


class AddVideos(_Sources):
    """Videos, playlists and channels to add at the end of the queue."""


class ItemsOfBatch(Request):
    """Some of the batch's videos."""

    item_ids: list[str] = Field(min_length=1, max_length=MAX_VIDEOS)


class OrderItems(ItemsOfBatch):
    """Some or all of the waiting videos, in their new order."""


class ResumeBatch(Request):
    """How to resume a paused batch; without a body, nothing changes."""

    max_cost_usd: Budget | None = Field(default=None, description="A new budget for the whole batch.")
    only_if_waiting_for_youtube: bool = Field(
        default=False, description="Change nothing unless the batch is paused because of YouTube."
    )


class RetryBatch(Request):
    """The failed videos to retry; without a body, those that a retry can help.

    A digest that failed or lacks summaries is made again too. A request that names videos reopens the batch only for
    these; a digest that is due then, such as one that failed, is made too.
    """

    all: bool = Field(default=False, description="Retry every failed video, even if it is unlikely to help.")
    item_ids: list[str] | None = Field(default=None, min_length=1, max_length=MAX_VIDEOS)
    max_cost_usd: Budget | None = Field(default=None, description="A new budget for the whole batch, if it has ended.")
    only_if_open: bool = Field(default=False, description="Change nothing if the batch has ended.")

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.all and self.item_ids:
            raise ValueError("Give either `all` or `item_ids`.")
        return self


class OtherSettings(Request):
    """How to summarize; omitted settings keep their value."""

    model: str | None = Field(default=None, description="An alias from `GET /models`.")
    summary_length: SummaryLength | None = None
    options: Options | None = Field(
        default=None, description="Replaces all options; omitted ones are reset to their defaults."
    )

    @field_validator("model")
    @classmethod
    def _known(cls, alias: str | None) -> str | None:
        return None if alias is None else require_offered(alias)

    def applied_to(self, settings: BatchSettings) -> BatchSettings:
        return BatchSettings(
            model=self.model or settings.model,
            summary_length=self.summary_length or settings.summary_length,
            options=self.options.to_model() if self.options else settings.options,
        )


class RedoVideo(OtherSettings):
    """How to summarize a finished video again; `options.digest` is ignored here."""


class ChangeBatch(OtherSettings):
    """A new name, a new model for the waiting videos, or for a draft also a new length, options or budget."""

    name: BatchName | None = None
    max_cost_usd: Budget | None = Field(default=None, description="Null removes the budget.")

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("Say what to change: name, model, summary_length, options or max_cost_usd.")
        return self

    @property
    def changed_settings(self) -> set[str]:
        return self.model_fields_set - {"name"}

    def budget_of(self, batch: Batch) -> Decimal | None:
        return self.max_cost_usd if "max_cost_usd" in self.model_fields_set else batch.max_cost_usd


# --- Links ---------------------------------------------------------------------------------------------------------


class Link(View):
    """How one link of the input was read."""

    line: int
    input: str
    status: LineStatus
    video_id: str | None
    playlist_id: str | None = Field(description="Also set for a video linked as part of a playlist.")
    channel: str | None = Field(
        description="The channel as its address names it (`UC…`, `@handle`, `c/name` or `user/name`), followed by `/` "
        "and its tab if only that is meant."
    )
    url: str | None
    reason: str | None

    @classmethod
    def of(cls, link: ParsedLink) -> Link:
        return cls.model_validate(link)


class Validation(View):
    """How the input was read: each line that is not blank either has links or is ignored."""

    valid: int
    duplicates: int
    playlists: int
    channels: int
    channel_playlists: int = Field(description="Pages of playlists, from which you have to choose; they add nothing.")
    invalid: int
    lines: list[Link]
    passed_over: int = Field(description="Number of lines without a link, such as text, headings and comments.")
    passed_over_lines: list[int] = Field(description="The numbers of those lines, from 1.")

    @classmethod
    def of(cls, parsed: ParsedText, *, shown: Sequence[ParsedLink]) -> Validation:
        """Counts all links; `lines` holds those `shown`."""
        count = Counter(link.status for link in parsed.links)
        return cls(
            valid=count[LineStatus.VALID],
            duplicates=count[LineStatus.DUPLICATE],
            playlists=count[LineStatus.PLAYLIST],
            channels=count[LineStatus.CHANNEL],
            channel_playlists=count[LineStatus.CHANNEL_PLAYLISTS],
            invalid=count[LineStatus.INVALID],
            lines=[Link.of(link) for link in shown],
            passed_over=len(parsed.passed_over),
            passed_over_lines=parsed.passed_over,
        )


# --- Videos and playlists of a batch -------------------------------------------------------------------------------


class Problem(View):
    code: str
    message: str
    advice: str
    retryable: bool


class PastProblem(View):
    """The error of an earlier attempt at a video."""

    code: str
    message: str
    at: datetime


class ForecastView(View):
    """A video's captions, and expected tokens, cost and time of its summary; 0 if one already exists (`reused`)."""

    language: str
    language_code: str
    caption_kind: CaptionKind
    duration_seconds: Number
    tokens_in: int
    tokens_out: int
    cost_usd: Number
    seconds: Number = Field(description="Processing time of the model.")
    reused: bool


class RedoView(View):
    """The settings of the new summary of a finished video."""

    model: str
    summary_length: SummaryLength


class ItemView(View):
    """One video of a batch."""

    id: str
    position: int
    video_id: str
    url: str
    title: str | None
    channel: str | None
    channel_id: str | None = Field(description="YouTube's id of the channel (`UC…`), if it is known.")
    duration_seconds: Number | None
    published_at: datetime | None = Field(description="When the video became public, once that is known.")
    published_at_is_approximate: bool = Field(
        description="True if YouTube told only `3 weeks ago` or the like; then this is the latest possible time."
    )
    status: VideoStatus
    stage: Stage | None
    attempts: int
    started_at: datetime | None
    completed_at: datetime | None
    processing_time_seconds: Number | None
    tokens_in: int
    tokens_out: int
    cost_usd: Number
    cached: bool
    caption_kind: CaptionKind | None = Field(description=CAPTION_KIND)
    tldr: str | None = Field(description="The beginning of the summary's TL;DR, at most 360 bytes.")
    tags: list[str] = Field(description="Up to five of the summary's tags.")
    unverified: int = Field(description="Statements of its summary that contain something not found in the captions.")
    summary_id: str | None
    error: Problem | None
    errors: list[PastProblem] = Field(description="The errors of up to ten attempts, latest last.")
    preflight: ForecastView | None = Field(description="The result of the draft's preflight for this video.")
    redo: RedoView | None = Field(description="Set while a completed video is being summarized again.")
    redo_error: Problem | None = Field(
        description="Why the last attempt to summarize the video again failed; the earlier summary was kept."
    )

    @classmethod
    def of(cls, batch: Batch, item: Item) -> ItemView:
        done = item.status is VideoStatus.COMPLETED
        derived = {
            "summary_id": summary_id(batch.id, item.id) if done else None,
            "preflight": item.forecast,
            "published_at": item.published_at or item.published_by,
            "published_at_is_approximate": item.published_at is None and item.published_by is not None,
            "redo": item.redo and item.redo.settings,
        }
        fields = {name: getattr(item, name) for name in cls.model_fields if name not in derived}
        return cls.model_validate({**fields, **derived})


class CurrentView(View):
    item_id: str
    position: int
    title: str | None
    stage: Stage
    percent: int = Field(description="How much of the video is done, a whole number from 0 to 99")


class PlaylistView(View):
    """A playlist or channel of a batch, and what reading it added."""

    id: str = Field(description="The id of a playlist, or `channel` as a line of the validation has it.")
    url: str
    status: PlaylistStatus
    title: str | None
    added: int = Field(description="Its videos in the queue, including `unavailable` and unwanted ones")
    unavailable: int
    duplicates: int = Field(description="Videos already in the batch")
    known: int = Field(description="Videos already in the batches that this one was refreshed from")
    left_out: int = Field(description="Videos over the batch's limit")
    truncated: bool = Field(description="True if it was not read to its end: it is too long, or there was enough of it")
    select: SelectionView = Field(description="Which of its videos are wanted")
    not_selected: dict[LeftOut, int] = Field(description="Number of videos that this left out, by the reason")
    error: Problem | None

    @classmethod
    def of(cls, playlist: ListedPlaylist) -> PlaylistView:
        derived = {"url": source_url(playlist.id), "select": playlist.selection}
        return cls.model_validate(
            {**{name: getattr(playlist, name) for name in cls.model_fields if name not in derived}, **derived}
        )


# --- Batches -------------------------------------------------------------------------------------------------------


class PreflightView(View):
    """The result of a draft's preflight: sums over the `checked` videos that are still in the queue."""

    status: PreflightStatus
    checked: int
    reused: int = Field(description="Videos that already have a summary; they cost nothing.")
    duration_seconds: Number
    tokens_in: int
    tokens_out: int
    cost_usd: Number
    saved_usd: Number
    seconds: Number = Field(description="Processing time of the model.")
    error: Problem | None = Field(description="Why it stopped, or why it could not check a video.")

    @classmethod
    def of(cls, batch: Batch) -> PreflightView | None:
        if batch.preflight is None:
            return None
        return cls.model_validate({**asdict(batch.preflight), "status": progress.preflight_status(batch)})


class PauseView(View):
    """The reason why the batch is paused; `until` is when it tries again by itself, null if it waits for you."""

    code: str
    message: str
    advice: str
    since: datetime
    until: datetime | None


class DigestStateView(View):
    """The state of the digest; `error` says why it could not be made."""

    status: DigestStatus
    error: Problem | None
    videos: int = Field(
        description="Number of summaries in the digest that you can read, 0 if there is none. While `status` is "
        "`pending`, or if it is `failed`, this is the earlier digest."
    )

    @classmethod
    def of(cls, state: DigestState | None) -> DigestStateView | None:
        if state is None:
            return None
        return cls.model_validate({"status": state.status, "error": state.error, "videos": state.covered})


class ProgressView(View):
    total: int
    completed: int
    failed: int
    skipped: int
    left: int
    percent: int = Field(
        ge=0,
        le=100,
        description="How much of the batch is done, rounded to the nearest whole number, but 100 only once no video is "
        "left. The current video counts in part.",
    )
    current_video: CurrentView | None


class Tokens(View):
    input: int
    output: int


class Cost(View):
    usd: Number
    saved_usd: Number = Field(description="Cost avoided by reusing summaries that were already paid for.")


class Settings(View):
    model: str
    summary_length: SummaryLength
    options: Options


class NameParts(View):
    """A batch is named after the `title` of a video or playlist and the number of its other videos, or by its date."""

    title: str | None = Field(description="Null until a title is known; then the name is made of `created_at`.")
    others: int


class BatchView(View):
    """A batch and its current state."""

    id: str
    name: str
    status: BatchStatus
    settings: Settings
    model_label: str = Field(
        description="The name of the model, as `GET /models` lists it; its alias if it is no longer offered."
    )
    progress: ProgressView
    preflight: PreflightView | None
    duplicates: int = Field(description="Links and playlist entries that were already in the batch.")
    pause: PauseView | None
    error: Problem | None
    digest: DigestStateView | None = Field(description="Null unless `options.digest` is set.")
    created_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    estimated_completion: datetime | None
    cost: Cost
    tokens: Tokens
    max_cost_usd: Number | None
    unverified: int = Field(description="Statements in its summaries that contain something not found in the captions.")
    described: int = Field(
        description="How many of the completed videos have no captions and are summarized from their description only."
    )
    automatic_name: NameParts | None = Field(
        description="What `name` is made of if you have not chosen it, for those who do not show it in English."
    )
    remarks: list[str] = Field(description="What to know before it starts, such as that the model does not translate.")
    order_version: int = Field(
        description="Increases with every change of the order; send it as If-Match when you reorder."
    )
    links: dict[str, str]

    @classmethod
    def fields_of(cls, batch: Batch, now: datetime) -> dict[str, Any]:
        return {
            "id": batch.id,
            "name": batch.name,
            "status": batch.status,
            "settings": {
                "model": batch.settings.model,
                "summary_length": batch.settings.summary_length,
                "options": asdict(batch.settings.options),
            },
            "model_label": model_label(batch.settings.model),
            "progress": {
                "total": batch.total,
                "completed": batch.completed,
                "failed": batch.failed,
                "skipped": progress.skipped(batch),
                "left": progress.remaining(batch),
                "percent": progress.percent(batch),
                "current_video": batch.current,
            },
            "preflight": PreflightView.of(batch),
            "duplicates": batch.duplicates,
            "pause": batch.pause if batch.status is BatchStatus.PAUSED else None,
            "error": batch.error,
            "digest": DigestStateView.of(progress.digest_state(batch)),
            "created_at": batch.created_at,
            "started_at": batch.started_at,
            "completed_at": batch.completed_at,
            "estimated_completion": progress.estimated_completion(batch, now),
            "cost": {"usd": batch.cost_usd, "saved_usd": batch.saved_usd},
            "tokens": {"input": batch.tokens_in, "output": batch.tokens_out},
            "max_cost_usd": batch.max_cost_usd,
            "unverified": batch.unverified,
            "described": batch.described,
            "automatic_name": automatic_name(batch),
            "remarks": list(_remarks(batch.settings)),
            "order_version": batch.queue.order_version,
            "links": {"self": f"/api/batch/{batch.id}", "export": f"/api/batch/{batch.id}/export"},
        }

    @classmethod
    def of(cls, batch: Batch, now: datetime) -> BatchView:
        return cls.model_validate(cls.fields_of(batch, now))


def _remarks(chosen: BatchSettings) -> Iterator[str]:
    model, language = offered_models(settings().endpoint).get(chosen.model), chosen.options.language
    if model and language and not model.translates:
        name = known_name(language) or language
        yield (
            f"The {chosen.model} model does not translate: a video whose captions are not in {name} gets a summary in "
            f"the language of its captions. Choose a language model for summaries that are all in {name}."
        )


def model_label(alias: str) -> str:
    spec = offered_models(settings().endpoint).get(alias)
    return spec.label if spec else alias


def label_of(model: str) -> str:
    """The label of the model that wrote a text; its own name if it is no longer in the catalogue."""
    known = [*offered_models(settings().endpoint).values(), *catalogue().values()]
    return next((spec.label for spec in known if spec.model == model), model)


class FollowOfBatch(View):
    """The follow whose new videos a batch has."""

    id: str
    name: str
    goes_on_at: datetime | None = Field(
        description="When the batch continues by itself, with a higher budget or with captions that may have come "
        "meanwhile; null if it does not."
    )
    month_budget_usd: Number | None = Field(
        description="The follow's budget per month, if the batch waits for the next month because too little of it is "
        "left for the next video; otherwise null."
    )

    @classmethod
    def of(cls, follow: Follow, batch: Batch) -> FollowOfBatch:
        return cls.model_validate(
            {
                "id": follow.id,
                "name": follow.shown_name,
                "goes_on_at": continues_at(follow, batch),
                "month_budget_usd": follow.max_cost_usd_per_month if waits_for_next_month(follow, batch) else None,
            }
        )


class BatchWithItems(BatchView):
    """A batch with one page of its items in queue order; `?items=false` omits them."""

    follow: FollowOfBatch | None = Field(
        default=None, description="Null unless a follow has made the batch, or if that follow was deleted."
    )
    items: list[ItemView] | None = None
    playlists: list[PlaylistView] | None = None
    next_cursor: str | None = None


class CreatedBatch(BatchView):
    """The new batch, and how its input was read; `validation.lines` has up to 100 links that added nothing."""

    validation: Validation


class EditedBatch(BatchView):
    """The batch after some of its videos were skipped or put back."""

    too_late: list[str] = Field(
        description="The ids of the videos that stay as they are because they had begun or were completed."
    )

    @classmethod
    def edited(cls, edit: QueueEdit, now: datetime) -> EditedBatch:
        return cls(**cls.fields_of(edit.batch, now), too_late=list(edit.too_late))


class ListedBatch(BatchView):
    """A batch as the list shows it."""

    follow: FollowOfBatch | None = Field(
        description="The follow that made the batch, if the batch waits because its budget is used up; otherwise null."
    )

    @classmethod
    def listed(cls, batch: Batch, now: datetime, follow: Follow | None) -> ListedBatch:
        return cls(**cls.fields_of(batch, now), follow=FollowOfBatch.of(follow, batch) if follow else None)


class BatchPage(View):
    batches: list[ListedBatch]
    next_cursor: str | None


# --- Exports, models, errors ---------------------------------------------------------------------------------------


class DeletionView(View):
    id: str
    deletion: Literal["under_way"] = Field(
        default="under_way",
        description="The batch is gone for you. Once what is under way has ended, such as its current video or the "
        "check of a draft, the rest of it is deleted within some minutes. The same request answers 204 once that has "
        "begun.",
    )


class ExportView(View):
    url: str = Field(description="Where to download the file without signing in, until `expires_at`.")
    expires_at: datetime
    size_bytes: int
    sha256: str


class ModelView(View):
    alias: str
    label: str
    provider: str
    model: str
    context_tokens: int | None = Field(description="Null if input of any length fits into one request.")
    usd_per_million_tokens_in: Number
    usd_per_million_tokens_out: Number
    usd_per_hour_of_video: Number = Field(
        description="Rough cost of standard summaries for an hour of English video; a draft that was checked has its "
        "own forecast."
    )
    translates: bool = Field(description="False if summaries are always in the language of the captions.")
    key_configured: bool = Field(description="False if the model needs a key that this deployment does not have.")
    key_parameter: str | None = Field(
        description="The parameter of Parameter Store in which whoever runs the deployment stores its key; null if it "
        "needs none."
    )


class PriceBasis(StrEnum):
    """`checked`: from the draft's preflight; `so_far`: from the average of the finished videos."""

    CHECKED = "checked"
    SO_FAR = "so_far"


class PriceView(View):
    """The expected cost and time of one model."""

    model: str = Field(description="An alias from `GET /models`.")
    cost_usd: Number
    seconds: Number = Field(description="Processing time of the model.")


class PriceList(View):
    """The cost of new summaries of the waiting videos with each model; the chosen model may already have some."""

    videos: int = Field(description="Number of videos that the prices are for.")
    basis: PriceBasis | None = Field(description="Null if there is nothing to estimate from; then there are no prices.")
    models: list[PriceView]


class ModelList(View):
    preselected: str = Field(
        description="Alias of the model suggested to a user who has not chosen one. A request that names no model "
        f"still gets `{DEFAULT_MODEL}`, which is free."
    )
    models: list[ModelView]


class ErrorDetail(View):
    code: str
    message: str
    details: list[dict[str, Any]]


class ErrorView(View):
    error: ErrorDetail


class GatewayErrorView(View):
    """The error that API Gateway itself returns for a request that it rejects."""

    message: str
