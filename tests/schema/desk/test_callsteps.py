"""Steps of calls: each is one row, whoever tells of it and however often."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from schema.calls import CallRow, CallStep
from schema.desk.callsteps import CallSteps
from schema.facts import NoticePlayed
from schema.ids import CallId, ContactId, uuid7
from schema.store import Store

NOON = datetime(2026, 3, 4, 4, tzinfo=UTC)


def test_a_step_is_written_once_and_long_words_are_cut(store: Store) -> None:
    call = uuid7()
    with store.work() as work:
        work.session.add(CallRow(id=call, contact=call, node="pbx1", entered_at=NOON))
    steps = CallSteps()
    fact = NoticePlayed(at=NOON, call=CallId(call), contact=ContactId(call), node="pbx1")
    later = NoticePlayed(
        at=NOON + timedelta(seconds=9), call=CallId(call), contact=ContactId(call), node="pbx1"
    )
    for _ in range(2):
        steps.add(fact, "ivr.notice", detail="x" * 300)
        steps.add(fact, "seat.ringing", seat="101", key="leg")
        steps.add(later, "seat.ringing", seat="101", key="leg")
        steps.add(later, "ivr.notice")
        with store.work() as work:
            steps.write(work.session)
        steps.written()
    with store.read() as session:
        rows = session.scalars(select(CallStep).order_by(CallStep.at, CallStep.hop)).all()
    assert [(row.hop, row.at, row.seat, len(row.detail)) for row in rows] == [
        ("ivr.notice", NOON, "", 200),
        ("seat.ringing", NOON, "101", 0),
        ("ivr.notice", later.at, "", 0),
    ]
