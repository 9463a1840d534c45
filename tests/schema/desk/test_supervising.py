"""A supervision order is given with a time to answer by, and answered once, the oldest first."""

from datetime import timedelta
from uuid import UUID

import pytest
from msgspec.structs import replace

from schema.clocks import Supervision
from schema.desk.errors import Refused
from schema.desk.moves import locked_case
from schema.desk.scope import actor_of
from schema.desk.supervising import (
    LATEST,
    answer_supervision,
    answerers,
    instruct_case,
    open_supervisions,
    read_supervisions,
    supervise_case,
)
from schema.ids import CaseId, uuid7
from schema.orders import AnswerSupervision, InstructCase, SuperviseCase
from schema.people import User
from tests.schema.desk.casework import Office
from tests.schema.desk.everything import carry, do, to_unit


def test_an_order_is_open_until_it_is_answered_and_says_by_when_in_the_sites_zone(desk: Office) -> None:
    case = desk.case("dispatched")
    given = do(desk, "supervise", case.id)
    step = desk.steps(case.id)[-1]
    local = given.answer_by.astimezone(desk.store.zone)
    assert (step.hop, step.text, step.detail["until"]) == (
        "case.supervised", "三天内修好", local.strftime("%Y-%m-%d %H:%M"),
    )  # fmt: skip
    with desk.store.read() as session:
        assert [one.id for one in open_supervisions(session, case.id)] == [given.id]
    answered = do(desk, "answer", case.id)
    assert (answered.id, answered.state, answered.answer, answered.answered_by) == (
        given.id, "answered", "已安排", desk.agent,
    )  # fmt: skip
    assert desk.steps(case.id)[-1].detail == {
        "supervision": str(given.id), "late": False, "kind": "supervise",
    }  # fmt: skip
    with pytest.raises(Refused, match="no supervision order"):
        do(desk, "answer", case.id)
    assert [row.name for row in desk.said()][-2:] == ["CaseSupervised", "SupervisionAnswered"]


def test_the_oldest_is_answered_first(desk: Office) -> None:
    case = desk.case("dispatched")
    first = do(desk, "supervise", case.id)
    second = do(desk, "supervise", case.id, text="再看一次")
    assert [do(desk, "answer", case.id).id, do(desk, "answer", case.id).id] == [first.id, second.id]


@pytest.mark.parametrize("late", [timedelta(0), timedelta(minutes=-1), LATEST + timedelta(minutes=1)])
def test_a_time_that_is_past_or_too_far_is_refused(desk: Office, late: timedelta) -> None:
    case = desk.case("dispatched")
    now = desk.store.clock()
    desk.store.clock = lambda: now
    order = SuperviseCase(by=desk.supervisor, case=CaseId(case.id), text="快", answer_by=now + late)
    with pytest.raises(Refused) as refused:
        carry(desk, supervise_case, order)
    assert (refused.value.code, refused.value.field) == ("bad-field", "answer_by")


def test_its_worker_may_answer_and_another_may_not(desk: Office) -> None:
    case = desk.case("dispatched")
    do(desk, "supervise", case.id)
    order = AnswerSupervision(by=desk.worker, case=CaseId(case.id), text="已在路上")
    with pytest.raises(Refused) as refused:
        carry(desk, answer_supervision, replace(order, by=desk.worker2))
    assert refused.value.code == "not-allowed"
    assert carry(desk, answer_supervision, order).answered_by == desk.worker


def test_an_answer_that_comes_late_says_so(desk: Office) -> None:
    case = desk.case("dispatched")
    do(desk, "supervise", case.id)
    now = desk.store.clock() + timedelta(days=4)
    desk.store.clock = lambda: now
    do(desk, "answer", case.id)
    assert desk.steps(case.id)[-1].detail["late"] is True


def sees(desk: Office, case: UUID, who: UUID) -> int:
    with desk.store.work() as work:
        reader = actor_of(work.session, work.session.get_one(User, who))
        return read_supervisions(work, locked_case(work, case), reader)


def test_an_instruction_is_read_by_who_has_the_case_and_answered_apart_from_an_older_order(
    desk: Office,
) -> None:
    case = to_unit(desk)
    older = do(desk, "supervise", case.id)
    given = do(desk, "instruct", case.id, text="三日内解决")
    assert (given.kind, given.made_by, given.state) == ("instruct", desk.leader, "open")
    assert desk.steps(case.id)[-1].hop == "case.instructed"
    assert [sees(desk, case.id, who) for who in (desk.leader, desk.agent, desk.worker)] == [0, 0, 0]
    assert (sees(desk, case.id, desk.department), sees(desk, case.id, desk.department)) == (2, 0)
    answer = AnswerSupervision(by=desk.department, case=CaseId(case.id), text="已办", supervision=given.id)
    assert (
        carry(desk, answer_supervision, answer).id == carry(desk, answer_supervision, answer).id == given.id
    )
    assert desk.steps(case.id)[-1].detail == {"supervision": str(given.id), "late": False, "kind": "instruct"}
    with desk.store.read() as session:
        assert [one.id for one in open_supervisions(session, case.id)] == [older.id]
        row = session.get_one(Supervision, given.id)
        assert (row.read_by, row.answered_by) == (desk.department, desk.department)
    with pytest.raises(Refused, match="no supervision order"):
        carry(desk, answer_supervision, replace(answer, order=uuid7(), text="again"))
    assert [row.name for row in desk.said()][-2:] == ["CaseInstructed", "SupervisionAnswered"]


def test_one_person_is_named_of_those_who_may_answer_and_only_they_have_read_it(desk: Office) -> None:
    case = to_unit(desk)
    with desk.store.read() as session:
        assert [user.id for user in answerers(session, case)] == [desk.department]
        assert [user.id for user in answerers(session, desk.case("dispatched"))] == [desk.worker]
    order = InstructCase(
        by=desk.leader, case=CaseId(case.id), text="请处长办", person=desk.department,
        answer_by=desk.store.clock() + timedelta(days=1),
    )  # fmt: skip
    with pytest.raises(Refused) as refused:
        carry(desk, instruct_case, replace(order, person=desk.worker))
    assert (refused.value.code, refused.value.field) == ("bad-field", "person")
    with pytest.raises(Refused) as refused:
        carry(desk, instruct_case, replace(order, by=desk.supervisor))
    assert refused.value.code == "not-allowed"
    carry(desk, instruct_case, order)
    assert carry(desk, instruct_case, order).person == desk.department
    assert (sees(desk, case.id, desk.supervisor), sees(desk, case.id, desk.department)) == (0, 1)
