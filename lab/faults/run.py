"""One run: a user takes a batch to its end as a person would, while the faults of the plan occur."""

from __future__ import annotations

import io
import time
import uuid
from random import Random
from threading import Timer
from typing import Any
from zipfile import ZipFile

import httpx

from lab.faults.evidence import Evidence
from lab.faults.plan import Plan
from lab.faults.user import PatientUser
from lab.faults.world import World

# The batch has progressed past a video that was to be moved.
_REFUSED = {httpx.codes.CONFLICT}
_BEGUN = {*_REFUSED, httpx.codes.UNPROCESSABLE_ENTITY}
_ENDED = {"completed", "failed", "cancelled"}
# If nothing changes for this long, a sweep is started early; otherwise it runs every five minutes.
_STILL_SECONDS = 15
_POLL_SECONDS = 0.5
# The delay after which a person resumes a paused batch.
_PAUSE_SECONDS = 1.0
_MAX_RETRIES = 4
# A user who deletes a batch does not wait for it to end.
_IMPATIENT_SECONDS = 0.2
_AFTERWARDS_SECONDS = 2.0


class Run:
    def __init__(self, world: World, plan: Plan) -> None:
        self._world = world
        self._plan = plan
        self.evidence = Evidence(plan)
        self._user = PatientUser(world, self.evidence)

    def carry_out(self) -> Evidence:
        self._user.spend_time(self._carry_out)
        return self.evidence

    def _carry_out(self) -> None:
        plan, evidence = self._plan, self.evidence
        self._user.sign_up()
        request = {"urls": plan.video_ids, "model": plan.model_name, "name": f"Seed {plan.seed}", "start": False}
        self._world.break_aws(plan.creation_rules, plan.video_ids[0])
        batch = self._user.ask("POST", "batch/create", json=request, headers={"Idempotency-Key": str(uuid.uuid4())})
        evidence.batch_id = batch["id"]
        for number, (failure, times) in plan.youtube.items():
            self._world.youtube.fail(failure, plan.video_ids[number - plan.numbers[0]], times=times)
        self._world.model.plan(plan.model)
        self._world.break_aws(plan.rules, batch["id"])
        kills = [Timer(at, self._kill, [index]) for index, at in enumerate(plan.kills)]
        for timer in kills:
            timer.start()
        try:
            if plan.starts_after is not None:
                self._user.ask("POST", f"batch/{batch['id']}/preflight", fine=_REFUSED)
                evidence.checks += 1
                time.sleep(plan.starts_after)
            # After a lost answer the request is repeated, and then the batch is no longer a draft.
            self._user.ask("POST", f"batch/{batch['id']}/start", fine=_REFUSED)
            self._follow(batch["id"])
        finally:
            for timer in kills:
                timer.cancel()
        self._look_closely(batch["id"])
        if evidence.summarized:
            self._throw_away(evidence.summarized)
        evidence.paid = {number: self._world.model.paid[number] for number in plan.numbers}

    def _kill(self, index: int) -> None:
        self.evidence.killed += self._world.kill_a_function(Random(self._plan.seed * 100 + index))

    def _follow(self, batch_id: str) -> None:
        """Resumes the batch when it pauses and retries it when it ends incomplete, until it has ended."""
        evidence, changed, seen = self.evidence, time.monotonic(), ""
        while True:
            view = evidence.view = self._user.ask("GET", f"batch/{batch_id}")
            now = time.monotonic()
            if (state := str((view["status"], view["progress"], view["pause"]))) != seen:
                seen, changed = state, now
            elif now - changed > _STILL_SECONDS:
                self._world.sweep()
                evidence.sweeps += 1
                changed = now
            if view["status"] == "paused":
                evidence.pauses += 1
                time.sleep(_PAUSE_SECONDS)
                self._user.ask("POST", f"batch/{batch_id}/resume", fine=_REFUSED)
            elif view["status"] in _ENDED and not view["progress"]["left"]:
                evidence.ends += view["status"] != "cancelled"
                if not self._retry(view):
                    return
            elif view["status"] in _ENDED and view["status"] != "cancelled":
                # The workflow ended with videos left, says so, and a retry continues.
                evidence.ends += 1
                evidence.given_up += 1
                if not self._retry(view, force=True):
                    return
            elif self._wants_to_cancel(view):
                self._cancel(batch_id)
            elif view["status"] == "processing" and evidence.reorders < self._plan.reorders:
                self._reorder(view)
            time.sleep(_POLL_SECONDS)

    def _wants_to_cancel(self, view: dict[str, Any]) -> bool:
        wanted = self._plan.cancels
        return wanted is not None and view["status"] == "processing" and view["progress"]["completed"] >= wanted

    def _reorder(self, view: dict[str, Any]) -> None:
        waiting = [item["id"] for item in view["items"] if item["status"] == "pending"]
        Random(self._plan.seed + self.evidence.reorders).shuffle(waiting)
        if waiting:
            self._user.ask("PUT", f"batch/{view['id']}/order", json={"item_ids": waiting}, fine=_BEGUN)
            self.evidence.reorders += 1

    def _cancel(self, batch_id: str) -> None:
        answer = self._user.ask("DELETE", f"batch/{batch_id}/cancel", fine=_REFUSED)
        if answer.get("status") == "cancelled":
            self.evidence.ended_at_cancel = answer["progress"]["completed"] + answer["progress"]["failed"]

    def _retry(self, view: dict[str, Any], *, force: bool = False) -> bool:
        """Retries the videos that a retry can help, as a person would; returns whether the batch continues."""
        wrong = [item for item in view["items"] if item["status"] == "failed" and item["error"]["retryable"]]
        hopeful = [item for item in wrong if item["video_id"] not in self._plan.failing]
        if view["status"] == "cancelled" or not (hopeful or force) or self.evidence.retries >= _MAX_RETRIES:
            return False
        # A user retries the batch once they are notified of its end, so the email has to come first.
        self._await_email(view["id"])
        self.evidence.retries += 1
        self.evidence.failed_for_now += [
            (item["video_id"], item["error"]["code"]) for item in wrong if item["video_id"] not in self._plan.failing
        ]
        by_name = bool(hopeful) and self._plan.retries_by_name
        self.evidence.retries_by_name += by_name
        named = {"item_ids": [item["id"] for item in hopeful]} if by_name else {}
        self._user.ask("POST", f"batch/{view['id']}/retry", json=named, fine=_REFUSED)
        return True

    def _look_closely(self, batch_id: str) -> None:
        """Checks the stored data and the user's results once everything has come to rest."""
        evidence = self.evidence
        self._await_email(batch_id)
        evidence.view = self._user.ask("GET", f"batch/{batch_id}", params={"limit": 100})
        evidence.emails = self._world.emails_about(batch_id)
        summaries = self._user.ask("GET", "summaries", params={"limit": 100})["summaries"]
        evidence.summarized = [summary["video_id"] for summary in summaries]
        if evidence.view["progress"]["completed"] or evidence.view["progress"]["failed"]:
            export = self._user.ask("GET", f"batch/{batch_id}/export", params={"format": "zip"})
            evidence.archive = self._download(export["url"])

    def _throw_away(self, video_ids: list[str]) -> None:
        """Summarizes the same videos in another batch, which is deleted as soon as possible."""
        request = {"urls": video_ids, "model": self._plan.model_name, "name": "Thrown away", "start": False}
        batch = self._user.ask("POST", "batch/create", json=request, headers={"Idempotency-Key": str(uuid.uuid4())})
        path, changed = f"batch/{batch['id']}", time.monotonic()
        self._world.break_aws(self._plan.rules, batch["id"])
        self._user.ask("POST", f"{path}/start", fine=_REFUSED)
        while self._user.patiently(lambda: self._user.send("DELETE", path)).status_code == httpx.codes.CONFLICT:
            if self._user.ask("GET", path)["status"] == "paused":
                self._user.ask("POST", f"{path}/resume", fine=_REFUSED)
            if time.monotonic() - changed > _STILL_SECONDS:
                self._world.sweep()
                changed = time.monotonic()
            time.sleep(_IMPATIENT_SECONDS)
        # A function that was working on the batch at that moment is too late.
        time.sleep(_AFTERWARDS_SECONDS)
        found = self._user.patiently(lambda: self._user.send("GET", path)).status_code
        listed = self._user.ask("GET", "batch", params={"limit": 100})["batches"]
        summaries = self._user.ask("GET", "summaries", params={"limit": 100})["summaries"]
        self.evidence.remains = [
            *([f"it is answered {found}"] if found != httpx.codes.NOT_FOUND else []),
            *(f"{entry['id']} is listed" for entry in [*listed, *summaries] if entry["id"].startswith(batch["id"])),
        ]

    def _await_email(self, batch_id: str) -> None:
        """Waits for an email about each end so far, because none is sent about an end that a retry precedes."""
        emails = self._world.emails_about
        self._user.await_email(
            lambda: sum("paused" not in subject for subject in emails(batch_id)) >= self.evidence.ends
        )

    def _download(self, url: str) -> ZipFile:
        answer = self._user.patiently(lambda: httpx.get(url, trust_env=False).raise_for_status())
        return ZipFile(io.BytesIO(answer.content))
