"""Measures that need no judge: of a model's answers, and of the text of any program."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

from lab.bench.faithful.recordings import Answer, Recording
from lab.bench.reports import Row
from skimlist.claim_checks.captions import Captions
from skimlist.claim_checks.check import check_claim
from skimlist.claim_checks.folding import stems
from skimlist.errors import ModelAnswerInvalid
from skimlist.llm.prompts import LANGUAGE_OF_THE_PROMPT
from skimlist.llm.structured_answers import UnusableAnswer, read_json
from skimlist.models.claim_check import CheckStatus, ClaimCheck
from skimlist.models.summary import Summary
from skimlist.models.transcript import Transcript
from skimlist.summarizing.answers import SummaryAnswer, parse
from skimlist.summarizing.bounds import MAX_TAGS, bounds
from skimlist.summarizing.drafts import Request, Task
from skimlist.summarizing.lines import NUMBERED_LINE_TOKENS, caption_lines
from skimlist.summarizing.stretches import Tenths
from skimlist.text.language import MIN_SENTENCE_WORDS, clearly_in, fields_in_another_language
from skimlist.text.language_codes import same_language
from skimlist.text.splitting import sentences
from skimlist.text.words import count_words, tokens

# A sequence of this many words of the captions is no coincidence.
_COPIED_WORDS = 8
# A sentence that shares less than this of its words with every passage has no particular place in the video.
_MIN_SHARED_WORDING = 0.3

# Columns that are shares: what is counted, and of how many.
_OF_ANSWERS = {
    "first answers that end": ("ended", "asked"),
    "valid at first": ("valid", "asked"),
    "asked once": ("asked once", "asked"),
    "repairs that help": ("helped", "repairs"),
    "maxima kept": ("lists within", "lists"),
    "unknown lines": ("unknown", "references"),
}
_OF_SUMMARIES = {
    "summaries": ("summaries", "asked"),
    "fields in the language": ("fields in the language", "fields"),
    "words ÷ target": ("words of the summary", "wanted words"),
    "tenths cited before asking for the rest": ("tenths cited at first", "tenths cited of"),
    "tenths cited": ("tenths cited", "tenths cited of"),
    "wrong lines": ("wrong lines", "cited lines"),
}
_OF_TEXTS = {
    "words": ("words", "texts"),
    "tenths covered": ("tenths", "tenths spoken"),
    "language kept": ("sentences in the language", "sentences that tell"),
    "copied word for word": ("copied words", "words"),
}

Counts = Counter[str]


def answer_row(counts: Counts) -> Row:
    return _row(counts, _OF_ANSWERS)


def summary_row(counts: Counts) -> Row:
    return _row(counts, _OF_SUMMARIES)


def text_row(counts: Counts) -> Row:
    """Returns the figures of a program's summaries; `unsaid` counts names and numbers in a hundred sentences."""
    unsaid = 100 * counts["unsaid"] / max(counts["sentences"], 1)
    return {"texts": counts["texts"], "unsaid": unsaid, **_row(counts, _OF_TEXTS)}


def _row(counts: Counts, shares: Mapping[str, tuple[str, str]]) -> Row:
    return {name: counts[part] / counts[whole] if counts[whole] else None for name, (part, whole) in shares.items()}


def count_answers(recording: Recording) -> Counts:
    """Counts the faults of a model's answers and of the summary that they resulted in."""
    counts = Counter(asked=1) + _count_first(recording.answers[0], recording.request)
    repairs = range(1, len(recording.answers))
    counts["asked once"] = not repairs
    counts["repairs"] = len(repairs)
    made = shown(recording)
    counts["helped"] = sum(shown(recording.without(number)) != made for number in repairs)
    if made:
        counts += _count_summary(made, recording.request)
        before = shown(recording.without(*(at for at in repairs if recording.answers[at].question == Task.STRETCHES)))
        counts["tenths cited at first"] = (before and before.coverage.tenths) or 0
    return counts


def shown(recording: Recording) -> Summary | None:
    """Returns the summary for the reader; None if the video fails."""
    try:
        return recording.summary()
    except ModelAnswerInvalid:
        return None


def statements(summary: Summary) -> list[str]:
    """Returns all sentences that a reader gets."""
    points = [point.text for point in summary.key_points]
    texts = [sentence for text in (summary.tldr, summary.text) for sentence in sentences(text, summary.language)]
    return [*texts, *points, *(each.summary for each in summary.chapters)]


class Talk:
    """A sample, prepared for the measures."""

    def __init__(self, transcript: Transcript) -> None:
        lines = caption_lines(transcript.segments, transcript.language_code, at_least=NUMBERED_LINE_TOKENS)
        metadata = (transcript.title or "", transcript.channel or "")
        self.captions = Captions([line.text for line in lines], transcript.language_code, metadata)
        self.tenths = Tenths(lines)
        said = tokens(" ".join(self.captions.lines))
        self._passages = set(_passages(said))
        self._starts = [line.start for line in lines]

    def count(self, statements: Sequence[str]) -> Counts:
        """Counts a text in sentences, by any program."""
        candidates = (LANGUAGE_OF_THE_PROMPT, self.captions.language)
        language = clearly_in(" ".join(statements), candidates, wanted=self.captions.language)
        telling = [text for text in statements if count_words(text) >= MIN_SENTENCE_WORDS]
        return Counter(
            {
                "texts": 1,
                "words": sum(map(count_words, statements)),
                "sentences": len(statements),
                "unsaid": sum(len(self._unsaid(text, language)) for text in statements),
                "tenths": len(self.tenths.covered(self._seconds(statements))),
                "tenths spoken": len(self.tenths.spoken),
                "sentences that tell": len(telling),
                "sentences in the language": sum(not self._is_in_another(text) for text in telling),
                "copied words": sum(map(self.copied_words, statements)),
            }
        )

    def copied_words(self, text: str) -> int:
        """Counts the words in passages of eight or more that the captions contain word for word."""
        words = tokens(text)
        begins = [at for at, passage in enumerate(_passages(words)) if passage in self._passages]
        copied = {at for begin in begins for at in range(begin, begin + _COPIED_WORDS)}
        return count_words(" ".join(words[at] for at in copied))

    def _unsaid(self, text: str, language: str) -> tuple[str, ...]:
        return check_claim(text, language, self.captions).check.missing

    def _seconds(self, statements: Sequence[str]) -> Iterator[float]:
        """Yields the second at which each statement is said, except for statements that could be from anywhere."""
        for text in statements:
            wanted = stems(text, self.captions.ignored)
            shared = [len(wanted & self.captions.stems(range(at, at + 1))) for at in self.captions.everywhere]
            closest = max(self.captions.everywhere, key=shared.__getitem__)
            if shared[closest] >= max(_MIN_SHARED_WORDING * len(wanted), 1):
                yield self._starts[closest]

    def _is_in_another(self, text: str) -> bool:
        wanted = self.captions.language
        found = clearly_in(text, (LANGUAGE_OF_THE_PROMPT,), wanted=wanted, fewest_words=MIN_SENTENCE_WORDS)
        return not same_language(found, wanted)


def _passages(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return (tuple(words[at : at + _COPIED_WORDS]) for at in range(len(words) - _COPIED_WORDS + 1))


def _count_first(answer: Answer, request: Request) -> Counts:
    """Counts the faults of the first answer before any repair."""
    if answer.content is None:
        return Counter()
    counts = Counter(ended=1)
    with suppress(UnusableAnswer):
        counts += _count_lists(read_json(answer.content, SummaryAnswer), request)
        counts["unknown"] = parse(answer.content, request).dropped
        counts["valid"] = 1
    return counts


def _count_lists(answer: SummaryAnswer, request: Request) -> Counts:
    most = bounds(request)
    lists = ((answer.key_points, most.key_points), (answer.chapters, most.chapters), (answer.tags, MAX_TAGS))
    return Counter(
        {
            "lists": len(lists),
            "lists within": sum(len(found) <= at_most for found, at_most in lists),
            "references": len(answer.key_points) + len(answer.chapters),
        }
    )


def _count_summary(summary: Summary, request: Request) -> Counts:
    claims = [point.check for point in summary.key_points]
    claims += [chapter.check for chapter in summary.chapters if chapter.summary]
    fields = {
        "tldr": [summary.tldr],
        "summary": [summary.text],
        "key_points": [point.text for point in summary.key_points],
        "chapters": [f"{chapter.title} {chapter.summary}" for chapter in summary.chapters],
    }
    in_another = fields_in_another_language(
        fields, (LANGUAGE_OF_THE_PROMPT,), wanted=request.answer_language, telling="summary"
    )
    return Counter(
        {
            "summaries": 1,
            "fields": len(fields),
            "fields in the language": len(fields) - len(in_another),
            "words of the summary": count_words(summary.text),
            "wanted words": request.target.words,
            "tenths cited": summary.coverage.tenths or 0,
            "tenths cited of": summary.coverage.tenths_spoken or 0,
            "cited lines": len(claims),
            "wrong lines": sum(map(_cites_a_wrong_line, claims)),
        }
    )


def _cites_a_wrong_line(check: ClaimCheck | None) -> bool:
    """Whether a claim was moved to another line, or no line says anything like it."""
    return check is not None and (check.status is CheckStatus.MOVED or (check.is_unverified and not check.missing))
