"""A user's own notifications and spending, and the prices of all models before one is chosen."""

from __future__ import annotations

import re
from contextlib import closing

from playwright.sync_api import Route, expect

from tests.browser import Visitor


def test_notifications_are_chosen_and_what_models_have_cost_is_shown(visitor: Visitor) -> None:
    page = visitor.page
    visitor.sign_in()
    page.get_by_role("link", name="Settings").click()
    expect(page.get_by_role("row", name="Your spending today")).to_contain_text("of $25.00")
    expect(page.get_by_label("A batch has paused")).to_be_hidden()  # nobody would be told
    assert visitor.axe_problems() == []
    page.get_by_label(f"Email to {visitor.email}").check()
    page.get_by_label("A batch has paused").uncheck()
    page.get_by_label("Videos of a channel or playlist that you follow have been summarized").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").filter(has_text="Your notification settings were saved.")).to_be_visible()
    page.reload()
    expect(page.get_by_label(f"Email to {visitor.email}")).to_be_checked()
    expect(page.get_by_label("A batch has paused")).not_to_be_checked()
    expect(
        page.get_by_label("Videos of a channel or playlist that you follow have been summarized")
    ).not_to_be_checked()
    expect(page.get_by_label("A batch is done")).to_be_checked()
    expect(page.get_by_text("Confirmed", exact=True)).to_be_visible()
    page.get_by_label("Webhook").fill("https://localhost/#part")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".notice.problem")).to_contain_text("without a fragment")
    assert visitor.axe_problems() == []


def test_a_model_without_a_key_leads_to_what_stores_one(visitor: Visitor) -> None:
    page = visitor.page
    visitor.sign_in()
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("listitem").filter(has_text="Claude").get_by_role("link", name="Needs a key").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Anthropic Claude .* needs a key$"))
    for way in ("Skimlist runs on your computer", "Skimlist runs on AWS"):
        page.get_by_text(way).click()
    assert visitor.axe_problems() == []
    expect(page.locator("pre")).to_have_text(
        [
            page.url,
            "ANTHROPIC_API_KEY=…",
            "aws ssm put-parameter --name /skimlist/anthropic-api-key --type SecureString --overwrite --value …",
        ]
    )
    page.get_by_role("main").get_by_role("link", name="Settings").click()
    expect(page.get_by_role("heading", name="Settings", exact=True)).to_be_visible()


def test_the_last_choice_counts_after_an_answer_was_lost(visitor: Visitor) -> None:
    page = visitor.page
    visitor.sign_in()
    page.get_by_role("link", name="Settings").click()
    email = page.get_by_label(f"Email to {visitor.email}")

    def lose_the_answer(route: Route) -> None:
        sent = route.request
        if sent.method == "PUT":
            with closing(visitor.stack.client_of(visitor.email, visitor.password)) as api:
                api.put(
                    "me", json=sent.post_data_json, headers={"If-Match": sent.headers["if-match"]}
                ).raise_for_status()
            route.abort()
        else:
            route.continue_()

    page.route("**/api/me", lose_the_answer)
    email.check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".notice.problem")).to_contain_text("cannot be reached")
    page.unroute("**/api/me")
    email.uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").filter(has_text="Your notification settings were saved.")).to_be_visible()
    page.reload()
    expect(email).not_to_be_checked()


def test_a_draft_is_priced_for_every_model_and_given_another(visitor: Visitor) -> None:
    page = visitor.page
    visitor.sign_in()
    page.locator("input[name=model] + span b", has_text="Luna").click()
    visitor.create("Save as draft", "Lighthouse1", "Steel_Box_1")
    page.locator(".preflight").get_by_role("button", name="Check the cost first").click()
    expect(page.get_by_role("heading", name="Checked: 2 videos")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Compare models").click()
    menu = page.get_by_role("dialog")
    expect(menu).to_contain_text("For 2 videos, based on their captions.")
    # In the order of the options.
    expect(menu.locator("label b")).to_have_text(
        ["OpenAI GPT-6 Luna", "OpenAI GPT-6.1 Terra", "Key sentences only", "Gemma 4 in Ollama"]
    )
    expect(menu.locator("label", has_text="Luna")).to_contain_text("about $0.")
    expect(menu.locator("label", has_text="Key sentences only")).to_contain_text("free · ")
    menu.get_by_label("Key sentences only").check()
    assert visitor.axe_problems() == []
    menu.get_by_role("button", name="Use this model").click()
    expect(page.locator(".head-line")).to_contain_text("Key sentences only")
    expect(page.get_by_role("heading", name="Checked: 2 videos")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("row", name="Costs about")).to_contain_text("$0.00")
