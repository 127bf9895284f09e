"""Promises that are known to be broken and not mended yet: whoever mends one takes its entry out."""

from __future__ import annotations

from typing import NamedTuple


class Known(NamedTuple):
    """What goes wrong. `often`: a short run meets it."""

    what: str
    often: bool = False


EXPECTED: dict[str, Known] = {
    "a video in two places": Known("A video is queued again while it still has its place behind the head."),
    "a video twice in a page": Known("The page after that asks for one video twice, which DynamoDB refuses."),
    "a finished video begins again": Known("The items of a new batch are written a second time, late."),
    "retry cut off for good": Known("A retry of named videos that was cut off after queueing them cannot be repeated."),
    "offered and refused": Known("The page offers to make a digest again that the API refuses to make."),
    "asked after a stop": Known(
        "The check of a draft goes on after a block, reading playlists after a cancel.", often=True
    ),
    "email twice": Known(
        "An asynchronous invocation that comes again keeps its request id, and tells the owner again."
    ),
    "key outlives its day": Known("An Idempotency-Key gives its batch until DynamoDB removes the expired record."),
    "deleted and there": Known("It even makes a deleted batch again, when the note of the deletion went first."),
    "pause undone": Known("A pause that comes while the batch wakes up is overwritten."),
    "more than all": Known("A lost invocation completes its video after a cancel, and the counts exceed the total."),
    "nobody comes": Known("The sweep gives an execution to a batch at rest, and that is lost."),
    "pause outlives its end": Known("A batch that ended still says why it was paused."),
    "below zero": Known("Two hosts whose clocks differ make a negative processing time,", often=True),
    "500": Known("with which the items of a batch cannot be shown any more."),
    "made and not there": Known("The first look at a new batch reads what was there a second ago.", often=True),
    "counter": Known("A retry that arrives late takes off the processing time that was read before it."),
}
