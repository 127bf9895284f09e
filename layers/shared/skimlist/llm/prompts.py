"""Builds the parts that all prompts share: messages, quoted text, and repeated questions."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, Literal, TypedDict

from skimlist.formatting import printable

_ANGLE_BRACKETS = str.maketrans("<>", "‹›")
_BRACKET = re.compile(r"[<>\[\]]")
_IN_PLACE_OF_BRACKETS = {"<": "‹", ">": "›", "[": "(", "]": ")"}
# Models that ignore the requested language use English, or the language of the text that they read.
LANGUAGE_OF_THE_PROMPT = "en"
# The beginning of the explanation in a repeated question.
REPAIR = "An earlier answer could not be used as it was:"


class Message(TypedDict):
    role: Literal["system", "user", "assistant"]
    content: str


def repeat_question(messages: Sequence[Message], problem: str, fields: Sequence[str] = ()) -> list[Message]:
    """Returns the question again with the fault of the answer. `fields` restricts the new answer to these fields.

    The old answer is not included, because a model that reads it repeats it, and it may contain text of the captions.
    The messages before stay the same, so that the endpoint finds them in its cache.
    """
    *before, question = messages
    names = ", ".join(f'"{field}"' for field in fields)
    wanted = f"a JSON object with no other fields than {names}" if names else "the whole JSON object"
    complaint = f"{REPAIR} {sanitize(problem)}\nSend {wanted}, and avoid this."
    return [*before, {"role": question["role"], "content": f"{question['content']}\n\n{complaint}"}]


def correction(system: str, origin: str, texts: Mapping[str, Any], problem: str, language: str) -> list[Message]:
    """Returns the messages that ask for some fields of an answer to be rewritten from their texts alone.

    `origin` explains where the texts come from and what their numbers mean.
    """
    question = "\n\n".join(
        [
            origin,
            f"They have a fault: {sanitize(problem)}",
            between_tags("summary", without_angle_brackets(json.dumps(texts, ensure_ascii=False))),
            f"Send the JSON object again with the same fields, corrected, in {language}. "
            "Keep its numbers, and say nothing that it does not say.",
        ]
    )
    return [{"role": "system", "content": system}, {"role": "user", "content": question}]


def about_language(fields: Sequence[str], language: str) -> str:
    """Returns the complaint that some fields of an answer are not in `language`, which is a name."""
    names = ", ".join(f'"{field}"' for field in fields)
    return f"{names} is in another language, but every text has to be in {language}."


def between_tags(name: str, body: str) -> str:
    """Puts `body`, which has no angle brackets, between tags that it cannot predict."""
    tag = f"{name}-{sha256(body.encode()).hexdigest()[:8]}"
    return f"<{tag}>\n{body}\n</{tag}>"


def without_brackets(text: str) -> str:
    """Replaces brackets, so that the text cannot contain a tag, a line number or a mark of a chat's turn."""
    return _BRACKET.sub(lambda bracket: _IN_PLACE_OF_BRACKETS[bracket[0]], text)


def sanitize(text: str) -> str:
    """Sanitizes text from outside for a prompt: one line, without anything that looks like a part of the prompt."""
    return without_brackets(printable(text))


def without_angle_brackets(answer: str) -> str:
    """Sanitizes a model's answer for a later prompt: it cannot contain a tag, and its JSON stays valid."""
    return answer.translate(_ANGLE_BRACKETS)
