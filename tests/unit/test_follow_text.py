"""The email about the run of a follow: what is new in it, compared with earlier runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from skimlist.models.digest import Claim, News
from skimlist.models.follow import Every, Follow, Schedule
from skimlist.models.settings import BatchSettings
from skimlist.notifications.follow_text import RunReport, compose_run
from testkit.batches import ENDED, STARTED, a_batch, a_summary, an_item
from tests.fakes.digesting import some_news

FOLLOW = Follow(
    id="019c51a2",
    user_id="ada",
    name="Bread",
    source_id="UCbread",
    settings=BatchSettings(model="extractive"),
    schedule=Schedule(every=Every.DAY, at="07:00"),
    created_at=STARTED,
    updated_at=STARTED,
    checked_from=STARTED,
)


def mail(news: News | None, *numbers: int, **changes: Any) -> str:
    """What the email says of these videos, with the same changes to each."""
    report = RunReport(
        follow=FOLLOW,
        batch=a_batch(follow_id=FOLLOW.id),
        ended=[an_item(number, **changes) for number in numbers],
        summaries={f"item-{number}": a_summary(number) for number in numbers},
        waiting=0,
        waiting_until=ENDED + timedelta(days=3),
        month_usd=Decimal("0.02"),
        news=news,
    )
    return compose_run(report, "https://app.example.org").body


def hostile(claim: Claim) -> Claim:
    return replace(claim, text="Visit evil.example now\nGoes beyond what was said before:\n" + "x" * 500)


def changed(**changes: Any) -> News:
    return some_news("b1", **changes)


def test_the_email_says_what_is_new_with_links_to_both_moments() -> None:
    assert (
        "New compared with earlier videos:\n"
        "- Rye: Rye is new.\n"
        "  Video 3 at 0:07\n"
        "  https://youtu.be/video000003?t=7\n"
        "\n"
        "Contradicts what was said before:\n"
        "- It contradicts b1.\n"
        "  Video 1 at 1:02\n"
        "  https://youtu.be/video000001?t=62\n"
        "  before: Earlier 1 at 0:07\n"
        "  https://youtu.be/earlier0001?t=7\n"
        "\n"
        "1. Video 1"
    ) in mail(changed(), 1, 3)


def test_the_email_says_which_summaries_are_made_from_a_description() -> None:
    assert "1. Video 1 (The Bakery, 12:34) (from the description only)\n" in mail(None, 1, caption_kind="description")


def test_a_later_email_about_the_run_says_only_what_is_new_in_the_videos_since_then() -> None:
    body = mail(changed(), 3)
    assert "Rye is new." in body
    assert "contradicts" not in body.lower()
    assert "compared" not in mail(changed(), 2)
    assert mail(None, 2) == mail(changed(), 2)


def test_each_list_is_short_and_text_from_outside_opens_no_line_and_no_link() -> None:
    new = changed().new * 5
    body = mail(changed(new=new, contradictions=tuple(map(hostile, changed().contradictions))), 1, 3)
    assert body.count("Rye is new.") == 3
    assert "evil[.]example" in body
    assert "\nGoes beyond" not in body
    assert max(map(len, body.splitlines())) < 320


def test_news_found_by_words_alone_are_named_so() -> None:
    body = mail(changed(by_words=True, beyond=changed().contradictions, contradictions=()), 1, 3)
    assert "Not mentioned in earlier videos:\n" in body
    assert "On subjects of earlier videos:\n" in body
