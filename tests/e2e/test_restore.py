"""A deleted batch is restored completely from a backup of the table."""

from __future__ import annotations

import uuid

import httpx

from ops.restore import restore
from testkit.whole_stack import WholeStack, await_mail, await_status, create_batch


def test_a_deleted_batch_comes_back_from_a_restored_table(stack: WholeStack, user: httpx.Client) -> None:
    batch = await_status(user, create_batch(user, "Lighthouse1", "Sauerteig_1")["id"])
    await_mail(stack, batch["id"])  # the workflow has ended
    live, restored = stack.local.description["table"], f"restored-{uuid.uuid4()}"
    dynamodb = stack.local.account.client("dynamodb")
    # The emulator restores the table as it is now, whatever time is asked for: it has to come before the loss.
    dynamodb.restore_table_to_point_in_time(
        SourceTableName=live, TargetTableName=restored, UseLatestRestorableTime=True
    )
    user.delete(f"batch/{batch['id']}").raise_for_status()
    assert user.get(f"batch/{batch['id']}").status_code == httpx.codes.NOT_FOUND

    records = 1 + 2 + 2 + 1  # the batch, its items, their summaries, their order
    assert restore(dynamodb, restored, live, batch["id"]) == records
    assert restore(dynamodb, restored, live, batch["id"]) == 0
    dynamodb.delete_table(TableName=restored)
    again = user.get(f"batch/{batch['id']}").json()
    assert again == batch
    assert len(user.get("summaries").json()["summaries"]) == 2
    for item in batch["items"]:
        assert user.get(f"summaries/{item['summary_id']}").is_success
    link = user.get(f"batch/{batch['id']}/export").raise_for_status().json()
    assert httpx.get(link["url"], trust_env=False).is_success
    assert user.delete(f"batch/{batch['id']}").status_code == httpx.codes.NO_CONTENT
