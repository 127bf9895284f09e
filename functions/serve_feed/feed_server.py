"""Decides which response a request for a feed gets."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from skimlist import security_headers
from skimlist.errors import FollowNotFound
from skimlist.export.feed import MEDIA_TYPE, write_feed
from skimlist.jobs.feed_links import FeedLinks, feed_path
from skimlist.jobs.follows import Follows
from skimlist.jobs.results import Results
from skimlist.models.batch import Batch
from skimlist.models.follow import Follow
from skimlist.users import Users

_MAX_BATCHES = 50
_MAX_ENTRIES = 100
# Part of the ETag: it changes whenever the same summaries are written in another way.
_FORM = 1
# Only these characters become part of a key, because anybody may request any path.
_PART_OF_LINK = re.compile(r"[A-Za-z0-9_-]{1,64}")
_ETAG = re.compile(r'(?:W/)?("[^"]*")')
_HEADERS = {
    **security_headers.PRIVATE,
    # A reader may keep the feed, but has to ask each time whether it has changed, and whether it may still be read.
    "Cache-Control": "private, no-cache",
    "Vary": "Accept-Encoding",
    "X-Robots-Tag": "noindex",
}
_GONE = "There is no feed at this address. Its link may have been revoked, or replaced by another one.\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedServer:
    links: FeedLinks
    follows: Follows
    results: Results
    users: Users
    app_url: str

    def respond(self, follow_id: str, secret: str, request_headers: Mapping[str, str]) -> dict[str, Any]:
        """Returns the response of an HTTP API (format 2.0); it never shows that a feed exists that may not be read."""
        follow = self._find(follow_id, secret)
        if follow is None:
            return _response(HTTPStatus.NOT_FOUND, _GONE, {"Content-Type": "text/plain; charset=utf-8"})
        batches = self.follows.latest_batches(follow, _MAX_BATCHES)
        etag = _etag(follow, batches, self.app_url)
        if etag in _ETAG.findall(request_headers.get("if-none-match", "")):
            return _response(HTTPStatus.NOT_MODIFIED, "", {"ETag": f"W/{etag}"})
        # Read after the batches, and consistently, so that the ETag never stands for entries that the reader did not
        # get.
        entries = self.results.latest(follow.user_id, [batch.id for batch in batches], _MAX_ENTRIES)
        url = f"{self.app_url}{feed_path(follow_id, secret)}"
        body = write_feed(follow, entries, feed_url=url, app_url=self.app_url)
        return _compressed(body, {"ETag": f"W/{etag}", "Content-Type": MEDIA_TYPE}, request_headers)

    def _find(self, follow_id: str, secret: str) -> Follow | None:
        """The follow whose feed this link opens. A user who was deleted from the pool, or disabled, has no feeds."""
        if not _PART_OF_LINK.fullmatch(follow_id) or not _PART_OF_LINK.fullmatch(secret):
            return None
        link = self.links.find(follow_id, secret)
        if link is None or not self.users.may_sign_in(link.user_id):
            return None
        try:
            return self.follows.get(link.user_id, follow_id)
        except FollowNotFound:  # deleted at this moment
            return None


def _etag(follow: Follow, batches: Sequence[Batch], app_url: str) -> str:
    """A batch's revision grows with every change that a feed would show, so its summaries need not be read."""
    shown = [_FORM, app_url, follow.name, follow.title, [(batch.id, batch.revision) for batch in batches]]
    return f'"{hashlib.sha256(json.dumps(shown).encode()).hexdigest()[:32]}"'


def _compressed(body: bytes, headers: Mapping[str, str], request_headers: Mapping[str, str]) -> dict[str, Any]:
    if "gzip" not in request_headers.get("accept-encoding", ""):
        return _response(HTTPStatus.OK, body.decode(), headers)
    compressed = base64.b64encode(gzip.compress(body, mtime=0)).decode()
    return {
        **_response(HTTPStatus.OK, compressed, {**headers, "Content-Encoding": "gzip"}),
        "isBase64Encoded": True,
    }


def _response(status: HTTPStatus, body: str, headers: Mapping[str, str]) -> dict[str, Any]:
    return {"statusCode": status, "headers": {**_HEADERS, **headers}, "body": body}
