"""Plain text: what people typed in Chinese, Uyghur or English, folded so that the same words are the same characters.

Folded are width and presentation forms (NFKC), case, accents, Arabic letters that keyboards mix up, digits of every
script; what is neither letter nor digit is a space. How like two texts are is measured on pieces of characters, so no
language has to be known: one and two characters where each is a word or part of one (Han), three of a word elsewhere.
"""

import math
import re
import unicodedata
from collections import Counter

LONGEST = 2_000
"""Characters looked at: the time a text takes has a bound, however long it is."""

_ARABIC = {ord("ئ"): None, ord("ـ"): None} | {
    ord(one): to
    for to, many in {"ى": "يیېے", "ه": "ەھةۀہ", "ك": "ک", "و": "ۆۇۈۅ", "ا": "أإآٱ"}.items()
    for one in many
}


class _Kept(dict[int, str | None]):
    """What becomes of a character, found out when it is first met: itself, a digit, a space, or nothing."""

    MOST = 20_000

    def __missing__(self, code: int) -> str | None:
        character = chr(code)
        kind = unicodedata.category(character)
        to: str | None = " "
        if code in _ARABIC:
            to = _ARABIC[code]
        elif kind == "Nd":
            to = str(unicodedata.digit(character))
        elif kind[0] in "LN":
            to = character
        elif kind in ("Mn", "Me", "Cf"):
            to = None
        if len(self) < self.MOST:
            self[code] = to
        return to


_KEPT = _Kept()
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]")
_WORD = re.compile(r"[^\W_]+")


def plain(text: str) -> str:
    """The text folded, in words with one space between; at most `LONGEST` characters of it."""
    folded = unicodedata.normalize("NFKC", text[:LONGEST])[:LONGEST].casefold().translate(_ARABIC)
    kept = unicodedata.normalize("NFKD", folded)[: 2 * LONGEST].translate(_KEPT)
    return " ".join(kept.split())[:LONGEST]


COMMON = frozenset(
    plain(
        "the a an of is are was were be been has have had in at on to and or it its for from by with no not we our my"
        " this that there they all us you i me he she his her them as so but out up one two every each very when which"
        " ۋە بۇ شۇ بىر بىلەن ئۈچۈن ھەم كەتتى قالدى كېتىدۇ قالىدۇ بولدى بولىدۇ ئىكەن"
    ).split()
)
"""Words of every text: that two texts have them says nothing."""
_COMMON_HAN = re.compile("[的了在是我们你他她请个一有也就都很把被吗呢和与这那着还又]")


def telling(text: str) -> str:
    """A folded text without the words of every text."""
    return " ".join(word for word in _COMMON_HAN.sub("", text).split() if word not in COMMON)


def pieces(text: str) -> Counter[str]:
    """How often each piece of a folded text is in it."""
    found: Counter[str] = Counter()
    for word in _WORD.findall(text):
        for run in re.split(f"({_HAN.pattern}+)", word):
            if _HAN.match(run):
                found.update(run)
                found.update(run[i : i + 2] for i in range(len(run) - 1))
            elif run:
                framed = f"_{run}_"
                found.update(framed[i : i + 3] for i in range(len(framed) - 2))
    return found


def likeness(one: Counter[str], two: Counter[str]) -> float:
    """How like two texts are by their pieces, 0 to 1 (cosine; a piece said twice counts less than twice)."""
    if not one or not two:
        return 0.0
    few, many = (one, two) if len(one) <= len(two) else (two, one)
    both = math.fsum(math.sqrt(count * many[piece]) for piece, count in few.items() if piece in many)
    return min(1.0, both / math.sqrt(one.total() * two.total()))


def digits(text: str) -> frozenset[str]:
    """The numbers said in a folded text, without leading zeros."""
    return frozenset(number.lstrip("0") or "0" for number in re.findall(r"[0-9]+", text))
