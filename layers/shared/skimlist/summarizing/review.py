"""What a usable answer still falls short of: the language, the length, key points, chapters, and focus areas."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from skimlist.llm.language_names import language_name
from skimlist.llm.prompts import LANGUAGE_OF_THE_PROMPT, about_language
from skimlist.summarizing.bounds import bounds, spread
from skimlist.summarizing.drafts import Draft, Request, Task
from skimlist.text.language import fields_in_another_language
from skimlist.text.words import count_words

# How far a summary may be from its number of words; of a short one, a sentence more or less.
_TOLERANCE = 0.2
_LEAST_TOLERANCE_IN_WORDS = 10

# The texts of each field of an answer. Each is looked at by itself: one key point in another language is a fault.
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
    """`problem` says it to the model; `needs_captions`: what `fields` lack cannot be made of the answer itself."""

    fields: tuple[str, ...]
    problem: str
    needs_captions: bool


def shortcoming(draft: Draft, request: Request) -> Shortcoming | None:
    """What to ask for once more; None if nothing. Notes on parts are not for readers, and are not held to it."""
    if request.task is Task.PART:
        return None
    in_another_language, empty = _in_another_language(draft, request), _empty(draft)
    unreported, missing = _unreported(draft, request), _words_missing(draft, request)
    problems = [
        *([about_language(in_another_language, language_name(request.answer_language))] if in_another_language else []),
        *([_about_length(missing, request)] if missing else []),
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


def improved(first: Draft, second: Draft, fields: Sequence[str], request: Request) -> Draft:
    """The first draft with those of the fields from the second that fall less short."""
    faults, faults_of_second = _faults(first, request), _faults(second, request)
    better = [field for field in fields if faults_of_second[field] < faults[field]]
    changes = {_ATTRIBUTES[field]: getattr(second, _ATTRIBUTES[field]) for field in better}
    if "summary" in better:
        changes["language"] = second.language
    return replace(first, **changes, dropped=first.dropped + (second.dropped if better else 0))


def with_stretch(first: Draft, stretch: Draft, request: Request) -> Draft:
    """The first draft with key points and chapters of a stretch that it passed over, spread up to the same maxima."""
    most, wrong = bounds(request), _in_another_language(stretch, request)
    points = () if "key_points" in wrong else stretch.key_points
    chapters = () if "chapters" in wrong else stretch.chapters
    return replace(
        first,
        key_points=spread((*first.key_points, *points), most.key_points),
        chapters=spread((*first.chapters, *chapters), most.chapters),
        dropped=first.dropped + stretch.dropped,
    )


def is_in_another_language(text: str, request: Request) -> bool:
    """Clearly; a text of a few words tells nothing."""
    candidates = (LANGUAGE_OF_THE_PROMPT, request.language)
    return bool(fields_in_another_language({"": [text]}, candidates, wanted=request.answer_language, telling=""))


def _faults(draft: Draft, request: Request) -> dict[str, tuple[bool, bool, int]]:
    """How far each field falls short: that it is empty, in another language, and how much it lacks."""
    in_another_language = _in_another_language(draft, request)
    lacking = {"summary": abs(_words_missing(draft, request)), "focus": len(_unreported(draft, request))}
    return {
        field: (not any(texts(draft)), field in in_another_language, lacking.get(field, 0))
        for field, texts in _TEXTS.items()
    }


def _in_another_language(draft: Draft, request: Request) -> list[str]:
    """Fields with a text that is; the title is shown only if the video's own is not known."""
    texts = {field: of(draft) for field, of in _TEXTS.items() if not (field == "title" and request.title)}
    return fields_in_another_language(
        texts, (LANGUAGE_OF_THE_PROMPT, request.language), wanted=request.answer_language, telling="summary"
    )


def _about_length(missing: int, request: Request) -> str:
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


def _empty(draft: Draft) -> list[str]:
    return [field for field in ("key_points", "chapters") if not any(_TEXTS[field](draft))]


def _unreported(draft: Draft, request: Request) -> list[str]:
    reported = {finding.area for finding in draft.focus}
    return [area for area in request.options.focus_areas if area not in reported]
