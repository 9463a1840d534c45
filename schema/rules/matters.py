"""Matters: what requests to a city are mostly about, each with words that say so in Chinese, English and Uyghur.

Two people who speak different languages, or use other words, mean the same pothole; a word of the list tells it. The
list only sharpens the comparison of texts: what it does not know is compared by characters alone.
"""

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


def _table() -> Mapping[str, tuple[tuple[str, bool, str], ...]]:
    """By first character the words that begin so, the longest first: (word, whether it is whole, matter)."""
    found: dict[str, dict[tuple[str, bool], str]] = {}
    for matter, lists in WORDS.items():
        for said in "/".join(lists).split("/"):
            word = plain(said)
            found.setdefault(word[0], {})[word, said.endswith(".")] = matter
    return MappingProxyType(
        {
            first: tuple(
                sorted(
                    ((*word, matter) for word, matter in words.items()),
                    key=lambda row: (-len(row[0]), row[0]),
                )
            )
            for first, words in found.items()
        }
    )


_TABLE = _table()


def _in(text: str) -> list[str]:
    # The longest word first, and what it took is gone: 红绿灯 is no lamp 灯, a street light no traffic light.
    found: dict[str, None] = {}
    at = 0
    while at < len(text):
        length, matter = _word_at(text, at)
        if matter:
            found[matter] = None
        at += length
    return [matter for matter in found if matter != NOWHERE]


def _word_at(text: str, at: int) -> tuple[int, str]:
    """How many characters a word takes here and its matter; (1, "") for none."""
    for word, whole, matter in _TABLE.get(text[at], ()):
        if not text.startswith(word, at):
            continue
        # What is written in letters begins a word; Han characters stand anywhere.
        inside = word[0] < "\u3400" and at > 0 and text[at - 1] != " "
        if not inside and not (whole and text[at + len(word) : at + len(word) + 1].strip()):
            return len(word), matter
    return 1, ""
