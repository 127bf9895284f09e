"""Writes the emails about a follow: about the new videos of a run, about its source, and about its budget."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from skimlist.formatting import clock_time, counted, dollars, moment, printable
from skimlist.models.addresses import time_url, watch_url
from skimlist.models.batch import Batch
from skimlist.models.digest import Claim, Digest, EarlierEvidence, Evidence, News, Quoted
from skimlist.models.follow import Follow, NoticeKind
from skimlist.models.summary import Summary
from skimlist.models.video import Item, VideoStatus
from skimlist.notifications.text import (
    Message,
    batch_link,
    description_note,
    from_outside,
    overview_of,
    subject_of,
)

MAX_VIDEOS = 25
_MAX_TITLE = 90
# Two lines of an email.
_MAX_TLDR = 170
_MAX_POINT = 110
_MAX_POINTS = 2
_MAX_CLAIMS = 3
_MAX_CLAIM = 300
_OTHERWISE = "what you follow"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """The news of a follow's batch since its owner was last notified of it.

    `ended` are the videos that were summarized or have failed for good, in queue order; `summaries` are by item id.
    `waiting` videos have no captions yet and are tried again until `waiting_until`. The `digest` is a finished one.
    `beyond_budget` videos wait because a budget is used up: until `continues_at`, or for the owner if that is
    None. With `continues_soon` they need not wait for the next month, whose budget they get otherwise.
    """

    follow: Follow
    batch: Batch
    ended: Sequence[Item]
    summaries: dict[str, Summary]
    waiting: int
    waiting_until: datetime
    month_usd: Decimal
    digest: Digest | None = None
    beyond_budget: int = 0
    continues_at: datetime | None = None
    continues_soon: bool = False


def compose_run(report: RunReport, app_url: str) -> Message:
    """The message about the new videos of a run, understandable without the page; `app_url` has no slash at the end."""
    done = [item for item in report.ended if item.status is VideoStatus.COMPLETED]
    failed = [item for item in report.ended if item.status is VideoStatus.FAILED]
    shown = done[:MAX_VIDEOS]
    name, found = from_outside(report.follow.name), _found(len(done), len(failed))
    if not report.ended:
        found = f"{counted(report.beyond_budget, 'new video')} beyond the budget"
    blocks = [
        f"{found} in “{name}”.",
        f"Read everything here:\n{batch_link(report.batch, app_url)}",
        *_comparison(report),
        *(_video(number, item, report.summaries.get(item.id)) for number, item in enumerate(shown, start=1)),
        f"… and {len(done) - len(shown):,} more." if len(done) > len(shown) else "",
        *_failures(failed),
        _waiting(report),
        _beyond_budget(report),
        _costs(report),
        _follows_link(app_url),
    ]
    subject = subject_of(report.follow.name, f": {found}", otherwise=_OTHERWISE)
    return Message(subject, "\n\n".join(filter(None, blocks)) + "\n")


def compose_notice(follow: Follow, app_url: str) -> Message:
    """The message about the follow's notice: its source is gone, or its budget of the month is used up."""
    name, problem = from_outside(follow.name or follow.source_id), follow.problem
    reason = f"{problem.message} {problem.advice}" if problem else ""
    if follow.notice and follow.notice.kind is NoticeKind.MONTH_SPENT:
        opening = f"There are new videos in “{name}”, but they wait."
        outcome = " waits for its next monthly budget"
    else:
        opening = f"“{name}” can no longer be read, so Skimlist no longer checks it for new videos."
        outcome = " can no longer be read"
    again = "" if follow.hold_until is None else f"Next check: {moment(follow.hold_until)}."
    blocks = [opening, reason, again, _follows_link(app_url)]
    return Message(subject_of(follow.name, outcome, otherwise=_OTHERWISE), "\n\n".join(filter(None, blocks)) + "\n")


def _found(done: int, failed: int) -> str:
    if not done:
        return f"{counted(failed, 'new video')} without a summary"
    return counted(done, "new video")


def _comparison(report: RunReport) -> Iterator[str]:
    """Yields the overview and what is new about the videos that ended, if anything is."""
    digest = report.digest
    if not (digest and digest.news):
        return
    claims = list(_news(digest.news, {item.id for item in report.ended}))
    # The overview of a single video would be its summary, which follows anyway; and an earlier email had that of videos
    # to which some were added.
    summarized = sum(item.status is VideoStatus.COMPLETED for item in report.ended)
    if claims and 1 < digest.videos <= summarized:
        yield overview_of(digest)
    yield from claims


def _news(news: News, ended: Set[str]) -> Iterator[str]:
    """The first claims about the videos with these ids, compared with those of earlier runs."""
    by_words = news.by_words
    for heading, claims in (
        ("Not mentioned in earlier videos:" if by_words else "New compared with earlier videos:", news.new),
        ("More on subjects of earlier videos:" if by_words else "Goes beyond earlier videos:", news.beyond),
        ("Contradicts earlier videos:", news.contradictions),
    ):
        shown = [claim for claim in claims if any(place.item_id in ended for place in claim.evidence)]
        if shown:
            write = _quoting_claim if by_words else _claim
            yield "\n".join([heading, *map(write, shown[:_MAX_CLAIMS])])


def _claim(claim: Claim) -> str:
    title = f"{from_outside(claim.title, _MAX_TITLE)}: " if claim.title else ""
    lines = [f"- {title}{from_outside(claim.text, _MAX_CLAIM)}"]
    lines += [f"  {_place(place)}" for place in claim.evidence[:1]]
    lines += [f"  before: {_place(place)}" for place in claim.earlier[:1]]
    return "\n".join(lines)


def _quoting_claim(claim: Claim) -> str:
    """A claim of the built-in model, which quotes: each quotation with its place below."""
    quoted = claim.quoted
    return "\n".join(_quotations(quoted)) if quoted else _claim(claim)


def _quotations(quoted: Quoted) -> Iterator[str]:
    subject = f"{from_outside(quoted.subject, _MAX_TITLE)}: " if quoted.subject else ""
    for number, (text, place) in enumerate(quoted.quotations):
        opening = f"- {subject}" if number == 0 else "  before: " if isinstance(place, EarlierEvidence) else "  "
        yield f"{opening}{from_outside(text, _MAX_CLAIM)}"
        yield f"  {_place(place)}"


def _place(place: Evidence | EarlierEvidence) -> str:
    at = "" if place.start_seconds is None else f" at {clock_time(place.start_seconds)}"
    return f"{from_outside(place.title, _MAX_TITLE)}{at}{description_note(place.described)}\n  {place.url}"


def _video(number: int, item: Item, summary: Summary | None) -> str:
    about = ", ".join(filter(None, [from_outside(item.channel or ""), _length(item)]))
    title = from_outside(item.title or item.video_id, _MAX_TITLE)
    lines = [f"{number}. {title}" + (f" ({about})" if about else "") + description_note(item.is_described)]
    if summary:
        lines += [from_outside(summary.tldr, _MAX_TLDR), *_points(summary)]
    return "\n".join(filter(None, [*lines, watch_url(item.video_id)]))


def _points(summary: Summary) -> Iterator[str]:
    """The first key points whose moment is known, each with a link to it."""
    timed = [point for point in summary.key_points if point.start_seconds is not None][:_MAX_POINTS]
    for point in timed:
        start = point.start_seconds or 0
        yield f"{clock_time(start)}  {from_outside(point.text, _MAX_POINT)}\n{time_url(summary.video_id, start)}"


def _length(item: Item) -> str:
    return clock_time(item.duration_seconds) if item.duration_seconds else ""


def _failures(failed: Sequence[Item]) -> Iterator[str]:
    if not failed:
        return
    yield "Without a summary:"
    for item in failed[:MAX_VIDEOS]:
        reason = f"{from_outside(item.error.message)} {printable(item.error.advice)}" if item.error else ""
        title = from_outside(item.title or item.video_id, _MAX_TITLE)
        yield "\n".join(filter(None, [title, reason, watch_url(item.video_id)]))
    if len(failed) > MAX_VIDEOS:
        yield f"… and {len(failed) - MAX_VIDEOS:,} more."


def _waiting(report: RunReport) -> str:
    if not report.waiting:
        return ""
    videos = counted(report.waiting, "further video")
    verb = "has" if report.waiting == 1 else "have"
    return f"{videos} {verb} no captions yet. Skimlist tries again until {moment(report.waiting_until)}."


def _beyond_budget(report: RunReport) -> str:
    if not report.beyond_budget:
        return ""
    videos = counted(report.beyond_budget, "further video" if report.ended else "video")
    verb = "waits" if report.beyond_budget == 1 else "wait"
    reason = f" {report.batch.pause.message}" if report.batch.pause else ""
    if report.continues_soon:
        return (
            f"{videos} {verb} because the budget of the run is used up, but not the budget of the month. Skimlist "
            "continues automatically, within minutes or once other runs have left enough of it."
        )
    if report.continues_at:
        at = moment(report.continues_at)
        return f"{videos} {verb} for the budget of the next month.{reason} Skimlist continues at {at}."
    return f"{videos} {verb} for a higher budget.{reason} Open the run to resume it with one."


def _costs(report: RunReport) -> str:
    limit = report.follow.max_cost_usd_per_month
    most = f" of at most {dollars(limit)}" if limit else ""
    return (
        f"This run has cost {dollars(report.batch.cost_usd)}, all runs of this month {dollars(report.month_usd)}{most}."
    )


def _follows_link(app_url: str) -> str:
    return f"Change, pause or end this follow here:\n{app_url}/#/follows"
