"""The digests of a follow's runs: what earlier runs said is found again, compared once, and forgotten when deleted."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest

from local.model import Failure, FakeModelServer
from skimlist.digesting.digest import likely_cost
from skimlist.digesting.drafts import NewsDraft, Request
from skimlist.digesting.openai_digester import OpenAIDigester
from skimlist.digesting.outlines import outline
from skimlist.errors import DigestNeedsTwo, DigestOverBudget, ModelUnreachable
from skimlist.jobs import records
from skimlist.jobs.digests import Digests, StoredDigest
from skimlist.jobs.earlier_runs import EarlierRuns
from skimlist.jobs.follows import Follows
from skimlist.jobs.table_repository import LAST_WRITES
from skimlist.llm.catalogue import offered_model
from skimlist.models.batch import Batch, BatchRun, BatchStatus, DigestState, DigestStatus
from skimlist.models.digest import Digest, News
from skimlist.models.endpoint import Endpoint
from skimlist.models.settings import BatchSettings, SummaryOptions
from skimlist.models.summary import KeyPoint
from skimlist.models.video import Item
from testkit.account import NOW, Account, video_id
from testkit.api_client import Client
from testkit.batches import a_summary
from tests.fakes.digesting import a_digest, an_earlier_run, an_earlier_video, some_news
from tests.integration.test_check_follows import a_follow

FOLLOW = "019c51a2"
EXTRACTIVE = BatchSettings(model="extractive", options=SummaryOptions(digest=True))
OPENAI = replace(EXTRACTIVE, model="openai")


@pytest.fixture(autouse=True)
def _follows(account: Account) -> None:
    for user_id in ("ada", "eve"):
        a_follow(Follows(account.table), user_id=user_id)


def event(batch_id: str, run: int = 1) -> dict[str, Any]:
    return {"user_id": "ada", "batch_id": batch_id, "run": run}


def a_run(
    account: Account, batch_id: str, *numbers: int, settings: BatchSettings = EXTRACTIVE, **changes: Any
) -> Batch:
    """Creates a run of the follow whose videos are summarized."""
    fields = {"user_id": "ada", "follow_id": FOLLOW, **changes}
    batch = account.begin_batch(len(numbers), id=batch_id, settings=settings, **fields)
    for place, number in enumerate(numbers, start=1):
        said = f"Loaf {number} rests for {number} hours. It is baked in a Dutch oven."
        summary = a_summary(
            number,
            video_id=video_id(number),
            title=f"Video {number}",
            fingerprint=f"{batch_id}-{number}",
            key_points=(KeyPoint(text=said, start_seconds=62.0 + number),),
            chapters=(),
        )
        account.results.put(batch.user_id, batch_id, f"{place:05}", summary, NOW)
        done = Item(id=f"{place:05}", video_id=video_id(place))
        account.videos.complete(BatchRun(batch.user_id, batch_id, 1), done, Decimal(0), NOW)
    return account.batches.get(batch.user_id, batch_id)


def digest(account: Account, batch_id: str, user_id: str = "ada") -> None:
    account.invoke("digest_batch", {**event(batch_id), "user_id": user_id})


def a_run_after_another(account: Account) -> None:
    """Creates run2, which is to be compared with the digested run1."""
    a_run(account, "run1", 1, 2, settings=OPENAI)
    digest(account, "run1")
    a_run(account, "run2", 3, 4, settings=OPENAI)


def stored(account: Account, batch_id: str) -> Digest:
    found = account.digests.find(batch_id).digest
    assert found
    return found


def news_of(account: Account, batch_id: str) -> News:
    news = stored(account, batch_id).news
    assert news
    return news


def end(account: Account, batch_id: str) -> None:
    account.batches.complete(account.batch(batch_id), NOW)


def earlier_runs(account: Account, batch_id: str) -> list[str]:
    return [run.batch_id for run in EarlierRuns(account.table).before("ada", FOLLOW, batch_id)]


def earlier_batches(news: News) -> set[str]:
    return {place.batch_id for claim in news.claims for place in claim.earlier}


# --- Two runs ---


def test_the_first_run_has_nothing_to_be_compared_with_and_the_second_one_links_both_places(
    account: Account, model: FakeModelServer
) -> None:
    a_run(account, "run1", 1, 2, settings=OPENAI)
    digest(account, "run1")
    assert stored(account, "run1").news is None
    a_run(account, "run2", 3, 4, settings=OPENAI)
    digest(account, "run2")
    news = news_of(account, "run2")
    (claim,) = news.contradictions
    assert (claim.evidence[0].video_id, claim.evidence[0].start_seconds) == (video_id(2), 66.0)
    (before,) = claim.earlier
    assert (before.batch_id, before.item_id, before.start_seconds) == ("run1", "00001", 63.0)
    assert (news.runs, news.videos, len(news.new)) == (1, 2, 1)
    assert [(video.batch_id, video.item_id, video.title, video.start_seconds) for video in news.earlier] == [
        ("run1", "00001", "Video 1", None),
        ("run1", "00002", "Video 2", None),
    ]
    assert model.requests["asked"] == 3
    batch = account.batch("run2")
    assert batch.cost_usd == stored(account, "run2").cost_usd > stored(account, "run1").cost_usd


def test_statements_of_earlier_runs_are_found_with_one_read(account: Account) -> None:
    a_run(account, "run1", 1, 2)
    digest(account, "run1")
    a_run(account, "run2", 3, 4)
    digest(account, "run2")
    ordinary = a_run(account, "batch", 5, 6, follow_id=None)
    assert ordinary.follow_id is None
    queries = account.calls.count("dynamodb:Query")
    digest(account, "batch")
    assert account.calls.count("dynamodb:Query") == queries - 1


def test_a_run_with_a_single_video_is_compared_once_there_is_an_earlier_one(account: Account) -> None:
    a_run(account, "run1", 1)
    assert account.invoke("load_next_videos", event("run1"))["action"] == "digest"
    with pytest.raises(DigestNeedsTwo):
        digest(account, "run1")
    a_run(account, "run2", 2)
    assert account.invoke("load_next_videos", event("run2"))["action"] == "digest"
    digest(account, "run2")
    assert news_of(account, "run2").runs == 1
    assert (stored(account, "run2").videos, stored(account, "run2").themes) == (1, ())
    state = account.batch("run2").digest
    assert state
    assert (state.status, state.videos) == (DigestStatus.READY, 1)
    assert account.invoke("load_next_videos", event("run2"))["action"] == "finish"


def test_a_run_knows_neither_later_ones_nor_those_of_other_follows_and_users(account: Account) -> None:
    a_run(account, "run1", 1, 2)
    a_run(account, "run0", 3, 4, follow_id="another")
    a_run(account, "eves", 5, 6, user_id="eve")
    a_run(account, "run3", 7, 8)
    for batch_id, user_id in (("run0", "ada"), ("eves", "eve"), ("run1", "ada"), ("run3", "ada")):
        digest(account, batch_id, user_id)
    a_run(account, "run2", 9, 10)
    assert earlier_runs(account, "run2") == ["run1"]
    digest(account, "run2")
    assert news_of(account, "run2").runs == 1
    assert [stored(account, batch_id).news for batch_id in ("run0", "eves", "run1")] == [None, None, None]


def test_a_run_that_is_digested_again_does_not_compare_itself_with_itself(account: Account, ada: Client) -> None:
    a_run(account, "run1", 1, 2)
    digest(account, "run1")
    ada.post("/batch/run1/items", {"urls": [video_id(9)]})
    account.results.put("ada", "run1", "00003", a_summary(9, fingerprint="f9"), NOW)
    account.videos.complete(BatchRun("ada", "run1", 1), Item(id="00003", video_id=video_id(9)), Decimal(0), NOW)
    digest(account, "run1")
    assert (stored(account, "run1").videos, stored(account, "run1").news) == (3, None)
    (kept,) = EarlierRuns(account.table).before("ada", FOLLOW, "run2")
    assert len(kept.videos) == 3


def test_the_latest_thirty_runs_are_compared(account: Account) -> None:
    runs = EarlierRuns(account.table)
    a_run(account, "run99", 1, 2)
    for number in range(1, 41):
        name = f"run{number:02}"
        runs.put("ada", FOLLOW, an_earlier_run(name, an_earlier_video(1, f"Loaf {number}.")))
    assert earlier_runs(account, "run99") == [f"run{number:02}" for number in range(40, 10, -1)]
    digest(account, "run99")
    assert (news_of(account, "run99").runs, news_of(account, "run99").videos) == (30, 30)


# --- Paid once, within the budget ---


def test_a_function_that_runs_twice_or_dies_pays_for_one_comparison(
    account: Account, model: FakeModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_run_after_another(account)
    asked = model.requests["asked"]
    with monkeypatch.context() as patch:
        patch.setattr("skimlist.jobs.digests.Digests.put", _die)
        with pytest.raises(KeyboardInterrupt):
            digest(account, "run2")
    digest(account, "run2")
    digest(account, "run2")
    assert model.requests["asked"] == asked + 2
    assert account.batch("run2").cost_usd == stored(account, "run2").cost_usd > 0


def _die(*_: Any) -> None:
    raise KeyboardInterrupt


def test_a_comparison_that_an_outage_cuts_off_does_not_pay_for_the_digest_again(
    account: Account, model: FakeModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_run_after_another(account)
    asked = model.requests["asked"]
    with monkeypatch.context() as patch:
        patch.setattr("skimlist.digesting.openai_digester.OpenAIDigester.compare", _unreachable)
        with pytest.raises(ModelUnreachable):
            digest(account, "run2")
    paid = account.batch("run2").cost_usd
    digest(account, "run2")
    assert model.requests["asked"] == asked + 2
    assert account.batch("run2").cost_usd == paid + stored(account, "run2").cost_usd
    assert news_of(account, "run2").contradictions


def _unreachable(*_: Any) -> None:
    raise ModelUnreachable


def test_an_unusable_comparison_is_paid_and_leaves_the_digest(
    account: Account, model: FakeModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_run_after_another(account)
    digest_once = OpenAIDigester.compare

    def compare(digester: OpenAIDigester, request: Request) -> NewsDraft:
        model.fail(Failure.NOT_JSON)
        return digest_once(digester, request)

    monkeypatch.setattr(OpenAIDigester, "compare", compare)
    digest(account, "run2")
    made = stored(account, "run2")
    assert (made.news, bool(made.themes)) == (None, True)
    assert "were not compared" in made.notes[-1]
    assert made.tokens_in == model.requests["used"]["prompt_tokens"] - stored(account, "run1").tokens_in
    assert account.batch("run2").cost_usd == made.cost_usd


def test_a_budget_that_only_suffices_for_the_digest_itself_leaves_out_the_comparison(
    account: Account, model: FakeModelServer
) -> None:
    a_run(account, "run1", 1, 2, settings=OPENAI)
    digest(account, "run1")
    asked = model.requests["asked"]
    a_run(account, "run2", 3, 4, settings=OPENAI, max_cost_usd=_forecast(account, "run1"))
    digest(account, "run2")
    made = stored(account, "run2")
    assert made.news is None
    assert made.notes[-1] == (
        "The new videos were not compared with earlier ones: the budget of this run does not allow it."
    )
    assert model.requests["asked"] == asked + 1
    a_run(account, "run3", 5, settings=OPENAI, max_cost_usd=Decimal("0.0001"))
    with pytest.raises(DigestOverBudget):
        digest(account, "run3")


def _forecast(account: Account, batch_id: str) -> Decimal:
    """The likely cost of the digest of a first run, which is that of any run with videos of the same length."""
    batch = account.batch(batch_id)
    items = {item.id: item for item in account.queue.all_items(batch)}
    summaries = account.results.iterate(batch_id, list(items))
    outlines = [outline(items[item_id], summary) for item_id, summary in summaries]
    return likely_cost(outlines, batch.settings.options, offered_model("openai", Endpoint()))


# --- Deleted follows and batches ---


def test_nothing_is_kept_of_a_run_whose_follow_was_deleted(account: Account, ada: Client) -> None:
    a_run(account, "run1", 1, 2)
    digest(account, "run1")
    a_run(account, "run2", 3, 4)
    assert ada.delete(f"/follows/{FOLLOW}").status == httpx.codes.NO_CONTENT
    digest(account, "run2")
    assert stored(account, "run2").news is None  # it is digested like any other batch
    assert [record for record in account.table.scan()["Items"] if record["pk"].startswith("FOLLOW#")] == []


def digested_runs(account: Account) -> None:
    """Three runs, the last of which is compared with both others."""
    for number in (1, 2, 3):
        a_run(account, f"run{number}", 2 * number, 2 * number + 1)
        EarlierRuns(account.table).put("ada", FOLLOW, an_earlier_run(f"run{number}", an_earlier_video(1, "Bread.")))
        end(account, f"run{number}")
    made = a_digest(news=some_news("run1", "run2"))
    account.digests.put(account.batch("run3"), made, StoredDigest(), set(), NOW)
    account.digests.put(account.batch("run2"), a_digest(news=some_news("run1")), StoredDigest(), set(), NOW)


def test_a_deleted_run_is_no_longer_quoted_linked_or_compared(account: Account, ada: Client) -> None:
    digested_runs(account)
    before = account.batch("run3")
    assert ada.delete("/batch/run1").status == httpx.codes.NO_CONTENT
    assert earlier_batches(news_of(account, "run3")) == {"run2"}
    assert news_of(account, "run3").new
    assert [video.batch_id for video in news_of(account, "run3").earlier] == ["run2"]
    assert news_of(account, "run2").claims == news_of(account, "run2").new
    assert account.batch("run3").revision == before.revision + 1
    assert earlier_runs(account, "run3") == ["run2"]
    view = ada.get("/batch/run3/digest").json
    assert "run1" not in str(view)


@pytest.mark.parametrize("is_reopened", [False, True])
def test_a_digest_whose_rewrite_failed_forgets_a_deleted_run_too(
    account: Account, ada: Client, *, is_reopened: bool
) -> None:
    digested_runs(account)
    assert account.digests.fail(account.batch("run3"), DigestOverBudget().as_problem(), NOW)
    if is_reopened:
        account.reopen(account.batch("run3"))
        assert account.batch("run3").digest == DigestState(status=DigestStatus.READY, videos=2)
    assert ada.delete("/batch/run1").status == httpx.codes.NO_CONTENT
    assert earlier_batches(news_of(account, "run3")) == {"run2"}


def test_the_sweep_repeats_this_for_a_digest_that_was_made_meanwhile(account: Account) -> None:
    digested_runs(account)
    account.deletions.begin(account.batch("run1"), NOW)
    account.deletions.finish("ada", "run1", NOW)
    stored_now = account.digests.find("run3")
    late = a_digest(news=some_news("run1", "run2"))
    account.digests.put(account.batch("run3"), late, stored_now, set(), NOW)
    EarlierRuns(account.table).put("ada", FOLLOW, an_earlier_run("run1"))
    later = NOW + LAST_WRITES + timedelta(minutes=1)
    assert account.deletions.list_unfinished(later) == [("ada", "run1")]
    account.deletions.finish("ada", "run1", later)
    assert earlier_batches(news_of(account, "run3")) == {"run2"}
    assert earlier_runs(account, "run3") == ["run2"]


def test_of_two_runs_that_are_deleted_at_once_none_comes_back(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    digested_runs(account)
    for batch_id in ("run1", "run2"):
        account.deletions.begin(account.batch(batch_id), NOW)
    read_many = Digests.read_many

    def late(self: Digests, *arguments: Any) -> list[Any]:
        monkeypatch.setattr(Digests, "read_many", read_many)
        read = [*read_many(self, *arguments)]
        account.deletions.finish("ada", "run2", NOW)
        return read

    monkeypatch.setattr(Digests, "read_many", late)
    account.deletions.finish("ada", "run1", NOW)
    assert earlier_batches(news_of(account, "run3")) == {"run1"}
    account.deletions.finish("ada", "run1", NOW + LAST_WRITES + timedelta(minutes=1))
    assert earlier_batches(news_of(account, "run3")) == set()


def test_the_sweep_may_finish_the_deletion_of_a_run(account: Account) -> None:
    assert account.state_machine_arn
    assert account.user_pool_id
    digested_runs(account)
    account.deletions.begin(account.batch("run1"), NOW)
    account.invoke("resume_interrupted", {})
    assert earlier_batches(news_of(account, "run3")) == {"run2"}


def test_the_statements_of_runs_are_deleted_with_their_follow(account: Account) -> None:
    digested_runs(account)
    Follows(account.table).remove("ada", FOLLOW, NOW)
    assert earlier_runs(account, "run3") == []
    partition = records.followed_partition("ada", FOLLOW)
    assert all(record["pk"] != partition for record in account.table.scan()["Items"])
    account.deletions.begin(account.batch("run1"), NOW)
    account.deletions.finish("ada", "run1", NOW)
    assert earlier_batches(news_of(account, "run3")) == {"run2"}


# --- Shown ---


def test_the_api_and_the_archive_show_both_places(account: Account, ada: Client) -> None:
    digested_runs(account)
    view = ada.get("/batch/run3/digest").json
    (first, _) = view["news"]["contradictions"]
    assert first["earlier"] == [
        {
            "batch_id": "run1",
            "item_id": "00001",
            "video_id": "earlier0001",
            "title": "Earlier 1",
            "start_seconds": 7,
            "described": False,
            "url": "https://youtu.be/earlier0001?t=7",
        }
    ]
    assert first["evidence"][0]["url"] == "https://youtu.be/video000001?t=62"
    assert (view["news"]["runs"], view["news"]["by_words"]) == (2, False)
    account.invoke("build_export", {"user_id": "ada", "batch_id": "run3", "format": "zip"})
    (key,) = [
        found["Key"]
        for found in account.s3.list_objects_v2(Bucket=account.bucket)["Contents"]
        if found["Key"].endswith(".zip")
    ]
    archive = zipfile.ZipFile(io.BytesIO(account.s3.get_object(Bucket=account.bucket, Key=key)["Body"].read()))
    index = next(archive.read(name).decode() for name in archive.namelist() if name.endswith("index.md"))
    assert "before: [Earlier 1 at 0:07](https://youtu.be/earlier0001?t=7)" in index


def test_digests_of_earlier_releases_have_no_news(account: Account, ada: Client) -> None:
    a_run(account, "run1", 1, 2)
    account.digests.put(account.batch("run1"), a_digest(), StoredDigest(), set(), NOW)
    assert account.batch("run1").status is BatchStatus.PROCESSING
    assert ada.get("/batch/run1/digest").json["news"] is None
