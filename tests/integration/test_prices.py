"""What the rest of a batch would cost with each model: one list, from the check of its draft or from what is done."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from skimlist.llm.catalogue import Usage, catalogue, offered_models
from skimlist.models.batch import BatchRun, Preflight
from skimlist.models.endpoint import Endpoint
from skimlist.models.settings import BatchSettings
from skimlist.models.video import Item
from skimlist.summarizing.estimate import estimate
from testkit.account import NOW, Account, video_id
from testkit.api_client import Client
from tests.fakes.summarizing import transcript

OPENAI = BatchSettings(model="openai")
MODELS = offered_models(Endpoint())


def captions_of(number: int) -> Any:
    words = [f"Sentence {place} of talk {number} speaks of bread, water and salt." for place in range(30 + number)]
    return transcript(words, video_id=video_id(number), title=f"Talk {number}")


def checked_draft(account: Account, ada: Client, videos: int) -> str:
    """A draft whose videos have all been checked."""
    request = {"urls": [video_id(number) for number in range(1, videos + 1)], "model": "openai"}
    draft = ada.post("/batch/create", {**request, "start": False, "preflight": True}).json["id"]
    for number in range(1, videos + 1):
        account.archive.put_transcript("ada", captions_of(number), None)
    event = {"user_id": "ada", "batch_id": draft, "run": 1}
    while (answer := account.invoke("load_next_videos", event))["action"] == "check":
        for video in answer["videos"]:
            for step in ("fetch_transcript", "estimate_video"):
                account.invoke(step, {**event, "video": video})
    return str(draft)


def prices(client: Client, batch_id: str) -> dict[str, Any]:
    answer = client.get(f"/batch/{batch_id}/prices")
    assert answer.status == 200
    shown: dict[str, Any] = answer.json
    return {**shown, "models": {each.pop("model"): each for each in shown["models"]}}


def test_a_draft_of_five_is_priced_for_all_models_and_a_video_that_is_left_out_no_more(
    account: Account, ada: Client
) -> None:
    draft = checked_draft(account, ada, 5)
    shown = prices(ada, draft)
    assert (shown["videos"], shown["basis"], set(shown["models"])) == (5, "checked", set(MODELS))
    likely = {
        alias: [estimate(captions_of(number), OPENAI, spec) for number in range(1, 6)] for alias, spec in MODELS.items()
    }
    for alias, price in shown["models"].items():
        assert price["cost_usd"] == pytest.approx(float(sum(each.cost_usd for each in likely[alias])))
        assert price["seconds"] == pytest.approx(sum(each.seconds for each in likely[alias]))
    # The chosen model has the price of the preflight.
    assert shown["models"]["openai"]["cost_usd"] == ada.get(f"/batch/{draft}").json["preflight"]["cost_usd"] > 0

    assert ada.delete(f"/batch/{draft}/items/00003").status == 202
    without = prices(ada, draft)
    assert without["videos"] == 4
    less = {alias: shown["models"][alias]["cost_usd"] - without["models"][alias]["cost_usd"] for alias in MODELS}
    assert less == pytest.approx({alias: float(each[2].cost_usd) for alias, each in likely.items()})
    assert ada.post(f"/batch/{draft}/items/00003/restore").status == 202
    assert prices(ada, draft) == shown


def test_the_rest_of_a_checked_batch_costs_its_share(account: Account, ada: Client) -> None:
    sums = {"cost_by_model": {"openai": Decimal(4), "gone": Decimal(1)}, "seconds_by_model": {"openai": Decimal(80)}}
    account.begin_batch(4, completed=3, preflight=Preflight(checked=4, **sums))
    shown = prices(ada, "b7f3")
    assert shown == {"videos": 1, "basis": "checked", "models": {"openai": {"cost_usd": 1.0, "seconds": 20.0}}}


def test_the_rest_of_any_other_batch_costs_what_its_videos_have_cost_so_far(account: Account, ada: Client) -> None:
    account.begin_batch(4, settings=OPENAI, completed=2, tokens_in=20_000, tokens_out=2_000)
    shown = prices(ada, "b7f3")
    assert (shown["videos"], shown["basis"], set(shown["models"])) == (2, "so_far", set(MODELS))
    prices_of = catalogue()["openai"].prices
    usd = 2 * (10_000 * prices_of.tokens_in + 1_000 * prices_of.tokens_out) / 1_000_000
    assert shown["models"]["openai"]["cost_usd"] == pytest.approx(float(usd))
    assert shown["models"]["extractive"]["cost_usd"] == 0
    assert shown["models"]["openai-large"]["cost_usd"] > shown["models"]["openai"]["cost_usd"]


def test_there_are_no_prices_before_anything_is_known(account: Account, ada: Client) -> None:
    batch = account.begin_batch(3)
    nothing: dict[str, Any] = {"videos": 3, "basis": None, "models": {}}
    assert prices(ada, "b7f3") == nothing
    account.batches.cancel(batch, NOW)
    assert prices(ada, "b7f3") == {**nothing, "videos": 0}


def test_a_completed_video_drops_its_prices_by_model_and_the_batch_keeps_its_own(account: Account, ada: Client) -> None:
    draft = checked_draft(account, ada, 2)
    assert ada.post(f"/batch/{draft}/start").status == 202
    batch = account.batches.begin(account.batch(draft), NOW)
    run = BatchRun("ada", draft, batch.execution.run)
    checked = account.videos.get(draft, "00001")
    assert account.videos.complete(run, Item(id="00001", video_id=video_id(1)), Decimal(0), NOW)
    done = account.videos.get(draft, "00001")
    assert checked and checked.forecast and done
    assert set(checked.forecast.cost_by_model) == set(MODELS)
    assert done.forecast == replace(checked.forecast, cost_by_model={}, seconds_by_model={})
    assert set(prices(ada, draft)["models"]) == set(MODELS)


def test_the_average_is_that_of_the_videos_that_a_model_summarized(account: Account, ada: Client) -> None:
    account.begin_batch(4, settings=BatchSettings(model="openai-large"))
    run = BatchRun("ada", "b7f3", 1)
    paid = Item(id="00001", video_id=video_id(1), tokens_in=10_000, tokens_out=1_000, cost_usd=Decimal("0.002"))
    account.videos.complete(run, paid, Decimal(0), NOW, model="openai")
    account.videos.complete(run, Item(id="00002", video_id=video_id(2), cached=True), Decimal(1), NOW, model="openai")
    account.videos.complete(run, Item(id="00003", video_id=video_id(3)), Decimal(0), NOW, model="extractive")
    shown = prices(ada, "b7f3")
    usage = Usage(tokens_in=10_000, tokens_out=1_000)
    assert (shown["videos"], shown["basis"]) == (1, "so_far")
    assert shown["models"]["openai"]["cost_usd"] == pytest.approx(float(MODELS["openai"].prices.cost(usage)))
