"""What a call that we placed came to, read off its rows: the citizen's leg says it, an answer says it at once."""

from datetime import UTC, datetime

from schema.calls import CallRow, LegRow
from schema.desk.outcomes import outcome_of_call
from schema.ids import uuid7
from schema.store import Store

AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


def came_to(
    store: Store, cause: int, result: str = "", *, outcome: str = "failed", answered: bool = False, legs: bool = True
) -> str:  # fmt: skip
    id = uuid7()
    about = {"direction": "out", "outcome": outcome, "cause": cause, "answered_at": AT if answered else None}
    with store.work() as work:
        work.session.add(CallRow(id=id, contact=id, node="pbx1", entered_at=AT, **about))
        work.session.flush()
        for kind, number in (("seat", 16), ("citizen", cause)) if legs else ():
            work.session.add(
                LegRow(node="pbx1", leg=f"{id}{kind}"[-40:], call=id, kind=kind, started_at=AT, cause=number,
                       result=result if kind == "citizen" else "")
            )  # fmt: skip
    with store.read() as session:
        return outcome_of_call(session, id)


def test_the_citizen_s_leg_says_what_the_call_came_to(store: Store) -> None:
    assert [came_to(store, cause) for cause in (17, 19, 1, 21, 34)] == [
        "busy",
        "no-answer",
        "wrong-number",
        "refused",
        "failed",
    ]
    assert came_to(store, 0, "no answer") == "no-answer"
    assert came_to(store, 17, legs=False) == "busy"
    assert came_to(store, 16, answered=True, outcome="") == "answered"
    assert came_to(store, 0, outcome="") == ""
    with store.read() as session:
        assert outcome_of_call(session, uuid7()) == ""
