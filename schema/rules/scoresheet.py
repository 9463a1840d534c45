"""Score sheets (质检评分表): sections of items with weights, fatal ones among them, and what the answers come to. Pure.

An item is met or not ("yes-no"), or given 0 to `most` points ("scale"); it is worth `weight` of the sum. One that does
not apply leaves the sum and what it is out of. Whoever fails a fatal item has 0, whatever else was good. The book
"quality" holds the sheets of a site; a review keeps the sheet that it was scored by.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from schema.rules.bookparts import BadBook, name_in, read_names
from schema.rules.languages import LANGUAGES

YES_NO, SCALE = "yes-no", "scale"
KINDS = (YES_NO, SCALE)
"""How an item is answered."""
MOST_SHEETS, MOST_SECTIONS, MOST_ITEMS, MOST_POINTS, MOST_WEIGHT, LONGEST_HINT = 20, 12, 60, 10, 100, 300
DAYS = (1, 60)
"""Between which the days for an appeal are."""
_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,19}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a sheet. `skip`: it may not apply; `fatal`: failed, the whole is 0; `hints` say how it is judged."""

    code: str
    names: Mapping[str, str]
    weight: float
    kind: str = YES_NO
    most: int = 1
    fatal: bool = False
    skip: bool = False
    hints: Mapping[str, str] | None = None

    def name(self, language: str) -> str:
        """Its name in a language, or in Chinese."""
        return name_in(self.names, language)

    def hint(self, language: str) -> str:
        """How it is judged, in a language or in Chinese; "" when nothing is said."""
        return name_in(self.hints, language) if self.hints else ""

    def body(self) -> dict[str, Any]:
        """As JSON types."""
        found: dict[str, Any] = {"code": self.code, "names": dict(self.names), "weight": self.weight}
        if self.kind == SCALE:
            found |= {"kind": self.kind, "most": self.most}
        found |= {flag: True for flag in ("fatal", "skip") if getattr(self, flag)}
        return found | {"hints": dict(self.hints)} if self.hints else found


@dataclass(frozen=True, slots=True)
class Section:
    """Items under a name."""

    code: str
    names: Mapping[str, str]
    items: tuple[Item, ...]

    def name(self, language: str) -> str:
        """Its name in a language, or in Chinese."""
        return name_in(self.names, language)

    def body(self) -> dict[str, Any]:
        """As JSON types."""
        items = [item.body() for item in self.items]
        return {"code": self.code, "names": dict(self.names), "items": items}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A score sheet. From `least` per cent on a call is good enough (合格); a closed one is not used any more."""

    code: str
    names: Mapping[str, str]
    least: float
    sections: tuple[Section, ...]
    open: bool = True

    def name(self, language: str) -> str:
        """Its name in a language, or in Chinese."""
        return name_in(self.names, language)

    def items(self) -> Iterator[Item]:
        """All items, in order."""
        for section in self.sections:
            yield from section.items

    def body(self) -> dict[str, Any]:
        """As JSON types."""
        found: dict[str, Any] = {"code": self.code, "names": dict(self.names), "least": self.least,
                                 "sections": [section.body() for section in self.sections]}  # fmt: skip
        return found if self.open else found | {"open": False}

    def text(self) -> str:
        """As JSON, always written the same way."""
        return json.dumps(self.body(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def key(self) -> str:
        """What names this very sheet, whatever version of the book it is in: SHA-256 of its text, hexadecimal."""
        return sha256(self.text().encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class QualityBook:
    """The book "quality": how many days an agent has for an appeal, and the sheets."""

    appeal_days: int
    sheets: tuple[Sheet, ...]

    def sheet(self, code: str) -> Sheet | None:
        """The sheet of that code that is in use."""
        return next((one for one in self.sheets if one.code == code and one.open), None)

    def body(self) -> dict[str, Any]:
        """As JSON types."""
        return {"appeal_days": self.appeal_days, "sheets": [sheet.body() for sheet in self.sheets]}


@dataclass(frozen=True, slots=True)
class Score:
    """What answers come to: `percent` of what is applicable, 0 when a `fatal` item (their codes) failed.

    `sections` has by code the points and what they are out of.
    """

    percent: float
    points: float
    out_of: float
    fatal: tuple[str, ...]
    sections: Mapping[str, tuple[float, float]]


def share(item: Item, value: int) -> float:
    """A value of an item between 0 and 1."""
    return value / item.most


def faults(sheet: Sheet, answers: Mapping[str, int | None]) -> dict[str, str]:
    """What is wrong with answers by item: missing, out of range, or said not to apply where that cannot be.

    None is "does not apply". Something has to apply, else there is nothing to score.
    """
    items = {item.code: item for item in sheet.items()}
    wrong = {code: "there is no such item" for code in answers if code not in items}
    for code, item in items.items():
        if code not in answers:
            wrong[code] = "this is not answered"
        elif (value := answers[code]) is None:
            if not item.skip:
                wrong[code] = "this applies to every call"
        elif not 0 <= value <= item.most:
            wrong[code] = f"0 to {item.most}"
    if not wrong and all(value is None for value in answers.values()):
        wrong[next(iter(items))] = "something has to apply"
    return wrong


def score(sheet: Sheet, answers: Mapping[str, int | None]) -> Score:
    """What the answers come to; items without one are left out, so that it can be asked while answers are missing."""
    sections: dict[str, tuple[float, float]] = {}
    fatal: list[str] = []
    for section in sheet.sections:
        points = out_of = 0.0
        for item in section.items:
            value = answers.get(item.code)
            if value is None:
                continue
            points += item.weight * share(item, value)
            out_of += item.weight
            if item.fatal and not value:
                fatal.append(item.code)
        sections[section.code] = (round(points, 4), round(out_of, 4))
    points, out_of = (sum(pair[at] for pair in sections.values()) for at in (0, 1))
    percent = round(100 * points / out_of, 1) if out_of and not fatal else 0.0
    return Score(percent, round(points, 4), round(out_of, 4), tuple(fatal), sections)


def good(sheet: Sheet, found: Score) -> bool:
    """Whether it is good enough."""
    return not found.fatal and found.percent >= sheet.least


# -- reading -------------------------------------------------------------------------------------------------------


def read_quality(body: Mapping[str, Any]) -> QualityBook:
    """The book out of its JSON types. Raises BadBook, every fault by place ("sheets.1.sections.2.items.3.weight")."""
    faults = {key: "there is no such part" for key in body if key not in ("appeal_days", "sheets")}
    days = body.get("appeal_days")
    if isinstance(days, bool) or not isinstance(days, int) or not DAYS[0] <= days <= DAYS[1]:
        faults["appeal_days"] = f"a whole number from {DAYS[0]} to {DAYS[1]}"
        days = DAYS[0]
    sheets = [
        _sheet(row, f"sheets.{n}", faults) for n, row in _rows(body, "sheets", MOST_SHEETS, "sheets", faults)
    ]
    _only_once([sheet.code for sheet in sheets], "sheets", faults)
    if faults:
        raise BadBook(faults)
    return QualityBook(days, tuple(sheets))


def read_sheet(body: Mapping[str, Any]) -> Sheet:
    """One sheet out of its JSON types. Raises BadBook."""
    faults: dict[str, str] = {}
    found = _sheet(body, "sheet", faults)
    if faults:
        raise BadBook(faults)
    return found


def _sheet(row: Any, where: str, faults: dict[str, str]) -> Sheet:
    row, wrong = _named(row)
    least = _number(row.get("least"), 0, 100, wrong, "least")
    if not isinstance(row.get("open", True), bool):
        wrong["open"] = "open is yes or no"
    sections = []
    for n, part in _rows(row, "sections", MOST_SECTIONS, f"{where}.sections", faults):
        place = f"{where}.sections.{n}"
        part, bad = _named(part)
        items = [_item(one, f"{place}.items.{k}", faults)
                 for k, one in _rows(part, "items", MOST_ITEMS, f"{place}.items", faults)]  # fmt: skip
        faults |= {f"{place}.{field}": why for field, why in bad.items()}
        sections.append(Section(str(part.get("code")), part.get("names") or {}, tuple(items)))
    _only_once([section.code for section in sections], f"{where}.sections", faults)
    seen: set[str] = set()
    for n, section in enumerate(sections, 1):
        for k, item in enumerate(section.items, 1):
            if item.code in seen:
                faults.setdefault(f"{where}.sections.{n}.items.{k}.code", f"{item.code} is there twice")
            seen.add(item.code)
    faults |= {f"{where}.{field}": why for field, why in wrong.items()}
    return Sheet(
        str(row.get("code")), row.get("names") or {}, least, tuple(sections), row.get("open", True) is True
    )


def _item(row: Any, where: str, faults: dict[str, str]) -> Item:
    row, wrong = _named(row)
    weight = _number(row.get("weight"), 0.1, MOST_WEIGHT, wrong, "weight")
    kind, most = row.get("kind", YES_NO), row.get("most", 1)
    if kind not in KINDS:
        wrong["kind"] = f"one of {', '.join(KINDS)}"
    if isinstance(most, bool) or not isinstance(most, int) or not 1 <= most <= MOST_POINTS:
        wrong["most"], most = f"a whole number from 1 to {MOST_POINTS}", 1
    for flag in ("fatal", "skip"):
        if not isinstance(row.get(flag, False), bool):
            wrong[flag] = "yes or no"
    hints = row.get("hints") or None
    if hints is not None and (
        not isinstance(hints, dict) or not hints.get("zh") or any(key not in LANGUAGES for key in hints)
        or any(not isinstance(text, str) or len(text) > LONGEST_HINT for text in hints.values())
    ):  # fmt: skip
        wrong["hints"] = f"at most {LONGEST_HINT} characters in each language, in Chinese at least"
        hints = None
    faults |= {f"{where}.{field}": why for field, why in wrong.items()}
    told = {key: hints[key].strip() for key in LANGUAGES if hints.get(key)} if hints else None
    return Item(str(row.get("code")), row.get("names") or {}, weight, str(kind), most if kind == SCALE else 1,
                row.get("fatal") is True, row.get("skip") is True, told)  # fmt: skip


def _named(row: Any) -> tuple[dict[str, Any], dict[str, str]]:
    """A row with its names read, and what is wrong with its code and names."""
    row, wrong = dict(row) if isinstance(row, dict) else {}, {}
    if not isinstance(row.get("code"), str) or not _CODE.fullmatch(row["code"]):
        wrong["code"] = "a code is 1 to 20 lower-case letters, digits or dashes"
    try:
        row["names"] = read_names(row.get("names"))
    except ValueError as error:
        wrong["names"], row["names"] = str(error), {}
    return row, wrong


def _rows(
    body: Mapping[str, Any], key: str, most: int, where: str, faults: dict[str, str]
) -> Iterator[tuple[int, Any]]:
    rows = body.get(key)
    if not isinstance(rows, list) or not 1 <= len(rows) <= most:
        faults[where] = f"a list of 1 to {most} is needed"
        return
    yield from enumerate(rows, 1)


def _number(value: Any, least: float, most: float, wrong: dict[str, str], field: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        wrong[field] = f"a number from {least:g} to {most:g}"
        return least
    return round(float(value), 2)


def _only_once(codes: Sequence[str], where: str, faults: dict[str, str]) -> None:
    for n, code in enumerate(codes, 1):
        if code in codes[: n - 1]:
            faults.setdefault(f"{where}.{n}.code", f"{code} is there twice")
