"""The Step Functions workflow: starting an execution that drives a batch."""

from __future__ import annotations

import json
from bisect import bisect_left
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import uuid4

from botocore.exceptions import ClientError

from skimlist.aws import error_code, storage_errors
from skimlist.errors import WorkflowFailed
from skimlist.executions import StartExecution

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient

# Executions that ended without having taken the batch over leave their names behind: a few as a rule, hundreds where
# executions fail for hours while the sweep starts one after the other.
_MOST_LOST = 10_000


class Workflow:
    def __init__(self, client: SFNClient, state_machine_arn: str) -> None:
        self._client = client
        self._arn = state_machine_arn

    def drive(self, wanted: StartExecution) -> bool:
        """Makes sure that this execution or a later one drives the batch; True if one had to be started.

        Asking twice starts one. The execution takes the batch over when it first looks at it, and fences off any older
        one. Raises WorkflowFailed when none can be started, and trying again would not change that.
        """
        try:
            with storage_errors():
                if self._start(wanted):
                    return True
                last = self._last_started(wanted)
                return not self._is_running(last) and self._start(replace(last, run=last.run + 1))
        except ClientError as error:
            raise WorkflowFailed(f"The batch could not be given an execution ({error_code(error)}).") from error

    def _start(self, execution: StartExecution) -> bool:
        """False if there is an execution of this name."""
        # AWS takes the name of a running execution with the same input for the same call, and says that it was started.
        # So each call of ours is another one; the SDK's own tries of it are not.
        work = {
            "user_id": execution.user_id,
            "batch_id": execution.batch_id,
            "run": execution.run,
            "why": execution.why,  # for whoever looks at the execution; no state reads it
            "request": uuid4().hex,
        }
        try:
            self._client.start_execution(stateMachineArn=self._arn, name=execution.name, input=json.dumps(work))
        except ClientError as error:
            if error_code(error) == "ExecutionAlreadyExists":
                return False
            raise
        return True

    def _last_started(self, first: StartExecution) -> StartExecution:
        """The last of the executions from `first` on, whose name is taken; `first` itself if that one still runs.

        Numbers are taken one after the other, so that halving finds the last one in a few questions.
        """
        if self._is_running(first):
            return first
        later = range(first.run + 1, first.run + _MOST_LOST)
        started = bisect_left(later, True, key=lambda run: self._status(replace(first, run=run)) is None)
        return replace(first, run=first.run + started)

    def _is_running(self, execution: StartExecution) -> bool:
        """Of an execution whose name is taken; one that was started a moment ago may not be found yet."""
        return self._status(execution) in {"RUNNING", None}

    def _status(self, execution: StartExecution) -> str | None:
        """None if there is no such execution, or none yet.

        What DescribeExecution answers is eventually consistent (Step Functions API Reference).
        """
        arn = f"{self._arn.replace(':stateMachine:', ':execution:')}:{execution.name}"
        try:
            return self._client.describe_execution(executionArn=arn)["status"]
        except ClientError as error:
            if error_code(error) == "ExecutionDoesNotExist":
                return None
            raise
