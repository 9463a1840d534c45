"""Hot cases are found by what happened to them, hottest first, and only among those seen."""

from datetime import timedelta

from sqlalchemy import true

from schema.cases import Case
from schema.desk.casemarks import mark_hot
from schema.desk.hotlist import HotCase, hot_cases, signs_of
from schema.desk.urging import beat
from schema.ids import CaseId
from schema.orders import MarkHot
from schema.rules.hot import WITHIN
from tests.schema.desk.casework import Office
from tests.schema.desk.everything import carry, do


def hot(desk: Office, **more: object) -> list[HotCase]:
    with desk.store.read() as session:
        return hot_cases(session, true(), desk.store.clock(), **more)  # type: ignore[arg-type]


def test_what_was_joined_urged_reopened_or_marked_is_found_the_hottest_first(desk: Office) -> None:
    plain, joined, urged, marked, again = (desk.case("dispatched") for _ in range(5))
    for _ in range(3):
        do(desk, "merge", desk.case().id, into=CaseId(joined.id))
        do(desk, "urge", urged.id)
    carry(desk, mark_hot, MarkHot(by=desk.leader, case=CaseId(marked.id)))
    do(desk, "urge", again.id)
    for step in ("handled", "checked", "closed"):
        with desk.store.work() as work:
            desk.move(work, work.session.get_one(Case, again.id), step)
    do(desk, "reopen", again.id)
    found = hot(desk)
    assert [(one.case.id, one.score, one.counts) for one in found] == [
        (joined.id, 6, {"joined": 3}),
        (marked.id, 5, {"marked": 1}),
        (urged.id, 3, {"urged": 3}),
        (again.id, 3, {"reopened": 1, "urged": 1}),
    ]
    assert [one.case.id for one in hot(desk, most=1)] == [joined.id]
    with desk.store.read() as session:
        now = desk.store.clock()
        assert signs_of(session, plain, now) == () and signs_of(session, joined, now) == found[0].why
        assert hot_cases(session, Case.id == urged.id, now)[0].case.id == urged.id


def test_a_merge_that_is_taken_back_counts_no_longer(desk: Office) -> None:
    case = desk.case("dispatched")
    twin, other = desk.case(), desk.case()
    for one in (twin, other):
        do(desk, "merge", one.id, into=CaseId(case.id))
    assert [one.counts for one in hot(desk)] == [{"joined": 2}]
    do(desk, "unmerge", twin.id)
    assert hot(desk) == []


def test_what_a_clock_urges_counts_as_being_late_and_what_is_long_ago_or_over_not_at_all(
    desk: Office,
) -> None:
    case = desk.case("dispatched")
    assert case.due_at is not None
    late = case.due_at + timedelta(minutes=1)
    desk.store.clock = lambda: late
    assert beat(desk.store) == 1 and hot(desk) == []
    do(desk, "urge", case.id)
    assert [one.counts for one in hot(desk)] == [{"overdue": 1, "urged": 1}]
    desk.store.clock = lambda: late + WITHIN + timedelta(hours=1)
    assert hot(desk) == []
    carry(desk, mark_hot, MarkHot(by=desk.leader, case=CaseId(case.id)))
    assert len(hot(desk)) == 1
    do(desk, "void", case.id)
    assert hot(desk) == []
