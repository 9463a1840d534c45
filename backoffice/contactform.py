"""What the register of contacts is asked for, read from its address: `from`, `to` (days of the site, both included),
`channel`, `number`, `agent` (who took it), `outcome`, and `at`, the place in it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from schema.desk.citizens import can_be_called
from schema.desk.contactlist import OUTCOMES, Wanted
from schema.desk.listpages import Place, Span, read_place
from schema.ids import as_id

FIELDS = ("from", "to", "channel", "number", "agent", "outcome")


@dataclass(frozen=True)
class ContactForm:
    """`values` are the fields that are filled in, as written; `wrong` what is wrong with them: a key of words each."""

    values: Mapping[str, str]
    wanted: Wanted
    place: Place | None = None
    wrong: Mapping[str, str] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """A field as written."""
        return self.values.get(name, "")

    def query(self, **changes: str | None) -> str:
        """The register as the part of an address behind the question mark; None takes a field away."""
        pairs = {**self.values, **changes}
        return urlencode({name: value for name, value in pairs.items() if value is not None})


def read_form(
    asked: "MultiDict[str, str]",
    zone: ZoneInfo,
    *,
    numbers: bool,
    only: UUID | None,
    channels: Collection[str],
) -> ContactForm:
    """The register an address asks for.

    `numbers`: whether the reader may look for a number; `only`: whose contacts alone they see. What makes no sense is
    told in `wrong` and does not choose.
    """
    values = {name: text for name in FIELDS if (text := asked.get(name, "").strip()[:40])}
    wrong: dict[str, str] = {}
    wanted = Wanted(came=span(values, zone, wrong))
    if number := values.get("number", "").replace(" ", ""):
        if numbers and can_be_called(number):
            wanted = replace(wanted, number=number)
        else:
            wrong["number"] = "list.wrong.number" if numbers else "contactlist.no_numbers"
    for name, known in (("channel", channels), ("outcome", OUTCOMES)):
        if (value := values.get(name, "")) and value not in known:
            wrong[name] = "contactlist.unknown"
    wanted = replace(
        wanted, channel=values.get("channel", ""), outcome=values.get("outcome", ""), taken_by=only
    )
    if (agent := values.get("agent", "")) and only is None:
        try:
            wanted = replace(wanted, taken_by=as_id(agent))
        except ValueError:
            wrong["agent"] = "contactlist.unknown"
    return ContactForm(values, wanted, read_place(asked.get("at", "")), wrong)


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
