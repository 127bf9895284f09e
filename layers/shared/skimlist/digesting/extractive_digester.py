"""The built-in digester, which needs no key and no network: it quotes what videos share and where they differ."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import cached_property
from itertools import combinations, islice
from typing import NamedTuple

from skimlist.digesting.drafts import Draft, Finding, NewsDraft, Pick, Request
from skimlist.digesting.extractive_news import NewsFinder
from skimlist.digesting.outlines import Outline, Source
from skimlist.digesting.topics import Sentence, Topics
from skimlist.digesting.watch_order import watch_order
from skimlist.digesting.wording import wording
from skimlist.formatting import span
from skimlist.llm.catalogue import ModelSpec, Usage
from skimlist.llm.doubts import Doubt
from skimlist.text.phrases import Phrase
from skimlist.text.salience import most_relevant, relevances, similarity, term_weights, terms
from skimlist.text.sentences import as_sentence, ends_sentence, is_question
from skimlist.text.spoken import Speech, speech
from skimlist.text.stop_words import stop_words
from skimlist.text.words import capitalized, is_spaceless

_MAX_THEMES = 8
_THEMES_IN_THE_OVERVIEW = 5
_MAX_AGREEMENTS = 6
_MAX_DIFFERENCES = 6
_MAX_VIDEOS_TO_WATCH = 12
_EVIDENCE = 6
_PHRASES = 3
# The number of a theme's most relevant sentences that are compared with each other.
_SHORTLIST = 60
# A theme is new if at least this share of its sentences belongs to no other theme.
_MIN_NEW_SHARE = 0.5
# A second phrase also names a theme if at least this share of its sentences belong to the theme, and this share of the
# theme's sentences contain it.
_MIN_SHARE_WITHIN = 0.25
_MIN_THEME_SHARE = 0.15
# The number of a batch's most relevant sentences that are compared with each other.
_COMPARED = 400
# Two sentences say the same if they share at least this many terms and have at least this similarity.
_TERMS_IN_COMMON = 3
_ALIKE = 0.25
# Factors for the score of a sentence that was cut, of a question, of a sentence that depends on the one before, and of
# a greeting or an advertisement.
_CUT = 0.5
_QUESTION = 0.6
_NEEDS_CONTEXT = 0.5
_HOUSEKEEPING = 0.1


class ExtractiveDigester:
    """A deterministic and free digester. It does not translate: it quotes each summary in its own language."""

    def __init__(self, spec: ModelSpec) -> None:
        self.spec = spec
        self.spent = Usage()

    def answer(self, request: Request) -> Draft:
        return _Extract(request).draft()

    def compare(self, request: Request) -> NewsDraft:
        """Finds what earlier videos do not mention, and what is on a subject of theirs; it sees no contradictions."""
        return _Extract(request).news(request)

    def reconsider(self, doubts: Sequence[Doubt], language: str) -> Mapping[int, str]:
        del doubts, language  # it quotes, so that there is nothing to correct
        return {}


class _Theme(NamedTuple):
    """A theme's phrases and its sentences (indices), at most one per video, the best first."""

    phrases: list[Phrase]
    sentences: list[int]


class _Extract:
    """The sentences of one request with their terms, scores and themes."""

    def __init__(self, request: Request) -> None:
        self._outlines = request.outlines
        self._language = request.language
        self._wording = wording(request.language)
        ignored = [_ignored(outline) for outline in self._outlines]
        self._sentences = _sentences(request)
        self._of_video: dict[int, list[int]] = defaultdict(list)
        for index, sentence in enumerate(self._sentences):
            self._of_video[sentence.video].append(index)
        self._units = [terms(sentence.text, ignored[sentence.video]) for sentence in self._sentences]
        self._weights = term_weights(self._units)
        self._scores = [
            score * _wholeness(sentence.text, speech(self._outlines[sentence.video].language))
            for score, sentence in zip(relevances(self._units, self._weights), self._sentences, strict=True)
        ]
        self._topics = Topics(self._outlines, self._sentences, ignored)

    def draft(self) -> Draft:
        themes = [self._as_finding(theme) for theme in self._themes]
        return Draft(
            overview=self._overview(themes),
            language=self._language,
            themes=(*themes, *islice(self._lone_themes(), _MAX_THEMES - len(themes))),
            agreements=tuple(islice(self._agreements(), _MAX_AGREEMENTS)),
            differences=tuple(islice(self._differences(), _MAX_DIFFERENCES)),
            watch_order=tuple(self._picks()),
        )

    def news(self, request: Request) -> NewsDraft:
        """Quotes new subjects, and pairs of a new statement with the earlier one on the same subject."""
        finder = NewsFinder(
            outlines=self._outlines,
            sentences=self._sentences,
            units=self._units,
            scores=self._scores,
            topics=self._topics,
            earlier=request.earlier,
        )
        new = list(islice(finder.new(), request.most_claims))
        known = finder.known({found.sentence for found in new})
        return NewsDraft(
            new=tuple(
                Finding(self._quoted([found.sentence]), self._sources([found.sentence]), capitalized(found.name))
                for found in new
            ),
            beyond=tuple(
                Finding(
                    f"{_label(found.name)}{self._quoted([found.sentence])} “{found.earlier.statement.text}”",
                    self._sources([found.sentence]),
                    earlier=(found.earlier,),
                )
                for found in islice(known, request.most_claims)
            ),
        )

    # --- Themes ------------------------------------------------------------------------------------------------------

    @cached_property
    def _themes(self) -> list[_Theme]:
        return list(islice(self._shared_themes(), _MAX_THEMES))

    def _shared_themes(self) -> Iterator[_Theme]:
        """Yields a theme for each of the most valuable phrases, unless other themes have most of its sentences."""
        taken: set[int] = set()
        words: set[str] = set()
        shared = self._topics.shared
        for phrase in sorted(shared, key=lambda phrase: (-shared[phrase], phrase)):
            places = self._topics.places[phrase]
            new = [index for index in places if index not in taken]
            if words & set(phrase) or len(new) < len(places) * _MIN_NEW_SHARE:
                continue
            best = self._one_a_video(new)
            if len(best) > 1:
                phrases = [phrase, *self._companions(phrase, words | set(phrase))]
                taken.update(places)
                words.update(word for each in phrases for word in each)
                yield _Theme(phrases, best)

    def _companions(self, phrase: Phrase, words: set[str]) -> list[Phrase]:
        """Returns the phrase that occurs most often together with this one, or nothing if there is none."""
        shared, places = self._topics.shared, self._topics.places
        within = set(places[phrase])
        held = {other: len(within.intersection(places[other])) for other in shared if not words & set(other)}
        close = [
            other
            for other, count in held.items()
            if count > 1 and count >= _MIN_SHARE_WITHIN * len(places[other]) and count >= _MIN_THEME_SHARE * len(within)
        ]
        return [max(close, key=lambda other: (held[other] * shared[other], other))] if close else []

    def _one_a_video(self, indices: Iterable[int]) -> list[int]:
        best: dict[int, int] = {}
        for index in self._ranked(indices):
            best.setdefault(self._sentences[index].video, index)
        return list(best.values())

    def _ranked(self, indices: Iterable[int]) -> list[int]:
        shortlist = sorted(indices, key=lambda index: (-self._scores[index], index))[:_SHORTLIST]
        return most_relevant(shortlist, self._units, self._scores, self._weights, count=len(shortlist))

    def _lone_themes(self) -> Iterator[Finding]:
        """Yields a theme for each video that has no part in a shared one."""
        covered = {self._sentences[index].video for theme in self._themes for index in theme.sentences}
        everyone = range(len(self._outlines))
        for video in everyone:
            if video in covered or video not in self._of_video:
                continue
            if title := self._topics.spell_out(self._topics.distinctive(video, everyone), _PHRASES):
                best = self._ranked(self._of_video[video])[:1]
                yield Finding(self._quoted(best), self._sources(best), self._titled(title))

    def _as_finding(self, theme: _Theme) -> Finding:
        return Finding(self._quoted(theme.sentences[:2]), self._sources(theme.sentences), self._title(theme))

    def _title(self, theme: _Theme) -> str:
        return self._titled(self._topics.spell_out(theme.phrases, len(theme.phrases)))

    @staticmethod
    def _titled(phrases: Sequence[str]) -> str:
        return capitalized(", ".join(phrases))

    # --- Agreements and differences ----------------------------------------------------------------------------------

    def _agreements(self) -> Iterator[Finding]:
        """Yields pairs of sentences of two videos that say much the same; each sentence is used once."""
        pairs = dict(self._similar_pairs())
        used: set[int] = set()
        for pair in sorted(pairs, key=lambda pair: (-pairs[pair], pair)):
            if not used & set(pair):
                used.update(pair)
                yield Finding(self._quoted(pair), self._sources(pair))

    def _similar_pairs(self) -> Iterator[tuple[tuple[int, int], float]]:
        """Yields similar pairs of sentences, each with its similarity multiplied by its relevance."""
        relevant = sorted(range(len(self._sentences)), key=lambda index: (-self._scores[index], index))[:_COMPARED]
        for left, right in combinations(sorted(relevant), 2):
            in_two_videos = self._sentences[left].video != self._sentences[right].video
            if in_two_videos and len(self._units[left] & self._units[right]) >= _TERMS_IN_COMMON:
                likeness = similarity(self._units[left], self._units[right], self._weights)
                if likeness >= _ALIKE:
                    yield (left, right), likeness * (self._scores[left] + self._scores[right])

    def _differences(self) -> Iterator[Finding]:
        """Yields for each theme the topics that only one of its videos has, each topic once."""
        mentioned = {phrase for theme in self._themes for phrase in theme.phrases}
        for theme in self._themes:
            videos = [self._sentences[index].video for index in theme.sentences[:_PHRASES]]
            contrast: dict[int, str] = {}
            for video in videos:
                own = [phrase for phrase in self._topics.distinctive(video, videos) if phrase not in mentioned][
                    :_PHRASES
                ]
                if phrases := self._topics.spell_out(own, _PHRASES - 1):
                    contrast[self._place(video, own)] = f"“{self._outlines[video].title}” – {', '.join(phrases)}"
                    mentioned.update(own)
            if len(contrast) > 1:
                yield Finding(f"{self._title(theme)}: {'; '.join(contrast.values())}", self._sources(list(contrast)))

    def _place(self, video: int, phrases: Iterable[Phrase]) -> int:
        """Returns a sentence of the video with one of these phrases, the first if possible, or its best sentence."""
        held = (index for phrase in phrases for index in self._topics.places.get(phrase, ()))
        inside = (index for index in held if self._sentences[index].video == video)
        return next(inside, self._ranked(self._of_video[video])[0])

    # --- Overview and watch order ------------------------------------------------------------------------------------

    def _overview(self, themes: Sequence[Finding]) -> str:
        seconds = sum(outline.duration_seconds or 0.0 for outline in self._outlines)
        pattern = self._wording.shared if themes else self._wording.apart
        return pattern.format(
            count=len(self._outlines),
            time=span(timedelta(seconds=seconds)),
            themes="; ".join(theme.title for theme in themes[:_THEMES_IN_THE_OVERVIEW]),
        )

    def _picks(self) -> Iterator[Pick]:
        """Yields the videos for which there is a reason; none if they share nothing, so that no order is better."""
        if not self._topics.shared:
            return
        topics, everyone = self._topics, range(len(self._outlines))
        steps = watch_order(self._outlines, topics.of_video, topics.shared, _MAX_VIDEOS_TO_WATCH)
        for place, step in enumerate(steps):
            phrases = topics.spell_out([*step.new, *topics.distinctive(step.video, everyone)], _PHRASES)
            pattern = self._wording.only if not step.new else self._wording.adds if place else self._wording.start
            if phrases:
                yield Pick(self._outlines[step.video].position, pattern.format(phrases=", ".join(phrases)))

    # --- Quoting -----------------------------------------------------------------------------------------------------

    def _quoted(self, indices: Iterable[int]) -> str:
        return " ".join(f"“{self._readable(self._sentences[index])}”" for index in indices)

    def _readable(self, said: Sentence) -> str:
        habits = speech(self._outlines[said.video].language)
        return as_sentence(habits.without_opening(habits.without_hesitations(said.text)))

    def _sources(self, indices: Sequence[int]) -> tuple[Source, ...]:
        sentences = [self._sentences[index] for index in indices[:_EVIDENCE]]
        return tuple(Source(self._outlines[said.video].position, said.start_seconds) for said in sentences)


def _label(name: str) -> str:
    return f"{capitalized(name)}: " if name else ""


def _sentences(request: Request) -> list[Sentence]:
    """Returns the sentences of all summaries, without those that several share word for word, such as greetings."""
    said = [sentence for video, outline in enumerate(request.outlines) for sentence in _said(video, outline)]
    videos = Counter(_plain(text) for _, text in {(each.video, each.text) for each in said})
    return [each for each in said if videos[_plain(each.text)] == 1]


def _said(video: int, outline: Outline) -> list[Sentence]:
    """Returns the statements with a place in the video; if there are none, the gist, which has no place."""
    said = [Sentence(video, each.sources[0].start_seconds, each.text) for each in outline.statements if each.text]
    return said or [Sentence(video, None, outline.gist)]


def _ignored(outline: Outline) -> frozenset[str]:
    """Returns the stop words of a video's language, and those of English for languages written without spaces.

    English words are often mixed into such languages.
    """
    words = stop_words(outline.language)
    is_mixed = any(is_spaceless(said.text) for said in outline.statements)
    return words | stop_words("en") if is_mixed else words


def _plain(text: str) -> str:
    return text.rstrip(".!?。！？ ").casefold()


def _wholeness(text: str, habits: Speech) -> float:
    whole = 1.0 if ends_sentence(text) and not text.endswith("…") else _CUT
    whole *= _NEEDS_CONTEXT if habits.needs_context(text) else 1.0
    whole *= _HOUSEKEEPING if habits.is_housekeeping(text) else 1.0
    return whole * (_QUESTION if is_question(text) else 1.0)
