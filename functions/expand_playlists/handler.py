"""Expand playlists: replaces each playlist or channel in a batch's queue by its videos."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from skimlist import aws
from skimlist.config import settings
from skimlist.data_api_access import data_api_key
from skimlist.events import BatchEvent
from skimlist.jobs.batches import Batches
from skimlist.jobs.data_api_units import Purpose
from skimlist.jobs.history import History
from skimlist.jobs.queue_editor import QueueEditor
from skimlist.jobs.quotas import Quotas
from skimlist.jobs.videos import Videos
from skimlist.log import logger, step
from skimlist.models.playlist import Playlist
from skimlist.models.selection import Selection
from skimlist.secrets import Secrets
from skimlist.steps.expand_playlists import ExpandPlaylists
from skimlist.youtube.playlists import read_playlist


@step
def handler(event: dict[str, Any], _context: Any) -> None:
    table = aws.table(settings().table_name)
    ExpandPlaylists(
        batches=Batches(table),
        queue_editor=QueueEditor(table),
        videos=Videos(table),
        quotas=Quotas(table, videos_a_day=settings().videos_a_day),
        history=History(table),
        read_playlist=_read_playlist,
        log=logger,
    ).run(BatchEvent.from_dict(event))


def _read_playlist(source_id: str, selection: Selection, in_history: Collection[str]) -> Playlist:
    from skimlist.youtube.session import youtube_session  # noqa: PLC0415 - imports requests

    proxy_url = Secrets(aws.client("ssm"), settings().secrets_prefix).find("youtube-proxy-url")
    session = youtube_session(proxy_url, settings().ca_bundle)
    api_key = data_api_key(Purpose.BATCH)
    return read_playlist(session, source_id, api_key=api_key, selection=selection, in_history=in_history)
