"""Evaluates the condition, filter and update expressions of DynamoDB that our code uses; each is parsed once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

Record = dict[str, Any]
Names = Mapping[str, str]
Values = Mapping[str, Any]


class Missing:
    """The value of an attribute that a record does not have."""


MISSING = Missing()


class InvalidPath(Exception):
    """An update has a path below an attribute that does not exist."""


# An operand or a condition, evaluated on a record with the names and values of the call.
Operand = Callable[[Record, Names, Values], Any]
Condition = Callable[[Record, Names, Values], bool]

_TOKEN = re.compile(r"\s*(?:([:#]?\w+(?:\.#?\w+)*)|(<>|<=|>=|[=<>(),+-]))")
_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: bool(a == b),
    "<>": lambda a, b: bool(a != b),
    "<": lambda a, b: bool(a < b),
    "<=": lambda a, b: bool(a <= b),
    ">": lambda a, b: bool(a > b),
    ">=": lambda a, b: bool(a >= b),
}


class _Tokens:
    def __init__(self, text: str) -> None:
        self._tokens: list[str] = []
        place = 0
        while text[place:].strip():
            match = _TOKEN.match(text, place)
            if match is None:
                raise ValueError(f"What follows cannot be read: {text[place:]!r}.")
            self._tokens.append(match[1] or match[2])
            place = match.end()

    @property
    def next(self) -> str:
        return self._tokens[0] if self._tokens else ""

    def take(self, *expected: str) -> str:
        if not self._tokens or (expected and self.next.upper() not in expected):
            raise ValueError(f"{' or '.join(expected) or 'More'} is expected before {' '.join(self._tokens)!r}.")
        return self._tokens.pop(0)

    def took(self, keyword: str) -> bool:
        if self.next.upper() != keyword:
            return False
        self._tokens.pop(0)
        return True


def path_of(text: str, names: Names) -> tuple[str, ...]:
    return tuple(names[step] if step.startswith("#") else step for step in text.split("."))


def found(record: Any, path: tuple[str, ...]) -> Any:
    for step in path:
        if not isinstance(record, dict) or step not in record:
            return MISSING
        record = record[step]
    return record


# --- Conditions ----------------------------------------------------------------------------------------------------


@cache
def condition(text: str) -> Condition:
    tokens = _Tokens(text)
    result = _either(tokens)
    if tokens.next:
        raise ValueError(f"{tokens.next!r} is left over in {text!r}.")
    return result


def _either(tokens: _Tokens) -> Condition:
    parts = [_all(tokens)]
    while tokens.took("OR"):
        parts.append(_all(tokens))
    return parts[0] if len(parts) == 1 else lambda *given: any(part(*given) for part in parts)


def _all(tokens: _Tokens) -> Condition:
    parts = [_one(tokens)]
    while tokens.took("AND"):
        parts.append(_one(tokens))
    return parts[0] if len(parts) == 1 else lambda *given: all(part(*given) for part in parts)


def _one(tokens: _Tokens) -> Condition:
    if tokens.took("NOT"):
        part = _one(tokens)
        return lambda *given: not part(*given)
    if tokens.took("("):
        inner = _either(tokens)
        tokens.take(")")
        return inner
    if tokens.next in _FUNCTIONS:
        return _function(tokens)
    left = _operand(tokens)
    if tokens.took("BETWEEN"):
        low = _operand(tokens)
        tokens.take("AND")
        high = _operand(tokens)
        return lambda *given: _compared(low, "<=", left)(*given) and _compared(left, "<=", high)(*given)
    if tokens.took("IN"):
        equal = [_compared(left, "=", each) for each in _listed(tokens)]
        return lambda *given: any(part(*given) for part in equal)
    return _compared(left, tokens.take(*_COMPARISONS), _operand(tokens))


def _compared(left: Operand, operator: str, right: Operand) -> Condition:
    compare = _COMPARISONS[operator]

    def compared(*given: Any) -> bool:
        a, b = left(*given), right(*given)
        if a is MISSING or b is MISSING:
            return operator == "<>"
        if operator not in {"=", "<>"} and type(a) is not type(b):
            return False
        return compare(a, b)

    return compared


def _function(tokens: _Tokens) -> Condition:
    test = _FUNCTIONS[tokens.take()]
    arguments = _listed(tokens)
    return lambda *given: test(*(argument(*given) for argument in arguments))


def _listed(tokens: _Tokens) -> list[Operand]:
    """The operands of a function or of IN, which are in brackets."""
    tokens.take("(")
    operands = [_operand(tokens)]
    while tokens.took(","):
        operands.append(_operand(tokens))
    tokens.take(")")
    return operands


_FUNCTIONS: Mapping[str, Callable[..., bool]] = {
    "attribute_exists": lambda value: value is not MISSING,
    "attribute_not_exists": lambda value: value is MISSING,
    "begins_with": lambda value, start: isinstance(value, str) and value.startswith(start),
    "contains": lambda value, part: isinstance(value, list | str) and part in value,
}


def _operand(tokens: _Tokens) -> Operand:
    text = tokens.take()
    if text.startswith(":"):
        return lambda _record, _names, values: values[text]
    return lambda record, names, _values: found(record, path_of(text, names))


# --- Updates -------------------------------------------------------------------------------------------------------


class Update(NamedTuple):
    """An update: `SET` and `ADD` by path, and the paths of `REMOVE`."""

    sets: tuple[tuple[str, Operand], ...]
    adds: tuple[tuple[str, Operand], ...]
    removes: tuple[str, ...]

    def apply(self, record: Record, names: Names, values: Values) -> Record:
        """Returns the record after the change; every operand sees it as it was before."""
        changes = [(path_of(path, names), operand(record, names, values)) for path, operand in self.sets]
        for path, operand in self.adds:
            steps = path_of(path, names)
            before = found(record, steps)
            changes.append((steps, operand(record, names, values) + (Decimal(0) if before is MISSING else before)))
        changed: Record = copied(record)
        for steps, value in changes:
            _inner(changed, steps)[steps[-1]] = copied(value)
        for path in self.removes:
            steps = path_of(path, names)
            _inner(changed, steps).pop(steps[-1], None)
        return changed


def copied(value: Any) -> Any:
    """Copies maps and lists; the values in them are immutable."""
    if isinstance(value, dict):
        return {name: copied(entry) for name, entry in value.items()}
    if isinstance(value, list):
        return [copied(entry) for entry in value]
    return value


def _inner(record: Record, steps: tuple[str, ...]) -> Record:
    inner = found(record, steps[:-1])
    if not isinstance(inner, dict):
        raise InvalidPath(".".join(steps))
    return inner


@cache
def update(text: str) -> Update:
    tokens = _Tokens(text)
    sets: list[tuple[str, Operand]] = []
    adds: list[tuple[str, Operand]] = []
    removes: list[str] = []
    while tokens.next:
        match tokens.take("SET", "ADD", "REMOVE").upper():
            case "SET":
                _list(tokens, lambda: sets.append(_assignment(tokens)))
            case "ADD":
                _list(tokens, lambda: adds.append((tokens.take(), _operand(tokens))))
            case _:
                _list(tokens, lambda: removes.append(tokens.take()))
    return Update(tuple(sets), tuple(adds), tuple(removes))


def _list(tokens: _Tokens, read: Callable[[], None]) -> None:
    read()
    while tokens.took(","):
        read()


def _assignment(tokens: _Tokens) -> tuple[str, Operand]:
    path = tokens.take()
    tokens.take("=")
    value = _value(tokens)
    if tokens.took("+"):
        left, right = value, _value(tokens)
        return path, lambda *given: _present(left(*given)) + _present(right(*given))
    return path, value


def _value(tokens: _Tokens) -> Operand:
    if tokens.next not in {"if_not_exists", "list_append"}:
        return _operand(tokens)
    function = tokens.take()
    tokens.take("(")
    first = _value(tokens)
    tokens.take(",")
    second = _value(tokens)
    tokens.take(")")
    if function == "list_append":
        return lambda *given: _present(first(*given)) + _present(second(*given))
    return lambda *given: second(*given) if first(*given) is MISSING else first(*given)


def _present(value: Any) -> Any:
    if value is MISSING:
        raise InvalidPath("an operand that is not there")
    return value
