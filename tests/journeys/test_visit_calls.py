"""Automatic return visits on a real PBX: keys become an agent's row; busy and wrong numbers are told apart."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from schema.campaigns import Campaign
from schema.cases import Case
from schema.desk import autocalls
from schema.desk.campaigns import make_campaign
from schema.desk.cases import file_case
from schema.desk.places import add_cell
from schema.orders import FileCase, MakeCampaign
from schema.visits import Visit, VisitTry
from tests.journeys.callsite import CallSite, call_site
from tests.journeys.voiceroom import Ear
from tests.patience import LONG
from tests.schema.desk.casework import CELL, RING

pytestmark = [pytest.mark.real, pytest.mark.journey]
TEN = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
"""Ten in the morning of a Tuesday, in the city."""
CITIZEN, NOBODY = "13800000201", "13800000202"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CallSite]:
    """No seat is needed."""
    with call_site(tmp_path_factory.mktemp("visits")) as found:
        found.store.clock = lambda: TEN
        with found.store.work() as work:
            add_cell(work, code=CELL, name="cell", ring=RING)
        yield found


def campaign(site: CallSite, *numbers: str) -> UUID:
    """An automatic campaign about cases that were closed yesterday."""
    with site.store.work() as work:
        for number in numbers:
            case = file_case(
                work,
                FileCase(
                    class_="social",
                    kind="service",
                    title="路灯不亮",
                    text="三天没有亮。",
                    cell=CELL,
                    number=number,
                ),
            )
            case.state, case.closed_at = "closed", TEN - timedelta(days=1)
        wanted = MakeCampaign(
            name="自动", first="2026-11-20", last="2026-11-24", seed="s", way="auto", at_once=3
        )
        return make_campaign(work, wanted).id


def tries(site: CallSite, number: str) -> list[VisitTry]:
    with site.store.read() as session:
        query = select(VisitTry).join(Case, Case.id == VisitTry.case).where(Case.number == number)
        return list(session.scalars(query))


def told(site: CallSite, number: str) -> VisitTry:
    """The one try of a number, once it is there; the campaign beats meanwhile."""

    def found() -> VisitTry | None:
        autocalls.beat(site.store)
        return next(iter(tries(site, number)), None)

    return site.until(found, f"a try of {number}", LONG)


def test_the_machine_asks_and_keys_are_written_down_as_an_agent_would_once(site: CallSite) -> None:
    pbx = site.settings.pbx
    citizen = site.phone(CITIZEN, (pbx.trunk_user, pbx.trunk_secret), port=pbx.trunk_port)
    id = campaign(site, CITIZEN, NOBODY)
    assert autocalls.beat(site.store) == 2
    citizen.wait("CALL_INCOMING")
    assert autocalls.beat(site.store) == 0, "nobody is called twice"
    citizen.answer()
    citizen.wait("CALL_ESTABLISHED")
    for key in "252":  # satisfied with the reception, not at all with the department, not solved
        time.sleep(1)
        citizen.press(key)
    site.call_is(CITIZEN, outcome="answered")
    row = told(site, CITIZEN)
    assert (row.result, row.reception, row.department, row.solved, row.by) == ("reached", 2, 5, False, None)
    with site.store.read() as session:
        case, visit = session.get_one(Case, row.case), session.get_one(Visit, row.visit)
        assert session.get_one(Campaign, id).closed_at is None
    assert (case.state, visit.ended, visit.calling) == ("filed", "reached", None)
    call = site.calls(CITIZEN)[0]
    assert (call.case, call.contact) == (case.id, case.contact)
    assert told(site, NOBODY).result == "wrong-number", "404"
    time.sleep(0.3)  # the telephone closes its file
    autocalls.beat(site.store)
    assert len(tries(site, CITIZEN)) == 1
    ear = Ear(citizen, site.settings.prompts)
    assert ear.says("zh/visit-unsolved"), f"{ear.likeness('zh/visit-unsolved'):.2f}"


def test_a_busy_telephone_is_tried_again_in_its_time(site: CallSite) -> None:
    citizen = site.phones[-1]
    campaign(site, CITIZEN)
    before = len(citizen.events)
    assert autocalls.beat(site.store) == 1
    citizen.wait("CALL_INCOMING", after=before)
    citizen.hang_up()  # 486
    found = site.until(
        lambda: next((row for row in tried(site) if row.result != "reached"), None), "another try", LONG
    )
    assert found.result == "busy"
    with site.store.read() as session:
        visit = session.get_one(Visit, found.visit)
    assert (visit.ended, visit.next_at) == ("", TEN + timedelta(minutes=30))


def test_who_hangs_up_when_only_solved_is_left_has_rated(site: CallSite) -> None:
    citizen, before = site.phones[-1], len(site.phones[-1].events)
    campaign(site, CITIZEN)
    known = {row.n for row in tries(site, CITIZEN)}
    autocalls.beat(site.store)
    citizen.wait("CALL_INCOMING", after=before)
    citizen.answer()
    citizen.wait("CALL_ESTABLISHED", after=before)
    for key in "14":
        time.sleep(1)
        citizen.press(key)
    time.sleep(1)
    citizen.hang_up()
    row = site.until(
        lambda: next((one for one in tried(site) if one.n not in known), None), "a new try", LONG
    )
    assert (row.result, row.reception, row.department, row.solved) == ("reached", 1, 4, True)


def tried(site: CallSite) -> list[VisitTry]:
    autocalls.beat(site.store)
    return tries(site, CITIZEN)
