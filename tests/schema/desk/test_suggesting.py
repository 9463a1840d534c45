"""Units suggested for a case: by the rule book, by what its cell had, and never one that is closed."""

import json

from schema.desk.cases import dispatch_case, send_back_case
from schema.desk.rulechanges import change_rulebook
from schema.desk.suggesting import suggested_units
from schema.ids import CaseId
from schema.orders import ChangeRulebook, DispatchCase, SendBackCase
from schema.people import Department
from schema.rules.suggesting import Suggested
from tests.schema.desk.casework import Office
from tests.schema.desk.everything import carry, to_unit


def suggested(desk: Office, case: object) -> list[Suggested]:
    with desk.store.read() as session:
        return suggested_units(session, case)  # type: ignore[arg-type]


def owned(desk: Office, code: str) -> None:
    """Category 02 is the department's with this code."""
    row = {"code": "02", "names": {"zh": "路灯"}, "department": code}
    with desk.store.work() as work:
        body = json.dumps({"rows": [row]})
        change_rulebook(work, ChangeRulebook(by=desk.admin, name="categories", body=body, version=0))


def test_the_unit_of_the_category_and_those_that_had_such_cases_here(desk: Office) -> None:
    with desk.store.read() as session:
        code = session.get_one(Department, desk.other).code
    owned(desk, code)
    to_unit(desk, category="02")
    to_unit(desk)
    other_matter = to_unit(desk, kind="suggestion")
    case = desk.case(category="02")
    found = suggested(desk, case)
    assert [one.unit for one in found] == [desk.other, desk.unit]
    assert [(reason.why, reason.count, reason.of) for one in found for reason in one.reasons] == [
        ("owns", 0, 0),
        ("here", 1, 1),
    ]
    plain = suggested(desk, desk.case())
    assert [(one.unit, one.reasons[0].count) for one in plain] == [(desk.unit, 2)], other_matter.kind


def test_a_unit_that_sent_it_back_is_marked_and_a_closed_one_is_gone(desk: Office) -> None:
    case = to_unit(desk)
    carry(desk, send_back_case, SendBackCase(by=desk.supervisor, case=CaseId(case.id), reason="不归我们"))
    carry(desk, dispatch_case, DispatchCase(by=desk.agent, case=CaseId(desk.case().id), department=desk.unit))
    (one,) = suggested(desk, desk.look(case.id))
    assert [reason.why for reason in one.reasons] == ["here", "returned"]
    with desk.store.work() as work:
        work.session.get_one(Department, desk.unit).closed_at = work.now
    assert suggested(desk, desk.look(case.id)) == []
