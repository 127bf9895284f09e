"""`make destroy`: deletes a stack and, on request, the data that it retains."""

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
# Also what a stack takes whose functions are slow to go.
_MAX_SECONDS = 3600
_ALL_DATA = "delete everything"
# Everything that `SECRETS_PREFIX` in template.yaml leads to.
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

        A state machine is deleted when its executions have ended, and one that is paused waits for hours. They are
        stopped again and again, because until the sweep is deleted it gives their batches new ones.
        """
        self._cloudformation.delete_stack(StackName=self._id)
        stopped = 0
        for _ in range(_MAX_SECONDS // _POLL_SECONDS):
            stack = self._cloudformation.describe_stacks(StackName=self._id)["Stacks"][0]
            if stack["StackStatus"] == "DELETE_COMPLETE":
                return stopped
            if stack["StackStatus"] == "DELETE_FAILED":
                raise DestroyError(f"{stack.get('StackStatusReason', 'AWS gives no reason.')} Run it once more.")
            stopped += self._stop_executions()
            self._pause(_POLL_SECONDS)
        raise DestroyError("It takes longer than an hour; look at the stack's events in the console, and run it again.")

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
        """Deletes table, bucket, users and keys permanently, and ignores those that are already gone.

        Raises DestroyError with what is left and why: the stack is gone by then, so this cannot be run again.
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
            raise DestroyError("\n".join(["Delete by hand what is left of its data:", *left]))

    def _delete_bucket(self, name: str) -> None:
        bucket = self._session.resource("s3").Bucket(name)
        bucket.objects.delete()
        bucket.delete()


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m ops.destroy", description=__doc__)
    parser.add_argument("--stack", default="skimlist")
    stack = Stack(boto3.Session(), parser.parse_args(arguments).stack)
    data = "\n".join(f"    {line}" for line in _data_of(stack))
    print(f"This takes down the stack {stack.name}: its page, API, functions, alarms and logs. Running batches stop.")
    if input(f"Type its name, {stack.name}, to go on: ").strip() != stack.name:
        raise DestroyError("Nothing was done.")
    print(f"\nIts data outlives it:\n{data}")
    with_data = input(f'Type "{_ALL_DATA}" to delete that too, for good, or press Enter to keep it: ').strip()
    if with_data not in {"", _ALL_DATA}:
        raise DestroyError("Nothing was done.")
    print("\nThat takes some minutes …")
    stopped = stack.delete()
    print(f"The stack is gone; {stopped} executions were stopped for that.")
    if with_data:
        stack.delete_data()
        print("Its data is deleted.")
    else:
        print(f"What stays, and costs what it holds:\n{data}")
    print(
        "What SAM keeps its packages in (the stack aws-sam-cli-managed-default) serves other applications, and stays."
    )


def _data_of(stack: Stack) -> Iterator[str]:
    yield f"the table {stack.outputs['TableName']}: batches, summaries, what was spent"
    yield f"the bucket {stack.outputs['BucketName']}: transcripts, exports, long summaries"
    yield f"the user pool {stack.outputs['UserPoolId']}: users"
    yield f"the parameters below /{stack.name}/: keys of models, the proxy"


if __name__ == "__main__":
    try:
        main()
    except (DestroyError, EOFError) as error:
        sys.exit(str(error) or "Nothing was done.")
    except (BotoCoreError, ClientError) as error:
        sys.exit(f"AWS: {error}")
