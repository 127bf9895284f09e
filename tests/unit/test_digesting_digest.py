"""The stored digest: links into videos, tokens and cost, and what it depends on."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from skimlist.digesting.digest import digest_batch, likely_cost
from skimlist.digesting.drafts import Draft, Request
from skimlist.digesting.extractive_digester import ExtractiveDigester
from skimlist.errors import DigestNeedsTwo
from skimlist.llm.catalogue import Prices, catalogue
from skimlist.models.settings import SummaryOptions, Verify
from tests.fakes.digesting import ScriptedDigester, an_outline, one_theme
from tests.fakes.summarizing import NOW, spec

PRICED = spec(prices=Prices(tokens_in=Decimal(1), tokens_out=Decimal(10)))
TWO = [an_outline(2, "One."), an_outline(5, "Two.", language="de"), an_outline(9, "Three.", language="de")]
WISH = SummaryOptions(digest=True)


def test_claims_name_videos_of_the_batch_and_seconds_in_them() -> None:
    made = digest_batch(TWO, WISH, ScriptedDigester(PRICED), now=NOW)
    (theme,) = made.themes
    assert [(place.item_id, place.position, place.title, place.url) for place in theme.evidence] == [
        ("00002", 2, "Video 2", "https://youtu.be/video000002?t=0"),
        ("00005", 5, "Video 5", "https://youtu.be/video000005?t=0"),
        ("00009", 9, "Video 9", "https://youtu.be/video000009?t=0"),
    ]
    assert made.watch_order[0].video.url == "https://www.youtube.com/watch?v=video000002"
    assert (made.videos, made.language, made.model) == (3, "de", "test-1")
    assert (made.tokens_in, made.tokens_out, made.cost_usd) == (100, 10, Decimal("0.000200"))
    assert made.notes == ("Left out 1 reference to videos that do not say what the digest claims.",)


def test_places_in_a_video_that_was_summarized_from_its_description_say_so() -> None:
    first, *rest = TWO
    made = digest_batch([replace(first, is_described=True), *rest], WISH, ScriptedDigester(PRICED), now=NOW)
    assert [place.described for place in made.themes[0].evidence] == [True, False, False]
    assert made.watch_order[0].video.described


def test_one_video_is_nothing_to_compare() -> None:
    with pytest.raises(DigestNeedsTwo):
        digest_batch(TWO[:1], WISH, ScriptedDigester(PRICED), now=NOW)


def test_the_extractive_digest_is_free_and_says_in_which_language_it_is() -> None:
    extractive = ExtractiveDigester(catalogue()["extractive"])
    made = digest_batch(TWO, SummaryOptions(digest=True, language="fr"), extractive, now=NOW)
    assert (made.cost_usd, made.tokens_in, made.language) == (0, 0, "de")
    assert made.notes == (
        "This model does not translate: the digest is in the language of most summaries, German (de).",
    )


@pytest.mark.parametrize(
    ("answered", "fields", "notes"),
    [
        ("de", (), ()),
        ("en", ("overview",), ("The model answered in English (en) instead of German (de).",)),
        ("de", ("themes",), ("The model wrote some texts in another language than German (de).",)),
    ],
)
def test_a_digest_that_stays_in_another_language_says_so(
    answered: str, fields: tuple[str, ...], notes: tuple[str, ...]
) -> None:
    def answer(request: Request) -> Draft:
        return replace(one_theme(request), language=answered, in_another_language=fields, dropped=0)

    assert digest_batch(TWO, WISH, ScriptedDigester(PRICED, answer), now=NOW).notes == notes


def test_the_likely_cost_grows_with_the_summaries_and_with_every_request() -> None:
    assert likely_cost(TWO, WISH, catalogue()["extractive"]) == 0
    small = likely_cost(TWO, WISH, PRICED)
    assert small > Decimal("0.02")
    assert likely_cost(TWO, replace(WISH, verify=Verify.ASK), PRICED) > small
    many = [an_outline(position, "word " * 100) for position in range(1, 400)]
    narrow = replace(PRICED, context_tokens=20_000)
    assert likely_cost(many, WISH, narrow) > likely_cost(many, WISH, replace(PRICED, context_tokens=200_000)) > small
