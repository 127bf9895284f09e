"""Captions with every oddity that uploaders come up with go through all stages: cleaned, cut into lines, summarized."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence

import pytest

from skimlist.errors import TranscriptEmpty
from skimlist.llm.catalogue import catalogue
from skimlist.models.summary import Summary
from skimlist.models.transcript import Segment, Transcript
from skimlist.summarizing.lines import caption_lines
from skimlist.summarizing.providers import open_model
from skimlist.summarizing.summarize import summarize_video
from skimlist.youtube.captions import clean_segments, has_words
from tests.fakes.summarizing import NOW, Memory, ScriptedModel, settings, spec, transcript

Captions = Sequence[Segment]
SENTENCE = "The keeper of the lighthouse lit the lamp every evening before the ships came home."


def timed(texts: Sequence[str], seconds: float = 4.0) -> Captions:
    return [Segment(text, number * seconds, seconds) for number, text in enumerate(texts)]


ODDITIES: dict[str, Captions] = {
    "one word per line": timed((SENTENCE + " ").split() * 40, 0.4),
    "twelve hours": timed([f"{SENTENCE} Number {number}." for number in range(720)], 60.0),
    "overlapping": [Segment(f"Line {n} of the talk goes on and on.", n * 2.0, 30.0) for n in range(200)],
    "all at once": [Segment(f"Line {n} is shown from the first second.", 0.0, 0.0) for n in range(200)],
    "backwards": timed([f"Line {n} of the talk." for n in range(200)])[::-1],
    "starts before the video": [Segment(f"Line {n} of the talk.", n - 5.0, 1.0) for n in range(20)],
    "no length": [Segment(f"Line {n} of the talk.", float(n), 0.0) for n in range(20)],
    "times that are none": [Segment(f"Line {n} of the talk.", float("nan"), float("inf")) for n in range(20)],
    "negative length": [Segment(f"Line {n} of the talk.", float(n), -3.0) for n in range(20)],
    "the same line for ever": timed([SENTENCE] * 1_000),
    "rolling, each repeats the one before": timed([f"part {n} part {n + 1}" for n in range(300)]),
    "right to left": timed(["حارس المنارة يضيء المصباح كل مساء.", "ثم تعود السفن إلى الميناء قبل الليل."] * 20),
    "both directions": timed(
        [f"\u202bהמגדלור {n}\u202c is the lighthouse \u2067مرحبا\u2069 number {n}." for n in range(40)]
    ),
    "entities, once and twice escaped": timed(
        ["Salt &amp; flour &lt;i&gt;rise&lt;/i&gt; &amp;amp; rest &#39;well&#39;."] * 3
    ),
    "broken entities": timed(["Rise &#xD800; and &#99999999; and &amp and &;", "Then &nbsp;&nbsp;rest for a while."]),
    "tags that never end": timed(["<c.color" * 50 + " bread", "<" * 2_000 + "salt", "bread > salt < yeast"]),
    "numbers of no character": timed(["Bread &#" + "9" * 5_000 + "; and &amp;#" + "9" * 5_000 + "; salt."]),
    "control characters": timed(
        [f"Mix\x00 the\x1b[31m flour\x07 and\u200b water\u2028 number {n}.\x9f" for n in range(20)]
    ),
    "halves of pairs": timed([f"Bread \ud83d rises \ude00 slowly, number {n}." for n in range(20)]),
    "marks upon marks": timed(["Z" + "\u0301" * 500 + "algo speaks about bread and salt."] * 2),
    "emoji": timed([f"👩‍👩‍👧 bakes 🍞 on day {n} 🇫🇷." for n in range(40)]),
    "one endless word": timed(["bread" * 40_000]),
    "one endless sentence": timed([" ".join(["bread"] * 40_000)]),
    "no punctuation at all": timed(["we mix the flour with water and wait"] * 3 + ["then the oven gets hot"] * 3),
    "nothing but numbers": timed([str(number) for number in range(400)]),
    "path and formula": timed(
        ["../../etc/passwd =HYPERLINK(1) ${jndi:x} {{7*7}} <script>alert(1)</script> bread."] * 3
    ),
}
WITHOUT_WORDS: dict[str, Captions] = {
    "no captions": [],
    "empty": timed(["", " ", "\n", "\t\u200b\ufeff"]),
    "only sounds": timed(["[Music]", "(applause)", "♪ ♪", "（掌声）"]),
    "only punctuation": timed(["...", "?!", "—", "&nbsp;"]),
    "only tags": timed(["<i></i>", "<font color='red'> </font>"]),
}


def cleaned(captions: Captions, **changes: object) -> Transcript:
    return transcript([], segments=clean_segments(captions), duration_seconds=None, **changes)


def extractive(source: Transcript) -> Summary:
    model = open_model(catalogue()["extractive"], api_key=None, answer_cache=Memory(), seconds_left=lambda: 900.0)
    return summarize_video(source, settings(), model, now=NOW)


def of_another(source: Transcript) -> Summary:
    model = ScriptedModel(spec(context_tokens=8_000, max_output_tokens=2_000))
    return summarize_video(source, settings(), model, now=NOW)


@pytest.mark.parametrize("summarize", [extractive, of_another])
@pytest.mark.parametrize("captions", ODDITIES.values(), ids=ODDITIES)
def test_odd_captions_become_a_summary_of_all_of_them(
    captions: Captions, summarize: Callable[[Transcript], Summary]
) -> None:
    source = cleaned(captions)
    assert has_words(source.segments)
    again = Transcript.from_json(source.to_json().encode("utf-8", "replace"))
    summary = summarize(again)
    assert summary.tldr
    assert summary.text
    assert summary.coverage.characters_used == summary.coverage.characters_total > 0
    places = [point.start_seconds for point in summary.key_points] + [part.start_seconds for part in summary.chapters]
    assert all(place is None or 0 <= place <= source.end_seconds for place in places)
    shown = "".join([summary.tldr, *(point.text for point in summary.key_points), *(c.title for c in summary.chapters)])
    assert not [character for character in shown if unicodedata.category(character) in {"Cc", "Cs"}]


def test_megabytes_of_captions_of_unknown_length_are_summarized() -> None:
    captions = timed([f"Ship {number}. {SENTENCE * 60}" for number in range(420)])
    source = cleaned(captions)
    assert sum(len(segment.text) for segment in source.segments) > 2_000_000
    assert of_another(source).coverage.characters_used > 2_000_000


@pytest.mark.parametrize("captions", WITHOUT_WORDS.values(), ids=WITHOUT_WORDS)
def test_captions_without_words_say_so(captions: Captions) -> None:
    source = cleaned(captions)
    assert not has_words(source.segments)
    assert caption_lines(source.segments) == ()
    for summarize in (extractive, of_another):
        with pytest.raises(TranscriptEmpty):
            summarize(source)
