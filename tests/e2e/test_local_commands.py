"""The commands behind `make demo`, `make run` and `make stop`, as processes of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from local.client import api_client
from local.emulator import free_port
from local.model import FakeModelServer
from local.run import without_resolver
from local.settings import ROOT
from local.youtube import FakeYouTube
from testkit.whole_stack import await_status, create_batch, follow

_START_SECONDS = 120
_STOP_SECONDS = 60
VIDEOS = ["Lighthouse1", "Sauerteig_1", "Polinesia_1", "Momiji_no_1", "Steel_Box_1"]


class Commands:
    """`make run` and `make stop` with the same settings."""

    def __init__(self, state_dir: Path, youtube: FakeYouTube, model: FakeModelServer) -> None:
        self._state_dir = state_dir
        self._environment = {
            **os.environ,
            "PORT": str(free_port()),
            "STATE_DIR": str(state_dir),
            "YOUTUBE_PROXY_URL": youtube.proxy_url,
            "CA_BUNDLE": str(youtube.ca_file),
            "OPENAI_BASE_URL": model.base_url,
            "OPENAI_API_KEY": "a-key-of-the-tests",
        }

    @property
    def stack_file(self) -> Path:
        return self._state_dir / "stack.json"

    def run(self) -> subprocess.Popen[str]:
        """Starts the stack; returns when it is ready."""
        process = self._start("local.run")
        deadline = time.monotonic() + _START_SECONDS
        while not self.stack_file.exists():
            assert process.poll() is None, process.communicate()[0]
            assert time.monotonic() < deadline, "The stack is not ready."
            time.sleep(0.1)
        return process

    def stop(self, process: subprocess.Popen[str]) -> str:
        """Stops the stack; returns what its process had printed."""
        stopping = self._start("local.stop")
        output, _ = process.communicate(timeout=_STOP_SECONDS)
        assert stopping.wait(_STOP_SECONDS) == 0
        assert process.returncode == 0, output
        return output

    def _start(self, module: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", module],
            cwd=ROOT,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )


def test_a_batch_that_was_cut_off_by_a_stop_continues_by_itself_and_pays_nothing_twice(tmp_path: Path) -> None:
    with (
        FakeYouTube(ROOT / "local" / "samples", ca_folder=tmp_path) as youtube,
        FakeModelServer(latency=1.0) as model,  # slow enough to be interrupted
    ):
        commands = Commands(tmp_path / "state", youtube, model)
        running = commands.run()
        described: dict[str, Any] = json.loads(commands.stack_file.read_text(encoding="utf-8"))
        with api_client(described) as api:
            batch = create_batch(api, *VIDEOS, model="openai")
            for view in follow(api, batch["id"]):
                if view["progress"]["completed"] == 2:
                    break
        output = commands.stop(running)
        assert described["password"] in output
        assert without_resolver(described["page_url"]) in output
        assert not commands.stack_file.exists()

        model.latency = 0
        running = commands.run()
        try:
            assert json.loads(commands.stack_file.read_text(encoding="utf-8")) == described
            with api_client(described) as api:
                done = await_status(api, batch["id"])
        finally:
            commands.stop(running)
    assert (done["status"], done["progress"]["completed"]) == ("completed", 5)
    assert [item["attempts"] for item in done["items"]] == [1] * 5
    assert [youtube.requests["timedtext"][video] for video in VIDEOS[:2]] == [1, 1]
    # Only what was under way when the stack was stopped may be asked once more: its answer found nobody.
    assert sum(model.requests["answered"].values()) <= len(VIDEOS) + 1
    assert sum(youtube.requests["timedtext"].values()) <= len(VIDEOS) + 1


def demo(captions: str, results: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "local.demo", captions, str(results)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_demo_succeeds_and_its_last_line_names_the_zip(tmp_path: Path) -> None:
    shown = demo("local/samples", tmp_path / "results")
    assert shown.returncode == 0, shown.stdout + shown.stderr
    assert "The ZIP is complete and correct." in shown.stdout
    kept = Path(shown.stdout.splitlines()[-1].rpartition(": ")[2])
    assert [*(tmp_path / "results").iterdir()] == [kept]
    assert ZipFile(kept).testzip() is None


def test_a_demo_without_captions_fails(tmp_path: Path) -> None:
    shown = demo(str(tmp_path), tmp_path / "results")
    assert shown.returncode == 1
    assert "no caption files" in shown.stdout
    assert not (tmp_path / "results").exists()
