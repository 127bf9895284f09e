"""Stores the links of feeds. Whoever knows the secret in a link can read the feed, so only its hash is stored."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from skimlist.codec import decode, to_dynamodb
from skimlist.errors import FollowNotFound
from skimlist.jobs import records
from skimlist.jobs.attributes import Keys
from skimlist.jobs.expressions import condition
from skimlist.jobs.records import Record
from skimlist.jobs.table_repository import TableRepository

_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLink:
    follow_id: str
    user_id: str
    secret_hash: str
    created_at: datetime


class FeedLinks(TableRepository):
    def renew(self, user_id: str, follow_id: str, now: datetime) -> str:
        """Makes the link of the follow's feed, in place of an earlier one, and returns its secret.

        Raises FollowNotFound.
        """
        secret = secrets.token_urlsafe(_SECRET_BYTES)
        link = FeedLink(follow_id=follow_id, user_id=user_id, secret_hash=_hash(secret), created_at=now)
        self._write(user_id, follow_id, {"Put": {"Item": {**records.feed_link_key(follow_id), **to_dynamodb(link)}}})
        return secret

    def revoke(self, user_id: str, follow_id: str) -> None:
        """Deletes the link, if there is one. Raises FollowNotFound."""
        self._write(user_id, follow_id, {"Delete": {"Key": records.feed_link_key(follow_id)}})

    def list_of(self, follow_ids: Sequence[str]) -> dict[str, FeedLink]:
        """The links of these follows, by the follows' ids; a follow without a link is missing."""
        found = self.read_many([records.feed_link_key(follow_id) for follow_id in follow_ids])
        links = [decode(FeedLink, record) for record in found]
        return {link.follow_id: link for link in links}

    def find(self, follow_id: str, secret: str) -> FeedLink | None:
        """The link of the follow's feed, if this is its secret."""
        record = self.read(records.feed_link_key(follow_id))
        link = decode(FeedLink, record) if record else None
        is_right = hmac.compare_digest(link.secret_hash if link else "", _hash(secret))
        return link if is_right else None

    def _write(self, user_id: str, follow_id: str, write: Record) -> None:
        is_own = {"Key": records.follow_key(user_id, follow_id), **condition(Keys.pk.exists())}
        if not self.transact_writes({"ConditionCheck": is_own}, write):
            raise FollowNotFound


def feed_path(follow_id: str, secret: str) -> str:
    """The path of a feed in the address of the app."""
    return f"/feeds/{follow_id}/{secret}"


def _hash(secret: str) -> str:
    # The secret is random and long, so that no slow hash is needed: nobody can try all of them.
    return hashlib.sha256(secret.encode()).hexdigest()
