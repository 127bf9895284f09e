"""What prompts are made of, whatever they ask for: messages, quoted text and the request to correct an answer."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Literal, TypedDict

from skimlist.formatting import printable

_ANGLE_BRACKETS = str.maketrans("<>", "‹›")
_BRACKET = re.compile(r"[<>\[\]]")
_IN_PLACE_OF_BRACKETS = {"<": "‹", ">": "›", "[": "(", "]": ")"}
# Stands behind the question, whose last part is the quoted captions.
_AFTER_AN_EMPTY_ANSWER = "Your last answer was empty. Send the whole JSON object."


class Message(TypedDict):
    role: Literal["system", "user", "assistant"]
    content: str


def repair(messages: list[Message], answer: str, problem: str) -> list[Message]:
    """The conversation with the answer that could not be used and what was wrong with it.

    An answer may repeat what the captions say, so it holds no angle brackets either: with them it could look like
    another turn of the conversation to servers that write a chat as one text. An empty answer is left out: many
    endpoints take neither an empty message nor two of the user in a row.
    """
    complaint = f"This answer cannot be used: {plain(problem)}\nSend the whole JSON object again, corrected."
    if answer.strip():
        return [
            *messages,
            {"role": "assistant", "content": without_angle_brackets(answer)},
            {"role": "user", "content": complaint},
        ]
    *before, question = messages
    return [*before, {"role": "user", "content": f"{question['content']}\n\n{_AFTER_AN_EMPTY_ANSWER}"}]


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
