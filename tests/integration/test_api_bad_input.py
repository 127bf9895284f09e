"""Requests that no honest client sends: each answer says what is wrong, and nothing changes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from skimlist.jobs.queue_editor import MAX_VIDEOS
from skimlist.links.parsing import MAX_LINKS
from testkit.account import Account, video_id
from testkit.api_client import Client

VIDEO = '{"urls": ["dQw4w9WgXcQ"]'


def batches(ada: Client) -> list[Any]:
    found: list[Any] = ada.get("/batch").json["batches"]
    return found


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("[" * 100_000, "nested too deeply", id="open brackets"),
        pytest.param('{"urls":' + "[" * 100_000 + "]" * 100_000 + "}", "nested too deeply", id="deep"),
        pytest.param(VIDEO + ', "max_cost_usd": ' + "9" * 5_000 + "}", "Exceeds the limit", id="5,000 digits"),
        pytest.param(VIDEO + ', "max_cost_usd": NaN}', "NaN is not a JSON number", id="NaN"),
        pytest.param(VIDEO + ', "max_cost_usd": -Infinity}', "-Infinity is not a JSON number", id="infinity"),
        pytest.param(VIDEO + r', "name": "a\ud800b"}', "lone surrogate", id="half a pair in a value"),
        pytest.param(VIDEO + r', "\uDFFF": 1}', "lone surrogate", id="half a pair in a name"),
        pytest.param('{"urls": [], "urls": ["dQw4w9WgXcQ"]}', "duplicate name", id="a name given twice"),
        pytest.param(VIDEO + ', "options": {"language": "de", "language": "en"}}', "duplicate name", id="twice below"),
        pytest.param("\ufeff" + VIDEO + "}", "BOM", id="byte order mark"),
        pytest.param(VIDEO, "Expecting", id="cut off"),
    ],
)
def test_json_that_readers_may_interpret_differently_is_malformed(ada: Client, text: str, reason: str) -> None:
    for encoded in (False, True):
        answer = ada.send("POST", "/batch/create", text=text, encoded=encoded)
        assert (answer.status, answer.error["code"]) == (400, "malformed_json")
        assert reason in answer.error["details"][0]["message"]
    assert batches(ada) == []


def test_a_whole_surrogate_pair_is_a_character(ada: Client) -> None:
    assert ada.send("POST", "/batch/create", text=VIDEO + r', "name": "\ud83d\ude00"}').json["name"] == "😀"


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "multipart/form-data; boundary=x",
        "x",
        "application/jsonp",
    ],
)
@pytest.mark.parametrize(("path", "text"), [("/batch/create", VIDEO + "}"), ("/batch/b7f3/resume", None)])
def test_a_body_of_another_type_is_refused(ada: Client, path: str, text: str | None, content_type: str) -> None:
    answer = ada.send("POST", path, text=text, headers={"content-type": content_type})
    assert (answer.status, answer.error["code"]) == (415, "not_json")


@pytest.mark.parametrize("content_type", ["", "application/json; charset=utf-8"])
def test_json_may_come_with_a_charset_or_without_a_type(ada: Client, content_type: str) -> None:
    answer = ada.send("POST", "/batch/create", text=VIDEO + "}", headers={"content-type": content_type})
    assert answer.status == 201


@pytest.mark.parametrize("encoded", [False, True])
def test_a_body_beyond_the_limit_is_too_large(ada: Client, encoded: bool) -> None:
    fits = json.dumps({"text": "é" * 499_990}, ensure_ascii=False)
    assert ada.send("POST", "/batch/validate", text=fits, encoded=encoded).status == 200
    answer = ada.send("POST", "/batch/validate", text=fits + " " * 100, encoded=encoded)
    assert (answer.status, answer.error["code"]) == (413, "too_large")
    assert "1,000,000 bytes" in answer.error["message"]


def test_more_links_than_one_answer_can_list_are_refused(account: Account, ada: Client) -> None:
    account.create_batch()
    lines = ["a"] * (MAX_LINKS + 1)
    for path, body in {
        "/batch/validate": {"text": "\n".join(lines)},
        "/batch/create": {"urls": ["https://a.b " * 150] * 100},
        "/batch/b7f3/items": {"urls": ["https://a.b " * 150] * 100},
    }.items():
        answer = ada.post(path, body)
        assert (answer.status, answer.error["code"]) == (422, "invalid_request"), path
        assert "10,000 links" in answer.error["message"]


def of_many(first: int, number: int) -> str:
    """An address that names so many videos."""
    video_ids = ",".join(video_id(each) for each in range(first, first + number))
    return f"https://www.youtube.com/watch_videos?video_ids={video_ids}"


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(["я" * 42] * MAX_LINKS, id="words"),
        pytest.param(['"' * 42 + "a"] * MAX_LINKS, id="words that are escaped"),
        pytest.param([of_many(line * 100, 100) for line in range(MAX_VIDEOS // 100)], id="100 videos a line"),
        pytest.param([of_many(line * 80, 80) for line in range(MAX_LINKS // 80 - 1)], id="80 videos a line"),
        pytest.param([f"{video_id(1)} {'я' * 20}" for _ in range(MAX_LINKS)], id="titles"),
        pytest.param([f"https://youtu.be/{video_id(n)}?{'a' * 60}" for n in range(MAX_LINKS - 10)], id="addresses"),
    ],
)
def test_the_longest_answer_fits_into_what_lambda_returns(ada: Client, lines: list[str]) -> None:
    text = "\n".join(lines)
    answer = ada.send("POST", "/batch/validate", text=json.dumps({"text": text}, ensure_ascii=False))
    assert answer.status == 200
    assert len(json.dumps(answer.text)) < 6 << 20


@pytest.mark.parametrize(
    "options",
    [
        {"name": "a\x00b"},
        {"name": "\x1b[31mred"},
        {"options": {"instructions": "be\x07brief"}},
        {"options": {"focus_areas": ["\x7f"]}},
        {"options": {"language": "de" + "-abcdefgh" * 200}},
        {"options": {"language": "../../de"}},
        {"max_cost_usd": 1e-300},
        {"max_cost_usd": 1e300},
    ],
)
def test_fields_that_would_break_a_document_are_refused(ada: Client, options: dict[str, Any]) -> None:
    answer = ada.post("/batch/create", {"urls": ["dQw4w9WgXcQ"], **options})
    assert (answer.status, answer.error["code"]) == (422, "invalid_request")
    assert batches(ada) == []


@pytest.mark.parametrize(
    "name", ["two\nlines\tand a tab", "شريط أسود", "\u202eright to left", "👩‍👩‍👧", "=1+1", "../x"]
)
def test_any_readable_name_is_kept_as_it_is(ada: Client, name: str) -> None:
    assert ada.post("/batch/create", {"urls": ["dQw4w9WgXcQ"], "name": name}).json["name"] == name


@pytest.mark.parametrize("cursor", ["²", "-1", "9" * 65, "x", "\x00"])
def test_a_cursor_of_no_list_is_refused(account: Account, ada: Client, cursor: str) -> None:
    account.create_batch()
    assert ada.get("/batch/b7f3", cursor=cursor).status == 422
