"""Which tests one worker runs together, and which are begun first.

The tests of a file share what they make; the files of a group share a stack, which would otherwise be started for each.
What takes longest comes first, because all wait for whatever is begun last.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

# Each of these groups has one stack for all of its tests. Those without a browser are two groups of half the time each:
# one after the other they took longer than everything else beside them.
PAGE = "the page on a whole stack"
WHOLE_STACKS = ("whole stack", "second whole stack")
_SECOND_HALF = "test_load.py"  # the first file of it
OWN_STACKS = "stacks of their own"
_OWN_STACKS = ("test_aws_commands.py", "test_faults.py", "test_local_commands.py")


class Scheduling(LoadScopeScheduling):
    """Hands out one group after the other, in the order of the collection."""

    def __init__(self, config: pytest.Config, log: Any) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False  # the number of tests says little about their time

    def _split_scope(self, nodeid: str) -> str:
        return group(nodeid)


def group(nodeid: str) -> str:
    """The file of the test, or the name of a group of files."""
    path = nodeid.partition("::")[0]
    file = PurePosixPath(path)
    if file.name in _OWN_STACKS:
        return OWN_STACKS  # one after the other: every stack more takes time from those beside it
    if "page" in file.parts:
        return PAGE
    if "e2e" in file.parts or file.name == "test_local_stack.py":
        return WHOLE_STACKS[file.name >= _SECOND_HALF]
    return path


def longest_first(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """Returns the items by the order of their groups; within a group, and after those with stacks, they stay."""
    order = (PAGE, *WHOLE_STACKS, OWN_STACKS)
    places = {name: place for place, name in enumerate(order)}
    return sorted(items, key=lambda item: places.get(group(item.nodeid), len(order)))
