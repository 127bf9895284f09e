"""Lock files have exact versions and the hashes of their files, and name no package index.

Whether one of these versions has a known vulnerability can only be looked up online.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from testkit.template import ROOT

# Folders whose names begin with a dot hold installed packages.
LOCKS = sorted(
    lock.with_suffix(".txt") for folders in (".", "[!.]*/**") for lock in ROOT.glob(f"{folders}/requirements*.in")
)
SHIPPED = [lock for lock in LOCKS if lock.relative_to(ROOT).parts[0] in {"layers", "functions"}]


def pins(lock: Path) -> dict[str, str]:
    """Returns the line of each locked version by `name==version`, with its condition if it has one."""
    text = re.sub(r"#.*", "", lock.read_text(encoding="utf-8")).replace("\\\n", " ")
    return {line.partition(" --hash")[0].strip(): line for line in text.splitlines() if line.strip()}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: str(lock.relative_to(ROOT)))
def test_every_package_has_one_version_and_the_digests_of_its_files(lock: Path) -> None:
    assert pins(lock)
    for pin, line in pins(lock).items():
        assert re.fullmatch(r"[a-z0-9][a-z0-9._-]*(\[[a-z,-]+\])?==[\w.!+]+( ; .+)?", pin), pin
        digests = line.split()[len(pin.split()) :]
        assert digests, pin
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", digest) for digest in digests), pin


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: str(lock.relative_to(ROOT)))
def test_a_lock_names_no_place_to_take_packages_from(lock: Path) -> None:
    places = r"://| @ |--(extra-)?index-url|--find-links|--trusted-host|--no-binary"
    assert not re.search(places, lock.read_text(encoding="utf-8"))


@pytest.mark.parametrize("lock", SHIPPED, ids=lambda lock: str(lock.relative_to(ROOT)))
def test_what_ships_is_what_is_tested(lock: Path) -> None:
    tested = {pin.partition(" ")[0] for pin in pins(ROOT / "requirements-dev.txt")}
    assert {pin.partition(" ")[0] for pin in pins(lock)} <= tested


# What reads time zones; Lambda's own Python has none.
OF_TIME_ZONES = re.compile(r"\bdata_api_key\b|\bfollowing\.schedules\b|\bCheckFollows\b")


@pytest.mark.parametrize("folder", sorted((ROOT / "functions").glob("*/")), ids=lambda folder: str(folder.name))
def test_a_function_that_needs_time_zones_ships_them(folder: Path) -> None:
    needs_them = any(OF_TIME_ZONES.search(path.read_text(encoding="utf-8")) for path in folder.glob("*.py"))
    lock = folder / "requirements.txt"
    ships_them = lock.exists() and any(pin.startswith("tzdata==") for pin in pins(lock))
    assert ships_them == needs_them
