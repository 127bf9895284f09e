"""The page reads the language of captions from the name of their file, and takes no word of a title for one."""

from __future__ import annotations

from tests.page_modules import evaluate

LANGUAGES = {
    "A talk [dQw4w9WgXcQ].en.vtt": "en",
    "A talk [dQw4w9WgXcQ].pt-BR.srt": "pt-BR",
    "A talk-dQw4w9WgXcQ.fil.json3": "fil",
    "talk_de.srt": "de",
    "talk-zh-Hant.srt": "zh-Hant",
    "a-tide-comes-in.srt": "",
    "sci-fi.vtt": "",
    "How to Log-in.srt": "",
    "A house by the sea.srt": "",
    "by_the_sea.srt": "",
    "dQw4w9WgXcQ.srt": "",
}


def test_a_language_is_read_where_a_downloader_writes_it() -> None:
    found = evaluate("caption-files.js", "given.map(page.languageIn)", [*LANGUAGES])
    assert dict(zip(LANGUAGES, found, strict=True)) == LANGUAGES
