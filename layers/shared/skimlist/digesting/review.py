"""Finds texts of a digest that are in another language than requested."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from skimlist.digesting.answers import DigestAnswer
from skimlist.digesting.drafts import Request, Task
from skimlist.llm.prompts import LANGUAGE_OF_THE_PROMPT
from skimlist.text.language import fields_in_another_language

_TEXTS: Mapping[str, Callable[[DigestAnswer], Sequence[str]]] = {
    "overview": lambda answer: [answer.overview],
    "themes": lambda answer: [f"{theme.title} {theme.text}" for theme in answer.themes],
    "agreements": lambda answer: [claim.text for claim in answer.agreements],
    "differences": lambda answer: [claim.text for claim in answer.differences],
    "watch_order": lambda answer: [pick.reason for pick in answer.watch_order],
}


def in_another_language(answer: DigestAnswer, request: Request) -> list[str]:
    """Returns the fields with a text in another language; none for a part, whose findings no reader sees."""
    if request.task is Task.PART:
        return []
    return fields_in_another_language(
        {field: texts(answer) for field, texts in _TEXTS.items()},
        (LANGUAGE_OF_THE_PROMPT, request.language),
        wanted=request.answer_language,
        telling="overview",
    )
