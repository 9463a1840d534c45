"""A case is followed and marked hot from its page; who may not is refused, and what is hidden stays so."""

from schema.cases import Case
from schema.ids import uuid7
from tests.backoffice.conftest import Town, plain


def test_a_leader_follows_a_case_and_sees_it_in_the_list_and_on_its_page(town: Town) -> None:
    case, leader = town.filed(), town.visit("leader")
    assert "data-follow" in leader.text(f"/cases/{case.case_no}")
    form = {"order": str(uuid7()), "on": "yes"}
    for _ in range(2):
        assert leader.post(f"/cases/{case.case_no}/follow", form).location == f"/cases/{case.case_no}"
    assert "已关注" in plain(leader.text(f"/cases/{case.case_no}"))
    assert "data-followed" in leader.text("/cases") and "data-followed" not in town.visit("supervisor").text(
        "/cases"
    )
    answer = leader.client.post(
        f"/cases/{case.case_no}/follow",
        data={"csrf": leader.csrf, "on": "no", "order": str(uuid7())},
        headers={"Accept": "application/json"},
    )
    assert answer.json == {"case_no": case.case_no, "on": False}
    assert "data-followed" not in leader.text("/cases")


def test_a_hot_case_says_so_with_what_speaks_for_it(town: Town) -> None:
    case, leader = town.filed(), town.visit("leader")
    answer = leader.post(f"/cases/{case.case_no}/hot", {"text": "群众关心", "next": "/cases"})
    assert answer.location == "/cases"
    html = leader.text(f"/cases/{case.case_no}")
    assert 'data-testid="case-hot"' in html and "人工标记（5 分）" in plain(html) and "群众关心" in html
    leader.post(f"/cases/{case.case_no}/hot", {"on": "no", "next": "//elsewhere.example"})
    assert 'data-testid="case-hot"' not in leader.text(f"/cases/{case.case_no}")


def test_who_may_not_does_not(town: Town) -> None:
    case, agent = town.filed(), town.visit("agent")
    assert "data-follow" not in agent.text(f"/cases/{case.case_no}").replace("data-follows", "")
    for what in ("follow", "hot"):
        assert agent.post(f"/cases/{case.case_no}/{what}", {}).status_code == 403
    assert town.visit("leader").post(f"/cases/{uuid7()}/follow", {}).status_code == 404
    with town.store.work() as work:
        work.session.get_one(Case, case.id).confidential = True
    assert agent.get(f"/cases/{case.case_no}").status_code == 404
