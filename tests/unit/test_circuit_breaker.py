"""The circuit breaker of a batch: the effect of an outage, and of a video that fails every time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skimlist.blast_radius import Radius, Witness, blast_radius
from skimlist.circuit_breaker import (
    MAX_ATTEMPTS,
    decide_on_failure,
    failures_including,
    find_outage,
    pause_for_outage,
    playlist_fails,
    report_of,
    shared_cause,
    sources_failing_with,
)
from skimlist.errors import (
    ModelKeyRejected,
    SkimlistError,
    YouTubeAnswerUnreadable,
    YouTubeBlocked,
    YouTubeProxyFailed,
    YouTubeUnreachable,
)
from skimlist.models.batch import Pause
from skimlist.models.outage import Dependency, OutageReport, RecentFailure
from skimlist.models.settings import BatchSettings
from testkit.batches import a_batch

# Tries of a simulation; all of them end long before.
_TOO_MANY = 10_000


@dataclass
class Simulation:
    """A page of a queue under the rule: the videos with the fewest transient failures come first."""

    videos: int
    poisonous: frozenset[int] = frozenset()
    transient_failures: dict[int, int] = field(default_factory=dict)
    recent: list[int] = field(default_factory=list)
    pauses: int = 0
    tries: int = 0
    failed: list[int] = field(default_factory=list)
    completed: list[int] = field(default_factory=list)

    def run(self, is_down: Callable[[Simulation], bool], most_tries: int = _TOO_MANY) -> Simulation:
        """Processes the page until every video has ended; `is_down` says whether the next attempt fails."""
        left = list(range(self.videos))
        while left and self.tries < most_tries:
            left.sort(key=lambda video: self.transient_failures.get(video, 0))
            self._try(left, is_down(self))
        assert left or self.tries < _TOO_MANY
        return self

    def _try(self, left: list[int], is_down: bool) -> None:
        video, self.tries = left[0], self.tries + 1
        if not is_down and video not in self.poisonous:
            self.recent.clear()
            self.completed.append(left.pop(0))
            return
        transient_failures = self.transient_failures.get(video, 0)
        met = {Witness("ada", "b7f3", str(each)) for each in (*self.recent, video)}
        decision = decide_on_failure(
            blast_radius(YouTubeUnreachable.service, YouTubeUnreachable.code, met),
            transient_failures=transient_failures,
            has_answered_since=not self.recent,
            others_would_wait=len(left) > 1,
        )
        self.recent.append(video)
        self.pauses += decision.batch_pauses
        if decision.video_fails:
            self.failed.append(left.pop(0))
        else:
            self.transient_failures[video] = transient_failures + 1


def up(_simulation: Simulation) -> bool:
    return False


def down(_simulation: Simulation) -> bool:
    return True


@given(st.integers(1, 25))
def test_an_outage_fails_nothing_before_every_video_of_the_page_was_tried_five_times(videos: int) -> None:
    outage = Simulation(videos).run(down, most_tries=(MAX_ATTEMPTS - 1) * videos)
    assert outage.failed == []
    assert outage.pauses == outage.tries - 1


@given(st.integers(1, 25), st.integers(0, 40), st.integers(0, 60))
def test_when_an_outage_ends_in_time_every_video_passes(videos: int, begins: int, lasts: int) -> None:
    lasts = min(lasts, (MAX_ATTEMPTS - 1) * max(videos - begins, 0))
    run = Simulation(videos).run(lambda now: begins <= now.tries < begins + lasts)
    assert len(run.completed) == videos


@given(st.integers(1, 25), st.lists(st.booleans(), max_size=60))
def test_whatever_fails_had_failed_before_and_one_outage_fails_one_video_at_most(
    videos: int, weather: list[bool]
) -> None:
    """The outage is shorter than the attempts that would fail a video."""
    outages = "".join("x" if bad else "." for bad in weather).split(".")
    run = Simulation(videos).run(lambda now: now.tries < len(weather) and weather[now.tries])
    assert all(run.transient_failures[video] >= 1 for video in run.failed)
    if max(map(len, outages)) < MAX_ATTEMPTS - 1:
        assert len(run.failed) <= len([outage for outage in outages if outage])


@given(st.integers(2, 25), st.data())
def test_a_poisonous_video_fails_alone_and_holds_nobody_up(videos: int, data: st.DataObject) -> None:
    poisonous = data.draw(st.integers(0, videos - 2))
    run = Simulation(videos, frozenset({poisonous})).run(up)
    assert run.failed == [poisonous]
    assert (run.tries, run.pauses) == (videos + 1, 0)


@given(st.integers(1, 25), st.sets(st.integers(0, 24)))
def test_no_number_of_poisonous_videos_holds_up_a_batch_forever(videos: int, poisonous: set[int]) -> None:
    run = Simulation(videos, frozenset(poisonous)).run(up)
    assert set(run.failed) == {video for video in poisonous if video < videos}
    assert run.tries <= videos + MAX_ATTEMPTS * len(run.failed)


@pytest.mark.parametrize(("videos", "pauses"), [(1, MAX_ATTEMPTS - 2), (2, MAX_ATTEMPTS - 2)])
def test_the_last_video_of_a_batch_has_all_its_attempts_and_no_wait_after_them(videos: int, pauses: int) -> None:
    run = Simulation(videos, frozenset({videos - 1})).run(up)
    assert run.failed == [videos - 1]
    assert run.pauses == pauses


def test_an_outage_without_end_fails_one_video_between_two_pauses() -> None:
    run = Simulation(10).run(down)
    assert len(run.failed) == 10
    assert run.pauses == run.tries - 2


def test_the_same_video_that_fails_again_makes_no_other_wait() -> None:
    decision = decide_on_failure(Radius.VIDEO, transient_failures=1, has_answered_since=False, others_would_wait=True)
    assert decision == (False, False)


@pytest.mark.parametrize(
    ("radius", "pauses_in_a_row", "others_would_wait", "fails"),
    [
        (Radius.VIDEO, 0, True, True),
        (Radius.VIDEO, 0, False, False),
        (Radius.BATCH, 0, True, False),
        (Radius.BATCH, 2, True, False),
        (Radius.BATCH, 3, True, True),
        (Radius.VIDEO, MAX_ATTEMPTS - 1, False, True),
    ],
)
def test_a_playlist_fails_alone_unless_another_source_fails_too(
    radius: Radius, pauses_in_a_row: int, others_would_wait: bool, fails: bool
) -> None:
    assert playlist_fails(radius, pauses_in_a_row=pauses_in_a_row, others_would_wait=others_would_wait) is fails


def test_failures_are_counted_by_video_and_kind() -> None:
    batch = a_batch()
    for error, source in [(YouTubeUnreachable(), "a"), (YouTubeAnswerUnreadable(), "b"), (YouTubeUnreachable(), "a")]:
        batch = a_batch(recent_failures={Dependency.YOUTUBE: failures_including(batch, error, source)})
    assert sources_failing_with(batch, YouTubeUnreachable(), "a") == ("a",)
    assert sources_failing_with(batch, YouTubeUnreachable(), "c") == ("a", "c")
    for number in range(100):
        batch = a_batch(
            recent_failures={Dependency.YOUTUBE: failures_including(batch, YouTubeUnreachable(), str(number))}
        )
    assert len(batch.execution.recent_failures[Dependency.YOUTUBE]) < 10


# --- What batches tell each other ---

NOTED = datetime(2026, 3, 1, 12, tzinfo=UTC)
CERTAIN, BLOCKED, UNCERTAIN = YouTubeProxyFailed(), YouTubeBlocked(), YouTubeAnswerUnreadable()


def report(user: str, batch_id: str, sources: str, error: SkimlistError = UNCERTAIN, **changes: Any) -> OutageReport:
    failed = tuple(RecentFailure(code=error.code, source=source) for source in sources)
    batch = a_batch(user_id=user, id=batch_id, recent_failures={error.service: failed})
    pause = Pause(code=error.code, message="m", advice="a", since=NOTED, until=NOTED + timedelta(minutes=5), times=1)
    made = report_of(error, batch, pause, sources[-1])
    assert made
    return replace(made, **changes)


def meets(reports: list[OutageReport], minutes: int = 1, **changes: Any) -> bool:
    """Returns whether another batch of eve waits because of the reports."""
    batch = a_batch(user_id="eve", id="c8a4", settings=BatchSettings(model="extractive"), **changes)
    return find_outage(reports, batch, NOTED + timedelta(minutes=minutes)) is not None


ADA, JOE = report("ada", "1", "ab"), report("joe", "2", "cd")


@pytest.mark.parametrize(
    ("reports", "is_met"),
    [
        ([ADA], False),
        ([ADA, report("ada", "3", "cd")], False),
        ([ADA, JOE], True),
        ([ADA, report("joe", "2", "ab")], False),
        ([ADA, report("eve", "2", "cd")], True),
        ([report("eve", "1", "ab")], False),
        ([report("eve", "1", "ab"), report("eve", "2", "cd")], True),
        ([ADA, report("joe", "2", "cd", YouTubeUnreachable())], False),
        ([ADA, replace(JOE, cause="model#extractive")], False),
        ([report("ada", "1", "a", BLOCKED)], False),
        ([report("ada", "1", "a", BLOCKED), report("joe", "2", "b", BLOCKED)], True),
        ([report("ada", "1", "a", CERTAIN)], True),
        ([report("ada", "1", "a", ModelKeyRejected())], True),
        ([report("ada", "1", "a", ModelKeyRejected(), cause="model#another")], False),
    ],
    ids=[
        *("one user", "two batches of another user", "two users", "two users with the same videos", "its own user too"),
        *("one batch of its user", "two batches of its user", "two kinds of failure", "two causes", "one block"),
        *("two blocks", "a dead proxy", "a rejected key", "the key of another model"),
    ],
)
def test_a_batch_waits_for_what_is_certain_or_seen_by_two(reports: list[OutageReport], is_met: bool) -> None:
    assert meets(reports) is is_met


@pytest.mark.parametrize(
    ("minutes", "resumed", "is_met"),
    [(1, None, True), (6, None, True), (7, None, False), (3, 2, False), (3, -2, True)],
    ids=["in time", "until somebody has tried", "too late", "its user resumed it", "its user resumed it before"],
)
def test_a_report_holds_for_a_time_and_not_for_who_resumes_by_hand(
    minutes: int, resumed: int | None, is_met: bool
) -> None:
    by_hand = {} if resumed is None else {"resumed_by_user_at": NOTED + timedelta(minutes=resumed)}
    assert meets([ADA, JOE], minutes, **by_hand) is is_met


def test_batches_that_learned_of_an_outage_try_after_the_one_that_found_it() -> None:
    outage = find_outage([replace(ADA, until=NOTED + timedelta(minutes=30)), JOE], a_batch(user_id="eve"), NOTED)
    assert outage == JOE
    pause = pause_for_outage(JOE, a_batch(pauses_in_a_row=2), NOTED)
    assert (pause.code, pause.since, pause.times) == (UNCERTAIN.code, NOTED, 3)
    assert pause.until
    assert pause.until > JOE.until


def test_a_video_that_failed_alone_is_reported_to_nobody() -> None:
    pause = Pause(code=UNCERTAIN.code, message="m", advice="a", since=NOTED, until=NOTED, times=1)
    assert report_of(UNCERTAIN, a_batch(), pause, "a") is None


def test_a_report_names_nobody() -> None:
    made = report("ada-lovelace", "batch-of-hers", "ab")
    assert "lovelace" not in str(made)
    assert "hers" not in str(made)


def test_a_failure_of_one_batch_alone_does_not_concern_others() -> None:
    assert shared_cause(None, a_batch()) is None
    assert shared_cause(Dependency.PLATFORM, a_batch()) is None
