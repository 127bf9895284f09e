"""Optional requests that improve a usable summary: for stretches that it does not cover, and for doubtful statements.

If a follow-up request fails, only its cost is lost: the summary is kept as it was.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import chain
from math import ceil

from skimlist.llm.catalogue import ModelSpec, Provider, Usage
from skimlist.log import attempt
from skimlist.models.settings import SummaryLength, Verify
from skimlist.summarizing.checked_claims import ClaimChecker
from skimlist.summarizing.chunking import prompt_tokens
from skimlist.summarizing.drafts import Draft, Model, Request, Task
from skimlist.summarizing.forecast import expected_reconsideration, expected_usage
from skimlist.summarizing.partitioning import line_room
from skimlist.summarizing.review import with_stretches
from skimlist.summarizing.second_look import SecondLook
from skimlist.summarizing.stretches import Tenths

# A summary that may cite fewer places than this cannot cover a whole video.
_MIN_REFERENCES = 5
# A detailed summary is extended if it draws on less than this share of the tenths that it may cite. Of summaries that
# cite random lines, 4 % draw on less for a video of five minutes (twelve lines), and none for a long one (27 lines).
_SHARE_OF_DETAILED = 0.6

# Tells whether budget and time allow a request with this expected usage.
Affordable = Callable[[Usage], bool]


def summarize_gaps(
    draft: Draft, request: Request, model: Model, checker: ClaimChecker, is_affordable: Affordable
) -> Draft:
    """Returns the draft of `request` with key points and chapters on what it does not cover, if that is too much.

    A key point covers the place where the check finds it, because a reader will see it there.
    """
    target = request.target
    most = target.key_points + target.chapters
    if most < _MIN_REFERENCES or model.spec.provider is Provider.EXTRACTIVE:
        return draft
    tenths = Tenths(request.lines)
    can_cover = min(most, len(tenths.spoken))
    least = ceil(can_cover * _SHARE_OF_DETAILED) if request.length is SummaryLength.DETAILED else 0
    places = checker.lines(draft)
    gaps = tenths.gaps(places.values(), least=least)
    lines = tuple(chain.from_iterable(gaps))
    follow_up = replace(request, task=Task.STRETCHES, lines=lines, stretches=gaps, creator_chapters=())
    if not gaps or not _fits(follow_up, model.spec) or not is_affordable(expected_usage(follow_up, model.spec)):
        return draft

    def filled() -> Draft:
        answer = model.answer(follow_up)
        found = with_stretches(draft, answer, request, {**checker.lines(answer), **places}.__getitem__)
        # Some key points and chapters of the draft may have made room for others.
        covers_more = len(tenths.cited(checker.lines(found).values())) > len(tenths.cited(places.values()))
        return found if covers_more else draft

    return attempt(filled, lambda: draft, failed="stretches not summarized")


def _fits(request: Request, spec: ModelSpec) -> bool:
    room = line_room(request, spec)
    return room is None or prompt_tokens(request.lines) <= room


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
