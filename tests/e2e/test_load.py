"""A short version of the load: a few users at once, none of whom loses anything."""

from __future__ import annotations

import pytest

from lab.load.crowd import Size, run
from testkit.whole_stack import WholeStack


def test_users_at_once_lose_nothing(stack: WholeStack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stack.model, "latency", 0.5)  # most videos still wait when they are moved
    found = run(stack, Size(users=2, batches=1, videos=7, arrive_every=0.0, look_every=1.0, patience=120))
    assert found["violations"] == []
    assert found["batches"] == 2
    assert found["completed"] == found["model_calls"] >= 2 * 5
    # Every route was measured, and every request got its answer.
    assert set(found["api"]) >= {"create", "order", "skip", "add", "pause", "status poll", "export"}
    assert all(route["unanswered"] == 0 for route in found["api"].values())
