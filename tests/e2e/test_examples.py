"""The requests of docs/api.md and the client in `examples/`, run as they stand against the running stack."""

from __future__ import annotations

import json
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path
from threading import Thread
from zipfile import ZipFile

import pytest

from local.settings import ROOT
from local.youtube import Failure
from skimlist.errors import CaptionsDisabled, YouTubeBlocked
from testkit.functions import openapi_document
from testkit.whole_stack import WITHOUT_CAPTIONS, WholeStack, resume


@pytest.fixture
def folder(stack: WholeStack, tmp_path: Path) -> Path:
    """A folder beside a running stack: `.local/stack.json` is there, for a user without batches."""
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


def curl_block() -> str:
    tour = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    blocks: list[str] = re.findall(r"^```sh\n(.*?)^```", tour, re.MULTILINE | re.DOTALL)
    (block,) = (each for each in blocks if "api() {" in each)
    return block


def test_every_route_is_asked_for_in_the_tour() -> None:
    asked = set()
    for line in curl_block().replace("$draft", "$batch").splitlines():
        if request := re.search(r"\(stack api_url\)(/[^\"?]*)", line):
            path = (
                request[1]
                .replace("$batch", "{batch_id}")
                .replace("$summary", "{summary_id}")
                .replace("$follow", "{follow_id}")
            )
            method = re.search(r"-X (\w+)", line)
            named = method[1] if method else "POST" if "Content-Type" in line else "GET"
            path = re.sub(r"/items/\d{5}", "/items/{item_id}", path)
            path = re.sub(r"^/videos/[\w-]{11}", "/videos/{video_id}", path)
            asked.add((named.lower(), re.sub(r"^/presets/\w+$", "/presets/{preset_name}", path)))
    assert asked == {(method, path) for path, methods in openapi_document()["paths"].items() for method in methods}


def test_every_request_of_the_tour_gets_its_answer(folder: Path, stack: WholeStack) -> None:
    block = curl_block()
    for video, sample in {
        "kCc8FmEb1nY": "Lighthouse1",
        "zHvTiHr506c": "Sauerteig_1",
        "VMj-3S1tku0": "Polinesia_1",
    }.items():
        assert video in block
        block = block.replace(video, sample)
    # The first video is still being processed when the others are moved and left out.
    stack.youtube.hold("Lighthouse1")
    until = "# Wait until it has ended\n"
    assert block.count(until) == 1
    os.mkfifo(folder / "waiting")
    Thread(target=go_on_when_told, args=(stack, folder / "waiting"), daemon=True).start()
    done = run(folder, "bash", "-c", block.replace(until, f"echo > waiting\n{until}"))
    assert (done.returncode, done.stderr) == (0, ""), done.stdout[-3000:] + done.stderr
    refused = re.findall(r'"error": {"code": "(\w+)"', done.stdout)
    assert set(refused) <= {"wrong_state"}, done.stdout  # nothing to retry, cancel or refresh in a completed batch
    assert '"message":"Unauthorized"' not in done.stdout
    assert done.stdout.count('"key_points"') == 3  # of the one summary that is read, and of two at once
    with ZipFile(folder / "summaries.zip") as archive:
        assert archive.testzip() is None


def go_on_when_told(stack: WholeStack, pipe: Path) -> None:
    pipe.read_text(encoding="utf-8")
    stack.youtube.go_on()


def client(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run(folder, sys.executable, str(ROOT / "examples" / "skimlist_client.py"), *arguments)


def test_the_client_summarizes_a_file_of_links_and_saves_the_zip(folder: Path) -> None:
    (folder / "links.txt").write_text(f"https://youtu.be/Lighthouse1\n\n{WITHOUT_CAPTIONS}\n", encoding="utf-8")
    done = client(folder, "links.txt", "--to", "out.zip")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "completed: 1 summarized, 1 failed, 0 left" in done.stderr
    assert f"v={WITHOUT_CAPTIONS}: {CaptionsDisabled.message}" in done.stderr
    with ZipFile(folder / "out.zip") as archive:
        assert any("lighthouse" in name.lower() for name in archive.namelist())


def test_the_client_follows_a_batch_through_its_pause(folder: Path, stack: WholeStack) -> None:
    stack.youtube.fail(Failure.BLOCKED)
    (folder / "links.txt").write_text("Lighthouse1\n", encoding="utf-8")
    command = [sys.executable, str(ROOT / "examples" / "skimlist_client.py"), "links.txt"]
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr
        said = [next(running.stderr)]
        batch_id = said[0].split()[1]
        while YouTubeBlocked.message not in said[-1]:
            said.append(next(running.stderr))
        stack.youtube.recover()
        user = json.loads((folder / ".local" / "stack.json").read_text(encoding="utf-8"))
        with stack.client_of(user["username"], user["password"]) as api:
            resume(api, batch_id)
        said += running.stderr
    assert running.returncode == 0, said
    assert said[-1].startswith("completed: 1 summarized, 0 failed, 0 left")
    assert (folder / "summaries.zip").is_file()


def test_the_client_ends_where_only_the_owner_can_help(folder: Path) -> None:
    (folder / "links.txt").write_text("Lighthouse1\n", encoding="utf-8")
    stopped = client(folder, "links.txt", "--model", "openai", "--max-cost-usd", "0.000001")
    assert stopped.returncode == 1
    assert "higher budget" in stopped.stderr.splitlines()[-1]


def test_the_client_signs_in_again_when_its_token_is_refused(stack: WholeStack) -> None:
    description = stack.local.description
    access = (description["client_id"], *stack.new_user())
    module = runpy.run_path(str(ROOT / "examples" / "skimlist_client.py"))
    skimlist = module["Skimlist"](description["api_url"], description["endpoint_url"] + "/", *access)
    skimlist._token = "an.expired.one"
    assert skimlist.ask("GET", "/batch")["batches"] == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["links.txt"], "None of the lines has a link to a video, playlist or channel."),
        (["--batch", "unknown"], "There is no such batch."),
    ],
)
def test_the_client_repeats_what_the_api_says(folder: Path, arguments: list[str], said: str) -> None:
    (folder / "links.txt").write_text("https://vimeo.com/1\n", encoding="utf-8")
    refused = client(folder, *arguments)
    assert refused.returncode == 1
    assert refused.stderr.startswith(said)
