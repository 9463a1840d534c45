"""The leader's page: the day's figures, what is hot and why, instructions with how they stand, what one follows."""

from datetime import timedelta

from schema.cases import Case
from schema.ids import uuid7
from schema.people import Post
from tests.backoffice.conftest import Town, plain
from tests.conftest import store_url  # noqa: F401 (on both databases)


def test_an_instruction_is_given_from_the_page_and_stands_there_until_it_is_answered(town: Town) -> None:
    case, leader, page = town.filed(), town.visit("leader"), "/leader"
    assert "没有热点案卷" in leader.text(page) and "没有待答复的批示" in leader.text(page)
    leader.post(f"/cases/{case.case_no}/hot", {"order": str(uuid7())})
    html = leader.text(page)
    assert "5 分" in plain(html) and f"/cases/{case.case_no}/instruct" in html
    assert f"/cases/{case.case_no}/instruct" not in town.visit("supervisor").text(page)
    form = {"order": str(uuid7()), "text": "今天之内解决", "answer_by": "2026-11-24T20:00"}
    assert leader.post(f"/cases/{case.case_no}/instruct", form).status_code == 303

    def stands() -> str:
        return leader.text(page).partition('data-stands="')[2].partition('"')[0]

    assert stands() == "given"
    town.visit("agent").text(f"/cases/{case.case_no}")
    assert stands() == "read", "nobody has the case: whoever may answer has read it"
    town.clock.now += timedelta(hours=4, minutes=1)
    leader = town.visit("leader")
    assert stands() == "late" and 'data-light="red"' in leader.text(page)
    town.visit("agent").post(f"/cases/{case.case_no}/answer", {"order": str(uuid7()), "text": "已经修好"})
    assert stands() == "answered-late" and "已经修好" in leader.text(page)
    town.clock.now += timedelta(days=8)
    leader = town.visit("leader")
    assert stands() == "", "an old answer is no news"


def test_what_one_follows_is_there_and_only_ones_own(town: Town) -> None:
    case, leader = town.filed(), town.visit("leader")
    leader.post(f"/cases/{case.case_no}/follow", {"order": str(uuid7()), "next": "/leader"})
    assert case.case_no in leader.text("/leader") and case.case_no not in town.visit("supervisor").text(
        "/leader"
    )


def test_who_sees_the_page_but_not_a_case_is_not_shown_it(town: Town) -> None:
    case, leader = town.filed(), town.visit("leader")
    leader.post(f"/cases/{case.case_no}/hot", {"order": str(uuid7())})
    with town.store.work() as work:
        work.session.get_one(Case, case.id).confidential = True
    assert case.case_no in leader.text("/leader")
    with town.store.work() as work:
        work.session.merge(
            Post(
                name="leader", grants={"leader.see": "all", "case.read": "all"}, set_by=None, set_at=work.now
            )
        )
    leader = town.visit("leader")
    assert leader.get("/leader").status_code == 200 and case.case_no not in leader.text("/leader")
    assert case.case_no not in leader.text("/brief/2026-11-24")
