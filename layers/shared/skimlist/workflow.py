"""Starts executions of the Step Functions workflow, each of which processes a batch."""

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

# Executions that ended before they took over the batch still occupy their names: usually a few, but hundreds if
# executions fail for hours while the sweep keeps starting them.
_MAX_LOST = 10_000


class Workflow:
    def __init__(self, client: SFNClient, state_machine_arn: str) -> None:
        self._client = client
        self._arn = state_machine_arn

    def drive(self, wanted: StartExecution) -> bool:
        """Makes sure that this execution or a later one drives the batch; returns True if one had to be started.

        A repeated call does not start a second one. The execution takes over the batch when it first reads it, and
        locks out any older one. Raises WorkflowFailed if none can be started and a retry would not help.
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
        """Starts an execution; returns False if there is already one of this name."""
        # AWS treats the name and input of a running execution as a repetition of its call, and reports success. So each
        # of our calls has a unique input, which the SDK's retries of a call share.
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
        """Returns the last execution from `first` on whose name is taken; `first` itself if that one is running.

        Numbers are used consecutively, so a binary search finds the last one with few requests.
        """
        if self._is_running(first):
            return first
        later = range(first.run + 1, first.run + _MAX_LOST)
        started = bisect_left(later, True, key=lambda run: self._status(replace(first, run=run)) is None)
        return replace(first, run=first.run + started)

    def _is_running(self, execution: StartExecution) -> bool:
        """Whether an execution whose name is taken is running; a new one may not be visible yet."""
        return self._status(execution) in {"RUNNING", None}

    def _status(self, execution: StartExecution) -> str | None:
        """Returns the status of an execution; None if it does not exist or is not visible yet.

        DescribeExecution is eventually consistent (Step Functions API Reference).
        """
        arn = f"{self._arn.replace(':stateMachine:', ':execution:')}:{execution.name}"
        try:
            return self._client.describe_execution(executionArn=arn)["status"]
        except ClientError as error:
            if error_code(error) == "ExecutionDoesNotExist":
                return None
            raise
