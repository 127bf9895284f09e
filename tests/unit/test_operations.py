"""Alarms, dashboard and runbook name the same things, and only existing metrics and fields."""

from __future__ import annotations

import re

import pytest

from skimlist.errors import BatchBlocked, error_classes
from skimlist.metrics import NAMESPACE, Metric
from skimlist.models.outage import Dependency
from testkit.template import ROOT, functions, load, template
from tests.operations import ALARMS, RESOURCES, Asked, asked_by_alarms, asked_by_the_dashboard, dashboard

ASKED_OF_AWS = sorted(
    (asked for asked in asked_by_alarms() | asked_by_the_dashboard() if asked.namespace != NAMESPACE), key=str
)
RUNBOOK = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
# The dimensions that the code may write beside `service`, with their values.
BREAKDOWNS = {"cause": {str(service) for service in Dependency}, "code": {cls.code for cls in error_classes()}}
# By namespace and dimensions, those that are used. AWS: "Step Functions metrics for CloudWatch", "Types of metrics for
# Lambda functions", "Monitor CloudWatch metrics for HTTP APIs", "DynamoDB metrics and dimensions", "Monitoring Amazon
# SNS topics using CloudWatch". A REST API has 4XXError in the place of 4xx.
METRICS_OF_AWS = {
    ("AWS/States", "StateMachineArn"): {
        *("ExecutionsStarted", "ExecutionsSucceeded", "ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted"),
    },
    ("AWS/Lambda", "FunctionName"): {"Invocations", "Errors", "Duration"},
    ("AWS/Lambda",): {"Throttles", "ConcurrentExecutions"},
    ("AWS/ApiGateway", "ApiId"): {"Count", "4xx", "5xx", "Latency"},
    ("AWS/DynamoDB", "TableName"): {
        *("ReadThrottleEvents", "WriteThrottleEvents", "ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits"),
    },
    ("AWS/SNS", "TopicName"): {"NumberOfNotificationsDelivered", "NumberOfNotificationsFailed"},
}


def test_every_alarm_has_a_section_of_the_runbook_and_every_section_an_alarm() -> None:
    part = RUNBOOK.partition("\n## Alarms\n")[2].partition("\n## ")[0]
    assert re.findall(r"^### (\w+)$", part, re.MULTILINE) == list(ALARMS)


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_is_named_as_its_section_and_notifies_the_operator(name: str) -> None:
    alarm = ALARMS[name]
    assert alarm["AlarmName"] == {"Fn::Sub": f"${{Service}}-{name}"}
    assert alarm["AlarmDescription"]
    assert alarm["AlarmActions"] == alarm["OKActions"] == [{"Ref": "AlarmTopic"}]


@pytest.mark.parametrize("asked", ASKED_OF_AWS, ids=lambda asked: f"{asked.namespace} {asked.name}")
def test_a_metric_of_aws_is_one_that_aws_documents(asked: Asked) -> None:
    """integration/test_metrics.py compares our metrics with what the functions print."""
    assert asked.name in METRICS_OF_AWS[asked.namespace, *sorted(asked.dimension_names)]


def test_the_dashboard_shows_every_metric_of_ours_and_no_other() -> None:
    assert {asked.name for asked in asked_by_the_dashboard() if asked.namespace == NAMESPACE} == set(Metric)


@pytest.mark.parametrize("metric", ["Duration", "Errors"])
def test_the_dashboard_shows_every_function_by_its_name(metric: str) -> None:
    """A search takes the text in quotation marks for the whole name, and CloudFormation generates names."""
    widgets = [widget["properties"].get("metrics", []) for widget in dashboard()["widgets"]]
    (rows,) = (rows for rows in widgets if rows and rows[0][:2] == ["AWS/Lambda", metric])
    assert rows[0][2] == "FunctionName"
    assert {row[0] for row in rows[1:]} == {"..."}
    assert [row[-1] for row in rows] == functions()


def test_a_search_asks_for_nothing_but_whole_names() -> None:
    """Only fields that the functions write themselves are checked, since the code knows their names and values."""
    rows = [row for widget in dashboard()["widgets"] for row in widget["properties"].get("metrics", [])]
    for (search,) in (row for row in rows if isinstance(row[0], dict)):
        found = re.fullmatch(
            r"SEARCH\('\{Skimlist,service,(\w+)\} MetricName=\"\w+\" service=\"Service\"', 'Sum', 3600\)",
            search["expression"],
        )
        assert found, search
        assert found[1] in {*BREAKDOWNS, "status"}


def test_the_dashboard_shows_every_alarm() -> None:
    body = RESOURCES["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    assert re.findall(r"\$\{(\w+)\.Arn\}", body) == list(ALARMS)


def test_the_stack_hands_over_what_the_alarms_ask_for() -> None:
    given = template()["Resources"]["Operations"]["Properties"]["Parameters"]
    assert set(given) == set(load("operations.yaml")["Parameters"])


def test_every_parameter_has_a_default() -> None:
    assert all("Default" in parameter for parameter in template()["Parameters"].values())


def test_only_cloudwatch_of_this_account_may_raise_an_alarm() -> None:
    (statement,) = RESOURCES["AlarmTopicPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}


def test_everything_that_a_service_is_blamed_for_or_that_pauses_a_batch_is_in_the_runbook() -> None:
    pausing = {cls.code for cls in error_classes(BatchBlocked)} - {BatchBlocked.code}
    blamed = {cls.code for cls in error_classes() if cls.service}
    assert {code for code in blamed | pausing if f"`{code}`" not in RUNBOOK} == set()


def test_so_many_alarms_are_priced() -> None:
    """Ten are free (AWS: "Amazon CloudWatch pricing")."""
    beyond = len(ALARMS) - 10
    cost, deploy = (
        " ".join((ROOT / name).read_text(encoding="utf-8").split()) for name in ("docs/cost.md", "docs/deploy.md")
    )
    assert f"An alarm costs 0.10 USD a month, and there are {len(ALARMS)};" in cost
    assert f"({beyond * 0.10:.2f} USD a month; `Alarms=false`" in deploy


def test_a_few_webhooks_that_do_not_answer_raise_no_alarm() -> None:
    """Otherwise one user could keep the alarm on: each ended batch is one failure of their webhook."""
    alarm = ALARMS["EmailsNotDelivered"]
    assert alarm["Threshold"] / alarm["Period"] >= 20 / 3600
