"""Captions that a user reads or uploads: in which formats, for whom, and how a batch uses them."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from threading import Barrier, Lock
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zipfile import ZipFile

import pytest
import time_machine

from skimlist.bucket import Bucket
from skimlist.errors import (
    CaptionsDisabled,
    ModelQuotaExceeded,
    NoCaptions,
    SkimlistError,
    VideoPrivate,
    YouTubeBlocked,
    YouTubeProxyFailed,
)
from skimlist.jobs.batches import Batches
from skimlist.jobs.outages import Outages
from skimlist.models.batch import Batch, BatchStatus
from skimlist.models.settings import BatchSettings, Fallback, SummaryOptions
from skimlist.models.transcript import Segment, Transcript
from skimlist.models.video import Redo, VideoStatus
from testkit.account import NOW, Account, FunctionsOf, video_id
from testkit.api_client import Answer, Client
from testkit.batches import a_summary
from testkit.functions import load_function
from tests.fakes.summarizing import transcript
from tests.fakes.youtube import FakeTranscripts

SENTENCES = [f"Sentence number {number} speaks of bread, water and salt." for number in range(20)]
SRT = "\n".join(
    f"{n + 1}\n00:00:{n:02},000 --> 00:00:{n + 1:02},000\n{sentence}\n" for n, sentence in enumerate(SENTENCES)
)
PATH = f"/videos/{video_id(1)}/transcript"
OF_ITEM = "/batch/b7f3/items/00001/transcript"
BY_LANGUAGE = pytest.mark.parametrize("language", [None, "pt"])


def give(user: Client, captions: str = SRT, **more: Any) -> Answer:
    return user.put(PATH, {"captions": captions, "language": "en", **more})


def step(account: Account, function: str, user: str = "ada", batch_id: str = "b7f3") -> None:
    order_version = account.batches.get(user, batch_id).queue.order_version
    video = {"item_id": "00001", "position": 1, "video_id": video_id(1), "order_version": order_version}
    account.invoke(function, {"user_id": user, "batch_id": batch_id, "run": 1, "video": video})


def keys(account: Account) -> set[str]:
    found = account.s3.list_objects_v2(Bucket=account.bucket).get("Contents", [])
    return {entry["Key"].removeprefix("transcripts/") for entry in found}


def videos_counted(account: Account) -> int:
    records = account.table.scan()["Items"]
    return sum(int(record["videos"]) for record in records if record["sk"].startswith("DAY#"))


# --- Reading ---


@BY_LANGUAGE
def test_the_captions_of_a_video_are_shown_with_their_times(
    account: Account, ada: Client, language: str | None
) -> None:
    options = SummaryOptions(language=language)
    account.begin_batch(1, settings=BatchSettings(model="extractive", options=options))
    account.archive.put_transcript("ada", transcript(["Bread.", "Salt."], video_id=video_id(1), title="A"), language)
    shown = ada.get(OF_ITEM)
    assert shown.status == 200
    assert shown.json == {
        "video_id": video_id(1),
        "title": "A",
        "channel": None,
        "language": "en",
        "language_code": "en",
        "caption_kind": "manual",
        "duration_seconds": 10.0,
        "has_times": True,
        "segments": [
            {"text": "Bread.", "start": 0.0, "duration": 5.0},
            {"text": "Salt.", "start": 5.0, "duration": 5.0},
        ],
    }


@pytest.mark.parametrize(
    ("file_format", "media_type", "beginning"),
    [
        ("txt", "text/plain", "Bread.\nSalt.\n"),
        ("vtt", "text/vtt", "WEBVTT\n\n00:00:00.000 --> 00:00:05.000\nBread.\n"),
        ("srt", "application/x-subrip", "1\n00:00:00,000 --> 00:00:05,000\nBread.\n"),
        ("md", "text/markdown", f"# {video_id(1)}\n\nfrom its manual captions (en)"),
    ],
)
def test_the_captions_of_a_video_are_given_as_a_file(
    account: Account, ada: Client, file_format: str, media_type: str, beginning: str
) -> None:
    account.begin_batch(1)
    account.archive.put_transcript("ada", transcript(["Bread.", "Salt."], video_id=video_id(1)), None)
    answer = ada.get(OF_ITEM, format=file_format)
    assert (answer.status, answer.headers["content-type"]) == (200, f"{media_type}; charset=utf-8")
    assert answer.text.startswith(beginning)


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("text/vtt", "text/vtt"),
        ("application/x-subrip, text/vtt;q=0.5", "application/x-subrip"),
        ("text/html, text/*;q=0.8, */*;q=0.1", "text/plain"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "application/json"),
        ("*/*", "application/json"),
        ("image/png", "application/json"),
    ],
)
def test_the_accept_header_chooses_the_format(account: Account, ada: Client, accept: str, media_type: str) -> None:
    account.begin_batch(1)
    account.archive.put_transcript("ada", transcript(["Bread."], video_id=video_id(1)), None)
    answer = ada.get(OF_ITEM, {"accept": accept})
    assert (answer.headers["content-type"].partition(";")[0], answer.headers["vary"]) == (media_type, "Accept")
    assert ada.get(OF_ITEM, {"accept": accept}, format="srt").text.startswith("1\n00:00")


def test_missing_captions_and_a_missing_video_have_different_errors(account: Account, ada: Client) -> None:
    account.begin_batch(1)
    assert ada.get(OF_ITEM).error["code"] == "transcript_not_found"
    assert ada.get(OF_ITEM.replace("00001", "00009")).error["code"] == "item_not_found"
    assert ada.get(OF_ITEM, format="pdf").status == 422


def test_an_archive_holds_transcripts_on_request_and_its_summaries_link_to_them(
    account: Account, ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = load_function("api").BatchService
    monkeypatch.setattr(sys.modules[service.__module__], "aws", FunctionsOf(account))
    account.begin_batch(2)
    give(ada, title="Bread")
    step(account, "fetch_transcript")
    step(account, "summarize_video")
    files = exported(account, ada, transcripts=True)
    page, transcript_page = files["001-Bread.md"], files["transcripts/001-Bread.md"]
    assert "[Transcript](transcripts/001-Bread.md)" in page
    anchors = re.findall(r"\[¶\]\(transcripts/001-Bread\.md#(\^t\d+)\)", page)
    assert anchors
    assert all(f" {anchor}\n" in transcript_page for anchor in anchors)
    described = json.loads(files["metadata.json"])["items"]
    assert described[0]["transcript"]["name"] == "transcripts/001-Bread.md"
    assert "transcript" not in described[1]

    # Neither captions that are replaced nor deleted ones stay in an archive.
    give(ada, "Other words.", title="Bread")
    replaced = exported(account, ada, transcripts=True)["transcripts/001-Bread.md"]
    assert ("Other words." in replaced, SENTENCES[0] in replaced) == (True, False)
    ada.delete(PATH)
    assert "transcripts/001-Bread.md" not in exported(account, ada, transcripts=True)

    plain = exported(account, ada)
    assert not any(name.startswith("transcripts/") for name in plain)
    assert "transcripts/" not in "".join(plain.values())
    refused = ada.get("/batch/b7f3/export", format="json", transcripts=True)
    assert (refused.status, refused.error["details"][0]["field"]) == (422, "transcripts")


def test_the_transcripts_of_an_archive_are_read_at_the_same_time(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.begin_batch(40)
    reading, most, find = 0, 0, Bucket.find_any_transcript
    lock, eight = Lock(), Barrier(8)

    def find_together(*arguments: Any) -> Transcript | None:
        nonlocal reading, most
        with lock:
            reading += 1
            most = max(most, reading)
        eight.wait(timeout=60)  # without eight at once, this ends in an error
        with lock:
            reading -= 1
        return find(*arguments)

    for number in range(1, 41):
        account.archive.put_transcript("ada", transcript([f"Talk {number}."], video_id=video_id(number)), None)
        account.results.put("ada", "b7f3", f"{number:05}", a_summary(number), NOW)
    account.mark(VideoStatus.COMPLETED, *range(1, 41))
    monkeypatch.setattr(Bucket, "find_any_transcript", find_together)
    built = account.invoke("build_export", {"user_id": "ada", "batch_id": "b7f3", "format": "zip", "transcripts": True})
    content = account.s3.get_object(Bucket=account.bucket, Key=built["key"])["Body"].read()
    with ZipFile(BytesIO(content)) as archive:
        pages = sorted(name for name in archive.namelist() if "/transcripts/" in name)
        assert [f"Talk {number}." in archive.read(page).decode() for number, page in enumerate(pages, start=1)] == [
            True
        ] * 40
    assert most == 8


def exported(account: Account, user: Client, **options: Any) -> dict[str, str]:
    """Returns the files of the archive by their names below its folder."""
    key = urlsplit(user.get("/batch/b7f3/export", **options).json["url"]).path.partition("exports/")[2]
    content = account.s3.get_object(Bucket=account.bucket, Key=f"exports/{key}")["Body"].read()
    with ZipFile(BytesIO(content)) as archive:
        return {name.partition("/")[2]: archive.read(name).decode() for name in archive.namelist()}


# --- Wanted ---


def wanted(user: Client) -> list[tuple[str, str]]:
    return [(video["item_id"], video["code"]) for video in user.get("/transcripts/wanted").json["videos"]]


def test_videos_wait_for_captions_until_they_are_given(account: Account, ada: Client, eve: Client) -> None:
    account.begin_batch(4)
    account.fail(1, error=CaptionsDisabled())
    account.fail(2, error=VideoPrivate())
    assert wanted(ada) == [("00001", "captions_disabled")]
    account.batches.pause_for(account.batch(), YouTubeBlocked(), NOW)
    assert wanted(ada) == [("00001", "captions_disabled"), ("00003", "youtube_blocked"), ("00004", "youtube_blocked")]
    give(ada)
    listed = ada.get("/transcripts/wanted").json["videos"]
    assert [(each["item_id"], each["has_captions"]) for each in listed] == [
        ("00001", True),
        ("00003", False),
        ("00004", False),
    ]
    ada.post("/batch/b7f3/retry", {"item_ids": ["00001"]})
    assert wanted(ada) == [("00003", "youtube_blocked"), ("00004", "youtube_blocked")]
    assert wanted(eve) == []
    for number in (3, 4):
        ada.put(f"/videos/{video_id(number)}/transcript", {"captions": SRT, "language": "en"})
    # Nothing is left to fetch, but whoever asks learns that the batch can be resumed.
    assert [each["has_captions"] for each in ada.get("/transcripts/wanted").json["videos"]] == [True] * 3
    assert ada.post("/batch/b7f3/resume", {"only_if_waiting_for_youtube": True}).status == 202
    assert wanted(ada) == []


def test_a_failed_video_that_was_left_out_wants_no_captions(account: Account, ada: Client) -> None:
    account.begin_batch(3)
    account.fail(1, 2, error=CaptionsDisabled())
    assert ada.delete("/batch/b7f3/items/00001").status == 202
    assert wanted(ada) == [("00002", "captions_disabled")]
    account.batches.pause_for(account.batch(), YouTubeBlocked(), NOW)
    assert wanted(ada) == [("00002", "captions_disabled"), ("00003", "youtube_blocked")]
    ada.post("/batch/b7f3/items/00001/restore")
    assert [item_id for item_id, _ in wanted(ada)] == ["00001", "00002", "00003"]


def test_items_are_read_up_to_a_limit(account: Account, ada: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    service = sys.modules[load_function("api").transcript_routes.TranscriptService.__module__]
    account.begin_batch(1)
    account.fail(1, error=CaptionsDisabled())
    assert wanted(ada) == [("00001", "captions_disabled")]
    monkeypatch.setattr(service, "_MAX_ITEMS_READ", 0)
    assert wanted(ada) == []


def test_no_captions_are_wanted_of_a_batch_that_continues_or_was_paused_by_its_user(
    account: Account, ada: Client
) -> None:
    account.begin_batch(2)
    assert wanted(ada) == []
    account.batches.pause(account.batch(), NOW)
    assert wanted(ada) == []


@pytest.mark.parametrize(
    ("stored_for", "asked", "is_wanted"),
    [(None, "de", True), ("de", None, True), ("de", "de", False), (None, None, False)],
)
def test_captions_in_another_language_are_still_wanted(
    account: Account, ada: Client, stored_for: str | None, asked: str | None, is_wanted: bool
) -> None:
    account.archive.put_transcript("ada", transcript(["Bread."], video_id=video_id(1)), stored_for)
    account.begin_batch(1, settings=BatchSettings(model="extractive", options=SummaryOptions(language=asked)))
    account.batches.pause_for(account.batch(), YouTubeBlocked(), NOW)
    (listed,) = ada.get("/transcripts/wanted").json["videos"]
    assert listed["has_captions"] is not is_wanted


@pytest.mark.parametrize("status", ["cancelled", "completed"])
def test_no_captions_are_wanted_of_a_batch_that_has_ended(account: Account, ada: Client, status: str) -> None:
    account.begin_batch(2)
    account.fail(1, error=CaptionsDisabled())
    account.complete(2)
    assert wanted(ada) == [("00001", "captions_disabled")]
    end = account.batches.cancel if status == "cancelled" else account.batches.complete
    assert end(account.batch(), NOW).status == status
    assert wanted(ada) == []
    # A client that read the list before that changes nothing.
    ended = account.batch()
    assert ada.post("/batch/b7f3/retry", {"item_ids": ["00001"], "only_if_open": True}).status == 202
    assert account.batch() == ended


def test_an_ended_batch_is_listed_for_whoever_asks_for_it(account: Account, ada: Client) -> None:
    account.begin_batch(2)
    account.fail(1, error=CaptionsDisabled())
    account.complete(2)
    account.batches.complete(account.batch(), NOW)
    listed = ada.get("/transcripts/wanted", ended="true").json["videos"]
    assert [(each["item_id"], each["code"], each["duration_seconds"]) for each in listed] == [
        ("00001", "captions_disabled", None)
    ]
    # Captions given for it reopen it.
    assert give(ada, batch_id="b7f3").status == 200
    assert account.statuses() == ["pending", "completed"]
    assert account.batch().status is BatchStatus.PROCESSING


# --- Giving ---


@BY_LANGUAGE
def test_a_video_is_summarized_from_given_captions(
    account: Account, ada: Client, youtube: FakeTranscripts, language: str | None
) -> None:
    account.archive.put_transcript("ada", transcript(["Old."], video_id=video_id(1)), language)
    given = give(ada, title="A talk")
    assert (given.status, given.json["captions"], given.json["language"]) == (200, 20, "English")
    assert keys(account) == {f"ada/{video_id(1)}/given.json.gz"}

    account.begin_batch(1, settings=BatchSettings(model="extractive", options=SummaryOptions(language=language)))
    step(account, "fetch_transcript")
    step(account, "summarize_video")
    summary = account.results.get("ada", "b7f3", "00001")
    assert (summary.caption_kind, summary.title) == ("given", "A talk")
    assert youtube.asked == []
    shown = ada.get(OF_ITEM).json
    assert (shown["caption_kind"], len(shown["segments"])) == ("given", 20)


@BY_LANGUAGE
def test_captions_given_while_youtube_answers_are_used(
    account: Account, youtube: FakeTranscripts, monkeypatch: pytest.MonkeyPatch, language: str | None
) -> None:
    account.begin_batch(1, settings=BatchSettings(model="extractive", options=SummaryOptions(language=language)))
    answer = youtube.fetch_transcript

    def answer_late(*asked: Any) -> Transcript:
        given = replace(transcript(SENTENCES, video_id=video_id(1)), is_given=True)
        account.archive.put_transcript("ada", given, "given")
        return answer(*asked)

    monkeypatch.setattr(youtube, "fetch_transcript", answer_late)
    step(account, "fetch_transcript")
    assert youtube.asked
    step(account, "summarize_video")
    assert account.results.get("ada", "b7f3", "00001").caption_kind == "given"


def test_captions_given_while_youtube_blocks_are_used(
    account: Account, youtube: FakeTranscripts, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.begin_batch(1)

    def refuse_late(*_: Any) -> Transcript:
        account.archive.put_transcript(
            "ada", replace(transcript(SENTENCES, video_id=video_id(1)), is_given=True), "given"
        )
        raise YouTubeBlocked

    monkeypatch.setattr(youtube, "fetch_transcript", refuse_late)
    step(account, "fetch_transcript")
    assert f"ada/{video_id(1)}/own.json.gz" in keys(account)


@pytest.mark.usefixtures("youtube")
def test_captions_given_after_the_fetch_are_used(account: Account, ada: Client) -> None:
    account.begin_batch(1)
    step(account, "fetch_transcript")
    give(ada)
    step(account, "summarize_video")
    assert account.results.get("ada", "b7f3", "00001").caption_kind == "given"


ABOUT = {
    "channel": "A\u202e bakery\n",
    "duration_seconds": 600,
    "published_at": "2024-05-17T12:00:00+02:00",
    "description": "All about bread.\n\n0:00 Flour\n1:30 Water\n4:00 Salt\nhttps://example.com/bread",
}


@pytest.mark.parametrize(
    ("chapters", "starts"),
    [
        ([], {"Flour": 0, "Water": 90, "Salt": 240}),
        ([{"title": "Intro\x1b", "start": 0}, {"title": "The end", "start": 5.5}], {"Intro": 0, "The end": 5.5}),
        ([{"title": "Intro", "start": 9}, {"title": "The end", "start": 5}], {"Flour": 0, "Water": 90, "Salt": 240}),
    ],
)
def test_details_of_a_video_come_with_its_uploaded_captions(
    account: Account, ada: Client, chapters: list[dict[str, Any]], starts: dict[str, float]
) -> None:
    given = give(ada, title="A talk", **ABOUT, chapters=chapters)
    assert (given.status, given.json["channel"], given.json["duration_seconds"]) == (200, "A bakery", 600)
    account.begin_batch(1)
    step(account, "fetch_transcript")
    step(account, "summarize_video")
    (item,) = ada.get("/batch/b7f3").json["items"]
    assert (item["channel"], item["published_at"]) == ("A bakery", "2024-05-17T10:00:00Z")
    summary = ada.get(f"/summaries/{item['summary_id']}").json
    assert summary["links"] == ["https://example.com/bread"]
    assert {chapter["title"]: chapter["start_seconds"] for chapter in summary["chapters"]} == starts


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("channel", "a" * 201),
        ("description", "a" * 5_001),
        ("duration_seconds", -1),
        ("published_at", "2024-05-17T12:00:00"),
        ("published_at", "0001-01-01T00:00:00+14:00"),
        ("published_at", "soon"),
        ("chapters", [{"title": "a", "start": -1}]),
        ("chapters", [{"title": "a", "start": 1}] * 201),
    ],
)
def test_uploaded_details_of_a_video_have_limits(account: Account, ada: Client, field: str, value: Any) -> None:
    refused = give(ada, **{field: value})
    assert (refused.status, refused.error["details"][0]["field"].partition(".")[0]) == (422, field)
    assert keys(account) == set()


def test_nobody_else_gets_given_captions(account: Account, ada: Client, eve: Client, youtube: FakeTranscripts) -> None:
    give(ada)
    batch = eve.post("/batch/create", {"urls": [video_id(1)]}).json["id"]
    account.batches.begin(account.batches.get("eve", batch), NOW)
    step(account, "fetch_transcript", "eve", batch)
    step(account, "summarize_video", "eve", batch)
    assert youtube.asked == [(video_id(1), None)]
    assert account.results.get("eve", batch, "00001").caption_kind == "manual"
    assert eve.get(f"/batch/{batch}/items/00001/transcript").json["caption_kind"] == "manual"
    assert eve.delete(PATH).status == 204
    assert keys(account) == {f"ada/{video_id(1)}/given.json.gz"}


def test_given_captions_are_deleted_with_the_last_batch_that_needs_them_or_alone(account: Account, ada: Client) -> None:
    account.create_batch(1, status=BatchStatus.DRAFT, has_no_execution=True)
    give(ada)
    assert ada.delete("/batch/b7f3").status == 204
    assert keys(account) == set()
    give(ada)
    assert [ada.delete(PATH).status for _ in range(2)] == [204, 204]
    assert keys(account) == set()


def test_text_without_times_makes_a_summary_without_them(account: Account, ada: Client) -> None:
    given = give(ada, "\n".join(SENTENCES))
    assert not given.json["has_times"]
    account.begin_batch(1)
    step(account, "fetch_transcript")
    step(account, "summarize_video")
    summary = account.results.get("ada", "b7f3", "00001")
    assert summary.key_points
    assert {point.start_seconds for point in summary.key_points} == {None}
    assert (summary.chapters, summary.coverage.tenths) == ((), None)


@pytest.mark.parametrize(
    ("captions", "said"),
    [
        ("1\n00:00:01,000 --> soon\nBread\n", "The times on line 2 cannot be read"),
        ("1\n00:00:01,000 --> 00:00:02,000\n[Music]\n", "These captions contain no words"),
    ],
)
def test_captions_that_cannot_be_read_are_refused_and_count_too(
    account: Account, ada: Client, captions: str, said: str
) -> None:
    account.parameters["VideosPerDayPerUser"] = "1"
    refused = give(ada, captions)
    assert (refused.status, refused.error["code"]) == (422, "captions_unreadable")
    assert refused.error["message"].startswith(said)
    assert (keys(account), videos_counted(account)) == (set(), 1)
    assert give(ada, captions).status == 429


LARGE = "".join(
    f"{n + 1}\n{n // 3600:02}:{n // 60 % 60:02}:{n % 60:02},000 --> {n // 3600:02}:{n // 60 % 60:02}:{n % 60:02},900\n"
    f"Sentence number {n} speaks of bread.\n\n"
    for n in range(20_000)
).encode("utf-16")


def upload(account: Account, user: Client, content: bytes) -> str:
    """The key to which the link leads, at which the file is stored."""
    answer = user.post(f"{PATH}/upload", {"size_bytes": len(content)})
    assert answer.status == 200
    link = urlsplit(answer.json["url"])
    assert "content-length" in parse_qs(link.query)["X-Amz-SignedHeaders"][0]
    key = "uploads" + link.path.partition("uploads")[2]
    account.s3.put_object(Bucket=account.bucket, Key=key, Body=content)
    return key


def test_a_file_too_large_for_a_request_is_uploaded(account: Account, ada: Client, eve: Client) -> None:
    account.parameters["VideosPerDayPerUser"] = "100"
    assert len(LARGE) > 2_000_000
    key = upload(account, ada, LARGE)
    given = ada.put(PATH, {"language": "en", "title": "A talk"})
    assert (given.status, given.json["captions"]) == (200, 20_000)
    assert ada.put(PATH, {"language": "en"}).status == 200, "An answer that was lost is asked for again."
    assert videos_counted(account) == 3
    assert eve.put(PATH, {"language": "en"}).error["code"] == "upload_not_found"
    ada.delete(PATH)
    assert keys(account) == set(), key
    assert ada.put(PATH, {"language": "en"}).error["code"] == "upload_not_found"


def test_a_link_is_for_a_file_of_up_to_ten_megabytes(account: Account, ada: Client) -> None:
    for size in (0, 10_000_001):
        assert ada.post(f"{PATH}/upload", {"size_bytes": size}).status == 422
    account.parameters["VideosPerDayPerUser"] = "1"
    assert [ada.post(f"{PATH}/upload", {"size_bytes": 9}).status for _ in range(2)] == [200, 429]
    account.parameters["VideosPerDayPerUser"] = "2"
    account.s3.put_object(Bucket=account.bucket, Key=f"uploads/ada/{video_id(1)}.captions", Body=b"x" * 10_000_001)
    assert "10,000,000 bytes" in ada.put(PATH, {"language": "en"}).error["message"]


def test_a_transcribed_file_says_so(account: Account, ada: Client) -> None:
    assert give(ada, is_transcribed=True).json["caption_kind"] == "transcribed"
    account.begin_batch(1)
    step(account, "fetch_transcript")
    step(account, "summarize_video")
    assert account.results.get("ada", "b7f3", "00001").caption_kind == "transcribed"
    (item,) = ada.get("/batch/b7f3").json["items"]
    assert item["caption_kind"] == "transcribed"


# --- By description ---


def test_a_description_serves_only_a_batch_that_allows_it(
    account: Account, ada: Client, youtube: FakeTranscripts
) -> None:
    described = replace(transcript(["All about bread."], seconds=0, video_id=video_id(1)), is_description=True)
    account.archive.put_transcript("ada", described, None)
    assert keys(account) == {f"ada/{video_id(1)}/description.json.gz"}
    account.begin_batch(1)
    step(account, "fetch_transcript")
    assert youtube.asked == [(video_id(1), None)]
    assert keys(account) == {f"ada/{video_id(1)}/{name}.json.gz" for name in ("description", "own")}


def test_a_video_without_captions_is_summarized_from_its_description(
    account: Account, ada: Client, youtube: FakeTranscripts, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = load_function("api").BatchService
    monkeypatch.setattr(sys.modules[service.__module__], "aws", FunctionsOf(account))
    youtube.described = replace(
        transcript(["A talk.", "All about bread and salt."], seconds=0, video_id=video_id(1), title="A talk"),
        is_description=True,
        description="All about bread and salt. https://example.com/bread",
        published_at=NOW,
    )
    options = SummaryOptions(fallback=Fallback.DESCRIPTION)
    account.begin_batch(2, settings=BatchSettings(model="extractive", options=options))
    step(account, "fetch_transcript")
    step(account, "summarize_video")
    batch = ada.get("/batch/b7f3").json
    assert (batch["progress"]["completed"], batch["described"]) == (1, 1)
    item = batch["items"][0]
    assert (item["caption_kind"], item["published_at"]) == ("description", "2026-03-01T12:00:00Z")
    summary = ada.get(f"/summaries/{item['summary_id']}").json
    assert (summary["caption_kind"], summary["coverage"]["characters_total"]) == ("description", 0)
    assert summary["links"] == ["https://example.com/bread"]
    assert ada.get(OF_ITEM).json["caption_kind"] == "description"
    page = exported(account, ada, transcripts=True)["001-A talk.md"]
    assert "[Description](transcripts/001-A%20talk.md)" in page
    # Captions that are given later replace it, and the video no longer counts as described.
    give(ada)
    assert keys(account) == {f"ada/{video_id(1)}/given.json.gz"}


@pytest.mark.parametrize(
    ("fallback", "description", "is_used"),
    [
        (Fallback.DESCRIPTION, "All about bread and salt, and how long both need.", True),
        (Fallback.DESCRIPTION, "", False),
        (None, "All about bread and salt, and how long both need.", False),
    ],
)
def test_a_blocked_batch_does_not_wait_for_a_video_that_has_no_captions(
    account: Account,
    ada: Client,
    youtube: FakeTranscripts,
    fallback: Fallback | None,
    description: str,
    *,
    is_used: bool,
) -> None:
    youtube.error = YouTubeBlocked()
    options = SummaryOptions(fallback=fallback)
    account.begin_batch(1, settings=BatchSettings(model="extractive", options=options))
    load(account)
    account.batches.pause_for(account.batch(), YouTubeBlocked(), datetime.now(UTC))
    known = {"title": "A talk", "description": description, "batch_id": "b7f3"}
    told = ada.put(PATH, {"has_no_captions": True, **known})
    assert (told.status, told.json["caption_kind"]) == (200, "description")
    assert account.batch().status is BatchStatus.PROCESSING
    if is_used:
        step(account, "fetch_transcript")
        step(account, "summarize_video")
        assert account.results.get("ada", "b7f3", "00001").caption_kind == "description"
    else:
        with pytest.raises(NoCaptions):
            step(account, "fetch_transcript")


def test_a_video_that_has_no_captions_blocks_no_other_attempt_or_batch_of_its_user_for_some_days(
    account: Account, ada: Client, youtube: FakeTranscripts
) -> None:
    youtube.error = YouTubeBlocked()
    ada.put(PATH, {"has_no_captions": True})
    for batch_id in ("b7f3", "b7f4"):
        account.batches.begin(account.create_batch(1, id=batch_id), NOW)
    for batch_id in ("b7f3", "b7f3", "b7f4"):  # Lambda may run a function twice, and its first answer may be lost
        with pytest.raises(NoCaptions):
            step(account, "fetch_transcript", batch_id=batch_id)
    # Captions may be added to a video later.
    with time_machine.travel(datetime.now(UTC) + timedelta(days=8), tick=False), pytest.raises(YouTubeBlocked):
        step(account, "fetch_transcript", batch_id="b7f4")


def test_youtube_is_believed_before_the_user_about_missing_captions(
    account: Account, ada: Client, youtube: FakeTranscripts
) -> None:
    assert ada.put(PATH, {"has_no_captions": True}).json["language_code"] == "und"
    account.begin_batch(1)
    step(account, "fetch_transcript")
    assert youtube.asked
    assert f"ada/{video_id(1)}/own.json.gz" in keys(account)


def test_a_batch_continues_after_a_pause_if_its_next_video_has_no_captions(account: Account, ada: Client) -> None:
    account.begin_batch(1)
    load(account)
    ada.put(PATH, {"has_no_captions": True})
    account.batches.pause_for(account.batch(), YouTubeBlocked(), datetime.now(UTC))
    assert load(account)["action"] == "process"
    give(ada)
    assert keys(account) == {f"ada/{video_id(1)}/given.json.gz"}


@pytest.mark.parametrize("request_", [{"captions": SRT}, {"captions": SRT, "language": "en", "has_no_captions": True}])
def test_captions_need_a_language_and_missing_ones_no_file(ada: Client, request_: dict[str, Any]) -> None:
    assert ada.put(PATH, request_).status == 422


def test_a_user_gives_no_more_than_the_videos_of_a_day(account: Account, ada: Client) -> None:
    account.parameters["VideosPerDayPerUser"] = "2"
    assert [give(ada).status for _ in range(3)] == [200, 200, 429]
    assert videos_counted(account) == 2


@pytest.mark.parametrize("video", ["short", "video00000/1", "video000001x"])
def test_only_a_video_can_be_given_captions(ada: Client, video: str) -> None:
    answer = ada.put(f"/videos/{video}/transcript", {"captions": SRT, "language": "en"})
    assert answer.status in {404, 422}


# --- The batch continues ---


def test_a_failed_video_is_queued_again(account: Account, ada: Client) -> None:
    account.begin_batch(2)
    account.fail(1, error=CaptionsDisabled())
    account.parameters["VideosPerDayPerUser"] = "1"  # the upload counts, and the retry not once more
    assert give(ada, batch_id="b7f3").status == 200
    assert account.statuses() == ["pending", "pending"]
    assert videos_counted(account) == 1


def test_a_batch_that_waits_for_youtube_is_resumed(account: Account, ada: Client) -> None:
    account.batches.pause_for(account.begin_batch(1), YouTubeBlocked(), NOW)
    assert give(ada, batch_id="b7f3").status == 200
    assert account.batch().status is BatchStatus.PROCESSING


def test_a_batch_that_its_user_paused_stays_paused(account: Account, ada: Client) -> None:
    account.batches.pause(account.begin_batch(1), NOW)
    assert give(ada, batch_id="b7f3").status == 200
    assert account.batch().status is BatchStatus.PAUSED


def test_a_batch_that_its_user_paused_meanwhile_stays_paused(
    account: Account, ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.batches.pause_for(account.begin_batch(1), YouTubeBlocked(), NOW)
    resume = Batches.resume

    def resume_late(self: Batches, batch: Batch, *args: Any, **options: Any) -> Batch:
        if account.batch().waits_for_youtube:
            account.batches.pause(account.batch(), NOW)
        return resume(self, batch, *args, **options)

    monkeypatch.setattr(Batches, "resume", resume_late)
    assert give(ada, batch_id="b7f3").status == 200
    pause = account.batch().pause
    assert pause
    assert pause.code == "paused_by_user"


def test_captions_are_taken_of_a_batch_that_was_resumed_meanwhile(
    account: Account, ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.batches.pause_for(account.begin_batch(1), YouTubeBlocked(), NOW)
    give_transcript = Bucket.give_transcript

    def give_while_resumed(*arguments: Any) -> None:
        give_transcript(*arguments)
        account.batches.resume(account.batch(), NOW)

    monkeypatch.setattr(Bucket, "give_transcript", give_while_resumed)
    assert give(ada, batch_id="b7f3").status == 200
    assert account.batch().status is BatchStatus.PROCESSING


@pytest.mark.parametrize("is_parked", [False, True])
def test_captions_given_just_before_a_pause_resume_the_batch_at_once(
    account: Account, ada: Client, *, is_parked: bool
) -> None:
    account.begin_batch(1)
    assert load(account)["action"] == "process"
    give(ada, batch_id="b7f3")  # nothing to resume yet
    assert account.batch().status is BatchStatus.PROCESSING
    account.batches.pause_for(account.batch(), YouTubeBlocked(), datetime.now(UTC))
    if is_parked:
        account.batches.park(account.batch(), NOW)
    decision = load(account)
    assert (decision["action"], len(decision["videos"])) == ("process", 1)
    assert account.batch().pause is None


def test_a_batch_waits_for_youtube_without_captions_of_its_next_video(account: Account, ada: Client) -> None:
    account.begin_batch(2)
    load(account)
    account.batches.pause_for(account.batch(), YouTubeBlocked(), datetime.now(UTC))
    ada.put(f"/videos/{video_id(2)}/transcript", {"captions": SRT, "language": "en"})
    assert load(account)["action"] == "wait"
    give(ada)  # now the next video has captions too
    assert load(account)["action"] == "process"


def test_a_batch_that_has_to_read_a_playlist_waits_for_youtube(account: Account, ada: Client) -> None:
    account.begin_batch(1)
    give(ada)
    playlist = "https://www.youtube.com/playlist?list=PLxxxxxxxxxxxxxxx1"
    assert ada.post("/batch/b7f3/items", {"urls": [playlist]}).status == 202
    account.batches.pause_for(account.batch(), YouTubeBlocked(), datetime.now(UTC))
    assert load(account)["action"] == "wait"


def test_captions_in_the_language_of_a_redo_are_looked_for(account: Account) -> None:
    account.begin_batch(1)
    account.complete(1)
    item = account.videos.get("b7f3", "00001")
    assert item
    settings = BatchSettings(model="extractive", options=SummaryOptions(language="pt"))
    redo = Redo(id="r1", settings=settings, tokens_in=0, tokens_out=0, cost_usd=Decimal(0))
    redone = account.queue.plan_redo(account.batch(), item, redo)
    account.queue.apply(account.batch(), redone, NOW)
    account.archive.put_transcript("ada", transcript(["Bread."], video_id=video_id(1)), None)
    account.batches.pause_for(account.batch(), YouTubeBlocked(), datetime.now(UTC))
    assert load(account)["action"] == "wait"
    account.archive.put_transcript("ada", transcript(["Bread."], video_id=video_id(1)), "pt")
    assert load(account)["action"] == "process"


@pytest.mark.parametrize(("error", "goes_on"), [(YouTubeProxyFailed(), True), (ModelQuotaExceeded(), False)])
def test_an_outage_of_youtube_does_not_concern_a_batch_whose_captions_were_given(
    account: Account, ada: Client, error: SkimlistError, *, goes_on: bool
) -> None:
    other = replace(account.create_batch(1, id="b7f4"), settings=account.begin_batch(2).settings)
    paused = account.batches.pause_for(other, error, datetime.now(UTC))
    Outages(account.table).report(other, error, paused.pause, "another")
    give(ada)
    assert load(account)["action"] == ("process" if goes_on else "wait")


def load(account: Account) -> Any:
    return account.invoke("load_next_videos", {"user_id": "ada", "batch_id": "b7f3", "run": 1})


def test_captions_for_a_batch_of_somebody_else_are_not_taken(account: Account, eve: Client) -> None:
    account.begin_batch(1)
    refused = give(eve, batch_id="b7f3")
    assert (refused.status, refused.error["code"]) == (404, "not_found")
    assert keys(account) == set()


def test_a_transcript_of_an_earlier_version_is_read_without_its_new_fields() -> None:
    stored = transcript(["Bread."]).to_json().replace(',"is_given":false', "")
    assert "is_given" not in stored
    assert Transcript.from_json(stored).segments == (Segment("Bread.", 0.0, 5.0),)
