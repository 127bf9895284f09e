"""Check follows: checks every source that is due, and makes a batch of its new videos. It runs every five minutes."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from skimlist import aws
from skimlist.config import settings
from skimlist.data_api_access import data_api_key
from skimlist.jobs.batches import Batches
from skimlist.jobs.data_api_units import Purpose
from skimlist.jobs.follows import Follows
from skimlist.jobs.halts import Halts
from skimlist.jobs.history import History
from skimlist.jobs.queue import Queue
from skimlist.jobs.quotas import Quotas
from skimlist.log import logger, step
from skimlist.models.batch import Batch
from skimlist.models.follow import Follow
from skimlist.secrets import Secrets
from skimlist.steps.check_follows import CheckFollows
from skimlist.users import Users
from skimlist.workflow import Workflow
from skimlist.youtube.followed_sources import FollowedSources

# They mostly wait for YouTube.
_CHECKED_AT_ONCE = 8


@step
def handler(_event: dict[str, Any], context: Any) -> None:
    table = aws.table(settings().table_name)
    sources = _sources()
    with ThreadPoolExecutor(_CHECKED_AT_ONCE) as executor:
        CheckFollows(
            follows=Follows(table),
            batches=Batches(table),
            queue=Queue(table),
            quotas=Quotas(table, batches_at_once=settings().batches_at_once, videos_a_day=settings().videos_a_day),
            halts=Halts(table),
            users=Users(aws.client("cognito-idp"), settings().user_pool_id),
            history=History(table),
            workflow=Workflow(aws.client("stepfunctions"), settings().state_machine_arn),
            has_news=sources.has_news,
            read_source=sources.read,
            notify_owner=_notify_owner,
            notify_of_run=_notify_of_run,
            seconds_left=lambda: context.get_remaining_time_in_millis() / 1000,
            log=logger,
            map_=executor.map,
        ).run()


def _sources() -> FollowedSources:
    from skimlist.youtube.session import youtube_session  # noqa: PLC0415 - imports requests

    proxy_url = Secrets(aws.client("ssm"), settings().secrets_prefix).find("youtube-proxy-url")
    open_session = partial(youtube_session, proxy_url, settings().ca_bundle)
    return FollowedSources(open_session, data_api_key(Purpose.FOLLOW))


def _notify_owner(follow: Follow) -> None:
    """Invokes Notify owner, which sends a notice once however often it is invoked."""
    _invoke_notify_owner({"user_id": follow.user_id, "follow_id": follow.id})


def _notify_of_run(batch: Batch) -> None:
    """Invokes Notify owner as the workflow of the batch does."""
    _invoke_notify_owner({"user_id": batch.user_id, "batch_id": batch.id, "run": batch.execution.run})


def _invoke_notify_owner(event: dict[str, Any]) -> None:
    with aws.storage_errors():
        aws.client("lambda").invoke(
            FunctionName=settings().notify_owner_function, InvocationType="Event", Payload=json.dumps(event)
        )
