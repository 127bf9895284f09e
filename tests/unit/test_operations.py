"""Alarms, dashboard and runbook speak of the same things, and of metrics and fields that there are."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from skimlist.errors import BatchBlocked, error_classes
from skimlist.metrics import NAMESPACE, Metric
from skimlist.models import Service
from tests.functions import FUNCTIONS
from tests.template import ROOT, functions, load, template

OPERATIONS = load("operations.yaml")
RESOURCES: dict[str, dict[str, Any]] = OPERATIONS["Resources"]
ALARMS = {name: found["Properties"] for name, found in RESOURCES.items() if found["Type"] == "AWS::CloudWatch::Alarm"}
LAYER = ROOT / "layers" / "shared" / "skimlist"
RUNBOOK = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
# What may stand beside `service`: dimensions that the code writes, with their values.
BREAKDOWNS = {"cause": {str(service) for service in Service}, "code": {cls.code for cls in error_classes()}}


def dashboard() -> dict[str, Any]:
    """As CloudWatch gets it; what the stack fills in is called as its parameter, a function as its resource."""
    separator, functions = template()["Resources"]["Operations"]["Properties"]["Parameters"]["FunctionNames"][
        "Fn::Join"
    ]
    body = RESOURCES["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    body = body.replace("${FunctionNames}", separator.join(each["Ref"] for each in functions))
    body = re.sub(r"\$\{([\w:.]+)\}", r"\1", body)
    loaded: dict[str, Any] = json.loads(body)
    return loaded


def shown_metrics() -> set[str]:
    """Names of our own metrics on the dashboard; `.` repeats what stands above, in CloudWatch's own short form."""
    names: set[str] = set()
    for widget in dashboard()["widgets"]:
        namespace = ""
        for row in widget["properties"].get("metrics", []):
            if isinstance(row[0], dict):
                found = re.match(r"SEARCH\('\{(\w+),[\w,]+\} MetricName=\"(\w+)\"", row[0]["expression"])
                names |= {found[2]} if found and found[1] == NAMESPACE else set()
            elif row[0] != "...":
                namespace = namespace if row[0] == "." else row[0]
                names |= {row[1]} if namespace == NAMESPACE else set()
    return names


def test_every_alarm_has_a_section_of_the_runbook_and_every_section_an_alarm() -> None:
    part = RUNBOOK.partition("\n## Alarms\n")[2].partition("\n## ")[0]
    assert re.findall(r"^### (\w+)$", part, re.MULTILINE) == list(ALARMS)


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_is_named_as_its_section_and_tells_the_operator(name: str) -> None:
    alarm = ALARMS[name]
    assert alarm["AlarmName"] == {"Fn::Sub": f"${{Service}}-{name}"}
    assert alarm["AlarmDescription"]
    assert alarm["AlarmActions"] == alarm["OKActions"] == [{"Ref": "AlarmTopic"}]


@pytest.mark.parametrize("name", [name for name, alarm in ALARMS.items() if alarm["Namespace"] == NAMESPACE])
def test_an_alarm_on_a_metric_of_ours_names_one_that_is_written_so(name: str) -> None:
    alarm = ALARMS[name]
    assert alarm["MetricName"] in set(Metric)
    dimensions = {dimension["Name"]: dimension["Value"] for dimension in alarm["Dimensions"]}
    assert dimensions.pop("service") == {"Ref": "Service"}
    assert all(value in BREAKDOWNS[dimension] for dimension, value in dimensions.items())


def test_the_dashboard_shows_every_metric_of_ours_and_no_other() -> None:
    assert shown_metrics() == set(Metric)


@pytest.mark.parametrize("metric", ["Duration", "Errors"])
def test_the_dashboard_shows_every_function_by_its_name(metric: str) -> None:
    """A search takes what stands in quotation marks for the whole name, and CloudFormation makes up names."""
    widgets = [widget["properties"].get("metrics", []) for widget in dashboard()["widgets"]]
    (rows,) = (rows for rows in widgets if rows and rows[0][:2] == ["AWS/Lambda", metric])
    assert rows[0][2] == "FunctionName"
    assert {row[0] for row in rows[1:]} == {"..."}
    assert [row[-1] for row in rows] == functions()


def test_a_search_asks_for_nothing_but_whole_names() -> None:
    """Of what the functions write themselves, whose names and values the code knows."""
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


@pytest.mark.parametrize("metric", Metric)
def test_every_metric_is_written_somewhere(metric: Metric) -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in [*LAYER.rglob("*.py"), *FUNCTIONS.glob("*/*.py")])
    assert re.search(rf"Metric\.{metric.name}: (?!MetricUnit)", code)


def test_the_stack_hands_over_what_the_alarms_ask_for() -> None:
    given = template()["Resources"]["Operations"]["Properties"]["Parameters"]
    assert set(given) == set(OPERATIONS["Parameters"])


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
    cost, readme = (
        " ".join((ROOT / name).read_text(encoding="utf-8").split()) for name in ("docs/cost.md", "README.md")
    )
    assert f"- {len(ALARMS)} alarms are 0.10 USD a month each" in cost
    assert f"({beyond * 0.10:.2f} USD a month; `Alarms=false`" in readme
