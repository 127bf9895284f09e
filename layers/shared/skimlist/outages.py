"""Who is to blame when a video fails for a reason that may lie outside of it: the circuit breaker of a batch.

A timeout tells nothing of its cause: the service may be down, or the video may be one that always times out. What
tells them apart is another video that passes the same service in between. So a video that failed so is tried again
behind the others, and two failures of a service in a row let the whole batch wait.
"""

from __future__ import annotations

from typing import NamedTuple

# Where no other video can show that the service works, this many tries decide. All but the first two have a wait before
# them, and a video has its turn again only when every other one of its page had as many.
MOST_TRIES = 6


class Verdict(NamedTuple):
    """Whether the video fails; if not, it stays in the queue. Whether the batch waits before the next try."""

    fails: bool
    pauses: bool


def judge(*, setbacks: int, failures_in_a_row: int, others_left: bool) -> Verdict:
    """What a failure means that may lie with a service.

    `setbacks`: how often this video failed so before. `failures_in_a_row`: how often the service failed since it last
    answered, for whichever video. `others_left`: whether anything would wait in a batch that pauses.
    """
    has_just_worked = failures_in_a_row == 0
    fails = (setbacks > 0 and has_just_worked) or setbacks + 1 >= MOST_TRIES
    return Verdict(fails, pauses=not has_just_worked and (others_left or not fails))
