"""What a pasted line means: which video or playlist of YouTube it names, and if none, why."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice
from urllib.parse import SplitResult, parse_qs, urlsplit

from skimlist.errors import InvalidRequest, PlaylistPersonal
from skimlist.models import watch_url

# Twice what a batch takes; what is said about so many fits into one answer.
MOST_LINKS = 10_000

# What separates links of text as people write it, in other scripts too, and characters that nobody sees.
_SEPARATORS = r"\s,;|<>\"'`\[\]()“”„‘’«»，、；。（）「」『』【】《》\u200b\u200e\u200f\u2060\ufeff"
# A Markdown link's target, or what stands between separators.
_LINKS = re.compile(rf"\]\((?P<target>[^()\[\]\s]+)\)|(?P<bare>[^{_SEPARATORS}]+)")
# The end of a sentence or of bold text that ends with an address.
_PUNCTUATION = ".:!?*…：！？"
_COMMENT = re.compile(r"(^|\s)#.*$", re.MULTILINE)
_ADDRESS = re.compile(r"\w+://|[\w.-]+\.\w+(:\d+)?/")
# Beside other words "programming" and "open-source" are words too; fewer than one id in a thousand looks so.
_WORD = re.compile(r"[A-Za-z][a-z]*(-[A-Za-z][a-z]*)*|[A-Z]+")
_VIDEO_ID = re.compile(r"[A-Za-z0-9_-]{11}")
_PLAYLIST_ID = re.compile(r"[A-Za-z0-9_-]{13,64}")
_HOSTS = frozenset(
    f"{prefix}{host}" for prefix in ("", "www.", "m.", "music.") for host in ("youtube.com", "youtube-nocookie.com")
)
_SHORT_HOSTS = frozenset({"youtu.be", "www.youtu.be"})
_PATHS_WITH_ID = frozenset({"shorts", "live", "embed", "v", "e"})
# What each of these hosts has in its name.
_PART_OF_EVERY_HOST = "youtu"
# Browsers and servers take no longer ones; YouTube's own have fewer than 200 characters.
_LONGEST_ADDRESS = 2_000

# Mixes are made for the viewer, except those that YouTube Music's editors put together (RDCLAK…).
_PERSONAL_PLAYLIST = re.compile(r"RD(?!CLAK).*|WL|LL.*|LM")


class LineStatus(StrEnum):
    VALID = "valid"
    PLAYLIST = "playlist"
    DUPLICATE = "duplicate"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedLink:
    """What one link of the input is. `line` counts from 1; `reason` tells a person what is wrong with it.

    A video with a `playlist_id` was linked as a part of that playlist.
    """

    line: int
    input: str
    status: LineStatus
    video_id: str | None = None
    playlist_id: str | None = None
    reason: str | None = None

    @property
    def url(self) -> str | None:
        """The address in its canonical form; nothing else of the input is ever used."""
        if self.video_id:
            return watch_url(self.video_id)
        return f"https://www.youtube.com/playlist?list={self.playlist_id}" if self.playlist_id else None


def parse_lines(lines: Iterable[str], *, whole_playlists: bool = False) -> list[ParsedLink]:
    """Every link of every line, in order; blank lines and comments after `#` give none.

    A video that was named before is a duplicate. Words beside a link are taken for its title and passed over; a line
    with words alone is invalid. With `whole_playlists`, a video that is linked as a part of a playlist means all of it.
    Raises InvalidRequest if there are more than MOST_LINKS.
    """
    seen: set[str] = set()
    links: list[ParsedLink] = []
    for number, line in enumerate(lines, start=1):
        for link in _parse_line(number, line):
            if whole_playlists and link.video_id and link.playlist_id:
                link = replace(link, status=LineStatus.PLAYLIST, video_id=None)  # noqa: PLW2901
            key = link.video_id or link.playlist_id
            if key and key in seen:
                link = _duplicate(link)  # noqa: PLW2901
            elif key:
                seen.add(key)
            links.append(link)
        if len(links) > MOST_LINKS:
            raise InvalidRequest(f"At most {MOST_LINKS:,} links can be read at once; send them in parts.")
    return links


def known_as_duplicates(links: Iterable[ParsedLink], known: Set[str]) -> list[ParsedLink]:
    """The links, with those whose video or playlist a batch has already as duplicates."""
    return [
        replace(link, status=LineStatus.DUPLICATE, reason="The batch has this already.")
        if link.status in {LineStatus.VALID, LineStatus.PLAYLIST} and (link.video_id or link.playlist_id) in known
        else link
        for link in links
    ]


def is_video_id(text: str) -> bool:
    return _VIDEO_ID.fullmatch(text) is not None


def is_personal(playlist_id: str) -> bool:
    """Whether every viewer sees something else under this id, so that nobody can read it for another one."""
    return _PERSONAL_PLAYLIST.fullmatch(playlist_id) is not None


def _parse_line(number: int, line: str) -> Iterator[ParsedLink]:
    if line.lstrip()[:1] in {"", "#"}:
        return
    without_comment = _COMMENT.sub("", line) if "#" in line else line
    words = [match["target"] or _bare(match["bare"]) for match in _LINKS.finditer(without_comment)]
    if len(words) == 1:
        yield _parse_link(number, words[0])
        return
    links = (_parse_link(number, word) for word in words if _may_be_link(word))
    named = (link for link in links if link.status is not LineStatus.INVALID or _ADDRESS.match(link.input))
    # One link too many is enough to refuse the text; of a long line the others need no look.
    found = list(islice(named, MOST_LINKS + 1))
    if found:
        yield from found
    elif words:
        yield _invalid(number, line.strip(), "This line names no video of YouTube.")


def _may_be_link(word: str) -> bool:
    """Whether a word among others is worth parsing, which takes ten times as long as this look at it."""
    if _VIDEO_ID.fullmatch(word):
        return not _WORD.fullmatch(word)
    return _PART_OF_EVERY_HOST in word.lower() or _ADDRESS.match(word) is not None


def _bare(word: str) -> str:
    """An address without the punctuation around it; any other word as it is, lest one at a sentence's end be an id."""
    return word.lstrip("*").rstrip(_PUNCTUATION) if "/" in word else word


def _parse_link(line: int, word: str) -> ParsedLink:
    if _VIDEO_ID.fullmatch(word):
        return ParsedLink(line=line, input=word, status=LineStatus.VALID, video_id=word)
    if len(word) > _LONGEST_ADDRESS:
        return _invalid(line, word, "This is too long for a web address.")
    try:
        parts = urlsplit(word if "://" in word else f"https://{word}")
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return _invalid(line, word, "This is not a web address.")
    if parts.scheme not in {"http", "https"} or "." not in host:
        return _invalid(line, word, "This is neither a web address nor a video id of 11 characters.")
    if host not in _HOSTS | _SHORT_HOSTS:
        return _invalid(line, word, f"{host} is not YouTube.")
    return _parse_youtube(line, word, host, parts)


def _parse_youtube(line: int, word: str, host: str, parts: SplitResult) -> ParsedLink:
    query = parse_qs(parts.query)
    path = [part for part in parts.path.split("/") if part]
    named = query.get("list", [""])[0]
    playlist_id = named if _PLAYLIST_ID.fullmatch(named) and not is_personal(named) else None
    if path == ["playlist"]:
        if is_personal(named):
            return _invalid(line, word, PlaylistPersonal.message)
        if playlist_id:
            return ParsedLink(line=line, input=word, status=LineStatus.PLAYLIST, playlist_id=playlist_id)
        return _invalid(line, word, "This playlist address names no playlist (list=…).")
    if host in _SHORT_HOSTS:
        video_id = path[0] if path else None
    elif path == ["watch"]:
        video_id = query.get("v", [None])[0]
    elif len(path) > 1 and path[0] in _PATHS_WITH_ID:
        video_id = path[1]
    else:
        return _invalid(line, word, "This page of YouTube is not a video; channels and searches cannot be summarized.")
    if not video_id or not _VIDEO_ID.fullmatch(video_id):
        return _invalid(line, word, "The video id is missing or does not have 11 characters; was the link cut off?")
    return ParsedLink(line=line, input=word, status=LineStatus.VALID, video_id=video_id, playlist_id=playlist_id)


def _duplicate(link: ParsedLink) -> ParsedLink:
    return replace(link, status=LineStatus.DUPLICATE, reason="This was named before; it is summarized once.")


def _invalid(line: int, word: str, reason: str) -> ParsedLink:
    return ParsedLink(line=line, input=word, status=LineStatus.INVALID, reason=reason)
