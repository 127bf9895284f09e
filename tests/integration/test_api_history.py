"""The history and the deletion of batches, as the HTTP API invokes them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from testkit.account import NOW, Account
from testkit.api_client import Answer, Client
from testkit.batches import a_summary

KEY = {"idempotency-key": "a key of mine"}


@pytest.fixture(autouse=True)
def _history(account: Account) -> None:
    """Stores two summaries of ada, a day apart, and one of eve."""
    account.results.put("ada", "b1", "00001", a_summary(1, title="Crème brûlée"), NOW)
    account.results.put("ada", "b2", "00001", a_summary(2, title="机器学习"), NOW + timedelta(days=1))
    account.results.put("eve", "b3", "00001", a_summary(3), NOW)


def ids(answer: Answer) -> list[str]:
    assert answer.status == 200, answer.text
    return [summary["id"] for summary in answer.json["summaries"]]


def test_users_see_their_own_summaries_newest_first(ada: Client, eve: Client) -> None:
    assert ids(ada.get("/summaries")) == ["b2-00001", "b1-00001"]
    assert ids(eve.get("/summaries")) == ["b3-00001"]
    assert ada.get("/summaries").json["summaries"][1] == {
        **{"id": "b1-00001", "batch_id": "b1", "item_id": "00001"},
        "video_id": "video000001",
        "url": "https://www.youtube.com/watch?v=video000001",
        "title": "Crème brûlée",
        "channel": "The Bakery",
        "duration_seconds": 754.2,
        "language": "en",
        "model": "extractive",
        "model_label": "Key sentences only",
        "length": "standard",
        "summarized_at": "2026-03-01T12:00:00Z",
        "tags": ["baking", "slow food"],
        "tldr": "Flour, water, salt and patience.",
        "match": None,
    }


@pytest.mark.parametrize(("model", "label"), [("gpt-6-luna", "OpenAI GPT-6 Luna"), ("gpt-3-sol", "gpt-3-sol")])
def test_a_summary_names_its_model_as_the_catalogue_does(account: Account, ada: Client, model: str, label: str) -> None:
    account.results.put("ada", "b4", "00001", a_summary(4, model=model), NOW + timedelta(days=2))
    assert ada.get("/summaries").json["summaries"][0]["model_label"] == label
    assert ada.get("/summaries/b4-00001").json["model_label"] == label


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "BRULEE creme"}, ["b1-00001"]),
        ({"q": "机器"}, ["b2-00001"]),
        ({"q": "nothing"}, []),
        ({"q": "starter"}, []),
        ({"q": "STARTER", "whole": "true"}, ["b2-00001", "b1-00001"]),
        ({"q": "starter creme", "whole": "true"}, ["b1-00001"]),
        ({"q": "starter", "whole": "true", "to": "2026-03-01"}, ["b1-00001"]),
        ({"q": "perplexity", "whole": "true"}, []),
        ({"video_id": "video000002"}, ["b2-00001"]),
        ({"from": "2026-03-02"}, ["b2-00001"]),
        ({"to": "2026-03-01"}, ["b1-00001"]),
        ({"from": "2026-03-01", "to": "2026-03-02"}, ["b2-00001", "b1-00001"]),
        ({"from": "0001-01-01", "to": "9999-12-31"}, ["b2-00001", "b1-00001"]),
    ],
)
def test_summaries_are_searched(ada: Client, query: dict[str, str], found: list[str]) -> None:
    assert ids(ada.get("/summaries", **query)) == found


def test_a_search_in_whole_summaries_says_where_the_words_are(ada: Client) -> None:
    answer = ada.get("/summaries", q="daily", whole="true").json
    assert (answer["searched"], answer["next_cursor"]) == (2, None)
    match = {"statement": "Feed it daily", "kind": "key_point", "start_seconds": 62.9}
    assert [entry["match"] for entry in answer["summaries"]] == [match] * 2
    answer = ada.get("/summaries", q="slow").json
    assert (answer["searched"], [entry["match"] for entry in answer["summaries"]]) == (None, [None, None])


@pytest.mark.parametrize("query", [{}, {"q": " "}, {"video_id": "video000001"}])
def test_a_search_in_whole_summaries_needs_a_word(ada: Client, query: dict[str, str]) -> None:
    assert ada.get("/summaries", whole="true", **query).status == 422


def test_a_search_in_whole_summaries_goes_on_where_it_stopped(account: Account, ada: Client) -> None:
    for number in range(1, 202):
        account.results.put("ada", "b4", f"{number:05}", a_summary(number), NOW + timedelta(seconds=number))
    first = ada.get("/summaries", q="starter brulee", whole="true").json
    assert (first["summaries"], first["searched"]) == ([], 200)
    second = ada.get("/summaries", q="starter brulee", whole="true", cursor=first["next_cursor"])
    assert (ids(second), second.json["searched"], second.json["next_cursor"]) == (["b1-00001"], 3, None)


def test_summaries_come_in_pages(ada: Client) -> None:
    first = ada.get("/summaries", limit=1)
    second = ada.get("/summaries", limit=1, cursor=first.json["next_cursor"])
    assert ids(first) + ids(second) == ["b2-00001", "b1-00001"]
    assert second.json["next_cursor"] is None


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"q": "x" * 101}, "q"),
        ({"q": "é" * 101}, "q"),
        ({"video_id": "https://youtu.be/video000001"}, "video_id"),
        ({"from": "yesterday"}, "from"),
        ({"to": "2026-13-01"}, "to"),
        ({"from": "2026-03-02", "to": "2026-03-01"}, "from"),
        ({"limit": 0}, "limit"),
        ({"limit": 101}, "limit"),
        ({"cursor": "nonsense"}, "cursor"),
        ({"cursor": "x" * 301}, "cursor"),
    ],
)
def test_a_wrong_parameter_is_refused_by_its_name(ada: Client, query: dict[str, Any], field: str) -> None:
    answer = ada.get("/summaries", **query)
    assert (answer.status, answer.error["code"]) == (422, "invalid_request")
    assert field in answer.error["details"][0]["field"]


def test_a_whole_summary_is_shown(ada: Client) -> None:
    shown = ada.get("/summaries/b1-00001").json
    assert shown == {
        **{"id": "b1-00001", "batch_id": "b1", "item_id": "00001"},
        **{"video_id": "video000001", "url": "https://www.youtube.com/watch?v=video000001"},
        **{"title": "Crème brûlée", "channel": "The Bakery", "channel_id": None, "duration_seconds": 754.2},
        "tldr": "Flour, water, salt and patience.",
        "text": "A starter needs a week.\n\nThen it lives for years.",
        "key_points": [
            {
                **{"text": "Feed it daily", "start_seconds": 62.9},
                "check": {
                    **{"status": "unverified", "missing": ["3 kg"]},
                    "reason": "“3 kg” was not found in the captions around 1:02.",
                },
            },
            {"text": "Smell it", "start_seconds": None, "check": None},
        ],
        **{"tldr_check": None, "text_check": None, "unverified": 1},
        "chapters": [
            {"title": "The starter", "start_seconds": 0.0, "summary": "Mix and wait.", "check": None},
            {"title": "The loaf", "start_seconds": 400.0, "summary": "", "check": None},
        ],
        "focus": [
            {"area": "salt", "found": True, "text": "Salt comes last.", "start_seconds": 421.0, "check": None},
            {"area": "sugar", "found": False, "text": "", "start_seconds": None, "check": None},
        ],
        **{"tags": ["baking", "slow food"], "notes": []},
        **{"language": "en", "caption_language": "en", "caption_kind": "manual"},
        **{"description": None, "links": [], "published_at": None},
        **{"model": "extractive", "model_label": "Key sentences only", "length": "standard"},
        "coverage": {
            **{"characters_total": 9000, "characters_used": 9000, "chunks": 1, "reason": None},
            **{"tenths": 8, "tenths_spoken": 10},
        },
        **{"tokens_in": 600, "tokens_out": 150, "cost_usd": 0.00615, "created_at": "2025-08-27T14:12:05Z"},
    }


@pytest.mark.parametrize("summary_id", ["b3-00001", "b1-00002", "b1", "b1-", "-", "-00001", "b1/00001"])
def test_a_summary_of_someone_else_or_of_nobody_does_not_exist(ada: Client, summary_id: str) -> None:
    assert ada.get(f"/summaries/{summary_id}").status == 404


def test_the_missing_summary_is_named_as_such(ada: Client) -> None:
    assert ada.get("/summaries/b3-00001").error["code"] == "summary_not_found"


# --- DELETE /batch/{id} ---


def ended(account: Account) -> None:
    account.begin_batch(2)
    account.complete(1, 2)
    account.batches.complete(account.batch(), NOW)


def test_a_batch_is_deleted_and_deleting_it_again_is_fine(account: Account, ada: Client, eve: Client) -> None:
    ended(account)
    assert eve.delete("/batch/b7f3").status == 404
    for _ in range(2):
        answer = ada.delete("/batch/b7f3")
        assert (answer.status, answer.text) == (204, "")
    assert ada.get("/batch/b7f3").status == 404
    assert ada.get("/batch").json["batches"] == []
    assert [record for record in account.table.scan()["Items"] if record["pk"] == "BATCH#b7f3"] == []


def test_a_batch_that_is_worked_on_is_not_deleted(account: Account, ada: Client) -> None:
    account.begin_batch(1)
    answer = ada.delete("/batch/b7f3")
    assert (answer.status, answer.error["code"]) == (409, "wrong_state")
    assert "cancel it first" in answer.error["message"]


@pytest.mark.parametrize(("method", "path"), [("POST", "/retry"), ("POST", "/resume"), ("DELETE", "/cancel")])
def test_no_command_reaches_a_deleted_batch(account: Account, ada: Client, method: str, path: str) -> None:
    ended(account)
    ada.delete("/batch/b7f3")
    assert ada.send(method, f"/batch/b7f3{path}").status == 404
    assert account.executions() == []


def test_a_request_that_comes_again_does_not_bring_a_deleted_batch_back(account: Account, ada: Client) -> None:
    request = {"urls": ["https://youtu.be/video000001"]}
    batch_id = ada.post("/batch/create", request, KEY).json["id"]
    batch = account.batches.cancel(account.batches.get("ada", batch_id), NOW)
    account.batches.park(batch, NOW)
    assert ada.delete(f"/batch/{batch_id}").status == 204
    again = ada.post("/batch/create", request, KEY)
    assert (again.status, again.error["code"]) == (409, "batch_deleted")
    assert ada.get("/batch").json["batches"] == []
    assert account.executions() == [batch_id]


def test_the_errors_of_all_attempts_are_shown(account: Account, ada: Client) -> None:
    account.begin_batch(1)
    account.fail(1)
    account.queue.requeue(account.batch(), account.queue.all_items(account.batch()), NOW)
    waiting = ada.get("/batch/b7f3").json["items"][0]
    assert (waiting["status"], waiting["error"]) == ("pending", None)
    assert [past["code"] for past in waiting["errors"]] == ["captions_disabled"]
    account.fail(1)
    failed = ada.get("/batch/b7f3").json["items"][0]
    assert failed["error"]["code"] == "captions_disabled"
    assert [set(past) for past in failed["errors"]] == [{"code", "message", "at"}] * 2
    assert failed["attempts"] == 2
