"""Routes of the history: every summary of a user, whatever batch it belongs to."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from history_schemas import SummaryPage, SummaryView
from history_service import HistoryService
from route_responses import NOT_FOUND, responses
from search_words import required_words
from user_service import user_id_of

from skimlist.jobs.history import HistoryFilter
from skimlist.text.search import words

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]


@router.get(
    "/summaries",
    compress=True,
    summary="List your summaries, newest first",
    responses=responses(200, "One page of summaries"),
)
def list_summaries(
    *,
    q: Annotated[str, Query(max_length=100, description="Words in title, channel, tags or the TL;DR's beginning")] = "",
    whole: Annotated[
        bool, Query(description="Search the whole summaries for `q`: a request looks at 200, of which none may match")
    ] = False,
    video_id: Annotated[str | None, Query(pattern=r"^[A-Za-z0-9_-]{11}$", description="YouTube's id")] = None,
    first_day: Annotated[date, Query(alias="from", description="First day (UTC)")] = date.min,
    last_day: Annotated[date, Query(alias="to", description="Last day (UTC), inclusive")] = date.max,
    limit: Annotated[
        int, Query(ge=1, le=100, description="Entries per page; a search may return fewer, and `whole` ignores it")
    ] = 20,
    cursor: Annotated[str | None, Query(max_length=300, description="`next_cursor` of the previous page")] = None,
) -> SummaryPage:
    wanted = HistoryFilter(
        words=required_words(q) if whole else words(q), video_id=video_id, first_day=first_day, last_day=last_day
    )
    if whole:
        return service().search_whole(wanted, cursor)
    return service().list_newest_first(wanted, limit, cursor)


@router.get("/summaries/<summary_id>", summary="Show a summary", responses=responses(200, "The summary", *NOT_FOUND))
def get_summary(summary_id: Annotated[str, Path(max_length=64, description="An item's `summary_id`")]) -> SummaryView:
    return service().get(summary_id)


def service() -> HistoryService:
    return HistoryService(user_id=user_id_of(router.current_event))
