"""What goes wrong in a run, and how often: a seed turns some kinds of faults on and leaves others out.

With all of them at once the rarer ones would hardly get their turn ("swarm testing", Groce et al., ISSTA 2012).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from random import Random

_KINDS_ON = 0.45


@dataclass(frozen=True)
class Faults:
    """Each a probability: of a call to AWS, unless said otherwise."""

    refused: float = 0.0  # throttled
    answer_lost: float = 0.0  # the write is done, and the SDK sends it again
    late: float = 0.0  # the SDK sends it again, and the first one arrives after that
    stalled: float = 0.0  # it takes long enough for much else to happen
    killed: float = 0.0  # the function's process ends before or after it
    stale: float = 0.0  # a read that need not be consistent is behind
    invocation_lost: float = 0.0  # of an invocation: its caller hears nothing of it, and it runs on
    invocation_refused: float = 0.0  # of an invocation: Lambda does not take it
    invocation_repeated: float = 0.0  # of an asynchronous invocation: it comes twice
    execution_lost: float = 0.0  # of an execution's state: the execution ends in it, maybe with the function it called
    execution_lost_early: float = 0.0  # of an execution: it ends after its first write, with the function it called
    swept: float = 0.0  # of a batch that comes to rest: a sweep looks at that moment
    executions_fail: float = 0.0  # of an execution: it and all that are started within the next hours come to nothing
    clock_wrong: float = 0.0  # of an invocation: its host's clock is some seconds off
    youtube: float = 0.0  # of a question: YouTube fails
    youtube_blocks: float = 0.0  # of a question: YouTube blocks the address for some time
    model: float = 0.0  # of a question: the model fails, paid or unpaid
    request_lost: float = 0.0  # of a client's request: it never arrives, or its answer does not

    @classmethod
    def of(cls, random: Random) -> Faults:
        return cls(**{each.name: _strength(each.name, random) for each in fields(cls)})


_STRONGEST = {
    "refused": 0.05,
    "answer_lost": 0.05,
    "late": 0.03,
    "stalled": 0.05,
    "killed": 0.02,
    "stale": 0.5,
    "invocation_lost": 0.25,
    "invocation_refused": 0.1,
    "invocation_repeated": 0.5,
    "execution_lost": 0.03,
    "execution_lost_early": 0.4,
    "swept": 0.9,
    "executions_fail": 0.1,
    "clock_wrong": 0.3,
    "youtube": 0.4,
    "youtube_blocks": 0.3,
    "model": 0.3,
    "request_lost": 0.2,
}


def _strength(kind: str, random: Random) -> float:
    share = random.random()
    return _STRONGEST[kind] * random.choice([0.3, 1.0]) if share < _KINDS_ON else 0.0
