"""What AWS checks before it creates anything, checked by cfn-lint with the schemas of every region."""

from __future__ import annotations

import json
import subprocess
from typing import Any

from local.settings import LOCAL
from tests import template
from tests.template import ROOT

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


def test_executions_log_neither_their_input_nor_their_errors() -> None:
    """At the level ERROR, too, a state that fails logs its input (Step Functions: "Logging in CloudWatch Logs")."""
    assert template.properties("ProcessBatch")["Logging"]["IncludeExecutionData"] is False


def test_only_the_prefix_of_vended_logs_takes_no_room_in_the_accounts_policy() -> None:
    """These two are written by AWS itself, not by a function's role."""
    for group in ("ProcessBatchLogGroup", "HttpApiLogGroup"):
        assert template.properties(group)["LogGroupName"]["Fn::Sub"].startswith("/aws/vendedlogs/")


def test_no_resource_names_the_partition_or_its_domain() -> None:
    texts = [text for name in ("template.yaml", "operations.yaml") for text in _texts(template.load(name)["Resources"])]
    assert [text for text in texts if "arn:aws:" in text or ".amazonaws.com/" in text] == []


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for inner in value.values() for text in _texts(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in _texts(inner)]
    return [value] if isinstance(value, str) else []
