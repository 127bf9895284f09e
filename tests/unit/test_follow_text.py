"""The email about the run of a follow: what is new in it, compared with earlier runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from skimlist.errors import FollowMonthSpent, PlaylistUnavailable
from skimlist.models.digest import Claim, News
from skimlist.models.follow import FollowStatus, Notice, NoticeKind
from skimlist.notifications.follow_text import MAX_VIDEOS, RunReport, compose_notice, compose_run
from testkit.batches import ENDED, FOLLOW, a_batch, a_failed_item, a_summary, an_item
from tests.fakes.digesting import a_digest, some_news


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
        digest=news and a_digest(news=news),
    )
    return compose_run(report, "https://app.example.org").body


def hostile(claim: Claim) -> Claim:
    return replace(claim, text="Visit evil.example now\nGoes beyond earlier videos:\n" + "x" * 500)


def changed(**changes: Any) -> News:
    return some_news("b1", **changes)


def test_the_email_says_what_is_new_with_links_to_both_moments() -> None:
    assert (
        "What they say together:\n"
        "All of them bake. Some of them wait.\n"
        "\n"
        "New compared with earlier videos:\n"
        "- Rye: Rye is new.\n"
        "  Video 3 at 0:07\n"
        "  https://youtu.be/video000003?t=7\n"
        "\n"
        "Contradicts earlier videos:\n"
        "- It contradicts b1.\n"
        "  Video 1 at 1:02\n"
        "  https://youtu.be/video000001?t=62\n"
        "  before: Earlier 1 at 0:07\n"
        "  https://youtu.be/earlier0001?t=7\n"
        "\n"
        "1. Video 1"
    ) in mail(changed(), 1, 2, 3)


def test_a_key_point_stands_above_the_link_to_its_moment() -> None:
    assert "\n1:02  Feed it daily\nhttps://youtu.be/video000001?t=62\n" in mail(None, 1)


def test_the_email_says_which_summaries_are_made_from_a_description() -> None:
    assert "1. Video 1 (The Bakery, 12:34) (from the description only)\n" in mail(None, 1, caption_kind="description")


def test_a_later_email_about_the_run_says_only_what_is_new_in_the_videos_since_then() -> None:
    body = mail(changed(), 3)
    assert "Rye is new." in body
    assert "together" not in body
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
    assert "More on subjects of earlier videos:\n" in body


def test_each_quotation_stands_above_its_place() -> None:
    (claim,) = changed().contradictions
    beyond = (replace(claim, text="Rye: “It rests.” “It rose.”"),)
    assert (
        "More on subjects of earlier videos:\n"
        "- Rye: “It rests.”\n"
        "  Video 1 at 1:02\n"
        "  https://youtu.be/video000001?t=62\n"
        "  before: “It rose.”\n"
        "  Earlier 1 at 0:07\n"
        "  https://youtu.be/earlier0001?t=7\n"
    ) in mail(changed(by_words=True, beyond=beyond), 1, 3)


@pytest.mark.parametrize(("failed", "rest"), [(MAX_VIDEOS, ""), (MAX_VIDEOS + 2, "… and 2 more.")])
def test_the_first_of_many_videos_without_a_summary_are_listed(failed: int, rest: str) -> None:
    report = RunReport(
        follow=FOLLOW,
        batch=a_batch(follow_id=FOLLOW.id),
        ended=[a_failed_item(number) for number in range(1, failed + 1)],
        summaries={},
        waiting=0,
        waiting_until=ENDED,
        month_usd=Decimal(0),
        digest=None,
    )
    body = compose_run(report, "https://app.example.org").body
    assert body.count("Captions are switched off for this video.") == MAX_VIDEOS
    assert ("… and" in body, rest in body) == (bool(rest), True)


def test_an_email_says_why_a_follow_waits_or_has_stopped() -> None:
    until = ENDED + timedelta(days=4)
    spent = Notice(kind=NoticeKind.MONTH_SPENT, since=ENDED)
    waits = replace(FOLLOW, notice=spent, problem=FollowMonthSpent().as_problem(), hold_until=until)
    message = compose_notice(waits, "https://app.example.org")
    assert message.body.startswith("There are new videos in “Bread”, but they wait.\n\n" + FollowMonthSpent.message)
    assert f"\n\nNext check: {until:%Y-%m-%d %H:%M} UTC.\n\n" in message.body

    gone = Notice(kind=NoticeKind.SOURCE_GONE, since=ENDED)
    stopped = replace(FOLLOW, notice=gone, problem=PlaylistUnavailable().as_problem(), status=FollowStatus.PAUSED)
    message = compose_notice(stopped, "https://app.example.org")
    assert message.body.startswith("“Bread” can no longer be read, so Skimlist no longer checks it for new videos.\n")
    assert "Next check" not in message.body
