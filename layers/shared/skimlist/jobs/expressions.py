"""Builds DynamoDB updates, conditions and queries from typed attributes; no other module writes an expression."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from operator import and_
from typing import Any, Generic, TypeVar

from boto3.dynamodb.conditions import (
    Attr,
    ConditionBase,
    ConditionExpressionBuilder,
    Equals,
    LessThan,
    LessThanEquals,
    NotEquals,
)

from skimlist.codec import to_dynamodb

Arguments = dict[str, Any]
Condition = ConditionBase
T = TypeVar("T")
Entry = TypeVar("Entry")
Number = TypeVar("Number", int, Decimal)


@dataclass(frozen=True, slots=True)
class Action:
    """A change of one attribute; `template` has a placeholder for its name and one for each value."""

    clause: str
    name: str
    template: str
    values: tuple[Any, ...] = ()


class Attribute(Attr, Generic[T]):
    """An attribute of a record, or a value within one (`preflight.status`), under the name by which it is stored.

    Conditions are those of boto3, so `exists`, `contains` and the others can be used too.
    """

    def __init__(self, name: str = "") -> None:
        super().__init__(name)

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = self.name or name

    def set(self, value: T) -> Action:
        return Action("SET", self.name, "{name} = {0}", (value,))

    def set_if_absent(self, value: T) -> Action:
        return Action("SET", self.name, "{name} = if_not_exists({name}, {0})", (value,))

    def remove(self) -> Action:
        return Action("REMOVE", self.name, "{name}")

    def add(self: Attribute[Number], number: Number) -> Action:
        """A missing top-level attribute counts as 0; DynamoDB's ADD does not work on nested ones."""
        if "." in self.name:
            return Action("SET", self.name, "{name} = {name} + {0}", (number,))
        return Action("ADD", self.name, "{name} {0}", (number,))

    def add_to_any(self: Attribute[Number], number: Number, zero: Number) -> Action:
        """The same for a nested attribute that may be missing; the map that it is in has to be there."""
        return Action("SET", self.name, "{name} = if_not_exists({name}, {0}) + {1}", (zero, number))

    def append(self: Attribute[tuple[Entry, ...]], *values: Entry) -> Action:
        return Action("SET", self.name, "{name} = list_append(if_not_exists({name}, {0}), {1})", ((), values))

    def eq(self, value: T) -> Equals:
        return super().eq(to_dynamodb(value))

    def ne(self, value: T) -> NotEquals:
        return super().ne(to_dynamodb(value))

    def lt(self, value: T) -> LessThan:
        return super().lt(to_dynamodb(value))

    def lte(self, value: T) -> LessThanEquals:
        return super().lte(to_dynamodb(value))


class NumberSet(Attribute[frozenset[int]]):
    """A set of numbers. Including a number that it has, or excluding one that it does not have, changes nothing."""

    def include(self, numbers: Collection[int]) -> Action:
        return Action("ADD", self.name, "{name} {0}", (set(numbers),))

    def exclude(self, numbers: Collection[int]) -> Action:
        return Action("DELETE", self.name, "{name} {0}", (set(numbers),))


class Update:
    """Changes of one record, which are made if every condition holds."""

    def __init__(self, *actions: Action, conditions: Sequence[Condition] = ()) -> None:
        self._actions = actions
        self._conditions = conditions

    def also(self, *actions: Action) -> Update:
        return Update(*self._actions, *actions, conditions=self._conditions)

    def only_if(self, *conditions: Condition) -> Update:
        return Update(*self._actions, conditions=(*self._conditions, *conditions))

    def arguments(self) -> Arguments:
        expressions = _Expressions()
        clauses: defaultdict[str, list[str]] = defaultdict(list)
        for action in self._actions:
            values = map(expressions.value, action.values)
            clauses[action.clause].append(action.template.format(*values, name=expressions.name(action.name)))
        update = " ".join(f"{clause} {', '.join(changes)}" for clause, changes in clauses.items())
        expressions.add("ConditionExpression", self._conditions)
        return {"UpdateExpression": update, **expressions.arguments()}


def condition(*conditions: Condition) -> Arguments:
    """The arguments of a Put, Delete or ConditionCheck that is carried out only if every condition holds."""
    expressions = _Expressions()
    expressions.add("ConditionExpression", conditions)
    return expressions.arguments()


def query(
    *key: ConditionBase, filters: Sequence[Condition] = (), attributes: Sequence[Attribute[Any]] = ()
) -> Arguments:
    """The arguments of a query for the records of a key that pass every filter.

    The condition on the partition key comes first. If `attributes` are given, only they are read from each record.
    """
    expressions = _Expressions()
    expressions.add("KeyConditionExpression", key)
    expressions.add("FilterExpression", filters)
    projection = ", ".join(expressions.name(attribute.name) for attribute in attributes)
    return {**expressions.arguments(), **({"ProjectionExpression": projection} if attributes else {})}


class _Expressions:
    """The expressions of one request, which share their placeholders."""

    def __init__(self) -> None:
        self._builder = ConditionExpressionBuilder()
        self._conditions: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._values: Arguments = {}

    def name(self, name: str) -> str:
        placeholders = {f"#a{number}": step for number, step in enumerate(name.split("."), start=len(self._names))}
        self._names |= placeholders
        return ".".join(placeholders)

    def value(self, value: Any) -> str:
        placeholder = f":a{len(self._values)}"
        self._values[placeholder] = to_dynamodb(value)
        return placeholder

    def add(self, argument: str, conditions: Sequence[Condition]) -> None:
        if conditions:
            built = self._builder.build_expression(reduce(and_, conditions))
            self._conditions[argument] = built.condition_expression
            self._names |= built.attribute_name_placeholders
            self._values |= built.attribute_value_placeholders

    def arguments(self) -> Arguments:
        """The request's arguments, without empty maps of names or values, which DynamoDB refuses."""
        maps = {"ExpressionAttributeNames": self._names, "ExpressionAttributeValues": self._values}
        return {**self._conditions, **{name: entries for name, entries in maps.items() if entries}}
