from __future__ import annotations

import json
import socket
import stat
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from local.build import Build
from local.client import LocalhostTransport
from local.deployment import deploy
from local.emulator import REGION, free_port
from local.settings import LocalSettings, LocalStackError
from local.stack import LocalStack
from local.youtube import Failure
from testkit.template import load, template
from testkit.whole_stack import WholeStack, await_mail, await_status, create_batch
from tests.fakes.log import extracted

KEYS = [
    *(
        "api_url",
        "page_url",
        "sign_in_url",
        "username",
        "password",
        "user_pool_id",
        "client_id",
        "endpoint_url",
        "region",
        "credentials_file",
    ),
    *("table", "bucket", "state_machine_arn", "topic_arn"),
]
ALARMS = {
    name
    for name, resource in load("operations.yaml")["Resources"].items()
    if resource["Type"] == "AWS::CloudWatch::Alarm"
}


def test_stack_json_has_all_that_others_need(stack: WholeStack) -> None:
    file = stack.local.settings.stack_file
    described = json.loads(file.read_text(encoding="utf-8"))
    assert list(described) == KEYS
    assert described["api_url"] == f"{described['page_url']}api"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_nobody_else_on_the_machine_can_read_what_the_stack_keeps(stack: WholeStack) -> None:
    settings = stack.local.settings
    for folder in (settings.state_dir, settings.mail_dir, settings.state_dir / "services"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700, folder
    for file in (settings.credentials_file, settings.stack_file, settings.state_dir / "password"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file


def test_the_keys_of_the_account_are_in_no_log(stack: WholeStack) -> None:
    key = stack.local.account.access_key
    logged = (stack.local.settings.state_dir / "emulator.log").read_text(encoding="utf-8") + stack.functions_log()
    assert key.id not in logged
    assert key.secret not in logged


def test_the_local_user_can_use_the_api(api: httpx.Client) -> None:
    assert api.get("models").status_code == httpx.codes.OK


def test_it_listens_on_loopback_only(stack: WholeStack) -> None:
    address = _address_of_this_machine()
    with pytest.raises(OSError), socket.create_connection((address, stack.local.settings.port), timeout=2):
        pass


def test_emails_land_as_files(stack: WholeStack, api: httpx.Client) -> None:
    batch = create_batch(api, "Lighthouse1", name="Mail me")
    await_status(api, batch["id"])
    email = await_mail(stack, batch["id"], "Mail me", "To: owner@skimlist.local")
    texts = [file.read_text(encoding="utf-8") for file in stack.local.settings.mail_dir.iterdir()]
    assert [text for text in texts if batch["id"] in text] == [email]


def test_secrets_follow_the_settings(stack: WholeStack) -> None:
    account = stack.local.account
    before = dict(stack.local.settings.secrets)
    account.store_secrets({"youtube-api-key": "new"})
    try:
        found = account.client("ssm").get_parameters_by_path(Path="/skimlist/", WithDecryption=True)["Parameters"]
        assert {parameter["Name"]: parameter["Value"] for parameter in found} == {"/skimlist/youtube-api-key": "new"}
        assert {parameter["Type"] for parameter in found} == {"SecureString"}
    finally:
        account.store_secrets(before)


def test_a_taken_port_is_named(stack: WholeStack, tmp_path: Path) -> None:
    settings = LocalSettings(port=stack.local.settings.port, state_dir=tmp_path / "state")
    with pytest.raises(LocalStackError, match=rf"Port {settings.port} is in use.*PORT="), LocalStack(settings):
        pass


def test_a_state_folder_in_use_is_refused(stack: WholeStack) -> None:
    settings = LocalSettings(port=free_port(), state_dir=stack.local.settings.state_dir)
    with pytest.raises(LocalStackError, match="make stop"), LocalStack(settings):
        pass


def test_a_deployment_that_fails_shows_what_sam_said(stack: WholeStack, tmp_path: Path) -> None:
    function = {"Type": "AWS::Serverless::Function", "Properties": {"CodeUri": "no-such-folder"}}
    (tmp_path / "template.json").write_text(json.dumps({"Resources": {"Function": function}}))
    with pytest.raises(LocalStackError, match=r"(?s)sam deploy failed:.*no-such-folder"):
        deploy(Build(tmp_path, "broken"), stack.local.settings, stack.local.account)


def test_alarms_and_a_dashboard_watch_the_stack(stack: WholeStack) -> None:
    cloudwatch = stack.local.account.client("cloudwatch")
    alarms = cloudwatch.describe_alarms(AlarmNamePrefix="skimlist-")["MetricAlarms"]
    assert {alarm["AlarmName"].removeprefix("skimlist-") for alarm in alarms} == set(ALARMS)
    assert all(alarm["AlarmActions"] == [alarm_topic(stack)] for alarm in alarms)
    body = json.loads(cloudwatch.get_dashboard(DashboardName="skimlist")["DashboardBody"])
    assert len(body["widgets"][0]["properties"]["alarms"]) == len(ALARMS)
    assert "${" not in json.dumps(body)


def test_a_batch_that_youtube_stops_reaches_the_operator(stack: WholeStack, other_user: httpx.Client) -> None:
    """The emulator extracts no metrics from the log, so the test does it."""
    queue = subscribe(stack, alarm_topic(stack))
    stack.youtube.fail(Failure.BLOCKED)
    batch = create_batch(other_user, "Lighthouse1")
    await_status(other_user, batch["id"], {"paused"})
    lines = [json.loads(line) for line in stack.local.account.log_lines() if batch["id"] in line and "_aws" in line]
    (paused,) = [line for line in lines if "BatchesPaused" in line]
    assert (paused["code"], paused["run"]) == ("youtube_blocked", 1)
    for name, value, dimensions in extracted(paused):
        named = [{"Name": dimension, "Value": of} for dimension, of in dimensions.items()]
        metric = {"MetricName": name, "Dimensions": named, "Value": value}
        stack.local.account.client("cloudwatch").put_metric_data(Namespace="Skimlist", MetricData=[metric])
    assert "skimlist-BatchesPausedByYouTube" in alarms_received(stack, queue)
    other_user.delete(f"batch/{batch['id']}/cancel").raise_for_status()


def subscribe(stack: WholeStack, topic_arn: str) -> str:
    """Subscribes a new queue to the topic."""
    sqs = stack.local.account.client("sqs")
    url = sqs.create_queue(QueueName="operator")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage"}
    policy = {"Version": "2012-10-17", "Statement": [{**sns, "Resource": arn}]}
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(policy)})
    stack.local.account.client("sns").subscribe(TopicArn=topic_arn, Protocol="sqs", Endpoint=arn)
    return str(url)


def alarms_received(stack: WholeStack, queue: str) -> set[str]:
    """Returns the names of the alarms that the queue has received."""
    sqs = stack.local.account.client("sqs")
    messages = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=20, MaxNumberOfMessages=10).get("Messages", [])
    return {json.loads(json.loads(message["Body"])["Message"])["AlarmName"] for message in messages}


def test_every_output_leads_to_what_it_names(stack: WholeStack) -> None:
    outputs, client = stack.local.account.outputs(), stack.local.account.client
    console, dashboard = (
        f"https://{REGION}.console.aws.amazon.com/cloudwatch/home?region={REGION}",
        "#dashboards/dashboard/",
    )
    leads_to: Mapping[str, Callable[[str], Any]] = {
        "AppUrl": lambda url: httpx.Client(transport=LocalhostTransport()).get(url).raise_for_status(),
        "ApiId": lambda api: client("apigatewayv2").get_api(ApiId=api),
        "UserPoolId": lambda pool: client("cognito-idp").describe_user_pool(UserPoolId=pool),
        "UserPoolClientId": lambda app: client("cognito-idp").describe_user_pool_client(
            UserPoolId=outputs["UserPoolId"], ClientId=app
        ),
        "TableName": lambda name: client("dynamodb").describe_table(TableName=name),
        "BucketName": lambda name: client("s3").head_bucket(Bucket=name),
        "StateMachineArn": lambda arn: client("stepfunctions").describe_state_machine(stateMachineArn=arn),
        "TopicArn": lambda arn: client("sns").get_topic_attributes(TopicArn=arn),
        "ResumeInterruptedFunctionName": lambda name: client("lambda").get_function(FunctionName=name),
        "DashboardUrl": lambda url: client("cloudwatch").get_dashboard(
            DashboardName=url.removeprefix(console).removeprefix(dashboard)
        ),
    }
    assert outputs.keys() == leads_to.keys() == template()["Outputs"].keys()
    for name, look_up in leads_to.items():
        assert look_up(outputs[name]), name


def alarm_topic(stack: WholeStack) -> str:
    resources = stack.local.account.client("cloudformation").describe_stack_resources(StackName="skimlist")
    (nested,) = [each for each in resources["StackResources"] if each["LogicalResourceId"] == "Operations"]
    described = stack.local.account.client("cloudformation").describe_stacks(StackName=nested["PhysicalResourceId"])
    outputs = {output["OutputKey"]: output["OutputValue"] for output in described["Stacks"][0]["Outputs"]}
    return outputs["AlarmTopicArn"]


def _address_of_this_machine() -> str:
    """Returns an address other than the loopback. To choose a route sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            pytest.skip("this machine has no network")
        return str(probe.getsockname()[0])
