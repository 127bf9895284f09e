"""Sessions: the first password, a forgotten one, expired tokens, and a lost network."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Page, Route, expect

from local.client import LocalhostTransport
from tests.browser import Held, Visitor, fetched

NEW_PASSWORD = "Another-long-passw0rd"
# The emulator sends this code to everybody.
RESET_CODE = "654321"
# A token whose time is over.
ENDED = "e30.e30.e30"
ANY_ORIGIN = {"Access-Control-Allow-Origin": "*"}


# Cognito has one code for all of them (github.com/aws-amplify/amplify-js, issues 1182 and 1234).
REFUSED_SIGN_INS = {
    "Incorrect username or password.": "The email or password is wrong. Check both, or get a new password below.",
    "Password attempts exceeded": "Too many attempts. Wait a few minutes, then try again.",
    "User is disabled.": "This account is disabled. Ask your administrator why.",
    "Temporary password has expired and must be reset by an administrator.": (
        "The password in your invitation has expired. Ask your administrator for a new invitation."
    ),
}
# Cognito sends no code to a user who has never signed in (github.com/aws-amplify/amplify-js, issue 2955).
REFUSED_CODES = {
    ("NotAuthorizedException", "User password cannot be reset in the current state."): (
        "You have not chosen a password yet. Sign in with the one in your invitation, or ask your administrator "
        "for a new invitation."
    ),
    (
        "InvalidParameterException",
        "Cannot reset password for the user as there is no registered/verified email or phone_number",
    ): "This email address is not confirmed, so no code can be sent to it. Ask your administrator to confirm it.",
}


def test_passwords_are_refused_chosen_thought_about_and_forgotten(visitor: Visitor) -> None:
    page = visitor.page
    a_password_in_a_link_is_taken_on_this_machine_alone(visitor)
    a_refusal_of_cognito_says_what_can_be_done(visitor)
    the_first_password_is_set_for_the_user_whom_cognito_names(visitor)
    the_first_password_may_be_thought_about_for_long(visitor)

    # It has replaced the temporary one.
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("Email").fill(visitor.email)
    page.get_by_role("textbox", name="Password").fill(visitor.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_have_text(
        "The email or password is wrong. Check both, or get a new password below."
    )
    page.get_by_role("textbox", name="Password").fill(NEW_PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    visitor.heading("Summarize videos").wait_for()

    page.get_by_role("button", name="Sign out").click()
    a_forgotten_password_is_replaced(visitor)


def a_password_in_a_link_is_taken_on_this_machine_alone(visitor: Visitor) -> None:
    """Otherwise the sender of such a link could make a user work in the sender's account."""
    page, elsewhere = visitor.page, "https://skimlist.example"
    served = visitor.stack.local.description["page_url"].removesuffix("/")

    def serve(route: Route) -> None:
        with httpx.Client(transport=LocalhostTransport()) as client:
            answer = client.get(route.request.url.replace(elsewhere, served))
        headers = {name: value for name, value in answer.headers.items() if name != "content-encoding"}
        route.fulfill(status=answer.status_code, headers=headers, body=answer.content)

    page.route(f"{elsewhere}/**", serve)
    page.goto(visitor.sign_in_url.replace(served, elsewhere))
    expect(page.get_by_label("Email")).to_have_value(visitor.email)
    expect(page.get_by_role("textbox", name="Password")).to_have_value("")
    assert page.url == f"{elsewhere}/#/sign-in"
    page.goto(visitor.sign_in_url)
    expect(page.get_by_role("textbox", name="Password")).to_have_value(visitor.password)


def a_refusal_of_cognito_says_what_can_be_done(visitor: Visitor) -> None:
    page, alert, refusal = visitor.page, visitor.page.get_by_role("alert"), dict[str, str]()
    page.goto(visitor.stack.local.description["page_url"])
    page.route(is_cognito, lambda route: refuse_with(route, refusal))
    page.get_by_label("Email").fill(visitor.email)
    page.get_by_role("textbox", name="Password").fill(visitor.password)
    for answer, shown in REFUSED_SIGN_INS.items():
        refusal |= {"__type": "NotAuthorizedException", "message": answer}
        page.get_by_role("button", name="Sign in").click()
        expect(alert).to_have_text(shown)
    page.get_by_role("button", name="Forgot your password?").click()
    for (code, answer), shown in REFUSED_CODES.items():
        refusal |= {"__type": code, "message": answer}
        page.get_by_role("button", name="Send the code").click()
        expect(alert).to_have_text(shown)
    page.unroute_all()


def the_first_password_is_set_for_the_user_whom_cognito_names(visitor: Visitor) -> None:
    page = visitor.page
    asked: list[dict[str, Any]] = []

    def challenge(route: Route) -> None:
        asked.append(route.request.post_data_json)
        if "ChallengeResponses" in asked[-1]:
            refuse_with(route, {"__type": "InvalidPasswordException", "message": "Choose another one."})
        else:
            parameters = {"USER_ID_FOR_SRP": "a-user-id"}
            answer = {"ChallengeName": "NEW_PASSWORD_REQUIRED", "Session": "s", "ChallengeParameters": parameters}
            route.fulfill(json=answer, headers=ANY_ORIGIN)

    page.route(is_cognito, challenge)
    choose_first_password(visitor)
    page.get_by_role("button", name="Save and sign in").click()
    expect(page.get_by_role("alert")).to_have_text("Choose another one.")
    assert asked[-1]["ChallengeResponses"]["USERNAME"] == "a-user-id"
    page.unroute_all()


def the_first_password_may_be_thought_about_for_long(visitor: Visitor) -> None:
    page = visitor.page
    pool = visitor.stack.local.description["user_pool_id"]
    cognito = visitor.stack.local.account.client("cognito-idp")
    user = {"UserPoolId": pool, "Username": visitor.email}
    cognito.admin_set_user_password(**user, Password=visitor.password, Permanent=False)
    choose_first_password(visitor)
    # What Cognito answers after three minutes.
    over = {"__type": "NotAuthorizedException", "message": "Invalid session for the user, session is expired."}
    page.route(is_cognito, lambda route: refuse_with(route, over), times=1)
    page.get_by_role("button", name="Save and sign in").click()
    visitor.heading("Summarize videos").wait_for()


def choose_first_password(visitor: Visitor) -> None:
    """Signs in with a temporary password and chooses a password, without saving it yet."""
    visitor.page.goto(visitor.sign_in_url)
    visitor.page.get_by_role("button", name="Sign in").click()
    visitor.page.get_by_label("Your new password").fill(NEW_PASSWORD)


def a_forgotten_password_is_replaced(visitor: Visitor) -> None:
    page = visitor.page
    page.get_by_label("Email").fill(visitor.email)
    page.get_by_role("button", name="Forgot your password?").click()
    page.get_by_role("button", name="Send the code").click()
    page.get_by_label("Code from the email").fill("000000")
    page.get_by_label("Your new password").fill("Yet-another-passw0rd")
    page.get_by_role("button", name="Save and sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("This code is wrong")
    page.get_by_label("Code from the email").fill(RESET_CODE)
    page.get_by_role("button", name="Save and sign in").click()
    visitor.heading("Summarize videos").wait_for()


def test_a_session_is_renewed_continued_and_ended(visitor: Visitor) -> None:
    visitor.open_draft("Lighthouse1", "Sauerteig_1")
    the_page_waits_for_a_lost_network(visitor)
    a_token_that_has_ended_is_renewed_silently(visitor)
    signing_in_for_a_while_is_kept_when_cognito_is_too_busy_to_renew_it(visitor)
    a_session_that_has_ended_leads_back_to_where_it_was(visitor)
    signing_out_holds_when_a_renewal_was_under_way(visitor)
    sign_in_again(visitor)
    signing_out_does_not_wait_for_cognito(visitor)
    sign_in_again(visitor)
    signing_out_ends_the_session(visitor)


def the_page_waits_for_a_lost_network(visitor: Visitor) -> None:
    page = visitor.page
    visitor.heading("A draft of 2 videos").wait_for()
    visitor.context.set_offline(True)
    expect(page.locator(".offline")).to_contain_text("Trying again in")
    visitor.context.set_offline(False)
    expect(page.locator(".offline")).to_be_hidden()


def a_token_that_has_ended_is_renewed_silently(visitor: Visitor) -> None:
    keep(visitor, {**kept(visitor.page), "idToken": ENDED})
    visitor.page.reload()
    visitor.heading("A draft of 2 videos").wait_for()
    assert kept(visitor.page)["idToken"] != ENDED


def signing_in_for_a_while_is_kept_when_cognito_is_too_busy_to_renew_it(visitor: Visitor) -> None:
    page, address = visitor.page, visitor.page.url
    keep(visitor, {**kept(page), "idToken": ENDED})
    busy = {"__type": "TooManyRequestsException", "message": "Rate exceeded"}
    page.route(is_cognito, lambda route: refuse_with(route, busy), times=1)
    page.reload()
    visitor.heading("A draft of 2 videos").wait_for()
    assert page.url == address


def a_session_that_has_ended_leads_back_to_where_it_was(visitor: Visitor) -> None:
    page, address = visitor.page, visitor.page.url
    keep(visitor, {**kept(page), "idToken": ENDED, "refreshToken": "gone"})
    page.reload()
    visitor.heading("Sign in").wait_for()
    sign_in_again(visitor, at="A draft of 2 videos")
    assert page.url == address


def signing_out_holds_when_a_renewal_was_under_way(visitor: Visitor) -> None:
    page = visitor.page
    keep(visitor, {**kept(page), "idToken": ENDED})
    held = Held(page)
    page.route(is_cognito, held.hold_first)
    page.reload()
    renewed = fetched(held.first()).json()
    renewed["AuthenticationResult"]["RefreshToken"] = "rotated"
    page.get_by_role("button", name="Sign out").click()
    visitor.heading("Sign in").wait_for()
    with page.expect_request(lambda request: '"Token":"rotated"' in (request.post_data or "")) as revocation:
        held.first().fulfill(status=200, json=renewed, headers=ANY_ORIGIN)
    assert revocation.value.headers["x-amz-target"].endswith(".RevokeToken")
    assert page.evaluate("sessionStorage.length + localStorage.length") == 0
    page.unroute(is_cognito)


def signing_out_does_not_wait_for_cognito(visitor: Visitor) -> None:
    page, held = visitor.page, Held(visitor.page)
    page.route(is_cognito, held.hold)
    page.get_by_role("button", name="Sign out").click()
    visitor.heading("Sign in").wait_for()
    held.first().abort()
    page.unroute(is_cognito)


def signing_out_ends_the_session(visitor: Visitor) -> None:
    page = visitor.page
    refresh_token = kept(page)["refreshToken"]
    with page.expect_response(lambda response: "RevokeToken" in response.request.headers.get("x-amz-target", "")):
        page.get_by_role("button", name="Sign out").click()
    visitor.heading("Sign in").wait_for()
    assert page.evaluate("sessionStorage.length + localStorage.length") == 0
    cognito = visitor.stack.local.account.client("cognito-idp")
    with pytest.raises(cognito.exceptions.NotAuthorizedException, match="revoked"):
        cognito.get_tokens_from_refresh_token(
            RefreshToken=refresh_token, ClientId=visitor.stack.local.description["client_id"]
        )
    page.reload()
    visitor.heading("Sign in").wait_for()


def test_tabs_share_their_session_its_renewal_and_its_end(visitor: Visitor) -> None:
    visitor.sign_in()
    a_duplicated_tab_uses_the_tokens_that_the_other_one_got(visitor)
    visitor.email, visitor.password = visitor.stack.new_user()
    sign_in_on_this_device(visitor)
    the_last_user_who_signed_in_is_signed_in_after_a_reload(visitor)
    signing_out_of_a_device_ends_the_session_in_every_tab(visitor)
    sign_in_on_this_device(visitor)
    pool = RotatingPool()
    tabs_of_a_device_that_renew_at_once_ask_for_one_new_token(visitor, pool, "")
    visitor.go("/")
    visitor.heading("Summarize videos").wait_for()
    tabs_of_a_device_that_renew_at_once_ask_for_one_new_token(visitor, pool, LATE_NEWS)


def a_duplicated_tab_uses_the_tokens_that_the_other_one_got(visitor: Visitor) -> None:
    page, pool = visitor.page, RotatingPool()
    with page.expect_popup() as opened:
        page.evaluate("window.open(location.href)")
    copy = opened.value
    copy.get_by_role("heading", name="Summarize videos").wait_for()
    first = kept(page)["refreshToken"]
    assert kept(copy)["refreshToken"] == first
    visitor.context.route(is_cognito, pool.answer)
    for tab, other, spent in ((page, copy, [first]), (copy, page, [first, "rotated-1"])):
        refuse_its_id_token(tab)
        show_history(tab)
        tab.get_by_role("heading", name="Summaries").wait_for()
        until(other, partial(have_one_session, pool, spent, tab, other), partial(exchanges, pool, tab, other))
    visitor.context.unroute(is_cognito)
    copy.close()


def the_last_user_who_signed_in_is_signed_in_after_a_reload(visitor: Visitor) -> None:
    visitor.page.reload()
    visitor.heading("Summarize videos").wait_for()
    expect(visitor.page.locator(".email")).to_have_text(visitor.email)


def signing_out_of_a_device_ends_the_session_in_every_tab(visitor: Visitor) -> None:
    other = visitor.context.new_page()
    other.goto(visitor.stack.local.description["page_url"])
    other.get_by_role("button", name="Sign out").click()
    visitor.heading("Sign in").wait_for()
    other.close()


# Tabs may run in several processes: nothing guarantees an order between a lock and what another tab stored or sent.
LATE_NEWS = """(() => {
  let isLate = true;
  const stored = {};
  const { getItem } = Storage.prototype;
  Storage.prototype.getItem = function (key) {
    if (isLate) return stored[key] ?? (stored[key] = getItem.call(this, key));
    return getItem.call(this, key);
  };
  window.BroadcastChannel = class extends BroadcastChannel {
    set onmessage(tell) {
      super.onmessage = (event) => setTimeout(() => { isLate = false; tell(event); }, 300);
    }
  };
})()"""


def tabs_of_a_device_that_renew_at_once_ask_for_one_new_token(visitor: Visitor, pool: RotatingPool, news: str) -> None:
    page, held = visitor.page, Held(visitor.page)
    other = visitor.context.new_page()
    other.add_init_script(news)
    other.goto(visitor.stack.local.description["page_url"])
    other.get_by_role("heading", name="Summarize videos").wait_for()
    refuse_its_id_token(page)
    refuse_its_id_token(other)
    visitor.context.route(is_cognito, held.hold)
    show_history(page)
    exchange = held.first()
    show_history(other)
    waiting = "navigator.locks.query().then(({ pending }) => pending.length)"
    until(other, lambda: other.evaluate(waiting) == 1)
    pool.answer(exchange)
    for tab in (page, other):
        tab.get_by_role("heading", name="Summaries").wait_for()
    assert len(held.routes) == 1
    visitor.context.unroute(is_cognito)
    other.close()


class RotatingPool:
    """Answers renewals like a pool that rotates refresh tokens without a grace period for the old one.

    The emulator knows no rotation. AWS: Amazon Cognito Developer Guide, "Refresh token rotation".
    """

    def __init__(self) -> None:
        self.spent: list[str] = []
        self._first = ""

    def answer(self, route: Route) -> None:
        if not route.request.headers["x-amz-target"].endswith(".GetTokensFromRefreshToken"):
            return route.continue_()
        request = route.request.post_data_json
        token = request["RefreshToken"]
        if token in self.spent:
            reuse = {"__type": "RefreshTokenReuseException", "message": "Refresh token has been reused."}
            return refuse_with(route, reuse)
        self._first = self._first or token
        self.spent.append(token)
        answer = fetched(route, json.dumps({**request, "RefreshToken": self._first}).encode()).json()
        answer["AuthenticationResult"]["RefreshToken"] = f"rotated-{len(self.spent)}"
        return route.fulfill(status=200, json=answer, headers=ANY_ORIGIN)


def until(tab: Page, holds: Callable[[], bool], failure: Callable[[], str] = lambda: "") -> None:
    """Waits for a condition. Playwright's own way evaluates a string in the page, which the page's policy forbids."""
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline, failure()
        tab.wait_for_timeout(20)


def have_one_session(pool: RotatingPool, spent: list[str], tab: Page, other: Page) -> bool:
    """Returns whether these refresh tokens were exchanged and both tabs keep what the last exchange brought.

    That they keep the same token is not enough: until the answer has reached the first tab, both keep the old one.
    """
    return pool.spent == spent and {kept(each)["refreshToken"] for each in (tab, other)} == {f"rotated-{len(spent)}"}


def exchanges(pool: RotatingPool, *tabs: Page) -> str:
    kept_now = [kept(tab)["refreshToken"][:12] for tab in tabs]
    return f"{len(pool.spent)} refresh tokens were exchanged; the tabs keep {kept_now}"


def refuse_its_id_token(tab: Page) -> None:
    """Makes the API answer 401 to the current ID token of the tab."""
    refused = f"Bearer {kept(tab)['idToken']}"

    def answer(route: Route) -> None:
        if route.request.headers.get("authorization") == refused:
            route.fulfill(status=401, json={"message": "Unauthorized"})
        else:
            route.fallback()

    tab.route("**/api/**", answer)


def show_history(tab: Page) -> None:
    tab.get_by_role("link", name="Summaries").click()


def sign_in_on_this_device(visitor: Visitor) -> None:
    """Signs in so that the session is shared by all tabs and outlives them."""
    visitor.page.goto(visitor.sign_in_url)
    visitor.page.get_by_label("Keep me signed in on this device").check()
    visitor.page.get_by_role("button", name="Sign in").click()
    visitor.heading("Summarize videos").wait_for()


def is_cognito(address: Any) -> bool:
    """Returns whether a request goes to the user pool; the page and the API have another host."""
    url = urlsplit(address if isinstance(address, str) else address.url)
    return ".execute-api." not in url.netloc


def refuse_with(route: Route, answer: dict[str, str]) -> None:
    """Answers as Cognito does when it refuses something."""
    route.fulfill(status=400, json=answer, headers=ANY_ORIGIN)


def sign_in_again(visitor: Visitor, *, at: str = "Summarize videos") -> None:
    page = visitor.page
    page.get_by_label("Email").fill(visitor.email)
    page.get_by_role("textbox", name="Password").fill(visitor.password)
    page.get_by_role("button", name="Sign in").click()
    visitor.heading(at).wait_for()


def kept(tab: Page) -> dict[str, Any]:
    stored = "sessionStorage.getItem('skimlist.session') ?? localStorage.getItem('skimlist.session')"
    session: dict[str, Any] = json.loads(tab.evaluate(stored))
    return session


def keep(visitor: Visitor, session: dict[str, Any]) -> None:
    visitor.page.evaluate("text => sessionStorage.setItem('skimlist.session', text)", json.dumps(session))
