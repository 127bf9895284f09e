"""Identifies the YouTube video, playlist or channel that a web address names, or the reason why it names none."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from skimlist.errors import PlaylistPersonal
from skimlist.links.channels import channel_of_path
from skimlist.models.channel import Channel, is_channel_id

# Browsers and servers do not accept longer addresses; YouTube's own have fewer than 200 characters.
_MAX_ADDRESS_LENGTH = 2_000
# An address can lead to another one, and that one to a third; at most this many forms of an address are read.
_MAX_READINGS = 5

_VIDEO_ID = re.compile(r"[A-Za-z0-9_-]{11}")
ESCAPED_PERCENT = r"%(?:25){0,40}"
# The characters of an id, any of them percent-encoded, once or several times.
ENCODED_ID = re.compile(
    rf"(?:[A-Za-z0-9_-]|{ESCAPED_PERCENT}(?:2D|3\d|[46][1-9A-F]|5[\dAF]|7[\dA])){{11}}", re.IGNORECASE
)
_PLAYLIST_ID = re.compile(r"[A-Za-z0-9_-]{13,64}")
# The address of a channel may have no id in it.
_CHANNEL_PATH = re.compile(rf"/(?:@|{ESCAPED_PERCENT}40|c/|user/)", re.IGNORECASE)
# The id of a playlist outside of a parameter is recognized by its prefix, and must not be a NAME_IN_CAPITALS.
_BARE_PLAYLIST_ID = re.compile(r"(?![A-Z_-]+$)(?:PL|UU|FL|EC|OLAK5uy_|RDCLAK5uy_)[A-Za-z0-9_-]{10,56}")
# Mixes are generated for each viewer, except those by YouTube Music's editors (RDCLAK…).
_PERSONAL_PLAYLIST = re.compile(r"RD(?!CLAK).*|WL|LL.*|LM")

# The dot in front makes each entry match subdomains as well.
_SITES = (
    *(".youtube.com", ".youtu.be", ".youtube-nocookie.com", ".youtubekids.com", ".youtube.googleapis.com"),
    ".ytimg.com",
)
# The sites on which a path without a prefix names a channel; others have pages of their own there.
_SITES_OF_CHANNELS = frozenset({"youtube.com", "www.youtube.com", "m.youtube.com", "gaming.youtube.com"})
# Pages that play the video of the parameter `v`, and those that have its id as the next part of their path.
_PAGES_WITH_V = frozenset({"", "watch", "watch.php", "watch_popup", "movie", "movie_popup"})
_PAGES_WITH_ID = frozenset({"shorts", "live", "embed", "v", "e", "w", "watch", "video", "vi", "vi_webp"})
_PAGES_WITH_LIST = frozenset({"playlist", "view_play_list", "course", "watch", "embed"})
# These words have the length of a video id, and can stand in its place (`/embed/videoseries?list=…`).
_PLAYERS = frozenset({"videoseries", "live_stream"})

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+-]*:[/\\]+")
_NEXT_ADDRESS = re.compile(r"https?:/", re.IGNORECASE)
# A percent sign that is itself encoded, once or several times: `%252525` in `%2525253D`.
_ENCODED_PERCENT = re.compile(r"%(?:25)+(?=[0-9A-Fa-f]{2})")
# Schemes that apps open; an id or an address follows.
_APP = re.compile(r"(?:vnd\.)?youtube(?:\.launch)?:[/\\]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Location:
    """The parts of an address that has a host."""

    host: str
    is_youtube: bool
    path: str
    query: str
    fragment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """The videos, the playlist or the channel that an address names, or the `reason` why it names none.

    A single video may have the `playlist_id` of a playlist that it was linked as a part of.
    """

    video_ids: tuple[str, ...] = ()
    playlist_id: str | None = None
    channel: Channel | None = None
    reason: str | None = None


_NO_ADDRESS = Named(reason="This is not a web address.")
_TOO_LONG = Named(reason="This is too long for a web address.")
_NO_VIDEO_ID = Named(reason="The video id is missing or does not have 11 characters; was the link cut off?")
_NO_PLAYLIST_ID = Named(reason="This playlist address names no playlist (list=…).")
_PERSONAL = Named(reason=PlaylistPersonal.message)
_CLIP = Named(reason="This is a clip, which is a part of a video; paste the link of the video itself.")
_NO_CHANNEL = Named(reason="This channel address names no channel; was the link cut off?")
_OTHER_PAGE = Named(reason="This page of YouTube is not a video, a playlist or a channel.")


def is_video_id(text: str) -> bool:
    return _VIDEO_ID.fullmatch(text) is not None


def is_bare_playlist_id(text: str) -> bool:
    """Whether a word by itself looks like the id of a playlist that anybody can read."""
    return _BARE_PLAYLIST_ID.fullmatch(text) is not None


def is_personal(playlist_id: str) -> bool:
    """Whether every viewer sees another playlist under this id, so that it cannot be read on a user's behalf."""
    return _PERSONAL_PLAYLIST.fullmatch(playlist_id) is not None


def identify_address(address: str) -> Named:
    """Identifies what YouTube shows at an address, which may lack a scheme and a host.

    Redirects that contain their destination (`consent.youtube.com/m?continue=…`) are followed, and percent-encoding is
    undone. The reason refers to the address as it was given.
    """
    if len(address) > _MAX_ADDRESS_LENGTH:
        return _TOO_LONG
    reason = _NO_ADDRESS
    forms = deque([address])
    for _ in range(_MAX_READINGS):
        if not forms:
            break
        form = forms.popleft()
        location = _locate(form)
        named = _read(form, location)
        if not named.reason:
            return named
        reason = named if reason is _NO_ADDRESS else reason
        forms.extend(filter(_may_name_something, _further_forms(form, location)))
    return reason


def _may_name_something(address: str) -> bool:
    """Whether a form has an id or a channel's name; skipping others limits the work for text crafted to be slow."""
    return (ENCODED_ID.search(address) or _CHANNEL_PATH.search(address)) is not None


def _read(address: str, location: _Location | None) -> Named:
    if app := _APP.match(address):
        address = address[app.end() :]
        if is_video_id(re.split("[?&#/]", address, maxsplit=1)[0]):
            return Named(video_ids=(address[:11],))
        location = _locate(address)
    if not location:
        return _NO_ADDRESS
    return _read_youtube(location) if location.is_youtube else Named(reason=f"{location.host} is not YouTube.")


def _further_forms(address: str, location: _Location | None) -> Iterator[str]:
    """Yields the decoded form of an address that names no video, and the addresses that it redirects to."""
    if location:
        starts = ("http", "/") if location.is_youtube else ("http",)
        yield from (value for _, value in parse_qsl(location.query) if value.lower().startswith(starts))
        if destination := _NEXT_ADDRESS.search(address, len("https://")):
            yield address[destination.start() :]
    if location and location.is_youtube and location.fragment:
        fragment = location.fragment.lstrip("!/")
        yield f"/?{fragment}" if fragment.startswith("v=") else f"/{fragment}"
    # In an address of another site, the part before an @ must not become the host.
    decoded = unquote(_ENCODED_PERCENT.sub("%", address))
    if decoded != address and (not location or location.is_youtube):
        yield decoded


def _locate(address: str) -> _Location | None:
    page, question_mark, query = address.partition("?")
    address = page.replace("\\", "/") + question_mark + query  # as browsers do
    if scheme := _SCHEME.match(address):
        address = f"https://{address[scheme.end() :]}"
    elif address.startswith("/") and not address.startswith("//"):
        address = f"https://www.youtube.com{address}"
    else:
        address = f"https://{address.lstrip('/')}"
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return None
    if "." not in host or "%" in host:
        return None
    return _Location(host, f".{host}".endswith(_SITES), parts.path, parts.query, parts.fragment)


def _read_youtube(location: _Location) -> Named:
    path, _, appended = location.path.partition("&")  # youtu.be/ID&t=90
    names = [unquote(name) for name in path.split("/") if name]
    page, following = (names[0].lower() if names else ""), names[1] if len(names) > 1 else None
    parameters = _parameters(f"{location.query}&{appended}")
    if page in _PAGES_WITH_ID and following and following not in _PLAYERS:
        return _video(following, parameters)
    if page in _PAGES_WITH_V and "v" in parameters:
        return _video(parameters["v"], parameters)
    if page in _PAGES_WITH_LIST and following != "live_stream":
        return _playlist_of_page(page, following, parameters)
    if location.host.endswith("youtu.be"):
        return _video(names[0] if names else "", parameters)
    if channel := channel_of_path(names, may_lack_prefix=location.host in _SITES_OF_CHANNELS):
        return Named(channel=channel)
    return _read_special_page(page, following or "", parameters)


def _read_special_page(page: str, following: str, parameters: dict[str, str]) -> Named:
    if page == "watch_videos":
        return _videos(parameters.get("video_ids", ""))
    if page == "browse" and following.startswith("VL"):  # YouTube Music's address of a playlist
        return _playlist(following.removeprefix("VL"))
    if page == "feeds":  # RSS
        return _feed(parameters)
    if page in {"channel", "c", "user", "@"}:
        return _NO_CHANNEL
    return _CLIP if page == "clip" else _OTHER_PAGE


def _feed(parameters: dict[str, str]) -> Named:
    if "playlist_id" in parameters:
        return _playlist(parameters["playlist_id"])
    channel_id = parameters.get("channel_id", "")
    return Named(channel=Channel(channel_id)) if is_channel_id(channel_id) else _OTHER_PAGE


def _parameters(query: str) -> dict[str, str]:
    """Returns the first value of each parameter. `?` instead of `&` is a frequent slip, and `;` an old form."""
    return dict(reversed(parse_qsl(re.sub("[?;]", "&", query))))


def _video(text: str, parameters: dict[str, str]) -> Named:
    """Names the video of the first eleven characters, because YouTube ignores any characters after them."""
    video_id = _VIDEO_ID.match(text)
    if not video_id:
        return _NO_VIDEO_ID
    listed = _playlist(parameters.get("list", ""))
    return Named(video_ids=(video_id[0],), playlist_id=listed.playlist_id)


def _videos(text: str) -> Named:
    ids = dict.fromkeys(word for word in text.split(",") if is_video_id(word))
    return Named(video_ids=tuple(ids)) if ids else _NO_VIDEO_ID


def _playlist_of_page(page: str, following: str | None, parameters: dict[str, str]) -> Named:
    name = parameters.get("p" if page == "view_play_list" else "list", "")
    if not name and page in {"watch", "embed"} and not following:
        return _NO_VIDEO_ID
    return _playlist(name)


def _playlist(name: str) -> Named:
    if is_personal(name):
        return _PERSONAL
    if is_channel_id(name):  # YouTube shows the channel's uploads
        return Named(channel=Channel(name))
    playlist_id = _PLAYLIST_ID.match(name)
    return Named(playlist_id=playlist_id[0]) if playlist_id else _NO_PLAYLIST_ID
