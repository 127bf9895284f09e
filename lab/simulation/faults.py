"""The faults of a run and their frequency: a seed enables some kinds of faults and disables others.

With all of them enabled, the rarer ones would seldom occur ("swarm testing", Groce et al., ISSTA 2012).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from random import Random

_KINDS_ON = 0.45


@dataclass(frozen=True)
class Faults:
    """The probabilities of faults, per call to AWS unless a comment says otherwise."""

    refused: float = 0.0  # throttled
    answer_lost: float = 0.0  # the write succeeds, and the SDK repeats it
    late: float = 0.0  # the SDK repeats it, and the first one arrives later
    stalled: float = 0.0  # it takes long enough for much else to happen
    killed: float = 0.0  # the function's process ends before or after it
    stale: float = 0.0  # an eventually consistent read returns older data
    invocation_lost: float = 0.0  # of an invocation: its caller gets no answer, and it continues
    invocation_refused: float = 0.0  # of an invocation: Lambda rejects it
    invocation_repeated: float = 0.0  # of an asynchronous invocation: it runs twice
    execution_lost: float = 0.0  # of an execution's state: the execution ends in it, perhaps with its function
    execution_lost_early: float = 0.0  # of an execution: it ends after its first write, with its function
    swept: float = 0.0  # of a batch that comes to rest: a sweep runs at that moment
    checked: float = 0.0  # of a check of a source: another round of checks begins at that moment
    executions_fail: float = 0.0  # of an execution: it and all others of the next hours fail
    clock_wrong: float = 0.0  # of an invocation: its host's clock is some seconds off
    youtube: float = 0.0  # of a question: YouTube fails
    youtube_blocks: float = 0.0  # of a question: YouTube blocks the address for some time
    silent_page: float = 0.0  # of a question for an upload time: the video's page does not say it
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
    "checked": 0.9,
    "executions_fail": 0.1,
    "clock_wrong": 0.3,
    "youtube": 0.4,
    "youtube_blocks": 0.3,
    "silent_page": 0.4,
    "model": 0.3,
    "request_lost": 0.2,
}


def _strength(kind: str, random: Random) -> float:
    share = random.random()
    return _STRONGEST[kind] * random.choice([0.3, 1.0]) if share < _KINDS_ON else 0.0
