"""A model's answer about a batch: only claims that rest on statements of the request are kept."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from skimlist.digesting.answers import as_draft, json_schema, merge_sources, parse
from skimlist.digesting.drafts import Draft, Finding, Pick, Request, Task
from skimlist.digesting.outlines import Source, Statement
from skimlist.llm.structured_answers import UnusableAnswer
from skimlist.models.settings import SummaryOptions
from tests.fakes.digesting import an_outline

REQUEST = Request(
    task=Task.WHOLE,
    outlines=(an_outline(1, "First.", "Second."), an_outline(4, "Third.")),
    findings=(Statement("They agree.", (Source(1, 10.0), Source(4, 0.0)), "Bread"),),
    options=SummaryOptions(),
    language="fr",
)


def answered(**fields: Any) -> Draft:
    empty = {"overview": "All of it.", "themes": [], "agreements": [], "differences": [], "watch_order": []}
    return as_draft(parse(json.dumps(empty | fields)), REQUEST)


def test_numbers_become_places_in_videos() -> None:
    draft = answered(
        themes=[{"title": "Bread", "text": "It rises.", "evidence": [3, 1]}],
        differences=[{"text": "One waits.", "evidence": [4]}],
        watch_order=[{"video": 4, "reason": "It is short."}, {"video": 1, "reason": "It is long."}],
    )
    assert draft.themes == (Finding("It rises.", (Source(1, 0.0), Source(4, 0.0)), "Bread"),)
    assert draft.differences == (Finding("One waits.", (Source(1, 10.0), Source(4, 0.0))),)
    assert draft.watch_order == (Pick(4, "It is short."), Pick(1, "It is long."))
    assert (draft.language, draft.dropped) == ("fr", 0)


@pytest.mark.parametrize(
    ("fields", "dropped"),
    [
        ({"themes": [{"title": "a", "text": "b", "evidence": [0, 5, -1]}]}, 4),
        ({"themes": [{"title": "a", "text": "b", "evidence": []}]}, 1),
        ({"agreements": [{"text": "One video alone.", "evidence": [1, 2]}]}, 2),
        ({"differences": [{"text": "", "evidence": [1, 3]}]}, 2),
        ({"watch_order": [{"video": 2, "reason": "There is none."}]}, 1),
    ],
)
def test_claims_without_support_are_dropped_and_counted(fields: dict[str, Any], dropped: int) -> None:
    draft = answered(**fields)
    assert not (draft.themes or draft.agreements or draft.differences or draft.watch_order)
    assert draft.dropped == dropped


def test_numbers_in_brackets_are_numbers_and_texts_hold_none() -> None:
    draft = answered(
        overview="All of it [1, 2].",
        agreements=[{"text": "Both [1] say so [3].", "evidence": ["[1]", "3"]}],
        watch_order=[{"video": "[4]", "reason": "It is short [3]."}],
    )
    assert draft.overview == "All of it."
    assert draft.agreements == (Finding("Both say so.", (Source(1, 0.0), Source(4, 0.0))),)
    assert draft.watch_order == (Pick(4, "It is short."),)


def test_a_wrong_number_does_not_take_the_claim_with_it() -> None:
    draft = answered(agreements=[{"text": "Both.", "evidence": [1, 99, 3]}])
    assert [source.position for source in draft.agreements[0].sources] == [1, 4]
    assert draft.dropped == 1


def test_a_video_is_recommended_once_where_it_is_named_first() -> None:
    picks = [{"video": 4, "reason": "First."}, {"video": 1, "reason": "Then."}, {"video": 4, "reason": "Again."}]
    assert answered(watch_order=picks).watch_order == (Pick(4, "First."), Pick(1, "Then."))


def test_items_over_the_limits_are_left_out() -> None:
    draft = answered(themes=[{"title": str(number), "text": "b", "evidence": [1]} for number in range(20)])
    assert len(draft.themes) == REQUEST.most_claims


def test_findings_on_a_part_are_fewer_than_its_statements() -> None:
    small = replace(REQUEST, task=Task.PART)
    large = replace(small, outlines=tuple(an_outline(n, *map(str, range(20))) for n in range(1, 20)))
    assert (small.most_claims, large.most_claims) == (1, 10)


@pytest.mark.parametrize("content", ["", "no JSON", "{}", '{"overview": ""}', "[1]"])
def test_an_answer_of_another_shape_is_unusable(content: str) -> None:
    with pytest.raises(UnusableAnswer):
        parse(content)


def test_an_empty_overview_is_unusable() -> None:
    with pytest.raises(UnusableAnswer, match="overview"):
        answered(overview=" … ")


def test_the_places_that_are_kept_name_as_many_videos_as_possible() -> None:
    long = Statement("a", tuple(Source(1, float(second)) for second in range(20)))
    wide = Statement("b", tuple(Source(position, 5.0) for position in range(2, 7)))
    found = merge_sources([long, wide, wide])
    assert len(found) == 8
    assert {source.position for source in found} == {1, 2, 3, 4, 5, 6}
    assert list(found) == sorted(found, key=lambda source: (source.position, source.start_seconds))


def test_the_schema_is_strict() -> None:
    def objects(schema: Any) -> list[dict[str, Any]]:
        found = [schema] if isinstance(schema, dict) and schema.get("type") == "object" else []
        children = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
        return found + [each for child in children for each in objects(child)]

    schemas = objects(json_schema(REQUEST))
    assert len(schemas) == 4
    for schema in schemas:
        assert schema["additionalProperties"] is False
        assert set(schema["required"]) == set(schema["properties"])
