"""Every error that Skimlist raises on purpose; the workflow's Retry and Catch name these classes.

SkimlistError
├── MissingSetting                  a function was deployed without a setting that it needs
├── InvalidSetting                  a function was deployed with a setting that it cannot read
├── StorageUnavailable              an AWS service did not answer; the workflow tries again
├── WorkflowFailed                  the workflow itself failed; the batch is marked as failed
│   └── WorkflowStuck · PlaylistsUnreadable
├── RequestRefused                  a request to the API cannot be carried out
│   ├── InvalidRequest · BatchNotFound · WrongState (BatchChanged) · IdempotencyKeyReused · NothingToExport
│   ├── ItemNotFound · SummaryNotFound · DigestNotFound · BatchDeleted · PresetNotFound · TooManyPresets
│   ├── CaptionsUnreadable · TranscriptNotFound · UploadNotFound
│   ├── RecipientInUse · NotificationsFull · SettingsChanged
│   ├── FollowNotFound · TooManyFollows · FollowChanged · FollowDeleted
│   ├── StoppedByOperator           no batch of this user may continue; running ones pause
│   └── TooMany
│       └── TooManyBatches · TooManyVideos · TooManyPlaylists
│       └── TooManySubscriptions · TooManyUnconfirmed · TooManyLookups
├── PlaylistFailed                  this playlist adds no videos, the rest of the batch continues
│   ├── PlaylistUnavailable · PlaylistPrivate · PlaylistPersonal · PlaylistEmpty · PlaylistCancelled
│   ├── ChannelUnavailable · ChannelEmpty · ChannelHasNoPlaylists
│   └── PlaylistOverQuota
├── FollowMonthSpent                the new videos of a follow wait for the next month
├── FollowOwnerDeleted              the follow is paused, because nobody would read its summaries
├── DigestFailed                    the batch ends without a digest
│   └── DigestNeedsTwo · DigestOverBudget
├── VideoFailed                     this video fails, the batch continues; with a `service` it may be tried again first
│   ├── VideoUnavailable · VideoPrivate · VideoNotLive · VideoNotReady · AgeRestricted
│   ├── VideoUnplayable
│   ├── CaptionsDisabled · NoCaptions · TranscriptEmpty
│   ├── YouTubeUnreachable · YouTubeAnswerUnreadable · YouTubeRefused · YouTubeTokenRequired
│   ├── ModelUnreachable · ModelOverloaded · ModelAccessDenied
│   ├── ModelRefused · ModelAnswerInvalid · ModelRequestRejected · RedoModelNotOffered
│   ├── AboveSpendingLimit          if it was a digest, the batch ends without one
│   └── StepTimedOut · StepCrashed · UnexpectedFailure
└── BatchBlocked                    no video could succeed now: the batch pauses, nothing is marked as failed
    ├── YouTubeBlocked · YouTubeProxyFailed · DataApiQuotaExceeded · DataApiKeyRejected
    ├── ModelQuotaExceeded · ModelKeyRejected · ModelKeyMissing · ModelNotOffered · ModelNotFound
    ├── DailySpendingReached · MonthlySpendingReached
    └── BudgetReached               the batch waits for its user
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from skimlist.models.outage import Dependency
from skimlist.models.problem import Problem


class SkimlistError(Exception):
    """`code` is stable, `message` is a sentence for a person, `advice` says what to do.

    `service` is what may have caused the error instead of the video that was processed. A class without a `code` of its
    own is only a base class.
    """

    code: ClassVar[str] = "internal"
    message: ClassVar[str] = "Something went wrong inside Skimlist."
    advice: ClassVar[str] = "Try again; if it happens again, look up the request in the logs."
    retryable: ClassVar[bool] = False
    service: ClassVar[Dependency | None] = None

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.message)

    def as_problem(self) -> Problem:
        return Problem(code=self.code, message=str(self), advice=self.advice, retryable=self.retryable)


class MissingSetting(SkimlistError):
    code = "missing_setting"
    message = "A setting is missing from a function's environment."
    advice = "Deploy the stack again; the template sets every setting."

    def __init__(self, name: str) -> None:
        super().__init__(f"The setting {name} is missing from the function's environment.")


class InvalidSetting(SkimlistError):
    code = "invalid_setting"
    message = "A setting in a function's environment cannot be read."
    advice = "Correct the parameter of the stack that sets it, and deploy again."

    def __init__(self, name: str, expected: str) -> None:
        super().__init__(f"The setting {name} in the function's environment has to be {expected}.")


class StorageUnavailable(SkimlistError):
    code = "storage_unavailable"
    message = "An AWS service that stores the batch did not answer."
    advice = "Retry the video in a minute."
    retryable = True
    service = Dependency.PLATFORM


class WorkflowFailed(SkimlistError):
    code = "workflow_failed"
    message = "The workflow of this batch failed."
    advice = "Retry the batch; if it happens again, look into the execution's history."
    retryable = True


class WorkflowStuck(WorkflowFailed):
    code = "workflow_stuck"
    message = "The workflow returned the same videos again and again without finishing any of them."


class PlaylistsUnreadable(WorkflowFailed):
    code = "playlists_unreadable"
    message = "None of the playlists of this batch could be read, and it has no other videos."
    advice = "Each playlist of the batch says why; check the links and create a new batch."
    retryable = False


# --- A request to the API cannot be carried out ------------------------------------------------------------------


class RequestRefused(SkimlistError):
    """`details` holds one entry per wrong field or line: `{"field": …, "message": …}`."""

    def __init__(self, message: str | None = None, details: Sequence[Mapping[str, Any]] = ()) -> None:
        super().__init__(message)
        self.details = list(details)


class InvalidRequest(RequestRefused):
    code = "invalid_request"
    message = "A field of the request is invalid."


class CaptionsUnreadable(RequestRefused):
    """A file with captions cannot be read; the message says what is wrong with it, and on which line."""

    code = "captions_unreadable"
    message = "The captions cannot be read."


class BatchNotFound(RequestRefused):
    code = "not_found"
    message = "There is no such batch."


class WrongState(RequestRefused):
    code = "wrong_state"
    message = "This is not possible in the batch's current state."


class BatchChanged(WrongState):
    """The batch changed between being read and being written; the command may still be possible."""

    code = "batch_changed"
    message = "The batch changed while your request was processed; check it and try again."


class IdempotencyKeyReused(RequestRefused):
    code = "idempotency_key_reused"
    message = "This Idempotency-Key was already used with a different request; use a new key for a new batch."


class ItemNotFound(RequestRefused):
    code = "item_not_found"
    message = "This batch has no such video."


class SummaryNotFound(RequestRefused):
    code = "summary_not_found"
    message = "There is no such summary."


class DigestNotFound(RequestRefused):
    code = "digest_not_found"
    message = "This batch has no digest, or none yet."


class UploadNotFound(RequestRefused):
    code = "upload_not_found"
    message = "No caption file was uploaded for this video within the last day."
    advice = "Ask for a link with POST /videos/{video_id}/transcript/upload, and send the file to it by PUT."


class TranscriptNotFound(RequestRefused):
    code = "transcript_not_found"
    message = "The captions of this video are not stored: they have not been fetched yet, or their retention has ended."


class PresetNotFound(RequestRefused):
    code = "preset_not_found"
    message = "There is no preset of this name."


class TooManyPresets(RequestRefused):
    code = "too_many_presets"
    message = "You have reached the limit of presets; delete one that you no longer need."


class FollowNotFound(RequestRefused):
    code = "follow_not_found"
    message = "There is no such follow."


class FollowDeleted(RequestRefused):
    code = "follow_deleted"
    message = "The follow of this Idempotency-Key was deleted; use a new key to follow the source again."


class TooManyFollows(RequestRefused):
    code = "too_many_follows"
    message = "You have reached the limit of follows; delete one that you no longer need."


class FollowChanged(RequestRefused):
    code = "follow_changed"
    message = "The follow changed while your request was processed; read it again, then change it."


class RecipientInUse(RequestRefused):
    code = "recipient_in_use"
    message = (
        "Other notifications of this deployment already go to this address. For a webhook, add something of your own "
        "to the URL, such as `?for=me`; for your email address, ask your administrator."
    )


class NotificationsFull(RequestRefused):
    code = "notifications_full"
    message = (
        "This deployment cannot send notifications to more addresses, because Amazon SNS limits their number. "
        "Your administrator can have the limit raised."
    )


class SettingsChanged(RequestRefused):
    code = "settings_changed"
    message = "Your settings were changed by another request; look at them again, then change them."


class BatchDeleted(RequestRefused):
    code = "batch_deleted"
    message = "The batch of this Idempotency-Key was deleted; use a new key for a new batch."


class NothingToExport(RequestRefused):
    code = "nothing_to_export"
    message = "No video of this batch has ended yet, so there is nothing to export."


class StoppedByOperator(RequestRefused):
    code = "stopped_by_operator"
    message = "Your administrator has stopped your batches. Ask them why."
    advice = "Your running batches continue automatically as soon as they are allowed to."


class TooMany(RequestRefused):
    """The user has reached a limit. The request is possible again after `retry_after_seconds`, if that is known."""

    retry_after_seconds: int | None = None


class TooManyBatches(TooMany):
    code = "too_many_batches"
    message = "You have reached the limit of batches that may run at once."

    def __init__(self, at_once: int) -> None:
        super().__init__(
            f"You already have {at_once} batches under way, which is the limit; the next one can start when one of "
            "them has ended. A draft counts while its playlists are read or its videos are checked."
        )


class TooManyVideos(TooMany):
    code = "too_many_videos"
    message = "This is more videos than you can add, check or retry today."

    def __init__(self, a_day: int, left: int, until: datetime, now: datetime) -> None:
        super().__init__(f"You can add, check or retry {a_day:,} videos a day. {_left_today(left, until)}")
        self.retry_after_seconds = int((until - now).total_seconds()) + 1


class TooManyPlaylists(TooMany):
    code = "too_many_playlists"
    message = "This is more playlists than you can add today."

    def __init__(self, a_day: int, left: int, until: datetime, now: datetime) -> None:
        super().__init__(f"You can add {a_day:,} playlists a day. {_left_today(left, until)}")
        self.retry_after_seconds = int((until - now).total_seconds()) + 1


class TooManyLookups(TooMany):
    code = "too_many_lookups"
    message = "This is more playlists and channels than you can have looked up today."

    def __init__(self, a_day: int, left: int, until: datetime, now: datetime) -> None:
        super().__init__(f"You can have {a_day:,} playlists and channels looked up a day. {_left_today(left, until)}")
        self.retry_after_seconds = int((until - now).total_seconds()) + 1


class TooManySubscriptions(TooMany):
    code = "too_many_subscriptions"
    message = "Your addresses have been asked to confirm as often as is allowed in one day."

    def __init__(self, a_day: int, left: int, until: datetime, now: datetime) -> None:
        super().__init__(f"Your addresses can be asked to confirm {a_day:,} times a day. {_left_today(left, until)}")
        self.retry_after_seconds = int((until - now).total_seconds()) + 1


class TooManyUnconfirmed(TooMany):
    code = "too_many_unconfirmed"
    message = (
        "Several addresses that you gave for notifications and no longer use were never confirmed. Amazon SNS keeps "
        "each for two days; give another address after that, or confirm one of them."
    )


def _left_today(left: int, until: datetime) -> str:
    return f"You have {left:,} left today; the limit resets at {until:%Y-%m-%d %H:%M} UTC."


# --- A playlist adds no videos, the rest of the batch continues ---------------------------------------------------


class PlaylistFailed(SkimlistError):
    """An error of one playlist."""


class PlaylistUnavailable(PlaylistFailed):
    code = "playlist_unavailable"
    message = "YouTube says that this playlist does not exist; it says the same of a private playlist."
    advice = "Check the link; if the playlist is yours, make it public or unlisted."


class PlaylistPrivate(PlaylistFailed):
    code = "playlist_private"
    message = "This playlist is private."
    advice = "Ask its owner to make it public or unlisted."


class PlaylistPersonal(PlaylistFailed):
    code = "playlist_personal"
    message = "Mixes, Watch later and Liked videos belong to one viewer's account and cannot be read without it."
    advice = "Save the videos to a public or unlisted playlist, or paste their links."


class ChannelUnavailable(PlaylistFailed):
    code = "channel_unavailable"
    message = "YouTube has no channel of this name; it may have been renamed or closed."
    advice = "Check the link; the page of a channel shows its present name."


class ChannelEmpty(PlaylistFailed):
    code = "channel_empty"
    message = "This channel, or the part of it that was asked for, has no videos."
    advice = "Check the link, or add the channel without a tab."


class ChannelHasNoPlaylists(PlaylistFailed):
    code = "channel_has_no_playlists"
    message = "This page of the channel shows no playlists."
    advice = "Check the link, or add the channel itself."


class PlaylistEmpty(PlaylistFailed):
    code = "playlist_empty"
    message = "This playlist has no videos."
    advice = "Check the link."


class PlaylistOverQuota(PlaylistFailed):
    code = "playlist_over_quota"
    message = "This playlist has more videos than you can add today."
    advice = "Add it again tomorrow (UTC), or ask your administrator for a higher limit."


class PlaylistCancelled(PlaylistFailed):
    code = "playlist_cancelled"
    message = "The batch was cancelled before this playlist was read."
    advice = "Create a new batch from it."


# --- A follow waits or is paused ----------------------------------------------------------------------------------


class FollowMonthSpent(SkimlistError):
    code = "follow_month_spent"
    message = "This follow has used up its budget for this month."
    advice = "It continues automatically next month (UTC), or now if you give it a higher budget."


class FollowOwnerDeleted(SkimlistError):
    code = "follow_owner_deleted"
    message = "The user who follows this source is no longer in the user pool."
    advice = "There is nothing to do: the follow is paused and costs nothing more."


# --- The batch ends without a digest ------------------------------------------------------------------------------


class DigestFailed(SkimlistError):
    code = "digest_failed"
    message = "The digest of this batch could not be made."
    advice = "Retry the batch to make it again; the summaries are complete without it."
    retryable = True


class DigestNeedsTwo(DigestFailed):
    code = "digest_needs_two"
    message = "Fewer than two videos were summarized, so a digest has nothing to compare."
    advice = "Add more videos to this batch."
    retryable = False


class DigestOverBudget(DigestFailed):
    code = "digest_over_budget"
    message = "The digest would exceed the batch's budget."
    advice = "Retry the batch with a higher budget; the summaries are complete without it."
    retryable = False


# --- A video fails, the batch continues --------------------------------------------------------------------------


class VideoFailed(SkimlistError):
    """An error of one video, or one that a single video may have caused.

    `title` and `channel` are the video's, if they are known all the same. The message does not repeat them, because it
    reaches logs.
    """

    title: str | None = None
    channel: str | None = None


class VideoUnavailable(VideoFailed):
    code = "video_unavailable"
    message = "YouTube says that this video does not exist or was removed."
    advice = "Check the link; the video may have been deleted."


class VideoPrivate(VideoFailed):
    code = "video_private"
    message = "This video is private."
    advice = "Ask its owner to make it public or unlisted."


class VideoNotLive(VideoFailed):
    code = "video_not_live_yet"
    message = "This video is a live stream or premiere that has not taken place yet."
    advice = "Retry it after the broadcast."
    retryable = True


class VideoNotReady(VideoFailed):
    code = "video_not_ready"
    message = "This video is live, or YouTube is still processing its recording, so there are no complete captions yet."
    advice = "Retry it a few hours after the broadcast has ended."
    retryable = True


class AgeRestricted(VideoFailed):
    code = "age_restricted"
    message = "YouTube shows this video only to signed-in adults."
    advice = "Such videos cannot be read without an account."


class VideoUnplayable(VideoFailed):
    code = "video_unplayable"
    message = "YouTube refuses to play this video."
    advice = "Open it in a browser to see the reason, for example that it is not available in some countries."


class CaptionsDisabled(VideoFailed):
    code = "captions_disabled"
    message = "Captions are switched off for this video."
    advice = "Without captions there is nothing to summarize."


class NoCaptions(VideoFailed):
    code = "no_captions"
    message = "This video has no captions."
    advice = "New videos often get automatic captions within a day."


class TranscriptEmpty(VideoFailed):
    code = "transcript_empty"
    message = "The captions of this video contain no words."
    advice = "There is nothing to summarize."


class AboveSpendingLimit(VideoFailed):
    """The estimate alone is above the daily or monthly limit, so waiting for the next day or month does not help."""

    code = "above_spending_limit"
    message = "This request alone would cost more than the daily or monthly limit for models."
    advice = "Use a cheaper model, or ask your administrator for a higher limit and retry."
    retryable = True


class YouTubeUnreachable(VideoFailed):
    code = "youtube_unreachable"
    message = "YouTube did not answer in time or answered with a server error."
    advice = "Retry the video in a few minutes."
    retryable = True
    service = Dependency.YOUTUBE


class YouTubeAnswerUnreadable(VideoFailed):
    code = "youtube_answer_unreadable"
    message = "YouTube sent a response that could not be read."
    advice = "Retry. If it happens every time, youtube-transcript-api or yt-dlp needs an update."
    retryable = True
    service = Dependency.YOUTUBE


class YouTubeRefused(VideoFailed):
    code = "youtube_refused"
    message = "YouTube refused this request because it looked like a bot's."
    advice = (
        "Retry in a few minutes. If it happens with every video, fetch the captions from your own computer: "
        "`python examples/skimlist_client.py --fetch-captions`. "
        "Or give the deployment a rotating residential proxy (docs/deploy.md)."
    )
    retryable = True
    service = Dependency.YOUTUBE


class YouTubeTokenRequired(VideoFailed):
    code = "youtube_token_required"
    message = "YouTube requires a proof-of-origin token for the captions of this video."
    advice = "Retry later. If it happens with every video, youtube-transcript-api needs an update."
    retryable = True
    service = Dependency.YOUTUBE


class ModelUnreachable(VideoFailed):
    code = "model_unreachable"
    message = "The model's server did not answer in time, or reported an error of its own."
    advice = (
        "Retry in a few minutes. If it keeps failing, look at the status page of the model's provider, or at your own "
        "server."
    )
    retryable = True
    service = Dependency.MODEL


class ModelOverloaded(VideoFailed):
    code = "model_overloaded"
    message = "The model's endpoint rejected the request because of too many requests."
    advice = "Retry in a few minutes. If it happens often, choose a model with a higher rate limit."
    retryable = True
    service = Dependency.MODEL


class ModelAccessDenied(VideoFailed):
    code = "model_access_denied"
    message = "The model's endpoint denied access, but did not say that the key is wrong."
    advice = "Check with the provider that the key or the AWS account may use this model in this country; then retry."
    retryable = True
    service = Dependency.MODEL


class ModelRefused(VideoFailed):
    code = "model_refused"
    message = "The model refused to answer."
    advice = "Choose another model."


class ModelAnswerInvalid(VideoFailed):
    code = "model_answer_invalid"
    message = "The model answered twice without giving a usable summary."
    advice = "Retry, or choose a larger model."
    retryable = True


class ModelRequestRejected(VideoFailed):
    code = "model_request_rejected"
    message = "The model's endpoint rejected the request."
    advice = "Check the model's name and that it accepts a text of this length."


class RedoModelNotOffered(VideoFailed):
    """The model that was chosen for one video again; another model of the batch would not help."""

    code = "redo_model_not_offered"
    message = "This deployment no longer offers the model that was chosen for the new summary."
    advice = "Summarize the video again with another model; until then it keeps its current summary."


class StepTimedOut(VideoFailed):
    code = "step_timed_out"
    message = "This step exceeded its time limit."
    advice = "Retry; everything fetched and answered so far is kept."
    retryable = True
    service = Dependency.PLATFORM


class StepCrashed(VideoFailed):
    code = "step_crashed"
    message = "The function that ran this step ended unexpectedly."
    advice = "Retry; if it happens again, give the function more memory."
    retryable = True
    service = Dependency.PLATFORM


class UnexpectedFailure(VideoFailed):
    code = "internal"
    message = "Something unexpected went wrong with this video."
    advice = "Retry; if it happens again, look the video up in the logs."
    retryable = True
    service = Dependency.PLATFORM


# --- No video could succeed now: the batch pauses ----------------------------------------------------------------


class BatchBlocked(SkimlistError):
    """An error that pauses the batch. It resumes after a while, unless `resumes_by_itself` is False, or by its user."""

    retryable = True
    resumes_by_itself: ClassVar[bool] = True


class YouTubeBlocked(BatchBlocked):
    code = "youtube_blocked"
    message = "YouTube blocks requests from Skimlist's IP address."
    advice = (
        "The batch tries again automatically. If it stays blocked, fetch the captions from your own computer: "
        "`python examples/skimlist_client.py --fetch-captions`. "
        "Or give the deployment a rotating residential proxy (docs/deploy.md)."
    )
    service = Dependency.YOUTUBE


class YouTubeProxyFailed(BatchBlocked):
    code = "youtube_proxy_failed"
    message = "The proxy for YouTube does not work."
    advice = (
        "The batch tries again automatically. "
        "Check the proxy's address and, if it inspects TLS, the file with its CA certificate (docs/deploy.md)."
    )
    service = Dependency.YOUTUBE


class DataApiQuotaExceeded(BatchBlocked):
    code = "data_api_quota_exceeded"
    message = "No requests to the YouTube Data API are left for this today, and YouTube blocks this address without it."
    advice = "Its quota resets at midnight in California; the batch tries again automatically."


class DataApiKeyRejected(BatchBlocked):
    code = "data_api_key_rejected"
    message = "The YouTube Data API does not accept the key."
    advice = (
        "Store a valid key, or delete the key to read playlists without one; then resume the batch. "
        "The key's Google project needs the YouTube Data API v3 enabled (docs/deploy.md)."
    )
    retryable = False


class BudgetReached(BatchBlocked):
    code = "budget_reached"
    message = "The next video would exceed the batch's budget."
    advice = "Resume the batch with a higher budget, or cancel it; finished summaries can be exported."
    resumes_by_itself = False


class DailySpendingReached(BatchBlocked):
    """The batch waits until the next day (UTC)."""

    code = "daily_spending_reached"
    message = "The next request would exceed what one user may spend on models a day."
    advice = "The batch continues automatically after midnight (UTC). Your administrator can raise the limit."


class MonthlySpendingReached(BatchBlocked):
    """The batch waits until the next month (UTC)."""

    code = "monthly_spending_reached"
    message = "The next request would exceed what this deployment may spend on models a month."
    advice = "The batch continues automatically next month. Your administrator can raise the limit."


class ModelQuotaExceeded(BatchBlocked):
    code = "model_quota_exceeded"
    message = "Skimlist's account at the model's provider has no credit left."
    advice = (
        "Change the model, or ask your administrator to add credit at the provider. Then resume or retry the batch."
    )
    service = Dependency.MODEL


class ModelKeyRejected(BatchBlocked):
    code = "model_key_rejected"
    message = "This model cannot be used now: its provider does not accept Skimlist's key."
    advice = "Change the model, or ask your administrator to store a valid key. Then resume or retry the batch."
    retryable = False
    service = Dependency.MODEL


class ModelKeyMissing(BatchBlocked):
    code = "model_key_missing"
    message = "No key is stored for this model."
    advice = (
        "Change the model, or ask your administrator to store a key. Then resume or retry the batch. "
        "How to store one is in docs/models.md."
    )
    retryable = False
    service = Dependency.MODEL


class ModelNotOffered(BatchBlocked):
    code = "model_not_offered"
    message = "This deployment no longer offers the batch's model."
    advice = (
        "Choose another model for the rest of the batch, then resume it. Or have your administrator deploy with the "
        "settings that offered this one (docs/models.md)."
    )
    retryable = False
    service = Dependency.MODEL


class ModelNotFound(BatchBlocked):
    code = "model_not_found"
    message = "The model's endpoint does not know this model."
    advice = (
        "Check the endpoint's address or region and the model's name, then resume the batch; "
        "it also tries again automatically."
    )
    service = Dependency.MODEL


# Step Functions reports a function's timeout and crash under these names (AWS: "Handling errors in Step Functions").
_NAMES_OF_THE_PLATFORM: Mapping[str, type[SkimlistError]] = {
    "States.Timeout": StepTimedOut,
    "Sandbox.Timedout": StepTimedOut,
    "Runtime.ExitError": StepCrashed,
    "Runtime.OutOfMemory": StepCrashed,
    "Lambda.Unknown": StepCrashed,
}


def error_classes(root: type[SkimlistError] = SkimlistError) -> Iterator[type[SkimlistError]]:
    """`root` and every class below it."""
    yield root
    for child in root.__subclasses__():
        yield from error_classes(child)


def service_of(code: str) -> Dependency | None:
    """The service that may have caused an error with this code."""
    return next((cls.service for cls in error_classes() if cls.code == code and cls.service), None)


def error_from_workflow(error: str, cause: str, otherwise: type[SkimlistError]) -> SkimlistError:
    """Restores the error that a Catch passes on: `error` is the class name, `cause` is Lambda's JSON about it.

    Our own classes keep their message. Anything else becomes StepTimedOut, StepCrashed or `otherwise`, whose text never
    repeats a foreign message, because that could contain a URL or a key.
    """
    known = {cls.__name__: cls for cls in error_classes()}
    if error in known:
        try:
            message = json.loads(cause)["errorMessage"]
        except (ValueError, TypeError, KeyError):
            message = None
        restored = known[error].__new__(known[error])
        SkimlistError.__init__(restored, message)
        return restored
    return _NAMES_OF_THE_PLATFORM.get(error, otherwise)()
