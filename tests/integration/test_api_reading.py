"""Reading a batch through the API: many summaries at once, read and starred ones; and presets."""

from __future__ import annotations

from typing import Any

import pytest

from testkit.account import NOW, Account, video_id
from testkit.api_client import Client
from testkit.batches import a_summary


@pytest.fixture
def batch_id(account: Account, ada: Client) -> str:
    """A batch of three videos, of which the first and the third have a summary."""
    links = [f"https://youtu.be/{video_id(number)}" for number in (1, 2, 3)]
    answer = ada.post("/batch/create", {"urls": links, "start": False})
    assert answer.status == 201, answer.text
    made: str = answer.json["id"]
    for number in (1, 3):
        account.results.put("ada", made, f"0000{number}", a_summary(number), NOW)
    return made


def test_several_summaries_come_in_the_order_in_which_they_were_asked_for(ada: Client, batch_id: str) -> None:
    answer = ada.get(f"/batch/{batch_id}/summaries", items="00003,00002,00001")
    assert [summary["id"] for summary in answer.json["summaries"]] == [f"{batch_id}-00003", f"{batch_id}-00001"]
    assert answer.json["summaries"][1] == ada.get(f"/summaries/{batch_id}-00001").json
    twice = ada.get(f"/batch/{batch_id}/summaries", items="00003,00001,00003")
    assert [summary["id"] for summary in twice.json["summaries"]] == [f"{batch_id}-00003", f"{batch_id}-00001"]


@pytest.mark.parametrize("items", ["", "1", "00001,", ",".join(["00001"] * 21)])
def test_at_most_twenty_summaries_are_asked_for_by_their_ids(ada: Client, batch_id: str, items: str) -> None:
    assert ada.get(f"/batch/{batch_id}/summaries", items=items).status == 422


def test_whole_summaries_are_searched(ada: Client, batch_id: str) -> None:
    answer = ada.get(f"/batch/{batch_id}/search", q="DÁILY feed")
    match = {"statement": "Feed it daily", "kind": "key_point", "start_seconds": 62.9}
    assert answer.json == {
        "matches": [{"item_id": "00001", **match}, {"item_id": "00003", **match}],
        **{"searched": 2, "next_cursor": None},
    }
    (first,) = ada.get(f"/batch/{batch_id}/search", q="starter 1").json["matches"]
    assert (first["item_id"], first["statement"], first["kind"]) == ("00001", "The starter", "chapter")
    by_tag = ada.get(f"/batch/{batch_id}/search", q="slow bakery").json["matches"]
    assert [(match["statement"], match["kind"]) for match in by_tag] == [(None, None)] * 2
    assert ada.get(f"/batch/{batch_id}/search", q="perplexity").json["matches"] == []


def test_a_search_reads_some_summaries_at_a_time(ada: Client, batch_id: str) -> None:
    search = f"/batch/{batch_id}/search"
    first = ada.get(search, q="starter", limit=1).json
    assert ([match["item_id"] for match in first["matches"]], first["searched"]) == (["00001"], 1)
    second = ada.get(search, q="starter", limit=1, cursor=first["next_cursor"]).json
    assert ([match["item_id"] for match in second["matches"]], second["searched"]) == (["00003"], 1)
    assert ada.get(search, q="starter", cursor="00003").json == {"matches": [], "searched": 0, "next_cursor": None}


@pytest.mark.parametrize("query", [{}, {"q": ""}, {"q": " \t"}, {"q": "x" * 101}, {"limit": 501}, {"cursor": "1"}])
def test_a_search_with_a_wrong_parameter_is_refused(ada: Client, batch_id: str, query: dict[str, Any]) -> None:
    assert ada.get(f"/batch/{batch_id}/search", **{"q": "salt", **query} if query else {}).status == 422


def test_marks_add_up_and_a_repetition_changes_nothing(ada: Client, batch_id: str) -> None:
    path = f"/batch/{batch_id}/reading"
    assert ada.get(path).json == {"read": [], "starred": []}
    for _ in range(2):
        assert ada.patch(path, {"item_ids": ["00003", "00001"], "read": True}).json["read"] == ["00001", "00003"]
    assert ada.patch(path, {"item_ids": ["00002"], "read": True, "starred": True}).status == 200
    assert ada.patch(path, {"item_ids": ["00001"], "read": False}).status == 200
    assert ada.get(path).json == {"read": ["00002", "00003"], "starred": ["00002"]}
    assert ada.patch(path, {"item_ids": ["00002"], "starred": False}).json["starred"] == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"item_ids": ["00004"], "read": True}, 404),
        ({"item_ids": ["../../1"], "read": True}, 422),
        ({"item_ids": [], "read": True}, 422),
        ({"item_ids": ["00001"]}, 422),
    ],
)
def test_only_videos_of_the_batch_are_marked(ada: Client, batch_id: str, body: Any, status: int) -> None:
    assert ada.patch(f"/batch/{batch_id}/reading", body).status == status
    assert ada.get(f"/batch/{batch_id}/reading").json == {"read": [], "starred": []}


def test_nobody_else_sees_what_a_user_has_read(account: Account, ada: Client, eve: Client, batch_id: str) -> None:
    assert ada.patch(f"/batch/{batch_id}/reading", {"item_ids": ["00001"], "read": True}).status == 200
    refused = [
        eve.get(f"/batch/{batch_id}/reading"),
        eve.patch(f"/batch/{batch_id}/reading", {"item_ids": ["00001"], "read": False}),
        eve.get(f"/batch/{batch_id}/summaries", items="00001"),
        eve.get(f"/batch/{batch_id}/search", q="salt"),
    ]
    assert [answer.status for answer in refused] == [404] * 4
    assert ada.get(f"/batch/{batch_id}/reading").json["read"] == ["00001"]
    assert ada.delete(f"/batch/{batch_id}").status == 204
    assert ada.get(f"/batch/{batch_id}/reading").status == 404
    assert not [record for record in account.table.scan()["Items"] if record["sk"] == "READING"]


PRESET = {"model": "extractive", "summary_length": "brief", "max_cost_usd": 0.5}


def test_a_preset_is_kept_replaced_and_deleted_by_its_owner_alone(ada: Client, eve: Client) -> None:
    path = "/presets/Kurz%20%26%20Deutsch"
    for length in ("brief", "detailed"):
        answer = ada.put(path, {**PRESET, "summary_length": length, "options": {"language": "de"}})
        assert (answer.status, answer.json["summary_length"]) == (200, length)
    (kept,) = ada.get("/presets").json["presets"]
    assert (kept["name"], kept["options"]["language"], kept["max_cost_usd"]) == ("Kurz & Deutsch", "de", 0.5)
    assert ada.get(path).json == kept
    assert (eve.get("/presets").json, eve.get(path).status, eve.delete(path).status) == ({"presets": []}, 404, 204)
    assert [ada.delete(path).status for _ in range(2)] == [204, 204]
    assert ada.get("/presets").json == {"presets": []}


@pytest.mark.parametrize("name", ["%2F", "a%2Fb", "%20", "a%00", "a%23b", "x" * 61, "%3Cb%3E"])
def test_a_preset_has_a_name_that_fits_into_an_address(ada: Client, name: str) -> None:
    answer = ada.put(f"/presets/{name}", PRESET)
    assert (answer.status, answer.error["code"]) == (422, "invalid_request")


def test_presets_are_bounded_and_can_still_be_replaced(ada: Client) -> None:
    assert [ada.put(f"/presets/{number}", PRESET).status for number in range(31)] == [200] * 30 + [409]
    assert ada.put("/presets/0", {}).status == 200
