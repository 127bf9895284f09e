"""What a usable answer still falls short of: the language, the length, and the focus areas that were asked for."""

from __future__ import annotations

from dataclasses import dataclass

from skimlist.summarizing.drafts import Draft, Request, Task
from skimlist.text.language_codes import same_language
from skimlist.text.words import count_words

# How far a summary may be from its number of words; of a short one, a sentence more or less.
_TOLERANCE = 0.2
_LEAST_TOLERANCE_IN_WORDS = 10


@dataclass(frozen=True, slots=True)
class Shortcoming:
    """`problem` says it to the model; `needs_captions`: what is missing cannot be made of the answer itself."""

    problem: str
    needs_captions: bool


def shortcoming(draft: Draft, request: Request) -> Shortcoming | None:
    """What to ask for once more; None if nothing. Notes on parts are not for readers, and are not held to it."""
    if request.task is Task.PART:
        return None
    problems = [problem for problem in (_language(draft, request), _length(draft, request)) if problem]
    unreported = _unreported(draft, request)
    if unreported:
        problems.append(f'"focus" does not report on: {"; ".join(unreported)}.')
    too_short = _words_missing(draft, request) > 0
    return Shortcoming(" ".join(problems), needs_captions=too_short or bool(unreported)) if problems else None


def better(first: Draft, second: Draft, request: Request) -> Draft:
    """The draft that falls less short; the first of equals."""
    return min(first, second, key=lambda draft: _distance(draft, request))


def _distance(draft: Draft, request: Request) -> tuple[bool, int, float]:
    wrong_language = not same_language(draft.language, request.answer_language)
    return wrong_language, len(_unreported(draft, request)), abs(_words_missing(draft, request))


def _language(draft: Draft, request: Request) -> str | None:
    if same_language(draft.language, request.answer_language):
        return None
    return (
        f"It is written in the language {draft.language} (BCP 47), but every text in it has to be in the language "
        f"{request.answer_language}."
    )


def _length(draft: Draft, request: Request) -> str | None:
    if not (missing := _words_missing(draft, request)):
        return None
    wanted = request.target.words
    return (
        f'"summary" has {wanted - missing} words, but should have about {wanted} (in Chinese, Japanese or Thai '
        f"{2 * wanted} characters): make it {'longer' if missing > 0 else 'shorter'}."
    )


def _words_missing(draft: Draft, request: Request) -> int:
    """How many words more the summary should have; negative if it has too many, 0 within the tolerance."""
    wanted = request.target.words
    missing = wanted - count_words(draft.text)
    return missing if abs(missing) > max(wanted * _TOLERANCE, _LEAST_TOLERANCE_IN_WORDS) else 0


def _unreported(draft: Draft, request: Request) -> list[str]:
    reported = {finding.area for finding in draft.focus}
    return [area for area in request.options.focus_areas if area not in reported]
