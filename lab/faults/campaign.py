"""Runs many plans in one world, and collects their results."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from threading import Timer
from typing import Any

from lab.faults.evidence import Evidence
from lab.faults.follow_run import FollowRun
from lab.faults.plan import follow_plan, plan
from lab.faults.run import Run
from lab.faults.world import World
from local.terminal import console

_PROMISES = (
    *("not at an end", "counter", "result lost", "wrongly failed", "archive", "email twice", "email missing"),
    *("paid again", "worked on after cancel", "deleted and there"),
    *("follow not at an end", "video lost", "video twice", "old video"),
)
# In so many runs there is one whose user also follows a playlist.
FOLLOWS_EVERY = 4
# The emulator is restarted this long after the beginning of a run.
_RESTART_SECONDS = 3.0


def campaign(
    world: World, seeds: Sequence[int], at_once: int, restart_every: int, follows_every: int = FOLLOWS_EVERY
) -> Iterator[Evidence]:
    """Yields the runs as they end."""

    def one(seed: int) -> Evidence:
        restart = Timer(_RESTART_SECONDS, world.restart) if restart_every and seed % restart_every == 0 else None
        if restart:
            restart.start()
        evidence = Run(world, plan(seed)).carry_out()
        if seed % follows_every == 0:
            evidence.follow = FollowRun(world, follow_plan(seed)).carry_out()
        if restart:
            restart.join()
        wrong = "; ".join(f"{kind}: {what}" for kind, what in evidence.violations())
        seconds = evidence.seconds + (evidence.follow.seconds if evidence.follow else 0)
        console.print(f"seed {seed}  {seconds:.0f} s  {wrong or 'as promised'}")
        return evidence

    with ThreadPoolExecutor(at_once) as pool:
        for run in as_completed([pool.submit(one, seed) for seed in seeds]):
            yield run.result()


def summary(found: Sequence[Evidence], events: Sequence[dict[str, Any]], seconds: float) -> dict[str, Any]:
    # An action may end with the details of one case, which are removed: `latency:185ms`.
    fired = Counter(f"{event['service']} {re.sub(r':[0-9.]+ms$', '', event['action'])}" for event in events)
    violations = [(evidence, kind, what) for evidence in found for kind, what in evidence.violations()]
    kinds = Counter(kind for _, kind, _ in violations)
    finished = [
        number
        for evidence in found
        if evidence.plan.model_name == "openai"
        for number, video_id in zip(evidence.plan.numbers, evidence.plan.video_ids, strict=True)
        if video_id in evidence.summarized
    ]
    paid = sum(evidence.paid.get(number, 0) for evidence in found for number in evidence.plan.numbers)
    return {
        "seeds": [min(evidence.plan.seed for evidence in found), max(evidence.plan.seed for evidence in found)],
        "runs": len(found),
        "videos": sum(len(evidence.plan.numbers) for evidence in found),
        "promises": {kind: kinds[kind] for kind in _PROMISES},
        "model_answers_per_finished_video": round(paid / len(finished), 3) if finished else None,
        "met": {
            "faults_of_aws": dict(sorted(fired.items())),
            **{
                name: sum(getattr(evidence, name) for evidence in found)
                for name in (
                    *("killed", "pauses", "given_up", "retries", "sweeps", "unanswered"),
                    *("checks", "reorders", "retries_by_name"),
                )
            },
            "follows": {
                name: sum(getattr(evidence.follow, name) for evidence in found if evidence.follow)
                for name in ("batches", "looks", "killed", "pauses", "sweeps", "unanswered")
            },
        },
        "seconds": round(seconds),
        "violations": [
            {"seed": evidence.plan.seed, "batch": evidence.batch_id, "kind": kind, "what": what}
            for evidence, kind, what in violations
        ],
    }
