"""The stack of a campaign, with a proxy between its functions and AWS, and the faults that can be caused."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from random import Random
from threading import RLock
from typing import Any

import httpx
from botocore.exceptions import BotoCoreError, ClientError

from lab.faults.outside import CountingModel
from lab.faults.plan import Rule
from local.client import api_client
from local.emulator import free_port
from local.settings import ROOT, LocalSettings
from local.stack import LocalStack
from local.youtube import FakeYouTube

_START_SECONDS = 30
# The proxy shares the processors with everything that uses it.
_CONTROL_SECONDS = 60
# Unused faults end with their run.
_RULES_LIVE_SECONDS = 240


class World:
    """A running stack; use it as `with World(folder) as world:`."""

    def __init__(self, folder: Path, wait_scale: float = 0.02) -> None:
        self._proxy_port, self._port = free_port(), free_port()
        self._folder = folder
        self._restarting = RLock()
        self.youtube = FakeYouTube(ROOT / "local" / "samples", ca_folder=folder)
        self.model = CountingModel()
        self.settings = LocalSettings(
            port=self._port,
            state_dir=folder / "state",
            openai_base_url=self.model.base_url,
            ca_bundle=str(self.youtube.ca_file),
            secrets={"openai-api-key": "a-key-of-the-campaign", "youtube-proxy-url": self.youtube.proxy_url},
            wait_scale=wait_scale,
            functions_endpoint=self._proxy_url,
        )

    @property
    def _proxy_url(self) -> str:
        return f"http://127.0.0.1:{self._proxy_port}"

    def __enter__(self) -> World:
        self.youtube.start()
        self.model.__enter__()
        self._proxy = self._start_proxy()
        self.stack = LocalStack(self.settings).__enter__()
        return self

    def __exit__(self, *exception: object) -> None:
        with suppress(Exception):
            self.stack.__exit__(None, None, None)
        self._proxy.terminate()
        self._proxy.wait()
        self.model.__exit__()
        self.youtube.stop()

    # --- Actions of users ---

    def new_user(self, email: str, password: str) -> None:
        with self._restarting:
            self.stack.account.ensure_user(self.stack.description["user_pool_id"], email, password)

    def client(self, email: str, password: str) -> httpx.Client:
        return api_client(self.stack.description, email, password)

    def emails_about(self, batch_id: str) -> list[str]:
        """Returns the subjects of the emails about a batch."""
        return [_subject(mail) for mail in self.texts_about(batch_id)]

    def texts_about(self, batch_id: str) -> list[str]:
        """Returns the emails about a batch, with their headers."""
        mails = [path.read_text(encoding="utf-8") for path in self.settings.mail_dir.glob("*.txt")]
        return [mail for mail in mails if batch_id in mail]

    # --- Faults ---

    def break_aws(self, rules: Sequence[Rule], named: str) -> None:
        """Makes requests fail: those to the table only if they name this batch or video, others in any case."""
        about = {"body": f"contains(to_string(@), '{named}')"}
        given = [
            rule | {"ttl_s": _RULES_LIVE_SECONDS} | (about if rule["service"] == "dynamodb" else {}) for rule in rules
        ]
        address = f"{self._proxy_url}/_microburst/rules"
        httpx.patch(address, json=given, timeout=_CONTROL_SECONDS, trust_env=False).raise_for_status()

    def fired(self) -> list[dict[str, Any]]:
        address = f"{self._proxy_url}/_microburst/fired?limit=100000"
        answer = httpx.get(address, timeout=_CONTROL_SECONDS, trust_env=False).json()
        return list(answer["fired"] if isinstance(answer, dict) else answer)

    def kill_a_function(self, random: Random) -> bool:
        """Kills the process of one function at any moment of its work."""
        found = sorted(_function_processes(self.stack.emulator_pid))
        if not found:
            return False
        with suppress(ProcessLookupError):
            os.kill(random.choice(found), signal.SIGKILL)
        return True

    def restart(self) -> None:
        """Restarts the emulator, which ends its executions; its state is kept."""
        with self._restarting:
            self.stack.__exit__(None, None, None)
            self.stack = LocalStack(self.settings).__enter__()

    def sweep(self) -> None:
        """Runs the sweep before its schedule."""
        with suppress(BotoCoreError, ClientError), self._restarting:
            name = self.stack.account.outputs()["ResumeInterruptedFunctionName"]
            self.stack.account.client("lambda").invoke(FunctionName=name, InvocationType="Event", Payload=b"{}")

    def check_follows(self, *, times: int = 1) -> None:
        """Runs Check follows before its schedule, several times at once."""
        for _ in range(times):
            with suppress(BotoCoreError, ClientError), self._restarting:
                name = self.stack.account.physical_id("CheckFollowsFunction")
                self.stack.account.client("lambda").invoke(FunctionName=name, InvocationType="Event", Payload=b"{}")

    def records_of(self, partition: str) -> list[str]:
        """Returns the sort keys of the records in a partition of the table."""
        found = self.stack.account.client("dynamodb").query(
            TableName=self.stack.description["table"],
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": partition}},
        )
        return [record["sk"]["S"] for record in found["Items"]]

    def _start_proxy(self) -> subprocess.Popen[bytes]:
        upstream = f"http://127.0.0.1:{self._port}"
        command = [sys.executable, "-m", "lab.faults.proxy", "--upstream", upstream, "--host", "127.0.0.1"]
        with (self._folder / "proxy.log").open("wb") as log:
            process = subprocess.Popen(
                [*command, "--port", str(self._proxy_port)],
                cwd=ROOT,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            with suppress(httpx.TransportError):
                httpx.get(f"{self._proxy_url}/_microburst/health", trust_env=False).raise_for_status()
                return process
            time.sleep(0.1)
        process.kill()
        raise TimeoutError("The proxy did not start.")


def _subject(mail: str) -> str:
    return next((line.removeprefix("Subject: ") for line in mail.splitlines() if line.startswith("Subject: ")), "")


def _function_processes(emulator: int | None) -> Iterator[int]:
    """Returns the child processes of the emulator that run a function."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, ValueError, IndexError):
            parents[int(folder.name)] = int((folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])
    for pid in parents:
        ancestor, steps = pid, 0
        while ancestor in parents and ancestor != emulator and steps < 10:
            ancestor, steps = parents[ancestor], steps + 1
        if ancestor == emulator and pid != emulator:
            with suppress(OSError):
                if b"awslambdaric" in Path(f"/proc/{pid}/cmdline").read_bytes():
                    yield pid
