"""The desk of return visits in a real browser: whole in every look; a citizen's two ratings without the mouse."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from conf.settings import Settings
from schema.calls import CallBackRow
from schema.desk.campaigns import make_campaign
from schema.desk.donotcall import block_number
from schema.desk.visits import record_try
from schema.ids import uuid7
from schema.orders import BlockNumber, MakeCampaign, RecordTry
from schema.people import User
from schema.store import Store
from schema.visits import Visit
from tests.journeys.closedcases import closed
from tests.journeys.webpages import LOOKS, Office, by_hand, look, office

pytestmark = [pytest.mark.real, pytest.mark.journey]
__all__ = ["office"]
DAY = timedelta(days=1)
PICK = "first=2026-01-01&last=2026-12-31&way=skill&seed=a1b2c3&share=60&name=2026"


def outbound(office: Office) -> str:
    """A campaign of all that is closed, a number that nobody calls, and a call-back that is owed."""
    store = Store(Settings(var=office.var).database_url)
    now, id = store.clock(), uuid7()
    with store.work() as work:
        who = {user.login: user.id for user in work.session.scalars(select(User))}
        boss, agents = who["supervisor1"], (who["supervisor1"],)
        block_number(
            work, BlockNumber(by=boss, number="13912345699", reason="市民要求不再回访", until=now + DAY)
        )
        work.session.add(
            CallBackRow(id=id, contact=id, call=id, node="pbx1", queue="hotline", number="13800138000", language="ug",
                        place=now, promised_at=now, expires_at=now + DAY, attempts=1, reason="no answer")
        )  # fmt: skip
    closed(office, "agent1", 6)
    first, last = ((now + days * DAY).date().isoformat() for days in (-9, 1))
    with store.work() as work:
        order = MakeCampaign(
            by=boss, name="十一月社保回访", first=first, last=last, seed="a", way="evenly", agents=agents
        )
        campaign = make_campaign(work, order)
    for n, result in enumerate(("wrong-number", "declined", "busy")):
        with store.work() as work:
            visit = work.session.scalars(
                select(Visit).where(Visit.campaign == campaign.id).order_by(Visit.id).offset(n)
            ).first()
            assert visit is not None
            record_try(work, RecordTry(by=boss, visit=visit.id, result=result, text="电话里说明原因"))
    store.close()
    return str(campaign.id)


@LOOKS
@by_hand
def test_the_desk_of_return_visits_is_whole(
    office: Office, language: str, scheme: str, size: tuple[int, int]
) -> None:
    closed(office, "supervisor1", 5, 4)
    page = office.page(language, scheme, size)
    office.log_in(page, "supervisor1", language)
    for name in ("mine", "waiting", "done", "later"):
        page.goto(f"/visits?list={name}")
        page.locator("[data-testid=store-state][data-state=up]").wait_for()
        look(office, page, f"visits-{name}-{language}-{scheme}-{size[0]}")
    page.goto("/visits?list=mine")
    page.get_by_test_id("visits-open").first.click()
    page.get_by_test_id("visits-form").wait_for()
    look(office, page, f"visits-one-{language}-{scheme}-{size[0]}")
    campaign = outbound(office)
    for path in ("do-not-call", "call-backs", "campaigns", f"campaigns/new?{PICK}", f"campaigns/{campaign}"):
        page.goto(f"/visits/{path}")
        page.locator("[data-testid=store-state][data-state=up]").wait_for()
        look(
            office,
            page,
            f"outbound-{path.partition('?')[0].replace('/', '-')[:20]}-{language}-{scheme}-{size[0]}",
        )
    page.context.close()


@by_hand
def test_a_citizen_is_asked_without_the_mouse_and_what_is_not_solved_is_opened_again(office: Office) -> None:
    closed(office, "agent1", 3)
    page = office.page("en")
    office.log_in(page, "agent1", "en")
    page.goto("/visits")
    page.get_by_test_id("visits-empty").wait_for()
    page.keyboard.press("t")
    page.get_by_test_id("visits-form").wait_for()
    number = page.get_by_test_id("visits-case").inner_text()
    page.locator("[data-scores=reception][data-next]").wait_for()
    page.keyboard.press("b")
    expect(page.get_by_test_id("reception-1")).to_be_hidden()
    expect(page.get_by_test_id("skip-later")).to_be_visible()
    page.keyboard.press("r")
    page.keyboard.press("1")
    page.keyboard.press("5")
    expect(page.get_by_test_id("reception-1")).to_be_checked()
    expect(page.get_by_test_id("rating-5")).to_be_checked()
    page.keyboard.press("u")
    expect(page.get_by_test_id("solved-no")).to_be_checked()
    page.keyboard.press("Control+Enter")
    page.get_by_test_id("visits-trouble").wait_for()
    page.wait_for_load_state()  # the new page listens to keys once its script has run
    expect(page.get_by_test_id("rating-5")).to_be_checked()
    page.get_by_test_id("visits-text").fill("The card was not there.")
    page.keyboard.press("Control+Enter")
    page.get_by_test_id("visits-told").filter(has_text=number).wait_for()
    page.goto(f"/cases/{number}")
    expect(page.locator(".chip[data-state=filed]").first).to_be_visible()
    page.get_by_text("said that it is not solved", exact=False).first.wait_for()
    office.complaints.clear()  # a refused form is a 400, which the console notes
    page.context.close()


@by_hand
def test_the_list_moves_by_itself_and_the_visit_in_hand_stays(office: Office) -> None:
    page = office.page("en")
    office.log_in(page, "agent2", "en")
    page.goto("/visits?list=mine")
    page.get_by_test_id("visits-empty").wait_for()
    page.locator("[data-testid=store-state][data-state=up]").wait_for()
    closed(office, "agent2", 2, 1)
    page.get_by_test_id("visits-open").first.click()
    page.get_by_test_id("visits-text").fill("is being written")
    closed(office, "agent2", 0, 1)
    expect(page.get_by_test_id("visits-open")).to_have_count(2)
    expect(page.locator("[data-open][aria-current]")).to_have_count(1)
    expect(page.get_by_test_id("visits-text")).to_have_value("is being written")
    page.context.close()


@by_hand
def test_the_rule_of_return_visits_is_changed_on_its_page(office: Office) -> None:
    page = office.page("zh")
    office.log_in(page, "admin1", "zh")
    page.goto("/rules/visits")
    page.get_by_test_id("visits-tries").fill("20")
    page.keyboard.press("Tab")
    page.get_by_test_id("rules-save").click()
    page.get_by_test_id("rules-trouble").filter(has_text="1 到 10").wait_for()
    office.complaints.clear()  # a refused book is a 400, which the console notes
    look(office, page, "visits-book-zh")
    page.get_by_test_id("visits-tries").fill("4")
    page.keyboard.press("Control+s")
    page.locator("[data-testid=rules-history] [data-bring='0']").wait_for()
    expect(page.get_by_test_id("visits-tries")).to_have_value("4")
    page.context.close()
