"""What a pasted line means."""

from contextlib import suppress
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skimlist.errors import InvalidRequest
from skimlist.urls import MOST_LINKS, LineStatus, ParsedLink, parse_lines

ID = "dQw4w9WgXcQ"
OTHER = "M05L1DhFqcw"
PLAYLIST = "PLrAXtmErZgOeiKm4sgNOknGvNjby9efdf"

VIDEO_FORMS = [
    f"https://www.youtube.com/watch?v={ID}",
    f"http://www.youtube.com/watch?v={ID}",
    f"www.youtube.com/watch?v={ID}",
    f"youtube.com/watch?v={ID}",
    f"https://m.youtube.com/watch?v={ID}",
    f"https://music.youtube.com/watch?v={ID}&si=abc",
    f"https://youtu.be/{ID}",
    f"youtu.be/{ID}?si=tracking&t=42",
    f"https://www.youtube.com/shorts/{ID}",
    f"https://youtube.com/live/{ID}?feature=share",
    f"https://www.youtube.com/embed/{ID}",
    f"https://www.youtube-nocookie.com/embed/{ID}?rel=0",
    f"https://www.youtube.com/v/{ID}",
    f"https://www.youtube.com/watch?list={PLAYLIST}&v={ID}&index=3",
    f"https://www.youtube.com/watch?v={ID}&utm_source=x&pp=ygU%3D",
    f"https://www.youtube.com/watch?v={ID}#t=90",
    f"https://www.youtube.com/watch/?v={ID}",
    f"HTTPS://WWW.YOUTUBE.COM/watch?v={ID}",
    f"https://www.youtube.com:443/watch?v={ID}",
    f"   https://youtu.be/{ID}\t",
    ID,
    f"  {ID}  ",
    f"<https://youtu.be/{ID}>",
    f'"https://youtu.be/{ID}"',
    f"[A talk](https://youtu.be/{ID})",
    f"- [ ] [A talk](https://youtu.be/{ID}) # to watch",
    f"https://youtu.be/{ID}  # worth it",
    f"https://youtu.be/{ID},",
    f"1. Never gonna give you up: https://youtu.be/{ID}",
    f"Pros and/or cons, 24/7 https://youtu.be/{ID}",
    f"Interesting programming for open-source Performance https://youtu.be/{ID}",
    f"Watch https://youtu.be/{ID}.",
    f"https://www.youtube.com/watch?v={ID}!",
    f"Have you seen https://youtu.be/{ID}?",
    f"https://youtu.be/{ID}: a talk",
    f"https://youtu.be/{ID}…",
    f"**https://youtu.be/{ID}**",
    f"`https://youtu.be/{ID}`",
    f"|https://youtu.be/{ID}|A talk|",
    f"“https://youtu.be/{ID}”",
    f"«https://youtu.be/{ID}».",
    f"https://youtu.be/{ID}\u200b",
    f"请看（https://youtu.be/{ID}）。",
]


@pytest.mark.parametrize("line", VIDEO_FORMS)
def test_every_form_of_a_video_link_is_read(line: str) -> None:
    (link,) = parse_lines([line])
    assert (link.status, link.video_id, link.reason) == (LineStatus.VALID, ID, None)
    assert link.url == f"https://www.youtube.com/watch?v={ID}"


@pytest.mark.parametrize(
    "line", [f"https://www.youtube.com/playlist?list={PLAYLIST}", f"m.youtube.com/playlist?list={PLAYLIST}&si=x"]
)
def test_a_playlist_is_named_as_one(line: str) -> None:
    (link,) = parse_lines([line])
    assert (link.status, link.playlist_id, link.video_id) == (LineStatus.PLAYLIST, PLAYLIST, None)
    assert link.url == f"https://www.youtube.com/playlist?list={PLAYLIST}"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("https://vimeo.com/12345", "vimeo.com is not YouTube."),
        (f"https://youtube.com.evil.example/watch?v={ID}", "youtube.com.evil.example is not YouTube."),
        (f"https://youtube.com@evil.example/watch?v={ID}", "evil.example is not YouTube."),
        (f"https://notyoutube.com/watch?v={ID}", "notyoutube.com is not YouTube."),
        (f"ftp://youtube.com/watch?v={ID}", "neither a web address"),
        ("https://www.youtube.com/@channel", "not a video"),
        ("https://www.youtube.com/results?search_query=x", "not a video"),
        ("https://www.youtube.com/", "not a video"),
        ("https://www.youtube.com/watch?v=short", "cut off"),
        ("https://www.youtube.com/watch", "cut off"),
        (f"https://youtu.be/{ID}x", "cut off"),
        ("https://youtu.be/", "cut off"),
        ("https://www.youtube.com/playlist", "names no playlist"),
        ("https://www.youtube.com/playlist?list=x", "names no playlist"),
        ("short", "11 characters"),
        ("nothing of the kind", "names no video"),
    ],
)
def test_what_is_no_video_says_why(line: str, reason: str) -> None:
    links = parse_lines([line])
    assert [link.status for link in links] == [LineStatus.INVALID]
    assert links[0].reason and reason in links[0].reason
    assert links[0].url is None


@pytest.mark.parametrize("line", ["", "   ", "\t", "# a comment", "   # https://youtu.be/" + ID])
def test_blank_lines_and_comments_give_nothing(line: str) -> None:
    assert parse_lines([line]) == []


def test_lines_are_counted_from_one_and_blank_ones_count() -> None:
    links = parse_lines(["# mine", "", f"https://youtu.be/{ID}", OTHER])
    assert [(link.line, link.video_id) for link in links] == [(3, ID), (4, OTHER)]


def test_several_links_on_a_line_keep_their_order() -> None:
    links = parse_lines([f"https://youtu.be/{OTHER}, {ID}; https://vimeo.com/1"])
    assert [(link.line, link.video_id) for link in links] == [(1, OTHER), (1, ID), (1, None)]


def test_links_are_told_apart_by_the_commas_of_other_scripts_too() -> None:
    links = parse_lines([f"https://youtu.be/{ID}，https://youtu.be/{OTHER}、{PLAYLIST[:11]}；youtu.be/{ID[::-1]}"])
    assert [link.video_id for link in links] == [ID, OTHER, PLAYLIST[:11], ID[::-1]]


def test_a_word_before_a_full_stop_is_not_taken_for_an_id() -> None:
    (link,) = parse_lines(["Programming."])
    assert link.status is LineStatus.INVALID


def test_a_comment_ends_at_its_own_line_of_a_pasted_block() -> None:
    assert [link.video_id for link in parse_lines([f"{ID} # a {OTHER}\n{OTHER} # b"])] == [ID, OTHER]


def test_a_word_of_eleven_letters_alone_on_its_line_is_taken_for_an_id() -> None:
    (link,) = parse_lines(["programming"])
    assert link.video_id == "programming"


def test_words_alone_are_one_invalid_line() -> None:
    (link,) = parse_lines(["interesting programming talk"])
    assert (link.status, link.input) == (LineStatus.INVALID, "interesting programming talk")


def test_the_second_naming_of_a_video_is_a_duplicate_whatever_its_form() -> None:
    links = parse_lines([ID, f"https://www.youtube.com/shorts/{ID}", OTHER, f"youtu.be/{ID}"])
    statuses = [LineStatus.VALID, LineStatus.DUPLICATE, LineStatus.VALID, LineStatus.DUPLICATE]
    assert [link.status for link in links] == statuses
    assert links[1].video_id == ID
    assert links[1].reason


def test_a_playlist_named_twice_is_a_duplicate() -> None:
    line = f"https://www.youtube.com/playlist?list={PLAYLIST}"
    assert [link.status for link in parse_lines([line, line])] == [LineStatus.PLAYLIST, LineStatus.DUPLICATE]


@pytest.mark.parametrize(
    "part", ["é ", "a.b ", "a.b/ ", "youtu.be/ ", "http://[", "…ab ", "&", "?", "%25", "://", " ", "\n"]
)
def test_a_megabyte_of_anything_is_read_within_seconds(part: str) -> None:
    text = "https://www.youtube.com/watch?" + part * (1_000_000 // len(part))
    began = process_time()
    with suppress(InvalidRequest):
        parse_lines(text.splitlines())
    assert process_time() - began < 2


def test_an_address_of_more_characters_than_any_browser_takes_is_none() -> None:
    (link,) = parse_lines([f"https://youtu.be/{ID}?{'x' * 2_000}"])
    assert (link.status, link.reason) == (LineStatus.INVALID, "This is too long for a web address.")


def test_as_many_links_as_can_be_told_of_are_read() -> None:
    lines = [" ".join(f"{number:05}{place:06}" for place in range(20)) for number in range(MOST_LINKS // 20)]
    assert len(parse_lines(lines)) == MOST_LINKS
    with pytest.raises(InvalidRequest, match="At most 10,000 links"):
        parse_lines([*lines, "x"])


@pytest.mark.parametrize("piece", ["](", "-bb", ".a", "[", "# ", "a.b:1", "://"])
def test_no_line_of_allowed_length_takes_forever(piece: str) -> None:
    lines = [f"{piece * (2_000 // len(piece))}! x"] * 500
    assert all(link.status is LineStatus.INVALID for link in parse_lines(lines))


def check(link: ParsedLink) -> None:
    assert (link.status is LineStatus.INVALID) == (link.url is None)
    assert (link.status in {LineStatus.INVALID, LineStatus.DUPLICATE}) == (link.reason is not None)
    if link.video_id:
        assert len(link.video_id) == 11
        assert link.video_id.isascii()
    if link.url:
        (again,) = parse_lines([link.url])
        assert (again.video_id, again.playlist_id) == (link.video_id, link.playlist_id)


PIECES = st.sampled_from(
    [
        *["https://", "http:/", "youtu.be/", "www.youtube.com/", "watch?v=", "&list=", "playlist?list=", "shorts/", ID],
        *[
            PLAYLIST,
            "[",
            "](",
            ")",
            "<",
            ">",
            "#",
            " ",
            "\n",
            ",",
            "%",
            "\\",
            "@",
            ":",
            "//",
            "[::1]",
            "٣",
            "\x00",
            "é",
        ],
    ]
)


@given(st.lists(st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=12).map("".join)), max_size=5))
def test_whatever_is_pasted_is_read_without_an_exception(lines: list[str]) -> None:
    for link in parse_lines(lines):
        check(link)
        assert 1 <= link.line <= len(lines)


@given(st.lists(st.from_regex(r"[A-Za-z0-9_-]{11}", fullmatch=True), max_size=20))
def test_every_id_is_valid_once_and_a_duplicate_after_that(ids: list[str]) -> None:
    links = parse_lines(ids)
    assert [link.video_id for link in links] == ids
    assert [link.video_id for link in links if link.status is LineStatus.VALID] == list(dict.fromkeys(ids))


IN_A_LIST = [
    f"https://www.youtube.com/watch?v={ID}&list={PLAYLIST}&index=3",
    f"youtu.be/{ID}?list={PLAYLIST}",
    f"https://m.youtube.com/watch?list={PLAYLIST}&v={ID}",
]


@pytest.mark.parametrize("line", IN_A_LIST)
def test_a_video_of_a_playlist_is_one_video_unless_the_whole_is_asked_for(line: str) -> None:
    (video,) = parse_lines([line])
    assert (video.status, video.video_id, video.playlist_id) == (LineStatus.VALID, ID, PLAYLIST)
    (whole,) = parse_lines([line], whole_playlists=True)
    assert (whole.status, whole.video_id, whole.playlist_id) == (LineStatus.PLAYLIST, None, PLAYLIST)


def test_two_videos_of_one_playlist_ask_for_it_once() -> None:
    lines = [f"https://www.youtube.com/watch?v={each}&list={PLAYLIST}" for each in (ID, OTHER)]
    statuses = [link.status for link in parse_lines(lines, whole_playlists=True)]
    assert statuses == [LineStatus.PLAYLIST, LineStatus.DUPLICATE]


@pytest.mark.parametrize("personal", ["RDabcdefghijklm", "WL", "LL0123456789abc", "short"])
def test_a_list_that_nobody_else_can_read_is_never_meant(personal: str) -> None:
    (video,) = parse_lines([f"https://www.youtube.com/watch?v={ID}&list={personal}"], whole_playlists=True)
    assert (video.status, video.video_id, video.playlist_id) == (LineStatus.VALID, ID, None)
