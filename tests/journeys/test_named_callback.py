"""A citizen rings in while their call-back is being dialled, on the real PBX: served once, and rung no more."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from bench.rig.sip import Sip
from conf.services import Service
from demo.phone import Phone
from schema.orders import MakeReady, Pause
from tests.journeys.callsite import CallSite, call_site
from tests.journeys.party import People
from tests.journeys.waiting import fact, facts, hears, press_until

pytestmark = [pytest.mark.real, pytest.mark.journey]
NUMBERS = {"agent": "13600000001", "citizen": "13600000002"}
TERMS = {"callback_after": 60, "retries": 3, "retry_every": 1}


@pytest.fixture(params=NUMBERS)
def first(request: pytest.FixtureRequest) -> str:
    """Who is rung first for a call-back."""
    return str(request.param)


@pytest.fixture
def people(tmp_path_factory: pytest.TempPathFactory, first: str) -> Iterator[People]:
    """An agent and a citizen whose telephones ring until they are answered."""
    services = (Service("hotline", zh="热线", callback_order=f"{first}-first", **TERMS),)
    with call_site(
        tmp_path_factory.mktemp("named-callback"), services=services, acd={"tell_first": 0}
    ) as site:
        people = People(site)
        people.sit_down("agent", answers="manual")
        people.outside("citizen", NUMBERS[first], port=site.settings.pbx.trunk_port)
        yield people


def promised(site: CallSite, people: People, phone: Phone) -> UUID:
    """A call-back that is owed."""
    call = people.call_in(phone.number, until="queue")
    phone.press("5")
    hears(site, phone, "zh", "callback-offer")
    press_until(site, phone, "1", lambda: bool(facts(site, "CallBackPromised", call=str(call))))
    phone.wait("CALL_CLOSED")
    return call


def test_who_rings_in_while_being_rung_back_is_served_once(people: People, first: str) -> None:
    site, citizen, agent = people.site, people.phones["citizen"], people.phones["agent"]
    site.order(Pause(seat="101", reason="rest"))
    promise = str(promised(site, people, citizen))
    rung, seen = people.phones[first], len(people.phones[first].events)
    site.order(MakeReady(seat="101"))
    rung.wait("CALL_INCOMING", after=seen)

    pbx = site.settings.pbx
    again = Sip(f"127.0.0.1:{pbx.sip_port}", citizen.number, (pbx.trunk_user, pbx.trunk_secret))
    try:
        assert again.dial("12345") == 200  # says nothing, and so comes to the queue by itself
        dropped = fact(site, "CallBackDropped", promise=promise)
        assert dropped["reason"] == "rang again"
        rung.wait("CALL_CLOSED", after=seen)
        fact(site, "CallOffered", call=dropped["call"], seat="101")
        agent.answer()
        row = site.call_is(citizen.number, "talking", outcome="")
        assert (str(row.id), row.seat) == (dropped["call"], "101")
        assert again.hang_up() == 200
        site.call_is(citizen.number, outcome="answered")
    finally:
        again.close()
    site.until(lambda: None if site.channels() else True, "silence", 30)
    site.seat_is("101", "ready")
    assert len(facts(site, "CallBackTried", promise=promise)) == 1
    assert facts(site, "CallBackKept", promise=promise) == []
    incoming = [event for event in citizen.events[seen if first == "citizen" else 0 :]
                if event.get("type") == "CALL_INCOMING"]  # fmt: skip
    assert len(incoming) == (1 if first == "citizen" else 0), "the citizen is rung no more"
