"""The handset app in real Chromium: without a network, through a killed browser, to one case and one receipt."""

import io
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from PIL import Image
from playwright.sync_api import Page, Route
from sqlalchemy import func, select

from schema.cases import Case, Task
from schema.desk.fieldmessages import send_field_message, tell_device
from schema.fieldmessages import FieldMessageCopy
from schema.handsets import Duty, Handset, InboxRow, Media, Report
from schema.orders import SendFieldMessage
from schema.people import User
from tests.journeys.handsetphone import (
    SETTLED,
    Hands,
    by_hand,
    dispatched,
    noise,
    photo,
    street,
    write_report,
)
from tests.journeys.handsetscripts import ELSEWHERE, THUMB
from tests.journeys.webpages import look

pytestmark = [pytest.mark.real, pytest.mark.journey]
__all__ = ["street"]
PARTS = ("thumb", "voice", "photo")


def online(page: Page) -> str:
    """Wait for the network; by which way it is there."""
    page.locator("[data-testid=net][data-state=up]").wait_for()
    return str(page.get_by_test_id("net").get_attribute("data-way"))


@by_hand
def test_a_report_written_without_a_network_outlives_the_browser_and_becomes_one_case(
    street: Hands, tmp_path: Path
) -> None:
    server, phone = street.street, street.phone("one")
    page = phone.switch_on()
    phone.enrol(page)
    page.get_by_test_id("duty").click()
    assert online(page) == "mqtt"
    device = str(server.until(select(Duty.device)))
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")

    server.stop()
    page.goto("about:blank")
    page.goto(server.base)
    page.get_by_test_id("duty-card").and_(page.locator("[data-on=true]")).wait_for()
    write_report(page, "人民路口路灯不亮")
    page.get_by_test_id("report-file").set_input_files(photo(tmp_path))
    page.locator(".shot img").wait_for()
    page.get_by_test_id("report-voice").click()
    page.locator(".recording").wait_for()
    page.wait_for_timeout(1_200)  # what is recorded is as long as it is
    page.get_by_test_id("report-voice").click()
    page.locator(".shot audio").wait_for()
    page.locator("[data-source=gps]").wait_for()
    page.get_by_test_id("report-send").click()
    page.get_by_test_id("report-waiting").wait_for()
    phone.kill()

    page = phone.switch_on()
    page.goto(f"{server.base}/#/history")
    page.get_by_test_id("report-waiting").wait_for()
    look(phone, page, "handset-history-zh-light-360")  # type: ignore[arg-type]  # it needs its complaints only
    server.start()
    page.locator(SETTLED).wait_for()
    page.locator(SETTLED).click()
    case_no = page.get_by_test_id("sent-case").inner_text()
    with server.store.read() as session:
        report = session.scalars(select(Report)).one()
        assert report.text == "人民路口路灯不亮" and abs((report.lon or 0) - 120.1592) < 1e-4
        assert session.scalars(select(Case.case_no)).all() == [case_no]
        kept = session.scalars(select(InboxRow).where(InboxRow.kind == "report")).all()
        assert [(row.device, UUID(str(row.id))) for row in kept] == [(device, report.id)], "one receipt"
        media = session.scalars(select(Media).where(Media.report == report.id)).all()
        assert sorted(one.kind for one in media) == sorted(PARTS)
        assert {one.received - one.size for one in media} == {0}
    blob = page.evaluate(THUMB)
    small = Image.open(io.BytesIO(bytes(blob)))
    assert max(small.size) <= 256 and small.height > small.width, "upright, as the camera was held"
    assert not small.getexif() and b"SecretMaker" not in bytes(blob)
    assert phone.complaints == []
    phone.switch_off()


@by_hand
def test_an_edit_that_meets_a_newer_version_is_kept_beside_it_and_said(street: Hands) -> None:
    server, phone = street.street, street.phone("two")
    page = phone.switch_on("en")
    phone.enrol(page)
    write_report(page, "A manhole cover is loose")
    page.get_by_test_id("report-kind").select_option("Manhole covers")
    page.get_by_test_id("report-send").click()
    page.locator(SETTLED).click()
    case_no = page.get_by_test_id("sent-case").inner_text()
    page.get_by_test_id("sent-edit").click()
    page.get_by_test_id("report-text").fill("A manhole cover is gone")
    page.get_by_test_id("report-send").click()
    page.locator(SETTLED).filter(has_text="gone").wait_for()
    # Somebody changes it elsewhere, from the newest version, while this phone writes on.
    page.evaluate(ELSEWHERE, {"text": "Fenced off already", "base": 2})
    page.locator(SETTLED).click()
    page.get_by_test_id("sent-edit").click()
    page.get_by_test_id("report-text").fill("A child nearly fell in")
    page.get_by_test_id("report-send").click()
    page.get_by_test_id("report-conflict").click()
    page.locator(".banner.bad").wait_for()
    phone.complaints[:] = [said for said in phone.complaints if "409" not in said]
    look(phone, page, "handset-conflict-en-light-360")  # type: ignore[arg-type]
    # Written again on top of the newest, it is the next version.
    page.get_by_test_id("sent-edit").click()
    page.get_by_test_id("report-send").click()
    page.locator(SETTLED).filter(has_text="child").wait_for()
    with server.store.read() as session:
        report = session.scalars(select(Report).where(Report.text == "A manhole cover is loose")).one()
        assert report.version == 4
        assert session.scalars(select(Case.category).where(Case.id == report.case)).one() == "0202"
        assert session.scalar(select(func.count()).select_from(Case).where(Case.case_no == case_no)) == 1
    phone.switch_off()


@by_hand
def test_a_task_comes_down_is_shown_and_answered(street: Hands) -> None:
    server, phone = street.street, street.phone("three")
    page = phone.switch_on("ug", "dark")
    phone.enrol(page)
    page.get_by_test_id("duty").click()
    online(page)
    task = dispatched(server)
    page.get_by_test_id("tab-tasks").click()
    page.locator("[data-testid^=task-]").first.click()
    server.until(select(Task).where(Task.id == task, Task.shown_at.is_not(None)))
    look(phone, page, "handset-task-ug-dark-360")  # type: ignore[arg-type]
    assert phone.complaints == []
    phone.switch_off()
    # That phone is left behind: another one brings what is open, though it was shown already.
    phone = street.phone("three-too")
    page = phone.switch_on("ug", "dark")
    phone.enrol(page)
    online(page)
    page.get_by_test_id("duty").click()
    page.get_by_test_id("tab-tasks").click()
    page.locator("[data-testid^=task-]").first.click()
    page.get_by_test_id("task-answer").click()
    page.get_by_test_id("report-text").fill("چىراغ ئالماشتۇرۇلدى")
    page.get_by_test_id("report-send").click()
    page.get_by_test_id("tab-home").click()
    server.until(select(Task).where(Task.id == task, Task.state == "done"))
    assert phone.complaints == []
    phone.switch_off()


@by_hand
def test_what_is_wrong_with_a_phone_is_said_and_what_was_written_goes_by_https(street: Hands) -> None:
    phone = street.phone("four")
    page = phone.switch_on("en", permissions=[])
    page.context.route("**/field/v1/config", behind_by_an_hour)
    phone.enrol(page)
    page.get_by_text("clock is about 60 minutes off").wait_for()
    assert online(page) == "https", "this site says that it has no broker for browsers"
    write_report(page, "Nobody let me speak")
    page.evaluate(REFUSE)
    page.get_by_test_id("report-voice").click()
    page.get_by_text("microphone is not allowed").wait_for()
    page.get_by_test_id("place").get_by_text("Locating is not allowed").wait_for()
    look(phone, page, "handset-refused-en-light-360")  # type: ignore[arg-type]
    page.get_by_test_id("report-send").click()
    page.get_by_test_id("ask-yes").click()
    page.locator(SETTLED).wait_for()
    write_report(page, "The phone is full")
    page.evaluate(FULL)
    page.locator("[data-testid=report-file]").set_input_files(
        {"name": "a.png", "mimeType": "image/png", "buffer": noise()}
    )
    page.get_by_text("The phone is full: delete").wait_for()
    assert page.get_by_test_id("report-text").input_value() == "The phone is full"
    page.evaluate("() => void (IDBObjectStore.prototype.put = window.put)")
    page.get_by_test_id("report-send").click()
    page.get_by_test_id("ask-yes").click()
    page.locator(SETTLED).filter(has_text="full").wait_for()
    page.evaluate(EXPIRE)
    page.reload()
    page.get_by_test_id("note-login").wait_for()
    write_report(page, "Still kept")
    page.get_by_test_id("report-send").click()
    page.get_by_test_id("ask-yes").click()
    page.locator(SETTLED).filter(has_text="Still kept").wait_for()
    assert phone.complaints == []
    phone.switch_off()


REFUSE = """() => {
  navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError'));
}"""
FULL = """() => {
  window.put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = () => { throw new DOMException('', 'QuotaExceededError'); };
}"""
EXPIRE = """async () => {
  const db = await import('/js/db.js');
  await db.put('meta', {...await db.get('meta', 'session'), expires: '2020-01-01T00:00:00Z'}, 'session');
}"""


def behind_by_an_hour(route: Route) -> None:
    """A server whose clock says that the phone's is wrong, and that has no broker for browsers."""
    told = route.fetch().json()
    now = datetime.fromisoformat(told["now"]) - timedelta(hours=1)
    route.fulfill(json={**told, "mqtt": "", "now": now.isoformat()})


@by_hand
def test_words_of_the_office_are_seen_and_a_phone_that_is_to_forget_forgets_everything(street: Hands) -> None:
    server, phone = street.street, street.phone("five")
    page = phone.switch_on("en")
    phone.enrol(page, "w2")
    assert online(page) == "mqtt"
    device = str(
        page.evaluate("import('/js/db.js').then((db) => db.get('meta', 'device')).then((one) => one.name)")
    )
    # It comes while the page has long been on the screen, and nobody is looking at it just then.
    page.get_by_test_id("tab-messages").click()
    page.get_by_test_id("message-text").wait_for()
    page.wait_for_timeout(2_000)
    page.evaluate(LOOK_AWAY)
    with server.store.work() as work:
        boss = User(login="boss", name="王芳", post="supervisor", password="x", active=True)
        work.session.add(boss)
        work.session.flush()
        worker = work.session.scalars(select(User).where(User.login == "w2")).one()
        send_field_message(
            work,
            SendFieldMessage(by=boss.id, to=(f"user:{worker.id}",), title="Weather", text="Storm at six"),
        )
    page.get_by_text("Storm at six").wait_for()
    seen = select(FieldMessageCopy).where(FieldMessageCopy.shown_on == device)
    page.wait_for_timeout(2_000)
    with server.store.read() as session:
        assert session.scalars(seen).first() is None, "nobody has looked"
    page.evaluate(LOOK_AGAIN)
    server.until(seen)
    with server.store.work() as work:
        tell_device(work, device, "wipe", by=None)
    page.get_by_test_id("enrol-send").wait_for()
    server.until(select(Handset).where(Handset.device == device, Handset.wiped_at.is_not(None)))
    assert page.evaluate(LEFT) == 0
    phone.switch_off()


LOOK_AWAY = (
    "() => Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true })"
)
LOOK_AGAIN = """() => {
  delete document.visibilityState;
  document.dispatchEvent(new Event('visibilitychange'));
}"""
LEFT = """async () => {
  const db = await import('/js/db.js');
  return (await Promise.all(Object.keys(db.STORES).map((store) => db.all(store)))).flat().length;
}"""


@by_hand
def test_leaving_where_the_server_cannot_be_reached_says_so_and_the_clocking_off_is_sent_later(
    street: Hands,
) -> None:
    server, phone = street.street, street.phone("six")
    page = phone.switch_on("en")
    phone.enrol(page, "w2")
    page.get_by_test_id("duty").click()
    online(page)
    device = str(
        page.evaluate("import('/js/db.js').then((db) => db.get('meta', 'device')).then((one) => one.name)")
    )
    server.until(select(Duty).where(Duty.device == device))
    page.context.set_offline(True)
    page.get_by_test_id("tab-more").click()
    page.get_by_test_id("logout").click()
    page.get_by_test_id("ask-off").click()
    page.get_by_text("your clocking off is kept on the phone").wait_for()
    page.get_by_test_id("login-user").wait_for()
    page.context.set_offline(False)
    server.until(select(Duty).where(Duty.device == device, Duty.ended_at.is_not(None)))
    phone.switch_off()
