"""The circuit breaker of a batch: what an outage does to it, and what a video does that fails every time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skimlist.circuit_breaker import MOST_TRIES, decide_on_failure, find_outage, pause_before, shared_cause
from skimlist.models import BatchSettings, Service, ServiceOutage
from tests.fakes.batches import a_batch

# Tries of a simulation; all of them end long before.
_TOO_MANY = 10_000


@dataclass
class Simulation:
    """A page of a queue, worked through by the rule: the videos with the fewest transient_failures come first."""

    videos: int
    poisonous: frozenset[int] = frozenset()
    transient_failures: dict[int, int] = field(default_factory=dict)
    failures_in_a_row: int = 0
    pauses: int = 0
    tries: int = 0
    failed: list[int] = field(default_factory=list)
    completed: list[int] = field(default_factory=list)

    def run(self, is_down: Callable[[Simulation], bool], most_tries: int = _TOO_MANY) -> Simulation:
        """Until every video has ended; `is_down` says whether the service fails the next try."""
        left = list(range(self.videos))
        while left and self.tries < most_tries:
            left.sort(key=lambda video: self.transient_failures.get(video, 0))
            self._try(left, is_down(self))
        assert left or self.tries < _TOO_MANY
        return self

    def _try(self, left: list[int], is_down: bool) -> None:
        video, self.tries = left[0], self.tries + 1
        if not is_down and video not in self.poisonous:
            self.failures_in_a_row = 0
            self.completed.append(left.pop(0))
            return
        transient_failures = self.transient_failures.get(video, 0)
        decision = decide_on_failure(
            transient_failures=transient_failures, failures_in_a_row=self.failures_in_a_row, others_left=len(left) > 1
        )
        self.failures_in_a_row += 1
        self.pauses += decision.pauses
        if decision.fails:
            self.failed.append(left.pop(0))
        else:
            self.transient_failures[video] = transient_failures + 1


def up(_simulation: Simulation) -> bool:
    return False


def down(_simulation: Simulation) -> bool:
    return True


@given(st.integers(1, 25))
def test_an_outage_fails_nothing_before_every_video_of_the_page_was_tried_five_times(videos: int) -> None:
    outage = Simulation(videos).run(down, most_tries=(MOST_TRIES - 1) * videos)
    assert outage.failed == []
    assert outage.pauses == outage.tries - 1


@given(st.integers(1, 25), st.integers(0, 40), st.integers(0, 60))
def test_when_an_outage_ends_in_time_every_video_passes(videos: int, begins: int, lasts: int) -> None:
    lasts = min(lasts, (MOST_TRIES - 1) * max(videos - begins, 0))
    run = Simulation(videos).run(lambda now: begins <= now.tries < begins + lasts)
    assert len(run.completed) == videos


@given(st.integers(1, 25), st.lists(st.booleans(), max_size=60))
def test_whatever_fails_had_failed_before_and_one_outage_fails_one_video_at_most(
    videos: int, weather: list[bool]
) -> None:
    """Of an outage that is shorter than what would have failed a video by its tries alone."""
    outages = "".join("x" if bad else "." for bad in weather).split(".")
    run = Simulation(videos).run(lambda now: now.tries < len(weather) and weather[now.tries])
    assert all(run.transient_failures[video] >= 1 for video in run.failed)
    if max(map(len, outages)) < MOST_TRIES - 1:
        assert len(run.failed) <= len([outage for outage in outages if outage])


@given(st.integers(2, 25), st.data())
def test_a_poisonous_video_fails_alone_and_holds_nobody_up(videos: int, data: st.DataObject) -> None:
    poisonous = data.draw(st.integers(0, videos - 2))
    run = Simulation(videos, frozenset({poisonous})).run(up)
    assert run.failed == [poisonous]
    assert (run.tries, run.pauses) == (videos + 1, 0)


@given(st.integers(1, 25), st.sets(st.integers(0, 24)))
def test_no_number_of_poisonous_videos_holds_a_batch_for_ever(videos: int, poisonous: set[int]) -> None:
    run = Simulation(videos, frozenset(poisonous)).run(up)
    assert set(run.failed) == {video for video in poisonous if video < videos}
    assert run.tries <= videos + MOST_TRIES * len(run.failed)


@pytest.mark.parametrize(("videos", "pauses"), [(1, MOST_TRIES - 2), (2, MOST_TRIES - 2)])
def test_the_last_video_of_a_batch_has_all_its_tries_and_no_wait_after_them(videos: int, pauses: int) -> None:
    run = Simulation(videos, frozenset({videos - 1})).run(up)
    assert run.failed == [videos - 1]
    assert run.pauses == pauses


def test_an_outage_without_end_fails_one_video_between_two_pauses() -> None:
    run = Simulation(10).run(down)
    assert len(run.failed) == 10
    assert run.pauses == run.tries - 2


NOTED = datetime(2026, 3, 1, 12, tzinfo=UTC)


def outage(cause: str = "youtube", **changes: Any) -> ServiceOutage:
    fields = {"code": "youtube_blocked", "message": "m", "advice": "a", "noted_at": NOTED}
    return ServiceOutage(**{**fields, "cause": cause, "until": NOTED + timedelta(minutes=5), **changes})


@pytest.mark.parametrize(
    ("cause", "minutes", "insisted", "is_met"),
    [
        ("youtube", 1, None, True),
        ("model#extractive", 1, None, True),
        ("model#another", 1, None, False),
        ("youtube", 5, None, False),
        ("youtube", 3, 2, False),
        ("youtube", 3, -2, True),
    ],
    ids=[
        "youtube",
        "its model",
        "another model",
        "its time has passed",
        "the user insists",
        "the user insisted before",
    ],
)
def test_a_batch_meets_what_it_needs_unless_its_user_wants_to_try(
    cause: str, minutes: int, insisted: int | None, is_met: bool
) -> None:
    insisted_at = None if insisted is None else NOTED + timedelta(minutes=insisted)
    batch = a_batch(settings=BatchSettings(model="extractive"), insisted_at=insisted_at)
    met = find_outage([outage(cause)], batch, NOTED + timedelta(minutes=minutes))
    assert (met is not None) == is_met


def test_those_who_learned_of_an_outage_try_after_the_one_who_found_it() -> None:
    pause = pause_before(outage(), a_batch(pauses_in_a_row=2), NOTED)
    assert (pause.code, pause.since, pause.times) == ("youtube_blocked", NOTED, 3)
    assert pause.until
    assert pause.until > outage().until


def test_what_stops_one_batch_alone_is_no_matter_of_the_others() -> None:
    assert shared_cause(None, a_batch()) is None
    assert shared_cause(Service.PLATFORM, a_batch()) is None
