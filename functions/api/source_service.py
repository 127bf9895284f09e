"""Looks up playlists and channels for a signed-in user who has pasted their links."""

from __future__ import annotations

import json
from dataclasses import asdict

from source_schemas import DescribeSources, Descriptions, DescriptionView
from user_service import UserService

from skimlist import aws
from skimlist.codec import decode
from skimlist.config import settings
from skimlist.errors import InvalidRequest, StorageUnavailable
from skimlist.links.parsing import ADDED, LineStatus, parse_lines
from skimlist.models.source import SourceAnswer, SourceQuery

_SOURCES = ADDED | {LineStatus.CHANNEL_PLAYLISTS}
_NO_SOURCE = "Give one link to a playlist or channel."


class SourceService(UserService):
    def describe(self, request: DescribeSources) -> Descriptions:
        """Describes each source, or says why it could not be looked up. Raises InvalidRequest and TooManyLookups."""
        self._require_not_stopped()
        queries = [SourceQuery(id_, int(request.cursor or 0)) for id_ in _source_ids(request.sources)]
        # For each hundred playlists that are passed over, YouTube is asked for them again.
        self._count(sum(1 + query.offset // 100 for query in queries))
        return Descriptions(
            sources=[
                DescriptionView.of(source, query.source_id, answer)
                for source, query, answer in zip(request.sources, queries, self._ask(queries), strict=True)
            ]
        )

    def _count(self, lookups: int) -> None:
        """Counts towards the user's day also what is known without asking YouTube. Raises TooManyLookups."""
        quota_writes = self._quotas.count_today(self.user_id, self.now, lookups=lookups)
        if quota_writes and not self._quotas.transact_writes(*quota_writes):
            raise StorageUnavailable("Other look-ups of yours were counted at the same moment; try again.")

    def _ask(self, queries: list[SourceQuery]) -> list[SourceAnswer]:
        # The function answers within 20 seconds; an SDK that repeated the request would have YouTube asked twice.
        with aws.storage_errors():
            answer = aws.client("lambda", attempts=1, read_timeout=25).invoke(
                FunctionName=settings().describe_sources_function,
                Payload=json.dumps({"sources": [asdict(query) for query in queries]}),
            )
            found = json.load(answer["Payload"])
        if "FunctionError" in answer:
            raise StorageUnavailable("The playlists and channels could not be looked up; try again in a moment.")
        return [decode(SourceAnswer, each) for each in found]


def _source_ids(sources: list[str]) -> list[str]:
    """The ids of the playlists and channels. Raises InvalidRequest, with a reason for each entry that is none."""
    found = {index: _source_id(text) for index, text in enumerate(sources)}
    wrong = [{"field": f"sources.{index}", "message": _NO_SOURCE} for index, id_ in found.items() if id_ is None]
    if wrong:
        raise InvalidRequest("Only playlists and channels can be looked up.", wrong)
    return [id_ for id_ in found.values() if id_]


def _source_id(text: str) -> str | None:
    links = parse_lines([text], whole_playlists=True).links
    ids = [link.target for link in links if link.status in _SOURCES and not link.video_id]
    return ids[0] if len(ids) == len(links) == 1 else None
