"""What people search for, and titles in which the server and the page find it or not."""

from __future__ import annotations

FOUND = [
    ("SOURDOUGH", "Sourdough: the basics"),
    ("basics sourdough", "Sourdough: the basics"),
    ("creme brulee", "Crème brûlée"),
    ("CRÈME", "creme"),
    ("strasse", "Die Straße"),
    ("Straße", "DIE STRASSE"),
    ("GROẞ", "groß"),
    ("елка", "Ёлка"),
    ("αθηνα", "Η Αθήνα"),
    ("ΣΟΦΟΣ", "Ο σοφός"),
    ("σοφος ανηρ", "ΣΟΦΟΣ ΑΝΗΡ"),
    ("σοφοσ", "ΣΟΦΟΣ"),
    ("istanbul", "İstanbul"),
    ("机器学习", "深度学习与机器学习入门"),
    ("機械　学習", "機械学習の基礎"),
    ("ﾌﾟﾛｸﾞﾗﾑ", "プログラム入門"),
    ("한국", "한국어 배우기"),
    ("หุ่น", "หุ่นยนต์"),
    ("fine", "ﬁne tuning"),
    ("ｇｐｔ", "GPT"),
    ("ꮳꮃꭹ", "ᏣᎳᎩ"),
    ("", "anything"),
    ("  \t ", "anything"),
]
NOT_FOUND = [
    ("sourdough rye", "Sourdough: the basics"),
    ("かき", "かぎ"),
    ("हिंदी", "हद"),
    ("机器学习", "机器翻译与学习"),
]
