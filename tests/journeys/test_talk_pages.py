"""Messages, announcements, urging and canned replies in a real browser, by keyboard where it matters."""

import pytest
from playwright.sync_api import expect

from tests.journeys.webpages import NARROW, WIDE, Office, by_hand, look, office

pytestmark = [pytest.mark.real, pytest.mark.journey]
__all__ = ["office"]


@by_hand
def test_a_message_arrives_live_and_is_read_in_the_other_direction_of_writing(office: Office) -> None:
    reader, boss = office.page("ug", "dark", NARROW), office.page()
    office.log_in(reader, "agent1", "ug")
    reader.goto("/cases")
    reader.locator("[data-testid=feed-state][data-state=up]").wait_for()
    office.log_in(boss, "supervisor1", "zh")
    boss.goto("/messages/new")
    to = boss.get_by_test_id("message-to")
    to.fill("linx")
    boss.get_by_test_id("receiver-option").filter(has_text="林晓").wait_for()
    to.press("Enter")
    boss.get_by_test_id("message-subject").fill("明天停水")
    boss.get_by_test_id("message-text").fill("9:00–17:00\n请告知市民。")
    look(office, boss, "message-new-zh-light-1280")
    boss.get_by_test_id("message-text").press("Control+Enter")
    boss.get_by_test_id("message-row").wait_for()
    reader.get_by_test_id("unread").filter(has_text="1").wait_for()
    reader.get_by_test_id("nav-messages").click()
    reader.get_by_test_id("message-open").wait_for()
    look(office, reader, "messages-ug-dark-390")
    reader.keyboard.press("ArrowDown")
    reader.keyboard.press("Enter")
    reader.get_by_test_id("message").wait_for()
    reader.get_by_test_id("unread").wait_for(state="hidden")
    reader.wait_for_load_state()  # before its scripts run, a page knows no keys
    before = int(boss.get_by_test_id("unread").text_content() or 0)
    reader.get_by_test_id("reply-text").fill("بىلدىم")
    reader.get_by_test_id("reply-text").press("Control+Enter")
    reader.get_by_test_id("message").nth(1).wait_for()
    look(office, reader, "thread-ug-dark-390")
    boss.get_by_test_id("unread").filter(has_text=str(before + 1)).wait_for()
    boss.goto("/messages")
    told = boss.get_by_test_id("message-open")
    count = told.count()
    told.first.focus()
    boss.keyboard.press("Delete")
    boss.get_by_test_id("message-undo").click()
    expect(told).to_have_count(count)
    for page in (reader, boss):
        page.context.close()


@by_hand
def test_an_announcement_is_seen_at_once_and_put_away(office: Office) -> None:
    reader, boss = office.page(), office.page()
    office.log_in(reader, "agent2", "zh")
    reader.goto("/cases")
    reader.locator("[data-testid=feed-state][data-state=up]").wait_for()
    office.log_in(boss, "supervisor1", "zh")
    boss.goto("/announcements")
    boss.get_by_test_id("announcement-text").fill("今晚台风，全员待命。")
    boss.get_by_test_id("announcement-send").click()
    reader.get_by_test_id("announcement").filter(has_text="今晚台风").wait_for()
    look(office, reader, "announced-zh-light-1280")
    reader.get_by_test_id("announcement-read").click()
    reader.get_by_test_id("announcement").wait_for(state="detached")
    boss.get_by_test_id("announcement-stop").click()
    boss.get_by_test_id("announcement").wait_for(state="detached")
    for page in (reader, boss):
        page.context.close()


@by_hand
def test_a_canned_reply_is_put_in_by_its_code_or_found_by_its_letters(office: Office) -> None:
    page = office.page("zh", "light", WIDE)
    office.log_in(page, "agent1", "zh")
    for code, title, text in (
        ("ts", "停水通知", "抢修人员已出发。"),
        ("ld", "路灯报修", "将在 3 个工作日内处理。"),
    ):
        page.goto("/phrases")
        page.get_by_test_id("phrase-code").fill(code)
        page.get_by_test_id("phrase-name").fill(title)
        page.get_by_test_id("phrase-text").fill(text)
        page.get_by_test_id("phrase-keep").click()
        page.get_by_text(text).wait_for()
    look(office, page, "phrases-zh-light-1280")
    page.goto("/cases/new")
    field = page.get_by_test_id("case-text")
    with page.expect_response("**/api/phrases"):
        field.click()
    field.type("来电：/ts")
    field.press("Tab")
    page.wait_for_function("document.activeElement.value === '来电：抢修人员已出发。'")
    field.press("Alt+q")
    page.get_by_test_id("phrase-search").type("ldbx")
    page.get_by_test_id("phrase-option").filter(has_text="路灯报修").wait_for()
    look(office, page, "phrase-picker-zh-light-1280")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.value === '来电：抢修人员已出发。将在 3 个工作日内处理。'")
    field.press("Tab")
    assert page.evaluate("document.activeElement.name") == "citizen", "with nothing to put in, Tab goes on"
    page.context.close()


@by_hand
def test_beside_the_step_stands_who_was_told_and_what_could_not_go(office: Office) -> None:
    page = office.page()
    office.log_in(page, "supervisor1", "zh")
    page.goto("/cases/new")
    page.get_by_test_id("case-title").fill("井盖丢失")
    page.get_by_test_id("case-text").fill("路中间的井盖不见了。")
    page.locator("[data-map] [data-cell]").nth(4).click()
    page.get_by_test_id("case-title").press("Control+Enter")
    case_no = page.get_by_test_id("case-no").inner_text()
    page.get_by_test_id("dispatch-send").click()
    page.get_by_test_id("dispatch-done").wait_for()
    page.goto(f"/cases/{case_no}")
    page.get_by_test_id("turn-supervise").locator("summary").click()
    page.get_by_test_id("supervise-text").fill("今天内先设围挡。")
    page.get_by_test_id("turn-supervise-send").click()
    page.locator("[data-hop='case.supervised']").wait_for()
    told = page.locator("[data-hop='case.supervised'] [data-way=message][data-state=sent]")
    while not told.count():
        page.wait_for_timeout(200)
        page.reload()
    look(office, page, "told-zh-light-1280")
    page.context.close()
