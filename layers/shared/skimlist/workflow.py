"""The Step Functions workflow: starting an execution that drives a batch."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from uuid import uuid4

from botocore.exceptions import ClientError

from skimlist.aws import error_code, storage_errors
from skimlist.errors import WorkflowFailed
from skimlist.models import Batch

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient

# Executions that ended without having taken the batch over leave their names behind; more than a few never do.
_NAMES_TRIED = 10


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
                for run in range(first_run, first_run + _NAMES_TRIED):
                    if self._start(batch, run):
                        return True
                    if self._is_running(batch.id, run):
                        return False
        except ClientError as error:
            raise WorkflowFailed(f"The batch could not be given an execution ({error_code(error)}).") from error
        raise WorkflowFailed("The batch could not be given an execution; its names are taken.")

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

    def _is_running(self, batch_id: str, run: int) -> bool:
        """Of an execution whose name is taken; one that was started a moment ago may not be found yet.

        What DescribeExecution answers is eventually consistent (Step Functions API Reference).
        """
        arn = f"{self._arn.replace(':stateMachine:', ':execution:')}:{execution_name(batch_id, run)}"
        try:
            return self._client.describe_execution(executionArn=arn)["status"] == "RUNNING"
        except ClientError as error:
            if error_code(error) == "ExecutionDoesNotExist":
                return True
            raise
