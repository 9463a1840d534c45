"""Quality inspection on its pages alone: plan, draw, score, appeal and answer, calibration, trends."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from conf.settings import Settings
from schema.desk.passwords import hashed
from schema.people import User
from schema.store import Store
from tests.journeys.webpages import Office, by_hand, look, office
from tests.schema.desk.qualityrows import SHEET, recorded

pytestmark = [pytest.mark.real, pytest.mark.journey]
__all__ = ["office"]


def staffed(office: Office) -> str:
    """Recorded calls of an agent, and a second inspector; the day of the calls."""
    store = Store(Settings(var=office.var).database_url)
    day = (store.clock() - timedelta(days=1)).astimezone(store.zone).date()
    office.passwords["supervisor2"] = "two ears hear more"
    with store.work() as work:
        work.session.add(User(login="supervisor2", name="钱敏", post="supervisor", language="zh", password_at=work.now,
                              password=hashed(office.passwords["supervisor2"])))  # fmt: skip
        agent = work.session.scalars(select(User.id).where(User.login == "agent1")).one()
    recorded(store, agent, 3)
    store.close()
    return day.isoformat()


def tick(page: Page, value: str) -> None:
    """Choose a value of an item, by what is seen of it."""
    page.locator("label", has=page.get_by_test_id(f"mark-{value}")).click()


def mark(page: Page, **other: str) -> None:
    """Give the best marks but for some, and hand the sheet in."""
    for item in SHEET.items():
        tick(page, f"{item.code}-{other.get(item.code, item.most)}")
    page.get_by_test_id("quality-text").fill("总体不错")


@by_hand
def test_a_call_is_drawn_scored_appealed_against_and_calibrated(office: Office) -> None:
    day = staffed(office)
    boss = office.page("zh")
    office.log_in(boss, "supervisor1", "zh")
    boss.goto("/quality/plans")
    boss.get_by_test_id("quality-name").fill("每周抽检")
    boss.get_by_test_id("quality-each").fill("1")
    boss.get_by_test_id("quality-least").fill("30")
    boss.locator(
        "label", has_text=boss.get_by_test_id("user-menu").inner_text().splitlines()[0]
    ).get_by_test_id("quality-inspector").check()
    boss.get_by_test_id("quality-save").click()
    boss.get_by_test_id("quality-week").fill(day)
    boss.get_by_test_id("quality-draw").click()
    boss.get_by_test_id("quality-told").wait_for()
    look(office, boss, "quality-drawn-zh")

    boss.goto("/quality")
    boss.get_by_test_id("quality-open").first.click()
    review = boss.url
    mark(boss, greeting="0")
    boss.get_by_test_id("quality-submit").click()
    boss.get_by_test_id("quality-scored").wait_for()

    agent = office.page("ug")
    office.log_in(agent, "agent1", "ug")
    agent.goto("/quality/mine")
    agent.get_by_test_id("quality-open").first.click()
    look(office, agent, "quality-appeal-ug")
    agent.get_by_test_id("quality-appeal-text").fill("市民先开口的，请复听。")
    agent.get_by_test_id("quality-appeal-send").click()
    agent.locator("[data-testid=quality-history] [data-step=appeal]").wait_for()

    second = office.page("en")
    office.log_in(second, "supervisor2", "en")
    second.goto("/quality/appeals")
    second.get_by_test_id("quality-open").first.click()
    tick(second, "greeting-1")
    second.get_by_test_id("quality-text").fill("The citizen spoke first.")
    second.get_by_test_id("quality-change").click()
    second.locator("[data-testid=quality-history] [data-step=change]").wait_for()
    agent.reload()
    expect(agent.get_by_test_id("quality-result")).to_contain_text("100")

    boss.goto(review)
    boss.get_by_test_id("quality-calibrate").locator("summary").click()
    for box in boss.get_by_test_id("quality-calibrate").locator("[name=inspector]").all():
        box.check()
    boss.get_by_test_id("quality-calibrate").locator("button").click()
    boss.get_by_test_id("quality-calibration").wait_for()
    for page, points in ((boss, "5"), (second, "3")):
        page.goto("/quality/calibrations")
        page.get_by_test_id("quality-calibration").get_by_role("link").click()
        mark(page, tone=points)
        page.get_by_test_id("quality-submit").click()
        page.get_by_test_id("quality-scored").wait_for()
    boss.goto("/quality/calibrations")
    boss.get_by_test_id("quality-end").click()
    unlike = boss.locator("[data-testid=quality-agree] tr", has=boss.locator("[data-equal=no]"))
    expect(unlike).to_have_count(1)
    look(office, boss, "quality-agreement-zh")

    boss.goto("/reports/quality")
    boss.get_by_test_id("quality-items").wait_for()
    with boss.expect_download() as download:
        boss.get_by_test_id("quality-excel").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    for page in (boss, agent, second):
        page.context.close()
