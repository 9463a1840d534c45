"""What handsets read of people: the address book by the department tree, dial rules, colleagues on duty near by.

Numbers are as they are dialled. A colleague's place is told to whoever is on duty too, to about ten metres, while both
are; who looked is written down by the door.
"""

from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from schema.desk.departments import tree
from schema.desk.rulebooks import dial_rules, newest_book
from schema.desk.tracks import Seen, seen_on_duty
from schema.geodesy import distance
from schema.handsets import Duty, Handset
from schema.people import Department, User
from schema.rules.dialling import BadTarget, number
from schema.rules.dictionary import Word

FRESH = timedelta(minutes=15)
"""An older position is where somebody was, not where they are."""
NEAR, FARTHEST = 5_000, 20_000
"""Metres: unless asked otherwise, and at most."""
MOST = 100
_DIGITS = 4
"""Of a degree: about ten metres."""


class Unit(Struct, frozen=True, omit_defaults=True):
    """A department of the tree, after the one it is below."""

    id: UUID
    name: str
    parent: UUID | None = None


class Person(Struct, frozen=True, omit_defaults=True):
    """Somebody who works here; `post` as in `schema.rules.access`."""

    id: UUID
    name: str
    post: str
    department: UUID | None = None
    mobile: str = ""
    phone: str = ""


class AddressBook(Struct, frozen=True):
    """The departments in the order of the tree, and who is in them, by name."""

    departments: list[Unit]
    people: list[Person]


class Dialled(Struct, frozen=True):
    """A number, or a pattern of internal ones, and its names by language."""

    number: str
    names: dict[str, str]


class DialRules(Struct, frozen=True):
    """What may be dialled beside the address book; see `schema.rules.dialrules`."""

    version: int
    emergency: list[Dialled]
    numbers: list[Dialled]
    internal: list[Dialled]


class Colleague(Struct, frozen=True, omit_defaults=True):
    """Somebody on duty; without a place when none is fresh enough. `metres` from who asks, if that is known."""

    id: UUID
    name: str
    department: str = ""
    mobile: str = ""
    since: datetime | None = None
    lon: float | None = None
    lat: float | None = None
    accuracy: float | None = None
    fixed_at: datetime | None = None
    metres: int | None = None


class Colleagues(Struct, frozen=True):
    """Who is on duty near by, the nearest first, then those without a place; nobody for who is not `on_duty`."""

    on_duty: bool
    within: int
    people: list[Colleague]


def address_book(session: Session) -> AddressBook:
    """Everybody active and not locked, under their departments."""
    units = [Unit(one.department.id, one.department.name, one.department.parent) for one in tree(session)]
    there = {one.id for one in units}
    rows = session.scalars(select(User).where(User.active, ~User.locked).order_by(User.name, User.id))
    people = [
        Person(
            row.id, row.name, row.post, row.department if row.department in there else None, dialled(row.mobile),
            dialled(row.work_phone),
        )
        for row in rows
    ]  # fmt: skip
    return AddressBook(units, people)


def dialled(text: str) -> str:
    """A number as it is dialled, "" for what is none."""
    try:
        return number(text) if text else ""
    except BadTarget:
        return ""


def dial_rules_now(session: Session) -> DialRules:
    """The dial rules, without what is closed."""

    def listed(rows: tuple[Word, ...]) -> list[Dialled]:
        return [Dialled(row.code, dict(row.names)) for row in rows if row.open]

    rules = dial_rules(session)
    return DialRules(
        newest_book(session, "dialrules"), listed(rules["emergency"]), listed(rules["numbers"]),
        listed(rules["internal"]),
    )  # fmt: skip


def colleagues(
    session: Session,
    worker: UUID,
    now: datetime,
    *,
    lon: float | None = None,
    lat: float | None = None,
    within: int = NEAR,
) -> Colleagues:
    """Who else is on duty near a place (or near where the worker was last), at most so many metres away."""
    within = min(max(within, 1), FARTHEST)
    own = session.scalar(select(Duty).where(Duty.worker == worker, Duty.ended_at.is_(None)).limit(1))
    if own is None:
        return Colleagues(False, within, [])
    places = {one.worker: one for one in seen_on_duty(session, now - FRESH)}
    if lon is None or lat is None:
        mine = places.get(worker)
        lon, lat = (mine.lon, mine.lat) if mine is not None else (None, None)
    query = (
        select(Duty.started_at, User, Department.name)
        .join(User, User.id == Duty.worker)
        .join(Handset, Handset.device == Duty.device)
        .outerjoin(Department, Department.id == User.department)
        .where(Duty.ended_at.is_(None), Duty.worker != worker, User.active, Handset.blocked.is_(False))
        .order_by(User.name, User.id)
    )
    found: list[Colleague] = []
    for since, user, department in session.execute(query):
        at = places.get(user.id)
        metres = None
        if at is not None and lon is not None and lat is not None:
            metres = round(distance(lon, lat, at.lon, at.lat))
            if metres > within:
                continue
        found.append(_colleague(user, department or "", since, at, metres))
    far = FARTHEST + 1
    found.sort(key=lambda one: (one.lon is None, far if one.metres is None else one.metres))
    return Colleagues(True, within, found[:MOST])


def _colleague(
    user: User, department: str, since: datetime, at: Seen | None, metres: int | None
) -> Colleague:
    plain = Colleague(user.id, user.name, department, dialled(user.mobile), since)
    if at is None:
        return plain
    return Colleague(
        plain.id, plain.name, department, plain.mobile, since, round(at.lon, _DIGITS), round(at.lat, _DIGITS),
        at.accuracy, at.at, metres,
    )  # fmt: skip
