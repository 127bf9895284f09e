"""One more question where a usable summary falls short: for a stretch that it passed over, and for doubtful statements.

What a follow-up question fails at costs nothing but its answer: there is a summary already.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from skimlist.llm.catalogue import Provider, Usage
from skimlist.log import attempt
from skimlist.models.summary import Verify
from skimlist.summarizing.checked_claims import ClaimChecker
from skimlist.summarizing.chunking import prompt_tokens
from skimlist.summarizing.drafts import Draft, Model, Request, Task
from skimlist.summarizing.forecast import expected_reconsideration, expected_usage
from skimlist.summarizing.partitioning import line_room
from skimlist.summarizing.review import with_stretch
from skimlist.summarizing.second_look import SecondLook
from skimlist.summarizing.stretches import Tenths

# A summary that may refer to fewer places cannot be spread over a video.
_FEWEST_REFERENCES = 5

# Whether budget and time allow a question that will probably take this.
Affordable = Callable[[Usage], bool]


def fill_stretch(draft: Draft, request: Request, model: Model, is_affordable: Affordable) -> Draft:
    """With what the longest stretch of the video adds of which the draft of `request` has nothing."""
    references = (*(point.line for point in draft.key_points), *(chapter.line for chapter in draft.chapters))
    missing = Tenths(request.lines).missing(references)
    target = request.target
    has_room = target.key_points + target.chapters >= _FEWEST_REFERENCES
    if not missing or not has_room or model.spec.provider is Provider.EXTRACTIVE:
        return draft
    asked = replace(request, task=Task.STRETCH, lines=missing)
    room = line_room(asked, model.spec)
    if (room is not None and prompt_tokens(missing) > room) or not is_affordable(expected_usage(asked, model.spec)):
        return draft
    return attempt(
        lambda: with_stretch(draft, model.answer(asked), request), lambda: draft, failed="stretch not summarized"
    )


def look_again(draft: Draft, request: Request, model: Model, checker: ClaimChecker, is_affordable: Affordable) -> Draft:
    """With those statements corrected or dropped that are in doubt, if the user asked for it."""
    if request.options.verify is not Verify.ASK or model.spec.provider is Provider.EXTRACTIVE:
        return draft

    def corrected() -> Draft:
        look = SecondLook(draft, checker, request)
        if not look.doubts or not is_affordable(expected_reconsideration(look.doubts, request, model.spec)):
            return draft
        return look.corrected(model.reconsider(look.doubts, request))

    return attempt(corrected, lambda: draft, failed="statements not looked at again")
