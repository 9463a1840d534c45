"""What workers read of their own work: the log of a day 工作日志, and the figures of a period with what they are of.

The log is what was done, out of the rows that prove it: on duty from when to when, tasks that came and were answered,
reports. Days are the site's. Nobody reads anybody else's here.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from schema.cases import Case, Task
from schema.desk.assessing import assess, one_assessed
from schema.desk.counts import Asked, numbers
from schema.desk.rulebooks import assessment, categories
from schema.desk.scope import actor_of
from schema.handsets import Duty, Media, Report
from schema.people import User
from schema.rules.assessment import PERSON
from schema.rules.periods import Period, days_between

MOST = 300
"""Entries of a day, reports of a period by their category."""
LONGEST_TEXT = 200
COUNTS = ("tasks", "tasks_done", "received", "handled", "handled_in_time", "checked", "failed")
"""Of `schema.desk.counts`, as the assessment counts them; and `reports`, all of them."""


class Span(Struct, frozen=True, omit_defaults=True):
    """A time on duty; `until` None while it lasts."""

    since: datetime
    until: datetime | None = None


class Entry(Struct, frozen=True, omit_defaults=True):
    """Something done: report, task (came), done (answered), on, off."""

    at: datetime
    what: str
    text: str = ""
    case_no: str = ""
    kind: str = ""
    photos: int = 0


class WorkLog(Struct, frozen=True):
    """A day, the oldest first; `minutes` on duty; `more`: there were more than are shown."""

    day: date
    minutes: int
    on_duty: list[Span]
    reports: int
    done: int
    entries: list[Entry]
    more: bool


class Day(Struct, frozen=True, omit_defaults=True):
    """A day of the figures."""

    day: date
    reports: int = 0
    done: int = 0
    minutes: int = 0


class Kind(Struct, frozen=True):
    """How many of a period's reports are about cases of a category ("" none), with its names."""

    category: str
    names: dict[str, str]
    count: int


class Statistics(Struct, frozen=True):
    """The figures of a period: `counts` by name (`COUNTS`, reports), by day, and by category of the case.

    `points` of `out_of` and the `grade` (its names, none: nothing was counted) are the assessment's.
    """

    first: date
    last: date
    points: float
    out_of: float
    grade: dict[str, str]
    counts: dict[str, int]
    minutes: int
    days: list[Day]
    kinds: list[Kind]


def work_log(session: Session, worker: UUID, day: date, now: datetime, zone: ZoneInfo) -> WorkLog:
    """The log of a local day."""
    begin, end = days_between(day, day).span(zone)
    spans = _duties(session, worker, begin, end)
    reports = list(
        session.execute(
            select(Report, Case.case_no, func.count(Media.id))
            .outerjoin(Case, Case.id == Report.case)
            .outerjoin(Media, Media.report == Report.id)
            .where(Report.worker == worker, Report.made_at >= begin, Report.made_at < end)
            .group_by(Report.id, Case.case_no)
            .order_by(Report.made_at, Report.id)
            .limit(MOST + 1)
        )
    )
    tasks = list(
        session.execute(
            select(Task, Case)
            .join(Case, Case.id == Task.case)
            .where(
                Task.worker == worker,
                or_(*((at >= begin) & (at < end) for at in (Task.sent_at, Task.done_at))),
            )
            .order_by(Task.made_at, Task.id)
            .limit(MOST + 1)
        )
    )
    entries = [
        Entry(row.made_at, "report", row.text[:LONGEST_TEXT], case_no or "", row.kind, photos)
        for row, case_no, photos in reports
    ]
    for task, case in tasks:
        for at, what in ((task.sent_at, "task"), (task.done_at, "done")):
            if at is not None and begin <= at < end:
                entries.append(Entry(at, what, case.title[:LONGEST_TEXT], case.case_no, task.kind))
    entries += [Entry(one.since, "on") for one in spans if one.since >= begin]
    entries += [Entry(one.until, "off") for one in spans if one.until is not None and one.until < end]
    entries.sort(key=lambda one: one.at)
    return WorkLog(
        day=day,
        minutes=_minutes(spans, begin, min(end, now)),
        on_duty=spans,
        reports=len(reports),
        done=sum(one.what == "done" for one in entries),
        entries=entries[:MOST],
        more=len(entries) > MOST,
    )


def statistics(session: Session, worker: UUID, period: Period, now: datetime, zone: ZoneInfo) -> Statistics:
    """The worker's own figures of a period."""
    begin, end = period.span(zone)
    book = assessment(session)
    asked = Asked(session, PERSON, begin, end, now, book.within)
    actor = actor_of(session, session.get_one(User, worker))
    (score,) = assess(asked, book, period, [one_assessed(session, actor, PERSON, worker)])
    counts = {name: numbers(asked, name, {worker}).get(worker, 0) for name in COUNTS}
    spans = _duties(session, worker, begin, end)
    days = {period.first + timedelta(days=n): [0, 0, 0] for n in range((period.last - period.first).days + 1)}
    made = select(Report.made_at).where(
        Report.worker == worker, Report.made_at >= begin, Report.made_at < end
    )
    done = select(Task.done_at).where(Task.worker == worker, Task.done_at >= begin, Task.done_at < end)
    queries: tuple[Any, ...] = (made, done)
    for place, query in enumerate(queries):
        for at in session.scalars(query):
            days[at.astimezone(zone).date()][place] += 1
    counts["reports"] = sum(day[0] for day in days.values())
    for day, figures in days.items():
        first, last = days_between(day, day).span(zone)
        figures[2] = _minutes(spans, first, min(last, now))
    return Statistics(
        first=period.first,
        last=period.last,
        points=round(score.points, 1),
        out_of=round(score.out_of, 1),
        grade=dict(score.grade.names) if score.grade else {},
        counts=counts,
        minutes=_minutes(spans, begin, min(end, now)),
        days=[Day(day, *figures) for day, figures in days.items()],
        kinds=_kinds(session, worker, begin, end),
    )


def _kinds(session: Session, worker: UUID, begin: datetime, end: datetime) -> list[Kind]:
    query = (
        select(Case.category, func.count())
        .select_from(Report)
        .outerjoin(Case, Case.id == Report.case)
        .where(Report.worker == worker, Report.made_at >= begin, Report.made_at < end)
        .group_by(Case.category)
    )
    book = categories(session).by_code
    counted: Counter[str] = Counter()
    for code, count in session.execute(query):
        counted[code or ""] += count  # no case, and a case of no category
    found = [
        Kind(code, dict(book[code].names) if code in book else {}, count) for code, count in counted.items()
    ]
    return sorted(found, key=lambda one: (-one.count, one.category))


def _duties(session: Session, worker: UUID, begin: datetime, end: datetime) -> list[Span]:
    query = (
        select(Duty.started_at, Duty.ended_at)
        .where(
            Duty.worker == worker,
            Duty.started_at < end,
            or_(Duty.ended_at.is_(None), Duty.ended_at > begin),
        )
        .order_by(Duty.started_at)
    )
    return [Span(since, until) for since, until in session.execute(query)]


def _minutes(spans: Iterable[Span], begin: datetime, end: datetime) -> int:
    """Whole minutes on duty between two times."""
    total = timedelta()
    for one in spans:
        since, until = max(one.since, begin), min(one.until or end, end)
        total += max(until - since, timedelta())
    return int(total.total_seconds() // 60)
