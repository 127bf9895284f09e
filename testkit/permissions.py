"""Compares the permissions of each role, as ministack's IAM evaluates them, with the functions' calls in tests."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore.model import OperationModel
from ministack.core import iam_actions
from ministack.core.iam_evaluator import EvalContext, ParsedStatement, evaluate, parse_policy_document

from local.leading_keys import leading_keys
from local.subscriptions import subscription_keys
from testkit import template

# Operations whose IAM action has another name.
_ACTIONS = {
    "lambda:Invoke": "lambda:InvokeFunction",
    "s3:HeadObject": "s3:GetObject",
    "s3:DeleteObjects": "s3:DeleteObject",
    "s3:CreateMultipartUpload": "s3:PutObject",
    "s3:UploadPart": "s3:PutObject",
    "s3:CompleteMultipartUpload": "s3:PutObject",
    "s3:ListObjectsV2": "s3:ListBucket",
    "s3:ListBuckets": "s3:ListAllMyBuckets",
}
_PREFIXES = {"stepfunctions": "states"}
# The parameter of a call that names the resource for IAM.
_ARN_FIELDS = ("stateMachineArn", "executionArn", "TopicArn")


@dataclass(frozen=True)
class Request:
    """A request to IAM: an action on a resource, and the condition keys of the call."""

    action: str
    resource: str
    keys: Mapping[str, str | Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, order=True)
class Grant:
    """The smallest part of a role: one action on one resource, with one of the values that its condition allows."""

    role: str
    action: str
    resource: str
    value: str


class Roles:
    """The roles of one stack. `physical` maps the resources' names in the template to their ids."""

    def __init__(self, region: str, account_id: str, stack: str, physical: Mapping[str, str]) -> None:
        self._region, self._account_id = region, account_id
        self._known = {
            **{"AWS::Partition": "aws", "AWS::Region": region, "AWS::AccountId": account_id, "AWS::StackName": stack},
            **{name: physical[name] for name in ("ProcessBatch", "Topic")},
            "Table.Arn": f"arn:aws:dynamodb:{region}:{account_id}:table/{physical['Table']}",
            "Bucket.Arn": f"arn:aws:s3:::{physical['Bucket']}",
            "UserPool.Arn": self.arn("cognito-idp", f"userpool/{physical['UserPool']}"),
            **{f"{name}.Arn": self.arn("lambda", f"function:{physical[name]}") for name in template.functions()},
        }
        self._needed: dict[tuple[str, str, str, str], Set[Grant]] = {}
        self._decided: dict[tuple[str, str, str, str], bool] = {}

    def arn(self, service: str, resource: str) -> str:
        return f"arn:aws:{service}:{self._region}:{self._account_id}:{resource}"

    def arn_of(self, name: str) -> str:
        """Returns the ARN of a reference in the template: `Table.Arn`, `Topic`."""
        return self._known[name]

    def may(self, logical_id: str, request: Request) -> bool:
        """Whether the policies of a function's or the workflow's role allow a request."""
        place = (logical_id, request.action, request.resource, str(request.keys))
        if place not in self._decided:
            self._decided[place] = self._allowed(logical_id, request, self._policies(logical_id))
        return self._decided[place]

    def grants(self, logical_id: str) -> dict[Grant, ParsedStatement]:
        """Returns the permissions of a role in their smallest parts, each with a statement of its own."""
        return {
            Grant(logical_id, action, resource, value): ParsedStatement(
                sid="", effect=statement.effect, actions=[action], resources=[resource], conditions=conditions
            )
            for statement in self._policies(logical_id)
            for action in statement.actions
            for resource in statement.resources
            for value, conditions in _single_conditions(statement.conditions)
        }

    def note(self, logical_id: str, request: Request) -> None:
        """Records which permissions of the role the request needed."""
        for keys in _single_keys(request.keys):
            place = (logical_id, request.action, request.resource, str(keys))
            if place not in self._needed:
                one = Request(request.action, request.resource, keys)
                grants = self.grants(logical_id).items()
                self._needed[place] = {grant for grant, part in grants if self._allowed(logical_id, one, [part])}

    def needed(self) -> set[Grant]:
        """Returns the permissions that `note` recorded."""
        return {grant for grants in self._needed.values() for grant in grants}

    def _allowed(self, logical_id: str, request: Request, statements: list[ParsedStatement]) -> bool:
        context = EvalContext(
            principal_arn=self.arn("sts", f"assumed-role/{logical_id}/test"),
            principal_type="AssumedRole",
            principal_account=self._account_id,
            action=request.action,
            resource_arn=request.resource,
            region=self._region,
            service_context={name.lower(): value for name, value in request.keys.items()},
        )
        return bool(evaluate(context, [statements]).decision == "Allow")

    def requests(self, service: str, operation: str, arguments: Mapping[str, Any]) -> list[Request]:
        """Yields the requests to IAM for one call; `arguments` are the client's, those of DynamoDB as they are sent."""
        if service == "dynamodb":
            return self._requests_to_dynamodb(operation, arguments)
        action = f"{_PREFIXES.get(service, service)}:{operation}"
        keys = {"s3:prefix": arguments["Prefix"]} if "Prefix" in arguments else {}
        if action == "sns:Subscribe":
            keys = subscription_keys(arguments)
        return [
            Request(_ACTIONS.get(action, action), resource, keys) for resource in self._resources(service, arguments)
        ]

    def _resources(self, service: str, arguments: Mapping[str, Any]) -> list[str]:  # noqa: PLR0911
        match service, arguments:
            case "s3", {"Bucket": bucket, "Delete": {"Objects": objects}}:
                return [f"arn:aws:s3:::{bucket}/{found['Key']}" for found in objects]
            case "s3", {"Bucket": bucket, "Key": key}:
                return [f"arn:aws:s3:::{bucket}/{key}"]
            case "s3", {"Bucket": bucket}:
                return [f"arn:aws:s3:::{bucket}"]
            case "bedrock", {"modelId": model}:
                return [f"arn:aws:bedrock:{self._region}::foundation-model/{model}"]
            case "ssm", {"Name": name}:
                return [self.arn("ssm", f"parameter{name}")]
            case "cognito-idp", {"UserPoolId": pool}:
                return [self.arn("cognito-idp", f"userpool/{pool}")]
            case "lambda", {"FunctionName": name}:
                return [self.arn("lambda", f"function:{name}")]
        return [arguments[name] for name in _ARN_FIELDS if name in arguments] or ["*"]

    def _requests_to_dynamodb(self, operation: str, arguments: Mapping[str, Any]) -> list[Request]:
        action, body = f"dynamodb:{operation}", json.dumps(arguments).encode()
        found = iam_actions.dynamodb_transaction_checks(action, body, self._region, self._account_id)
        if not found:
            resources = iam_actions.dynamodb_resource_arns(body, self._region, self._account_id)
            found = [(action, resource) for resource in resources or ["*"]]
        keys = leading_keys(dict(arguments))
        conditions = {"dynamodb:LeadingKeys": keys} if keys else {}
        return [Request(action, resource, conditions) for action, resource in found]

    def _policies(self, logical_id: str) -> list[ParsedStatement]:
        documents = [*template.properties(logical_id).get("Policies", []), *template.attached_policies(logical_id)]
        return [each for document in documents for each in parse_policy_document(self._resolved(document))]

    def _resolved(self, value: Any) -> Any:
        match value:
            case {"Ref": name}:
                return self._known[name]
            case {"Fn::GetAtt": [name, attribute]}:
                return self._known[f"{name}.{attribute}"]
            case {"Fn::Sub": text}:
                return re.sub(r"\$\{([^}]+)\}", lambda name: self._known[name[1]], text)
            case dict():
                return {key: self._resolved(inner) for key, inner in value.items()}
            case list():
                return [self._resolved(inner) for inner in value]
        return value


def _single_conditions(conditions: Mapping[str, Mapping[str, str | list[str]]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Splits a condition with several values into one for each; yields an empty one if there is none."""
    if not conditions:
        yield "", {}
    for operator, keys in conditions.items():
        for key, values in keys.items():
            for value in [values] if isinstance(values, str) else values:
                yield value, {operator: {key: value}}


def _single_keys(keys: Mapping[str, str | Sequence[str]]) -> Iterator[dict[str, str | Sequence[str]]]:
    """Yields the condition keys of a request, once for each of several values."""
    if not keys:
        yield {}
    for key, values in keys.items():
        for value in [values] if isinstance(values, str) else values:
            yield {key: value if isinstance(values, str) else [value]}


class Watch:
    """Observes every call to AWS by clients of the session that are created while it is active.

    `calls` are those of the function that ended last, as IAM actions in order.
    """

    def __init__(self, session: boto3.Session, roles: Roles) -> None:
        self._events = session.events
        self._roles = roles
        self.calls: Sequence[str] = ()
        self._seen: list[list[Request]] = []

    @contextmanager
    def on(self) -> Iterator[None]:
        # DynamoDB's calls are observed as they are sent, because a table resource takes Python types.
        handlers = {"before-call.dynamodb": self._see_sent, "provide-client-params": self._see_asked}
        for event, handler in handlers.items():
            self._events.register(event, handler)
        yield
        for event, handler in handlers.items():
            self._events.unregister(event, handler)

    def forget(self) -> None:
        """Forgets the calls so far."""
        self.calls, self._seen = (), []

    @contextmanager
    def function(self, logical_id: str) -> Iterator[None]:
        """Provides a context that fails if its calls, including those before an error, exceed the function's role."""
        self._seen.append([])
        try:
            yield
        finally:
            self._decide(logical_id, self._seen.pop())

    def _decide(self, logical_id: str, requests: list[Request]) -> None:
        self.calls = [request.action for request in requests]
        for request in requests:
            self._roles.note(logical_id, request)
        excess = [request for request in requests if not self._roles.may(logical_id, request)]
        assert not excess, f"{logical_id} may not {excess}"

    @contextmanager
    def anybody(self) -> Iterator[None]:
        """Provides a context for concurrent calls that are not the function's."""
        self._seen.append([])
        try:
            yield
        finally:
            self._seen.pop()

    def see(self, service: str, operation: str, arguments: Mapping[str, Any]) -> None:
        """Checks a call that the test carries out itself, so that no client sends it."""
        if self._seen:
            self._seen[-1] += self._roles.requests(service, operation, arguments)

    def _see_sent(self, model: OperationModel, params: dict[str, Any], **_: Any) -> None:
        self.see("dynamodb", model.name, json.loads(params["body"]))

    def _see_asked(self, model: OperationModel, params: dict[str, Any], **_: Any) -> None:
        if model.service_model.service_name != "dynamodb":
            self.see(model.service_model.service_name, model.name, params)
