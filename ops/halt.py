"""`make halt` and `make unhalt`: stop all batches of one user or of all users, until the halt is lifted."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import boto3

from ops.deployment import Deployment, failures_as_sentences
from skimlist.jobs.halts import Halted, Halts

# The index that lists the running batches for the sweep is behind the table by less than this.
INDEX_SECONDS = 5


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m ops.halt", description=__doc__)
    parser.add_argument("command", choices=["halt", "unhalt"])
    parser.add_argument("--stack", default="skimlist")
    whom = parser.add_mutually_exclusive_group(required=True)
    whom.add_argument("--user", metavar="EMAIL")
    whom.add_argument("--all", action="store_true")
    given = parser.parse_args(arguments)
    deployment = Deployment(boto3.Session(), given.stack)
    halts = Halts(deployment.table)
    user_id = deployment.user_id(given.user) if given.user else None
    whose = f"The batches of {given.user}" if given.user else "All batches"
    if given.command == "halt":
        halts.stop(user_id, datetime.now(UTC))
        deployment.sweep()
        time.sleep(INDEX_SECONDS)
        deployment.sweep()  # catches batches that were started or resumed just before the halt
        print(f"{whose} are stopped until `make unhalt`. Videos that are being processed may still finish.")
    else:
        halts.lift(user_id)
        deployment.sweep()
        still = "; ".join(_still_in_force(halts.find(), user_id))
        print(f"The halt is lifted, but {still}." if still else f"{whose} continue.")


def _still_in_force(halted: Halted, user_id: str | None) -> Iterator[str]:
    """Explains what still stops batches after a halt was lifted: those of a user, or anybody's if `user_id` is None."""
    if user_id is None:
        if halted.stopped:
            yield f"{_users(len(halted.stopped))} still stopped by `make halt USER=…`"
        if halted.disabled:
            yield f"{_users(len(halted.disabled))} disabled in the user pool"
        return
    if halted.everybody:
        yield "all users are still stopped until `make unhalt ALL=1`"
    if user_id in halted.disabled:
        yield "the user is disabled in the user pool"


def _users(number: int) -> str:
    return "1 user is" if number == 1 else f"{number} users are"


if __name__ == "__main__":
    with failures_as_sentences():
        main()
