"""Trends: every figure beside what it is of; an appeal that changed a score counts as it is now."""

import json
from datetime import timedelta

from sqlalchemy import select

from schema.desk.qualityappeals import answer_appeal, appeal_review
from schema.desk.qualitytrends import Asked, Figures, by_agent, by_item, by_team, by_week, reviews, whole
from schema.orders import AnswerAppeal, AppealReview
from schema.people import User
from schema.quality import QualityReview
from schema.rules.sampling import Rule
from tests.schema.desk.casework import Office
from tests.schema.desk.qualityrows import NOW, WELL, drawn, planned, recorded, scored


def test_trends_are_by_week_agent_team_and_item(desk: Office) -> None:
    desk.store.clock = lambda: NOW
    with desk.store.work() as work:
        work.session.get_one(User, desk.agent).department = desk.unit
        other = User(login="boss2", name="z second", post="supervisor", password="!")
        work.session.add(other)
    recorded(desk.store, desk.agent, 3)
    recorded(desk.store, other.id, 1)
    plan = planned(desk.store, desk.supervisor, rule=Rule(each=5))
    drawn(desk.store, desk.supervisor, plan.id)
    desk.store.clock = lambda: NOW - timedelta(days=7)
    recorded(desk.store, desk.agent, 1)
    desk.store.clock = lambda: NOW
    drawn(desk.store, desk.supervisor, plan.id, week="2026-11-16")
    with desk.store.read() as session:
        of_agent = (
            select(QualityReview.id)
            .where(QualityReview.agent == desk.agent)
            .order_by(QualityReview.week.desc())
        )
        a, b, c, before = session.scalars(of_agent)
        (d,) = session.scalars(select(QualityReview.id).where(QualityReview.agent == other.id))
    scored(desk.store, desk.supervisor, a, tone=1, transfer=None)  # 91.6
    scored(desk.store, desk.supervisor, b, respect=0)  # 0
    scored(desk.store, desk.supervisor, before)
    scored(desk.store, desk.supervisor, d)
    with desk.store.work() as work:
        appeal_review(work, AppealReview(by=desk.agent, review=b, text="录音不清"))
    with desk.store.work() as work:
        marks = json.dumps(WELL | {"tone": {"value": 0}})
        answer_appeal(work, AnswerAppeal(by=other.id, review=b, text="复听", marks=marks))  # 90.0
    asked = Asked(NOW.date() - timedelta(days=14), NOW.date())
    with desk.store.read() as session:
        everything = whole(session, asked)
        assert everything == Figures(4, everything.points, 4, 0, 1, 1)
        assert everything.mean is not None and round(everything.mean, 2) == round(
            (91.6 + 90 + 100 + 100) / 4, 2
        )
        assert [(line.name, line.figures.scored) for line in by_week(session, asked)] == [
            ("2026-11-16", 1), ("2026-11-23", 3),
        ]  # fmt: skip
        assert [(line.name, line.figures.scored) for line in by_agent(session, asked)] == [
            ("name of agent", 3), ("z second", 1),
        ]  # fmt: skip
        assert {(line.name, line.figures.scored) for line in by_team(session, asked)} == {
            ("name of unit", 3),
            ("", 1),
        }
        items = {line.code: line for line in by_item(session, asked)}
        assert (items["tone"].marked, items["tone"].applied, items["tone"].failed) == (4, 4, 1)
        assert items["tone"].mean is not None and round(items["tone"].mean, 3) == 0.55
        assert (items["transfer"].marked, items["transfer"].applied) == (4, 3) and items["respect"].fatal
        assert whole(session, Asked(asked.first, asked.last, agent=other.id)).scored == 1
        assert (
            whole(session, Asked(asked.first, asked.last, department=desk.unit, sheet="hotline")).scored == 3
        )
        assert whole(session, Asked(asked.first, asked.last, sheet="none")) == Figures()
        assert Figures().mean is None
        found = [
            row for some in reviews(session, session.get_one(User, desk.supervisor), asked) for row in some
        ]
        assert len(found) == 4 and all(len(marks) == len(WELL) for _, marks, _ in found)
        nobody = session.get_one(User, desk.department)
        assert [row for some in reviews(session, nobody, asked) for row in some] == []
        assert session.get_one(QualityReview, c).state == "open"
