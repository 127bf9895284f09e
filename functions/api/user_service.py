"""The base of the services: the signed-in user, the time, and the adapters, each created when first used."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from skimlist import aws
from skimlist.bucket import Bucket
from skimlist.config import settings
from skimlist.errors import StoppedByOperator
from skimlist.ids import new_id
from skimlist.jobs.batches import OwnersBatches
from skimlist.jobs.deletions import Deletions
from skimlist.jobs.digests import Digests
from skimlist.jobs.follows import Follows
from skimlist.jobs.halts import Halts
from skimlist.jobs.preflights import Preflights
from skimlist.jobs.quotas import Quotas
from skimlist.workflow import Workflow

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2


def has_id_token(event: Mapping[str, Any]) -> bool:
    """Whether the request came with an ID token of the pool, not with an access token.

    The authorizer accepts both: if a token has no `aud`, it compares `client_id` (API Gateway's guide: "Control access
    to HTTP APIs with JWT authorizers"). An access token is meant for the user pool alone.
    """
    claims = event["requestContext"].get("authorizer", {}).get("jwt", {}).get("claims", {})
    return bool(claims.get("token_use") == "id")


def user_id_of(event: APIGatewayProxyEventV2) -> str:
    """The id of the user whose token the authorizer of the HTTP API has checked."""
    return str(_claims(event)["sub"])


def email_of(event: APIGatewayProxyEventV2) -> str | None:
    """The address with which the user signs in; None while Cognito has not verified it."""
    claims = _claims(event)
    return claims.get("email") if claims.get("email_verified") == "true" else None


def _claims(event: APIGatewayProxyEventV2) -> Mapping[str, str]:
    return event.request_context.authorizer.jwt_claim or {}


@dataclass(frozen=True)
class UserService:
    user_id: str
    now: datetime

    def _require_not_stopped(self) -> None:
        """Raises StoppedByOperator if an operator has stopped this user, for commands that may cost something."""
        if Halts(aws.table(settings().table_name)).find().includes(self.user_id):
            raise StoppedByOperator

    def _claim_id(self, idempotency_key: str | None, request: str) -> str:
        """A new id, or the earlier one if the same request came with the same key before."""
        id_ = new_id(self.now)
        if not idempotency_key:
            return id_
        return self._batches.claim_request(self.user_id, _digest(idempotency_key), _digest(request), id_, self.now)

    @cached_property
    def _batches(self) -> OwnersBatches:
        return OwnersBatches(aws.table(settings().table_name))

    @cached_property
    def _queue(self) -> Preflights:
        """One adapter for a batch's queue, the user's changes to it, and the check of a draft."""
        return Preflights(aws.table(settings().table_name))

    @cached_property
    def _digests(self) -> Digests:
        return Digests(aws.table(settings().table_name))

    @cached_property
    def _quotas(self) -> Quotas:
        return Quotas(
            aws.table(settings().table_name),
            batches_at_once=settings().batches_at_once,
            videos_a_day=settings().videos_a_day,
            playlists_a_day=settings().playlists_a_day,
        )

    @cached_property
    def _follows(self) -> Follows:
        return Follows(aws.table(settings().table_name))

    @cached_property
    def _workflow(self) -> Workflow:
        return Workflow(aws.client("stepfunctions"), settings().state_machine_arn)

    @cached_property
    def _deletions(self) -> Deletions:
        return Deletions(aws.table(settings().table_name), self._archive)

    @cached_property
    def _archive(self) -> Bucket:
        return Bucket(aws.client("s3"), settings().bucket_name)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
