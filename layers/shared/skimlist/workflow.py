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

# Executions that ended before they took the batch over still occupy their names: usually a few, but hundreds if
# executions fail for hours while the sweep keeps starting them.
_MOST_LOST = 10_000


class Workflow:
    def __init__(self, client: SFNClient, state_machine_arn: str) -> None:
        self._client = client
        self._arn = state_machine_arn

    def drive(self, wanted: StartExecution) -> bool:
        """Makes sure that this execution or a later one drives the batch; True if one had to be started.

        A repeated call starts no second one. The execution takes the batch over when it first reads it, and locks out
        any older one. Raises WorkflowFailed if none can be started, and trying again would not change that.
        """
        try:
            with storage_errors():
                if self._start(wanted):
                    return True
                last = self._last_started(wanted)
                return not self._is_running(last) and self._start(replace(last, run=last.run + 1))
        except ClientError as error:
            raise WorkflowFailed(f"The batch's workflow could not be started ({error_code(error)}).") from error

    def _start(self, execution: StartExecution) -> bool:
        """False if there is an execution of this name."""
        # For AWS, the same name and input as those of a running execution is the same call, and it reports success.
        # So each of our calls has an input of its own; the SDK's retries of a call share it.
        work = {
            "user_id": execution.user_id,
            "batch_id": execution.batch_id,
            "run": execution.run,
            "why": execution.why,  # for people who look at the execution; no state reads it
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
        """The last of the executions from `first` on whose name is taken; `first` itself if that one still runs.

        Numbers are used one after the other, so a binary search finds the last one with a few requests.
        """
        if self._is_running(first):
            return first
        later = range(first.run + 1, first.run + _MOST_LOST)
        started = bisect_left(later, True, key=lambda run: self._status(replace(first, run=run)) is None)
        return replace(first, run=first.run + started)

    def _is_running(self, execution: StartExecution) -> bool:
        """Whether an execution whose name is taken still runs; a new one may not be found yet."""
        return self._status(execution) in {"RUNNING", None}

    def _status(self, execution: StartExecution) -> str | None:
        """None if there is no such execution, or not yet.

        DescribeExecution is eventually consistent (Step Functions API Reference).
        """
        arn = f"{self._arn.replace(':stateMachine:', ':execution:')}:{execution.name}"
        try:
            return self._client.describe_execution(executionArn=arn)["status"]
        except ClientError as error:
            if error_code(error) == "ExecutionDoesNotExist":
                return None
            raise
