"""How the videos of a list are placed before or after a moment with few questions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from skimlist.models.playlist import PlaylistEntry, UploadTime
from skimlist.youtube.lists import narrow_upload_times

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
DAY = timedelta(days=1)
ANY_TIME = UploadTime(datetime.min.replace(tzinfo=UTC), NOW)


def listed(ages: list[int], unit: int) -> list[PlaylistEntry]:
    """Videos of these ages in days, of which the list tells only how many whole units of days have passed."""
    return [
        PlaylistEntry(
            video_id=f"{age:011}",
            uploaded=UploadTime(NOW - (age // unit + 1) * unit * DAY, NOW - age // unit * unit * DAY),
        )
        for age in ages
    ]


@given(
    st.lists(st.integers(0, 800), max_size=60).map(sorted),
    st.sampled_from([1, 7, 30, 365]),
    st.integers(0, 800),
    st.sets(st.integers(0, 800), max_size=19),
)
def test_each_video_is_placed_before_or_after_the_moment(
    ages: list[int], unit: int, age_of_moment: int, undated: set[int]
) -> None:
    asked: list[int] = []

    def find_upload_time(video_id: str) -> datetime | None:
        asked.append(int(video_id))
        return None if int(video_id) in undated else NOW - int(video_id) * DAY

    moment = NOW - age_of_moment * DAY - timedelta(hours=1)
    entries = listed(ages, unit)
    answers = [
        int(entry.video_id)
        for entry in entries
        if entry.uploaded and entry.uploaded.earliest < moment <= entry.uploaded.latest
        if int(entry.video_id) not in undated
    ]
    narrowed = narrow_upload_times(entries, moment, find_upload_time)
    assert [entry.video_id for entry in narrowed] == [entry.video_id for entry in entries]
    for entry in narrowed:
        assert entry.uploaded
        age = int(entry.video_id)
        is_after, is_before = entry.uploaded.earliest >= moment, entry.uploaded.latest < moment
        truth = NOW - age * DAY >= moment, NOW - age * DAY < moment
        if truth[0]:
            is_shown = any(age < other <= age_of_moment for other in answers)
        else:
            is_shown = any(age_of_moment < other < age for other in answers)
        if age not in undated or is_shown:
            assert (is_after, is_before) == truth
        else:
            assert (is_after, is_before) in {truth, (False, False)}
    assert len({age for age in asked if age not in undated}) <= 7


def test_a_year_of_daily_videos_takes_nine_questions() -> None:
    asked: list[str] = []

    def find_upload_time(video_id: str) -> datetime | None:
        asked.append(video_id)
        return NOW - int(video_id) * DAY

    moment = NOW - 500 * DAY + timedelta(hours=1)
    narrowed = narrow_upload_times(listed([*range(365, 730)], 365), moment, find_upload_time)
    since = [entry for entry in narrowed if entry.uploaded and entry.uploaded.earliest >= moment]
    assert [int(entry.video_id) for entry in since] == [*range(365, 500)]
    assert len(asked) <= 9


def test_the_other_videos_decide_about_one_whose_page_does_not() -> None:
    entries = [PlaylistEntry(video_id=f"{age:011}", uploaded=ANY_TIME) for age in range(12)]
    moment = NOW - 6 * DAY + timedelta(hours=1)

    def is_newer(*silent: int) -> list[bool]:
        """Whether each video became public after the moment, if the pages of these have no answer."""

        def find_upload_time(video_id: str) -> datetime | None:
            return None if int(video_id) in silent else NOW - int(video_id) * DAY

        times = [entry.uploaded or ANY_TIME for entry in narrow_upload_times(entries, moment, find_upload_time)]
        assert not [time for time in times if time.earliest < moment <= time.latest]
        return [time.earliest >= moment for time in times]

    newer = [True] * 6 + [False] * 6
    for silent in {*range(12)} - {5, 6}:
        assert is_newer(silent) == newer
    assert is_newer(*{*range(12)} - {5, 6}) == newer


def test_videos_stay_undecided_where_youtube_has_no_answer_too_often() -> None:
    asked: list[str] = []

    def find_upload_time(video_id: str) -> datetime | None:
        asked.append(video_id)
        return NOW - int(video_id) * DAY if int(video_id) in {10, 90} else None

    entries = [PlaylistEntry(video_id=f"{age:011}", uploaded=ANY_TIME) for age in range(3_000)]
    assert narrow_upload_times(entries, NOW - 50 * DAY, find_upload_time) == tuple(entries)
    assert len(asked) == 20
