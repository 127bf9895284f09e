"""Claims of a digest that its summaries do not support: corrected, removed or kept, if the user asks for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import pytest

from skimlist.digesting.digest import digest_batch
from skimlist.digesting.drafts import Draft, Finding, Request
from skimlist.digesting.outlines import Source
from skimlist.llm.doubts import Doubt
from skimlist.models.digest import Digest
from skimlist.models.settings import SummaryOptions, Verify
from tests.fakes.digesting import ScriptedDigester, an_outline, one_theme
from tests.fakes.summarizing import NOW, spec

SUMMARIES = [
    an_outline(1, "The dough rests for 12 hours.", "Salt is added last.", "The oven has to be hot."),
    an_outline(2, "The dough rests for 24 hours in the fridge."),
]
SOUND = Finding("Both let the dough rest.", (Source(1, 0.0), Source(2, 0.0)))
WRONG = Finding("The dough rests for 36 hours in one video.", (Source(1, 0.0), Source(2, 0.0)))


def digested(texts: Callable[[Sequence[Doubt]], Mapping[int, str]], verify: Verify = Verify.ASK) -> Digest:
    def answer(request: Request) -> Draft:
        return replace(one_theme(request), themes=(), agreements=(SOUND,), differences=(WRONG,), dropped=0)

    digester = ScriptedDigester(spec(), answer, texts)
    return digest_batch(SUMMARIES, SummaryOptions(digest=True, verify=verify), digester, now=NOW)


def answered(text: str) -> Callable[[Sequence[Doubt]], Mapping[int, str]]:
    return lambda _: {0: text}


def test_only_the_claims_in_doubt_are_asked_about_with_the_statements_that_come_closest() -> None:
    asked: list[Doubt] = []

    def texts(doubts: Sequence[Doubt]) -> Mapping[int, str]:
        asked.extend(doubts)
        return {0: doubts[0].text.replace("36", "24")}

    digest = digested(texts)
    (doubt,) = asked
    assert (doubt.text, doubt.missing) == (WRONG.text, ("36 hours",))
    assert [line.text for line in doubt.lines] == [said.text for each in SUMMARIES for said in each.statements]
    assert [claim.text for claim in digest.differences] == ["The dough rests for 24 hours in one video."]
    assert digest.unverified == 0


def test_a_claim_that_nothing_supports_is_removed() -> None:
    digest = digested(answered(" "))
    assert (digest.differences, [claim.text for claim in digest.agreements]) == ((), [SOUND.text])


@pytest.mark.parametrize("text", ["The dough rests for 48 hours.", WRONG.text])
def test_a_correction_that_is_no_better_is_not_used(text: str) -> None:
    digest = digested(answered(text))
    assert [claim.text for claim in digest.differences] == [WRONG.text]
    assert digest.unverified == 1


@pytest.mark.parametrize("remark", ["Nothing.", "N/A", "No.", "The summaries do not support this statement."])
def test_a_remark_about_a_claim_is_no_correction_of_it(remark: str) -> None:
    digest = digested(answered(remark))
    assert [claim.text for claim in digest.differences] == [WRONG.text]
    assert digest.unverified == 1


def broken(_: Sequence[Doubt]) -> Mapping[int, str]:
    raise ValueError


@pytest.mark.parametrize(("texts", "verify"), [(broken, Verify.ASK), (answered(""), Verify.FLAG)])
def test_a_question_that_fails_or_was_not_wanted_leaves_the_claim_marked(
    texts: Callable[[Sequence[Doubt]], Mapping[int, str]], verify: Verify
) -> None:
    digest = digested(texts, verify)
    assert [claim.text for claim in digest.differences] == [WRONG.text]
    assert digest.unverified == 1
