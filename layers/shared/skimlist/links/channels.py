"""Identifies the channel that the path of a YouTube address or a single word names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from skimlist.models.channel import Channel, ChannelTab, is_channel_id

# Names and handles have letters and digits of any script, and these characters between them. A handle has at most 30 of
# them, in any case (support.google.com/youtube/answer/11585688).
_MARKS = "._-·"
_MAX_NAME_LENGTH = 60
# Early channels have an address without a prefix (youtube.com/name), in letters and digits alone.
_DIRECT_NAME = re.compile(r"[A-Za-z0-9]{3,60}")
# YouTube's own pages, which are no channels.
_PAGES = frozenset(
    {
        *{"about", "account", "ads", "attribution_link", "browse", "c", "channel", "channels", "clip", "clips"},
        *{"community", "consent", "copyright", "course", "courses", "creators", "culture", "embed", "explore"},
        *{"feed", "feeds", "gaming", "get_video_info", "hashtag", "howyoutubeworks", "iframe_api", "index", "jobs"},
        *{"kids", "learning", "live", "logout", "movie", "movies", "music", "new", "oembed", "oops", "originals"},
        *{"paid_memberships", "playlist", "playlists", "podcasts", "premium", "press", "privacy", "red", "redirect"},
        *{"reporthistory", "results", "search", "shared", "shop", "shorts", "signin", "signup", "source", "sports"},
        *{"static", "storefront", "tags", "terms", "testtube", "trending", "trends", "upload", "user", "verify"},
        *{"video", "videos", "watch"},
    }
)
_PREFIXES = frozenset({"c", "user", "channel", "browse"})
_TABS = {tab.value: tab for tab in ChannelTab} | {
    # A live stream is listed among the others; releases and courses are playlists as well.
    "live": ChannelTab.STREAMS,
    "releases": ChannelTab.PLAYLISTS,
    "courses": ChannelTab.PLAYLISTS,
}


def channel_of_path(names: Sequence[str], *, may_lack_prefix: bool) -> Channel | None:
    """Returns the channel that the unquoted parts of a path name; None for a search in a channel.

    Any tab without videos (`/about`) means all its uploads. `may_lack_prefix` accepts `name` for `c/name`.
    """
    page, *rest = names or [""]
    prefix = page.lower()
    if prefix in _PREFIXES and rest:
        name, rest = _prefixed_name(prefix, rest[0]), rest[1:]
    else:
        name = _handle(page) or (_direct_name(page) if may_lack_prefix else None)
    tab = rest[0].lower() if rest else ""
    return Channel(name, _TABS.get(tab)) if name and tab != "search" else None


def channel_of_word(word: str) -> Channel | None:
    """Returns the channel that a word by itself names: `@handle` or `UC…`, also with one of its tabs."""
    name, _, tab = word.partition("/")
    if tab and tab.lower() not in _TABS:
        return None
    name = name if is_channel_id(name) else _handle(name) or ""
    return Channel(name, _TABS.get(tab.lower())) if name else None


def _prefixed_name(prefix: str, name: str) -> str | None:
    if prefix in {"channel", "browse"}:
        return name if is_channel_id(name) else None
    name = unicodedata.normalize("NFC", name)
    return f"{prefix}/{name}" if _is_name(name) else None


def _direct_name(page: str) -> str | None:
    return f"c/{page}" if _DIRECT_NAME.fullmatch(page) and page.lower() not in _PAGES else None


def _handle(text: str) -> str | None:
    handle = unicodedata.normalize("NFC", text.lower())
    return handle if handle.startswith("@") and _is_name(handle[1:]) else None


def _is_name(text: str) -> bool:
    is_written = all(char in _MARKS or unicodedata.category(char)[0] in "LMN" for char in text)
    return 0 < len(text) <= _MAX_NAME_LENGTH and is_written and text[0] not in _MARKS
