"""Digests on the page: what is new comes first, doubts stay quiet, and one that lacks videos says so."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Any

from playwright.sync_api import Locator, Page, expect

from skimlist.errors import DigestFailed, DigestOverBudget, ModelRefused, SkimlistError, WorkflowStuck
from testkit.functions import documented_answers
from tests.browser import Visitor

BATCH = "/batch/b7f3"


def reopen(visitor: Visitor, place: str) -> None:
    """Opens a view again, so that it shows what the API answers now."""
    visitor.go("/nowhere")
    visitor.heading("Page not found").wait_for()
    visitor.go(place)


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


def what_is_new_follows_the_overview_with_its_sources_before_its_doubts(
    visitor: Visitor, documented: dict[str, Any]
) -> None:
    page = visitor.page
    page.set_viewport_size({"width": 1280, "height": 844})
    show(visitor, documented["batch_with_items"], written(documented))
    reopen(visitor, f"{BATCH}/digest")
    visitor.heading("Digest of 4 new videos").wait_for()
    new, among = page.locator(".digest .group").all()
    expect(new.locator("h2")).to_have_text("New compared with earlier videos")
    expect(new.locator("h3")).to_have_text("Goes beyond earlier videos")
    expect(among.locator("h2")).to_have_text("Across the new videos")
    expect(among.locator("h3").first).to_have_text("What each video is about")
    assert top(new.locator("h3")) < 844  # in sight without scrolling
    statement, earlier = page.locator(".statement").first, page.locator(".compared summary")
    now, before = statement.locator(".labelled").all()
    remark, label, sources = statement.locator(".remark"), before.locator("p"), before.locator("ul")
    expect(remark).to_have_text(
        "The digest says “1823”, but the summaries of these videos do not. Check it in the videos."
    )
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        assert bottom(page.locator(".lead")) <= top(new)
        assert bottom(before) <= top(remark)
        # The sources stand in the line of their label.
        assert bottom(now) <= top(before)
        assert max(top(label), top(sources)) < min(bottom(label), bottom(sources))
        assert bottom(earlier) < top(page.locator(".lead"))
    # The earlier videos are named where they are first mentioned, and can be looked at there.
    expect(earlier).to_have_text(
        "Compared with 3 earlier videos: \u2068The First Lighthouses\u2069, \u2068Lamps before Lenses\u2069, and 1 more"
    )
    earlier.click()
    expect(page.get_by_role("list", name="Earlier videos")).to_be_visible()
    assert visitor.axe_problems() == []


def a_video_is_named_once_with_all_its_moments(visitor: Visitor, documented: dict[str, Any]) -> None:
    page, digest = visitor.page, written(documented)
    first, other = digest["themes"][0]["evidence"][0], digest["themes"][1]["evidence"][0]
    again = {**first, "start_seconds": 150.0}
    digest["agreements"] = [{"text": "Both need patience.", "evidence": [first, other, again], "check": None}]
    show(visitor, documented["batch_with_items"], digest)
    reopen(visitor, f"{BATCH}/digest")
    claim = page.locator(".statement").filter(has_text="Both need patience.")
    expect(claim.get_by_role("listitem")).to_have_text([f"{first['title']}1:522:30", f"{other['title']}1:47"])
    times = claim.locator(".time").evaluate_all("times => times.map(time => time.offsetWidth)")
    assert max(times) < 80


def statements_to_check_are_listed(visitor: Visitor, documented: dict[str, Any]) -> None:
    page, batch = visitor.page, {**documented["batch_with_items"], **DONE, "unverified": 2, "next_cursor": None}
    first, *others = batch["items"]
    assert others
    batch["items"] = [{**first, "unverified": 2}, *others]
    batch["progress"] = {**batch["progress"], "total": len(batch["items"]), "completed": len(batch["items"])}
    show(visitor, batch, documented["digest"])
    reopen(visitor, BATCH)
    expect(page.locator(".row")).to_have_count(len(batch["items"]))
    page.get_by_role("link", name="2 statements to check").click()
    expect(page.locator(".row")).to_have_count(1)
    expect(page.locator(".row .second")).to_contain_text("2 statements to check")
    expect(page.get_by_label("Status")).to_have_value("doubtful")


def quotations_are_called_quotations_and_one_new_video_is_one(visitor: Visitor, documented: dict[str, Any]) -> None:
    batch, digest, header = (
        documented["batch_with_items"],
        documented["digest"],
        visitor.page.locator(".digest > header"),
    )
    batch |= {"status": "completed", "progress": {**batch["progress"], "completed": 4, "left": 0}}
    show(visitor, batch, digest)
    reopen(visitor, f"{BATCH}/digest")
    visitor.heading("Quotations from 4 videos").wait_for()
    expect(header).to_contain_text("word for word")
    expect(visitor.page.locator(".digest .hint-box")).to_have_count(0)

    batch["progress"] |= {"total": 1, "completed": 1}
    alone = {"videos": 1, "themes": digest["themes"][:1], "agreements": [], "differences": [], "watch_order": []}
    for new, title, quoting in (
        (digest | alone, "Quotations from 1 video", True),
        (written(documented) | alone, "Digest of 1 new video", False),
    ):
        show(visitor, batch, new)
        visitor.go("/nowhere")
        visitor.heading("Page not found").wait_for()
        visitor.go(f"{BATCH}/digest")
        visitor.heading(title).wait_for()
        expect(header).to_contain_text("Compared with 3 earlier videos")
        said = header.get_by_text("What the video says, word for word.")
        expect(said).to_be_visible(visible=quoting)
        expect(visitor.heading("In the new video")).to_be_visible()


def a_doubt_about_several_facts_is_german_too(visitor: Visitor, documented: dict[str, Any]) -> None:
    digest = written(documented)
    digest["news"]["videos"] = 1
    digest["news"]["beyond"][0]["check"]["missing"] = ["36", "Oslo"]
    show(visitor, documented["batch_with_items"], digest)
    reopen(visitor, f"{BATCH}/digest")
    visitor.page.evaluate("localStorage.setItem('skimlist.language', 'de')")
    visitor.page.reload()
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


INCOMPLETE: list[tuple[dict[str, Any], str, SkimlistError | None, str]] = [
    (RUNNING, "ready", None, ". It will be rewritten when the others are done."),
    (CANCELLED, "ready", None, ". Retry the batch to rewrite the digest."),
    (RUNNING, "pending", None, ". It will be rewritten when the others are done."),
    (STUCK, "ready", None, ". Retry the batch to summarize the others and rewrite the digest."),
    (DONE, "failed", ModelRefused(), " and could not be rewritten: The model refused"),
    (DONE, "failed", DigestFailed(), " and could not be rewritten: The digest of this batch could not be made. Retry"),
    (DONE, "failed", DigestOverBudget(), " and could not be rewritten: The digest would exceed the batch’s budget. Re"),
]


def a_digest_that_lacks_videos_says_so_where_it_is_offered(visitor: Visitor, documented: dict[str, Any]) -> None:
    page, note = visitor.page, visitor.page.locator(".coverage")
    visitor.go("/nowhere")
    for changes, state, error, says in INCOMPLETE:
        digest = {"status": state, "error": error and asdict(error.as_problem()), "videos": 2}
        show(
            visitor,
            {**documented["batch_with_items"], **changes, "digest": digest},
            {**documented["digest"], "videos": 2},
        )
        visitor.heading("Page not found").wait_for()
        visitor.go(BATCH)
        expect(note).to_contain_text(f"The digest covers 2 videos{says}")
        expect(visitor.heading("Digest")).to_be_hidden()  # the box beside the videos
        is_advised = "Retry the batch" in note.inner_text()
        expect(page.locator(".commands").get_by_role("button", name="Retry")).to_be_visible(visible=is_advised)
        page.get_by_role("link", name="Digest", exact=True).click()
        page.get_by_role("heading", name=re.compile("Quotations from 2 of [34] videos")).wait_for()
        expect(page.locator(".digest .hint-box")).to_contain_text(f"The digest covers 2 videos{says}")
        visitor.go("/nowhere")


def failed_videos_are_retried_without_raising_the_budget_of_the_digest(
    visitor: Visitor, documented: dict[str, Any]
) -> None:
    page, problem = visitor.page, asdict(DigestOverBudget().as_problem())
    batch = {**documented["batch_with_items"], **DONE, "digest": {"status": "failed", "error": problem, "videos": 2}}
    batch["progress"] = {**batch["progress"], "failed": 1}
    show(visitor, batch, documented["digest"])
    page.route("**/batch/b7f3/retry", lambda route: route.fulfill(json=batch))
    reopen(visitor, BATCH)
    commands = page.locator(".commands")
    with page.expect_request("**/batch/b7f3/retry") as sent:
        commands.get_by_role("button", name="Retry 1 failed video").click()
    assert sent.value.post_data_json == {}
    commands.get_by_role("button", name="Raise the budget for the digest").click()
    page.get_by_label("New budget in dollars").fill("4")
    with page.expect_request("**/batch/b7f3/retry") as sent:
        page.get_by_role("dialog").get_by_role("button", name="Retry").click()
    assert sent.value.post_data_json == {"max_cost_usd": "4"}

    # Where nothing else failed, the only retry is that of the digest.
    batch["progress"]["failed"] = 0
    page.reload()
    commands.get_by_role("button", name="Retry").click()
    page.get_by_label("New budget in dollars").fill("3")
    with page.expect_request("**/batch/b7f3/retry") as sent:
        page.get_by_role("dialog").get_by_role("button", name="Retry").click()
    assert sent.value.post_data_json == {"max_cost_usd": "3"}

    # A digest of all videos says nothing of others.
    batch["digest"] = {"status": "ready", "error": None, "videos": 4}
    page.reload()
    expect(page.get_by_role("link", name="Digest", exact=True)).to_be_visible()
    expect(page.locator(".coverage")).to_be_hidden()


def test_digests_and_what_they_lack(visitor: Visitor) -> None:
    visitor.sign_in_at("/nowhere")
    for part in (
        what_is_new_follows_the_overview_with_its_sources_before_its_doubts,
        a_video_is_named_once_with_all_its_moments,
        statements_to_check_are_listed,
        quotations_are_called_quotations_and_one_new_video_is_one,
        a_digest_that_lacks_videos_says_so_where_it_is_offered,
        failed_videos_are_retried_without_raising_the_budget_of_the_digest,
        a_doubt_about_several_facts_is_german_too,
    ):
        visitor.page.set_viewport_size({"width": 1280, "height": 900})
        part(visitor, documented_answers())


def test_an_address_is_kept_while_its_reader_signs_in(visitor: Visitor) -> None:
    page, answers = visitor.page, documented_answers()
    show(visitor, answers["batch_with_items"], answers["digest"])
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
