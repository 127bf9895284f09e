"""`/me`: each user's own notifications, which no other user gets, and what models have cost them."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto.sns.models import SNSBackend, Subscription, sns_backends

from ops import end_notifications
from skimlist.errors import BudgetReached, WorkflowStuck
from skimlist.jobs import records
from skimlist.jobs.halts import Halts
from skimlist.jobs.notification_settings import NotificationSettingsTable
from skimlist.jobs.spending import Spending
from skimlist.notifications.subscriptions import Subscriptions
from skimlist.users import Users
from testkit.account import NOW, REGION, Account
from testkit.api_client import Client

HOOK = "https://hooks.example.com/skimlist?for=ada"
EVENTS = ["done", "news", "paused", "failed"]


@pytest.fixture
def deliveries(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Records what moto's SNS delivers, and where: no email and no webhook leaves this process."""
    delivered: list[tuple[str, str]] = []

    def deliver(subscription: Subscription, message: str, *_: Any, **options: Any) -> None:
        matcher = subscription._filter_policy_matcher
        if matcher is None or matcher.matches(options["message_attributes"], message):
            texts = json.loads(message)
            delivered.append((subscription.endpoint, texts.get(subscription.protocol, texts["default"])))

    monkeypatch.setattr(Subscription, "publish", deliver)
    return delivered


def subscribed(account: Account) -> list[tuple[str, str]]:
    found = boto3.client("sns").list_subscriptions_by_topic(TopicArn=account.topic_arn)["Subscriptions"]
    return sorted((each["Protocol"], each["Endpoint"]) for each in found)


def choose(client: Client, **notifications: Any) -> Any:
    answer = client.put("/me", {"notifications": notifications})
    assert answer.status == 200, answer.text
    return answer.json["notifications"]


def backend_subscriptions() -> Any:
    """moto's subscriptions by their ARNs."""
    return sns_backends["123456789012"][REGION].subscriptions


def confirm_all() -> None:
    for subscription in backend_subscriptions().values():
        subscription.attributes["PendingConfirmation"] = "false"


@pytest.fixture
def pending(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaves moto's subscriptions unconfirmed, as SNS does. SNS does not end these."""
    subscribe, unsubscribe = SNSBackend.subscribe, SNSBackend.unsubscribe

    def subscribe_pending(backend: SNSBackend, topic_arn: str, endpoint: str, protocol: str) -> Any:
        known = set(backend.subscriptions)
        made = subscribe(backend, topic_arn, endpoint, protocol)
        if made.arn not in known:
            made.attributes["PendingConfirmation"] = "true"
        return made

    def unsubscribe_confirmed(backend: SNSBackend, arn: str) -> None:
        known = backend.subscriptions.get(arn)
        if known and known.attributes["PendingConfirmation"] == "true":
            message = "Invalid parameter: This subscription is not confirmed"
            raise ClientError({"Error": {"Code": "InvalidParameter", "Message": message}}, "Unsubscribe")
        unsubscribe(backend, arn)

    monkeypatch.setattr(SNSBackend, "subscribe", subscribe_pending)
    monkeypatch.setattr(SNSBackend, "unsubscribe", unsubscribe_confirmed)


def notify(account: Account, user_id: str, batch_id: str, *, end: str = "done") -> None:
    """Ends or pauses a batch of the user, and notifies its owner."""
    batch = account.begin_batch(1, id=batch_id, user_id=user_id, completed=1 if end == "done" else 0)
    match end:
        case "done":
            account.batches.complete(batch, NOW)
        case "paused":
            account.batches.pause_for(batch, BudgetReached(), NOW)
        case "failed":
            account.batches.fail(batch, WorkflowStuck(), NOW)
    account.invoke("notify_owner", {"user_id": user_id, "batch_id": batch_id, "run": 1})


def test_nothing_is_sent_to_anybody_who_has_not_asked_for_it(account: Account, ada: Client) -> None:
    shown = ada.get("/me").json
    assert (shown["email"], shown["notifications"]) == (
        "ada@example.com",
        {"email": None, "webhook": None, "events": EVENTS, "version": 0},
    )
    assert subscribed(account) == []


@pytest.mark.parametrize("events", [["news"], ["done"], ["done", "news"], []])
def test_the_news_of_follows_are_an_event_of_their_own(ada: Client, events: list[str]) -> None:
    assert choose(ada, webhook=HOOK, events=events[::-1])["events"] == events
    assert ada.get("/me").json["notifications"]["events"] == events


@pytest.mark.parametrize(
    ("stored", "meant"), [(["done", "failed"], ["done", "failed", "news"]), (["paused"], ["paused"]), ([], [])]
)
def test_settings_from_before_there_was_an_event_for_news_include_it_with_done(
    account: Account, ada: Client, stored: list[str], meant: list[str]
) -> None:
    choose(ada, webhook=HOOK)
    account.table.update_item(
        Key=records.notifications_key("ada"),
        UpdateExpression="SET events = :events REMOVE news",
        ExpressionAttributeValues={":events": stored},
    )
    shown = ada.get("/me").json["notifications"]
    assert (sorted(shown["events"]), shown["webhook"]["address"]) == (sorted(meant), HOOK)


def test_code_from_before_there_was_an_event_for_news_can_read_the_settings(account: Account, ada: Client) -> None:
    choose(ada, webhook=HOOK)
    stored = account.table.get_item(Key=records.notifications_key("ada"))["Item"]
    assert (stored["events"], stored["news"]) == (["done", "paused", "failed"], True)


def test_each_user_gets_exactly_their_own(
    account: Account, ada: Client, eve: Client, deliveries: list[tuple[str, str]]
) -> None:
    choose(ada, email=True, webhook=HOOK)
    choose(eve, email=True)
    notify(account, "ada", "b7f3")
    (address, text), (hook, document) = sorted(deliveries)
    assert (hook, address) == (HOOK, "ada@example.com")
    assert text.startswith("Your batch “")
    told = json.loads(document)
    assert (told["event"], told["batch"]["id"], told["batch"]["completed"]) == ("done", "b7f3", 1)
    assert told["user_id"] == ada.get("/me").json["id"]
    deliveries.clear()
    notify(account, "eve", "c8a4")
    assert [endpoint for endpoint, _ in deliveries] == ["eve@example.com"]


@pytest.mark.parametrize("end", ["done", "paused", "failed"])
def test_only_the_chosen_events_are_sent(
    account: Account, ada: Client, deliveries: list[tuple[str, str]], end: str
) -> None:
    choose(ada, webhook=HOOK, events=[end])
    for number, event in enumerate(["done", "paused", "failed"]):
        notify(account, "ada", f"b{number}", end=event)
    assert [json.loads(document)["event"] for _, document in deliveries] == [end]


def test_replaced_and_switched_off_addresses_are_unsubscribed(account: Account, ada: Client) -> None:
    choose(ada, email=True, webhook=HOOK)
    assert choose(ada, webhook=f"{HOOK}&new=1")["email"] is None
    assert subscribed(account) == [("https", f"{HOOK}&new=1")]
    off = choose(ada)
    assert (off["email"], off["webhook"], off["events"]) == (None, None, EVENTS)
    assert subscribed(account) == []


def test_an_address_that_was_switched_off_before_it_was_confirmed_gets_nothing(
    account: Account, ada: Client, deliveries: list[tuple[str, str]], pending: None
) -> None:
    """SNS does not end a pending subscription: its owner may still confirm it."""
    choose(ada, email=True)
    choose(ada)
    assert subscribed(account) == [("email", "ada@example.com")]
    confirm_all()
    notify(account, "ada", "b7f3")
    assert deliveries == []
    choose(ada, email=True)
    notify(account, "ada", "c8a4")
    assert [endpoint for endpoint, _ in deliveries] == ["ada@example.com"]


@pytest.mark.parametrize("act", [lambda ada: ada.get("/me"), choose], ids=["shown", "changed"])
def test_a_subscription_that_could_not_be_ended_while_pending_is_ended_later(
    account: Account, ada: Client, pending: None, act: Callable[[Client], Any]
) -> None:
    choose(ada, email=True, webhook=HOOK)
    choose(ada)
    assert len(subscribed(account)) == 2
    confirm_all()
    act(ada)
    assert subscribed(account) == []


def test_one_user_cannot_fill_the_topic(account: Account, ada: Client, eve: Client, pending: None) -> None:
    """A subscription that was never confirmed takes one of the topic's 200 filter policies for two days."""
    answers = [ada.put("/me", {"notifications": {"webhook": f"{HOOK}&{number}"}}) for number in range(8)]
    assert {answer.status for answer in answers} == {200, 429}
    assert answers[-1].error["code"] == "too_many_unconfirmed"
    assert len(subscribed(account)) <= 5
    choose(eve, webhook=f"{HOOK}&eve")
    # To switch all of it off, and to be asked again, are still possible.
    last = ada.get("/me").json["notifications"]["webhook"]["address"]
    choose(ada, webhook=last)
    choose(ada)
    confirm_all()
    choose(ada, webhook=f"{HOOK}&last")
    assert ("https", f"{HOOK}&last") in subscribed(account)
    assert len(subscribed(account)) == 2


def test_a_user_can_have_addresses_asked_to_confirm_ten_times_a_day(ada: Client, pending: None) -> None:
    answers = [ada.put("/me", {"notifications": {"webhook": HOOK}}) for _ in range(11)]
    assert [answer.status for answer in answers] == [200] * 10 + [429]
    assert answers[-1].error["code"] == "too_many_subscriptions"
    assert int(answers[-1].headers["retry-after"]) <= 86_401
    confirm_all()
    for events in (["done"], ["failed"]):
        assert choose(ada, webhook=HOOK, events=events)["events"] == events


@pytest.mark.parametrize(("code", "status"), [("InvalidParameter", 422), ("Throttled", 503)])
def test_a_subscription_before_a_refusal_is_not_forgotten(
    account: Account, ada: Client, monkeypatch: pytest.MonkeyPatch, code: str, status: int
) -> None:
    subscribe = SNSBackend.subscribe

    def refuse_webhooks(backend: SNSBackend, topic_arn: str, endpoint: str, protocol: str) -> Any:
        if protocol == "https":
            if code == "Throttled":  # the answer was lost, and a repetition was too much
                subscribe(backend, topic_arn, endpoint, protocol)
            raise ClientError({"Error": {"Code": code, "Message": ""}}, "Subscribe")
        return subscribe(backend, topic_arn, endpoint, protocol)

    monkeypatch.setattr(SNSBackend, "subscribe", refuse_webhooks)
    assert ada.put("/me", {"notifications": {"email": True, "webhook": HOOK}}).status == status
    monkeypatch.setattr(SNSBackend, "subscribe", subscribe)
    choose(ada)
    assert subscribed(account) == []


@pytest.mark.parametrize("code", ["lost", "InvalidParameter"])
@pytest.mark.parametrize("is_chosen", [True, False], ids=["chosen", "left over"])
def test_an_address_that_is_subscribed_again_after_it_expired_is_not_forgotten(
    account: Account, ada: Client, monkeypatch: pytest.MonkeyPatch, pending: None, code: str, is_chosen: bool
) -> None:
    """SNS deletes what nobody confirms within two days. Its new subscription has another ARN, which no answer tells."""
    choose(ada, email=True)
    if not is_chosen:
        choose(ada)
    ((arn, _),) = backend_subscriptions().items()

    def fail_after_the_email(backend: SNSBackend, topic_arn: str, endpoint: str, protocol: str) -> Any:
        if protocol == "email":
            backend.subscriptions.pop(arn, None)  # expires at the last moment
            made = subscribe(backend, topic_arn, endpoint, protocol)
            if code == "lost":
                raise KeyboardInterrupt
            return made
        raise ClientError({"Error": {"Code": code, "Message": ""}}, "Subscribe")

    subscribe = SNSBackend.subscribe
    with monkeypatch.context() as patch:
        patch.setattr(SNSBackend, "subscribe", fail_after_the_email)
        with suppress(KeyboardInterrupt):
            assert ada.put("/me", {"notifications": {"email": True, "webhook": HOOK}}).status == 422
    assert arn not in backend_subscriptions()
    confirm_all()
    choose(ada)
    assert "email" not in dict(subscribed(account))


def test_the_state_of_a_subscription_is_shown(account: Account, ada: Client) -> None:
    assert choose(ada, email=True)["email"] == {"address": "ada@example.com", "state": "confirmed"}
    (subscription,) = backend_subscriptions().values()
    subscription.attributes["PendingConfirmation"] = True
    assert ada.get("/me").json["notifications"]["email"]["state"] == "pending"
    boto3.client("sns").unsubscribe(SubscriptionArn=subscription.arn)
    assert ada.get("/me").json["notifications"]["email"]["state"] == "ended"


@pytest.mark.parametrize(
    "webhook",
    [
        *("http://example.com", "https://", "https:///x", "https://exa mple.com", "https://example.com/#part", "x"),
        *("https://[::1", "https://example.com:0", "https://example.com:99999", "ftp://example.com", "https://é.com"),
        f"https://example.com/{'x' * 2_000}",
    ],
)
def test_a_webhook_is_a_complete_https_address(account: Account, ada: Client, webhook: str) -> None:
    answer = ada.put("/me", {"notifications": {"email": True, "webhook": webhook}})
    assert (answer.status, answer.error["details"][0]["field"]) == (422, "notifications.webhook")
    assert subscribed(account) == []


def test_only_a_verified_address_is_subscribed(account: Account) -> None:
    new = Client(account, "new", email_verified="false")
    answer = new.put("/me", {"notifications": {"email": True, "webhook": HOOK}})
    assert (answer.status, answer.error["message"]) == (422, "Your email address is not verified yet.")
    assert new.get("/me").json["email"] is None
    assert subscribed(account) == []


@pytest.mark.parametrize(
    "claims", [{"email": "ada@example.org"}, {"email_verified": "false"}], ids=["new", "unverified"]
)
def test_an_address_that_is_no_longer_the_users_gets_nothing_more(
    account: Account, ada: Client, deliveries: list[tuple[str, str]], claims: dict[str, str]
) -> None:
    choose(ada, email=True, webhook=HOOK)
    shown = Client(account, "ada", **claims).get("/me").json["notifications"]
    assert (shown["email"], shown["webhook"]["address"]) == (None, HOOK)
    assert subscribed(account) == [("https", HOOK)]
    notify(account, "ada", "b7f3")
    assert [endpoint for endpoint, _ in deliveries] == [HOOK]


def test_a_stopped_user_can_only_switch_off(account: Account, ada: Client) -> None:
    choose(ada, webhook=HOOK)
    Halts(account.table).stop("ada", NOW)
    answer = ada.put("/me", {"notifications": {"webhook": f"{HOOK}&new"}})
    assert (answer.status, answer.error["code"]) == (403, "stopped_by_operator")
    choose(ada)
    assert subscribed(account) == []


@pytest.mark.parametrize(
    ("code", "message", "status", "answered"),
    [
        ("FilterPolicyLimitExceeded", "", 409, "notifications_full"),
        ("SubscriptionLimitExceeded", "", 409, "notifications_full"),
        (
            "InvalidParameter",
            "Invalid parameter: Attributes Reason: Subscription already exists with different attributes",
            409,
            "recipient_in_use",
        ),
        ("InvalidParameter", "Invalid parameter: Endpoint", 422, "invalid_request"),
        ("Throttled", "Rate exceeded", 503, "storage_unavailable"),
    ],
)
def test_the_user_learns_why_sns_refuses_a_subscription(
    ada: Client, monkeypatch: pytest.MonkeyPatch, code: str, message: str, status: int, answered: str
) -> None:
    def refuse(*_: Any) -> None:
        raise ClientError({"Error": {"Code": code, "Message": message}}, "Subscribe")

    monkeypatch.setattr("moto.sns.models.SNSBackend.subscribe", refuse)
    answer = ada.put("/me", {"notifications": {"webhook": HOOK}})
    assert (answer.status, answer.error["code"]) == (status, answered)
    assert ada.get("/me").json["notifications"]["webhook"] is None


def test_one_of_two_simultaneous_changes_is_refused(
    account: Account, ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = NotificationSettingsTable.get

    def read_before_another_change(table: NotificationSettingsTable, user_id: str) -> Any:
        before = read(table, user_id)
        monkeypatch.setattr(NotificationSettingsTable, "get", read)
        choose(ada, webhook=f"{HOOK}&other=1")
        return before

    monkeypatch.setattr(NotificationSettingsTable, "get", read_before_another_change)
    answer = ada.put("/me", {"notifications": {"webhook": HOOK}})
    assert (answer.status, answer.error["code"]) == (409, "settings_changed")
    assert ada.get("/me").json["notifications"]["webhook"]["address"] == f"{HOOK}&other=1"


def test_a_request_that_arrives_late_does_not_undo_a_newer_one(account: Account, ada: Client) -> None:
    """Notifications are switched off and on again, and the answers are lost: the last choice counts."""
    choose(ada, webhook=HOOK)
    read = ada.get("/me").json["notifications"]["version"]
    late = {"notifications": {}}, {"If-Match": str(read)}
    newer = ada.put("/me", {"notifications": {"webhook": HOOK, "events": ["done"]}}, headers={"If-Match": str(read)})
    assert newer.status == 200
    refused = ada.put("/me", late[0], headers=late[1])
    assert (refused.status, refused.error["code"], refused.error["details"][0]["field"]) == (
        409,
        "settings_changed",
        "If-Match",
    )
    assert ada.get("/me").json == newer.json
    assert subscribed(account) == [("https", HOOK)]


@pytest.mark.parametrize("off_first", [True, False])
def test_off_and_on_again_at_the_same_moment_end_as_one_of_them_says(
    account: Account, ada: Client, monkeypatch: pytest.MonkeyPatch, off_first: bool
) -> None:
    """Whichever calls to SNS the other request comes between, the subscriptions are those that are shown."""
    choose(ada, webhook=HOOK)
    version = str(ada.get("/me").json["notifications"]["version"])
    first, second = ({}, {"webhook": f"{HOOK}&2"}) if off_first else ({"webhook": f"{HOOK}&2"}, {})
    original, answers = NotificationSettingsTable.replace, []

    def replace_after_the_other(table: NotificationSettingsTable, *arguments: Any) -> Any:
        monkeypatch.setattr(NotificationSettingsTable, "replace", original)
        answers.append(ada.put("/me", {"notifications": second}, headers={"If-Match": version}))
        return original(table, *arguments)

    monkeypatch.setattr(NotificationSettingsTable, "replace", replace_after_the_other)
    answers.append(ada.put("/me", {"notifications": first}, headers={"If-Match": version}))
    assert sorted(answer.status for answer in answers) == [200, 409]
    (kept,) = [answer.json["notifications"] for answer in answers if answer.status == 200]
    shown = ada.get("/me").json["notifications"]
    assert {**shown, "version": 0} == {**kept, "version": 0}
    assert subscribed(account) == ([("https", shown["webhook"]["address"])] if shown["webhook"] else [])


def test_an_operator_ends_the_notifications_of_deleted_users(
    account: Account, monkeypatch: pytest.MonkeyPatch, pending: None
) -> None:
    pool = {"UserPoolId": account.user_pool_id}
    cognito = boto3.client("cognito-idp")
    ids = []
    for name in ("kept", "deleted"):
        attributes = cognito.admin_create_user(**pool, Username=f"{name}@example.com")["User"]["Attributes"]
        ids.append(next(each["Value"] for each in attributes if each["Name"] == "sub"))
    kept, deleted = (Client(account, user_id) for user_id in ids)
    choose(kept, webhook=f"{HOOK}&kept")
    choose(deleted, webhook=f"{HOOK}&1")
    choose(deleted, webhook=f"{HOOK}&2", email=True)
    cognito.admin_delete_user(**pool, Username="deleted@example.com")
    deployment = SimpleNamespace(
        table=account.table,
        users=Users(cognito, account.user_pool_id),
        subscriptions=Subscriptions(boto3.client("sns"), account.topic_arn),
        user_id=lambda email: ids[email == "deleted@example.com"],
    )
    monkeypatch.setattr(end_notifications, "Deployment", lambda *_: deployment)
    confirm_all()
    for _ in range(2):
        end_notifications.main(["--deleted"])
        assert subscribed(account) == [("https", f"{HOOK}&kept")]
    end_notifications.main(["--user", "kept@example.com"])
    assert subscribed(account) == []
    assert kept.get("/me").json["notifications"]["webhook"] is None


def test_spending_is_shown_beside_its_limits(account: Account, ada: Client, eve: Client) -> None:
    account.parameters |= {"UsdPerDayPerUser": "25", "UsdPerMonth": "0"}
    spending = Spending(account.table)
    batch = account.begin_batch(1)
    today = batch.created_at.now(NOW.tzinfo)
    for number, day in enumerate([today, today.replace(day=1 if today.day > 1 else 2)]):
        spending.settle(spending.reserve(batch, f"{number:05}", Decimal(1), day), Decimal("0.5"))
    shown = ada.get("/me").json["spending"]
    assert (shown["today_usd"], shown["month_usd"]) == (0.5, 1.0)
    assert (shown["day_limit_usd"], shown["deployment_month_limit_usd"]) == (25.0, None)
    assert eve.get("/me").json["spending"]["month_usd"] == 0
