"""The mouth loses its session between an Originate and its answer, on the real PBX: a citizen is called once."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from conf.layout import save
from conf.ports import free_port
from conf.services import Service
from demo.phone import Phone
from schema.ids import CaseId, uuid7
from schema.orders import CallCitizen, CallOut, MakeReady, Pause
from tests.journeys.callsite import CallSite, call_site
from tests.journeys.cutter import Cutter
from tests.journeys.party import People
from tests.journeys.waiting import fact, facts, hears, press_until
from tests.patience import until

pytestmark = [pytest.mark.real, pytest.mark.journey]
NUMBER = "13600000001"


@pytest.fixture
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CallSite]:
    """A site whose bridge speaks to the PBX over a wire that can be cut."""
    services = (Service("hotline", zh="热线", callback_after=60, retries=3, retry_every=1),)
    with call_site(tmp_path_factory.mktemp("named-cut"), services=services, acd={"tell_first": 0}) as found:
        yield found


@pytest.fixture
def wire(site: CallSite) -> Iterator[Cutter]:
    pbx = site.settings.pbx
    cutter = Cutter(free_port(), pbx.ami_port)
    try:
        site.bridge.stop()
        save(replace(site.settings, pbx=replace(pbx, ami_port=cutter.port)))
        site.bridge.start().wait_ready(60)
        yield cutter
    finally:
        site.bridge.stop()
        cutter.close()


@pytest.fixture
def people(site: CallSite, wire: Cutter) -> People:
    """An agent, and a citizen who can be rung and takes what rings."""
    people = People(site)
    people.sit_down("agent")
    people.outside("citizen", NUMBER, port=site.settings.pbx.trunk_port, answers="auto")
    return people


def times_rung(phone: Phone) -> int:
    """How many calls it was rung for: it takes them all."""
    taken = [event for event in phone.events if event.get("type") == "CALL_ESTABLISHED"]
    return sum(event.get("direction") == "incoming" for event in taken)


@pytest.mark.parametrize(("when", "state", "rung"), [("after", "observed", 1), ("before", "failed", 0)])
def test_a_return_visit(
    site: CallSite, wire: Cutter, people: People, when: str, state: str, rung: int
) -> None:
    order = CallCitizen(number=NUMBER, language="zh", case=CaseId(uuid7()), contact=uuid7())
    wire.arm("Originate", when)
    site.order(order, state, 40)
    # The PBX tells that it rings before the telephone tells that it has taken it.
    until(lambda: times_rung(people.phones["citizen"]) >= rung, what="the citizen's telephone")
    assert (wire.cut, times_rung(people.phones["citizen"]), len(site.calls(NUMBER))) == (1, rung, rung)
    for phone in people.phones.values():
        phone.hang_up()
    site.until(lambda: None if site.channels() else True, "silence", 30)
    site.bridge.kill()
    site.bridge.start().wait_ready(60)
    site.order(Pause(seat="101", reason="rest"))  # by now the bridge has seen what was left undone
    assert times_rung(people.phones["citizen"]) == rung, "never again on a guess"


@pytest.mark.parametrize(("when", "state", "rung"), [("after", "observed", 1), ("before", "failed", 0)])
def test_an_agent_calls_out(
    site: CallSite, wire: Cutter, people: People, when: str, state: str, rung: int
) -> None:
    order = CallOut(seat="101", target=f"number:{NUMBER}")
    wire.arm("Originate", when)
    site.order(order, state, 40)
    if rung:
        people.hear(agent={"citizen"}, citizen={"agent"}, seconds=20)
        people.phones["agent"].hang_up()
        site.call_is(NUMBER, outcome="answered")
    site.until(lambda: None if site.channels() else True, "silence", 30)
    site.seat_is("101", "ready", 20)
    assert (wire.cut, times_rung(people.phones["citizen"]), len(site.calls(NUMBER))) == (1, rung, rung)


@pytest.mark.parametrize("when", ["after", "before"])
def test_a_call_back(site: CallSite, wire: Cutter, people: People, when: str) -> None:
    phone = people.phones["citizen"]
    site.order(Pause(seat="101", reason="rest"))
    promise = str(people.call_in(NUMBER, until="queue"))
    phone.press("5")
    hears(site, phone, "zh", "callback-offer")
    press_until(site, phone, "1", lambda: bool(facts(site, "CallBackPromised", call=promise)))
    phone.wait("CALL_CLOSED")
    wire.arm("Originate", when)
    site.order(MakeReady(seat="101"))
    kept = fact(site, "CallBackKept", promise=promise, seconds=60)
    people.hear(citizen={"agent"}, agent={"citizen"})
    phone.hang_up()
    site.until(lambda: None if site.channels() else True, "silence", 30)
    tried = [one["call"] for one in facts(site, "CallBackTried", promise=promise)]
    assert len(tried) == (1 if when == "after" else 2) and tried[-1] == kept["call"]
    assert (wire.cut, times_rung(phone), len(site.calls(NUMBER))) == (1, 1, 2)
