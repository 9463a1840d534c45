"""A case stands still and goes on, ends as void, or is worked at again."""

from schema.desk.clocks import clocks_of
from tests.schema.desk.casework import Office
from tests.schema.desk.everything import do


def test_a_suspended_case_takes_its_task_back_and_a_resumed_one_gives_it_again(desk: Office) -> None:
    case = desk.case("dispatched")
    do(desk, "suspend", case.id)
    assert [task.state for task in desk.tasks(case.id)] == ["recalled"]
    assert (desk.look(case.id).before, desk.look(case.id).due_at) == ("dispatched", None)
    do(desk, "resume", case.id)
    old, new = desk.tasks(case.id)
    assert (new.state, new.worker, desk.look(case.id).before) == ("made", desk.worker, "")
    assert [row.name for row in desk.said()][-3:] == ["CaseSuspended", "CaseResumed", "CaseDispatched"]


def test_a_case_that_was_with_nobody_is_resumed_with_nobody(desk: Office) -> None:
    case = desk.case("handled")
    for what in ("suspend", "resume"):
        do(desk, what, case.id)
    assert desk.look(case.id).state == "handled" and len(desk.tasks(case.id)) == 1


def test_a_void_case_calls_nobody_and_keeps_its_history(desk: Office) -> None:
    case = desk.case("dispatched")
    do(desk, "void", case.id)
    assert [task.state for task in desk.tasks(case.id)] == ["recalled"]
    assert "CallCitizen" not in {row.name for row in desk.said()}
    last = desk.steps(case.id)[-1]
    assert (last.hop, last.text, last.detail["from"]) == ("case.voided", "打错了", "dispatched")


def test_a_reopened_case_has_a_new_clock_and_is_rated_anew(desk: Office) -> None:
    case = desk.case("rated")
    do(desk, "reopen", case.id)
    seen = desk.look(case.id)
    assert (seen.state, seen.worker, seen.closed_at, seen.rating, seen.rated_at) == (
        "filed",
        None,
        None,
        None,
        None,
    )
    with desk.store.read() as session:
        old, new = clocks_of(session, case.id)
    assert (new.after, new.number, new.ended_at, old.after) == (old.id, 2, None, None)
    assert old.ended_at is not None and new.intervals[0].began_at > old.intervals[0].began_at
    for what in ("dispatch", "handle", "pass", "close", "rate"):
        do(desk, what, case.id)
    assert desk.look(case.id).rating == 2
    assert [step.detail["score"] for step in desk.steps(case.id) if step.hop == "case.rated"] == [1, 2]
    visits = [row.key for row in desk.said() if row.name == "CallCitizen"]
    assert len(set(visits)) == 2
