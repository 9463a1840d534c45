"""What a worker's handset reads and keeps: people, dial rules, colleagues, the map, the own work, registers.

Every answer has an `etag`; who sends it back (`?etag=`) and has nothing new to learn is told `same`. Answers
are packed for who takes gzip: the line is thin.
"""

import gzip
from collections.abc import Callable
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

import msgspec
from flask import Blueprint, Response, request
from sqlalchemy import select

from field_gateway.door.answers import Problem, encode
from field_gateway.door.guard import WORKER, handset, needs, room, worker
from field_gateway.door.readkinds import kinds_now
from field_gateway.door.readmap import area_pack
from field_gateway.door.readpeople import NEAR, address_book, colleagues, dial_rules_now
from field_gateway.door.readregisters import register_rows, registers_now
from field_gateway.door.readwork import statistics, work_log
from schema.desk import audit
from schema.desk.registers import READ
from schema.desk.scope import active_actor
from schema.people import AuditRow
from schema.rules.access import may
from schema.rules.periods import BadPeriod, month_of, read_period
from schema.rules.places import is_point

SERVER = "field.server"
ONE_LOOK = timedelta(minutes=10)
SMALLEST = 300
"""Bytes that are worth packing."""
pages = Blueprint("reads", __name__)


class May(msgspec.Struct, frozen=True):
    """What somebody may do with a handset."""

    server: bool
    registers: bool


@pages.get("/field/v1/people")
@needs(WORKER)
def people() -> Response:
    """The address book."""
    with room().store.read() as session:
        return _kept(address_book(session))


@pages.get("/field/v1/dialrules")
@needs(WORKER)
def dialrules() -> Response:
    """Which numbers may be dialled."""
    with room().store.read() as session:
        return _kept(dial_rules_now(session))


@pages.get("/field/v1/categories")
@needs(WORKER)
def kinds() -> Response:
    """What kinds of problems may be reported."""
    with room().store.read() as session:
        return _kept(kinds_now(session))


@pages.get("/field/v1/colleagues")
@needs(WORKER)
def near() -> Response:
    """Who is on duty near by (`?lon=&lat=&within=` metres); that it was looked at is written down."""
    here, who = room(), worker()
    at = _place()
    with here.store.read() as session:
        found = colleagues(session, who.worker, here.store.clock(), **at, within=_number("within", NEAR))
    if found.people:
        _look("field.colleagues")
    return _kept(found)


@pages.get("/field/v1/pack")
@needs(WORKER)
def pack() -> Response:
    """The map of the worker's cells, or around `?lon=&lat=`."""
    with room().store.read() as session:
        found = area_pack(session, worker().worker, **_place())
    if found is None:
        raise Problem(404, "no-map", "the site has no grid cells yet")
    return _kept(found)


@pages.get("/field/v1/worklog")
@needs(WORKER)
def worklog() -> Response:
    """The worker's log of a day (`?day=2026-11-24`), today's without one."""
    store = room().store
    now = store.clock()
    text = request.args.get("day", "")
    try:
        day = date.fromisoformat(text) if text else now.astimezone(store.zone).date()
        with store.read() as session:
            return _kept(work_log(session, worker().worker, day, now, store.zone))
    except (ValueError, OverflowError):
        raise Problem(400, "bad-field", "there is no such day") from None


@pages.get("/field/v1/statistics")
@needs(WORKER)
def figures() -> Response:
    """The worker's figures of a period (`?period=2026-11`, a quarter, or two days), this month's without one."""
    store = room().store
    now = store.clock()
    text = request.args.get("period", "")
    try:
        period = read_period(text) if text else month_of(now.astimezone(store.zone).date())
    except BadPeriod as bad:
        raise Problem(400, "bad-field", str(bad)) from None
    with store.read() as session:
        return _kept(statistics(session, worker().worker, period, now, store.zone))


@pages.get("/field/v1/may")
@needs(WORKER)
def rights() -> Response:
    """What the handset offers only to the permitted: another server's address, registers."""
    with room().store.read() as session:
        actor = active_actor(session, worker().worker)
    return _kept(May(*(actor is not None and may(actor, right) for right in (SERVER, READ))))


@pages.get("/field/v1/registers")
@needs(WORKER)
def registers() -> Response:
    """Which registers there are."""
    with room().store.read() as session:
        _must_read(session)
        return _kept(registers_now(session))


@pages.get("/field/v1/registers/<name>")
@needs(WORKER)
def register(name: str) -> Response:
    """Rows of a register that have the words of `?q=`, behind `?after=`; a small one whole."""
    asked = request.args
    with room().store.read() as session:
        _must_read(session)
        return _kept(register_rows(session, name, asked.get("q", "").strip(), asked.get("after", "")))


def _must_read(session: Any) -> None:
    actor = active_actor(session, worker().worker)
    if actor is None or not may(actor, READ):
        raise Problem(403, "not-allowed", "your post does not look registers up")


def _kept(found: msgspec.Struct) -> Response:
    told: dict[str, Any] = msgspec.to_builtins(found)
    etag = sha256(encode(told)).hexdigest()[:16]
    same = request.args.get("etag", "") == etag
    body = encode({"etag": etag, "same": True} if same else {"etag": etag, **told})
    headers = {"Vary": "Accept-Encoding"}
    if len(body) >= SMALLEST and request.accept_encodings["gzip"] > 0:
        body, headers["Content-Encoding"] = gzip.compress(body, 6, mtime=0), "gzip"
    return Response(body, mimetype="application/json", headers=headers)


def _look(what: str) -> None:
    """Write a sensitive look down: the many requests of one looking are one look."""
    here, who = room(), worker()
    same = select(AuditRow.id).where(
        AuditRow.at > here.store.clock() - ONE_LOOK, AuditRow.who == who.worker, AuditRow.what == what
    )
    with here.store.work() as work:
        if work.session.scalar(same.limit(1)) is None:
            ip = request.remote_addr or ""
            audit.note(work, what, handset().device, who=who.worker, login=who.login, ip=ip)


def _place() -> dict[str, float | None]:
    lon, lat = (_read(name, float) for name in ("lon", "lat"))
    if lon is None or lat is None:
        return {"lon": None, "lat": None}
    if not is_point(lon, lat):
        raise Problem(400, "bad-field", "these are no degrees of a place")
    return {"lon": lon, "lat": lat}


def _number(name: str, otherwise: int) -> int:
    found = _read(name, int)
    return otherwise if found is None else int(found)


def _read(name: str, how: Callable[[str], float]) -> float | None:
    text = request.args.get(name, "")[:30]
    try:
        return how(text) if text else None
    except ValueError:
        raise Problem(400, "bad-field", f"{name} is no number") from None
