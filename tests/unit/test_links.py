"""The meaning of a pasted line."""

from collections.abc import Iterable
from contextlib import suppress
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yt_dlp.extractor.youtube import YoutubeBaseInfoExtractor, YoutubeIE, YoutubeTabIE

from skimlist.errors import InvalidRequest
from skimlist.links.finding import find_addresses
from skimlist.links.parsing import MAX_LINKS, LineStatus, ParsedLink, ParsedText, parse_lines, split_lines
from skimlist.models.channel import Channel, ChannelTab
from tests.link_lines import CHANNEL, CHANNEL_FORMS, ID, OTHER, PLAYLIST, PLAYLIST_FORMS, TEXT, VIDEO_FORMS


def links_of(lines: Iterable[str], *, whole_playlists: bool = False) -> list[ParsedLink]:
    return parse_lines(lines, whole_playlists=whole_playlists).links


@pytest.mark.parametrize("line", VIDEO_FORMS)
def test_every_form_of_a_video_link_is_read(line: str) -> None:
    (link,) = links_of([line])
    assert (link.status, link.video_id, link.reason) == (LineStatus.VALID, ID, None)
    assert link.url == f"https://www.youtube.com/watch?v={ID}"


@pytest.mark.parametrize("line", PLAYLIST_FORMS)
def test_a_playlist_is_named_as_one(line: str) -> None:
    (link,) = links_of([line])
    assert (link.status, link.playlist_id, link.video_id) == (LineStatus.PLAYLIST, PLAYLIST, None)
    assert link.url == f"https://www.youtube.com/playlist?list={PLAYLIST}"


@pytest.mark.parametrize(
    "name", ["UUuAXFkgsw1L7xaCfnd5JJOw", "OLAK5uy_kfQ7VNcv7MGnKQ5nVSKFmNlTOlRCTGbTA", "FLuAXFkgsw1L7xaCfnd5JJOw"]
)
def test_a_bare_id_is_a_playlist_of_whatever_sort(name: str) -> None:
    (link,) = links_of([name])
    assert (link.status, link.playlist_id) == (LineStatus.PLAYLIST, name)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("https://vimeo.com/12345", "vimeo.com is not YouTube."),
        (f"https://youtube.com.evil.example/watch?v={ID}", "youtube.com.evil.example is not YouTube."),
        (f"https://youtube.com@evil.example/watch?v={ID}", "evil.example is not YouTube."),
        (f"https://notyoutube.com/watch?v={ID}", "notyoutube.com is not YouTube."),
        (f"https://youtube.com%2Fwatch%3Fv={ID}@evil.example/", "evil.example is not YouTube."),
        (f"youtube.com:80@evil.example/watch?v={ID}", "evil.example is not YouTube."),
        (f"evil.example/youtube.com/watch?v={ID}", "evil.example is not YouTube."),
        ("https://www.youtube.com/embed/live_stream?channel=UC0123456789", "not a video"),
        ("https://www.youtube.com/embed/videoseries", "names no playlist"),
        ("https://www.youtube.com/clip/UgkxAbc", "a part of a video"),
        ("https://www.youtube.com/redirect?q=https%3A%2F%2Fexample.org", "not a video"),
        ("WL", "belong to one viewer"),
        ("https://www.youtube.com/@", "names no channel"),
        ("https://www.youtube.com/channel/UCshort", "names no channel"),
        ("https://www.youtube.com/c/", "names no channel"),
        ("https://www.youtube.com/@channel/search?query=x", "not a video"),
        ("https://www.youtube.com/premium", "not a video"),
        ("https://www.youtube.com/post/UgkxAbc", "not a video"),
        ("https://www.youtube.com/playables", "not a video"),
        ("https://www.youtube.com/playables/UgkxAbc", "not a video"),
        ("https://www.youtube.com/podcast/PLabc", "not a video"),
        ("https://www.youtube.com/activate", "not a video"),
        ("https://www.youtube.com/handle", "not a video"),
        ("https://www.youtube.com/redeem", "not a video"),
        ("https://www.youtube.com/pagead/aclk?sa=L", "not a video"),
        ("https://www.youtube.com/youtubei/v1/browse", "not a video"),
        ("https://www.youtube.com/img/logo.png", "not a video"),
        ("https://www.youtube.com/api/timedtext?v=x", "not a video"),
        ("https://www.youtube.com/somethingnew/UgkxAbc", "not a video"),
        ("https://www.youtube.com/GoogleDevelopers/search?query=x", "not a video"),
        ("https://tv.youtube.com/library", "not a video"),
        ("https://www.youtube.com/feeds/videos.xml?channel_id=UC", "not a video"),
        ("https://www.youtube.com/results?search_query=x", "not a video"),
        ("https://www.youtube.com/", "not a video"),
        ("https://www.youtube.com/watch?v=short", "cut off"),
        (f"watch?w={ID}", "cut off"),
        ("https://www.youtube.com/watch", "cut off"),
        ("https://youtu.be/", "cut off"),
        ("https://www.youtube.com/playlist", "names no playlist"),
        ("https://www.youtube.com/playlist?list=x", "names no playlist"),
        ("short", "11 characters"),
    ],
)
def test_a_link_that_is_not_a_video_says_why(line: str, reason: str) -> None:
    links = links_of([line])
    assert [link.status for link in links] == [LineStatus.INVALID]
    assert links[0].reason and reason in links[0].reason
    assert links[0].url is None


def test_a_backslash_of_markdown_is_not_part_of_an_id() -> None:
    (link,) = links_of(["https://youtu.be/ab\\_cdefghij"])
    assert link.video_id == "ab_cdefghij"


@pytest.mark.parametrize(
    "line",
    [
        f"https://www.youtube.com/watch_videos?video_ids={ID},{OTHER}",
        f"https://www.youtube.com/watch_videos?video_ids={ID}%2C{OTHER}",
        f"https://youtu.be/{ID}https://youtu.be/{OTHER}",
        f"https://youtu.be/{ID},https://youtu.be/{OTHER}",
    ],
)
def test_two_videos_are_read(line: str) -> None:
    assert [link.video_id for link in links_of([line])] == [ID, OTHER]


def test_our_ids_of_addresses_are_those_of_yt_dlp() -> None:
    """These are yt-dlp's own test cases, without mirrors of YouTube that others run."""
    addresses = [
        test["url"] for test in YoutubeIE._TESTS if any(site in test["url"] for site in ("youtube", "youtu.be"))
    ]
    assert len(addresses) > 50
    ours = {address: link.video_id for address in addresses for link in links_of([address])}
    assert ours == {address: YoutubeIE.extract_id(address) for address in addresses}


@pytest.mark.parametrize(("line", "source_id"), CHANNEL_FORMS.items())
def test_every_form_of_a_channel_link_is_read(line: str, source_id: str) -> None:
    (link,) = links_of([line])
    assert (link.status, link.channel, link.reason) == (LineStatus.CHANNEL, source_id, None)
    assert (link.video_id, link.playlist_id) == (None, None)


def test_our_channels_of_addresses_are_those_of_yt_dlp() -> None:
    """These are yt-dlp's own test cases. A tab without videos means the channel, a live stream's tab all streams."""
    addresses = [
        test["url"] for test in YoutubeTabIE._TESTS if "youtube" in test["url"] and "/search?" not in test["url"]
    ]
    theirs = {address: match for address in addresses if (match := as_channel(address))}
    assert len(theirs) > 30
    ours = {address: link.channel for address in addresses for link in links_of([address]) if link.channel}
    assert ours == theirs


# `c` and `user` stand before the names of channels.
@pytest.mark.parametrize("page", sorted({*YoutubeBaseInfoExtractor._RESERVED_NAMES.split("|")} - {"c", "user"}))
@pytest.mark.parametrize("following", ["", "/", "/Ugkx_abc", "/videos"])
def test_the_pages_that_yt_dlp_knows_are_not_channels(page: str, following: str) -> None:
    assert [link.channel for link in links_of([f"https://www.youtube.com/{page}{following}"])] == [None]


def as_channel(address: str) -> str | None:
    """Returns what yt-dlp finds in an address, in our notation; None if it is not a channel's."""
    match = YoutubeTabIE._URL_RE.match(address)
    assert match
    if match["not_channel"] or match["id"] == "course":  # where YouTube once showed playlists
        return None
    name, kind = match["id"], match["channel_type"]
    if name.startswith(("VL", "MPRE")):  # YouTube Music's playlists and albums
        return None
    if kind in {"c", "user"} or not (kind or name.startswith("@")):
        name = f"{kind or 'c'}/{name}"
    tab = {"/live": "/streams", "/releases": "/playlists"}.get(match["tab"], match["tab"] or "")
    return (name.lower() if name.startswith("@") else name) + (tab if tab[1:] in set(ChannelTab) else "")


@pytest.mark.parametrize("tab", ["playlists", "podcasts", "releases"])
def test_a_page_of_playlists_asks_to_choose_some_of_them(tab: str) -> None:
    (link,) = links_of([f"https://www.youtube.com/@google.dev/{tab}"])
    assert link.status is LineStatus.CHANNEL_PLAYLISTS
    assert link.reason == "This page lists playlists; add those that you want."


def test_the_channel_beside_a_video_is_that_of_the_video() -> None:
    video, channel = links_of([f"https://youtu.be/{ID} https://www.youtube.com/@google.dev"])
    assert (video.video_id, channel.status) == (ID, LineStatus.INVALID)
    assert channel.reason and "a line of its own" in channel.reason


def test_several_handles_on_a_line_are_several_channels() -> None:
    assert [link.channel for link in links_of([f"@google.dev, @Other; {CHANNEL}"])] == [
        "@google.dev",
        "@other",
        CHANNEL,
    ]


def test_a_handle_in_another_case_is_a_duplicate_and_another_tab_is_not() -> None:
    links = links_of(["@google.dev", "youtube.com/@Google.Dev", "youtube.com/@google.dev/videos"])
    assert [link.status for link in links] == [LineStatus.CHANNEL, LineStatus.DUPLICATE, LineStatus.CHANNEL]


@given(st.from_regex(r"@[^\W_][\w.·-]{0,30}|c/\w{1,20}|user/[a-z0-9]{1,20}|UC[A-Za-z0-9_-]{22}", fullmatch=True))
def test_a_channel_is_found_again_in_its_own_address(name: str) -> None:
    for tab in [None, *ChannelTab]:
        for link in links_of([Channel(name, tab).url]):
            if link.channel:
                again = Channel.from_source_id(link.channel)
                assert again and again.tab is tab
                assert again.url == link.url
                assert [each.channel for each in links_of([again.url])] == [link.channel]


@pytest.mark.parametrize("line", ["", "   ", "\t", "# a comment", "   # https://youtu.be/" + ID])
def test_blank_lines_and_comments_name_nothing(line: str) -> None:
    parsed = parse_lines([line])
    assert (parsed.links, parsed.passed_over) == ([], [1] if line.strip() else [])


def test_lines_are_counted_from_one_and_blank_ones_count() -> None:
    links = links_of(["# mine", "", f"https://youtu.be/{ID}", OTHER])
    assert [(link.line, link.video_id) for link in links] == [(3, ID), (4, OTHER)]


def test_several_links_on_a_line_keep_their_order() -> None:
    links = links_of([f"https://youtu.be/{OTHER}, {ID}; https://vimeo.com/1"])
    assert [(link.line, link.video_id) for link in links] == [(1, OTHER), (1, ID), (1, None)]


def test_commas_of_other_scripts_separate_links_too() -> None:
    links = links_of([f"https://youtu.be/{ID}，https://youtu.be/{OTHER}、{PLAYLIST[:11]}；youtu.be/{ID[::-1]}"])
    assert [link.video_id for link in links] == [ID, OTHER, PLAYLIST[:11], ID[::-1]]


def test_a_word_before_a_full_stop_is_not_taken_for_an_id() -> None:
    (link,) = links_of(["Programming."])
    assert link.status is LineStatus.INVALID


def test_a_comment_ends_at_its_own_line_of_a_pasted_block() -> None:
    assert [link.video_id for link in links_of([f"{ID} # a {OTHER}\n{OTHER} # b"])] == [ID, OTHER]


def test_a_word_of_eleven_letters_alone_on_its_line_is_taken_for_an_id() -> None:
    (link,) = links_of(["programming"])
    assert link.video_id == "programming"


@pytest.mark.parametrize("line", TEXT)
def test_a_line_of_text_is_skipped_and_counted(line: str) -> None:
    assert parse_lines([line]) == ParsedText(passed_over=[1])


def test_the_second_naming_of_a_video_is_a_duplicate_whatever_its_form() -> None:
    links = links_of([ID, f"https://www.youtube.com/shorts/{ID}", OTHER, f"youtu.be/{ID}"])
    statuses = [LineStatus.VALID, LineStatus.DUPLICATE, LineStatus.VALID, LineStatus.DUPLICATE]
    assert [link.status for link in links] == statuses
    assert links[1].video_id == ID
    assert links[1].reason


def test_a_playlist_named_twice_is_a_duplicate() -> None:
    line = f"https://www.youtube.com/playlist?list={PLAYLIST}"
    assert [link.status for link in links_of([line, line])] == [LineStatus.PLAYLIST, LineStatus.DUPLICATE]


@pytest.mark.parametrize(
    "part",
    [
        "#\n",
        "%\n",
        "1:#\n",
        "http://[",
        "watch?",
        "watch?v=\u200b\n",
        "=",
        "a.b/ ",
        "iPhone15Pro ",
        "%25",
        "<a ",
        "\u200bu",
    ],
)
def test_a_quarter_of_a_megabyte_of_anything_is_read_within_seconds(part: str) -> None:
    text = "https://www.youtube.com/watch?" + part * (250_000 // len(part))
    began = process_time()
    with suppress(InvalidRequest):
        parse_lines(split_lines(text))
    # A quarter of a second without coverage and other work; what is quadratic takes minutes.
    assert process_time() - began < 5


def test_an_address_without_a_host_is_one_only_with_an_id() -> None:
    assert [each.text for each in find_addresses("watch?v= /playlist?list=PL watch?v=a%62cdefghij%6b")] == [
        "/watch?v=a%62cdefghij%6b"
    ]


def test_an_address_of_more_characters_than_any_browser_takes_is_none() -> None:
    (link,) = links_of([f"https://youtu.be/{ID}?{'x' * 2_000}"])
    assert (link.status, link.reason) == (LineStatus.INVALID, "This is too long for a web address.")


def test_as_many_links_are_read_as_can_be_reported() -> None:
    lines = [" ".join(f"{number:05}{place:06}" for place in range(20)) for number in range(MAX_LINKS // 20)]
    assert len(links_of(lines)) == MAX_LINKS
    with pytest.raises(InvalidRequest, match="At most 10,000 links"):
        parse_lines([*lines, "x"])


@pytest.mark.parametrize("piece", ["](", "-bb", ".a", "[", "# ", "a.b:1", "://"])
def test_no_line_of_allowed_length_takes_forever(piece: str) -> None:
    lines = [f"{piece * (2_000 // len(piece))}! x"] * 50
    assert all(link.status is LineStatus.INVALID for link in links_of(lines))


def check(link: ParsedLink) -> None:
    assert (link.status is LineStatus.INVALID) == (link.url is None)
    unreasoned = {LineStatus.VALID, LineStatus.PLAYLIST, LineStatus.CHANNEL}
    assert (link.status not in unreasoned) == (link.reason is not None)
    if link.video_id:
        assert len(link.video_id) == 11
        assert link.video_id.isascii()
    if link.url:
        (again,) = links_of([link.url])
        # The address of a video does not name the playlist that it was linked as a part of.
        assert (again.video_id, again.target) == (link.video_id, link.target)


SEPARATORS = [" ", "\t", '"', "(", ")", "<", ">", "[", "]", "「", "。", "，", "\u200b", "\u2068", "\ufeff"]
PIECES = st.sampled_from(
    [
        *["https://", "http:/", "youtu.be/", "www.youtube.com/", "watch?v=", "&list=", "playlist?list=", "shorts/", ID],
        *[
            PLAYLIST,
            CHANNEL,
            "@Handle",
            "/channel/",
            "/c/",
            "/videos",
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
def test_whatever_is_pasted_is_read_and_every_line_is_accounted_for(lines: list[str]) -> None:
    parsed = parse_lines(lines)
    for link in parsed.links:
        check(link)
    told = {link.line for link in parsed.links} | set(parsed.passed_over)
    assert told == {number for number, line in enumerate(lines, start=1) if line and not line.isspace()}


@given(st.text(max_size=40), st.sampled_from(SEPARATORS), st.sampled_from(SEPARATORS), st.text(max_size=40))
def test_a_link_is_found_whatever_is_around_it(before: str, opening: str, closing: str, after: str) -> None:
    line = f"{before.replace('#', '')}{opening}https://www.youtube.com/watch?v={ID}{closing}{after}"
    assert ID in {link.video_id for link in links_of([line])}


@given(st.lists(st.from_regex(r"[A-Za-z0-9_-]{11}", fullmatch=True), max_size=20))
def test_every_id_is_valid_once_and_a_duplicate_after_that(ids: list[str]) -> None:
    links = links_of(ids)
    assert [link.video_id for link in links] == ids
    assert [link.video_id for link in links if link.status is LineStatus.VALID] == list(dict.fromkeys(ids))


IN_A_LIST = [
    f"https://www.youtube.com/watch?v={ID}&list={PLAYLIST}&index=3",
    f"youtu.be/{ID}?list={PLAYLIST}",
    f"https://www.youtube.com/watch?v={ID}&amp;list={PLAYLIST}",
    f"https://m.youtube.com/watch?list={PLAYLIST}&v={ID}",
]


@pytest.mark.parametrize("line", IN_A_LIST)
def test_a_video_of_a_playlist_is_one_video_unless_the_whole_is_asked_for(line: str) -> None:
    (video,) = links_of([line])
    assert (video.status, video.video_id, video.playlist_id) == (LineStatus.VALID, ID, PLAYLIST)
    (whole,) = links_of([line], whole_playlists=True)
    assert (whole.status, whole.video_id, whole.playlist_id) == (LineStatus.PLAYLIST, None, PLAYLIST)


def test_two_videos_of_one_playlist_ask_for_it_once() -> None:
    lines = [f"https://www.youtube.com/watch?v={each}&list={PLAYLIST}" for each in (ID, OTHER)]
    statuses = [link.status for link in links_of(lines, whole_playlists=True)]
    assert statuses == [LineStatus.PLAYLIST, LineStatus.DUPLICATE]


@pytest.mark.parametrize("personal", ["RDabcdefghijklm", "WL", "LL0123456789abc", "short"])
def test_a_list_that_nobody_else_can_read_is_never_meant(personal: str) -> None:
    (video,) = links_of([f"https://www.youtube.com/watch?v={ID}&list={personal}"], whole_playlists=True)
    assert (video.status, video.video_id, video.playlist_id) == (LineStatus.VALID, ID, None)
