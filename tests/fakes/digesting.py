"""Outlines, digests and a scripted model for the tests of digests."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from skimlist.digesting.drafts import Draft, Finding, NewsDraft, Pick, Request
from skimlist.digesting.outlines import Outline, Source, Statement
from skimlist.llm.catalogue import ModelSpec, Usage
from skimlist.llm.doubts import Doubt
from skimlist.models.digest import Claim, Digest, EarlierEvidence, Evidence, News, Recommendation
from skimlist.models.earlier_run import EarlierRun, EarlierStatement, EarlierVideo
from testkit.batches import ENDED, STARTED


def an_outline(position: int, *texts: str, **changes: Any) -> Outline:
    """Returns the outline of a video with one text every ten seconds."""
    said = tuple(Statement(text, (Source(position, 10.0 * index),)) for index, text in enumerate(texts))
    fields: dict[str, Any] = {
        "position": position,
        "item_id": f"{position:05}",
        "video_id": f"video{position:06}",
        "title": f"Video {position}",
        "language": "en",
        "duration_seconds": 600.0,
        "statements": said,
    }
    return Outline(**fields | changes)


def an_earlier_video(number: int, *texts: str, **changes: Any) -> EarlierVideo:
    """Returns a video of an earlier run with one text every ten seconds."""
    said = tuple(EarlierStatement(text=text, start_seconds=10.0 * index) for index, text in enumerate(texts))
    fields: dict[str, Any] = {
        "item_id": f"{number:05}",
        "video_id": f"earlier{number:04}",
        "title": f"Earlier {number}",
        "language": "en",
        "statements": said,
    }
    return EarlierVideo(**fields | changes)


def an_earlier_run(batch_id: str, *videos: EarlierVideo) -> EarlierRun:
    return EarlierRun(batch_id=batch_id, created_at=STARTED, videos=videos)


def evidence(position: int = 1, start_seconds: float | None = 62.9) -> Evidence:
    return Evidence(
        item_id=f"item-{position}",
        position=position,
        video_id=f"video{position:06}",
        title=f"Video {position}",
        start_seconds=start_seconds,
    )


def a_digest(**changes: Any) -> Digest:
    digest = Digest(
        overview="All of them bake.\n\nSome of them wait.",
        themes=(Claim(title="Sourdough", text="It needs a week.", evidence=(evidence(1), evidence(3, 7.0))),),
        agreements=(Claim(text="Flour comes first.", evidence=(evidence(1), evidence(3))),),
        differences=(Claim(text="One heats, one cools.", evidence=(evidence(1), evidence(3, None))),),
        watch_order=(
            Recommendation(reason="It begins at the beginning.", video=evidence(3, None)),
            Recommendation(reason="", video=evidence(1, None)),
        ),
        videos=2,
        language="en",
        model="extractive",
        tokens_in=900,
        tokens_out=100,
        cost_usd=Decimal("0.0007"),
        created_at=ENDED,
        notes=("A remark.",),
    )
    return replace(digest, **changes)


def some_news(*batch_ids: str, **changes: Any) -> News:
    """Returns news with a new subject, and a contradiction for each of these earlier batches of one video."""
    earlier = tuple(
        EarlierEvidence(batch_id=batch_id, item_id="00001", video_id="earlier0001", title="Earlier 1")
        for batch_id in batch_ids
    )
    contradictions = tuple(
        Claim(
            text=f"It contradicts {video.batch_id}.",
            evidence=(evidence(1),),
            earlier=(replace(video, start_seconds=7.0),),
        )
        for video in earlier
    )
    news = News(
        new=(Claim(title="Rye", text="Rye is new.", evidence=(evidence(3, 7.0),)),),
        beyond=(),
        contradictions=contradictions,
        runs=len(batch_ids),
        videos=len(batch_ids),
        earlier=earlier,
    )
    return replace(news, **changes)


class ScriptedDigester:
    """Finds one theme that rests on all given points, and recommends the first video."""

    def __init__(
        self,
        spec: ModelSpec,
        answer: Callable[[Request], Draft] | None = None,
        texts: Callable[[Sequence[Doubt]], Mapping[int, str]] = lambda _: {},
        compare: Callable[[Request], NewsDraft] = lambda _: NewsDraft(),
    ) -> None:
        self.spec = spec
        self.requests: list[Request] = []
        self.spent = Usage()
        self._answer = answer or one_theme
        self._texts = texts
        self._compare = compare

    def answer(self, request: Request) -> Draft:
        self.requests.append(request)
        self.spent += Usage(tokens_in=100, tokens_out=10)
        return self._answer(request)

    def compare(self, request: Request) -> NewsDraft:
        self.requests.append(request)
        self.spent += Usage(tokens_in=50, tokens_out=5)
        return self._compare(request)

    def reconsider(self, doubts: Sequence[Doubt], language: str) -> Mapping[int, str]:
        del language
        return self._texts(doubts)


def one_theme(request: Request) -> Draft:
    sources = tuple(source for statement in request.statements for source in statement.sources)
    return Draft(
        overview="In short.",
        language=request.language,
        themes=(Finding("All of it.", sources, "A theme"),),
        watch_order=picks(request.outlines[:1]),
        dropped=1,
    )


def picks(outlines: Sequence[Outline]) -> tuple[Pick, ...]:
    return tuple(Pick(outline.position, f"Because of {outline.position}.") for outline in outlines)
