"""The feed of a follow, read by feedparser as feed readers do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree.ElementTree import fromstring

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skimlist.export.feed import write_feed
from skimlist.models.follow import Every, Follow, Schedule
from skimlist.models.settings import BatchSettings
from skimlist.models.summary import DatedSummary, KeyPoint
from testkit.batches import a_summary

NOW = datetime(2026, 11, 28, 7, 0, tzinfo=UTC)
URL = "https://skimlist.example/feeds/019c51a2/secret"
MARKUP = "Why a < b & \"c\" ]]> <script>alert(1)</script> \x0b\x1b\u202e\ufffe\uffff\ud800 'd'"
SHOWN = "Why a < b & \"c\" ]]> <script>alert(1)</script> 'd'"


def a_follow(**changes: Any) -> Follow:
    follow = Follow(
        id="019c51a2",
        user_id="ada",
        name="Talks",
        source_id="PLo2EIpI_JMQvWfQndUesu0nPBAtZ9gP1o",
        settings=BatchSettings(model="extractive"),
        schedule=Schedule(every=Every.DAY, at="07:00"),
        created_at=NOW - timedelta(days=3),
        updated_at=NOW,
        checked_from=NOW,
    )
    return replace(follow, **changes)


def dated(number: int = 1, **changes: Any) -> DatedSummary:
    summary = replace(a_summary(number), **changes)
    at = NOW + timedelta(minutes=number, microseconds=4)
    return DatedSummary(batch_id="b7f3", item_id=f"{number:05}", summarized_at=at, summary=summary)


def write(*entries: DatedSummary, **changes: Any) -> bytes:
    return write_feed(a_follow(**changes), entries, feed_url=URL, app_url="https://skimlist.example")


def read(document: bytes) -> Any:
    found = feedparser.parse(document, sanitize_html=False)
    assert not found.bozo, found.bozo_exception
    assert found.version == "atom10"
    return found


def test_the_link_of_a_feed_leads_to_the_channel_that_is_read() -> None:
    """Somebody else may have the handle by now."""
    channel_id = "UC" + "Skimlist" * 2 + "-Talks"
    assert read(write(source_id="@talks")).feed.link == "https://www.youtube.com/@talks"
    shown = read(write(source_id="@talks", channel_id=channel_id)).feed.link
    assert shown == f"https://www.youtube.com/channel/{channel_id}"


def test_a_feed_that_would_be_too_long_for_an_answer_has_the_latest_entries() -> None:
    quotes = '"' * 9_000
    points = tuple(KeyPoint(text=quotes, start_seconds=float(second)) for second in range(30))
    entries = [dated(number, tldr=quotes, key_points=points) for number in range(100, 0, -1)]
    document = write(*entries)
    assert 3_000_000 < len(document) <= 4_000_000
    shown = [entry.id[-5:] for entry in read(document).entries]
    assert shown == [entry.item_id for entry in entries[: len(shown)]]


def test_a_tag_of_which_nothing_can_be_shown_is_left_out() -> None:
    (entry,) = read(write(dated(tags=("\u202e", "bread", " ")))).entries
    assert [tag.term for tag in entry.tags] == ["bread"]
    assert b'term=""' not in write(dated(tags=("\u202e",)))


def test_a_reader_sees_each_summary_with_links_to_its_moments() -> None:
    points = (KeyPoint(text="Salt slows yeast.", start_seconds=62.7), KeyPoint(text="Without a moment."))
    found = read(write(dated(2, key_points=points), dated(1)))
    assert (found.feed.title, found.feed.id) == ("Talks", "tag:skimlist.example,2026-11-25:follows/019c51a2")
    assert {link.rel: link.href for link in found.feed.links} == {
        "self": URL,
        "alternate": "https://www.youtube.com/playlist?list=PLo2EIpI_JMQvWfQndUesu0nPBAtZ9gP1o",
    }
    first, second = found.entries
    summary = dated(2).summary
    assert first.id == "tag:skimlist.example,2026-11-25:b7f3/00002"
    assert (first.title, first.link, first.author) == (summary.title, summary.url, summary.channel)
    assert (first.updated, found.feed.updated) == ("2026-11-28T07:02:00+00:00", "2026-11-28T07:02:00+00:00")
    assert first.summary == summary.tldr
    (content,) = first.content
    assert content.type == "text/html"
    assert f'<li><a href="https://youtu.be/{summary.video_id}?t=62">1:02</a> Salt slows yeast.</li>' in content.value
    assert "<li>Without a moment.</li>" in content.value
    assert '<a href="https://skimlist.example/#/batch/b7f3">' in content.value
    assert [tag.term for tag in first.tags] == list(summary.tags)
    assert second.id.endswith("00001")


def test_a_statement_that_was_not_found_in_the_captions_says_so() -> None:
    ((content,),) = [entry.content for entry in read(write(dated(1))).entries]
    doubt = "<br /><small>“3 kg” was not found in the captions around 1:02.</small>"
    assert f"Feed it daily{doubt}</li>" in content.value


def test_it_says_nothing_about_cost() -> None:
    document = write(dated(1)).decode()
    assert not {"cost", "usd", "$", "tokens", "ada"} & set(document.lower().replace("<", " ").replace(">", " ").split())


def test_a_follow_without_summaries_has_an_empty_feed_since_it_exists() -> None:
    found = read(write(name="", title=None))
    assert (found.entries, found.feed.title) == ([], "PLo2EIpI_JMQvWfQndUesu0nPBAtZ9gP1o")
    assert found.feed.updated == "2026-11-25T07:00:00+00:00"


def test_text_never_becomes_markup() -> None:
    entry = dated(1, title=MARKUP, channel=MARKUP, tldr=MARKUP, tags=(MARKUP,), key_points=(KeyPoint(text=MARKUP),))
    found = read(write(entry, name=MARKUP))
    (shown,) = found.entries
    assert {found.feed.title, shown.title, shown.author, shown.summary, shown.tags[0].term} == {SHOWN}
    inner = fromstring(f"<div>{shown.content[0].value}</div>")
    assert {each.tag for each in inner.iter()} == {"div", "p", "ul", "li", "a"}
    assert "".join(inner.find("p").itertext()) == SHOWN  # type: ignore[union-attr]


@given(st.text(max_size=40))
def test_any_text_leaves_a_document_that_can_be_read(text: str) -> None:
    entry = dated(1, title=text, channel=text, tldr=text, tags=(text,), key_points=(KeyPoint(text=text),))
    fromstring(write(entry, name=text, title=text))


def test_ids_stay_the_same_after_a_new_summary_of_the_video_and_after_a_new_name() -> None:
    (before,) = read(write(dated(1))).entries
    later = replace(dated(1, tldr="Better."), summarized_at=NOW + timedelta(days=2))
    found = read(write(later, name="Other"))
    assert found.entries[0].id == before.id
    assert found.entries[0].updated > before.updated


@pytest.mark.parametrize("length", [10, 100_000])
def test_a_feed_is_far_smaller_than_what_a_function_may_answer(length: int) -> None:
    word = "Wörter " * (length // 7)
    points = tuple(KeyPoint(text=word, start_seconds=1.0) for _ in range(50 if length > 100 else 1))
    entry = dated(1, title=word, tldr=word, channel=word, tags=(word,) * 3, key_points=points)
    assert len(write(*[entry] * 3)) * 100 / 3 < 4_000_000
