"""Record failure: counts a video as failed, or defers it if a service that it depends on may be the cause."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from skimlist.circuit_breaker import decide_on_failure, failures_including, radius_in_batch
from skimlist.errors import SkimlistError, UnexpectedFailure
from skimlist.events import VideoEvent
from skimlist.jobs.batches import Batches
from skimlist.jobs.outages import Outages
from skimlist.jobs.preflights import Preflights
from skimlist.jobs.queue import page_name
from skimlist.jobs.spending import Spending
from skimlist.jobs.videos import ServiceFailure, Videos
from skimlist.models.batch import Batch, BatchStatus
from skimlist.models.outage import Dependency
from skimlist.models.video import Item
from skimlist.progress import pause_because, remaining
from skimlist.steps.clock import utc_now
from skimlist.steps.reporting import Log


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFailure:
    batches: Batches
    preflights: Preflights
    videos: Videos
    outages: Outages
    spending: Spending
    log: Log
    now: Callable[[], datetime] = utc_now

    def run(self, work: VideoEvent) -> None:
        batch = self.batches.get(work.user_id, work.batch_id)
        error = work.error or UnexpectedFailure()
        if batch.status is BatchStatus.DRAFT and error.retryable:
            # The check of a draft proves nothing: the video may well succeed when the batch runs.
            self.preflights.note_unchecked(batch, error, self.now())
            self.log.warning("video could not be checked", code=error.code)
            return
        if error.service:
            self._record_service_failure(work, batch, error, error.service)
            return
        counted = self.videos.fail(work.batch_run, _failed_item(work, batch, error), self.now(), attempts=work.attempts)
        self.log.warning("video failed", code=error.code, counted=counted)

    def _record_service_failure(
        self, work: VideoEvent, batch: Batch, error: SkimlistError, service: Dependency
    ) -> None:
        """Fails the video or defers it, and pauses the batch if the service seems to be down."""
        item = self.videos.get(work.batch_id, work.item_id)
        if item and service is Dependency.PLATFORM:
            # Imported late: few videos fail because of the platform, and the catalogue of models is large.
            from skimlist.steps.models import count_stored_summary  # noqa: PLC0415

            # The video gets that summary when its turn comes again, which may be after all others. Until then the
            # budget has to include its price.
            count_stored_summary(self.videos, self.spending, work, batch, item=item, now=self.now())
        page = work.page or page_name(batch.execution.run, batch.execution.pages_served)
        if item is None or batch.execution.run != work.run:
            self.log.info("another execution drives the batch, or the video is gone", code=error.code)
            return
        if page in item.transient_failures:
            self.log.info("failure was already recorded", code=error.code)
            return
        decision = decide_on_failure(
            radius_in_batch(error, batch, work.video_id),
            transient_failures=len(item.transient_failures),
            has_answered_since=service not in batch.execution.recent_failures,
            others_would_wait=remaining(batch) > 1,
        )
        now = self.now()
        failure = ServiceFailure(
            service,
            failures_including(batch, error, work.video_id),
            pause_because(error, batch, now) if decision.batch_pauses else None,
        )
        failed = _failed_item(work, batch, error)
        if decision.video_fails:
            noted = self.videos.fail(work.batch_run, failed, now, failure, attempts=work.attempts)
        else:
            noted = self.videos.defer(batch, failed, failure, now, page=page, attempts=work.attempts)
        if noted:
            self.outages.report(batch, error, failure.pause, work.video_id)
        self.log.warning(
            "service failure recorded",
            code=error.code,
            fails=decision.video_fails,
            pauses=decision.batch_pauses,
            noted=noted,
        )


def _failed_item(work: VideoEvent, batch: Batch, error: SkimlistError) -> Item:
    """The item with its error, its title and channel, and the time at which its processing started."""
    failed = Item(id=work.item_id, video_id=work.video_id, error=error.as_problem())
    current = batch.current
    if current is None or current.item_id != work.item_id:
        return failed
    # The check of a draft does not process the video: its time would distort the estimate for the other videos.
    started_at = None if batch.status is BatchStatus.DRAFT else current.started_at
    return replace(failed, title=current.title, channel=current.channel, started_at=started_at)
