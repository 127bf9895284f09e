"""A language model's JSON answer becomes a draft, or is refused with a reason."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skimlist.llm.catalogue import AnswerForm
from skimlist.llm.schemas import with_bounds
from skimlist.llm.structured_answers import UnusableAnswer
from skimlist.models.settings import SummaryLength, SummaryOptions
from skimlist.models.transcript import CreatorChapter
from skimlist.summarizing.answers import as_answer, json_schema, parse, parse_fields
from skimlist.summarizing.drafts import Draft, Finding, Point, Request, Task
from skimlist.summarizing.prompts import conversation
from tests.fakes.summarizing import lines

REQUEST = Request(
    task=Task.WHOLE,
    lines=lines([f"Sentence number {n}." for n in range(1, 11)], seconds=60.0),
    length=SummaryLength.STANDARD,
    options=SummaryOptions(focus_areas=("salt", "yeast")),
    language="en",
)
PART = replace(REQUEST, task=Task.PART, most_notes=3)
TALK = replace(REQUEST, lines=lines([f"Sentence number {n} of a talk." for n in range(300)]))


def answer(**changes: Any) -> str:
    fields: dict[str, Any] = {
        "title": "Bread",
        "tldr": "How bread is made.",
        "summary": "Flour and water become bread.",
        "key_points": [{"line": 2, "text": "Flour first."}],
        "chapters": [{"line": 1, "title": "Mixing", "summary": "All goes in."}],
        "tags": ["bread"],
        "focus": [],
    }
    return json.dumps(fields | changes)


def chapters(*numbers: int) -> list[dict[str, Any]]:
    return [{"line": number, "title": f"From {number}", "summary": ""} for number in numbers]


def parsed(**changes: Any) -> Draft:
    return parse(answer(**changes), REQUEST)


WITHOUT_END = '{"title": "Half", "chapters": [{"line": 1, "title": "A part", "summary": "Of what was cut off."}, {"li'


@pytest.mark.parametrize(
    "content",
    [
        answer(),
        f"```json\n{answer()}\n```",
        f"Here it is: {answer()} Enjoy!",
        f"<think>a {{ b }}</think>{answer()}",
        f"<think>It has no end, and {{ x }}. {answer()}",
        f'<think>First {{"title": "Half a draft", </think>{answer()}',
        f"[THINK]{{a}}[/THINK]{answer()}",
        f"<|channel|>analysis<|message|>{{x}}<|end|><|start|>assistant<|channel|>final<|message|>{answer()}<|return|>",
        answer(title="First") + answer(),
        f'{answer()} Note: {{x}} and {{"y": 1}}',
        answer()[:-1] + ",}",
        answer().replace('"key_points"', "'key_points'"),
        answer().replace('"Bread"', "“Bread”"),
        answer().replace('", "', '" "'),
        json.dumps(answer()),
        answer().replace('"', '\\"'),
        json.dumps({"answer": json.loads(answer())}),
    ],
)
def test_the_json_object_is_found_whatever_is_around_it_and_whatever_is_wrong_with_it(content: str) -> None:
    assert parse(content, REQUEST).title == "Bread"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("It quotes </think> and {braces}.", "It quotes </think> and {braces}."),
        ("Two lines:\nthis one.", "Two lines:\nthis one."),
        (r"\alpha, \beta, \frac{1}{2}, \theta, \rho", r"\alpha, \beta, \frac{1}{2}, \theta, \rho"),
        (r"One.\\n\\nTwo \\\"now\\\".", 'One.\n\nTwo "now".'),
        (r"A path: C:\data\\new", r"A path: C:\data\new"),
        ('She said "hello" to him.', 'She said "hello" to him.'),
        (r"Half a pair: \ud83d\ude00", "Half a pair: 😀"),
        (": , the crew saw a light.", "the crew saw a light."),
        (".NET is a platform, it says.", ".NET is a platform, it says."),
    ],
)
def test_a_text_is_read_as_it_was_meant(written: str, read: str) -> None:
    assert parse(f'{{"title": "x", "summary": "{written}"}}', replace(REQUEST, lines=REQUEST.lines[:1])).text == read


@pytest.mark.parametrize("content", [WITHOUT_END, f"<think>{WITHOUT_END}", f"{answer()[:-1]}, {WITHOUT_END}"])
def test_no_part_of_an_answer_that_was_cut_off_is_taken_for_the_whole(content: str) -> None:
    with pytest.raises(UnusableAnswer, match="no whole JSON object"):
        parse(content, REQUEST)


@pytest.mark.parametrize(
    "content",
    [
        '{"a":' * 12_000,
        "{" * 60_000,
        '{"a": ' + "{" * 30_000 + "}" * 30_001,
        '{"a": "' + "\\" * 60_000,
        '{"a": "x" ' * 6_000 + "}" * 6_000,
    ],
)
def test_an_answer_of_nothing_but_braces_takes_no_time(content: str) -> None:
    with pytest.raises(UnusableAnswer):
        parse(content, REQUEST)


def test_chapters_come_in_order_each_beginning_at_a_line_of_its_own() -> None:
    draft = parsed(chapters=chapters(7, 1, 7, 4))
    assert [chapter.line for chapter in draft.chapters] == [1, 4, 7]
    assert draft.dropped == 1


def test_references_to_lines_that_do_not_exist_are_dropped_and_counted() -> None:
    points = [{"line": line, "text": "A point."} for line in (0, 3, 11, -1)]
    draft = parsed(key_points=points, chapters=chapters(1, 99))
    assert [point.line for point in draft.key_points] == [3]
    assert [chapter.line for chapter in draft.chapters] == [1]
    assert draft.dropped == 4


@given(st.lists(st.integers(-50, 50)), st.lists(st.integers(-50, 50)))
def test_whatever_lines_a_model_names_the_draft_names_only_lines_of_the_request(
    points: list[int], starts: list[int]
) -> None:
    draft = parsed(key_points=[{"line": line, "text": "x"} for line in points], chapters=chapters(*starts))
    named = [point.line for point in draft.key_points] + [chapter.line for chapter in draft.chapters]
    assert all(1 <= line <= 10 for line in named)
    assert draft.dropped >= sum(not 1 <= line <= 10 for line in points + starts)
    assert len(named) + draft.dropped <= len(points) + len(starts)


def test_the_key_points_that_are_kept_are_spread_over_the_video() -> None:
    """A model that dwells on the beginning would otherwise leave out the rest."""
    bunched = [*range(1, 30), 90, 150, 210, 270, 300]
    points = [{"line": line, "text": "A point."} for line in bunched]
    draft = parse(answer(key_points=points, summary="A word. " * 100), TALK)
    assert [point.line for point in draft.key_points] == [1, 90, 150, 210, 270, 300][: TALK.target.key_points]


def test_repetitions_of_a_model_are_kept_once() -> None:
    said = "The lamp shines far. No. It is heavy, all glass. The lamp shines far.\n\nNo. The end is near the sea."
    draft = parsed(
        summary=said,
        tldr="灯光照得很远很远。灯光照得很远很远。",
        key_points=[{"line": line, "text": "The lamp shines very far."} for line in (1, 5, 9)],
        chapters=[{"line": line, "title": f"From {line}", "summary": "The lamp shines far."} for line in (7, 1, 4)],
    )
    assert draft.text == "The lamp shines far. No. It is heavy, all glass.\n\nNo. The end is near the sea."
    assert draft.tldr == "灯光照得很远很远。"
    assert [point.line for point in draft.key_points] == [1]
    assert [chapter.line for chapter in draft.chapters] == [1]
    assert draft.dropped == 0


def test_the_first_chapter_with_the_same_long_title_is_kept_unless_the_creator_named_them() -> None:
    written = [{"line": line, "title": "The light of the tower", "summary": f"Part {line}."} for line in (1, 4)]
    written += [{"line": line, "title": "A break", "summary": f"Part {line}."} for line in (6, 8)]
    assert [chapter.line for chapter in parsed(chapters=written).chapters] == [1, 6, 8]
    named = tuple(CreatorChapter("The light of the tower", start) for start in (0.0, 180.0, 300.0, 420.0))
    draft = parse(answer(chapters=written), replace(REQUEST, creator_chapters=named))
    assert [chapter.line for chapter in draft.chapters] == [1, 4, 6, 8]


def test_a_chapter_that_is_called_by_its_line_or_a_time_is_called_by_its_first_sentence() -> None:
    written = [(1, "1", "Flour first. Then salt."), (2, "1984", "Then salt."), (3, "3", "")]
    written += [
        (4, "0:04:11 (h:mm:ss)", "It rests."),
        (5, "12:30", "It bakes."),
        (6, "High noon at 12:00", "It cools."),
    ]
    draft = parsed(chapters=[dict(zip(("line", "title", "summary"), each, strict=True)) for each in written])
    assert [chapter.title for chapter in draft.chapters] == [
        "Flour first.",
        "1984",
        "3",
        "It rests.",
        "It bakes.",
        "High noon at 12:00",
    ]


def test_texts_that_only_copy_the_title_or_the_channel_are_removed() -> None:
    points = ["A lighthouse throws light twenty miles.", "A lighthouse throws light on ships.", "Harbour talks"]
    written = [
        {"line": 1, "title": "Light", "summary": "Harbour Talks"},
        {"line": 4, "title": "Lighthouse", "summary": ""},
    ]
    content = answer(
        key_points=[{"line": line, "text": text} for line, text in enumerate(points, start=1)], chapters=written
    )
    request = replace(REQUEST, title="How a Lighthouse Throws Light Twenty Miles", channel="Harbour Talks")
    draft = parse(content, request)
    assert [point.text for point in draft.key_points] == points[1:2]
    assert [chapter.title for chapter in draft.chapters] == ["Lighthouse"]
    assert draft.dropped == 0
    assert len(parse(content, REQUEST).key_points) == len(points)


def test_the_maxima_hold_whatever_a_model_answers() -> None:
    lists = {
        "key_points": [{"line": n, "text": "A point."} for n in range(1, 301)],
        "chapters": chapters(*range(1, 301)),
    }
    draft = parse(answer(tags=[f"tag {n}" for n in range(99)], summary="A word. " * 2_000, **lists), TALK)
    target = TALK.target
    assert (len(draft.key_points), len(draft.chapters), len(draft.tags)) == (target.key_points, target.chapters, 8)
    assert draft.text.endswith("A word.")
    assert len(draft.text) <= 1_980
    notes = parse(json.dumps({"notes": lists["key_points"]}), replace(TALK, task=Task.PART, most_notes=7)).key_points
    assert [note.line for note in notes][:: len(notes) - 1] == [1, 300]
    assert len(notes) == 7


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("One. Two. Three " + "x" * 400, "One. Two."),
        ("One. Made by Dr. Fresnel for the U.S. Army, " + "x" * 400, "One."),
        ("One. " + "x" * 370 + " in the U.S.", "One. " + "x" * 370 + " in the U.S."),
        ("Salt first, " * 40, "Salt first, " * 32 + "Salt first,…"),
        ("塩は最後。" * 100, "塩は最後。" * 80),
        ("Short enough.", "Short enough."),
        ("Bread\n" + "Flour and water " * 40, "Bread\n" + "Flour and water " * 24 + "Flour and…"),
        ("One.\nBread\n" + "Water " * 80, "One.\nBread\n" + "Water " * 63 + "Water…"),
        ("ขนมปัง\n" + "แป้งกับน้ำ " * 60, "ขนมปัง\n" + "แป้งกับน้ำ " * 34 + "แป้งกับน้ำ…"),
    ],
)
def test_a_text_that_reaches_its_bound_ends_with_a_whole_sentence(written: str, kept: str) -> None:
    assert parsed(key_points=[{"line": 2, "text": written}]).key_points == (Point(2, kept),)


def test_tags_are_small_unique_and_without_a_hash() -> None:
    assert parsed(tags=["#Bread", "bread", " Sourdough ", ""]).tags == ("bread", "sourdough")


def test_focus_areas_are_reported_on_as_they_were_asked_for() -> None:
    reports = [
        {"area": "Yeast", "line": 0, "text": ""},
        {"area": "aliens", "line": 4, "text": "They land."},
        {"area": "salt", "line": 3, "text": "Salt comes last."},
    ]
    assert parsed(focus=reports).focus == (Finding("salt", 3, "Salt comes last."), Finding("yeast"))


def test_a_report_on_a_line_that_does_not_exist_keeps_its_text_and_is_counted() -> None:
    draft = parsed(focus=[{"area": "salt", "line": 99, "text": "Salt comes last."}])
    assert draft.focus == (Finding("salt", None, "Salt comes last."),)
    assert draft.dropped == 1


def test_a_number_may_come_as_it_is_in_the_prompt() -> None:
    assert parsed(key_points=[{"line": "[2]", "text": "Flour first."}]).key_points == (Point(2, "Flour first."),)


def test_references_to_lines_are_taken_out_of_texts() -> None:
    draft = parsed(summary="Flour [2] and water [3, 4] become bread [7-9].", tldr="Bread in 1999 [1].")
    assert (draft.text, draft.tldr) == ("Flour and water become bread.", "Bread in 1999.")


def test_a_summary_alone_is_an_answer() -> None:
    draft = parse('{"summary": "Flour and water become bread. It takes a night."}', REQUEST)
    assert (draft.tldr, draft.key_points, draft.chapters) == ("Flour and water become bread.", (), ())


def test_a_few_words_are_not_a_summary_of_a_long_talk() -> None:
    talk = replace(REQUEST, lines=lines([f"Sentence number {n} of a talk about bread." for n in range(300)]))
    with pytest.raises(UnusableAnswer, match="only 2 words of about 220"):
        parse(answer(summary=") sentence 4,"), talk)


def test_notes_on_a_part_come_in_order_and_only_on_lines_of_the_part() -> None:
    noted = [{"line": 3, "text": "Salt."}, {"line": 99, "text": "Yeast."}, {"line": 1, "text": "Flour."}]
    draft = parse(json.dumps({"notes": noted}), PART)
    assert draft.key_points == (Point(1, "Flour."), Point(3, "Salt."))
    assert draft.dropped == 1


@pytest.mark.parametrize("notes", [[], [{"line": 99, "text": "Yeast."}], [{"line": 1, "text": ""}]])
def test_a_part_without_a_note_is_not_answered(notes: list[dict[str, Any]]) -> None:
    with pytest.raises(UnusableAnswer, match="none on a line"):
        parse(json.dumps({"notes": notes}), PART)


def test_an_answer_in_another_language_is_recognized() -> None:
    english = "This is what the video is about, and how it goes on to the end of it for those who want to know. " * 2
    german = replace(REQUEST, language="de")
    assert parse(answer(summary=english), german).language == "en"
    assert parse(answer(summary="Brot braucht Zeit."), german).language == "de"


@pytest.mark.parametrize("content", ["", "I cannot do that.", "{", "[]", '{"title": "x"', answer()[:-20]])
def test_an_answer_without_a_json_object_is_unusable(content: str) -> None:
    with pytest.raises(UnusableAnswer):
        parse(content, REQUEST)


@pytest.mark.parametrize(
    ("changes", "field", "empty"),
    [
        ({"tldr": "…"}, "tldr", "Flour and water become bread."),
        ({"key_points": [{"line": "two", "text": "x"}]}, "key_points", ()),
        ({"chapters": None}, "chapters", ()),
    ],
)
def test_the_rest_of_an_answer_with_a_wrong_field_is_kept(changes: dict[str, Any], field: str, empty: Any) -> None:
    """The review then asks for the field alone."""
    draft = parsed(**changes)
    assert draft.text == "Flour and water become bread."
    assert getattr(draft, field) == empty


def test_a_repair_may_hold_some_fields_but_not_none() -> None:
    draft = parse_fields('{"tldr": "Bread in short."}', REQUEST)
    assert (draft.tldr, draft.text, draft.key_points) == ("Bread in short.", "", ())
    with pytest.raises(UnusableAnswer):
        parse_fields('{"y": 1}', REQUEST)


def test_fields_that_are_shown_to_be_corrected_are_read_as_they_were() -> None:
    fields = ("summary", "key_points", "chapters", "focus")
    draft = parsed(focus=[{"area": "salt", "line": 3, "text": "Salt comes last."}])
    again = parse_fields(json.dumps(as_answer(draft, fields)), REQUEST)
    assert (again.text, again.key_points, again.chapters) == (draft.text, draft.key_points, draft.chapters)
    assert again.focus == draft.focus


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"summary": "  "}, "summary"),
        ({"summary": None}, "summary"),
    ],
)
def test_a_wrong_field_is_named_in_the_reason(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(UnusableAnswer, match=field):
        parsed(**changes)


def parts(schema: object) -> Iterator[dict[str, Any]]:
    """Returns every schema within a schema."""
    if isinstance(schema, dict):
        if isinstance(schema.get("type"), str):
            yield schema
        for value in schema.values():
            yield from parts(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from parts(value)


@pytest.mark.parametrize("task", Task)
@pytest.mark.parametrize(
    ("form", "keywords"),
    [
        (AnswerForm.BOUNDED, {"minimum", "maximum", "maxItems", "maxLength"}),
        (AnswerForm.COUNTED, {"maxItems"}),
        (AnswerForm.SCHEMA, set()),
    ],
)
def test_the_schema_suits_strict_structured_outputs(task: Task, form: AnswerForm, keywords: set[str]) -> None:
    stretches = (TALK.lines[:1], TALK.lines[2:]) if task is Task.STRETCHES else ()
    schema = with_bounds(json_schema(replace(TALK, task=task, stretches=stretches)), form)
    for part in parts(schema):
        if part["type"] == "object":
            assert part["additionalProperties"] is False
            assert set(part["required"]) == set(part["properties"])
    bounds = {keyword for part in parts(schema) for keyword in part if keyword.startswith(("min", "max"))}
    assert bounds - {"minItems"} == keywords
    assert ("minItems" in bounds) is (task is Task.STRETCHES and form is AnswerForm.BOUNDED)


def test_each_item_about_stretches_is_bound_to_the_lines_of_one_of_them() -> None:
    spoken = lines([f"Sentence number {n}." for n in range(1, 21)], seconds=60.0)
    stretches = (spoken[2:5], spoken[10:11], spoken[16:])
    request = replace(TALK, task=Task.STRETCHES, lines=tuple(chain(*stretches)), stretches=stretches)
    bounded, counted = (with_bounds(json_schema(request), form) for form in (AnswerForm.BOUNDED, AnswerForm.COUNTED))
    spans = {
        field: [(each["properties"]["line"]["minimum"], each["properties"]["line"]["maximum"]) for each in items]
        for field, items in ((name, value["prefixItems"]) for name, value in bounded["properties"].items())
    }
    assert spans == {"key_points": [(3, 5), (11, 11)], "chapters": [(3, 5), (11, 11), (17, 20)]}
    chapters = counted["properties"]["chapters"]
    assert (chapters["items"]["properties"]["line"], chapters["maxItems"]) == ({"type": "integer"}, 3)
    question = conversation(request)[-1]["content"]
    assert question.count("a key point on each of lines 3-5, 11; a chapter on each of 3-5, 11, 17-20.") == 2


@pytest.mark.parametrize("length", SummaryLength)
def test_no_bound_is_larger_than_llama_cpp_takes(length: SummaryLength) -> None:
    schema = json_schema(replace(TALK, length=length))
    assert all(part.get("maxLength", 0) < 2_000 for part in parts(schema))
