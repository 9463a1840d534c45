"""Assessment 绩效考核: a book of scored items, of points that people give, and of grades; and how points add up. Pure.

An item's formula counts named counts (see `schema.desk.counts`) together, usually to a share between 0 and 1; what it
means is for `schema.desk.formulas`. An item that has nothing to count leaves the sum and what it is out of.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from schema.rules.access import POSTS
from schema.rules.bookparts import BadBook, name_in, read_names

UNIT, PERSON = "department", "person"
ABOUT = (UNIT, PERSON)
"""Whom an item is about."""
MORE, LESS = "more", "less"
BETTER = (MORE, LESS)
"""Whether more of it is better, or less."""
TIMES = ("file", "dispatch", "sign")
"""What has to be done within a time to be in time: filed (立案), dispatched (派遣), signed for (签收)."""
MOST_ITEMS, MOST_POINTS, MOST_MINUTES, LONGEST_FORMULA = 60, 1000, 60 * 24 * 30, 200
_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,19}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Item:
    """An item of the assessment, worth `most` points. `formula` "" is one that people give points for (主观评分).

    `posts`: of a person's item, whom it is about; none: everybody.
    """

    code: str
    names: Mapping[str, str]
    about: str
    most: float
    formula: str = ""
    better: str = MORE
    posts: tuple[str, ...] = ()
    open: bool = True

    @property
    def judged(self) -> bool:
        """Whether people give the points."""
        return not self.formula

    def name(self, language: str) -> str:
        """Its name in a language, or in Chinese."""
        return name_in(self.names, language)

    def is_about(self, about: str, post: str = "") -> bool:
        """Whether it counts for such a unit, or a person of the post."""
        return self.open and self.about == about and (about == UNIT or not self.posts or post in self.posts)

    def points(self, value: float) -> float:
        """The points for a share: none below 0, all of them from 1 on, and the other way round if less is better."""
        share = min(1.0, max(0.0, value))
        return self.most * (share if self.better == MORE else 1.0 - share)

    def body(self) -> dict[str, Any]:
        """As JSON types."""
        found: dict[str, Any] = {
            "code": self.code, "names": dict(self.names), "about": self.about, "most": self.most,
        }  # fmt: skip
        if self.formula:
            found["formula"] = self.formula
        if self.better != MORE:
            found["better"] = self.better
        if self.posts:
            found["posts"] = list(self.posts)
        return found if self.open else found | {"open": False}


@dataclass(frozen=True, slots=True)
class Grade:
    """From so many percent on it is this grade."""

    code: str
    least: float
    names: Mapping[str, str]

    def name(self, language: str) -> str:
        """Its name in a language, or in Chinese."""
        return name_in(self.names, language)

    def body(self) -> dict[str, Any]:
        """As JSON types."""
        return {"code": self.code, "least": self.least, "names": dict(self.names)}


@dataclass(frozen=True, slots=True)
class Book:
    """The book "assessment". `within` says in how many minutes what is to be done (see `TIMES`)."""

    within: Mapping[str, int]
    items: tuple[Item, ...]
    grades: tuple[Grade, ...]

    def of(self, about: str, post: str = "") -> tuple[Item, ...]:
        """The items of such a unit, or a person of the post, in the book's order."""
        return tuple(item for item in self.items if item.is_about(about, post))

    def grade(self, percent: float) -> Grade | None:
        """The grade of a sum: the highest that it reaches."""
        return next((grade for grade in self.grades if percent >= grade.least), None)

    def body(self) -> dict[str, Any]:
        """As JSON types."""
        return {
            "within": dict(self.within),
            "items": [item.body() for item in self.items],
            "grades": [grade.body() for grade in self.grades],
        }


def add_up(scored: Iterable[tuple[Item, float | None]]) -> tuple[float, float]:
    """The points together, and what they are out of; an item without points is in neither."""
    counted = [(item, points) for item, points in scored if points is not None]
    return sum(points for _, points in counted), sum(item.most for item, _ in counted)


def percent(points: float, out_of: float) -> float | None:
    """Points as a share of what they are out of, to a tenth; None when there is nothing to share."""
    return round(100 * points / out_of, 1) if out_of else None


def read_assessment(body: Mapping[str, Any]) -> Book:
    """The book out of its JSON types. Raises BadBook with every fault by its place ("items.3.formula")."""
    faults = {key: "there is no such part" for key in body if key not in ("within", "items", "grades")}
    within = _within(body.get("within"), faults)
    items = [_item(row, f"items.{n}", faults) for n, row in _rows(body, "items", faults)]
    grades = [_grade(row, f"grades.{n}", faults) for n, row in _rows(body, "grades", faults)]
    _only_once("items", [item.code if item else "" for item in items], faults)
    _only_once("grades", [grade.code if grade else "" for grade in grades], faults)
    for n, (before, after) in enumerate(zip(grades, grades[1:], strict=False), 2):
        if before and after and after.least >= before.least:
            faults[f"grades.{n}.least"] = "the highest grade comes first"
    if faults:
        raise BadBook(faults)
    return Book(within, tuple(filter(None, items)), tuple(filter(None, grades)))


def _within(body: Any, faults: dict[str, str]) -> dict[str, int]:
    given = body if isinstance(body, dict) else {}
    found = {}
    for name in TIMES:
        minutes = given.get(name)
        if isinstance(minutes, bool) or not isinstance(minutes, int) or not 1 <= minutes <= MOST_MINUTES:
            faults[f"within.{name}"] = f"minutes are a whole number from 1 to {MOST_MINUTES}"
        else:
            found[name] = minutes
    faults |= {f"within.{name}": "there is no such time" for name in given if name not in TIMES}
    return found


def _rows(body: Mapping[str, Any], key: str, faults: dict[str, str]) -> Iterable[tuple[int, Any]]:
    rows = body.get(key)
    if not isinstance(rows, list) or not 1 <= len(rows) <= MOST_ITEMS:
        faults[key] = f"a list of 1 to {MOST_ITEMS} is needed"
        return ()
    return enumerate(rows, 1)


def _item(row: Any, where: str, faults: dict[str, str]) -> Item | None:
    wrong: dict[str, str] = {}
    row = row if isinstance(row, dict) else {}
    names = _named(row, wrong)
    if row.get("about") not in ABOUT:
        wrong["about"] = f"an item is about one of {', '.join(ABOUT)}"
    if row.get("better", MORE) not in BETTER:
        wrong["better"] = f"better is one of {', '.join(BETTER)}"
    most = _number(row.get("most"), MOST_POINTS, wrong, "most")
    formula = row.get("formula", "")
    if not isinstance(formula, str) or len(formula) > LONGEST_FORMULA:
        wrong["formula"] = f"long: {LONGEST_FORMULA}"
    posts = row.get("posts", [])
    if not isinstance(posts, list) or any(post not in POSTS for post in posts):
        wrong["posts"] = f"posts are of {', '.join(POSTS)}"
    if not isinstance(row.get("open", True), bool):
        wrong["open"] = "open is yes or no"
    faults |= {f"{where}.{field}": why for field, why in wrong.items()}
    if wrong:
        return None
    return Item(row["code"], names, row["about"], most, formula.strip(), row.get("better", MORE), tuple(posts),
                row.get("open", True))  # fmt: skip


def _grade(row: Any, where: str, faults: dict[str, str]) -> Grade | None:
    wrong: dict[str, str] = {}
    row = row if isinstance(row, dict) else {}
    names = _named(row, wrong, upper=True)
    least = _number(row.get("least"), 100, wrong, "least", fewest=0)
    faults |= {f"{where}.{field}": why for field, why in wrong.items()}
    return None if wrong else Grade(row["code"], least, names)


def _named(row: Mapping[str, Any], wrong: dict[str, str], *, upper: bool = False) -> dict[str, str]:
    code = row.get("code")
    if not isinstance(code, str) or not _CODE.fullmatch(code.lower() if upper else code):
        wrong["code"] = "a code is 1 to 20 letters, digits or dashes"
    try:
        return read_names(row.get("names"))
    except ValueError as error:
        wrong["names"] = str(error)
        return {}


def _number(value: Any, most: float, wrong: dict[str, str], field: str, *, fewest: float = 0.1) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not fewest <= value <= most:
        wrong[field] = f"a number from {fewest:g} to {most:g}"
        return 0.0
    return round(float(value), 2)


def _only_once(key: str, codes: Sequence[str], faults: dict[str, str]) -> None:
    for n, code in enumerate(codes, 1):
        if code and code in codes[: n - 1]:
            faults[f"{key}.{n}.code"] = f"{code} is there twice"
