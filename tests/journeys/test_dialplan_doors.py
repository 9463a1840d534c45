"""The doors of the real PBX: who is let in, as whom, and that nothing a stranger says counts for more than it is."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote
from uuid import UUID

import pytest

from bench.rig.sip import Sip
from cti.endpoints import SeatAtPbx
from tests.patience import until
from tests.real.pbx import RealPbx, ha1, run

pytestmark = pytest.mark.real

HOTLINE = "12345"
CITIZEN = "13800138000"
NOT_FOR_OUTSIDERS = (
    "101", "seat101", "13900139000", "00441234567890", "*43", "*8", "700", "h", "s", "i", "t", "T", "back",
    "12345%20", "112345", "123456", "gridline-wait",
)  # fmt: skip


# -- who is let in -----------------------------------------------------------------------------------------


def test_it_is_up_soon_small_and_open_on_the_loopback_alone(pbx: RealPbx) -> None:
    ports = pbx.settings.pbx
    assert pbx.listens_at() == {
        f"127.0.0.1:{port}" for port in (ports.sip_port, ports.http_port, ports.ami_port)
    }
    status = Path(f"/proc/{pbx.child.pid}/status").read_text()
    resident = int(status.split("VmRSS:")[1].split()[0]) // 1024
    assert resident < 150, f"{resident} MB at rest"
    assert "ERROR" not in pbx.log and "WARNING" not in pbx.log, pbx.log


@pytest.mark.parametrize("number", NOT_FOR_OUTSIDERS)
def test_an_outside_caller_reaches_the_hotline_and_nothing_else(
    pbx: RealPbx, citizen: Sip, number: str
) -> None:
    assert citizen.dial(number) == 404
    assert pbx.quiet()
    assert not [m for m in pbx.ears.heard if m.get("UserEvent")]


def test_an_unknown_number_is_logged_once(pbx: RealPbx, citizen: Sip) -> None:
    assert citizen.dial("99999") == 404
    assert pbx.quiet()
    lines = [line for line in pbx.log.splitlines() if "99999" in line]
    assert len(lines) == 1 and "not found in context 'from-carrier'" in lines[0]


@pytest.mark.parametrize("claimed", ["carrier", "seat101", "anonymous", "nobody"])
def test_who_proves_nothing_gets_nowhere_whatever_they_call_themselves(
    pbx: RealPbx, seat: Callable[[str], Sip], sip: Callable[..., Sip], claimed: str
) -> None:
    seat("101")
    assert sip(claimed, None).dial(HOTLINE) == 401
    assert pbx.quiet()


def test_a_wrong_trunk_secret_is_refused_and_logged_once(pbx: RealPbx, sip: Callable[..., Sip]) -> None:
    assert sip(CITIZEN, (pbx.carrier[0], "a guess")).dial(HOTLINE) == 401
    time.sleep(0.2)
    assert pbx.log.count("Failed to authenticate") == 1
    assert pbx.quiet()


def test_a_caller_who_calls_himself_a_seat_is_still_an_outsider(
    pbx: RealPbx, seat: Callable[[str], Sip], sip: Callable[..., Sip]
) -> None:
    seat("101")
    impostor = sip("seat101", pbx.carrier)
    assert impostor.dial("101") == 404
    assert impostor.dial(HOTLINE) == 200
    assert pbx.ears.told("Entered")["Channel"].startswith("PJSIP/carrier-")
    assert impostor.hang_up() == 200


@pytest.mark.parametrize("number", [HOTLINE, "102", "13900139000", "s", "*43"])
def test_a_seat_dials_nothing(pbx: RealPbx, seat: Callable[[str], Sip], number: str) -> None:
    seat("102")
    assert seat("101").dial(number) == 404
    assert pbx.quiet()


def test_nobody_registers_as_the_carrier(pbx: RealPbx, sip: Callable[..., Sip]) -> None:
    assert sip("carrier", pbx.carrier).register() in (403, 404)


def test_the_ears_can_do_nothing_and_the_mouth_cannot_run_programs(pbx: RealPbx) -> None:
    call = {"Action": "Originate", "Channel": "Local/s@gridline-wait", "Application": "Wait", "Data": "1"}
    assert pbx.ears.say(**call)["Message"] == "Permission denied"
    assert pbx.ears.say(Action="Command", Command="core show version")["Message"] == "Permission denied"
    assert pbx.mouth.say(Action="Command", Command="core show version")["Message"] == "Permission denied"
    program = call | {"Application": "System", "Data": "touch /tmp/no"}
    assert pbx.mouth.say(**program)["Response"] == "Error"


# -- the contact id ----------------------------------------------------------------------------------------


def test_each_call_gets_a_uuid_of_version_7_of_its_own(pbx: RealPbx, sip: Callable[..., Sip]) -> None:
    began = datetime.now(UTC)
    callers = [sip(f"1380013800{n}", pbx.carrier) for n in range(8)]
    for caller in callers:
        assert caller.dial(HOTLINE) == 200
    said = [pbx.ears.told("Entered", Number=caller.user) for caller in callers]
    ids = [UUID(m["Contact"]) for m in said]
    assert len(set(ids)) == len(callers)
    for each in ids:
        assert each.version == 7 and each.variant == "specified in RFC 4122"
        made = datetime.fromtimestamp((each.int >> 80) / 1000, UTC)
        assert began - timedelta(milliseconds=1) <= made <= datetime.now(UTC)
    assert ids == sorted(ids, key=lambda i: i.int >> 80)
    # The 12 and 62 bits of chance differ too, and each part is drawn.
    assert len({i.int & (1 << 62) - 1 for i in ids}) == len(ids)
    assert len({i.int >> 64 & 0xFFF for i in ids}) > 1
    assert {m["Call"] for m in said} == {m["Contact"] for m in said}
    for caller in callers:
        assert caller.hang_up() == 200
    assert pbx.quiet()


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("13800138000\r\nEvent: Forged\r\nX: y", "13800138000"),
        ("13800138000\r\n\r\nEvent: Forged\r\nWhat: Answered", "13800138000"),
        ("13800138000${SHELL(id)},What: Answered", ""),
        ("13800138000;x=(),|", ""),
        ("1" * 60, "1" * 24),
    ],
)
def test_what_a_caller_calls_himself_says_nothing_else_to_us(
    pbx: RealPbx, sip: Callable[..., Sip], name: str, number: str
) -> None:
    caller = sip(quote(name, safe=""), pbx.carrier)
    assert caller.dial(HOTLINE) == 200
    assert pbx.ears.told("Entered").get("Number", "") == number
    pbx.ears.told("Queued")
    assert pbx.channels() == 1
    assert caller.hang_up() == 200
    assert pbx.quiet()
    for heard in (pbx.ears.heard, pbx.mouth.heard):
        assert not [m for m in heard if m.get("Event") == "Forged" or m.get("What") == "Answered"]


@pytest.mark.parametrize(("name", "number"), [("anonymous", ""), ("%2B8613800138000", "+8613800138000")])
def test_a_number_may_be_withheld_or_international(
    pbx: RealPbx, sip: Callable[..., Sip], name: str, number: str
) -> None:
    caller = sip(name, pbx.carrier)
    assert caller.dial(HOTLINE) == 200
    assert pbx.ears.told("Entered").get("Number", "") == number
    assert caller.hang_up() == 200


# -- seats -------------------------------------------------------------------------------------------------


def test_a_wrong_secret_at_a_seat_is_refused_and_logged_once(
    pbx: RealPbx, seat: Callable[[str], Sip], sip: Callable[..., Sip]
) -> None:
    seat("101")
    assert sip("seat101", ("seat101", "a guess")).register() == 401
    time.sleep(0.2)
    assert pbx.log.count("Failed to authenticate") == 1
    assert run(pbx.endpoints.list())[0].online


def test_a_seat_opened_anew_takes_the_new_secret_alone_and_forgets_the_old_telephone(
    pbx: RealPbx, seat: Callable[[str], Sip], sip: Callable[..., Sip], citizen: Sip
) -> None:
    old = seat("101")
    run(pbx.endpoints.open("101", ha1("101", "another"), "Li", webrtc=False))
    until(lambda: run(pbx.endpoints.list()) == (SeatAtPbx("101", False, ()),))
    assert old.register() == 401
    new = sip("seat101", ("seat101", "another"))
    assert new.register() == 200
    assert run(pbx.endpoints.list())[0].online
    assert citizen.dial(HOTLINE) == 200
    pbx.redirect(pbx.ears.told("Queued")["Channel"], "101")
    new.ring()
    with pytest.raises(TimeoutError):
        old.wait("INVITE", 0.5)
    assert citizen.hang_up() == 200


def test_a_seat_that_is_closed_loses_its_call_and_its_secret(
    pbx: RealPbx, seat: Callable[[str], Sip], citizen: Sip
) -> None:
    at_101 = seat("101")
    assert citizen.dial(HOTLINE) == 200
    pbx.redirect(pbx.ears.told("Queued")["Channel"], "101")
    at_101.answer(at_101.ring())
    pbx.ears.told("Answered")
    run(pbx.endpoints.close("101"))
    at_101.reply(at_101.wait("BYE"), "200 OK")
    assert run(pbx.endpoints.list()) == ()
    assert at_101.register() == 401
    run(pbx.endpoints.close("101"))  # again is no error
    citizen.reply(citizen.wait("BYE"), "200 OK")
    assert pbx.quiet()


def test_seats_outlive_a_restart_of_the_pbx(pbx: RealPbx, seat: Callable[[str], Sip]) -> None:
    at_101 = seat("101")
    pbx.stop()
    pbx.start()
    assert at_101.register() == 200
    assert [s.seat for s in run(pbx.endpoints.list())] == ["101"]
