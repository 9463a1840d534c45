"""The way of a call through the real PBX with nobody of ours listening: where it goes, and what stays of it."""

import socket
import threading
import time
from collections.abc import Callable

import numpy as np
import pytest

from bench.rig.sip import Sip
from demo.hearing import hear, missing_tones
from demo.phone import Phone
from tests.real.pbx import RealPbx, ha1, run

pytestmark = pytest.mark.real

HOTLINE = "12345"
CITIZEN = "13800138000"
CITIZEN_TONE, SEAT_TONE = 440.0, 1000.0
UNHEARD = {
    "VarSet",
    "Newexten",
    "TestEvent",
    "RTCPSent",
    "RTCPReceived",
    "MusicOnHoldStart",
    "MusicOnHoldStop",
}


# -- the way -----------------------------------------------------------------------------------------------


def test_a_caller_waits_though_no_voice_script_listens(pbx: RealPbx, citizen: Sip) -> None:
    assert citizen.dial(HOTLINE) == 200
    queued = pbx.ears.told("Queued")
    assert (queued["Queue"], queued["Returning"], queued["Level"]) == ("hotline", "0", "0")
    assert citizen.hang_up() == 200


def test_a_voice_script_that_hangs_holds_nobody(pbx: RealPbx, citizen: Sip) -> None:
    pbx.mouth.say(Action="Setvar", Variable="GRIDLINE_GREET_MAX", Value="2")
    with socket.create_server(("127.0.0.1", pbx.settings.pbx.agi_port)):
        assert citizen.dial(HOTLINE) == 200
        pbx.ears.told("Queued")
        assert pbx.channels() == 1
    assert citizen.hang_up() == 200
    assert pbx.quiet()


@pytest.mark.parametrize("step", ["20", "48"])
def test_who_is_redirected_in_the_moment_of_a_step_still_begins_at_the_beginning(
    pbx: RealPbx, seat: Callable[[str], Sip], citizen: Sip, step: str
) -> None:
    """The PBX then keeps the number of the old step: a place with no such number would drop the caller."""
    at_101 = seat("101")
    assert citizen.dial(HOTLINE) == 200
    queued = pbx.ears.told("Queued")
    pbx.mouth.say(
        Action="Redirect", Channel=queued["Channel"], Context="gridline-dial", Exten="101", Priority=step
    )
    at_101.answer(at_101.ring())
    assert pbx.ears.told("Answered", Seat="101")["Call"] == queued["Call"]
    assert citizen.hang_up() == 200


def test_a_seat_hears_whose_call_it_is_and_the_events_come_in_order(
    pbx: RealPbx, seat: Callable[[str], Sip], citizen: Sip
) -> None:
    at_101 = seat("101")
    assert citizen.dial(HOTLINE) == 200
    queued = pbx.ears.told("Queued")
    assert pbx.redirect(queued["Channel"], "101")["Response"] == "Success"
    invite = at_101.ring()
    assert invite.headers["x-gridline-contact"] == queued["Contact"]
    assert "x-gridline-call" not in invite.headers and queued["Call"] == queued["Contact"]
    assert f"sip:{CITIZEN}@" in invite.headers["from"]
    assert "call-info" not in invite.headers
    at_101.answer(invite)
    answered = pbx.ears.told("Answered", Seat="101")
    assert answered["Channel"].startswith("PJSIP/seat101-") and answered["Contact"] == queued["Contact"]
    recording = pbx.ears.told("Recording", Seat="101")
    assert recording["Name"] == f"{queued['Contact']}_{queued['Call']}_101_{answered['Uniqueid']}"
    assert citizen.hang_up() == 200
    at_101.wait("BYE")
    assert [m["What"] for m in pbx.ears.heard if "What" in m] == [
        "Entered",
        "Queued",
        "Answered",
        "Recording",
    ]
    assert UNHEARD.isdisjoint(m.get("Event") for m in pbx.ears.heard)


def test_a_browser_is_offered_encrypted_sound_at_an_address_it_can_reach(
    pbx: RealPbx, sip: Callable[..., Sip], citizen: Sip
) -> None:
    run(pbx.endpoints.open("101", ha1("101", "the-secret"), "Wang"))
    browser = sip("seat101", ("seat101", "the-secret"))
    assert browser.register() == 200
    assert citizen.dial(HOTLINE) == 200
    pbx.redirect(pbx.ears.told("Queued")["Channel"], "101")
    offer = browser.ring().body
    assert "UDP/TLS/RTP/SAVPF" in offer and "a=fingerprint:SHA-256" in offer and "a=rtcp-mux" in offer
    candidates = [line.split()[4] for line in offer.splitlines() if line.startswith("a=candidate:")]
    assert candidates and set(candidates) == {"127.0.0.1"}
    assert citizen.hang_up() == 200


@pytest.mark.parametrize(
    ("how", "status"), [("486 Busy Here", "BUSY"), ("", "NOANSWER"), ("gone", "CHANUNAVAIL")]
)
def test_a_seat_that_does_not_take_the_call_sends_the_caller_back_to_the_head(
    pbx: RealPbx, seat: Callable[[str], Sip], citizen: Sip, how: str, status: str
) -> None:
    pbx.mouth.say(Action="Setvar", Variable="GRIDLINE_RING", Value="2")
    at_101 = seat("101")
    if how == "gone":
        assert at_101.register(expires=0) == 200
    assert citizen.dial(HOTLINE) == 200
    channel = pbx.ears.told("Queued")["Channel"]
    heard = len(pbx.ears.heard)
    pbx.redirect(channel, "101")
    if how != "gone":
        invite = at_101.ring()
        if how:
            at_101.reply(invite, how)
    failed = pbx.ears.told("OfferFailed", after=heard)
    assert (failed["Seat"], failed["Status"]) == ("101", status)
    assert pbx.ears.told("Queued", after=heard)["Returning"] == "1"
    assert citizen.hang_up() == 200
    assert pbx.quiet()


def test_a_waiting_caller_hears_music_and_still_does_while_a_seat_rings(
    pbx: RealPbx, seat: Callable[[str], Sip], phone: Callable[..., Phone]
) -> None:
    at_101 = seat("101")
    caller = phone(CITIZEN, pbx.carrier, tone=CITIZEN_TONE)
    caller.dial(HOTLINE)
    channel = pbx.ears.told("Queued")["Channel"]
    time.sleep(2)
    pbx.redirect(channel, "101")
    invite = at_101.ring()
    time.sleep(2)
    caller.hang_up()
    at_101.reply(at_101.wait("CANCEL"), "200 OK")
    at_101.reply(invite, "487 Request Terminated")
    time.sleep(0.5)
    heard = hear(caller.heard()[-1])
    middle = len(heard.samples) // 2
    for half in (heard.samples[:middle], heard.samples[middle:]):
        assert float(np.sqrt(np.mean(half**2))) > 0.003  # a quiet passage; silence is a tenth of that


# -- recording ---------------------------------------------------------------------------------------------


def test_both_hear_each_other_and_each_party_is_on_the_right_track(
    pbx: RealPbx, phone: Callable[..., Phone]
) -> None:
    run(pbx.endpoints.open("101", ha1("101", "the-secret"), "Wang", webrtc=False))
    agent = phone("seat101", ("seat101", "the-secret"), tone=SEAT_TONE, registers=True, answers="auto")
    pbx.until_online("101")
    caller = phone(CITIZEN, pbx.carrier, tone=CITIZEN_TONE)
    caller.dial(HOTLINE)
    pbx.redirect(pbx.ears.told("Queued")["Channel"], "101")
    name = pbx.ears.told("Recording")["Name"]
    time.sleep(2)
    caller.hang_up()
    assert pbx.quiet()
    mix, rx, tx = pbx.recording(name)
    assert missing_tones(rx, [SEAT_TONE], [CITIZEN_TONE]) == []
    assert missing_tones(tx, [CITIZEN_TONE], [SEAT_TONE]) == []
    assert missing_tones(mix, [SEAT_TONE, CITIZEN_TONE]) == []
    time.sleep(0.3)
    assert missing_tones(agent.heard()[-1], [CITIZEN_TONE]) == []
    assert missing_tones(caller.heard()[-1], [SEAT_TONE]) == []


def test_a_disk_that_takes_no_recording_does_not_end_the_call(
    pbx: RealPbx, seat: Callable[[str], Sip], citizen: Sip
) -> None:
    pbx.settings.spool.rmdir()
    pbx.settings.spool.write_text("a file where the folder should be")
    at_101 = seat("101")
    assert citizen.dial(HOTLINE) == 200
    pbx.redirect(pbx.ears.told("Queued")["Channel"], "101")
    at_101.answer(at_101.ring())
    pbx.ears.told("Recording")
    time.sleep(1.5)
    assert pbx.channels() == 2
    assert citizen.hang_up() == 200
    assert pbx.quiet()


# -- hanging up --------------------------------------------------------------------------------------------


def says_one_word(listener: socket.socket) -> None:
    """A voice room that answers a call and then hangs, until the PBX has enough of it."""
    room, _ = listener.accept()
    with room:
        room.sendall(b"EXEC Playback nothing\n")
        while room.recv(4096):
            pass


@pytest.mark.parametrize("stage", ["voice script", "waiting", "ringing", "talking", "net", "net talking"])
def test_a_caller_who_hangs_up_leaves_nothing_running(
    pbx: RealPbx, seat: Callable[[str], Sip], citizen: Sip, stage: str
) -> None:
    at_101 = seat("101")
    pbx.mouth.say(Action="QueueAdd", Queue="hotline", Interface="PJSIP/seat101")
    pbx.mouth.say(Action="Setvar", Variable="GRIDLINE_STALE_LOOKS", Value="1" if "net" in stage else "30")
    listener = (
        socket.create_server(("127.0.0.1", pbx.settings.pbx.agi_port)) if stage == "voice script" else None
    )
    if listener is not None:
        threading.Thread(target=says_one_word, args=(listener,), daemon=True).start()
    assert citizen.dial(HOTLINE) == 200
    if stage == "voice script":
        pbx.ears.told("Entered")
    else:
        queued = pbx.ears.told("Queued")
        if stage in ("ringing", "talking"):
            pbx.redirect(queued["Channel"], "101")
        if stage != "waiting":
            invite = at_101.ring()
            if "talking" in stage:
                at_101.answer(invite)
                pbx.ears.told("Answered")
    assert citizen.hang_up() == 200
    if stage in ("ringing", "net"):
        at_101.reply(at_101.wait("CANCEL"), "200 OK")
        at_101.reply(invite, "487 Request Terminated")
    elif "talking" in stage:
        at_101.reply(at_101.wait("BYE"), "200 OK")
    assert pbx.quiet(4)
    if listener:
        listener.close()


def test_a_seat_that_hangs_up_ends_the_call(pbx: RealPbx, phone: Callable[..., Phone], citizen: Sip) -> None:
    run(pbx.endpoints.open("101", ha1("101", "the-secret"), "Wang", webrtc=False))
    agent = phone("seat101", ("seat101", "the-secret"), registers=True, answers="auto")
    pbx.until_online("101")
    assert citizen.dial(HOTLINE) == 200
    pbx.redirect(pbx.ears.told("Queued")["Channel"], "101")
    pbx.ears.told("Answered")
    agent.hang_up()
    citizen.reply(citizen.wait("BYE"), "200 OK")
    assert pbx.quiet()
