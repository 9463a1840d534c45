"""The desk of daily briefs: a day's brief is made once, when the day is over, and never changes after that.

It is made by whoever asks first: the room that tells people of it in the morning, or somebody who opens its page.
"""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID, uuid5

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from schema.briefs import DailyBrief
from schema.cases import Case
from schema.desk.briefcounts import make_brief
from schema.desk.errors import Refused
from schema.desk.notices import make_brief_notices
from schema.notices import Notice
from schema.rules.brief import Brief, body, read_body
from schema.rules.intervals import midnight
from schema.store import Store, UnitOfWork, alone

BRIEF_LOCK = 0x6772_6964_0025
_ALL_BRIEFS = UUID("01993000-0000-7000-8000-000000000b1e")
Write = Callable[[str, Brief], tuple[str, str]]
"""(language, brief) → subject and text."""


def keep_brief(work: UnitOfWork, day: date) -> Brief:
    """The brief of a day that is over, kept now if it was not yet. Raises Refused("not-found", "wrong-state")."""
    if (kept := kept_brief(work.session, day)) is not None:
        return kept
    today = work.now.astimezone(work.zone).date()
    if day >= today:
        raise Refused("wrong-state", f"{day} is not over")
    first = first_day(work)
    if first is None or day < first:
        raise Refused("not-found", f"there is nothing of {day}")
    # Whoever asks at the same time waits here, and finds it kept.
    alone(work.session, BRIEF_LOCK)
    if (kept := kept_brief(work.session, day)) is not None:
        return kept
    made = make_brief(work.session, day, work.zone, work.now)
    work.session.add(DailyBrief(day=day, body=body(made), made_at=work.now))
    work.session.flush()
    return made


def kept_brief(session: Session, day: date) -> Brief | None:
    """The brief that is kept of a day."""
    found = session.scalar(select(DailyBrief.body).where(DailyBrief.day == day))
    return read_body(found) if found is not None else None


def brief_of(store: Store, day: date) -> Brief:
    """The brief of a day: as it is kept, or of today as it stands now. Raises Refused("not-found")."""
    now = store.clock()
    today = now.astimezone(store.zone).date()
    if day > today:
        raise Refused("not-found", f"{day} is to come")
    with store.read() as session:
        if day == today:
            return make_brief(session, day, store.zone, now)
        if (kept := kept_brief(session, day)) is not None:
            return kept
    with store.work() as work:
        return keep_brief(work, day)


def first_day(work: UnitOfWork) -> date | None:
    """The local day of the first case there is."""
    first = work.session.scalar(select(func.min(Case.made_at)))
    return first.astimezone(work.zone).date() if first is not None else None


def days_kept(session: Session, first: date, last: date) -> list[date]:
    """The days from one to another whose brief is kept, the last first."""
    query = select(DailyBrief.day).where(DailyBrief.day >= first, DailyBrief.day <= last)
    return list(session.scalars(query.order_by(DailyBrief.day.desc())))


def tell_brief(store: Store, hour: int, write: Write) -> list[Notice]:
    """From `hour` o'clock on: keep yesterday's brief and tell of it whoever may see it, each once.

    Below 0 nobody is told. Raises StoreUnreachable.
    """
    now = store.clock()
    local = now.astimezone(store.zone)
    day = local.date() - timedelta(days=1)
    key = uuid5(_ALL_BRIEFS, day.isoformat())
    if not 0 <= hour <= local.hour:
        return []
    with store.read() as session:
        if session.scalar(select(Notice.id).where(Notice.fact == key).limit(1)) is not None:
            return []
    with store.work() as work:
        try:
            brief = keep_brief(work, day)
        except Refused:
            return []  # nothing was there yet
        alone(work.session, BRIEF_LOCK)
        at = midnight(local.date(), store.zone)
        return make_brief_notices(work, key, at, lambda language: write(language, brief))
