"""Who is to blame when a video fails for a reason that may lie outside of it: the circuit breaker of a batch.

A timeout tells nothing of its cause: the service may be down, or the video may be one that always times out. What
tells them apart is another video that passes the same service in between. So a video that failed so is tried again
behind the others, and two failures of a service in a row let the whole batch wait.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from skimlist.models import Batch, Pause, Service, ServiceOutage

# Where no other video can show that the service works, this many tries decide. All but the first two have a wait before
# them, and a video has its turn again only when every other one of its page had as many.
MOST_TRIES = 6
# The batch that found an outage tries again first; the others learn from it how that went.
_FOLLOW_AFTER = timedelta(minutes=2)


class FailureDecision(NamedTuple):
    """Whether the video fails; if not, it stays in the queue. Whether the batch waits before the next try."""

    fails: bool
    pauses: bool


def decide_on_failure(*, transient_failures: int, failures_in_a_row: int, others_left: bool) -> FailureDecision:
    """What a failure means that may lie with a service.

    `transient_failures`: how often this video failed so before. `failures_in_a_row`: how often the service failed since
    it last answered, for whichever video. `others_left`: whether anything would wait in a batch that pauses.
    """
    has_just_worked = failures_in_a_row == 0
    fails = (transient_failures > 0 and has_just_worked) or transient_failures + 1 >= MOST_TRIES
    return FailureDecision(fails, pauses=not has_just_worked and (others_left or not fails))


def shared_cause(service: Service | None, batch: Batch) -> str | None:
    """What other batches of the stack meet too if `service` stops this one; None if that concerns it alone."""
    match service:
        case Service.YOUTUBE:
            return str(service)
        case Service.MODEL:
            return f"{service}#{batch.settings.model}"
        case _:
            return None


def find_outage(outages: Iterable[ServiceOutage], batch: Batch, now: datetime) -> ServiceOutage | None:
    """What this batch would run into; nothing that its user wants it to try anyway."""
    needed = {shared_cause(service, batch) for service in Service}
    met = [each for each in outages if each.cause in needed and each.until > now]
    return next((each for each in met if batch.insisted_at is None or batch.insisted_at < each.noted_at), None)


def pause_before(outage: ServiceOutage, batch: Batch, now: datetime) -> Pause:
    """The pause of a batch that does not even ask."""
    return Pause(
        code=outage.code,
        message=outage.message,
        advice=outage.advice,
        since=now,
        until=outage.until + _FOLLOW_AFTER,
        times=batch.pauses_in_a_row + 1,
    )
