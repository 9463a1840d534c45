"""Calibration on pages: blind until it ends."""

from sqlalchemy import select

from schema.ids import uuid7
from schema.quality import QualityReview
from tests.backoffice.conftest import Town, plain
from tests.backoffice.test_quality import MARKS, sampled, second_boss


def test_two_inspectors_calibrate_blind_and_see_how_far_they_agree(town: Town) -> None:
    (review,) = sampled(town)
    boss, (second, other) = town.visit("supervisor"), second_boss(town)
    path = f"/quality/reviews/{review}/calibrate"
    one = {"order": str(uuid7()), "inspector": [str(town.users["supervisor"].id)]}
    wrong = boss.post(path, one)
    assert wrong.status_code == 400 and "校准至少两名" in wrong.get_data(as_text=True)
    assert boss.post(path, one | {"inspector": [*one["inspector"], str(second.id), "x"]}).status_code == 303
    with town.store.read() as session:
        parts = {row.inspector: row for row in session.scalars(
            select(QualityReview).where(QualityReview.calibration.is_not(None)))}  # fmt: skip
    own, its = parts[town.users["supervisor"].id], parts[second.id]
    assert boss.post(f"/quality/reviews/{own.id}/score", MARKS | {"order": str(uuid7())}).status_code == 303
    assert other.get(f"/quality/reviews/{own.id}").status_code == 404, "blind"
    tone = {"item.tone": "2", "order": str(uuid7())}
    assert other.post(f"/quality/reviews/{its.id}/score", MARKS | tone).status_code == 303
    html = other.text("/quality/calibrations")
    assert "进行中" in html and 'data-testid="quality-agree"' not in html and str(own.id) not in html
    assert boss.post(f"/quality/calibrations/{own.calibration}/end").status_code == 303
    text = plain(other.text("/quality/calibrations"))
    assert "92.3% 12 / 13" in text and "总分相差 6 分" in text and "近 90 天的一致性（1 通）" in text
    agent = town.visit("agent")
    assert "校准，不计入成绩" in plain(agent.text("/quality/mine")), "the agent sees it too"
    assert "quality-acknowledge" not in agent.text(f"/quality/mine/{own.id}")
