"""A live model's answers are recorded as it gives them, and replayed to the same summary."""

from __future__ import annotations

import pytest

from lab.bench.faithful.live import LiveModel
from lab.bench.faithful.recordings import Recordings
from local.model import Failure, FakeModelServer
from local.settings import LocalStackError
from skimlist.models.settings import SummaryLength


@pytest.mark.parametrize("failure", [None, Failure.BEGINNING_ONLY, Failure.TOO_SHORT])
def test_the_answers_of_a_live_model_are_replayed_without_it(failure: Failure | None) -> None:
    with FakeModelServer() as fake:
        if failure:
            fake.fail(failure, times=1)
        recordings = live_model(fake).ask()
        asked = fake.requests["asked"]
    (recording,) = recordings.recordings
    assert len(recording.answers) == asked == (2 if failure else 1)
    summary = recording.summary()
    assert (summary.tokens_in, summary.tokens_out) == (recording.tokens_in, recording.tokens_out)
    assert summary.key_points


def test_an_answer_that_does_not_end_is_recorded_without_content() -> None:
    with FakeModelServer() as fake:
        fake.fail(Failure.CUT_OFF)
        (recording,) = live_model(fake).ask().recordings
    assert [answer.content for answer in recording.answers] == [None]


def test_recordings_are_stored_and_read_again(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.setattr("lab.bench.faithful.recordings._RECORDED", tmp_path)
    with FakeModelServer() as fake:
        kept = live_model(fake, keep=True).ask()
        asked = fake.requests["asked"]
        assert live_model(fake, keep=True).ask() == kept
        assert fake.requests["asked"] == asked
    assert Recordings.read_all() == [kept]


def test_an_endpoint_without_a_model_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BENCH_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.delenv("BENCH_MODEL", raising=False)
    with pytest.raises(LocalStackError, match="BENCH_MODEL"):
        LiveModel.from_environment(quick=False)


def live_model(fake: FakeModelServer, *, keep: bool = False) -> LiveModel:
    return LiveModel(
        base_url=fake.base_url,
        model="fake",
        api_key="none",
        samples=("Lighthouse1",),
        lengths=(SummaryLength.BRIEF,),
        seeds=(1,),
        programs=(),
        keep=keep,
    )
