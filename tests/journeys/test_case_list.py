"""The list of cases in a real browser: keys, live news that disturb nobody, many cases at once and back."""

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from conf.settings import Settings
from schema.cases import Case
from schema.desk.cases import dispatch_case, file_case
from schema.ids import CaseId
from schema.orders import DispatchCase, FileCase
from schema.people import User
from schema.places import GridCell
from schema.rules.languages import LANGUAGES
from schema.store import Store
from tests.journeys.webpages import NARROW, WIDE, Office, by_hand, look, office

pytestmark = [pytest.mark.real, pytest.mark.journey]
__all__ = ["office"]


def filed(office: Office, title: str, count: int = 1) -> list[str]:
    """File cases behind the page's back."""
    store = Store(Settings(var=office.var).database_url)
    with store.read() as session:
        agent = session.scalars(select(User.id).where(User.post == "agent")).first()
        cell = session.scalars(select(GridCell.code)).first()
    numbers = []
    for _ in range(count):
        with store.work() as work:
            order = FileCase(
                by=agent,
                class_="social",
                kind="complaint",
                title=title,
                text="灯",
                cell=str(cell),
                number="13912345678",
            )
            numbers.append(file_case(work, order).case_no)
    store.close()
    return numbers


def dispatched(office: Office, case_no: str) -> None:
    """Somebody else dispatches a case."""
    store = Store(Settings(var=office.var).database_url)
    with store.work() as work:
        case = work.session.scalars(select(Case).where(Case.case_no == case_no)).one()
        worker = work.session.scalars(select(User.id).where(User.post == "worker")).first()
        dispatch_case(work, DispatchCase(case=CaseId(case.id), worker=worker))
    store.close()


def state_of(page: Page, case_no: str) -> str:
    row = page.locator("tr[data-case]", has=page.get_by_role("link", name=case_no, exact=True))
    return str(row.locator(".chip[data-state]").get_attribute("data-state"))


@by_hand
def test_rows_are_walked_through_with_keys(office: Office) -> None:
    numbers = filed(office, "按键", 3)
    page = office.page()
    office.log_in(page, "supervisor1", "zh")
    page.goto("/cases?q=按键")
    page.get_by_test_id("list-count").get_by_text("共 3 件").wait_for()
    for key in "jjjk":
        page.keyboard.press(key)
    assert page.locator("tr[data-here] a").inner_text() == numbers[1]
    page.keyboard.press("x")
    assert page.get_by_test_id("bulk-count").inner_text() == "已选 1 件"
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.get_by_test_id("bulk-none").click()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/SH-*")
    page.context.close()


@by_hand
def test_news_wait_while_somebody_works_in_the_rows_and_keep_what_is_selected(office: Office) -> None:
    first = filed(office, "新消息")[0]
    page = office.page()
    office.log_in(page, "supervisor1", "zh")
    page.goto("/cases?q=新消息")
    page.locator("[data-pill=feed][data-state=up]").wait_for()
    second = filed(office, "新消息")[0]
    page.get_by_role("link", name=second, exact=True).wait_for()
    page.get_by_test_id("pick").nth(1).check()
    third = filed(office, "新消息")[0]
    fresh = page.get_by_test_id("list-fresh")
    fresh.wait_for()
    assert page.get_by_role("link", name=third, exact=True).count() == 0
    fresh.click()
    page.get_by_role("link", name=third, exact=True).wait_for()
    assert [box.is_checked() for box in page.get_by_test_id("pick").all()] == [False, False, True]
    assert page.get_by_test_id("pick").nth(2).get_attribute("data-no") == first
    assert fresh.is_hidden()
    page.context.close()


@by_hand
def test_many_cases_are_dispatched_one_is_refused_and_the_rest_taken_back(office: Office) -> None:
    numbers = filed(office, "批量", 4)
    page = office.page()
    office.log_in(page, "supervisor1", "zh")
    page.goto("/cases?q=批量")
    page.get_by_test_id("pick-all").check()
    dispatched(office, numbers[2])
    page.get_by_test_id("bulk-worker").select_option(index=1)
    page.get_by_test_id("bulk-go").click()
    page.get_by_test_id("bulk-refused").wait_for()
    assert "成功 3 件，未执行 1 件" in page.get_by_test_id("bulk-said").inner_text()
    assert numbers[2] in page.get_by_test_id("bulk-refused").inner_text()
    assert page.get_by_test_id("bulk-count").inner_text() == "已选 1 件"
    page.get_by_test_id("bulk-undo").click()
    page.get_by_test_id("bulk-said").get_by_text("成功 3 件，未执行 0 件").wait_for()
    page.goto("/cases?q=批量")
    # A refusal is an answer with status 409, which the browser notes as if it were a fault.
    office.complaints[:] = [said for said in office.complaints if "409" not in said]
    states = {number: state_of(page, number) for number in numbers}
    assert states == {number: "dispatched" if number == numbers[2] else "filed" for number in numbers}
    page.context.close()


@pytest.mark.parametrize("language", LANGUAGES)
@by_hand
def test_the_list_is_whole_in_every_language(office: Office, language: str) -> None:
    filed(office, "路灯不亮 <b>", 2)
    for scheme, size in (("light", WIDE), ("dark", NARROW)):
        page = office.page(language, scheme, size)
        office.log_in(page, "supervisor1", language)
        page.goto("/cases?q=路灯&state=filed")
        page.locator("[data-testid=store-state][data-state=up]").wait_for()
        page.get_by_test_id("list-more").locator("summary").click()
        page.get_by_test_id("view-new").locator("summary").click()
        page.get_by_test_id("pick").first.check()
        look(office, page, f"list-{language}-{scheme}-{size[0]}")
        page.context.close()
