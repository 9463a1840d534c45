"""What the floor shows of calls and agents now, and the rows beside it where the floor is a moment behind."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import UNSET
from sqlalchemy import select

from backoffice.api.problems import Problem
from backoffice.api.route import Ask
from backoffice.office import office
from schema.calls import CallRow, LegRow, SeatRow
from schema.people import User

Row = Mapping[str, Any]


def seats() -> dict[str, Row]:
    """Every open seat of every node."""
    return {seat: row for one in office().floor.snapshot() for seat, row in one.get("seats", {}).items()}


def calls() -> dict[str, Row]:
    """Every call that is up."""
    return {call: row for one in office().floor.snapshot() for call, row in one.get("calls", {}).items()}


def connected(seat: str) -> None:
    """Insist that the telephone room of a seat is there. Raises Problem."""
    node = office().settings.node_of(seat).node
    if not office().floor.up(node):
        raise Problem("no-connection", f"node {node} is not connected")


def opened(seat: str) -> None:
    """Insist that a seat is open. Raises Problem."""
    if seat in seats():
        return
    with office().store.read() as session:
        if session.get(SeatRow, seat) is None:
            raise Problem("seat-closed", f"agent {seat} is not logged in")


def person(number: str) -> User:
    """Who has this number. Raises Problem."""
    with office().store.read() as session:
        found = session.scalar(select(User).where(User.seat == number, User.active))
    if found is None:
        raise Problem("not-found", f"no agent has the number {number}")
    return found


def seat_of(call: UUID, wanted: Any, own: str | None) -> str:
    """At whose seat an order about a call is meant. Raises Problem."""
    found = [seat for seat, row in sorted(seats().items()) if row.get("call") == str(call)]
    lead = str((calls().get(str(call)) or {}).get("seat") or "")
    if not found or (wanted is not UNSET and wanted not in found):
        found, lead = _by_rows(call)
    if wanted is not UNSET:
        if wanted not in found:
            raise Problem("no-call", f"agent {wanted} is not in this call")
        return str(wanted)
    if not found:
        raise Problem("no-call", "no agent is in this call")
    return own if own in found else lead if lead in found else found[0]


def the_seat(ask: Ask, call: UUID) -> str:
    """The seat of an order about a call: connected, and one the token may act at. Raises Problem."""
    seat = ask.at_seat(seat_of(call, ask.body.agent, ask.who.user.seat))
    connected(seat)
    return seat


def moment(text: Any) -> datetime | None:
    """A time of the floor's."""
    return datetime.fromisoformat(text) if text else None


def _by_rows(call: UUID) -> tuple[list[str], str]:
    with office().store.read() as session:
        row = session.get(CallRow, call)
        if row is None:
            raise Problem("not-found", "there is no such call")
        if row.outcome:
            raise Problem("no-call", "the call is over")
        query = select(LegRow.seat).where(
            LegRow.call == call, LegRow.kind == "seat", LegRow.ended_at.is_(None), LegRow.answered_at.is_not(None)
        )  # fmt: skip
        return sorted({seat for seat in session.scalars(query) if seat}), row.seat
