"""The checks of AWS before it creates anything, made by cfn-lint with the schemas of every region."""

from __future__ import annotations

import json
import re
import subprocess
from typing import Any

import pytest

from local.settings import LOCAL
from testkit import template
from testkit.template import ROOT

# Amazon Cognito has no user pools in China.
WITHOUT_USER_POOLS = ("cn-north-1", "cn-northwest-1")


def test_the_templates_are_valid_in_every_region_that_has_user_pools() -> None:
    templates = (ROOT / "template.yaml", ROOT / "operations.yaml")
    command = [LOCAL / "sam" / "bin" / "cfn-lint", "--regions", "ALL_REGIONS", "--format", "json", "--", *templates]
    linted = subprocess.run(command, capture_output=True, text=True, check=False)
    assert not linted.stderr
    found = {finding["Message"] for finding in json.loads(linted.stdout)}
    kinds = ("AWS::Cognito::UserPool", "AWS::Cognito::UserPoolClient")
    assert found == {
        f"Resource type '{kind}' does not exist in '{region}'" for kind in kinds for region in WITHOUT_USER_POOLS
    }


PAGE = "https://${HttpApi}.execute-api.${AWS::Region}.${AWS::URLSuffix}"


@pytest.mark.parametrize(
    ("origin", "method", "headers", "is_answered"),
    [
        (PAGE, "PUT", set(), True),  # what Chromium asks before the page's upload
        (PAGE, "PUT", {"content-type"}, False),
        (PAGE, "PUT", {"x-amz-acl"}, False),
        (PAGE, "GET", set(), False),
        (PAGE, "DELETE", set(), False),
        (PAGE.replace("https", "http"), "PUT", set(), False),
        ("https://example.com", "PUT", set(), False),
    ],
)
def test_the_bucket_takes_nothing_from_browsers_but_the_uploads_of_the_page(
    origin: str, method: str, headers: set[str], *, is_answered: bool
) -> None:
    """S3 compares origin, method and headers with each rule (S3 User Guide, "Using cross-origin resource sharing")."""
    rules = template.properties("Bucket")["CorsConfiguration"]["CorsRules"]
    matching = [
        rule
        for rule in rules
        if any(each["Fn::Sub"] == origin for each in rule["AllowedOrigins"])
        and method in rule["AllowedMethods"]
        and headers <= set(rule.get("AllowedHeaders", ()))
    ]
    assert bool(matching) is is_answered


def test_executions_log_neither_their_input_nor_their_errors() -> None:
    """A failing state logs its input at the level ERROR too (Step Functions: "Logging in CloudWatch Logs")."""
    assert template.properties("ProcessBatch")["Logging"]["IncludeExecutionData"] is False


def test_only_the_prefix_of_vended_logs_takes_no_room_in_the_accounts_policy() -> None:
    """AWS itself writes these two logs, not a function's role."""
    for group in ("ProcessBatchLogGroup", "HttpApiLogGroup"):
        assert template.properties(group)["LogGroupName"]["Fn::Sub"].startswith("/aws/vendedlogs/")


def test_no_resource_names_the_partition_or_its_domain() -> None:
    texts = [text for name in ("template.yaml", "operations.yaml") for text in _texts(template.load(name)["Resources"])]
    # The principals of services have this domain in every partition.
    named = re.compile(r"arn:aws:|\$\{AWS::Region\}\.amazonaws|https?://\S*amazonaws\.com|\.amazonaws\.com/")
    assert [text for text in texts if named.search(text)] == []


def test_the_link_to_the_dashboard_is_that_of_the_partitions_console() -> None:
    text, names = template.template()["Outputs"]["DashboardUrl"]["Value"]["Fn::Sub"]
    assert text.startswith("https://${AWS::Region}.${Console}/")
    assert names["Console"] == {
        "Fn::If": [
            "IsGovCloud",
            "console.amazonaws-us-gov.com",
            {"Fn::If": ["IsSovereignCloud", "console.amazonaws-eusc.eu", "console.aws.amazon.com"]},
        ]
    }
    conditions = template.template()["Conditions"]
    assert conditions["IsGovCloud"] == {"Fn::Equals": [{"Ref": "AWS::Partition"}, "aws-us-gov"]}
    assert conditions["IsSovereignCloud"] == {"Fn::Equals": [{"Ref": "AWS::Partition"}, "aws-eusc"]}


def test_the_table_is_encrypted_by_the_key_that_costs_nothing_and_its_backups_are_priced() -> None:
    """AWS: "DynamoDB encryption at rest": without a specification it is the key that AWS owns, free of charge."""
    table = template.properties("Table")
    assert "SSESpecification" not in table
    assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
    assert "backups of 35 days (point-in-time recovery)" in (ROOT / "docs/cost.md").read_text(encoding="utf-8")


def test_the_topics_policy_names_no_principal_that_may_not_be_known_yet() -> None:
    """IAM is eventually consistent: a policy that names a role created a moment ago can be refused."""
    (statement,) = template.properties("TopicPolicy")["PolicyDocument"]["Statement"]
    assert statement["Principal"] == {"AWS": {"Ref": "AWS::AccountId"}}
    role = {"Fn::GetAtt": ["NotifyOwnerFunctionRole", "Arn"]}
    assert statement["Condition"] == {"ArnEquals": {"aws:PrincipalArn": role}}


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for inner in value.values() for text in _texts(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in _texts(inner)]
    return [value] if isinstance(value, str) else []
