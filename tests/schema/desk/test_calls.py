from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from schema.calls import CallRating, CallRow, CallStep, LegRow
from schema.desk.books import Books
from schema.facts import (
    CallAnswered,
    CallEnded,
    CallEntered,
    CallFact,
    CallOffered,
    CallQueued,
    LanguageChosen,
    LegEnded,
    NetUsed,
    NoticePlayed,
    OfferFailed,
    RatingAsked,
    ReceptionRated,
    RecordingStarted,
)
from schema.ids import CallId, CaseId, ContactId, uuid7
from schema.store import Store
from tests.schema.desk.bookkeeping import commit, write_down

NOON = datetime(2026, 3, 4, 4, tzinfo=UTC)
WANG = UUID(int=7)


class Teller:
    """Writes facts of one call, a second apart."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.id = uuid7()
        self.at = NOON

    def tell(self, kind: type[CallFact], **more: Any) -> CallFact:
        self.at += timedelta(seconds=1)
        fact = kind(
            **{"at": self.at, "contact": ContactId(self.id), "call": CallId(self.id), "node": "pbx1"} | more
        )
        self.repeat(fact)
        return fact

    def repeat(self, fact: CallFact) -> None:
        write_down(self.store, fact)

    def enters(self, **more: Any) -> CallFact:
        return self.tell(
            CallEntered,
            **{"leg": "1.1", "channel": "PJSIP/carrier-1", "number": "139", "dialled": "12345"} | more,
        )

    def row(self) -> CallRow:
        with self.store.read() as session:
            row = session.get(CallRow, self.id)
        assert row is not None
        return row

    def steps(self) -> list[tuple[str, str, str]]:
        with self.store.read() as session:
            return [
                (s.hop, s.seat, s.detail) for s in session.scalars(select(CallStep).order_by(CallStep.id))
            ]

    def legs(self) -> dict[str, LegRow]:
        with self.store.read() as session:
            return {leg.leg: leg for leg in session.scalars(select(LegRow))}


@pytest.fixture
def call(store: Store) -> Teller:
    return Teller(store)


def test_a_talk_is_rated_once(call: Teller) -> None:
    call.enters()
    call.tell(CallQueued, queue="hotline", language="ug")
    call.tell(CallOffered, seat="101", leg="1.2", user=WANG)
    call.tell(CallAnswered, seat="101", leg="1.2", user=WANG)
    call.tell(RatingAsked, seat="101")
    for score in (2, 5):
        call.tell(ReceptionRated, seat="101", user=WANG, score=score)
    with call.store.read() as session:
        rated = session.get_one(CallRating, call.id)
        assert (rated.score, rated.seat, rated.user, rated.queue, rated.language) == (
            2,
            "101",
            WANG,
            "hotline",
            "ug",
        )
    assert call.row().stage == "rating" and call.steps()[-1] == ("call.rated", "101", "2")


def test_a_call_from_beginning_to_end(call: Teller) -> None:
    call.enters()
    call.tell(NoticePlayed)
    call.tell(LanguageChosen, language="ug", key="3")
    call.tell(CallQueued, queue="hotline", language="ug")
    call.tell(CallOffered, seat="101", leg="1.2", user=WANG)
    call.tell(OfferFailed, seat="101", leg="1.2", reason="no answer")
    call.tell(LegEnded, leg="1.2", seat="101", cause=19)
    call.tell(CallQueued, queue="hotline", language="ug", returning=True)
    call.tell(CallOffered, seat="102", leg="1.3")
    call.tell(CallAnswered, seat="102", leg="1.3", user=WANG)
    call.tell(RecordingStarted, leg="1.3", name="r_1.3", seat="102")
    call.tell(LegEnded, leg="1.3", seat="102")
    call.tell(LegEnded, leg="1.1")
    call.tell(CallEnded, stage="talking", outcome="answered")
    row = call.row()
    assert (row.stage, row.outcome, row.seat, row.user, row.language, row.offers) == (
        "talking",
        "answered",
        "102",
        WANG,
        "ug",
        2,
    )
    assert [row.queued_at, row.offered_at, row.answered_at, row.ended_at] == [
        NOON + timedelta(seconds=s) for s in (4, 5, 10, 14)
    ]
    assert row.revision == 10 and not row.inferred and not row.by_net
    assert [step[0] for step in call.steps()] == [
        "call.entered", "ivr.notice", "ivr.language", "queue.entered", "seat.ringing", "seat.failed", "queue.entered",
        "seat.ringing", "seat.answered", "recording.started", "call.ended",
    ]  # fmt: skip
    legs = call.legs()
    assert [(legs[u].kind, legs[u].result, legs[u].cause, legs[u].ended_at is not None) for u in sorted(legs)] == [
        ("citizen", "", 16, True), ("seat", "no answer", 19, True), ("seat", "answered", 16, True),
    ]  # fmt: skip


def test_every_fact_told_twice_is_kept_once(call: Teller) -> None:
    facts = [
        call.enters(), call.tell(CallQueued, queue="q", language="zh"), call.tell(CallOffered, seat="101", leg="1.2"),
        call.tell(CallAnswered, seat="101", leg="1.2"), call.tell(LegEnded, leg="1.1"),
        call.tell(CallEnded, stage="talking", outcome="answered"),
    ]  # fmt: skip
    before, steps = call.row(), call.steps()
    for fact in facts:
        call.repeat(fact)
    after = call.row()
    assert call.steps() == steps
    for name in ("stage", "outcome", "answered_at", "ended_at", "queued_at", "seat"):
        assert getattr(before, name) == getattr(after, name)


def test_a_caller_who_gives_up_while_a_seat_rings(call: Teller) -> None:
    call.enters()
    call.tell(CallQueued, queue="q", language="zh")
    call.tell(CallOffered, seat="101", leg="1.2")
    call.tell(LegEnded, leg="1.2", seat="101", cause=0)
    call.tell(CallEnded, stage="ringing", outcome="abandoned", cause=16)
    assert call.legs()["1.2"].result == "caller gone"
    assert (call.row().stage, call.row().outcome, call.row().seat) == ("ringing", "abandoned", "")


def test_the_net_leaves_its_mark(call: Teller) -> None:
    call.enters()
    call.tell(NetUsed, queue="hotline", inferred=True)
    row = call.row()
    assert (row.stage, row.by_net, row.inferred, row.queued_at) == ("net", True, True, call.at)


def test_a_return_visit(call: Teller) -> None:
    case = CaseId(uuid7())
    call.enters(direction="out", purpose="return-visit", case=case)
    assert call.row().stage == "ringing"
    call.tell(CallAnswered, seat="", leg="1.1", by="citizen")
    call.tell(CallEnded, stage="rating", outcome="answered", ended_by="system")
    row = call.row()
    assert (row.stage, row.case, row.direction) == ("rating", case, "out")
    assert [step[0] for step in call.steps()] == ["visit.called", "visit.answered", "visit.ended"]


def test_a_fact_about_nobodys_call_changes_nothing(call: Teller) -> None:
    call.tell(CallQueued, queue="q", language="zh")
    call.tell(CallEnded, stage="queue", outcome="abandoned")
    assert call.steps() == []


def test_the_legs_of_a_call_from_another_pbx_wait_for_its_row(store: Store) -> None:
    ours, theirs = Teller(store), Teller(store)
    books = Books("pbx2")
    for kind, more in ((CallOffered, {"seat": "201"}), (CallAnswered, {"seat": "201"}), (LegEnded, {})):
        books.hear(
            kind(at=NOON, contact=ours.id, call=ours.id, node="pbx2", leg="7.2", **more | GUEST.get(kind, {}))
        )
    commit(store, books)
    assert books.waits and ours.legs() == {}
    theirs.enters()
    commit(store, books)
    assert books.waits
    ours.enters()
    commit(store, books)
    assert not books.waits
    assert [
        (leg.node, leg.kind, leg.seat, leg.result) for leg in ours.legs().values() if leg.leg == "7.2"
    ] == [("pbx2", "seat", "201", "answered")]
    assert [step[0] for step in ours.steps()] == ["call.entered", "call.entered"]


GUEST: dict[type, dict[str, bool]] = {CallOffered: {"guest": True}, CallAnswered: {"guest": True}}


def test_a_clock_that_is_set_back_makes_no_call_and_no_leg_shorter_than_nothing(call: Teller) -> None:
    call.enters()
    call.tell(CallQueued, queue="hotline", language="zh", priority=0, leg="1.1", channel="x")
    call.at -= timedelta(hours=1)
    call.tell(CallOffered, seat="101", leg="1.2", user=WANG)
    call.at -= timedelta(hours=1)
    call.tell(CallAnswered, seat="101", leg="1.2", user=WANG)
    call.tell(LegEnded, leg="1.2", seat="101")
    call.tell(LegEnded, leg="1.1")
    call.tell(CallEnded, stage="talking", outcome="answered", cause=16, ended_by="citizen")
    row = call.row()
    assert row.queued_at is not None and row.answered_at is not None and row.ended_at is not None
    assert row.entered_at <= row.queued_at <= row.answered_at <= row.ended_at
    with call.store.read() as session:
        for leg in session.scalars(select(LegRow)):
            assert (
                leg.ended_at is not None
                and leg.started_at <= (leg.answered_at or leg.started_at) <= leg.ended_at
            )
