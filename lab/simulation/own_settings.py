"""Users who choose their own notifications while batches end, and what they may expect of every notification."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lab.simulation.clients import Client, address_of
from lab.simulation.topic import Subscription

if TYPE_CHECKING:
    from lab.simulation.world import World

_EVENTS = ("done", "paused", "failed")
# More than one user may name it; only the first one gets it.
_SHARED = "https://hooks.example.com/shared"


@dataclass
class Choice:
    """Settings that a user has chosen: `endpoints` and `events`. It is certain since `since`, if it was answered."""

    endpoints: frozenset[str]
    events: frozenset[str]
    since: float


@dataclass
class Choices:
    """The last choice of each user that was answered, unless the user has sent another request since then."""

    certain: dict[str, Choice] = field(default_factory=dict)
    _sent: Counter[str] = field(default_factory=Counter)
    _delivered: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def send(self, user: str) -> int:
        """Notes a request; returns its number."""
        self.certain.pop(user, None)
        self._sent[user] += 1
        return self._sent[user]

    def answer(self, user: str, number: int, choice: Choice) -> None:
        if self._sent[user] == number:
            self.certain[user] = choice

    def on_publish(self, world: World, attributes: Mapping[str, Any], subscriptions: Sequence[Subscription]) -> None:
        """Checks that a notification goes to exactly the confirmed addresses that its user has chosen for the event.

        A follow's goes to none of them if the follow does not notify. News may tell of a pause, too.
        """
        user, event = (attributes[name]["StringValue"] for name in ("user_id", "event"))
        batch_id = attributes.get("batch_id", {}).get("StringValue")
        owner, batch = _batch(world, batch_id)
        if owner not in {None, f"USER#{user}"}:
            world.violate("not their own", f"the notification about a batch of {owner} names {user}")
        for each in subscriptions:
            world.met["notified"] += 1
            if each.user != user:
                world.violate("not their own", f"{each.endpoint} of {each.user} is told about a batch of {user}")
        choice, process = self.certain.get(user), world.scheduler.current
        if choice is None or process is None or process.started_at <= choice.since:
            return
        events = {event, "paused"} if event == "news" else {event}
        chosen = choice.endpoints if events & choice.events else frozenset()
        confirmed = {
            each.endpoint
            for each in world.topic.subscriptions.values()
            if each.is_confirmed and each.user == user and each.endpoint in chosen
        }
        notified = {each.endpoint for each in subscriptions}
        is_of_a_follow = batch_id is None or "follow_id" in batch
        if notified != confirmed and not (is_of_a_follow and not notified):
            world.violate(
                "not as chosen", f"{sorted(notified)} are told that a batch is {event}, and not {sorted(confirmed)}"
            )


def _batch(world: World, batch_id: str | None) -> tuple[str | None, Mapping[str, Any]]:
    """Returns the owner's partition and the record of a batch, if it still exists."""
    found = ((pk, records.get(f"BATCH#{batch_id}")) for pk, records in world.table.partitions.items())
    return next(((pk, record) for pk, record in found if record), (None, {}))


class Chooser:
    """One client of a user, which changes the settings at moments at which notifications are sent."""

    def __init__(self, client: Client, choices: Choices) -> None:
        self._client = client
        self._wishes = choices
        self._world = client.world

    def choose_often(self, times: int) -> None:
        random = self._world.random
        for _ in range(times):
            if random.random() < 0.5:
                self._world.scheduler.wait(self._world.bells_of_notifications.append, random.uniform(1, 24 * 3600))
            else:
                self._world.scheduler.sleep(random.uniform(0, random.choice([5, 3600, 24 * 3600])))
            self.choose(
                random.choice([[], [], [self._hook(1)], [self._hook(2)], [_SHARED]]), email=random.random() < 0.5
            )

    def choose(self, hooks: Sequence[str], *, email: bool, events: Sequence[str] = ()) -> bool:
        """Reads the settings and replaces them, as the page does; returns whether that was answered."""
        random, user = self._world.random, self._client.user.name
        asked_at = self._world.scheduler.now
        shown = self._client.ask("GET", "/me")
        if shown is None:
            return False
        self._check_shown(shown.body, asked_at)
        events = events or random.sample(_EVENTS, random.randint(1, len(_EVENTS)))
        wanted = {"email": email, "webhook": hooks[0] if hooks else None, "events": list(events)}
        number = self._wishes.send(user)
        self._world.tell(f"wants notifications {wanted}")
        version = {"If-Match": str(shown.body["notifications"]["version"])}
        answer = self._client.ask("PUT", "/me", {"notifications": wanted}, headers=version)
        if answer is None or answer.status != 200:
            return False
        endpoints = frozenset([*hooks, *([address_of(user)] if email else [])])
        self._wishes.answer(user, number, Choice(endpoints, frozenset(events), self._world.scheduler.now))
        return True

    def _check_shown(self, me: Any, asked_at: float) -> None:
        """Checks that the last answered choice is shown, however late older requests arrive."""
        choice = self._wishes.certain.get(self._client.user.name)
        shown = {each["address"] for each in (me["notifications"]["email"], me["notifications"]["webhook"]) if each}
        if (
            choice
            and choice.since < asked_at
            and (shown != choice.endpoints or set(me["notifications"]["events"]) != choice.events)
        ):
            self._world.violate("not the last choice", f"{me['notifications']} is shown, and {choice} was answered")

    def leave(self) -> None:
        """Switches everything off in the calm; then SNS must keep nothing of this user's."""
        if not self.choose([], email=False, events=_EVENTS):
            return
        self._world.topic.confirm_all()
        self._client.ask("GET", "/me")
        user = self._client.user.name
        left = [each.endpoint for each in self._world.topic.subscriptions.values() if each.user == user]
        if left:
            self._world.violate("left subscribed", f"{left} of {user}, who has switched everything off")

    def _hook(self, number: int) -> str:
        return f"https://hooks.example.com/{self._client.user.name}/{number}"
