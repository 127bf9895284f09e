"""Estimated numbers of tokens, compared with OpenAI's own tokenizer."""

from __future__ import annotations

import json
from functools import cache

import pytest
from splintr import AnyTokenizer, Tokenizer

from skimlist.llm.tokens import likely_tokens, tokens_a_word
from skimlist.models.transcript import Segment
from skimlist.summarizing.chunking import numbered
from skimlist.summarizing.lines import caption_lines
from skimlist.text.words import estimate_tokens
from testkit.template import ROOT

SAMPLES = sorted((ROOT / "local" / "samples").glob("*_1.json"))


@cache
def tokenizer() -> AnyTokenizer:
    return Tokenizer.from_pretrained("o200k_base")


def counted(text: str) -> int:
    return len(tokenizer().encode(text))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_captions_of_every_language_are_counted_within_five_percent(path) -> None:
    video = json.loads(path.read_text(encoding="utf-8"))
    segments = [Segment(snippet["text"], snippet["start"], snippet["duration"]) for snippet in video["snippets"]]
    text = "\n".join(numbered(line) for line in caption_lines(segments, at_least=30))
    assert likely_tokens(text, video["language_code"]) == pytest.approx(counted(text), rel=0.05)
    assert estimate_tokens(text) >= counted(text) * 0.95


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The keeper didn't light the lamp, and nobody asked why: 1,234 ships went by in 1907.", "en"),
        ("В Чёрном море маяк виден за двадцать миль, если нет тумана.", "ru"),
        ("يقطف المزارعون حبوب القهوة باليد عندما يصبح لونها أحمر.", "ar"),
        ("红茶的茶叶完全发酵，所以变成红色。", "zh-CN"),
        ("我們來上課吧，今天講的是語言模型的訓練。", "zh-TW"),
    ],
)
def test_a_single_sentence_is_counted_within_a_third(text: str, language: str) -> None:
    assert likely_tokens(text, language) == pytest.approx(counted(text), rel=0.34)


def test_an_empty_text_has_no_tokens() -> None:
    assert likely_tokens("", "en") == 0


@pytest.mark.parametrize("language", ["en", "de", "pt-BR", "ru", "ar", "zh-TW", "ja", "th", "xx"])
def test_a_word_is_one_token_and_not_many(language: str) -> None:
    assert 1 <= tokens_a_word(language) < 3
