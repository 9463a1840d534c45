"""What happens to a call behind our back: telephones that transfer, Local channels, broken names."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from bench.rig.sip import Sip
from schema.calls import CallRow
from tests.cti.tapes import hear_again
from tests.journeys.callsite import CallSite, call_site
from tests.journeys.party import People
from tests.journeys.waiting import facts
from tests.patience import LONG
from tests.real.pbx import Ami

pytestmark = [pytest.mark.real, pytest.mark.journey]
CITIZEN, EXPERT = "13800138000", "13900139000"
ASKS = "transferring call to"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CallSite]:
    with call_site(tmp_path_factory.mktemp("named-wire")) as found:
        yield found


@pytest.fixture(scope="module")
def people(site: CallSite) -> People:
    people = People(site)
    people.sit_down("agent")
    people.outside("citizen", CITIZEN)
    people.outside("expert", EXPERT, port=site.settings.pbx.trunk_port, answers="auto")
    return people


@pytest.fixture
def mouth(site: CallSite) -> Iterator[Ami]:
    ami = Ami(site.settings.pbx.ami_port, "mouth", site.settings.pbx.mouth_secret)
    yield ami
    ami.close()


@pytest.fixture(autouse=True)
def quiet(site: CallSite, people: People) -> Iterator[None]:
    """Afterwards nobody is on the telephone, no record is open, and the floor is empty and adds up."""
    yield
    for phone in people.phones.values():
        phone.hang_up()
    site.until(lambda: None if site.channels() else True, "silence", 30)
    site.seat_is("101", "ready", 30)
    site.until(lambda: True if hear_again(site.settings.tape)[1].calls == {} else None, "an empty floor", 30)
    assert hear_again(site.settings.tape)[2] == [], "the figures add up after every fact"


def calls(site: CallSite) -> list[CallRow]:
    with site.store.read() as session:
        return list(session.scalars(select(CallRow).order_by(CallRow.entered_at)))


@pytest.mark.parametrize("who", ["agent", "citizen"])
def test_a_telephone_that_transfers_by_itself_changes_nothing(
    site: CallSite, people: People, who: str
) -> None:
    call = people.call_in(CITIZEN)
    people.hear(citizen={"agent"}, agent={"citizen"})
    phone = people.phones[who]
    phone.order("transfer", f"sip:{EXPERT}@{phone.server}")
    log = phone.folder / "baresip.log"
    site.until(lambda: True if ASKS in log.read_text("utf-8", "replace") else None, "a request", 30)
    time.sleep(2)  # what it asked for would have been done by now
    assert site.channels() == 2
    people.hear(citizen={"agent"}, agent={"citizen"})
    assert [
        event["type"] for event in people.phones["expert"].events if "CALL" in str(event.get("type"))
    ] == []
    assert [row.id for row in calls(site) if not row.outcome] == [call]


def test_a_masquerade_leaves_one_call_and_one_seat(site: CallSite, people: People, mouth: Ami) -> None:
    """Two channels in a bridge, one sent elsewhere from outside: the PBX puts it behind another and swaps them."""
    call = people.call_in(CITIZEN)
    people.hear(citizen={"agent"}, agent={"citizen"})
    (citizen,) = [leg for leg in site.legs(call) if leg.kind == "citizen"]
    mouth.say(Action="Redirect", Channel=citizen.leg, Context="gridline-wait", Exten="back", Priority="1")
    site.until(
        lambda: next((row for row in calls(site) if row.id == call and row.offers == 2), None), "again", 30
    )
    people.hear(citizen={"agent"}, agent={"citizen"}, seconds=30)
    row = site.call_is(CITIZEN, "talking", outcome="")
    assert row.id == call
    people.phones["citizen"].hang_up()
    site.call_is(CITIZEN, outcome="answered")
    assert sorted(leg.kind for leg in site.legs(call)) == ["citizen", "seat", "seat"]


def originate(mouth: Ami, **more: str) -> None:
    action: dict[str, Any] = {"Action": "Originate", "Async": "true", "Timeout": "60000", **more}
    mouth.say(**action)


def test_a_caller_who_comes_by_a_local_channel_is_one_call(
    site: CallSite, people: People, mouth: Ami
) -> None:
    before = {row.id for row in calls(site)}
    originate(mouth, Channel="Local/12345@from-carrier/n", Application="Wait", Data="60")
    (call,) = site.until(
        lambda: [row for row in calls(site) if row.id not in before and row.stage == "talking"] or None,
        "talk",
        60,
    )
    mouth.say(Action="Hangup", Channel=call.leg)
    site.until(lambda: next((r for r in calls(site) if r.id == call.id and r.outcome), None), "its end", 20)
    (row,) = [row for row in calls(site) if row.id not in before]
    assert (row.outcome, row.seat, row.offers) == ("answered", "101", 1)
    assert len(facts(site, "CallEnded", call=str(call.id))) == 1


def test_a_local_channel_that_the_pbx_would_take_out_stays_and_its_talk_too(
    site: CallSite, people: People, mouth: Ami
) -> None:
    before = {row.id for row in calls(site)}
    trunk = site.settings.pbx.trunk_user
    originate(mouth, Channel="Local/12345@from-carrier", Application="Dial", Data=f"PJSIP/{EXPERT}@{trunk}")
    people.hear(agent={"expert"}, expert={"agent"}, seconds=60)
    (row,) = [row for row in calls(site) if row.id not in before]
    assert (row.stage, row.outcome) == ("talking", "")
    assert hear_again(site.settings.tape)[1].seats["101"].state == "talking"
    people.phones["expert"].hang_up()
    site.until(lambda: next((r for r in calls(site) if r.id == row.id and r.outcome), None), "its end", 20)


class Shouting:
    """A socket that puts a display name, as bytes, into what a telephone says of itself."""

    def __init__(self, real: Any, name: bytes) -> None:
        self._real, self._name = real, name

    def send(self, data: bytes) -> int:
        return int(self._real.send(data.replace(b"From: <", b'From: "' + self._name + b'" <', 1)))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


WHOLE = "王小明🙂ئۇيغۇر"
CUTS = range(1, len(WHOLE.encode()))
NASTY = {
    "line breaks": b"Wang\r\n\r\nAction: Originate",
    "folded": b"Wang\r\n Event: Hangup\r\n Uniqueid: 1",
    "only cr": b"Wang\rEvent: Forged\r",
    "quote": b'Wang\\" <sip:101@x>;\\"',
    "zero": b"Wang\x00Event: Forged",
    "controls": bytes(range(1, 10)) + b"\x7f\x80\xff\xfe",
    "long": "王".encode() * 200,
}


def shouts(site: CallSite, name: bytes, number: str, patience: float = LONG) -> list[CallRow]:
    """Ring in under a display name, and hang up: the calls that the rows then have of it."""
    pbx = site.settings.pbx
    before = {row.id for row in calls(site)}
    caller = Sip(f"127.0.0.1:{pbx.sip_port}", number, (pbx.trunk_user, pbx.trunk_secret), timeout=patience)
    caller._socket = Shouting(caller._socket, name)  # type: ignore[assignment]
    try:
        if caller.dial("12345") != 200:
            return []
        caller.hang_up()
        return site.until(
            lambda: [row for row in calls(site) if row.id not in before and row.outcome] or None, "end", LONG
        )
    except TimeoutError:
        return []  # dropped: it is no SIP at all
    finally:
        caller.close()


def assert_nothing_was_said(site: CallSite) -> None:
    """Whatever a name was, it is no event, no action, and nothing to stumble over."""
    tape = b"".join(file.read_bytes() for file in site.settings.tape.glob("*.tape"))
    assert b"\nEvent: Forged" not in tape and b"\nAction: " not in tape
    assert "stumbled" not in (site.settings.var / "log" / "bridge.log").read_text("utf-8")


def test_names_cut_at_every_byte_are_calls_like_any_other(site: CallSite) -> None:
    for cut in CUTS:
        number = f"1340000{cut:04d}"
        (row,) = shouts(site, WHOLE.encode()[:cut], number)
        assert (row.number, row.outcome) == (number, "abandoned")
    assert_nothing_was_said(site)


@pytest.mark.parametrize("name", NASTY)
def test_a_name_that_breaks_lines_says_nothing_to_us(site: CallSite, name: str) -> None:
    number = f"13300000{list(NASTY).index(name):03d}"
    found = shouts(site, NASTY[name], number, 3)  # what is no SIP at all is never answered
    assert {(row.number, row.outcome) for row in found} <= {(number, "abandoned"), ("", "abandoned")}
    assert_nothing_was_said(site)
    (row,) = shouts(site, b"Wang", number)  # and the next caller is served
    assert row.number == number
