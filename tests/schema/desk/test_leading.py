"""What the leader's page lists: open instructions by their time, answers of late, and what one follows and may see."""

from datetime import timedelta

from sqlalchemy import false, true

from schema.desk.casemarks import follow_case
from schema.desk.leading import ANSWERED_FOR, followed_cases, instructions
from schema.ids import CaseId
from schema.orders import FollowCase
from tests.schema.desk.casework import Office
from tests.schema.desk.everything import carry, do, to_unit


def test_open_ones_come_first_by_their_time_then_the_answers(desk: Office) -> None:
    one, two = to_unit(desk), desk.case("dispatched")
    now = desk.store.clock()
    later = do(desk, "instruct", one.id, answer_by=now + timedelta(days=5), person=desk.department)
    sooner = do(desk, "instruct", two.id, answer_by=now + timedelta(days=2))
    do(desk, "supervise", two.id)
    with desk.store.read() as session:
        found = instructions(session, true(), now)
        assert [(row.order.id, row.to, row.giver) for row in found] == [
            (sooner.id, "name of worker", "name of leader"), (later.id, "name of department", "name of leader"),
        ]  # fmt: skip
        assert instructions(session, false(), now) == []
    do(desk, "answer", two.id, supervision=sooner.id)
    with desk.store.read() as session:
        found = instructions(session, true(), desk.store.clock())
        assert [(row.order.id, row.answerer) for row in found] == [
            (later.id, ""),
            (sooner.id, "name of agent"),
        ]
        old = desk.store.clock() + ANSWERED_FOR + timedelta(minutes=1)
        assert [row.order.id for row in instructions(session, true(), old)] == [later.id]


def test_one_sees_what_one_follows_as_far_as_one_may(desk: Office) -> None:
    one, two = to_unit(desk), desk.case("dispatched")
    for case in (one, two):
        carry(desk, follow_case, FollowCase(by=desk.leader, case=CaseId(case.id)))
    with desk.store.read() as session:
        found = [(case.id, who) for case, who in followed_cases(session, desk.leader, true())]
        assert found == [(two.id, "name of worker"), (one.id, "name of unit")]
        assert followed_cases(session, desk.leader, false()) == []
