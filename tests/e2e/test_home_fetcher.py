"""Captions from home: a stack that YouTube blocks, and a client at another address that YouTube answers."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import httpx
import pytest

from local.settings import ROOT
from local.youtube import Failure, FakeYouTube
from local.youtube.synthetic import synthetic_id, synthetic_video
from testkit.whole_stack import WholeStack, await_mail, await_status, create_batch, wait_for

FIRST = 32_000
# Runs the client without its pauses, in which a test has nothing to see. Ctrl-C ends it, also where a shell started the
# tests in the background, whose programs ignore it.
AT_ONCE = (
    "import runpy, signal, sys, time; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "pause = time.sleep; time.sleep = lambda seconds: pause(min(seconds, 0.05)); "
    f"runpy.run_path({str(ROOT / 'examples' / 'skimlist_client.py')!r}, run_name='__main__')"
)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[FakeYouTube]:
    """YouTube as it answers at home."""
    with FakeYouTube(ROOT / "local" / "samples", ca_folder=tmp_path) as youtube:
        yield youtube


class Fetcher:
    """The client on somebody's machine at home."""

    def __init__(self, folder: Path, stack: WholeStack, home: FakeYouTube) -> None:
        email, password = stack.new_user()
        self.api = stack.client_of(email, password)
        self._folder = folder
        described = {**stack.local.description, "username": email, "password": password}
        (folder / "stack.json").write_text(json.dumps(described), encoding="utf-8")
        others = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        authority = str(home.ca_file)
        self._environment = {
            **others,
            "HTTPS_PROXY": home.proxy_url,
            "REQUESTS_CA_BUNDLE": authority,
            "SSL_CERT_FILE": authority,
        }

    def start(self, *options: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", AT_ONCE, "--stack", "stack.json", *options]
        return subprocess.Popen(
            command, cwd=self._folder, env=self._environment, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def fetch(self, *options: str) -> str:
        """What the client says until it ends."""
        return self.start("--fetch-captions", *options).communicate(timeout=120)[1]


@pytest.fixture
def fetcher(tmp_path: Path, stack: WholeStack, home: FakeYouTube) -> Fetcher:
    return Fetcher(tmp_path, stack, home)


def test_six_videos_that_youtube_blocks_get_their_captions_from_home(
    stack: WholeStack, home: FakeYouTube, fetcher: Fetcher
) -> None:
    videos = [synthetic_id(FIRST + number) for number in range(6)]
    stack.youtube.fail(Failure.BLOCKED)
    batch = create_batch(fetcher.api, *videos, model="openai")
    paused = await_status(fetcher.api, batch["id"], {"paused"})
    assert "--fetch-captions" in paused["pause"]["advice"]
    await_mail(stack, batch["id"], "--fetch-captions")

    home.latency = 0.4  # so that it is interrupted before it has all of them
    client = fetcher.start("--fetch-captions")
    wait_for(lambda: len(home.requests["timedtext"]) >= 3)
    client.send_signal(signal.SIGINT)
    client.communicate(timeout=60)
    home.latency = 0.0
    # The batch goes on with what it has, and waits again.
    await_status(fetcher.api, batch["id"], {"paused"}, lambda batch: batch["progress"]["completed"] >= 2)
    assert "videos with new captions" in fetcher.fetch()

    ended = await_status(fetcher.api, batch["id"], {"completed"})
    assert [item["video_id"] for item in ended["items"]] == videos
    assert {(item["status"], item["caption_kind"], item["attempts"]) for item in ended["items"]} == {
        ("completed", "given", 1)
    }
    assert sum(home.requests["timedtext"].values()) <= 7, "Only the video at which it was interrupted comes twice."
    assert not set(videos) & set(stack.youtube.requests["timedtext"])

    # The same videos cost the same where YouTube answers, but for the few tokens of the channel's name.
    stack.recover()
    for video in videos:
        fetcher.api.delete(f"videos/{video}/transcript").raise_for_status()
    usual = await_status(fetcher.api, create_batch(fetcher.api, *videos, model="openai")["id"])
    assert usual["cost"]["usd"] == pytest.approx(ended["cost"]["usd"], rel=0.02)


def test_videos_without_captions_say_in_all_places_what_their_summaries_are_made_from(
    stack: WholeStack, home: FakeYouTube, fetcher: Fetcher, tmp_path: Path
) -> None:
    silent, given, described = (synthetic_id(FIRST + number) for number in (50, 51, 52))
    for video in (silent, given, described):
        for youtube in (stack.youtube, home):
            youtube.fail(Failure.CAPTIONS_OFF, video)
    about = "All about bread and salt, and how long both of them need."
    stack.youtube.videos[described] = {**(synthetic_video(described) or {}), "description": about}
    program = tmp_path / "listen.py"
    program.write_text(
        "import sys, pathlib; pathlib.Path(sys.argv[2]).write_text("
        "'WEBVTT\\n\\n00:01.000 --> 00:04.000\\nWhat was said about bread and salt.\\n')",
        encoding="utf-8",
    )

    batch = await_status(fetcher.api, create_batch(fetcher.api, silent, given)["id"])
    captions = {"captions": "1\n00:00:01,000 --> 00:00:03,500\nBread needs salt.\n", "language": "en"}
    fetcher.api.put(f"videos/{given}/transcript", json={**captions, "batch_id": batch["id"]}).raise_for_status()
    await_status(fetcher.api, batch["id"])
    command = shlex.join([sys.executable, str(program)])
    said = fetcher.fetch("--ended", "--transcribe", command, "--transcribe-language", "en")
    assert "videos without captions: 1, with " in said
    await_status(fetcher.api, batch["id"])
    require_told(
        stack,
        fetcher.api,
        batch["id"],
        {"transcribed": "transcribed by your program", "given": "given by you"},
        ["captions that your speech-to-text program wrote", "captions that you gave"],
    )

    options = {"fallback": "description"}
    batch = await_status(fetcher.api, create_batch(fetcher.api, described, options=options)["id"])
    assert batch["described"] == 1
    described_only = {"description": "from the description only"}
    require_told(stack, fetcher.api, batch["id"], described_only, ["the description only"])


def require_told(
    stack: WholeStack, api: httpx.Client, batch_id: str, words: dict[str, str], in_mail: list[str]
) -> None:
    """Requires that API, metadata, export and email tell each kind of captions; the page has a test of its own."""
    items = api.get(f"batch/{batch_id}").raise_for_status().json()["items"]
    assert [item["caption_kind"] for item in items] == list(words)
    for item in items:
        assert api.get(f"summaries/{item['summary_id']}").json()["caption_kind"] == item["caption_kind"]
    link = api.get(f"batch/{batch_id}/export", params={"format": "zip"}).raise_for_status().json()["url"]
    with ZipFile(BytesIO(httpx.get(link).content)) as archive:
        files = {name.rpartition("/")[2]: archive.read(name).decode() for name in archive.namelist()}
    assert [item["caption_kind"] for item in json.loads(files["metadata.json"])["items"]] == list(words)
    pages = [text for name, text in files.items() if name[:3].isdigit()]
    for word, page in zip(words.values(), pages, strict=True):
        assert all(word in text for text in (files["index.md"], files["summaries.csv"], page))
    await_mail(stack, batch_id, *in_mail)
