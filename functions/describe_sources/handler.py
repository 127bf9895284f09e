"""Describe sources: looks up the titles of playlists and channels while a user pastes their links."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from skimlist import aws
from skimlist.codec import decode, to_json
from skimlist.config import settings
from skimlist.data_api_access import data_api_key
from skimlist.jobs.data_api_units import Purpose
from skimlist.log import logger, step
from skimlist.models.source import SourceDescription, SourceQuery
from skimlist.secrets import Secrets
from skimlist.steps.describe_sources import DescribeSources, RecentAnswers
from skimlist.youtube.data_api_key import DataApiKey
from skimlist.youtube.descriptions import describe_source

# They mostly wait for YouTube.
_AT_ONCE = 8

_RECENT = RecentAnswers()


@step
def handler(event: dict[str, Any], _context: Any) -> list[dict[str, Any]]:
    proxy_url = Secrets(aws.client("ssm"), settings().secrets_prefix).find("youtube-proxy-url")
    api_key = data_api_key(Purpose.LOOKUP)
    executor = ThreadPoolExecutor(_AT_ONCE)
    try:
        answers = DescribeSources(
            describe=partial(_describe, proxy_url, api_key), executor=executor, recent=_RECENT, log=logger
        ).run([decode(SourceQuery, query) for query in event["sources"]])
    finally:
        # Without waiting for a source that takes too long.
        executor.shutdown(wait=False, cancel_futures=True)
    described: list[dict[str, Any]] = json.loads(to_json(answers))
    return described


def _describe(proxy_url: str | None, api_key: DataApiKey | None, query: SourceQuery) -> SourceDescription:
    """Describes a source with a session of its own, because sessions are not thread-safe."""
    from skimlist.youtube.session import youtube_session  # noqa: PLC0415 - imports requests

    with youtube_session(proxy_url, settings().ca_bundle, connect_timeout=3.0, read_timeout=5.0) as session:
        return describe_source(session, query.source_id, api_key=api_key, offset=query.offset)
