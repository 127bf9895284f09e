"""Optional requests that improve a usable summary: for a stretch that it does not cover, and for doubtful statements.

If a follow-up request fails, only its cost is lost: the summary is kept as it was.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from skimlist.llm.catalogue import Provider, Usage
from skimlist.log import attempt
from skimlist.models.settings import Verify
from skimlist.summarizing.checked_claims import ClaimChecker
from skimlist.summarizing.chunking import prompt_tokens
from skimlist.summarizing.drafts import Draft, Model, Request, Task
from skimlist.summarizing.forecast import expected_reconsideration, expected_usage
from skimlist.summarizing.partitioning import line_room
from skimlist.summarizing.review import with_stretch
from skimlist.summarizing.second_look import SecondLook
from skimlist.summarizing.stretches import Tenths

# A summary that may cite fewer places than this cannot cover a whole video.
_MIN_REFERENCES = 5

# Tells whether budget and time allow a request with this expected usage.
Affordable = Callable[[Usage], bool]


def summarize_gap(draft: Draft, request: Request, model: Model, is_affordable: Affordable) -> Draft:
    """Returns the draft of `request` with key points and chapters for the longest stretch that it does not cover."""
    references = (*(point.line for point in draft.key_points), *(chapter.line for chapter in draft.chapters))
    gap = Tenths(request.lines).longest_gap(references)
    target = request.target
    has_room = target.key_points + target.chapters >= _MIN_REFERENCES
    if not gap or not has_room or model.spec.provider is Provider.EXTRACTIVE:
        return draft
    follow_up = replace(request, task=Task.STRETCH, lines=gap)
    room = line_room(follow_up, model.spec)
    if (room is not None and prompt_tokens(gap) > room) or not is_affordable(expected_usage(follow_up, model.spec)):
        return draft
    return attempt(
        lambda: with_stretch(draft, model.answer(follow_up), request), lambda: draft, failed="stretch not summarized"
    )


def recheck_claims(
    draft: Draft, request: Request, model: Model, checker: ClaimChecker, is_affordable: Affordable
) -> Draft:
    """Returns the draft with its doubtful statements corrected or removed, if the user asked for that."""
    if request.options.verify is not Verify.ASK or model.spec.provider is Provider.EXTRACTIVE:
        return draft

    def corrected() -> Draft:
        look = SecondLook(draft, checker, request)
        if not look.doubts or not is_affordable(expected_reconsideration(look.doubts, request, model.spec)):
            return draft
        return look.with_corrections(model.reconsider(look.doubts, request))

    return attempt(corrected, lambda: draft, failed="doubtful statements not rechecked")
