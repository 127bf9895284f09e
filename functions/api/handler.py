"""API: routes of the HTTP API; each reads its input, makes one call, and returns the result."""

# ruff: noqa: E402 - the garbage collector has to stop before the imports
from __future__ import annotations

import gc

# Imports create many objects and hardly any garbage; collecting it again and again takes an eighth of the start.
gc.disable()


from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Any

import error_responses
import follow_routes
import history_routes
import me_routes
import reading_routes
import request_body
import source_routes
import transcript_routes
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response, content_types
from aws_lambda_powertools.event_handler.middlewares import NextMiddleware
from aws_lambda_powertools.event_handler.openapi.params import Body, Header, Query
from batch_service import BatchService, offset_of
from creation_service import CreationService
from digest_schemas import DigestView
from model_list import list_models
from path_parameters import BatchId, IdempotencyKey, ItemId
from price_list import price_list
from route_responses import BODY_ERRORS, COMMAND_ERRORS, HALT_ERRORS, NOT_FOUND, responses
from schemas import (
    AddVideos,
    BatchPage,
    BatchView,
    BatchWithItems,
    ChangeBatch,
    CreateBatch,
    CreatedBatch,
    DeletionView,
    EditedBatch,
    ExportView,
    FollowOfBatch,
    ItemsOfBatch,
    ItemView,
    ListedBatch,
    ModelList,
    OrderItems,
    PlaylistView,
    PriceList,
    RedoVideo,
    RefreshBatch,
    ResumeBatch,
    RetryBatch,
    ValidateLinks,
    Validation,
)
from user_service import has_id_token, user_id_of

from skimlist import security_headers
from skimlist.export.formats import ExportFormat
from skimlist.links.parsing import ADDED, LineStatus, ParsedText, parse_lines
from skimlist.log import logger

app = APIGatewayHttpResolver(
    enable_validation=True,
    response_validation_error_http_code=500,
    strip_prefixes=["/api"],
    json_body_deserializer=request_body.read_json,
)
error_responses.register(app)
app.include_router(history_routes.router)
app.include_router(reading_routes.router)
app.include_router(me_routes.router)
app.include_router(transcript_routes.router)
app.include_router(follow_routes.router)
app.include_router(source_routes.router)

Limit = Annotated[int, Query(ge=1, le=100, description="Entries per page")]
Cursor = Annotated[str | None, Query(max_length=64, description="`next_cursor` of the previous page")]
OrderVersion = Annotated[
    int | None,
    Header(alias="If-Match", description="`order_version` on which the new order is based; 409 if it has changed."),
]
LastETag = Annotated[
    str | None,
    Header(alias="If-None-Match", description="`ETag` of your last response; 304 if the batch has not changed since."),
]
IDS_OF_PATHS = ("batch_id", "item_id", "summary_id", "follow_id")
NOTHING_ADDED = frozenset(LineStatus) - ADDED
CREATE = responses(201, "The new batch", *BODY_ERRORS, *HALT_ERRORS, 409)
REFRESH = responses(201, "The new batch", *BODY_ERRORS, *COMMAND_ERRORS, *HALT_ERRORS)
COMMAND = responses(202, "The changed batch", *COMMAND_ERRORS)
COMMAND_WITH_BODY = responses(202, "The changed batch", *BODY_ERRORS, *COMMAND_ERRORS)
COSTLY_COMMAND = responses(202, "The changed batch", *COMMAND_ERRORS, *HALT_ERRORS)
COSTLY_COMMAND_WITH_BODY = responses(202, "The changed batch", *BODY_ERRORS, *COMMAND_ERRORS, *HALT_ERRORS)


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    refused = request_body.refusal(event) if has_id_token(event) else error_responses.unauthorized()
    answer = app.resolve(event, context) if refused is None else error_responses.as_event(refused)
    return {**answer, "headers": {**answer["headers"], **security_headers.PRIVATE}}


def log_command(app: APIGatewayHttpResolver, next_middleware: NextMiddleware) -> Response[Any]:
    """Adds operation and ids to every log line about this request, and logs commands; reads are not logged.

    It takes only ids from the route's arguments, because body, query and headers contain what people wrote.
    """
    arguments = app.context["_route_args"]
    ids = {name: arguments[name] for name in IDS_OF_PATHS if name in arguments}
    logger.append_keys(operation=app.context["_route"].func.__name__, **ids)
    answer = next_middleware(app)
    if app.current_event.http_method != "GET":
        logger.info("command carried out", status=answer.status_code)
    return answer


app.use([log_command])


@app.post(
    "/batch/validate", summary="Check pasted links", responses=responses(200, "One result per link", *BODY_ERRORS)
)
def validate_links(request: Annotated[ValidateLinks, Body()]) -> Validation:
    parsed = parse_lines(request.lines, whole_playlists=request.whole_playlists)
    return Validation.of(parsed, shown=parsed.links)


@app.post("/batch/create", status_code=201, summary="Create a batch and start it", responses=CREATE)
def create_batch(request: Annotated[CreateBatch, Body()], idempotency_key: IdempotencyKey = None) -> CreatedBatch:
    batch, parsed = creation().create(request, idempotency_key)
    logger.append_keys(batch_id=batch.id)
    return CreatedBatch(**BatchView.fields_of(batch, now()), validation=without_new_links(parsed))


@app.get(
    "/batch", compress=True, summary="List your batches, newest first", responses=responses(200, "One page of batches")
)
def list_batches(limit: Limit = 20, cursor: Cursor = None) -> BatchPage:
    batches, next_cursor = service().list_newest_first(limit, cursor)
    follows = service().follows_to_wait_for(batches)
    listed = [ListedBatch.listed(batch, now(), follows.get(batch.id)) for batch in batches]
    return BatchPage(batches=listed, next_cursor=next_cursor)


@app.get(
    "/batch/<batch_id>",
    summary="Show a batch, its progress and a page of its items",
    responses=responses(200, "The batch", 304, *NOT_FOUND),
)
def get_batch(
    batch_id: BatchId,
    if_none_match: LastETag = None,
    items: Annotated[bool, Query(description="False for a status poll")] = True,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response[BatchWithItems]:
    batch, offset = service().get(batch_id), offset_of(cursor)
    follow = service().follow_of(batch)
    # A retry changes the batch twice with the same timestamp; progress within a video does not change the revision.
    versions = f"{batch.revision}-{batch.updated_at.timestamp():.6f}-{follow.version if follow else ''}"
    etag = f'W/"{versions}-{items}-{limit}-{offset}"'
    if if_none_match == etag:
        raise error_responses.NotModified(etag)
    view = BatchWithItems(
        **BatchView.fields_of(batch, now()), follow=FollowOfBatch.of(follow, batch) if follow else None
    )
    if items:
        page, order, view.next_cursor = service().list_items(batch, limit, offset)
        view.items = [ItemView.of(batch, item) for item in page]
        view.playlists = [PlaylistView.of(playlist) for playlist in order.playlists]
    return Response(HTTPStatus.OK.value, content_types.APPLICATION_JSON, view, {"ETag": etag}, compress=True)


@app.patch(
    "/batch/<batch_id>", status_code=202, summary="Rename a batch or change a draft", responses=COSTLY_COMMAND_WITH_BODY
)
def change_batch(batch_id: BatchId, request: Annotated[ChangeBatch, Body()]) -> BatchView:
    return BatchView.of(service().change(batch_id, request), now())


@app.post("/batch/<batch_id>/start", status_code=202, summary="Start a draft", responses=COSTLY_COMMAND)
def start_batch(batch_id: BatchId) -> BatchView:
    return BatchView.of(service().start(batch_id), now())


@app.post(
    "/batch/<batch_id>/preflight", status_code=202, summary="Check the videos of a draft", responses=COSTLY_COMMAND
)
def check_draft(batch_id: BatchId) -> BatchView:
    return BatchView.of(service().check(batch_id), now())


@app.get(
    "/batch/<batch_id>/prices",
    summary="Compare what the models would cost",
    responses=responses(200, "The prices", *NOT_FOUND),
)
def get_prices(batch_id: BatchId) -> PriceList:
    return price_list(service().get(batch_id))


@app.put("/batch/<batch_id>/order", status_code=202, summary="Reorder waiting videos", responses=COMMAND_WITH_BODY)
def order_items(batch_id: BatchId, request: Annotated[OrderItems, Body()], if_match: OrderVersion = None) -> BatchView:
    return BatchView.of(service().reorder(batch_id, request.item_ids, if_match), now())


@app.post(
    "/batch/<batch_id>/items",
    status_code=202,
    summary="Add videos and playlists; a completed batch continues with them",
    responses=COSTLY_COMMAND_WITH_BODY,
)
def add_items(batch_id: BatchId, request: Annotated[AddVideos, Body()]) -> CreatedBatch:
    batch, parsed = service().append(batch_id, request)
    return CreatedBatch(**BatchView.fields_of(batch, now()), validation=without_new_links(parsed))


@app.post(
    "/batch/<batch_id>/skip",
    status_code=202,
    summary="Skip waiting or failed videos, or withdraw their redos",
    responses=COMMAND_WITH_BODY,
)
def skip_items(batch_id: BatchId, request: Annotated[ItemsOfBatch, Body()]) -> EditedBatch:
    return EditedBatch.edited(service().skip(batch_id, request.item_ids), now())


@app.post(
    "/batch/<batch_id>/restore",
    status_code=202,
    summary="Put skipped videos back",
    responses=COSTLY_COMMAND_WITH_BODY,
)
def restore_items(batch_id: BatchId, request: Annotated[ItemsOfBatch, Body()]) -> EditedBatch:
    return EditedBatch.edited(service().restore(batch_id, request.item_ids), now())


@app.delete(
    "/batch/<batch_id>/items/<item_id>",
    status_code=202,
    summary="Skip a waiting or failed video, or withdraw its redo",
    responses=COMMAND,
)
def skip_item(batch_id: BatchId, item_id: ItemId) -> BatchView:
    return BatchView.of(service().skip_item(batch_id, item_id), now())


@app.post(
    "/batch/<batch_id>/items/<item_id>/restore",
    status_code=202,
    summary="Put a skipped video back",
    responses=COSTLY_COMMAND,
)
def restore_item(batch_id: BatchId, item_id: ItemId) -> BatchView:
    return BatchView.of(service().restore_item(batch_id, item_id), now())


@app.post(
    "/batch/<batch_id>/items/<item_id>/redo",
    status_code=202,
    summary="Summarize a finished video again",
    responses=COSTLY_COMMAND_WITH_BODY,
)
def redo_item(batch_id: BatchId, item_id: ItemId, request: Annotated[RedoVideo | None, Body()] = None) -> BatchView:
    return BatchView.of(service().redo(batch_id, item_id, request or RedoVideo()), now())


@app.post("/batch/<batch_id>/pause", status_code=202, summary="Pause after the current video", responses=COMMAND)
def pause_batch(batch_id: BatchId) -> BatchView:
    return BatchView.of(service().pause(batch_id), now())


@app.post(
    "/batch/<batch_id>/resume", status_code=202, summary="Resume a paused batch", responses=COSTLY_COMMAND_WITH_BODY
)
def resume_batch(batch_id: BatchId, request: Annotated[ResumeBatch | None, Body()] = None) -> BatchView:
    return BatchView.of(service().resume(batch_id, request or ResumeBatch()), now())


@app.post("/batch/<batch_id>/retry", status_code=202, summary="Retry failed videos", responses=COSTLY_COMMAND_WITH_BODY)
def retry_batch(batch_id: BatchId, request: Annotated[RetryBatch | None, Body()] = None) -> BatchView:
    return BatchView.of(service().retry(batch_id, request or RetryBatch()), now())


@app.post(
    "/batch/<batch_id>/refresh", status_code=201, summary="Create a batch of new playlist videos", responses=REFRESH
)
def refresh_batch(
    batch_id: BatchId, request: Annotated[RefreshBatch | None, Body()] = None, idempotency_key: IdempotencyKey = None
) -> BatchView:
    return BatchView.of(creation().refresh(batch_id, request or RefreshBatch(), idempotency_key), now())


@app.delete(
    "/batch/<batch_id>/cancel", status_code=202, summary="Cancel a batch after its current video", responses=COMMAND
)
def cancel_batch(batch_id: BatchId) -> BatchView:
    return BatchView.of(service().cancel(batch_id), now())


@app.get(
    "/batch/<batch_id>/export",
    summary="Get a download link for all summaries so far in one file",
    responses=responses(200, "The link", *COMMAND_ERRORS, *HALT_ERRORS),
)
def export_batch(
    batch_id: BatchId,
    export_format: Annotated[ExportFormat, Query(alias="format", description="File format")] = ExportFormat.ZIP,
    transcripts: Annotated[bool, Query(description="Include a page with each video's transcript; ZIP only")] = False,
) -> ExportView:
    export, url, expires_at = service().export(batch_id, export_format, transcripts=transcripts)
    return ExportView(url=url, expires_at=expires_at, size_bytes=export.size_bytes, sha256=export.sha256)


@app.get(
    "/batch/<batch_id>/digest",
    summary="Show the digest of all summaries",
    responses=responses(200, "The digest", *NOT_FOUND),
)
def get_digest(batch_id: BatchId) -> DigestView:
    return DigestView.of(service().digest(batch_id))


@app.delete(
    "/batch/<batch_id>",
    status_code=204,
    summary="Delete a batch and its summaries",
    responses={
        **responses(204, "Deleted", *COMMAND_ERRORS),
        202: {
            "description": "Deleted for you; the rest is deleted once what is under way has ended",
            "content": {"application/json": {"model": DeletionView}},
        },
    },
)
def delete_batch(batch_id: BatchId) -> Response[Any]:
    if service().delete(batch_id):
        return Response(HTTPStatus.NO_CONTENT.value, body="")
    return Response(HTTPStatus.ACCEPTED.value, content_types.APPLICATION_JSON, DeletionView(id=batch_id))


@app.get("/models", summary="List the available models", responses=responses(200, "All models"))
def get_models() -> ModelList:
    return list_models()


def without_new_links(parsed: ParsedText) -> Validation:
    """Counts all links, and lists up to 100 of those that add nothing to the batch."""
    return Validation.of(parsed, shown=[link for link in parsed.links if link.status in NOTHING_ADDED][:100])


def service() -> BatchService:
    return BatchService(user_id=user_id_of(app.current_event), now=now())


def creation() -> CreationService:
    return CreationService(user_id=user_id_of(app.current_event), now=now())


def now() -> datetime:
    return datetime.now(UTC)


gc.freeze()  # imported objects stay, so no collection has to visit them while requests are answered
gc.enable()
