"""Names that look alike, although captions know both: Niger is no misspelling of Nigeria, but Sara may be one of Zarah.

The list has the countries whose names, or the adjectives made from them, count as spellings of each other by the rules
of `names.py` in a European language (CLDR), and two weekdays.
"""

from __future__ import annotations

from functools import cache

# How the name of each begins in Latin letters, in any language, also in words that are made from it: Nigerian.
_BEGINNINGS = (
    ("albani",),
    ("alemani",),
    ("angol",),
    ("anguil",),
    ("austri", "avstri"),
    ("austral", "avstral"),
    ("bolivi",),
    ("bulgar", "bolgar"),
    ("camaro", "camero"),
    ("comor",),
    ("estland", "estoni"),
    ("finlan", "finnlan", "finlyan"),
    ("gambi",),
    ("ghana", "gana"),
    ("guine",),
    ("guian", "guyan"),
    ("hungar", "hongr", "ungar", "ungher", "vengr"),
    ("iceland", "island", "islandi"),
    ("ireland", "irland"),
    ("ispan", "spanis"),
    ("japan", "japon", "giappon", "yapon"),
    ("javan", "giavan", "yavan"),
    ("letoni", "letton", "lettlan", "lettisch"),
    ("liberi",),
    ("lituan", "lithuan", "litauen", "litauisch"),
    ("livi", "liby", "libi"),
    ("malaui", "malawi"),
    ("mali",),
    ("namibi",),
    ("niger",),
    ("nigeria", "nigerii", "nigeriy"),
    ("shvets", "swed"),
    ("shveyts", "swiss"),
    ("slovak", "slowak"),
    ("sloven", "slowen"),
    ("thursday",),
    ("tuesday",),
    ("zambi", "sambi"),
)
_BY_BEGINNING = {beginning: names[0] for names in _BEGINNINGS for beginning in names}
_LENGTHS = sorted({len(beginning) for beginning in _BY_BEGINNING}, reverse=True)


def are_distinct(name: str, other: str) -> bool:
    """Whether two keys (`folding.key`) are known to name different things."""
    meant, said = _meaning(name), _meaning(other)
    return meant is not None and said is not None and meant != said


@cache
def _meaning(name: str) -> str | None:
    """Returns what the longest known beginning of a key stands for."""
    return next((_BY_BEGINNING[name[:length]] for length in _LENGTHS if name[:length] in _BY_BEGINNING), None)
