"""Routes for reading a batch: several summaries, a search in all, what was read and starred; and presets."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated
from urllib.parse import unquote

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body, Path, Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from path_parameters import BatchId
from reading_schemas import MarkItems, MarksView, MatchPage, PresetList, PresetView, PutPreset, SummariesView
from reading_service import ReadingService
from route_responses import BODY_ERRORS, NOT_FOUND, responses
from search_words import required_words
from user_service import user_id_of

from skimlist.errors import InvalidRequest

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]

PresetName = Annotated[
    str, Path(max_length=600, description="The name: up to 60 letters, digits, spaces and `. , & + ( ) - _`")
]
# It begins and ends with a letter, a digit or a bracket, and contains nothing that has a meaning in a URL.
_PRESET_NAME = re.compile(r"[\w(](?:[\w .,&+()-]{0,58}[\w)+])?")


@router.get(
    "/batch/<batch_id>/summaries",
    compress=True,
    summary="Show several summaries of a batch",
    responses=responses(200, "The summaries", *NOT_FOUND),
)
def get_summaries(
    batch_id: BatchId,
    items: Annotated[
        str, Query(pattern=r"^\d{5}(,\d{5}){0,19}$", description="Ids of up to 20 items, separated by commas")
    ],
) -> SummariesView:
    return SummariesView(summaries=service().summaries(batch_id, items.split(",")))


@router.get(
    "/batch/<batch_id>/search",
    compress=True,
    summary="Search the whole summaries of a batch",
    responses=responses(200, "The matches among the next summaries", *NOT_FOUND),
)
def search_summaries(
    *,
    batch_id: BatchId,
    q: Annotated[str, Query(min_length=1, max_length=100, description="Words; a summary has to contain all of them")],
    limit: Annotated[int, Query(ge=1, le=500, description="Summaries to read; about a megabyte at most")] = 500,
    cursor: Annotated[
        str, Query(pattern=r"^(\d{5})?$", description="`next_cursor` of the previous page: an item's id")
    ] = "",
) -> MatchPage:
    return service().search(batch_id, required_words(q), limit, cursor)


@router.get(
    "/batch/<batch_id>/reading",
    summary="Show what you have read and starred",
    responses=responses(200, "The marks", *NOT_FOUND),
)
def get_reading(batch_id: BatchId) -> MarksView:
    return MarksView.model_validate(service().marks(batch_id))


@router.patch(
    "/batch/<batch_id>/reading",
    summary="Mark videos as read or starred",
    responses=responses(200, "The changed marks", *BODY_ERRORS, *NOT_FOUND),
)
def mark_items(batch_id: BatchId, request: Annotated[MarkItems, Body()]) -> MarksView:
    marks = service().mark(batch_id, request.item_ids, read=request.read, starred=request.starred)
    return MarksView.model_validate(marks)


@router.get("/presets", summary="List your presets by name", responses=responses(200, "All presets"))
def list_presets() -> PresetList:
    presets = service().presets.list_by_name(user_id())
    return PresetList(presets=[PresetView.of(preset) for preset in presets])


@router.get("/presets/<preset_name>", summary="Show a preset", responses=responses(200, "The preset", *NOT_FOUND))
def get_preset(preset_name: PresetName) -> PresetView:
    return PresetView.of(service().presets.get(user_id(), decoded(preset_name)))


@router.put(
    "/presets/<preset_name>",
    summary="Create or replace a preset",
    responses=responses(200, "The preset", *BODY_ERRORS, 404, 409),
)
def put_preset(preset_name: PresetName, request: Annotated[PutPreset, Body()]) -> PresetView:
    preset = request.to_preset(decoded(preset_name))
    service().presets.put(user_id(), preset)
    return PresetView.of(preset)


@router.delete(
    "/presets/<preset_name>", status_code=204, summary="Delete a preset", responses=responses(204, "Deleted", 404)
)
def delete_preset(preset_name: PresetName) -> Response[str]:
    service().presets.remove(user_id(), decoded(preset_name))
    return Response(HTTPStatus.NO_CONTENT.value, body="")


def decoded(preset_name: str) -> str:
    """Decodes a preset name from the URL's path. Raises InvalidRequest if it is not a valid name."""
    name = unicodedata.normalize("NFC", unquote(preset_name))
    if not _PRESET_NAME.fullmatch(name):
        message = "A preset's name has up to 60 letters, digits, spaces and `. , & + ( ) - _`."
        raise InvalidRequest(message, [{"field": "preset_name", "message": "invalid name"}])
    return name


def user_id() -> str:
    return user_id_of(router.current_event)


def service() -> ReadingService:
    return ReadingService(user_id=user_id(), now=datetime.now(UTC))
