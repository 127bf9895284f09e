"""Writes docs/cost.md."""

from __future__ import annotations

from collections.abc import Sequence

from lab.bench.cost import model, prices
from lab.bench.cost.model import Part
from lab.bench.reports import Row
from lab.bench.terminal import shown
from local.settings import ROOT

_FILE = ROOT / "docs" / "cost.md"
_TEXT = """\
# What it costs

Written by `make bench ONLY=cost`; do not edit. A batch of {videos} videos of {minutes} minutes each went through the functions, with
every call to AWS counted; the prices are AWS's list prices (us-east-1, no free tier, no taxes). Assumed are {model_seconds:g} s for the
model and {youtube_seconds:g} s for YouTube a video, {call_ms:g} ms a request to AWS, {log_bytes:,} bytes of logs an invocation. CPU time includes
the emulator's, so it is rather too high.

**1,000 videos: {total:.3f} USD for AWS, and {of_model:.2f} USD for the model** (`{alias}` at its price in the catalogue). A proxy for YouTube comes on top,
at a few hundred kilobytes a video.

| part | a video | USD per 1,000 videos |
|---|---|---|
{parts}
| **together** | | **{total:.3f}** |

## Calls of each step

| function | runs | AWS calls | read units | write units |
|---|---|---|---|---|
{steps}

## What else costs something

- Four of the write units of `summarize_video` keep the limits on spending: two reserve, two settle. A model that costs nothing takes none of them.
- A page that looks at a batch polls it: {poll:.2f} USD for 10,000 polls (HTTP request, function, half a read unit).
- A gigabyte-month of transcripts and archives in S3 is 0.02 USD; a transcript takes some 15 KB and is kept a year, an archive a week.
- A month of summaries in the table is 0.25 USD per GB, and 0.20 USD more for backups of 35 days (point-in-time recovery); a thousand
  summaries are some 3 MB. Encryption costs nothing: the table's key is DynamoDB's own.
- 16 alarms are 0.10 USD a month each, a dashboard 3 USD, a metric 0.30 USD by the hours in which it is written; an account has ten alarms,
  three dashboards and ten metrics free. Nine metrics are written while videos are summarized (0.003 USD an hour, if none were free), some
  more in hours in which something fails, pauses or ends, none when idle.
- SnapStart would shorten the API's cold starts further, for {snapstart:.2f} USD a month and function of 512 MB; it is off.
"""
_POLL_SECONDS = 0.02
_SECONDS_A_MONTH = 30 * 86_400


def write_document(
    parts: Sequence[Part],
    steps: Sequence[Row],
    *,
    videos: int,
    minutes: int,
    of_model: float,
) -> None:
    text = _TEXT.format(
        videos=videos,
        minutes=minutes,
        model_seconds=model.MODEL_SECONDS,
        youtube_seconds=model.YOUTUBE_SECONDS,
        call_ms=model.AWS_CALL_SECONDS * 1000,
        log_bytes=model.LOG_BYTES_AN_INVOCATION,
        alias="openai",
        total=sum(part.usd for part in parts) * 1000,
        of_model=of_model,
        parts="\n".join(
            f"| {part.name} | {shown(part.quantity)} {part.unit} | {part.usd * 1000:.4f} |"
            for part in sorted(parts, key=lambda part: -part.usd)
        ),
        steps="\n".join("| " + " | ".join(shown(row[name]) for name in list(row)[:5]) + " |" for row in steps),
        poll=_poll() * 10_000,
        snapstart=prices.SNAPSTART_GB_SECOND * 0.5 * _SECONDS_A_MONTH,
    )
    _FILE.write_text(text, encoding="utf-8")


def _poll() -> float:
    time = _POLL_SECONDS * model.memory_mb("api") / 1024 * prices.LAMBDA_GB_SECOND
    return prices.HTTP_REQUEST + prices.LAMBDA_REQUEST + time + prices.READ_UNIT / 2
