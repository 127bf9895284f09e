"""A user's history: every summary of every batch, newest first, read from an index of the summaries."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from skimlist.codec import to_dynamodb
from skimlist.errors import InvalidRequest
from skimlist.formatting import beginning_of
from skimlist.ids import summary_id
from skimlist.jobs import records
from skimlist.jobs.attributes import DeletionRecord, SummaryRecord
from skimlist.jobs.expressions import Arguments, Condition, query
from skimlist.jobs.records import Record
from skimlist.jobs.table_repository import TableRepository
from skimlist.models.addresses import watch_url
from skimlist.models.settings import SummaryLength
from skimlist.text.search import changes, fold, unfold

if TYPE_CHECKING:
    from skimlist.models.summary import Summary

# A searched text of this size leaves an entry of the index below 1 KB, which is what a write costs at least.
_SEARCHED_BYTES = 460
# The end of the text in which words are searched.
_END = "\0"
# DynamoDB filters entries after it has read them; this limits a request to about 500 read units.
_READ_AT_ONCE = 1_000
_MAX_QUERIES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """A summary as the history lists it, with as much of its tags and TL;DR as a search looks at."""

    batch_id: str
    item_id: str
    video_id: str
    title: str
    channel: str | None
    duration_seconds: Decimal | None
    language: str
    model: str
    length: SummaryLength
    summarized_at: datetime
    tags: tuple[str, ...] = ()
    tldr: str | None = None

    @property
    def id(self) -> str:
        return summary_id(self.batch_id, self.item_id)

    @property
    def url(self) -> str:
        return watch_url(self.video_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryFilter:
    """The summaries to list: their searched texts contain all folded `words`; both days (UTC) are inclusive."""

    words: tuple[str, ...] = ()
    video_id: str | None = None
    first_day: date = date.min
    last_day: date = date.max


def shown_in_history(user_id: str, summary: Summary, now: datetime) -> Record:
    """The attributes that a summary's record needs to appear in its owner's history."""
    shown: Record = to_dynamodb(
        {
            "owner": user_id,
            "summarized_at": now,
            "video_id": summary.video_id,
            "title": summary.title,
            "folded_title": _searched_text(summary),
            "channel": summary.channel,
            "duration_seconds": summary.duration_seconds,
            "language": summary.language,
            "model": summary.model,
            "length": summary.length,
        }
    )
    return shown


def _searched_text(summary: Summary) -> str:
    """The title, and as much of channel, tags and TL;DR as fits, for an attribute that once held titles only.

    The projection of an index cannot be extended, so this uses an existing attribute. Summaries of earlier versions are
    found by their titles. The characters that folding changes after the title come last, so that a list can show the
    original text.
    """
    lines = "\n".join(filter(None, [summary.channel, *summary.tags]))
    searched = normalize("NFC", beginning_of(f"{lines}\n\n{summary.tldr}", _SEARCHED_BYTES))
    return f"{fold(summary.title)}\n{fold(searched)}{_END}{changes(searched)}"


def _tags_and_tldr(record: Record) -> tuple[tuple[str, ...], str | None]:
    """Returns what a search looks at besides title and channel; nothing of a summary of an earlier version."""
    folded, end, changed = record["folded_title"].partition(_END)
    if not end:
        return (), None
    about = unfold(folded.removeprefix(fold(record["title"])).removeprefix("\n"), changed)
    lines, _, tldr = about.partition("\n\n")
    return tuple(filter(None, lines.split("\n")[bool(record.get("channel")) :])), tldr or None


class History(TableRepository):
    def video_ids(self, user_id: str) -> frozenset[str]:
        """The ids of all videos that the user has a summary of, without those of batches that are being deleted."""
        wanted = query(SummaryRecord.owner.eq(user_id), attributes=[SummaryRecord.pk, SummaryRecord.video_id])
        found = list(self.pages(wanted, IndexName="History"))
        deleted = self._being_deleted(user_id) if found else frozenset()
        return frozenset(record["video_id"] for record in found if records.batch_id_from(record) not in deleted)

    def is_shown(self, user_id: str, batch_id: str) -> bool:
        """Whether summaries of the batch are shown, which ends when its deletion begins."""
        return not _is_unfinished(self.read(records.deletion_key(user_id, batch_id)) or {})

    def list_newest_first(
        self, user_id: str, wanted: HistoryFilter, limit: int, cursor: str | None = None
    ) -> tuple[list[HistoryEntry], str | None]:
        """Returns up to `limit` entries, and the cursor of the next page, if there may be one.

        If a filter matches few of many entries, the search stops after a while, with fewer entries and a cursor. Raises
        InvalidRequest for days in the wrong order and for a cursor that does not come from such a list.
        """
        matching = _query(user_id, wanted)
        options: dict[str, Any] = {"Limit": _READ_AT_ONCE if wanted.words or wanted.video_id else limit}
        if cursor:
            options["ExclusiveStartKey"] = _start(user_id, wanted, cursor)
        found: list[Record] = []
        for _ in range(_MAX_QUERIES):
            answer = self.page(matching, IndexName="History", ScanIndexForward=False, **options)
            found += answer["Items"]
            last = answer.get("LastEvaluatedKey")
            if last is None or len(found) >= limit:
                break
            options["ExclusiveStartKey"] = last
        if len(found) > limit:
            found, last = found[:limit], found[limit - 1]
        deleted = self._being_deleted(user_id) if found else frozenset()
        entries = [entry for record in found if (entry := _entry(record)).batch_id not in deleted]
        return entries, _cursor(last) if last else None

    def _being_deleted(self, user_id: str) -> frozenset[str]:
        """The ids of the batches that the user has deleted, and whose summaries may still be stored."""
        deletions = self.query(records.user_partition(user_id), records.DELETION_PREFIX)
        return frozenset(
            records.ids_from(deletion, records.DELETION_PREFIX)[1] for deletion in deletions if _is_unfinished(deletion)
        )


def _is_unfinished(deletion: Record) -> bool:
    return DeletionRecord.active.name in deletion


def _query(user_id: str, wanted: HistoryFilter) -> Arguments:
    if wanted.first_day > wanted.last_day:
        raise InvalidRequest("The day `from` is after the day `to`.", [{"field": "from", "message": "after `to`"}])
    filters: list[Condition] = [SummaryRecord.folded_title.contains(word) for word in wanted.words]
    if wanted.video_id:
        filters.append(SummaryRecord.video_id.eq(wanted.video_id))
    in_these_days = SummaryRecord.summarized_at.between(_first(wanted), _last(wanted))
    return query(SummaryRecord.owner.eq(user_id), in_these_days, filters=filters)


def _first(wanted: HistoryFilter) -> str:
    return wanted.first_day.isoformat()


def _last(wanted: HistoryFilter) -> str:
    """A string that sorts after every moment of the last day, because those continue with a T."""
    return f"{wanted.last_day.isoformat()}U"


def _cursor(record: Record) -> str:
    place = f"{record['summarized_at']} {record['pk']} {record['sk']}"
    return urlsafe_b64encode(place.encode()).decode()


def _start(user_id: str, wanted: HistoryFilter, cursor: str) -> Record:
    """The key of the last entry of the previous page; always this user's, whatever the cursor says."""
    try:
        moment, partition, place = urlsafe_b64decode(cursor).decode().split(" ")
    except ValueError:
        moment = partition = place = ""
    if not (_first(wanted) <= moment <= _last(wanted) and partition and place):
        message = "This cursor does not come from a list with these dates."
        raise InvalidRequest(message, [{"field": "cursor", "message": "unknown"}])
    return {"owner": user_id, "summarized_at": moment, "pk": partition, "sk": place}


def _entry(record: Record) -> HistoryEntry:
    batch_id, item_id = records.place_from(record)
    tags, tldr = _tags_and_tldr(record)
    return HistoryEntry(
        batch_id=batch_id,
        item_id=item_id,
        video_id=record["video_id"],
        title=record["title"],
        channel=record.get("channel"),
        duration_seconds=record.get("duration_seconds"),
        language=record["language"],
        model=record["model"],
        length=SummaryLength(record["length"]),
        summarized_at=datetime.fromisoformat(record["summarized_at"]),
        tags=tags,
        tldr=tldr,
    )
