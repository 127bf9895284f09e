"""Thirty days of a follow: every video once, every email as it should read, and the cost of each month.

The functions run unchanged on the simulated AWS and its clock. YouTube and the model are the local stack's fakes.
"""

from __future__ import annotations

import json
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
import time_machine

from lab.simulation import outside
from lab.simulation.clients import Client, User
from lab.simulation.faults import Faults
from lab.simulation.run import Promised, in_place_of_aws
from lab.simulation.scheduler import Scheduler
from lab.simulation.table import each_batch
from lab.simulation.world import World
from local.youtube import Failure, FakeYouTube
from local.youtube.failures import EVERY_VIDEO
from local.youtube.feeds import FEED
from local.youtube.proxy import Request
from local.youtube.synthetic import synthetic_id, synthetic_video
from skimlist.errors import FollowMonthSpent, YouTubeBlocked
from skimlist.youtube.followed_sources import FollowedSources
from testkit.functions import load_function
from tests.fakes.youtube import InProcess

GOLDEN = Path(__file__).with_name("thirty_days.golden.txt")
BERLIN = ZoneInfo("Europe/Berlin")
BEGIN = datetime(2026, 10, 12, 9, 30, tzinfo=BERLIN)  # in summer time, which ends on 25 October
END = datetime(2026, 11, 11, 9, 30, tzinfo=BERLIN)
OUTAGE = (datetime(2026, 10, 22, tzinfo=BERLIN), datetime(2026, 10, 24, tzinfo=BERLIN))
CHANNEL = "UC" + "Skimlist" * 2 + "-Talks"
OLD, SHORT = range(281, 301), 320
NEW = range(301, 313)
LATE, LATER, DELETED = 302, 304, 308
FOLLOW: dict[str, Any] = {
    "source": f"https://www.youtube.com/channel/{CHANNEL}",
    "name": "The Workshop",
    **{"every": "day", "at": "07:00", "zone": "Europe/Berlin"},
    "select": {"shorts": False},
    "model": "openai-large",
    "max_cost_usd_per_month": "0.035",
}
# The list price of the model, for a token of the prompt and of the answer.
USD_IN, USD_OUT = Decimal("1.00") / 1_000_000, Decimal("5.00") / 1_000_000
# The template checks more often, which takes longer and finds nothing more.
EVERY_SECONDS = 900.0


def at(day: int, clock: str, month: int = 10) -> datetime:
    return datetime.fromisoformat(f"2026-{month:02}-{day:02}T{clock}").replace(tzinfo=BERLIN)


UPLOADS = {
    301: at(13, "18:00"),
    LATE: at(15, "20:00"),
    SHORT: at(16, "12:00"),
    303: at(17, "12:00"),
    LATER: at(17, "15:00"),
    305: at(20, "15:00"),
    306: at(22, "10:00"),
    307: at(23, "09:00"),
    DELETED: at(25, "02:30"),  # which the clock shows twice
    309: at(27, "12:00"),
    310: at(27, "18:00"),
    311: at(29, "12:00"),
    312: at(5, "12:00", month=11),
}
CAPTIONS = {LATE: at(16, "12:00"), LATER: at(20, "10:00")}
BLOCK = (at(21, "06:00"), at(21, "08:50"))


# When ada looks at her follow: captions are missing, YouTube blocks, the budget is used up, a month ends, and at last.
LOOKS = (at(16, "08:00"), at(21, "08:00"), at(28, "08:00"), at(31, "12:00"), END)


@dataclass
class Month:
    """The events of the month.

    `follow` is how ada saw it at each time, `requests` are the paths that YouTube was asked for, with the time.
    `answers` are the times and costs of the model's answers, at the model's list price.
    """

    world: World
    follow: dict[datetime, Any] = field(default_factory=dict)
    requests: list[tuple[datetime, str, str]] = field(default_factory=list)
    answers: list[tuple[datetime, Decimal]] = field(default_factory=list)

    @property
    def batches(self) -> list[dict[str, Any]]:
        return sorted(each_batch(self.world.table), key=lambda batch: str(batch["created_at"]))

    def items(self, batch: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The batch's videos in their order."""
        partition = self.world.table.partitions[f"BATCH#{batch['id']}"]
        return [partition[f"ITEM#{int(number):05}"] for number in partition["ORDER"]["entries"]]

    def cost(self, month: int, until: datetime = END) -> Decimal:
        """The cost of the model's answers in a month (UTC)."""
        return sum((usd for when, usd in self.answers if when.month == month and when <= until), Decimal(0))

    def asked(self, path: str) -> list[tuple[datetime, str]]:
        return [(when, about) for when, asked, about in self.requests if asked == path]


class Workshop:
    """The channel."""

    def __init__(self, fake: FakeYouTube) -> None:
        self._fake = fake
        fake.playlists[CHANNEL] = {"title": "The Workshop", "videos": [], "shorts": [synthetic_id(SHORT)]}
        for number in OLD:
            self.upload(number)

    def upload(self, number: int) -> None:
        video_id = synthetic_id(number)
        written = {**(synthetic_video(video_id) or {}), "published": datetime.now(UTC).isoformat()}
        self._fake.videos[video_id] = written
        self._fake.playlists[CHANNEL]["videos"].insert(0, video_id)
        if number in CAPTIONS:
            self._fake.fail(Failure.CAPTIONS_OFF, video_id)
        elif number == DELETED:
            self._fake.fail(Failure.REMOVED, video_id)  # it stays in the list for some hours

    def caption(self, number: int) -> None:
        self._fake.fail(Failure.CAPTIONS_OFF, synthetic_id(number), times=0)

    def remove(self, number: int) -> None:
        self._fake.playlists[CHANNEL]["videos"].remove(synthetic_id(number))


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Month]:
    folder = tmp_path_factory.mktemp("youtube")
    begin = BEGIN.astimezone(UTC)
    random = Random(1)
    with ExitStack() as stack:
        fake = stack.enter_context(FakeYouTube(folder, ca_folder=folder))
        clock = stack.enter_context(time_machine.travel(begin, tick=False))
        scheduler = Scheduler(random, begin, clock.shift)
        promised = Promised.of([User("ada")])
        world = promised.world(random, scheduler, Faults(), frozenset())
        world.users = ["ada"]
        month = Month(world)
        stack.enter_context(in_place_of_aws(world))
        session = InProcess(fake).session
        respond = fake.respond

        def watched(request: Request) -> Any:
            about = json.loads(request.body).get("videoId", "") if request.path.endswith("/player") else ""
            month.requests.append((datetime.now(UTC), request.path, about))
            return respond(request)

        for place in (
            patch.object(fake, "respond", watched),
            patch("skimlist.youtube.session.youtube_session", session),
            patch.object(load_function("check_follows"), "_sources", lambda: FollowedSources(session, None)),
            patch.object(outside, "completion", partial(_answer, month, outside.completion)),
        ):
            stack.enter_context(place)
        stack.enter_context(closing(scheduler))
        _plan(month, Workshop(fake), fake)
        client = Client(world, promised.batches, promised.follows.users[0], "ada's laptop")
        ada = scheduler.spawn("ada", lambda: _live(month, client))
        ada.details["payload"] = {}
        scheduler.run(lambda: ada.ended)
        if ada.error:
            raise ada.error
    assert world.violation is None
    yield month


def _answer(month: Month, answer: Callable[..., Any], *given: Any) -> Any:
    """Notes what an answer of the model costs."""
    completed = answer(*given)
    usage = completed["usage"]
    usd = usage["prompt_tokens"] * USD_IN + usage["completion_tokens"] * USD_OUT
    month.answers.append((datetime.now(UTC), usd))
    return completed


def _plan(month: Month, workshop: Workshop, fake: FakeYouTube) -> None:
    """Plans what happens without ada."""
    scheduler = month.world.scheduler

    def on(moment: datetime, act: Callable[[], Any]) -> None:
        scheduler.at(moment.timestamp(), act)

    for number, moment in UPLOADS.items():
        on(moment, partial(workshop.upload, number))
    for number, moment in CAPTIONS.items():
        on(moment, partial(workshop.caption, number))
    on(at(25, "12:00"), partial(workshop.remove, DELETED))
    on(BLOCK[0], partial(fake.fail, Failure.BLOCKED, EVERY_VIDEO))
    on(BLOCK[1], partial(fake.fail, Failure.BLOCKED, EVERY_VIDEO, times=0))

    def check() -> None:
        scheduler.later(EVERY_SECONDS, check)
        if not OUTAGE[0] <= scheduler.moment < OUTAGE[1]:
            month.world.invoke_later("check_follows", {})

    check()
    month.world.sweep_for_ever()


def _live(month: Month, client: Client) -> None:
    """Ada chooses to get emails, follows the channel, and changes nothing from then on."""
    world = month.world
    shown = client.ask("GET", "/me")
    assert shown
    wanted = {"notifications": {**shown.body["notifications"], "email": True, "webhook": None}}
    wanted["notifications"].pop("version")
    chosen = client.ask("PUT", "/me", wanted, headers={"If-Match": str(shown.body["notifications"]["version"])})
    assert chosen and chosen.status == 200, chosen
    world.topic.confirm_all()
    made = client.ask("POST", "/follows", FOLLOW)
    assert made and made.status == 201, made
    for moment in LOOKS:
        world.scheduler.sleep(moment.timestamp() - world.scheduler.now)
        found = client.ask("GET", f"/follows/{made.body['id']}")
        assert found
        month.follow[moment] = found.body


def printed(month: Month) -> str:
    """After a wanted change: print this into the golden file, and read the difference."""
    return "\n".join(
        f"{'=' * 120}\n{_local(email.sent_at)} to {', '.join(email.recipients)}\n{email.subject}\n\n"
        + re.sub(r"/#/batch/[0-9a-f-]+", "/#/batch/…", email.text)
        for email in month.world.emails
    )


def _local(moment: datetime) -> str:
    return f"{moment.astimezone(BERLIN):%a %Y-%m-%d %H:%M %Z}"


def _times(moments: Iterable[datetime]) -> list[str]:
    return [f"{moment.astimezone(BERLIN):%m-%d %H:%M}" for moment in moments]


def test_every_video_is_summarized_once_and_each_run_has_the_newest_first(month: Month) -> None:
    runs = [[int(item["video_id"][5:10]) for item in month.items(batch)] for batch in month.batches]
    assert runs == [[301], [LATE], [LATER, 303], [305], [307, 306], [DELETED], [310, 309], [311], [312]]
    items = [item for batch in month.batches for item in month.items(batch)]
    assert [item["video_id"] for item in items if item["status"] != "completed"] == [synthetic_id(DELETED)]
    assert len(month.answers) == len(items) - 1
    assert {*_captioned(month)} == {synthetic_id(number) for number in NEW}


def _captioned(month: Month) -> Counter[str]:
    """How often YouTube was asked for the captions of a video."""
    return Counter(video_id for _, video_id in month.asked("/youtubei/v1/player"))


def test_captions_are_asked_for_again_only_where_they_are_missing(month: Month) -> None:
    # At 7:00 and 13:00; on the 18th at 7:00, and then every six hours until they are there.
    assert {video: times for video, times in _captioned(month).items() if times > 1} == {
        synthetic_id(LATE): 2,
        synthetic_id(LATER): 10,
    }


def test_runs_begin_at_seven_by_the_clock_and_one_of_them_follows_the_outage(month: Month) -> None:
    assert _times(datetime.fromisoformat(batch["created_at"]) for batch in month.batches) == [
        "10-14 07:00",
        "10-16 07:00",
        "10-18 07:00",
        "10-21 09:00",  # after the block
        "10-24 00:00",  # after the outage, with the videos of both days
        "10-25 07:00",  # in winter time from here on
        "10-28 07:00",
        "11-01 02:15",  # in a new month (UTC), once the continued batch has left some of its budget
        "11-06 07:00",
    ]
    first, second, *_, last = month.batches
    assert (first["name"], last["name"]) == ("The Workshop · 2026-10-14", "The Workshop · 2026-11-06")
    assert second["follow_id"] == month.follow[END]["id"]


def test_a_day_takes_one_small_request_unless_there_is_news_or_a_block(month: Month) -> None:
    days = Counter(time.partition(" ")[0] for time in _times(when for when, _ in month.asked(FEED)))
    everyday = {f"{BEGIN + timedelta(days=day):%m-%d}": 1 for day in range(1, 31)}
    outage, no_budget = ("10-22", "10-23"), ("10-29", "10-30", "10-31")
    expected = {day: times for day, times in everyday.items() if day not in (*outage, *no_budget)}
    # After the outage, there is the run that catches up, and the day's own.
    assert days == expected | {"10-21": 7, "10-24": 2, "11-01": 3}
    read = {time.partition(" ")[0] for time in _times(when for when, _ in month.asked("/playlist"))}
    assert read == {"10-12", "10-14", "10-16", "10-17", "10-18", "10-21", "10-24", "10-25", "10-28", "11-01", "11-06"}


def test_the_email_of_each_run_reads_as_it_should(month: Month) -> None:
    assert printed(month) == GOLDEN.read_text(encoding="utf-8")


def test_every_summary_is_announced_once_to_its_owner_as_soon_as_its_run_rests(month: Month) -> None:
    announced = [
        (int(number), email.sent_at)
        for email in month.world.emails
        for number in re.findall(r"^https://www\.youtube\.com/watch\?v=Made_(\d{5})1$", email.text, re.MULTILINE)
    ]
    assert [number for number, _ in announced] == [301, LATE, 303, LATER, 305, 307, 306, DELETED, 310, 309, 311, 312]
    sent_at = dict(announced)
    for batch in month.batches:
        for item in month.items(batch):
            number, ended = int(item["video_id"][5:10]), datetime.fromisoformat(item["completed_at"])
            assert timedelta(0) < sent_at[number] - ended < timedelta(minutes=1), number
    assert {email.recipients for email in month.world.emails} == {("ada@example.com",)}


def test_each_month_costs_what_the_answers_of_the_model_cost(month: Month) -> None:
    assert sum(batch["cost_usd"] for batch in month.batches) == month.cost(10) + month.cost(11)
    assert month.follow[LOOKS[3]]["month_usd"] == float(month.cost(10))
    assert month.follow[END]["month_usd"] == float(month.cost(11))
    assert month.cost(10) <= Decimal(FOLLOW["max_cost_usd_per_month"])
    for email in month.world.emails:
        if told := re.search(r"all runs of this month (\S+) of at most \$0\.0350\.", email.text):
            assert told[1] == f"${month.cost(email.sent_at.month, email.sent_at):.4f}"


def test_waiting_videos_are_shown_with_the_reason(month: Month) -> None:
    captions, block, _, budget, end = (month.follow[moment] for moment in LOOKS)
    assert (captions["waiting"], captions["problem"]) == (1, None)
    assert (block["waiting"], block["problem"]["code"]) == (0, YouTubeBlocked.code)
    assert (budget["waiting"], budget["problem"]["code"]) == (1, FollowMonthSpent.code)
    assert budget["next_look_at"] == "2026-11-01T00:00:00Z"
    assert (end["waiting"], end["problem"], end["status"]) == (0, None, "active")
    assert end["next_look_at"] == "2026-11-12T06:00:00Z"


def test_unwanted_videos_are_passed_over(month: Month) -> None:
    (seen,) = (
        partition["VIDEOS"] for pk, partition in month.world.table.partitions.items() if pk.startswith("FOLLOW#")
    )
    ids = zlib.decompress(bytes(seen["video_ids"])).decode().split()
    assert sorted(ids) == [synthetic_id(number) for number in (*OLD, *NEW, SHORT)]
