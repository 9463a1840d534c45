"""What a list of cases is asked for, read from its address, and written back into one.

Every field is a parameter, so that a list can be sent, kept and come back to: `q` the words (or a case's
number, or a telephone), `state`, `light`, `kind`, `rating` more than once, `class`, `language`, `number`,
`cell`, `worker`, `by`, `category`, `channel`, `department`, `confidential`, `made_from` … `closed_to` (days of
the site, both included), `sort`, and `at`, the place in it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from schema.desk.caselist import LIGHTS, Wanted
from schema.desk.citizens import can_be_called
from schema.desk.listpages import Place, Span, read_place
from schema.ids import as_id
from schema.rules.categories import CLASSES, KINDS
from schema.rules.languages import LANGUAGES
from schema.rules.lifecycle import STATES
from schema.rules.numbering import Numbering
from schema.rules.searchwords import BadQuery, read_query

SORTS = ("made", "made-asc", "due", "due-desc")
MANY: Mapping[str, tuple[str, ...]] = {
    "state": STATES, "light": LIGHTS, "kind": KINDS, "rating": tuple(map(str, range(1, 6))),
}  # fmt: skip
ONE: Mapping[str, tuple[str, ...]] = {
    "class": CLASSES,
    "language": LANGUAGES,
    "confidential": ("yes", "no"),
    "sort": SORTS,
}
SPANS = ("made", "due", "closed")
FIELDS = (
    "q", *MANY, *ONE, "number", "cell", "worker", "by", "category", "channel", "department",
    *(f"{span}_{end}" for span in SPANS for end in ("from", "to")),
)  # fmt: skip
FEWEST_OF_NUMBER = 7
"""So many digits as words are a telephone number."""
LONGEST = 200


@dataclass(frozen=True)
class ListForm:
    """`values` are the fields that are filled in, as written; `wrong` what is wrong with them: a key of words each."""

    values: Mapping[str, list[str]]
    wanted: Wanted
    place: Place | None = None
    wrong: Mapping[str, str] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """A field as written."""
        return self.values.get(name, [""])[0]

    def has(self, name: str, value: str) -> bool:
        """Whether a field has this value among its values."""
        return value in self.values.get(name, ())

    @property
    def chosen(self) -> list[tuple[str, str]]:
        """What chooses: fields and values, without the words and the order."""
        return [
            (name, value)
            for name, values in self.values.items()
            if name not in ("q", "sort")
            for value in values
        ]

    def query(self, **changes: str | None) -> str:
        """The list as the part of an address behind the question mark; None takes a field away."""
        pairs = [
            (name, value) for name, values in self.values.items() if name not in changes for value in values
        ]
        return urlencode(pairs + [(name, value) for name, value in changes.items() if value is not None])

    def without(self, name: str, value: str) -> str:
        """The same list without one of what chooses."""
        pairs = [(n, v) for n, values in self.values.items() for v in values if (n, v) != (name, value)]
        return urlencode(pairs)

    def seen_by(self, may_see: Any) -> Wanted:
        """What is wanted, of what somebody may see."""
        return replace(self.wanted, may_see=may_see)


def read_form(asked: "MultiDict[str, str]", zone: ZoneInfo, numbering: Numbering) -> ListForm:
    """The list an address asks for. What makes no sense is told in `wrong` and does not choose."""
    values: dict[str, list[str]] = {}
    for name in FIELDS:
        most = len(MANY.get(name, ("",)))
        kept = dict.fromkeys(text.strip()[: LONGEST + 1] for text in asked.getlist(name)[: 2 * most])
        allowed = MANY.get(name) or ONE.get(name)
        if found := [text for text in kept if text and (allowed is None or text in allowed)]:
            values[name] = found
    wrong: dict[str, str] = {}

    def one(name: str) -> str:
        return values.get(name, [""])[0]

    def read(name: str, how: Callable[[str], Any]) -> Any:
        try:
            return how(one(name)) if one(name) else None
        except ValueError:
            wrong[name] = f"list.wrong.{name}"
            return None

    spans = {name: _span(name, one, zone, wrong) for name in SPANS}
    sort = one("sort") or "made"
    wanted = Wanted(
        states=tuple(values.get("state", ())),
        lights=tuple(values.get("light", ())),
        kinds=tuple(values.get("kind", ())),
        ratings=tuple(map(int, values.get("rating", ()))),
        class_=one("class"),
        language=one("language"),
        category=read("category", _category) or "",
        channel=one("channel")[:20],
        number=read("number", _number) or "",
        cell=read("cell", _cell) or "",
        worker=read("worker", _person),
        department=read("department", _person),
        confidential={"yes": True, "no": False}.get(one("confidential")),
        made_by=read("by", _person),
        made=spans["made"],
        due=spans["due"],
        closed=spans["closed"],
        by_due=sort in ("due", "due-desc"),
        newest_first=sort in ("made", "due-desc"),
    )
    try:
        wanted = _with_words(wanted, one("q"), zone, numbering)
    except BadQuery as bad:
        wrong["q"] = f"list.wrong.q-{bad.why}"
    return ListForm(values, wanted, read_place(asked.get("at", "")), wrong)


def _with_words(wanted: Wanted, words: str, zone: ZoneInfo, numbering: Numbering) -> Wanted:
    """What is typed above the list: a case's number, a day's (SH-20261124), a telephone number, or words."""
    upper = words.upper()
    # A city that numbers otherwise now still has the cases of before.
    for one in (numbering, Numbering()):
        try:
            one.read(upper)
            return replace(wanted, case_no=upper)
        except ValueError:
            pass
        try:
            class_, day = one.read_key(upper)
            if wanted.made == (None, None):
                return replace(wanted, class_=class_, made=_days(day, day, zone))
        except (ValueError, OverflowError):
            pass
    number = words.replace(" ", "")
    if not wanted.number and can_be_called(number) and len(number) >= FEWEST_OF_NUMBER:
        return replace(wanted, number=number)
    return replace(wanted, words=read_query(words))


def _span(name: str, one: Callable[[str], str], zone: ZoneInfo, wrong: dict[str, str]) -> Span:
    days: list[date | None] = []
    for end in ("from", "to"):
        text = one(f"{name}_{end}")
        try:
            days.append(date.fromisoformat(text) if text else None)
        except ValueError:
            wrong[f"{name}_{end}"] = "list.wrong.day"
            days.append(None)
    begin, last = days
    if begin is not None and last is not None and begin > last:
        wrong[f"{name}_to"] = "list.wrong.days"
        return None, None
    return _days(begin, last, zone)


def _days(begin: date | None, last: date | None, zone: ZoneInfo) -> Span:
    """The time of days of the site, both included; the ends of the calendar stay open."""

    def midnight(day: date) -> datetime | None:
        return datetime.combine(day, time(), zone) if 1900 <= day.year <= 9990 else None

    return (
        midnight(begin) if begin is not None else None,
        midnight(last + timedelta(days=1)) if last is not None and last < date.max else None,
    )


def _number(text: str) -> str:
    if not can_be_called(number := text.replace(" ", "")):
        raise ValueError
    return number


def _cell(text: str) -> str:
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise ValueError
    return text


def _category(text: str) -> str:
    if not (text.isascii() and text.isdigit() and len(text) in (2, 4, 6)):
        raise ValueError
    return text


def _person(text: str) -> UUID:
    return as_id(text)
