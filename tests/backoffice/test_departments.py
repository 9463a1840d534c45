"""The department tree on its page."""

import re

from sqlalchemy import select

from schema.ids import uuid7
from schema.people import AuditRow, Department
from tests.backoffice.conftest import Town


def shape(html: str) -> list[tuple[str, str]]:
    return re.findall(r'data-depth="(\d)" data-code="([^"]+)"', html)


def test_the_tree_grows_is_moved_and_cut(town: Town) -> None:
    admin = town.visit("admin")
    assert shape(admin.text("/departments")) == [("0", "other"), ("0", "unit"), ("1", "section")]
    section = town.units["section"].id
    assert (
        admin.post("/departments", {"code": "lamps", "name": "路灯二所", "parent": str(section)}).status_code
        == 303
    )
    with town.store.read() as session:
        lamps = session.scalars(select(Department.id).where(Department.code == "lamps")).one()
    assert admin.post(f"/departments/{lamps}/rename", {"name": "照明所"}).status_code == 303
    assert admin.post(f"/departments/{lamps}/move", {"parent": ""}).status_code == 303
    html = admin.text("/departments")
    assert "照明所" in html and shape(html)[0] == ("0", "lamps")
    assert admin.post(f"/departments/{lamps}/close").status_code == 303
    assert "照明所" not in admin.text("/departments")
    with town.store.read() as session:
        rows = session.scalars(
            select(AuditRow).where(AuditRow.what.like("department.%")).order_by(AuditRow.id)
        )
        assert [(row.what, row.subject) for row in rows] == [
            ("department.add", "lamps 路灯二所"), ("department.rename", "lamps 照明所"),
            ("department.move", "lamps 照明所"), ("department.close", "lamps 照明所"),
        ]  # fmt: skip


def test_what_cannot_be_done_is_said_on_the_page(town: Town) -> None:
    admin, unit, section = town.visit("admin"), town.units["unit"].id, town.units["section"].id
    for path, typed, status, words in (
        ("/departments", {"code": "unit", "name": "x"}, 400, "编码无效或已存在"),
        ("/departments", {"code": "x", "name": "x", "parent": "x"}, 400, "不能移到"),
        (f"/departments/{unit}/move", {"parent": str(section)}, 400, "不能移到自身"),
        (f"/departments/{unit}/close", {}, 409, "不能撤销"),
        (f"/departments/{unit}/rename", {"name": ""}, 400, "没有用过的名称"),
    ):  # fmt: skip
        answer = admin.post(path, typed)
        assert (answer.status_code, words in answer.get_data(as_text=True)) == (status, True), path
    for path in (f"/departments/{uuid7()}/close", "/departments/x/close", f"/departments/{unit}/paint"):
        assert admin.post(path).status_code == 404
