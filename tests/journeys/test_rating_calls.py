"""Rating after the call on a real PBX: who is asked, what they hear, and what is kept, whoever hangs up when."""

import json
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from demo.phone import Phone
from schema.calls import CallRating, QueueEntryRow, SegmentRow
from schema.defaults import default_body
from schema.desk.rulechanges import change_rulebook
from schema.orders import ChangeRulebook, HangUpSeat, Hold, Resume, Transfer
from schema.people import User
from schema.rules.dialogue import prompt_name
from tests.journeys.callsite import CallSite, running
from tests.journeys.voiceroom import Ear
from tests.patience import LONG

pytestmark = [pytest.mark.real, pytest.mark.journey]

ASKS = {"zh": "请为本次接听评价，满意请按二。", "en": "How was this call?", "ug": "سۆزلىشىشنى باھالاڭ."}

SHORT = {"zh": "请按一。", "en": "One.", "ug": "بىر."}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CallSite]:
    """Two seats that answer, and a book that asks for a rating."""
    made = CallSite(tmp_path_factory.mktemp("rating"))
    body = json.loads(json.dumps(default_body("voice"))) | {"rating": {"say": ASKS}}
    body["menus"]["language"] |= {"tries": 1, "wait": 1, "every": False, "say": SHORT}
    with made.store.work() as work:
        admin = User(login="admin", name="孙宁", post="admin", password="!")
        work.session.add(admin)
        work.session.flush()
        change_rulebook(work, ChangeRulebook(by=admin.id, name="voice", version=0, body=json.dumps(body)))
    with running(made) as site:
        site.until(lambda: (site.settings.prompts / "voice.json").is_file() or None, "the book counts", LONG)
        site.seat("101", answers="auto")
        yield site


def rating(site: CallSite, number: str) -> CallRating | None:
    with site.store.read() as session:
        return session.get(CallRating, site.calls(number)[-1].id)


def talks(site: CallSite, number: str) -> Phone:
    citizen = site.citizen(number)
    citizen.dial("12345")
    site.call_is(number, "talking")
    return citizen


def quiet(site: CallSite) -> None:
    site.until(lambda: True if site.channels() == 0 else None, "no channel is left", LONG)


def test_a_citizen_rates_by_a_key_and_the_seat_is_free_meanwhile(site: CallSite) -> None:
    citizen = talks(site, "13800000101")
    time.sleep(1)
    site.order(HangUpSeat(seat="101"))
    site.call_is("13800000101", "rating")
    site.seat_is("101", "ready")  # its wrap-up of 1 s is over, and the citizen is still asked
    assert site.calls("13800000101")[0].outcome == ""
    time.sleep(0.5)  # a key ends the question: enough of it is heard to be known again
    citizen.press("2")
    call = site.call_is("13800000101", outcome="answered")
    found = rating(site, "13800000101")
    assert found is not None
    assert (found.score, found.seat, found.user, found.queue) == (2, "101", site.users["101"], "hotline")
    assert (call.stage, call.ended_by, call.seat) == ("rating", "seat", "101")
    with site.store.read() as session:
        talk = session.scalars(
            select(SegmentRow).where(SegmentRow.call == call.id, SegmentRow.seat == "101")
        ).one()
        (wait,) = session.scalars(select(QueueEntryRow).where(QueueEntryRow.call == call.id))
    assert talk.ended_at is not None and call.ended_at is not None and wait.result == "answered"
    assert (call.ended_at - talk.ended_at).total_seconds() > 2, "what is said afterwards is no talk"
    quiet(site)
    time.sleep(0.3)
    ear = Ear(citizen, site.settings.prompts)
    for prompt in (f"zh/{prompt_name(ASKS)}", "zh/rated-2", "zh/thanks"):
        assert ear.says(prompt), f"{prompt}: {ear.likeness(prompt):.2f}"


def test_who_hangs_up_while_asked_has_not_rated_and_leaves_a_right_record(site: CallSite) -> None:
    citizen = talks(site, "13800000102")
    site.order(HangUpSeat(seat="101"))
    site.call_is("13800000102", "rating")
    citizen.hang_up()
    call = site.call_is("13800000102", outcome="answered")
    assert (call.stage, call.ended_by) == ("rating", "seat") and rating(site, "13800000102") is None
    quiet(site)
    site.seat_is("101", "ready")


def test_a_citizen_who_hangs_up_first_is_not_asked(site: CallSite) -> None:
    talks(site, "13800000103").hang_up()
    assert site.call_is("13800000103", outcome="answered").stage == "talking"
    site.seat_is("101", "ready")


def test_with_our_software_dead_nobody_is_asked_and_the_nets_caller_is_once_it_lives(site: CallSite) -> None:
    talks(site, "13800000106")
    waiting = site.citizen("13800000107")
    waiting.dial("12345")
    site.call_is("13800000107", "queue")
    site.bridge.kill()
    time.sleep(7)  # the net has the caller
    site.phones[0].hang_up()
    time.sleep(3)  # nobody could ask the first, and the seat has the second
    assert site.channels() == 2
    site.bridge.start().wait_ready(60)
    site.call_is("13800000106", outcome="answered")
    site.call_is("13800000107", "talking")
    site.phones[0].hang_up()
    site.call_is("13800000107", "rating")
    waiting.press("3")
    call = site.call_is("13800000107", outcome="answered")
    found = rating(site, "13800000107")
    assert call.by_net and found is not None
    assert (found.score, found.seat, found.user) == (3, "101", site.users["101"])
    site.seat_is("101", "ready")


def test_after_hold_and_after_a_transfer_the_last_agent_is_rated(site: CallSite) -> None:
    citizen = talks(site, "13800000104")
    site.order(Hold(seat="101"))
    site.order(Resume(seat="101"))
    site.order(HangUpSeat(seat="101"))
    site.call_is("13800000104", "rating")
    citizen.press("1")
    site.call_is("13800000104", outcome="answered")
    found = rating(site, "13800000104")
    assert found is not None and (found.score, found.seat) == (1, "101")
    site.seat_is("101", "ready")
    site.seat("102", answers="auto")
    citizen = talks(site, "13800000105")
    first = site.calls("13800000105")[0].seat
    other = {"101": "102", "102": "101"}[first]
    site.order(Transfer(seat=first, target=f"seat:{other}"))
    call = site.calls("13800000105")[0].id
    there = ("seat", other, "answered")
    site.until(
        lambda: there in [(leg.kind, leg.seat, leg.result) for leg in site.legs(call)] or None,
        "sent on",
        LONG,
    )
    site.order(HangUpSeat(seat=other))
    site.call_is("13800000105", "rating")
    citizen.press("5")
    site.call_is("13800000105", outcome="answered")
    found = rating(site, "13800000105")
    assert found is not None and (found.score, found.seat) == (5, other)
    quiet(site)
    for seat in ("101", "102"):
        site.seat_is(seat, "ready")
