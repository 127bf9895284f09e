"""`make end-notifications`: ends the notifications of a user, or of all users who were deleted from the user pool."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import replace

import boto3
from boto3.dynamodb.conditions import Attr

from ops.deployment import Deployment, failures_as_sentences
from skimlist.jobs.notification_settings import NotificationSettingsTable
from skimlist.jobs.records import notifications_key


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m ops.end_notifications", description=__doc__)
    parser.add_argument("--stack", default="skimlist")
    whose = parser.add_mutually_exclusive_group(required=True)
    whose.add_argument("--user", metavar="EMAIL")
    whose.add_argument("--deleted", action="store_true")
    given = parser.parse_args(arguments)
    deployment = Deployment(boto3.Session(), given.stack)
    users = [deployment.user_id(given.user)] if given.user else list(_deleted_users(deployment))
    addresses = sum(_end(deployment, user_id) for user_id in users)
    print(f"Subscriptions ended: {addresses}, of users: {len(users)}.")


def _deleted_users(deployment: Deployment) -> Iterator[str]:
    """Yields the ids of users who have notification settings and are not in the user pool. Reads the whole table."""
    key = notifications_key("")
    pages = deployment.table.meta.client.get_paginator("scan").paginate(
        TableName=deployment.table.name,
        FilterExpression=Attr("sk").eq(key["sk"]),
        ProjectionExpression="pk",
    )
    for record in (record for page in pages for record in page["Items"]):
        user_id = record["pk"].removeprefix(key["pk"])
        if not deployment.users.exists(user_id):
            yield user_id


def _end(deployment: Deployment, user_id: str) -> int:
    """Ends all subscriptions of the user and returns their number. Repeating this changes nothing.

    SNS refuses to end a pending subscription, but deletes it after two days. One outside the record gets no messages.
    """
    table = NotificationSettingsTable(deployment.table)
    stored = table.get(user_id)
    known = [*stored.subscriptions, *stored.leftover]
    for each in known:
        deployment.subscriptions.end(user_id, each)
    if known:
        table.replace(user_id, stored, replace(stored, email=None, webhook=None, leftover=()))
    return len(known)


if __name__ == "__main__":
    with failures_as_sentences():
        main()
