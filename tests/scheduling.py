"""Which tests one worker takes together: those that share what takes long to make, so that it is made once."""

from __future__ import annotations

from pathlib import PurePosixPath

from xdist.scheduler import LoadScopeScheduling

# Each of these groups has one stack for all of its tests, so that two workers can share what takes longest.
PAGE = "the page on a whole stack"
WHOLE_STACK = "whole stack"
OWN_STACKS = "stacks of their own"
_OWN_STACKS = ("test_aws_commands.py", "test_faults.py", "test_local_commands.py")
_MADE_ONCE = ("test_costs.py", "test_engines.py", "test_local_build.py", "test_sam_build.py", "test_simulation.py")


class Scheduling(LoadScopeScheduling):
    """Hands out the largest groups first, then one test after the other."""

    def _split_scope(self, nodeid: str) -> str:
        return group(nodeid)


def group(nodeid: str) -> str:
    """`nodeid` itself for a test that shares nothing."""
    file = PurePosixPath(nodeid.partition("::")[0])
    if file.name in _MADE_ONCE:
        return file.name
    if file.name in _OWN_STACKS:
        return OWN_STACKS  # one after the other: every stack more takes time from those beside it
    if "page" in file.parts:
        return PAGE
    return WHOLE_STACK if "e2e" in file.parts or file.name == "test_local_stack.py" else nodeid
