"""Two real PBXs: a caller on one gets the idle seat that is registered on the other."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from conf.settings import Pbx
from schema.calls import CallStep
from schema.orders import Hold, Resume
from tests.journeys.callsite import CallSite, call_site
from tests.journeys.party import NUMBERS, TONES, People

pytestmark = [pytest.mark.real, pytest.mark.journey]
CITIZEN = "13800138000"
FAR = "201"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[CallSite]:
    with call_site(tmp_path, nodes=(Pbx(node="pbx2", folder="asterisk-pbx2", seats="2"),)) as found:
        yield found


def test_a_caller_gets_a_seat_of_the_other_pbx_and_its_death_spares_this_one(site: CallSite) -> None:
    people = People(site)
    people.phones["colleague"] = site.seat(FAR, answers="auto", tone=TONES["colleague"])
    people.outside("citizen", CITIZEN)
    call = people.call_in(CITIZEN)
    people.hear(citizen={"colleague"}, colleague={"citizen"})
    site.order(Hold(seat=FAR))
    people.hear(citizen=set(), colleague=set())
    site.order(Resume(seat=FAR))
    people.hear(citizen={"colleague"}, colleague={"citizen"})
    people.phones["citizen"].hang_up()
    row = site.call_is(CITIZEN, outcome="answered")
    assert (row.id, row.node, row.seat, row.user) == (call, "pbx1", FAR, site.users[FAR])
    site.seat_is(FAR, "ready")

    # The other PBX dies in the middle of a call: the citizen goes to the head of the line, and is served here.
    people.call_in(CITIZEN)
    people.hear(citizen={"colleague"}, colleague={"citizen"})
    people.sit_down("agent")
    site.far["pbx2"].kill()
    people.hear(citizen={"agent"}, agent={"citizen"}, seconds=15)
    row = site.call_is(CITIZEN, "talking", outcome="")
    with site.store.read() as session:
        steps = session.scalars(
            select(CallStep.seat).where(CallStep.call == row.id, CallStep.hop == "seat.answered")
        )
        assert sorted(steps) == [NUMBERS["agent"], FAR]
    people.phones["citizen"].hang_up()
    site.call_is(CITIZEN, outcome="answered")
    site.seat_is(NUMBERS["agent"], "ready")
    people.call_in(CITIZEN)
    people.hear(citizen={"agent"}, agent={"citizen"})
