"""What the creator of a video says about it: description, chapters, and when it was published."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yt_dlp.extractor.common import InfoExtractor

from local.youtube import answers
from skimlist.models.transcript import CreatorChapter
from skimlist.youtube.details import creator_chapters, description_of, description_segments
from tests.fakes.mutations import JSON
from tests.fakes.youtube import VIDEO

SHOWN = [{"title": "Intro", "start": 0}, {"title": "The end", "start": 5.5}]
PAGE = answers.watch_page({**VIDEO, "chapters": SHOWN}, None, "")
WRITTEN = "About bread.\n0:00 Flour\n1:30 Water\n1:02:03 Salt"
CHAPTERS = (CreatorChapter("Flour", 0), CreatorChapter("Water", 90), CreatorChapter("Salt", 3723))


@pytest.mark.parametrize(
    "description",
    [
        WRITTEN,
        "00:00 - Flour\n01:30 – Water\n01:02:03 | Salt",
        "⏱ 0:00 Flour\n⏱ 1:30: Water\n⏱ 1:02:03 → Salt",
        "[0:00] Flour\n[1:30] Water\n[1:02:03] Salt",
        "(0:00) Flour\n(1:30) Water\n(1:02:03) Salt",
        "Flour 0:00\nWater 1:30\nSalt 1:02:03",
        "Flour - 0:00\nWater ... 1:30\nSalt (1:02:03)",
        "* 0:00 Flour\n* 1:30 Water\n\n* 62:03 Salt",
    ],
)
def test_chapters_are_read_as_creators_write_them(description: str) -> None:
    found = creator_chapters("", description, 4000.0)
    assert [(re.sub(r"\W", "", title), start) for title, start in found] == [(c.title, c.start) for c in CHAPTERS]


@pytest.mark.parametrize(
    "description",
    [
        "0:00 Flour\n1:30 Water",
        "0:10 Flour\n1:30 Water\n2:00 Salt",
        "0:00 Flour\n1:30 Water\n1:35 Salt",
        "0:00 Flour\n1:30 Water\n1:00 Salt",
        "0:00 Flour\n1:30 Water\n66:50 Salt",
        "Live from 9:00 to 10:30.\nBible: John 3:16 and 4:12",
        "\n".join(f"{minute}:00 Song" for minute in range(61)),
        "",
    ],
)
def test_other_times_in_a_description_are_not_chapters(description: str) -> None:
    assert creator_chapters("", description, 4000.0) == ()


@given(
    st.lists(st.integers(10, 4000), min_size=2, max_size=30),
    st.lists(st.from_regex(r"[A-Z][a-z]{1,8}( [a-z]{1,8}){0,3}", fullmatch=True), min_size=31, max_size=31),
    st.sampled_from(["{time} {title}", "{time} - {title}", "{title} {time}"]),
)
def test_yt_dlp_reads_the_same_chapters(gaps: list[int], titles: list[str], form: str) -> None:
    starts = [sum(gaps[:place]) for place in range(len(gaps) + 1)]
    description = "\n".join(
        form.format(time=clock(start), title=title) for start, title in zip(starts, titles, strict=False)
    )
    duration = starts[-1] + 10.0
    read = InfoExtractor()._extract_chapters_from_description(description, duration)
    assert creator_chapters("", description, duration) == tuple((each["title"], each["start_time"]) for each in read)


def clock(seconds: int) -> str:
    hours, rest = divmod(seconds, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


def test_the_players_chapters_come_before_those_of_the_description() -> None:
    assert creator_chapters(PAGE.body.decode(), WRITTEN, 4000.0) == (("Intro", 0), ("The end", 5.5))


def test_chapters_that_youtube_made_itself_are_not_the_creators() -> None:
    page = PAGE.body.decode().replace("DESCRIPTION_CHAPTERS", "AUTO_CHAPTERS")
    assert creator_chapters(page, None, 4000.0) == ()


@given(JSON)
def test_a_page_of_another_shape_has_no_chapters(value: object) -> None:
    page = f'"key":"DESCRIPTION_CHAPTERS","value":{json.dumps(value)}'
    assert creator_chapters(page, None, None) == ()
    assert creator_chapters(page.replace("value", "val"), WRITTEN, None) == CHAPTERS


@given(JSON)
def test_a_player_of_another_shape_has_no_description(value: object) -> None:
    assert description_of(value) is None
    assert description_of({"videoDetails": {"shortDescription": value}}) is None or isinstance(value, str)


def test_a_description_is_text_on_printable_lines() -> None:
    player = {"videoDetails": {"shortDescription": "\n One\x1b[2J \r\n\n  Two\u202e\n"}}
    assert description_of(player) == "One [2J\n\nTwo"


def test_a_described_video_says_its_title_text_and_chapters_without_addresses() -> None:
    text = "Bread. See https://example.com/a?b=c, and:\n#baking #bread\n0:00 Flour"
    segments = description_segments("A talk", text, CHAPTERS)
    assert [segment.text for segment in segments] == ["A talk.", "Bread. See , and.", "Flour."]
    assert [segment.text for segment in description_segments(None, "Bread!", CHAPTERS)] == [
        *["Bread!", "Flour; Water; Salt."]
    ]
