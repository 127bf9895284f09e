"""Synthetic videos for playlists of any length; a video's captions are derived from its id."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import gcd
from typing import Any

# Ids in YouTube's format that cannot be real, because no real id ends in 1.
_ID = re.compile(r"Made_(\d{5})1")
_SECONDS_PER_CAPTION = 6
# When the first video became public, and each after the one before.
_FIRST_PUBLISHED, _TIME_BETWEEN = datetime(2020, 1, 1, 12, tzinfo=UTC), timedelta(hours=7)


@dataclass(frozen=True, slots=True)
class _Speaker:
    channel: str
    language: str
    language_code: str
    is_generated: bool
    title: str
    topics: Sequence[str]
    sentences: Sequence[str]
    # Begins a sentence that comes again: what a model says twice in the same words is removed from a summary.
    again: str


_SPEAKERS = (
    _Speaker(
        channel="The Workshop Next Door",
        language="English",
        language_code="en",
        is_generated=False,
        title="Workshop talk {number}: {topic}",
        topics=("the bicycle wheel", "the kitchen clock", "the garden pump", "the old radio", "the sewing machine"),
        sentences=(
            "Today we take apart {topic} and look at what makes it work.",
            "Number {number} in our series came from a neighbour who had given up on it.",
            "The first fault was easy to see once the cover was off.",
            "Dust had settled on {topic} for about {number} days, so we cleaned every part twice.",
            "Measure before you cut, and write the measure down where you will find it again.",
            "A drop of oil in the right place does more for {topic} than any new part.",
            "We compared it with a second one and found that a single spring was too weak.",
            "After an hour {topic} ran again, quieter than on the day it was bought.",
            "Keep the broken piece: it tells the next person what to look for.",
        ),
        again="Part {part}: ",
    ),
    _Speaker(
        channel="Feldnotizen",
        language="German",
        language_code="de",
        is_generated=False,
        title="Feldnotiz {number}: {topic}",
        topics=("die Hecke", "der Bachlauf", "die Streuobstwiese", "der Waldrand", "das Moor"),
        sentences=(
            "Heute geht es um {topic} und um alles, was dort lebt.",
            "Dies ist Notiz Nummer {number}, geschrieben an einem Morgen mit Nebel.",
            "Wer früh kommt, hört zuerst die Vögel und sieht erst später die Spuren.",
            "Vor hundert Jahren war {topic} doppelt so groß wie heute.",
            "Wir haben {number} Schritte gezählt und an jedem zehnten eine Probe genommen.",
            "Die kleinen Tiere halten den Boden locker, und davon leben die großen.",
            "Mähen sollte man spät im Jahr und nie alles auf einmal.",
            "Am Ende zeigt {topic}, wie schnell sich ein Ort erholt, den man in Ruhe lässt.",
        ),
        again="Teil {part}: ",
    ),
    _Speaker(
        channel="Cocina de barrio",
        language="Spanish",
        language_code="es",
        is_generated=True,
        title="Receta {number}: {topic}",
        topics=("el arroz", "la sopa de lentejas", "el pan de maíz", "la ensalada tibia", "el guiso de verduras"),
        sentences=(
            "hoy preparamos {topic} como se hacía en mi calle",
            "esta es la receta número {number} y alcanza para seis personas",
            "primero se calienta el aceite muy despacio",
            "lo importante de {topic} es no tener prisa",
            "añadimos la cebolla cuando el fuego ya está bajo",
            "después de {number} intentos aprendí que la sal va al final",
            "mi abuela dejaba reposar {topic} bajo un paño limpio",
            "se sirve caliente y al día siguiente sabe todavía mejor",
        ),
        again="parte {part}: ",
    ),
    _Speaker(
        channel="町の時間",
        language="Japanese",
        language_code="ja",
        is_generated=False,
        title="町の話 第{number}回: {topic}",
        topics=("古い橋", "駅前の本屋", "朝の市場", "川沿いの道", "小さな図書館"),
        sentences=(
            "今日は{topic}について話します。",
            "この話は第{number}回になります。",
            "{topic}ができたのは、祖父がまだ若いころでした。",
            "雨の日には人が少なく、音がよく聞こえます。",
            "近くの人に聞くと、{number}通りの思い出がありました。",
            "変わったものより、変わらないものの方が多いです。",
            "{topic}を守るために、毎週みんなで掃除をします。",
            "次の世代にも、この場所を残したいと思います。",
        ),
        again="第{part}部、",
    ),
)


def synthetic_id(number: int) -> str:
    """Returns the id of video `number`, 1 to 99,999."""
    return f"Made_{number:05d}1"


def synthetic_video(video_id: str) -> dict[str, Any] | None:
    """Returns a video of two to four minutes in the format of a caption file; None for an id that is not synthetic."""
    match = _ID.fullmatch(video_id)
    if not match:
        return None
    number = int(match[1])
    speaker = _SPEAKERS[number % len(_SPEAKERS)]
    words = {"number": number, "topic": speaker.topics[number // len(_SPEAKERS) % len(speaker.topics)]}
    captions = [_sentence(speaker, number, place).format(**words) for place in range(20 + number % 21)]
    return {
        "video_id": video_id,
        "title": speaker.title.format(**words),
        "channel": speaker.channel,
        "language": speaker.language,
        "language_code": speaker.language_code,
        "is_generated": speaker.is_generated,
        "duration_seconds": len(captions) * _SECONDS_PER_CAPTION,
        "published": (_FIRST_PUBLISHED + number * _TIME_BETWEEN).isoformat(),
        "snippets": [
            {"text": text, "start": place * _SECONDS_PER_CAPTION, "duration": _SECONDS_PER_CAPTION - 0.5}
            for place, text in enumerate(captions)
        ],
    }


def _sentence(speaker: _Speaker, number: int, place: int) -> str:
    """Returns a sentence of a talk. Each talk begins with the first sentence, and has the others in its own order."""
    if not place:
        return speaker.sentences[0]
    others, step = speaker.sentences[1:], 1 + number % 3
    part = place * gcd(step, len(others)) // len(others) + 1
    again = speaker.again.format(part=part) if part > 1 else ""
    return again + others[(number + place * step) % len(others)]
