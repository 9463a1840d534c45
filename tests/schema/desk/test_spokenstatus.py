"""What a caller is told by voice: their own last requests, in stages; nothing of what is confidential."""

from datetime import timedelta

import pytest

from schema.desk.confiding import conceal_case
from schema.desk.spokenstatus import STAGES, Told, spoken_status
from schema.ids import CaseId
from schema.orders import ConcealCase
from schema.rules.lifecycle import STATES
from tests.schema.desk.casework import Office

MINE = "13900000001"


def test_every_state_is_told_or_has_another_in_its_place() -> None:
    assert set(STATES) - set(STAGES) == {"void", "merged", "split"}


def test_the_newest_come_first_and_only_ones_own(desk: Office) -> None:
    cases = [desk.case(state, number=MINE) for state in ("closed", "dispatched", "filed")]
    desk.case("filed", number="13900000002")
    with desk.store.read() as session:
        told = spoken_status(session, MINE, desk.store.clock())
        assert spoken_status(session, MINE, desk.store.clock() + timedelta(days=91)) == []
    ends = ["".join(one for one in case.case_no if one.isdigit())[-4:] for case in reversed(cases)]
    assert told == [Told(ends[0], "taken-in"), Told(ends[1], "in-hand"), Told(ends[2], "done")]


@pytest.mark.parametrize("number", ["", "anonymous", "12", "139 0000"])
def test_what_is_no_number_has_no_requests(desk: Office, number: str) -> None:
    with desk.store.read() as session:
        assert spoken_status(session, number, desk.store.clock()) == []


def test_nothing_is_told_of_what_is_confidential(desk: Office) -> None:
    case = desk.case("filed", number=MINE)
    with desk.store.work() as work:
        conceal_case(work, ConcealCase(by=desk.supervisor, case=CaseId(case.id), reason="保密"))
    with desk.store.read() as session:
        assert spoken_status(session, MINE, desk.store.clock()) == []
