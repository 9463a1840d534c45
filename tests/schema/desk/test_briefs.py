"""A day's brief: counted as a slow look over every row counts it, kept once when the day is over, told once."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from schema.briefs import DailyBrief
from schema.calls import CallRow, QueueEntryRow
from schema.cases import Case, CaseStep
from schema.clocks import ClockRow
from schema.desk.briefcounts import counts_of, make_brief
from schema.desk.briefs import brief_of, days_kept, keep_brief, tell_brief
from schema.desk.casemarks import mark_hot
from schema.desk.errors import Refused
from schema.ids import CaseId, uuid7
from schema.notices import Notice
from schema.orders import MarkHot
from schema.rules.brief import Brief, Counts
from schema.store import Store
from tests.schema.desk.casework import STATES, Office
from tests.schema.desk.everything import carry, do, to_unit

DAY = date(2026, 11, 24)
BEGINS = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)  # midnight of the day in the site's zone, +08:00
ENDS = BEGINS + timedelta(days=1)


def at(desk: Office, moment: datetime) -> None:
    desk.store.clock = lambda: moment


def lay(desk: Office, seed: int) -> None:
    """Cases and calls about the day's edges, the last moment of each side included."""
    chance = random.Random(seed)
    edges = [BEGINS, ENDS]
    for n in range(30):
        base = chance.choice([*edges, BEGINS - timedelta(hours=199)])
        begin = base + timedelta(microseconds=chance.choice((-1, 0, 1, 3_600_000_000)))
        at(desk, begin)
        reach = chance.randrange(len(STATES))
        case = desk.case("filed", category=chance.choice(("0101", "0203", "")))
        for state in STATES[1 : reach + 1]:
            at(desk, begin := begin + timedelta(hours=chance.choice((0, 0, 0, 9, 200))))
            with desk.store.work() as work:
                desk.move(work, work.session.get_one(Case, case.id), state)
        if reach >= 4 and n % 3 == 0:
            do(desk, "reopen", case.id)
        call = uuid7()
        entered = chance.choice(edges) + timedelta(seconds=chance.choice((-1, 0, 5)))
        result, lasted = chance.choice(
            (("answered", 5), ("answered", 30), ("abandoned", 3), ("abandoned", 40))
        )
        with desk.store.work() as work:
            work.session.add(CallRow(id=call, contact=call, node="pbx1", number="1", entered_at=entered))
            work.session.flush()
            work.session.add(
                QueueEntryRow(call=call, n=1, node="pbx1", queue="hotline", entered_at=entered, result=result,
                              ended_at=entered + timedelta(seconds=lasted))
            )  # fmt: skip


def oracle(store: Store, begins: datetime, ends: datetime) -> Counts:
    """Every row read and looked at, one by one."""
    found = Counts()
    with store.read() as session:
        cases = {case.id: case for case in session.scalars(select(Case))}
        clocks = list(session.scalars(select(ClockRow)))
        steps = list(session.scalars(select(CaseStep)))
        waits = list(session.scalars(select(QueueEntryRow)))
    for wait in waits:
        if begins <= wait.entered_at < ends:
            lasted = (wait.ended_at - wait.entered_at).total_seconds()  # type: ignore[operator]
            found.offered += 1
            found.answered += wait.result == "answered"
            found.abandoned += wait.result == "abandoned"
            found.level_in += wait.result == "answered" and lasted <= 20
            found.late += wait.result == "abandoned" and lasted > 20
    found.taken = sum(begins <= case.made_at < ends and case.parent is None for case in cases.values())
    for step in steps:
        if not begins <= step.at < ends:
            continue
        found.filed += step.hop in ("case.filed", "case.split-off")
        found.dispatched += step.hop == "case.dispatched"
        found.reopened += step.hop == "case.reopened"
        if step.hop in ("case.closed", "case.replied"):
            found.closed += 1
            stopped = [one for one in clocks if one.case == step.case and one.ended_at == step.at]
            for one in stopped:
                found.timed += one.due_at is not None
                found.in_time += one.due_at is not None and one.ended_at <= one.due_at  # type: ignore[operator]
        if step.hop == "case.rated":
            found.rated += 1
            found.satisfied += step.detail["score"] <= 2
    return found


def test_the_figures_are_those_of_a_slow_look_over_every_row(desk: Office) -> None:
    lay(desk, 7)
    later = ENDS + timedelta(days=30)
    at(desk, later)
    with desk.store.read() as session:
        whole = counts_of(session, BEGINS, ENDS)
        assert whole == oracle(desk.store, BEGINS, ENDS)
        assert min(whole.offered, whole.taken, whole.closed, whole.timed - whole.in_time + 1, whole.rated) > 0
        for begins, ends in (
            (BEGINS - timedelta(days=1), BEGINS),
            (ENDS, ENDS + timedelta(days=1)),
            (BEGINS, BEGINS),
        ):
            assert counts_of(session, begins, ends) == oracle(desk.store, begins, ends)
        brief = make_brief(session, DAY, desk.store.zone, later)
    assert brief.now == whole and brief.before == oracle(desk.store, BEGINS - timedelta(days=1), BEGINS)
    for bars in (brief.hours, brief.categories, brief.areas):
        assert sum(bar.part for bar in bars) == whole.taken
    assert (sum(bar.part for bar in brief.units), sum(bar.whole for bar in brief.units)) == (
        whole.in_time,
        whole.timed,
    )
    assert len(brief.hours) == 24 and {bar.key for bar in brief.categories} <= {"01", "02", ""}


def test_today_is_compared_with_the_same_time_of_other_days(desk: Office) -> None:
    at(desk, BEGINS - timedelta(days=1) + timedelta(hours=3))
    desk.case()
    at(desk, BEGINS - timedelta(days=1) + timedelta(hours=9))
    desk.case()
    at(desk, BEGINS - timedelta(days=7) + timedelta(hours=1))
    desk.case()
    at(desk, BEGINS + timedelta(hours=4))
    desk.case()
    brief = brief_of(desk.store, DAY)
    assert (brief.now.taken, brief.before.taken, brief.week.taken, brief.upto) == (0, 1, 1, "04:00")
    at(desk, BEGINS + timedelta(hours=4, minutes=1))
    assert brief_of(desk.store, DAY).now.taken == 1


def test_units_and_areas_are_named_and_a_confidential_case_keeps_its_title_to_itself(desk: Office) -> None:
    at(desk, BEGINS + timedelta(hours=1))
    case = to_unit(desk)
    hidden = desk.case(confidential=True)
    do(desk, "handle", case.id, by=desk.department)
    do(desk, "pass", case.id)
    do(desk, "close", case.id)
    for one in (hidden, open_ := desk.case()):
        carry(desk, mark_hot, MarkHot(by=desk.leader, case=CaseId(one.id)))
    at(desk, ENDS)
    brief = brief_of(desk.store, DAY)
    assert [(bar.names, bar.part, bar.whole) for bar in brief.units] == [({"": "name of unit"}, 1, 1)]
    assert [(bar.names[""], bar.part) for bar in brief.areas] == [("一", 3)]
    assert Counter((one.case, one.title) for one in brief.hot) == Counter(
        [(str(hidden.id), ""), (str(open_.id), "路灯不亮")]
    )


def test_a_day_that_is_over_is_kept_once_whoever_asks_at_the_same_time_and_never_changes(
    desk: Office,
) -> None:
    at(desk, BEGINS + timedelta(hours=1))
    case = desk.case("dispatched")
    at(desk, ENDS + timedelta(minutes=1))
    with ThreadPoolExecutor(6) as hands:
        found: list[Brief] = list(hands.map(lambda _: brief_of(desk.store, DAY), range(12)))
    assert all(one == found[0] for one in found)
    with desk.store.read() as session:
        assert session.scalar(select(func.count()).select_from(DailyBrief)) == 1
        assert days_kept(session, DAY, DAY) == [DAY]
    with desk.store.work() as work:  # something of that day is told of later
        work.session.get_one(Case, case.id).made_at = BEGINS - timedelta(days=3)
    assert brief_of(desk.store, DAY) == found[0]
    with desk.store.read() as session:
        assert make_brief(session, DAY, desk.store.zone, desk.store.clock()) != found[0]


def test_what_is_to_come_or_was_before_the_first_case_has_no_brief(desk: Office) -> None:
    at(desk, BEGINS + timedelta(hours=1))
    with pytest.raises(Refused):
        brief_of(desk.store, DAY - timedelta(days=1))
    desk.case()
    for day in (DAY + timedelta(days=1), DAY - timedelta(days=1)):
        with pytest.raises(Refused) as refused:
            brief_of(desk.store, day)
        assert refused.value.code == "not-found"
    with pytest.raises(Refused) as refused, desk.store.work() as work:
        keep_brief(work, DAY)
    assert refused.value.code == "wrong-state"


def test_in_the_morning_whoever_may_see_it_is_told_once(desk: Office) -> None:
    def told() -> list[Any]:
        with desk.store.read() as session:
            return list(session.scalars(select(Notice).where(Notice.kind == "brief")))

    def write(language: str, brief: Brief) -> tuple[str, str]:
        return f"{language} {brief.day}", str(brief.now.taken)

    assert tell_brief(desk.store, 0, write) == []
    at(desk, BEGINS + timedelta(hours=1))
    desk.case()
    at(desk, ENDS + timedelta(hours=7, minutes=59))
    assert tell_brief(desk.store, 8, write) == [] and tell_brief(desk.store, -1, write) == []
    at(desk, ENDS + timedelta(hours=8))
    with ThreadPoolExecutor(4) as hands:
        list(hands.map(lambda _: tell_brief(desk.store, 8, write), range(4)))
    found = told()
    assert {
        (one.receiver, one.way, one.state, one.subject, one.text) for one in found if one.way == "message"
    } == {(who, "message", "sent", "zh 2026-11-24", "1") for who in (desk.leader, desk.supervisor)}
    assert {one.way for one in found} == {"message", "mail"} and len(found) == 4
    assert tell_brief(desk.store, 8, write) == [] and len(told()) == 4
