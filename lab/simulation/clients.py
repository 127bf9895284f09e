"""Users and their clients: what they request, how they repeat unanswered requests, and what they may then expect."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from lab.simulation.outside import SOURCES, TEXTS, VIDEOS, a_selection, video_id
from lab.simulation.promises import Hold, Promises
from lab.simulation.story import short, short_path
from skimlist.errors import StoppedByOperator
from skimlist.models.channel import source_url
from skimlist.transitions import ENDED
from testkit.api_client import api_event

if TYPE_CHECKING:
    from lab.simulation.scheduler import Process
    from lab.simulation.world import World

# The timeout of an HTTP API for its function.
_GATEWAY_SECONDS = 30.0
_TRIES = 5
_KEY_LIVES_SECONDS = 24 * 3600.0
# The number of times that a user continues with the same batch within a minute.
_GOES_ON = 0.3
# The number of times that a user then watches the batch, and the time without progress that they accept.
_WATCHES = 0.5
_WATCHES_SECONDS = 1800.0
# The commands that are refused while an operator has stopped the user.
_MAY_COST = frozenset({"create", "start", "preflight", "items", "resume", "retry", "restore", "redo"})
# Descriptions in a story of commands whose names do not explain themselves.
_IN_WORDS = {
    "items": "add videos to",
    "order": "reorder",
    "skip": "leave out a video of",
    "restore": "put back a video of",
    "redo": "summarize once more a video of",
    "preflight": "check the videos of",
}
# The commands whose beginning ends the effect of an accepted command.
_RELEASE = {
    "pause": {"resume", "retry", "cancel", "delete", "start", "restore"},
    "cancel": {"retry", "delete", "redo"},
}


class Answer(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: Any

    @property
    def is_final(self) -> bool:
        return self.status < 500 and self.status != 429


@dataclass
class Key:
    """An Idempotency-Key: the batch that it created, and the times of the first and the last request with it."""

    text: str
    first_sent: float
    batch_id: str | None = None
    first_answered: float = 0.0


@dataclass
class User:
    """The knowledge that one user's clients share. `jobs` are the requests with a key, which are always the same.

    `begun` are the commands that began and `under_way` the running requests, by batch.
    """

    name: str
    batches: list[str] = field(default_factory=list)
    keys: dict[str, Key] = field(default_factory=dict)
    jobs: dict[str, Any] = field(default_factory=dict)
    begun: dict[str, list[str]] = field(default_factory=dict)
    under_way: dict[str, list[Process]] = field(default_factory=dict)

    def know(self, batch_id: str) -> None:
        if batch_id not in self.batches:
            self.batches.append(batch_id)


class Client:
    """One browser or script of a user."""

    def __init__(self, world: World, promises: Promises, user: User, name: str) -> None:
        self.world = world
        self.user = user
        self.name = name
        self._promises = promises
        self._etags: dict[str, tuple[str, Any]] = {}

    # --- Requests and their repetition -------------------------------------------------------------------------------

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, Any] | None = None,
        tries: int = _TRIES,
    ) -> Answer | None:
        """Returns the first final answer, or None if there is none after some attempts."""
        for attempt in range(tries):
            if attempt:
                self.world.scheduler.sleep(self.world.random.uniform(0.5, 5))
            answer = self._send(method, path, body, headers or {}, query or {})
            if answer and answer.status == 500:
                self.world.violate("500", f"{method} {path}: {answer.body}")
            if answer and answer.is_final:
                return answer
        return None

    def _send(
        self, method: str, path: str, body: Any, headers: Mapping[str, str], query: Mapping[str, Any]
    ) -> Answer | None:
        world = self.world
        text = None if body is None else json.dumps(body)
        claims = {
            "sub": self.user.name,
            "token_use": "id",
            "email": address_of(self.user.name),
            "email_verified": "true",
        }
        event = api_event(claims, method, path, query=query, text=text, headers=headers)
        if world.chance("request_lost"):
            fate = world.random.choice(["never arrives", "arrives late", "is never answered"])
            world.tell(f"sends {method} {short_path(path)}, which {fate}")
            if fate != "never arrives":
                after = world.random.uniform(0, 60) if fate == "arrives late" else 0.0
                self._invoke(event, path, after)
            world.scheduler.sleep(world.random.uniform(0.1, _GATEWAY_SECONDS))
            return None
        process = self._invoke(event, path, 0.0)
        if not world.scheduler.join(process, _GATEWAY_SECONDS) or process.killed or process.error:
            world.tell(f"hears nothing of {process.name}")
            return None
        raw = process.result
        text = raw.get("body") or ""
        answer = Answer(raw["statusCode"], {name.lower(): value for name, value in raw["headers"].items()}, None)
        return answer._replace(body=json.loads(text) if text else None)

    def _invoke(self, event: Any, path: str, after: float) -> Process:
        process = self.world.invoke("api", event, after=after)
        batch_id = path.split("/")[2] if path.count("/") > 1 else ""
        command = process.details["command"] = _command(event)
        if batch_id and command:
            self.user.under_way.setdefault(batch_id, []).append(process)
            self.world.scheduler.later(after, lambda: self._begin(batch_id, command))
        return process

    def _begin(self, batch_id: str, command: str) -> None:
        self.user.begun.setdefault(batch_id, []).append(command)
        hold = self._promises.holds.get(batch_id)
        if hold and command in _RELEASE[hold.command]:
            del self._promises.holds[batch_id]

    # --- Commands ----------------------------------------------------------------------------------------------------

    def command(self, batch_id: str, method: str, path: str, body: Any = None) -> Answer | None:
        """Sends a command about a batch, and notes what it promises once it is answered."""
        name = _command({"requestContext": {"http": {"method": method}}, "rawPath": f"/api/batch/{batch_id}{path}"})
        before = len(self.user.begun.get(batch_id, []))
        others = [each for each in self.user.under_way.get(batch_id, []) if not each.ended]
        sent = self.world.scheduler.now
        self.world.tell(
            f"wants to {_IN_WORDS.get(name, name)} {short(batch_id)}{' ' + json.dumps(body) if body else ''}"
        )
        answer = self.ask(method, f"/batch/{batch_id}{path}", body)
        self.tell_answer(answer)
        if answer is None:
            return None
        self._check_halt(name, answer, sent)
        since = self.user.begun.get(batch_id, [])[before:]
        still = [each for each in self.user.under_way.get(batch_id, []) if not each.ended]
        is_alone = not others and not still and set(since) <= {name}
        if name in _RELEASE and answer.status < 300 and is_alone and not self._released(name, since):
            self._promises.holds[batch_id] = Hold(name, str(answer.body["status"]))
        if name == "delete" and answer.status < 300:
            self._promises.deleted.add(batch_id)
            self.world.met[f"deleted: {answer.status}"] += 1
        if name == "retry" and is_alone and len(since) > 1 and 400 <= answer.status < 500:
            self._check_refused_retry(batch_id, answer)
        return answer

    def tell_answer(self, answer: Answer | None) -> None:
        if answer is None:
            self.world.tell("gives up waiting for an answer")
        elif answer.status >= 400:
            self.world.tell(f"is answered {answer.status}: {answer.body['error']['message']}")
        else:
            self.world.tell(f"is answered {answer.status}{' for ' + short(answer.body['id']) if answer.body else ''}")

    def _check_halt(self, name: str, answer: Answer, sent: float) -> None:
        """Checks that no command that may cost something is accepted for a stopped user."""
        if name in _MAY_COST and answer.status < 300 and self._promises.is_halted(self.user.name, sent):
            self.world.violate("accepted while halted", f"{name} is answered {answer.status}")

    def _released(self, name: str, since: list[str]) -> bool:
        return any(each in _RELEASE[name] for each in since if each != name)

    def _check_refused_retry(self, batch_id: str, answer: Answer) -> None:
        """Checks that videos that an interrupted retry has requeued are processed, or can be retried again.

        A retry of a cancelled batch is refused for a moment while its execution has not ended yet; a user
        whom the operator has stopped is refused everything until the halt is lifted.
        """
        if answer.body["error"]["code"] == StoppedByOperator.code:
            return
        asked_at = self.user.under_way[batch_id][-1].started_at
        partition = self.world.table.partitions.get(f"BATCH#{batch_id}", {})
        batch = self.world.table.get((f"USER#{self.user.name}", f"BATCH#{batch_id}"))
        requeued = [int(number) for number in partition.get("ORDER", {}).get("again", ())]
        if not batch or datetime.fromisoformat(batch["updated_at"]).timestamp() > asked_at:
            return  # the answer is about an earlier state
        if batch["status"] in ENDED and batch["parked"] and requeued:
            self.world.violate(
                "retry cut off for good",
                f"{requeued} wait in a batch that is {batch['status']}, and the same retry is answered {answer.status}",
            )

    def create(self, *, key: str | None = None, path: str = "/batch/create", **body: Any) -> str | None:
        headers = {"Idempotency-Key": key} if key else {}
        under_key = f" with the key {key!r}" if key else ""
        self.world.tell(f"wants a new batch by POST {short_path(path)} {json.dumps(body)}{under_key}")
        sent = self.world.scheduler.now
        answer = self.ask("POST", path, body, headers=headers, tries=_TRIES if key else 1)
        self.tell_answer(answer)
        if answer is None or answer.status != 201:
            return None
        self._check_halt("create", answer, sent)
        batch_id = str(answer.body["id"])
        if key:
            self._check_key(f"{key} {path} {json.dumps(body)}", batch_id, sent)
        self.user.know(batch_id)
        found = self.ask("GET", f"/batch/{batch_id}")
        is_untouched = batch_id not in self._promises.deleted and not self.user.begun.get(batch_id)
        if found and found.status == 404 and is_untouched:
            self.world.violate("made and not there", f"the first look at {short(batch_id)} is answered 404")
        return batch_id

    def _check_key(self, key: str, batch_id: str, sent: float) -> None:
        known = self.user.keys.get(key)
        if known is None:
            self.user.keys[key] = Key(key, sent, batch_id, self.world.scheduler.now)
            return
        is_same = known.batch_id == batch_id
        if not is_same and self.world.scheduler.now - known.first_sent < _KEY_LIVES_SECONDS:
            self.world.violate("one key, two batches", f"{short(str(known.batch_id))} and {short(batch_id)}")
        if is_same and sent - known.first_answered > _KEY_LIVES_SECONDS:
            hours = (sent - known.first_answered) / 3600
            self.world.violate("key outlives its day", f"after {hours:.0f} h it still gives {short(batch_id)}")
        if not is_same:
            self.user.keys[key] = Key(key, sent, batch_id, self.world.scheduler.now)

    def poll(self, batch_id: str) -> Any:
        answer = self.ask("GET", f"/batch/{batch_id}", query={"items": "false"})
        if answer and answer.status == 200:
            self._promises.on_poll(self.world, batch_id, answer.headers["etag"], answer.body)
        return answer.body if answer and answer.status == 200 else None

    def look(self, batch_id: str) -> Any:
        """Reads the batch with its items."""
        answer = self.ask("GET", f"/batch/{batch_id}", query={"limit": 100})
        return answer.body if answer and answer.status == 200 else None

    # --- Actions of a user -------------------------------------------------------------------------------------------

    def live(self, commands: int) -> None:
        random = self.world.random
        for _ in range(commands):
            self._think()
            batch_id = self._create_or_steer()
            if batch_id and random.random() < _WATCHES:
                self._watch(batch_id)

    def _create_or_steer(self) -> str | None:
        random = self.world.random
        if not self.user.batches or random.random() < 0.15:
            return self._create()
        batch_id = random.choice(self.user.batches[-3:])
        self._steer(batch_id)
        while random.random() < _GOES_ON:
            self.world.scheduler.sleep(random.uniform(0, random.choice([1, 10, 60])))
            self._steer(batch_id)
        return batch_id

    def _think(self) -> None:
        random = self.world.random
        share = random.random()
        longest = 2 if share < 0.5 else 30 if share < 0.8 else 600 if share < 0.95 else 40 * 3600
        self.world.scheduler.sleep(random.uniform(0, longest))

    def _create(self) -> str | None:
        random = self.world.random
        kind = random.choice(["start", "start", "start", "draft", "preflight"])
        urls: list[Any] = [
            video_id(number)[:11] for number in random.sample(range(1, VIDEOS + 1), random.randint(1, 6))
        ]
        if random.random() < 0.25:
            urls.append(f"https://www.youtube.com/playlist?list=PLxxxxxxxxxxxxxxx{random.randint(0, 6)}")
        if random.random() < 0.15:
            select = a_selection(random, self.world.outside.now)
            urls.append({"url": source_url(random.choice(SOURCES)), "select": select})
        body = {
            "urls": urls,
            "start": kind == "start",
            "preflight": kind == "preflight",
            "model": random.choice(["openai", "openai", "extractive"]),
            "options": {"digest": random.random() < 0.4},
            **({"max_cost_usd": random.choice(["0.0005", "0.002"])} if random.random() < 0.25 else {}),
        }
        key = random.choice([None, None, "nightly", f"job {random.randint(1, 3)}"])
        return self.create(key=key, **(self.user.jobs.setdefault(key, body) if key else body))

    def _steer(self, batch_id: str) -> None:
        view = self.look(batch_id)
        if view is None:
            return
        random = self.world.random
        if random.random() < 0.5:
            self.poll(batch_id)
        acts = self._acts(batch_id, view)
        fitting = _FITTING[view["status"]]
        names = [name for name in fitting if name in acts] if random.random() < 0.85 else sorted(acts)
        act = acts[random.choice(names or sorted(acts))]
        if random.random() < 0.5:
            self.world.scheduler.wait(self.world.bells.append, random.uniform(1, 7200))
        act()

    def _acts(self, batch_id: str, view: Any) -> dict[str, Callable[[], Any]]:
        random = self.world.random
        waiting = [item["id"] for item in view["items"] if item["status"] == "pending"]
        failed = [item["id"] for item in view["items"] if item["status"] == "failed"]
        left_out = [item["id"] for item in view["items"] if item["status"] == "skipped"]
        done = [item["id"] for item in view["items"] if item["status"] == "completed"]
        redone = [item["id"] for item in view["items"] if item["redo"]]
        acts: dict[str, Callable[[], Any]] = {
            name: lambda name=name: self.command(batch_id, "POST", f"/{name}")  # type: ignore[misc]
            for name in ("start", "pause", "preflight", "retry")
        }
        acts["resume"] = lambda: self.command(
            batch_id, "POST", "/resume", {"max_cost_usd": "1"} if random.random() < 0.5 else None
        )
        acts["change"] = lambda: self.command(
            batch_id, "PATCH", "", {"model": random.choice(["openai", "extractive"]), "max_cost_usd": "1"}
        )
        acts["change model"] = lambda: self.command(
            batch_id, "PATCH", "", {"model": random.choice(["openai", "extractive"])}
        )
        acts["retry all"] = lambda: self.command(batch_id, "POST", "/retry", {"all": True})
        acts["cancel"] = lambda: self.command(batch_id, "DELETE", "/cancel")
        acts["delete"] = lambda: self.command(batch_id, "DELETE", "")
        acts["cancel and delete"] = lambda: (acts["cancel"](), acts["delete"]())
        acts["append"] = lambda: self.command(
            batch_id, "POST", "/items", {"urls": [video_id(random.randint(1, VIDEOS)) for _ in range(2)]}
        )
        acts["export"] = lambda: self.ask("GET", f"/batch/{batch_id}/export", query={"format": "json"})
        acts["digest"] = lambda: self.ask("GET", f"/batch/{batch_id}/digest")
        if view["playlists"]:
            acts["refresh"] = lambda: self.create(
                key=random.choice([None, "refresh"]), path=f"/batch/{batch_id}/refresh", start=random.random() < 0.5
            )
        if waiting:
            chosen = random.sample(waiting, random.randint(1, len(waiting)))
            acts["order"] = lambda: self.command(batch_id, "PUT", "/order", {"item_ids": chosen})
            acts["skip"] = lambda: self.command(batch_id, "DELETE", f"/items/{chosen[0]}")
        if left_out:
            skipped = random.choice(left_out)
            acts["restore"] = lambda: self.command(batch_id, "POST", f"/items/{skipped}/restore")
        if done:
            body = random.choice(
                [None, {"model": random.choice(["openai", "extractive"])}, {"summary_length": "brief"}]
            )
            once_more = random.choice(done)
            acts["redo"] = lambda: self.command(batch_id, "POST", f"/items/{once_more}/redo", body)
        if redone:
            kept = random.choice(redone)
            acts["keep"] = lambda: self.command(batch_id, "DELETE", f"/items/{kept}")
        acts["give captions"] = lambda: self._give_captions(batch_id, view)
        if failed:
            some = random.sample(failed, random.randint(1, len(failed)))
            acts["retry some"] = lambda: self.command(batch_id, "POST", "/retry", {"item_ids": some})
        return acts

    def _give_captions(self, batch_id: str, view: Any) -> None:
        """Uploads captions of the waiting videos and lets the batch continue, as the client at home does."""
        random = self.world.random
        for item in view["items"]:
            if item["status"] in {"pending", "processing"}:
                if random.random() < 0.5:
                    self.world.scheduler.wait(self.world.bells.append, 60)
                self.world.tell(f"uploads captions of {item['video_id']}")
                given = {"captions": "\n".join(TEXTS), "language": "en"}
                self.ask("PUT", f"/videos/{item['video_id']}/transcript", given)
        self.ask("POST", f"/batch/{batch_id}/resume", {"only_if_waiting_for_youtube": True})

    def _watch(self, batch_id: str) -> None:
        """Watches a batch, and loses patience when a step is lost, especially after another video has failed.

        The user then cancels the batch, and later retries the videos that had failed.
        """
        random, scheduler = self.world.random, self.world.scheduler
        while scheduler.wait(self.world.bells_of_losses[batch_id].append, _WATCHES_SECONDS):
            view = self.poll(batch_id)
            if view and random.random() < (0.9 if view["progress"]["failed"] else 0.1):
                self.command(batch_id, "DELETE", "/cancel")
                scheduler.sleep(random.uniform(0, random.choice([30, 600])))
                self.command(batch_id, "POST", "/retry", {"all": True})
                return


_FITTING: Mapping[str, tuple[str, ...]] = {
    "draft": (
        "start",
        "start",
        "preflight",
        "order",
        "skip",
        "restore",
        "append",
        "retry some",
        "retry all",
        "delete",
        "cancel",
    ),
    "pending": ("pause", "cancel", "cancel and delete", "order", "append", "change model"),
    "processing": (
        "give captions",
        "pause",
        "change model",
        "pause",
        "order",
        "skip",
        "keep",
        "keep",
        "restore",
        "redo",
        "retry some",
        "retry all",
        "append",
        "cancel",
        "cancel and delete",
        "export",
    ),
    "paused": (
        "give captions",
        "resume",
        "change model",
        "resume",
        "order",
        "restore",
        "redo",
        "redo",
        "keep",
        "keep",
        "retry some",
        "retry all",
        "append",
        "cancel",
        "cancel and delete",
        "pause",
        "pause",
    ),
    "completed": (
        "retry some",
        "retry",
        "retry all",
        "restore",
        "redo",
        "keep",
        "refresh",
        "delete",
        "export",
        "digest",
    ),
    "failed": ("retry", "retry all", "delete"),
    "cancelled": ("redo", "keep", "retry some", "retry all", "delete", "export"),
}


def address_of(user: str) -> str:
    """Returns the address with which a user signs in."""
    return f"{user}@example.com"


def _command(event: Any) -> str:
    """Returns the command of a request; empty if it only reads, or never ends what another command has promised."""
    method, path = event["requestContext"]["http"]["method"], event["rawPath"]
    parts = path.split("/")[4:]
    if method == "GET" or not path.startswith("/api/batch/") or "only_if_waiting" in (event.get("body") or ""):
        return ""
    if method == "PATCH":
        return "change"
    if method == "DELETE":
        return {(): "delete", ("cancel",): "cancel"}.get(tuple(parts), "skip")
    # `items` adds videos; the part after an item's id is an action on that item.
    return str(parts[2 if len(parts) > 2 else 0]) if parts else ""
