"""The emulator's DynamoDB reads each expression once, and answers as before."""

from __future__ import annotations

from collections import Counter

import pytest
from ministack.services import dynamodb

from local.expressions import remember_expressions

CONDITION = "#owner = :owner AND begins_with(#name, :prefix)"
NAMES = {"#owner": "pk", "#name": "sk"}
VALUES = {":owner": {"S": "BATCH#1"}, ":prefix": {"S": "ITEM#"}}


def found(condition: str, name: str) -> bool:
    item = {"pk": {"S": "BATCH#1"}, "sk": {"S": name}}
    answer: bool = dynamodb._evaluate_condition(condition, item, VALUES, NAMES)
    return answer


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each expression was checked."""
    read: Counter[str] = Counter()
    check = dynamodb._condition_syntax_error

    def count(expression: str, slot: str) -> str | None:
        read[expression] += 1
        found: str | None = check(expression, slot)
        return found

    monkeypatch.setattr(dynamodb, "_tokenize", dynamodb._tokenize)  # restores both afterwards
    monkeypatch.setattr(dynamodb, "_condition_syntax_error", count)
    remember_expressions()
    return read


def test_an_expression_is_read_once_for_all_items(read: Counter[str]) -> None:
    assert [found(CONDITION, name) for name in ("ITEM#1", "ITEM#2", "ORDER")] == [True, True, False]
    assert read == {CONDITION: 1}


def test_an_expression_that_is_wrong_is_refused_each_time(read: Counter[str]) -> None:
    for _ in range(2):
        with pytest.raises(ValueError, match="Syntax error"):
            found("#owner = AND", "ITEM#1")


def test_a_caller_that_changes_its_tokens_changes_no_others(read: Counter[str]) -> None:
    tokens = dynamodb._tokenize(CONDITION)
    whole = list(tokens)
    tokens.clear()
    assert dynamodb._tokenize(CONDITION) == whole
