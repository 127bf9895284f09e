"""Writes the digest of a batch as Markdown, as part of a larger document."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from skimlist.claim_checks.notice import digest_notice
from skimlist.export.markdown import DESCRIPTION_ONLY, one_line, paragraphs, remark
from skimlist.formatting import clock_time, counted
from skimlist.models.addresses import watch_url
from skimlist.models.batch import Batch
from skimlist.models.digest import Claim, Digest, EarlierEvidence, Evidence, News


def digest_section(batch: Batch, digest: Digest, page_of: Callable[[Evidence], str]) -> Iterator[str]:
    """Returns the lines of the section; `page_of` returns the link to a video's summary."""
    yield f"## Digest of {counted(digest.videos, 'video')}\n"
    yield f"{paragraphs(digest.overview)}\n"
    with_times = batch.settings.options.include_timestamps
    yield from _news(digest.news, with_times)
    yield from _watch_order(digest, page_of)
    yield from _claims("Themes", digest.themes, with_times)
    yield from _claims("What they agree on", digest.agreements, with_times)
    yield from _claims("Where they differ", digest.differences, with_times)


def _news(news: News | None, with_times: bool) -> Iterator[str]:
    if not news:
        return
    videos = counted(news.videos, "earlier video")
    if news.by_words:
        yield f"Compared word for word with the summaries of {videos}. Contradictions go unnoticed.\n"
    else:
        yield f"Compared with the summaries of {videos}.\n"
    yield from _claims("Not mentioned before" if news.by_words else "New", news.new, with_times)
    beyond = "On subjects of earlier videos" if news.by_words else "Goes beyond what was said before"
    yield from _claims(beyond, news.beyond, with_times)
    yield from _claims("Contradicts what was said before", news.contradictions, with_times)


def _watch_order(digest: Digest, page_of: Callable[[Evidence], str]) -> Iterator[str]:
    if digest.watch_order:
        yield "### What to watch first\n"
        for place, step in enumerate(digest.watch_order, start=1):
            reason = f" – {one_line(step.reason)}" if step.reason else ""
            yield f"{place}. [{one_line(step.video.title)}]({page_of(step.video)}){_source(step.video)}{reason}"
        yield ""


def _claims(heading: str, claims: Sequence[Claim], with_times: bool) -> Iterator[str]:
    if claims:
        yield f"### {heading}\n"
        for claim in claims:
            title = f"**{one_line(claim.title)}**: " if claim.title else ""
            unverified = digest_notice(claim.check)
            about = f" {remark(unverified)}" if unverified else ""
            places = " · ".join(_place(evidence, with_times) for evidence in claim.evidence)
            if claim.earlier:
                places += f"; before: {' · '.join(_earlier_place(place, with_times) for place in claim.earlier)}"
            yield f"- {title}{one_line(claim.text)} ({places}){about}"
        yield ""


def _place(evidence: Evidence, with_times: bool) -> str:
    """`[3 at 1:02](https://youtu.be/ID?t=62)`: the video's place in the batch, and the time in it."""
    if not with_times or evidence.start_seconds is None:
        return f"[{evidence.position}]({watch_url(evidence.video_id)}){_source(evidence)}"
    return f"[{evidence.position} at {clock_time(evidence.start_seconds)}]({evidence.url}){_source(evidence)}"


def _earlier_place(evidence: EarlierEvidence, with_times: bool) -> str:
    """`[Title at 1:02](https://youtu.be/ID?t=62)`"""
    title = one_line(evidence.title)
    if not with_times or evidence.start_seconds is None:
        return f"[{title}]({watch_url(evidence.video_id)}){_source(evidence)}"
    return f"[{title} at {clock_time(evidence.start_seconds)}]({evidence.url}){_source(evidence)}"


def _source(evidence: Evidence | EarlierEvidence) -> str:
    return f" *({DESCRIPTION_ONLY})*" if evidence.described else ""
