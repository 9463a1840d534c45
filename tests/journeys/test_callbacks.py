"""Call-backs on a real PBX: a place is kept for who hangs up, and each attempt rings once, whatever happens."""

from collections.abc import Iterator

import pytest

from conf.services import Service
from demo.phone import Phone
from schema.calls import CallRow
from schema.orders import CancelCallBack, MakeReady, Pause
from tests.journeys.callsite import CallSite, call_site
from tests.journeys.party import TONES, People
from tests.journeys.waiting import call_in, fact, facts, hears, press_until

pytestmark = [pytest.mark.real, pytest.mark.journey]
SHOWN = {"hotline": "96110002", "first": "96110001"}
"""What a telephone shows that is rung back for a service: not the hotline's number."""
TERMS = {"callback_after": 60, "retries": 2, "retry_every": 1}
SERVICES = (
    Service("hotline", zh="热线", caller=SHOWN["hotline"], **TERMS),
    Service(
        "first",
        zh="先",
        queue="first",
        caller=SHOWN["first"],
        callback_order="citizen-first",
        **TERMS | {"callback_after": 1},
    ),
    Service("brief", zh="短", queue="brief", expires=2, **TERMS),
    Service("full", zh="满", queue="full", max_waiting=0, **TERMS),
)
KEY = {service.name: str(number) for number, service in enumerate(SERVICES, 1)}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CallSite]:
    """One site with one seat, whose telephone answers by itself."""
    with call_site(tmp_path_factory.mktemp("callbacks"), services=SERVICES, acd={"tell_first": 0}) as site:
        site.seat("101", answers="auto", tone=TONES["agent"])
        yield site


@pytest.fixture
def people(site: CallSite) -> Iterator[People]:
    """The agent rests; the citizen's telephone can be rung."""
    site.order(Pause(seat="101", reason="rest"))
    people = People(site)
    people.phones["agent"] = site.phones[0]
    yield people
    for phone in site.phones[1:]:
        phone.stop()
    del site.phones[1:]
    site.until(lambda: True if site.channels() == 0 else None, "nobody on the telephone", 20)


def citizen(people: People, number: str) -> Phone:
    """A citizen who can be rung."""
    return people.outside("citizen", number, port=people.site.settings.pbx.trunk_port)


def promised(site: CallSite, phone: Phone, service: str = "hotline", *, by_key: bool = True) -> CallRow:
    """Ring in, be offered a call-back, take it, and be rid of the telephone."""
    row = call_in(site, phone, KEY[service])
    call = str(row.id)
    if by_key:
        phone.press("5")
    hears(site, phone, "zh", "callback-offer")
    press_until(site, phone, "1", lambda: bool(facts(site, "CallBackPromised", call=call)))
    phone.wait("CALL_CLOSED")
    return site.call_is(phone.number, outcome="callback")


def is_rung(phone: Phone, after: int, service: str = "hotline") -> None:
    """Wait until the telephone rings, with the number of its service, and take the call."""
    incoming = phone.wait("CALL_INCOMING", after=after)
    assert incoming["peeruri"].startswith(f"sip:{SHOWN[service]}@"), incoming["peeruri"]
    phone.answer()
    phone.wait("CALL_ESTABLISHED", after=after)


def test_a_caller_presses_a_key_and_is_rung_when_the_turn_comes_agent_first(people: People) -> None:
    site, phone = people.site, citizen(people, "13600000001")
    row = promised(site, phone)
    seen = len(phone.events)
    site.order(MakeReady(seat="101"))
    is_rung(phone, seen)
    kept = fact(site, "CallBackKept", promise=str(row.id))
    people.hear(citizen={"agent"}, agent={"citizen"})
    assert kept["contact"] == str(row.contact)
    (again,) = [call for call in site.calls("13600000001") if call.id != row.id]
    assert (str(again.id), again.purpose, again.seat) == (kept["call"], "call-back", "101")


def test_offered_by_voice_and_rung_citizen_first(people: People) -> None:
    site, phone = people.site, citizen(people, "13600000002")
    row = promised(site, phone, "first", by_key=False)
    seen = len(phone.events)
    site.order(MakeReady(seat="101"))
    is_rung(phone, seen, "first")
    hears(site, phone, "zh", "callback-citizen")
    fact(site, "CallBackKept", promise=str(row.id))
    people.hear(citizen={"agent"}, agent={"citizen"})


def test_who_does_not_take_it_is_rung_again(people: People) -> None:
    site, phone = people.site, citizen(people, "13600000003")
    row = promised(site, phone)
    seen = len(phone.events)
    site.order(MakeReady(seat="101"))
    phone.wait("CALL_INCOMING", after=seen)
    phone.hang_up()
    failed = fact(site, "CallBackFailed", promise=str(row.id))
    assert failed["reason"] in ("busy", "unreachable") and failed["again"]
    is_rung(phone, len(phone.events))
    fact(site, "CallBackKept", promise=str(row.id))
    assert [tried["attempt"] for tried in facts(site, "CallBackTried", promise=str(row.id))] == [1, 2]


def test_who_rings_in_again_has_the_promised_place(people: People) -> None:
    site, phone = people.site, citizen(people, "13600000004")
    row = promised(site, phone)
    call_in(site, site.citizen("13600000005"))
    again = call_in(site, phone)
    dropped = fact(site, "CallBackDropped", promise=str(row.id))
    assert (dropped["reason"], dropped["call"]) == ("rang again", str(again.id))
    site.order(MakeReady(seat="101"))
    site.call_is("13600000004", "talking")
    assert site.calls("13600000005")[-1].stage == "queue"


def test_a_promise_runs_out(people: People) -> None:
    site, phone = people.site, citizen(people, "13600000006")
    row = promised(site, phone, "brief")
    assert fact(site, "CallBackDropped", promise=str(row.id))["reason"] == "expired"


def test_a_promise_is_cancelled_once(people: People) -> None:
    site, phone = people.site, citizen(people, "13600000007")
    row = promised(site, phone)
    site.order(CancelCallBack(promise=row.id))
    assert fact(site, "CallBackDropped", promise=str(row.id))["reason"] == "cancelled"
    site.order(CancelCallBack(promise=row.id), "failed")


def test_a_full_queue_offers_a_call_back(people: People) -> None:
    site, phone = people.site, citizen(people, "13600000008")
    row = call_in(site, phone, KEY["full"])
    hears(site, phone, "zh", "full")
    hears(site, phone, "zh", "callback-offer")
    press_until(site, phone, "1", lambda: bool(facts(site, "CallBackPromised", call=str(row.id))))
    site.order(CancelCallBack(promise=row.id))


def test_a_promise_outlives_the_bridge_and_rings_once(people: People) -> None:
    site, phone = people.site, citizen(people, "13600000009")
    row = promised(site, phone)
    site.bridge.kill()
    site.bridge.start().wait_ready(30)
    seen = len(phone.events)
    site.order(MakeReady(seat="101"), seconds=30)
    is_rung(phone, seen)
    fact(site, "CallBackKept", promise=str(row.id))
    assert len(facts(site, "CallBackTried", promise=str(row.id))) == 1
