"""The statistics desk: reads what call reports count, added up by the database.

Waits are counted where they began. What lasts (talk, spells) is split over intervals: the database adds up what lies
within one, and the few stretches that go over an edge are split here by `schema.rules.intervals`.
"""

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, case, cast, func, literal_column, or_, select
from sqlalchemy.orm import Session

from schema.base import table_of
from schema.calls import CallRating, QueueEntryRow, SeatSpellRow, SegmentRow, TransferRow
from schema.desk.spans import intervals, kept, plainly, seconds
from schema.rules.callstats import ANSWER_WITHIN, HOW_SENT, SATISFIED, SHORT, Counts
from schema.rules.intervals import split

LONGEST_CALL = timedelta(days=1)
LONGEST_SPELL = timedelta(days=10)
"""How far outside the report's time a stretch that reaches into it is looked for."""
BY = ("", "queue", "agent", "language")
TALKED = ("talk", "conference")
Key = tuple[int, str]
"""The interval's number, and the queue, agent (UUID) or language; "" where the report is not by one."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report is of: intervals by their ends, what its rows are by, what it is narrowed down to, and the
    seconds of the service level."""

    edges: tuple[datetime, ...]
    by: str = ""
    queue: str = ""
    agent: UUID | None = None
    language: str = ""
    within: float = 20.0

    @property
    def of_queues(self) -> bool:
        """Whether it is by or of one queue or language."""
        return self.by in ("queue", "language") or bool(self.queue or self.language)

    @property
    def of_agents(self) -> bool:
        """Whether it is by or of one agent."""
        return self.by == "agent" or self.agent is not None


def count(session: Session, asked: Asked, now: datetime) -> dict[Key, Counts]:
    """What happened, by interval and key; nothing for what did not. What is not over yet is counted up to `now`."""
    found: dict[Key, Counts] = defaultdict(Counts)
    _waits(session, asked, found)
    _talk(session, asked, now, found)
    _spells(session, asked, now, found)
    _transfers(session, asked, found)
    _ratings(session, asked, found)
    return dict(found)


def count_waits(session: Session, asked: Asked) -> dict[Key, Counts]:
    """What became of those who waited, alone: a small part of the work of `count`."""
    found: dict[Key, Counts] = defaultdict(Counts)
    _waits(session, asked, found)
    return dict(found)


def _waits(session: Session, asked: Asked, found: dict[Key, Counts]) -> None:
    interval, wait = intervals(asked.edges), table_of(QueueEntryRow).c
    row = kept(
        select(
            interval.c.i, wait.queue, wait.language, wait.user, wait.result, wait.told_seconds,
            seconds(session, wait.entered_at, wait.ended_at).label("waited"),
            seconds(session, wait.told_at, wait.ended_at).label("after"),
        ).join_from(
            interval,
            table_of(QueueEntryRow),
            and_(wait.entered_at >= interval.c.begins, wait.entered_at < interval.c.ends),
        )
    ).c  # fmt: skip
    # A database counts time in its own fractions: who was answered at fifteen seconds sharp was answered in time.
    hair = 0.001
    answered, abandoned = row.result == "answered", row.result == "abandoned"
    told = and_(answered, row.told_seconds >= 0, row.after.is_not(None))
    error = row.after - row.told_seconds
    longer = case((row.after > row.told_seconds, row.after), else_=row.told_seconds)
    numbers = {
        "offered": func.count(),
        "answered": _many(answered),
        "abandoned": _many(abandoned),
        "overflowed": _many(row.result == "overflowed"),
        "called_back": _many(row.result == "called back"),
        "waiting": _many(row.result == ""),
        "in_15": _many(and_(answered, row.waited <= ANSWER_WITHIN + hair)),
        "in_time": _many(and_(answered, row.waited <= asked.within + hair)),
        "late": _many(and_(abandoned, row.waited > asked.within + hair)),
        "short": _many(and_(abandoned, row.waited < SHORT)),
        "waited": _sum(answered, row.waited),
        "longest": func.coalesce(func.max(row.waited), 0.0),
        "told_answered": _many(told),
        "told_in_vain": _many(and_(abandoned, row.told_seconds >= 0, row.after > row.told_seconds + hair)),
        "error": _sum(told, error),
        "error_size": _sum(told, func.abs(error)),
        "within_half": _many(and_(told, func.abs(error) * 2 <= longer + hair)),
    }
    key = _key(asked, row)
    query = select(row.i, key, *numbers.values()).where(*_narrowed(asked, row)).group_by(row.i, key)
    for line in session.execute(query):
        found[line[0], _text(line[1])].add(Counts(**dict(zip(numbers, line[2:], strict=True))))


def _talk(session: Session, asked: Asked, now: datetime, found: dict[Key, Counts]) -> None:
    """What seats talked with citizens from queues, and whom they asked meanwhile."""
    first, last = asked.edges[0], asked.edges[-1]
    interval, table = intervals((first - LONGEST_CALL, *asked.edges), -1), table_of(SegmentRow)
    row = table.c
    place = and_(row.started_at >= interval.c.begins, row.started_at < interval.c.ends)
    of_seat = plainly(row.leg_kind) == "seat"
    talked = row.kind.in_(TALKED)
    led = (row.user, *_led(asked, row.call, row.started_at, "entered_at"))

    within = case(
        (and_(talked, row.ended_at <= interval.c.ends), seconds(session, row.started_at, row.ended_at))
    )
    begun = case((and_(talked, _first(row, TALKED)), 1))
    # Whoever is asked begins with it; who asks had the citizen before. Going to and fro asks nobody anew.
    asks = case((and_(row.kind == "consult", row.n > 1, _first(row, ("consult",), alike=True)), 1))
    columns = (interval.c.i, *led, within.label("lasted"), begun.label("begun"), asks.label("asks"))
    placed = kept(select(*columns).join_from(interval, table, place).where(of_seat)).c
    key = _key(asked, placed)
    query = select(
        placed.i,
        key,
        func.coalesce(func.sum(placed.lasted), 0.0),
        func.count(placed.begun),
        func.count(placed.asks),
    ).where(placed.i >= 0, placed.queue.is_not(None), *_narrowed(asked, placed))
    for i, of, talk, handled, consults in session.execute(query.group_by(placed.i, key)):
        found[i, _text(of)].add(Counts(talk=talk, handled=handled, consults=consults))

    across = or_(row.ended_at.is_(None), row.ended_at > interval.c.ends)
    columns = (interval.c.i, *led, row.started_at, row.ended_at)
    placed = kept(select(*columns).join_from(interval, table, place).where(across, of_seat, talked)).c
    query = select(_key(asked, placed), placed.started_at, placed.ended_at).where(
        placed.queue.is_not(None), *_narrowed(asked, placed)
    )
    for of, begins, ends in session.execute(query):
        for i, lasted in split(begins, min(ends or now, last), asked.edges):
            found[i, _text(of)].talk += lasted


def _spells(session: Session, asked: Asked, now: datetime, found: dict[Key, Counts]) -> None:
    """What seats did; of one queue or language, what they did with its calls."""
    last = asked.edges[-1]
    interval, table = intervals((*asked.edges, last + LONGEST_SPELL)), table_of(SeatSpellRow)
    row = table.c
    place = and_(row.ended_at > interval.c.begins, row.ended_at <= interval.c.ends)
    within = row.started_at >= interval.c.begins
    call = case((row.state.in_(("hold", "wrapup")), row.call))
    led = (row.user, row.state, row.reason, *_led(asked, call, row.started_at))

    columns = (interval.c.i, *led, seconds(session, row.started_at, row.ended_at).label("lasted"))
    placed = kept(select(*columns).join_from(interval, table, and_(place, within))).c
    whats = (_key(asked, placed), placed.state, placed.reason, placed.queue.is_not(None))
    query = select(placed.i, *whats, func.sum(placed.lasted)).where(
        placed.i < len(asked.edges) - 1, *_narrowed(asked, placed)
    )
    for i, of, state, reason, of_queue, lasted in session.execute(query.group_by(placed.i, *whats)):
        found[i, _text(of)].spell(state, reason, lasted, bool(of_queue))

    columns = (*led, row.started_at, row.ended_at)
    crossing = select(*columns).join_from(interval, table, and_(place, ~within)).where(row.started_at < last)
    lasting = select(*columns).where(row.ended_at.is_(None), row.started_at < last)
    for each in (crossing, lasting):
        placed = kept(each).c
        whats = (_key(asked, placed), placed.state, placed.reason, placed.queue.is_not(None))
        query = select(*whats, placed.started_at, placed.ended_at).where(*_narrowed(asked, placed))
        for of, state, reason, of_queue, begins, ends in session.execute(query):
            for i, part in split(begins, min(ends or now, last), asked.edges):
                found[i, _text(of)].spell(state, reason, part, bool(of_queue))


def _transfers(session: Session, asked: Asked, found: dict[Key, Counts]) -> None:
    """They are few: placed here, one by one."""
    row = table_of(TransferRow).c
    mine = and_(row.at >= asked.edges[0], row.at < asked.edges[-1], row.how.in_(HOW_SENT))
    placed = kept(select(row.at, row.user, *_led(asked, row.call, row.at)).where(mine)).c
    query = select(placed.at, _key(asked, placed)).where(placed.queue.is_not(None), *_narrowed(asked, placed))
    for at, of in session.execute(query):
        found[bisect_right(asked.edges, at) - 1, _text(of)].transfers += 1


def _ratings(session: Session, asked: Asked, found: dict[Key, Counts]) -> None:
    """What citizens said of the talk once the agent had left."""
    interval, table = intervals(asked.edges), table_of(CallRating)
    row = kept(
        select(interval.c.i, table.c.queue, table.c.language, table.c.user, table.c.score).join_from(
            interval, table, and_(table.c.at >= interval.c.begins, table.c.at < interval.c.ends)
        )
    ).c
    key = _key(asked, row)
    query = select(row.i, key, func.count(), _many(row.score <= SATISFIED)).where(*_narrowed(asked, row))
    for i, of, rated, satisfied in session.execute(query.group_by(row.i, key)):
        found[i, _text(of)].add(Counts(rated=rated, satisfied=satisfied))


# -- what a row is of ------------------------------------------------------------------------------------------


def _led(
    asked: Asked, call: ColumnElement[Any], at: ColumnElement[Any], by: str = "ended_at"
) -> list[ColumnElement[Any]]:
    """Queue and language of the wait that led to something; None for a call that came from no queue.

    It is the call's last that was over by `at`: who is sent to another queue may wait there before the seat that sent
    them begins its wrap-up. Talk may be heard a moment before its wait is over, so there it is the last that had begun.
    """
    wait = table_of(QueueEntryRow).alias().c
    names = ["queue", "language"] if asked.by == "language" or asked.language else ["queue"]
    last = (wait.call == call, wait[by] <= at)
    return [
        select(wait[name]).where(*last).order_by(wait.n.desc()).limit(1).scalar_subquery().label(name)
        for name in names
    ]


def _key(asked: Asked, row: Any) -> ColumnElement[Any]:
    """What the report is by."""
    names = {"agent": "user", "queue": "queue", "language": "language"}
    found: ColumnElement[Any] = row[names[asked.by]] if asked.by else literal_column("CAST('' AS VARCHAR)")
    return found


def _narrowed(asked: Asked, row: Any) -> list[ColumnElement[bool]]:
    """What the report is narrowed down to."""
    found: list[ColumnElement[bool]] = []
    if asked.queue:
        found.append(row.queue == asked.queue)
    if asked.language:
        found.append(row.language == asked.language)
    if asked.by in ("queue", "language"):
        found.append(row.queue.is_not(None))
    if asked.agent is not None:
        found.append(row.user == asked.agent)
    if asked.by == "agent":
        found.append(row.user.is_not(None))
    return found


def _first(row: Any, kinds: tuple[str, ...], *, alike: bool = False) -> ColumnElement[bool]:
    """That no earlier stretch of the same leg is of these kinds, or (`alike`) has the same company."""
    earlier = table_of(SegmentRow).alias().c
    same = [earlier.node == row.node, earlier.leg == row.leg, earlier.n < row.n, earlier.kind.in_(kinds)]
    if alike:
        same.append(cast(earlier.others, String) == cast(row.others, String))
    return or_(row.n == 1, ~select(earlier.n).where(*same).exists())


def _many(which: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((which, 1)))


def _sum(which: ColumnElement[bool], what: ColumnElement[Any]) -> ColumnElement[float]:
    return func.coalesce(func.sum(case((which, what))), 0.0)


def _text(key: Any) -> str:
    return "" if key is None else str(key)
