"""The seats desk: which seats are open, who sits there, and how a restart finds them again.

`state` is opening, unreachable, paused, ready or wrapup; `reason` is why the agent takes no calls ("" when they do) and
outlasts the softphone's absence. Ringing and talking are told by the legs of live calls.
"""

from uuid import UUID

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from schema.base import table_of
from schema.calls import SeatRow
from schema.desk.sheets import Row
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
    row.webrtc = order.webrtc


def give_up(work: UnitOfWork, seat: str) -> None:
    """The seat could not be made: it is not open."""
    row = work.session.get(SeatRow, seat)
    if row is not None:
        work.session.delete(row)


class SeatBook:
    """The open seats of one node, as facts leave them. The row itself is made by the order that opens a seat.

    A row that is opening (anew) belongs to that order until the PBX has the seat: nothing said before touches it.
    """

    def __init__(self, node: str) -> None:
        self.node = node
        self._seats: dict[str, Row] = {}
        self._dirty: dict[str, None] = {}
        self._moves: list[tuple[str, Row | None]] = []

    def load(self, session: Session) -> None:
        """Take in what is open by the rows."""
        for row in open_seats(session, self.node):
            if row.state != "opening":
                self._seats[row.seat] = {name: getattr(row, name) for name in _OURS}

    def sits(self, seat: str) -> UUID | None:
        """Who sits there."""
        return self._seats[seat]["user"] if seat in self._seats else None

    def hear(self, fact: SeatFact) -> None:
        """Take one fact in. One about a seat that is not open changes nothing."""
        if fact.node != self.node:
            return
        if isinstance(fact, SeatOpened):
            seat = self._seats[fact.seat] = {
                "user": fact.user, "name": fact.name, "state": "unreachable", "reason": JUST_OPENED, "since": fact.at,
                "opened_at": fact.at,
            }  # fmt: skip
            self._moves.append((fact.seat, dict(seat)))
            self._dirty.pop(fact.seat, None)
            return
        if isinstance(fact, SeatClosed):
            if self._seats.pop(fact.seat, None) is not None:
                self._moves.append((fact.seat, None))
                self._dirty.pop(fact.seat, None)
            return
        found = self._seats.get(fact.seat)
        if found is not None and _hear(found, fact):
            self._dirty[fact.seat] = None

    def write(self, session: Session) -> None:
        """Put what changed into a transaction."""
        table = table_of(SeatRow)
        new: set[str] = set()
        for seat, values in self._moves:
            mine = (table.c.seat == seat) & (table.c.node == self.node)
            if values is not None:
                session.execute(update(table).where(mine).values(values))
                new.add(seat)
            else:
                there = mine if seat in new else mine & (table.c.state != "opening")
                session.execute(delete(table).where(there))
        if self._dirty:
            one = update(table).where(
                table.c.seat == bindparam("at_seat"), table.c.node == self.node, table.c.state != "opening"
            )
            rows = [{"at_seat": seat, **self._seats[seat]} for seat in self._dirty]
            session.connection().execute(one, rows)

    def written(self) -> None:
        """What `write` put there is committed."""
        self._moves.clear()
        self._dirty.clear()


def _hear(seat: Row, fact: SeatFact) -> bool:
    state, reason = seat["state"], seat["reason"]
    if isinstance(fact, SeatReachable):
        state = "paused" if reason else "ready"
    elif isinstance(fact, SeatUnreachable):
        state = "unreachable"
    elif isinstance(fact, SeatReady):
        state, reason = state if state == "unreachable" else "ready", ""
    elif isinstance(fact, SeatPaused):
        state, reason = state if state in ("unreachable", "wrapup") else "paused", fact.reason
    elif isinstance(fact, WrapUpStarted):
        state = "wrapup"
    elif isinstance(fact, WrapUpEnded) and state == "wrapup":
        state = "paused" if reason else "ready"
    changed = (state, reason) != (seat["state"], seat["reason"])
    if state != seat["state"]:
        seat["since"] = fact.at
    seat["state"], seat["reason"] = state, reason
    return changed


def open_seats(session: Session, node: str) -> list[SeatRow]:
    """The seats that are open at a node, by number."""
    return list(session.scalars(select(SeatRow).where(SeatRow.node == node).order_by(SeatRow.seat)))


_OURS = ("user", "name", "state", "reason", "since", "opened_at")
