"""The shapes of what the API says of cases, tasks, citizens and calendars. Times are UTC (RFC 3339)."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec


class Who(msgspec.Struct, kw_only=True):
    """A user."""

    id: UUID
    login: str
    name: str


class Light(msgspec.Struct, kw_only=True):
    """How a case's clock stands. `colour`: green, yellow, red or grey (it stands still); `percent` of the time is used;
    `left` are the seconds that remain, in working time where the clock's `unit` is of working time; below 0: over."""

    colour: str
    reason: str
    percent: int
    left: float
    unit: str


class Case(msgspec.Struct, kw_only=True):
    """A case. `version` is in its ETag too. `due_at` is null before it is filed and while its clock stands still;
    `merged_into` and `parent` are ids of cases; `rating` is 1 (very satisfied) to 5. `contact` is the id that its
    calls, recordings and reports have too."""

    id: UUID
    number: str
    version: int
    state: str
    class_: str = msgspec.field(name="class")
    kind: str
    title: str
    text: str
    language: str
    cell: str
    address: str
    lon: float | None
    lat: float | None
    contact: UUID
    call: UUID | None
    citizen: UUID | None
    telephone: str
    worker: UUID | None
    department: UUID | None
    signed_at: datetime | None
    confidential: bool
    merged_into: UUID | None
    parent: UUID | None
    made_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    rating: int | None
    rated_at: datetime | None


class CaseDetail(Case, kw_only=True):
    """A case with its clock's light, why it is due when it is (in the language of Accept-Language), the orders its
    state allows, and the extension that is asked for."""

    light: Light | None
    due_because: str
    orders: list[str]
    extension: "AskedExtension | None"


class AskedExtension(msgspec.Struct, kw_only=True):
    """More time that was asked for and is not decided."""

    units: int
    unit: str
    reason: str
    asked_by: UUID | None
    asked_at: datetime


class CasePage(msgspec.Struct, kw_only=True):
    """Newest first. `next` is the cursor of the following page, null after the last."""

    items: list[Case]
    next: str | None


class CaseStep(msgspec.Struct, kw_only=True):
    """A step of a case's history. `what` is its name, `state` the one it led to, `by` who did it (null: the system),
    `sentence` the step in words, in the language of Accept-Language."""

    at: datetime
    what: str
    state: str
    by: Who | None
    text: str
    sentence: str
    order: UUID
    detail: dict[str, Any]


class CaseHistory(msgspec.Struct, kw_only=True):
    """In the order in which it happened; nothing is ever changed in it."""

    items: list[CaseStep]


class CaseOrder(msgspec.Struct, kw_only=True):
    """An order to a case that was carried out. `state` is the one it led to, `detail` what it made (a task's id, the
    numbers of parts). The same request with the same key says the same; `case` is the case as it is now (null: this
    token may not see it any more)."""

    id: UUID
    name: str
    made_at: datetime
    state: str
    detail: dict[str, Any]
    case: Case | None


class Task(msgspec.Struct, kw_only=True):
    """What a grid worker is asked to do. `kind`: handle, verify or check. `state`: made, sent (to a handset), shown,
    done or recalled. `answer_by`: until when, of a check (null: the case's own time)."""

    id: UUID
    case: str
    kind: str
    state: str
    worker: Who
    note: str
    answer_by: datetime | None
    made_at: datetime
    sent_at: datetime | None
    shown_at: datetime | None
    done_at: datetime | None


class TaskPage(msgspec.Struct, kw_only=True):
    """Newest first. `next` is the cursor of the following page, null after the last."""

    items: list[Task]
    next: str | None


class Worker(msgspec.Struct, kw_only=True):
    """A grid worker whom a case can be sent to; `own` is the case's cell's."""

    id: UUID
    name: str
    own: bool
    on_duty: bool


class WorkerList(msgspec.Struct, kw_only=True):
    """The one of the cell first, then those on duty."""

    items: list[Worker]


class Unit(msgspec.Struct, kw_only=True):
    """A department that cases can go to; `parent` is the one above it."""

    id: UUID
    code: str
    name: str
    parent: UUID | None


class UnitList(msgspec.Struct, kw_only=True):
    """By code."""

    items: list[Unit]


class Citizen(msgspec.Struct, kw_only=True):
    """Who asked: a number, and the name and language they gave. Nothing else is kept about anybody."""

    id: UUID
    number: str
    name: str
    language: str
    made_at: datetime


class Past(msgspec.Struct, kw_only=True):
    """Something a citizen did. `what`: case (with its number, title and state) or call (with its direction and
    outcome)."""

    what: str
    at: datetime
    id: UUID
    contact: UUID
    number: str = ""
    title: str = ""
    state: str = ""
    direction: str = ""


class PastList(msgspec.Struct, kw_only=True):
    """Newest first, the last hundred cases and the last hundred calls."""

    items: list[Past]


class Hop(msgspec.Struct, kw_only=True):
    """One thing that happened to a contact; `ms` since the one before it."""

    at: datetime
    what: str
    ms: int
    who: str
    text: str
    detail: dict[str, Any]


class HopList(msgspec.Struct, kw_only=True):
    """The whole way of a contact, from the first ring to the rating, in order."""

    items: list[Hop]


class CalendarName(msgspec.Struct, kw_only=True):
    """A calendar and its newest version."""

    name: str
    version: int
    made_at: datetime


class CalendarList(msgspec.Struct, kw_only=True):
    """By name. Deadlines go by `city`."""

    items: list[CalendarName]


class Span(msgspec.Struct, kw_only=True):
    """Open from, to, as minutes of the local day (0 to 1440)."""

    opens: int
    closes: int


class Day(msgspec.Struct, kw_only=True):
    """A named day: a day off, a make-up workday, or one with hours of its own."""

    day: date
    kind: str
    name: str
    spans: list[Span]


class Calendar(msgspec.Struct, kw_only=True):
    """A version of a working calendar; it is never changed. `week` are the weekdays that work (Monday 0), `spans` their
    hours in `zone`; up to `known_to` the `days` are complete."""

    name: str
    version: int
    zone: str
    week: list[int]
    spans: list[Span]
    known_to: date
    days: list[Day]
    made_at: datetime


class Working(msgspec.Struct, kw_only=True):
    """Whether it is working time, and up to when that stays so; `certain` is false beyond what the calendar knows."""

    at: datetime
    working: bool
    until: datetime
    certain: bool
    version: int


class Deadline(msgspec.Struct, kw_only=True):
    """When something is due, and why in words; `certain` is false beyond what the calendar knows."""

    start: datetime = msgspec.field(name="from")
    units: int
    unit: str
    due_at: datetime
    certain: bool
    because: str
    version: int
