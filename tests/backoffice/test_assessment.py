"""The pages of the assessment: scores, what they come of, the cases behind a count, and who may see which."""

import re
from typing import Any

from sqlalchemy import select

from schema.assessment import GivenPoints
from schema.cases import Case
from schema.desk.cases import dispatch_case, handle_case
from schema.ids import CaseId, uuid7
from schema.orders import DispatchCase, HandleCase
from schema.people import AuditRow
from tests.backoffice.conftest import Town, plain
from tests.conftest import store_url  # noqa: F401 (on both databases)


def handled(town: Town, **changes: Any) -> Case:
    """A case that the unit handled."""
    case: Case = town.filed(**changes)
    boss, id = town.users["supervisor"].id, CaseId(case.id)
    with town.store.work() as work:
        dispatch_case(work, DispatchCase(by=boss, case=id, department=town.units["unit"].id))
    with town.store.work() as work:
        handle_case(work, HandleCase(by=boss, case=id, text="已修好"))
    return case


def unit(town: Town, name: str = "unit") -> str:
    return f"/assessment/department/{town.units[name].id}"


def audited(town: Town) -> list[tuple[str, str]]:
    with town.store.read() as session:
        rows = session.scalars(
            select(AuditRow).where(AuditRow.what.like("assessment.%")).order_by(AuditRow.id)
        )
        return [(row.what, row.subject) for row in rows]


def test_a_score_opens_into_its_items_and_each_count_into_its_cases(town: Town) -> None:
    case, boss = handled(town), town.visit("supervisor")
    html = boss.text("/assessment")
    assert "路灯处" in html and 'data-grade="A"' in html
    text = plain(boss.text(unit(town)))
    assert "按期处理 1 / 处理 1" in text and "= 1.000" in text and "无可计案卷" in text
    page = boss.text(f"{unit(town)}/handled?period=2026-11")
    assert case.case_no in page and re.search(r'data-testid="assessment-count">1<', page)
    assert "没有对应的案卷" in boss.text(f"{unit(town)}/handled?period=2026-10")


def test_a_confidential_case_is_counted_and_not_shown(town: Town) -> None:
    case = handled(town, confidential=True, by=town.users["supervisor"].id)
    assert case.case_no in town.visit("supervisor").text(f"{unit(town)}/handled")
    page = town.visit("admin").text(f"{unit(town)}/handled")
    assert case.case_no not in page and "其中 1 件您无权查看" in page


def test_a_department_sees_itself_and_nobody_beside_it(town: Town) -> None:
    handled(town)
    visit = town.visit("department")
    html = visit.text("/assessment")
    assert "路灯处" in html and "路灯一所" in html and "环卫处" not in html
    visit.text(f"{unit(town)}/received")
    for path in (unit(town, "other"), f"{unit(town, 'other')}/received"):
        assert visit.get(path).status_code == 403
    assert f"/assessment/person/{town.users['agent'].id}" not in visit.text("/assessment?about=person")


def test_everybody_sees_their_own(town: Town) -> None:
    case, agent = handled(town), town.visit("agent")
    assert "按时立案 1 / 立案 1" in plain(agent.text("/assessment/me"))
    assert case.case_no in agent.text("/assessment/me/filed")
    assert agent.get(f"/assessment/person/{town.users['clerk'].id}").status_code == 403
    assert "没有适用于此岗位的项目" in town.visit("expert").text("/assessment/me")
    assert audited(town) == []


def test_a_look_at_another_person_is_written_down(town: Town) -> None:
    id = town.users["agent"].id
    town.visit("supervisor").text(f"/assessment/person/{id}")
    assert audited(town) == [("assessment.look", str(id))]


def test_points_are_given_once_an_order_and_shown_with_who_gave_them(town: Town) -> None:
    leader = town.visit("leader")
    assert 'data-testid="give-cooperation"' in leader.text(unit(town))
    form = {
        "order": str(uuid7()),
        "period": "2026-11",
        "item": "cooperation",
        "points": "4.5",
        "remark": "<b>好</b>",
    }
    for _ in range(2):
        answer = leader.post(unit(town), form)
        assert answer.status_code == 303
    page = leader.text(answer.location)
    assert "&lt;b&gt;好&lt;/b&gt;" in page and "leader 某" in page and "4.5 / 5 = 90.0%" in plain(page)
    with town.store.read() as session:
        assert len(session.scalars(select(GivenPoints)).all()) == 1
    assert audited(town)[0][0] == "assessment.give"
    assert leader.post(unit(town), form | {"order": "", "points": "9"}).status_code == 400
    assert leader.post(unit(town), form | {"order": "", "points": "x"}).status_code == 400
    assert 'data-testid="give-' not in town.visit("admin").text(unit(town))


def test_a_period_that_is_none_shows_this_month_and_says_so(town: Town) -> None:
    boss = town.visit("supervisor")
    for query in ("period=2026-13", "from=2026-11-20&to=2026-11-01", "from=2026-11-20", "about=city"):
        answer = boss.get(f"/assessment?{query}")
        assert answer.status_code == 400 and "2026-11" in answer.get_data(as_text=True), query
    assert "2026-11-01..2026-11-24" in boss.text("/assessment?from=2026-11-01&to=2026-11-24")
    assert "period=2026-Q3" in boss.text("/assessment?period=2026-Q4")


def test_what_is_nobody_or_no_count_is_not_found(town: Town) -> None:
    boss = town.visit("supervisor")
    for path in (f"/assessment/city/{uuid7()}", "/assessment/department/x", f"/assessment/department/{uuid7()}",
                 f"{unit(town)}/jokes", f"{unit(town)}/filed", "/assessment/me/due"):  # fmt: skip
        assert boss.get(path).status_code == 404, path


def test_a_formula_is_tried_on_this_month_before_it_is_saved(town: Town) -> None:
    handled(town)
    admin = town.visit("admin")
    typed = {"about": "department", "formula": "handled / received", "better": "less", "most": 20}
    found = admin.post("/assessment/preview", json=typed).json
    assert found["rows"] == [["路灯处", "1 / 1", "1.000", "0.0"]] and found["period"] == "2026-11"
    fault = admin.post("/assessment/preview", json=typed | {"formula": "handled / sue"}).json
    assert fault["fault"] == "没有这个计数：sue" and fault["rows"] == []
    assert admin.post("/assessment/preview", json={"about": "city"}).status_code == 400
    assert admin.post("/assessment/preview", json=typed | {"most": "x"}).status_code == 200


def test_the_book_is_edited_with_its_counts_beside_it_and_faults_said_in_words(town: Town) -> None:
    admin = town.visit("admin")
    page = admin.text("/rules/assessment")
    assert "js/assessmentbook.js" in page and "closed_in_time" in page and "其中在时限内结案的" in page
    body = admin.get("/rules/assessment/0").json["body"]
    body["items"][0]["formula"] = "closed_in_time /"
    sent = {"order": str(uuid7()), "version": 0, "body": body, "why": ""}
    answer = admin.post("/rules/assessment", json=sent)
    assert answer.status_code == 400 and "公式写法有误" in answer.json["fields"]["items.1.formula"]
    body["items"][0]["formula"] = "1"
    assert admin.post("/rules/assessment", json=sent).json["version"] == 1
    assert "100.0" in admin.text("/assessment")
