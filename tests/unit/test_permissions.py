"""What an attacker who controls a function could reach, by the policies of its role."""

from __future__ import annotations

from typing import Any

import pytest

from local.leading_keys import leading_keys
from testkit.account import BUCKET, TABLE, roles
from testkit.permissions import Request
from testkit.template import functions, properties
from tests.unused_grants import all_grants, unused_grants

ROLES = [*functions(), "ProcessBatch"]
# Every call of these names a partition; Scan, PartiQL and exports need none.
ACTIONS_WITH_KEYS = {
    f"dynamodb:{name}"
    for name in (
        *("GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"),
        "ConditionCheckItem",
    )
}


def queries(partition: str) -> list[Request]:
    arguments = {
        "TableName": TABLE,
        "KeyConditionExpression": "pk = :partition AND begins_with(sk, :prefix)",
        "ExpressionAttributeValues": {":partition": {"S": partition}, ":prefix": {"S": ""}},
    }
    return roles().requests("dynamodb", "Query", arguments)


def may_query(partition: str) -> set[str]:
    return {role for role in ROLES if all(roles().may(role, request) for request in queries(partition))}


def may_list(prefix: str | None) -> set[str]:
    arguments = {"Bucket": BUCKET} if prefix is None else {"Bucket": BUCKET, "Prefix": prefix}
    (request,) = roles().requests("s3", "ListObjectsV2", arguments)
    return {role for role in ROLES if roles().may(role, request)}


@pytest.mark.parametrize(
    "prefix", [None, "", "transcripts", "transcripts/", "summaries/", "summaries/ada/", "exports/", "exports/ada/"]
)
def test_no_role_lists_what_belongs_to_all_users(prefix: str | None) -> None:
    assert may_list(prefix) == set()


@pytest.mark.parametrize("prefix", ["transcripts/ada/", "summaries/ada/b7f3/", "exports/ada/b7f3/"])
def test_only_deletion_lists_what_belongs_to_one_user(prefix: str) -> None:
    assert may_list(prefix) == {"ApiFunction", "ResumeInterruptedFunction"}


def test_each_key_can_be_looked_for_by_the_roles_that_read_it() -> None:
    reads_summaries = {"SummarizeVideoFunction", "EstimateVideoFunction", "DigestBatchFunction", "BuildExportFunction"}
    assert may_list("transcripts/ada/dQw4w9WgXcQ/own.json.gz") == {
        "ApiFunction",
        "BuildExportFunction",
        "FetchTranscriptFunction",
        "SummarizeVideoFunction",
        "EstimateVideoFunction",
    }
    assert may_list("summaries/ada/b7f3/00001.json.z") == {"ApiFunction", "ServeFeedFunction", *reads_summaries}
    for suffix in ("zip", "json", "md", "csv"):
        assert may_list(f"exports/ada/b7f3/4.{suffix}") == {"ApiFunction"}


def test_only_functions_that_delete_batches_or_leave_out_summarized_videos_find_the_batches_of_a_user() -> None:
    assert may_query("USER#ada") == {
        *("ApiFunction", "ResumeInterruptedFunction"),
        *("ExpandPlaylistsFunction", "CheckFollowsFunction"),
    }


def test_only_the_queue_and_functions_that_ask_a_service_read_its_reports() -> None:
    assert may_query("OUTAGES") == {"LoadNextVideosFunction", "FetchTranscriptFunction", "SummarizeVideoFunction"}


def test_only_steps_that_ask_a_model_or_count_a_stored_summary_write_the_stacks_spending() -> None:
    spent = Request("dynamodb:UpdateItem", roles().arn_of("Table.Arn"), {"dynamodb:LeadingKeys": ["SPENDING"]})
    assert {role for role in ROLES if roles().may(role, spent)} == {
        *("SummarizeVideoFunction", "DigestBatchFunction", "RecordFailureFunction")
    }


def test_no_role_reaches_a_partition_of_another_kind() -> None:
    for action in ACTIONS_WITH_KEYS:
        for keys in (["USERS#ada"], ["USER#ada", "FOREIGN#1"]):
            request = Request(action, roles().arn_of("Table.Arn"), {"dynamodb:LeadingKeys": keys})
            assert [role for role in ROLES if roles().may(role, request)] == [], request


def test_every_action_on_the_table_names_its_partitions() -> None:
    # A condition with ForAllValues holds for a request without any key: such an action must not be granted.
    for role in ROLES:
        for document in properties(role).get("Policies", []):
            for statement in document["Statement"]:
                if not str(statement["Action"]).count("dynamodb:"):
                    continue
                assert set(statement["Action"]) <= ACTIONS_WITH_KEYS
                is_of_an_owner = "/index/" in str(statement["Resource"]) and "Active" not in str(statement["Resource"])
                assert is_of_an_owner or "dynamodb:LeadingKeys" in str(statement["Condition"]), (role, statement)


def test_a_request_needs_no_more_of_a_role_than_what_allows_it() -> None:
    fresh = roles.__wrapped__()
    both = {"dynamodb:LeadingKeys": ["USER#ada", "BATCH#b7f3"]}
    fresh.note("RecordFailureFunction", Request("dynamodb:GetItem", fresh.arn_of("Table.Arn"), both))
    needed = {(grant.role, grant.action, grant.value) for grant in fresh.needed()}
    assert needed == {("RecordFailureFunction", "dynamodb:GetItem", value) for value in ("USER#*", "BATCH#*")}


def test_a_grant_that_no_call_has_needed_is_unused() -> None:
    one = next(grant for grant in all_grants() if (grant.role, grant.value) == ("PauseBatchFunction", "OUTAGES"))
    assert unused_grants(all_grants() - {one}) == [one]


@pytest.mark.parametrize(
    ("request_", "keys"),
    [
        ({"TableName": "t", "Key": {"pk": {"S": "USER#a"}}}, ["USER#a"]),
        ({"TableName": "t", "Item": {"pk": {"S": "USER#a"}, "Key": {"S": "text"}}}, ["USER#a"]),
        ({"RequestItems": {"t": {"Keys": [{"pk": {"S": "b"}}, {"pk": {"S": "a"}}, {"pk": {"S": "b"}}]}}}, ["a", "b"]),
        (
            {
                "RequestItems": {
                    "t": [{"PutRequest": {"Item": {"pk": {"S": "a"}}}}, {"DeleteRequest": {"Key": {"pk": {"S": "b"}}}}]
                }
            },
            ["a", "b"],
        ),
        (
            {"TransactItems": [{"Put": {"Item": {"pk": {"S": "a"}}}}, {"Update": {"Key": {"pk": {"S": "b"}}}}]},
            ["a", "b"],
        ),
        (
            {
                "IndexName": "History",
                "KeyConditionExpression": "#owner = :user AND summarized_at > :then",
                "ExpressionAttributeValues": {":then": {"S": "2026"}, ":user": {"S": "ada"}},
            },
            ["ada"],
        ),
        ({"TableName": "t", "Limit": 1}, []),
    ],
)
def test_the_emulator_gets_the_partitions_that_a_request_names(request_: dict[str, Any], keys: list[str]) -> None:
    assert leading_keys(request_) == keys


@pytest.mark.parametrize(
    ("topic", "protocol", "is_allowed"),
    [
        ("Topic", "email", True),
        ("Topic", "https", True),
        ("Topic", "http", False),
        ("Topic", "sqs", False),
        ("Topic", "lambda", False),
        ("other", "https", False),
    ],
)
def test_only_the_api_subscribes_addresses_and_webhooks_to_the_one_topic(
    topic: str, protocol: str, *, is_allowed: bool
) -> None:
    arn = roles().arn_of("Topic") if topic == "Topic" else roles().arn("sns", topic)
    (request,) = roles().requests(
        "sns", "Subscribe", {"TopicArn": arn, "Protocol": protocol, "Endpoint": "https://example.com"}
    )
    assert {role for role in ROLES if roles().may(role, request)} == ({"ApiFunction"} if is_allowed else set())
