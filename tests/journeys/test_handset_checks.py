"""A handled case is checked in the street: on a handset in real Chromium, through broker and gateway."""

import pytest
from sqlalchemy import select

from schema.cases import Case, Task
from schema.desk.cases import check_case, dispatch_case, handle_case
from schema.desk.checking import ask_check
from schema.ids import CaseId, uuid7
from schema.orders import AskCheck, CheckCase, DispatchCase, HandleCase
from schema.people import User
from tests.field_gateway.play import CELL, minutes
from tests.journeys.handsetphone import SETTLED, Hands, StreetAlone, by_hand, street
from tests.journeys.webpages import look

pytestmark = [pytest.mark.real, pytest.mark.journey]
__all__ = ["street"]


def handled(server: StreetAlone, no: str) -> CaseId:
    """A case that w1 handled and w2 is sent to look at."""
    with server.store.work() as work:
        first, second = work.session.scalars(select(User).where(User.post == "worker").order_by(User.login))
        case = Case(case_no=no, contact=uuid7(), class_="social", kind="complaint", title="路灯不亮",
                    text="湖滨路 3 号", cell=CELL, state="filed", made_at=work.now)  # fmt: skip
        work.session.add(case)
        work.session.flush()
        id = CaseId(case.id)
        task = dispatch_case(work, DispatchCase(case=id, worker=first.id))
        assert task is not None
        handle_case(work, HandleCase(case=id, text="灯泡已换"))
        until = work.now + minutes(90)
        ask_check(work, AskCheck(case=id, worker=second.id, answer_by=until, note="看灯亮不亮"))
    return id


@by_hand
def test_a_check_comes_down_is_answered_and_a_late_one_is_said(street: Hands) -> None:
    server, phone = street.street, street.phone("checks")
    page = phone.switch_on("en")
    phone.enrol(page, "w2")
    page.get_by_test_id("duty").click()
    page.locator("[data-testid=net][data-state=up]").wait_for()
    case = handled(server, "S20261124021")
    page.get_by_test_id("tab-tasks").click()
    page.get_by_test_id("task-S20261124021").click()
    server.until(select(Task).where(Task.case == case, Task.kind == "check", Task.shown_at.is_not(None)))
    page.get_by_text("看灯亮不亮").wait_for()
    page.locator(".chip").filter(has_text="Check").first.wait_for()
    page.get_by_test_id("task-answer").click()
    page.get_by_test_id("report-text").fill("Still dark")
    page.get_by_test_id("report-send").click()
    page.get_by_text("Say whether it is done well.").wait_for()
    page.get_by_test_id("report-passed-no").click()
    look(phone, page, "handset-check-en-light-360")  # type: ignore[arg-type]  # it needs its complaints only
    page.get_by_test_id("report-send").click()
    server.until(select(Case).where(Case.id == case, Case.state == "dispatched"))

    late = handled(server, "S20261124022")
    page.get_by_test_id("task-S20261124022").click()
    page.get_by_test_id("task-answer").click()
    with server.store.work() as work:
        check_case(work, CheckCase(case=late, passed=True))
    page.get_by_test_id("report-passed-yes").click()
    page.get_by_test_id("report-text").fill("It shines")
    page.get_by_test_id("report-send").click()
    page.get_by_test_id("tab-tasks").wait_for()
    page.goto(f"{server.base}/#/history")
    page.locator(SETTLED).filter(has_text="It shines").click()
    page.get_by_text("Too late: the case had moved on.").wait_for()
    assert phone.complaints == []
    phone.switch_off()
