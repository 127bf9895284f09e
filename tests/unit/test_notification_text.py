"""The text of emails."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from skimlist.errors import (
    ModelQuotaExceeded,
    PlaylistsUnreadable,
    UnexpectedFailure,
    YouTubeBlocked,
    YouTubeUnreachable,
)
from skimlist.models.batch import Batch, BatchStatus, DigestState, DigestStatus, Pause
from skimlist.models.claim_check import CheckStatus, ClaimCheck
from skimlist.models.settings import BatchSettings, SummaryOptions
from skimlist.models.video import Item, VideoStatus
from skimlist.notifications.text import compose
from testkit.batches import ENDED, a_batch, a_failed_item, an_item
from tests.fakes.digesting import a_digest

APP = "https://app.example.org"
FAILURE = a_failed_item(2, title="Ciabatta at home")


def paused(until_minutes: int | None) -> Batch:
    blocked = YouTubeBlocked()
    until = None if until_minutes is None else ENDED + timedelta(minutes=until_minutes)
    pause = Pause(code=blocked.code, message=str(blocked), advice=blocked.advice, since=ENDED, until=until, times=1)
    return a_batch(status=BatchStatus.PAUSED, pause=pause, completed_at=None, total=10)


def test_the_email_about_a_finished_batch_has_its_figures() -> None:
    subject, body = compose(a_batch(failed=0, completed=3, saved_usd=Decimal("0.0041")), [], APP)
    assert subject == 'Skimlist: "Sourdough: the basics" is done: 3 of 3 summarized'
    assert body == (
        "Your batch “Sourdough: the basics” is done: 3 of 3 videos summarized.\n"
        "\n"
        "Read and download the summaries here:\n"
        "https://app.example.org/#/batch/b7f3\n"
        "\n"
        "It took 12 min 5 s and cost $0.0123. Reusing earlier summaries saved $0.0041.\n"
        "\n"
        "Choose which notifications you get:\n"
        "https://app.example.org/#/me\n"
    )


def a_summarized_item(number: int, tldr: str | None = "It says something.") -> Item:
    return replace(a_failed_item(number), status=VideoStatus.COMPLETED, error=None, tldr=tldr)


def test_without_a_digest_the_email_has_the_first_summaries_in_short() -> None:
    items = [
        a_summarized_item(1, tldr="See evil.com, it says.\nWhat failed:"),
        FAILURE,
        a_summarized_item(3, tldr=None),
    ]
    items += [a_summarized_item(number) for number in range(4, 15)]
    items[3] = replace(items[3], caption_kind="description")
    body = compose(a_batch(completed=13, total=14), items, APP).body
    told = body.partition("What they say:\n\n")[2].partition("What failed:\n\n")[0]
    assert told.startswith(
        "1. Video 1\nSee evil[.]com, it says. What failed:\nhttps://www.youtube.com/watch?v=video000001\n\n"
        "4. Video 4 (from the description only)\nIt says something.\n"
    )
    assert (told.count("https://"), told.count("It says something.")) == (10, 9)
    assert told.endswith("\n\n… and 3 more.\n\n")


def test_the_email_about_a_paused_batch_has_no_summaries() -> None:
    body = compose(paused(45), [a_summarized_item(1)], APP).body
    assert "say" not in body
    assert "It has cost $0.0123 so far." in body


@pytest.mark.parametrize(
    ("unverified", "line"),
    [
        (0, ""),
        (1, "\n1 statement was not found in the captions. Check it before you rely on it.\n"),
        (1200, "\n1,200 statements were not found in the captions. Check them before you rely on them.\n"),
    ],
)
def test_unverified_statements_are_counted_if_there_are_any(unverified: int, line: str) -> None:
    body = compose(a_batch(unverified=unverified), [], APP).body
    assert line in body and ("statement" in body) == bool(line)


def test_the_email_says_which_summaries_have_unverified_statements() -> None:
    items = [an_item(1, tldr="It rises."), an_item(2, tldr="It bakes.", unverified=2)]
    body = compose(a_batch(unverified=2), items, APP).body
    assert "\nIt rises.\nhttps://" in body
    about = "2 statements to check: not found in the captions."
    assert f"\nIt bakes.\n{about}\nhttps://" in body


def test_the_email_names_the_first_videos_with_unverified_statements() -> None:
    items = [an_item(number, title=f"Bread {number}", unverified=number % 2) for number in range(1, 16)]
    body = compose(a_batch(unverified=8), items, APP).body
    listed = "".join(f"{number}. Bread {number}\n" for number in (1, 3, 5, 7, 9))
    assert (
        "8 statements were not found in the captions. Check them before you rely on them.\n"
        f"The summaries of these videos mark them:\n{listed}… and 3 more.\n"
    ) in body
    one = compose(a_batch(unverified=1), items[:1], APP).body
    assert "The summary of this video marks it:\n1. Bread 1\n" in one


def test_failures_come_with_reason_and_advice() -> None:
    subject, body = compose(a_batch(), [FAILURE], APP)
    assert subject == 'Skimlist: "Sourdough: the basics" is done: 2 of 3 summarized, 1 failed'
    assert "is done: 2 of 3 videos summarized, 1 failed.\n" in body
    assert (
        "What failed:\n\n"
        "2. Ciabatta at home\n"
        "Captions are switched off for this video. Without captions there is nothing to summarize.\n"
        "https://www.youtube.com/watch?v=video000002\n"
    ) in body
    assert "may succeed" not in body


def digested(state: DigestState | None) -> Batch:
    options = SummaryOptions(digest=True)
    return a_batch(settings=BatchSettings(model="extractive", options=options), digest=state)


def test_the_email_shows_the_top_of_the_digest() -> None:
    body = compose(digested(DigestState(status=DigestStatus.READY, videos=2)), [], APP, a_digest()).body
    assert (
        "What they say together:\nAll of them bake. Some of them wait.\n\n"
        "Watch first:\n\n"
        "Video 3\nIt begins at the beginning.\nhttps://www.youtube.com/watch?v=video000003\n\n"
        "Video 1\nhttps://www.youtube.com/watch?v=video000001\n\n"
    ) in body
    assert "Sourdough" not in body.partition("together:")[2]


def test_the_email_marks_an_overview_with_something_that_no_summary_says() -> None:
    digest = a_digest(overview_check=ClaimCheck(CheckStatus.UNVERIFIED, ("Oslo", "a.example")))
    body = compose(digested(DigestState(status=DigestStatus.READY, videos=2)), [], APP, digest).body
    marked = "Some of them wait.\nThe digest says “Oslo” and “a[.]example”, but the summaries of these videos do not."
    assert marked in body


def test_the_email_shows_the_summaries_below_a_digest_that_recommends_no_order() -> None:
    batch = digested(DigestState(status=DigestStatus.READY, videos=2))
    body = compose(batch, [an_item(1, tldr="It rises.")], APP, a_digest(watch_order=())).body
    assert "All of them bake. Some of them wait.\n\nWhat they say:\n\n" in body
    assert "\nIt rises.\n" in body


def test_the_email_says_which_recommended_video_was_summarized_from_its_description() -> None:
    first, *rest = a_digest().watch_order
    digest = a_digest(watch_order=(replace(first, video=replace(first.video, described=True)), *rest))
    body = compose(digested(DigestState(status=DigestStatus.READY, videos=2)), [], APP, digest).body
    assert "Video 3 (from the description only)\nIt begins" in body
    assert "Video 1\nhttps" in body


def test_a_long_digest_stays_short_in_the_email() -> None:
    digest = a_digest(overview="word " * 1_000, watch_order=a_digest().watch_order * 20)
    body = compose(digested(DigestState(status=DigestStatus.READY, videos=2)), [], APP, digest).body
    assert len(body) < 1_500
    assert body.count("\nVideo ") == 3


def test_the_email_gives_the_current_reason_of_a_missing_digest() -> None:
    failed = DigestState(status=DigestStatus.FAILED, videos=2, error=ModelQuotaExceeded().as_problem())
    body = compose(digested(failed), [], APP, a_digest()).body
    assert (
        "There is no digest: Skimlist's account at the model's provider has no credit left. Change the model, or"
        in body
    )
    assert "together" not in body
    body = compose(digested(replace(failed, earlier=1)), [], APP, a_digest()).body
    assert "The digest covers 1 video and could not be rewritten: Skimlist's account at the model's" in body
    assert "There is no digest" not in body


def test_a_retry_is_offered_when_it_can_help() -> None:
    transient = replace(FAILURE, error=YouTubeUnreachable().as_problem())
    assert "Some of the failed videos may succeed if you retry them." in compose(a_batch(), [transient], APP).body


def test_a_long_list_of_failures_is_cut_and_counted() -> None:
    body = compose(a_batch(failed=1234), [a_failed_item(number) for number in range(1, 1235)], APP).body
    assert body.count("https://www.youtube.com/") == 20
    assert "\n\n… and 1,214 more.\n\n" in body


def test_summaries_that_are_not_made_from_youtubes_captions_are_counted() -> None:
    kinds = ["automatic", "given", "description", "description", "transcribed"]
    items = [an_item(number, caption_kind=kind) for number, kind in enumerate(kinds, start=1)]
    unfinished = an_item(9, caption_kind="given", status=VideoStatus.PENDING)
    body = compose(a_batch(), [*items, unfinished], APP).body
    assert "1 of the summaries is made from captions that you gave.\n" in body
    assert "1 of the summaries is made from captions that your speech-to-text program wrote.\n" in body
    assert "2 of the summaries are made from the description only, because the video has no captions.\n" in body
    assert "made from" not in compose(a_batch(), items[:1], APP).body


def test_a_failed_batch_says_why() -> None:
    failed = a_batch(status=BatchStatus.FAILED, error=UnexpectedFailure().as_problem())
    subject, body = compose(failed, [], APP)
    assert subject.endswith("could not be processed")
    assert "Something unexpected went wrong" in body and "look the video up in the logs" in body


def test_a_retry_is_not_offered_where_there_is_nothing_to_do_again() -> None:
    error = PlaylistsUnreadable().as_problem()
    body = compose(a_batch(status=BatchStatus.FAILED, total=0, completed=0, failed=0, error=error), [], APP).body
    assert "retry" not in body
    assert "create a new batch.\nOpen the batch here:" in body


def test_a_paused_batch_says_why_and_when_it_tries_again() -> None:
    subject, body = compose(paused(30), [], APP)
    assert subject.endswith("is paused")
    assert "paused since 2025-08-27 14:12 UTC.\nYouTube blocks requests from Skimlist's IP address." in body
    assert "2 of 10 videos summarized, 1 failed, 7 still to do." in body
    assert "Next try: 2025-08-27 14:42 UTC." in body
    assert "rotating residential proxy" in body and "It took" not in body


def test_a_batch_that_waits_for_its_user_promises_no_automatic_attempt() -> None:
    assert "Next try" not in compose(paused(None), [], APP).body


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("Pâtisserie – l’été", 'Skimlist: "Patisserie - l\'ete" is done'),
        ("酸种面包", "Skimlist: your batch is done"),
        ("Хлеб 2024", "Skimlist: your batch is done"),
        ("Bread 🍞", 'Skimlist: "Bread" is done'),
        ("  ", "Skimlist: your batch is done"),
    ],
)
def test_subjects_are_ascii_and_still_recognizable(name: str, start: str) -> None:
    assert compose(a_batch(name=name), [], APP).subject.startswith(start)


@example("x" * 300, 10**9, BatchStatus.COMPLETED)
@given(st.text(), st.integers(0, 10**9), st.sampled_from([BatchStatus.COMPLETED, BatchStatus.FAILED]))
def test_sns_takes_every_subject(name: str, total: int, status: BatchStatus) -> None:
    subject = compose(a_batch(name=name, total=total, completed=total, failed=total, status=status), [], APP).subject
    assert len(subject) < 100 and subject.isascii() and subject.isprintable()


def test_a_title_with_line_breaks_cannot_pretend_to_be_another_line() -> None:
    forged = a_failed_item(title="Innocent\n\nYour account is locked: http://a.example")
    assert "1. Innocent Your account is locked" in compose(a_batch(), [forged], APP).body


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Log in at https://evil.example/login now", "Log in at https[://]evil[.]example/login now"),
        ("www.evil.example", "www[.]evil[.]example"),
        ("Free at evil.com!", "Free at evil[.]com!"),
        ("me@evil.com", "me@evil[.]com"),
        ("obsidian://open", "obsidian[://]open"),
        ("http://127.0.0.1/x", "http[://]127.0.0.1/x"),
        (r"\\evil\share", r"[\]\evil\share"),
        ("evil\u202e.com\u200b", "evil .com"),
        ("evil．com", "evil[．]com"),
        ("evil。com", "evil[。]com"),
        ("你好。世界", "你好。世界"),
        ("Dr. Who, part 3.5: the end... e.g. U.S.A.", "Dr. Who, part 3.5: the end... e.g. U.S.A."),
    ],
)
def test_text_from_outside_contains_no_links(said: str, shown: str) -> None:
    recommended = replace(a_digest().watch_order[0], reason=said)
    recommended = replace(recommended, video=replace(recommended.video, title=said))
    digest = a_digest(overview=said, watch_order=(recommended,))
    batch = replace(digested(DigestState(status=DigestStatus.READY, videos=2)), name=said)
    error = replace(YouTubeUnreachable().as_problem(), message=said)
    body = compose(batch, [a_failed_item(title=said, error=error)], APP, digest).body
    assert body.count(shown) == 6
    links = {line.strip() for line in body.splitlines() if re.search(r"\w://", line)}
    assert all(link.startswith((APP, "https://www.youtube.com/watch?v=video")) for link in links)


def test_a_subject_holds_no_link_and_no_second_header() -> None:
    subject = compose(a_batch(name="Look at evil.com\r\nBcc: you@evil.com"), [], APP).subject
    assert subject.startswith('Skimlist: "Look at evil[.]com Bcc: you@evil[.]com"')
