"""What the daily brief counts: waits, cases and what happened to them on a day, from rows that nobody rewrites."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from os.path import commonprefix
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, case, func, select, true
from sqlalchemy.orm import Session

from schema.base import table_of
from schema.cases import Case, CaseStep
from schema.clocks import ClockRow
from schema.desk.callstats import Asked, count_waits
from schema.desk.hotlist import hot_cases
from schema.desk.rulebooks import categories
from schema.desk.spans import intervals
from schema.people import Department
from schema.places import GridCell
from schema.rules.brief import SATISFIED, WITHIN, Bar, Brief, Counts, Hot
from schema.rules.intervals import bounds, midnight

FILED = ("case.filed", "case.split-off")
CLOSED = ("case.closed", "case.replied")
BARS = 12
HOT = 10


def make_brief(session: Session, day: date, zone: ZoneInfo, now: datetime) -> Brief:
    """The brief of a local day; of the present one up to `now`, and the days beside it up to the same time."""
    begins, ends = midnight(day, zone), midnight(day + timedelta(days=1), zone)
    is_over = ends <= now
    upto = "" if is_over else now.astimezone(zone).strftime("%H:%M")
    until = ends if is_over else now

    def other(days: int) -> Counts:
        there = day - timedelta(days=days)
        first, last = midnight(there, zone), midnight(there + timedelta(days=1), zone)
        return counts_of(session, first, last if is_over else min(last, first + (now - begins)))

    return Brief(
        day.isoformat(), counts_of(session, begins, until), other(1), other(7),
        hours=_hours(session, day, zone, until), categories=_categories(session, begins, until),
        areas=_areas(session, begins, until), units=_units(session, begins, until),
        hot=[_hot(one.case, one.counts) for one in hot_cases(session, true(), until, HOT)], upto=upto,
    )  # fmt: skip


def counts_of(session: Session, begins: datetime, ends: datetime) -> Counts:
    """What is counted from one time up to another."""
    found = Counts()
    if begins < ends:
        for waits in count_waits(session, Asked((begins, ends), within=WITHIN)).values():
            found.offered += waits.offered
            found.answered += waits.answered
            found.abandoned += waits.abandoned
            found.level_in += waits.in_time
            found.late += waits.late
    found.taken = session.scalar(select(func.count()).select_from(Case).where(_taken(begins, ends))) or 0
    hops = (*FILED, *CLOSED, "case.dispatched", "case.reopened")
    steps = dict(
        session.execute(
            select(CaseStep.hop, func.count()).where(_at(begins, ends, *hops)).group_by(CaseStep.hop)
        ).all()
    )
    found.filed = sum(steps.get(hop, 0) for hop in FILED)
    found.closed = sum(steps.get(hop, 0) for hop in CLOSED)
    found.dispatched, found.reopened = steps.get("case.dispatched", 0), steps.get("case.reopened", 0)
    for unit in _on_time(session, begins, ends).values():
        found.in_time += unit[0]
        found.timed += unit[1]
    score = CaseStep.detail["score"].as_integer()
    found.rated, found.satisfied = session.execute(
        select(func.count(), func.count(case((score <= SATISFIED, 1)))).where(_at(begins, ends, "case.rated"))
    ).one()
    return found


def _taken(begins: datetime, ends: datetime) -> ColumnElement[bool]:
    # The parts of a split were taken in as one request.
    return and_(Case.made_at >= begins, Case.made_at < ends, Case.parent.is_(None))


def _at(begins: datetime, ends: datetime, *hops: str) -> ColumnElement[bool]:
    return and_(CaseStep.hop.in_(hops), CaseStep.at >= begins, CaseStep.at < ends)


def _on_time(session: Session, begins: datetime, ends: datetime) -> dict[Any, tuple[int, int]]:
    """By department how many closed cases had a clock, and how many of those were in time: (in time, all)."""
    in_time = func.count(case((ClockRow.ended_at <= ClockRow.due_at, 1)))
    query = (
        select(Case.department, in_time, func.count())
        .select_from(CaseStep)
        .join(ClockRow, and_(ClockRow.case == CaseStep.case, ClockRow.ended_at == CaseStep.at))
        .join(Case, Case.id == CaseStep.case)
        .where(_at(begins, ends, *CLOSED), ClockRow.due_at.is_not(None))
        .group_by(Case.department)
    )
    return {department: (good, whole) for department, good, whole in session.execute(query)}


def _hours(session: Session, day: date, zone: ZoneInfo, until: datetime) -> list[Bar]:
    edges = bounds(day, day, "hour", zone)
    hour, made = intervals(edges), table_of(Case).c
    within = and_(made.made_at >= hour.c.begins, made.made_at < hour.c.ends, made.made_at < until)
    query = (
        select(hour.c.i, func.count()).join_from(hour, table_of(Case), within).where(made.parent.is_(None))
    )
    found: dict[int, int] = dict(session.execute(query.group_by(hour.c.i)).all())
    return [
        Bar(begins.astimezone(zone).strftime("%H:%M"), {}, found.get(i, 0))
        for i, begins in enumerate(edges[:-1])
    ]


def _categories(session: Session, begins: datetime, ends: datetime) -> list[Bar]:
    first = func.substr(Case.category, 1, 2)
    query = select(first, func.count()).where(_taken(begins, ends)).group_by(first)
    known = categories(session).by_code
    found: dict[str, int] = dict(session.execute(query).all())
    return _most(found, {code: known[code].names for code in found if code in known})


def _areas(session: Session, begins: datetime, ends: datetime) -> list[Bar]:
    """By street where there are several (the first nine digits of a cell's code), by cell where there is one."""
    query = select(Case.cell, func.count()).where(_taken(begins, ends)).group_by(Case.cell)
    cells: dict[str, int] = dict(session.execute(query).all())
    names = dict(session.execute(select(GridCell.code, GridCell.name)).all())
    if len({code[:9] for code in names}) < 2:
        return _most(cells, {code: {"": names.get(code, code)} for code in cells})
    streets: Counter[str] = Counter()
    for code, count in cells.items():
        streets[code[:9]] += count
    called = {street: commonprefix([name for code, name in names.items() if code[:9] == street])
              for street in streets}  # fmt: skip
    return _most(streets, {street: {"": f"{name} {street}".strip()} for street, name in called.items()})


def _units(session: Session, begins: datetime, ends: datetime) -> list[Bar]:
    found = _on_time(session, begins, ends)
    names = dict(
        session.execute(select(Department.id, Department.name).where(Department.id.in_(found))).all()
    )
    bars = [
        Bar(str(unit) if unit else "", {"": names[unit]} if unit in names else {}, good, whole)
        for unit, (good, whole) in found.items()
    ]
    return sorted(bars, key=lambda bar: (-bar.whole, bar.key))[:BARS]


def _most(counts: Mapping[str, int], names: Mapping[str, Mapping[str, str]]) -> list[Bar]:
    ranked = sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:BARS]
    return [Bar(key, dict(names.get(key, {})), count) for key, count in ranked]


def _hot(row: Case, counts: Mapping[str, int]) -> Hot:
    # What is kept for good does not keep what a confidential case is about.
    return Hot(str(row.id), row.case_no, "" if row.confidential else row.title, counts)
