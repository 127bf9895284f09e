"""Actions of tests on a running stack."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx

from local.client import api_client
from local.emulator import free_port
from local.model import FakeModelServer
from local.settings import ROOT, LocalSettings
from local.stack import LocalStack
from local.youtube import Failure, FakeYouTube
from skimlist.jobs.records import OUTAGES, follow_checks_key

WITHOUT_CAPTIONS = "Silent_Film"
_PATIENCE_SECONDS = 120
# A poll takes 30 ms of CPU time, mostly in the emulator and in the function, which both slow down what is waited for.
_POLL_SECONDS = 0.4
_ENDED = frozenset({"completed", "failed", "cancelled"})


@dataclass
class WholeStack:
    """A running stack: `local` is the stack itself, the others are its fake outside services."""

    local: LocalStack
    youtube: FakeYouTube
    model: FakeModelServer

    def recover(self) -> None:
        self.youtube.recover()
        self.youtube.fail(Failure.CAPTIONS_OFF, WITHOUT_CAPTIONS)
        self.model.recover()
        self._forget_outages()

    def _forget_outages(self) -> None:
        """Deletes outage reports, so that failures of one test stop no batch or follow of the next."""
        dynamodb, table = self.local.account.client("dynamodb"), self.local.description["table"]
        noted = dynamodb.query(
            TableName=table,
            KeyConditionExpression="pk = :outages",
            ExpressionAttributeValues={":outages": {"S": OUTAGES}},
            ProjectionExpression="pk, sk",
        )
        checks = {name: {"S": value} for name, value in follow_checks_key().items()}
        for key in (*noted["Items"], checks):
            dynamodb.delete_item(TableName=table, Key=key)

    def client(self) -> httpx.Client:
        return api_client(self.local.description)

    def new_user(self) -> tuple[str, str]:
        """Creates a user without batches; returns email and password."""
        email, password = f"{uuid.uuid4()}@skimlist.local", f"{uuid.uuid4()}-Aa1"
        self.local.account.ensure_user(self.local.description["user_pool_id"], email, password)
        return email, password

    def client_of_new_user(self) -> httpx.Client:
        return self.client_of(*self.new_user())

    def client_of(self, email: str, password: str) -> httpx.Client:
        return api_client(self.local.description, email, password)

    def functions_log(self) -> str:
        """Returns everything that the functions have logged so far."""
        return "\n".join(self.local.account.log_lines())

    @property
    def operators_session(self) -> Any:
        """A session of boto3 with the credentials of the emulator's administrator, for an operator's command."""
        account = self.local.account

        def resource(service: str) -> object:
            return account._session.resource(service, endpoint_url=self.local.settings.endpoint_url)

        return SimpleNamespace(client=account.client, resource=resource)

    def youtube_caption(self, video_id: str) -> str:
        """Returns the first caption of a sample video."""
        video = json.loads((ROOT / "local" / "samples" / f"{video_id}.json").read_text(encoding="utf-8"))
        text: str = video["snippets"][0]["text"]
        return text


def settings_between(folder: Path, youtube: FakeYouTube, model: FakeModelServer, **more: Any) -> LocalSettings:
    """Returns the settings of a stack with its state in `folder` and these two fake services."""
    return LocalSettings(
        port=free_port(),
        state_dir=folder / "state",
        openai_base_url=model.base_url,
        ca_bundle=str(youtube.ca_file),
        secrets={"openai-api-key": "a-key-of-the-tests", "youtube-proxy-url": youtube.proxy_url},
        **more,
    )


def create_batch(api: httpx.Client, *urls: str, **options: Any) -> dict[str, Any]:
    response = api.post("batch/create", json={"urls": list(urls), "model": "extractive", **options})
    assert response.status_code == httpx.codes.CREATED, response.text
    batch: dict[str, Any] = response.json()
    return batch


def follow(api: httpx.Client, batch_id: str) -> Iterator[dict[str, Any]]:
    """Yields the batch with its items after each change, until it has ended."""
    deadline, etag = time.monotonic() + _PATIENCE_SECONDS, ""
    while time.monotonic() < deadline:
        response = api.get(f"batch/{batch_id}", headers={"If-None-Match": etag})
        if response.status_code != httpx.codes.NOT_MODIFIED:
            etag = response.raise_for_status().headers["ETag"]
            batch: dict[str, Any] = response.json()
            yield batch
            if batch["status"] in _ENDED and not batch["progress"]["left"]:
                return
        time.sleep(_POLL_SECONDS)
    raise AssertionError("The batch did not end in time.")


def await_status(
    api: httpx.Client,
    batch_id: str,
    statuses: Set[str] = _ENDED,
    until: Callable[[dict[str, Any]], bool] = lambda batch: True,
) -> dict[str, Any]:
    """Waits until the batch has one of these statuses; returns it with its items."""
    for batch in follow(api, batch_id):
        if batch["status"] in statuses and until(batch):
            return batch
    raise AssertionError(f"The batch ended as {batch['status']}, not as one of {sorted(statuses)}.")


def resume(api: httpx.Client, batch_id: str) -> None:
    """Resumes a batch after an outage, unless it has gone on by itself: a minute of its pause takes 3 seconds here."""
    answer = api.post(f"batch/{batch_id}/resume")
    assert answer.status_code in {httpx.codes.ACCEPTED, httpx.codes.CONFLICT}, answer.text


def wait_for(happens: Callable[[], bool]) -> None:
    """Waits until `happens` returns true, which is called repeatedly."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not happens():
        if time.monotonic() > deadline:
            raise AssertionError("The condition did not become true in time.")
        time.sleep(0.1)


def await_workflow(stack: WholeStack, batch_id: str) -> None:
    """Waits until no execution processes the batch any more."""
    client, deadline = stack.local.account.client("stepfunctions"), time.monotonic() + _PATIENCE_SECONDS
    running = {"stateMachineArn": stack.local.description["state_machine_arn"], "statusFilter": "RUNNING"}
    while any(each["name"].startswith(batch_id) for each in client.list_executions(**running)["executions"]):
        assert time.monotonic() < deadline, "The workflow did not end in time."
        time.sleep(0.1)


def await_mail(stack: WholeStack, batch_id: str, *texts: str) -> str:
    """Waits for an email about a batch that contains all of these texts, and returns the last one."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        mails = [path.read_text(encoding="utf-8") for path in sorted(stack.local.settings.mail_dir.glob("*.txt"))]
        if found := [mail for mail in mails if all(text in mail for text in (batch_id, *texts))]:
            return found[-1]
        time.sleep(0.1)
    raise AssertionError(f"No email with {texts} came in time.")
