"""Puts a summary together from sentences of the captions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from skimlist.llm.catalogue import ModelSpec, Usage
from skimlist.llm.doubts import Doubt
from skimlist.models.settings import SummaryLength
from skimlist.summarizing.drafts import Draft, Point, Request, Section
from skimlist.summarizing.extractive.chapters import Chapters
from skimlist.summarizing.extractive.passages import Passages
from skimlist.summarizing.extractive.sentences import Sentences
from skimlist.summarizing.extractive.tldr import Tldr
from skimlist.summarizing.stretches import Tenths
from skimlist.text.language_codes import primary_language
from skimlist.text.phrases import KeyPhrases, NounEvidence, as_text
from skimlist.text.stop_words import stop_words
from skimlist.text.words import capitalized

_TAGS = 6
_PHRASES_IN_A_TITLE = 2
# There is at most one key point for this many lines.
_LINES_A_POINT = 6
# Languages of other scripts, in which English phrases are quoted: "step by step".
_WITH_ENGLISH = frozenset({"zh", "ja", "ru", "ar"})


class ExtractiveModel:
    """A deterministic and free model. It does not translate: its summaries are in the language of the captions."""

    least_line_tokens = 0
    spent = Usage()

    def __init__(self, spec: ModelSpec) -> None:
        self.spec = spec

    def answer(self, request: Request) -> Draft:
        return _draft(request)

    def reconsider(self, doubts: Sequence[Doubt], request: Request) -> Mapping[int, str]:
        """Corrects nothing, because an extract contains only what was said."""
        del doubts, request
        return {}


def _draft(request: Request) -> Draft:
    """Chooses the sentences for each part of a summary, one part after the other, so that none is quoted twice."""
    sentences = Sentences(request)
    ignored = stop_words(request.language)
    if primary_language(request.language) in _WITH_ENGLISH:
        ignored |= stop_words("en")
    talk, title = sentences.talk, request.title or ""
    nouns = NounEvidence(talk.fluent, ignored, talk.speech)
    phrases = KeyPhrases(talk.fluent, sentences.sections, ignored, nouns, title=title, vague=talk.speech.vague)
    tldr = Tldr(sentences, title, phrases)
    passages = Passages(sentences, request)
    # Sentences on a focus area belong in the text and the key points.
    wanted = list(filter(sentences.is_wanted, range(len(sentences))))
    # A brief summary consists mostly of its text, so the best sentences belong there and not to the chapters.
    first = passages.select_everywhere(tldr.topic) if request.length is SummaryLength.BRIEF else []
    chapters = list(Chapters(sentences, phrases, nouns, request.chapter_lines).find([*tldr.topic, *wanted, *first]))
    sections = [section for _, section in chapters]
    taken = [*tldr.topic, *(index for index, _ in chapters if index is not None)]
    text = sorted(first or passages.select(taken)) or sentences.rest(taken)[:1] or tldr.topic[:1]
    taken += text
    most = min(request.target.key_points, len(sentences) // _LINES_A_POINT)
    points = sorted(_key_points(sentences, most, sections, taken))
    if not points and len(text) > 1 and text[-1] in sentences.clear:
        points = [text.pop()]
    points = points or sentences.rest(taken)[:1] or tldr.topic[:1]

    def quoted(index: int) -> str:
        """Quotes a sentence, together with one that completes it if that is not quoted anywhere else."""
        quotation = [index, *sentences.completion(index, taken)]
        taken.extend(quotation)
        return passages.paragraphs(quotation)

    key_points = [Point(sentences.lines[index].number, quoted(index)) for index in points]
    sections = [section if index is None else replace(section, summary=quoted(index)) for index, section in chapters]
    tags = phrases.best(_TAGS)
    named = [phrases.as_spoken(phrase) for phrase in tags[:_PHRASES_IN_A_TITLE]]
    return Draft(
        title=capitalized(talk.speech.enumeration(named)) if named else sentences.quoted(tldr.topic[0]),
        tldr=tldr.text([section.title for section in sections]),
        text=passages.paragraphs(text),
        key_points=tuple(key_points),
        chapters=tuple(sections),
        tags=tuple(map(as_text, tags)),
        language=request.language,
        focus=sentences.findings(),
    )


def _key_points(sentences: Sentences, count: int, chapters: Iterable[Section], taken: Sequence[int]) -> list[int]:
    """Selects up to `count` sentences, first of all from tenths of the video in which no chapter begins.

    Conclusions are preferred, too; announcements and questions say nothing by themselves.
    """
    lines = sentences.lines
    tenths = Tenths(lines)
    starts = {line.number: line.start for line in lines}
    covered = tenths.covered(starts[chapter.line] for chapter in chapters)
    empty = filter(sentences.says_nothing, sentences.clear)
    taken = [*taken, *(index for index in empty if not sentences.is_wanted(index))]
    chosen: list[int] = []
    for index in sentences.best_clear(taken):
        tenth = tenths.covered([lines[index].start])
        is_preferred = sentences.is_wanted(index) or sentences.is_good_conclusion(index)
        if len(chosen) < count and (is_preferred or not tenth <= covered):
            chosen.append(index)
            covered |= tenth
    return [*chosen, *islice(sentences.spread([*taken, *chosen]), count - len(chosen))]
