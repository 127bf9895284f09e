from __future__ import annotations

import json
import socket
import stat
import time
from pathlib import Path

import httpx
import pytest

from local.build import Build
from local.client import LocalhostTransport
from local.deployment import deploy
from local.emulator import free_port
from local.settings import LocalSettings, LocalStackError
from local.stack import LocalStack
from tests.whole_stack import WholeStack, await_status, create_batch

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
    ),
    *("table", "bucket", "state_machine_arn", "topic_arn"),
]


def test_stack_json_tells_others_all_they_need(stack: WholeStack) -> None:
    file = stack.local.settings.stack_file
    described = json.loads(file.read_text())
    assert list(described) == KEYS
    assert described["api_url"] == f"{described['page_url']}api"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_local_user_can_use_the_api(api: httpx.Client) -> None:
    assert api.get("models").status_code == httpx.codes.OK


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer x.y.z"}, {"Authorization": "nonsense"}])
def test_nobody_else_can(stack: WholeStack, headers: dict[str, str]) -> None:
    with httpx.Client(base_url=stack.local.description["api_url"] + "/", transport=LocalhostTransport()) as stranger:
        assert stranger.get("models", headers=headers).status_code == httpx.codes.UNAUTHORIZED


def test_it_listens_on_loopback_only(stack: WholeStack) -> None:
    address = _address_of_this_machine()
    with pytest.raises(OSError), socket.create_connection((address, stack.local.settings.port), timeout=2):
        pass


def test_emails_land_as_files(stack: WholeStack, api: httpx.Client) -> None:
    batch = create_batch(api, "Lighthouse1", name="Mail me")
    await_status(api, batch["id"])
    deadline = time.monotonic() + 20
    emails: list[str] = []
    while not emails and time.monotonic() < deadline:
        time.sleep(0.2)
        texts = [file.read_text(encoding="utf-8") for file in stack.local.settings.mail_dir.iterdir()]
        emails = [text for text in texts if batch["id"] in text]
    assert len(emails) == 1
    assert "Mail me" in emails[0]
    assert "To: owner@skimlist.local" in emails[0]


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
    settings = LocalSettings(port=stack.local.settings.port, state_dir=tmp_path)
    with pytest.raises(LocalStackError, match=rf"Port {settings.port} is taken.*PORT="), LocalStack(settings):
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


def test_logs_hold_no_secret(stack: WholeStack, api: httpx.Client) -> None:
    batch = create_batch(api, "Lighthouse1", "Silent_Film")
    await_status(api, batch["id"])
    link = api.get(f"batch/{batch['id']}/export").raise_for_status().json()["url"]
    assert "X-Amz-Signature" in link
    logged = "\n".join(stack.local.account.log_lines())
    assert batch["id"] in logged
    token = api.headers["Authorization"].removeprefix("Bearer ")
    for secret in (*stack.local.settings.secrets.values(), stack.local.description["password"], token):
        assert secret not in logged
    assert "X-Amz-" not in logged


def _address_of_this_machine() -> str:
    """One that is not the loopback; choosing a route sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            pytest.skip("this machine has no network")
        return str(probe.getsockname()[0])
