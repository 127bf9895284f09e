"""What prompts are made of, whatever they ask for: messages, quoted text, and the question asked once more."""

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
# Models fall back into English, or into the language of what they read.
LANGUAGE_OF_THE_PROMPT = "en"
# How a question begins to say why it is asked once more.
REPAIR = "An earlier answer could not be used as it was:"


class Message(TypedDict):
    role: Literal["system", "user", "assistant"]
    content: str


def asked_again(messages: Sequence[Message], problem: str, fields: Sequence[str] = ()) -> list[Message]:
    """The question once more, with what was wrong with the answer; `fields` are all that is to be sent, or everything.

    The answer is not shown: a model that reads it repeats it, and it may hold what the captions say. All that stands
    before is as it was, so that an endpoint has it in its cache.
    """
    *before, question = messages
    names = ", ".join(f'"{field}"' for field in fields)
    wanted = f"a JSON object with no other fields than {names}" if names else "the whole JSON object"
    complaint = f"{REPAIR} {plain(problem)}\nSend {wanted}, and avoid this."
    return [*before, {"role": question["role"], "content": f"{question['content']}\n\n{complaint}"}]


def correction(system: str, origin: str, texts: Mapping[str, Any], problem: str, language: str) -> list[Message]:
    """The messages that ask for some fields of an answer in another form, which needs nothing but the texts.

    `origin` says what they are from, and what their numbers are.
    """
    question = "\n\n".join(
        [
            origin,
            f"They have a fault: {plain(problem)}",
            between_tags("summary", without_angle_brackets(json.dumps(texts, ensure_ascii=False))),
            f"Send the JSON object again with the same fields, corrected, in {language}. "
            "Keep its numbers, and say nothing that it does not say.",
        ]
    )
    return [{"role": "system", "content": system}, {"role": "user", "content": question}]


def about_language(fields: Sequence[str], language: str) -> str:
    """Says of some fields of an answer that they are not in this language, which is given by its name."""
    names = ", ".join(f'"{field}"' for field in fields)
    return f"{names} is in another language, but every text has to be in {language}."


def between_tags(name: str, body: str) -> str:
    """`body`, which holds no angle brackets, between tags that it cannot foresee."""
    tag = f"{name}-{sha256(body.encode()).hexdigest()[:8]}"
    return f"<{tag}>\n{body}\n</{tag}>"


def without_brackets(text: str) -> str:
    """No tag, no number of a line and no mark of a chat's turn can be read into it."""
    return _BRACKET.sub(lambda bracket: _IN_PLACE_OF_BRACKETS[bracket[0]], text)


def plain(text: str) -> str:
    """Text from outside as it stands in a prompt: on one line, without what could be taken for a part of the prompt."""
    return without_brackets(printable(text))


def without_angle_brackets(answer: str) -> str:
    """An answer of a model as it stands in a later prompt: no tag can be read into it, and its JSON stays JSON."""
    return answer.translate(_ANGLE_BRACKETS)
