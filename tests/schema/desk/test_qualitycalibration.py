"""Calibration: blind to each other until it ends, then how far they agree is shown; no figure counts it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from schema.desk.errors import Refused
from schema.desk.qualityappeals import appeal_review
from schema.desk.qualitycalibration import agreement_since, begin_calibration, calibrations, end_calibration
from schema.desk.qualitylists import about
from schema.desk.qualitytrends import Asked, whole
from schema.ids import uuid7
from schema.orders import AppealReview, BeginCalibration, EndCalibration
from schema.people import User
from schema.quality import QualityCalibration, QualityReview
from tests.schema.desk.casework import Office
from tests.schema.desk.qualityrows import NOW, drawn, planned, recorded, scored


@pytest.fixture
def two(desk: Office) -> tuple[UUID, UUID]:
    """Two supervisors."""
    desk.store.clock = lambda: NOW
    with desk.store.work() as work:
        user = User(login="boss2", name="z second", post="supervisor", password="!")
        work.session.add(user)
    return desk.supervisor, user.id


def beginning(desk: Office, inspectors: tuple[UUID, ...], **changes: Any) -> BeginCalibration:
    recorded(desk.store, desk.agent)
    drawn(desk.store, desk.supervisor, planned(desk.store, desk.supervisor).id)
    with desk.store.read() as session:
        review = session.scalars(select(QualityReview.id).order_by(QualityReview.id.desc())).first()
    order: dict[str, Any] = {"by": desk.supervisor, "review": review, "inspectors": inspectors}
    return BeginCalibration(**order | changes)


def test_two_score_blind_and_see_how_far_they_agree_when_it_ends(
    desk: Office, two: tuple[UUID, UUID]
) -> None:
    order = beginning(desk, two, remark="语气的尺度")
    for _ in range(2):
        with desk.store.work() as work:
            row = begin_calibration(work, order)
    with desk.store.read() as session:
        parts = {one.inspector: one.id for one in session.scalars(
            select(QualityReview).where(QualityReview.calibration == row.id))}  # fmt: skip
    assert set(parts) == set(two)
    scored(desk.store, two[0], parts[two[0]], tone=4, transfer=None)
    scored(desk.store, two[1], parts[two[1]], tone=2, transfer=None)
    with desk.store.read() as session:
        boss = session.get_one(User, two[1])
        (blind,) = calibrations(session, boss, two[1])
        assert (
            not blind.shown and [(seat.scored, dict(seat.marks)) for seat in blind.seats] == [(True, {})] * 2
        )
        assert blind.agreement is None and about(session, desk.agent)[0] == []
        assert agreement_since(session, NOW - timedelta(days=9))[2] == 0
    end = EndCalibration(by=desk.supervisor, calibration=row.id)
    for _ in range(2):
        with desk.store.work() as work:
            end_calibration(work, end)
    with desk.store.read() as session:
        (told,) = calibrations(session, boss, two[1])
        assert told.shown and told.agreement is not None and told.items is not None
        assert (told.agreement.equal, told.agreement.pairs) == (12, 13) and sorted(told.percents) == [
            93.7,
            97.9,
        ]
        assert told.items["tone"].equal == 0 and told.items["transfer"].equal == 1
        items, all, calls = agreement_since(session, NOW - timedelta(days=9))
        assert calls == 1 and items["tone"].pairs == 1 and all.kappa is not None and 0.8 < all.kappa < 1
        assert len(about(session, desk.agent)[0]) == 2, "the agent sees what was said of them"
        assert whole(session, Asked(NOW.date() - timedelta(days=9), NOW.date())).scored == 0
        assert calibrations(session, session.get_one(User, desk.supervisor), uuid7()) == []
    assert [one.name for one in desk.said()].count("CalibrationEnded") == 1


def test_who_has_not_scored_by_the_end_does_not_any_more_and_nobody_appeals(
    desk: Office, two: tuple[UUID, UUID]
) -> None:
    with desk.store.work() as work:
        row = begin_calibration(work, beginning(desk, two))
    with desk.store.read() as session:
        first, second = session.scalars(select(QualityReview.id).where(QualityReview.calibration == row.id))
        by = session.get_one(QualityReview, first).inspector
    scored(desk.store, by, first)
    with desk.store.work() as work:
        end_calibration(work, EndCalibration(by=desk.supervisor, calibration=row.id))
    late = two[0] if by == two[1] else two[1]
    with pytest.raises(Refused) as told:
        scored(desk.store, late, second)
    assert told.value.field == "review-over"
    with pytest.raises(Refused), desk.store.work() as work:
        appeal_review(work, AppealReview(by=desk.agent, review=first, text="x"))


def test_what_is_refused_says_why(desk: Office, two: tuple[UUID, UUID]) -> None:
    order = beginning(desk, two)
    for inspectors in ((two[0],), (two[0], desk.agent), (two[0], desk.leader)):
        wrong = BeginCalibration(by=desk.supervisor, review=order.review, inspectors=inspectors)
        with pytest.raises(Refused) as told, desk.store.work() as work:
            begin_calibration(work, wrong)
        assert told.value.field == "inspectors"
    for by, review, code in (
        (desk.agent, order.review, "not-allowed"),
        (desk.supervisor, uuid7(), "not-found"),
    ):
        with pytest.raises(Refused) as told, desk.store.work() as work:
            begin_calibration(work, BeginCalibration(by=by, review=review, inspectors=two))
        assert told.value.code == code
    with pytest.raises(Refused), desk.store.work() as work:
        end_calibration(work, EndCalibration(by=desk.supervisor, calibration=uuid7()))
    with desk.store.read() as session:
        assert session.scalars(select(QualityCalibration)).all() == []
