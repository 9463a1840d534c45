"""Event categories 事件类别: a tree of codes, in the order in which the city wants to see them. Pure.

Two digits a level, at most three levels, as GB/T 30428.2 counts classes 大类 and kinds 小类: 02 is above 0203, which is
above 020301. What a category does not say (class, kind, department, limit) is what the one above it says.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from schema.rules.bookparts import BadBook, name_in, read_names
from schema.rules.limits import Limit, Policy, read_limit
from schema.rules.numbering import PREFIXES

CLASSES = tuple(PREFIXES)
"""政务服务, 社会服务."""
KINDS = ("consultation", "complaint", "suggestion", "service")
"""咨询, 投诉, 建议, 服务."""
MOST = 2000
_CODE = re.compile(r"([0-9]{2}){1,3}", re.ASCII)
_DEPARTMENT = re.compile(r"[A-Za-z0-9_.-]{1,20}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Category:
    """One category. `names` by language, at least "zh"; "" and None: as the one above. Closed: no new cases."""

    code: str
    names: Mapping[str, str]
    class_: str = ""
    kind: str = ""
    department: str = ""
    limit: Limit | None = None
    open: bool = True

    @property
    def above(self) -> str:
        """The code of the category above; "" for the first level."""
        return self.code[:-2]

    def name(self, language: str) -> str:
        """Its name in a language, or in Chinese."""
        return name_in(self.names, language)

    def body(self) -> dict[str, Any]:
        """As JSON types; what is not said is left out."""
        found: dict[str, Any] = {"code": self.code, "names": dict(self.names)}
        for key, value in (("class", self.class_), ("kind", self.kind), ("department", self.department)):
            if value:
                found[key] = value
        if self.limit is not None:
            found["limit"] = self.limit.body()
        if not self.open:
            found["open"] = False
        return found


@dataclass(frozen=True)
class Categories:
    """All categories of a site; `rows` in their order, each after the one above it."""

    rows: tuple[Category, ...] = ()
    by_code: Mapping[str, Category] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_code", {row.code: row for row in self.rows})

    @cached_property
    def _parents(self) -> frozenset[str]:
        return frozenset(row.above for row in self.rows)

    def below(self, code: str) -> list[Category]:
        """Those directly below `code` ("": the first level), in order."""
        return [row for row in self.rows if row.above == code]

    def way(self, code: str) -> list[Category]:
        """From the first level down to `code`; [] for one that is not here."""
        return [self.by_code[code[:n]] for n in range(2, len(code) + 1, 2)] if code in self.by_code else []

    def takes(self, code: str) -> bool:
        """Whether a new case may be of this category: it and those above are open, and none is below it."""
        way = self.way(code)
        return bool(way) and all(row.open for row in way) and code not in self._parents

    def leaves(self) -> Iterator[Category]:
        """Those that take new cases, in order."""
        return (row for row in self.rows if self.takes(row.code))

    def name(self, code: str, language: str) -> str:
        """Its name with those above it: "Streets / Lighting"; the code itself for one that is not here."""
        return " / ".join(row.name(language) for row in self.way(code)) or code

    def said(self, code: str, what: str) -> str:
        """The class_, kind or department of a category: its own, or of the nearest above that says one."""
        values = (str(getattr(row, what)) for row in reversed(self.way(code)))
        return next((value for value in values if value), "")

    def policy(self, code: str) -> Policy | None:
        """The limit of a category, its own or of the nearest above that has one; None when there is none."""
        for row in reversed(self.way(code)):
            if row.limit is not None:
                return Policy(row.limit, f"category {row.code}")
        return None


def read_categories(body: Mapping[str, Any]) -> Categories:
    """The book "categories": {"rows": [...]}. Raises BadBook with every fault, by code and field."""
    rows = body.get("rows")
    faults: dict[str, str] = {}
    if not isinstance(rows, list) or len(rows) > MOST:
        raise BadBook({"rows": f"a list of at most {MOST} categories is needed"})
    found: dict[str, Category] = {}
    for number, row in enumerate(rows, 1):
        code = str(row.get("code", "")) if isinstance(row, dict) else ""
        where = code if _CODE.fullmatch(code) else f"row {number}"
        wrong = _wrong(row, code, found) if isinstance(row, dict) else {"": "this is no category"}
        faults |= {f"{where}.{name}" if name else where: why for name, why in wrong.items()}
        if not wrong:
            limit = read_limit(row["limit"]) if row.get("limit") is not None else None
            found[code] = Category(code, read_names(row["names"]), row.get("class", ""), row.get("kind", ""),
                                   row.get("department", ""), limit, row.get("open", True))  # fmt: skip
    if faults:
        raise BadBook(faults)
    return Categories(tuple(found.values()))


def _wrong(row: dict[str, Any], code: str, before: Mapping[str, Category]) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if not _CODE.fullmatch(code):
        wrong["code"] = "a code is 2, 4 or 6 digits"
    elif code in before:
        wrong["code"] = "this code is there already"
    elif code[:-2] and code[:-2] not in before:
        wrong["code"] = f"{code[:-2]} has to come before it"
    try:
        read_names(row.get("names"))
    except ValueError as error:
        wrong["names"] = str(error)
    if row.get("class", "") not in ("", *CLASSES):
        wrong["class"] = f"the class is one of {', '.join(CLASSES)}"
    if row.get("kind", "") not in ("", *KINDS):
        wrong["kind"] = f"the kind is one of {', '.join(KINDS)}"
    department = row.get("department", "")
    if not isinstance(department, str) or (department and not _DEPARTMENT.fullmatch(department)):
        wrong["department"] = "this is no code of a department"
    if not isinstance(row.get("open", True), bool):
        wrong["open"] = "this is yes or no"
    if row.get("limit") is not None:
        try:
            read_limit(row["limit"])
        except ValueError as error:
            wrong["limit"] = str(error)
    return wrong
