"""A virtual clock and processes that take turns: their order follows from the seed alone."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import UTC, datetime
from random import Random
from typing import Any

from greenlet import GreenletExit, getcurrent, greenlet

# Two steps never share a moment, as two hosts' clocks almost never do.
_STEP_SECONDS = 1e-6


class Process:
    """An independent process: an execution, an invocation of a function, a client.

    `skew` is the error of its host's clock. `keep` saves the state that a real process would have for itself, and
    returns the function that restores it.
    """

    def __init__(
        self, name: str, work: Callable[[], Any], keep: Callable[[], Callable[[], None]], parent: greenlet
    ) -> None:
        self.name = name
        self.skew = 0.0
        self.started_at = 0.0
        self.ended = False
        self.killed = False
        self.result: Any = None
        self.error: BaseException | None = None
        self.keep = keep
        self.details: dict[str, Any] = {}
        self._work = work
        self._waiting: list[Callable[[], None]] = []
        self.greenlet = greenlet(self._run, parent=parent)

    def _run(self) -> None:
        try:
            self.result = self._work()
        except GreenletExit:
            self.killed = True
        except Exception as error:
            self.error = error
        self.end()

    def end(self) -> None:
        if not self.ended:
            self.ended = True
            for tell in self._waiting:
                tell()

    def on_end(self, tell: Callable[[], None]) -> None:
        if self.ended:
            tell()
        else:
            self._waiting.append(tell)


class Scheduler:
    """The scheduler. `now` is in seconds since 1970. A process that calls `sleep` or `join` lets the others run."""

    def __init__(self, random: Random, start: datetime, shift_clock: Callable[[float], None]) -> None:
        self.random = random
        self.now = start.timestamp()
        self.current: Process | None = None
        self.closed = False
        self.steps = 0
        self._shift_clock = shift_clock
        self._shown = self.now
        self._queue: list[tuple[float, float, int, Callable[[], None]]] = []
        self._number = 0
        self._processes: list[Process] = []
        self._hub = getcurrent()
        self._until: Callable[[], bool] = lambda: False

    @property
    def moment(self) -> datetime:
        return datetime.fromtimestamp(self.now, UTC)

    def at(self, seconds: float, act: Callable[[], None]) -> None:
        """Schedules an action; the seed decides the order of actions at the same moment."""
        self._number += 1
        heapq.heappush(self._queue, (max(seconds, self.now), self.random.random(), self._number, act))

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        self.at(self.now + seconds, act)

    def spawn(
        self,
        name: str,
        work: Callable[[], Any],
        *,
        after: float = 0.0,
        keep: Callable[[], Callable[[], None]] = lambda: lambda: None,
    ) -> Process:
        process = Process(name, work, keep, self._hub)
        self._processes.append(process)

        def start() -> None:
            process.started_at = self.now
            self._resume(process)

        self.later(after, start)
        return process

    def run(self, until: Callable[[], bool]) -> None:
        """Runs until the condition holds or nothing is left to do."""
        self._until = until
        while self._queue and not until():
            seconds, _, _, act = heapq.heappop(self._queue)
            self._step_to(seconds)
            act()

    def _step_to(self, seconds: float) -> None:
        self.now = max(seconds, self.now + _STEP_SECONDS)
        self.steps += 1

    def sleep(self, seconds: float) -> None:
        process = self._running()
        wakes_at = self.now + max(seconds, 0)
        if (not self._queue or self._queue[0][0] > wakes_at) and not self._until():
            self._step_to(wakes_at)  # no other process is due earlier
            self._show(self.now + process.skew)
            return
        self.later(seconds, lambda: self._resume(process))
        self._give_way(process)

    def join(self, process: Process, timeout: float) -> bool:
        """Waits for the end of another process; returns False if that takes longer than the timeout."""
        self.wait(process.on_end, timeout)
        return process.ended

    def wait(self, register: Callable[[Callable[[], None]], object], timeout: float) -> bool:
        """Waits until the registered callback is first called; returns False after a timeout in seconds."""
        waiter = self._running()
        is_called: list[bool] = []

        def wake(called: bool) -> None:
            if not is_called:
                is_called.append(called)
                self.later(0, lambda: self._resume(waiter))

        register(lambda: wake(True))
        self.later(timeout, lambda: wake(False))
        self._give_way(waiter)
        return is_called[0]

    def kill(self, process: Process) -> None:
        """Ends a process like a host that loses power: none of its code runs from then on, not even its cleanup."""
        process.killed = True
        process.end()

    def halt(self) -> None:
        """Stops a killed process for ever."""
        self._hub.switch()
        raise GreenletExit

    def close(self) -> None:
        """Unwinds unfinished processes, without letting them do anything."""
        self.closed = True
        for process in self._processes:
            if process.greenlet and not process.greenlet.dead:
                process.greenlet.throw(GreenletExit)

    def _running(self) -> Process:
        if self.closed:
            raise GreenletExit
        if self.current is None:
            raise RuntimeError("Only a process can wait.")
        return self.current

    def _give_way(self, process: Process) -> None:
        restore = process.keep()
        self._hub.switch()
        if self.closed:
            raise GreenletExit
        restore()

    def _resume(self, process: Process) -> None:
        if process.killed or process.greenlet.dead:
            return
        self.current = process
        self._show(self.now + process.skew)
        process.greenlet.switch()
        self.current = None

    def _show(self, seconds: float) -> None:
        """Sets the clock that the process reads."""
        self._shift_clock(seconds - self._shown)
        self._shown = seconds
