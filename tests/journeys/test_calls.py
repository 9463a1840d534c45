"""Whole calls on a real PBX: wherever the caller hangs up, whoever dies, one right record is left."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from schema.calls import CallStep
from schema.desk.orders import begin
from schema.ids import CaseId, ContactId, uuid7
from schema.orders import CallCitizen, HangUpSeat, MakeReady, Pause
from tests.journeys.callsite import CallSite, call_site
from tests.patience import LONG

pytestmark = [pytest.mark.real, pytest.mark.journey]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CallSite]:
    """One site for all calls that leave it as they found it: seat 101 is ready."""
    with call_site(tmp_path_factory.mktemp("calls")) as site:
        site.seat("101")
        yield site


@pytest.fixture
def lonely(tmp_path: Path) -> Iterator[CallSite]:
    """A site of the test's own."""
    with call_site(tmp_path, ring_timeout=3) as site:
        yield site


def hops(site: CallSite, call: object) -> list[str]:
    with site.store.read() as session:
        return list(session.scalars(select(CallStep.hop).where(CallStep.call == call).order_by(CallStep.id)))


def test_a_caller_hangs_up_in_the_voice_script(site: CallSite) -> None:
    citizen = site.citizen("13800000001")
    citizen.dial("12345")
    site.call_is("13800000001", "ivr")
    citizen.wait("CALL_ESTABLISHED")
    citizen.hang_up()
    site.call_is("13800000001", outcome="abandoned")
    (call,) = site.calls("13800000001")
    assert (call.stage, call.ended_by, call.seat, call.offers, call.queued_at) == (
        "ivr",
        "citizen",
        "",
        0,
        None,
    )
    assert [(leg.kind, leg.ended_at is not None) for leg in site.legs(call.id)] == [("citizen", True)]


def test_a_caller_hangs_up_while_waiting(site: CallSite) -> None:
    site.order(Pause(seat="101", reason="rest"))
    citizen = site.citizen("13800000002")
    citizen.dial("12345")
    site.call_is("13800000002", "queue")
    citizen.hang_up()
    site.call_is("13800000002", outcome="abandoned")
    (call,) = site.calls("13800000002")
    assert (call.stage, call.ended_by, call.offers, call.by_net) == ("queue", "citizen", 0, False)
    site.seat_is("101", "paused")
    site.order(MakeReady(seat="101"))


def test_a_caller_hangs_up_while_a_seat_rings(site: CallSite) -> None:
    citizen = site.citizen("13800000003")
    citizen.dial("12345")
    site.call_is("13800000003", "ringing")
    citizen.hang_up()
    site.call_is("13800000003", outcome="abandoned")
    (call,) = site.calls("13800000003")
    assert (call.stage, call.ended_by, call.offers, call.seat) == ("ringing", "citizen", 1, "")
    assert [(leg.kind, leg.result) for leg in site.legs(call.id)] == [
        ("citizen", ""),
        ("seat", "caller gone"),
    ]
    site.seat_is("101", "ready")


@pytest.mark.parametrize("first", ["citizen", "seat"])
def test_either_hangs_up_while_they_talk(site: CallSite, first: str) -> None:
    number = {"citizen": "13800000004", "seat": "13800000005"}[first]
    seat, citizen = site.phones[0], site.citizen(number)
    citizen.dial("12345")
    site.call_is(number, "ringing")
    seat.answer()
    site.call_is(number, "talking")
    if first == "citizen":
        citizen.hang_up()
    else:
        site.order(HangUpSeat(seat="101"))
    site.call_is(number, outcome="answered")
    (call,) = site.calls(number)
    assert (call.stage, call.ended_by, call.seat, call.user) == ("talking", first, "101", site.users["101"])
    ended = [("citizen", True), ("seat", True)]  # the other's is over a moment after the call
    site.until(
        lambda: [(leg.kind, leg.ended_at is not None) for leg in site.legs(call.id)] == ended or None,
        "both are over",
        LONG,
    )
    assert hops(site, call.id)[-4:] == ["seat.ringing", "seat.answered", "recording.started", "call.ended"]
    site.seat_is("101", "ready")  # wrap-up ends by its timer


def test_a_seat_that_does_not_answer_is_paused_and_the_caller_goes_to_the_next(lonely: CallSite) -> None:
    lonely.seat("101")
    time.sleep(0.1)
    lonely.seat("102", answers="auto")
    citizen = lonely.citizen("13800000006")
    citizen.dial("12345")
    call = lonely.call_is("13800000006", "talking", seconds=30)
    assert (call.seat, call.offers) == ("102", 2)
    assert lonely.seat_is("101", "paused").reason == "no answer"
    assert [leg.result for leg in lonely.legs(call.id)] == ["", "no answer", "answered"]


def test_the_bridge_is_killed_with_a_caller_waiting(lonely: CallSite) -> None:
    seat = lonely.seat("101", answers="auto")
    one, two = lonely.citizen("13800000007"), lonely.citizen("13800000008")
    one.dial("12345")
    lonely.call_is("13800000007", "talking")
    two.dial("12345")
    lonely.call_is("13800000008", "queue")
    lonely.bridge.kill()
    heard = len(seat.events)
    one.hang_up()
    seat.wait("CALL_ESTABLISHED", 30, after=heard)  # the net has rung the seat with nobody of ours alive
    lonely.bridge.start()
    first = lonely.call_is("13800000007", outcome="answered")
    second = lonely.call_is("13800000008", "talking")
    assert (first.inferred, second.inferred) == (True, True)
    assert (second.seat, second.by_net, second.user) == ("101", True, lonely.users["101"])
    two.hang_up()
    call = lonely.call_is("13800000008", outcome="answered")
    assert (call.stage, call.ended_by) == ("talking", "citizen")
    assert len(lonely.calls("13800000007")) == len(lonely.calls("13800000008")) == 1
    lonely.seat_is("101", "ready")


def test_a_caller_gives_up_and_another_comes_while_the_bridge_is_dead(lonely: CallSite) -> None:
    one, two = lonely.citizen("13800000009"), lonely.citizen("13800000010")
    one.dial("12345")
    lonely.call_is("13800000009", "queue")
    lonely.bridge.kill()
    one.hang_up()
    two.dial("12345")
    two.wait("CALL_ESTABLISHED")
    lonely.bridge.start()
    gone = lonely.call_is("13800000009", outcome="abandoned")
    assert (gone.stage, gone.inferred) == ("queue", True)
    here = lonely.call_is("13800000010")
    assert (here.inferred, here.outcome) == (True, "")
    two.hang_up()
    lonely.call_is("13800000010", outcome="abandoned")


def test_the_pbx_dies_with_a_conversation(lonely: CallSite) -> None:
    lonely.seat("101", answers="auto")
    citizen = lonely.citizen("13800000011")
    citizen.dial("12345")
    lonely.call_is("13800000011", "talking")
    time.sleep(1.1)
    lonely.pbx.kill()
    lonely.pbx.start().wait_ready(60)
    call = lonely.call_is("13800000011", outcome="lost")
    assert (call.stage, call.ended_by, call.inferred) == ("talking", "pbx", True)
    assert all(leg.ended_at for leg in lonely.legs(call.id))


def test_a_citizen_who_is_called_back_and_does_not_answer(lonely: CallSite) -> None:
    order = CallCitizen(contact=ContactId(uuid7()), number="13800000012", language="zh", case=CaseId(uuid7()))
    pbx = lonely.settings.pbx
    citizen = lonely.phone("13800000012", (pbx.trunk_user, pbx.trunk_secret), port=pbx.trunk_port)
    lonely.visit(order)
    citizen.wait("CALL_INCOMING")
    lonely.call_is("13800000012", "ringing", outcome="")
    citizen.hang_up()
    call = lonely.call_is("13800000012", outcome="failed")
    assert (call.id, call.contact, call.direction, call.stage) == (
        order.call,
        order.contact,
        "out",
        "ringing",
    )
    row = lonely.order_is(order.order, "failed")
    assert row.reason in ("busy", "refused", "unreachable")
    with lonely.store.work() as work:  # heard once more: nothing is placed again
        assert begin(work, order) == "failed"
    assert len(lonely.calls("13800000012")) == 1
