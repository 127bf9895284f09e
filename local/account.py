"""The emulated AWS account: its clients, the deployed stack's outputs, secrets and users."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from local.credentials import AccessKey, role_keys
from local.emulator import REGION
from local.settings import SECRETS

STACK_NAME = "skimlist"


class Account:
    """The actions of an administrator."""

    def __init__(self, endpoint_url: str, access_key: AccessKey) -> None:
        self.access_key = access_key
        self._endpoint_url = endpoint_url
        self._session: Any = boto3.Session(  # the stubs want the service's name as a literal
            aws_access_key_id=access_key.id, aws_secret_access_key=access_key.secret, region_name=REGION
        )
        self.client = cache(self._client)  # creating one takes as long as several requests
        self.function_keys = cache(self._function_keys)

    def _client(self, service: str) -> Any:
        # A proxy in the user's environment could not reach this machine.
        return self._session.client(service, endpoint_url=self._endpoint_url, config=Config(proxies={}))

    def stack(self) -> dict[str, Any] | None:
        """Returns CloudFormation's description of the deployed stack; None before the first deployment."""
        try:
            stacks = self.client("cloudformation").describe_stacks(StackName=STACK_NAME)["Stacks"]
        except ClientError:
            return None
        return stacks[0] if stacks else None

    def outputs(self) -> dict[str, str]:
        stack = self.stack() or {}
        return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}

    def physical_id(self, logical_id: str) -> str:
        """Returns the name of a resource of the template in the account."""
        found = self.client("cloudformation").describe_stack_resource(
            StackName=STACK_NAME, LogicalResourceId=logical_id
        )
        return str(found["StackResourceDetail"]["PhysicalResourceId"])

    def _function_keys(self, logical_id: str) -> dict[str, str]:
        """Returns the environment variables with the keys of the function with this name in the template."""
        function = self.client("lambda").get_function_configuration(FunctionName=self.physical_id(logical_id))
        return role_keys(self.access_key.secret, function["FunctionArn"], function["Role"])

    def log_lines(self, since: float = 0) -> Iterator[str]:
        """Returns the log lines of all functions since `since` (seconds since 1970), one log group after the other."""
        logs = self.client("logs")
        for groups in logs.get_paginator("describe_log_groups").paginate():
            for group in groups["logGroups"]:
                for page in logs.get_paginator("filter_log_events").paginate(
                    logGroupName=group["logGroupName"], startTime=int(since * 1000)
                ):
                    yield from (event["message"].rstrip("\n") for event in page["events"])

    def store_secrets(self, secrets: Mapping[str, str]) -> None:
        """Stores the given secrets in the parameter store, and deletes all other known ones."""
        ssm = self.client("ssm")
        for parameter in SECRETS.values():
            name = f"/{STACK_NAME}/{parameter}"
            if parameter in secrets:
                ssm.put_parameter(Name=name, Value=secrets[parameter], Type="SecureString", Overwrite=True)
            else:
                ssm.delete_parameters(Names=[name])  # does not fail for missing ones

    def ensure_user(self, user_pool_id: str, email: str, password: str) -> None:
        """Creates the user, or sets the password of an existing one."""
        cognito = self.client("cognito-idp")
        user = {"UserPoolId": user_pool_id, "Username": email}
        try:
            attributes = [{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}]
            cognito.admin_create_user(**user, UserAttributes=attributes, MessageAction="SUPPRESS")
        except cognito.exceptions.UsernameExistsException:
            pass
        cognito.admin_set_user_password(**user, Password=password, Permanent=True)
