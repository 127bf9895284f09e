from __future__ import annotations

from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
from moto.sns.utils import FilterPolicyMatcher

from local.mail import as_email, is_taken

NOTIFICATION = {
    "MessageId": "1",
    "Timestamp": "2026-11-22T18:02:00.000Z",
    "Subject": "Skimlist: „Häuser“ is done",
    "Message": "紅葉 and more.\nGood bye.\n",
    "MessageAttributes": {"user_id": {"Type": "String", "Value": "somebody"}},
}


def test_a_notification_reads_as_an_email() -> None:
    email = message_from_bytes(as_email(NOTIFICATION, "owner@example.com"), policy=default)
    assert email["To"] == "owner@example.com"
    assert email["Subject"] == "Skimlist: „Häuser“ is done"
    assert email["Date"].datetime.isoformat() == "2026-11-22T18:02:00+00:00"
    assert email["X-user-id"] == "somebody"
    assert email.get_content() == "紅葉 and more.\nGood bye.\n"


def test_the_file_is_readable_without_a_mail_program() -> None:
    text = as_email(NOTIFICATION, "owner@example.com").decode()
    assert "Subject: Skimlist: „Häuser“ is done\n" in text
    assert text.endswith("\n\n紅葉 and more.\nGood bye.\n")


def test_a_notification_without_subject_and_attributes_is_an_email_too() -> None:
    bare = {"Timestamp": "2026-11-22T18:02:00Z", "Message": "Hello"}
    email = message_from_bytes(as_email(bare, "owner@example.com"), policy=default)
    assert email["Subject"] == ""
    assert email.get_content() == "Hello\n"


@pytest.mark.parametrize(
    ("policy", "is_for_it"),
    [
        ({}, True),
        ({"user_id": ["ada"]}, True),
        ({"user_id": ["eve"]}, False),
        ({"user_id": ["ada"], "recipients": ["two", "three"]}, True),
        ({"user_id": ["ada"], "recipients": ["three"]}, False),
        ({"user_id": ["eve"], "recipients": ["two"]}, False),
        ({"other": ["ada"]}, False),
        ({"user_id": [{"exists": True}]}, True),
        ({"other": [{"exists": True}]}, False),
    ],
)
def test_a_filter_policy_takes_what_motos_takes(policy: dict[str, list[Any]], is_for_it: bool) -> None:
    attributes: dict[str, Any] = {
        "user_id": {"Type": "String", "Value": "ada"},
        "recipients": {"Type": "String.Array", "Value": '["one", "two"]'},
    }
    assert is_taken({"MessageAttributes": attributes}, policy) is is_for_it
    if policy:
        assert FilterPolicyMatcher(policy, None).matches(attributes, "") is is_for_it
