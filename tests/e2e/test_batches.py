"""What a user gets from a batch, from the request to the ZIP and the email."""

from __future__ import annotations

import hashlib
import io
import json
import uuid
import zipfile
from itertools import pairwise

import httpx

from local.archive import problems
from local.youtube import Failure
from testkit.whole_stack import WITHOUT_CAPTIONS, WholeStack, await_mail, await_status, create_batch, follow, resume

VIDEOS = ["Lighthouse1", "Sauerteig_1", "Polinesia_1", "Momiji_no_1", "Steel_Box_1"]


def download(user: httpx.Client, batch_id: str, export_format: str = "zip") -> bytes:
    export = user.get(f"batch/{batch_id}/export", params={"format": export_format}).raise_for_status().json()
    content = httpx.get(export["url"], trust_env=False).raise_for_status().content
    assert (len(content), hashlib.sha256(content).hexdigest()) == (export["size_bytes"], export["sha256"])
    return content


def test_a_batch_goes_all_the_way_from_the_request_to_the_zip_and_the_email(
    stack: WholeStack, user: httpx.Client
) -> None:
    links = [
        f"https://www.youtube.com/watch?v={VIDEOS[0]}&list=PL0123456789abcdef&t=10",
        f"youtu.be/{VIDEOS[1]}",
        f"  https://m.youtube.com/shorts/{VIDEOS[2]}?feature=share ",
        f"{VIDEOS[3]} https://www.youtube.com/embed/{VIDEOS[4]}",
        "https://example.com/watch?v=Lighthouse1",
        WITHOUT_CAPTIONS,
        VIDEOS[0],
    ]
    created = create_batch(user, *links, name="Everything / at once")
    assert created["validation"] | {"lines": []} == {
        "valid": 6, "duplicates": 1, "playlists": 0, "channels": 0, "channel_playlists": 0, "invalid": 1,
        "passed_over": 0, "passed_over_lines": [], "lines": [],
    }  # fmt: skip
    assert [line["reason"] for line in created["validation"]["lines"]] == [
        "example.com is not YouTube.",
        "This is already listed above; it is summarized once.",
    ]

    batch = await_status(user, created["id"])
    counts = {name: batch["progress"][name] for name in ("total", "completed", "failed", "skipped", "left", "percent")}
    assert counts == {"total": 6, "completed": 5, "failed": 1, "skipped": 0, "left": 0, "percent": 100}
    assert [item["position"] for item in batch["items"]] == [1, 2, 3, 4, 5, 6]
    failed = batch["items"][5]
    assert (failed["error"]["code"], failed["error"]["retryable"]) == ("captions_disabled", False)

    archive = zipfile.ZipFile(io.BytesIO(download(user, batch["id"])))
    assert problems(archive, [*VIDEOS, WITHOUT_CAPTIONS], {WITHOUT_CAPTIONS}) == []
    mail = await_mail(stack, batch["id"])
    assert "5 of 6" in mail
    assert "Captions are switched off" in mail
    assert f"/#/batch/{batch['id']}" in mail
    assert "X-Amz" not in mail


def test_videos_are_taken_one_at_a_time_in_the_order_of_the_queue(user: httpx.Client) -> None:
    order = [VIDEOS[3], VIDEOS[0], VIDEOS[4], VIDEOS[1]]
    batch = await_status(user, create_batch(user, *order)["id"])
    assert [item["video_id"] for item in batch["items"]] == order
    for earlier, later in pairwise(batch["items"]):
        assert earlier["completed_at"] <= later["started_at"]


def test_progress_shows_the_current_video_and_results_appear_as_they_are_done(
    stack: WholeStack, user: httpx.Client
) -> None:
    for video_id in VIDEOS[:3]:
        stack.youtube.hold(video_id)  # until it was seen
    batch = create_batch(user, *VIDEOS[:3])
    seen, stages = [], {}
    for view in follow(user, batch["id"]):
        seen.append(view)
        if current := view["progress"]["current_video"]:
            stages.setdefault(current["position"], current["stage"])
            stack.youtube.go_on(VIDEOS[current["position"] - 1])
    assert stages == dict.fromkeys((1, 2, 3), "fetching")
    assert [view["progress"]["completed"] for view in seen] == sorted(view["progress"]["completed"] for view in seen)
    assert any(view["status"] == "processing" and view["progress"]["completed"] for view in seen)
    assert any(view["estimated_completion"] for view in seen)


def test_a_failed_video_is_retried_without_touching_the_others(stack: WholeStack, user: httpx.Client) -> None:
    stack.youtube.fail(Failure.SERVER_ERROR, VIDEOS[1])
    batch = await_status(user, create_batch(user, *VIDEOS[:3], WITHOUT_CAPTIONS)["id"])
    assert [item["status"] for item in batch["items"]] == ["completed", "failed", "completed", "failed"]
    error = batch["items"][1]["error"]
    assert (error["code"], error["retryable"]) == ("youtube_unreachable", True)

    stack.youtube.recover()
    asked = stack.youtube.requests["player"]
    retried = user.post(f"batch/{batch['id']}/retry")
    assert retried.status_code == httpx.codes.ACCEPTED
    assert retried.json()["status"] == "processing"
    again = await_status(user, batch["id"])
    assert [item["status"] for item in again["items"]] == ["completed", "completed", "completed", "failed"]
    assert [item["attempts"] for item in again["items"]] == [1, 2, 1, 1]
    counts = again["progress"]
    assert (counts["completed"], counts["failed"], counts["left"]) == (3, 1, 0)
    untouched = [VIDEOS[0], VIDEOS[2], WITHOUT_CAPTIONS]
    assert {video: stack.youtube.requests["player"][video] for video in untouched} == {
        video: asked[video] for video in untouched
    }


def test_cancelling_lets_at_most_the_current_video_end_and_counts_the_rest_as_skipped(
    stack: WholeStack, user: httpx.Client
) -> None:
    stack.youtube.hold(VIDEOS[1])
    batch = create_batch(user, *VIDEOS)
    for view in follow(user, batch["id"]):
        if view["progress"]["completed"]:
            break
    cancelled = user.delete(f"batch/{batch['id']}/cancel")
    assert cancelled.status_code == httpx.codes.ACCEPTED
    done_then = cancelled.json()["progress"]["completed"]
    stack.youtube.go_on()

    settled = await_status(user, batch["id"], until=lambda view: view["progress"]["left"] == 0)
    counts = settled["progress"]
    assert settled["status"] == "cancelled"
    assert done_then <= counts["completed"] <= done_then + 1
    assert counts["completed"] + counts["skipped"] == counts["total"] == 5
    names = zipfile.ZipFile(io.BytesIO(download(user, batch["id"]))).namelist()
    assert sum(name.endswith(".md") for name in names) == counts["completed"] + 1
    assert user.delete(f"batch/{batch['id']}/cancel").status_code == httpx.codes.ACCEPTED


def test_a_paused_batch_waits_until_it_is_resumed(stack: WholeStack, user: httpx.Client) -> None:
    stack.youtube.hold()
    batch = create_batch(user, *VIDEOS[:3])
    await_status(user, batch["id"], {"processing"})
    paused = user.post(f"batch/{batch['id']}/pause").json()
    assert (paused["status"], paused["pause"]["code"]) == ("paused", "paused_by_user")
    refused = user.post(f"batch/{batch['id']}/retry")
    assert refused.status_code == httpx.codes.CONFLICT
    stack.youtube.go_on()
    assert user.post(f"batch/{batch['id']}/resume").status_code == httpx.codes.ACCEPTED
    assert await_status(user, batch["id"])["progress"]["completed"] == 3


def test_a_block_by_youtube_pauses_the_batch_and_fails_no_video(stack: WholeStack, user: httpx.Client) -> None:
    stack.youtube.fail(Failure.BLOCKED)
    batch = create_batch(user, *VIDEOS[:3])
    paused = await_status(user, batch["id"], {"paused"})
    assert paused["pause"]["code"] == "youtube_blocked"
    assert paused["pause"]["until"] > paused["pause"]["since"]
    assert {item["status"] for item in paused["items"]} == {"pending"}
    await_mail(stack, batch["id"], "is paused")

    stack.youtube.recover()
    resume(user, batch["id"])
    done = await_status(user, batch["id"])
    assert (done["progress"]["completed"], done["progress"]["failed"]) == (3, 0)


def test_the_same_request_with_the_same_key_makes_one_batch(user: httpx.Client) -> None:
    request = {"urls": VIDEOS[:1], "model": "extractive"}
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    first, second = (user.post("batch/create", json=request, headers=headers) for _ in range(2))
    assert first.status_code == second.status_code == httpx.codes.CREATED
    assert first.json()["id"] == second.json()["id"]
    assert len(user.get("batch").json()["batches"]) == 1
    other = user.post("batch/create", json={**request, "name": "Another"}, headers=headers)
    assert other.json()["error"]["code"] == "idempotency_key_reused"
    await_status(user, first.json()["id"])


def test_every_format_holds_every_summary(user: httpx.Client) -> None:
    batch = await_status(user, create_batch(user, *VIDEOS[:2])["id"])
    titles = [item["title"] for item in batch["items"]]
    document = json.loads(download(user, batch["id"], "json"))
    assert [item["summary"]["title"] for item in document["items"]] == titles
    for export_format in ("md", "csv"):
        text = download(user, batch["id"], export_format).decode()
        assert all(title in text for title in titles)


def test_a_poll_with_the_last_etag_is_answered_without_a_body(user: httpx.Client) -> None:
    batch = await_status(user, create_batch(user, VIDEOS[0])["id"])
    first = user.get(f"batch/{batch['id']}", params={"items": "false"})
    assert first.json()["items"] is None
    again = user.get(
        f"batch/{batch['id']}", params={"items": "false"}, headers={"If-None-Match": first.headers["ETag"]}
    )
    assert (again.status_code, again.content) == (httpx.codes.NOT_MODIFIED, b"")
