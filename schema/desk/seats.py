"""The seats desk: which seats are open, who sits there, and how a restart finds them again.

`state` is opening, unreachable, paused, ready or wrapup; `reason` is why the agent takes no calls ("" when they do) and
outlasts the softphone's absence. Ringing and talking are told by the legs of live calls.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from schema.calls import SeatRow
from schema.facts import (
    SeatClosed,
    SeatFact,
    SeatOpened,
    SeatPaused,
    SeatReachable,
    SeatReady,
    SeatUnreachable,
    WrapUpEnded,
    WrapUpStarted,
)
from schema.orders import OpenSeat
from schema.store import UnitOfWork

JUST_OPENED = "opened"


def prepare(work: UnitOfWork, order: OpenSeat, node: str) -> None:
    """Keep what is needed to make the seat's endpoint, before it is made."""
    row = work.session.get(SeatRow, order.seat)
    if row is None:
        row = SeatRow(seat=order.seat, node=node, user=order.user, digest=order.digest, state="opening",
                      reason=JUST_OPENED, since=work.now, opened_at=work.now)  # fmt: skip
        work.session.add(row)
    row.node, row.user, row.name = node, order.user, order.name
    row.digest, row.language, row.state = order.digest, order.language, "opening"


def give_up(work: UnitOfWork, seat: str) -> None:
    """The seat could not be made: it is not open."""
    row = work.session.get(SeatRow, seat)
    if row is not None:
        work.session.delete(row)


def record(work: UnitOfWork, fact: SeatFact) -> None:
    """Write one fact into the seat's row. A fact about a seat that has no row changes nothing."""
    row = work.session.get(SeatRow, fact.seat)
    if row is None or row.node != fact.node:
        return
    if isinstance(fact, SeatClosed):
        if row.state != "opening":
            work.session.delete(row)
    elif isinstance(fact, SeatOpened):
        row.user, row.name, row.opened_at = fact.user, fact.name, fact.at
        _become(row, "unreachable", fact.at, reason=JUST_OPENED)
    elif isinstance(fact, SeatReachable):
        _become(row, "paused" if row.reason else "ready", fact.at)
    elif isinstance(fact, SeatUnreachable):
        _become(row, "unreachable", fact.at)
    elif isinstance(fact, SeatReady):
        _become(row, row.state if row.state == "unreachable" else "ready", fact.at, reason="")
    elif isinstance(fact, SeatPaused):
        _become(
            row,
            row.state if row.state in ("unreachable", "wrapup") else "paused",
            fact.at,
            reason=fact.reason,
        )
    elif isinstance(fact, WrapUpStarted):
        _become(row, "wrapup", fact.at)
    elif isinstance(fact, WrapUpEnded) and row.state == "wrapup":
        _become(row, "paused" if row.reason else "ready", fact.at)


def open_seats(session: Session, node: str) -> list[SeatRow]:
    """The seats that are open at a node, by number."""
    return list(session.scalars(select(SeatRow).where(SeatRow.node == node).order_by(SeatRow.seat)))


def _become(row: SeatRow, state: str, at: datetime, *, reason: str | None = None) -> None:
    if row.state != state:
        row.state, row.since = state, at
    row.reason = row.reason if reason is None else reason
