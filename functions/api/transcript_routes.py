"""Routes of transcripts: the captions that videos are summarized from, and captions that a user uploads."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response, content_types
from aws_lambda_powertools.event_handler.openapi.params import Body, Path, Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from content_negotiation import accepted_format
from path_parameters import BatchId, ItemId
from route_responses import BODY_ERRORS, COMMAND_ERRORS, HALT_ERRORS, NOT_FOUND, responses
from transcript_schemas import (
    GivenTranscript,
    GiveTranscript,
    TranscriptView,
    UploadCaptions,
    UploadLink,
    WantedTranscripts,
)
from transcript_service import TranscriptService
from user_service import user_id_of

from skimlist.export.formats import TranscriptFormat

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]

VideoId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{11}$", description="YouTube's id of a video")]
FILES: dict[str, Any] = {each.media_type.partition(";")[0]: {"schema": {"type": "string"}} for each in TranscriptFormat}
SHOWN = responses(200, "The captions, as JSON or in the requested format", *NOT_FOUND)
SHOWN[200]["content"] = {content_types.APPLICATION_JSON: {"model": TranscriptView}, **FILES}
VARY: dict[str, str | list[str]] = {"Vary": "Accept"}
GIVEN = responses(200, "A description of the captions", *BODY_ERRORS, *COMMAND_ERRORS, *HALT_ERRORS)


@router.get(
    "/batch/<batch_id>/items/<item_id>/transcript",
    compress=True,
    summary="Read the captions of a video",
    responses=SHOWN,
)
def get_transcript(
    batch_id: BatchId,
    item_id: ItemId,
    file_format: Annotated[
        TranscriptFormat | None,
        Query(alias="format", description="File format; if omitted, the `Accept` header chooses, with JSON by default"),
    ] = None,
) -> Response[Any]:
    transcript = service().of_item(batch_id, item_id)
    file_format = file_format or accepted_format(router.current_event.headers.get("accept"))
    if file_format is None:
        view = TranscriptView.model_validate(transcript)
        return Response(HTTPStatus.OK.value, content_types.APPLICATION_JSON, view, headers=VARY, compress=True)
    # Imported late: few requests need a file.
    from skimlist.export.transcripts import write_transcript  # noqa: PLC0415

    return Response(
        HTTPStatus.OK.value,
        file_format.media_type,
        write_transcript(transcript, file_format),
        headers=VARY,
        compress=True,
    )


@router.get(
    "/transcripts/wanted",
    compress=True,
    summary="List the videos that wait for captions",
    responses=responses(200, "The videos"),
)
def list_wanted(
    ended: Annotated[
        bool, Query(description="Also those of batches that have ended; a retry reopens such a batch")
    ] = False,
) -> WantedTranscripts:
    return WantedTranscripts(videos=service().wanted(ended=ended))


@router.post(
    "/videos/<video_id>/transcript/upload",
    summary="Get a link to upload a caption file of up to 10 MB",
    # An id with a character that no path of ours has leads to no route.
    responses=responses(200, "The link", *BODY_ERRORS, *HALT_ERRORS, *NOT_FOUND),
)
def get_upload_link(video_id: VideoId, request: Annotated[UploadCaptions, Body()]) -> UploadLink:
    url, expires_at = service().upload_link(video_id, request.size_bytes)
    return UploadLink(url=url, expires_at=expires_at)


@router.put("/videos/<video_id>/transcript", summary="Upload captions for a video", responses=GIVEN)
def give_transcript(video_id: VideoId, request: Annotated[GiveTranscript, Body()]) -> GivenTranscript:
    return GivenTranscript.of_given(service().give(video_id, request))


@router.delete(
    "/videos/<video_id>/transcript",
    status_code=204,
    summary="Delete the stored captions of a video",
    responses=responses(204, "Deleted", *NOT_FOUND),
)
def delete_transcript(video_id: VideoId) -> Response[str]:
    service().forget(video_id)
    return Response(HTTPStatus.NO_CONTENT.value, body="")


def service() -> TranscriptService:
    return TranscriptService(user_id=user_id_of(router.current_event), now=datetime.now(UTC))
