"""When a video became public, according to YouTube's texts and pages."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yt_dlp.extractor.youtube import YoutubeTabIE

from skimlist.models.playlist import UploadTime
from skimlist.youtube.upload_times import from_iso, from_page, from_text

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("5 minutes ago", NOW - timedelta(minutes=6) - 6 * HOUR, NOW - timedelta(minutes=5)),
        ("12K views • 5 hours ago", NOW - 12 * HOUR, NOW - 5 * HOUR),
        ("Streamed 1 day ago", NOW - 2 * DAY - 6 * HOUR, NOW - DAY),
        ("3 weeks ago", NOW - 28 * DAY - 6 * HOUR, NOW - 21 * DAY),
        ("11 months ago", NOW - 12 * 31 * DAY - 6 * HOUR, NOW - 11 * 29 * DAY),
        ("2 years ago", NOW - 3 * 366 * DAY - 6 * HOUR, NOW - 2 * 364 * DAY),
    ],
)
def test_a_text_means_a_range_because_youtube_rounds_down(text: str, earliest: datetime, latest: datetime) -> None:
    assert from_text(text, NOW) == UploadTime(earliest, latest)


@pytest.mark.parametrize("text", ["", "12K views", "Premieres 12/1/26, 5:00 PM", "ago", "99999 days ago"])
def test_a_text_without_a_time_has_none(text: str) -> None:
    assert from_text(text, NOW) is None


@given(st.integers(1, 60), st.sampled_from(["second", "minute", "hour", "day", "week", "month", "year"]))
def test_the_time_that_yt_dlp_reads_is_in_our_range(number: int, unit: str) -> None:
    text = f"Streamed {number} {unit}{'s' if number > 1 else ''} ago"
    theirs, now = YoutubeTabIE.extract_relative_time(text), datetime.now(UTC)
    ours = from_text(text, now)
    assert ours
    assert theirs
    slack = timedelta(days=8)  # its years and months are those of the calendar, from today on
    assert ours.earliest - slack <= theirs.astimezone(UTC) <= ours.latest + slack


@pytest.mark.parametrize(
    ("date", "moment"),
    [
        ("2018-08-02T06:00:08-07:00", datetime(2018, 8, 2, 13, 0, 8, tzinfo=UTC)),
        ("2018-08-02", datetime(2018, 8, 2, tzinfo=UTC)),
    ],
)
def test_the_page_of_a_video_shows_the_time(date: str, moment: datetime) -> None:
    page = f'{{"microformat":{{"playerMicroformatRenderer":{{"category":"x","publishDate":"{date}","ownerChannel'
    assert from_page(page) == moment
    assert from_iso(date) == moment


@pytest.mark.parametrize(
    "page", ["", '"publishDate":{"simpleText":"Aug 2, 2018"}', '"publishDate":"soon"', '"publishDate":"2018-99-02"']
)
def test_a_page_without_a_time_is_not_an_error(page: str) -> None:
    assert from_page(page) is None


@pytest.mark.parametrize("text", [None, "", "soon", "2018-99-02"])
def test_a_text_that_is_not_a_time_is_none(text: str | None) -> None:
    assert from_iso(text) is None
