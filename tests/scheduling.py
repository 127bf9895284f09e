"""Decides which tests one worker runs together, and which ones start first.

The tests of a file share their fixtures; the files of a group share a stack, which would otherwise be started for each
file. The longest come first, because the run ends when the last one does.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

# Each of these groups has one stack for all of its tests.
PAGE = "the page on a stack"
WITHOUT_BROWSER = "whole stack"
SHARED_STACKS = (PAGE, WITHOUT_BROWSER)
# These files have to begin before the many short files. The first four start stacks of their own or build all
# functions, and so wait like the groups; the others compute.
_LONG_FILES = (
    "tests/e2e/test_faults.py",
    "tests/e2e/test_local_commands.py",
    "tests/integration/test_sam_build.py",
    "tests/e2e/test_aws_commands.py",
    "tests/integration/test_simulation.py",
    "tests/integration/test_check_follows.py",
    "tests/integration/test_costs.py",
    "tests/integration/test_engines.py",
    "tests/integration/test_third_of_five.py",
    "tests/integration/test_description.py",
    "tests/integration/test_api.py",
    "tests/integration/test_channels.py",
    "tests/integration/test_template.py",
    "tests/integration/test_playlists.py",
    "tests/integration/test_handlers.py",
    "tests/integration/test_transcripts.py",
    "tests/integration/test_api_log.py",
)


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
    if path in _LONG_FILES:
        return path
    if "page" in file.parts:
        return PAGE
    if "e2e" in file.parts or file.name == "test_local_stack.py":
        return WITHOUT_BROWSER
    return path


def longest_first(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """Returns the items with shared stacks first, then the long files; within a group and after these, they stay."""
    order = {name: place for place, name in enumerate((*SHARED_STACKS, *_LONG_FILES))}
    return sorted(items, key=lambda item: order.get(group(item.nodeid), len(order)))
