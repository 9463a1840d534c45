"""The data dictionary 数据字典: the site's own lists of words in three languages, as why a case is suspended. Pure.

A word has a code that rows and rules may keep; its names may be changed, its place too. A closed word is offered no
more and still has its name.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from schema.rules.bookparts import BadBook, name_in, read_names

LISTS = ("suspend", "reject", "send-back", "void", "extension", "channel")
"""What lists there are: reasons to suspend, reject, send back, void and ask for more time, and ways a request came."""
CHANNELS = ("phone", "sms", "web", "handset", "letter", "leader", "visit")
"""The ways that the rules know: they may be renamed, reordered and closed, but not left out."""
MOST = 200
_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,19}", re.ASCII)
_CODES = "a code is 1 to 20 letters a-z, digits or dashes"


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a list. `names` by language, at least "zh"."""

    code: str
    names: Mapping[str, str]
    open: bool = True

    def name(self, language: str) -> str:
        """Its name in a language, or in Chinese."""
        return name_in(self.names, language)

    def body(self) -> dict[str, Any]:
        """As JSON types."""
        found: dict[str, Any] = {"code": self.code, "names": dict(self.names)}
        return found if self.open else found | {"open": False}


def read_dictionary(body: Mapping[str, Any]) -> dict[str, tuple[Word, ...]]:
    """The book "dictionary": {list: [{"code", "names", "open"}, …]}. Raises BadBook with every fault."""
    found, faults = read_lists(body, LISTS, f"a list of at most {MOST} words is needed", lambda _, code: (
        "" if _CODE.fullmatch(code) else _CODES
    ))  # fmt: skip
    known = {word.code for word in found.get("channel", ())}
    if missing := [code for code in CHANNELS if code not in known]:
        faults["channel"] = f"{', '.join(missing)} cannot be left out"
    if faults:
        raise BadBook(faults)
    return found


def read_lists(
    body: Mapping[str, Any], lists: Iterable[str], needed: str, code_fault: Callable[[str, str], str]
) -> tuple[dict[str, tuple[Word, ...]], dict[str, str]]:
    """The lists of a book that is made of lists of words, and its faults by list and row.

    `needed` is said of what is no list or too long a one; `code_fault` gives what is wrong with a code of a list.
    """
    lists = tuple(lists)
    faults = {name: "there is no such list" for name in body if name not in lists}
    found: dict[str, tuple[Word, ...]] = {}
    for name in lists:
        rows = body.get(name, [])
        if not isinstance(rows, list) or len(rows) > MOST:
            faults[name] = needed
            continue
        words: dict[str, Word] = {}
        for number, row in enumerate(rows, 1):
            if why := _wrong(row, words, partial(code_fault, name)):
                faults[f"{name}.{number}"] = why
                continue
            words[row["code"]] = Word(row["code"], read_names(row["names"]), row.get("open", True))
        found[name] = tuple(words.values())
    return found, faults


def _wrong(row: Any, before: Mapping[str, Word], code_fault: Callable[[str], str]) -> str:
    code = row.get("code") if isinstance(row, dict) else None
    if why := code_fault(code if isinstance(code, str) else ""):
        return why
    if code in before:
        return f"{code} is there twice"
    try:
        read_names(row.get("names"))
    except ValueError as error:
        return str(error)
    return "" if isinstance(row.get("open", True), bool) else "open is yes or no"
