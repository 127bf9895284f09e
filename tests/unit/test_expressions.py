"""Updates, conditions and queries, and the attributes that they are made of."""

from __future__ import annotations

import inspect
import re
from datetime import UTC, datetime
from decimal import Decimal
from types import UnionType
from typing import Any, get_args, get_type_hints

import pytest

from skimlist.jobs import attributes
from skimlist.jobs.attributes import BatchRecord, ItemRecord, Keys, OrderRecord, PreflightAttributes
from skimlist.jobs.expressions import Attribute, Update, condition, query
from skimlist.jobs.order import Order
from skimlist.models.batch import Batch, BatchStatus, ExecutionState, Preflight, QueueCursor
from skimlist.models.video import Forecast, Item, VideoStatus
from testkit.template import ROOT

NOW = datetime(2026, 11, 28, tzinfo=UTC)
JOBS = ROOT / "layers" / "shared" / "skimlist" / "jobs"


def test_an_update_collects_its_clauses_names_and_values() -> None:
    update = Update(
        BatchRecord.updated_at.set(NOW),
        BatchRecord.revision.add(1),
        BatchRecord.current.remove(),
        PreflightAttributes.checked.add(2),
        ItemRecord.transient_failures.append("1-1"),
    )
    assert update.only_if(BatchRecord.run.eq(3), BatchRecord.status.ne(BatchStatus.DRAFT)).arguments() == {
        "UpdateExpression": "SET #a0 = :a0, #a3.#a4 = #a3.#a4 + :a2,"
        " #a5 = list_append(if_not_exists(#a5, :a3), :a4) ADD #a1 :a1 REMOVE #a2",
        "ConditionExpression": "(#n0 = :v0 AND #n1 <> :v1)",
        "ExpressionAttributeNames": {
            **{"#a0": "updated_at", "#a1": "revision", "#a2": "current", "#a3": "preflight", "#a4": "checked"},
            **{"#a5": "setbacks", "#n0": "run", "#n1": "status"},
        },
        "ExpressionAttributeValues": {
            **{":a0": "2026-11-28T00:00:00+00:00", ":a1": 1, ":a2": 2, ":a3": [], ":a4": ["1-1"]},
            **{":v0": 3, ":v1": "draft"},
        },
    }


def test_an_update_without_values_has_none() -> None:
    assert Update(ItemRecord.error.remove()).arguments() == {
        "UpdateExpression": "REMOVE #a0",
        "ExpressionAttributeNames": {"#a0": "error"},
    }


def test_a_condition_names_what_it_needs() -> None:
    assert condition(Keys.pk.not_exists()) == {
        "ConditionExpression": "attribute_not_exists(#n0)",
        "ExpressionAttributeNames": {"#n0": "pk"},
    }


def test_a_query_shares_names_and_values_between_its_expressions() -> None:
    found = query(
        *(Keys.pk.eq("BATCH#b7f3"), Keys.sk.begins_with("ITEM#")),
        filters=[ItemRecord.status.eq(VideoStatus.PENDING)],
        attributes=[ItemRecord.pk],
    )
    assert found == {
        "KeyConditionExpression": "(#n0 = :v0 AND begins_with(#n1, :v1))",
        "FilterExpression": "#n2 = :v2",
        "ProjectionExpression": "#a3",
        "ExpressionAttributeNames": {"#n0": "pk", "#n1": "sk", "#n2": "status", "#a3": "pk"},
        "ExpressionAttributeValues": {":v0": "BATCH#b7f3", ":v1": "ITEM#", ":v2": "pending"},
    }


# --- The attributes ------------------------------------------------------------------------------------------------

STORED = {
    BatchRecord: (Batch, ExecutionState, QueueCursor),
    ItemRecord: (Item,),
    OrderRecord: (Order,),
    PreflightAttributes: (Preflight,),
}
CLASSES = [
    each
    for _, each in inspect.getmembers(attributes, inspect.isclass)
    if each.__module__ == attributes.__name__ and any(isinstance(value, Attribute) for value in vars(each).values())
]
# Attributes that only the table knows.
WITHOUT_A_FIELD = {
    BatchRecord: {"pk", "sk", "active", "current_item", "model", "notified", "notified_by", "title"},
    ItemRecord: {"pk", "sk", "forecast_version", "forecast_costs", "forecast_seconds", "redo_id"},
    OrderRecord: {"pk", "sk", "active", "created_at", "numbered"},
    PreflightAttributes: set(),
}


def declared(record: type) -> dict[str, Attribute[Any]]:
    return {name: value for name, value in inspect.getmembers(record) if isinstance(value, Attribute)}


@pytest.mark.parametrize("record", STORED)
def test_an_attribute_has_the_type_of_the_field_that_it_stores(record: type) -> None:
    types = {name: kind for stored in STORED[record] for name, kind in get_type_hints(stored).items()}
    stored = {name: each for name, each in declared(record).items() if name not in WITHOUT_A_FIELD[record]}
    of_attributes = {name: get_args(each.__orig_class__)[0] for name, each in stored.items()}  # type: ignore[attr-defined]
    assert of_attributes == {name: _present(types.get(name)) for name in stored}


def _present(kind: Any) -> Any:
    """Drops attributes that are None, which are not stored."""
    return get_args(kind)[0] if isinstance(kind, UnionType) else kind


@pytest.mark.parametrize("record", CLASSES)
def test_every_attribute_is_used(record: type) -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in JOBS.glob("*.py"))
    names = "|".join(["cls", *(each.__name__ for each in CLASSES if issubclass(each, record))])
    unused = [
        name for name in vars(record) if name in declared(record) and not re.search(rf"\b({names})\.{name}\b", sources)
    ]
    assert unused == []


def test_subtracting_a_forecast_undoes_adding_it() -> None:
    numbers = {"duration_seconds": Decimal(9), "cost_usd": Decimal("0.2"), "tokens_in": 7, "reused": True}
    forecast = Forecast(language="English", language_code="en", caption_kind="manual", **numbers)
    added, removed = (Update(*PreflightAttributes.add_forecasts([forecast], sign=sign)).arguments() for sign in (1, -1))
    assert added.pop("ExpressionAttributeValues") == {
        place: -number for place, number in removed.pop("ExpressionAttributeValues").items()
    }
    assert added == removed


def test_forecasts_are_added_as_one_sum_for_each_model_that_has_any() -> None:
    """DynamoDB refuses two changes of the same attribute."""
    made = {"language": "English", "language_code": "en", "caption_kind": "manual", "duration_seconds": Decimal(9)}
    forecasts = [
        Forecast(**made, tokens_in=7, reused=True, cost_by_model={"a": Decimal(1), "b": Decimal(2)}),
        Forecast(**made, tokens_in=5, cost_by_model={"b": Decimal(3)}),
    ]
    arguments = Update(*PreflightAttributes.add_forecasts(forecasts)).arguments()
    added = [number for number in arguments["ExpressionAttributeValues"].values() if number]
    assert added == [2, 1, 18, 12, 1, 5]
    assert PreflightAttributes.add_forecasts([]) == ()


def test_no_other_module_writes_an_expression() -> None:
    """Handwritten expressions would be strings that nothing checks."""
    written = {
        path.name
        for path in JOBS.glob("*.py")
        if re.search(r"(Update|Condition|Filter|Projection)Expression|attribute_(not_)?exists", path.read_text("utf-8"))
    }
    assert written == {"expressions.py"}
