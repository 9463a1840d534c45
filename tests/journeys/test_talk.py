"""What an agent can do with a call, on the real PBX, by what each party hears."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from conf.settings import Settings
from demo.phone import Phone
from schema.desk.outcomes import outcome_of_call
from schema.orders import (
    CallOut,
    CancelConsult,
    CompleteTransfer,
    Conference,
    Consult,
    Hold,
    MakeReady,
    Resume,
    Swap,
    Transfer,
)
from tests.journeys.callsite import CallSite, call_site
from tests.journeys.party import People
from tests.patience import LONG

pytestmark = [pytest.mark.real, pytest.mark.journey]
CITIZEN, EXPERT, SHOWN = "13800138000", "13900139000", "057112345678"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CallSite]:
    services = (replace(Settings().services[0], caller=SHOWN),)
    with call_site(tmp_path_factory.mktemp("talk"), services=services) as found:
        yield found


@pytest.fixture(scope="module")
def house(site: CallSite) -> People:
    """Two seats, a citizen's telephone and an expert's, all on."""
    people = People(site)
    people.sit_down("agent")
    people.outside("citizen", CITIZEN)
    people.outside("expert", EXPERT, port=site.settings.pbx.trunk_port, answers="auto")
    return people


@pytest.fixture
def talk(house: People) -> Iterator[People]:
    """Citizen and agent talk."""
    site = house.site
    site.order(MakeReady(seat="101"))
    house.call_in(CITIZEN)
    house.hear(citizen={"agent"}, agent={"citizen"})
    yield house
    for phone in house.phones.values():
        phone.hang_up()
    site.call_is(CITIZEN, outcome="answered")
    site.seat_is("101", "ready")
    site.until(lambda: None if site.channels() else True, "silence", LONG)


def test_a_citizen_on_hold_hears_music_and_comes_back(talk: People) -> None:
    talk.site.order(Hold(seat="101"))
    talk.hear(citizen=set(), agent=set())
    talk.site.order(Resume(seat="101"))
    talk.hear(citizen={"agent"}, agent={"citizen"})
    talk.site.order(Hold(seat="101"))
    talk.site.order(Resume(seat="101"))
    talk.hear(citizen={"agent"}, agent={"citizen"})


def test_consult_swap_conference_and_complete(talk: People) -> None:
    site = talk.site
    site.order(Consult(seat="101", target=f"number:{EXPERT}"))
    talk.hear(citizen=set(), agent={"expert"}, expert={"agent"})
    site.order(Swap(seat="101"))
    talk.hear(citizen={"agent"}, agent={"citizen"}, expert=set())
    site.order(Swap(seat="101"))
    talk.hear(citizen=set(), agent={"expert"}, expert={"agent"})
    site.order(Conference(seat="101"))
    talk.hear(citizen={"agent", "expert"}, agent={"citizen", "expert"}, expert={"agent", "citizen"})
    site.order(CompleteTransfer(seat="101"))
    talk.hear(citizen={"expert"}, expert={"citizen"})
    site.seat_is("101", "ready")


def test_a_consultation_that_is_cancelled(talk: People) -> None:
    site = talk.site
    site.order(Consult(seat="101", target=f"number:{EXPERT}"))
    talk.hear(citizen=set(), agent={"expert"}, expert={"agent"})
    site.order(CancelConsult(seat="101"))
    talk.hear(citizen={"agent"}, agent={"citizen"})
    site.order(Consult(seat="101", target=f"number:{EXPERT}"))
    talk.hear(agent={"expert"}, expert={"agent"})
    site.order(Swap(seat="101"))
    talk.hear(citizen={"agent"}, agent={"citizen"}, expert=set())
    site.order(CancelConsult(seat="101"))
    talk.hear(citizen={"agent"}, agent={"citizen"})


def test_a_consultation_completed_at_once(talk: People) -> None:
    site = talk.site
    site.order(Consult(seat="101", target=f"number:{EXPERT}"))
    talk.hear(agent={"expert"}, expert={"agent"})
    site.order(CompleteTransfer(seat="101"))
    talk.hear(citizen={"expert"}, expert={"citizen"})


def test_a_blind_transfer_to_an_expert(talk: People) -> None:
    site = talk.site
    site.order(Transfer(seat="101", target=f"number:{EXPERT}"))
    talk.hear(citizen={"expert"}, expert={"citizen"})
    site.seat_is("101", "ready")


def test_a_blind_transfer_back_to_the_queue(talk: People) -> None:
    site = talk.site
    site.order(Transfer(seat="101", target="queue:hotline"))
    site.call_is(CITIZEN, "queue")
    site.call_is(CITIZEN, "talking", outcome="")
    talk.hear(citizen={"agent"}, agent={"citizen"})  # the only seat gets the caller back after wrap-up


@pytest.mark.parametrize("leaves", ["citizen", "expert"])
def test_three_way_one_of_the_others_leaves(talk: People, leaves: str) -> None:
    site = talk.site
    site.order(Consult(seat="101", target=f"number:{EXPERT}"))
    talk.hear(agent={"expert"}, expert={"agent"})
    site.order(Conference(seat="101"))
    talk.hear(citizen={"agent", "expert"}, agent={"citizen", "expert"})
    talk.phones[leaves].hang_up()
    stays = "expert" if leaves == "citizen" else "citizen"
    talk.hear(**{stays: {"agent"}, "agent": {stays}})
    talk.phones[stays].hang_up()
    site.seat_is("101", "ready")


def test_three_way_the_seat_leaves_and_all_are_released(talk: People) -> None:
    site = talk.site
    site.order(Consult(seat="101", target=f"number:{EXPERT}"))
    talk.hear(agent={"expert"}, expert={"agent"})
    site.order(Conference(seat="101"))
    talk.hear(citizen={"agent", "expert"}, agent={"citizen", "expert"})
    talk.phones["agent"].hang_up()
    for who in ("citizen", "expert"):
        talk.phones[who].wait("CALL_CLOSED")
    site.call_is(CITIZEN, outcome="answered")


def test_an_agent_calls_out(house: People) -> None:
    site = house.site
    site.seat_is("101", "ready")
    order = CallOut(seat="101", target=f"number:{EXPERT}")
    site.order(order)
    house.hear(agent={"expert"}, expert={"agent"})
    site.order(Hold(seat="101"))
    house.hear(expert=set(), agent=set())
    site.order(Resume(seat="101"))
    house.hear(agent={"expert"}, expert={"agent"})
    house.phones["agent"].hang_up()
    row = site.call_is(EXPERT, outcome="answered")
    assert (row.direction, row.purpose, row.id) == ("out", "call-out", order.order)
    assert shown_to(house.phones["expert"]) == site.settings.site.hotline


def test_a_service_s_call_shows_its_own_number_and_a_refused_one_is_told_apart(house: People) -> None:
    site, expert = house.site, house.phones["expert"]
    before = len(expert.events)
    service = site.settings.services[0].name
    site.order(CallOut(seat="101", target=f"number:{EXPERT}", service=service))
    expert.wait("CALL_ESTABLISHED", after=before)
    house.hear(agent={"expert"}, expert={"agent"})
    assert shown_to(expert) == SHOWN
    house.phones["agent"].hang_up()
    site.seat_is("101", "ready")
    nobody = CallOut(seat="101", target="number:999")
    site.order(nobody)
    site.until(lambda: outcome(site, nobody) or None, "an outcome", LONG)
    assert outcome(site, nobody) == "wrong-number"


def shown_to(phone: Phone) -> str:
    """The number that the called telephone was shown last."""
    told = [event for event in phone.events if event.get("type") == "CALL_ESTABLISHED"]
    return str(told[-1]["peeruri"]).removeprefix("sip:").partition("@")[0]


def outcome(site: CallSite, order: CallOut) -> str:
    """What the rows say that a call came to."""
    with site.store.read() as session:
        return outcome_of_call(session, order.call)


def test_consult_a_colleague_and_hand_over(talk: People) -> None:
    site = talk.site
    talk.sit_down("colleague")
    site.order(Consult(seat="101", target="seat:102"))
    talk.hear(agent={"colleague"}, colleague={"agent"}, citizen=set())
    site.order(CompleteTransfer(seat="101"))
    talk.hear(citizen={"colleague"}, colleague={"citizen"})
    site.seat_is("101", "ready")
    site.order(Transfer(seat="102", target="seat:101"))
    talk.hear(citizen={"agent"}, agent={"citizen"})
