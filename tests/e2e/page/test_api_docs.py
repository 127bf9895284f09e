"""The browsable description of the API, as a developer finds it."""

from __future__ import annotations

import json
import re
from typing import Any

from playwright.sync_api import expect

from testkit.functions import openapi_document
from tests.browser import Visitor

DOCUMENT = openapi_document()


def document_of(*paths: str) -> dict[str, Any]:
    """The document with these paths alone, and with what they refer to."""
    kept = {path: DOCUMENT["paths"][path] for path in paths}
    known = DOCUMENT["components"]
    components: dict[str, Any] = {kind: {} for kind in known} | {"securitySchemes": known["securitySchemes"]}
    while True:
        references = re.findall(r'"#/components/(\w+)/(\w+)"', json.dumps([kept, components]))
        missing = [(kind, name) for kind, name in references if name not in components[kind]]
        if not missing:
            return {**DOCUMENT, "paths": kept, "components": components}
        for kind, name in missing:
            components[kind][name] = known[kind][name]


def test_operations_show_their_examples_and_can_be_tried_out(visitor: Visitor) -> None:
    with visitor.stack.client_of(visitor.email, visitor.password) as api:
        token = api.headers["Authorization"].removeprefix("Bearer ")
    page = visitor.page
    # Of the whole document, Swagger UI would take seconds of a processor at each click.
    used = document_of("/batch/create", "/batch/validate")
    page.route("**/openapi.json", lambda route: route.fulfill(json=used))
    page.goto(f"{visitor.stack.local.description['api_url']}/docs")
    expect(page.locator(".opblock")).to_have_count(2)
    assert page.locator(".opblock-tag").all_inner_texts()[0].startswith("Batches")
    create = page.locator(".opblock", has_text="/batch/create")
    create.locator(".opblock-summary-control").click()
    expect(create.locator(".opblock-description")).to_contain_text("Creates a batch of videos and playlists")
    examples = create.locator(".opblock-section-request-body select.examples-select-element option")
    channel = "The newest videos of a channel, and a whole playlist"
    draft = "A draft that says what it will cost"
    expect(examples).to_have_text(["Start at once", "The required fields alone", channel, draft])
    expect(create.locator(".response[data-code='409']")).to_contain_text("batch_deleted")

    page.get_by_role("button", name="Authorize").click()
    page.get_by_label("auth-bearer-value").fill(token)
    page.get_by_role("button", name="Apply credentials").click()
    page.get_by_role("button", name="Close").click()
    validate = page.locator(".opblock", has_text="/batch/validate")
    validate.locator(".opblock-summary-control").click()
    validate.get_by_role("button", name="Try it out").click()
    validate.get_by_role("button", name="Execute").click()
    answer = validate.locator(".live-responses-table .response .highlight-code code").first
    expect(answer).to_contain_text('"valid"')
    counts = json.loads(answer.inner_text())
    assert (counts["valid"], counts["duplicates"], counts["playlists"], counts["invalid"]) == (1, 1, 1, 1)
