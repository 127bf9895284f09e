"""A separate stack asks a model of Amazon Bedrock before it has keys; then come the commands of docs/deploy.md.

They are typed with AWS's own command line.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import closing

import pytest
from botocore.exceptions import ClientError

from local.bedrock import BedrockAccount
from local.client import api_client
from local.emulator import REGION, free_port
from local.model.bedrock import FakeBedrock
from local.settings import LOCAL, ROOT, SECRETS, LocalSettings
from local.stack import LocalStack
from local.youtube import FakeYouTube
from testkit.whole_stack import await_status, create_batch

BEDROCK_REGION = "eu-central-1"
PERSON = ("ASIAPERSON", "a-session-token")
AWS = LOCAL / "awscli" / "bin" / "aws"
DEPLOY = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```", DEPLOY, re.MULTILINE | re.DOTALL)
PREPARE, KEYS, PROXY, OPEN, TAKE_DOWN = [
    next(block for block in BLOCKS if mark in block)
    for mark in (
        "admin-create-user",
        "openai-api-key --type",
        "youtube-proxy-url --type",
        "output AppUrl",
        "make destroy",
    )
]


UPGRADE = (ROOT / "docs" / "upgrade.md").read_text(encoding="utf-8")
PURGE = next(
    block
    for block in re.findall(r"^```sh\n(.*?)^```", UPGRADE, re.MULTILINE | re.DOTALL)
    if "delete-log-stream" in block
)


# Two of what `$stack` may hold; each costs one more start of the AWS CLI.
LOG_GROUPS = {
    "Resources": {
        name: {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": f"/of-another-stack/{name}"}}
        for name in ("First", "Second")
    }
}

# Version 1 of the AWS CLI fetches a value that is an address, if it gets the chance.
VALUES = {name: f"the secret {name}" for name in SECRETS} | {"YOUTUBE_PROXY_URL": "http://user:secret@127.0.0.1:9"}


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """A stack that `make run` starts with temporary AWS credentials in the environment and no keys."""
    assert AWS.is_file(), "The AWS CLI is missing; `make test` installs it."
    folder = tmp_path_factory.mktemp("stack")
    with (
        FakeYouTube(ROOT / "local" / "samples", ca_folder=folder) as youtube,
        FakeBedrock(BEDROCK_REGION, lambda *signer: "a-secret" if signer == PERSON else None) as bedrock,
        pytest.MonkeyPatch.context() as patch,
    ):
        for name, value in {
            "AWS_ACCESS_KEY_ID": PERSON[0],
            "AWS_SECRET_ACCESS_KEY": "a-secret",
            "AWS_SESSION_TOKEN": PERSON[1],
            "AWS_REGION": BEDROCK_REGION,
            "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": bedrock.base_url.removesuffix(bedrock.root),
        }.items():
            patch.setenv(name, value)
        settings = LocalSettings(
            port=free_port(),
            state_dir=folder / "state",
            ca_bundle=str(youtube.ca_file),
            secrets={"youtube-proxy-url": youtube.proxy_url},
            wait_scale=0.05,
        )
        with LocalStack(settings, BedrockAccount.find(settings.bedrock_region)) as running:
            yield running


def test_a_fresh_stack_summarizes_with_a_model_without_any_key(stack: LocalStack) -> None:
    with closing(api_client(stack.description)) as api:
        suggested = api.get("models").json()["preselected"]
        batch = await_status(api, create_batch(api, "Lighthouse1", model=suggested)["id"])
    assert (suggested, batch["progress"]["completed"]) == ("bedrock", 1)
    assert batch["cost"]["usd"] > 0


def type_in(stack: LocalStack, *blocks: str) -> str:
    """Runs the commands in one shell with an administrator's credentials; the first failure ends it."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
        **VALUES,
        "PATH": f"{AWS.parent}{os.pathsep}{os.environ['PATH']}",
        "AWS_ENDPOINT_URL": stack.settings.endpoint_url,
        "AWS_SHARED_CREDENTIALS_FILE": str(stack.settings.credentials_file),
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": "127.0.0.1",
    }
    typed = "\n".join(["set -euo pipefail", *blocks])
    done = subprocess.run(
        ["bash", "-c", typed], env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    return done.stdout


def test_the_commands_of_the_upgrade_notes_delete_what_was_logged(stack: LocalStack) -> None:
    """In a stack of another name, as the notes say that it may have."""
    logs, stacks = stack.account.client("logs"), stack.account.client("cloudformation")
    stacks.create_stack(StackName="another", TemplateBody=json.dumps(LOG_GROUPS))
    stacks.get_waiter("stack_create_complete").wait(StackName="another", WaiterConfig={"Delay": 1})
    groups = [LOG_GROUPS["Resources"][name]["Properties"]["LogGroupName"] for name in ("First", "Second")]
    for group in groups:
        for stream in ("2026/03/01/[$LATEST]0123", "2026/03/02/[$LATEST]4567"):
            logs.create_log_stream(logGroupName=group, logStreamName=stream)

    named = PURGE.replace("stack=skimlist", "stack=another")
    assert named != PURGE
    type_in(stack, named)
    for group in groups:
        assert logs.describe_log_streams(logGroupName=group)["logStreams"] == []


def test_the_commands_of_the_document_prepare_a_stack_and_take_it_down(stack: LocalStack) -> None:
    account, outputs = stack.account, stack.account.outputs()

    typed = type_in(stack, PREPARE, KEYS, PROXY, OPEN)
    assert typed.splitlines()[-1] + "/" == stack.description["page_url"]
    users = account.client("cognito-idp").list_users(UserPoolId=outputs["UserPoolId"])["Users"]
    attributes = [{each["Name"]: each["Value"] for each in user["Attributes"]} for user in users]
    assert "you@example.com" in {each.get("email") for each in attributes}
    stored = account.client("ssm").get_parameters_by_path(Path="/skimlist", WithDecryption=True)["Parameters"]
    values = {parameter["Name"]: parameter["Value"] for parameter in stored}
    assert values == {f"/skimlist/{parameter}": VALUES[name] for name, parameter in SECRETS.items()}

    account.client("s3").put_object(Bucket=outputs["BucketName"], Key="exports/a/b/1.zip", Body=b"what was paid for")
    # Somebody takes a stack down in another terminal than the one in which it was prepared.
    typed = type_in(stack, f"printf '%s\\n' skimlist 'delete everything' | {TAKE_DOWN}")
    assert "Its data is deleted." in typed
    gone = [
        lambda: account.client("cloudformation").describe_stacks(StackName="skimlist"),
        lambda: account.client("dynamodb").describe_table(TableName=outputs["TableName"]),
        lambda: account.client("s3").head_bucket(Bucket=outputs["BucketName"]),
        lambda: account.client("cognito-idp").describe_user_pool(UserPoolId=outputs["UserPoolId"]),
    ]
    for look in gone:
        with pytest.raises(ClientError):
            look()
    assert account.client("ssm").get_parameters_by_path(Path="/skimlist")["Parameters"] == []
