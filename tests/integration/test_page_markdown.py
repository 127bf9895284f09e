"""The Markdown that the page copies and saves brings as little into a vault as the exports do."""

from __future__ import annotations

import random
import re

import pytest

from skimlist.export.markdown import one_line, paragraphs
from tests.page_modules import evaluate
from tests.vault_markup import VAULT, note

SIGNS = "<%{:=`$[]()!^#&;@w./\\|~>*_+- \n\t\r\u2028\u200b\u200d1٣aä语"


def saved(text: str) -> str:
    """Returns the file of a summary in which this text replaces every text that is not ours."""
    check = {"status": "unverified", "missing": [text]}
    point = {"text": text, "start_seconds": 1.0, "check": check}
    summary = {
        "video_id": "Lighthouse1",
        "url": "https://www.youtube.com/watch?v=Lighthouse1",
        "title": text,
        "channel": text,
        "caption_kind": "manual",
        "tldr": text,
        "tldr_check": check,
        "text": f"{text}\n\n{text}",
        "text_check": check,
        "focus": [{**point, "area": text}],
        "key_points": [point, {**point, "start_seconds": None}],
        "chapters": [{"title": text, "summary": text, "start_seconds": 0.0, "check": check}],
    }
    page: str = evaluate("markdown.js", "page.summaryMarkdown(given)", summary)
    return page


@pytest.mark.parametrize("name", VAULT)
def test_nothing_that_a_vault_interprets_gets_into_the_file(name: str) -> None:
    markup, page = VAULT[name], saved(VAULT[name].text)
    assert not re.search(markup.pattern, page if markup.whole_file else note(page))


def test_the_page_escapes_as_the_exports_do() -> None:
    draw = random.Random(1)
    texts = [markup.text for markup in VAULT.values()]
    texts += ["".join(draw.choices(SIGNS, k=draw.randrange(1, 30))) for _ in range(20_000)]
    escaped = evaluate("markdown-text.js", "given.map((text) => [page.oneLine(text), page.paragraphs(text)])", texts)
    for text, by_page in zip(texts, escaped, strict=True):
        assert by_page == [one_line(text), paragraphs(text)], repr(text)
