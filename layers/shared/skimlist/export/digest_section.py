"""Writes the digest of a batch as Markdown, as part of a larger document."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from skimlist.claim_checks.notice import digest_notice
from skimlist.export.markdown import DESCRIPTION_ONLY, one_line, paragraphs, remark
from skimlist.formatting import clock_time, counted
from skimlist.models.addresses import watch_url
from skimlist.models.batch import Batch
from skimlist.models.digest import Claim, Digest, Evidence


def digest_section(batch: Batch, digest: Digest, page_of: Callable[[Evidence], str]) -> Iterator[str]:
    """Returns the lines of the section; `page_of` returns the link to a video's summary."""
    yield f"## Digest of {counted(digest.videos, 'video')}\n"
    yield f"{paragraphs(digest.overview)}\n"
    yield from _watch_order(digest, page_of)
    with_times = batch.settings.options.include_timestamps
    yield from _claims("Themes", digest.themes, with_times)
    yield from _claims("What they agree on", digest.agreements, with_times)
    yield from _claims("Where they differ", digest.differences, with_times)


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
            yield f"- {title}{one_line(claim.text)} ({places}){about}"
        yield ""


def _place(evidence: Evidence, with_times: bool) -> str:
    """`[3 at 1:02](https://youtu.be/ID?t=62)`: the video's place in the batch, and the time in it."""
    if not with_times or evidence.start_seconds is None:
        return f"[{evidence.position}]({watch_url(evidence.video_id)}){_source(evidence)}"
    return f"[{evidence.position} at {clock_time(evidence.start_seconds)}]({evidence.url}){_source(evidence)}"


def _source(evidence: Evidence) -> str:
    return f" *({DESCRIPTION_ONLY})*" if evidence.described else ""
