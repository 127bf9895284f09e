"""The requests of the README and the client in `examples/`, run as they stand against the running stack."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from local.settings import ROOT
from tests.whole_stack import WITHOUT_CAPTIONS, WholeStack


@pytest.fixture
def folder(stack: WholeStack, tmp_path: Path) -> Path:
    """Where somebody stands who has a stack running: `.local/stack.json` is there, of a user without batches."""
    email, password = stack.new_user()
    (tmp_path / ".local").mkdir()
    described = {**stack.local.description, "username": email, "password": password}
    (tmp_path / ".local" / "stack.json").write_text(json.dumps(described), encoding="utf-8")
    return tmp_path


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def test_every_request_of_the_readme_gets_its_answer(
    folder: Path, stack: WholeStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The first video is still in hand when the others are moved and left out.
    monkeypatch.setattr(stack.youtube, "latency", 1.5)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (block,) = (each for each in re.findall(r"^```sh\n(.*?)^```", readme, re.MULTILINE | re.DOTALL) if "curl" in each)
    for video, sample in {
        "kCc8FmEb1nY": "Lighthouse1",
        "zHvTiHr506c": "Sauerteig_1",
        "VMj-3S1tku0": "Polinesia_1",
    }.items():
        assert video in block
        block = block.replace(video, sample)
    # A person reads on when the batch is done.
    completed = '[ "$(api "$(stack api_url)/batch/$batch?items=false" | jq -r .status)" = completed ]'
    export = "# As soon as a video has ended"
    assert export in block
    block = block.replace(export, f"until {completed}; do sleep 0.2; done\n{export}")
    done = run(folder, "bash", "-c", block)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout[-3000:] + done.stderr
    refused = re.findall(r'"error": {"code": "(\w+)"', done.stdout)
    assert set(refused) <= {"wrong_state"}, done.stdout  # nothing to retry, cancel or refresh in a completed batch
    assert '"message":"Unauthorized"' not in done.stdout
    assert done.stdout.count('"tldr"') == 1
    with ZipFile(folder / "summaries.zip") as archive:
        assert archive.testzip() is None


def test_the_client_summarizes_a_file_of_links_and_saves_the_zip(folder: Path) -> None:
    (folder / "links.txt").write_text(f"https://youtu.be/Lighthouse1\n\n{WITHOUT_CAPTIONS}\n", encoding="utf-8")
    done = run(folder, sys.executable, str(ROOT / "examples" / "skimlist_client.py"), "links.txt", "--to", "out.zip")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "completed: 1 summarized, 1 failed, 0 left" in done.stderr
    with ZipFile(folder / "out.zip") as archive:
        assert any("lighthouse" in name.lower() for name in archive.namelist())
