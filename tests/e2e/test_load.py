"""A short version of the load: a few users at once, none of whom loses anything."""

from __future__ import annotations

from load.crowd import Size, run
from tests.whole_stack import WholeStack


def test_users_at_once_lose_nothing(stack: WholeStack) -> None:
    found = run(stack, Size(users=2, batches=2, videos=6, arrive_every=0.0, look_every=0.5, patience=90))
    assert found["violations"] == []
    assert (found["batches"], found["completed"], found["model_calls"]) == (4, 20, 20)
    # Every route was measured, and every request got its answer.
    assert set(found["api"]) >= {"create", "order", "skip", "add", "pause", "resume", "status poll", "export"}
    assert all(route["unanswered"] == 0 for route in found["api"].values())
