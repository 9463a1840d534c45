"""Who is told of reviews: the agent, and whoever may answer an appeal; once, and of calibrations nobody."""

from sqlalchemy import select

from schema.desk.qualityappeals import answer_appeal, appeal_review
from schema.desk.qualitycalibration import begin_calibration
from schema.orders import AnswerAppeal, AppealReview, BeginCalibration
from schema.people import User
from schema.quality import QualityReview
from tests.backoffice.notices.noticeroom import hear_all, room, rows
from tests.schema.desk.casework import Office
from tests.schema.desk.qualityrows import NOW, drawn, planned, recorded, scored


def test_each_hears_once_of_what_is_theirs(desk: Office) -> None:
    desk.store.clock = lambda: NOW
    with desk.store.work() as work:
        other = User(login="boss2", name="z", post="supervisor", password="!", language="zh")
        work.session.add(other)
    recorded(desk.store, desk.agent)
    drawn(desk.store, desk.supervisor, planned(desk.store, desk.supervisor).id)
    with desk.store.read() as session:
        review = session.scalars(select(QualityReview.id)).one()
    scored(desk.store, desk.supervisor, review)
    with desk.store.work() as work:
        appeal_review(work, AppealReview(by=desk.agent, review=review, text="请复听"))
    with desk.store.work() as work:
        answer_appeal(work, AnswerAppeal(by=other.id, review=review, text="维持"))
    with desk.store.work() as work:
        begin_calibration(
            work, BeginCalibration(by=desk.supervisor, review=review, inspectors=(desk.supervisor, other.id))
        )
        part = select(QualityReview.id).where(QualityReview.inspector == other.id)
    with desk.store.read() as session:
        blind = session.scalars(part).one()
    scored(desk.store, other.id, blind)
    hear_all(desk, room(desk.store), times=2)
    assert [(row.receiver, row.kind, row.way) for row in rows(desk.store)] == [
        (desk.agent, "reviewed", "message"),
        (other.id, "appealed", "message"),
        (desk.agent, "appeal-answered", "message"),
    ]
    assert "请复听" not in "".join(row.text for row in rows(desk.store))
