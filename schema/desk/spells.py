"""The spells desk: what each seat did from when to when, without gaps from its opening to its closing."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from schema.base import table_of
from schema.calls import SeatSpellRow
from schema.desk.sheets import Row, Sheet


class SpellBook:
    """The spell that each open seat of one node is in."""

    def __init__(self, node: str) -> None:
        self.node = node
        table = table_of(SeatSpellRow)
        self._rows = Sheet(table, ["node", "seat", "started_at", "n"], last=table.c.ended_at.is_(None))
        self._open: dict[str, tuple[str, datetime, int]] = {}
        self._last: dict[str, tuple[str, datetime, int]] = {}
        self._now: dict[str, datetime] = {}

    def load(self, session: Session) -> None:
        """Take in what is live by the rows."""
        table = table_of(SeatSpellRow)
        query = (
            select(table)
            .where(table.c.node == self.node, table.c.ended_at.is_(None))
            .order_by(table.c.started_at)
        )
        for row in session.execute(query).mappings():
            key = (row["seat"], row["started_at"], row["n"])
            self._rows.found(key, dict(row))
            self._open[row["seat"]] = self._last[row["seat"]] = key
            self._now[row["seat"]] = row["started_at"]

    def turn(
        self, seat: str, user: UUID, state: str, at: datetime, *, reason: str = "", call: UUID | None = None
    ) -> None:
        """The seat is in this state from now on; the same again changes nothing."""
        at = self._on(seat, at)
        now = {"user": user, "state": state, "reason": reason, "call": call}
        row = self._spell(seat)
        if row is not None:
            if all(row[name] == value for name, value in now.items()):
                return
            if row["started_at"] >= at and row["user"] == user:
                row.update(now)  # it was that for no time at all
                self._rows.change(self._open[seat])
                return
            self.close(seat, at)
        key = (seat, at, 0)
        if (last := self._last.get(seat)) is not None and last[1] == at:
            key = (seat, at, last[2] + 1)
        self._open[seat] = self._last[seat] = key
        self._rows.add(key, node=self.node, seat=seat, started_at=at, n=key[2], **now)

    def close(self, seat: str, at: datetime) -> None:
        """The seat is closed."""
        at, key = self._on(seat, at), self._open.pop(seat, None)
        if key is not None and (row := self._rows.change(key)) is not None:
            row["ended_at"] = at
            self._rows.over(key)

    def write(self, session: Session) -> None:
        """Put what changed into a transaction."""
        self._rows.write(session)

    def written(self) -> None:
        """What `write` put there is committed."""
        self._rows.written()

    def _on(self, seat: str, at: datetime) -> datetime:
        """`at`, or the latest moment heard of: a clock that is set back makes no spell that begins in another."""
        now = self._now[seat] = max(at, self._now.get(seat, at))
        return now

    def _spell(self, seat: str) -> Row | None:
        key = self._open.get(seat)
        return None if key is None else self._rows.see(key)
