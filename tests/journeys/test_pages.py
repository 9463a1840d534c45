"""Every page of the back office in a real browser: three languages, light and dark, wide and narrow."""

import pytest
from playwright.sync_api import Page

from schema.rules.languages import LANGUAGES
from tests.journeys.webpages import LOOKS, NARROW, WIDE, Office, by_hand, look, office

pytestmark = [pytest.mark.real, pytest.mark.journey]
__all__ = ["office"]
REFUSE = """() => {
  navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError'));
}"""


def first_case(page: Page) -> str:
    page.goto("/cases")
    return str(page.get_by_test_id("case-link").first.get_attribute("href"))


@LOOKS
@by_hand
def test_every_page_is_whole(office: Office, language: str, scheme: str, size: tuple[int, int]) -> None:
    mark = f"{language}-{scheme}-{size[0]}"
    page = office.page(language, scheme, size)
    page.goto("/login")
    look(office, page, f"login-{mark}")
    for login, paths in {
        "agent1": (
            "/seat",
            "/cases",
            "/cases/new",
            "case",
            "/messages",
            "/messages/new",
            "/me/notices",
            "/phrases",
        ),
        "supervisor1": (
            "/wallboard",
            "/supervision",
            "/people",
            "/duplicates",
            "/notices",
            "/announcements",
            "/messages/groups",
        ),
        "admin1": ("/audit",),
        "worker1": ("/me",),
        "leader1": ("/leader", "/brief", "brief", "case"),
    }.items():
        office.log_in(page, login, language)
        for path in paths:
            address = first_case(page) if path == "case" else path
            if path == "brief":
                page.goto("/leader")
                address = str(page.get_by_test_id("leader-brief").get_attribute("href"))
            page.goto(address)
            if path != "/me":
                page.locator("[data-testid=feed-state][data-state=up]").wait_for()
            page.locator("[data-testid=store-state][data-state=up]").wait_for()
            look(office, page, f"{path.strip('/').replace('/', '-')}-{mark}")
        page.context.clear_cookies(name="gridline")
    page.context.close()


@by_hand
def test_an_agent_files_from_the_form_and_everybody_sees_it(office: Office) -> None:
    agent, boss = office.page(), office.page()
    office.log_in(agent, "agent1", "zh")
    office.log_in(boss, "supervisor1", "zh")
    boss.goto("/cases")
    boss.locator("[data-testid=feed-state][data-state=up]").wait_for()
    agent.goto("/seat")
    agent.get_by_test_id("case-file").click()
    agent.get_by_text("没有这个网格").wait_for()
    assert agent.locator("[aria-invalid=true]").count() == 3, "title, text and cell are marked"
    office.complaints.clear()  # a refused form is a 400, which the console notes
    agent.get_by_test_id("case-title").fill("井盖丢失")
    agent.get_by_test_id("case-text").fill("路中间的井盖不见了。")
    agent.locator("[data-map] [data-cell]").nth(4).click()
    assert agent.get_by_test_id("case-lon").input_value()
    agent.get_by_test_id("draft-state").filter(has_text="草稿已保存").wait_for()
    agent.keyboard.press("Tab")
    agent.get_by_test_id("case-title").press("Control+Enter")
    case_no = agent.get_by_test_id("case-no").inner_text()
    boss.get_by_text(case_no).wait_for()
    look(office, agent, "filed-zh-light-1280")
    assert agent.get_by_test_id("dispatch-worker").input_value(), "the cell's own worker is suggested"
    agent.get_by_test_id("dispatch-send").click()
    agent.get_by_test_id("dispatch-done").wait_for()
    boss.get_by_text(case_no).click()
    boss.get_by_test_id("handle-text").fill("已补上新井盖。")
    boss.get_by_test_id("case-handle").click()
    boss.get_by_test_id("case-check-fail").click()
    boss.get_by_test_id("action-trouble").wait_for()
    office.complaints.clear()
    boss.get_by_test_id("case-check-pass").click()
    agent.goto(f"/cases/{case_no}")
    agent.locator("[data-testid=feed-state][data-state=up]").wait_for()
    boss.get_by_test_id("close-visit").uncheck()
    boss.get_by_test_id("case-close").click()
    agent.locator("[data-testid=case-state][data-state=closed]").wait_for()
    assert agent.locator("[data-hop='case.closed']").count() == 1
    look(office, agent, "closed-zh-light-1280")
    for page in (agent, boss):
        page.context.close()


@by_hand
def test_who_types_sees_earlier_cases_that_may_be_the_same(office: Office) -> None:
    for language, size in (("zh", WIDE), ("ug", NARROW)):
        page = office.page(language, "light", size)
        office.log_in(page, "agent1", language)
        page.goto("/cases/new")
        page.get_by_test_id("case-title").fill("路灯不亮")
        page.get_by_test_id("case-text").fill("门口的路灯三天没有亮了。")
        page.locator("[data-map] [data-cell]").nth(2).click()
        page.get_by_test_id("case-title").press("Control+Enter")
        case_no = page.get_by_test_id("case-no").inner_text()
        page.goto("/cases/new")
        page.get_by_test_id("case-title").fill("街灯坏了")
        page.locator("[data-map] [data-cell]").nth(2).click()
        page.get_by_test_id("duplicate").filter(has_text=case_no).wait_for()
        look(office, page, f"likely-{language}-light-{size[0]}")
        page.get_by_test_id("case-confidential-tick").press("Tab")
        assert page.evaluate("document.activeElement.matches('[data-testid=duplicate] a')"), (
            "a link has the focus"
        )
        page.get_by_test_id("case-title").fill("家里停水了")
        page.get_by_test_id("duplicates").wait_for(state="hidden")
        page.context.close()


@by_hand
def test_the_seat_says_what_is_missing(office: Office) -> None:
    page = office.page()
    office.log_in(page, "agent1", "zh")
    page.goto("/seat")
    page.evaluate(REFUSE)
    page.get_by_test_id("seat-open").click()
    page.get_by_test_id("seat-trouble").filter(has_text="麦克风").wait_for()
    look(office, page, "microphone-zh-light-1280")
    page.reload()
    page.get_by_test_id("seat-open").click()
    page.get_by_text("话务系统没有响应").wait_for(timeout=20_000)
    page.context.close()


@by_hand
def test_a_page_that_is_not_there(office: Office) -> None:
    page = office.page()
    office.log_in(page, "agent1", "zh")
    page.goto("/nothing")
    page.locator("[data-testid=error-page][data-status='404']").wait_for()
    page.context.close()
    office.complaints.clear()


@by_hand
def test_nothing_here_is_read_from_outside(office: Office) -> None:
    page = office.page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    office.log_in(page, "agent1", "zh")
    page.goto("/seat")
    page.locator("[data-testid=feed-state][data-state=up]").wait_for()
    assert asked and all(url.startswith(office.base) for url in asked)
    page.context.close()


# The last of the file: after so many wrong tries this address is asked for digits.
@by_hand
def test_the_door_says_what_is_wrong_in_each_language(office: Office) -> None:
    page = office.page("ug")
    page.goto("/login")
    for language in LANGUAGES:
        page.get_by_test_id(f"language-{language}").click()
        page.get_by_test_id("login-user").fill("nobody-at-all")
        page.get_by_test_id("login-password").fill("wrong")
        page.get_by_test_id("login-submit").click()
        page.get_by_test_id("login-trouble").wait_for()
        office.complaints.clear()  # a refused log-in is a 401, which the console notes
        look(office, page, f"wrong-{language}-light-1280")
    page.context.close()
