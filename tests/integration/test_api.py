"""Every route of the API, invoked as the HTTP API invokes it."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import sys
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from jsonschema import Draft202012Validator

from skimlist.errors import CaptionsDisabled, StorageUnavailable, WorkflowStuck, YouTubeBlocked, YouTubeUnreachable
from skimlist.jobs.records import item_id, item_record
from skimlist.jobs.table_repository import TableRepository
from skimlist.llm.catalogue import offered_models
from skimlist.models.batch import BatchRun, BatchStatus, CurrentVideo
from skimlist.models.endpoint import Endpoint
from skimlist.models.video import Item, Stage
from testkit.account import NOW, Account, FunctionsOf, video_id
from testkit.api_client import Answer, Client, api_event
from testkit.functions import load_function, openapi_document

CURRENT = CurrentVideo(
    item_id="00002", position=2, stage=Stage.SUMMARIZING, started_at=NOW, run=1, title="A talk", percent=50
)


@pytest.fixture
def functions(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs functions that the API invokes in this process."""
    service = load_function("api").BatchService
    monkeypatch.setattr(sys.modules[service.__module__], "aws", FunctionsOf(account))


def urls(videos: int) -> list[str]:
    return [f"https://youtu.be/{video_id(number)}" for number in range(1, videos + 1)]


def create(client: Client, videos: int = 3, **fields: Any) -> dict[str, Any]:
    answer = client.post("/batch/create", {"urls": urls(videos), **fields})
    assert answer.status == 201, answer.text
    created: dict[str, Any] = answer.json
    return created


# --- POST /batch/validate ---


@pytest.mark.parametrize("field", ["text", "urls"])
def test_pasted_links_are_counted_by_kind(ada: Client, field: str) -> None:
    lines = [
        f"https://youtu.be/{video_id(1)}",
        f"{video_id(1)} # again",
        "",
        "https://www.youtube.com/playlist?list=PLrAXtmErZgOeiKm4sgNOknGvNjby9efdf",
        "https://vimeo.com/1",
        "id,title,upload_date,webpage_url",
        "https://www.youtube.com/@Handle/videos",
        "https://www.youtube.com/@Handle/playlists",
    ]
    answer = ada.post("/batch/validate", {field: "\n".join(lines) if field == "text" else lines})
    assert answer.status == 200
    counts = {name: count for name, count in answer.json.items() if name != "lines"}
    expected = {"valid": 1, "duplicates": 1, "playlists": 1, "channels": 1, "channel_playlists": 1, "invalid": 1}
    assert counts == {**expected, "passed_over": 1, "passed_over_lines": [6]}
    assert [(line["line"], line["status"]) for line in answer.json["lines"]] == [
        *[(1, "valid"), (2, "duplicate"), (4, "playlist"), (5, "invalid")],
        *[(7, "channel"), (8, "channel_playlists")],
    ]
    assert (answer.json["lines"][4]["channel"], answer.json["lines"][4]["reason"]) == ("@handle/videos", None)
    assert answer.json["lines"][0]["url"] == f"https://www.youtube.com/watch?v={video_id(1)}"
    assert answer.json["lines"][3]["reason"] == "vimeo.com is not YouTube."


@pytest.mark.parametrize("body", [{}, {"text": "x", "urls": ["x"]}, {"text": 1}, {"lines": "x"}])
def test_links_to_validate_come_as_text_or_as_a_list(ada: Client, body: Any) -> None:
    answer = ada.post("/batch/validate", body)
    assert (answer.status, answer.error["code"]) == (422, "invalid_request")


# --- POST /batch/create ---


def test_a_batch_says_before_it_starts_that_its_model_does_not_translate(ada: Client) -> None:
    german = {"start": False, "options": {"language": "de"}}
    (said,) = create(ada, **german)["remarks"]
    assert said.startswith("The extractive model does not translate: a video whose captions are not in German gets")
    assert create(ada, **german, model="openai")["remarks"] == []
    assert create(ada, start=False)["remarks"] == []


def test_a_new_batch_is_started_and_shown(account: Account, ada: Client) -> None:
    options = {"include_timestamps": False, "focus_areas": ["bread"], "language": "de", "instructions": "Be kind."}
    options |= {"digest": True, "verify": "flag"}
    options |= {"caption_language": "own", "translate_captions": True, "fallback": "description"}
    shown = create(ada, name="  Talks ", summary_length="brief", model="extractive", options=options)
    assert (shown["name"], shown["status"]) == ("Talks", "pending")
    assert shown["settings"] == {"model": "extractive", "summary_length": "brief", "options": options}
    assert shown["progress"] == {
        **{"total": 3, "completed": 0, "failed": 0, "skipped": 0, "left": 3, "percent": 0},
        "current_video": None,
    }
    assert shown["links"] == {"self": f"/api/batch/{shown['id']}", "export": f"/api/batch/{shown['id']}/export"}
    counts = {"valid": 3, "duplicates": 0, "playlists": 0, "channels": 0, "channel_playlists": 0}
    counts |= {"invalid": 0, "lines": []}
    assert shown["validation"] == {**counts, "passed_over": 0, "passed_over_lines": []}
    assert account.executions() == [shown["id"]]
    assert account.batch(shown["id"]).settings.options.focus_areas == ("bread",)


def test_a_batch_without_a_name_is_named_by_its_date(ada: Client) -> None:
    assert create(ada)["name"].startswith(f"Batch of {datetime.now(UTC):%Y-}")


def test_a_batch_is_renamed_also_after_its_end(account: Account, ada: Client) -> None:
    account.create_batch(status=BatchStatus.COMPLETED)
    etag = ada.get("/batch/b7f3").headers["etag"]
    renamed = ada.patch("/batch/b7f3", {"name": " Bread "})
    assert (renamed.status, renamed.json["name"]) == (202, "Bread")
    shown = ada.get("/batch/b7f3")
    assert (shown.json["name"], shown.headers["etag"] == etag) == ("Bread", False)
    assert ada.patch("/batch/b7f3", {"name": " "}).status == 422
    assert ada.patch("/batch/b7f4", {"name": "Bread"}).status == 404


def test_lines_without_a_video_are_reported_and_left_out(ada: Client) -> None:
    lines = [*urls(2), "https://vimeo.com/1", f"https://youtu.be/{video_id(1)}", "", "# later", "youtube.com/premium"]
    answer = ada.post("/batch/create", {"urls": lines})
    assert answer.status == 201
    assert answer.json["progress"]["total"] == 2
    validation = answer.json["validation"]
    assert (validation["valid"], validation["duplicates"], validation["invalid"]) == (2, 1, 2)
    assert [(line["line"], line["status"]) for line in validation["lines"]] == [
        *[(3, "invalid"), (4, "duplicate"), (7, "invalid")]
    ]
    assert validation["lines"][0]["reason"] == "vimeo.com is not YouTube."


def test_a_batch_without_a_single_video_is_refused_with_a_reason_for_each_line(account: Account, ada: Client) -> None:
    answer = ada.post("/batch/create", {"urls": ["https://vimeo.com/1", "words alone"]})
    assert answer.status == 422
    assert answer.error["code"] == "invalid_request"
    assert answer.error["details"] == [
        {"field": "urls.0", "message": "vimeo.com is not YouTube.", "input": "https://vimeo.com/1"},
        {"field": "urls.1", "message": "This line does not contain a link to a YouTube video.", "input": "words alone"},
    ]
    assert account.executions() == []


def test_five_thousand_urls_fit_into_one_request(account: Account, ada: Client) -> None:
    shown = create(ada, 5_000)
    assert shown["progress"]["total"] == 5_000
    assert len(account.queue.order(shown["id"]).numbers) == 5_000


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "urls"),
        ({"urls": []}, "urls"),
        ({"urls": "https://youtu.be/x"}, "urls"),
        ({"urls": [1]}, "urls.0"),
        ({"urls": ["x" * 2_001]}, "urls.0"),
        ({"urls": [""] * 5_001}, "urls"),
        ({"urls": urls(1), "model": "nonsense"}, "model"),
        ({"urls": urls(1), "summary_length": "epic"}, "summary_length"),
        ({"urls": urls(1), "name": " "}, "name"),
        ({"urls": urls(1), "name": "n" * 201}, "name"),
        ({"urls": urls(1), "nmae": "typo"}, "nmae"),
        ({"urls": urls(1), "options": {"language": "german!"}}, "options.language"),
        ({"urls": urls(1), "options": {"focus_areas": ["x"] * 11}}, "options.focus_areas"),
        ({"urls": urls(1), "options": {"instructions": "i" * 2_001}}, "options.instructions"),
        ({"urls": urls(1), "options": {"tone": "kind"}}, "options.tone"),
    ],
)
def test_every_wrong_field_is_named(account: Account, ada: Client, body: Any, field: str) -> None:
    answer = ada.post("/batch/create", body)
    assert answer.status == 422
    assert answer.error["code"] == "invalid_request"
    assert [detail["field"] for detail in answer.error["details"]] == [field]
    assert all(detail["message"] for detail in answer.error["details"])


def test_an_unknown_model_is_answered_with_those_that_there_are(ada: Client) -> None:
    answer = ada.post("/batch/create", {"urls": urls(1), "model": "nonsense"})
    assert all(alias in answer.error["details"][0]["message"] for alias in offered_models(Endpoint()))


@pytest.mark.parametrize("text", ["{", "urls=1", "{'urls': []}", "\x00"])
def test_a_body_that_is_not_json_is_malformed(ada: Client, text: str) -> None:
    answer = ada.send("POST", "/batch/create", text=text)
    assert answer.status == 400
    assert answer.error["code"] == "malformed_json"


@pytest.mark.parametrize("text", ["[]", "null", "1", '"text"', ""])
def test_a_body_that_is_json_of_another_kind_is_refused(ada: Client, text: str) -> None:
    answer = ada.send("POST", "/batch/create", text=text)
    assert answer.status in {400, 422}
    assert answer.error["code"]


def test_a_request_without_a_body_is_refused(ada: Client) -> None:
    answer = ada.post("/batch/create")
    assert answer.status in {400, 422}
    assert answer.error["code"]


def test_a_body_that_came_encoded_is_read(ada: Client) -> None:
    body = json.dumps({"urls": urls(1), "name": "Grüße"}, ensure_ascii=False)
    answer = ada.send("POST", "/batch/create", text=body, encoded=True)
    assert (answer.status, answer.json["name"]) == (201, "Grüße")


KEY = {"idempotency-key": "a key of mine"}


def test_the_same_request_with_the_same_key_gives_the_same_batch(account: Account, ada: Client) -> None:
    first = ada.post("/batch/create", {"urls": urls(2)}, KEY)
    again = ada.post("/batch/create", {"urls": urls(2)}, KEY)
    assert (first.status, again.status) == (201, 201)
    assert first.json["id"] == again.json["id"]
    assert account.executions() == [first.json["id"]]
    assert len(ada.get("/batch").json["batches"]) == 1


def test_a_key_that_comes_again_shows_the_batch_as_it_is_and_changes_nothing(account: Account, ada: Client) -> None:
    batch_id = ada.post("/batch/create", {"urls": urls(1)}, KEY).json["id"]
    batch = account.batches.begin(account.batches.get("ada", batch_id), NOW)
    items = account.queue.all_items(batch)
    account.videos.complete(BatchRun("ada", batch_id, 1), items[0], batch.cost_usd, NOW)
    again = ada.post("/batch/create", {"urls": urls(1)}, KEY)
    assert (again.status, again.json["status"], again.json["progress"]["completed"]) == (201, "processing", 1)
    assert ada.get(f"/batch/{batch_id}").json["items"][0]["status"] == "completed"


def test_the_same_key_with_another_request_is_refused(ada: Client) -> None:
    ada.post("/batch/create", {"urls": urls(2)}, KEY)
    answer = ada.post("/batch/create", {"urls": urls(3)}, KEY)
    assert (answer.status, answer.error["code"]) == (422, "idempotency_key_reused")


def test_keys_of_two_users_do_not_meet(ada: Client, eve: Client) -> None:
    first = ada.post("/batch/create", {"urls": urls(1)}, KEY)
    second = eve.post("/batch/create", {"urls": urls(2)}, KEY)
    assert (first.status, second.status) == (201, 201)
    assert first.json["id"] != second.json["id"]


def test_an_overlong_key_is_refused(ada: Client) -> None:
    answer = ada.post("/batch/create", {"urls": urls(1)}, {"idempotency-key": "k" * 256})
    assert answer.status == 422


# --- GET /batch and /batch/{id} ---


def test_batches_are_listed_newest_first_over_pages(ada: Client, eve: Client, account: Account) -> None:
    for batch_id in ("b1", "b2", "b3"):
        account.create_batch(1, id=batch_id)
    first = ada.get("/batch", limit=2).json
    assert [batch["id"] for batch in first["batches"]] == ["b3", "b2"]
    second = ada.get("/batch", limit=2, cursor=first["next_cursor"]).json
    assert ([batch["id"] for batch in second["batches"]], second["next_cursor"]) == (["b1"], None)
    assert eve.get("/batch").json == {"batches": [], "next_cursor": None}


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 101}, {"limit": "x"}, {"cursor": "9" * 5_000}])
@pytest.mark.parametrize("path", ["/batch", "/batch/b7f3"])
def test_a_wrong_limit_or_cursor_is_refused(account: Account, ada: Client, path: str, query: dict[str, Any]) -> None:
    account.create_batch()
    answer = ada.get(path, **query)
    assert (answer.status, answer.error["code"]) == (422, "invalid_request")
    assert next(iter(query)) in answer.error["details"][0]["field"]


def test_a_batch_is_shown_with_its_items(account: Account, ada: Client) -> None:
    account.begin_batch(3)
    account.complete(1)
    account.videos.claim("ada", "b7f3", CURRENT, 0, NOW)
    account.fail(3)
    account.videos.claim("ada", "b7f3", CURRENT, 0, NOW)
    shown = ada.get("/batch/b7f3").json
    assert shown["progress"] == {
        **{"total": 3, "completed": 1, "failed": 1, "skipped": 0, "left": 1, "percent": 83},
        "current_video": {
            **{"item_id": "00002", "position": 2, "title": "A talk", "stage": "summarizing", "percent": 50}
        },
    }
    done, current, failed = shown["items"]
    assert (done["status"], done["summary_id"], done["error"]) == ("completed", "b7f3-00001", None)
    assert (current["status"], current["stage"], current["title"]) == ("processing", "summarizing", "A talk")
    assert (failed["status"], failed["summary_id"]) == ("failed", None)
    assert failed["error"] == {
        "code": "captions_disabled",
        "message": CaptionsDisabled.message,
        "advice": CaptionsDisabled.advice,
        "retryable": False,
    }
    assert set(done) == {
        *("id", "position", "video_id", "url", "title", "channel", "duration_seconds", "status", "stage", "attempts"),
        *("started_at", "completed_at", "processing_time_seconds", "tokens_in", "tokens_out", "cost_usd", "cached"),
        *(
            "caption_kind",
            "channel_id",
            "published_at",
            "published_at_is_approximate",
            "tldr",
            "tags",
            "unverified",
            "summary_id",
            "error",
            "errors",
            "preflight",
            "redo",
            "redo_error",
        ),
    }
    assert set(shown) >= {
        *("id", "name", "status", "progress", "items", "created_at", "started_at", "completed_at"),
        *("estimated_completion", "cost", "tokens", "links"),
    }


def test_a_status_poll_leaves_the_items_out(account: Account, ada: Client) -> None:
    account.create_batch()
    shown = ada.get("/batch/b7f3", items="false").json
    assert (shown["items"], shown["next_cursor"]) == (None, None)


@pytest.mark.parametrize("videos", [1, 300])
def test_a_status_poll_reads_one_record_however_long_the_batch(account: Account, ada: Client, videos: int) -> None:
    account.create_batch(videos)
    ada.get("/batch/b7f3", items="false")
    assert account.calls == ["dynamodb:GetItem"]


def test_items_come_in_pages(account: Account, ada: Client) -> None:
    account.create_batch(5)
    positions, cursor = [], {}
    for _ in range(3):
        shown = ada.get("/batch/b7f3", limit=2, **cursor).json
        positions.append([item["position"] for item in shown["items"]])
        cursor = {"cursor": shown["next_cursor"]}
    assert positions == [[1, 2], [3, 4], [5]]
    assert cursor == {"cursor": None}


@pytest.mark.parametrize("path", ["/batch", "/batch/b7f3", "/summaries"])
def test_an_empty_cursor_asks_for_the_first_page(account: Account, ada: Client, path: str) -> None:
    account.create_batch(1)
    first, asked = ada.get(path), ada.get(path, cursor="")
    assert (asked.status, asked.json) == (200, first.json)


@pytest.mark.parametrize("cursor", ["x", "-1", "1.5", "²"])
def test_a_cursor_that_is_not_ours_is_refused(account: Account, ada: Client, cursor: str) -> None:
    account.create_batch()
    answer = ada.get("/batch/b7f3", cursor=cursor)
    assert (answer.status, answer.error["details"][0]["field"]) == (422, "cursor")


def test_an_unchanged_batch_is_not_sent_again(account: Account, ada: Client) -> None:
    batch = account.create_batch()
    first = ada.get("/batch/b7f3")
    etag = {"if-none-match": first.headers["etag"]}
    again = ada.get("/batch/b7f3", headers=etag)
    assert (again.status, again.text, again.headers["etag"]) == (304, "", first.headers["etag"])
    assert ada.get("/batch/b7f3", headers=etag, items="false").status == 200
    assert ada.get("/batch/b7f3", headers=etag, limit=1).status == 200
    account.batches.begin(batch, batch.updated_at)  # as a retry that writes twice in its one moment
    assert ada.get("/batch/b7f3", headers=etag).status == 200


def test_why_a_batch_waits_or_failed_is_shown(account: Account, ada: Client) -> None:
    account.batches.pause_for(account.begin_batch(1), YouTubeBlocked(), NOW)
    pause = ada.get("/batch/b7f3").json["pause"]
    assert (pause["code"], pause["advice"]) == ("youtube_blocked", YouTubeBlocked.advice)
    assert pause["until"]
    account.batches.fail(account.batch(), WorkflowStuck(), NOW)
    assert ada.get("/batch/b7f3").json["error"]["code"] == "workflow_stuck"


# --- Someone else's ---


ROUTES_OF_A_BATCH = [
    ("GET", ""),
    ("DELETE", ""),
    ("PATCH", ""),
    ("POST", "/start"),
    ("POST", "/preflight"),
    ("PUT", "/order"),
    ("POST", "/items"),
    ("POST", "/skip"),
    ("POST", "/restore"),
    ("DELETE", "/items/00001"),
    ("POST", "/items/00001/restore"),
    ("POST", "/items/00001/redo"),
    ("GET", "/items/00001/transcript"),
    ("POST", "/pause"),
    ("POST", "/resume"),
    ("POST", "/retry"),
    ("POST", "/refresh"),
    ("DELETE", "/cancel"),
    ("GET", "/digest"),
    ("GET", "/prices"),
    ("GET", "/export"),
    ("GET", "/search"),
    ("GET", "/summaries"),
    ("GET", "/reading"),
    ("PATCH", "/reading"),
]
BODIES = {
    "": {"name": "Bread"},
    "/items": {"urls": urls(1)},
    "/order": {"item_ids": ["00001"]},
    "/skip": {"item_ids": ["00001"]},
    "/restore": {"item_ids": ["00001"]},
    "/reading": {"item_ids": ["00001"], "read": True},
}
QUERIES = {"/summaries": {"items": "00001"}, "/search": {"q": "salt"}}


@pytest.mark.parametrize(("method", "path"), ROUTES_OF_A_BATCH)
@pytest.mark.parametrize("batch_id", ["b7f3", "unknown"])
def test_a_batch_of_someone_else_does_not_exist_on_any_route(
    account: Account, eve: Client, method: str, path: str, batch_id: str
) -> None:
    before = account.begin_batch(1)
    body = json.dumps(BODIES[path]) if path in BODIES else None
    answer = eve.send(method, f"/batch/{batch_id}{path}", text=body, query=QUERIES.get(path, {}))
    assert (answer.status, answer.error["code"]) == (404, "not_found")
    assert account.batch() == before


@pytest.mark.parametrize(("method", "path"), ROUTES_OF_A_BATCH)
def test_an_id_that_is_longer_than_any_of_ours_is_refused(ada: Client, method: str, path: str) -> None:
    body = json.dumps(BODIES[path]) if path in BODIES else None
    answer = ada.send(method, f"/batch/{'b' * 3_000}{path}", text=body, query=QUERIES.get(path, {}))
    assert (answer.status, answer.error["code"]) == (422, "invalid_request")


def test_every_route_of_a_batch_is_in_the_test_above() -> None:
    paths = openapi_document()["paths"]
    documented = {
        (method.upper(), path.partition("{batch_id}")[2].replace("{item_id}", "00001"))
        for path, methods in paths.items()
        for method in methods
        if "{batch_id}" in path
    }
    assert documented == set(ROUTES_OF_A_BATCH)


# --- On the wire ---


def test_a_page_of_videos_is_small_on_the_wire(account: Account, ada: Client) -> None:
    """The page polls this document, which has a title and the beginning of a summary for each video."""
    account.create_batch(100)
    with account.table.batch_writer() as writer:
        for number in range(1, 101):
            name = hashlib.sha256(str(number).encode()).hexdigest()
            item = Item(id=item_id(number), video_id=video_id(number), title=f"Talk {name[:20]}", channel="A speaker")
            writer.put_item(Item={**item_record("b7f3", item), "tldr": f"It speaks of {name} and of bread."})
    plain = account.invoke("api", batch_request({}))
    packed = account.invoke("api", batch_request({"accept-encoding": "gzip, br"}))
    assert packed["headers"]["Content-Encoding"] == "gzip"
    content = base64.b64decode(packed["body"])
    assert json.loads(gzip.decompress(content)) == json.loads(plain["body"])
    assert len(content) < 8_000


def batch_request(headers: dict[str, str]) -> dict[str, Any]:
    claims = {"sub": "ada", "token_use": "id"}
    return api_event(claims, "GET", "/batch/b7f3", query={"limit": 100}, headers=headers)


# --- Commands ---


def test_a_batch_is_paused_and_resumed(account: Account, ada: Client) -> None:
    account.begin_batch(1)
    paused = ada.post("/batch/b7f3/pause")
    assert (paused.status, paused.json["status"], paused.json["pause"]["until"]) == (202, "paused", None)
    assert ada.post("/batch/b7f3/pause").status == 202
    resumed = ada.post("/batch/b7f3/resume")
    assert (resumed.status, resumed.json["status"], resumed.json["pause"]) == (202, "processing", None)
    assert account.executions() == []


def test_a_parked_batch_that_is_resumed_gets_a_new_execution(account: Account, ada: Client) -> None:
    account.batches.park(account.batches.pause(account.begin_batch(1), NOW), NOW)
    assert ada.post("/batch/b7f3/resume").status == 202
    assert account.executions() == ["b7f3-2"]


@pytest.mark.parametrize("command", ["start", "resume", "retry"])
def test_a_command_whose_answer_was_lost_is_carried_out_all_the_same(
    account: Account, ada: Client, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    match command:
        case "start":
            account.create_batch(2, status=BatchStatus.DRAFT, has_no_execution=True)
        case "resume":
            account.batches.park(account.batches.pause(account.begin_batch(2), NOW), NOW)
        case "retry":
            account.begin_batch(2)
            account.fail(1, 2, error=YouTubeUnreachable())
            account.batches.complete(account.batch(), NOW)
    once = TableRepository.update

    def twice(*arguments: Any) -> Any:
        once(*arguments)
        return once(*arguments)

    monkeypatch.setattr(TableRepository, "update", twice)
    assert ada.post(f"/batch/b7f3/{command}").status == 202
    assert account.executions() == ["b7f3-2"]


def test_a_pause_of_a_blocked_batch_waits_for_the_user(account: Account, ada: Client) -> None:
    account.batches.pause_for(account.begin_batch(1), YouTubeBlocked(), NOW)
    answer = ada.post("/batch/b7f3/pause")
    assert answer.status == 202
    assert answer.json["pause"]["until"] is None


def test_a_cancelled_batch_leaves_the_rest_out(account: Account, ada: Client) -> None:
    account.begin_batch(3)
    account.complete(1)
    answer = ada.delete("/batch/b7f3/cancel")
    assert (answer.status, answer.json["status"], answer.json["progress"]["skipped"]) == (202, "cancelled", 2)
    again = ada.delete("/batch/b7f3/cancel")
    assert (again.status, again.json["status"]) == (202, "cancelled")
    assert [item["status"] for item in ada.get("/batch/b7f3").json["items"]] == ["completed", "skipped", "skipped"]


def test_a_parked_batch_that_is_cancelled_counts_what_was_left_out_at_once(account: Account, ada: Client) -> None:
    account.batches.park(account.batches.pause(account.begin_batch(2), NOW), NOW)
    ada.delete("/batch/b7f3/cancel")
    assert account.batch().skipped == 2


@pytest.mark.parametrize(
    ("status", "command", "possible"),
    [
        (BatchStatus.COMPLETED, "POST /pause", "export it, or retry"),
        (BatchStatus.COMPLETED, "POST /resume", "export it, or retry"),
        (BatchStatus.COMPLETED, "DELETE /cancel", "export it, or retry"),
        (BatchStatus.CANCELLED, "POST /pause", "export it, or retry"),
        (BatchStatus.FAILED, "DELETE /cancel", "retry"),
        (BatchStatus.PROCESSING, "POST /resume", "pause or cancel it"),
        (BatchStatus.PENDING, "POST /resume", "pause or cancel it"),
    ],
)
def test_a_command_in_the_wrong_state_says_which_it_is_and_what_is_possible(
    account: Account, ada: Client, status: BatchStatus, command: str, possible: str
) -> None:
    before = account.create_batch(1, status=status)
    method, path = command.split()
    answer = ada.send(method, f"/batch/b7f3{path}")
    assert (answer.status, answer.error["code"]) == (409, "wrong_state")
    assert answer.error["message"].startswith(f"The batch is {status} ")
    assert possible in answer.error["message"]
    assert account.batch() == before


# --- Retry ---


def ended(account: Account) -> None:
    """A batch with a completed video, one that a retry can help, and one that it cannot."""
    account.begin_batch(3)
    account.complete(1)
    account.fail(2, error=YouTubeUnreachable())
    account.fail(3, error=CaptionsDisabled())
    account.batches.complete(account.batch(), NOW)


@pytest.mark.parametrize(
    ("body", "statuses"),
    [
        (None, ["completed", "pending", "failed"]),
        ({}, ["completed", "pending", "failed"]),
        ({"all": True}, ["completed", "pending", "pending"]),
        ({"item_ids": ["00003"]}, ["completed", "failed", "pending"]),
    ],
)
def test_a_retry_opens_an_ended_batch_for_the_videos_that_are_wanted(
    account: Account, ada: Client, body: Any, statuses: list[str]
) -> None:
    ended(account)
    answer = ada.post("/batch/b7f3/retry", body)
    assert (answer.status, answer.json["status"]) == (202, "processing")
    assert account.statuses() == statuses
    assert account.batch().failed == statuses.count("failed")
    assert account.executions() == ["b7f3-2"]


def test_a_retry_while_the_batch_runs_starts_no_second_execution(account: Account, ada: Client) -> None:
    account.begin_batch(2)
    account.fail(1, error=YouTubeUnreachable())
    assert ada.post("/batch/b7f3/retry").status == 202
    assert account.statuses() == ["pending", "pending"]
    assert account.executions() == []


def test_a_retry_of_a_video_that_did_not_fail_names_it(account: Account, ada: Client) -> None:
    ended(account)
    answer = ada.post("/batch/b7f3/retry", {"item_ids": ["00001", "00002", "00009"]})
    assert answer.status == 422
    assert [detail["message"] for detail in answer.error["details"]] == ["00001 did not fail", "00009 did not fail"]
    assert account.batch().failed == 2


def test_a_retry_names_either_all_or_some(account: Account, ada: Client) -> None:
    ended(account)
    answer = ada.post("/batch/b7f3/retry", {"all": True, "item_ids": ["00002"]})
    assert answer.status == 422
    assert answer.error["details"] == [{"field": "", "message": "Give either `all` or `item_ids`."}]


def test_a_retry_that_helps_nothing_is_refused(account: Account, ada: Client) -> None:
    account.begin_batch(1)
    account.fail(1)
    account.batches.complete(account.batch(), NOW)
    answer = ada.post("/batch/b7f3/retry")
    assert (answer.status, answer.error["code"]) == (409, "wrong_state")
    assert "`all`" in answer.error["message"]


@pytest.mark.parametrize("body", [{}, {"all": True}])
def test_a_retry_of_a_batch_without_failures_says_so(account: Account, ada: Client, body: dict[str, Any]) -> None:
    account.begin_batch(1)
    account.complete(1)
    account.batches.complete(account.batch(), NOW)
    answer = ada.post("/batch/b7f3/retry", body)
    assert (answer.status, answer.error["code"]) == (409, "wrong_state")
    assert (
        answer.error["message"] == "The batch is completed and none of its videos failed, so there is nothing to retry."
    )


@pytest.mark.parametrize("done", [0, 1])
def test_a_batch_that_its_workflow_gave_up_continues_with_what_is_left(
    account: Account, ada: Client, done: int
) -> None:
    account.begin_batch(2)
    account.complete(*range(1, done + 1))
    account.batches.fail(account.batch(), WorkflowStuck(), NOW)
    answer = ada.post("/batch/b7f3/retry")
    assert (answer.status, answer.json["status"], answer.json["error"]) == (202, "processing", None)
    assert account.executions() == ["b7f3-2"]
    page = account.next_page(account.batch())
    assert page
    assert [int(item.id) for item in page] == list(range(done + 1, 3))


def test_a_cancelled_batch_is_retried_once_its_current_video_has_ended(account: Account, ada: Client) -> None:
    account.begin_batch(2)
    account.fail(1, error=YouTubeUnreachable())
    cancelled = account.batches.cancel(account.batch(), NOW)
    assert ada.post("/batch/b7f3/retry").status == 409
    account.batches.park(cancelled, NOW)
    assert ada.post("/batch/b7f3/retry").status == 202
    assert account.statuses() == ["pending", "skipped"]


def test_a_retry_of_a_cancelled_batch_that_was_cut_off_continues(account: Account, ada: Client) -> None:
    account.begin_batch(2)
    account.fail(1, error=YouTubeUnreachable())
    account.batches.park(account.batches.cancel(account.batch(), NOW), NOW)
    account.queue.requeue(account.batch(), account.list_items(account.batch(), 0, 1), NOW)
    assert ada.post("/batch/b7f3/retry").status == 202
    assert account.statuses() == ["pending", "skipped"]
    assert ada.post("/batch/b7f3/retry").status == 409


# --- Export ---


@pytest.mark.parametrize("export_format", ["zip", "json", "md", "csv"])
@pytest.mark.usefixtures("functions")
def test_an_export_is_built_and_linked_for_minutes(account: Account, ada: Client, export_format: str) -> None:
    ended(account)
    answer = ada.get("/batch/b7f3/export", format=export_format)
    assert answer.status == 200
    link = urlsplit(answer.json["url"])
    assert link.path.endswith(f".{export_format}")
    assert int(parse_qs(link.query)["X-Amz-Expires"][0]) <= 15 * 60
    assert datetime.fromisoformat(answer.json["expires_at"]) > datetime.now(UTC)
    assert answer.json["size_bytes"] > 0
    assert len(answer.json["sha256"]) == 64


@pytest.mark.usefixtures("functions")
def test_an_export_of_an_unchanged_batch_is_built_once(account: Account, ada: Client) -> None:
    ended(account)
    first = ada.get("/batch/b7f3/export").json
    written = account.s3.list_objects_v2(Bucket=account.bucket)["Contents"]
    second = ada.get("/batch/b7f3/export").json
    assert first["sha256"] == second["sha256"]
    assert account.s3.list_objects_v2(Bucket=account.bucket)["Contents"] == written


@pytest.mark.usefixtures("functions")
def test_a_running_batch_can_be_exported(account: Account, ada: Client) -> None:
    account.begin_batch(2)
    assert ada.get("/batch/b7f3/export").error["code"] == "nothing_to_export"
    assert ada.get("/batch/b7f3/export").status == 409
    account.fail(1)
    assert ada.get("/batch/b7f3/export").status == 200


def test_an_unknown_format_is_refused(account: Account, ada: Client) -> None:
    ended(account)
    answer = ada.get("/batch/b7f3/export", format="pdf")
    assert (answer.status, answer.error["code"]) == (422, "invalid_request")
    assert "format" in answer.error["details"][0]["field"]


@pytest.mark.usefixtures("functions")
def test_an_export_that_could_not_be_built_can_be_tried_again(
    account: Account, ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended(account)
    monkeypatch.setattr("skimlist.bucket.Bucket.upload_export", unavailable)
    answer = ada.get("/batch/b7f3/export")
    assert (answer.status, answer.error["code"], answer.headers["retry-after"]) == (503, "storage_unavailable", "5")


def unavailable(*_: Any, **__: Any) -> None:
    raise StorageUnavailable


# --- Models, description, everything else ---


def test_the_list_of_models_says_what_an_hour_of_video_costs(ada: Client) -> None:
    models = ada.get("/models").json["models"]
    cost = {model["alias"]: model["usd_per_hour_of_video"] for model in models}
    assert cost["extractive"] == 0
    assert 0.001 < cost["openai"] < 0.004
    assert cost["openai-large"] == pytest.approx(10 * cost["openai"])
    assert cost["anthropic"] == pytest.approx(
        1.4 * cost["openai"]
    )  # its tokenizer counts more tokens at the same price


def test_the_list_of_models_says_whether_a_key_is_stored(account: Account, ada: Client) -> None:
    listed = {model["alias"]: model for model in ada.get("/models").json["models"]}
    assert list(listed) == list(offered_models(Endpoint()))
    assert (listed["extractive"]["key_configured"], listed["extractive"]["key_parameter"]) == (True, None)
    assert not listed["openai"]["key_configured"]
    assert listed["openai"]["key_parameter"] == "/skimlist/openai-api-key"
    account.store_secret("openai-api-key", "secret")
    answer = ada.get("/models")
    assert {model["alias"]: model["key_configured"] for model in answer.json["models"]}["openai"]
    assert "secret" not in answer.text


def test_the_description_of_the_api_is_valid_and_complete() -> None:
    document = openapi_document()
    assert document["openapi"] == "3.1.0"
    assert document["servers"] == [{"url": "/api"}]
    assert set(document["paths"]) >= {
        *("/batch", "/batch/create", "/batch/{batch_id}", "/batch/{batch_id}/pause", "/batch/{batch_id}/resume"),
        *("/batch/{batch_id}/retry", "/batch/{batch_id}/cancel", "/batch/{batch_id}/export", "/models"),
    }
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    for reference in references(document):
        target = document
        for part in reference.removeprefix("#/").split("/"):
            target = target[part]
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(names) == len(set(names))
    for operation in operations:
        assert operation["summary"]
        done = {status: answer for status, answer in operation["responses"].items() if status.startswith("2")}
        assert done, operation["operationId"]
        for status, answer in done.items():
            types = [] if status == "204" else ["application/json"]
            assert list(answer["content"])[:1] == types, (operation["operationId"], status)


def references(node: Any) -> list[str]:
    if isinstance(node, list):
        return [found for entry in node for found in references(entry)]
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [found for entry in node.values() for found in references(entry)]
    return []


def test_answers_are_as_the_description_says(account: Account, ada: Client) -> None:
    ended(account)
    document = openapi_document()
    for path, answer in {"/batch": ada.get("/batch"), "/models": ada.get("/models")}.items():
        check(document, path, answer)
    check(document, "/batch/{batch_id}", ada.get("/batch/b7f3"))
    check(document, "/batch/{batch_id}", ada.get("/batch/unknown"))


def check(document: dict[str, Any], path: str, answer: Answer) -> None:
    described = document["paths"][path]["get"]["responses"][str(answer.status)]
    schema = described["content"]["application/json"]["schema"]
    Draft202012Validator({**schema, "components": document["components"]}).validate(answer.json)


@pytest.mark.parametrize("token_use", ["access", ""])
def test_a_token_that_is_not_an_id_token_is_refused(account: Account, token_use: str) -> None:
    account.create_batch(1)
    stranger = Client(account, "ada", token_use=token_use)
    for answer in (stranger.get("/batch/b7f3"), stranger.post("/batch/b7f3/pause"), stranger.get("/nowhere")):
        assert (answer.status, answer.json) == (401, {"message": "Unauthorized"})


def test_no_answer_is_kept_by_a_cache_or_shown_as_a_document(account: Account, ada: Client) -> None:
    account.create_batch(1)
    found = ada.get("/batch/b7f3")
    unchanged = ada.get("/batch/b7f3", headers={"if-none-match": found.headers["etag"]})
    refused = ada.send("POST", "/batch/create", text="no JSON", headers={"content-type": "text/plain"})
    answers = [found, unchanged, refused, ada.get("/batch/unknown"), ada.get("/nowhere")]
    assert [answer.status for answer in answers] == [200, 304, 415, 404, 404]
    for answer in answers:
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("cursor", ["1\r\nSet-Cookie: a=b", "1\n", '1"', "é"])
@pytest.mark.parametrize("items", ["true", "false"])
def test_a_cursor_puts_nothing_of_its_own_into_a_header(account: Account, ada: Client, cursor: str, items: str) -> None:
    account.create_batch(1)
    answer = ada.get("/batch/b7f3", cursor=cursor, items=items)
    assert (answer.status, answer.error["details"][0]["field"]) == (422, "cursor")
    assert "etag" not in answer.headers


@pytest.mark.parametrize(("method", "path"), [("GET", "/nowhere"), ("PUT", "/batch/create"), ("POST", "/batch")])
def test_an_unknown_route_is_not_found(ada: Client, method: str, path: str) -> None:
    answer = ada.send(method, path)
    assert (answer.status, answer.error["code"]) == (404, "no_such_route")


def test_an_unexpected_error_is_shown_without_its_text(
    ada: Client, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("https://secret")

    monkeypatch.setattr("skimlist.jobs.batches.Batches.get", fail)
    answer = ada.get("/batch/b7f3")
    assert (answer.status, answer.error["code"]) == (500, "internal")
    assert "secret" not in answer.text


def test_unavailable_storage_is_reported_as_such(ada: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("skimlist.jobs.batches.Batches.get", unavailable)
    answer = ada.get("/batch/b7f3")
    assert (answer.status, answer.error["code"], answer.headers["retry-after"]) == (503, "storage_unavailable", "5")
