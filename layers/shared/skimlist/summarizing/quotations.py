"""What of a talk can be quoted: sentences that are understood alone, or a few in a row of which the first explains the
others.

A summary that repeats sentences word for word is hard to read where they refer to what it leaves out; to drop those, or
to quote the sentence before too, is the usual remedy (Orăsan: "An evolutionary approach for improving the quality of
automatic summaries", ACL workshop on multilingual summarization, 2003).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from math import prod

from skimlist.summarizing.lines import Line
from skimlist.text.sentences import as_sentence, ends_sentence, is_question
from skimlist.text.spoken import Speech
from skimlist.text.words import capitalized, count_words, is_spaceless, tokens

# What is left of the score of a sentence that asks, greets or advertises, speaks of the speaker or points at a screen,
# gives an example, or names no action; and how much more counts one that explains or concludes.
_QUESTION = 0.4
_HOUSEKEEPING = 0.05
_PERSONAL = 0.55
_POINTS = 0.6
_EXAMPLE = 0.5
_NO_VERB = 0.3
_CLAIM = 1.3
# Words such as "stuff" and "basically" make a sentence vague: what so large a share of them as 1 would take from it.
_VAGUENESS = 2.5
_VAGUEST = 0.5
# A longer sentence, or one of more clauses, is tiring to read.
_MOST_WORDS = 26
_MOST_COMMAS = 3
# A sentence that is so long has a verb, even if none of the words that tell of one is among its words.
_SURELY_A_SENTENCE = 8
# What is left of a quotation that begins or ends in the middle of a sentence, and of one that nobody understands alone.
_CUT = 0.35
_NEEDS_CONTEXT = 0.3
# And of one in which nobody knows where one sentence ends and the next begins.
_RUN_ON = 0.5

_COMMA = re.compile("[,،，、]")

# A stretch of lines: the indices from its first line to its last.
Quotation = range


class Quotations:
    """The lines of a talk, as they read when they are quoted."""

    def __init__(self, lines: Sequence[Line], speech: Speech) -> None:
        self._speech = speech
        self._ends = [ends_sentence(line.text) for line in lines]
        self.fluent = [speech.without_hesitations(line.text) for line in lines]
        self.opened = [speech.without_opening(text) for text in self.fluent]
        self.words = [count_words(text) for text in self.opened]
        self._leans = [speech.needs_context(text) for text in self.opened]
        self._greets = [speech.is_housekeeping(text) for text in self.fluent]
        self._straight = [text.count('"') for text in self.fluent]
        self._curly = [text.count("“") - text.count("”") for text in self.fluent]
        self._clarities = [self._clarity(index) for index in range(len(lines))]

    def candidates(self, section: range, most_lines: int, most_words: int) -> Iterator[Quotation]:
        """All stretches of a section of so many lines and words at most, and every single line."""
        for start in section:
            words = 0
            for end in range(start, min(start + most_lines, section.stop)):
                words += self.words[end]
                if words > most_words and end > start:
                    break
                yield range(start, end + 1)

    def count_words(self, quotation: Quotation) -> int:
        return sum(self.words[quotation.start : quotation.stop])

    def stands_alone(self, quotation: Quotation) -> bool:
        """Whether it is understood without what was said before and after."""
        return self._independence(quotation) >= _RUN_ON and not is_question(self.opened[quotation[-1]])

    def readability(self, quotation: Quotation) -> float:
        """How well it is read by itself; about 1 at best."""
        clarity = self._clarities[quotation.start : quotation.stop]
        return self._independence(quotation) * sum(clarity) / len(clarity)

    def text(self, quotation: Quotation) -> str:
        """Its lines as they were spoken, from a capital to the end of a sentence or a sign that it was cut."""
        first, *others = quotation
        pieces = [capitalized(self.opened[first])]
        for index in others:
            text = self.fluent[index]
            pieces.append(capitalized(self.opened[index]) if self._ends[index - 1] else text)
        joint = "" if all(map(is_spaceless, (piece[-1:] for piece in pieces))) else " "
        return as_sentence(joint.join(pieces))

    def _independence(self, quotation: Quotation) -> float:
        first, last = quotation.start, quotation.stop - 1
        lines = slice(first, quotation.stop)
        begins = first == 0 or self._ends[first - 1]
        whole = begins and self._ends[last] and not self._is_half_quoted(lines)
        faults = (
            (_CUT, not whole),
            (_NEEDS_CONTEXT, self._leans[first]),
            (_RUN_ON, not all(self._ends[first:last])),
            (_HOUSEKEEPING, any(self._greets[lines])),
        )
        return prod(left for left, found in faults if found)

    def _is_half_quoted(self, lines: slice) -> bool:
        """Whether quotation marks that open within the lines close elsewhere, or the other way round."""
        return sum(self._straight[lines]) % 2 == 1 or sum(self._curly[lines]) != 0

    def _clarity(self, index: int) -> float:
        text, speech = self.opened[index], self._speech
        words = tokens(text)
        vague = sum(word in speech.chatter for word in words) / max(len(words), 1)
        effects = (
            (_QUESTION, is_question(text)),
            (_PERSONAL, speech.is_personal(words)),
            (_POINTS, speech.points_at_something(text)),
            (_EXAMPLE, speech.is_example(text)),
            (_NO_VERB, len(words) < _SURELY_A_SENTENCE and not speech.has_verb(words)),
            (_CLAIM, speech.claims(text)),
        )
        ease = min(_MOST_WORDS / max(self.words[index], 1), 1.0) * min(
            _MOST_COMMAS / max(len(_COMMA.findall(text)), 1), 1.0
        )
        return prod(
            (factor for factor, found in effects if found), start=ease * max(1.0 - _VAGUENESS * vague, _VAGUEST)
        )
