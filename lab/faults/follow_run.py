"""One run of a follow: its source gains videos while functions are killed and answers are lost."""

from __future__ import annotations

import time
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from threading import Timer
from typing import Any

import httpx

from lab.faults.plan import FollowPlan
from lab.faults.user import PatientUser
from lab.faults.world import World
from local.youtube.synthetic import synthetic_id

_CONFLICT = {httpx.codes.CONFLICT}
_POLL_SECONDS = 0.5
# If nothing changes for this long, a sweep is started early.
_STILL_SECONDS = 15
# A check that was running when the follow was deleted has ended.
_AFTERWARDS_SECONDS = 5.0


@dataclass
class FollowEvidence:
    """The result of a run. `videos` are those of all batches of the follow, each with its status.

    `told` are the videos that emails about news link to, `paid` the usable answers of the model by video.
    """

    plan: FollowPlan
    videos: list[tuple[str, str]] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    paid: dict[int, int] = field(default_factory=dict)
    remains: list[str] = field(default_factory=list)
    stuck: bool = False
    # Events of a run; none of them breaks a promise.
    killed: int = 0
    unanswered: int = 0
    pauses: int = 0
    sweeps: int = 0
    looks: int = 0
    batches: int = 0
    seconds: float = 0.0
    last_refusal: str = ""

    def violations(self) -> Iterator[tuple[str, str]]:
        """Yields the kind and description of each broken promise."""
        if self.stuck:
            yield "follow not at an end", f"{self.videos} {self.last_refusal}"
            return
        new = [synthetic_id(number) for number in self.plan.new]
        found = Counter(video_id for video_id, _ in self.videos)
        for video_id in new:
            if not found[video_id]:
                yield "video lost", f"{video_id} is in no batch"
        for video_id, times in found.items():
            if times > 1:
                yield "video twice", f"{video_id} is in {times} batches"
            if video_id not in new:
                yield "old video", f"{video_id} was there before the follow"
        for video_id, status in self.videos:
            if status != "completed":
                yield "wrongly failed", f"{video_id} is {status}"
        told = Counter(self.told)
        for video_id in new:
            if told[video_id] != 1:
                yield ("email twice" if told[video_id] else "email missing"), f"{video_id}: {told[video_id]} emails"
        for number, times in self.paid.items():
            if times > 1:
                yield "paid again", f"video {number}: {times} good answers"
        yield from (("deleted and there", each) for each in self.remains)


class FollowRun:
    def __init__(self, world: World, plan: FollowPlan) -> None:
        self._world = world
        self._plan = plan
        self._random = Random(plan.seed)
        self.evidence = FollowEvidence(plan)
        self._user = PatientUser(world, self.evidence)

    def carry_out(self) -> FollowEvidence:
        self._user.spend_time(self._carry_out)
        return self.evidence

    def _carry_out(self) -> None:
        plan, evidence = self._plan, self.evidence
        self._user.sign_up()
        videos = self._world.youtube.playlists[plan.source] = {"title": f"Source {plan.seed}", "videos": []}
        videos["videos"] = [synthetic_id(number) for number in plan.old]
        request = {"source": plan.source, "model": plan.model_name, "every": "day", "at": "12:00"}
        made = self._user.ask("POST", "follows", json=request, headers={"Idempotency-Key": str(uuid.uuid4())})
        follow_id, user_id = made["id"], self._user.ask("GET", "me")["id"]
        self._world.break_aws(plan.rules, follow_id)
        kills = [Timer(at, self._kill, [index]) for index, at in enumerate(plan.kills)]
        for timer in kills:
            timer.start()
        try:
            self._await_first_check(user_id, follow_id)
            for numbers in plan.rounds:
                videos["videos"] += [synthetic_id(number) for number in numbers]
                self._await_videos(follow_id, [synthetic_id(number) for number in numbers])
        finally:
            for timer in kills:
                timer.cancel()
        batches = self._batches(follow_id)
        evidence.batches = len(batches)
        evidence.videos = [(item["video_id"], item["status"]) for batch in batches for item in batch["items"]]
        for batch in batches:
            self._await_email(batch["id"])
            for text in self._world.texts_about(batch["id"]):
                evidence.told += _announced(text, [item["video_id"] for item in batch["items"]])
        evidence.paid = {number: self._world.model.paid[number] for number in plan.new}
        self._delete(user_id, follow_id)

    def _kill(self, index: int) -> None:
        self.evidence.killed += self._world.kill_a_function(Random(self._plan.seed * 100 + index))

    # --- What a user waits for ---

    def _await_first_check(self, user_id: str, follow_id: str) -> None:
        """Has the source checked until its old videos are noted."""
        while not self._user.patiently(lambda: self._world.records_of(f"FOLLOW#{user_id}#{follow_id}")):
            self._check(follow_id)

    def _await_videos(self, follow_id: str, video_ids: Sequence[str]) -> None:
        """Has the source checked until the videos are in a batch, and takes that to its end."""
        while True:
            for batch in self._batches(follow_id):
                if {*video_ids} <= {item["video_id"] for item in batch["items"]}:
                    self._finish(batch["id"])
                    return
            self._check(follow_id)

    def _check(self, follow_id: str) -> None:
        """Pauses and resumes the follow, after which its source is checked at once, whatever went wrong before."""
        self.evidence.looks += 1
        for status in ("paused", "active"):
            self._user.ask("PATCH", f"follows/{follow_id}", json={"status": status}, fine=_CONFLICT)
        self._world.check_follows(times=self._random.choice([1, 1, 2, 3]))
        time.sleep(self._random.uniform(1, 4))

    def _batches(self, follow_id: str) -> list[dict[str, Any]]:
        runs = self._user.ask("GET", f"follows/{follow_id}")["runs"]
        return [self._user.ask("GET", f"batch/{run['batch_id']}", params={"limit": 100}) for run in runs]

    def _finish(self, batch_id: str) -> None:
        """Waits for the end of a batch, which it resumes when it pauses."""
        changed, seen = time.monotonic(), ""
        while True:
            view = self._user.ask("GET", f"batch/{batch_id}")
            now = time.monotonic()
            if (state := str((view["status"], view["progress"], view["pause"]))) != seen:
                seen, changed = state, now
            elif now - changed > _STILL_SECONDS:
                self._world.sweep()
                self.evidence.sweeps += 1
                changed = now
            if view["status"] == "paused":
                self.evidence.pauses += 1
                time.sleep(_POLL_SECONDS)
                self._user.ask("POST", f"batch/{batch_id}/resume", fine=_CONFLICT)
            elif view["status"] in {"completed", "failed"}:
                if not view["progress"]["left"]:
                    return
                self._user.ask("POST", f"batch/{batch_id}/retry", json={}, fine=_CONFLICT)
            time.sleep(_POLL_SECONDS)

    def _await_email(self, batch_id: str) -> None:
        emails = self._world.emails_about
        self._user.await_email(lambda: any("new video" in subject for subject in emails(batch_id)))

    # --- Afterwards ---

    def _delete(self, user_id: str, follow_id: str) -> None:
        """Deletes the follow while its source, which then has another video, is checked, and once more afterwards."""
        videos = self._world.youtube.playlists[self._plan.source]["videos"]
        while_deleted, afterwards = map(synthetic_id, self._plan.last)
        videos.append(while_deleted)
        self._check(follow_id)
        self._user.ask("DELETE", f"follows/{follow_id}")
        time.sleep(_AFTERWARDS_SECONDS)
        before = self._batch_ids()
        videos.append(afterwards)
        self._world.check_follows(times=2)
        time.sleep(_AFTERWARDS_SECONDS)
        status = self._user.patiently(lambda: self._user.send("GET", f"follows/{follow_id}")).status_code
        self.evidence.remains = [
            *([f"it is answered {status}"] if status != httpx.codes.NOT_FOUND else []),
            *(f"{each} is a further batch" for each in self._batch_ids() - before),
            *self._user.patiently(lambda: self._world.records_of(f"FOLLOW#{user_id}#{follow_id}")),
        ]

    def _batch_ids(self) -> set[str]:
        return {each["id"] for each in self._user.ask("GET", "batch", params={"limit": 100})["batches"]}


def _announced(text: str, video_ids: Sequence[str]) -> list[str]:
    """Returns the videos of a batch that an email about new videos links to."""
    return [each for each in video_ids if " new video" in text and f"https://www.youtube.com/watch?v={each}" in text]
