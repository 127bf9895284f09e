"""What looks at a commit before it is made is a part of the gate, by the same tools; the changelog says all once."""

from __future__ import annotations

import re

import yaml

from testkit.template import ROOT

HOOKS = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def test_every_hook_is_a_command_of_the_gate_and_none_is_taken_from_elsewhere() -> None:
    assert {repository["repo"] for repository in HOOKS} == {"local"}
    commands = [hook["entry"] for repository in HOOKS for hook in repository["hooks"]]
    gate = MAKEFILE[MAKEFILE.index("\nlint:") :].partition("\n\n")[0]
    for command in commands:
        assert f"\t@{command.replace('.venv/bin/python -m', '$(RUN)')}" in gate, command
    assert len(commands) == 3


def test_the_changelog_says_nothing_twice() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    # What an entry begins with: one that was taken up again is often longer than the other.
    begun = re.findall(r"^- (.{30})", changelog, re.MULTILINE)
    assert sorted(begun) == sorted(set(begun))
