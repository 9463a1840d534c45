"""Restore: what the rows say was live at the tape mark, as hearing's memory and as the floor."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from cti.floor import Floor, FloorState
from cti.live import Figures, LiveCall, LiveSeat
from cti.memory import Call, Leg, Memory
from cti.tape import Mark
from schema.calls import CallRow, LegRow, SeatRow
from schema.desk import calls, seats
from schema.ids import CallId, ContactId


@dataclass(frozen=True, slots=True)
class Restored:
    """The rows of one node at its mark, read in one go."""

    mark: Mark
    calls: list[CallRow]
    legs: list[LegRow]
    contacts: dict[UUID, UUID]
    recordings: dict[str, str]
    rang: dict[UUID, dict[str, str]]
    seats: list[SeatRow]
    queued: list[CallRow]


def read(session: Session, node: str, midnight: datetime) -> Restored:
    """Read what is live; figures count from `midnight`."""
    legs = calls.live_legs(session, node)
    live = calls.live_calls(session, node)
    return Restored(
        Mark(*calls.behind(session, node)),
        live,
        legs,
        calls.contacts_of(session, legs),
        calls.recordings_of(session, legs),
        calls.rang(session, live),
        seats.open_seats(session, node),
        calls.queued_since(session, node, midnight),
    )


def memory(rows: Restored) -> Memory:
    """Hearing's memory at the mark."""
    found = Memory()
    for row in rows.calls:
        found.calls[CallId(row.id)] = Call(
            ContactId(row.contact), row.stage, row.leg, row.direction, row.entered_at,
            answered=row.answered_at is not None, rang=rows.rang.get(row.id, {}),
        )  # fmt: skip
    for leg in rows.legs:
        found.legs[leg.leg] = Leg(
            CallId(leg.call), ContactId(rows.contacts[leg.call]), leg.kind, leg.seat, rows.recordings.get(leg.leg, ""),
            answered=leg.kind == "seat" and leg.answered_at is not None, failed=leg.result not in ("", "answered"),
        )  # fmt: skip
    for seat in rows.seats:
        if seat.state != "opening":
            found.users[seat.seat] = seat.user
        if seat.state in ("ready", "paused", "wrapup"):
            found.contacts[seat.seat] = {"seen"}
    return found


def floor(rows: Restored, zone: ZoneInfo, now: datetime) -> Floor:
    """The floor at the mark, with the figures of the day of `now`."""
    live = {row.id: _call(row, rows.legs) for row in rows.calls}
    queues: dict[str, Figures] = {}
    for row in rows.queued:
        figures = queues.setdefault(row.queue, Figures())
        figures.offered += 1
        if row.answered_at is not None:
            figures.answered += 1
        elif row.outcome:
            figures.abandoned += 1
        else:
            figures.waiting += 1
    found = Floor(zone)
    there = [_seat(row, rows.legs, live) for row in rows.seats if row.state != "opening"]
    state = FloorState(
        {call.call: call for call in live.values()}, {seat.seat: seat for seat in there}, queues,
        now.astimezone(zone).date(),
    )  # fmt: skip
    found.restore(state)
    return found


def _call(row: CallRow, legs: list[LegRow]) -> LiveCall:
    seat = next((leg.seat for leg in legs if leg.call == row.id and leg.kind == "seat"), "")
    since = max(t for t in (row.entered_at, row.queued_at, row.offered_at, row.answered_at) if t is not None)
    counted = (
        "" if row.queued_at is None or row.direction != "in" else "answered" if row.answered_at else "waiting"
    )
    return LiveCall(
        CallId(row.id), ContactId(row.contact), row.number, row.stage, row.entered_at, since, row.direction, row.queue,
        row.language, returning=row.offers > 0, waiting_since=row.queued_at, leg=row.leg,
        seat=seat if row.stage in ("ringing", "talking") else "", counted=counted, counted_in=row.queue,
    )  # fmt: skip


def _seat(row: SeatRow, legs: list[LegRow], live: dict[UUID, LiveCall]) -> LiveSeat:
    leg = next((leg for leg in reversed(legs) if leg.seat == row.seat and leg.kind == "seat"), None)
    call = live.get(leg.call) if leg is not None else None
    busy = "wrapup" if row.state == "wrapup" else ""
    if leg is not None and call is not None and leg.result in ("", "answered"):
        busy = "talking" if leg.answered_at else "ringing"
    about = call if busy in ("talking", "ringing") else None
    return LiveSeat(
        row.seat, row.user, row.name, row.since, reachable=row.state != "unreachable", paused=row.reason, busy=busy,
        call=about.call if about else None, contact=about.contact if about else None,
        number=about.number if about else "", language=about.language if about else "", idle_since=row.since,
    )  # fmt: skip
