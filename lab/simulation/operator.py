"""The operator of the deployment, who halts users or everybody for a while, like `make halt` and `make unhalt`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from lab.simulation.promises import EVERYBODY, Promises
from lab.simulation.table import each_batch
from ops.halt import INDEX_SECONDS
from skimlist import aws
from skimlist.config import settings
from skimlist.errors import SkimlistError
from skimlist.jobs.halts import Halts

if TYPE_CHECKING:
    from lab.simulation.world import World

_TRIES = 5
_BELLS = 20
_SWEEP_TIMEOUT_SECONDS = 120.0


class Operator:
    """Stops one user at the table or in the user pool, or everybody, for minutes or hours."""

    def __init__(self, world: World, promises: Promises) -> None:
        self._world = world
        self._promises = promises

    def work(self, times: int) -> None:
        random = self._world.random
        for _ in range(times):
            self._world.scheduler.sleep(random.uniform(0, random.choice([600, 12 * 3600])))
            self._await_work()
            user = random.choice(self._world.users)
            match random.choice(["user", "everybody", "disabled"]):
                case "user":
                    self._halt(user, lambda user=user: self._halts.stop(user, datetime.now(UTC)))  # type: ignore[misc]
                case "everybody":
                    self._halt(EVERYBODY, lambda: self._halts.stop(None, datetime.now(UTC)))
                case _:
                    self._halt(user, lambda user=user: self._world.disabled_users.add(user))  # type: ignore[misc]
            self._world.scheduler.sleep(random.uniform(60, random.choice([1800, 12 * 3600])))
            self.lift_everything()

    def _await_work(self) -> None:
        """Waits until a video begins, because a halt between two batches has no effect."""
        for _ in range(_BELLS):
            self._world.scheduler.wait(self._world.bells.append, 7200)
            if any(batch["status"] == "processing" for batch in each_batch(self._world.table)):
                return

    def lift_everything(self) -> None:
        self._promises.halted.clear()
        self._world.tell("lets all batches go on")
        self._world.disabled_users.clear()
        self._until_it_works(self._lift)
        self._sweep()

    def _lift(self) -> None:
        for user in (None, *self._world.users):
            self._halts.lift(user)

    def _halt(self, whom: str, note: Callable[[], object]) -> None:
        """Halts one user or everybody; after the second sweep has ended, no request may be made."""
        self._world.tell(f"stops {whom}")
        if self._until_it_works(note) and self._sweep():
            self._world.scheduler.sleep(INDEX_SECONDS)
            if not self._sweep():
                return
            self._world.tell(f"has stopped {whom}")
            self._world.met["halted"] += 1
            self._promises.halted[whom] = self._world.scheduler.now

    @property
    def _halts(self) -> Halts:
        return Halts(aws.table(settings().table_name))

    def _until_it_works(self, act: Callable[[], object]) -> bool:
        for _ in range(_TRIES):
            try:
                act()
            except SkimlistError:
                self._world.scheduler.sleep(self._world.random.uniform(1, 60))
            else:
                return True
        return False

    def _sweep(self) -> bool:
        for _ in range(_TRIES):
            process = self._world.invoke("resume_interrupted", {})
            self._world.scheduler.join(process, _SWEEP_TIMEOUT_SECONDS)
            if process.ended and not process.killed and not process.error:
                return True
        return False
