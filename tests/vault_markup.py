"""Texts that Obsidian and its plugins interpret, and how to find out that a note has them."""

from __future__ import annotations

import re
from typing import NamedTuple


class Markup(NamedTuple):
    """Text that a vault interprets, and the pattern that its program looks for in a note or in the whole file."""

    text: str
    pattern: str
    whole_file: bool = False


# The patterns are those of the programs' sources and documentation: Templater's engine, Dataview's `inline-field.ts`
# and `inlineQueryPrefix`, Obsidian's Help ("Basic formatting syntax", "Callouts", "Internal links", "Tags"),
# CodeMirror's GFM mode for addresses.
VAULT = {
    "Templater command": Markup("<%* await tp.user.run() %>", r"<%", whole_file=True),
    "Templater command from entities": Markup("&lt;% 7*7 %&gt; <% 7*7 %>", r"<%", whole_file=True),
    "template placeholder": Markup("{{title}} {{date:YYYY}}", r"\{\{", whole_file=True),
    "Dataview inline query": Markup("`= this.file.name`", r"(?<!\\)`\s*="),
    "Dataview inline JavaScript": Markup("`$= dv.current()`", r"(?<!\\)`\s*\$="),
    "Dataview field": Markup("rating:: 5", r"::", whole_file=True),
    "Dataview field in brackets": Markup("[rating:: 5] (rating::5)", r"::", whole_file=True),
    "Dataview block": Markup("```dataviewjs\nalert(1)\n```", r"(?m)^\s*```"),
    "tilde fence": Markup("~~~dataviewjs\nalert(1)\n~~~", r"(?m)^\s*~~~"),
    "internal link": Markup("[[Private note|here]]", r"\[\["),
    "embed": Markup("![[Private note]]", r"!\[\["),
    "link to the app": Markup("obsidian://open?vault=x", r"[a-z]+:/"),
    "link to a script": Markup("[read](javascript:alert(1))", r"(?<!\\)\]\(javascript:"),
    "script address": Markup("javascript:alert(1)", r"javascript:\w"),
    "address": Markup("https://evil.example/x", r"https?:/"),
    "address without a scheme": Markup("WWW.evil.example", r"(?i)www\."),
    "address of the same scheme": Markup("//evil.example/x", r"//evil"),
    "mail address": Markup("me@evil.example", r"\w@\w"),
    "image": Markup("![x](https://evil.example/pixel.png)", r"(?<!\\)\]\(https://evil"),
    "reference link": Markup("[x]: https://evil.example", r"(?m)^\[x\]:"),
    "autolink": Markup("<https://evil.example>", r"<https"),
    "HTML": Markup("<iframe src='//evil.example'>", r"<\w", whole_file=True),
    "HTML comment": Markup("<!-- hidden", r"<!--", whole_file=True),
    "entity": Markup("&lt;b&gt;", r"(?<!\\)&lt;b"),
    "comment": Markup("%%hidden%% %%%", r"%%"),
    "highlight": Markup("==look== ===", r"=="),
    "strikethrough": Markup("~~gone~~", r"(?<!\\)~"),
    "block id": Markup("A sentence. ^block-1", r"\s\^[\w-]+"),
    "footnote": Markup("So it says[^1]", r"(?<!\\)\[\^"),
    "inline footnote": Markup("So it says^[here]", r"\^\["),
    "callout": Markup("> [!warning]- Hidden\n> text", r"(?m)^\s*> ?\[!"),
    "mathematics": Markup("$$\\href{x}{y}$$", r"(?<!\\)\$"),
    "tag": Markup("#spam", r"(?<![\\\w])#spam"),
    "task": Markup("- [ ] buy it", r"[-*] \[ \]"),
    "heading": Markup("# Chapter", r"(?m)^# Chapter"),
    "heading by a line below": Markup("Chapter\n===", r"(?m)^=+$"),
    "heading by dashes below": Markup("Chapter\n---\nkey: value", r"(?m)^Chapter\n---$"),
    "front matter": Markup("---\ncssclass: evil\n---", r"\A---\n(?:(?!---).*\n)*cssclass:", whole_file=True),
    "table": Markup("a | b | c", r"(?<!\\)\| b"),
    "code": Markup("`rm -rf`", r"(?<!\\)`"),
    "attributes": Markup("word {onclick=x}", r"(?<!\\)\{on"),
    "quotation": Markup("> said by another", r"(?m)^\s*> said"),
}
OWN_MARKUP = re.compile(r"(?m)^> (?=said)|(?<=\])\((?:https://(?:www\.youtube\.com/watch|youtu\.be/)|\d+-)[^()\s]*\)")


def note(page: str) -> str:
    """Returns a page without its front matter, its own quotation and the addresses of its own links."""
    body = page.split("\n---\n", maxsplit=1)[1] if page.startswith("---\n") else page
    return OWN_MARKUP.sub("", body)
