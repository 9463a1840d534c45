"""The supervision desk: late cases with their lights, urged many at once; nobody sees what they may not."""

from datetime import timedelta

from sqlalchemy import select

from schema.cases import Case, CaseStep
from schema.ids import uuid7
from tests.backoffice.conftest import Town, plain
from tests.conftest import store_url  # noqa: F401 (on both databases)


def late(town: Town) -> Case:
    case = town.filed()
    assert case.due_at is not None
    town.clock.now = case.due_at + timedelta(hours=1)
    return case


def urgings(town: Town) -> int:
    with town.store.read() as session:
        return len(session.scalars(select(CaseStep).where(CaseStep.hop == "case.urged")).all())


def test_a_late_case_is_listed_with_its_light_and_urged_once_an_order(town: Town) -> None:
    case, boss = late(town), town.visit("supervisor")
    html = boss.text("/supervision")
    assert case.case_no in html and 'data-light="red"' in html and "已超时 1" in plain(html)
    assert "没有即将超时的案卷" in boss.text("/supervision?kind=soon")
    form = {"order": str(uuid7()), "id": [str(case.id), str(uuid7()), "x"], "kind": "over"}
    for _ in range(2):
        answer = boss.post("/supervision/urge", form)
        assert answer.status_code == 303
    assert urgings(town) == 1
    text = plain(boss.text(answer.location))
    assert "已催办 1 件。" in text and "2 件无法催办。" in text and "催办 1 次" in text


def test_a_confidential_case_is_not_for_everybody(town: Town) -> None:
    case = late(town)
    with town.store.work() as work:
        work.session.get_one(Case, case.id).confidential = True
    assert case.case_no in town.visit("supervisor").text("/supervision")
    answer = town.visit("agent").post("/supervision/urge", {"order": str(uuid7()), "id": str(case.id)})
    assert "done=0&refused=1" in answer.location and urgings(town) == 0


def test_an_open_order_whose_time_is_over_is_marked(town: Town) -> None:
    case, boss = late(town), town.visit("supervisor")
    until = (town.clock.now + timedelta(hours=1)).astimezone(town.store.zone).strftime("%Y-%m-%dT%H:%M")
    boss.post(f"/cases/{case.case_no}/supervise", {"order": str(uuid7()), "text": "快", "answer_by": until})
    assert "order-over" not in boss.text("/supervision?kind=ordered")
    town.clock.now += timedelta(hours=2)
    assert "order-over" in town.visit("supervisor").text("/supervision?kind=ordered")
