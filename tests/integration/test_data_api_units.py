"""The requests to the YouTube Data API: counted by Google's day for the whole deployment, and shared out."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from local.youtube import API_KEY, FakeYouTube
from skimlist.errors import DataApiQuotaExceeded
from skimlist.jobs.data_api_units import DataApiUnits, Purpose
from skimlist.jobs.follows import Follows
from skimlist.steps.describe_sources import RecentAnswers
from testkit.account import NOW, Account, FunctionsOf
from testkit.api_client import Client
from testkit.functions import load_function
from tests.integration.test_check_follows import a_follow, add_to_pool

TALKS, SONGS = "PLworkshop_talks_of_2026", "PLworkshop_songs_of_2026"
SOURCE = "PLo2EIpI_JMQvWfQndUesu0nPBAtZ9gP1o"


def taken(account: Account, units_a_day: int, purpose: Purpose, now: datetime = NOW) -> int:
    """Takes units until none is left; returns how many there were."""
    units = DataApiUnits(account.table, units_a_day, lambda: now)
    for number in range(1_000):
        try:
            units.take(purpose)
        except DataApiQuotaExceeded:
            return number
    raise AssertionError


def test_each_purpose_leaves_some_for_what_matters_more(account: Account) -> None:
    assert [taken(account, 20, purpose) for purpose in Purpose] == [10, 6, 4]
    assert [taken(account, 20, purpose) for purpose in Purpose] == [0, 0, 0]


def test_a_unit_is_taken_by_one_conditional_write(account: Account) -> None:
    """So two functions that see the last unit do not both take it."""
    requests: list[str] = []
    account.table.meta.client.meta.events.register(
        "before-call.dynamodb", lambda model, **_: requests.append(model.name)
    )
    assert taken(account, 3, Purpose.BATCH) == 3
    assert requests == ["UpdateItem"] * 4


@pytest.mark.parametrize(
    ("last", "first"),
    [
        (datetime(2026, 3, 8, 7, 59, tzinfo=UTC), datetime(2026, 3, 8, 8, tzinfo=UTC)),  # the day on which clocks go on
        (datetime(2026, 3, 9, 6, 59, tzinfo=UTC), datetime(2026, 3, 9, 7, tzinfo=UTC)),
        (datetime(2026, 11, 1, 6, 59, tzinfo=UTC), datetime(2026, 11, 1, 7, tzinfo=UTC)),  # and on which they go back
        (datetime(2026, 11, 2, 7, 59, tzinfo=UTC), datetime(2026, 11, 2, 8, tzinfo=UTC)),
    ],
)
def test_the_day_begins_at_midnight_pacific_time(account: Account, last: datetime, first: datetime) -> None:
    assert taken(account, 5, Purpose.BATCH, last) == 5
    assert taken(account, 5, Purpose.BATCH, last) == 0
    assert taken(account, 5, Purpose.BATCH, first) == 5


@pytest.mark.parametrize("units", [0, 5])
def test_without_a_key_or_a_limit_nothing_is_counted(account: Account, units: int) -> None:
    counter = DataApiUnits(account.table, units, lambda: NOW)
    assert counter.counted(None, Purpose.BATCH) is None
    if key := DataApiUnits(account.table, 0, lambda: NOW).counted("a-key", Purpose.BATCH):
        key.take_unit()
    assert account.table.scan()["Items"] == []


# --- The functions that use the key ---


@pytest.fixture
def youtube(account: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeYouTube]:
    with FakeYouTube(tmp_path, ca_folder=tmp_path) as fake:
        fake.playlists.update({each: {"title": "Talks", "videos": 60} for each in (TALKS, SONGS, SOURCE)})
        account.parameters["CaBundlePath"] = str(fake.ca_file)
        account.store_secret("youtube-proxy-url", fake.proxy_url)
        account.store_secret("youtube-api-key", API_KEY)
        service = load_function("api").source_routes.SourceService
        monkeypatch.setattr(sys.modules[service.__module__], "aws", FunctionsOf(account))
        monkeypatch.setattr(load_function("describe_sources"), "_RECENT", RecentAnswers())
        yield fake


def asked(youtube: FakeYouTube) -> tuple[int, int]:
    """How often the Data API and the pages of playlists were asked."""
    return sum(youtube.requests["data_api"].values()), sum(youtube.requests["playlist"].values())


def test_lookups_of_several_users_go_to_the_pages_once_their_part_is_used(
    account: Account, ada: Client, eve: Client, youtube: FakeYouTube
) -> None:
    account.parameters["DataApiUnitsPerDay"] = "2"
    found = [
        user.post("/sources/describe", {"sources": [source]}).json["sources"][0]
        for user, source in ((ada, TALKS), (eve, SONGS))
    ]
    assert [(each["title"], each["videos"], each["error"]) for each in found] == [("Talks", 60, None)] * 2
    in_data_api, in_pages = asked(youtube)
    assert (in_data_api, in_pages > 0) == (1, True)
    # A batch still has its part.
    assert taken(account, 2, Purpose.BATCH, datetime.now(UTC)) == 1


def test_a_batch_reads_pages_once_the_day_is_used(account: Account, ada: Client, youtube: FakeYouTube) -> None:
    account.parameters["DataApiUnitsPerDay"] = "4"
    batch: dict[str, Any] = ada.post("/batch/create", {"urls": [TALKS]}).json
    account.invoke("expand_playlists", {"user_id": "ada", "batch_id": batch["id"], "run": 1})
    assert len(account.queue.all_items(account.batches.get("ada", batch["id"]))) == 60
    in_data_api, in_pages = asked(youtube)
    assert (in_data_api, in_pages > 0) == (4, True)


def test_a_follow_reads_pages_once_its_part_is_used(
    account: Account, youtube: FakeYouTube, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_to_pool(account, "ada")
    monkeypatch.setattr(load_function("check_follows"), "aws", FunctionsOf(account))
    account.parameters["DataApiUnitsPerDay"] = "5"
    follows = Follows(account.table)
    follow = a_follow(follows)
    account.invoke("check_follows", {})
    assert len(follows.seen(follow) or ()) == 60
    in_data_api, in_pages = asked(youtube)
    assert (in_data_api, in_pages > 0) == (4, True)
