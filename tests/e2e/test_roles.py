"""No role has more permissions than it needs: its keys are refused everything that its policy does not grant."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from local.account import STACK_NAME
from local.emulator import REGION
from local.settings import SECRETS
from testkit.permissions import Roles
from testkit.template import functions
from testkit.whole_stack import WholeStack

ACCOUNT_ID = "000000000000"
REFUSED = {"AccessDenied", "AccessDeniedException", "AuthorizationError"}
ROLES = [*functions(), "ProcessBatch"]
# The last one is nobody's: no function's code knows of it.
PARTITIONS = ("USER#nobody", "BATCH#none", "OUTAGES", "SPENDING", "HALTED", "FOREIGN#nobody")
INDEXES = {"History": ("owner", "nobody"), "Fingerprints": ("owner", "nobody"), "ActiveBatches": ("active", "yes")}
# From everything to one key: all, a folder, what belongs to a user, what belongs to a batch, an object.
PREFIXES = (
    *(None, "", "t"),
    *(f"{folder}/{below}" for folder in ("transcripts", "summaries", "exports") for below in ("", "nobody/", "no/no/")),
    *("transcripts/nobody/none/own.json.gz", "summaries/nobody/none/00001.json.z", "exports/nobody/none/1.zip"),
)


@dataclass(frozen=True)
class Attempt:
    """A call to AWS. A call that only reads is also made with the roles that may make it."""

    service: str
    operation: str
    arguments: dict[str, Any]
    reads: bool = False


def attempts(physical: dict[str, str], pool: str) -> Iterator[Attempt]:
    """Returns a call for each permission of any function, and calls that no function may make."""
    yield from attempts_at_the_table(physical["Table"])
    yield from attempts_at_the_bucket(physical["Bucket"])
    for name in SECRETS.values():
        parameter = {"Name": f"/{STACK_NAME}/{name}"}
        yield Attempt("ssm", "get_parameter", parameter, reads=True)
        yield Attempt("ssm", "put_parameter", {**parameter, "Value": "x", "Type": "String"})
    for logical_id in functions():
        yield Attempt("lambda", "invoke", {"FunctionName": physical[logical_id], "Payload": b"{}"})
    machine = physical["ProcessBatch"]
    execution = {"executionArn": machine.replace(":stateMachine:", ":execution:") + ":none"}
    yield Attempt("stepfunctions", "start_execution", {"stateMachineArn": machine})
    yield Attempt("stepfunctions", "describe_execution", execution, reads=True)
    yield Attempt("stepfunctions", "stop_execution", execution)
    yield Attempt("sns", "publish", {"TopicArn": physical["Topic"], "Message": "x"})
    yield Attempt("ssm", "describe_parameters", {}, reads=True)
    yield Attempt("cognito-idp", "list_users", {"UserPoolId": pool}, reads=True)
    yield Attempt("iam", "list_roles", {}, reads=True)


def attempts_at_the_table(table: str) -> Iterator[Attempt]:
    for partition in PARTITIONS:
        record = {"pk": {"S": partition}, "sk": {"S": "none"}}
        one = {"TableName": table, "Key": record}
        deletions = {"RequestItems": {table: [{"DeleteRequest": {"Key": record}}]}}
        yield Attempt("dynamodb", "query", a_query(table, "pk", partition), reads=True)
        yield Attempt("dynamodb", "get_item", one, reads=True)
        yield Attempt("dynamodb", "batch_get_item", {"RequestItems": {table: {"Keys": [record]}}}, reads=True)
        yield Attempt("dynamodb", "put_item", {"TableName": table, "Item": record})
        yield Attempt("dynamodb", "update_item", one)
        yield Attempt("dynamodb", "delete_item", one)
        yield Attempt("dynamodb", "batch_write_item", deletions)
        yield Attempt("dynamodb", "transact_write_items", {"TransactItems": [{"Delete": one}]})
    for index, (key, value) in INDEXES.items():
        yield Attempt("dynamodb", "query", {**a_query(table, key, value), "IndexName": index}, reads=True)
    yield Attempt("dynamodb", "scan", {"TableName": table, "Limit": 1}, reads=True)
    yield Attempt("dynamodb", "list_tables", {}, reads=True)


def a_query(table: str, key: str, value: str) -> dict[str, Any]:
    condition = {"KeyConditionExpression": "#key = :value", "ExpressionAttributeNames": {"#key": key}}
    return {"TableName": table, **condition, "ExpressionAttributeValues": {":value": {"S": value}}}


def attempts_at_the_bucket(bucket: str) -> Iterator[Attempt]:
    for folder in ("transcripts", "summaries", "exports"):
        key = {"Bucket": bucket, "Key": f"{folder}/nobody/none"}
        yield Attempt("s3", "get_object", key, reads=True)
        yield Attempt("s3", "put_object", key)
        yield Attempt("s3", "delete_object", key)
    for prefix in PREFIXES:
        listing = {"Bucket": bucket} if prefix is None else {"Bucket": bucket, "Prefix": prefix}
        yield Attempt("s3", "list_objects_v2", listing, reads=True)
    yield Attempt("s3", "list_buckets", {}, reads=True)


@pytest.fixture(scope="module")
def physical(whole_stack: WholeStack) -> dict[str, str]:
    """Returns the id of each resource by its name in the template."""
    client = whole_stack.local.account.client("cloudformation")
    pages = client.get_paginator("list_stack_resources").paginate(StackName=STACK_NAME)
    found = [resource for page in pages for resource in page["StackResourceSummaries"]]
    return {resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in found}


def clients_of(stack: WholeStack, role: str) -> Callable[[str], Any]:
    """Returns a client for each service, with the keys of the role."""
    arn = f"arn:aws:iam::{ACCOUNT_ID}:role/{role}"
    keys = stack.local.account.client("sts").assume_role(RoleArn=arn, RoleSessionName="attempts")["Credentials"]
    session = boto3.Session(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"], region_name=REGION)
    place: Any = {"endpoint_url": stack.local.settings.endpoint_url, "config": Config(proxies={})}
    return cache(lambda service: session.client(service, **place))


@pytest.mark.parametrize("logical_id", ROLES)
def test_a_role_can_do_what_its_policy_grants_and_nothing_else(
    stack: WholeStack, physical: dict[str, str], logical_id: str
) -> None:
    client = clients_of(stack, physical[f"{logical_id}Role"])
    roles = Roles(REGION, ACCOUNT_ID, STACK_NAME, physical)
    granted, refused = [], []
    for attempt in attempts(physical, stack.local.description["user_pool_id"]):
        operation = client(attempt.service).meta.method_to_api_mapping[attempt.operation]
        requests = roles.requests(attempt.service, operation, attempt.arguments)
        if not all(roles.may(logical_id, request) for request in requests):
            refused.append(attempt)
        elif attempt.reads:
            granted.append(attempt)
    assert granted or logical_id in {"ProcessBatch", "ServePageFunction"}
    for attempt in granted:
        assert not is_refused(client(attempt.service), attempt), attempt
    # Each role tries a third of what it may not do, and the next role the next third.
    tried = refused[ROLES.index(logical_id) % 3 :: 3]
    assert len(tried) > 16
    for attempt in tried:
        assert is_refused(client(attempt.service), attempt), attempt


def is_refused(client: Any, attempt: Attempt) -> bool:
    """Returns whether the role lacks the permission; any other error proves that it has it."""
    try:
        getattr(client, attempt.operation)(**attempt.arguments)
    except ClientError as error:
        return error.response["Error"]["Code"] in REFUSED
    return False
