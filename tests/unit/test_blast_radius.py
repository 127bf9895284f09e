"""How far a failure reaches: which users it stops, by what others observe."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skimlist.blast_radius import REACH, Radius, Witness, blast_radius
from skimlist.errors import (
    BatchBlocked,
    ModelKeyRejected,
    ModelOverloaded,
    ModelRefused,
    SkimlistError,
    StepCrashed,
    UnexpectedFailure,
    YouTubeAnswerUnreadable,
    YouTubeBlocked,
    YouTubeProxyFailed,
    error_classes,
)

WITNESSES = st.builds(
    lambda user, batch, source: Witness(user, f"{user}{batch}", source),
    st.sampled_from(["ada", "eve", "joe"]),
    st.integers(1, 3),
    st.sampled_from("abcdef"),
)
OBSERVATIONS = st.sampled_from(sorted(REACH, key=str))
# No content can cause these: one witness is enough.
CERTAIN = {key for key, reach in REACH.items() if reach.minimum is Radius.EVERYBODY}


def witnesses(**met: str) -> list[Witness]:
    """Parses `ada1="ab"`: the first batch of ada has seen the failure at the videos a and b."""
    return [Witness(batch.rstrip("123"), batch, source) for batch, sources in met.items() for source in sources]


def radius(error: type[SkimlistError], met: Iterable[Witness]) -> Radius:
    return blast_radius(error.service, error.code, met)


@pytest.mark.parametrize("error", list(error_classes()), ids=lambda error: error.code)
def test_no_error_that_blames_a_service_or_pauses_a_batch_is_left_to_the_default(error: type[SkimlistError]) -> None:
    needs_a_row = error.service is not None or issubclass(error, BatchBlocked)
    assert not needs_a_row or error is BatchBlocked or (error.service, error.code) in REACH


@given(OBSERVATIONS, st.lists(WITNESSES, min_size=1), WITNESSES)
def test_more_witnesses_never_shrink_it(observation: tuple[None, str], met: list[Witness], another: Witness) -> None:
    assert blast_radius(*observation, [*met, another]) >= blast_radius(*observation, met)


@given(OBSERVATIONS, st.lists(WITNESSES, min_size=1))
def test_no_single_user_reaches_another_except_with_a_certain_failure(
    observation: tuple[None, str], met: list[Witness]
) -> None:
    own = [witness._replace(user="ada") for witness in met]
    assert (blast_radius(*observation, own) is Radius.EVERYBODY) == (observation in CERTAIN)


@given(OBSERVATIONS, st.lists(WITNESSES, min_size=1))
def test_no_single_batch_reaches_another(observation: tuple[None, str], met: list[Witness]) -> None:
    own = [witness._replace(user="ada", batch="ada1") for witness in met]
    assert blast_radius(*observation, own) <= Radius.BATCH or observation in CERTAIN


@given(OBSERVATIONS, st.sets(st.sampled_from(["ada1", "ada2", "eve1", "joe1"])))
def test_no_single_video_reaches_beyond_its_batch(observation: tuple[None, str], batches: set[str]) -> None:
    """The same bad link may be in the lists of many users."""
    met = witnesses(**dict.fromkeys(batches, "a"))
    assert blast_radius(*observation, met) <= Radius.BATCH or observation in CERTAIN


@given(st.lists(WITNESSES))
def test_a_certain_failure_reaches_everybody(met: list[Witness]) -> None:
    assert {blast_radius(*observation, met) for observation in CERTAIN} == {Radius.EVERYBODY}


@pytest.mark.parametrize(
    ("error", "met", "expected"),
    [
        (YouTubeAnswerUnreadable, witnesses(ada1="a"), Radius.VIDEO),
        (YouTubeAnswerUnreadable, witnesses(ada1="ab"), Radius.BATCH),
        (YouTubeAnswerUnreadable, witnesses(ada1="ab", ada2="c"), Radius.BATCH),
        (YouTubeAnswerUnreadable, witnesses(ada1="ab", ada2="cd"), Radius.USER),
        (YouTubeAnswerUnreadable, witnesses(ada1="ab", eve1="ab"), Radius.BATCH),
        (YouTubeAnswerUnreadable, witnesses(ada1="ab", eve1="abcd"), Radius.EVERYBODY),
        (ModelOverloaded, witnesses(ada1="ab", eve1="cd"), Radius.EVERYBODY),
        (YouTubeBlocked, witnesses(ada1="a"), Radius.BATCH),
        (YouTubeBlocked, witnesses(ada1="a", eve1="b"), Radius.EVERYBODY),
        (YouTubeProxyFailed, witnesses(ada1="a"), Radius.EVERYBODY),
        (ModelKeyRejected, witnesses(ada1="a"), Radius.EVERYBODY),
        (ModelRefused, witnesses(ada1="abcdef", eve1="abcdef"), Radius.VIDEO),
        (StepCrashed, witnesses(ada1="ab", eve1="cd"), Radius.BATCH),
        (UnexpectedFailure, witnesses(ada1="a"), Radius.VIDEO),
    ],
)
def test_witnesses_decide_where_one_answer_is_not_certain(
    error: type[SkimlistError], met: list[Witness], expected: Radius
) -> None:
    assert radius(error, met) is expected


def test_an_error_without_a_row_concerns_the_video() -> None:
    assert blast_radius(None, "captions_disabled", witnesses(ada1="ab", eve1="cd")) is Radius.VIDEO
