"""The type check of the page's scripts finds what a changed script breaks in another; with the real compiler."""

from __future__ import annotations

from pathlib import Path

from local.script_types import check

CLOCK = """
/** Shows a time; `zone` may be left out. */
export function show(seconds, label, { isExact }, zone = undefined) {
  return [seconds, label, isExact, zone];
}

export class Clock {
  async read(zone) {
    return { zone, seconds: 1 };
  }
}
"""
FORGOTTEN = {
    'show(1, "now");': "Expected 3-4 arguments, but got 2",
    'show(1, "now", { isExact: true }, "UTC", 5);': "Expected 3-4 arguments, but got 5",
    'show(1, "now", {});': "Property 'isExact' is missing",
    "new Clock().read();": "Expected 1 arguments, but got 0",
    'new Clock().wind("up");': "Property 'wind' does not exist",
    'new Clock().read("UTC").seconds;': "Did you forget to use 'await'?",
    '(await import("../clock.js")).hide();': "Property 'hide' does not exist",
}


def report_on(folder: Path, *calls: str) -> str:
    (folder / "views").mkdir()
    (folder / "clock.js").write_text(CLOCK, encoding="utf-8")
    lines = ['import { Clock, show } from "../clock.js";', *(f"void {call}" for call in calls)]
    (folder / "views" / "caller.js").write_text("\n".join(lines), encoding="utf-8")
    return check(folder)


def test_right_calls_are_accepted(tmp_path: Path) -> None:
    assert not report_on(tmp_path, 'show((await new Clock().read("UTC")).seconds, "now", { isExact: true });')


def test_every_caller_that_a_change_forgot_is_reported(tmp_path: Path) -> None:
    report = report_on(tmp_path, *FORGOTTEN)
    for line, problem in enumerate(FORGOTTEN.values(), start=2):
        assert problem in report
        assert f"{tmp_path}/views/caller.js:{line}:" in report
