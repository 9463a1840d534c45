"""The clocks desk: the clock of a case as rows, what an order of the life cycle does to it, and its light.

Whoever changes a clock has locked its case. A case filed before clocks were kept gets one when it is first changed.
"""

import json
from collections.abc import Callable
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from schema.base import table_of
from schema.cases import Case
from schema.clocks import ClockRow, Extension, IntervalRow
from schema.desk.deadlines import calendar_at, newest_calendar, newest_version
from schema.desk.rulebooks import policy_for
from schema.ids import uuid7
from schema.rules.calendar import Calendar
from schema.rules.clocks import Clock, Interval, allowance, deadline, reached, start
from schema.rules.lifecycle import RUNNING
from schema.rules.lights import SOON, Light, light, next_moment
from schema.rules.limits import CITY
from schema.store import Store, UnitOfWork

FIRST_VERSION = 1


def turn(
    work: UnitOfWork,
    case: Case,
    effect: str,
    *,
    reason: str = "",
    extra: int = 0,
    first: bool = False,
    like: Clock | None = None,
) -> None:
    """Do to a case's clock what the life cycle says: see `schema.rules.lifecycle.Move.clock`.

    `extra` units extend it; one that starts (the case's `first` or not) runs from now, or goes on as `like` does.
    """
    if effect == "start":
        _start(work, case, None if first else _kept(work, case), like)
    elif effect == "suspend":
        _change(work, case, lambda clock: clock.suspend(work.now, reason))
    elif effect == "resume":
        _change(work, case, lambda clock: clock.resume(work.now))
    elif effect == "extend":
        _change(work, case, lambda clock: clock.extend(extra))
    elif effect == "stop":
        lapse = update(Extension).where(Extension.case == case.id, Extension.state == "asked")
        work.session.execute(lapse.values(state="lapsed", decided_at=work.now))
        _change(work, case, lambda clock: clock.stop(work.now) if clock.ended is None else clock)
    elif effect == "restart":
        _change(work, case, lambda clock: clock.restart() if clock.ended is not None else clock)


def clock_of(session: Session, case: Case) -> Clock | None:
    """The case's clock; None before it is filed."""
    row = _row(session, case.id)
    return _as_clock(row) if row is not None else _before_rows(session, case)


def clocks_of(session: Session, case: UUID) -> list[ClockRow]:
    """Every clock the case had, the first first; each names the one before it."""
    return list(session.scalars(select(ClockRow).where(ClockRow.case == case).order_by(ClockRow.number)))


def light_of(session: Session, zone: ZoneInfo, case: Case, now: datetime) -> Light | None:
    """The case's light at `now`; None before it is filed."""
    clock = clock_of(session, case)
    if clock is None:
        return None
    return light(clock, calendar_at(session, zone, clock.calendar, clock.version), now)


def clock_row(work: UnitOfWork, case: Case) -> tuple[ClockRow, Clock] | None:
    """The case's newest clock and its row, written down now if there is none yet; None before it is filed."""
    row = _kept(work, case)
    return (row, _as_clock(row)) if row is not None else None


def _start(work: UnitOfWork, case: Case, last: ClockRow | None, like: Clock | None) -> None:
    policy = policy_for(work.session, case.class_, case.kind, case.category)
    if like is None:
        limit = policy.limit
        version, calendar = newest_calendar(work.session, work.zone, limit.calendar)
        like = start(limit.units, limit.unit, limit.calendar, version, work.now)
    else:
        calendar = calendar_at(work.session, work.zone, like.calendar, like.version)
    _add(work, case, last, like, calendar, policy.source)


def _add(
    work: UnitOfWork, case: Case, last: ClockRow | None, clock: Clock, calendar: Calendar, policy: str = ""
) -> UUID:
    row = uuid7()
    due = _show(case, clock, calendar, rungs=0)
    work.session.write(
        ClockRow, id=row, case=case.id, number=last.number + 1 if last else 1, after=last.id if last else None,
        units=clock.units, unit=clock.unit, calendar=clock.calendar, calendar_version=clock.version,
        policy=policy, extra=clock.extra, ended_at=clock.ended, due_at=due,
        department=case.department if clock.ended is not None else None,
    )  # fmt: skip
    for one in clock.intervals:
        values = {"running": one.running, "reason": one.reason, "began_at": one.began, "ended_at": one.ended}
        work.session.write(IntervalRow, clock=row, **values)
    return row


def _change(work: UnitOfWork, case: Case, change: Callable[[Clock], Clock]) -> None:
    row = _kept(work, case)
    if row is not None:
        clock = change(_as_clock(row))
        _write(case, row, clock, calendar_at(work.session, work.zone, clock.calendar, clock.version))


def _kept(work: UnitOfWork, case: Case) -> ClockRow | None:
    """The case's newest clock, written down now if it was filed before clocks were rows."""
    row = _row(work.session, case.id)
    if row is None and (old := _before_rows(work.session, case)) is not None:
        id = _add(work, case, None, old, calendar_at(work.session, work.zone, old.calendar, old.version))
        work.session.flush()
        row = work.session.get_one(ClockRow, id)
    return row


def _write(case: Case, row: ClockRow, clock: Clock, calendar: Calendar) -> None:
    """Put the clock into its rows, and when it is due on the case."""
    had = len(row.intervals)
    for old, new in zip(row.intervals, clock.intervals, strict=False):
        old.ended_at = new.ended
    for new in clock.intervals[had:]:
        row.intervals.append(
            IntervalRow(running=new.running, reason=new.reason, began_at=new.began, ended_at=new.ended)
        )
    row.department = case.department if clock.ended is not None else None
    row.extra, row.ended_at = clock.extra, clock.ended
    row.due_at = _show(case, clock, calendar, row.rungs)


def _show(case: Case, clock: Clock, calendar: Calendar, rungs: int) -> datetime | None:
    """Put on the case what lists are chosen and urging is done by; gives when it is due."""
    whole = allowance(clock, calendar)
    due = deadline(clock, calendar, whole)
    case.urge_at = next_moment(clock, calendar, rungs, whole)
    case.due_at, case.due_words = (due.at, due.record()) if due else (None, "")
    case.soon_at = reached(clock, calendar, SOON, whole)
    return case.due_at


def mark_soon(work: UnitOfWork, limit: int = 500) -> int:
    """Write down when the lights of running cases turn yellow that were filed before that was kept; how many they were.

    Lists are chosen by it. Cases that somebody is changing now are left to the next time.
    """
    cases = list(
        work.session.scalars(
            select(Case)
            .where(Case.state.in_(RUNNING), Case.soon_at.is_(None), Case.due_at.is_not(None))
            .order_by(Case.made_at)
            .limit(limit)
            .with_for_update(key_share=True, skip_locked=True)
        )
    )
    for case in cases:
        clock = clock_of(work.session, case)
        assert clock is not None
        calendar = calendar_at(work.session, work.zone, clock.calendar, clock.version)
        # Not a step of the case: its version stays what people have seen.
        soon = update(table_of(Case)).where(table_of(Case).c.id == case.id)
        work.session.execute(soon.values(soon_at=reached(clock, calendar, SOON) or case.due_at))
    return len(cases)


def catch_up(store: Store) -> None:
    """`mark_soon` until nothing is left: at start, after an upgrade."""
    while True:
        with store.work() as work:
            if not mark_soon(work):
                return


def _row(session: Session, case: UUID) -> ClockRow | None:
    newest = select(ClockRow).where(ClockRow.case == case).order_by(ClockRow.number.desc()).limit(1)
    return session.scalar(newest)


def _as_clock(row: ClockRow) -> Clock:
    told = tuple(Interval(one.began_at, one.ended_at, one.running, one.reason) for one in row.intervals)
    return Clock(row.units, row.unit, row.calendar, row.calendar_version, told, row.extra)


def _before_rows(session: Session, case: Case) -> Clock | None:
    """The clock of a case filed before clocks were rows: it ran from filing to closing, by the calendar of then."""
    if not case.due_words:
        return None
    policy = json.loads(case.due_words)
    version = min(FIRST_VERSION, newest_version(session))
    clock = start(policy["units"], policy["unit"], CITY, version, case.made_at)
    return clock.stop(case.closed_at) if case.closed_at is not None else clock
