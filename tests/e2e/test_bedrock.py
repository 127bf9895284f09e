"""A stack without any key, with Amazon Bedrock beside it: whoever signs in and pastes a link gets a model's summary."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from local.account import STACK_NAME
from local.client import api_client
from local.credentials import AccessKey
from local.emulator import REGION, free_port
from local.model.bedrock import FakeBedrock
from local.settings import ROOT, LocalSettings
from local.stack import LocalStack
from local.youtube import FakeYouTube
from testkit.whole_stack import await_status, create_batch


def role_secret(stack: LocalStack, function: str, key_id: str, token: str) -> str | None:
    """The secret with which the emulator has this function sign, if key and token are the function's."""
    told = stack.account.client("lambda").get_function_configuration(FunctionName=function)
    administrator = AccessKey.read(stack.settings.credentials_file).secret.encode()

    def derive(purpose: str) -> str:
        return hmac.new(
            administrator, f"{purpose}:{told['FunctionArn']}:{told['Role']}".encode(), hashlib.sha256
        ).hexdigest()

    known = (f"ASIA{derive('id')[:16].upper()}", derive("token"))
    return derive("secret") if (key_id, token) == known else None


@pytest.fixture
def without_keys(tmp_path: Path) -> Iterator[LocalStack]:
    running: list[LocalStack] = []

    def find_secret(key_id: str, token: str) -> str | None:
        (stack,) = running
        resources = stack.account.client("cloudformation").list_stack_resources(StackName=STACK_NAME)
        (function,) = [
            each["PhysicalResourceId"]
            for each in resources["StackResourceSummaries"]
            if each["LogicalResourceId"] == "SummarizeVideoFunction"
        ]
        return role_secret(stack, function, key_id, token)

    with (
        FakeYouTube(ROOT / "local" / "samples", ca_folder=tmp_path) as youtube,
        FakeBedrock(REGION, find_secret) as bedrock,
        LocalStack(
            LocalSettings(
                port=free_port(),
                state_dir=tmp_path / "state",
                bedrock_base_url=bedrock.base_url,
                ca_bundle=str(youtube.ca_file),
                secrets={"youtube-proxy-url": youtube.proxy_url},
                wait_scale=0.05,
            )
        ) as stack,
    ):
        running.append(stack)
        yield stack


def test_a_fresh_stack_summarizes_with_a_model_without_any_key(without_keys: LocalStack) -> None:
    with closing(api_client(without_keys.description)) as api:
        suggested = api.get("models").json()["preselected"]
        batch = await_status(api, create_batch(api, "Lighthouse1", model=suggested)["id"])
    assert (suggested, batch["progress"]["completed"]) == ("bedrock", 1)
    assert batch["cost"]["usd"] > 0
