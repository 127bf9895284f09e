"""A pasted list that was not sent: it is restored, closing the tab asks about it, and signing out removes it."""

from __future__ import annotations

from contextlib import suppress

from playwright.sync_api import Dialog, Error, Page, expect

from tests.browser import Visitor
from tests.e2e.page.test_errors import refuse
from tests.e2e.page.test_session import is_cognito, refuse_with, sign_in_again


def test_a_paste_that_was_not_sent_is_asked_about_restored_and_removed(visitor: Visitor) -> None:
    visitor.open_batch("Lighthouse1")
    closing_the_tab_asks_while_something_unsent_stands_there(visitor)
    visitor.go("/")
    visitor.page.locator(".settings > summary").click()
    a_paste_whose_check_failed_meanwhile_is_checked_when_it_is_restored(visitor)
    a_paste_is_restored_after_a_visit_to_another_view(visitor)
    a_session_that_ends_by_itself_leaves_a_paste_to_its_owner_alone(visitor)
    signing_out_removes_a_paste(visitor)


def closing_the_tab_asks_while_something_unsent_stands_there(visitor: Visitor) -> None:
    page = visitor.page
    expect(page.locator(".name-line .pill")).to_have_text("Done", timeout=60_000)
    batch = page.url.partition("#")[2]
    page.get_by_role("link", name="Skimlist").click()
    visitor.paste("Sauerteig_1")
    visitor.go(batch)
    with page.expect_download():  # does not come when the browser asks whether to leave
        page.get_by_role("button", name="ZIP").click()
    # A second after the download began, the page asks again; what begins to wait later ends later.
    page.evaluate("() => new Promise((done) => setTimeout(done, 1_000))")
    assert questions_at_the_end(page) == ["beforeunload"]


def a_paste_whose_check_failed_meanwhile_is_checked_when_it_is_restored(visitor: Visitor) -> None:
    page = visitor.page
    page.route("**/batch/validate", refuse, times=1)
    visitor.paste("Lighthouse1")
    expect(page.locator(".links-counts")).to_contain_text("could not be checked")
    visitor.go("/history")
    visitor.heading("Summaries").wait_for()
    page.wait_for_timeout(3_500)
    page.go_back()
    expect(page.get_by_role("button", name="Start 1 video")).to_be_enabled()


def a_paste_is_restored_after_a_visit_to_another_view(visitor: Visitor) -> None:
    page = visitor.page
    visitor.paste("Lighthouse1", "Sauerteig_1")
    page.get_by_label("Name").fill("Two of them")
    page.get_by_text("Detailed").click()
    visitor.go("/history")
    visitor.heading("Summaries").wait_for()
    page.go_back()
    expect(page.get_by_label("Links", exact=True)).to_have_value("Lighthouse1\nSauerteig_1")
    expect(page.get_by_label("Name")).to_have_value("Two of them")
    expect(page.get_by_role("radio", name="Detailed")).to_be_checked()
    page.get_by_role("button", name="Save as draft").click()
    visitor.heading("A draft of 2 videos").wait_for()
    page.get_by_role("link", name="Skimlist").click()
    expect(page.get_by_label("Links", exact=True)).to_have_value("")
    expect(page.get_by_label("Name")).to_have_value("")
    # What was chosen is chosen again for the next batch, also after the page was reloaded.
    page.reload()
    expect(page.locator(".settings > summary")).to_contain_text("length: detailed")


def a_session_that_ends_by_itself_leaves_a_paste_to_its_owner_alone(visitor: Visitor) -> None:
    page = visitor.page
    visitor.paste("Lighthouse1")
    end_session(page)
    sign_in_again(visitor)
    expect(page.get_by_label("Links", exact=True)).to_have_value("Lighthouse1")
    end_session(page)
    visitor.email, visitor.password = visitor.stack.new_user()
    sign_in_again(visitor)
    expect(page.get_by_label("Links", exact=True)).to_have_value("")


def signing_out_removes_a_paste(visitor: Visitor) -> None:
    page = visitor.page
    visitor.paste("Lighthouse1")
    page.get_by_role("button", name="Sign out").click()
    sign_in_again(visitor)
    expect(page.get_by_label("Links", exact=True)).to_have_value("")
    assert questions_at_the_end(page) == []


def questions_at_the_end(page: Page) -> list[str]:
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", answer)
    page.close(run_before_unload=True)
    with suppress(Error):  # the page may be gone
        while not asked and not page.is_closed():
            page.wait_for_timeout(40)
    page.remove_listener("dialog", answer)
    return asked


def end_session(page: Page) -> None:
    """Revokes the session's tokens, as Cognito does after a month."""
    over = {"__type": "NotAuthorizedException", "message": "Refresh Token has expired"}
    page.route("**/batch/create", lambda route: route.fulfill(status=401), times=1)
    page.route(is_cognito, lambda route: refuse_with(route, over), times=1)
    page.get_by_role("button", name="Start 1 video").click()
    expect(page.get_by_text("Your session has ended. Sign in to continue where you left off.")).to_be_visible()
    expect(page.get_by_label("Email")).not_to_have_value("")
