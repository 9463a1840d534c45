"""What a report is asked for: the form, as it stands in the page's address, read and checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from schema.desk.callstats import BY, Asked
from schema.ids import as_id
from schema.rules.intervals import EVERY, MOST, TooMany, bounds

YEARS = 5
WITHIN = 20
AT_ONCE = timedelta(days=62)
"""A longer time is counted month by month, with its progress shown."""


@dataclass(frozen=True, slots=True)
class Form:
    """The form's fields. `wrong` has the message of each field that cannot be; then there is nothing to count."""

    first: date
    last: date
    every: str = "day"
    by: str = ""
    queue: str = ""
    agent: UUID | None = None
    language: str = ""
    within: int = WITHIN
    wrong: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """The query that brings this report back."""
        values = {
            "from": self.first, "to": self.last, "every": self.every, "by": self.by, "queue": self.queue,
            "agent": self.agent or "", "language": self.language,
            "within": "" if self.within == WITHIN else self.within,
        }  # fmt: skip
        return urlencode({name: str(value) for name, value in values.items() if value != ""})

    @property
    def is_long(self) -> bool:
        """Whether counting takes so long that its progress is worth showing."""
        return self.last - self.first > AT_ONCE

    def asked(self, zone: ZoneInfo, now: datetime) -> Asked:
        """The question. What has not begun is left out, so there may be no interval at all. Raises TooMany."""
        edges = bounds(
            self.first, min(self.last, max(self.first, now.astimezone(zone).date())), self.every, zone
        )
        begun = sum(1 for begins, _ in pairwise(edges) if begins <= now)
        return Asked(
            edges[: begun + 1] if begun else (),
            self.by,
            self.queue,
            self.agent,
            self.language,
            float(self.within),
        )


def read(values: Mapping[str, str], today: date, queues: Mapping[str, str], agents: int) -> Form:
    """The form out of an address; where it says nothing, the last seven days. `agents`: how many there are."""
    wrong: dict[str, str] = {}

    def chosen(name: str, choices: object, otherwise: str) -> str:
        value = values.get(name, otherwise)
        if value in choices:  # type: ignore[operator]
            return value
        wrong[name] = "choice"
        return otherwise

    def day(name: str, otherwise: date) -> date:
        try:
            found = date.fromisoformat(values.get(name) or otherwise.isoformat())
        except ValueError:
            found = date.min
        if not 1970 <= found.year <= 9000:
            wrong[name] = "dates"
            return otherwise
        return found

    last = day("to", today)
    first = day("from", last - timedelta(days=6))
    every = chosen("every", EVERY, "day")
    by = chosen("by", BY, "")
    queue = chosen("queue", {"", *queues}, "")
    language = chosen("language", {"", "zh", "en", "ug"}, "")
    agent = None
    if values.get("agent"):
        try:
            agent = as_id(values["agent"])
        except ValueError:
            wrong["agent"] = "choice"
    within = values.get("within") or str(WITHIN)
    if not (within.isascii() and within.isdigit() and len(within) < 5 and 1 <= int(within) <= 600):
        wrong["within"], within = "within", str(WITHIN)
    if last < first:
        wrong.setdefault("to", "order")
    elif last - first > timedelta(days=366 * YEARS):
        wrong.setdefault("to", "long")
    form = Form(first, last, every, by, queue, agent, language, int(within), wrong, dict(values))
    if not wrong and _rows(form, len(queues), agents) > MOST:
        wrong["every"] = "many"
    return form


def _rows(form: Form, queues: int, agents: int) -> int:
    """How many rows the table may have."""
    try:
        intervals = len(bounds(form.first, form.last, form.every, ZoneInfo("UTC"))) - 1
    except TooMany:
        return MOST + 1
    # A day on which the clocks change may have four quarter hours more than one of UTC.
    return (intervals - 4) * {"queue": max(1, queues), "agent": max(1, agents), "language": 4}.get(form.by, 1)
