"""Writes the email about a batch that has ended or paused: its subject, and its body in plain text."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from skimlist.claim_checks.notice import digest_notice, total_notice
from skimlist.formatting import counted, dollars, moment, printable, span
from skimlist.models.batch import Batch, BatchStatus, DigestStatus
from skimlist.models.digest import Digest, Recommendation
from skimlist.models.video import Item, VideoStatus
from skimlist.progress import digest_state, remaining, skipped

# SNS requires fewer than 100 characters, ASCII, without line breaks (SNS API reference, Publish).
_MAX_SUBJECT = 99
_MAX_FAILURES = 20
_MAX_TO_CHECK = 5
_MAX_SUMMARIES = 10
_MAX_TITLE = 90
_MAX_OVERVIEW = 600
_MAX_RECOMMENDATIONS = 3
_MAX_REASON = 200
_MAX_TLDR = 400

_TYPOGRAPHY = str.maketrans(
    {"‘": "'", "’": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-", "…": "...", "ß": "ss"}
)

# Text that email programs turn into links: http://…, example.com, \\server. Brackets make an address readable but not
# clickable, as in reports on fraud.
_ADDRESS = re.compile(r":?//|(?<=\w)[.．](?=[^\W\d_]{2})|(?<=[A-Za-z0-9])[。｡](?=[A-Za-z]{2})|\\(?=\\)")


_SOURCES = {
    "given": "captions that you gave",
    "transcribed": "captions that your speech-to-text program wrote",
    "description": "the description only, because the video has no captions",
}


class Message(NamedTuple):
    subject: str
    body: str


def compose(batch: Batch, items: Sequence[Item], app_url: str, digest: Digest | None = None) -> Message:
    """Composes the message about a batch that is completed, failed or paused: what happened, what to do, and results.

    `items` are all of its videos in queue order. The message has the top of the digest, or else the first ten
    summaries in short, and the first 20 failures. `app_url` has no slash at the end. The body links only to the app
    and to YouTube: a link to the export would open it for anybody who reads the email.
    """
    failures = [item for item in items if item.status is VideoStatus.FAILED]
    blocks = [
        _opening(batch),
        f"{_next_step(batch, failures[:_MAX_FAILURES])}\n{batch_link(batch, app_url)}",
        *(_digest(batch, items, digest) or _summaries(batch, items)),
        _failures(batch, failures[:_MAX_FAILURES]),
        "\n".join([*_figures(batch), *_to_check(batch, items), *_sources(items)]),
        f"Choose which notifications you get:\n{app_url}/#/me",
    ]
    return Message(_subject(batch), "\n\n".join(filter(None, blocks)) + "\n")


def batch_link(batch: Batch, app_url: str) -> str:
    """Returns the address of the batch in the app."""
    return f"{app_url}/#/batch/{batch.id}"


def _subject(batch: Batch) -> str:
    return subject_of(batch.name, f" {_outcome(batch)}", otherwise="your batch")


def subject_of(name: str, outcome: str, *, otherwise: str) -> str:
    """A subject that SNS accepts, with the name, or with `otherwise` if ASCII cannot show it."""
    room = _MAX_SUBJECT - len(f'Skimlist: ""{outcome}')
    shown = _shortened(_without_links(_ascii(name)), room)
    return f'Skimlist: "{shown}"{outcome}' if shown else f"Skimlist: {otherwise}{outcome}"


def _outcome(batch: Batch) -> str:
    if batch.status is BatchStatus.PAUSED:
        return "is paused"
    if batch.status is BatchStatus.FAILED:
        return "could not be processed"
    failed = f", {batch.failed:,} failed" if batch.failed else ""
    return f"is done: {batch.completed:,} of {batch.total:,} summarized{failed}"


def _opening(batch: Batch) -> str:
    name = from_outside(batch.name)
    if batch.status is BatchStatus.PAUSED and batch.pause:
        since = moment(batch.pause.since)
        return f"Your batch “{name}” has been paused since {since}.\n{batch.pause.message}\n{_counts(batch)}"
    if batch.status is BatchStatus.FAILED:
        reason = f"\n{batch.error.message}" if batch.error else ""
        return f"Your batch “{name}” could not be processed.{reason}\n{_counts(batch)}"
    return f"Your batch “{name}” is done: {_counts(batch)}"


def _counts(batch: Batch) -> str:
    counts = {"failed": batch.failed, "skipped": skipped(batch), "still to do": remaining(batch)}
    rest = "".join(f", {number:,} {label}" for label, number in counts.items() if number)
    return f"{batch.completed:,} of {counted(batch.total, 'video')} summarized{rest}."


def _figures(batch: Batch) -> Iterator[str]:
    cost = dollars(batch.cost_usd)
    saved = f" Reusing earlier summaries saved {dollars(batch.saved_usd)}." if batch.saved_usd else ""
    if batch.started_at and batch.completed_at:
        yield f"It took {span(batch.completed_at - batch.started_at)} and cost {cost}.{saved}"
    else:
        yield f"It has cost {cost} so far.{saved}"


def _to_check(batch: Batch, items: Sequence[Item]) -> Iterator[str]:
    """Yields how many statements are to be checked, and the first videos that they are about."""
    if not batch.unverified:
        return
    videos = [_title(item) for item in items if item.unverified]
    shown, more = videos[:_MAX_TO_CHECK], len(videos) - _MAX_TO_CHECK
    verb, it = ("was", "it") if batch.unverified == 1 else ("were", "them")
    about = f"{counted(batch.unverified, 'statement')} {verb} not found in the captions."
    yield f"{about} Check {it} before you rely on {it}."
    if shown:
        whose = "The summary of this video marks" if len(videos) == 1 else "The summaries of these videos mark"
        yield f"{whose} {it}:"
    yield from shown
    if more > 0:
        yield f"… and {more:,} more."


def _sources(items: Iterable[Item]) -> Iterator[str]:
    """Yields how many summaries are made from something else than captions of YouTube."""
    kinds = Counter(item.caption_kind for item in items if item.status is VideoStatus.COMPLETED)
    for kind, source in _SOURCES.items():
        if kinds[kind]:
            verb = "is" if kinds[kind] == 1 else "are"
            yield f"{kinds[kind]:,} of the summaries {verb} made from {source}."


def _digest(batch: Batch, items: Sequence[Item], digest: Digest | None) -> list[str]:
    """Returns the overview and which videos to watch first, or why the digest failed; empty if none is wanted.

    If no order is better than another, the summaries follow the overview.
    """
    state = digest_state(batch)
    if state and state.error and state.covered:
        videos = counted(state.covered, "video")
        return [f"The digest covers {videos} and could not be rewritten: {state.error.message} {state.error.advice}"]
    if state and state.error:
        return [f"There is no digest: {state.error.message} {state.error.advice}"]
    if not (state and state.status is DigestStatus.READY and digest):
        return []
    first = list(map(_recommendation, digest.watch_order[:_MAX_RECOMMENDATIONS]))
    return [overview_of(digest), *(["Watch first:", *first] if first else _summaries(batch, items))]


def overview_of(digest: Digest) -> str:
    said = ["What they say together:", from_outside(digest.overview, _MAX_OVERVIEW)]
    return "\n".join(filter(None, [*said, from_outside(digest_notice(digest.overview_check) or "")]))


def _recommendation(step: Recommendation) -> str:
    title, reason = from_outside(step.video.title, _MAX_TITLE), from_outside(step.reason, _MAX_REASON)
    return "\n".join(filter(None, [f"{title}{description_note(step.video.described)}", reason, step.video.url]))


def _summaries(batch: Batch, items: Sequence[Item]) -> list[str]:
    """Returns the first summaries of a batch that has ended, in a sentence or two each."""
    summarized = [item for item in items if item.status is VideoStatus.COMPLETED and item.tldr]
    if batch.status is BatchStatus.PAUSED or not summarized:
        return []
    shown = summarized[:_MAX_SUMMARIES]
    more = batch.completed - len(shown)
    return ["What they say:", *map(_summary, shown), *([f"… and {more:,} more."] if more > 0 else [])]


def _summary(item: Item) -> str:
    title = f"{_title(item)}{description_note(item.is_described)}"
    about = total_notice(item.unverified)
    return "\n".join(filter(None, [title, from_outside(item.tldr or "", _MAX_TLDR), about, item.url]))


def _failures(batch: Batch, shown: Sequence[Item]) -> str:
    if not shown:
        return ""
    more = max(batch.failed - len(shown), 0)
    blocks = [_failure(item) for item in shown] + ([f"… and {more:,} more."] if more else [])
    return "\n\n".join(["What failed:", *blocks])


def _title(item: Item) -> str:
    title = from_outside(item.title or item.video_id, _MAX_TITLE)
    return f"{item.position}. {title}" if item.position else title


def _failure(item: Item) -> str:
    lines = [_title(item)]
    if item.error:
        # The message may contain YouTube's reason.
        lines.append(f"{from_outside(item.error.message)} {printable(item.error.advice)}")
    return "\n".join([*lines, item.url])


def _next_step(batch: Batch, shown: Sequence[Item]) -> str:
    if batch.status is BatchStatus.PAUSED and batch.pause:
        until = f"\nNext try: {moment(batch.pause.until)}." if batch.pause.until else ""
        return f"{batch.pause.advice}{until}\nNothing is lost. Resume it here at any time:"
    if batch.status is BatchStatus.FAILED:
        advice = f"{batch.error.advice}\n" if batch.error else ""
        if not remaining(batch) and not batch.failed:
            return f"{advice}Open the batch here:"
        return f"{advice}Everything done so far is kept. Open the batch and retry it here:"
    if any(item.error and item.error.retryable for item in shown):
        return "Some of the failed videos may succeed if you retry them. Read, download and retry here:"
    return "Read and download the summaries here:" if batch.completed else "Open the batch here:"


def _ascii(text: str) -> str:
    """The name in ASCII without accents; empty if more than a few of its letters would be lost."""
    plain = printable(text).translate(_TYPOGRAPHY)
    kept = printable(unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()).strip()
    lost = sum(character.isalnum() for character in plain) - sum(character.isalnum() for character in kept)
    return kept if any(map(str.isalnum, kept)) and lost <= len(plain) // 5 else ""


def description_note(is_described: bool) -> str:
    """Returns what follows the title of a video whose summary is made from its description; empty for others."""
    return " (from the description only)" if is_described else ""


def from_outside(text: str, length: int | None = None) -> str:
    """Text from outside, put on one line, shortened, and without anything that becomes a link."""
    shown = printable(text)
    return _without_links(_shortened(shown, length) if length else shown)


def _without_links(text: str) -> str:
    return _ADDRESS.sub(lambda sign: f"[{sign[0]}]", text)


def _shortened(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 3].rstrip()}..."
