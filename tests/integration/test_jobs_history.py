"""The history of a user: every summary once, newest first, found by its words, video and day."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from unicodedata import normalize
from uuid import UUID

import pytest

from skimlist.errors import InvalidRequest
from skimlist.jobs import history
from skimlist.jobs.history import HistoryEntry, HistoryFilter
from skimlist.models.settings import SummaryLength
from skimlist.text.search import words
from testkit.account import NOW, Account
from testkit.batches import a_summary

EVERYTHING = HistoryFilter()


def put(account: Account, number: int, now: datetime | None = None, user_id: str = "ada", **changes: Any) -> None:
    moment = now or NOW + timedelta(minutes=number)
    account.results.put(user_id, f"batch-{user_id}", f"{number:05}", a_summary(number, **changes), moment)


def numbers(entries: list[HistoryEntry]) -> list[int]:
    return [int(entry.id[-5:]) for entry in entries]


def found(account: Account, **wanted: Any) -> list[int]:
    entries, cursor = account.history.list_newest_first("ada", HistoryFilter(**wanted), 100)
    assert cursor is None
    return numbers(entries)


def pages(account: Account, limit: int, wanted: HistoryFilter = EVERYTHING) -> list[list[int]]:
    seen, cursor = [], None
    while True:
        entries, cursor = account.history.list_newest_first("ada", wanted, limit, cursor)
        seen.append(numbers(entries))
        if cursor is None:
            return seen


def test_an_entry_has_what_a_list_shows(account: Account) -> None:
    put(account, 7, title="Brot", length=SummaryLength.BRIEF)
    ((entry,), _) = account.history.list_newest_first("ada", EVERYTHING, 10)
    assert entry == HistoryEntry(
        batch_id="batch-ada",
        item_id="00007",
        video_id="video000007",
        title="Brot",
        channel="The Bakery",
        duration_seconds=Decimal("754.2"),
        language="en",
        model="extractive",
        length=SummaryLength.BRIEF,
        summarized_at=NOW + timedelta(minutes=7),
        tags=("baking", "slow food"),
        tldr="Flour, water, salt and patience.",
    )
    assert entry.id == "batch-ada-00007"
    assert entry.url == "https://www.youtube.com/watch?v=video000007"


def test_details_that_a_summary_lacks_are_none(account: Account) -> None:
    put(account, 1, channel=None, duration_seconds=None)
    ((entry,), _) = account.history.list_newest_first("ada", EVERYTHING, 10)
    assert (entry.channel, entry.duration_seconds) == (None, None)


@pytest.mark.parametrize(
    ("about", "tags", "tldr"),
    [
        (
            {"channel": "Bäckerei Groß", "tags": ("Sauerteig", "Öfen"), "tldr": "Ein Teig, der „lebt“.\n\nUnd ẞ."},
            ...,
            ...,
        ),
        ({"channel": None, "tags": (), "tldr": "紅葉は、ﾊﾝｶｸ です。"}, ..., ...),
        ({"channel": None, "tags": ("中文",), "tldr": ""}, ..., None),
        ({"channel": normalize("NFD", "한국 공학 채널"), "tags": ("NASA",), "tldr": "A Talk by Anna."}, ..., ...),
        ({"channel": "A" * 600, "tags": ("lost",), "tldr": "Lost."}, (), None),
    ],
)
def test_tags_and_tldr_are_listed_as_they_were_written(
    account: Account, about: dict[str, Any], tags: Any, tldr: Any
) -> None:
    put(account, 1, title="Über Brot", **about)
    ((entry,), _) = account.history.list_newest_first("ada", EVERYTHING, 10)
    wanted = (about["tags"] if tags is ... else tags, about["tldr"] if tldr is ... else tldr)
    assert (entry.tags, entry.tldr) == wanted


def test_a_long_tldr_is_listed_as_far_as_it_is_searched(account: Account) -> None:
    put(account, 1, tldr="Wörter und mehr Wörter. " * 100)
    ((entry,), _) = account.history.list_newest_first("ada", EVERYTHING, 10)
    assert entry.tldr is not None
    assert entry.tldr.startswith("Wörter und mehr Wörter.")
    assert entry.tldr.endswith("…")
    assert 400 < len(entry.tldr.encode()) < 460


def test_a_summary_of_an_earlier_version_is_listed_by_its_title(account: Account) -> None:
    put(account, 1, title="Brot")
    (record,) = account.table.scan(IndexName="History")["Items"]
    account.table.update_item(
        Key={"pk": record["pk"], "sk": record["sk"]},
        UpdateExpression="SET folded_title = :title",
        ExpressionAttributeValues={":title": "brot"},
    )
    ((entry,), _) = account.history.list_newest_first("ada", HistoryFilter(words=("brot",)), 10)
    assert (entry.title, entry.tags, entry.tldr) == ("Brot", (), None)


def test_the_characters_that_folding_changes_are_not_searched(account: Account) -> None:
    put(account, 1, title="Brot", channel=None, tags=(), tldr="x" * 14 + "Ä" + "x" * 45 + "Ö")
    assert found(account, words=words("14")) == found(account, words=words("45")) == []
    assert found(account, words=words("xä")) == [1]


def test_an_entry_of_the_index_is_smaller_than_what_a_write_costs(account: Account) -> None:
    """A kilobyte is what a write costs at least."""
    title = "Wie zwölf Männer den großen Ärmelkanal überquerten, und warum es keiner vor ihnen schaffte"
    tldr = "Die Hefen liefern das Gas, die Bakterien die Säuren, und das Klebernetz des Weizens hält es fest. " * 10
    summary = a_summary(title=title, channel="Die große Bäckerei am Fluß", tags=("Öfen", "Süßes"), tldr=tldr)
    account.results.put(str(UUID(int=1)), str(UUID(int=2)), "00001", summary, NOW)
    (record,) = account.table.scan(IndexName="History")["Items"]
    assert sum(len(name) + len(str(value).encode()) for name, value in record.items()) < 1024


def test_a_history_without_summaries_is_empty(account: Account) -> None:
    assert account.history.list_newest_first("ada", EVERYTHING, 10) == ([], None)


def test_a_step_that_runs_twice_is_one_entry(account: Account) -> None:
    put(account, 1, NOW)
    put(account, 1, NOW + timedelta(hours=1))
    assert found(account) == [1]


def test_a_summary_is_found_by_its_channel_tags_and_tldr(account: Account) -> None:
    put(account, 1, title="Brot", channel="The Bakery", tags=("sourdough",), tldr="Flour, water and PATIENCE.")
    put(account, 2, title="Glas", tldr="x" * 5_000)
    assert found(account, words=words("patience")) == [1]
    assert found(account, words=words("brot bakery sourdough flour")) == [1]
    assert found(account, words=words("glas xxx")) == [2]


def test_nobody_sees_the_history_of_somebody_else(account: Account) -> None:
    put(account, 1, user_id="eve")
    assert found(account) == []


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 8, 100])
def test_pages_hold_every_summary_once_newest_first(account: Account, limit: int) -> None:
    for number in range(1, 8):
        put(account, number)
    seen = pages(account, limit)
    assert [number for page in seen for number in page] == [7, 6, 5, 4, 3, 2, 1]
    assert all(len(page) <= limit for page in seen)


def test_summaries_of_the_same_moment_are_not_lost_between_pages(account: Account) -> None:
    for number in range(1, 6):
        put(account, number, NOW)
    assert sorted(number for page in pages(account, 2) for number in page) == [1, 2, 3, 4, 5]


def test_a_summary_that_comes_while_pages_are_turned_moves_none_of_the_others(account: Account) -> None:
    for number in range(1, 5):
        put(account, number)
    first, cursor = account.history.list_newest_first("ada", EVERYTHING, 2)
    put(account, 9)
    second, _ = account.history.list_newest_first("ada", EVERYTHING, 2, cursor)
    assert numbers(first) + numbers(second) == [4, 3, 2, 1]


def test_all_words_of_a_search_have_to_be_in_the_title(account: Account) -> None:
    for number, title in enumerate(("Crème brûlée", "Crème fraîche", "深度学习与机器学习", "Salt & bread"), start=1):
        put(account, number, title=title)
    assert found(account, words=words("CREME")) == [2, 1]
    assert found(account, words=words("brulee crème")) == [1]
    assert found(account, words=words("机器学习")) == [3]
    assert found(account, words=words("& bread")) == [4]
    assert found(account, words=words("creme bread")) == []


def test_a_video_is_found_in_every_batch(account: Account) -> None:
    put(account, 1)
    put(account, 2, video_id="video000001")
    put(account, 3)
    assert found(account, video_id="video000001") == [2, 1]
    assert found(account, video_id="video000001", words=words("video 2")) == [2]


def test_days_are_found_from_their_first_to_their_last_moment(account: Account) -> None:
    day = datetime(2026, 3, 1, tzinfo=NOW.tzinfo)
    last_moment = day + timedelta(days=1) - timedelta(microseconds=1)
    for number, moment in enumerate((day - timedelta(microseconds=1), day, last_moment, day + timedelta(days=1))):
        put(account, number + 1, moment)
    assert found(account, first_day=day.date(), last_day=day.date()) == [3, 2]
    assert found(account, first_day=day.date()) == [4, 3, 2]
    assert found(account, last_day=day.date()) == [3, 2, 1]
    assert found(account, first_day=date(2027, 1, 1)) == []


def test_days_in_the_wrong_order_are_refused(account: Account) -> None:
    with pytest.raises(InvalidRequest):
        found(account, first_day=date(2026, 3, 2), last_day=date(2026, 3, 1))


def test_a_search_fills_its_pages_from_all_over_the_history(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "_READ_AT_ONCE", 3)
    for number in range(1, 21):
        put(account, number, title="wanted" if number % 4 == 0 else "other")
    assert pages(account, 2, HistoryFilter(words=("wanted",))) == [[20, 16], [12, 8], [4]]


def test_a_search_that_finds_little_gives_up_and_continues(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "_READ_AT_ONCE", 2)
    monkeypatch.setattr(history, "_MAX_QUERIES", 3)
    for number in range(1, 14):
        put(account, number, title="wanted" if number == 1 else "other")
    assert pages(account, 5, HistoryFilter(words=("wanted",))) == [[], [], [1]]


@pytest.mark.parametrize(
    "cursor", ["nonsense", "é", "=", *(urlsafe_b64encode(text).decode() for text in (b"x y", b"x y z", b"\xff"))]
)
def test_a_cursor_that_is_not_ours_is_refused(account: Account, cursor: str) -> None:
    put(account, 1)
    with pytest.raises(InvalidRequest):
        account.history.list_newest_first("ada", EVERYTHING, 1, cursor)


def test_a_cursor_of_other_days_is_refused(account: Account) -> None:
    put(account, 1)
    put(account, 2)
    _, cursor = account.history.list_newest_first("ada", EVERYTHING, 1)
    with pytest.raises(InvalidRequest):
        account.history.list_newest_first("ada", HistoryFilter(first_day=date(2030, 1, 1)), 1, cursor)


def test_a_cursor_of_somebody_else_leads_to_ones_own_summaries_only(account: Account) -> None:
    for number in (1, 2, 3):
        put(account, number)
        put(account, number, user_id="eve")
    _, cursor = account.history.list_newest_first("eve", EVERYTHING, 1)
    entries, _ = account.history.list_newest_first("ada", EVERYTHING, 10, cursor)
    assert {entry.id.rpartition("-")[0] for entry in entries} <= {"batch-ada"}
