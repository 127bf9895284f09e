"""A deployment, as an operator's commands reach it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from skimlist.errors import SkimlistError
from skimlist.notifications.subscriptions import Subscriptions
from skimlist.users import Users


class CommandFailed(Exception):
    """The request cannot be carried out; the message says what to change."""


class Deployment:
    """A stack in the account of the caller's credentials."""

    def __init__(self, session: Any, stack: str) -> None:
        self._session = session
        stacks = session.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
        self._outputs = {each["OutputKey"]: each["OutputValue"] for each in stacks[0].get("Outputs", [])}

    @cached_property
    def table(self) -> Any:
        return self._session.resource("dynamodb").Table(self._outputs["TableName"])

    @cached_property
    def users(self) -> Users:
        return Users(self._session.client("cognito-idp"), self._outputs["UserPoolId"])

    @cached_property
    def subscriptions(self) -> Subscriptions:
        return Subscriptions(self._session.client("sns"), self._outputs["TopicArn"])

    def user_id(self, email: str) -> str:
        if '"' in email or "\\" in email:
            raise CommandFailed(f"{email} is not an email address.")
        found = self._session.client("cognito-idp").list_users(
            UserPoolId=self._outputs["UserPoolId"], Filter=f'email = "{email}"'
        )["Users"]
        ids = [each["Value"] for user in found for each in user["Attributes"] if each["Name"] == "sub"]
        if len(ids) != 1:
            raise CommandFailed(f"No user signs in with {email}. The user pool lists the addresses of all users.")
        return str(ids[0])

    def sweep(self) -> None:
        """Runs the sweep, which pauses or resumes the batches, instead of waiting up to five minutes for it."""
        answer = self._session.client("lambda").invoke(FunctionName=self._outputs["ResumeInterruptedFunctionName"])
        if "FunctionError" in answer:
            raise CommandFailed(
                "The halt is recorded or lifted, but the sweep failed before it reached every batch. "
                "It runs again within five minutes; if it keeps failing, see SweepFails in docs/runbook.md."
            )


@contextmanager
def failures_as_sentences() -> Iterator[None]:
    """Ends the process with a sentence if a command fails."""
    try:
        yield
    except (CommandFailed, SkimlistError) as error:
        sys.exit(str(error))
    except (BotoCoreError, ClientError) as error:
        sys.exit(f"AWS: {error}")
