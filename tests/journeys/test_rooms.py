"""Three in a room, and what becomes of two who are left there, on the real PBX, by what each party hears."""

from pathlib import Path

import pytest

from schema.orders import Conference, Consult, Hold, Resume
from tests.journeys.callsite import call_site
from tests.journeys.party import People
from tests.journeys.test_talk import CITIZEN, EXPERT

pytestmark = [pytest.mark.real, pytest.mark.journey]


def test_hold_in_a_room_all_three_again_and_a_second_consultation_when_one_left(tmp_path: Path) -> None:
    with call_site(tmp_path) as site:
        people = People(site)
        people.sit_down("agent")
        people.outside("citizen", CITIZEN)
        people.outside("expert", EXPERT, port=site.settings.pbx.trunk_port, answers="auto")
        people.call_in(CITIZEN)
        site.order(Consult(seat="101", target=f"number:{EXPERT}"))
        people.hear(citizen=set(), agent={"expert"}, expert={"agent"})
        site.order(Conference(seat="101"))
        three = {
            "citizen": {"agent", "expert"},
            "agent": {"citizen", "expert"},
            "expert": {"agent", "citizen"},
        }
        people.hear(**three)
        for again in (Conference, Resume):
            site.order(Hold(seat="101"))
            people.hear(citizen=set(), agent={"expert"}, expert={"agent"})
            site.order(again(seat="101"))
            people.hear(**three)
        people.phones["expert"].hang_up()
        people.hear(citizen={"agent"}, agent={"citizen"})
        site.order(Consult(seat="101", target=f"number:{EXPERT}"))
        people.hear(citizen=set(), agent={"expert"}, expert={"agent"})
        people.phones["citizen"].hang_up()
        people.phones["agent"].hang_up()
        site.call_is(CITIZEN, outcome="answered")
