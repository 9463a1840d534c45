"""Conflicts, messages set aside and reports without a case on their pages."""

import re

from sqlalchemy import select

from backoffice.fieldwaiting import readable
from schema.cases import Draft
from schema.handsets import Report
from schema.people import AuditRow
from tests.backoffice.conftest import Town, plain
from tests.backoffice.street import in_the_street, reported, waits


def noted(town: Town) -> list[tuple[str, str]]:
    with town.store.read() as session:
        rows = session.scalars(select(AuditRow).where(AuditRow.what.like("field.%")).order_by(AuditRow.id))
        return [(row.what, row.reason) for row in rows]


def test_both_versions_stand_side_by_side_and_one_is_taken(town: Town) -> None:
    in_the_street(town.store, town.users["worker"].id)
    clerk = town.visit("clerk")
    assert "没有待处理的冲突" in clerk.text("/field/conflicts")
    waits(town.store)
    html = clerk.text("/field/conflicts")
    words = plain(html)
    assert words.index("井盖已围挡") < words.index("井盖缺失") and "井盖&lt;b&gt;丢了" in html
    edit, again = (re.findall(rf"/field/conflicts/{kind}/([^\"]+)", html)[0] for kind in ("edit", "reused"))
    assert clerk.post(f"/field/conflicts/edit/{edit}", {"take": "odd"}).status_code == 404
    assert clerk.post(f"/field/conflicts/edit/{edit}x", {"take": "now"}).status_code == 404
    answer = clerk.post(f"/field/conflicts/edit/{edit}", {"take": "other"})
    assert "已采用另一版本" in clerk.text(answer.location)
    assert clerk.post(f"/field/conflicts/edit/{edit}", {"take": "now"}).status_code == 409, (
        "settled the other way"
    )
    assert clerk.post(f"/field/conflicts/reused/{again}", {"take": "now"}).status_code == 303
    assert "没有待处理的冲突" in clerk.text("/field/conflicts")
    assert noted(town) == [("field.settle", "edit other"), ("field.settle", "reused now")]
    assert town.visit("admin").get("/field/conflicts").status_code == 403
    assert town.visit("agent").post(f"/field/reports/{edit}/file").status_code == 403


def test_what_was_set_aside_is_read_by_those_who_may_and_seen_to(town: Town) -> None:
    in_the_street(town.store, town.users["worker"].id)
    waits(town.store)
    supervisor, clerk = town.visit("supervisor"), town.visit("clerk")
    html = supervisor.text("/field/aside")
    assert "&lt;script&gt;" in html and "ValueError" in html and "字段有误" in html
    assert "&lt;script&gt;" not in clerk.text("/field/aside")
    key = re.findall(r"/field/aside/(\d+)", html)[0]
    assert "已处理" in clerk.text(clerk.post(f"/field/aside/{key}").location)
    assert "没有搁置的消息" in supervisor.text("/field/aside")
    assert [what for what, _ in noted(town)] == ["field.aside-see", "field.aside"]
    assert clerk.post("/field/aside/x").status_code == clerk.post("/field/aside/999").status_code == 404


def test_a_case_is_begun_with_what_a_report_says(town: Town) -> None:
    in_the_street(town.store, town.users["worker"].id)
    report = reported(town.store, lon=0.5, lat=0.25)
    clerk = town.visit("clerk")
    html = clerk.text("/field/reports")
    assert "井盖&lt;松动&gt;" in html and "0.25000, 0.50000" in html
    answer = clerk.post(f"/field/reports/{report}/file")
    with town.store.read() as session:
        row, draft = session.get_one(Report, report), session.scalars(select(Draft)).one()
        assert answer.location == f"/cases/new?contact={row.contact}" and draft.contact == row.contact
        assert (draft.body["text"], draft.body["channel"], draft.body["lat"]) == (
            "井盖<松动>",
            "handset",
            "0.25",
        )
    town.filed(contact=row.contact)
    assert "所有上报都已归入案卷" in clerk.text("/field/reports?before=odd")
    assert clerk.post("/field/reports/x/file").status_code == 404


def test_a_message_is_readable_whatever_it_is_made_of() -> None:
    assert readable(b"a\0\nb") == ("a\N{REPLACEMENT CHARACTER}\nb", False)
    assert readable(b"\xff\x00") == ("ff 00", False) and readable(b"x" * 3000)[1]
