"""The simulation's table against moto's: the calls of simulated runs, answered and refused alike."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from unittest.mock import patch

import pytest
from botocore.exceptions import ClientError

from lab.simulation import run as simulation
from lab.simulation.table import SimulatedTable
from lab.simulation.world import indexes
from testkit import template
from testkit.account import TABLE, Account

Call = tuple[str, Mapping[str, Any]]
# Together they use every operation, and refuse some of each that has a condition.
SEEDS = (14, 16, 18)
CALLS_OF_A_SEED = 150
OPERATIONS = {
    *("GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem", "BatchWriteItem", "TransactWriteItems"),
}


@pytest.fixture(scope="module")
def calls() -> list[list[Call]]:
    """The first requests of some simulated runs to their table; then the runs end."""
    found: list[list[Call]] = []
    real = SimulatedTable.call

    def watched(table: SimulatedTable, operation: str, arguments: Mapping[str, Any], **more: Any) -> Any:
        found[-1].append((operation, arguments))
        if len(found[-1]) == CALLS_OF_A_SEED:
            simulation._MAX_STEPS = 0
        return real(table, operation, arguments, **more)

    for seed in SEEDS:
        found.append([])
        with (
            patch.object(SimulatedTable, "call", watched),
            patch.object(simulation, "_MAX_STEPS", simulation._MAX_STEPS),
        ):
            simulation.run(seed)
    return [each[:CALLS_OF_A_SEED] for each in found]


def test_every_call_is_answered_as_moto_answers_it(calls: list[list[Call]], account: Account) -> None:
    client = account.table.meta.client
    operations, refusals = set(), set()
    for number, run_calls in enumerate(calls):
        name = f"{TABLE}-{number}"
        client.create_table(TableName=name, **template.table_arguments())
        table = SimulatedTable(indexes(), lambda: 0.0)
        for operation, arguments in run_calls:
            mine = _outcome("table", lambda: table.call(operation, arguments))  # noqa: B023
            theirs = _outcome(name, lambda: _ask(client, operation, _in_table(name, arguments)))  # noqa: B023
            assert mine == theirs, (operation, arguments)
            operations.add(operation)
            refusals |= {operation} if isinstance(mine, str) else set()
        assert _records(table) == _scanned(client, name)
    assert operations >= OPERATIONS
    assert refusals >= {"PutItem", "UpdateItem", "TransactWriteItems"}


def _ask(client: Any, operation: str, arguments: Any) -> Any:
    method = re.sub(r"(?<!^)(?=[A-Z])", "_", operation).lower()
    return getattr(client, method)(**arguments)


def _in_table(name: str, value: Any) -> Any:
    """Translates a call to the simulated table into one to moto's."""
    if isinstance(value, dict):
        return {
            name if key == "table" else key: name if key == "TableName" else _in_table(name, entry)
            for key, entry in value.items()
        }
    return [_in_table(name, entry) for entry in value] if isinstance(value, list) else value


def _outcome(table: str, act: Callable[[], Any]) -> Any:
    """Returns the response without what only a real service adds, or the code of the error."""
    try:
        answer = act()
    except ClientError as error:
        reasons = [reason["Code"] for reason in error.response.get("CancellationReasons", ())]
        return f"{error.response['Error']['Code']} {reasons}"
    kept = {
        name: value for name, value in answer.items() if name in {"Item", "Items", "Attributes", "LastEvaluatedKey"}
    }
    if "Attributes" in answer:
        # To what UPDATED_NEW answers moto adds the key, and leaves out what has kept its value.
        # At the end all records are compared as they are.
        left_out = {"pk", "sk", "active", "created_at"}
        kept["Attributes"] = {name: value for name, value in answer["Attributes"].items() if name not in left_out}
    if "Responses" in answer:
        kept["Responses"] = sorted(answer["Responses"][table], key=_key)
    return kept


def _records(table: SimulatedTable) -> list[Any]:
    return sorted((record for part in table.partitions.values() for record in part.values()), key=_key)


def _scanned(client: Any, table: str) -> list[Any]:
    pages = client.get_paginator("scan").paginate(TableName=table)
    return sorted((record for page in pages for record in page["Items"]), key=_key)


def _key(record: Mapping[str, Any]) -> tuple[str, str]:
    return record["pk"], record["sk"]
