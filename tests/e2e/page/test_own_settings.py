"""A user's own presets, notifications and spending, and the prices of all models before one is chosen."""

from __future__ import annotations

import re
from contextlib import closing

import pytest
from playwright.sync_api import Route, expect

from tests.browser import Visitor


def test_a_users_own_settings_are_kept_and_a_model_without_a_key_leads_to_what_stores_one(visitor: Visitor) -> None:
    visitor.page.goto(visitor.sign_in_url)
    visitor.page.get_by_role("button", name="Sign in").click()
    settings_are_kept_under_a_name_and_chosen_again(visitor)
    visitor.page.get_by_role("link", name="Settings").click()
    notifications_are_chosen_and_what_models_have_cost_is_shown(visitor)
    visitor.page.reload()
    the_last_choice_counts_after_an_answer_was_lost(visitor)
    a_model_without_a_key_leads_to_what_stores_one(visitor)


def settings_are_kept_under_a_name_and_chosen_again(visitor: Visitor) -> None:
    page = visitor.page
    models = page.locator("input[name=model] + span b")
    # Those with a key come first; what is free and needs none may not be running.
    expect(models).to_have_text(
        ["OpenAI GPT-6 Luna", "OpenAI GPT-6.1 Terra", "Key sentences only", "Gemma 4 in Ollama"]
    )
    options = page.locator(".settings > summary")
    expect(options).to_contain_text("OpenAI GPT-6 Luna · length: standard")
    options.click()
    page.get_by_label("Key sentences only").check()
    page.get_by_label("Brief").check()
    page.get_by_label("Budget").fill("0.50")
    options.click()
    page.get_by_role("button", name="Save as preset").click()  # also while they are folded
    page.get_by_label("Name", exact=True).last.fill("Quick & cheap")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").filter(has_text="was saved")).to_be_visible()
    page.reload()
    preset = page.get_by_label("Preset", exact=True)
    expect(preset).to_contain_text("Quick & cheap")
    expect(page.get_by_label("Standard")).to_be_checked()
    expect(page.locator("input[name=model]:checked + span")).to_contain_text("OpenAI")
    preset.select_option("Quick & cheap")
    expect(options).to_contain_text("Key sentences only · length: brief · budget $0.50")
    expect(page.get_by_label("Key sentences only")).to_be_checked()
    expect(page.get_by_label("Brief")).to_be_checked()
    expect(page.get_by_label("Budget")).to_have_value("0.5")
    # The button that deletes it stands beside it, and not alone in a line of its own.
    middles = page.locator(".presets :is(select, button)").evaluate_all(
        "parts => parts.map(part => part.getBoundingClientRect()).map(({ top, bottom }) => (top + bottom) / 2)"
    )
    assert middles == pytest.approx([middles[0]] * 3, abs=2)

    # What is changed is no longer the preset, and without the preset the settings are as they were before it.
    options.click()
    page.get_by_label("Detailed").check()
    expect(preset).to_have_value("")
    expect(page.get_by_role("button", name="Delete the preset")).to_be_hidden()
    preset.select_option("Quick & cheap")
    expect(page.get_by_label("Brief")).to_be_checked()
    preset.select_option("none")
    expect(options).to_contain_text("Key sentences only · length: detailed · budget $0.50")
    preset.select_option("Quick & cheap")
    page.get_by_role("button", name="Delete the preset “Quick & cheap”").click()
    expect(preset).to_be_hidden()
    page.get_by_role("button", name="Undo").click()
    expect(preset).to_have_value("Quick & cheap")


def notifications_are_chosen_and_what_models_have_cost_is_shown(visitor: Visitor) -> None:
    page = visitor.page
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


def the_last_choice_counts_after_an_answer_was_lost(visitor: Visitor) -> None:
    page = visitor.page
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
    email.uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".notice.problem")).to_contain_text("cannot be reached")
    page.unroute("**/api/me")
    email.check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").filter(has_text="Your notification settings were saved.")).to_be_visible()
    page.reload()
    expect(email).to_be_checked()


def a_model_without_a_key_leads_to_what_stores_one(visitor: Visitor) -> None:
    page = visitor.page
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


def test_the_forecast_of_a_draft_warns_of_its_budget_and_compares_models(visitor: Visitor) -> None:
    page = visitor.page
    visitor.sign_in()
    page.get_by_label("OpenAI GPT-6.1 Terra").check()
    page.get_by_label("Budget").press_sequentially("0,01")  # with a comma, as in many languages
    visitor.create("Save as draft", "Lighthouse1", "Sauerteig_1", "Silent_Film")
    page.locator(".preflight").get_by_role("button", name="Check the cost first").click()
    expect(visitor.heading("2 of 3 videos can be summarized")).to_be_visible(timeout=60_000)
    totals = page.get_by_role("table")
    expect(totals).to_contain_text("Total length8 min 54 s")
    expect(totals.get_by_role("row", name="Costs about")).to_contain_text(re.compile(r"\$0\.0\d+"))
    expect(
        page.get_by_text(re.compile(r"about \$0\.0\d+, which is \$0\.0\d above your budget of \$0\.01"))
    ).to_be_visible()
    expect(page.locator(".preflight").get_by_role("button").first).to_have_text("Raise the budget")
    expect(visitor.row("How a Lighthouse Throws Light Twenty Miles")).to_contain_text(re.compile(r"English.*tokens"))
    expect(visitor.row("A Tide Comes In, Without a Word")).to_contain_text("Captions are switched off for this video.")
    assert visitor.axe_problems() == []

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
    expect(visitor.heading("2 of 3 videos can be summarized")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("row", name="Costs about")).to_contain_text("$0.00")
