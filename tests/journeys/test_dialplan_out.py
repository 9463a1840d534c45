"""Citizens who are called: told of with the order's ids, recorded, and let go when they do not pick up."""

import socket
import time
from collections.abc import Callable
from uuid import UUID

import pytest

from cti.speaks import call_citizen
from demo.hearing import missing_tones
from demo.phone import Phone
from schema.ids import uuid7
from tests.real.pbx import RealPbx

pytestmark = pytest.mark.real
HOTLINE, CITIZEN = "12345", "13800138000"
CITIZEN_TONE = 440.0


def visit(pbx: RealPbx, call: UUID, contact: UUID, case: UUID, number: str = CITIZEN) -> dict[str, str]:
    said = call_citizen(number, call, contact, case, "en", HOTLINE, ring_ms=4000)
    variables = said.pop("Variable")
    return pbx.mouth.say(**said, Variable=",".join(variables))  # type: ignore[arg-type]


def test_a_citizen_called_back_is_told_of_with_the_orders_ids_and_recorded(
    pbx: RealPbx, phone: Callable[..., Phone]
) -> None:
    home = phone(CITIZEN, pbx.carrier, tone=CITIZEN_TONE, port=pbx.settings.pbx.trunk_port, answers="manual")
    call, contact, case = uuid7(), uuid7(), uuid7()
    with socket.create_server(("127.0.0.1", pbx.settings.pbx.agi_port)):
        assert visit(pbx, call, contact, case)["Response"] == "Success"
        rings = pbx.ears.wait(lambda m: m.get("Event") == "DialBegin")
        assert rings["DestUniqueid"] == str(call)
        incoming = home.wait("CALL_INCOMING")
        assert f"sip:{HOTLINE}@" in incoming["peeruri"]
        assert not [m for m in pbx.ears.heard if m.get("What") == "Visited"]
        # The same order again cannot make a second call: its channel's id is taken.
        heard = len(pbx.ears.heard)
        visit(pbx, call, contact, case)
        refused = pbx.ears.wait(lambda m: m.get("Event") == "OriginateResponse", after=heard)
        assert refused["Response"] == "Failure" and pbx.channels() == 1
        home.answer()
        visited = pbx.ears.told("Visited")
        assert (visited["Contact"], visited["Call"], visited["Case"]) == (str(contact), str(call), str(case))
        name = pbx.ears.told("Recording", Seat="visit")["Name"]
        assert name == f"{contact}_{call}_visit_{call}"
        time.sleep(1.5)
        home.hang_up()
        assert pbx.quiet()
    _mix, rx, _tx = pbx.recording(name)
    assert missing_tones(rx, [CITIZEN_TONE]) == []


def test_a_visit_ends_by_itself_when_no_voice_script_listens(
    pbx: RealPbx, phone: Callable[..., Phone]
) -> None:
    home = phone(CITIZEN, pbx.carrier, port=pbx.settings.pbx.trunk_port, answers="auto")
    visit(pbx, uuid7(), uuid7(), uuid7())
    pbx.ears.told("Visited")
    home.wait("CALL_CLOSED")
    assert pbx.quiet()


def test_a_citizen_who_does_not_pick_up_is_let_go(pbx: RealPbx, phone: Callable[..., Phone]) -> None:
    phone(CITIZEN, pbx.carrier, port=pbx.settings.pbx.trunk_port)
    call = uuid7()
    visit(pbx, call, uuid7(), uuid7())
    answer = pbx.ears.wait(lambda m: m.get("Event") == "OriginateResponse")
    assert answer["Response"] == "Failure"
    assert pbx.ears.wait(lambda m: m.get("Event") == "Hangup" and m.get("Uniqueid") == str(call))
    assert pbx.quiet()
