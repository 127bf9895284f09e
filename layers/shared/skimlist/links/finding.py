"""Finds web addresses in text, whatever stands around them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from skimlist.links.addresses import ENCODED_ID, ESCAPED_PERCENT

# What ends an address: quotes, brackets and sentence marks of any script.
_ENDS = r"\s<>\"'`^|()\[\]{}“”„‟‘’‚‛«»‹›、。，；「」『』【】《》〈〉〔〕"
# Not the start of a second address that is glued to the first; behind one of these marks it is a part of the first.
_GLUED = r"(?<![=/?&:#%])https?:[/\\]{2}"
# Commas and semicolons separate addresses, except in `video_ids=a,b` and before the parameters of old links.
# What cannot begin another address, or the ids of `video_ids=`, is read in one go: a long address takes half the time.
_TAIL = rf"(?:(?<=video_ids=)[\w,-]+|[^{_ENDS},;h=]++|(?!{_GLUED})[h=]|;(?=(?:v|list)=))*"
_ADDRESS = re.compile(
    rf"""
    (?:
        # With the slips that are made when a link is typed or copied: ttps://, htps://, https:/
        (?P<web>(?:h?t{{2,3}}ps?|htps?|intent)(?::[/\\]+|{ESCAPED_PERCENT}3A)(?=[\w\[%]))
      | (?P<app>(?:vnd\.)?youtube(?:\.launch)?:)(?=[\w/])
        # Without a scheme: YouTube's hosts within any text, all others where an address can begin.
      | (?P<youtube>(?<![A-Za-z0-9@.-])(?:[A-Za-z0-9-]{{1,63}}\.){{0,4}}
            (?:youtube(?:-nocookie|kids)?\.com|youtu\.be|youtube\.googleapis\.com)\.?(?=[/\\?\#:%]))
      | (?P<other>(?<![A-Za-z0-9@./\\-])(?:[A-Za-z0-9-]{{1,63}}\.){{1,8}}[A-Za-z]{{2,24}}(?=/|:\d))
        # Without a host, as pages and programs abbreviate.
      | (?P<page>(?<![\w.%/\\-])/?(?:watch|watch_videos|attribution_link|playlist)(?=\?|{ESCAPED_PERCENT}3F))
    )
    {_TAIL}
    """,
    re.VERBOSE | re.IGNORECASE,
)
# The end of a sentence or of bold text that ends with an address.
_PUNCTUATION = ".:!?*…,;~"


@dataclass(frozen=True, slots=True)
class Address:
    text: str
    start: int
    end: int
    # Whether it is meant as an address: with a scheme, a host of YouTube, or a page of YouTube and an id.
    is_certain: bool


def find_addresses(text: str) -> Iterator[Address]:
    """Every address of a text that is decoded already, from left to right. Reads each character a few times only.

    Without a host and without an id it is none: nobody could tell what it leads to.
    """
    for match in _ADDRESS.finditer(text):
        kind = match.lastgroup
        address = match[0].rstrip(_PUNCTUATION)
        if kind == "page":
            if not ENCODED_ID.search(address):
                continue
            address = f"/{address.removeprefix('/')}"
        yield Address(address, *match.span(), kind != "other")
