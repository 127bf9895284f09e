"""Finds the shortcomings of a usable answer: its language, length, key points, chapters and focus areas."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from skimlist.llm.language_names import language_name
from skimlist.llm.prompts import LANGUAGE_OF_THE_PROMPT, about_language
from skimlist.summarizing.bounds import OnALine, bounds, spread
from skimlist.summarizing.drafts import Draft, Request, Task
from skimlist.text.language import fields_in_another_language
from skimlist.text.words import count_words

# How far a summary's number of words may be from its target; a short one may have a sentence more or less.
_TOLERANCE = 0.2
_MIN_TOLERANCE_IN_WORDS = 10

# The texts of each field of an answer. Each text is checked by itself: one key point in another language is a fault.
_TEXTS: Mapping[str, Callable[[Draft], Sequence[str]]] = {
    "title": lambda draft: [draft.title],
    "tldr": lambda draft: [draft.tldr],
    "summary": lambda draft: [draft.text],
    "key_points": lambda draft: [point.text for point in draft.key_points],
    "chapters": lambda draft: [f"{chapter.title} {chapter.summary}" for chapter in draft.chapters],
    "tags": lambda draft: draft.tags,
    "focus": lambda draft: [finding.text for finding in draft.focus],
}
_ATTRIBUTES = {field: field for field in _TEXTS} | {"summary": "text"}


@dataclass(frozen=True, slots=True)
class Shortcoming:
    """Deficient fields of an answer. `problem` explains them to the model; `needs_captions` is true if the answer
    itself does not contain what the fields lack.
    """

    fields: tuple[str, ...]
    problem: str
    needs_captions: bool


def find_shortcoming(draft: Draft, request: Request) -> Shortcoming | None:
    """Returns what the model has to improve, or None. Notes on parts always pass, because no reader sees them."""
    if request.task is Task.PART:
        return None
    in_another_language, empty = _in_another_language(draft, request), _empty_lists(draft)
    unreported, missing = _unreported_areas(draft, request), _words_missing(draft, request)
    problems = [
        *([about_language(in_another_language, language_name(request.answer_language))] if in_another_language else []),
        *([_length_problem(missing, request)] if missing else []),
        *(f'"{field}" names no line of these captions.' for field in empty),
        *([f'"focus" does not report on: {"; ".join(unreported)}.'] if unreported else []),
    ]
    faulty = {*in_another_language, *empty, *(["summary"] if missing else []), *(["focus"] if unreported else [])}
    return (
        Shortcoming(
            fields=tuple(field for field in _TEXTS if field in faulty),
            problem=" ".join(problems),
            needs_captions=missing > 0 or bool(empty) or bool(unreported),
        )
        if problems
        else None
    )


def with_better_fields(first: Draft, second: Draft, fields: Sequence[str], request: Request) -> Draft:
    """Returns the first draft with those of `fields` from the second draft that have fewer faults."""
    faults, faults_of_second = _faults(first, request), _faults(second, request)
    better = [field for field in fields if faults_of_second[field] < faults[field]]
    changes = {_ATTRIBUTES[field]: getattr(second, _ATTRIBUTES[field]) for field in better}
    if "summary" in better:
        changes["language"] = second.language
    return replace(first, **changes, dropped=first.dropped + (second.dropped if better else 0))


def with_stretches(first: Draft, found: Draft, request: Request, line_of: Callable[[OnALine], int]) -> Draft:
    """Returns the first draft with key points and chapters on stretches that it did not cover, within its limits.

    `line_of` tells where each is in the video, which may not be at the line that it cites.
    """
    most, wrong = bounds(request), _in_another_language(found, request)
    points = () if "key_points" in wrong else found.key_points
    chapters = spread(
        (*first.chapters, *(() if "chapters" in wrong else found.chapters)), most.chapters, line_of=line_of
    )
    return replace(
        first,
        key_points=spread((*first.key_points, *points), most.key_points, beside=chapters, line_of=line_of),
        chapters=chapters,
        dropped=first.dropped + found.dropped,
    )


def is_in_another_language(text: str, request: Request) -> bool:
    """Whether the text is clearly in another language than requested; False for a text of a few words."""
    candidates = (LANGUAGE_OF_THE_PROMPT, request.language)
    return bool(fields_in_another_language({"": [text]}, candidates, wanted=request.answer_language, telling=""))


def _faults(draft: Draft, request: Request) -> dict[str, tuple[bool, bool, int]]:
    """Returns the faults of each field: whether it is empty, whether in another language, and how much it lacks."""
    in_another_language = _in_another_language(draft, request)
    lacking = {"summary": abs(_words_missing(draft, request)), "focus": len(_unreported_areas(draft, request))}
    return {
        field: (not any(texts(draft)), field in in_another_language, lacking.get(field, 0))
        for field, texts in _TEXTS.items()
    }


def _in_another_language(draft: Draft, request: Request) -> list[str]:
    """Returns the fields with a text in another language than requested.

    The title is checked only if the video's own title is unknown, because it is not shown otherwise.
    """
    texts = {field: of(draft) for field, of in _TEXTS.items() if not (field == "title" and request.title)}
    return fields_in_another_language(
        texts, (LANGUAGE_OF_THE_PROMPT, request.language), wanted=request.answer_language, telling="summary"
    )


def _length_problem(missing: int, request: Request) -> str:
    wanted = request.target.words
    return (
        f'"summary" has {wanted - missing} words, but should have about {wanted} (in Chinese, Japanese or Thai '
        f"{2 * wanted} characters): make it {'longer' if missing > 0 else 'shorter'}."
    )


def _words_missing(draft: Draft, request: Request) -> int:
    """Returns how many words the summary lacks; negative if it has too many, 0 within the tolerance."""
    wanted = request.target.words
    missing = wanted - count_words(draft.text)
    return missing if abs(missing) > max(wanted * _TOLERANCE, _MIN_TOLERANCE_IN_WORDS) else 0


def _empty_lists(draft: Draft) -> list[str]:
    return [field for field in ("key_points", "chapters") if not any(_TEXTS[field](draft))]


def _unreported_areas(draft: Draft, request: Request) -> list[str]:
    reported = {finding.area for finding in draft.focus}
    return [area for area in request.options.focus_areas if area not in reported]
