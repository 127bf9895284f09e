"""No text from a request or a video is kept in a log, a metric or an execution."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from local.execution_view import history
from local.model import Failure as ModelFailure
from local.youtube import Failure
from testkit import template
from testkit.functions import openapi_document
from testkit.whole_stack import WholeStack, await_status, create_batch

DOCUMENT = openapi_document()
# Eight letters and digits, so that it can be a part of a language code.
MARKER = "Xq7zkW4p"
# Ways to write it so that it fits the pattern of a field; where any text fits, it is in a link.
FITTING = (
    *(f"youtu.be/Lighthouse1?si={MARKER}", f"en-{MARKER}", MARKER.ljust(11, "_"), "00001"),
    f"https://127.0.0.1:9/{MARKER}",
    "06:30",
)
VIDEOS = ("Marked_0001", "Marked_0002", "Marked_0003")
UNREADABLE = VIDEOS[2]
PLAYLIST = f"PL{'0' * 16}"


def marked_video(video_id: str) -> dict[str, Any]:
    sentences = [f"In sentence {number} the baker {MARKER} speaks of bread, water and salt." for number in range(40)]
    return {
        "video_id": video_id,
        "title": f"The title {MARKER} of {video_id}",
        "channel": f"The channel {MARKER}",
        "language": "English",
        "language_code": "en",
        "is_generated": False,
        "duration_seconds": 240,
        "snippets": [{"text": text, "start": 6 * place, "duration": 5.5} for place, text in enumerate(sentences)],
    }


# --- Requests, made from the OpenAPI document -----------------------------------------------------------------------


def resolved(schema: Any) -> Any:
    """Follows references of a schema, and takes the first of several that is not null."""
    if "$ref" in schema:
        return resolved(DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    if "anyOf" in schema:
        return resolved(next(each for each in schema["anyOf"] if each.get("type") != "null"))
    return schema


def everywhere(schema: Any) -> Any:
    """Returns a value with the marker in every place, also where a number, date or enum belongs."""
    schema = resolved(schema)
    match schema.get("type"):
        case "object":
            fields = {name: everywhere(each) for name, each in schema.get("properties", {}).items()}
            return {**fields, f"unknown {MARKER}": MARKER}
        case "array":
            return [everywhere(schema["items"])]
    return MARKER


def fitting(schema: Any) -> Any:
    """Returns a value that fits the schema, with the marker wherever text is allowed."""
    schema = resolved(schema)
    if "enum" in schema:
        return schema["enum"][0]
    match schema["type"]:
        case "object":
            return {name: fitting(each) for name, each in schema["properties"].items()}
        case "array":
            return [fitting(schema["items"])]
        case "string" if schema.get("format") != "date":
            return next(text for text in FITTING if re.search(schema.get("pattern", ""), text))
    return {"string": "2026-03-01", "boolean": False}.get(schema["type"], schema.get("minimum", 1))


def requests_of(operation: Any) -> Iterator[dict[str, Any]]:
    """Returns a request with the marker in every place, and one for each parameter and field that fits."""
    parameters = [each for each in operation.get("parameters", ()) if each["in"] != "path"]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    everything = {(each["in"], each["name"]): everywhere(each["schema"]) for each in parameters}
    yield {
        **_sent(everything | {("query", MARKER): MARKER, ("header", f"X-{MARKER}"): MARKER}),
        "json": {MARKER: MARKER},
    }
    for each in parameters:
        yield _sent({(each["in"], each["name"]): fitting(each["schema"])}) | ({"json": fitting(body)} if body else {})
    if body:
        yield {"json": everywhere(body)}
        yield {"content": f'{{"{MARKER}": {MARKER}}}', "headers": {"Content-Type": "application/json"}}
        yield {"content": MARKER, "headers": {"Content-Type": f"text/{MARKER}"}}
        shape = resolved(body)
        fields = {name: fitting(schema) for name, schema in shape["properties"].items()}
        # A batch that is not started stays as it is.
        needed = {name: fields[name] for name in fields if name in {*shape.get("required", ()), "start"}}
        yield from ({"json": {**needed, name: value}} for name, value in fields.items())


def _sent(parameters: Mapping[tuple[str, str], Any]) -> dict[str, Any]:
    return {
        "params": {name: value for (place, name), value in parameters.items() if place == "query"},
        "headers": {name: str(value) for (place, name), value in parameters.items() if place == "header"},
    }


def send_every_request(user: httpx.Client) -> set[int]:
    """Sends the requests of every operation, each with its own draft; returns the answered statuses."""
    statuses = set()
    for path, operations in DOCUMENT["paths"].items():
        for method, operation in operations.items():
            for request in requests_of(operation):
                draft = create_batch(user, "Lighthouse1", start=False)["id"] if "{" in path else ""
                ids = {"batch_id": draft, "item_id": "00001", "summary_id": f"{draft}-00001"}
                ids |= {"preset_name": MARKER, "video_id": VIDEOS[0], "follow_id": "unknown"}
                answer = user.request(method.upper(), path.removeprefix("/").format(**ids), **request)
                statuses.add(answer.status_code)
    return statuses


# --- Where it must not be -------------------------------------------------------------------------------------------


def kept_by_cloudwatch(stack: WholeStack, since: datetime) -> Iterator[str]:
    yield from stack.local.account.log_lines(since.timestamp())
    pages = stack.local.account.client("cloudwatch").get_paginator("list_metrics").paginate()
    yield from (json.dumps(metric, default=str) for page in pages for metric in page["Metrics"])


def kept_by_executions(stack: WholeStack, since: datetime) -> Iterator[str]:
    client, machine = stack.local.account.client("stepfunctions"), stack.local.description["state_machine_arn"]
    for page in client.get_paginator("list_executions").paginate(stateMachineArn=machine):
        for execution in page["executions"]:
            if execution["startDate"] < since:
                continue  # it belongs to another test, which did not write the marker
            yield json.dumps(client.describe_execution(executionArn=execution["executionArn"]), default=str)
            for event in history(stack.local.description, execution["name"]):
                yield json.dumps(event, default=str)


@pytest.fixture
def marked(stack: WholeStack) -> Iterator[WholeStack]:
    """A stack with videos and a playlist whose texts all hold the marker; one of the videos cannot be read."""
    stack.youtube.videos.update({video_id: marked_video(video_id) for video_id in VIDEOS})
    stack.youtube.playlists[PLAYLIST] = {"title": MARKER, "channel": MARKER, "videos": [VIDEOS[1], UNREADABLE]}
    stack.youtube.fail(Failure.CAPTIONS_OFF, UNREADABLE)
    yield stack
    for video_id in VIDEOS:
        del stack.youtube.videos[video_id]
    del stack.youtube.playlists[PLAYLIST]


def run_batches(stack: WholeStack, user: httpx.Client) -> str:
    """Runs batches that succeed and fail; returns what their owner can read about them."""
    links = [f"{MARKER} https://youtu.be/{VIDEOS[0]}?si={MARKER}", f"https://www.youtube.com/playlist?list={PLAYLIST}"]
    options = {"focus_areas": [MARKER], "instructions": MARKER, "digest": True}
    asked = {"name": MARKER, "options": options}
    done = await_status(user, create_batch(user, *links, **asked, model="openai")["id"])
    assert (done["progress"]["completed"], done["progress"]["failed"]) == (2, 1)
    read = user.get(f"batch/{done['id']}/digest").raise_for_status().text
    read += user.get(f"batch/{done['id']}/export").raise_for_status().text
    # Of known videos the queue knows the titles beforehand.
    user.post(f"batch/{done['id']}/retry", json={"all": True}).raise_for_status()
    await_status(user, done["id"])
    draft = create_batch(user, *links, **asked, start=False, preflight=True)["id"]
    await_status(user, draft, {"draft"}, until=lambda batch: batch["preflight"]["status"] == "ready")
    user.post(f"batch/{draft}/start").raise_for_status()
    await_status(user, draft)
    for failure in (ModelFailure.CUT_OFF, ModelFailure.REFUSAL):
        stack.model.fail(failure)
        failed = create_batch(user, VIDEOS[0], name=MARKER, model="openai", options={"instructions": failure})
        assert await_status(user, failed["id"])["progress"]["failed"] == 1
    return read + user.get("summaries").raise_for_status().text


def test_nothing_that_somebody_wrote_is_kept_in_logs_metrics_or_executions(
    marked: WholeStack, user: httpx.Client
) -> None:
    began = datetime.now(UTC).replace(microsecond=0)
    assert run_batches(marked, user).count(MARKER) > 5
    assert {200, 201, 202, 204, 400, 409, 415, 422} <= send_every_request(user)
    for kept in (list(kept_by_cloudwatch(marked, began)), list(kept_by_executions(marked, began))):
        assert len(kept) > 50
        assert [text for text in kept if MARKER.casefold() in text.casefold()] == []
    assert "Tracing" not in json.dumps(template.load("template.yaml")), "Look through the traces too."
