"""A short version of the fault campaign."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import Mock

import httpx
import pytest

from lab.faults import user
from lab.faults.campaign import campaign
from lab.faults.follow_run import FollowEvidence
from lab.faults.plan import follow_plan, plan
from lab.faults.user import PatientUser
from lab.faults.world import World
from local.model.failures import Failure

# If a process is killed between a model's answer and the write that stores it, the answer is paid for again.
PAID_AGAIN = "paid again"
# One run of nearly everything: functions are killed, a model is asked, a video is moved, another is retried, an upload
# and an email fail, and a playlist is followed.
SEED = 100
# After two unusable answers, the video fails.
TO_BE_RETRIED = {(Failure.NOT_JSON, 2), (Failure.CUT_OFF, 2)}


def test_a_seed_says_all_that_goes_wrong() -> None:
    assert plan(7) == plan(7)
    assert plan(7) != plan(8)


def test_runs_share_no_video() -> None:
    numbers = [number for seed in range(1, 201) for number in plan(seed).numbers]
    for seed in range(1, 201):
        followed = follow_plan(seed)
        numbers += [*followed.new, *followed.last]
        assert not {*followed.old} & {*followed.new}
    assert len(set(numbers)) == len(numbers)


def test_eight_runs_have_a_video_to_retry_by_its_name() -> None:
    for first in range(1, 201, 8):
        assert any(
            seed.retries_by_name and seed.model_name == "openai" and TO_BE_RETRIED & {*seed.model.values()}
            for seed in map(plan, range(first, first + 8))
        ), first


def test_no_website_switches_the_faults_of_a_campaign(tmp_path: Path) -> None:
    world = World(tmp_path)
    proxy = world._start_proxy()
    try:
        rules = f"{world._proxy_url}/_microburst/rules"
        for headers in ({"Origin": "https://evil.example"}, {"Host": "evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
            assert httpx.post(rules, headers=headers, json=[], trust_env=False).status_code == 403
        assert httpx.post(rules, json=[], trust_env=False).status_code == 200
    finally:
        proxy.terminate()
        proxy.wait()


def test_a_user_waits_for_an_email_that_comes_with_the_third_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its export hangs for half a minute, and SNS refuses it twice."""
    passed = [0.0]
    monkeypatch.setattr(user.time, "monotonic", lambda: passed[0])
    monkeypatch.setattr(user.time, "sleep", lambda seconds: passed.append(passed.pop() + seconds))
    world, notes = Mock(), FollowEvidence(follow_plan(1))
    waiting = PatientUser(world, notes)
    waiting.await_email(lambda: world.sweep.call_count == 3)
    assert (notes.sweeps, 40 < passed[0] < 60) == (3, True)
    waiting.await_email(lambda: False)  # one that never comes
    assert 160 < passed[0] < 180


def test_a_batch_comes_to_a_true_end_whatever_fails(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        (run,) = campaign(world, [SEED], at_once=1, restart_every=0)
        assert world.fired()
    broken = run.violations()
    assert [each for each in broken if each[0] != PAID_AGAIN] == []
    assert len(broken) <= run.killed, broken
