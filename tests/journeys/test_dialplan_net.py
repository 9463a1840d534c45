"""The net under the routing: who waits without a beat is taken to a seat by the PBX alone."""

import time
from collections.abc import Callable

import pytest

from bench.rig.sip import Sip
from tests.real.pbx import RealPbx

pytestmark = pytest.mark.real
HOTLINE = "12345"


def test_without_a_beat_from_the_start_the_net_takes_the_caller_to_a_seat(
    pbx: RealPbx, seat: Callable[[str], Sip], citizen: Sip
) -> None:
    at_101 = seat("101")
    added = pbx.mouth.say(Action="QueueAdd", Queue="hotline", Interface="PJSIP/seat101", MemberName="101")
    assert added["Response"] == "Success"
    began = time.monotonic()
    assert citizen.dial(HOTLINE) == 200
    net = pbx.ears.told("Net")
    assert 4.5 <= time.monotonic() - began < 8
    invite = at_101.ring()
    assert invite.headers["x-gridline-contact"] == net["Contact"]
    at_101.answer(invite)
    assert pbx.ears.told("Answered", Seat="101")["Contact"] == net["Contact"]
    name = pbx.ears.told("Recording", Seat="101")["Name"]
    time.sleep(0.5)
    at_101.close()
    assert citizen.hang_up() == 200
    assert pbx.quiet()
    pbx.recording(name)


def test_a_beat_keeps_the_caller_from_the_net_and_its_end_lets_them_go(pbx: RealPbx, citizen: Sip) -> None:
    assert citizen.dial(HOTLINE) == 200
    for beat in range(10):
        pbx.mouth.say(Action="Setvar", Variable="GRIDLINE_BEAT", Value=str(beat))
        time.sleep(1)
    assert not [m for m in pbx.ears.heard if m.get("What") == "Net"]
    began = time.monotonic()
    pbx.ears.told("Net", 12)
    assert 4 <= time.monotonic() - began < 9
    assert citizen.hang_up() == 200
    assert pbx.quiet()


def test_the_net_passes_over_a_paused_seat(pbx: RealPbx, seat: Callable[[str], Sip], citizen: Sip) -> None:
    paused, ready = seat("101"), seat("102")
    for number, state in (("101", "true"), ("102", "false")):
        pbx.mouth.say(Action="QueueAdd", Queue="hotline", Interface=f"PJSIP/seat{number}", Paused=state)
    assert citizen.dial(HOTLINE) == 200
    ready.answer(ready.ring(15))
    pbx.ears.told("Answered", Seat="102")
    with pytest.raises(TimeoutError):
        paused.wait("INVITE", 0.5)
    assert citizen.hang_up() == 200
