"""What a digest takes from a summary."""

from __future__ import annotations

from dataclasses import replace

from skimlist.digesting.outlines import Source, Statement, outline
from skimlist.models.summary import Chapter, KeyPoint
from testkit.batches import a_summary, an_item


def test_a_summary_becomes_statements_in_the_order_of_the_video() -> None:
    found = outline(an_item(7), a_summary(7))
    assert (found.position, found.title, found.tags) == (7, "Video 7", ("baking", "slow food"))
    assert found.gist == "Flour, water, salt and patience."
    assert found.statements == (
        Statement("Mix and wait.", (Source(7, 0.0),), "The starter"),
        Statement("Smell it", (Source(7, None),)),
        Statement("Feed it daily", (Source(7, 62.9),)),
        Statement("", (Source(7, 400.0),), "The loaf"),
    )
    assert found.headings == ("The starter", "The loaf")


def test_a_repeated_statement_comes_once_with_its_time() -> None:
    summary = a_summary(
        key_points=(KeyPoint(text="Bread needs time.", start_seconds=30.0),),
        chapters=(Chapter(title="Time", start_seconds=20.0, summary="Bread needs time."),),
    )
    assert outline(an_item(1), summary).statements == (Statement("Bread needs time.", (Source(1, 20.0),), "Time"),)


def test_an_outline_knows_whether_the_summary_was_made_from_the_description() -> None:
    assert not outline(an_item(1), a_summary()).is_described
    assert outline(replace(an_item(1), caption_kind="description"), a_summary()).is_described


def test_a_statement_is_on_one_line() -> None:
    summary = a_summary(tldr="Two\nlines.", key_points=(KeyPoint(text="Three\n\nlines."),), chapters=())
    found = outline(an_item(1), summary)
    assert (found.gist, found.statements) == ("Two lines.", (Statement("Three lines.", (Source(1),)),))


def test_the_title_is_that_of_the_item_and_of_the_summary_where_it_has_none() -> None:
    assert outline(an_item(1, title="As listed"), a_summary(title="As told")).title == "As listed"
    assert outline(an_item(1, title=None), a_summary(title="As told")).title == "As told"
