"""Finds web addresses in any text.

No library does: linkify-it-py misses links that are glued to Chinese text, an emoji or `=` (23 of our 35
cases), and yarl and ada-url read only an address that is already complete.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from skimlist.links.addresses import ENCODED_ID, ESCAPED_PERCENT

# Characters that end an address: quotes, brackets and punctuation of any script.
_ENDS = r"\s<>\"'`^|()\[\]{}“”„‟‘’‚‛«»‹›、。，；「」『』【】《》〈〉〔〕"
# The start of a second address right after the first one; after one of these marks it belongs to the first.
_GLUED = r"(?<![=/?&:#%])https?:[/\\]{2}"
# Commas and semicolons separate addresses, except in `video_ids=a,b` and before the parameters of old links.
# Characters that cannot begin another address, and the ids of `video_ids=`, are read possessively, which halves the
# time for a long address.
_TAIL = rf"(?:(?<=video_ids=)[\w,-]+|[^{_ENDS},;h=]++|(?!{_GLUED})[h=]|;(?=(?:v|list)=))*"
_ADDRESS = re.compile(
    rf"""
    (?:
        # With common slips in typing or copying: ttps://, htps://, https:/
        (?P<web>(?:h?t{{2,3}}ps?|htps?|intent)(?::[/\\]+|{ESCAPED_PERCENT}3A)(?=[\w\[%]))
      | (?P<app>(?:vnd\.)?youtube(?:\.launch)?:)(?=[\w/])
        # Without a scheme: YouTube's hosts anywhere, all others only at the start of a word.
      | (?P<youtube>(?<![A-Za-z0-9@.-])(?:[A-Za-z0-9-]{{1,63}}\.){{0,4}}
            (?:youtube(?:-nocookie|kids)?\.com|youtu\.be|youtube\.googleapis\.com)\.?(?=[/\\?\#:%]))
      | (?P<other>(?<![A-Za-z0-9@./\\-])(?:[A-Za-z0-9-]{{1,63}}\.){{1,8}}[A-Za-z]{{2,24}}(?=/|:\d))
        # Without a host, as some pages and programs write them.
      | (?P<page>(?<![\w.%/\\-])/?(?:watch|watch_videos|attribution_link|playlist)(?=\?|{ESCAPED_PERCENT}3F))
    )
    {_TAIL}
    """,
    re.VERBOSE | re.IGNORECASE,
)
# Characters after an address that end a sentence or bold text.
_PUNCTUATION = ".:!?*…,;~"


@dataclass(frozen=True, slots=True)
class Address:
    text: str
    start: int
    end: int
    # Whether the text must be an address, because it has a scheme, a host of YouTube, or a page of YouTube and an id.
    is_certain: bool


def find_addresses(text: str) -> Iterator[Address]:
    """Yields the addresses of a decoded text from left to right, in linear time.

    A match with neither a host nor an id is not an address, because its target cannot be known.
    """
    for match in _ADDRESS.finditer(text):
        kind = match.lastgroup
        address = match[0].rstrip(_PUNCTUATION)
        if kind == "page":
            if not ENCODED_ID.search(address):
                continue
            address = f"/{address.removeprefix('/')}"
        yield Address(address, *match.span(), kind != "other")
