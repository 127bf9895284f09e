"""What the template lets each function do, against what its code does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import boto3
from botocore.model import OperationModel

from tests import template

# Operations that IAM knows by another name.
_ACTIONS = {
    "dynamodb:TransactWriteItems": "dynamodb:UpdateItem",
    "s3:HeadObject": "s3:GetObject",
    "s3:DeleteObjects": "s3:DeleteObject",
    "s3:ListObjectsV2": "s3:ListBucket",
    "s3:CreateMultipartUpload": "s3:PutObject",
    "s3:UploadPart": "s3:PutObject",
    "s3:CompleteMultipartUpload": "s3:PutObject",
}
_PREFIXES = {"stepfunctions": "states"}


def allowed(logical_id: str) -> set[str]:
    """Every action of a function's role."""
    statements = [
        statement for policy in template.properties(logical_id)["Policies"] for statement in policy["Statement"]
    ]
    return {action for statement in statements for action in statement["Action"]}


def grants(logical_id: str, arns: Mapping[str, str]) -> list[tuple[str, str]]:
    """Every action of a role with the resource that it may be used on, which may hold `*`.

    `arns` tells what stands for each name of the template: `Table.Arn`, `Topic`, `AWS::Region`.
    """
    found = []
    for policy in template.properties(logical_id).get("Policies", []):
        for statement in policy["Statement"]:
            actions, resources = statement["Action"], statement["Resource"]
            for action in actions if isinstance(actions, list) else [actions]:
                for resource in resources if isinstance(resources, list) else [resources]:
                    found.append((action, _resolved(resource, arns)))
    return found


def _resolved(resource: Any, arns: Mapping[str, str]) -> str:
    match resource:
        case {"Ref": name}:
            return arns[name]
        case {"Fn::GetAtt": [name, attribute]}:
            return arns[f"{name}.{attribute}"]
        case {"Fn::Sub": text}:
            return re.sub(r"\$\{([^}]+)\}", lambda name: arns[name[1]], text)
    return str(resource)


class Watch:
    """Sees every call to AWS that the session's clients make which are created while it is on.

    `calls` are those of the function that ended last, as IAM actions in their order.
    """

    def __init__(self, session: boto3.Session) -> None:
        self._events = session.events
        self.calls: Sequence[str] = ()
        self._seen: list[list[str]] = []

    @contextmanager
    def on(self) -> Iterator[None]:
        self._events.register("before-call", self._see)
        yield
        self._events.unregister("before-call", self._see)

    @contextmanager
    def function(self, logical_id: str) -> Iterator[None]:
        """Fails if what happens in it needs an action that the function's role does not have."""
        self._seen.append([])
        yield
        self.calls = self._seen.pop()
        excess = set(self.calls) - allowed(logical_id)
        assert not excess, f"{logical_id} may not {sorted(excess)}"

    def _see(self, model: OperationModel, **_: Any) -> None:
        if self._seen:
            service = model.service_model.service_name
            action = f"{_PREFIXES.get(service, service)}:{model.name}"
            self._seen[-1].append(_ACTIONS.get(action, action))
