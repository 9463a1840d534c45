"""Supervision and leading in a real browser: what is late is urged by keys, a leader's instruction is answered."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from conf.settings import Settings
from schema.desk.cases import file_case
from schema.ids import ContactId, uuid7
from schema.orders import FileCase
from schema.people import User
from schema.places import GridCell
from schema.store import Store
from tests.journeys.webpages import Office, by_hand, look, office

pytestmark = [pytest.mark.real, pytest.mark.journey]
__all__ = ["office"]


def filed_long_ago(office: Office, title: str) -> str:
    """A case that nobody has worked at for two months."""
    store = Store(Settings(var=office.var).database_url, clock=lambda: datetime.now(UTC) - timedelta(days=60))
    with store.work() as work:
        agent = work.session.scalars(select(User.id).where(User.post == "agent")).first()
        cell = work.session.scalars(select(GridCell.code)).first()
        order = FileCase(
            by=agent, contact=ContactId(uuid7()), class_="social", kind="complaint", title=title, text="灯",
            cell=cell or "", number="13912345678", citizen="",
        )  # fmt: skip
        no = file_case(work, order).case_no
    store.close()
    return no


@by_hand
def test_what_is_late_is_urged_by_keys_and_the_next_time_it_is_a_second_urging(office: Office) -> None:
    no = filed_long_ago(office, "早该办结")
    page = office.page("en")
    office.log_in(page, "supervisor1", "en")
    page.goto("/supervision")
    row = page.get_by_test_id("late-row").filter(has_text=no)
    row.get_by_test_id("late-open").focus()
    page.keyboard.press("Space")
    expect(row.locator("input[name=id]")).to_be_checked()
    page.keyboard.press("u")
    page.get_by_test_id("late-done").filter(has_text="1").wait_for()
    times = re.compile(r"urged (\d)×")  # the clock urges, too
    expect(row).to_contain_text(times)
    before = times.findall(row.inner_text())
    page.wait_for_load_state("load")  # the page was sent anew: until then no key is heard
    row.get_by_test_id("late-open").focus()
    page.keyboard.press("u")
    expect(row).not_to_contain_text(f"urged {before[0]}×")
    assert times.findall(row.inner_text()) > before
    page.goto(f"/cases/{no}")
    expect(page.get_by_test_id("timeline")).to_contain_text("urged")
    page.context.close()


@by_hand
def test_a_leader_s_instruction_is_answered_by_who_has_the_case(office: Office) -> None:
    no = filed_long_ago(office, "领导关注")
    leader = office.page("en")
    office.log_in(leader, "leader1", "en")
    leader.goto(f"/cases/{no}")
    leader.keyboard.press("f")
    expect(leader.get_by_test_id("case-follow")).to_have_attribute("aria-pressed", "true")
    leader.get_by_test_id("case-mark-hot").click()
    leader.get_by_test_id("case-hot").wait_for()
    leader.goto("/leader")
    hot = leader.get_by_test_id("leader-hot").locator("li").filter(has_text=no)
    hot.get_by_test_id("leader-instruct-open").click()
    hot.get_by_test_id("leader-instruct-text").fill("Mend it before the holiday")
    hot.get_by_test_id("leader-instruct-send").click()

    agent = office.page("en")
    office.log_in(agent, "agent1", "en")
    agent.goto(f"/cases/{no}")
    agent.get_by_test_id("turn-answer").locator("summary").click()
    agent.get_by_test_id("answer-text").fill("The lamp is ordered")
    agent.get_by_test_id("turn-answer-send").click()
    expect(agent.get_by_test_id("timeline")).to_contain_text("The lamp is ordered")

    leader.goto("/leader")
    given = leader.get_by_test_id("leader-instructions").locator("li").filter(has_text=no)
    expect(given).to_contain_text("The lamp is ordered")
    look(office, leader, "leader-answered-en")
    for page in (leader, agent):
        page.context.close()
