"""Evaluates the users' batches: broken promises, fairness, and response times of the API."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from statistics import median, quantiles
from typing import Any

from lab.load.user import PlannedBatch, SentRequest


def violations(plan: PlannedBatch, fetched: Mapping[str, int], emails: int) -> Iterator[tuple[str, str]]:
    """Returns the kind and description of each broken promise; `fetched` counts the requests for a video's captions."""
    view = plan.view
    if not view:
        yield "not at an end", "its user had no time left to begin it"
        return
    items, progress = view["items"], view["progress"]
    if view["status"] != "completed" or progress["left"]:
        yield "not at an end", f"{view['status']} {progress}"
        return
    found = Counter(item["status"] for item in items)
    left_out = int(bool(plan.skipped))
    expected = {"total": len(items), "completed": len(items) - left_out, "failed": 0, "skipped": left_out}
    if {name: progress[name] for name in expected} != expected or found != +Counter(
        completed=len(items) - left_out, skipped=left_out
    ):
        yield "counter", f"{progress}, but the items are {dict(found)}"
    if sorted(item["video_id"] for item in items) != sorted(plan.taken):
        yield "video lost", f"{[item['video_id'] for item in items]} instead of {plan.taken}"
    if [item["id"] for item in items][: len(plan.order)] != plan.order:
        yield "command lost", f"the order is {[item['id'] for item in items]} instead of {plan.order}"
    if [item["id"] for item in items if item["status"] == "skipped"] != [plan.skipped] * left_out:
        yield "command lost", f"{plan.skipped or 'none'} is not the one that was skipped"
    # A video that waits again after a pause already has its captions, but can still be skipped.
    most = {"completed": {1}, "skipped": {0, 1}}
    if any(fetched.get(item["video_id"], 0) not in most.get(item["status"], {0}) for item in items):
        yield "worked twice", f"{[fetched.get(item['video_id'], 0) for item in items]} times fetched"
    for refusal in plan.refused:
        yield "command lost", refusal
    if emails != 1:
        yield "email", f"{emails} came"


def fairness(plans: Sequence[PlannedBatch]) -> dict[str, float]:
    """Compares batches of the same size by their seconds from creation to end."""
    ends = [_ends(plan.view) for plan in plans]
    gaps = [later - earlier for batch in ends for earlier, later in pairwise(batch)]
    return {
        "median_wait_for_the_first_video": round(median(batch[0] for batch in ends), 1),
        "longest_wait_for_the_first_video": round(max(batch[0] for batch in ends), 1),
        "longest_wait_for_the_next_video": round(max(gaps), 1),
        "fastest_batch": round(min(batch[-1] for batch in ends), 1),
        "median_batch": round(median(batch[-1] for batch in ends), 1),
        "slowest_batch": round(max(batch[-1] for batch in ends), 1),
    }


def _ends(view: Mapping[str, Any]) -> list[float]:
    """Returns the times at which videos were completed, in order."""
    began = _time(view["created_at"])
    return sorted(_time(item["completed_at"]) - began for item in view["items"] if item["status"] == "completed")


def answers(requests: Sequence[SentRequest]) -> dict[str, dict[str, Any]]:
    """Returns answers by route; refusals because of an earlier command are counted apart from errors."""
    found = {}
    for route in sorted({one.route for one in requests}):
        of_route = [one for one in requests if one.route == route]
        seconds = [one.seconds for one in of_route]
        found[route] = {
            "requests": len(of_route),
            "p50_ms": round(median(seconds) * 1000),
            "p99_ms": round(quantiles(seconds, n=100, method="inclusive")[-1] * 1000) if len(seconds) > 1 else None,
            "conflicts": sum(one.status == 409 for one in of_route),
            "throttled": sum(one.status == 429 for one in of_route),
            "unanswered": sum(one.status == 0 or one.status >= 500 for one in of_route),
        }
    return found


def _time(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()
