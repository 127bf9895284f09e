"""Which videos of a list a selection keeps, and why it leaves out the others."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skimlist.codec import decode, to_dynamodb
from skimlist.models.playlist import PlaylistEntry, UploadTime, VideoKind
from skimlist.models.selection import LeftOut, Selection
from skimlist.selecting import SearchEnd, choose

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def video(number: int = 1, *, age: timedelta = timedelta(), **fields: object) -> PlaylistEntry:
    known = {"title": "A talk", "duration_seconds": 1_200, "uploaded": UploadTime.exactly(NOON - age), **fields}
    return PlaylistEntry(video_id=f"video{number:06}", **known)  # type: ignore[arg-type]


def reason(selection: Selection, entry: PlaylistEntry) -> LeftOut | None:
    ((_, left_out),) = choose(selection, [entry], newest_first=True)
    return left_out


def kept(selection: Selection, entries: list[PlaylistEntry], *, newest_first: bool = True) -> list[str]:
    choices = choose(selection, entries, newest_first=newest_first)
    return [entry.video_id for entry, left_out in choices if not left_out]


ABOUT_TWO_MONTHS = UploadTime(NOON - 90 * DAY, NOON - 60 * DAY)


@pytest.mark.parametrize(
    ("selection", "entry", "expected"),
    [
        (Selection(), video(), None),
        (Selection(), PlaylistEntry(video_id="video000001"), None),
        (Selection(since=date(2026, 3, 10)), video(), None),
        (Selection(since=date(2026, 3, 11)), video(), LeftOut.UPLOADED_BEFORE),
        (Selection(until=date(2026, 3, 10)), video(), None),
        (Selection(until=date(2026, 3, 9)), video(), LeftOut.UPLOADED_AFTER),
        (Selection(since=date(2026, 3, 1)), video(uploaded=None), LeftOut.UPLOAD_DATE_UNKNOWN),
        (Selection(since=date(2025, 12, 10)), video(uploaded=ABOUT_TWO_MONTHS), None),
        (Selection(since=date(2025, 12, 11)), video(uploaded=ABOUT_TWO_MONTHS), LeftOut.UPLOAD_DATE_UNKNOWN),
        (Selection(since=date(2026, 1, 10)), video(uploaded=ABOUT_TWO_MONTHS), LeftOut.UPLOADED_BEFORE),
        (Selection(until=date(2026, 1, 8)), video(uploaded=ABOUT_TWO_MONTHS), LeftOut.UPLOAD_DATE_UNKNOWN),
        (Selection(until=date(2025, 12, 8)), video(uploaded=ABOUT_TWO_MONTHS), LeftOut.UPLOADED_AFTER),
        (Selection(min_duration_seconds=1_200, max_duration_seconds=1_200), video(), None),
        (Selection(min_duration_seconds=1_201), video(), LeftOut.TOO_SHORT),
        (Selection(max_duration_seconds=1_199), video(), LeftOut.TOO_LONG),
        (Selection(max_duration_seconds=1_199), video(duration_seconds=None), LeftOut.DURATION_UNKNOWN),
        (Selection(shorts=False), video(kind=VideoKind.SHORT), LeftOut.SHORT),
        (Selection(streams=False), video(kind=VideoKind.STREAM), LeftOut.STREAM),
        (Selection(premieres=False), video(kind=VideoKind.PREMIERE), LeftOut.PREMIERE),
        (Selection(shorts=False, streams=False, premieres=False), video(kind=VideoKind.VIDEO), None),
        (Selection(shorts=False, streams=False, premieres=False), video(), None),
        (Selection(title_excludes=("art",)), video(title="Start here"), None),
        (Selection(title_excludes=("ART ",)), video(title="Modern art: a talk"), LeftOut.TITLE_HAS_WORD),
        (Selection(title_excludes=("cafe",)), video(title="Im Café"), LeftOut.TITLE_HAS_WORD),
        (Selection(title_excludes=("c++",)), video(title="Learn C++ now"), LeftOut.TITLE_HAS_WORD),
        (Selection(title_excludes=("市場",)), video(title="朝の市場で"), LeftOut.TITLE_HAS_WORD),
        (Selection(title_includes=("live set",)), video(title="A Live Set"), None),
        (Selection(title_includes=("bread", "talk")), video(title="A talk"), None),
        (Selection(title_includes=("bread",)), video(title="A talk"), LeftOut.TITLE_LACKS_WORD),
        (Selection(title_includes=("bread",)), video(title=None), LeftOut.TITLE_LACKS_WORD),
    ],
)
def test_each_condition_leaves_out_what_does_not_meet_it(
    selection: Selection, entry: PlaylistEntry, expected: LeftOut | None
) -> None:
    assert reason(selection, entry) is expected


def test_the_day_of_an_upload_is_that_of_utc() -> None:
    evening_in_new_york = datetime(2026, 3, 9, 22, tzinfo=timezone(timedelta(hours=-5)))
    assert reason(Selection(since=date(2026, 3, 10)), video(uploaded=UploadTime.exactly(evening_in_new_york))) is None


def test_the_newest_are_counted_among_videos_that_meet_all_other_conditions() -> None:
    entries = [video(number, kind=VideoKind.SHORT if number % 2 else VideoKind.VIDEO) for number in range(6)]
    choices = choose(Selection(newest=2, shorts=False), entries, newest_first=True)
    older = LeftOut.NOT_AMONG_NEWEST
    assert [left_out for _, left_out in choices] == [None, LeftOut.SHORT, None, LeftOut.SHORT, older, LeftOut.SHORT]


def test_the_newest_of_a_playlist_are_found_by_their_dates_and_keep_their_order() -> None:
    entries = [video(1, age=3 * DAY), video(2, uploaded=None), video(3, age=DAY), video(4, age=2 * DAY)]
    assert kept(Selection(newest=2), entries, newest_first=False) == ["video000003", "video000004"]
    assert kept(Selection(newest=2), entries) == ["video000001", "video000002"]


def test_videos_in_the_history_are_left_out_only_on_request() -> None:
    (choice,) = choose(Selection(not_in_history=True), [video(7)], newest_first=True, in_history={"video000007"})
    assert choice.left_out is LeftOut.IN_HISTORY
    (choice,) = choose(Selection(), [video(7)], newest_first=True, in_history={"video000007"})
    assert choice.left_out is None


def test_videos_that_cannot_be_watched_are_not_selected_and_take_no_place() -> None:
    entries = [PlaylistEntry(video_id="video000000", unavailable="It is private."), video(1), video(2)]
    choices = choose(Selection(newest=1, min_duration_seconds=60), entries, newest_first=True)
    assert [left_out for _, left_out in choices] == [None, None, LeftOut.NOT_AMONG_NEWEST]


@pytest.mark.parametrize(
    ("selection", "seen", "last"),
    [
        (Selection(newest=2), None, 2),
        (Selection(newest=2), (), None),
        (Selection(newest=2), (1,), 2),
        (Selection(newest=2), (5, 9), 5),
        (Selection(newest=2), (40,), None),
        (Selection(since=date(2027, 1, 1)), None, 10),
        (Selection(since=date(2027, 1, 1)), (15,), 15),
        (Selection(), (1,), None),
    ],
)
def test_a_list_is_not_read_beyond_what_is_wanted_but_as_far_as_a_seen_video(
    selection: Selection, seen: tuple[int, ...] | None, last: int | None
) -> None:
    end = SearchEnd(selection, seen=None if seen is None else {video(number).video_id for number in seen})
    listed = [video(number, age=number * DAY) for number in range(1, 31)]
    assert next((number for number, entry in enumerate(listed, start=1) if end.is_last(entry)), None) == last


def test_a_seen_video_that_became_private_also_ends_the_new_ones() -> None:
    end = SearchEnd(Selection(newest=1), seen={video(2).video_id})
    listed = [video(1), replace(video(2), unavailable="It is private."), video(3), video(4)]
    assert [end.is_last(entry) for entry in listed][:3] == [False, False, True]


ENTRIES = st.builds(
    PlaylistEntry,
    video_id=st.from_regex(r"[a-z]{11}", fullmatch=True),
    title=st.none() | st.text(max_size=20),
    duration_seconds=st.none() | st.integers(1, 10_000),
    uploaded=st.none() | st.builds(lambda days: UploadTime.exactly(NOON - days * DAY), st.integers(0, 500)),
    kind=st.none() | st.sampled_from(VideoKind),
    unavailable=st.none() | st.just("It is private."),
)
SELECTIONS = st.builds(
    Selection,
    newest=st.none() | st.integers(1, 20),
    since=st.none() | st.dates(date(2025, 1, 1), date(2026, 12, 31)),
    until=st.none() | st.dates(date(2025, 1, 1), date(2026, 12, 31)),
    min_duration_seconds=st.none() | st.integers(1, 10_000),
    max_duration_seconds=st.none() | st.integers(1, 10_000),
    shorts=st.booleans(),
    streams=st.booleans(),
    premieres=st.booleans(),
    title_includes=st.lists(st.text(min_size=1, max_size=3), max_size=2).map(tuple),
    title_excludes=st.lists(st.text(min_size=1, max_size=3), max_size=2).map(tuple),
    not_in_history=st.booleans(),
)


@given(SELECTIONS, st.lists(ENTRIES, max_size=30), st.booleans())
def test_every_entry_is_chosen_once_in_order_and_what_is_kept_is_kept_again(
    selection: Selection, entries: list[PlaylistEntry], newest_first: bool
) -> None:
    choices = choose(selection, entries, newest_first=newest_first)
    assert [entry for entry, _ in choices] == entries
    left = [entry for entry, left_out in choices if not left_out]
    assert [left_out for _, left_out in choose(selection, left, newest_first=newest_first)] == [None] * len(left)
    if selection.newest is not None:
        assert sum(entry.unavailable is None for entry in left) <= selection.newest


@given(SELECTIONS)
def test_a_selection_is_stored_and_read_again(selection: Selection) -> None:
    assert decode(Selection, to_dynamodb(selection)) == selection
