"""The piles of the desks: each case is where its next step is taken, and moves on when that is done."""

import pytest
from sqlalchemy import true

from schema.desk import worklists
from schema.desk.cases import dispatch_case, handle_case
from schema.desk.responsible import delegate_case, sign_case
from schema.desk.worklists import DEPARTMENT, DESKS, DISPATCH, worklist
from schema.ids import CaseId
from schema.orders import DelegateCase, DispatchCase, HandleCase, SignCase
from schema.rules.access import RIGHTS
from tests.schema.desk.casework import Office
from tests.schema.desk.everything import bring, carry, do, to_unit


def piles(desk: Office, name: str) -> set[str]:
    """The piles that hold anything; what is counted is what is listed."""
    found = set()
    with desk.store.read() as session:
        for pile in DESKS[name]:
            rows = worklist(session, true(), DESKS[name], pile.name)
            assert rows.counts[pile.name] == len(rows.rows)
            if rows.rows:
                found.add(pile.name)
    return found


@pytest.mark.parametrize(
    ("state", "dispatch", "department"),
    [
        ("accepted", {"to-file"}, set()),
        ("verified", {"to-file"}, set()),
        ("filed", {"to-dispatch"}, set()),
        ("dispatched", set(), {"in-hand"}),
        ("handled", {"to-check"}, {"handed-in"}),
        ("checked", {"to-close"}, {"handed-in"}),
        ("closed", set(), set()),
        ("suspended", set(), set()),
        ("void", set(), set()),
    ],
)
def test_a_case_is_where_its_next_step_is_taken(
    desk: Office, state: str, dispatch: set[str], department: set[str]
) -> None:
    bring(desk, state)
    assert (piles(desk, "dispatch"), piles(desk, "department")) == (dispatch, department)


def test_a_unit_signs_handles_fails_and_does_it_again(desk: Office) -> None:
    case = CaseId(to_unit(desk).id)
    assert piles(desk, "department") == {"to-sign"}
    carry(desk, sign_case, SignCase(by=desk.supervisor, case=case))
    assert piles(desk, "department") == {"in-hand"}
    carry(desk, handle_case, HandleCase(by=desk.agent, case=case, text="修好了"))
    assert (piles(desk, "department"), piles(desk, "dispatch")) == ({"handed-in"}, {"to-check"})
    do(desk, "fail", case)
    assert piles(desk, "department") <= {"to-sign", "to-do-again"} and not piles(desk, "dispatch")
    carry(desk, delegate_case, DelegateCase(by=desk.supervisor, case=case, department=desk.section))
    assert piles(desk, "department") == {"to-sign"}


def test_what_was_sent_back_lies_apart_until_it_is_dispatched_anew(desk: Office) -> None:
    case = to_unit(desk)
    do(desk, "send-back", case.id)
    assert piles(desk, "dispatch") == {"came-back"}
    carry(desk, dispatch_case, DispatchCase(by=desk.agent, case=CaseId(case.id), department=desk.other))
    assert (piles(desk, "dispatch"), piles(desk, "department")) == (set(), {"to-sign"})


def test_what_was_asked_and_ordered_lies_with_both(desk: Office) -> None:
    case = desk.case("dispatched")
    do(desk, "ask-extension", case.id)
    do(desk, "supervise", case.id)
    assert piles(desk, "dispatch") == {"asked"}
    assert piles(desk, "department") == {"in-hand", "waiting", "to-answer"}


def test_an_unknown_pile_is_the_first_and_counting_has_an_end(
    desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worklists, "_MOST", 2)
    for _ in range(3):
        desk.case()
    with desk.store.read() as session:
        found = worklist(session, true(), DISPATCH, "jokes")
    assert len(found.rows) == 3 and found.counts["to-dispatch"] == 2


def test_every_pile_asks_for_a_right_that_there_is() -> None:
    assert {pile.right for pile in (*DISPATCH, *DEPARTMENT)} <= set(RIGHTS)
