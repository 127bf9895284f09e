"""Batches that no execution can finish: the sweep ends them, and notifies their owners once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from skimlist.errors import BudgetReached, StorageUnavailable, WorkflowFailed, YouTubeBlocked
from skimlist.executions import execution_name
from skimlist.models.batch import Batch, BatchStatus, Preflight, PreflightStatus
from skimlist.workflow import Workflow
from testkit.account import NOW, Account, FunctionsOf
from testkit.functions import Context, load_function

# The sweep gives up with the last of so many looks.
LOOKS = 4


@pytest.fixture(autouse=True)
def _functions(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs functions that the sweep invokes in this process, and gives their emails a mailbox."""
    assert account.mailbox
    monkeypatch.setattr(load_function("resume_interrupted"), "aws", FunctionsOf(account))


def load(account: Account, run: int = 1) -> dict[str, Any]:
    answer: dict[str, Any] = account.invoke("load_next_videos", {"user_id": "ada", "batch_id": "b7f3", "run": run})
    return answer


def notify(account: Account, run: int) -> None:
    event = {"user_id": "ada", "batch_id": "b7f3", "run": run}
    account.invoke("notify_owner", event, Context(aws_request_id="of an execution"))


def sweep(account: Account, times: int = 1) -> None:
    for _ in range(times):
        account.invoke("resume_interrupted", {})


def lose_execution(account: Account, run: int) -> None:
    """Has the sweep find this run dead; the new execution adopts the batch and does nothing else."""
    account.stop_execution("b7f3" if run == 1 else f"b7f3-{run}")
    sweep(account)
    account.batches.adopt(account.batch(), run + 1, NOW)


def sweep_while_executions_die(account: Account, times: int) -> None:
    """Sweeps while each execution dies before it has read the batch."""
    for _ in range(times):
        for name in account.executions():
            account.stop_execution(name)
        sweep(account)


def refuse(*_: Any, **__: Any) -> None:
    """Stands for a service that does not answer."""
    raise StorageUnavailable


def refuse_executions(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    def refused(*_: Any) -> bool:
        raise ClientError({"Error": {"Code": code, "Message": ""}}, "StartExecution")

    monkeypatch.setattr(Workflow, "_start", refused)


def subjects(account: Account) -> list[str]:
    return [mail["Subject"] for mail in account.read_mail()]


def is_at_rest(account: Account) -> bool:
    """Returns whether no execution drives the batch, and another sweep changes nothing."""
    before = (account.batch(), account.executions())
    sweep(account, 2)
    return account.batches.list_active() == [] and (account.batch(), account.executions()) == before


def error_code(batch: Batch) -> str | None:
    return batch.error and batch.error.code


def test_a_batch_that_loses_one_execution_after_the_other_without_getting_on_ends(account: Account) -> None:
    account.drive(account.create_batch(2))
    load(account)
    for run in range(1, LOOKS):
        lose_execution(account, run)
        assert account.batch().status is BatchStatus.PROCESSING
    lose_execution(account, LOOKS)
    batch = account.batch()
    assert (batch.status, batch.has_no_execution, error_code(batch)) == (BatchStatus.FAILED, True, "workflow_stuck")
    # The execution that was started last would tell the owner too, who has heard of it already.
    assert load(account, run=LOOKS + 1)["action"] == "halt"
    notify(account, run=LOOKS + 1)
    assert len(subjects(account)) == 1


def test_a_batch_that_is_refused_every_execution_ends_and_its_owner_is_notified_once(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.create_batch(2)
    refuse_executions(monkeypatch, "AccessDeniedException")
    sweep(account, LOOKS - 1)
    assert account.batch().status is BatchStatus.PENDING
    sweep(account)
    assert (account.batch().status, error_code(account.batch())) == (BatchStatus.FAILED, "workflow_stuck")
    assert len(subjects(account)) == 1
    assert is_at_rest(account)
    assert subjects(account) == []


def test_a_batch_whose_executions_die_at_once_ends_and_its_owner_is_notified_once(account: Account) -> None:
    account.create_batch(2)
    sweep_while_executions_die(account, LOOKS)
    assert account.batch().status is BatchStatus.FAILED
    assert len(subjects(account)) == 1
    assert is_at_rest(account)


def test_an_outage_of_the_workflow_service_ends_no_batch(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    account.create_batch(1)
    with monkeypatch.context() as patch:
        refuse_executions(patch, "ThrottlingException")
        sweep(account, LOOKS + 1)
    assert (account.batch().status, subjects(account)) == (BatchStatus.PENDING, [])
    sweep(account)
    assert account.executions() == ["b7f3"]


def test_a_batch_that_makes_progress_may_lose_any_number_of_executions(account: Account) -> None:
    account.drive(account.create_batch(6))
    load(account)
    for run in range(1, 6):
        lose_execution(account, run)
        account.complete(run)
    assert account.batch().status is BatchStatus.PROCESSING


def test_a_batch_whose_execution_runs_may_take_any_time_over_a_video(account: Account) -> None:
    account.drive(account.create_batch(2))
    load(account)
    before = account.batch()
    sweep(account, 2 * LOOKS)
    assert account.batch() == before
    assert account.executions() == ["b7f3"]


def test_a_paused_batch_may_lose_any_number_of_executions(account: Account) -> None:
    account.drive(account.create_batch(1))
    load(account)
    account.batches.pause_for(account.batch(), YouTubeBlocked(), datetime.now(UTC))
    for run in range(1, 7):
        lose_execution(account, run)
    assert account.batch().status is BatchStatus.PAUSED
    assert account.batch().execution.restarts == 0


@pytest.mark.parametrize(("summaries", "end"), [(0, BatchStatus.FAILED), (1, BatchStatus.COMPLETED)])
def test_a_batch_whose_pause_is_over_and_that_nothing_wakes_ends(
    account: Account, summaries: int, end: BatchStatus
) -> None:
    account.drive(account.create_batch(2))
    load(account)
    account.complete(*range(1, summaries + 1))
    account.batches.pause_for(account.batch(), YouTubeBlocked(), datetime.now(UTC) - timedelta(days=1))
    sweep_while_executions_die(account, LOOKS)
    batch = account.batch()
    assert (batch.status, batch.pause, error_code(batch)) == (end, None, "workflow_stuck")
    assert len(subjects(account)) == 1
    assert is_at_rest(account)


def test_an_owner_is_notified_even_if_no_execution_can_do_it(account: Account) -> None:
    account.drive(account.create_batch(1))
    load(account)
    account.complete(1)
    assert load(account)["action"] == "finish"
    for run in range(1, LOOKS + 1):
        assert subjects(account) == []
        lose_execution(account, run)
    assert account.batch().status is BatchStatus.COMPLETED
    assert len(subjects(account)) == 1
    assert is_at_rest(account)


def test_an_owner_who_cannot_be_notified_does_not_keep_a_batch_going(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load_function("notify_owner").Notifications, "publish", refuse)
    account.drive(account.create_batch(1))
    load(account)
    account.complete(1)
    load(account)
    sweep_while_executions_die(account, LOOKS)
    executions = account.executions()
    sweep_while_executions_die(account, 2)
    assert account.executions() == executions
    assert account.batches.list_active() == []
    assert account.batch().status is BatchStatus.COMPLETED


def pause_at_budget(account: Account) -> None:
    """Pauses the batch until its owner resumes it; its execution parks it, but cannot tell the owner."""
    account.drive(account.create_batch(1))
    load(account)
    account.batches.pause_for(account.batch(), BudgetReached(), NOW)
    assert load(account)["action"] == "halt"
    account.stop_execution("b7f3")


def test_an_owner_for_whom_a_batch_waits_is_notified_by_the_sweep_if_its_execution_cannot(account: Account) -> None:
    pause_at_budget(account)
    sweep(account)
    assert subjects(account) == ['Skimlist: "Sourdough: the basics" is paused']
    assert account.batch().status is BatchStatus.PAUSED
    assert is_at_rest(account)
    assert account.executions() == ["b7f3"]
    assert subjects(account) == []


def test_a_batch_that_loses_its_execution_as_it_pauses_for_its_owner_is_parked_and_told(account: Account) -> None:
    account.drive(account.create_batch(1))
    load(account)
    account.batches.pause_for(account.batch(), BudgetReached(), NOW)
    account.stop_execution("b7f3")
    sweep(account)
    assert account.executions() == ["b7f3", "b7f3-2"]
    assert load(account, run=2)["action"] == "halt"
    notify(account, run=2)
    assert account.batch().has_no_execution
    assert is_at_rest(account)


def test_an_owner_for_whom_a_batch_waits_and_who_cannot_be_notified_is_given_up(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(load_function("notify_owner").Notifications, "publish", refuse)
        pause_at_budget(account)
        sweep(account, LOOKS + 1)
    assert is_at_rest(account)
    assert (account.batch().status, subjects(account)) == (BatchStatus.PAUSED, [])


def test_a_draft_that_nothing_prepares_says_why_and_waits_for_its_owner(account: Account) -> None:
    account.create_batch(1, status=BatchStatus.DRAFT, preflight=Preflight())
    sweep_while_executions_die(account, LOOKS)
    draft = account.batch()
    assert draft.preflight
    assert draft.preflight.error
    assert (draft.status, draft.preflight.status) == (BatchStatus.DRAFT, PreflightStatus.STOPPED)
    assert draft.preflight.error.code == "workflow_stuck"
    assert is_at_rest(account)


def test_a_cancelled_batch_that_nothing_settles_is_settled(account: Account) -> None:
    account.drive(account.create_batch(3))
    load(account)
    account.complete(1)
    account.batches.cancel(account.batch(), NOW)
    sweep_while_executions_die(account, LOOKS)
    batch = account.batch()
    assert (batch.status, batch.has_no_execution, batch.skipped) == (BatchStatus.CANCELLED, True, 2)
    assert is_at_rest(account)
    assert subjects(account) == []


@pytest.mark.parametrize(
    ("code", "error"), [("StateMachineDoesNotExist", WorkflowFailed), ("ExecutionLimitExceeded", StorageUnavailable)]
)
def test_a_refusal_says_whether_trying_again_can_help(
    account: Account, monkeypatch: pytest.MonkeyPatch, code: str, error: type[Exception]
) -> None:
    refuse_executions(monkeypatch, code)
    with pytest.raises(error, match=code):
        account.drive(account.create_batch(1))


def test_a_batch_is_driven_however_many_of_its_executions_were_lost(account: Account) -> None:
    batch = account.create_batch(1)
    for run in range(1, 13):
        assert account.drive(batch)
        assert not account.drive(batch)
        account.stop_execution(execution_name("b7f3", run))
    assert len(account.executions()) == 12
