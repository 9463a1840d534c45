"""The department tree: it grows, is moved without circles, and is cut only where nothing hangs."""

import threading
from typing import Any

import pytest

from schema.desk.departments import add_department, close_department, move_department, rename_department, tree
from schema.desk.errors import Refused
from schema.desk.responsible import open_departments
from schema.desk.scope import departments_below
from schema.ids import uuid7
from schema.orders import AddDepartment, CloseDepartment, MoveDepartment, RenameDepartment
from schema.people import Department, User
from tests.schema.desk.casework import Office
from tests.schema.desk.everything import carry, to_unit


def refused(desk: Office, function: Any, order: Any) -> tuple[str, str]:
    with pytest.raises(Refused) as caught:
        carry(desk, function, order)
    return caught.value.code, caught.value.field


def shape(desk: Office) -> list[tuple[str, int, int]]:
    with desk.store.read() as session:
        return [(one.department.code, one.depth, one.people) for one in tree(session)]


def test_a_department_is_added_below_another_once(desk: Office) -> None:
    order = AddDepartment(by=desk.admin, code="lamps", name=" 路灯  一所 ", parent=desk.section)
    row = carry(desk, add_department, order)
    assert carry(desk, add_department, order).id == row.id and row.name == "路灯 一所"
    assert shape(desk) == [("other", 0, 0), ("unit", 0, 1), ("section", 1, 0), ("lamps", 2, 0)]


@pytest.mark.parametrize(
    ("changes", "field"), [({"code": ""}, "unit_code"), ({"code": "UNIT"}, "unit_code"), ({"code": "a b"}, "unit_code"),
                           ({"name": ""}, "name"), ({"name": "x" * 101}, "name"), ({"parent": uuid7()}, "parent")],
)  # fmt: skip
def test_what_is_wrong_with_a_department_is_named(desk: Office, changes: dict[str, Any], field: str) -> None:
    order = AddDepartment(**{"by": desk.admin, "code": "new", "name": "新", "parent": None} | changes)
    assert refused(desk, add_department, order) == ("bad-field", field)


def test_a_department_is_renamed_and_moved_with_all_below_it(desk: Office) -> None:
    carry(desk, rename_department, RenameDepartment(by=desk.admin, department=desk.section, name="照明所"))
    carry(desk, move_department, MoveDepartment(by=desk.admin, department=desk.unit, parent=desk.other))
    assert shape(desk) == [("other", 0, 0), ("unit", 1, 1), ("section", 2, 0)]
    with desk.store.read() as session:
        assert departments_below(session, desk.other) == {desk.other, desk.unit, desk.section}
        assert session.get_one(Department, desk.section).name == "照明所"
    carry(desk, move_department, MoveDepartment(by=desk.admin, department=desk.unit))
    assert shape(desk)[1] == ("unit", 0, 1)


def test_a_department_is_never_below_itself(desk: Office) -> None:
    for parent in (desk.unit, desk.section):
        order = MoveDepartment(by=desk.admin, department=desk.unit, parent=parent)
        assert refused(desk, move_department, order) == ("bad-field", "parent")


def test_of_two_moves_at_once_that_would_make_a_circle_one_is_refused(desk: Office) -> None:
    barrier, outcomes = threading.Barrier(2), []

    def put(department: Any, parent: Any) -> None:
        barrier.wait()
        try:
            carry(desk, move_department, MoveDepartment(by=desk.admin, department=department, parent=parent))
            outcomes.append("done")
        except Refused as error:
            outcomes.append(error.field)

    pair = [(desk.unit, desk.other), (desk.other, desk.unit)]
    threads = [threading.Thread(target=put, args=two) for two in pair]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "parent"] and len(shape(desk)) == 3


def test_only_an_empty_department_is_closed_and_then_takes_nothing(desk: Office) -> None:
    close = CloseDepartment(by=desk.admin, department=desk.unit)
    assert refused(desk, close_department, close) == ("wrong-state", "department")  # somebody works there
    with desk.store.work() as work:
        work.session.get_one(User, desk.department).department = desk.other
    assert refused(desk, close_department, close) == ("wrong-state", "department")  # one is below it
    to_unit(desk)
    carry(desk, close_department, CloseDepartment(by=desk.admin, department=desk.section))
    assert refused(desk, close_department, close) == ("wrong-state", "department")  # it has an open case
    assert [code for code, _, _ in shape(desk)] == ["other", "unit"]
    with desk.store.read() as session:
        assert [row.code for row in open_departments(session)] == ["other", "unit"]
    closed = RenameDepartment(by=desk.admin, department=desk.section, name="x")
    assert refused(desk, rename_department, closed)[0] == "not-found"


def test_only_who_may_administer_changes_the_tree(desk: Office) -> None:
    for by in (desk.supervisor, desk.department, desk.leader):
        order = MoveDepartment(by=by, department=desk.section)
        assert refused(desk, move_department, order)[0] == "not-allowed"
