"""Writes the digest of a batch as Markdown, as part of a larger document."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from skimlist.claim_checks.notice import digest_notice
from skimlist.export.markdown import DESCRIPTION_ONLY, one_line, paragraphs, remark
from skimlist.formatting import clock_time, counted
from skimlist.models.addresses import watch_url
from skimlist.models.batch import Batch
from skimlist.models.digest import Claim, Digest, EarlierEvidence, Evidence, News, Quoted

_QUOTING = "extractive"  # the built-in model
_GROUPED = "What the videos say, word for word. The headings are words that they share or that stand out."
_OF_ONE = "What the video says, word for word."
_OF_ONE_EACH = "A typical sentence from each video, word for word. The headings are words that stand out."
_NAMED = 3  # earlier videos


def digest_section(batch: Batch, digest: Digest, page_of: Callable[[Evidence], str]) -> Iterator[str]:
    """Returns the lines of the section; `page_of` returns the link to a video's summary."""
    is_quoting = digest.model == _QUOTING
    yield f"## {_title(digest, is_quoting)}\n"
    if digest.news:
        yield f"{_comparison(digest.news)}\n"
    yield f"{paragraphs(digest.overview)}\n"
    if unverified := digest_notice(digest.overview_check):
        yield f"{remark(unverified)}\n"
    with_times = batch.settings.options.include_timestamps
    is_of_one_each = all(len({place.item_id for place in theme.evidence}) == 1 for theme in digest.themes)
    if is_quoting:
        several = _OF_ONE_EACH if is_of_one_each and not digest.agreements else _GROUPED
        yield f"{_OF_ONE if digest.videos == 1 else several}\n"
    # What is compared with earlier videos, and what is not, stands below a heading of its own.
    news = digest.news if digest.news and digest.news.claims else None
    mark = "####" if news else "###"
    if news:
        yield "### New compared with earlier videos\n"
        yield from _news(news, with_times, mark)
        yield "### In the new video\n" if digest.videos == 1 else "### Across the new videos\n"
    elif digest.news:
        yield "Nothing new was found compared with earlier videos.\n"
    yield from _claims(f"{mark} What several videos say", digest.agreements, with_times, is_quoting=is_quoting)
    of_each = "From each video" if is_quoting else "What each video is about"
    themes = of_each if is_of_one_each else "Themes"
    yield from _claims(f"{mark} {themes}", digest.themes, with_times, is_quoting=is_quoting)
    yield from _claims(f"{mark} Where they differ", digest.differences, with_times, is_quoting=is_quoting)
    yield from _watch_order(f"{mark} What to watch first", digest, page_of)
    yield from _limits(digest)


def _title(digest: Digest, is_quoting: bool) -> str:
    if is_quoting:
        return f"Quotations from {counted(digest.videos, 'video')}"
    return f"Digest of {counted(digest.videos, 'new video' if digest.news else 'video')}"


def _comparison(news: News) -> str:
    """Says with which videos the new ones are compared: the first of them by name."""
    named = [f"[{one_line(video.title)}]({watch_url(video.video_id)})" for video in news.earlier[:_NAMED]]
    others = [f"{news.videos - len(named):,} more"] if news.videos > len(named) else []
    names = f": {', '.join(named + others)}" if named else ""
    return f"Compared with {counted(news.videos, 'earlier video')}{names}."


def _news(news: News, with_times: bool, mark: str) -> Iterator[str]:
    new = "Not mentioned in earlier videos" if news.by_words else "New subjects"
    beyond = "More on subjects of earlier videos" if news.by_words else "Goes beyond earlier videos"
    yield from _claims(f"{mark} {new}", news.new, with_times, is_quoting=news.by_words)
    yield from _claims(f"{mark} {beyond}", news.beyond, with_times, is_quoting=news.by_words)
    contradicts = f"{mark} Contradicts earlier videos"
    yield from _claims(contradicts, news.contradictions, with_times, is_quoting=news.by_words)


def _limits(digest: Digest) -> Iterator[str]:
    """Yields what the digest cannot do. It comes last, because it matters least."""
    if digest.news and digest.news.by_words:
        videos = counted(digest.news.videos, "earlier video")
        yield f"Compared by shared words with the summaries of {videos}; contradictions are not detected.\n"
    yield from (f"{one_line(note)}\n" for note in digest.notes)


def _watch_order(heading: str, digest: Digest, page_of: Callable[[Evidence], str]) -> Iterator[str]:
    if digest.watch_order:
        yield f"{heading}\n"
        for place, step in enumerate(digest.watch_order, start=1):
            reason = f" – {one_line(step.reason)}" if step.reason else ""
            yield f"{place}. [{one_line(step.video.title)}]({page_of(step.video)}){_source(step.video)}{reason}"
        yield ""


def _claims(heading: str, claims: Sequence[Claim], with_times: bool, *, is_quoting: bool) -> Iterator[str]:
    if claims:
        yield f"{heading}\n"
        for claim in claims:
            quoted = claim.quoted if is_quoting else None
            yield from _quoted(claim, quoted, with_times) if quoted else _written(claim, with_times)
        yield ""


def _written(claim: Claim, with_times: bool) -> Iterator[str]:
    title = f"**{one_line(claim.title)}**: " if claim.title else ""
    places = " · ".join(_place(evidence, with_times) for evidence in claim.evidence)
    if claim.earlier:
        places += f"; before: {' · '.join(_earlier_place(place, with_times) for place in claim.earlier)}"
    yield f"- {title}{one_line(claim.text)} ({places}){_about(claim)}"


def _quoted(claim: Claim, quoted: Quoted, with_times: bool) -> Iterator[str]:
    """Yields each quotation with its place: in a line, or in one line each below the subject."""
    lines = []
    for text, place in quoted.quotations:
        if isinstance(place, EarlierEvidence):
            lines.append(f"before: {one_line(text)} ({_earlier_place(place, with_times)})")
        else:
            lines.append(f"{'now: ' if claim.earlier else ''}{one_line(text)} ({_place(place, with_times)})")
    if quoted.others:
        lines.append(f"also in {' · '.join(_place(place, with_times) for place in quoted.others)}")
    subject = f"**{one_line(quoted.subject)}**" if quoted.subject else ""
    if len(lines) == 1:
        yield f"- {subject}{': ' if subject else ''}{lines[0]}{_about(claim)}"
    else:
        first, *rest = [subject, *lines] if subject else lines
        yield f"- {first}{_about(claim)}"
        yield from (f"  - {line}" for line in rest)


def _about(claim: Claim) -> str:
    unverified = digest_notice(claim.check)
    return f" {remark(unverified)}" if unverified else ""


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
