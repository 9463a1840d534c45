"""Dial rules 拨号规则 of handsets: which numbers they dial by one key, the emergency ones always. Pure.

The book has three lists: emergency numbers, the short list of numbers, and patterns of internal ones. A pattern is
digits, "x" for any one digit, and at its end "*" for any more ("6xxx", "0571*"). The numbers of colleagues in the
address book are internal too. Whatever the book says, 110, 119, 120 and 122 are dialled.
"""

import re
from collections.abc import Collection, Mapping
from typing import Any

from schema.rules.bookparts import BadBook
from schema.rules.dialling import BadTarget, number
from schema.rules.dictionary import MOST, Word, read_lists

EMERGENCY, LISTED, INTERNAL, COLLEAGUE = "emergency", "numbers", "internal", "colleague"
LISTS = (EMERGENCY, LISTED, INTERNAL)
ALWAYS = ("110", "119", "120", "122")
"""Police, fire, ambulance, traffic police: in every book, and never closed."""
_NUMBER = re.compile(r"\+?[0-9]{3,20}", re.ASCII)
_PATTERN = re.compile(r"\+?[0-9x]{1,20}\*?|\*", re.ASCII)
Rules = Mapping[str, tuple[Word, ...]]
"""The book: each list with its rows, whose code is a number or a pattern."""


def read_dialrules(body: Mapping[str, Any]) -> dict[str, tuple[Word, ...]]:
    """The book "dialrules": {list: [{"code", "names", "open"}, …]}. Raises BadBook with every fault."""
    found, faults = read_lists(body, LISTS, f"a list of at most {MOST} numbers is needed", _code_fault)
    there = {row.code for row in found.get(EMERGENCY, ()) if row.open}
    if EMERGENCY in found and (missing := [one for one in ALWAYS if one not in there]):
        faults[EMERGENCY] = f"{', '.join(missing)} cannot be left out"
    if faults:
        raise BadBook(faults)
    return found


def matches(pattern: str, dialled: str) -> bool:
    """Whether a number is one of a pattern's."""
    if pattern == "*":
        return True
    body = re.escape(pattern.removesuffix("*")).replace("x", "[0-9]")
    return bool(re.fullmatch(body + ("[0-9]*" if pattern.endswith("*") else ""), dialled, re.ASCII))


def allowed_as(rules: Rules, typed: str, colleagues: Collection[str] = ()) -> str:
    """As what a number may be dialled, "" when it may not: emergency, numbers, internal, colleague."""
    try:
        dialled = number(typed)
    except BadTarget:
        return ""
    if dialled in ALWAYS:
        return EMERGENCY
    for name in LISTS:
        if any(row.open and matches(row.code, dialled) for row in rules.get(name, ())):
            return name
    return COLLEAGUE if dialled in colleagues else ""


def _code_fault(name: str, code: str) -> str:
    if name == INTERNAL:
        return "" if _PATTERN.fullmatch(code) else "a pattern is digits, x for one, * at its end for more"
    return "" if _NUMBER.fullmatch(code) else "a number is 3 to 20 digits"
