"""Parses each line of a pasted text into links to videos, playlists and channels, invalid links, or plain text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import chain, islice

from skimlist.errors import InvalidRequest, PlaylistPersonal
from skimlist.links.addresses import Named, identify_address, is_bare_playlist_id, is_personal, is_video_id
from skimlist.links.channels import channel_of_word
from skimlist.links.decoding import INVISIBLE, decode
from skimlist.links.finding import Address, find_addresses
from skimlist.models.addresses import watch_url
from skimlist.models.channel import Channel, is_channel_id, source_url

# Twice the limit of a batch; the results for this many links fit into one response.
MAX_LINKS = 10_000
# The number of characters by which a user recognizes an input.
_MAX_INPUT_LENGTH = 500

# `# a comment`, also `#https://…`; but not `#shorts https://…`.
_COMMENT_LINE = re.compile(r"#(?:\s|$|https?:)", re.IGNORECASE)
_COMMENT = re.compile(r"\s#(?=\s|$)")
_COMMENT_OR_TAG = re.compile(r"(?<=\S)\s#")
# Fast checks before the slow ones: every address has one of these characters, and every id this many in a row.
_MARK_OF_AN_ADDRESS = re.compile(r"[./?:%]")
_AS_LONG_AS_AN_ID = re.compile(r"[A-Za-z0-9_-]{11}")
# A word between separators, and the characters that may surround a single word on its line.
_WORD = re.compile(r"[^\s,;|<>\"'`()\[\]{}=:“”„‘’«»‹›、。「」『』【】《》]+")
_AROUND_A_WORD = " \t,;\"'`<>*|“”"
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_LETTERS = re.compile(r"[^\W\d_]{2}")
# Words of eleven characters in the output of downloaders, spreadsheets and YouTube's pages that are not ids.
_COLUMN_NAMES = frozenset(
    {
        *{"webpage_url", "upload_date", "uploader_id", "channel_url", "playlist_id", "publishedAt", "description"},
        *{"video_title", "youtube_url", "live_stream", "videoseries", "watch_popup", "watch_later"},
    }
)
# "programming", "open-source", "ReactNative", "some_column": three of a thousand ids look like this.
_LIKE_A_WORD = re.compile(r"(?:[A-Z]?[a-z]+|[A-Z]+)(?:[_-]?(?:[A-Z]?[a-z]+|[A-Z]+))?|[a-z]+(?:[_-][a-z]+)+")
_LIKE_A_NUMBER = re.compile(r"[\d_-]+")
# "Wikipedia24"; within a sentence also "iPhone15Pro", although one id in eight looks like that.
_LIKE_A_NAME = re.compile(r"(?:[_-]*(?:[A-Z]?[a-z]+|[A-Z]+|\d+)){1,2}[_-]*")
_LIKE_A_LONG_NAME = re.compile(r"(?:[_-]*(?:[A-Z]?[a-z]+|[A-Z]+|\d+)){1,4}[_-]*")
# The minimum length of ids that YouTube generates.
_MIN_PLAYLIST_ID_LENGTH = 18
# A line of JSON that a program wrote; a channel in it belongs to a video, such as its `"uploader_url": "https://…"`.
_JSON_FIELD = re.compile(r'"[\w.-]{1,100}": {0,4}["\[]')
# Lines of yt-dlp's archive file, and of a playlist that Google Takeout exported.
_RECORD = re.compile(r"(?:youtube )?(?P<id>[A-Za-z0-9_-]{11})(?:, ?\d{4}-\d\d-\d\d[T ][\d:.+]*(?:Z| UTC)?)?")
_CHANNEL_OF_A_VIDEO = Named(
    reason="This is taken for the channel of the video beside it; give it a line of its own to add the channel."
)

Found = tuple[Address, Named]


class LineStatus(StrEnum):
    VALID = "valid"
    PLAYLIST = "playlist"
    CHANNEL = "channel"
    CHANNEL_PLAYLISTS = "channel_playlists"
    DUPLICATE = "duplicate"
    INVALID = "invalid"


# The links that add something to a batch.
ADDED = frozenset({LineStatus.VALID, LineStatus.PLAYLIST, LineStatus.CHANNEL})


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedLink:
    """The result for one link of the input. `line` counts from 1; `reason` explains to a person what is wrong.

    A video with a `playlist_id` was linked as a part of that playlist. `channel` is a channel's `Channel.source_id`.
    """

    line: int
    input: str
    status: LineStatus
    video_id: str | None = None
    playlist_id: str | None = None
    channel: str | None = None
    reason: str | None = None

    @property
    def target(self) -> str | None:
        """The id of the video, playlist or channel."""
        return self.video_id or self.playlist_id or self.channel

    @property
    def url(self) -> str | None:
        """The canonical address, which is built from the id alone, so that nothing else of the input is ever used."""
        if self.video_id:
            return watch_url(self.video_id)
        return source_url(self.target) if self.target else None


@dataclass(slots=True)
class ParsedText:
    """All links in order, and the numbers of the lines with text or a comment but no link.

    Every line that is not blank is in one of the two.
    """

    links: list[ParsedLink] = field(default_factory=list)
    passed_over: list[int] = field(default_factory=list)


def split_lines(text: str) -> list[str]:
    """Splits text into the lines that editors and browsers count; `str.splitlines` splits at seven more characters."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def shorten(text: str) -> str:
    return text if len(text) <= _MAX_INPUT_LENGTH else f"{text[:_MAX_INPUT_LENGTH]}…"


def parse_lines(lines: Iterable[str], *, whole_playlists: bool = False) -> ParsedText:
    """Parses lines into links. A video from an earlier line is a duplicate; within one line it counts once.

    Words beside a link are taken as its title, and text after ` # ` as a comment. With `whole_playlists`, a video that
    is linked as a part of a playlist means the whole playlist. Raises InvalidRequest for more than MAX_LINKS links.
    """
    parsed = ParsedText()
    seen: set[str] = set()
    for number, entry in enumerate(lines, start=1):
        if not entry or entry.isspace():
            continue
        found = _parse_entry(number, entry)
        if not found:
            parsed.passed_over.append(number)
            continue
        links = list(_without_repetitions(found, whole_playlists=whole_playlists))
        parsed.links += [_duplicate(link) if link.target in seen else link for link in links]
        seen |= {link.target for link in links if link.target and link.status in ADDED}
        if len(parsed.links) > MAX_LINKS:
            raise InvalidRequest(f"At most {MAX_LINKS:,} links can be read at once; send them in parts.")
    return parsed


def mark_duplicates(links: Iterable[ParsedLink], known: Set[str]) -> list[ParsedLink]:
    """Returns the links, with those to a `known` video, playlist or channel of the batch marked as duplicates."""
    return [
        replace(link, status=LineStatus.DUPLICATE, reason="The batch already has this.")
        if link.status in ADDED and link.target in known
        else link
        for link in links
    ]


def _without_repetitions(links: Iterable[ParsedLink], *, whole_playlists: bool) -> Iterator[ParsedLink]:
    """Yields each target once: a line often names it twice, as in `[https://…](https://…)` or a table's row."""
    seen: set[str] = set()
    for link in links:
        if whole_playlists and link.video_id and link.playlist_id:
            link = replace(link, status=LineStatus.PLAYLIST, video_id=None)  # noqa: PLW2901
        if link.target is None or link.target not in seen:
            yield link
        if link.target:
            seen.add(link.target)


def _parse_entry(number: int, entry: str) -> list[ParsedLink]:
    links: list[ParsedLink] = []
    for line in split_lines(entry):
        # One link too many is enough to refuse the text, so the rest of a long line need not be parsed.
        links.extend(islice(_parse_line(number, line), MAX_LINKS + 1 - len(links)))
    return links


def _parse_line(number: int, line: str) -> Iterable[ParsedLink]:
    if not _LETTER_OR_DIGIT.search(line):
        return ()
    decoded = decode(line)
    text = decoded.replace(INVISIBLE, " ")
    if _COMMENT_LINE.match(text.lstrip()):
        return ()
    may_hold_id = _AS_LONG_AS_AN_ID.search(text) is not None
    if not may_hold_id and not _MARK_OF_AN_ADDRESS.search(text):
        return [*_parse_handles(number, text)] or _parse_single_word(number, text)
    found = _find(text)
    if INVISIBLE in decoded:
        joined = decoded.replace(INVISIBLE, "")
        if _clarity(found_joined := _find(joined)) > _clarity(found):
            text, found = joined, found_joined
    meant = [(address, named) for address, named in found if address.is_certain or not named.reason]
    if meant:
        in_a_record = _JSON_FIELD.match(text.lstrip()) and all(named.channel for _, named in meant)
        return () if in_a_record else _parse_addresses(number, text, meant)
    text = text if found else _COMMENT_OR_TAG.split(text, maxsplit=1)[0]
    if not found and (not may_hold_id or "@" in text):
        handles = [*_parse_handles(number, text)]
        if handles or not may_hold_id:
            return handles or _parse_single_word(number, text)
    words = list(chain.from_iterable(_words_between(text, found, len(text))))
    return (
        [*_parse_record(number, text)]
        or [*_parse_words(number, words)]
        or [_invalid(number, address.text, named.reason) for address, named in found[:1]]
        or [*_parse_single_word(number, text)]
    )


def _find(text: str) -> list[Found]:
    return [(address, identify_address(address.text)) for address in islice(find_addresses(text), MAX_LINKS + 1)]


def _clarity(found: Sequence[Found]) -> tuple[int, int]:
    """Rates a reading of a line: more videos are better, and then fewer addresses that do not name any.

    An invisible character usually ends an address, but some editors insert one wherever an address may be broken.
    """
    unclear = sum(named.reason is not None for _, named in found)
    return len(found) - unclear, -unclear


def _parse_addresses(number: int, text: str, found: Sequence[Found]) -> Iterator[ParsedLink]:
    """Yields the links of addresses, and of ids beside them if there are no other words. A comment may follow."""
    first = next((address for address, named in found if not named.reason), None)
    comment = _COMMENT.search(text, first.end) if first and "#" in text else None
    end = comment.start() if comment else len(text)
    found = [(address, named) for address, named in found if address.start < end]
    words = _words_between(text, found, end)
    are_ids = not any(map(_is_other_word, chain.from_iterable(words)))
    beside_a_video = any(named.video_ids or named.playlist_id for _, named in found)
    for between, following in zip(words, [*found, None], strict=True):
        if are_ids:
            yield from (_video(number, word) for word in between if _is_id(word) and not _LIKE_A_NUMBER.fullmatch(word))
        if following:
            yield from _links(number, *following, beside_a_video=beside_a_video)


def _words_between(text: str, found: Sequence[Found], end: int) -> list[list[str]]:
    """Returns the words before the first address, between each two, and after the last one."""
    starts = [0, *(address.end for address, _ in found)]
    ends = [*(address.start for address, _ in found), end]
    return [_WORD.findall(text, *span) for span in zip(starts, ends, strict=True)]


def _parse_record(number: int, text: str) -> Iterator[ParsedLink]:
    """Yields an id that is alone on its line or in a record that a program wrote."""
    record = _RECORD.fullmatch(text.strip(_AROUND_A_WORD))
    if record and record["id"] not in _COLUMN_NAMES:
        yield _video(number, record["id"])


def _parse_words(number: int, words: Sequence[str]) -> Iterator[ParsedLink]:
    """Yields the ids in a line without addresses of YouTube."""
    have_others = any(map(_is_other_word, words))
    for place, word in enumerate(words):
        if is_channel_id(word):
            yield _channel(number, word, Channel(word))
        elif is_bare_playlist_id(word) and not (have_others and len(word) < _MIN_PLAYLIST_ID_LENGTH):
            yield ParsedLink(line=number, input=word, status=LineStatus.PLAYLIST, playlist_id=word)
        elif _is_id(word) and not (have_others and _shape_of_a_word(place, len(words)).fullmatch(word)):
            yield _video(number, word)


def _parse_handles(number: int, text: str) -> Iterator[ParsedLink]:
    """Yields the channels of a line that has handles and no other words."""
    words = _WORD.findall(_COMMENT_OR_TAG.split(text, maxsplit=1)[0])
    named = [(word, channel_of_word(word)) for word in words]
    if not any(_LETTERS.search(word) for word, channel in named if not channel):
        yield from (_channel(number, word, channel) for word, channel in named if channel)


def _shape_of_a_word(place: int, words: int) -> re.Pattern[str]:
    """Returns the pattern of a word that is more likely text than an id. Lists begin or end with the id."""
    if place == 0:
        return _LIKE_A_NUMBER
    return _LIKE_A_NAME if place == words - 1 else _LIKE_A_LONG_NAME


def _parse_single_word(number: int, text: str) -> Iterator[ParsedLink]:
    """Reports a single word on its line with a reason; a line of several words counts as text."""
    word = text.strip(_AROUND_A_WORD)
    if not _WORD.fullmatch(word) or not _LETTER_OR_DIGIT.search(word) or word in _COLUMN_NAMES:
        return
    if is_personal(word) and (len(word) == 2 or len(word) >= 13):
        yield _invalid(number, word, PlaylistPersonal.message)
    else:
        yield _invalid(number, word, "This is neither a web address nor a video id of 11 characters.")


def _is_id(word: str) -> bool:
    """Whether a word that is not alone on its line can be an id."""
    return is_video_id(word) and word not in _COLUMN_NAMES and not _LIKE_A_WORD.fullmatch(word)


def _is_other_word(word: str) -> bool:
    return _LETTERS.search(word) is not None and not _is_id(word)


def _links(number: int, address: Address, named: Named, *, beside_a_video: bool) -> Iterator[ParsedLink]:
    for video_id in named.video_ids:
        # An address may name a hundred videos; repeated for each, it would outgrow the response.
        named_by = address.text if len(named.video_ids) == 1 else video_id
        yield replace(_video(number, video_id), input=named_by, playlist_id=named.playlist_id)
    if named.reason:
        yield _invalid(number, address.text, named.reason)
    elif named.channel and beside_a_video:
        # Histories and downloaders name the channel of each video beside it.
        yield _invalid(number, address.text, _CHANNEL_OF_A_VIDEO.reason)
    elif named.channel:
        yield _channel(number, address.text, named.channel)
    elif not named.video_ids:
        yield ParsedLink(line=number, input=address.text, status=LineStatus.PLAYLIST, playlist_id=named.playlist_id)


def _channel(line: int, text: str, channel: Channel) -> ParsedLink:
    link = ParsedLink(line=line, input=text, status=LineStatus.CHANNEL, channel=channel.source_id)
    if channel.tab and channel.tab.has_playlists:
        return replace(
            link, status=LineStatus.CHANNEL_PLAYLISTS, reason="This page lists playlists; add those that you want."
        )
    return link


def _video(line: int, video_id: str) -> ParsedLink:
    return ParsedLink(line=line, input=video_id, status=LineStatus.VALID, video_id=video_id)


def _duplicate(link: ParsedLink) -> ParsedLink:
    return replace(link, status=LineStatus.DUPLICATE, reason="This is already listed above; it is summarized once.")


def _invalid(line: int, text: str, reason: str | None) -> ParsedLink:
    return ParsedLink(line=line, input=shorten(text), status=LineStatus.INVALID, reason=reason)
