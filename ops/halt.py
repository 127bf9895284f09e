"""`make halt` and `make unhalt`: stop all batches of one user or of all users, until the halt is lifted."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from skimlist.jobs.halts import Halted, Halts

# The index that lists the running batches for the sweep is behind the table by less than this.
INDEX_SECONDS = 5


class HaltError(Exception):
    """The request cannot be carried out; the message says what to change."""


class Deployment:
    """A stack in the account of the caller's credentials."""

    def __init__(self, session: Any, stack: str) -> None:
        self._session = session
        stacks = session.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
        self._outputs = {each["OutputKey"]: each["OutputValue"] for each in stacks[0].get("Outputs", [])}

    @property
    def halts(self) -> Halts:
        return Halts(self._session.resource("dynamodb").Table(self._outputs["TableName"]))

    def user_id(self, email: str) -> str:
        if '"' in email or "\\" in email:
            raise HaltError(f"{email} is not an email address.")
        found = self._session.client("cognito-idp").list_users(
            UserPoolId=self._outputs["UserPoolId"], Filter=f'email = "{email}"'
        )["Users"]
        ids = [each["Value"] for user in found for each in user["Attributes"] if each["Name"] == "sub"]
        if len(ids) != 1:
            raise HaltError(f"No user signs in with {email}. The user pool lists the addresses of all users.")
        return str(ids[0])

    def sweep(self) -> None:
        """Runs the sweep, which pauses or resumes the batches, instead of waiting up to five minutes for it."""
        answer = self._session.client("lambda").invoke(FunctionName=self._outputs["ResumeInterruptedFunctionName"])
        if "FunctionError" in answer:
            raise HaltError(
                "The halt is recorded or lifted, but the sweep failed before it reached every batch. "
                "It runs again within five minutes; if it keeps failing, see SweepFails in docs/runbook.md."
            )


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m ops.halt", description=__doc__)
    parser.add_argument("command", choices=["halt", "unhalt"])
    parser.add_argument("--stack", default="skimlist")
    whom = parser.add_mutually_exclusive_group(required=True)
    whom.add_argument("--user", metavar="EMAIL")
    whom.add_argument("--all", action="store_true")
    given = parser.parse_args(arguments)
    deployment = Deployment(boto3.Session(), given.stack)
    user_id = deployment.user_id(given.user) if given.user else None
    whose = f"The batches of {given.user}" if given.user else "All batches"
    if given.command == "halt":
        deployment.halts.stop(user_id, datetime.now(UTC))
        deployment.sweep()
        time.sleep(INDEX_SECONDS)
        deployment.sweep()  # catches batches that were started or resumed just before the halt
        print(f"{whose} are stopped until `make unhalt`. Videos that are being processed may still finish.")
    else:
        deployment.halts.lift(user_id)
        deployment.sweep()
        still = "; ".join(_still_in_force(deployment.halts.find(), user_id))
        print(f"The halt is lifted, but {still}." if still else f"{whose} continue.")


def _still_in_force(halted: Halted, user_id: str | None) -> Iterator[str]:
    """Explains what still stops batches after a halt was lifted: those of a user, or anybody's if `user_id` is None."""
    if user_id is None:
        if halted.stopped:
            yield f"{_users(len(halted.stopped))} still stopped by `make halt USER=…`"
        if halted.disabled:
            yield f"{_users(len(halted.disabled))} disabled in the user pool"
        return
    if halted.everybody:
        yield "all users are still stopped until `make unhalt ALL=1`"
    if user_id in halted.disabled:
        yield "the user is disabled in the user pool"


def _users(number: int) -> str:
    return "1 user is" if number == 1 else f"{number} users are"


if __name__ == "__main__":
    try:
        main()
    except HaltError as error:
        sys.exit(str(error))
    except (BotoCoreError, ClientError) as error:
        sys.exit(f"AWS: {error}")
