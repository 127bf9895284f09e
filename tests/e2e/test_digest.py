"""The digest of a batch, from the request to the ZIP and the email."""

from __future__ import annotations

import io
import json
import zipfile

import httpx

from local.archive import problems
from local.model import Failure
from testkit.whole_stack import WITHOUT_CAPTIONS, WholeStack, await_mail, await_status, create_batch
from tests.e2e.test_batches import download

VIDEOS = ["Lighthouse1", "Steel_Box_1", "Sauerteig_1"]
WISH = {"options": {"digest": True}}


def test_a_batch_ends_with_a_digest_in_the_api_the_zip_and_the_email(stack: WholeStack, user: httpx.Client) -> None:
    batch = await_status(user, create_batch(user, *VIDEOS, WITHOUT_CAPTIONS, **WISH)["id"])
    assert (batch["status"], batch["digest"]) == ("completed", {"status": "ready", "error": None, "videos": 3})
    digest = user.get(f"batch/{batch['id']}/digest").raise_for_status().json()
    assert (digest["videos"], digest["model"]) == (3, "extractive")
    places = [place for theme in digest["themes"] for place in theme["evidence"]]
    assert {place["video_id"] for place in places} == set(VIDEOS)
    assert digest["watch_order"] == []  # the videos share no subject

    archive = zipfile.ZipFile(io.BytesIO(download(user, batch["id"])))
    assert problems(archive, [*VIDEOS, WITHOUT_CAPTIONS], {WITHOUT_CAPTIONS}, with_digest=True) == []
    mail = await_mail(stack, batch["id"])
    assert digest["overview"] in mail
    assert places[0]["title"] in mail


def test_a_digest_of_a_model_is_paid_once_with_the_batch(stack: WholeStack, user: httpx.Client) -> None:
    batch = await_status(user, create_batch(user, *VIDEOS[:2], model="openai", **WISH)["id"])
    digest = user.get(f"batch/{batch['id']}/digest").raise_for_status().json()
    videos = sum(item["cost_usd"] for item in batch["items"])
    assert digest["cost_usd"] > 0
    assert round(batch["cost"]["usd"] - videos, 6) == digest["cost_usd"]
    document = json.loads(download(user, batch["id"], "json"))
    expected = [{**theme, "check": {**theme["check"], "reason": None}} for theme in document["digest"]["themes"]]
    assert expected == digest["themes"]  # the reason is a sentence for the page


def test_a_digest_that_fails_harms_nothing_and_a_retry_makes_it(stack: WholeStack, user: httpx.Client) -> None:
    first = await_status(user, create_batch(user, *VIDEOS[:2], model="openai")["id"])
    stack.model.fail(Failure.QUOTA)
    # The summaries are found again, so that only the digest is asked for.
    batch = await_status(user, create_batch(user, *VIDEOS[:2], model="openai", **WISH)["id"])
    assert first["status"] == batch["status"] == "completed"
    assert [item["cached"] for item in batch["items"]] == [True, True]
    assert (batch["digest"]["status"], batch["digest"]["error"]["code"]) == ("failed", "model_quota_exceeded")
    assert user.get(f"batch/{batch['id']}/digest").status_code == httpx.codes.NOT_FOUND
    await_mail(stack, batch["id"], "There is no digest")

    stack.model.recover()
    assert user.post(f"batch/{batch['id']}/retry").status_code == httpx.codes.ACCEPTED
    again = await_status(user, batch["id"], until=lambda view: view["digest"]["status"] == "ready")
    assert again["status"] == "completed"
    assert user.get(f"batch/{batch['id']}/digest").raise_for_status().json()["videos"] == 2
