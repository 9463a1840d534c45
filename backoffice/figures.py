"""The day's figures of the hotline, counted by the database from waits, segments and spells, with their denominators.

GB/T 33358 comes first: answered within 15 s, and the connect rate. The day is the site's. A caller who waits at
midnight is the new day's first, as on the live floor, so the two agree.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Float, and_, case, cast, func, literal, or_, select
from sqlalchemy.orm import Session

from schema.base import UtcDateTime, table_of
from schema.calls import CallRow, QueueEntryRow, SeatSpellRow, SegmentRow
from schema.store import Store

ANSWER_WITHIN = 15.0
CONNECT_TARGET = 0.95
SERVICE_TARGET = 0.80
LONGEST_WAIT = timedelta(days=1)
HANDLING = ("ringing", "talking", "hold", "wrapup")
KEPT = 1.0
"""Seconds: however many boards ask, the database is asked once in that time."""


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `whole`; `value` is None when nothing happened yet."""

    part: float
    whole: float

    @property
    def value(self) -> float | None:
        """Part divided by whole, 0 to 1."""
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True, slots=True)
class Waits:
    """The waits of one queue, or all: offered = answered + abandoned + overflowed + called back + waiting."""

    answered: int = 0
    abandoned: int = 0
    overflowed: int = 0
    called_back: int = 0
    waiting: int = 0
    in_time: int = 0
    abandoned_late: int = 0
    wait_sum: float = 0.0

    @property
    def offered(self) -> int:
        """Every wait that began."""
        return self.answered + self.abandoned + self.overflowed + self.called_back + self.waiting

    @property
    def connect_rate(self) -> Share:
        """Answered of all whose waiting is over."""
        return Share(self.answered, self.offered - self.waiting)

    @property
    def service_level(self) -> Share:
        """Answered within 15 s of all answered, or abandoned after 15 s."""
        return Share(self.in_time, self.answered + self.abandoned_late)

    @property
    def speed_of_answer(self) -> Share:
        """Seconds from queue to answer, over the answered."""
        return Share(self.wait_sum, self.answered)

    def __add__(self, other: "Waits") -> "Waits":
        return Waits(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class Day:
    """What happened since `since`. `talk` is seconds of talk over calls talked; `occupancy` handling over seat time.

    Those who hung up in the menu are counted apart (`before_queue`).
    """

    since: datetime
    queues: dict[str, Waits] = field(default_factory=dict)
    before_queue: int = 0
    talk: Share = Share(0, 0)
    occupancy: Share = Share(0, 0)

    @property
    def total(self) -> Waits:
        """All queues. One who overflows from queue to queue is offered in each."""
        return sum(self.queues.values(), Waits())


class Today:
    """The figures of the day that it is, asked for at most once in `KEPT` seconds. Any thread."""

    def __init__(self, store: Store, zone: ZoneInfo, monotonic: Callable[[], float]) -> None:
        self._store, self._zone, self._monotonic = store, zone, monotonic
        self._lock = threading.Lock()
        self._day: Day | None = None
        self._at = 0.0

    def now(self) -> Day:
        """Raises StoreUnreachable."""
        with self._lock:
            if self._day is None or self._monotonic() - self._at >= KEPT:
                now = self._store.clock()
                with self._store.read() as session:
                    self._day = figures(session, midnight(now, self._zone), now)
                self._at = self._monotonic()
            return self._day


def midnight(now: datetime, zone: ZoneInfo) -> datetime:
    """When the site's day began."""
    return now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)


def figures(session: Session, since: datetime, now: datetime) -> Day:
    """Count what happened since a time."""
    calls = table_of(CallRow).c
    menu = select(func.count()).where(
        calls.entered_at >= since, calls.direction == "in", calls.queued_at.is_(None), calls.outcome != ""
    )
    return Day(
        since,
        _waits(session, since),
        session.scalar(menu) or 0,
        _talk(session, since),
        _occupancy(session, since, now),
    )


def _waits(session: Session, since: datetime) -> dict[str, Waits]:
    wait = table_of(QueueEntryRow).c
    postgres = session.get_bind().dialect.name == "postgresql"
    seconds = _seconds(wait.entered_at, wait.ended_at, postgres)
    result = wait.result
    # A database counts time in its own fractions: who was answered at fifteen seconds sharp was answered in time.
    in_time = seconds <= ANSWER_WITHIN + 0.001

    def count(which: ColumnElement[bool]) -> ColumnElement[int]:
        return func.count(case((which, 1)))

    query = (
        select(
            wait.queue,
            count(result == "answered"),
            count(result == "abandoned"),
            count(result == "overflowed"),
            count(result == "called back"),
            count(result == ""),
            count(and_(result == "answered", in_time)),
            count(and_(result == "abandoned", ~in_time)),
            func.coalesce(func.sum(case((result == "answered", seconds))), 0.0),
        )
        .where(
            wait.entered_at >= since - LONGEST_WAIT,
            or_(wait.entered_at >= since, wait.ended_at >= since, result == ""),
        )
        .group_by(wait.queue)
        .order_by(wait.queue)
    )
    return {queue: Waits(*counts) for queue, *counts in session.execute(query)}


def _talk(session: Session, since: datetime) -> Share:
    """Seconds that seats talked with citizens, over the calls they talked in, of what is over."""
    stretch = table_of(SegmentRow).c
    seconds = _seconds(stretch.started_at, stretch.ended_at, session.get_bind().dialect.name == "postgresql")
    query = select(func.coalesce(func.sum(seconds), 0.0), func.count(stretch.call.distinct())).where(
        stretch.started_at >= since,
        stretch.ended_at.is_not(None),
        stretch.leg_kind == "seat",
        stretch.kind.in_(("talk", "conference")),
    )
    total, calls = session.execute(query).one()
    return Share(float(total), calls)


def _occupancy(session: Session, since: datetime, now: datetime) -> Share:
    """Seconds of ringing, talking, holding and writing up, over those and the seconds of being ready."""
    spell = table_of(SeatSpellRow).c
    first, last = literal(since, UtcDateTime()), literal(now, UtcDateTime())
    begun = case((spell.started_at < first, first), else_=spell.started_at)
    seconds = _seconds(
        begun, func.coalesce(spell.ended_at, last), session.get_bind().dialect.name == "postgresql"
    )
    query = (
        select(spell.state, func.sum(seconds))
        .where(or_(spell.ended_at.is_(None), spell.ended_at >= since), spell.state.in_((*HANDLING, "ready")))
        .group_by(spell.state)
    )
    by_state = {state: float(total or 0) for state, total in session.execute(query)}
    return Share(sum(by_state.get(state, 0.0) for state in HANDLING), sum(by_state.values()))


def _seconds(
    begin: ColumnElement[datetime], end: ColumnElement[datetime], postgres: bool
) -> ColumnElement[float]:
    """The seconds from one time to another, to the millisecond, as each database says it."""
    if postgres:
        return cast(func.extract("epoch", end - begin), Float)
    return (func.julianday(end, type_=Float) - func.julianday(begin, type_=Float)) * 86_400.0
