"""The life of a digest: requested, made, counted once, shown, failed, made again, deleted."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from local.model import Failure, FakeModelServer
from skimlist.errors import (
    BatchNotFound,
    DigestNeedsTwo,
    DigestOverBudget,
    ModelAnswerInvalid,
    ModelKeyMissing,
    ModelQuotaExceeded,
    ModelUnreachable,
    SkimlistError,
    StorageUnavailable,
)
from skimlist.jobs.digests import StoredDigest
from skimlist.jobs.queue import PAGES_PER_EXECUTION
from skimlist.models.batch import Batch, BatchRun, BatchStatus, DigestState, DigestStatus
from skimlist.models.digest import Digest
from skimlist.models.settings import BatchSettings, SummaryOptions, Verify
from skimlist.models.summary import KeyPoint
from skimlist.models.video import Item, VideoStatus
from testkit.account import NOW, Account, video_id
from testkit.api_client import Client
from testkit.batches import a_summary
from tests.fakes.digesting import a_digest

EXTRACTIVE = BatchSettings(model="extractive", options=SummaryOptions(digest=True))
OPENAI = replace(EXTRACTIVE, model="openai")


def event(run: int = 1, error: SkimlistError | None = None) -> dict[str, Any]:
    base = {"user_id": "ada", "batch_id": "b7f3", "run": run}
    if error is None:
        return base
    cause = {"errorMessage": str(error), "errorType": type(error).__name__, "stackTrace": []}
    return {**base, "error": {"Error": type(error).__name__, "Cause": json.dumps(cause)}}


def summarized(account: Account, *numbers: int, **changes: Any) -> None:
    for number in numbers:
        summary = a_summary(number, title=f"Video {number}", fingerprint=f"f{number}", **changes)
        account.results.put("ada", "b7f3", f"{number:05}", summary, NOW)
        account.complete(number)


def summarized_batch(account: Account, settings: BatchSettings = EXTRACTIVE, videos: int = 3, **changes: Any) -> Batch:
    account.begin_batch(videos, settings=settings, **changes)
    summarized(account, *range(1, videos + 1))
    return account.batch()


def stored(account: Account) -> Digest:
    digest = account.digests.find("b7f3").digest
    assert digest
    return digest


def state(account: Account) -> DigestState:
    found = account.batch().digest
    assert found
    return found


# --- Load next videos ---


def load(account: Account, run: int = 1) -> str:
    action: str = account.invoke("load_next_videos", event(run))["action"]
    return action


def test_a_batch_that_wants_a_digest_does_not_end_before_it_was_tried(account: Account) -> None:
    summarized_batch(account)
    assert load(account) == "digest"
    assert account.batch().status is BatchStatus.PROCESSING
    account.invoke("digest_batch", event())
    assert load(account) == "finish"
    assert account.batch().status is BatchStatus.COMPLETED


def test_a_batch_that_wants_none_ends_at_once(account: Account) -> None:
    summarized_batch(account, BatchSettings(model="extractive"))
    assert load(account) == "finish"


def test_one_summary_is_not_digested(account: Account) -> None:
    account.begin_batch(2, settings=EXTRACTIVE)
    summarized(account, 1)
    account.fail(2)
    assert load(account) == "finish"


def test_a_video_that_is_added_meanwhile_is_summarized_before_the_batch_ends(account: Account, ada: Client) -> None:
    summarized_batch(account)
    assert load(account) == "digest"
    ada.post("/batch/b7f3/items", {"urls": [video_id(9)]})
    account.invoke("digest_batch", event())
    assert load(account) == "process"
    summarized(account, 4)
    assert load(account) == "digest"
    account.invoke("digest_batch", event())
    assert stored(account).videos == 4
    assert load(account) == "finish"


def test_a_round_with_a_digest_counts_for_the_history_of_an_execution(account: Account) -> None:
    summarized_batch(account)
    assert load(account) == "digest"
    assert account.batch().execution.pages_served == 1
    summarized_batch(account, id="other", pages_served=PAGES_PER_EXECUTION)
    assert account.invoke("load_next_videos", {**event(), "batch_id": "other"})["action"] == "continue"


# --- Digest batch ---


def test_the_digest_of_the_extractive_model_costs_nothing(account: Account) -> None:
    before = summarized_batch(account)
    account.invoke("digest_batch", event())
    digest, batch = stored(account), account.batch()
    assert (digest.videos, digest.model, digest.cost_usd) == (3, "extractive", 0)
    assert digest.overview.startswith("3 videos, ")
    assert digest.watch_order == ()  # the videos share no subject, so that no order is better
    assert state(account) == DigestState(status=DigestStatus.READY, videos=3)
    assert (batch.cost_usd, batch.revision) == (before.cost_usd, before.revision + 1)
    assert batch.updated_at > before.updated_at


def test_the_digest_of_a_model_is_paid_and_counted_once(account: Account, model: FakeModelServer) -> None:
    summarized_batch(account, OPENAI)
    account.invoke("digest_batch", event())
    account.invoke("digest_batch", event())
    digest, batch = stored(account), account.batch()
    assert model.requests["asked"] == 1
    assert min(digest.tokens_in, digest.tokens_out, digest.cost_usd) > 0
    assert (batch.tokens_in, batch.tokens_out, batch.cost_usd) == (
        digest.tokens_in, digest.tokens_out, digest.cost_usd
    )  # fmt: skip
    assert {place.position for theme in digest.themes for place in theme.evidence} <= {1, 2, 3}


@pytest.mark.parametrize(("verify", "asked", "unverified"), [(Verify.FLAG, 1, 6), (Verify.ASK, 2, 0)])
def test_claims_that_the_summaries_do_not_support_are_corrected_and_paid_if_it_is_asked_for(
    account: Account, model: FakeModelServer, verify: Verify, asked: int, unverified: int
) -> None:
    settings = replace(OPENAI, options=replace(OPENAI.options, verify=verify))
    summarized_batch(account, settings)
    model.fail(Failure.UNSAID, times=1)
    account.invoke("digest_batch", event())
    digest = stored(account)
    assert (model.requests["asked"], digest.unverified) == (asked, unverified)
    assert digest.tokens_in == model.requests["used"]["prompt_tokens"]
    assert account.batch().cost_usd == digest.cost_usd


def test_a_step_that_died_after_it_was_answered_pays_nothing_again(
    account: Account, model: FakeModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    summarized_batch(account, OPENAI)
    with monkeypatch.context() as patch:
        patch.setattr("skimlist.jobs.digests.Digests.put", _die)
        with pytest.raises(KeyboardInterrupt):
            account.invoke("digest_batch", event())
    account.invoke("digest_batch", event())
    assert model.requests["asked"] == 1
    assert account.batch().cost_usd == stored(account).cost_usd > 0


def _die(*_: Any) -> None:
    raise KeyboardInterrupt


def test_a_digest_whose_stored_answer_was_lost_is_counted_once(account: Account) -> None:
    batch = summarized_batch(account)
    priced, before = a_digest(cost_usd=Decimal("0.5"), videos=3), account.digests.find("b7f3")
    assert account.digests.put(batch, priced, before, {"k"}, NOW)
    assert not account.digests.put(batch, priced, before, {"k"}, NOW)
    assert account.batch().cost_usd == Decimal("0.5")
    assert account.digests.put(batch, priced, account.digests.find("b7f3"), {"k", "l"}, NOW)
    assert account.batch().cost_usd == Decimal("1.0")
    assert account.digests.find("b7f3").answers == {"k", "l"}


def test_the_cost_of_a_failed_digest_is_counted_once(account: Account, model: FakeModelServer) -> None:
    summarized_batch(account, OPENAI)
    model.fail(Failure.NOT_JSON)
    with pytest.raises(ModelAnswerInvalid):
        account.invoke("digest_batch", event())
    failed = account.batch()
    assert failed.cost_usd > 0
    model.recover()
    account.invoke("digest_batch", event())
    assert account.batch().cost_usd == failed.cost_usd + stored(account).cost_usd


def test_an_answer_that_an_earlier_digest_has_counted_costs_nothing_again(
    account: Account, model: FakeModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("skimlist.digesting.plan._MAX_PART_TOKENS", 6_000)
    long = tuple(KeyPoint(text=f"{number} loaves " + "of bread " * 30) for number in range(20))
    account.begin_batch(9, settings=OPENAI)
    summarized(account, *range(1, 9), key_points=long)
    account.fail(9)
    account.invoke("digest_batch", event())
    first, parts = account.batch(), model.requests["asked"] - 1
    assert parts > 1
    account.mark(VideoStatus.PENDING, 9)
    summarized(account, 9, key_points=long)
    account.invoke("digest_batch", event())
    # The part with the video that was added, and what joins the parts.
    assert model.requests["asked"] == parts + 1 + 2
    assert max(model.requests["answered"].values()) == 1
    paid = account.batch().cost_usd - first.cost_usd
    assert 0 < paid == stored(account).cost_usd < first.cost_usd


def test_a_part_that_fails_leaves_the_others_paid_and_counted_once(
    account: Account, model: FakeModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("skimlist.digesting.plan._MAX_PART_TOKENS", 6_000)
    long = tuple(KeyPoint(text=f"{number} loaves " + "of bread " * 30) for number in range(20))
    account.begin_batch(8, settings=OPENAI)
    summarized(account, *range(1, 9), key_points=long)
    model.fail(Failure.SERVER_ERROR, times=1)
    with pytest.raises(ModelUnreachable):
        account.invoke("digest_batch", event())
    before = account.batch()
    account.invoke("digest_batch", event())
    assert max(model.requests["answered"].values()) == 1
    batch = account.batch()
    assert batch.cost_usd == before.cost_usd + stored(account).cost_usd
    assert len(account.digests.find("b7f3").answers) == len(model.requests["answered"])


def test_answers_that_another_batch_paid_for_cost_nothing(account: Account, model: FakeModelServer) -> None:
    summarized_batch(account, OPENAI)
    account.invoke("digest_batch", event())
    account.begin_batch(3, settings=OPENAI, id="other")
    for number in range(1, 4):
        account.results.put("ada", "other", f"{number:05}", account.results.get("ada", "b7f3", f"{number:05}"), NOW)
        account.videos.complete(
            BatchRun("ada", "other", 1), Item(id=f"{number:05}", video_id=video_id(number)), Decimal(0), NOW
        )
    account.invoke("digest_batch", {**event(), "batch_id": "other"})
    assert account.digests.find("other").digest
    assert (model.requests["asked"], account.batch("other").cost_usd) == (1, 0)


def test_a_digest_keeps_to_the_budget(account: Account, model: FakeModelServer) -> None:
    summarized_batch(account, OPENAI, max_cost_usd=Decimal("0.000001"))
    with pytest.raises(DigestOverBudget, match=r"of the budget of less than \$0\.0001 is spent"):
        account.invoke("digest_batch", event())
    assert model.requests["asked"] == 0


def test_a_model_without_a_key_makes_none(account: Account) -> None:
    summarized_batch(account, OPENAI)
    with pytest.raises(ModelKeyMissing):
        account.invoke("digest_batch", event())


@pytest.mark.parametrize(
    ("failure", "error"), [(Failure.QUOTA, ModelQuotaExceeded), (Failure.NOT_JSON, ModelAnswerInvalid)]
)
def test_errors_of_the_model_leave_the_step(
    account: Account, model: FakeModelServer, failure: Failure, error: type[SkimlistError]
) -> None:
    summarized_batch(account, OPENAI)
    model.fail(failure)
    with pytest.raises(error):
        account.invoke("digest_batch", event())
    assert account.digests.find("b7f3").digest is None


def test_summaries_that_are_gone_leave_nothing_to_compare(account: Account) -> None:
    account.begin_batch(2, settings=EXTRACTIVE)
    account.complete(1, 2)
    with pytest.raises(DigestNeedsTwo):
        account.invoke("digest_batch", event())


def test_no_digest_is_made_for_a_batch_that_does_not_continue(account: Account) -> None:
    batch = summarized_batch(account)
    account.invoke("digest_batch", event(run=7))
    account.batches.pause(batch, NOW)
    account.invoke("digest_batch", event())
    assert account.digests.find("b7f3").digest is None


def test_a_digest_that_ends_after_its_batch_was_deleted_leaves_nothing_behind(account: Account) -> None:
    batch = summarized_batch(account)
    account.batches.complete(batch, NOW)
    account.deletions.begin(account.batch(), NOW)
    account.deletions.finish("ada", "b7f3", NOW)
    assert not account.digests.put(batch, a_digest(), StoredDigest(), set(), NOW)
    assert account.digests.find("b7f3").digest is None
    with pytest.raises(BatchNotFound):
        account.invoke("digest_batch", event())


# --- Record digest failure ---


@pytest.mark.parametrize(
    ("error", "code"),
    [(ModelQuotaExceeded(), "model_quota_exceeded"), (DigestOverBudget("Too much."), "digest_over_budget")],
)
def test_a_failure_is_kept_with_its_reason_and_the_batch_ends(
    account: Account, error: SkimlistError, code: str
) -> None:
    summarized_batch(account)
    account.invoke("record_digest_failure", event(error=error))
    account.invoke("record_digest_failure", event(error=error))
    found = state(account)
    assert found.error
    assert (found.status, found.error.code, found.error.message) == (DigestStatus.FAILED, code, str(error))
    assert load(account) == "finish"
    assert account.batch().status is BatchStatus.COMPLETED


def test_a_foreign_error_is_shown_in_our_words(account: Account) -> None:
    summarized_batch(account)
    account.invoke("record_digest_failure", {**event(), "error": {"Error": "KeyError", "Cause": '{"secret": "x"}'}})
    found = state(account)
    assert found.error
    assert (found.error.code, "secret" in found.error.message) == ("digest_failed", False)


def test_the_failure_of_an_older_run_is_not_recorded(account: Account) -> None:
    batch = summarized_batch(account)
    account.batches.adopt(batch, 2, NOW)
    account.invoke("record_digest_failure", event(run=1, error=StorageUnavailable()))
    assert account.batch().digest is None


# --- Made again ---


def failed_digest(account: Account, error: SkimlistError) -> None:
    summarized_batch(account)
    account.invoke("record_digest_failure", event(error=error))
    load(account)


def test_a_retry_tries_a_failed_digest_again(account: Account, ada: Client) -> None:
    failed_digest(account, ModelQuotaExceeded())
    assert ada.get("/batch/b7f3").json["digest"]["videos"] == 0  # although some were summarized when it was tried
    answer = ada.post("/batch/b7f3/retry")
    assert (answer.status, answer.json["digest"]) == (202, {"status": "pending", "error": None, "videos": 0})
    run = account.batch().execution.run + 1
    assert load(account, run) == "digest"
    account.invoke("digest_batch", event(run))
    assert load(account, run) == "finish"
    assert state(account).status is DigestStatus.READY


def test_only_a_new_budget_helps_a_digest_that_was_too_expensive(account: Account, ada: Client) -> None:
    failed_digest(account, DigestOverBudget())
    assert ada.post("/batch/b7f3/retry").status == 409
    assert ada.post("/batch/b7f3/retry", {"max_cost_usd": 2}).status == 202
    batch = account.batch()
    assert (batch.status, batch.max_cost_usd, batch.digest) == (BatchStatus.PROCESSING, 2, None)


def test_a_retry_of_one_video_makes_a_failed_digest_again_whether_the_video_fails_or_not(
    account: Account, ada: Client
) -> None:
    account.begin_batch(3, settings=EXTRACTIVE)
    summarized(account, 1, 2)
    account.fail(3)
    account.invoke("record_digest_failure", event(error=DigestOverBudget()))
    load(account)
    answer = ada.post("/batch/b7f3/retry", {"item_ids": ["00003"]})
    assert (answer.status, answer.json["digest"]["status"]) == (202, "pending")
    run = account.batch().execution.run + 1
    assert load(account, run) == "process"
    account.fail(3)
    assert load(account, run) == "digest"


def outdated_digest(account: Account, ada: Client, *, videos: int = 3) -> int:
    """A digest of two videos, and a third one that was summarized since; returns the run that would rewrite it."""
    account.begin_batch(videos, settings=EXTRACTIVE)
    summarized(account, 1, 2)
    account.fail(*range(3, videos + 1))
    account.invoke("digest_batch", event())
    load(account)
    ada.post("/batch/b7f3/retry", {"all": True})
    run = account.batch().execution.run + 1
    load(account, run)
    summarized(account, 3)
    return run


def test_an_earlier_digest_stays_in_sight_when_its_rewrite_fails(account: Account, ada: Client) -> None:
    run = outdated_digest(account, ada)
    for budget in (1, 2):
        assert load(account, run) == "digest"
        account.invoke("record_digest_failure", event(run, error=DigestOverBudget()))
        account.invoke("record_digest_failure", event(run, error=DigestOverBudget()))
        assert load(account, run) == "finish"
        shown = ada.get("/batch/b7f3").json["digest"]
        assert (shown["status"], shown["error"]["code"], shown["videos"]) == ("failed", "digest_over_budget", 2)
        assert ada.get("/batch/b7f3/digest").json["videos"] == 2
        shown = ada.post("/batch/b7f3/retry", {"max_cost_usd": budget}).json["digest"]
        assert shown == {"status": "pending", "error": None, "videos": 2}
        run = account.batch().execution.run + 1
    assert load(account, run) == "digest"
    account.invoke("digest_batch", event(run))
    assert load(account, run) == "finish"
    assert ada.get("/batch/b7f3").json["digest"] == {"status": "ready", "error": None, "videos": 3}


def test_the_digest_of_a_cancelled_batch_can_be_rewritten(account: Account, ada: Client) -> None:
    run = outdated_digest(account, ada, videos=4)
    ada.delete("/batch/b7f3/cancel")
    load(account, run)
    shown = ada.get("/batch/b7f3").json
    assert (shown["status"], shown["digest"]) == ("cancelled", {"status": "ready", "error": None, "videos": 2})
    # A retry of one video that arrives twice must not reopen what was cancelled in between.
    assert ada.post("/batch/b7f3/retry", {"item_ids": ["00003"]}).json["status"] == "cancelled"

    assert ada.post("/batch/b7f3/retry").status == 202
    run = account.batch().execution.run + 1
    assert load(account, run) == "digest"
    account.invoke("digest_batch", event(run))
    assert load(account, run) == "finish"
    shown = ada.get("/batch/b7f3").json
    assert (shown["status"], shown["digest"]["videos"]) == ("completed", 3)
    assert (shown["progress"]["completed"], shown["progress"]["skipped"], shown["progress"]["left"]) == (3, 1, 0)
    assert ada.post("/batch/b7f3/retry").status == 409


def test_a_retried_video_that_fails_again_leaves_the_digest_as_it_is(account: Account, ada: Client) -> None:
    account.begin_batch(3, settings=EXTRACTIVE)
    summarized(account, 1, 2)
    account.fail(3)
    account.invoke("digest_batch", event())
    load(account)
    assert ada.post("/batch/b7f3/retry", {"all": True}).json["digest"]["status"] == "ready"
    run = account.batch().execution.run + 1
    assert load(account, run) == "process"
    account.fail(3)
    assert load(account, run) == "finish"


def test_a_digest_is_stale_when_a_retried_video_is_summarized(account: Account, ada: Client) -> None:
    run = outdated_digest(account, ada)
    assert ada.get("/batch/b7f3").json["digest"] == {"status": "pending", "error": None, "videos": 2}
    assert ada.get("/batch/b7f3/digest").json["videos"] == 2
    assert load(account, run) == "digest"
    account.invoke("digest_batch", event(run))
    assert ada.get("/batch/b7f3/digest").json["videos"] == 3


# --- What is shown ---


def test_the_api_shows_the_digest_to_its_owner_alone(account: Account, ada: Client, eve: Client) -> None:
    summarized_batch(account)
    answer = ada.get("/batch/b7f3/digest")
    assert (answer.status, answer.error["code"]) == (404, "digest_not_found")
    assert ada.get("/batch/b7f3").json["digest"] == {"status": "pending", "error": None, "videos": 0}
    account.digests.put(account.batch(), a_digest(), StoredDigest(), set(), NOW)
    shown = ada.get("/batch/b7f3/digest").json
    assert set(shown) == {
        *("overview", "overview_check", "themes", "agreements", "differences", "watch_order", "news", "videos"),
        *(
            "language",
            "model",
            "model_label",
            "tokens_in",
            "tokens_out",
            "cost_usd",
            "created_at",
            "notes",
            "unverified",
        ),
    }
    place = {"item_id": "item-3", "position": 3, "video_id": "video000003", "title": "Video 3", "described": False}
    assert (shown["themes"][0]["title"], shown["overview_check"]) == ("Sourdough", None)
    assert shown["themes"][0]["evidence"][1] == {
        **place, "start_seconds": 7.0, "url": "https://youtu.be/video000003?t=7"
    }  # fmt: skip
    assert shown["watch_order"][0] == {
        "reason": "It begins at the beginning.",
        "video": {**place, "start_seconds": None, "url": "https://www.youtube.com/watch?v=video000003"},
    }
    assert ada.get("/batch/b7f3").json["digest"] == {"status": "ready", "error": None, "videos": 3}
    assert eve.get("/batch/b7f3/digest").error["code"] == "not_found"


def test_a_batch_that_asked_for_none_shows_none(account: Account, ada: Client) -> None:
    account.begin_batch(1)
    assert ada.get("/batch/b7f3").json["digest"] is None


def test_the_archive_and_the_email_hold_the_digest(account: Account) -> None:
    summarized_batch(account)
    account.invoke("digest_batch", event())
    load(account)
    overview = stored(account).overview
    key = account.invoke("build_export", {**event(), "format": "zip"})["key"]
    body = account.s3.get_object(Bucket=account.bucket, Key=key)["Body"].read()
    archive = zipfile.ZipFile(io.BytesIO(body))
    files = {name.partition("/")[2]: archive.read(name).decode() for name in archive.namelist()}
    assert overview in files["index.md"]
    assert json.loads(files["metadata.json"])["digest"]["overview"] == overview
    assert account.mailbox
    account.invoke("notify_owner", event())
    (mail,) = account.read_mail()
    assert overview in mail["Message"]


def test_a_digest_gets_the_time_at_which_it_was_made(account: Account) -> None:
    summarized_batch(account)
    before = datetime.now(UTC)
    account.invoke("digest_batch", event())
    assert before <= stored(account).created_at <= datetime.now(UTC)
