"""Digests on the page: what is new comes first, doubts stay quiet, and one that lacks videos says so."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from skimlist.errors import DigestFailed, DigestOverBudget, ModelRefused, SkimlistError, WorkflowStuck
from testkit.template import ROOT
from tests.browser import Visitor

BATCH = "/batch/b7f3"


@pytest.fixture
def documented() -> dict[str, Any]:
    answers: dict[str, Any] = json.loads((ROOT / "local" / "openapi_examples.json").read_text(encoding="utf-8"))[
        "answers"
    ]
    return answers


def show(visitor: Visitor, batch: dict[str, Any], digest: dict[str, Any]) -> None:
    """Lets the API answer with these."""
    visitor.page.route("**/batch/b7f3/digest", lambda route: route.fulfill(json=digest))
    visitor.page.route(re.compile(r"/batch/b7f3\?"), lambda route: route.fulfill(json=batch))


def written(documented: dict[str, Any]) -> dict[str, Any]:
    """A digest in a model's own words that is compared with earlier videos, and contains doubtful claims."""
    digest: dict[str, Any] = documented["digest"]
    (claim,) = digest["news"]["beyond"]
    doubt = {"status": "unverified", "missing": ["1823"], "reason": None}
    overview = "Lamps and bread have little in common but patience. " * 12
    news = {**digest["news"], "by_words": False}
    news["beyond"] = [{**claim, "text": "The lens of 1823 replaced the mirrors.", "check": doubt}]
    return {**digest, "model": "openai", "overview": overview, "overview_check": doubt, "news": news}


def top(node: Locator) -> float:
    place = node.bounding_box()
    assert place
    return place["y"]


def bottom(node: Locator) -> float:
    place = node.bounding_box()
    assert place
    return place["y"] + place["height"]


@pytest.mark.parametrize("width", [1280, 390])
def test_what_is_new_follows_the_overview_with_its_sources_before_its_doubts(
    visitor: Visitor, documented: dict[str, Any], width: int
) -> None:
    page = visitor.page
    page.set_viewport_size({"width": width, "height": 844})
    show(visitor, documented["batch_with_items"], written(documented))
    visitor.sign_in()
    visitor.go(f"{BATCH}/digest")
    visitor.heading("Digest of 4 new videos").wait_for()
    new, among = page.locator(".digest .group").all()
    expect(new.locator("h2")).to_have_text("New compared with earlier videos")
    expect(new.locator("h3")).to_have_text("Goes beyond earlier videos")
    expect(among.locator("h2")).to_have_text("Across the new videos")
    expect(among.locator("h3").first).to_have_text("What each video is about")
    assert bottom(page.locator(".lead")) <= top(new)
    assert width == 390 or top(new.locator("h3")) < 844  # in sight without scrolling
    statement = page.locator(".statement").first
    now, before = statement.locator(".labelled").all()
    remark = statement.locator(".remark")
    expect(remark).to_have_text(
        "The digest says “1823”, but the summaries of these videos do not. Check it in the videos."
    )
    assert bottom(before) <= top(remark)
    # The sources stand in the line of their label.
    label, sources = before.locator("p"), before.locator("ul")
    assert bottom(now) <= top(before)
    assert max(top(label), top(sources)) < min(bottom(label), bottom(sources))
    # The earlier videos are named where they are first mentioned, and can be looked at there.
    earlier = page.locator(".compared summary")
    expect(earlier).to_have_text(
        "Compared with 3 earlier videos: \u2068The First Lighthouses\u2069, \u2068Lamps before Lenses\u2069, and 1 more"
    )
    assert bottom(earlier) < top(page.locator(".lead"))
    earlier.click()
    expect(page.get_by_role("list", name="Earlier videos")).to_be_visible()
    assert visitor.axe_problems() == []


def test_a_video_is_named_once_with_all_its_moments(visitor: Visitor, documented: dict[str, Any]) -> None:
    page, digest = visitor.page, written(documented)
    first, other = digest["themes"][0]["evidence"][0], digest["themes"][1]["evidence"][0]
    again = {**first, "start_seconds": 150.0}
    digest["agreements"] = [{"text": "Both need patience.", "evidence": [first, other, again], "check": None}]
    show(visitor, documented["batch_with_items"], digest)
    visitor.sign_in()
    visitor.go(f"{BATCH}/digest")
    claim = page.locator(".statement").filter(has_text="Both need patience.")
    expect(claim.get_by_role("listitem")).to_have_text([f"{first['title']}1:522:30", f"{other['title']}1:47"])
    times = claim.locator(".time").evaluate_all("times => times.map(time => time.offsetWidth)")
    assert max(times) < 80


def test_statements_to_check_are_listed(visitor: Visitor, documented: dict[str, Any]) -> None:
    page, batch = visitor.page, {**documented["batch_with_items"], **DONE, "unverified": 2, "next_cursor": None}
    first, *others = batch["items"]
    assert others
    batch["items"] = [{**first, "unverified": 2}, *others]
    batch["progress"] = {**batch["progress"], "total": len(batch["items"]), "completed": len(batch["items"])}
    show(visitor, batch, documented["digest"])
    visitor.sign_in()
    visitor.go(BATCH)
    expect(page.locator(".row")).to_have_count(len(batch["items"]))
    page.get_by_role("link", name="2 statements to check").click()
    expect(page.locator(".row")).to_have_count(1)
    expect(page.locator(".row .second")).to_contain_text("2 statements to check")
    expect(page.get_by_label("Status")).to_have_value("doubtful")


def test_quotations_are_called_quotations(visitor: Visitor, documented: dict[str, Any]) -> None:
    batch = documented["batch_with_items"]
    batch |= {"status": "completed", "progress": {**batch["progress"], "completed": 4, "left": 0}}
    show(visitor, batch, documented["digest"])
    visitor.sign_in()
    visitor.go(f"{BATCH}/digest")
    visitor.heading("Quotations from 4 videos").wait_for()
    expect(visitor.page.locator(".digest > header")).to_contain_text("word for word")
    expect(visitor.page.locator(".digest .hint-box")).to_have_count(0)


@pytest.mark.parametrize(("quoting", "title"), [(True, "Quotations from 1 video"), (False, "Digest of 1 new video")])
def test_a_digest_of_one_new_video_speaks_of_one(
    visitor: Visitor, documented: dict[str, Any], quoting: bool, title: str
) -> None:
    batch, digest = documented["batch_with_items"], documented["digest"] if quoting else written(documented)
    batch |= {"status": "completed", "progress": {**batch["progress"], "total": 1, "completed": 1, "left": 0}}
    digest |= {"videos": 1, "themes": digest["themes"][:1], "agreements": [], "differences": [], "watch_order": []}
    show(visitor, batch, digest)
    visitor.sign_in()
    visitor.go(f"{BATCH}/digest")
    visitor.heading(title).wait_for()
    header = visitor.page.locator(".digest > header")
    expect(header).to_contain_text("Compared with 3 earlier videos")
    said = header.get_by_text("What the video says, word for word.")
    expect(said).to_be_visible(visible=quoting)
    expect(visitor.heading("In the new video")).to_be_visible()


def test_a_doubt_about_several_facts_is_german_too(visitor: Visitor, documented: dict[str, Any]) -> None:
    digest = written(documented)
    digest["news"]["videos"] = 1
    digest["news"]["beyond"][0]["check"]["missing"] = ["36", "Oslo"]
    show(visitor, documented["batch_with_items"], digest)
    visitor.sign_in()
    visitor.page.evaluate("localStorage.setItem('skimlist.language', 'de')")
    visitor.page.reload()
    visitor.go(f"{BATCH}/digest")
    remark = visitor.page.locator(".statement .remark")
    expect(remark.first).to_contain_text(
        "Der Überblick nennt „36“ und „Oslo“, die Zusammenfassungen dieser Videos aber"
    )
    expect(visitor.page.get_by_text("Verglichen mit 1 früheren Video", exact=True)).to_be_visible()


def progress(completed: int, *, skipped: int = 0, left: int = 0) -> dict[str, Any]:
    counts = {"total": completed + skipped + left, "completed": completed, "failed": 0, "skipped": skipped}
    return {"progress": {**counts, "left": left, "percent": 100 * completed // 4, "current_video": None}}


RUNNING = {"status": "processing", **progress(2, left=2)}
CANCELLED = {"status": "cancelled", **progress(3, skipped=1)}
STUCK = {"status": "completed", **progress(2, left=2), "error": asdict(WorkflowStuck().as_problem())}
DONE = {"status": "completed", **progress(4)}


@pytest.mark.parametrize(
    ("batch", "state", "error", "says"),
    [
        (RUNNING, "ready", None, ". It will be rewritten when the others are done."),
        (RUNNING, "pending", None, ". It will be rewritten when the others are done."),
        (CANCELLED, "ready", None, ". Retry the batch to rewrite the digest."),
        (STUCK, "ready", None, ". Retry the batch to summarize the others and rewrite the digest."),
        (DONE, "failed", ModelRefused(), " and could not be rewritten: The model refused"),
        (
            DONE,
            "failed",
            DigestFailed(),
            " and could not be rewritten: The digest of this batch could not be made. Retry",
        ),
        (
            DONE,
            "failed",
            DigestOverBudget(),
            " and could not be rewritten: The digest would exceed the batch’s budget. Re",
        ),
    ],
)
def test_a_digest_that_lacks_videos_says_so_where_it_is_offered(
    visitor: Visitor,
    documented: dict[str, Any],
    batch: dict[str, Any],
    state: str,
    error: SkimlistError | None,
    says: str,
) -> None:
    page, problem = visitor.page, error and asdict(error.as_problem())
    batch = {**documented["batch_with_items"], **batch, "digest": {"status": state, "error": problem, "videos": 2}}
    show(visitor, batch, {**documented["digest"], "videos": 2})
    visitor.sign_in()
    visitor.go(BATCH)
    note = page.locator(".coverage")
    expect(note).to_contain_text(f"The digest covers 2 videos{says}")
    expect(visitor.heading("Digest")).to_be_hidden()  # the box beside the videos
    is_advised = "Retry the batch" in note.inner_text()
    expect(page.locator(".commands").get_by_role("button", name="Retry")).to_be_visible(visible=is_advised)
    page.get_by_role("link", name="Digest", exact=True).click()
    page.get_by_role("heading", name=re.compile("Quotations from 2 of [34] videos")).wait_for()
    expect(page.locator(".digest .hint-box")).to_contain_text(f"The digest covers 2 videos{says}")


def test_a_digest_over_its_budget_is_retried_with_a_higher_one(visitor: Visitor, documented: dict[str, Any]) -> None:
    page, problem = visitor.page, asdict(DigestOverBudget().as_problem())
    batch = {**documented["batch_with_items"], **DONE, "digest": {"status": "failed", "error": problem, "videos": 0}}
    show(visitor, batch, documented["digest"])
    page.route("**/batch/b7f3/retry", lambda route: route.fulfill(json={**batch, "status": "processing"}))
    visitor.sign_in()
    visitor.go(BATCH)
    page.locator(".commands").get_by_role("button", name="Retry").click()
    page.get_by_label("New budget in dollars").fill("4")
    with page.expect_request("**/batch/b7f3/retry") as sent:
        page.get_by_role("dialog").get_by_role("button", name="Retry").click()
    assert sent.value.post_data_json == {"max_cost_usd": "4"}


def test_failed_videos_are_retried_without_raising_the_budget_of_the_digest(
    visitor: Visitor, documented: dict[str, Any]
) -> None:
    page, problem = visitor.page, asdict(DigestOverBudget().as_problem())
    batch = {**documented["batch_with_items"], **DONE, "digest": {"status": "failed", "error": problem, "videos": 2}}
    batch["progress"] = {**batch["progress"], "failed": 1}
    show(visitor, batch, documented["digest"])
    page.route("**/batch/b7f3/retry", lambda route: route.fulfill(json=batch))
    visitor.sign_in()
    visitor.go(BATCH)
    commands = page.locator(".commands")
    with page.expect_request("**/batch/b7f3/retry") as sent:
        commands.get_by_role("button", name="Retry 1 failed video").click()
    assert sent.value.post_data_json == {}
    commands.get_by_role("button", name="Raise the budget for the digest").click()
    page.get_by_label("New budget in dollars").fill("4")
    with page.expect_request("**/batch/b7f3/retry") as sent:
        page.get_by_role("dialog").get_by_role("button", name="Retry").click()
    assert sent.value.post_data_json == {"max_cost_usd": "4"}


def test_a_whole_digest_says_nothing_of_others(visitor: Visitor, documented: dict[str, Any]) -> None:
    page, batch = visitor.page, documented["batch_with_items"]
    batch |= {"status": "completed", "digest": {"status": "ready", "error": None, "videos": 4}}
    batch["progress"] |= {"completed": 4, "left": 0}
    show(visitor, batch, documented["digest"])
    visitor.sign_in()
    visitor.go(BATCH)
    expect(page.get_by_role("link", name="Digest", exact=True)).to_be_visible()
    expect(page.locator(".coverage")).to_be_hidden()


def test_an_address_is_kept_while_its_reader_signs_in(visitor: Visitor, documented: dict[str, Any]) -> None:
    page = visitor.page
    show(visitor, documented["batch_with_items"], documented["digest"])
    page.goto(f"{visitor.origin}/#{BATCH}/digest")
    visitor.heading("Sign in").wait_for()
    fill_in(page, visitor.email, visitor.password)
    visitor.heading("Quotations from 4 videos").wait_for()
    assert page.url.endswith(f"#{BATCH}/digest")
    # So it is when the session is lost.
    page.evaluate("sessionStorage.clear(); location.reload()")
    fill_in(page, visitor.email, visitor.password)
    visitor.heading("Quotations from 4 videos").wait_for()


def fill_in(page: Page, email: str, password: str) -> None:
    page.get_by_label("Email").fill(email)
    page.get_by_role("textbox", name="Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
