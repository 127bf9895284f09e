"""No function can do more than its part: the keys of each role, against everything that its policy does not grant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from local.account import STACK_NAME
from local.emulator import REGION
from local.settings import SECRETS
from tests.permissions import grants
from tests.template import functions
from tests.whole_stack import WholeStack

ACCOUNT = f"{REGION}:000000000000"
NOBODY = {"pk": {"S": "USER#nobody"}, "sk": {"S": "BATCH#none"}}
REFUSED = {"AccessDenied", "AccessDeniedException", "AuthorizationError"}
ROLES = [*functions(), "ProcessBatch"]


@dataclass(frozen=True)
class Attempt:
    """A call, and the action and resource that it needs; one that only reads is also made where it is granted."""

    service: str
    operation: str
    action: str
    resource: str
    arguments: dict[str, Any] = field(default_factory=dict)
    reads: bool = False


def attempts(physical: dict[str, str], pool: str) -> Iterator[Attempt]:
    """Everything that any of the functions may do, and what none of them may."""
    arns = arns_of(physical)
    yield from attempts_at_the_table(physical["Table"], arns["Table.Arn"])
    yield from attempts_at_the_bucket(physical["Bucket"], arns["Bucket.Arn"])
    for name in SECRETS.values():
        parameter = f"/{STACK_NAME}/{name}"
        arn = f"arn:aws:ssm:{ACCOUNT}:parameter{parameter}"
        yield Attempt("ssm", "get_parameter", "ssm:GetParameter", arn, {"Name": parameter}, reads=True)
        yield Attempt(
            "ssm", "put_parameter", "ssm:PutParameter", arn, {"Name": parameter, "Value": "x", "Type": "String"}
        )
    for logical_id in functions():
        invocation = {"FunctionName": physical[logical_id], "Payload": b"{}"}
        yield Attempt("lambda", "invoke", "lambda:InvokeFunction", arns[f"{logical_id}.Arn"], invocation)
    machine, topic = arns["ProcessBatch"], arns["Topic"]
    execution = machine.replace(":stateMachine:", ":execution:") + ":none"
    yield Attempt("stepfunctions", "start_execution", "states:StartExecution", machine, {"stateMachineArn": machine})
    yield Attempt(
        *("stepfunctions", "describe_execution", "states:DescribeExecution", execution, {"executionArn": execution}),
        reads=True,
    )
    yield Attempt("stepfunctions", "stop_execution", "states:StopExecution", execution, {"executionArn": execution})
    yield Attempt("sns", "publish", "sns:Publish", topic, {"TopicArn": topic, "Message": "x"})
    yield Attempt("ssm", "describe_parameters", "ssm:DescribeParameters", "*", reads=True)
    yield Attempt("cognito-idp", "list_users", "cognito-idp:ListUsers", "*", {"UserPoolId": pool}, reads=True)
    yield Attempt("iam", "list_roles", "iam:ListRoles", "*", reads=True)


def attempts_at_the_table(table: str, arn: str) -> Iterator[Attempt]:
    condition = {"KeyConditionExpression": "#key = :value", "ExpressionAttributeValues": {":value": {"S": "nobody"}}}
    for index, key in {"": "pk", "History": "owner", "Fingerprints": "owner", "ActiveBatches": "active"}.items():
        query = {"TableName": table, **condition, "ExpressionAttributeNames": {"#key": key}}
        where = (f"{arn}/index/{index}", {**query, "IndexName": index}) if index else (arn, query)
        yield Attempt("dynamodb", "query", "dynamodb:Query", *where, reads=True)
    one = {"TableName": table, "Key": NOBODY}
    several = {"RequestItems": {table: {"Keys": [NOBODY]}}}
    deletions = {"RequestItems": {table: [{"DeleteRequest": {"Key": NOBODY}}]}}
    yield Attempt("dynamodb", "get_item", "dynamodb:GetItem", arn, one, reads=True)
    yield Attempt("dynamodb", "batch_get_item", "dynamodb:BatchGetItem", arn, several, reads=True)
    yield Attempt("dynamodb", "scan", "dynamodb:Scan", arn, {"TableName": table, "Limit": 1}, reads=True)
    yield Attempt("dynamodb", "put_item", "dynamodb:PutItem", arn, {"TableName": table, "Item": NOBODY})
    yield Attempt("dynamodb", "update_item", "dynamodb:UpdateItem", arn, one)
    yield Attempt("dynamodb", "delete_item", "dynamodb:DeleteItem", arn, one)
    yield Attempt("dynamodb", "batch_write_item", "dynamodb:BatchWriteItem", arn, deletions)
    yield Attempt("dynamodb", "list_tables", "dynamodb:ListTables", "*", reads=True)


def attempts_at_the_bucket(bucket: str, arn: str) -> Iterator[Attempt]:
    for prefix in ("transcripts", "summaries", "exports"):
        key = f"{prefix}/nobody/none"
        for operation, reads in (("get_object", True), ("put_object", False), ("delete_object", False)):
            action = "s3:" + "".join(word.capitalize() for word in operation.split("_"))
            yield Attempt("s3", operation, action, f"{arn}/{key}", {"Bucket": bucket, "Key": key}, reads=reads)
    yield Attempt("s3", "list_buckets", "s3:ListAllMyBuckets", "*", reads=True)


def arns_of(physical: dict[str, str]) -> dict[str, str]:
    """What the template's policies name, as it is called in the running stack."""
    return {
        "Table.Arn": f"arn:aws:dynamodb:{ACCOUNT}:table/{physical['Table']}",
        "Bucket.Arn": f"arn:aws:s3:::{physical['Bucket']}",
        "ProcessBatch": physical["ProcessBatch"],
        "Topic": physical["Topic"],
        **{f"{name}.Arn": f"arn:aws:lambda:{ACCOUNT}:function:{physical[name]}" for name in functions()},
        **{"AWS::Partition": "aws", "AWS::Region": REGION, "AWS::StackName": STACK_NAME},
        "AWS::AccountId": ACCOUNT.partition(":")[2],
    }


@pytest.fixture(scope="module")
def physical(whole_stack: WholeStack) -> dict[str, str]:
    """The id of each resource by its name in the template."""
    client = whole_stack.local.account.client("cloudformation")
    pages = client.get_paginator("list_stack_resources").paginate(StackName=STACK_NAME)
    found = [resource for page in pages for resource in page["StackResourceSummaries"]]
    return {resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in found}


def session_of(stack: WholeStack, role: str) -> boto3.Session:
    arn = f"arn:aws:iam::{ACCOUNT.partition(':')[2]}:role/{role}"
    keys = stack.local.account.client("sts").assume_role(RoleArn=arn, RoleSessionName="attempts")["Credentials"]
    return boto3.Session(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"], region_name=REGION)


@pytest.mark.parametrize("logical_id", ROLES)
def test_a_role_can_do_what_its_policy_grants_and_nothing_else(
    stack: WholeStack, physical: dict[str, str], logical_id: str
) -> None:
    session = session_of(stack, physical[f"{logical_id}Role"])
    granted = grants(logical_id, arns_of(physical))
    outcomes = {True: 0, False: 0}
    for attempt in attempts(physical, stack.local.description["user_pool_id"]):
        is_granted = any(
            action == attempt.action and fnmatchcase(attempt.resource, resource) for action, resource in granted
        )
        if is_granted and not attempt.reads:
            continue
        client: Any = session.client(
            attempt.service, endpoint_url=stack.local.settings.endpoint_url, config=Config(proxies={})
        )
        assert is_refused(client, attempt) is not is_granted, f"{attempt.action} on {attempt.resource}"
        outcomes[is_granted] += 1
    assert outcomes[False] > 25
    assert outcomes[True] or logical_id in {"ProcessBatch", "ServePageFunction"}


def is_refused(client: Any, attempt: Attempt) -> bool:
    """Whether the role has no right to it; whatever else goes wrong lies behind the door."""
    try:
        getattr(client, attempt.operation)(**attempt.arguments)
    except ClientError as error:
        return error.response["Error"]["Code"] in REFUSED
    return False
