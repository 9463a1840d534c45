"""The dispatch desk and the department desk as pages: what waits, for whom, and only what one may see."""

import pytest

from schema.cases import Case
from schema.desk.cases import dispatch_case
from schema.ids import CaseId, uuid7
from schema.orders import DispatchCase
from tests.backoffice.conftest import Town, plain
from tests.conftest import store_url  # noqa: F401 (on both databases)


def with_unit(town: Town, unit: str = "unit", **changes: object) -> Case:
    case: Case = town.filed(**changes)
    with town.store.work() as work:
        order = DispatchCase(by=town.users["agent"].id, case=CaseId(case.id), department=town.units[unit].id)
        dispatch_case(work, order)
    return case


def test_the_dispatch_desk_shows_what_waits_and_suggests_a_unit(town: Town) -> None:
    with_unit(town)
    case, agent = town.filed(), town.visit("agent")
    page = agent.text("/desk/dispatch")
    assert case.case_no in page and 'data-testid="worklist"' in page and "待派遣 1" in plain(page)
    part = agent.text(f"/cases/{case.case_no}/part")
    assert f'data-unit="{town.units["unit"].id}"' in part and "本网格同类 1/1 件" in plain(part)
    answer = agent.client.post(
        f"/cases/{case.case_no}/dispatch",
        data={
            "csrf": agent.csrf,
            "order": str(uuid7()),
            "version": "0",
            "department": str(town.units["unit"].id),
        },
        headers={"Accept": "application/json"},
    )
    assert answer.json["state"] == "dispatched"
    rows = agent.text("/desk/dispatch?part=rows")
    assert "<html" not in rows and "没有待派遣的案卷" in rows and case.case_no not in rows


def test_a_department_sees_its_own_and_those_below_and_nobody_elses(town: Town) -> None:
    own, below, other = with_unit(town), with_unit(town, "section"), with_unit(town, "other")
    page = town.visit("department").text("/desk/department")
    assert own.case_no in page and below.case_no in page and other.case_no not in page
    section = town.visit("department").text(f"/desk/department?unit={town.units['section'].id}")
    assert below.case_no in section and own.case_no not in section
    # A department that one has no say over is no choice: one's own are shown.
    assert other.case_no not in town.visit("department").text(
        f"/desk/department?unit={town.units['other'].id}"
    )
    boss = town.visit("supervisor")
    assert all(one.case_no in boss.text("/desk/department") for one in (own, below, other))
    assert own.case_no not in boss.text(f"/desk/department?unit={town.units['other'].id}")


def test_a_confidential_case_is_not_on_an_agents_desk(town: Town) -> None:
    case = town.filed()
    with town.store.work() as work:
        work.session.get_one(Case, case.id).confidential = True
    assert case.case_no not in town.visit("agent").text("/desk/dispatch")
    assert case.case_no in town.visit("supervisor").text("/desk/dispatch")


@pytest.mark.parametrize("pile", ["asked", "jokes"])
def test_a_pile_that_one_has_no_right_to_is_not_there(town: Town, pile: str) -> None:
    case = town.filed()
    page = town.visit("agent").text(f"/desk/dispatch?pile={pile}")
    assert case.case_no in page and 'data-testid="pile-asked"' not in page
    assert 'data-testid="pile-asked"' in town.visit("supervisor").text("/desk/dispatch")


def test_a_department_begins_at_its_desk(town: Town) -> None:
    assert town.visit("department").get("/").location == "/desk/department"
