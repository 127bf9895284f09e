"""Rare requests of functions to the bucket and the table, with the permissions of their role and no others."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, BinaryIO

import pytest
from botocore.exceptions import ClientError

from local.model import FakeModelServer
from skimlist import aws
from skimlist.bucket import export_key
from skimlist.errors import (
    ModelKeyMissing,
    ModelKeyRejected,
    StorageUnavailable,
    SummaryNotFound,
    UnexpectedFailure,
    WorkflowStuck,
)
from skimlist.export.entries import ExportedBatch
from skimlist.jobs import records
from skimlist.jobs.outages import Outages
from skimlist.jobs.queue_editor import QueueEditor
from skimlist.jobs.spending import Spending
from skimlist.llm.catalogue import offered_models
from skimlist.models.batch import Batch, BatchStatus, Preflight
from skimlist.models.endpoint import Endpoint
from skimlist.models.settings import BatchSettings, SummaryOptions
from skimlist.steps import build_export
from testkit.account import NOW, Account
from testkit.api_client import Client
from testkit.batches import a_summary
from testkit.functions import caught
from tests.integration.test_handlers import batch_event, captions_of, summarized, video_event
from tests.integration.test_handlers_outages import meet_failure

ONE_OF_EACH_VENDOR = {
    spec.key_secret: name for name, spec in offered_models(Endpoint()).items() if spec.key_secret
}.values()
DIGESTED = BatchSettings(model="extractive", options=SummaryOptions(digest=True))


@pytest.fixture
def nothing_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes every summary too large for the table."""
    monkeypatch.setattr("skimlist.jobs.results._MAX_BYTES_IN_TABLE", 0)


def keys(account: Account) -> list[str]:
    found = account.s3.list_objects_v2(Bucket=account.bucket).get("Contents", [])
    return [each["Key"] for each in found]


@pytest.mark.usefixtures("nothing_fits")
@pytest.mark.parametrize("is_lost", [False, True])
def test_a_large_summary_is_read_from_the_bucket_by_everybody(account: Account, ada: Client, is_lost: bool) -> None:
    account.begin_batch(2, settings=DIGESTED)
    summarized(account, 1, 2)
    stored = [key for key in keys(account) if key.startswith("summaries/")]
    assert len(stored) == 2
    for key in stored if is_lost else []:
        account.s3.delete_object(Bucket=account.bucket, Key=key)

    def found() -> AbstractContextManager[Any]:
        return pytest.raises(SummaryNotFound) if is_lost else nullcontext()

    assert ada.get("/summaries/b7f3-00001").status == (404 if is_lost else 200)
    account.reorder(2, 1)  # they are read one by one then, and not by reading on
    with found():
        account.invoke("digest_batch", batch_event())
    with found():
        account.invoke("build_export", batch_event(format="json"))

    draft = {"id": "b7f4", "status": BatchStatus.DRAFT, "preflight": Preflight(), "settings": DIGESTED}
    account.create_batch(1, **draft)
    of_the_draft = {**video_event(), "batch_id": "b7f4"}
    for step in ("load_next_videos", "fetch_transcript", "estimate_video"):
        account.invoke(step, of_the_draft)
    forecast = account.queue.all_items(account.batch("b7f4"))[0].forecast
    assert forecast
    assert forecast.reused is not is_lost

    account.begin_batch(1, id="b7f5", settings=DIGESTED)
    of_the_next = {**video_event(), "batch_id": "b7f5"}
    for step in ("fetch_transcript", "summarize_video"):
        account.invoke(step, of_the_next)
    assert account.queue.all_items(account.batch("b7f5"))[0].cached is not is_lost


def by_the_api(account: Account, batch: Batch, ada: Client) -> None:
    del account
    assert ada.delete(f"/batch/{batch.id}").status == 204


def by_the_sweep(account: Account, batch: Batch, ada: Client) -> None:
    del ada
    account.deletions.begin(batch, NOW)
    account.invoke("resume_interrupted", {})


@pytest.mark.usefixtures("nothing_fits")
@pytest.mark.parametrize("delete", [by_the_api, by_the_sweep])
def test_deleting_a_batch_deletes_its_files_and_the_answers_of_models(
    account: Account, ada: Client, delete: Callable[[Account, Batch, Client], None]
) -> None:
    account.begin_batch(1)
    summarized(account, 1)
    account.results.remember_answer("ada", "d1", "{}", NOW)
    account.s3.put_object(Bucket=account.bucket, Key=export_key("ada", "b7f3", 4, "zip"), Body=b"zip")
    assert {key.partition("/")[0] for key in keys(account)} == {"transcripts", "summaries", "exports"}
    delete(account, account.batches.complete(account.batch(), NOW), ada)
    assert keys(account) == []
    assert [(record["pk"], record["sk"]) for record in account.table.scan()["Items"]] == [("USER#ada", "DELETED#b7f3")]


@pytest.mark.parametrize("model", ONE_OF_EACH_VENDOR)
def test_every_vendors_key_is_looked_for(account: Account, model: str) -> None:
    account.begin_batch(2, settings=replace(DIGESTED, model=model))
    for number in (1, 2):
        account.results.put("ada", "b7f3", f"{number:05}", a_summary(number), NOW)
    account.archive.put_transcript("ada", captions_of(1), None)
    account.invoke("fetch_transcript", video_event())
    with pytest.raises(ModelKeyMissing):
        account.invoke("summarize_video", video_event())
    account.complete(1, 2)
    with pytest.raises(ModelKeyMissing):
        account.invoke("digest_batch", batch_event())


def test_an_answer_of_a_model_clears_what_was_reported_of_it(account: Account) -> None:
    meet_failure(account, "joe", "d9b5", ModelKeyRejected(), first=3)
    assert Outages(account.table).reports()
    account.begin_batch(1)
    summarized(account, 1)
    assert Outages(account.table).reports() == []


def test_a_digest_that_begins_again_reserves_its_price_once(account: Account, model: FakeModelServer) -> None:
    account.parameters["UsdPerMonth"] = "300"
    account.begin_batch(2, settings=replace(DIGESTED, model="openai"))
    for number in (1, 2):
        account.results.put("ada", "b7f3", f"{number:05}", a_summary(number), NOW)
    account.complete(1, 2)
    now = datetime.now(UTC)
    Spending(account.table, usd_a_month=Decimal(300)).reserve(account.batch(), "DIGEST", Decimal("0.50"), now)
    account.invoke("digest_batch", batch_event())
    assert model.requests["asked"] == 1
    spent = account.table.get_item(Key=records.month_spending_key(now))["Item"]["committed"]
    assert 0 < spent < Decimal("0.50")


def test_an_estimate_without_captions_says_that_they_are_gone(account: Account) -> None:
    account.create_batch(1, status=BatchStatus.DRAFT, preflight=Preflight())
    account.archive.put_transcript("ada", captions_of(1), None)
    for step in ("load_next_videos", "fetch_transcript"):
        account.invoke(step, video_event())
    (key,) = keys(account)
    account.s3.delete_object(Bucket=account.bucket, Key=key)
    with pytest.raises(UnexpectedFailure, match="is gone"):
        account.invoke("estimate_video", video_event())


def test_an_upload_in_parts_that_fails_is_taken_back(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise its parts would be paid for and never be seen."""
    account.begin_batch(1)

    def write_much(_format: str, _exported: ExportedBatch, *, file: BinaryIO, **_: Any) -> None:
        file.write(bytes(6_000_000))

    monkeypatch.setattr(build_export, "write_export", write_much)

    def refuse(**_: Any) -> None:
        raise ClientError({"Error": {"Code": "InternalError", "Message": ""}}, "UploadPart")

    events = aws.client("s3").meta.events
    events.register("before-call.s3.UploadPart", refuse)
    with pytest.raises(StorageUnavailable):
        account.invoke("build_export", batch_event(format="zip"))
    events.unregister("before-call.s3.UploadPart", refuse)
    assert account.s3.list_multipart_uploads(Bucket=account.bucket).get("Uploads", []) == []


def test_a_draft_that_cannot_be_prepared_reads_no_more_of_its_playlists(account: Account) -> None:
    draft = account.create_batch(1, status=BatchStatus.DRAFT, run=0, has_no_execution=True)
    QueueEditor(account.table).append(draft, [], ["PL1"], NOW)
    account.batches.adopt(account.batch(), 1, NOW)
    account.invoke("mark_batch_failed", batch_event(error=caught(WorkflowStuck())))
    (playlist,) = account.queue.order("b7f3").playlists
    assert playlist.error == WorkflowStuck().as_problem()
