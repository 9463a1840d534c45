from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from schema.calls import LegRow, SegmentRow
from schema.facts import (
    CallAnswered,
    CallEntered,
    CallFact,
    CallOffered,
    LegEnded,
    LegHeld,
    LegJoined,
    LegLeft,
    LegRang,
    WatchEnded,
    WatchStarted,
)
from schema.ids import CallId, ContactId, uuid7
from schema.store import Store
from tests.schema.desk.bookkeeping import opened, write_down

NOON = datetime(2026, 3, 4, 4, tzinfo=UTC)
WANG = UUID(int=7)
CITIZEN, SEAT = {"leg": "1.1", "kind": "citizen"}, {"leg": "1.2", "kind": "seat", "seat": "101"}


class Talk:
    """A call with seat 101; every fact by a process of its own, ten seconds after the one before."""

    def __init__(self, store: Store) -> None:
        self.store, self.id, self.seconds = store, uuid7(), 0
        self.tell(CallEntered, leg="1.1", channel="PJSIP/carrier-1", number="139", dialled="12345")
        self.tell(CallOffered, seat="101", leg="1.2", user=WANG)
        self.tell(CallAnswered, seat="101", leg="1.2", user=WANG)

    def tell(self, what: type[CallFact], **more: Any) -> None:
        self.seconds += 10
        at = NOON + timedelta(seconds=self.seconds)
        about = {"at": at, "contact": ContactId(self.id), "call": CallId(self.id), "node": "pbx1"}
        write_down(self.store, what(**about, **more))

    def rows(self, leg: str) -> list[tuple[str, int, int | None, list[str]]]:
        """Kind, from, to and company of a leg's segments."""
        with self.store.read() as session:
            query = select(SegmentRow).where(SegmentRow.leg == leg).order_by(SegmentRow.n)
            return [
                (
                    row.kind,
                    _seconds(row.started_at),
                    _seconds(row.ended_at) if row.ended_at else None,
                    row.others,
                )
                for row in session.scalars(query)
            ]

    def bridges(self) -> dict[str, str]:
        with self.store.read() as session:
            return {leg.leg: leg.bridge for leg in session.scalars(select(LegRow))}


def _seconds(at: datetime) -> int:
    return round((at - NOON).total_seconds())


@pytest.fixture
def talk(store: Store) -> Talk:
    return Talk(store)


def test_bridges_become_segments_across_any_restart(talk: Talk) -> None:
    talk.tell(LegJoined, **CITIZEN, bridge="b")
    assert talk.bridges() == {"1.1": "b", "1.2": ""}
    talk.tell(LegJoined, **SEAT, bridge="b")
    talk.tell(LegLeft, **CITIZEN, bridge="b")
    talk.tell(LegHeld, **CITIZEN)
    talk.tell(LegJoined, **CITIZEN, bridge="b")
    talk.tell(LegEnded, leg="1.2", seat="101")
    talk.tell(LegEnded, leg="1.1")
    assert talk.rows("1.1") == [
        ("talk", 50, 60, ["seat:101"]), ("hold", 70, 80, []), ("talk", 80, 90, ["seat:101"]),
    ]  # fmt: skip
    assert talk.rows("1.2") == [("talk", 50, 60, ["citizen"]), ("talk", 80, 90, ["citizen"])]
    with talk.store.read() as session:
        assert {row.user for row in session.scalars(select(SegmentRow).where(SegmentRow.leg == "1.2"))} == {
            WANG
        }


def test_a_party_outside_is_named_by_its_telephone(talk: Talk) -> None:
    party = {"leg": "1.3", "kind": "party"}
    talk.tell(LegRang, **party, why="consult", by="101", number="+8657100")
    talk.tell(LegJoined, **SEAT, bridge="c")
    talk.tell(LegJoined, **party, bridge="c")
    talk.tell(LegEnded, leg="1.3")
    assert talk.rows("1.2") == [("consult", 60, 70, ["party:+8657100"])]
    with talk.store.read() as session:
        leg = session.get(LegRow, ("pbx1", "1.3"))
    assert leg is not None and (leg.kind, leg.number, leg.result) == ("party", "+8657100", "caller gone")


def test_a_supervisors_ear_is_a_segment_of_its_own(talk: Talk) -> None:
    talk.tell(LegRang, leg="1.9", kind="watcher", why="watch", seat="900", by="900")
    talk.tell(WatchStarted, seat="101", watcher="900", mode="listen", leg="1.9")
    talk.tell(WatchEnded, seat="101", watcher="900", mode="listen", leg="1.9")
    talk.tell(WatchStarted, seat="101", watcher="900", mode="whisper", leg="1.9")
    talk.tell(LegEnded, leg="1.9", seat="900")
    assert talk.rows("1.9") == [("listen", 50, 60, ["seat:101"]), ("whisper", 70, 80, ["seat:101"])]


def test_a_late_word_about_a_leg_that_is_over_begins_nothing(talk: Talk) -> None:
    talk.tell(LegEnded, leg="1.2", seat="101")
    talk.tell(LegJoined, **SEAT, bridge="b")
    talk.tell(LegJoined, **CITIZEN, bridge="b")
    assert talk.rows("1.2") == talk.rows("1.1") == []


def test_what_took_no_time_within_one_batch_is_no_row(talk: Talk) -> None:
    books, at = opened(talk.store), NOON + timedelta(seconds=100)
    about = {"at": at, "contact": ContactId(talk.id), "call": CallId(talk.id), "node": "pbx1"}
    for fact in (
        LegJoined(**about, **CITIZEN, bridge="b"), LegJoined(**about, **SEAT, bridge="b"),
        LegJoined(**about, leg="9.9", kind="party", bridge="b"), LegLeft(**about, leg="9.9", kind="party", bridge="b"),
    ):  # fmt: skip
        books.hear(fact)
    with talk.store.work() as work:
        books.write(work.session)
    books.written()
    assert talk.rows("1.1") == [("talk", 100, None, ["seat:101"])]
