"""The history of a user across batches, the errors of earlier attempts, and deletion that leaves nothing behind."""

from __future__ import annotations

import base64
import json
import time
import uuid
from datetime import UTC, datetime
from typing import Any

import httpx

from local.youtube import Failure
from testkit.whole_stack import (
    WITHOUT_CAPTIONS,
    WholeStack,
    await_mail,
    await_status,
    await_workflow,
    create_batch,
)

VIDEOS = ["Lighthouse1", "Sauerteig_1", "Momiji_no_1"]


def run(user: httpx.Client, *urls: str, **options: Any) -> dict[str, Any]:
    return await_status(user, create_batch(user, *urls, **options)["id"])


def listed(user: httpx.Client, **query: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = user.get("summaries", params=query).raise_for_status().json()["summaries"]
    return found


def traces(stack: WholeStack, name: str) -> list[str]:
    """Returns every record and object that names a batch or a user by its id."""
    table, bucket = stack.local.description["table"], stack.local.description["bucket"]
    pages = stack.local.account.client("dynamodb").get_paginator("scan").paginate(TableName=table)
    records = [f"{key['pk']['S']} {key['sk']['S']}" for page in pages for key in page["Items"] if name in str(key)]
    listing = stack.local.account.client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket)
    objects = [found["Key"] for page in listing for found in page.get("Contents", []) if name in found["Key"]]
    return sorted(records + objects)


def test_the_history_lists_searches_and_shows_what_was_summarized_to_its_user_alone(
    user: httpx.Client, other_user: httpx.Client
) -> None:
    batch = run(user, *VIDEOS, WITHOUT_CAPTIONS)
    done = [item for item in batch["items"] if item["status"] == "completed"]
    entries = listed(user)
    assert [entry["id"] for entry in entries] == [item["summary_id"] for item in reversed(done)]
    for entry, item in zip(entries, reversed(done), strict=True):
        shown = user.get(f"summaries/{entry['id']}").raise_for_status().json()
        assert (shown["batch_id"], shown["item_id"]) == (batch["id"], item["id"])
        assert shown["title"] == entry["title"] == item["title"]
        assert shown["tldr"]
        assert shown["text"]
        assert shown["coverage"]["characters_used"] == shown["coverage"]["characters_total"]

    titles = {item["video_id"]: item["title"] for item in done}
    for video_id, title in titles.items():
        for query in ({"q": title.upper()}, {"q": title[: len(title) // 2]}, {"video_id": video_id}):
            assert video_id in [entry["video_id"] for entry in listed(user, **query)]
    assert listed(user, q=f"{titles[VIDEOS[0]]} zzz") == []
    today = datetime.now(UTC).date().isoformat()
    assert len(listed(user, **{"from": batch["created_at"][:10], "to": today})) == len(VIDEOS)
    assert listed(user, to="2020-01-01") == []

    seen, cursor = [], ""
    while cursor is not None:
        page = user.get("summaries", params={"limit": 2, **({"cursor": cursor} if cursor else {})}).json()
        seen += [entry["video_id"] for entry in page["summaries"]]
        cursor = page["next_cursor"]
    assert seen == list(reversed(VIDEOS))

    answer = other_user.get(f"summaries/{entries[0]['id']}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "summary_not_found")
    assert listed(other_user, video_id=VIDEOS[0]) == []


def test_a_video_remembers_how_its_attempts_failed(stack: WholeStack, user: httpx.Client) -> None:
    stack.youtube.fail(Failure.NOT_LIVE, VIDEOS[0])
    batch = run(user, VIDEOS[0])
    user.post(f"batch/{batch['id']}/retry").raise_for_status()
    (failed,) = await_status(user, batch["id"], until=lambda view: view["items"][0]["attempts"] == 2)["items"]
    assert failed["error"]["code"] == "video_not_live_yet"
    assert [past["code"] for past in failed["errors"]] == ["video_not_live_yet"] * 2
    stack.youtube.recover()
    user.post(f"batch/{batch['id']}/retry").raise_for_status()
    (done,) = await_status(user, batch["id"], until=lambda view: view["progress"]["completed"] == 1)["items"]
    assert (done["error"], done["errors"]) == (None, failed["errors"])


def test_a_deleted_batch_leaves_nothing_behind(stack: WholeStack, user: httpx.Client) -> None:
    batch = run(user, *VIDEOS, WITHOUT_CAPTIONS)
    user.get(f"batch/{batch['id']}/export", params={"format": "csv"}).raise_for_status()
    await_mail(stack, batch["id"])  # the workflow has ended, its archive is built
    assert len(traces(stack, batch["id"])) > len(VIDEOS)
    for _ in range(2):
        assert user.delete(f"batch/{batch['id']}").status_code == httpx.codes.NO_CONTENT
    assert user.get(f"batch/{batch['id']}").status_code == httpx.codes.NOT_FOUND
    assert user.get(f"summaries/{batch['items'][0]['summary_id']}").status_code == httpx.codes.NOT_FOUND
    assert listed(user) == user.get("batch").json()["batches"] == []
    (note,) = traces(stack, batch["id"])
    assert note.endswith(f" DELETED#{batch['id']}")


def test_a_batch_that_is_deleted_while_its_video_is_under_way_leaves_nothing_behind(
    stack: WholeStack, user: httpx.Client
) -> None:
    stack.youtube.hold()
    batch_id = create_batch(user, *VIDEOS)["id"]
    await_status(user, batch_id, {"processing"}, lambda batch: batch["progress"]["current_video"] is not None)
    assert user.delete(f"batch/{batch_id}/cancel").status_code == httpx.codes.ACCEPTED
    answer = user.delete(f"batch/{batch_id}")
    assert (answer.status_code, answer.json()) == (httpx.codes.ACCEPTED, {"id": batch_id, "deletion": "under_way"})
    assert user.get(f"batch/{batch_id}").status_code == httpx.codes.NOT_FOUND
    assert user.get("batch").json()["batches"] == []
    stack.youtube.go_on()
    await_workflow(stack, batch_id)
    assert listed(user) == []
    account = stack.local.account
    sweep = {"FunctionName": account.physical_id("ResumeInterruptedFunction"), "Payload": b"{}"}
    assert "FunctionError" not in account.client("lambda").invoke(**sweep)
    (note,) = traces(stack, batch_id)
    assert note.endswith(f" DELETED#{batch_id}")
    assert user.delete(f"batch/{batch_id}").status_code == httpx.codes.NO_CONTENT


def test_a_user_who_deletes_everything_leaves_only_short_lived_records(stack: WholeStack, user: httpx.Client) -> None:
    claims = user.headers["Authorization"].split(".")[1]
    user_id = json.loads(base64.urlsafe_b64decode(claims + "=="))["sub"]
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    request = {"urls": VIDEOS, "model": "openai", "options": {"language": "de"}}
    first = await_status(user, user.post("batch/create", json=request, headers=headers).json()["id"])
    draft = create_batch(user, VIDEOS[0], start=False, preflight=True)
    await_status(user, draft["id"], {"draft"}, lambda batch: batch["preflight"]["status"] == "ready")
    user.get(f"batch/{first['id']}/export").raise_for_status()
    await_mail(stack, first["id"])
    kinds = {trace.partition("#" if "#" in trace else "/")[0] for trace in traces(stack, user_id)}
    assert kinds == {"USER", "BATCH", "transcripts", "exports"}

    for batch in (first, draft):
        assert user.delete(f"batch/{batch['id']}").status_code == httpx.codes.NO_CONTENT
    left = [trace.removeprefix(f"USER#{user_id} ").partition("#")[0] for trace in traces(stack, user_id)]
    assert set(left) == {"DAY", "DELETED", "REQUEST", "SPENT"}  # of two days if one begins meanwhile
    assert left.count("DELETED") == 2
    records = stack.local.account.client("dynamodb").query(
        TableName=stack.local.description["table"],
        KeyConditionExpression="pk = :user",
        ExpressionAttributeValues={":user": {"S": f"USER#{user_id}"}},
    )["Items"]
    for record in records:  # what a day's models cost is part of the month's sum
        days = 33 if record["sk"]["S"].startswith("SPENT#") else 2
        assert int(record["expires_at"]["N"]) < time.time() + days * 86_400, record["sk"]


def test_a_reused_summary_outlives_the_deleted_batch_that_paid_for_it(stack: WholeStack, user: httpx.Client) -> None:
    options = {"model": "openai", "options": {"instructions": f"Be kind to {uuid.uuid4()}."}}
    first = run(user, VIDEOS[0], **options)
    second = run(user, VIDEOS[0], **options)
    assert (first["items"][0]["cached"], second["items"][0]["cached"]) == (False, True)
    assert user.delete(f"batch/{first['id']}").status_code == httpx.codes.NO_CONTENT
    assert [entry["id"] for entry in listed(user)] == [second["items"][0]["summary_id"]]
    assert user.get(f"summaries/{second['items'][0]['summary_id']}").is_success

    asked = stack.model.requests["asked"]
    third = run(user, VIDEOS[0], **options)
    assert third["items"][0]["cached"]
    assert stack.model.requests["asked"] == asked


def test_a_batch_is_cancelled_before_it_is_deleted(stack: WholeStack, user: httpx.Client) -> None:
    stack.youtube.fail(Failure.BLOCKED)
    batch = create_batch(user, *VIDEOS)
    await_status(user, batch["id"], {"paused"})
    refused = user.delete(f"batch/{batch['id']}")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "wrong_state")
    assert "cancel it first" in refused.json()["error"]["message"]
    user.delete(f"batch/{batch['id']}/cancel").raise_for_status()
    await_status(user, batch["id"])
    await_workflow(stack, batch["id"])  # then nothing has to wait
    assert user.delete(f"batch/{batch['id']}").status_code == httpx.codes.NO_CONTENT
    assert user.get("batch").json()["batches"] == []


def test_a_repeated_request_does_not_bring_a_deleted_batch_back(user: httpx.Client) -> None:
    request = {"urls": VIDEOS[:1], "model": "extractive"}
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    batch = await_status(user, user.post("batch/create", json=request, headers=headers).json()["id"])
    user.delete(f"batch/{batch['id']}").raise_for_status()
    again = user.post("batch/create", json=request, headers=headers)
    assert (again.status_code, again.json()["error"]["code"]) == (409, "batch_deleted")
