"""A stack without keys beside Amazon Bedrock: a user who signs in and pastes a link gets a model's summary."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from local.bedrock import BedrockAccount
from local.client import api_client
from local.emulator import free_port
from local.model.bedrock import FakeBedrock
from local.settings import ROOT, LocalSettings
from local.stack import LocalStack
from local.youtube import FakeYouTube
from testkit.whole_stack import await_status, create_batch

REGION = "eu-central-1"
PERSON = ("ASIAPERSON", "a-session-token")


@pytest.fixture
def without_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalStack]:
    """A stack that `make run` starts with temporary AWS credentials in the environment and no keys."""
    with (
        FakeYouTube(ROOT / "local" / "samples", ca_folder=tmp_path) as youtube,
        FakeBedrock(REGION, lambda *signer: "a-secret" if signer == PERSON else None) as bedrock,
    ):
        for name, value in {
            "AWS_ACCESS_KEY_ID": PERSON[0],
            "AWS_SECRET_ACCESS_KEY": "a-secret",
            "AWS_SESSION_TOKEN": PERSON[1],
            "AWS_REGION": REGION,
            "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": bedrock.base_url.removesuffix(bedrock.root),
        }.items():
            monkeypatch.setenv(name, value)
        settings = LocalSettings(
            port=free_port(),
            state_dir=tmp_path / "state",
            ca_bundle=str(youtube.ca_file),
            secrets={"youtube-proxy-url": youtube.proxy_url},
            wait_scale=0.05,
        )
        with LocalStack(settings, BedrockAccount.find(settings.bedrock_region)) as stack:
            yield stack


def test_a_fresh_stack_summarizes_with_a_model_without_any_key(without_keys: LocalStack) -> None:
    with closing(api_client(without_keys.description)) as api:
        suggested = api.get("models").json()["preselected"]
        batch = await_status(api, create_batch(api, "Lighthouse1", model=suggested)["id"])
    assert (suggested, batch["progress"]["completed"]) == ("bedrock", 1)
    assert batch["cost"]["usd"] > 0
