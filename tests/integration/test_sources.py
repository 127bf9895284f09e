"""Titles and counts of playlists and channels before a batch is made: from both sources, the function, and the API."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
import time_machine
from yt_dlp import YoutubeDL

from local.youtube import API_KEY, Failure, FakeYouTube
from skimlist import errors
from skimlist.config import Settings
from skimlist.jobs import quotas
from skimlist.models.source import SourceDescription, SourceQuery
from skimlist.steps.describe_sources import DescribeSources, RecentAnswers
from skimlist.youtube.data_api_key import DataApiKey
from skimlist.youtube.descriptions import MAX_PLAYLISTS, PLAYLISTS_A_PAGE, describe_source
from skimlist.youtube.session import youtube_session
from testkit.account import NOW, Account, FunctionsOf
from testkit.api_client import Client
from testkit.functions import load_function

CHANNEL = "UC" + "Skimlist" * 2 + "-Talks"
GONE = "UC" + "Skimlist" * 2 + "-Gone_"
OLD = "UC" + "Skimlist" * 2 + "-Old__"
TALKS, PRIVATE = "PLworkshop_talks_of_2026", "PLworkshop_private_list"
MANY = [f"PLworkshop_{number:03}" for number in range(1, 131)]

Describe = Callable[..., SourceDescription]
both_sources = pytest.mark.parametrize("api_key", [None, API_KEY], ids=["pages", "data api"])


@pytest.fixture
def fake(tmp_path: Path) -> Iterator[FakeYouTube]:
    with FakeYouTube(tmp_path, ca_folder=tmp_path) as fake:
        fake.playlists.update({number: {"title": f"Course {number[-3:]}", "videos": 1} for number in MANY})
        fake.playlists.update(
            {
                TALKS: {"title": "Talks at \u202ethe workshop", "channel": "The Workshop", "videos": 1234},
                PRIVATE: "private",
                CHANNEL: {
                    "title": "The Workshop",
                    "names": ["@workshop", "c/TheWorkshop"],
                    "videos": 250,
                    "playlists": [TALKS, *MANY],
                    "podcasts": [TALKS],
                },
                GONE: {"title": "", "names": ["@closed"], "terminated": True, "videos": 3},
                OLD: {"title": "", "names": ["@werkstatt"], "moved_to": "@workshop"},
            }
        )
        yield fake


@pytest.fixture
def describe(fake: FakeYouTube) -> Describe:
    def describe(source_id: str, api_key: str | None, **options: Any) -> SourceDescription:
        session = youtube_session(fake.proxy_url, str(fake.ca_file))
        return describe_source(session, source_id, api_key=DataApiKey(api_key) if api_key else None, **options)

    return describe


def requests(fake: FakeYouTube) -> int:
    return sum(sum(counts.values()) for counts in fake.requests.values())


# --- What YouTube tells ---


@both_sources
def test_a_playlist_has_its_title_channel_and_number_of_videos(describe: Describe, api_key: str | None) -> None:
    found = describe(TALKS, api_key)
    assert (found.title, found.channel, found.videos) == ("Talks at the workshop", "The Workshop", 1234)


@both_sources
@pytest.mark.parametrize("name", ["@workshop", "@werkstatt", "c/TheWorkshop", CHANNEL])
def test_a_channel_is_found_by_any_of_its_names(describe: Describe, api_key: str | None, name: str) -> None:
    found = describe(name, api_key)
    assert (found.source_id, found.title, found.channel_id, found.videos) == (name, "The Workshop", CHANNEL, 250)


@both_sources
def test_a_tab_has_the_number_of_its_videos(fake: FakeYouTube, describe: Describe, api_key: str | None) -> None:
    fake.playlists[CHANNEL]["shorts"] = ["Synthetic01"]
    fake.playlists[CHANNEL]["videos"] = ["Synthetic01", "Synthetic02", "Synthetic03"]
    assert describe("@workshop/shorts", api_key).videos == 1
    assert describe("@workshop/videos", api_key).videos == 2


@both_sources
@pytest.mark.parametrize(
    ("source_id", "error"),
    [
        (PRIVATE, errors.PlaylistPrivate),
        ("PLnobody_has_made_it", errors.PlaylistUnavailable),
        ("WL", errors.PlaylistPersonal),
        ("@closed", errors.ChannelUnavailable),
        ("@nobody", errors.ChannelUnavailable),
        ("@workshop/streams", errors.ChannelEmpty),
    ],
)
def test_a_source_that_cannot_be_described_says_why(
    describe: Describe, api_key: str | None, source_id: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        describe(source_id, api_key)


@both_sources
def test_the_playlists_of_a_channel_come_in_pages(describe: Describe, api_key: str | None) -> None:
    first = describe("@workshop/playlists", api_key)
    assert first.playlists
    assert [(each.id, each.title, each.videos) for each in first.playlists[:2]] == [
        (TALKS, "Talks at the workshop", 1234),
        (MANY[0], "Course 001", 1),
    ]
    assert (len(first.playlists), first.next_offset) == (PLAYLISTS_A_PAGE, PLAYLISTS_A_PAGE)
    second = describe("@workshop/playlists", api_key, offset=first.next_offset)
    assert second.playlists
    assert [each.id for each in second.playlists] == MANY[PLAYLISTS_A_PAGE - 1 :]
    assert second.next_offset is None


@both_sources
def test_the_podcasts_of_a_channel_are_a_tab_of_their_own(describe: Describe, api_key: str | None) -> None:
    found = describe("@workshop/podcasts", api_key).playlists
    assert found
    assert [(each.id, each.videos) for each in found] == [(TALKS, 1234)]


@both_sources
def test_a_channel_without_playlists_says_so(fake: FakeYouTube, describe: Describe, api_key: str | None) -> None:
    fake.playlists[CHANNEL] |= {"playlists": [], "podcasts": []}
    with pytest.raises(errors.ChannelHasNoPlaylists):
        describe("@workshop/playlists", api_key)


@both_sources
def test_no_more_playlists_are_read_than_may_be_shown(
    fake: FakeYouTube, describe: Describe, api_key: str | None
) -> None:
    many = [f"PLa_lot_of_them_{number:04}" for number in range(MAX_PLAYLISTS + 200)]
    fake.playlists.update({list_id: ["Synthetic01"] for list_id in many})
    fake.playlists[CHANNEL]["playlists"] = many
    last = describe("@workshop/playlists", api_key, offset=MAX_PLAYLISTS - PLAYLISTS_A_PAGE)
    assert last.playlists
    assert (last.playlists[-1].id, last.next_offset) == (many[MAX_PLAYLISTS - 1], None)
    assert requests(fake) <= 19


@pytest.mark.parametrize(
    ("api_key", "source_id", "count"),
    [
        (None, TALKS, 2),
        (API_KEY, TALKS, 1),
        (None, "@workshop", 3),
        (API_KEY, "@workshop", 2),
        (API_KEY, "@workshop/playlists", 4),
    ],
)
def test_a_description_takes_few_requests(
    fake: FakeYouTube, describe: Describe, api_key: str | None, source_id: str, count: int
) -> None:
    describe(source_id, api_key)
    assert requests(fake) == count


def test_without_quota_of_the_data_api_the_pages_are_read(fake: FakeYouTube, describe: Describe) -> None:
    fake.fail(Failure.QUOTA_EXCEEDED)
    assert describe(TALKS, API_KEY).videos == 1234
    found = describe("@workshop/playlists", API_KEY).playlists
    assert found
    assert len(found) == PLAYLISTS_A_PAGE


@both_sources
@pytest.mark.parametrize("source_id", [TALKS, "@workshop", "@workshop/playlists"])
@pytest.mark.parametrize(
    ("failure", "error"),
    [(Failure.SERVER_ERROR, errors.YouTubeUnreachable), (Failure.MALFORMED, errors.YouTubeAnswerUnreadable)],
)
def test_each_failure_ends_in_its_error(
    fake: FakeYouTube,
    describe: Describe,
    api_key: str | None,
    source_id: str,
    failure: Failure,
    error: type[Exception],
) -> None:
    fake.fail(failure)
    with pytest.raises(error):
        describe(source_id, api_key)


def test_a_plain_yt_dlp_reads_the_same_playlists_from_the_fake_server(fake: FakeYouTube) -> None:
    """The fake server is realistic only if it is read by the same program that reads YouTube."""
    options = {"proxy": fake.proxy_url, "nocheckcertificate": True, "extract_flat": True, "quiet": True}
    with YoutubeDL(options) as reader:
        found = reader.extract_info("https://www.youtube.com/@workshop/playlists", download=False)
    entries = list(found["entries"])
    assert (found["channel"], found["channel_id"]) == ("The Workshop", CHANNEL)
    assert [entry["id"] for entry in entries] == [TALKS, *MANY]
    assert entries[0]["url"] == f"https://www.youtube.com/playlist?list={TALKS}"


# --- The function ---


class Asked:
    """Describes sources by their ids; a test can make one wait or fail."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.refusals: dict[str, Exception] = {}
        self.released = Event()

    def __call__(self, query: SourceQuery) -> SourceDescription:
        self.ids.append(query.source_id)
        if query.source_id == "PLslow":
            self.released.wait()
        if error := self.refusals.get(query.source_id):
            raise error
        return SourceDescription(source_id=query.source_id, title=f"About {query.source_id}", videos=3)


class Log:
    def __getattr__(self, _name: str) -> Callable[..., None]:
        return lambda *_, **__: None


@pytest.fixture
def asked() -> Iterator[Asked]:
    asked = Asked()
    yield asked
    asked.released.set()


@pytest.fixture
def run(asked: Asked) -> Iterator[Callable[..., list[str]]]:
    recent, log = RecentAnswers(), Log()
    with ThreadPoolExecutor(4) as executor:

        def run(*ids: str, later: timedelta = timedelta(), max_wait: float = 60.0) -> list[str]:
            step = DescribeSources(
                describe=asked,
                executor=executor,
                recent=recent,
                log=log,
                max_wait=timedelta(seconds=max_wait),
                now=lambda: NOW + later,
            )
            answers = step.run([SourceQuery(id_) for id_ in ids])
            return [a.description.title if a.description else a.error.code if a.error else "" for a in answers]

        yield run
        asked.released.set()


def test_every_query_has_its_answer_in_order(asked: Asked, run: Callable[..., list[str]]) -> None:
    asked.refusals["PLprivate"] = errors.PlaylistPrivate()
    assert run("PLa", "PLprivate", "PLb", "PLa") == ["About PLa", "playlist_private", "About PLb", "About PLa"]
    assert sorted(asked.ids) == ["PLa", "PLb", "PLprivate"]


def test_a_slow_source_does_not_hold_up_the_others(asked: Asked, run: Callable[..., list[str]]) -> None:
    assert run("PLslow", "PLa", max_wait=1.0) == ["youtube_unreachable", "About PLa"]
    asked.released.set()
    assert run("PLslow") == ["About PLslow"]


def test_a_mistake_of_ours_about_one_source_does_not_hide_the_others(
    asked: Asked, run: Callable[..., list[str]]
) -> None:
    asked.refusals["PLodd"] = RuntimeError("unforeseen")
    assert run("PLodd", "PLa") == [errors.UnexpectedFailure.code, "About PLa"]


def test_answers_are_kept_for_some_minutes_and_failures_of_youtube_for_one(
    asked: Asked, run: Callable[..., list[str]]
) -> None:
    asked.refusals |= {"PLprivate": errors.PlaylistPrivate(), "PLblocked": errors.YouTubeBlocked()}
    ids = ("PLa", "PLprivate", "PLblocked")
    for minutes, expected in [(0, {*ids}), (0.9, set()), (2, {"PLblocked"}), (11, {*ids})]:
        asked.ids.clear()
        run(*ids, later=timedelta(minutes=minutes))
        assert {*asked.ids} == expected, minutes


# --- The API ---


@pytest.fixture
def _youtube(account: Account, fake: FakeYouTube, monkeypatch: pytest.MonkeyPatch) -> None:
    """The function describes what the fake server has."""
    account.store_secret("youtube-proxy-url", fake.proxy_url)
    monkeypatch.setattr(Settings, "ca_bundle", str(fake.ca_file))
    monkeypatch.setattr(load_function("describe_sources"), "_RECENT", RecentAnswers())
    service = load_function("api").source_routes.SourceService
    monkeypatch.setattr(sys.modules[service.__module__], "aws", FunctionsOf(account))


@pytest.mark.usefixtures("_youtube")
def test_a_request_describes_many_lines_at_once(ada: Client) -> None:
    lines = [f"https://www.youtube.com/playlist?list={TALKS}", "@workshop", PRIVATE, "@workshop/playlists"]
    answer = ada.post("/sources/describe", {"sources": lines})
    assert answer.status == 200
    playlist, channel, private, tab = answer.json["sources"]
    assert (playlist["id"], playlist["kind"], playlist["title"]) == (TALKS, "playlist", "Talks at the workshop")
    assert (playlist["source"], playlist["videos"], playlist["error"]) == (lines[0], 1234, None)
    assert (channel["kind"], channel["channel_id"], channel["videos"]) == ("channel", CHANNEL, 250)
    assert (private["title"], private["error"]["code"]) == (None, "playlist_private")
    assert (tab["kind"], len(tab["playlists"]), tab["next_cursor"]) == ("channel_playlists", 100, "100")
    assert tab["playlists"][0] == {
        "id": TALKS,
        "url": f"https://www.youtube.com/playlist?list={TALKS}",
        "title": "Talks at the workshop",
        "videos": 1234,
    }
    rest = ada.post("/sources/describe", {"sources": ["@workshop/playlists"], "cursor": "100"}).json["sources"][0]
    assert (len(rest["playlists"]), rest["next_cursor"]) == (31, None)


@pytest.mark.usefixtures("_youtube")
def test_a_described_source_is_not_asked_for_again(fake: FakeYouTube, ada: Client, account: Account) -> None:
    account.store_secret("youtube-api-key", API_KEY)
    first = ada.post("/sources/describe", {"sources": [TALKS]}).json
    before = requests(fake)
    assert ada.post("/sources/describe", {"sources": [TALKS]}).json == first
    assert requests(fake) == before == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"sources": []}, "sources"),
        ({"sources": ["@workshop"] * 21}, "sources"),
        ({"sources": ["@workshop", "https://youtu.be/Lighthouse1"]}, "sources.1"),
        ({"sources": ["some words"]}, "sources.0"),
        ({"sources": ["WL"]}, "sources.0"),
        ({"sources": ["@workshop @elsewhere"]}, "sources.0"),
        ({"sources": ["@workshop/playlists"], "cursor": "-1"}, "cursor"),
        ({"sources": ["@workshop/playlists"], "cursor": str(MAX_PLAYLISTS)}, "cursor"),
        ({"sources": ["@workshop/playlists"], "cursor": "9999"}, "cursor"),
        ({"sources": ["@workshop/playlists", "@workshop"], "cursor": "100"}, "cursor"),
    ],
)
def test_a_request_that_names_no_source_is_refused(ada: Client, body: dict[str, Any], field: str) -> None:
    answer = ada.post("/sources/describe", body)
    assert (answer.status, answer.error["code"]) == (422, "invalid_request")
    assert field in str(answer.error)


@pytest.mark.usefixtures("_youtube")
def test_each_source_counts_towards_the_limit_of_the_day(
    ada: Client, eve: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quotas, "LOOKUPS_A_DAY", 3)
    with time_machine.travel(NOW, tick=False):
        assert ada.post("/sources/describe", {"sources": [TALKS, PRIVATE]}).status == 200
        refused = ada.post("/sources/describe", {"sources": [TALKS, PRIVATE]})
        assert (refused.status, refused.error["code"]) == (429, "too_many_lookups")
        assert "You have 1 left today" in refused.error["message"]
        assert refused.headers["retry-after"] == str(12 * 3600 + 1)
        # What is passed over is read again.
        further = {"sources": ["@workshop/playlists"], "cursor": "100"}
        assert ada.post("/sources/describe", further).error["code"] == "too_many_lookups"
        assert ada.post("/sources/describe", {"sources": [TALKS]}).status == 200
        assert eve.post("/sources/describe", {"sources": [TALKS]}).status == 200


@pytest.mark.usefixtures("_youtube")
def test_a_failing_function_is_not_an_error_of_the_lines(
    account: Account, ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load_function("describe_sources"), "DescribeSources", None)
    answer = ada.post("/sources/describe", {"sources": [TALKS]})
    assert (answer.status, answer.error["code"]) == (503, "storage_unavailable")
    assert account.batches


@pytest.mark.usefixtures("_youtube")
def test_no_log_line_has_a_link_or_a_title(ada: Client, log: Any) -> None:
    ada.post("/sources/describe", {"sources": [TALKS, "@workshop", PRIVATE]})
    text = str(log.lines())
    assert "sources described" in text
    assert not any(word in text for word in (TALKS, "workshop", "Talks", "proxy"))
