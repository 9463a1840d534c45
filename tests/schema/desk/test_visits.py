"""Return visits: handed out evenly and once, tried, ended with two ratings; what is not solved is opened again."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from schema.cases import Case
from schema.desk.confiding import conceal_case
from schema.desk.errors import Hidden, Refused
from schema.desk.ratings import rate_case
from schema.desk.timeline import timeline
from schema.desk.visitlists import figures
from schema.desk.visits import hand_out_visits, put_back_visit, record_try, take_visit
from schema.ids import CaseId, uuid7
from schema.orders import ConcealCase, HandOutVisits, PutBackVisit, RateCase, RecordTry, TakeVisit
from schema.people import User
from schema.rules.visits import Figures
from schema.store import Store
from schema.visits import Visit
from tests.schema.desk.casework import Office

TEN = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
"""Ten in the morning of a Tuesday, in the city."""


def closed(desk: Office, **changes: Any) -> Case:
    """A case that was closed the day before yesterday."""
    with at(desk.store, TEN - timedelta(days=2)):
        return desk.case("closed", **changes)


def secret_case(desk: Office) -> UUID:
    """One that only supervisors may know of."""
    case = closed(desk)
    with desk.store.work() as work:
        conceal_case(work, ConcealCase(by=desk.supervisor, case=CaseId(case.id), reason="保密"))
    return case.id


class at:
    """The store's clock stands at a moment."""

    def __init__(self, store: Store, moment: datetime) -> None:
        self.store, self.moment = store, moment

    def __enter__(self) -> None:
        self.before, self.store.clock = self.store.clock, lambda: self.moment

    def __exit__(self, *_: object) -> None:
        self.store.clock = self.before


@pytest.fixture(autouse=True)
def ten(desk: Office) -> None:
    desk.store.clock = lambda: TEN


def take(desk: Office, by: UUID | None = None, **more: Any) -> Visit:
    with desk.store.work() as work:
        return take_visit(work, TakeVisit(by=by or desk.agent, **more))


def tell(desk: Office, visit: Visit, result: str = "reached", by: UUID | None = None, **more: Any) -> Visit:
    scores = {"reception": 1, "rating": 2} if result == "reached" else {}
    order = RecordTry(by=by or desk.agent, visit=visit.id, result=result, **scores | more)
    with desk.store.work() as work:
        return record_try(work, order)


def refused(what: Any, desk: Office, order: Any) -> Refused:
    with pytest.raises(Refused) as error, desk.store.work() as work:
        what(work, order)
    return error.value


def test_cases_are_dealt_evenly_once_an_order_and_nobody_gets_what_they_may_not_see(desk: Office) -> None:
    plain = [closed(desk).id for _ in range(3)]
    secret = secret_case(desk)
    order = HandOutVisits(by=desk.supervisor, agents=(desk.agent, desk.supervisor), count=10)
    for _ in range(2):
        with desk.store.work() as work:
            given = hand_out_visits(work, order)
        had = {visit.case: visit.agent for visit in given}
        assert set(had) == {*plain, secret} and had[secret] == desk.supervisor
        assert sorted(had.values()).count(desk.agent) == 2
    said = [row.body for row in desk.said() if row.name == "VisitGiven"]
    assert len(said) == 4
    again = replace(order, order=uuid7())
    assert (refused(hand_out_visits, desk, again).field) == "none-to-visit"
    for wrong, field in [
        ({"count": 0}, "count"),
        ({"agents": ()}, "agents"),
        ({"agents": (desk.leader,)}, "agents"),
    ]:
        assert refused(hand_out_visits, desk, replace(again, **wrong)).field == field
    assert refused(hand_out_visits, desk, replace(again, by=desk.agent)).code == "not-allowed"


def test_of_two_who_take_the_same_case_one_gets_it(desk: Office) -> None:
    case, told = CaseId(closed(desk).id), []
    start = threading.Barrier(2)

    def one(by: UUID) -> None:
        start.wait()
        try:
            told.append(str(take(desk, by, case=case).agent))
        except Refused as error:
            told.append(error.field)

    threads = [threading.Thread(target=one, args=(by,)) for by in (desk.agent, desk.clerk)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert "visit-taken" in told and len(told) == 2 and {str(desk.agent), str(desk.clerk)} & set(told)


def test_a_confidential_case_is_not_even_there_for_an_agent_and_one_too_young_waits(desk: Office) -> None:
    secret = secret_case(desk)
    with at(desk.store, TEN - timedelta(hours=23)):
        desk.case("closed")
    assert refused(take_visit, desk, TakeVisit(by=desk.agent)).field == "none-to-visit"
    visit = take(desk, desk.supervisor)
    assert visit.case == secret
    with pytest.raises(Hidden), desk.store.work() as work:
        record_try(work, RecordTry(by=desk.agent, visit=visit.id, result="busy"))


def test_a_citizen_who_is_reached_rates_twice_and_the_case_is_rated_in_the_same_commit(desk: Office) -> None:
    case, visit = closed(desk), None
    visit = take(desk)
    order = RecordTry(by=desk.agent, visit=visit.id, result="reached", reception=1, rating=3, text=" 快 ")
    for _ in range(2):
        with desk.store.work() as work:
            visit = record_try(work, order)
    assert (visit.ended, visit.reception, visit.department, visit.solved, visit.text) == (
        "reached",
        1,
        3,
        True,
        "快",
    )
    row = desk.look(case.id)
    assert (row.state, row.rating, row.rated_at) == ("rated", 3, TEN)
    assert [step.hop for step in desk.steps(case.id)].count("case.rated") == 1
    said = [row.body for row in desk.said() if row.name == "VisitTried"]
    assert [(body["result"], body["reception"], body["state"]) for body in said] == [("reached", 1, "rated")]
    with desk.store.read() as session:
        hop = next(hop for hop in timeline(session, case.contact) if hop.hop == "visit.tried")
    assert (hop.who, hop.text, hop.detail["reception"], hop.detail["score"]) == ("name of agent", "快", 1, 3)
    assert refused(record_try, desk, replace(order, order=uuid7())).field == "visit-over"


def test_what_is_not_solved_is_opened_again_with_the_rating_in_its_history_and_visited_again(
    desk: Office,
) -> None:
    case = closed(desk)
    tell(desk, take(desk), solved=False, rating=5, text="还是不亮")
    row = desk.look(case.id)
    assert (row.state, row.rating, row.closed_at) == ("filed", None, None) and row.due_at is not None
    last = desk.steps(case.id)[-2:]
    assert [(step.hop, step.text) for step in last] == [("case.rated", ""), ("case.reopened", "还是不亮")]
    for step in ("dispatched", "handled", "checked", "closed"):
        with desk.store.work() as work:
            desk.move(work, desk.look(case.id), step)
    with at(desk.store, TEN + timedelta(days=2)):
        assert take(desk).case == case.id


def test_a_number_is_tried_again_later_and_the_last_try_in_vain_ends_it(desk: Office) -> None:
    case, visit = closed(desk), None
    visit = take(desk)
    assert tell(desk, visit, "busy").next_at == TEN + timedelta(minutes=30)
    assert tell(desk, visit, "no-answer").next_at == TEN + timedelta(hours=3)
    visit = tell(desk, visit, "no-answer", text="关机")
    assert (visit.tries, visit.ended, visit.ended_at) == (3, "not-reached", TEN)
    assert desk.look(case.id).state == "closed"


@pytest.mark.parametrize(
    ("result", "more", "field"),
    [("asleep", {}, "result"), ("busy", {"reception": 1}, "result"), ("busy", {"solved": False, "text": "x"}, "result"),
     ("reached", {"reception": 0}, "reception"), ("reached", {"rating": 6}, "rating"),
     ("reached", {"solved": False}, "text"), ("reached", {"text": "x" * 5000}, "text")],
)  # fmt: skip
def test_a_result_that_cannot_be_is_refused_and_changes_nothing(
    desk: Office, result: str, more: dict[str, Any], field: str
) -> None:
    case = closed(desk)
    visit = take(desk)
    with pytest.raises(Refused) as error:
        tell(desk, visit, result, **more)
    assert (error.value.code, error.value.field) == ("bad-field", field)
    assert desk.look(case.id).state == "closed"


def test_a_case_that_the_citizen_rated_meanwhile_is_visited_no_more(desk: Office) -> None:
    case, visit = closed(desk), None
    visit = take(desk)
    with desk.store.work() as work:
        rate_case(work, RateCase(case=CaseId(case.id), score=1))
    assert (
        refused(record_try, desk, RecordTry(by=desk.agent, visit=visit.id, result="busy")).field
        == "visit-overtaken"
    )


def test_only_who_has_it_or_hands_them_out_may_tell_or_put_it_back(desk: Office) -> None:
    closed(desk)
    visit = take(desk)
    order = PutBackVisit(by=desk.clerk, visit=visit.id)
    assert refused(put_back_visit, desk, order).code == "not-allowed"
    tell(desk, visit, "busy", by=desk.supervisor)
    back = PutBackVisit(by=desk.agent, visit=visit.id)
    for _ in range(2):
        with desk.store.work() as work:
            assert put_back_visit(work, back).agent is None
    again = take(desk, desk.clerk)
    assert (again.id, again.tries, again.agent) == (visit.id, 1, desk.clerk)


def test_the_figures_add_up_and_say_of_how_many(desk: Office) -> None:
    for n, result in enumerate(("reached", "wrong-number", "declined", "busy", "")):
        closed(desk, number=f"1390000001{n}")
        visit = take(desk)
        if result:
            tell(desk, visit, result)
    closed(desk)
    visit = take(desk)
    with desk.store.work() as work:
        rate_case(work, RateCase(case=CaseId(visit.case), score=5))
    with desk.store.read() as session:
        boss = session.scalars(select(User).where(User.id == desk.supervisor)).one()
        found = figures(session, boss, TEN - timedelta(days=1))
        assert figures(session, boss, TEN + timedelta(days=1)) == Figures()
    assert found == Figures(
        given=6, reached=1, wrong_number=1, declined=1, open=2, overtaken=1, rated_reception=1,
        satisfied_reception=1, rated_department=1, satisfied_department=1,
    )  # fmt: skip
