"""A seat whose page is loaded anew during a consultation, on the real PBX, by what each party hears."""

from pathlib import Path

import pytest

from schema.orders import CompleteTransfer, Consult, Hold, RecoverCall, Swap
from tests.journeys.callsite import call_site
from tests.journeys.party import People
from tests.journeys.test_talk import CITIZEN, EXPERT

pytestmark = [pytest.mark.real, pytest.mark.journey]


def test_whoever_was_asked_waits_while_the_seat_takes_its_call_back(tmp_path: Path) -> None:
    with call_site(tmp_path) as site:
        people = People(site)
        people.sit_down("agent")
        people.outside("citizen", CITIZEN)
        people.outside("expert", EXPERT, port=site.settings.pbx.trunk_port, answers="auto")
        people.call_in(CITIZEN)
        site.order(Consult(seat="101", target=f"number:{EXPERT}"))
        people.hear(citizen=set(), agent={"expert"}, expert={"agent"})
        site.order(RecoverCall(seat="101"))
        people.hear(citizen={"agent"}, agent={"citizen"}, expert=set())
        site.seat_is("101", "ready")  # by its row: nothing was written up in between
        site.order(Swap(seat="101"))
        people.hear(citizen=set(), agent={"expert"}, expert={"agent"})
        site.order(CompleteTransfer(seat="101"))
        people.hear(citizen={"expert"}, expert={"citizen"})
        for phone in people.phones.values():
            phone.hang_up()
        call = site.call_is(CITIZEN, outcome="answered")
        assert sorted(leg.kind for leg in site.legs(call.id)) == ["citizen", "party", "seat", "seat"]


def test_a_citizen_on_hold_whose_seat_hangs_up_goes_back_to_the_line(tmp_path: Path) -> None:
    with call_site(tmp_path) as site:
        people = People(site)
        people.sit_down("agent")
        people.outside("citizen", CITIZEN)
        call = people.call_in(CITIZEN)
        site.order(Hold(seat="101"))
        people.hear(citizen=set(), agent=set())
        people.phones["agent"].hang_up()
        site.until(lambda: len(site.legs(call)) == 3 or None, "a seat that rings again", 15)
        people.hear(citizen={"agent"}, agent={"citizen"})
        people.phones["citizen"].hang_up()
        site.call_is(CITIZEN, outcome="answered")
