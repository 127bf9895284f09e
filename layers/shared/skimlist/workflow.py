"""The Step Functions workflow: starting an execution that drives a batch."""

from __future__ import annotations

import json
from bisect import bisect_left
from typing import TYPE_CHECKING
from uuid import uuid4

from botocore.exceptions import ClientError

from skimlist.aws import error_code, storage_errors
from skimlist.errors import WorkflowFailed
from skimlist.models.batch import Batch

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient

# Executions that ended without having taken the batch over leave their names behind: a few as a rule, hundreds where
# executions fail for hours while the sweep starts one after the other.
_MOST_LOST = 10_000


def execution_name(batch_id: str, run: int) -> str:
    """The first execution has the batch's id as its name; names stay taken for 90 days, so later ones are numbered."""
    return batch_id if run == 1 else f"{batch_id}-{run}"


class Workflow:
    def __init__(self, client: SFNClient, state_machine_arn: str) -> None:
        self._client = client
        self._arn = state_machine_arn

    def drive(self, batch: Batch, first_run: int) -> bool:
        """Makes sure that an execution numbered `first_run` or higher drives the batch; True if one had to be started.

        Asking twice starts one. The execution takes the batch over when it first looks at it, and fences off any older
        one. Raises WorkflowFailed when none can be started, and trying again would not change that.
        """
        try:
            with storage_errors():
                if self._start(batch, first_run):
                    return True
                last = self._last_started(batch.id, first_run)
                return not self._is_running(batch.id, last) and self._start(batch, last + 1)
        except ClientError as error:
            raise WorkflowFailed(f"The batch could not be given an execution ({error_code(error)}).") from error

    def _start(self, batch: Batch, run: int) -> bool:
        """False if there is an execution of this name."""
        # AWS takes the name of a running execution with the same input for the same call, and says that it was started.
        # So each call of ours is another one; the SDK's own tries of it are not.
        work = {"user_id": batch.user_id, "batch_id": batch.id, "run": run, "request": uuid4().hex}
        try:
            self._client.start_execution(
                stateMachineArn=self._arn, name=execution_name(batch.id, run), input=json.dumps(work)
            )
        except ClientError as error:
            if error_code(error) == "ExecutionAlreadyExists":
                return False
            raise
        return True

    def _last_started(self, batch_id: str, run: int) -> int:
        """The last of the executions from `run` on, whose name is taken; `run` itself if that one still runs.

        Numbers are taken one after the other, so that halving finds the last one in a few questions.
        """
        if self._is_running(batch_id, run):
            return run
        later = range(run + 1, run + _MOST_LOST)
        return run + bisect_left(later, True, key=lambda each: self._status(batch_id, each) is None)

    def _is_running(self, batch_id: str, run: int) -> bool:
        """Of an execution whose name is taken; one that was started a moment ago may not be found yet."""
        return self._status(batch_id, run) in {"RUNNING", None}

    def _status(self, batch_id: str, run: int) -> str | None:
        """None if there is no such execution, or none yet.

        What DescribeExecution answers is eventually consistent (Step Functions API Reference).
        """
        arn = f"{self._arn.replace(':stateMachine:', ':execution:')}:{execution_name(batch_id, run)}"
        try:
            return self._client.describe_execution(executionArn=arn)["status"]
        except ClientError as error:
            if error_code(error) == "ExecutionDoesNotExist":
                return None
            raise
