"""Spending limits: kept by simultaneous requests, by steps that die, and by repetitions."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import boto3
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from moto import mock_aws

from local.model import Failure, FakeModelServer
from skimlist.config import Settings
from skimlist.errors import (
    AboveSpendingLimit,
    BatchBlocked,
    BudgetReached,
    DailySpendingReached,
    ModelAnswerInvalid,
    ModelKeyMissing,
    ModelNotOffered,
    MonthlySpendingReached,
    StepCrashed,
    StorageUnavailable,
)
from skimlist.jobs import records
from skimlist.jobs.digests import Digests
from skimlist.jobs.halts import Halts
from skimlist.jobs.results import Results
from skimlist.jobs.spending import Reservation, Spending
from skimlist.jobs.videos import Videos
from skimlist.llm.catalogue import Usage, catalogue
from skimlist.log import UnexpectedError
from skimlist.metrics import Metric
from skimlist.models.batch import Batch, BatchStatus
from skimlist.models.endpoint import Endpoint
from skimlist.models.settings import BatchSettings, SummaryOptions
from skimlist.periods import next_day, next_month
from skimlist.steps import summarize_video
from testkit import template
from testkit.account import NOW, TABLE, Account, video_id
from testkit.api_client import Client
from testkit.batches import a_batch, a_summary
from testkit.functions import caught
from tests.fakes.log import Log
from tests.fakes.summarizing import transcript

CAPTIONS = [f"Sentence number {number} speaks of bread, water and salt." for number in range(40)]
OPENAI = BatchSettings(model="openai")
BATCH = {"user_id": "ada", "batch_id": "b7f3", "run": 1}
DAY, MONTH = records.day_spending_key("ada", NOW), records.month_spending_key(NOW)


def usd(text: str) -> Decimal:
    return Decimal(text)


def committed(account: Account, key: dict[str, Any]) -> Decimal:
    found: Decimal = account.table.get_item(Key=key).get("Item", {}).get("committed", Decimal(0))
    return found


def reservations(account: Account, key: dict[str, Any]) -> set[str]:
    return {name for name in account.table.get_item(Key=key).get("Item", {}) if "#" in name}


# --- One limit ---


def test_a_price_takes_the_place_of_what_was_reserved_for_it(account: Account) -> None:
    spending = Spending(account.table, usd_a_day=usd("1"), usd_a_month=usd("2"))
    reservation = spending.reserve(a_batch(), "00001", usd("0.40"), NOW)
    assert (committed(account, DAY), committed(account, MONTH)) == (usd("0.40"), usd("0.40"))
    for _ in range(2):
        spending.settle(reservation, usd("0.55"))
    assert (committed(account, DAY), committed(account, MONTH)) == (usd("0.55"), usd("0.55"))
    assert reservations(account, DAY) == reservations(account, MONTH) == set()


def test_an_estimate_that_does_not_fit_is_refused_and_leaves_nothing_reserved(account: Account) -> None:
    spending = Spending(account.table, usd_a_day=usd("1"), usd_a_month=usd("0.60"))
    spending.reserve(a_batch(), "00001", usd("0.50"), NOW)
    with pytest.raises(DailySpendingReached, match="1 USD that each user may spend"):
        spending.reserve(a_batch(), "00002", usd("0.55"), NOW)
    with pytest.raises(MonthlySpendingReached):
        spending.reserve(a_batch(), "00002", usd("0.11"), NOW)
    assert (committed(account, DAY), committed(account, MONTH)) == (usd("0.50"), usd("0.50"))
    assert reservations(account, DAY) == {"b7f3#00001#extractive"}


@pytest.mark.parametrize(("a_day", "a_month"), [("1", "0"), ("2", "1")])
def test_an_estimate_above_a_whole_limit_waits_for_no_other_day(account: Account, a_day: str, a_month: str) -> None:
    spending = Spending(account.table, usd_a_day=usd(a_day), usd_a_month=usd(a_month))
    with pytest.raises(AboveSpendingLimit):
        spending.reserve(a_batch(), "00001", usd("1.01"), NOW)
    assert reservations(account, DAY) == set()


def test_the_same_item_reserves_once_also_when_its_estimate_has_changed(account: Account) -> None:
    spending = Spending(account.table, usd_a_day=usd("1"))
    for estimate in ("0.40", "0.40", "0.70", "0.30"):
        spending.reserve(a_batch(), "00001", usd(estimate), NOW)
    assert committed(account, DAY) == usd("0.30")
    spending.reserve(a_batch(), "00002", usd("0.20"), NOW)
    with pytest.raises(DailySpendingReached):
        spending.reserve(a_batch(), "00001", usd("0.90"), NOW)
    assert committed(account, DAY) == usd("0.50")


def test_the_cost_of_earlier_attempts_is_not_counted_again(account: Account) -> None:
    spending = Spending(account.table, usd_a_day=usd("1"))
    spending.settle(spending.reserve(a_batch(), "00001", usd("0.10"), NOW), usd("0.20"))
    spending.settle(spending.reserve(a_batch(), "00001", usd("0.10"), NOW, settled_usd=usd("0.20")), usd("0.25"))
    assert committed(account, DAY) == usd("0.25")


def test_the_next_day_and_the_next_month_begin_at_nothing(account: Account) -> None:
    spending = Spending(account.table, usd_a_day=usd("1"), usd_a_month=usd("1"))
    spending.reserve(a_batch(), "00001", usd("1"), NOW)
    with pytest.raises(MonthlySpendingReached):
        spending.reserve(a_batch(), "00002", usd("1"), next_day(NOW))
    spending.reserve(a_batch(), "00002", usd("1"), next_month(NOW))


def test_two_users_share_the_month_and_not_the_day(account: Account) -> None:
    spending = Spending(account.table, usd_a_day=usd("0.60"), usd_a_month=usd("1"))
    spending.reserve(a_batch(), "00001", usd("0.60"), NOW)
    eves = a_batch(id="e4e5", user_id="eve")
    with pytest.raises(MonthlySpendingReached):
        spending.reserve(eves, "00001", usd("0.60"), NOW)
    spending.reserve(eves, "00001", usd("0.40"), NOW)
    assert committed(account, MONTH) == usd("1")


def test_two_batches_that_see_the_same_room_do_not_both_take_it(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second one reserves between any two requests of the first one."""
    spending = Spending(account.table, usd_a_day=usd("1"), usd_a_month=usd("1"))
    won: list[Reservation] = []
    update = Spending.update

    def overtaken(self: Spending, key: Any, change: Any) -> Any:
        with monkeypatch.context() as patch:
            patch.setattr(Spending, "update", update)
            if not won:
                won.append(spending.reserve(a_batch(id="faster"), "00001", usd("0.60"), NOW))
        return update(self, key, change)

    monkeypatch.setattr(Spending, "update", overtaken)
    with pytest.raises(DailySpendingReached):
        spending.reserve(a_batch(id="slower"), "00001", usd("0.60"), NOW)
    assert committed(account, DAY) == committed(account, MONTH) == usd("0.60")


@pytest.mark.parametrize(
    ("now", "day", "month"),
    [
        (datetime(2026, 12, 31, 23, 59, tzinfo=UTC), "2027-01-01", "2027-01-01"),
        (datetime(2028, 2, 29, tzinfo=UTC), "2028-03-01", "2028-03-01"),
        (datetime.fromisoformat("2026-03-01T00:30:00+01:00"), "2026-03-01", "2026-03-01"),
    ],
)
def test_days_and_months_end_at_midnight_utc(now: datetime, day: str, month: str) -> None:
    assert (next_day(now).isoformat(), next_month(now).isoformat()) == (
        f"{day}T00:00:00+00:00",
        f"{month}T00:00:00+00:00",
    )


# --- Any order of events ---


@dataclass
class Try:
    """One item and its reservation, the cost of its answers so far, and how much of that was settled."""

    batch: Batch
    reservation: Reservation | None = None
    cost: Decimal = Decimal(0)
    settled: Decimal = Decimal(0)


@dataclass
class Period:
    paid: Decimal = Decimal(0)
    above_estimates: Decimal = Decimal(0)


ITEMS = [f"{user}-{number}" for user in ("ada", "eve") for number in range(3)]
ESTIMATE = usd("0.30")
PRICES = st.sampled_from([usd("0"), usd("0.10"), usd("0.30"), usd("0.50")])


class AnyOrder(RuleBasedStateMachine):
    """Items of two users reserve, pay, settle, die and return in any order that hypothesis generates."""

    def __init__(self) -> None:
        super().__init__()
        self.aws = mock_aws()
        self.aws.start()
        dynamodb = boto3.resource("dynamodb", region_name="eu-central-1")
        self.table = dynamodb.create_table(TableName=TABLE, **template.table_arguments())
        self.spending = Spending(self.table, usd_a_day=usd("1"), usd_a_month=usd("1.50"))
        self.tries = {item: Try(a_batch(id=item, user_id=item.partition("-")[0])) for item in ITEMS}
        self.periods = {key: Period() for key in ("ada", "eve", "month")}

    def teardown(self) -> None:
        self.aws.stop()

    @rule(item=st.sampled_from(ITEMS))
    def reserve(self, item: str) -> None:
        """Reserves, for an item that has a reservation too: a step may run twice, or die and run again."""
        each = self.tries[item]
        with_room = self._room(each.batch.user_id) >= ESTIMATE or self._held(item)
        try:
            each.reservation = self.spending.reserve(each.batch, "00001", ESTIMATE, NOW, settled_usd=each.settled)
        except BatchBlocked:
            assert not with_room
        else:
            assert with_room

    @rule(item=st.sampled_from(ITEMS), price=PRICES)
    def pay(self, item: str, price: Decimal) -> None:
        """Pays for an answer, once for each reservation."""
        each = self.tries[item]
        if each.reservation and each.cost == each.settled:
            each.cost += price
            for period in (self.periods[each.batch.user_id], self.periods["month"]):
                period.paid += price
                period.above_estimates += max(price - ESTIMATE, Decimal(0))

    @rule(item=st.sampled_from(ITEMS), times=st.integers(1, 2))
    def settle(self, item: str, times: int) -> None:
        each = self.tries[item]
        for _ in range(times if each.reservation else 0):
            assert each.reservation
            self.spending.settle(each.reservation, each.cost)
        if each.reservation:
            each.reservation, each.settled = None, each.cost

    @rule(item=st.sampled_from(ITEMS))
    def die(self, item: str) -> None:
        """Lets the step die; its paid answers are kept, and the next attempt finds them."""
        self.tries[item].reservation = None

    @invariant()
    def nothing_is_spent_beyond_the_limits(self) -> None:
        for name, limit in (("ada", usd("1")), ("eve", usd("1")), ("month", usd("1.50"))):
            period = self.periods[name]
            assert period.paid <= limit + period.above_estimates
            assert self._committed(name) + period.above_estimates >= period.paid

    def _record(self, name: str) -> dict[str, Any]:
        key = MONTH if name == "month" else records.day_spending_key(name, NOW)
        found: dict[str, Any] = self.table.get_item(Key=key).get("Item", {})
        return found

    def _committed(self, name: str) -> Decimal:
        return Decimal(self._record(name).get("committed", 0))

    def _room(self, user: str) -> Decimal:
        return min(usd("1") - self._committed(user), usd("1.50") - self._committed("month"))

    def _held(self, item: str) -> bool:
        return f"{item}#00001#extractive" in self._record("month")


@pytest.mark.usefixtures("log")
def test_the_limits_hold_in_any_order_of_events(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    AnyOrder.TestCase.settings = settings(max_examples=15, stateful_step_count=25, deadline=None)
    AnyOrder.TestCase("runTest").runTest()


# --- Summaries ---


def video(number: int, batch_id: str = "b7f3") -> dict[str, Any]:
    named = {"item_id": f"{number:05}", "position": number, "video_id": video_id(number), "order_version": 0}
    return {"user_id": "ada", "batch_id": batch_id, "run": 1, "video": named}


def fetched(account: Account, *numbers: int, batch_id: str = "b7f3") -> None:
    for number in numbers:
        account.archive.put_transcript("ada", transcript(CAPTIONS, video_id=video_id(number), title="A talk"), None)
        account.invoke("fetch_transcript", video(number, batch_id))


def today(account: Account) -> Decimal:
    return committed(account, records.day_spending_key("ada", datetime.now(UTC)))


@pytest.fixture
def limited(account: Account) -> Account:
    account.parameters |= {"UsdPerDayPerUser": "1", "UsdPerMonth": "2"}
    return account


def test_the_cost_of_a_video_is_counted_once(limited: Account, model: FakeModelServer, log: Log) -> None:
    limited.begin_batch(2, settings=OPENAI)
    for number in (1, 2):
        fetched(limited, number)
        for _ in range(2):
            limited.invoke("summarize_video", video(number))
    batch = limited.batch()
    assert batch.cost_usd > 0
    assert today(limited) == committed(limited, records.month_spending_key(datetime.now(UTC))) == batch.cost_usd
    percents = [value for name, value, _ in log.metrics() if name == Metric.MONTH_SPENT_PERCENT]
    assert percents[-1] == pytest.approx(float(batch.cost_usd) * 50)


def test_the_extractive_model_writes_nothing(limited: Account) -> None:
    limited.begin_batch(1)
    fetched(limited, 1)
    limited.invoke("summarize_video", video(1))
    kinds = {
        record["pk"].partition("#")[0] + record["sk"].partition("#")[0] for record in limited.table.scan()["Items"]
    }
    assert not {kind for kind in kinds if "SPEN" in kind}


def test_a_failed_attempt_is_counted_and_its_answers_are_not_counted_again(
    limited: Account, model: FakeModelServer
) -> None:
    limited.begin_batch(1, settings=OPENAI)
    fetched(limited, 1)
    model.fail(Failure.NOT_JSON, times=2)
    with pytest.raises(ModelAnswerInvalid):
        limited.invoke("summarize_video", video(1))
    assert today(limited) == limited.batch().cost_usd > 0
    limited.invoke("summarize_video", video(1))
    assert today(limited) == limited.batch().cost_usd


def test_a_summary_that_could_not_be_stored_is_counted_once(
    limited: Account, model: FakeModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited.begin_batch(1, settings=OPENAI)
    fetched(limited, 1)

    def fail(*_: Any, **__: Any) -> None:
        raise StorageUnavailable

    with monkeypatch.context() as patch, pytest.raises(StorageUnavailable):
        patch.setattr("skimlist.jobs.results.Results.put", fail)
        limited.invoke("summarize_video", video(1))
    limited.invoke("summarize_video", video(1))
    assert model.requests["asked"] == 1
    assert today(limited) == limited.batch().cost_usd > 0


def test_a_summary_whose_price_was_not_settled_any_more_is_settled_by_the_next_try(
    limited: Account, model: FakeModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited.begin_batch(1, settings=OPENAI)
    fetched(limited, 1)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Spending, "settle", killed)
        limited.invoke("summarize_video", video(1))
    estimated = today(limited)
    for _ in range(2):
        limited.invoke("summarize_video", video(1))
    assert model.requests["asked"] == 1
    assert today(limited) == limited.batch().cost_usd != estimated
    assert reservations(limited, records.day_spending_key("ada", datetime.now(UTC))) == set()


@pytest.mark.parametrize("step", [(Spending, "settle"), (Videos, "complete")], ids=["unsettled", "settled"])
def test_a_stored_summary_counts_when_its_video_fails_and_once(
    limited: Account, model: FakeModelServer, step: tuple[type, str]
) -> None:
    limited.begin_batch(2, settings=OPENAI)
    fetched(limited, 1)
    with pytest.MonkeyPatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(*step, killed)
        limited.invoke("summarize_video", video(1))
    for _ in range(2):
        limited.invoke("record_failure", {**video(1), "error": caught(StepCrashed())})
    price = limited.batch().cost_usd
    assert limited.batch().completed == 0
    assert today(limited) == price > 0
    fetched(limited, 1)
    limited.invoke("summarize_video", video(1))
    assert limited.batch().completed == 1
    assert today(limited) == limited.batch().cost_usd == price
    assert model.requests["asked"] == 1


def killed(*_: Any, **__: Any) -> None:
    raise KeyboardInterrupt  # nothing of ours catches that


def crash_after(monkeypatch: pytest.MonkeyPatch, function: str, name: str) -> None:
    """Raises a library's own error when the answers are paid."""
    module = importlib.import_module(f"skimlist.steps.{function}")
    original = getattr(module, name)

    def crash(*arguments: Any, **more: Any) -> None:
        original(*arguments, **more)
        raise TypeError

    monkeypatch.setattr(module, name, crash)


def test_a_video_that_crashes_after_its_answer_counts_what_the_answer_has_cost(
    limited: Account, model: FakeModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited.begin_batch(1, settings=OPENAI)
    fetched(limited, 1)
    crash_after(monkeypatch, "summarize_video", "summarize_video")
    with pytest.raises(UnexpectedError):
        limited.invoke("summarize_video", video(1))
    assert today(limited) == limited.batch().cost_usd > 0


def test_without_a_key_nothing_stays_reserved(limited: Account) -> None:
    limited.begin_batch(1, settings=OPENAI)
    fetched(limited, 1)
    with pytest.raises(ModelKeyMissing):
        limited.invoke("summarize_video", video(1))
    assert today(limited) == 0


def test_a_second_batch_at_the_same_moment_finds_no_room_and_waits_for_the_next_day(
    account: Account, model: FakeModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the first batch's model answers, the second one asks for what is left."""
    account.parameters |= {"UsdPerDayPerUser": "0.0005"}
    for name in ("b7f3", "other"):
        account.begin_batch(1, id=name, settings=OPENAI)
        fetched(account, 1, batch_id=name)
    asked: list[str] = []

    def summarize(*arguments: Any, **more: Any) -> Any:
        if not asked:
            asked.append("other")
            with pytest.raises(DailySpendingReached) as refused:
                account.invoke("summarize_video", video(1, "other"))
            account.invoke("pause_batch", {**video(1, "other"), "error": caught(refused.value)})
        return original(*arguments, **more)

    original = summarize_video.summarize_video
    monkeypatch.setattr(summarize_video, "summarize_video", summarize)
    account.invoke("summarize_video", video(1))

    assert model.requests["asked"] == 1
    waiting = account.batch("other")
    assert (waiting.status, waiting.completed, waiting.failed) == (BatchStatus.PAUSED, 0, 0)
    assert waiting.pause
    assert (waiting.pause.code, waiting.pause.until) == ("daily_spending_reached", next_day(datetime.now(UTC)))
    assert account.batch().completed == 1


@pytest.mark.parametrize("parameter", ["UsdPerDayPerUser", "UsdPerMonth"])
@pytest.mark.parametrize("raised", ["25", "0"])
def test_a_batch_at_a_limit_continues_once_the_operator_has_raised_it(
    account: Account, model: FakeModelServer, parameter: str, raised: str
) -> None:
    _ = account.user_pool_id  # made before a function runs, which may not make one
    _ = model
    pause_at_limit(account, parameter)
    sweep(account)  # with the same limit
    account.parameters |= {parameter: "0.00008"}
    sweep(account)  # with a lower one
    assert (account.batch().status, account.executions()) == (BatchStatus.PAUSED, ["b7f3"])
    account.parameters |= {parameter: raised}
    for _ in range(3):
        sweep(account)
    assert (account.batch().status, account.executions()) == (BatchStatus.PROCESSING, ["b7f3", "b7f3-2"])
    assert account.invoke("load_next_videos", BATCH)["action"] == "stop"  # what has waited for the next day
    assert account.invoke("load_next_videos", {**BATCH, "run": 2})["action"] == "process"


def test_a_raised_limit_does_not_end_another_pause(account: Account, model: FakeModelServer, ada: Client) -> None:
    _ = account.user_pool_id
    _ = model
    pause_at_limit(account, "UsdPerDayPerUser")
    account.parameters |= {"UsdPerDayPerUser": "25"}
    ada.post("/batch/b7f3/pause")
    sweep(account)
    assert account.batch().status is BatchStatus.PAUSED


def test_a_raised_limit_waits_for_the_operators_halt_to_be_lifted(account: Account, model: FakeModelServer) -> None:
    _ = account.user_pool_id
    _ = model
    pause_at_limit(account, "UsdPerMonth")
    account.parameters |= {"UsdPerMonth": "300"}
    Halts(account.table).stop("ada", NOW)
    sweep(account)
    assert account.batch().status is BatchStatus.PAUSED
    Halts(account.table).lift("ada")
    sweep(account)
    assert account.batch().status is BatchStatus.PROCESSING


def test_a_batch_that_an_earlier_version_has_paused_waits_for_the_next_period(
    account: Account, model: FakeModelServer
) -> None:
    _ = account.user_pool_id
    _ = model
    pause_at_limit(account, "UsdPerDayPerUser")
    account.table.update_item(
        Key={"pk": "USER#ada", "sk": "BATCH#b7f3"},
        UpdateExpression="REMOVE pause.limit_usd",
        ConditionExpression="attribute_exists(pause.limit_usd)",
    )
    account.parameters |= {"UsdPerDayPerUser": "25"}
    sweep(account)
    assert account.batch().status is BatchStatus.PAUSED


def pause_at_limit(account: Account, parameter: str) -> None:
    """Makes the first video of a batch exceed a limit that another batch has nearly used up."""
    account.begin_batch(1, settings=OPENAI)
    account.drive(account.batch())
    fetched(account, 1)
    account.parameters |= {parameter: "0.0005"}
    spending = Spending(account.table, usd_a_day=usd("0.0005"), usd_a_month=usd("0.0005"))
    spending.reserve(a_batch(id="other"), "00001", usd("0.0004"), datetime.now(UTC))
    with pytest.raises((DailySpendingReached, MonthlySpendingReached)) as refused:
        account.invoke("summarize_video", video(1))
    account.invoke("pause_batch", {**video(1), "error": caught(refused.value)})
    assert account.invoke("load_next_videos", BATCH)["action"] == "wait"


def sweep(account: Account) -> None:
    account.invoke("resume_interrupted", {})


@pytest.mark.parametrize(
    ("error", "until"), [(DailySpendingReached(), next_day(NOW)), (MonthlySpendingReached(), next_month(NOW))]
)
def test_a_pause_ends_with_the_period_in_which_it_began(account: Account, error: BatchBlocked, until: datetime) -> None:
    """This holds for a pause that is written in the next month: no batch waits a month too long."""
    batch = replace(account.begin_batch(1), updated_at=NOW)
    paused = account.batches.pause_for(batch, error, until + timedelta(seconds=1))
    assert paused.pause
    assert paused.pause.until == until
    assert account.invoke("load_next_videos", {"user_id": "ada", "batch_id": "b7f3", "run": 1})["action"] == "process"


@pytest.mark.parametrize(("parameter", "end"), [("UsdPerDayPerUser", next_day), ("UsdPerMonth", next_month)])
def test_a_pause_ends_with_the_period_of_its_video_although_the_batch_has_changed_in_the_next_one(
    account: Account,
    model: FakeModelServer,
    monkeypatch: pytest.MonkeyPatch,
    parameter: str,
    end: Callable[[datetime], datetime],
) -> None:
    """The period ends between the refusal and everything that is written after it."""
    _ = model
    account.begin_batch(2, settings=OPENAI)
    fetched(account, 1)
    account.parameters |= {parameter: "0.0005"}
    spending = Spending(account.table, usd_a_day=usd("0.0005"), usd_a_month=usd("0.0005"))
    spending.reserve(a_batch(id="other"), "00001", usd("0.0004"), datetime.now(UTC))
    current = account.batch().current
    assert current
    until = end(current.started_at)
    late = until + timedelta(seconds=1)
    noted = Spending.end_unpaid
    monkeypatch.setattr(Spending, "end_unpaid", lambda self, batch, name, _now: noted(self, batch, name, late))
    with pytest.raises((DailySpendingReached, MonthlySpendingReached)) as refused:
        account.invoke("summarize_video", video(1))
    account.skip(2, now=late)
    account.batches.rename("ada", "b7f3", "A new name", late)
    paused = account.batches.pause_for(account.batch(), refused.value, late)
    assert paused.pause
    assert paused.pause.until == until


@pytest.mark.parametrize(("parameter", "end"), [("UsdPerDayPerUser", next_day), ("UsdPerMonth", next_month)])
def test_a_pause_ends_with_the_period_of_its_digest_although_the_batch_has_changed_in_the_next_one(
    account: Account, model: FakeModelServer, parameter: str, end: Callable[[datetime], datetime]
) -> None:
    """The pause is written late, and the user renames the batch before that."""
    _ = model
    account.parameters |= {parameter: "0.002"}
    spending = Spending(account.table, usd_a_day=usd("0.002"), usd_a_month=usd("0.002"))
    spending.reserve(a_batch(id="other"), "00001", usd("0.0015"), datetime.now(UTC))
    with pytest.raises((DailySpendingReached, MonthlySpendingReached)) as refused:
        digested(account)
    until = end(account.batch().updated_at)
    late = until + timedelta(seconds=1)
    account.batches.rename("ada", "b7f3", "A new name", late)
    paused = account.batches.pause_for(account.batch(), refused.value, late)
    assert paused.pause
    assert paused.pause.until == until


def test_a_limit_is_not_an_outage_for_others(account: Account) -> None:
    account.begin_batch(1)
    account.invoke("pause_batch", {**video(1), "error": caught(MonthlySpendingReached())})
    assert not [record for record in account.table.scan()["Items"] if record["pk"] == records.OUTAGES]


# --- Digests ---


def digested(account: Account) -> None:
    options = SummaryOptions(digest=True)
    account.begin_batch(3, settings=BatchSettings(model="openai", options=options))
    for number in range(1, 4):
        summary = a_summary(number, title=f"Video {number}", fingerprint=f"f{number}")
        account.results.put("ada", "b7f3", f"{number:05}", summary, NOW)
        account.complete(number)
    account.batches.count_round(account.batch(), datetime.now(UTC))
    account.invoke("digest_batch", {"user_id": "ada", "batch_id": "b7f3", "run": 1})


def test_a_digest_is_counted(limited: Account, model: FakeModelServer) -> None:
    digested(limited)
    assert today(limited) == limited.batch().cost_usd > 0


def test_a_digest_that_fails_is_counted(limited: Account, model: FakeModelServer) -> None:
    model.fail(Failure.NOT_JSON)
    with pytest.raises(ModelAnswerInvalid):
        digested(limited)
    assert today(limited) == limited.batch().cost_usd > 0


def test_a_digest_that_crashes_after_its_answer_counts_what_the_answer_has_cost(
    limited: Account, model: FakeModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    crash_after(monkeypatch, "digest_batch", "digest_batch")
    with pytest.raises(UnexpectedError):
        digested(limited)
    assert today(limited) == limited.batch().cost_usd > 0


def test_a_digest_without_room_asks_no_model(account: Account, model: FakeModelServer) -> None:
    account.parameters |= {"UsdPerMonth": "1"}
    Spending(account.table, usd_a_month=usd("1")).reserve(a_batch(), "00001", usd("1"), datetime.now(UTC))
    with pytest.raises(MonthlySpendingReached):
        digested(account)
    assert model.requests["asked"] == 0


def test_a_batch_whose_digest_is_above_the_limit_of_a_whole_month_ends_without_it(
    account: Account, model: FakeModelServer
) -> None:
    account.parameters |= {"UsdPerMonth": "0.000001"}
    with pytest.raises(AboveSpendingLimit) as refused:
        digested(account)
    account.invoke("record_digest_failure", {**BATCH, "error": caught(refused.value)})
    assert account.invoke("load_next_videos", BATCH)["action"] == "finish"
    assert model.requests["asked"] == 0


def test_a_video_above_the_limit_of_a_whole_day_fails_and_the_batch_continues(
    account: Account, model: FakeModelServer
) -> None:
    account.parameters |= {"UsdPerDayPerUser": "0.000001"}
    account.begin_batch(2, settings=OPENAI)
    fetched(account, 1)
    with pytest.raises(AboveSpendingLimit) as refused:
        account.invoke("summarize_video", video(1))
    account.invoke("record_failure", {**video(1), "error": caught(refused.value)})
    batch = account.batch()
    assert (batch.status, batch.failed) == (BatchStatus.PROCESSING, 1)
    assert model.requests["asked"] == 0


def test_the_rest_of_a_batch_is_finished_with_another_model_and_a_begun_video_with_its_own(
    limited: Account, model: FakeModelServer, ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited.begin_batch(2, settings=OPENAI)
    fetched(limited, 1)
    with monkeypatch.context() as patch, pytest.raises(UnexpectedError):
        crash_after(patch, "summarize_video", "summarize_video")
        limited.invoke("summarize_video", video(1))
    for _ in range(2):
        answer = ada.patch("/batch/b7f3", {"model": "extractive"})
        assert (answer.status, answer.json["settings"]["model"]) == (202, "extractive")
    limited.invoke("summarize_video", video(1))
    fetched(limited, 2)
    limited.invoke("summarize_video", video(2))
    made = [summary.model for _, summary in limited.results.iterate("b7f3", ["00001", "00002"])]
    assert made == [catalogue()["openai"].model, "extractive"]
    assert model.requests["asked"] == 1
    assert limited.batch().cost_usd == today(limited) > 0


def kill(patch: pytest.MonkeyPatch, owner: object, name: str) -> None:
    """Kills the function: no handler of exceptions runs."""

    def killed(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    patch.setattr(owner, name, killed)


def change_model(account: Account, ada: Client, number: int, to: str) -> None:
    """Lets the video wait while its user changes the model; then its turn comes again."""
    account.table.update_item(
        Key=records.batch_key("ada", "b7f3"), UpdateExpression="REMOVE #c", ExpressionAttributeNames={"#c": "current"}
    )
    assert ada.patch("/batch/b7f3", {"model": to}).status == 202
    fetched(account, number)


def test_a_video_counts_the_answers_of_each_model_that_failed_on_it(
    limited: Account, model: FakeModelServer, ada: Client
) -> None:
    limited.begin_batch(1, settings=OPENAI)
    fetched(limited, 1)
    before = limited.batch()
    expected = Decimal(0)
    for alias, following in (("openai", "openai-large"), ("openai-large", "openai"), ("openai", "openai-large")):
        model.fail(Failure.NOT_JSON, times=2)
        with pytest.raises(ModelAnswerInvalid):
            limited.invoke("summarize_video", video(1))
        expected += catalogue()[alias].prices.cost(_used(model, since=before))
        before = limited.batch()
        assert (before.cost_usd, today(limited)) == (expected, expected)
        change_model(limited, ada, 1, following)
    limited.invoke("summarize_video", video(1))
    [(_, summary)] = limited.results.iterate("b7f3", ["00001"])
    expected += catalogue()["openai-large"].prices.cost(_used(model, since=before))
    assert summary.model == catalogue()["openai-large"].model
    assert (limited.batch().cost_usd, today(limited)) == (expected, expected)
    assert _used(model, since=limited.batch()) == Usage()


def _used(model: FakeModelServer, *, since: Batch) -> Usage:
    """Returns the price of the endpoint's answers, without what the batch had counted before."""
    used = model.requests["used"]
    return Usage(
        tokens_in=used["prompt_tokens"] - since.tokens_in, tokens_out=used["completion_tokens"] - since.tokens_out
    )


@pytest.mark.parametrize("owner", [Spending, Videos])
def test_a_video_whose_function_was_killed_keeps_its_model_until_its_answers_are_counted(
    limited: Account, model: FakeModelServer, ada: Client, monkeypatch: pytest.MonkeyPatch, owner: type
) -> None:
    limited.begin_batch(1, settings=OPENAI)
    fetched(limited, 1)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        kill(patch, owner, "settle" if owner is Spending else "complete")
        limited.invoke("summarize_video", video(1))
    change_model(limited, ada, 1, "openai-large")
    limited.invoke("summarize_video", video(1))
    [(_, summary)] = limited.results.iterate("b7f3", ["00001"])
    assert summary.model == catalogue()["openai"].model
    assert limited.batch().cost_usd == today(limited) == summary.cost_usd > 0
    assert model.requests["asked"] == 1
    assert limited.batch().begun_models == {}


@pytest.mark.parametrize("returns", [True, False], ids=["offered again", "replaced"])
@pytest.mark.parametrize("is_stored", [True, False], ids=["summary stored", "answers lost"])
def test_the_spending_of_a_killed_function_counts_although_its_model_is_gone(
    limited: Account,
    model: FakeModelServer,
    ada: Client,
    monkeypatch: pytest.MonkeyPatch,
    is_stored: bool,
    returns: bool,
) -> None:
    limited.begin_batch(1, settings=OPENAI)
    fetched(limited, 1)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        kill(patch, *((Spending, "settle") if is_stored else (Results, "put")))
        limited.invoke("summarize_video", video(1))
    reserved = today(limited)
    own_model = Endpoint(
        base_url=model.base_url, model="own", usd_per_million_in=usd("1"), usd_per_million_out=usd("1")
    )
    monkeypatch.setattr(Settings, "endpoint", own_model)
    for _ in range(2):
        with pytest.raises(ModelNotOffered):
            limited.invoke("summarize_video", video(1))
    lost = today(limited)
    price = catalogue()["openai"].prices.cost(_used(model, since=replace(limited.batch(), tokens_in=0, tokens_out=0)))
    # Of answers that nobody finds any more, only the estimate is known.
    assert (lost, limited.batch().cost_usd) == ((price, price) if is_stored else (reserved, 0))
    if returns:
        monkeypatch.setattr(Settings, "endpoint", Endpoint(base_url=model.base_url))
        limited.invoke("summarize_video", video(1))
        assert model.requests["asked"] == 1
        assert today(limited) == limited.batch().cost_usd == price
        return
    change_model(limited, ada, 1, "custom")
    limited.invoke("summarize_video", video(1))
    [(_, summary)] = limited.results.iterate("b7f3", ["00001"])
    assert summary.model == "own"
    assert today(limited) == lost + summary.cost_usd > lost


def test_a_video_that_no_answer_was_paid_for_takes_the_new_model(
    limited: Account, model: FakeModelServer, ada: Client
) -> None:
    limited.begin_batch(1, settings=OPENAI, max_cost_usd=usd("0.000001"))
    fetched(limited, 1)
    with pytest.raises(BudgetReached):
        limited.invoke("summarize_video", video(1))
    change_model(limited, ada, 1, "extractive")
    limited.invoke("summarize_video", video(1))
    assert [summary.model for _, summary in limited.results.iterate("b7f3", ["00001"])] == ["extractive"]


def test_a_digest_whose_function_was_killed_keeps_its_model_until_its_answers_are_counted(
    limited: Account, model: FakeModelServer, ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        kill(patch, Digests, "put")
        digested(limited)
    assert ada.patch("/batch/b7f3", {"model": "openai-large"}).status == 202
    limited.invoke("digest_batch", BATCH)
    assert model.requests["asked"] == 1
    assert limited.batch().cost_usd == today(limited) > 0
    assert limited.batch().begun_models == {}
