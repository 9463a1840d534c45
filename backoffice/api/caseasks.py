"""The shapes of what is asked about cases, tasks and calendars. A text is checked by the desk that takes it."""

from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from backoffice.api.asks import Asked, Cursor, Limit, Moment, Texts
from backoffice.api.shapes import CaseRef, Phone
from schema.rules.lifecycle import STATES

State = Annotated[str, Meta(pattern=f"^({'|'.join(STATES)})$")]
Class = Literal["government", "social"]
Kind = Literal["consultation", "complaint", "suggestion", "service"]
Cell = Annotated[str, Meta(pattern="^[0-9]{15}$", description="the code of a grid cell")]
Worker = Annotated[str, Meta(min_length=1, max_length=60, description="a grid worker: login or id")]
UnitRef = Annotated[str, Meta(min_length=1, max_length=40, description="a department: code or id")]
Text = Annotated[str, Meta(max_length=4000)]
Needed = Annotated[str, Meta(min_length=1, max_length=4000)]
Title = Annotated[str, Meta(min_length=1, max_length=120)]
Unit = Literal["urgent-hours", "working-hours", "working-days", "calendar-days"]


class Cases(Asked, kw_only=True):
    """Which cases. `since` and `until` are about when a case was made; `open`: neither closed nor otherwise over;
    `area` is the beginning of a grid cell's code (district 6, street 9, community 12 digits)."""

    since: Moment | UnsetType = UNSET
    until: Moment | UnsetType = UNSET
    due_before: Moment | UnsetType = UNSET
    state: State | UnsetType = UNSET
    open: bool | UnsetType = UNSET
    class_: Class | UnsetType = msgspec.field(name="class", default=UNSET)
    kind: Kind | UnsetType = UNSET
    area: Annotated[str, Meta(pattern="^[0-9]{6,15}$")] | UnsetType = UNSET
    number: Phone | UnsetType = UNSET
    citizen: UUID | UnsetType = UNSET
    worker: UUID | UnsetType = UNSET
    department: UUID | UnsetType = UNSET
    limit: Limit = 50
    cursor: Cursor | UnsetType = UNSET


class Tasks(Asked, kw_only=True):
    """Which tasks. `since` and `until` are about when a task was made; `open`: made, sent or shown."""

    since: Moment | UnsetType = UNSET
    until: Moment | UnsetType = UNSET
    state: Literal["open", "made", "sent", "shown", "done", "recalled"] | UnsetType = UNSET
    kind: Literal["handle", "verify", "check"] | UnsetType = UNSET
    worker: UUID | UnsetType = UNSET
    case: CaseRef | UnsetType = UNSET
    limit: Limit = 50
    cursor: Cursor | UnsetType = UNSET


class NewCase(Texts, kw_only=True):
    """A request. It has a `cell`, or `lon` and `lat` (WGS-84) in one; `call` is the call it came by; with `file` false
    it is taken in and not filed yet."""

    class_: Class = msgspec.field(name="class")
    kind: Kind
    title: Title
    text: Needed
    cell: Cell | UnsetType = UNSET
    address: Annotated[str, Meta(max_length=200)] = ""
    lon: Annotated[float, Meta(ge=-180, le=180)] | UnsetType = UNSET
    lat: Annotated[float, Meta(ge=-90, le=90)] | UnsetType = UNSET
    number: Phone | UnsetType = UNSET
    citizen: Annotated[str, Meta(max_length=100, description="the name the citizen gave")] = ""
    language: Annotated[str, Meta(pattern="^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,4})?$")] = "zh"
    call: UUID | UnsetType = UNSET
    confidential: bool = False
    file: bool = True


class Assigned(Texts, kw_only=True):
    """To whom, and what they should know."""

    worker: Worker
    note: Text = ""


class Dispatched(Texts, kw_only=True):
    """To a grid worker with a task, or to a department; and what they should know."""

    worker: Worker | UnsetType = UNSET
    department: UnitRef | UnsetType = UNSET
    note: Text = ""


class Delegated(Texts, kw_only=True):
    """To which department below, and what it should know."""

    department: UnitRef
    note: Text = ""


class Handled(Texts, kw_only=True):
    """What was done."""

    text: Needed


class Checked(Texts, kw_only=True):
    """Whether it passed; if not, `text` says why."""

    passed: bool
    text: Text = ""


class CheckAsked(Assigned, kw_only=True):
    """Who is to look on the spot, what at, and by when they are to answer."""

    answer_by: Moment


class Closed(Texts, kw_only=True):
    """Whether the citizen is called for a rating."""

    text: Text = ""
    visit: bool = True


class Because(Texts, kw_only=True):
    """Why; it stands in the case's history."""

    reason: Needed


class Supervised(Texts, kw_only=True):
    """What is to be done, and by when it is to be answered."""

    text: Needed
    answer_by: Moment


class Rated(Asked, kw_only=True):
    """1 (very satisfied) to 5 (very dissatisfied)."""

    score: Annotated[int, Meta(ge=1, le=5)]


class Found(Texts, kw_only=True):
    """Whether it is so; if not, `text` says what there is."""

    found: bool
    text: Text = ""


class Remark(Texts, kw_only=True):
    """What is said about it."""

    text: Text = ""


class MoreTime(Texts, kw_only=True):
    """How many more of the clock's units, and why."""

    units: Annotated[int, Meta(ge=1, le=1000)]
    reason: Needed


class Decided(Texts, kw_only=True):
    """Whether it is granted; if not, `text` says why."""

    granted: bool
    text: Text = ""


class Merged(Texts, kw_only=True):
    """Into which case."""

    into: CaseRef
    text: Text = ""


class CasePart(Texts, kw_only=True):
    """A part; what it does not have of its own is as in the whole."""

    title: Title
    text: Needed
    kind: Kind | UnsetType = UNSET
    cell: Cell | UnsetType = UNSET


class Split(Texts, kw_only=True):
    """The parts in which the case goes on."""

    parts: Annotated[list[CasePart], Meta(min_length=2, max_length=9)]
    text: Text = ""


class WorkingAt(Asked, kw_only=True):
    """When; without it, now."""

    at: Moment | UnsetType = UNSET


class DeadlineOf(Asked, kw_only=True):
    """So many `units` of `unit`, from when (without it, now)."""

    units: Annotated[int, Meta(ge=1, le=5000)]
    unit: Unit
    start: Moment | UnsetType = msgspec.field(name="from", default=UNSET)
