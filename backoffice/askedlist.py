"""What a list is asked for, read from its address and written back into one; and the days it is of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Generic, TypeVar
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from schema.desk.listpages import Place, Span

Wanted = TypeVar("Wanted")


@dataclass(frozen=True)
class AskedList(Generic[Wanted]):
    """`values` are the fields that are filled in, as written; `wrong` what is wrong with them: a key of words each."""

    values: Mapping[str, str]
    wanted: Wanted
    place: Place | None = None
    wrong: Mapping[str, str] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """A field as written."""
        return self.values.get(name, "")

    def query(self, **changes: str | None) -> str:
        """The list as the part of an address behind the question mark; None takes a field away."""
        pairs = {**self.values, **changes}
        return urlencode({name: value for name, value in pairs.items() if value is not None})


def span(values: Mapping[str, str], zone: ZoneInfo, wrong: dict[str, str]) -> Span:
    """The time from the day `from` to the day `to`, both included; what is wrong with them goes into `wrong`."""
    days: list[date | None] = []
    for name in ("from", "to"):
        try:
            days.append(date.fromisoformat(values[name]) if name in values else None)
        except ValueError:
            wrong[name] = "list.wrong.day"
            days.append(None)
    begin, last = days
    if begin is not None and last is not None and begin > last:
        wrong["to"] = "list.wrong.days"
    return (
        _midnight(begin, zone) if begin is not None else None,
        _midnight(last + timedelta(days=1), zone) if last is not None and last < date.max else None,
    )


def _midnight(day: date, zone: ZoneInfo) -> datetime | None:
    return datetime.combine(day, time(), zone) if 1900 <= day.year <= 9990 else None
