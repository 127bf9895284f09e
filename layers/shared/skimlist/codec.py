"""Converts dataclasses to the values that DynamoDB and JSON store, and back, by their annotations.

DynamoDB has one type of number, and JSON has no decimals and no times; both have only lists.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")
Decoder = Callable[[Any], Any]


def decode(kind: type[T], stored: Mapping[str, Any]) -> T:
    """Creates the dataclass `kind` from its stored values. Unknown values are ignored; missing ones get their default.

    Raises TypeError for a required field that is missing, and for an unsupported annotation.
    """
    decode_fields: Callable[[Mapping[str, Any]], T] = _decoder(cast("Any", kind))
    return decode_fields(stored)


def to_dynamodb(value: Any) -> Any:
    """Converts `value` to the types of DynamoDB: times as ISO 8601, fractions as Decimal; None is left out of maps."""
    if is_dataclass(value):
        value = {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): to_dynamodb(entry) for key, entry in value.items() if entry is not None}
    if isinstance(value, list | tuple):
        return [to_dynamodb(entry) for entry in value]
    if isinstance(value, float):
        return Decimal(str(value))
    return _scalar(value)


def to_json(value: Any) -> str:
    """Returns the JSON of a dataclass: times as ISO 8601, decimals as text, which keeps their digits.

    Whatever `decode` adds by itself is left out.
    """
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_to_json)


def _to_json(value: Any) -> Any:
    if is_dataclass(value):
        found = ((field, getattr(value, field.name)) for field in fields(value))
        return {field.name: entry for field, entry in found if not _is_added_by_decode(field, entry)}
    return str(value) if isinstance(value, Decimal) else _scalar(value)


def _is_added_by_decode(field: Field[Any], value: Any) -> bool:
    """Whether the value is an absent one that the field has anyway; other defaults may change with a release."""
    return (value is None and (field.default is None or _is_required(field))) or (value == () == field.default)


def _scalar(value: Any) -> Any:
    if isinstance(value, date):  # or a datetime, which is one
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


def _as_stored(value: Any) -> Any:
    return value


def _whole(number: Decimal | int) -> int:
    if number != int(number):
        raise ValueError(f"{number} is stored where a whole number is expected.")
    return int(number)


_SCALARS: Mapping[Any, Decoder] = {
    str: _as_stored,
    bool: _as_stored,
    int: _whole,
    # A whole number stays an int: 12 and 12.0 differ in JSON, and so in exports.
    float: lambda number: float(number) if isinstance(number, Decimal) else number,
    Decimal: Decimal,
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
}


@cache
def _decoder(kind: Hashable) -> Decoder:
    if kind in _SCALARS:
        return _SCALARS[kind]
    if is_dataclass(kind):
        return _dataclass_decoder(kind)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is tuple and arguments[1:] == (...,):
        entry = _decoder(arguments[0])
        return lambda stored: tuple(map(entry, stored))
    if origin is Mapping:
        key, entry = map(_decoder, arguments)
        return lambda stored: {key(name): entry(value) for name, value in stored.items()}
    if origin in {Union, UnionType} and len(arguments) == 2 and NoneType in arguments:
        present = _decoder(next(each for each in arguments if each is not NoneType))
        return lambda stored: None if stored is None else present(stored)
    raise TypeError(f"How is {kind} stored? skimlist.codec does not know this annotation.")


def _dataclass_decoder(kind: Any) -> Decoder:
    annotations = get_type_hints(kind)
    decoders = {field.name: _decoder(annotations[field.name]) for field in fields(kind)}
    # DynamoDB stores nothing for None.
    required = [field.name for field in fields(kind) if _is_required(field)]
    absent = {name: None for name in required if NoneType in get_args(annotations[name])}
    return lambda stored: kind(
        **absent | {name: decoder(stored[name]) for name, decoder in decoders.items() if name in stored}
    )


def _is_required(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING
