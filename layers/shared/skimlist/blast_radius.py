"""Decides how far a failure reaches: one video, its whole batch, every batch of its user, or everybody's batches.

An answer of YouTube or of a model seldom shows whether it is about the requested video or about all of them. So the
meaning of one answer is a guess, and a wrong guess must not spread: a bad link of one user never stops the batch of
another. Only an error that no video can cause, such as a rejected key, concerns everybody at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from enum import IntEnum
from itertools import combinations
from typing import NamedTuple

from skimlist.errors import (
    BudgetReached,
    DailySpendingReached,
    DataApiKeyRejected,
    DataApiQuotaExceeded,
    ModelAccessDenied,
    ModelAnswerInvalid,
    ModelKeyMissing,
    ModelKeyRejected,
    ModelNotFound,
    ModelNotOffered,
    ModelOverloaded,
    ModelQuotaExceeded,
    ModelRefused,
    ModelRequestRejected,
    ModelUnreachable,
    MonthlySpendingReached,
    StepCrashed,
    StepTimedOut,
    StorageUnavailable,
    UnexpectedFailure,
    YouTubeAnswerUnreadable,
    YouTubeBlocked,
    YouTubeProxyFailed,
    YouTubeRefused,
    YouTubeTokenRequired,
    YouTubeUnreachable,
)
from skimlist.models.outage import Dependency


class Radius(IntEnum):
    VIDEO = 1
    BATCH = 2
    USER = 3
    EVERYBODY = 4


class Reach(NamedTuple):
    """The limits of a radius: `minimum` applies from the first failure on, `maximum` to any number of reports."""

    minimum: Radius
    maximum: Radius


class Witness(NamedTuple):
    """A report of a failure; `source` is the requested video or playlist."""

    user: str
    batch: str
    source: str


_OF_THE_VIDEO = Reach(Radius.VIDEO, Radius.VIDEO)
_OF_THE_BATCH = Reach(Radius.BATCH, Radius.BATCH)
# The stack's own functions: after two videos that crash, the batch pauses; other batches are not affected, because they
# have other videos.
_PLATFORM = Reach(Radius.VIDEO, Radius.BATCH)
# Either the video or the service may be the cause, so the witnesses decide.
_UNCERTAIN = Reach(Radius.VIDEO, Radius.EVERYBODY)
# The video is not the cause, but this connection may be: a rotating proxy has other addresses, and a gateway to models
# has other servers.
_OF_THE_CONNECTION = Reach(Radius.BATCH, Radius.EVERYBODY)
# No video can cause such an error.
_CERTAIN = Reach(Radius.EVERYBODY, Radius.EVERYBODY)

REACH: Mapping[tuple[Dependency | None, str], Reach] = {
    (Dependency.YOUTUBE, YouTubeUnreachable.code): _UNCERTAIN,
    (Dependency.YOUTUBE, YouTubeAnswerUnreadable.code): _UNCERTAIN,
    (Dependency.YOUTUBE, YouTubeRefused.code): _UNCERTAIN,
    (Dependency.YOUTUBE, YouTubeTokenRequired.code): _UNCERTAIN,
    (Dependency.YOUTUBE, YouTubeBlocked.code): _OF_THE_CONNECTION,
    (Dependency.YOUTUBE, YouTubeProxyFailed.code): _CERTAIN,
    (Dependency.MODEL, ModelUnreachable.code): _UNCERTAIN,
    (Dependency.MODEL, ModelOverloaded.code): _UNCERTAIN,
    (Dependency.MODEL, ModelAccessDenied.code): _UNCERTAIN,
    (Dependency.MODEL, ModelQuotaExceeded.code): _CERTAIN,
    (Dependency.MODEL, ModelKeyRejected.code): _CERTAIN,
    (Dependency.MODEL, ModelKeyMissing.code): _CERTAIN,
    (Dependency.MODEL, ModelNotOffered.code): _CERTAIN,
    (Dependency.MODEL, ModelNotFound.code): _OF_THE_CONNECTION,
    (Dependency.PLATFORM, StorageUnavailable.code): _PLATFORM,
    (Dependency.PLATFORM, StepTimedOut.code): _PLATFORM,
    (Dependency.PLATFORM, StepCrashed.code): _PLATFORM,
    (Dependency.PLATFORM, UnexpectedFailure.code): _PLATFORM,
    (None, BudgetReached.code): _OF_THE_BATCH,
    (None, DailySpendingReached.code): _OF_THE_BATCH,
    (None, MonthlySpendingReached.code): _OF_THE_BATCH,
    (None, DataApiQuotaExceeded.code): _OF_THE_BATCH,
    (None, DataApiKeyRejected.code): _OF_THE_BATCH,
    (None, ModelRefused.code): _OF_THE_VIDEO,
    (None, ModelAnswerInvalid.code): _OF_THE_VIDEO,
    (None, ModelRequestRejected.code): _OF_THE_VIDEO,
}


def blast_radius(service: Dependency | None, error_code: str, witnesses: Iterable[Witness]) -> Radius:
    """Returns how far a failure with this error code reaches, according to its witnesses.

    An error without a row in REACH is about the video, for example that it has no captions.
    """
    reach = REACH.get((service, error_code), _OF_THE_VIDEO)
    shown = _shown_by(witnesses, is_uncertain=reach.minimum is Radius.VIDEO)
    return max(reach.minimum, min(reach.maximum, shown))


def _shown_by(witnesses: Iterable[Witness], *, is_uncertain: bool) -> Radius:
    """Returns the radius that the witnesses show.

    Two batches count as two witnesses only if their videos differ: the same bad video may be in both. For an error that
    may be the video's fault, a batch counts only once two of its videos have failed with it.
    """
    needed = 2 if is_uncertain else 1
    sources: dict[tuple[str, str], set[str]] = defaultdict(set)
    for witness in witnesses:
        sources[witness.user, witness.batch].add(witness.source)
    reports = [(user, failed) for (user, _), failed in sources.items() if len(failed) >= needed]
    independent = [(one, two) for (one, a), (two, b) in combinations(reports, 2) if len(a | b) >= 2 * needed]
    if any(one != two for one, two in independent):
        return Radius.EVERYBODY
    if independent:
        return Radius.USER
    return Radius.BATCH if any(len(failed) > 1 for failed in sources.values()) else Radius.VIDEO
