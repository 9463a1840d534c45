"""Quality inspection in a real browser: whole in every look; a call scored without the mouse."""

from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from conf.settings import Settings
from schema.desk.qualityappeals import appeal_review
from schema.desk.qualitycalibration import begin_calibration, end_calibration
from schema.orders import AppealReview, BeginCalibration, EndCalibration
from schema.people import User
from schema.quality import QualityReview
from schema.rules.sampling import Rule
from schema.store import Store
from tests.journeys.webpages import LOOKS, Office, by_hand, look, office
from tests.schema.desk.qualityrows import drawn, planned, recorded, scored

pytestmark = [pytest.mark.real, pytest.mark.journey]
__all__ = ["office"]


def inspected(office: Office) -> UUID:
    """Calls of agents that were drawn; some scored, one appealed against, one calibrated; one to score."""
    store = Store(Settings(var=office.var).database_url)
    yesterday = store.clock().astimezone(store.zone).date() - timedelta(days=1)
    with store.read() as session:
        ids = {login: id for login, id in session.execute(select(User.login, User.id))}
        boss = ids["supervisor1"]
        before = set(session.scalars(select(QualityReview.id)))
    with store.work() as work:
        second = work.session.scalar(select(User.id).where(User.login == "supervisor2"))
        if second is None:
            user = User(login="supervisor2", name="钱敏", post="supervisor", password="!", language="zh")
            work.session.add(user)
            work.session.flush()
            second = user.id
    for agent in ("agent1", "agent2"):
        recorded(store, ids[agent], 4)
    plan = planned(store, boss, rule=Rule(each=4, least=30, ratings=()))
    drawn(store, boss, plan.id, week=yesterday.isoformat())
    with store.read() as session:
        mine = [
            row
            for row in session.scalars(select(QualityReview).order_by(QualityReview.id))
            if row.id not in before
        ]
    for n, row in enumerate(mine[:4]):
        scored(
            store,
            boss,
            row.id,
            tone={"value": n, "second": 12.0, "remark": "语速稍快"},
            transfer=None,
            respect=int(n != 2),
        )
    with store.work() as work:
        appeal_review(
            work, AppealReview(by=mine[0].agent, review=mine[0].id, text="市民当时情绪激动，请复听。")
        )
    with store.work() as work:
        call = begin_calibration(
            work, BeginCalibration(by=boss, review=mine[1].id, inspectors=(boss, second))
        )
    with store.read() as session:
        parts = list(session.scalars(select(QualityReview).where(QualityReview.calibration == call.id)))
    for n, part in enumerate(parts):
        scored(store, part.inspector, part.id, tone=3 + n)
    with store.work() as work:
        end_calibration(work, EndCalibration(by=boss, calibration=call.id))
    store.close()
    return mine[4].id


@LOOKS
@by_hand
def test_the_pages_of_quality_inspection_are_whole(
    office: Office, language: str, scheme: str, size: tuple[int, int]
) -> None:
    open_one = inspected(office)
    page = office.page(language, scheme, size)
    office.log_in(page, "supervisor1", language)
    for name, path in (
        ("all", "/quality/all"), ("score", f"/quality/reviews/{open_one}"),
        ("plans", "/quality/plans"),
        ("calibrations", "/quality/calibrations"), ("trends", "/reports/quality"),
    ):  # fmt: skip
        page.goto(path)
        page.locator("[data-testid=store-state][data-state=up]").wait_for()
        look(office, page, f"quality-{name}-{language}-{scheme}-{size[0]}")
    page.goto("/quality/plans")
    page.locator("a[href^='/quality/draws/']").first.click()
    page.get_by_test_id("quality-told").wait_for()
    look(office, page, f"quality-draw-{language}-{scheme}-{size[0]}")
    page.context.clear_cookies(name="gridline")
    office.log_in(page, "agent1", language)
    page.goto("/quality/mine")
    page.get_by_test_id("quality-own").wait_for()
    look(office, page, f"quality-own-{language}-{scheme}-{size[0]}")
    page.get_by_test_id("quality-open").first.click()
    page.get_by_test_id("quality-result").wait_for()
    look(office, page, f"quality-mine-{language}-{scheme}-{size[0]}")
    page.context.clear_cookies(name="gridline")
    office.log_in(page, "admin1", language)
    page.goto("/rules/quality")
    page.get_by_test_id("quality-weight-tone").wait_for()
    look(office, page, f"quality-book-{language}-{scheme}-{size[0]}")
    page.context.close()


@by_hand
def test_a_call_is_scored_without_the_mouse_and_a_draft_is_kept(office: Office) -> None:
    review = inspected(office)
    page = office.page("en")
    office.log_in(page, "supervisor1", "en")
    page.goto(f"/quality/reviews/{review}")
    page.locator("[data-item=greeting][data-now]").wait_for()
    page.keyboard.press("1")
    expect(page.get_by_test_id("mark-greeting-1")).to_be_checked()
    page.keyboard.press("x")
    page.keyboard.press("m")
    page.keyboard.press("4")
    expect(page.get_by_test_id("mark-language-skip")).to_be_checked()
    expect(page.get_by_test_id("mark-tone-4")).to_be_checked()
    expect(page.locator("[name='second.tone']")).to_have_value("0:00")
    page.get_by_test_id("quality-sofar").filter(has_text="86.7% so far").wait_for()
    page.reload()
    expect(page.get_by_test_id("mark-tone-4")).to_be_checked()
    page.keyboard.press("Control+Enter")
    page.get_by_test_id("quality-trouble").wait_for()
    office.complaints.clear()  # a refused form is a 400, which the console notes
    page.locator("[data-item=listening][data-now]").wait_for()
    for key in "55551111111":
        page.keyboard.press(key)
    page.keyboard.press("Control+Enter")
    page.get_by_test_id("quality-scored").wait_for()
    page.context.close()


@by_hand
def test_a_sheet_is_changed_on_its_page(office: Office) -> None:
    page = office.page("zh")
    office.log_in(page, "admin1", "zh")
    page.goto("/rules/quality")
    page.get_by_test_id("quality-weight-tone").fill("0")
    page.keyboard.press("Tab")
    page.get_by_test_id("rules-save").click()
    page.get_by_test_id("rules-trouble").filter(has_text="0.1 到 100").wait_for()
    office.complaints.clear()  # a refused book is a 400, which the console notes
    page.get_by_test_id("quality-weight-tone").fill("12")
    page.keyboard.press("Control+s")
    page.locator("[data-testid=rules-history] [data-bring='0']").wait_for()
    expect(page.get_by_test_id("quality-weight-tone")).to_have_value("12")
    page.context.close()
