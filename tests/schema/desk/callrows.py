"""Rows of calls as the telephone room writes them, for what is counted over them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from schema.calls import CallRating, CallRow, QueueEntryRow, SeatSpellRow, SegmentRow, TransferRow
from schema.desk.callstats import Asked, count
from schema.ids import uuid7
from schema.rules.callstats import Counts, total
from schema.rules.intervals import bounds
from schema.store import Store

ZONE = ZoneInfo("Asia/Shanghai")


DAY = date(2026, 3, 4)


NOON = datetime(2026, 3, 4, 4, tzinfo=UTC)


NOW = NOON + timedelta(days=3)


WANG, LI = UUID(int=7), UUID(int=8)


def later(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


class Rows:
    """Rows as the telephone room writes them."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.waits: list[QueueEntryRow] = []
        self.segments: list[SegmentRow] = []
        self.spells: list[SeatSpellRow] = []
        self.transfers: list[TransferRow] = []
        self.ratings: list[CallRating] = []
        self._calls: list[CallRow] = []

    def call(self, at: datetime = NOON) -> UUID:
        id = uuid7()
        self._calls.append(CallRow(id=id, contact=id, node="pbx1", entered_at=at))
        return id

    def wait(self, at: float = 0, lasted: float | None = 10, result: str = "answered", **more: Any) -> UUID:
        call = more.pop("call", None) or self.call(later(at))
        ended = None if lasted is None else later(at + lasted)
        about = {
            "queue": "hotline",
            "language": "zh",
            "n": 1,
            "user": WANG if result == "answered" else None,
        } | more
        row = QueueEntryRow(
            call=call, node="pbx1", entered_at=later(at), ended_at=ended, result=result, **about
        )
        self.waits.append(row)
        return call

    def segment(self, call: UUID, at: float, lasted: float | None, kind: str = "talk", **more: Any) -> None:
        ended = None if lasted is None else later(at + lasted)
        about = {"leg": "1.2", "n": 1, "leg_kind": "seat", "user": WANG, "others": ["citizen"]} | more
        self.segments.append(
            SegmentRow(node="pbx1", call=call, kind=kind, started_at=later(at), ended_at=ended, **about)
        )

    def spell(self, state: str, at: float, lasted: float | None, **more: Any) -> None:
        ended = None if lasted is None else later(at + lasted)
        about = {"seat": "101", "user": WANG} | more
        self.spells.append(
            SeatSpellRow(node="pbx1", state=state, started_at=later(at), ended_at=ended, **about)
        )

    def transfer(self, call: UUID, at: float, how: str = "blind", user: UUID = WANG) -> None:
        self.transfers.append(TransferRow(call=call, at=later(at), user=user, target="seat:102", how=how))

    def write(self) -> None:
        with self.store.work() as work:
            work.session.add_all(self._calls)
            work.session.flush()
            work.session.add_all([*self.waits, *self.segments, *self.spells, *self.transfers, *self.ratings])

    def counted(self, every: str = "whole", days: int = 1, **asked: Any) -> dict[tuple[int, str], Counts]:
        edges = bounds(DAY, DAY + timedelta(days=days - 1), every, ZONE)
        with self.store.read() as session:
            return count(session, Asked(edges, **asked), NOW)

    def whole(self, **asked: Any) -> Counts:
        return total(self.counted(**asked).values())
