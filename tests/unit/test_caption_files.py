"""Caption files in every common format: what is read, and how an unreadable one is refused."""

from __future__ import annotations

import json
import time
from dataclasses import replace

import pysubs2
import pytest
import webvtt
from hypothesis import assume, given
from hypothesis import strategies as st

from skimlist.caption_files.reading import read_captions
from skimlist.errors import CaptionsUnreadable
from skimlist.export.formats import TranscriptFormat
from skimlist.export.transcripts import write_transcript
from skimlist.llm.catalogue import catalogue
from skimlist.models.transcript import Segment, Transcript
from skimlist.summarizing.providers import open_model
from skimlist.summarizing.summarize import summarize_video
from skimlist.youtube.captions import clean_segments, has_words
from tests.caption_writers import WRITERS
from tests.fakes.summarizing import NOW, Memory, settings, transcript

Captions = list[tuple[str, float, float]]
TWO: Captions = [("Bread & salt", 1.0, 1.5), ("the <oven> is hot", 62.25, 2.0)]

FILES: dict[str, tuple[str, Captions]] = {
    "WebVTT": (
        "WEBVTT - Baking\nKind: captions\nLanguage: en\n\nNOTE Salt\ncomes last\n\nSTYLE\n::cue { color: red }\n\n"
        "intro\n00:01.000 --> 00:02.500 align:start position:0%\n<v Ann><i>Bread</i> &amp; <00:00:01.500><c.x>salt</c>"
        "\n\n01:02.250 --> 00:01:04.250\nthe &lt;oven&gt; is hot\n",
        [("Bread & salt", 1.0, 1.5), ("the is hot", 62.25, 2.0)],
    ),
    "WebVTT without a line behind the header": (
        "WEBVTT\n00:00:01.000 --> 00:00:02.500\nBread\n\nmore bread\n\nREGION\nid:x\n\n00:03.000 --> 00:04.000\nsalt",
        [("Bread more bread", 1.0, 1.5), ("salt", 3.0, 1.0)],
    ),
    "WebVTT without empty lines": (
        "WEBVTT\n\nintro\n00:01.000 --> 00:02.000\nBread\n00:03.000 --> 00:04.000\nsalt\n42\n"
        "00:05.000 --> 00:06.000\n00:07.000 --> 00:08.000\noven",
        [("Bread", 1.0, 1.0), ("salt 42", 3.0, 1.0), ("oven", 7.0, 1.0)],
    ),
    "WebVTT of YouTube, where each line rolls up": (
        "WEBVTT\n\n00:00:00.160 --> 00:00:02.389 align:start position:0%\n \nwe<00:00:00.320><c> mix</c>\n\n"
        "00:00:02.389 --> 00:00:02.399 align:start position:0%\nwe mix\n \n\n"
        "00:00:02.399 --> 00:00:04.549 align:start position:0%\nwe mix\nthe<00:00:02.560><c> flour</c>\n",
        [("we mix", 0.16, 2.229), ("the flour", 2.399, 2.15)],
    ),
    "SubRip": (
        "1\n00:00:01,000 --> 00:00:02,500\n{\\an8}<font color='red'>Bread</font>\n& salt\n\n"
        "2\n00:01:02,250 --> 00:01:04,250 X1:0 X2:9\n42\n\n\n3\n100:00:00,5 --> 100:00:01,75\n\nhot\n\noven\n",
        [("Bread & salt", 1.0, 1.5), ("42", 62.25, 2.0), ("hot oven", 360_000.5, 1.25)],
    ),
    "SubRip without numbers, empty lines and arrows": (
        "0:0:1,0 00:00:02,500\nBread\n00:00:03.000 -> 00:00:04.000\nsalt\n00:00:05,000 – 00:00:06,000\noven",
        [("Bread", 1.0, 1.5), ("salt", 3.0, 1.0), ("oven", 5.0, 1.0)],
    ),
    "SubRip with numbers and without empty lines": (
        "1\n00:00:01,000 --> 00:00:02,000\nroom\n42\n2\n00:00:03,000 --> 00:00:04,000\nsalt\n7\n"
        "00:00:05,000 --> 00:00:06,000\noven\n",
        [("room 42", 1.0, 1.0), ("salt 7", 3.0, 1.0), ("oven", 5.0, 1.0)],
    ),
    "SubRip with text that looks like times": (
        "1\n00:00:01,000 --> 00:00:02,000\n10:00 - 11:00\n\n2\n00:00:03,000 --> 00:00:04,000\n10. File --> Open\n",
        [("10:00 - 11:00", 1.0, 1.0), ("10. File --> Open", 3.0, 1.0)],
    ),
    "SubRip of a countdown without numbers and empty lines": (
        "00:00:01,000 --> 00:00:02,000\n2\n00:00:03,000 --> 00:00:04,000\n1\n00:00:05,000 --> 00:00:06,000\n0",
        [("2", 1.0, 1.0), ("1", 3.0, 1.0), ("0", 5.0, 1.0)],
    ),
    "SubRip with negative, reversed, overlapping and unordered times": (
        "1\n00:00:05,000 --> 00:00:04,000\nthird\n\n2\n-00:00:01,000 --> 00:00:02,000\nfirst\n\n"
        "3\n00:00:01,000 --> 00:00:09,000\nsecond\n",
        [("first", 0.0, 2.0), ("second", 1.0, 8.0), ("third", 5.0, 0.0)],
    ),
    "SubViewer": (
        "0:00:01.000,0:00:02.500\nBread\nand salt\n\n0:01:02.250,0:01:04.250\noven\n",
        [("Bread and salt", 1.0, 1.5), ("oven", 62.25, 2.0)],
    ),
    "text with times above": ("0:01\nBread\n\n1:02\nthe oven\nis hot", [("Bread", 1, 61), ("the oven is hot", 62, 0)]),
    "text with times before": (
        "00:01 Bread\n(0:02.5) salt\n1:00:00 - oven\n1:00:01: hot 3:1",
        [("Bread", 1.0, 1.5), ("salt", 2.5, 3597.5), ("oven", 3600.0, 1.0), ("hot 3:1", 3601.0, 0.0)],
    ),
    "text with times above, and one that is said": (
        "0:01\nBread\n0:30 in the morning\n1:02\noven",
        [("Bread 0:30 in the morning", 1.0, 61.0), ("oven", 62.0, 0.0)],
    ),
    "text with times in brackets, and one that is said": (
        "[0:01] Bread\n0:30 in the morning\n[1:02] oven",
        [("Bread 0:30 in the morning", 1.0, 61.0), ("oven", 62.0, 0.0)],
    ),
    "text with times before, and two that are said": (
        "0:50 Bread\n10:30 in the morning\n1:05 salt\n0:10 later\n1:09 oven",
        [("Bread 10:30 in the morning", 50.0, 15.0), ("salt 0:10 later", 65.0, 4.0), ("oven", 69.0, 0.0)],
    ),
    "text with a line that looks like times": (
        "Breakfast\n10:00 - 11:00\nBread",
        [("Breakfast", 0.0, 0.0), ("10:00 - 11:00", 0.0, 0.0), ("Bread", 0.0, 0.0)],
    ),
    "text that Whisper prints": (
        "[00:00.000 --> 00:02.500]  Bread\n[00:02.500 --> 00:04.000]  42\n[01:00:00.000 --> 01:00:01.000]  salt\n",
        [("Bread", 0.0, 2.5), ("42", 2.5, 1.5), ("salt", 3600.0, 1.0)],
    ),
    "LRC": (
        "[ti:Bread]\n[length:03:20]\n[00:01.50]Bread <00:02.00>and\n[00:03.00][00:09.00]salt\n[00:05.00]\n",
        [("Bread and", 1.5, 1.5), ("salt", 3.0, 2.0)],
    ),
    "text": (
        "At 10:30 we bake.\r\n\r\nSalt --> oven\rIt is 1:2",
        [(t, 0, 0) for t in ("At 10:30 we bake.", "Salt --> oven", "It is 1:2")],
    ),
    "json3": (
        json.dumps(
            {
                "wireMagic": "pb3",
                "events": [
                    {"tStartMs": 0, "dDurationMs": 99, "id": 1, "wpWinPosId": 1},
                    {
                        "tStartMs": 1000,
                        "dDurationMs": "1500",
                        "segs": [{"utf8": "Bread"}, {"utf8": " &\nsalt", "tOffsetMs": 9}],
                    },
                    {"tStartMs": 2400, "aAppend": 1, "segs": [{"utf8": "\n"}]},
                    {"tStartMs": 62250, "segs": [{"utf8": "oven"}]},
                ],
            }
        ),
        [("Bread & salt", 1.0, 1.5), ("oven", 62.25, 0.0)],
    ),
    "JSON list": (
        json.dumps([{"text": "Bread", "start": 1, "duration": 1.5}, {"text": "salt", "start": "2"}]),
        [("Bread", 1.0, 1.5), ("salt", 2.0, 0.0)],
    ),
    "srv1": (
        '<?xml version="1.0" encoding="utf-8" ?><transcript><text start="1" dur="1.5">Bread &amp;amp; salt</text>'
        '<text start="62.25">oven</text></transcript>',
        [("Bread & salt", 1.0, 1.5), ("oven", 62.25, 0.0)],
    ),
    "srv2": (
        '\n<timedtext><window t="0" id="1" op="define" rc="15" cc="32" ap="7" ah="50" av="95"/>'
        '<text w="1" t="1000" d="1500">Bread &amp;amp; salt</text><text w="1" t="2400" d="9" append="1">\n</text>'
        '<text w="1" t="62250">oven</text></timedtext>',
        [("Bread & salt", 1.0, 1.5), ("oven", 62.25, 0.0)],
    ),
    "srv3": (
        '<timedtext format="3"><head><pen id="1"/></head><body><w t="0" id="1"/><p t="1000" d="1500" w="1"><s>Bread</s>'
        '<s t="99" ac="0"> salt</s></p><p t="2400" w="1" a="1">\n</p><p t="3000" d="1000">oven</p></body></timedtext>',
        [("Bread salt", 1.0, 1.5), ("oven", 3.0, 1.0)],
    ),
    "TTML": (
        '<tt xmlns="http://www.w3.org/ns/ttml" xmlns:p="http://www.w3.org/ns/ttml#parameter" p:frameRate="25" '
        'p:tickRate="100"><head><metadata>no caption</metadata></head><body begin="1s"><div begin="9s">'
        '<p begin="00:00:01.5" end="00:00:03">Bread<br/>and\n   <span>salt</span></p>'
        '<p begin="00:00:05:05" dur="50f"><metadata>no</metadata>oven</p><p begin="600t" end="7000ms">hot</p></div>'
        '<div><p><span begin="1m" dur="1s">one</span> <span begin="0.02h">two</span></p></div></body></tt>',
        [
            ("Bread and salt", 11.5, 1.5),
            ("oven", 15.2, 2.0),
            ("hot", 16.0, 1.0),
            ("one", 61.0, 1.0),
            ("two", 73.0, 0.0),
        ],
    ),
    "TTML of 2006": (
        '<tt xmlns="http://www.w3.org/2006/10/ttaf1" xmlns:p="http://www.w3.org/2006/10/ttaf1#parameter" '
        'p:frameRate="24" p:frameRateMultiplier="1000:1001"><body><div><p begin="00:00:01:12" dur="2400f">Bread</p>'
        "</div></body></tt>",
        [("Bread", 1.5, 100.1)],
    ),
    "TTML with a multiplier that cannot be read, and no frames": (
        '<tt xmlns:p="http://www.w3.org/ns/ttml#parameter" p:frameRateMultiplier="1/2"><body><div>'
        '<p begin="1s" dur="1000ms">Bread</p></div></body></tt>',
        [("Bread", 1.0, 1.0)],
    ),
    "TTML in sequence": (
        '<tt><body timeContainer="seq"><div timeContainer="seq"><p dur="2s">Bread</p>'
        '<p begin="1s" dur="5s" end="3s">salt</p></div>'
        '<div><p><span begin="1s" dur="1s">hot</span></p><p end="3s">oven</p></div><p dur="1s">ends</p></body></tt>',
        [("Bread", 0.0, 2.0), ("salt", 3.0, 2.0), ("oven", 5.0, 3.0), ("hot", 6.0, 1.0), ("ends", 8.0, 1.0)],
    ),
    "TTML with text beside timed spans": (
        '<tt><body begin="1s"><p>Bread<br/>\n and <span begin="1s" dur="1s">salt</span> now<metadata>no</metadata></p>'
        "</body></tt>",
        [("Bread", 1.0, 0.0), ("and", 1.0, 0.0), ("now", 1.0, 0.0), ("salt", 2.0, 1.0)],
    ),
}


def read(content: str | bytes) -> Captions:
    captions = clean_segments(read_captions(content.encode() if isinstance(content, str) else content))
    return [(caption.text, caption.start, caption.duration) for caption in captions]


@pytest.mark.parametrize("name", FILES)
def test_captions_of_every_format_are_read(name: str) -> None:
    text, captions = FILES[name]
    assert read(text) == captions


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("name", ["WebVTT", "SubRip", "json3", "srv1", "TTML"])
def test_every_encoding_of_unicode_is_read(name: str, encoding: str) -> None:
    text, captions = FILES[name]
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    assert read((mark + text.replace("\n", "\r\n")).encode(encoding)) == captions


@pytest.mark.parametrize("end", ["\r", "\r\n", "\r\r\n"])
@pytest.mark.parametrize("name", ["WebVTT", "SubRip", "TTML", "text with times above"])
def test_every_line_end_is_read(name: str, end: str) -> None:
    text, captions = FILES[name]
    assert read(text.replace("\n", end)) == captions


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no captions"),
        (b" \n\t\n", "no captions"),
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\n\n", "no captions"),
        (b"1\n00:00:01,000 --> 00:00:02,000\ncaf\xe9 au lait\n", "Line 3 is not text in UTF-8"),
        ("1\n00:00:01,000 --> 00:00:02,000\na\n\n2\n00:00:xx,000 --> 00:00:04,000\nb\n", "line 6"),
        ("1\n00:00:01,000 -->\na\n", "line 2"),
        ("1\r\r\n00:00:01,000 --> 00:00:02,000\r\r\na\r\r\n\r\r\n2\r\r\n00:00:xx --> 00:00:04,000\r\r\n", "line 6"),
        ("1\n00: 00: 01, 000 --> 00: 00: 02, 000\na", "line 2"),
        ("WEBVTT\n\n00:01 --> 0:02\na\n\n--> 00:05.000\nb", "line 6"),
        ("Who made this\n\n1\n00:00:01,000 --> 00:00:02,000\na\n", "Line 1 comes before the first time"),
        ('{\n"events": [}\n', "Line 2 is not JSON"),
        ('{"events": [\r{}\r}', "Line 3 is not JSON"),
        ("[Script Info]\nTitle: a\n[Events]\nDialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,a", "in this format"),
        ("Scenarist_SCC V1.0\n\n00:00:01:00\t9420 9420", "in this format"),
        ("{1}{25}a", "in this format"),
        ('{"lines": []}', "neither YouTube's json3"),
        ('{"events": [{"segs": [{"utf8": "a"}]}]}', "Caption 1 of the JSON"),
        ('{"events": [{"tStartMs": true, "segs": [{"utf8": "a"}]}]}', "Caption 1 of the JSON"),
        ('{"events": [5]}', "Caption 1 of the JSON"),
        ('{"events": [{"tStartMs": 1, "segs": [{"utf8": null}]}]}', "Caption 1 of the JSON"),
        ('[{"text": "a", "start": 1}, {"text": null, "start": 2}]', "Caption 2 of the JSON"),
        ('[{"text": {"simpleText": "a"}, "start": 1}]', "Caption 1 of the JSON"),
        ('[{"text": "a", "start": 1}, {"text": "b", "start": ' + "9" * 400 + "}]", "Caption 2 of the JSON"),
        ('[{"text": "b", "start": ' + "9" * 5000 + "}]", "too long"),
        ('[{"text": ' + "[" * 100_000, "nested too deeply"),
        ("\n<transcript>\n<text start='1'>a</transcript>", "Line 3 is not well-formed XML"),
        ("<html><body><p>Sign in</p></body></html>", "neither TTML"),
        ("<transcript><text start='1'>a</text><text>b</text></transcript>", "caption 2"),
        ("<tt><body><p begin='1s'>a</p><p begin='soon'>b</p></body></tt>", "caption 2"),
        ("<tt><body><p begin='1s' dur='5f'>a</p></body></tt>".replace("<tt", "<tt frameRate='0'"), "caption 1"),
        ("<tt><body>" + "<div>" * 5000 + "</div>" * 5000 + "</body></tt>", "nested too deeply"),
        ('<!DOCTYPE t [<!ENTITY a "aaaa">]><transcript><text start="1">&a;</text></transcript>', "entities"),
    ],
)
def test_an_unreadable_file_is_refused_with_the_place(content: str | bytes, reason: str) -> None:
    with pytest.raises(CaptionsUnreadable, match=reason):
        read(content)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("0:01,0 0:02,0\n" + "a\n" * 60_000 + "b\n0:02,0 0:03,0\n" + "a\n" * 60_000, id="many lines"),
        pytest.param(
            "<tt><body>" + "<div>" * 300 + "<p/>" * 100_000 + "<p>a</p>" + "</div>" * 300 + "</body></tt>",
            id="deep TTML",
        ),
        pytest.param(
            "<timedtext>" + "<p t='1'>a" * 15_000 + "</p>" * 15_000 + "</timedtext>", id="captions in captions"
        ),
    ],
)
def test_a_file_is_read_in_a_time_that_grows_with_its_length_alone(content: str) -> None:
    began = time.process_time()
    read(content)
    assert time.process_time() - began < 4  # tenths of a second without coverage and other work


@given(st.one_of(st.text(), st.binary(), st.text("0123456789:.,-> \nWEBVTT<{[]}\"'/&;ap")))
def test_whatever_is_given_is_read_or_refused(content: str | bytes) -> None:
    try:
        read(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
    except CaptionsUnreadable as error:
        assert str(error).endswith(".")


times = st.integers(0, 400_000_000).map(lambda milliseconds: milliseconds / 1000)
segments = st.lists(st.builds(Segment, st.text(min_size=1, max_size=40), times, times), min_size=1, max_size=8)


def transcript_of(found: list[Segment]) -> Transcript:
    """Returns a transcript whose captions cleaning leaves unchanged."""
    cleaned = clean_segments(clean_segments(found))
    assume(has_words(cleaned) and cleaned == clean_segments(cleaned))
    # No XML may contain the last two (XML 1.0, 2.2).
    marks = ("->", "\\", "&", "<", "\ufeff", "\ufffe", "\uffff")
    assume(not any(mark in caption.text for caption in cleaned for mark in marks))
    return Transcript(
        video_id="dQw4w9WgXcQ", language_code="en", language="English", is_generated=False, segments=cleaned
    )


@pytest.mark.parametrize("name", WRITERS)
@given(found=segments)
def test_a_written_file_is_read_back_unchanged(found: list[Segment], name: str) -> None:
    transcript = transcript_of(found)
    again = clean_segments(read_captions(WRITERS[name](transcript).encode("utf-8", "replace")))
    assert again == tuple(replace(s, duration=round(s.duration, 3)) for s in transcript.segments)


TALK = transcript([f"Sentence {number} says that bread & salt need water before they rest." for number in range(40)])


@pytest.mark.parametrize("name", WRITERS)
def test_a_talk_has_the_same_summary_in_every_format(name: str) -> None:
    again = replace(TALK, segments=clean_segments(read_captions(WRITERS[name](TALK).encode())))
    model = open_model(catalogue()["extractive"], api_key=None, answer_cache=Memory(), seconds_left=lambda: 900.0)
    assert summarize_video(again, settings(), model, now=NOW) == summarize_video(TALK, settings(), model, now=NOW)


SPOKEN = Transcript(
    video_id="dQw4w9WgXcQ",
    language_code="en",
    language="English",
    is_generated=False,
    title="Bread [and] salt",
    segments=(Segment("2 < 3 & *so* on", 1.25, 1.5), Segment("42", 20, 2.0), Segment("[[oven]] #hot", 3723.004, 1.0)),
)


def test_other_programs_read_the_same_captions() -> None:
    vtt, srt = (write_transcript(SPOKEN, each) for each in (TranscriptFormat.VTT, TranscriptFormat.SRT))
    clock = ["00:00:01.250", "00:00:20.000", "01:02:03.004"]
    assert [cue.start for cue in webvtt.from_string(vtt)] == clock
    assert [cue.text.replace("&lt;", "<").replace("&amp;", "&") for cue in webvtt.from_string(vtt)] == [
        segment.text for segment in SPOKEN.segments
    ]
    found = pysubs2.SSAFile.from_string(srt, format_="srt")
    assert [(cue.plaintext, cue.start, cue.end - cue.start) for cue in found] == [
        (segment.text, segment.start * 1000, segment.duration * 1000) for segment in SPOKEN.segments
    ]


@pytest.mark.parametrize("file_format", ["vtt", "srt", "ttml"])
def test_files_of_other_programs_are_read(file_format: str) -> None:
    file = pysubs2.SSAFile()
    file.events = [
        pysubs2.SSAEvent(61_000, 63_000, r"{\i1}Bread{\i0} & 2 < 3\Nsalt"),
        pysubs2.SSAEvent(70_000, 71_000, "oven"),
    ]
    captions = read(file.to_string(file_format))
    assert captions == [("Bread & 2 < 3 salt", 61.0, 2.0), ("oven", 70.0, 1.0)]


def test_markdown_links_every_half_minute_and_takes_no_caption_for_markup() -> None:
    assert write_transcript(SPOKEN, TranscriptFormat.MARKDOWN) == (
        "# Bread \\[and\\] salt\n\n"
        "from its manual captions (en) · [Watch on YouTube](https://www.youtube.com/watch?v=dQw4w9WgXcQ)\n\n"
        "[0:01](https://youtu.be/dQw4w9WgXcQ?t=1) 2 &lt; 3 & \\*so\\* on 42\n\n"
        "[1:02:03](https://youtu.be/dQw4w9WgXcQ?t=3723) \\[\\[oven\\]\\] \\#hot\n"
    )


def test_text_has_one_caption_a_line() -> None:
    assert write_transcript(SPOKEN, TranscriptFormat.TEXT) == "2 < 3 & *so* on\n42\n[[oven]] #hot\n"
