"""The inputs that the workflow passes to its functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from skimlist.errors import SkimlistError, UnexpectedFailure, WorkflowFailed, error_from_workflow
from skimlist.models.batch import BatchRun, CurrentVideo
from skimlist.models.video import Item, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchEvent:
    """The input of a state that works on a whole batch; `error` is the error that a Catch added."""

    user_id: str
    batch_id: str
    run: int
    error: SkimlistError | None = None

    @classmethod
    def from_dict(cls, event: Mapping[str, Any], otherwise: type[SkimlistError] = WorkflowFailed) -> BatchEvent:
        """Parses the input; `otherwise` is the class for errors that are not ours."""
        return cls(
            user_id=event["user_id"],
            batch_id=event["batch_id"],
            run=int(event["run"]),
            error=_error(event.get("error"), otherwise),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoEvent:
    """The input of a state inside the Map: one video of a page of the queue."""

    user_id: str
    batch_id: str
    run: int
    item_id: str
    position: int
    video_id: str
    order_version: int
    # Executions that began before these fields existed do not send them.
    page: str | None = None
    attempts: int | None = None
    error: SkimlistError | None = None

    @classmethod
    def from_dict(cls, event: Mapping[str, Any]) -> VideoEvent:
        video = event["video"]
        return cls(
            user_id=event["user_id"],
            batch_id=event["batch_id"],
            run=int(event["run"]),
            item_id=video["item_id"],
            position=int(video["position"]),
            video_id=video["video_id"],
            order_version=int(video["order_version"]),
            page=video.get("page"),
            attempts=int(video["attempts"]) if "attempts" in video else None,
            error=_error(event.get("error"), UnexpectedFailure),
        )

    @property
    def batch_run(self) -> BatchRun:
        return BatchRun(self.user_id, self.batch_id, self.run)

    def current(
        self, stage: Stage, started_at: datetime, title: str | None = None, channel: str | None = None
    ) -> CurrentVideo:
        return CurrentVideo(
            item_id=self.item_id,
            position=self.position,
            stage=stage,
            started_at=started_at,
            run=self.run,
            title=title,
            channel=channel,
        )


def video_of_page(item: Item, order_version: int, page: str) -> dict[str, Any]:
    """Returns one entry of a page for the Map: only ids, because an execution's history is kept for 90 days.

    A step skips the video if the version of the order has changed since. The name of the page and the number of earlier
    attempts make a failure that is reported twice count once.
    """
    return {
        "item_id": item.id,
        "position": item.position,
        "video_id": item.video_id,
        "order_version": order_version,
        "page": page,
        "attempts": item.attempts,
    }


def _error(caught: Mapping[str, str] | None, otherwise: type[SkimlistError]) -> SkimlistError | None:
    return error_from_workflow(caught["Error"], caught.get("Cause", ""), otherwise) if caught else None
