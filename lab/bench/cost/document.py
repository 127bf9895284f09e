"""Writes docs/cost.md."""

from __future__ import annotations

from collections.abc import Sequence

from lab.bench.cost import feeds, follows, model, prices
from lab.bench.cost.model import Part
from lab.bench.reports import Row
from lab.bench.terminal import shown
from local.settings import ROOT

_FILE = ROOT / "docs" / "cost.md"
_TEXT = """\
# What it costs

Written by `make bench ONLY=cost`; do not edit. A batch of {videos} videos of {minutes} minutes each was run through the functions, and
every call to AWS was counted. The prices are AWS's list prices (us-east-1, no free tier, no taxes). It assumes that a video waits {model_seconds:g} s
for the model and {youtube_seconds:g} s for YouTube, that a request to AWS takes {call_ms:g} ms, and that an invocation logs {log_bytes:,} bytes. CPU
time includes the emulator's, so it is rather too high.

**1,000 videos: {total:.3f} USD for AWS, and {of_model:.2f} USD for the model** (`{alias}` at its price in the catalogue). A proxy for YouTube costs extra;
a video takes a few hundred kilobytes.

| part | a video | USD per 1,000 videos |
|---|---|---|
{parts}
| **together** | | **{total:.3f}** |

## Calls of each step

| function | runs | AWS calls | read units | write units |
|---|---|---|---|---|
{steps}

## Follows

**{follows:,} hourly follows of channels that find nothing new: {following:.2f} USD a month.** One round of them was counted, as it comes every five
minutes: it reads all follows, checks the {checks} that are due, and writes one record {writes:.0f} times, which takes {read_units:.0f} read units and
{writes:.0f} write units. It assumes {feed_seconds:g} s for a channel's feed and {at_once} checks at a time. Follows of playlists read their playlists each
time, which takes longer, and with a key of the Data API one unit of its quota and one write unit for each request (two for 50 videos).

| part | a month | USD |
|---|---|---|
{follow_parts}
| **together** | | **{following:.2f}** |

## Feeds

**1,000 feeds that readers ask for every hour, and that change {changes} times a day: {feeds:.2f} USD a month.** A feed of {summaries} summaries was read by a
reader that has none of them ({whole:.2f} USD for 1,000 such requests: {whole_units:.1f} read units and {kilobytes:.0f} kB each), and again by one
that has them all (304; {unchanged:.3f} USD: {unchanged_units:.1f} read units each). Only readers that send the ETag back get the second answer.

## What else costs something

- Four of the write units of `summarize_video` are for the spending limits: two reserve, two settle. A model that costs nothing needs none of them.
- A page that shows a batch polls it: {poll:.2f} USD for 10,000 polls (HTTP request, function, half a read unit).
- A page on which links of playlists are pasted has them looked up: {lookups:.2f} USD for 1,000 requests, each for up to 20 sources.
- A gigabyte of transcripts and archives in S3 costs 0.02 USD a month. A transcript takes about 15 KB and is kept for a year, an archive for a week.
- A gigabyte of summaries in the table costs 0.25 USD a month, and its backups of 35 days (point-in-time recovery) 0.20 USD more; a thousand
  summaries are about 3 MB. Encryption is free, because the table's key is DynamoDB's own.
- An alarm costs 0.10 USD a month, and there are 19; a dashboard 3 USD; a metric 0.30 USD, in proportion to the hours in which it is written. An
  account has ten alarms, three dashboards and ten metrics free. Nine metrics are written while videos are summarized (0.003 USD an hour, if
  none were free), some more in hours in which something fails, pauses or ends, and none when idle.
- SnapStart would shorten the API's cold starts further, for {snapstart:.2f} USD a month for a function of 512 MB. It is off.
"""
_POLL_SECONDS = 0.02
# New videos of a follow.
_CHANGES_A_DAY = 2
_SECONDS_A_MONTH = 30 * 86_400


def write_document(
    parts: Sequence[Part],
    steps: Sequence[Row],
    following: follows.Round,
    feed: feeds.Feed,
    *,
    videos: int,
    minutes: int,
    of_model: float,
) -> None:
    of_follows = follows.bill(following)
    text = _TEXT.format(
        follows=follows.FOLLOWS,
        following=sum(part.usd for part in of_follows),
        checks=following.checks,
        writes=following.calls.write_units,
        at_once=follows.CHECKED_AT_ONCE,
        summaries=feeds.SUMMARIES,
        changes=_CHANGES_A_DAY,
        feeds=feed.usd_a_month(_CHANGES_A_DAY) * 1_000,
        whole=feed.whole.usd * 1_000,
        whole_units=feed.whole.step.calls.read_units,
        kilobytes=feed.whole.body_bytes / 1_000,
        unchanged=feed.unchanged.usd * 1_000,
        unchanged_units=feed.unchanged.step.calls.read_units,
        read_units=following.calls.read_units,
        feed_seconds=follows.FEED_SECONDS,
        follow_parts="\n".join(
            f"| {part.name} | {shown(part.quantity)} {part.unit} | {part.usd:.4f} |" for part in of_follows
        ),
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
        lookups=_lookup() * 1_000,
        snapstart=prices.SNAPSTART_GB_SECOND * 0.5 * _SECONDS_A_MONTH,
    )
    _FILE.write_text(text, encoding="utf-8")


def _poll() -> float:
    time = _POLL_SECONDS * model.memory_mb("api") / 1024 * prices.LAMBDA_GB_SECOND
    return prices.HTTP_REQUEST + prices.LAMBDA_REQUEST + time + prices.READ_UNIT / 2


def _lookup() -> float:
    """The cost of a request about pasted playlists: two functions wait for YouTube, and a transaction counts it."""
    memory = model.memory_mb("api") + model.memory_mb("describe_sources")
    time = model.YOUTUBE_SECONDS * memory / 1024 * prices.LAMBDA_GB_SECOND
    return prices.HTTP_REQUEST + 2 * prices.LAMBDA_REQUEST + time + 2 * prices.WRITE_UNIT + 2 * prices.READ_UNIT
