"""Which statements of a run are kept for later digests, and which of them new videos are compared with."""

from __future__ import annotations

import json
import zlib
from dataclasses import replace

import pytest

from skimlist.codec import to_json
from skimlist.digesting.closest_statements import most_relevant
from skimlist.digesting.earlier import to_be_kept, tokens_of
from skimlist.digesting.outlines import Source, Statement
from skimlist.models.earlier_run import EarlierRun, EarlierStatement
from testkit.batches import STARTED, a_batch
from tests.fakes.digesting import an_earlier_run, an_earlier_video, an_outline

BREAD = an_outline(1, "The dough rests in the fridge for a day.", "Rye flour absorbs more water.")


def chosen(*runs: EarlierRun, most_tokens: int = 1_000) -> list[str]:
    return [place.statement.text for place in most_relevant(runs, [BREAD], most_tokens)]


def test_a_run_is_kept_with_the_moments_of_its_videos() -> None:
    said = (
        Statement("It rests.", (Source(1, 62.0), Source(1, 80.0)), "The dough"),
        Statement("", (Source(1, 90.0),), "The oven"),
    )
    kept = to_be_kept(a_batch(id="b7f3"), [an_outline(1, statements=said)])
    assert (kept.batch_id, kept.created_at) == ("b7f3", STARTED)
    (video,) = kept.videos
    assert (video.item_id, video.video_id, video.title, video.language) == ("00001", "video000001", "Video 1", "en")
    assert video.statements == (
        EarlierStatement(text="The dough: It rests.", start_seconds=62.0),
        EarlierStatement(text="The oven", start_seconds=90.0),
    )


def test_a_video_that_was_summarized_from_its_description_stays_marked() -> None:
    (video,) = to_be_kept(a_batch(), [an_outline(1, "Text.", is_described=True)]).videos
    (place,) = most_relevant([an_earlier_run("one", video)], [BREAD], 100)
    assert place.video.is_described


def test_a_video_without_statements_is_kept_by_its_gist() -> None:
    (video,) = to_be_kept(a_batch(), [an_outline(1, gist="All about bread.")]).videos
    assert video.statements == (EarlierStatement(text="All about bread."),)


@pytest.mark.parametrize(("videos", "a_video", "in_all"), [(1, 700, 500), (200, 12, 400), (5_000, 12, 500)])
def test_a_large_run_keeps_fewer_statements_spread_over_each_video(videos: int, a_video: int, in_all: int) -> None:
    many = [an_outline(position, *map(str, range(a_video))) for position in range(1, videos + 1)]
    kept = to_be_kept(a_batch(), many)
    assert sum(len(video.statements) for video in kept.videos) == in_all
    assert kept.videos[0].statements[0].text == "0"


def test_the_largest_run_fits_into_a_record() -> None:
    words = [chr(0x4E00 + 7_919 * number % 20_000) for number in range(250)]
    many = [
        an_outline(number, "".join(words[number % 250 :] + words[: number % 250]) * 2, title="字" * 300)
        for number in range(1, 600)
    ]
    body = to_json(to_be_kept(a_batch(), many)).encode()
    assert len(zlib.compress(body, level=9)) < 350_000
    assert json.loads(body)["videos"][0]["statements"][0]["text"].endswith("…")


def test_the_closest_statements_are_chosen_first() -> None:
    run = an_earlier_run(
        "one", an_earlier_video(1, "Cheese ripens in caves.", "The dough rests for an hour.", "Water has to be cold.")
    )
    assert chosen(run) == [said.text for said in run.videos[0].statements]
    room = tokens_of([an_earlier_run("one", an_earlier_video(1, "The dough rests for an hour."))])
    assert chosen(run, most_tokens=room) == ["The dough rests for an hour."]
    assert chosen(run, most_tokens=5) == []


def test_the_latest_of_equally_close_statements_are_chosen() -> None:
    same = [an_earlier_run(name, an_earlier_video(1, f"The dough {name}.")) for name in ("latest", "older")]
    assert chosen(*same, most_tokens=tokens_of(same[:1])) == ["The dough latest."]


def test_statements_in_another_language_are_chosen_if_there_is_room() -> None:
    german = an_earlier_video(1, "Der Teig ruht eine Stunde.", language="de")
    assert chosen(an_earlier_run("one", german)) == ["Der Teig ruht eine Stunde."]


def test_older_runs_are_represented_by_their_closest_statements() -> None:
    texts = ["Cheese ripens.", "The dough rests.", "The fridge is cold.", "Butter melts."]
    runs = [an_earlier_run(f"run{number}", an_earlier_video(1, *texts)) for number in range(12)]
    places = most_relevant(runs, [BREAD], 10_000)
    of_run = {
        run.batch_id: [place.statement.text for place in places if place.batch_id == run.batch_id] for run in runs
    }
    assert of_run["run9"] == texts
    assert of_run["run10"] == of_run["run11"] == ["The dough rests.", "The fridge is cold."]


def test_nothing_is_chosen_from_nothing() -> None:
    assert chosen() == []
    assert chosen(an_earlier_run("one")) == []
    assert most_relevant([an_earlier_run("one", an_earlier_video(1, "Bread."))], [replace(BREAD, statements=())], 100)
