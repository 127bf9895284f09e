"""`make destroy`: deletes a stack and, on request, its data, which otherwise outlives it."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from skimlist.aws import error_code

_POLL_SECONDS = 5
# Lambda may take long to delete a function.
_MAX_SECONDS = 3600
_ALL_DATA = "delete everything"
_NOTHING_DELETED = "Nothing was deleted."
# Every parameter below `SECRETS_PREFIX` in template.yaml.
STORED_SECRETS = (
    *("openai-api-key", "anthropic-api-key", "gemini-api-key", "deepseek-api-key"),
    *("youtube-proxy-url", "youtube-api-key"),
)


class DestroyError(Exception):
    """The stack or a part of it still exists; the message says why."""


class Stack:
    """A stack in the account of the caller's credentials."""

    def __init__(self, session: Any, name: str, pause: Callable[[float], None] = time.sleep) -> None:
        self.name = name
        self._session = session
        self._cloudformation = session.client("cloudformation")
        self._pause = pause
        stack = self._cloudformation.describe_stacks(StackName=name)["Stacks"][0]
        self._id = stack["StackId"]
        self.outputs = {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", [])}

    def delete(self) -> int:
        """Deletes the stack, waits until it is gone, and returns how many executions had to be stopped.

        AWS deletes a state machine only once its executions have ended, and that of a paused batch may wait for hours.
        Executions are stopped repeatedly, because the sweep starts new ones until it is deleted itself.
        """
        self._cloudformation.delete_stack(StackName=self._id)
        stopped = 0
        for _ in range(_MAX_SECONDS // _POLL_SECONDS):
            stack = self._cloudformation.describe_stacks(StackName=self._id)["Stacks"][0]
            if stack["StackStatus"] == "DELETE_COMPLETE":
                return stopped
            if stack["StackStatus"] == "DELETE_FAILED":
                reason = stack.get("StackStatusReason", "AWS gives no reason.")
                raise DestroyError(f"AWS could not delete the stack: {reason} Run the command again.")
            stopped += self._stop_executions()
            self._pause(_POLL_SECONDS)
        raise DestroyError(
            "After an hour the stack is still there. Look at its events in the console, then run the command again."
        )

    def _stop_executions(self) -> int:
        stepfunctions, arn = self._session.client("stepfunctions"), self.outputs.get("StateMachineArn")
        try:
            pages = stepfunctions.get_paginator("list_executions").paginate(stateMachineArn=arn, statusFilter="RUNNING")
            running = [found["executionArn"] for page in pages for found in page["executions"]] if arn else []
            for execution in running:
                stepfunctions.stop_execution(executionArn=execution, cause="The stack is being deleted.")
        except ClientError as error:
            if error_code(error) not in {"StateMachineDoesNotExist", "ExecutionDoesNotExist"}:
                raise
            return 0
        return len(running)

    def delete_data(self) -> None:
        """Permanently deletes the table, the bucket, the users and the keys; skips those that are already gone.

        Raises DestroyError with what could not be deleted and why. The command cannot be repeated, because the stack
        whose outputs name these resources is gone by then.
        """
        table, bucket, pool = (self.outputs[name] for name in ("TableName", "BucketName", "UserPoolId"))
        parameters = [f"/{self.name}/{name}" for name in STORED_SECRETS]
        deletions: dict[str, Callable[[], object]] = {
            f"the table {table}": lambda: self._session.client("dynamodb").delete_table(TableName=table),
            f"the bucket {bucket}": lambda: self._delete_bucket(bucket),
            f"the user pool {pool}": lambda: self._session.client("cognito-idp").delete_user_pool(UserPoolId=pool),
            f"the parameters below /{self.name}/": lambda: self._session.client("ssm").delete_parameters(
                Names=parameters
            ),
        }
        left = []
        for what, delete in deletions.items():
            try:
                delete()
            except BotoCoreError as error:
                left.append(f"    {what}: {error}")
            except ClientError as error:
                if error_code(error) not in {"ResourceNotFoundException", "NoSuchBucket"}:
                    left.append(f"    {what}: {error}")
        if left:
            raise DestroyError("\n".join(["Some data could not be deleted. Delete it by hand:", *left]))

    def _delete_bucket(self, name: str) -> None:
        bucket = self._session.resource("s3").Bucket(name)
        bucket.objects.delete()
        bucket.delete()


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m ops.destroy", description=__doc__)
    parser.add_argument("--stack", default="skimlist")
    stack = Stack(boto3.Session(), parser.parse_args(arguments).stack)
    data = "\n".join(f"    {line}" for line in _data_of(stack))
    print(f"This deletes the stack {stack.name}: its page, API, functions, alarms and logs. Running batches stop.")
    if input(f"Type the name of the stack, {stack.name}, to continue: ").strip() != stack.name:
        raise DestroyError(_NOTHING_DELETED)
    print(f"\nIts data is kept unless you say otherwise:\n{data}")
    with_data = input(f'Type "{_ALL_DATA}" to delete the data permanently too, or press Enter to keep it: ').strip()
    if with_data not in {"", _ALL_DATA}:
        raise DestroyError(_NOTHING_DELETED)
    print("\nDeleting the stack, which takes some minutes …")
    stopped = stack.delete()
    print(f"The stack is deleted; {stopped} running executions were stopped.")
    if with_data:
        stack.delete_data()
        print("Its data is deleted.")
    else:
        print(f"Its data is kept, and AWS goes on charging for its storage:\n{data}")
    print("The stack aws-sam-cli-managed-default, with SAM's packages, is kept because other applications may use it.")


def _data_of(stack: Stack) -> Iterator[str]:
    yield f"the table {stack.outputs['TableName']}: batches, summaries, spending"
    yield f"the bucket {stack.outputs['BucketName']}: transcripts, exports, long summaries"
    yield f"the user pool {stack.outputs['UserPoolId']}: users"
    yield f"the parameters below /{stack.name}/: the keys of the models, the address of the proxy"


if __name__ == "__main__":
    try:
        main()
    except (DestroyError, EOFError) as error:
        sys.exit(str(error) or _NOTHING_DELETED)
    except (BotoCoreError, ClientError) as error:
        sys.exit(f"AWS: {error}")
