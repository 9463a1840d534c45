"""Matters: what requests to a city are mostly about, each with words that say so in Chinese, English and Uyghur.

Two people who speak different languages, or use other words, mean the same pothole; a word of the list tells it. The
list only sharpens the comparison of texts: what it does not know is compared by characters alone.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

from schema.rules.matterwords import NOWHERE, WORDS
from schema.rules.plaintext import plain

TITLE = 4
"""A title says what a request is about, a text also what lies beside it: so much more does the title count."""
MATTERS = tuple(matter for matter in WORDS if matter != NOWHERE)


def matters_of(title: str, text: str) -> dict[str, int]:
    """The matters that a folded title and text speak of, with how much each counts (1 or `TITLE`)."""
    found = dict.fromkeys(_in(title), TITLE)
    others = _in(text)
    return found | {matter: 1 if found else TITLE for matter in others if matter not in found}


def sameness(one: Mapping[str, int], two: Mapping[str, int]) -> float:
    """How much of what two requests speak of is the same, 0 to 1 (Dice)."""
    both = sum(min(count, two[matter]) for matter, count in one.items() if matter in two)
    return 2 * both / (sum(one.values()) + sum(two.values())) if both else 0.0


def _table() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for matter, lists in WORDS.items():
        for word in "/".join(lists).split("/"):
            whole = "." if word.endswith(".") else ""
            found[plain(word) + whole] = matter
    return MappingProxyType(found)


def _pattern(word: str) -> str:
    # What is written in letters begins a word; Han characters stand anywhere.
    if word[0] >= "\u3400":
        return word
    return rf"\b{word[:-1]}\b" if word.endswith(".") else rf"\b{word}"


_TABLE = _table()
# The longest word first, and what it took is gone: 红绿灯 is no lamp 灯, a street light no traffic light.
_LOOK = re.compile("|".join(_pattern(word) for word in sorted(_TABLE, key=lambda word: (-len(word), word))))


def _in(text: str) -> list[str]:
    words = (match[0] for match in _LOOK.finditer(text))
    found = dict.fromkeys(_TABLE.get(word) or _TABLE[f"{word}."] for word in words)
    return [matter for matter in found if matter != NOWHERE]
