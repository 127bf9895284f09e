"""A stack that is stopped in the middle of a batch continues it."""

from __future__ import annotations

from pathlib import Path

from local.model import FakeModelServer
from local.settings import ROOT
from local.stack import LocalStack
from local.youtube import FakeYouTube
from testkit.whole_stack import WholeStack, await_status, create_batch, follow, settings_between

VIDEOS = ["Lighthouse1", "Sauerteig_1", "Polinesia_1", "Momiji_no_1", "Steel_Box_1"]


def test_a_batch_that_was_cut_off_goes_on_and_pays_nothing_twice(tmp_path: Path) -> None:
    with FakeYouTube(ROOT / "local" / "samples", ca_folder=tmp_path) as youtube, FakeModelServer(latency=1.0) as model:
        settings = settings_between(tmp_path, youtube, model)
        with LocalStack(settings) as first:
            api = WholeStack(first, youtube, model).client()
            batch = create_batch(api, *VIDEOS, model="openai")
            for view in follow(api, batch["id"]):
                if view["progress"]["completed"] == 2:
                    break
        with LocalStack(settings) as second:
            api = WholeStack(second, youtube, model).client()
            done = await_status(api, batch["id"])
    assert (done["status"], done["progress"]["completed"]) == ("completed", 5)
    assert [item["attempts"] for item in done["items"]] == [1] * 5
    # Only what was under way when the stack was stopped may be asked once more: its answer found nobody.
    assert sum(model.requests["answered"].values()) <= len(VIDEOS) + 1
    assert sum(youtube.requests["timedtext"].values()) <= len(VIDEOS) + 1
