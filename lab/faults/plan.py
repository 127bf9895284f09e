"""Plans the faults of a run, which follow from its seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from local.model.failures import Failure as ModelFailure
from local.youtube.failures import Failure as YouTubeFailure
from local.youtube.synthetic import synthetic_id

_MAX_SEEDS = 8_000
# Videos of different runs have different numbers, so that a model's request shows its run.
_FIRST_NUMBER, _NUMBERS_A_RUN, _MAX_VIDEOS = 10_000, 10, 6

_WRITES = ("UpdateItem", "TransactWriteItems", "PutItem", "BatchWriteItem")
_READS = ("GetItem", "Query", "BatchGetItem")

# These faults fail a video for good; the others pass after some requests.
_OWN_FAILURES = (YouTubeFailure.CAPTIONS_OFF, YouTubeFailure.PRIVATE, YouTubeFailure.AGE_GATE)
_PASSING_YOUTUBE = (
    *(YouTubeFailure.SERVER_ERROR, YouTubeFailure.MALFORMED, YouTubeFailure.EMPTY),
    *(YouTubeFailure.BLOCKED, YouTubeFailure.CAPTCHA, YouTubeFailure.SESSION_LIMIT),
)
_PASSING_MODEL = (
    *(ModelFailure.SERVER_ERROR, ModelFailure.RATE_LIMITED, ModelFailure.QUOTA, ModelFailure.KEY_REJECTED),
    *(ModelFailure.NOT_JSON, ModelFailure.CUT_OFF),
)

# After two such answers a video fails until its user retries it; then the model works again.
_UNUSABLE_ANSWERS = (ModelFailure.NOT_JSON, ModelFailure.CUT_OFF)
_ANSWERS_UNTIL_IT_FAILS = 2

Rule = dict[str, Any]


@dataclass(frozen=True)
class Plan:
    """The faults of a run. Videos have numbers. `youtube` and `model` say how often a video fails there (None is
    always); `kills` are the seconds after the start at which a function's process is killed; the user cancels after
    `cancels` completed videos.

    `creation_rules` are faults of the creation. The user has the draft checked and starts it `starts_after` seconds
    later, or starts it unchecked; reorders waiting videos `reorders` times; and retries videos by their ids or not.
    """

    seed: int
    numbers: Sequence[int]
    model_name: str
    rules: Sequence[Rule]
    youtube: Mapping[int, tuple[YouTubeFailure, int | None]]
    model: Mapping[int, tuple[ModelFailure, int]]
    kills: Sequence[float]
    cancels: int | None
    creation_rules: Sequence[Rule]
    starts_after: float | None
    reorders: int
    retries_by_name: bool

    @property
    def video_ids(self) -> list[str]:
        return [synthetic_id(number) for number in self.numbers]

    @property
    def failing(self) -> set[str]:
        """The videos that cannot be summarized."""
        return {synthetic_id(number) for number, (_, times) in self.youtube.items() if times is None}

    @property
    def failing_until_retried(self) -> set[str]:
        """The videos that fail too, but are summarized when their user retries them."""
        unusable = (number for number, (failure, _) in self.model.items() if failure in _UNUSABLE_ANSWERS)
        return {synthetic_id(number) for number in unusable}


@dataclass(frozen=True)
class FollowPlan:
    """The faults of a run in which a playlist is followed.

    It has the `old` videos at first, and gets those of each round, the first of the `last` ones when the follow is
    deleted, and the second afterwards. `kills` are seconds after the start.
    """

    seed: int
    model_name: str
    old: Sequence[int]
    rounds: Sequence[Sequence[int]]
    last: Sequence[int]
    rules: Sequence[Rule]
    kills: Sequence[float]

    @property
    def source(self) -> str:
        return f"PLfollowed{self.seed % _MAX_SEEDS:08}"

    @property
    def new(self) -> list[int]:
        return [number for numbers in self.rounds for number in numbers]


def follow_plan(seed: int) -> FollowPlan:
    random = Random(-seed)
    # The numbers of a run that its batch does not use.
    first = _FIRST_NUMBER + seed % _MAX_SEEDS * _NUMBERS_A_RUN + _MAX_VIDEOS
    return FollowPlan(
        seed=seed,
        model_name=random.choice(["openai", "openai", "extractive"]),
        old=range(1, random.randint(2, 5)),
        rounds=random.choice([[[first], [first + 1]], [[first, first + 1]]]),
        last=[first + 2, first + 3],
        rules=[_rule(random) for _ in range(random.randint(3, 8))],
        kills=sorted(random.uniform(0.5, 15) for _ in range(random.choice([0, 1, 2, 4]))),
    )


def plan(seed: int) -> Plan:
    random = Random(seed)
    first = _FIRST_NUMBER + seed % _MAX_SEEDS * _NUMBERS_A_RUN
    numbers = range(first, first + random.randint(3, _MAX_VIDEOS))
    youtube = {number: _youtube(random) for number in numbers if random.random() < 0.25}
    return Plan(
        seed=seed,
        numbers=numbers,
        model_name=random.choice(["openai", "openai", "openai", "extractive"]),
        rules=[_rule(random) for _ in range(random.randint(3, 8))],
        youtube=youtube,
        model={
            **{
                number: (random.choice(_PASSING_MODEL), random.randint(1, 6))
                for number in numbers
                if random.random() < 0.25
            },
            **_to_be_retried([number for number in numbers if number not in youtube], random),
        },
        kills=sorted(random.uniform(0.5, 8) for _ in range(random.choice([0, 0, 1, 1, 2, 3]))),
        cancels=random.randint(0, 2) if random.random() < 0.1 else None,
        creation_rules=[_bulk_write(random)] if random.random() < 0.5 else [],
        starts_after=random.choice([0.0, random.uniform(0, 10)]) if random.random() < 0.4 else None,
        reorders=random.choice([0, 0, 1, 3]),
        retries_by_name=random.random() < 0.75,
    )


def _to_be_retried(numbers: Sequence[int], random: Random) -> dict[int, tuple[ModelFailure, int]]:
    """Returns a video that fails in most runs, so that its user has something to retry."""
    if not numbers or random.random() < 0.2:
        return {}
    return {random.choice(numbers): (random.choice(_UNUSABLE_ANSWERS), _ANSWERS_UNTIL_IT_FAILS)}


def _youtube(random: Random) -> tuple[YouTubeFailure, int | None]:
    if random.random() < 0.3:
        return random.choice(_OWN_FAILURES), None
    if random.random() < 0.15:
        return YouTubeFailure.SERVER_ERROR, None  # a video that always times out
    return random.choice(_PASSING_YOUTUBE), random.randint(1, 6)


def _rule(random: Random) -> Rule:
    """Returns a fault of AWS as a rule of microburst, for some requests after a random number of good ones."""
    kind = random.choice(["refused", "refused", "lost", "lost", "reset", "slow", "upload", "email"])
    rule: Rule = {"times": random.randint(1, 4), "probability": random.choice([0.3, 0.6, 1.0])}
    match kind:
        case "refused":
            code, status = random.choice([("ThrottlingException", 400), ("InternalServerError", 500)])
            fault = {"error": {"code": code, "status": status}, "operation": random.choice(_READS + _WRITES)}
            return rule | {"service": "dynamodb"} | fault
        case "lost":  # the write succeeds, but its answer is lost
            return rule | _answer_lost(random) | {"service": "dynamodb", "operation": random.choice(_WRITES)}
        case "reset":  # the connection is lost before the request arrives
            return rule | {"service": "dynamodb", "operation": random.choice(_READS + _WRITES), "reset": True}
        case "slow":
            return rule | {"service": "dynamodb", "latency": {"min": 50, "max": 1500}}
        case "upload":
            return rule | {"service": "s3", "operation": "PutObject"} | random.choice(_uploads(random))
        case _:
            refused = {"error": {"code": "Throttling", "status": 400}}
            return rule | {"service": "sns", "operation": "Publish"} | random.choice([_answer_lost(random), refused])


def _bulk_write(random: Random) -> Rule:
    """Returns a fault of writing a new batch's items; a repeated or late write must not undo later changes."""
    refused = {"error": {"code": "ThrottlingException", "status": 400}}
    fault = random.choice([_answer_lost(random), refused, {"reset": True}, {"latency": {"min": 500, "max": 3000}}])
    operation = random.choice(["BatchWriteItem", "TransactWriteItems"])
    return {"service": "dynamodb", "operation": operation, "times": random.randint(1, 3)} | fault


def _uploads(random: Random) -> list[Rule]:
    return [
        {"request": {"cut_upload": {"after_frac": random.random()}}},
        {"error": {"code": "SlowDown", "status": 503}},
        _answer_lost(random),
    ]


def _answer_lost(random: Random) -> Rule:
    return {"response": {"abort_frac": random.choice([0.0, 0.5])}}
