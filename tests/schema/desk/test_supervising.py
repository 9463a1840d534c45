"""A supervision order is given with a time to answer by, and answered once, the oldest first."""

from dataclasses import replace
from datetime import timedelta

import pytest

from schema.desk.errors import Refused
from schema.desk.supervising import LATEST, answer_supervision, open_supervisions, supervise_case
from schema.ids import CaseId
from schema.orders import AnswerSupervision, SuperviseCase
from tests.schema.desk.casework import Office
from tests.schema.desk.everything import carry, do


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
    assert desk.steps(case.id)[-1].detail == {"supervision": str(given.id), "late": False}
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
