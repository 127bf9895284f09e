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
        *{"about", "account", "activate", "ads", "api", "attribution_link", "browse", "c", "channel", "channels"},
        *{"clip", "clips", "community", "consent", "copyright", "course", "courses", "creators", "culture", "embed"},
        *{"explore", "feed", "feeds", "gaming", "get_video_info", "handle", "hashtag", "howyoutubeworks"},
        *{"iframe_api", "img", "index", "jobs", "kids", "learning", "live", "login", "logout", "movie", "movies"},
        *{"music", "new", "oembed", "oops", "originals", "pagead", "paid_memberships", "pair", "playables"},
        *{"playlist", "playlists", "podcast", "podcasts", "post", "posts", "premium", "press", "privacy", "profile"},
        *{"ptracking", "red", "redeem", "redirect", "reporthistory", "results", "search", "shared", "shop", "shorts"},
        *{"show", "shows", "signin", "signup", "source", "sports", "static", "store", "storefront", "tags", "terms"},
        *{"testtube", "trending", "trends", "upload", "user", "verify", "video", "videos", "watch", "youtubei", "yts"},
    }
)
_PREFIXES = frozenset({"c", "user", "channel", "browse"})
_TABS = {tab.value: tab for tab in ChannelTab} | {
    # A live stream is listed among the others; releases and courses are playlists as well.
    "live": ChannelTab.STREAMS,
    "releases": ChannelTab.PLAYLISTS,
    "courses": ChannelTab.PLAYLISTS,
}
# Only these follow a name without a prefix. Anything else belongs to a page of YouTube, and new ones keep appearing.
_AFTER_DIRECT_NAME = frozenset(
    {"", *_TABS, "about", "channels", "community", "discussion", "featured", "home", "join", "membership", "posts"}
    | {"search", "store"}
)


def channel_of_path(names: Sequence[str], *, may_lack_prefix: bool) -> Channel | None:
    """Returns the channel that the unquoted parts of a path name; None for a search in a channel.

    Any tab without videos (`/about`) means all its uploads. `may_lack_prefix` accepts `name` for `c/name`, by itself or
    with a tab.
    """
    page, *rest = names or [""]
    prefix = page.lower() if rest and page.lower() in _PREFIXES else ""
    if prefix:
        page, *rest = rest
    tab = rest[0].lower() if rest else ""
    if prefix:
        name = _prefixed_name(prefix, page)
    else:
        name = _handle(page) or (_direct_name(page, tab) if may_lack_prefix else None)
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


def _direct_name(page: str, tab: str) -> str | None:
    is_name = _DIRECT_NAME.fullmatch(page) and page.lower() not in _PAGES and tab in _AFTER_DIRECT_NAME
    return f"c/{page}" if is_name else None


def _handle(text: str) -> str | None:
    if not text.startswith("@"):
        return None
    handle = unicodedata.normalize("NFC", text.lower())
    return handle if _is_name(handle[1:]) else None


def _is_name(text: str) -> bool:
    is_written = all(char in _MARKS or unicodedata.category(char)[0] in "LMN" for char in text)
    return 0 < len(text) <= _MAX_NAME_LENGTH and is_written and text[0] not in _MARKS
