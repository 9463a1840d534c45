"""Appeals: by whom it is about, in time, once; answered by somebody else; the score before stays to be read."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from schema.desk import keeping
from schema.desk.errors import Refused
from schema.desk.qualityappeals import acknowledge_review, answer_appeal, appeal_review
from schema.desk.qualitylists import APPEALS, about, count, history
from schema.ids import uuid7
from schema.orders import AcknowledgeReview, AnswerAppeal, AppealReview
from schema.people import User
from schema.quality import QualityReview
from tests.schema.desk.casework import Office
from tests.schema.desk.qualityrows import NOW, WELL, drawn, planned, recorded, scored


@pytest.fixture
def review(desk: Office) -> UUID:
    """A call that the supervisor scored."""
    desk.store.clock = lambda: NOW
    recorded(desk.store, desk.agent)
    drawn(desk.store, desk.supervisor, planned(desk.store, desk.supervisor).id)
    with desk.store.read() as session:
        id = session.scalars(select(QualityReview.id)).one()
    scored(desk.store, desk.supervisor, id, tone=1)
    return id


@pytest.fixture
def other(desk: Office) -> UUID:
    """Another supervisor."""
    with desk.store.work() as work:
        user = User(login="boss2", name="第二班长", post="supervisor", password="!")
        work.session.add(user)
    return user.id


def appeal(desk: Office, review: UUID, **changes: Any) -> QualityReview:
    order: dict[str, Any] = {"by": desk.agent, "review": review, "text": "当时市民情绪激动"}
    with desk.store.work() as work:
        return appeal_review(work, AppealReview(**order | changes))


def answer(desk: Office, review: UUID, by: UUID, **changes: Any) -> QualityReview:
    order: dict[str, Any] = {"by": by, "review": review, "text": "复听后确认"}
    with desk.store.work() as work:
        return answer_appeal(work, AnswerAppeal(**order | changes))


def test_an_appeal_that_is_upheld_leaves_the_score(desk: Office, review: UUID, other: UUID) -> None:
    order = uuid7()
    assert appeal(desk, review, order=order).state == appeal(desk, review, order=order).state == "appealed"
    with desk.store.read() as session:
        assert count(session, session.get_one(User, other), other, APPEALS) == 1
    row = answer(desk, review, other)
    assert (row.state, row.percent) == ("upheld", 92.0)
    with desk.store.read() as session:
        assert [one.step.what for one in history(session, review)] == ["score", "appeal", "uphold"]
    assert [one.name for one in desk.said()][-2:] == ["ReviewAppealed", "AppealAnswered"]
    with pytest.raises(Refused) as told:
        appeal(desk, review)
    assert told.value.field == "review-over", "once"


def test_an_appeal_that_changes_the_score_keeps_the_one_before(
    desk: Office, review: UUID, other: UUID
) -> None:
    appeal(desk, review)
    order = uuid7()
    marks = json.dumps(WELL | {"tone": {"value": 4}})
    for _ in range(2):
        row = answer(desk, review, other, order=order, marks=marks)
    assert (row.state, row.percent, row.good) == ("changed", 98.0, True)
    with desk.store.read() as session:
        first, _, last = history(session, review)
    assert (first.step.percent, first.marks["tone"].value) == (92.0, 1)
    assert (last.step.id, last.step.percent, last.marks["tone"].value) == (row.step, 98.0, 4)
    with pytest.raises(Refused) as told:
        answer(desk, review, other, order=order)
    assert told.value.field == "order", "it was another answer before"


def test_who_may_not_is_told_why(desk: Office, review: UUID, other: UUID) -> None:
    for by, code in ((desk.supervisor, "not-found"), (desk.leader, "not-allowed")):
        with pytest.raises(Refused) as told:
            appeal(desk, review, by=by)
        assert told.value.code == code
    with pytest.raises(Refused) as told:
        appeal(desk, review, text=" ")
    assert told.value.field == "text"
    appeal(desk, review)
    for by, code, field in ((desk.supervisor, "wrong-state", "own-score"), (desk.agent, "not-allowed", "")):
        with pytest.raises(Refused) as told:
            answer(desk, review, by)
        assert (told.value.code, told.value.field) == (code, field)
    with pytest.raises(Refused) as told:
        answer(desk, review, other, text="")
    assert told.value.field == "text"


def test_the_days_for_an_appeal_end(desk: Office, review: UUID) -> None:
    desk.store.clock = lambda: NOW + timedelta(days=5, seconds=1)
    with pytest.raises(Refused) as told:
        appeal(desk, review)
    assert told.value.field == "appeal-late"


def test_an_agent_acknowledges_and_sees_what_is_about_them_and_nothing_else(
    desk: Office, review: UUID
) -> None:
    with desk.store.work() as work:
        order = AcknowledgeReview(by=desk.agent, review=review)
        assert (
            acknowledge_review(work, order).state == acknowledge_review(work, order).state == "acknowledged"
        )
    with pytest.raises(Refused):
        appeal(desk, review)
    with desk.store.read() as session:
        assert [row.review.id for row in about(session, desk.agent)[0]] == [review]
        assert about(session, desk.supervisor)[0] == []


def test_the_recording_is_wanted_until_no_appeal_can_come(desk: Office, review: UUID, other: UUID) -> None:
    def wanted(now: datetime) -> bool:
        with desk.store.read() as session:
            row = session.get_one(QualityReview, review)
            return keeping.inspected(session, [row.recording], now) == {row.recording}

    with desk.store.read() as session:
        end = session.get_one(QualityReview, review).appeal_until
    assert end is not None and wanted(end - timedelta(seconds=1)) and not wanted(end)
    appeal(desk, review)
    assert wanted(end + timedelta(days=99)), "it waits for its answer"
    answer(desk, review, other)
    assert not wanted(end - timedelta(days=1))
