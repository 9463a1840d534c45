"""Full text: what of a text is found by, and what people ask for, in Chinese, Uyghur and English alike. Pure.

A text becomes tokens of folded text (`schema.rules.plaintext`): of a run of Han characters every two neighbours and
the last one alone, so that two characters are found by their token and one by all tokens that begin with it; elsewhere
each word, and each pair of neighbours ("street_light") for phrases. Tokens hold only letters, digits and "_".

People write words, all of which must be there, "phrases in quotes", and -words that must not. A word of three letters
and more also finds longer ones (Uyghur and English add their endings behind); in quotes it does not.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from schema.rules.plaintext import LONGEST, plain

LONGEST_WORD, LONGEST_QUERY, MOST_KEYS = 40, 200, 32
"""Characters of a word and of a query, and tokens a query may come to."""
FEWEST_LETTERS = 3
"""A word of so many letters also finds longer ones."""
MOST_OF_TEXT = 20_000
"""Characters of a text that are looked at."""

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
_RUNS = re.compile(f"[{_HAN}]+|[^{_HAN}\\s]+")
_QUOTES = dict.fromkeys(map(ord, "“”„«»「」『』＂"), '"')
_PARTS = re.compile(r'([-－−])?(?:"([^"]*)"?|([^\s"]+))')


class BadQuery(ValueError):
    """A query that asks for nothing: `why` is nothing, only-not or too-long."""

    def __init__(self, why: str) -> None:
        super().__init__(f"this cannot be searched for: {why}")
        self.why = why


@dataclass(frozen=True, slots=True)
class Key:
    """A token, or every token that `begins` with it."""

    token: str
    begins: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What is searched for: every key of `wanted`, and of each group of `unwanted` not all keys."""

    wanted: tuple[Key, ...]
    unwanted: tuple[tuple[Key, ...], ...] = ()

    @property
    def size(self) -> int:
        """How many keys it has."""
        return len(self.wanted) + sum(map(len, self.unwanted))


def tokens(*texts: str) -> list[str]:
    """The tokens of texts, each once."""
    found: dict[str, None] = {}
    for text in texts:
        for part in _cut(text[:MOST_OF_TEXT]):
            before = ""
            for run in _RUNS.findall(plain(part)):
                if _is_han(run):
                    found.update(dict.fromkeys(run[at : at + 2] for at in range(len(run))))
                    before = ""
                    continue
                word = run[:LONGEST_WORD]
                found[word] = None
                if before:
                    found[f"{before}_{word}"] = None
                before = word
    return list(found)


def read_query(text: str) -> Asked | None:
    """What a person asks for; None for an empty query. Raises BadQuery."""
    text = text.translate(_QUOTES).strip()
    if not text:
        return None
    if len(text) > LONGEST_QUERY:
        raise BadQuery("too-long")
    wanted: dict[Key, None] = {}
    unwanted: list[tuple[Key, ...]] = []
    for minus, phrase, word in _parts(text):
        keys = _keys(phrase or word, exact=bool(phrase))
        if keys and minus:
            unwanted.append(keys)
        else:
            wanted.update(dict.fromkeys(keys))
    asked = Asked(tuple(wanted), tuple(unwanted))
    if not wanted:
        raise BadQuery("only-not" if unwanted else "nothing")
    if asked.size > MOST_KEYS:
        raise BadQuery("too-long")
    return asked


def _parts(text: str) -> Iterable[tuple[bool, str, str]]:
    """Whether it is unwanted, and the phrase or the word. A minus counts where a word begins: A-1 is a name."""
    for found in _PARTS.finditer(text):
        begins = found.start() == 0 or text[found.start() - 1].isspace()
        yield bool(found[1]) and begins, found[2] or "", found[3] or ""


def _keys(text: str, *, exact: bool) -> tuple[Key, ...]:
    found: dict[Key, None] = {}
    before = ""
    for run in _RUNS.findall(plain(text)):
        if _is_han(run):
            before = ""
            pairs = [run[at : at + 2] for at in range(len(run) - 1)]
            found.update(dict.fromkeys(map(Key, pairs)) if pairs else {Key(run, begins=True): None})
            continue
        word = run[:LONGEST_WORD]
        if exact and before:
            # The pair says both of its words.
            found.pop(Key(before), None)
            found[Key(f"{before}_{word}")] = None
        else:
            found[Key(word, begins=not exact and len(word) >= FEWEST_LETTERS and not word.isdigit())] = None
        before = word
    return tuple(found)


def _is_han(run: str) -> bool:
    return _RUNS.match(run[0]) is not None and re.match(f"[{_HAN}]", run) is not None


def _cut(text: str) -> Iterable[str]:
    """Pieces that can be folded at once, cut between words; where there are none, with one character in both."""
    while len(text) > LONGEST:
        at = text.rfind(" ", LONGEST // 2, LONGEST)
        yield text[: LONGEST if at < 0 else at]
        text = text[LONGEST - 1 if at < 0 else at :]
    yield text
