"""People follow cases and mark them as hot; each mark is kept, the last counts, the same order is one."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from msgspec.structs import replace
from sqlalchemy import func, select

from schema.casemarks import CaseMark
from schema.desk.casemarks import (
    follow_case,
    followed,
    followers,
    follows,
    hot_mark,
    mark_hot,
    marked_hot,
    unfollow_case,
    unmark_hot,
)
from schema.desk.errors import Hidden, Refused
from schema.ids import CaseId, uuid7
from schema.orders import FollowCase, MarkHot, UnfollowCase, UnmarkHot
from tests.schema.desk.casework import Office
from tests.schema.desk.everything import carry


def rows(desk: Office) -> int:
    with desk.store.read() as session:
        return session.scalar(select(func.count()).select_from(CaseMark)) or 0


def test_following_is_each_persons_own_and_the_same_order_is_one(desk: Office) -> None:
    case, other = desk.case(), desk.case()
    first = FollowCase(by=desk.leader, case=CaseId(case.id))
    assert carry(desk, follow_case, first) and carry(desk, follow_case, first)
    carry(desk, follow_case, FollowCase(by=desk.leader, case=CaseId(other.id)))
    carry(desk, follow_case, FollowCase(by=desk.supervisor, case=CaseId(case.id)))
    with desk.store.read() as session:
        assert followed(session, desk.leader) == [other.id, case.id]
        assert followers(session, case.id) == [desk.leader, desk.supervisor]
    carry(desk, unfollow_case, UnfollowCase(by=desk.leader, case=CaseId(case.id)))
    carry(desk, follow_case, first)  # said again long after: it was done then, and does nothing now
    with desk.store.read() as session:
        assert not follows(session, desk.leader, case.id) and followers(session, case.id) == [desk.supervisor]
    assert rows(desk) == 4 and desk.look(case.id).version == case.version


def test_who_may_not_follow_or_mark_is_refused(desk: Office) -> None:
    case = desk.case()
    for function, order in (
        (follow_case, FollowCase(by=desk.agent, case=CaseId(case.id))),
        (mark_hot, MarkHot(by=desk.clerk, case=CaseId(case.id))),
        (follow_case, FollowCase(case=CaseId(case.id))),
    ):
        with pytest.raises(Refused) as refused:
            carry(desk, function, order)
        assert refused.value.code == "not-allowed"
    with pytest.raises(Hidden):
        hidden = desk.case(confidential=True)
        carry(desk, follow_case, FollowCase(by=desk.agent, case=CaseId(hidden.id)))
    order = MarkHot(by=desk.leader, case=CaseId(case.id), text="重大")
    carry(desk, mark_hot, order)
    with pytest.raises(Refused, match="something else before"):
        carry(desk, follow_case, FollowCase(order=order.order, by=desk.leader, case=CaseId(case.id)))
    assert rows(desk) == 1


def test_a_hot_mark_is_the_cases_whoever_takes_it_off(desk: Office) -> None:
    case = desk.case()
    carry(desk, mark_hot, MarkHot(by=desk.leader, case=CaseId(case.id), text=" 群众关心 "))
    carry(desk, mark_hot, MarkHot(by=desk.supervisor, case=CaseId(case.id), text="again"))
    with desk.store.read() as session:
        mark = hot_mark(session, case.id)
        assert mark is not None and (mark.text, mark.by) == ("群众关心", desk.leader)
        assert marked_hot(session) == [case.id]
    carry(desk, unmark_hot, UnmarkHot(by=desk.supervisor, case=CaseId(case.id)))
    with desk.store.read() as session:
        assert hot_mark(session, case.id) is None and marked_hot(session) == []
    with pytest.raises(Refused) as refused:
        carry(desk, mark_hot, MarkHot(by=desk.leader, case=CaseId(case.id), text="长" * 301))
    assert refused.value.field == "text"


def test_many_at_once_leave_one_row(desk: Office) -> None:
    case = desk.case()
    order = FollowCase(by=desk.leader, case=CaseId(case.id))
    with ThreadPoolExecutor(4) as hands:
        made = list(hands.map(lambda n: carry(desk, follow_case, replace(order, order=uuid7())), range(8)))
    assert made == [True] * 8 and rows(desk) == 1
