"""The day's figures of the hotline, from the calls themselves, each with its denominator (GB/T 33358)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from schema.calls import CallRow

ANSWER_WITHIN = 15.0
CONNECT_TARGET = 0.95


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `whole`; `value` is None when nothing happened yet."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """Part divided by whole, 0 to 1."""
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True, slots=True)
class Figures:
    """Calls to the hotline since `since`: offered = answered + abandoned + overflowed + called back + waiting.

    Offered are callers who reached the queue; those who hung up in the menu are counted apart (`before_queue`).
    Times in seconds.
    """

    since: datetime
    answered: int = 0
    abandoned: int = 0
    overflowed: int = 0
    called_back: int = 0
    waiting: int = 0
    before_queue: int = 0
    in_time: int = 0
    abandoned_late: int = 0
    wait_sum: float = 0.0
    talk_sum: float = 0.0
    talk_count: int = 0

    @property
    def offered(self) -> int:
        """Everybody who reached the queue."""
        return self.answered + self.abandoned + self.overflowed + self.called_back + self.waiting

    @property
    def connect_rate(self) -> Share:
        """Answered of all whose waiting is over."""
        return Share(self.answered, self.offered - self.waiting)

    @property
    def service_level(self) -> Share:
        """Answered within 15 s of all answered or abandoned after 15 s."""
        return Share(self.in_time, self.answered + self.abandoned_late)

    @property
    def speed_of_answer(self) -> float | None:
        """Average seconds from queue to answer, over the answered."""
        return self.wait_sum / self.answered if self.answered else None

    @property
    def talk_time(self) -> float | None:
        """Average seconds of talk, over calls that were answered and are over."""
        return self.talk_sum / self.talk_count if self.talk_count else None


def midnight(now: datetime, zone: ZoneInfo) -> datetime:
    """When the site's day began."""
    return now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)


def figures(session: Session, since: datetime) -> Figures:
    """Count the hotline's calls that entered since a time, in one query, so that they add up."""
    rows = session.execute(
        select(
            CallRow.stage, CallRow.outcome, CallRow.queued_at, CallRow.answered_at, CallRow.ended_at
        ).where(CallRow.entered_at >= since, CallRow.direction == "in")
    ).all()
    counts = dict.fromkeys(
        (
            "answered",
            "abandoned",
            "overflowed",
            "waiting",
            "before_queue",
            "in_time",
            "abandoned_late",
            "talk_count",
        ),
        0,
    )
    wait_sum = talk_sum = 0.0
    for _stage, outcome, queued_at, answered_at, ended_at in rows:
        if queued_at is None:
            counts["before_queue"] += 1
        elif answered_at is not None:
            wait = max(timedelta(0), answered_at - queued_at).total_seconds()
            counts["answered"] += 1
            counts["in_time"] += wait <= ANSWER_WITHIN
            wait_sum += wait
            if ended_at is not None:
                counts["talk_count"] += 1
                talk_sum += max(timedelta(0), ended_at - answered_at).total_seconds()
        elif ended_at is None and not outcome:
            counts["waiting"] += 1
        elif outcome == "abandoned":
            counts["abandoned"] += 1
            late = ended_at is not None and (ended_at - queued_at).total_seconds() > ANSWER_WITHIN
            counts["abandoned_late"] += late
        else:
            counts["overflowed"] += 1
    return Figures(since, wait_sum=wait_sum, talk_sum=talk_sum, **counts)
