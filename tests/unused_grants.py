"""Permissions of the roles that no call of the tests has needed."""

from __future__ import annotations

from collections.abc import Set

from testkit.account import roles
from testkit.permissions import Grant
from testkit.template import functions


def unused_grants(needed: Set[Grant]) -> list[Grant]:
    return sorted(all_grants() - needed)


def all_grants() -> set[Grant]:
    return {grant for function in functions() for grant in roles().grants(function)}
