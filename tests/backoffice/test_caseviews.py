"""Saved views: one's own, those for everybody, the one a list begins with; thrown away and taken back."""

import re

from schema.ids import uuid7
from schema.views import SavedView
from tests.backoffice.conftest import Town, Visit
from tests.conftest import store_url  # noqa: F401 (on both databases)


def save(visit: Visit, name: str, query: str, **more: str) -> str:
    order = str(uuid7())
    answer = visit.post("/cases/views", {"order": order, "name": name, "query": query, **more})
    assert answer.status_code == 303 and answer.location == f"/cases?{query}"
    return order


def shown(visit: Visit) -> list[str]:
    return re.findall(r'data-testid="view"><bdi>([^<]*)</bdi>', visit.text("/cases?all=1"))


def test_a_view_is_its_owners_and_a_shared_one_everybodys(town: Town) -> None:
    agent, boss = town.visit("agent"), town.visit("supervisor")
    save(agent, "<i>路灯", "q=x&state=filed")
    save(boss, "超时", "light=over", shared="yes")
    save(boss, "自己的", "kind=service")
    assert shown(agent) == ["&lt;i&gt;路灯", "超时"] and shown(boss) == ["自己的", "超时"]
    assert (
        agent.post(
            "/cases/views", {"order": str(uuid7()), "name": "a", "query": "", "shared": "yes"}
        ).status_code
        == 403
    )


def test_the_same_order_saves_once_and_only_what_a_list_understands(town: Town) -> None:
    agent = town.visit("agent")
    form = {"order": str(uuid7()), "name": "一", "query": "state=filed&next=//evil&at=a.1.0&state=x"}
    assert {agent.post("/cases/views", form).location for _ in range(2)} == {"/cases?state=filed"}
    assert shown(agent) == ["一"]


def test_a_view_is_renamed_thrown_away_and_taken_back_by_its_owner_alone(town: Town) -> None:
    agent, boss = town.visit("agent"), town.visit("supervisor")
    view = save(boss, "一", "state=filed", shared="yes")

    def change(visit: Visit, what: str, **more: str) -> int:
        return int(visit.post(f"/cases/views/{view}/{what}", {"order": str(uuid7()), **more}).status_code)

    assert change(boss, "rename", name="二") == 303 and shown(agent) == ["二"]
    for what in ("rename", "drop", "restore"):
        assert change(agent, what, name="x") == 404
    assert change(boss, "rename", name=" ") == 400 and change(boss, "steal") == 404
    assert change(boss, "drop") == 303 and shown(agent) == []
    assert f"/cases/views/{view}/restore" in boss.text(f"/cases?all=1&dropped={view}")
    assert change(boss, "restore") == 303 and shown(agent) == ["二"]


def test_a_list_begins_with_the_view_that_was_chosen_as_long_as_it_is_there(town: Town) -> None:
    agent, boss = town.visit("agent"), town.visit("supervisor")
    assert agent.get("/cases").status_code == 200
    view = save(boss, "一", "state=filed", shared="yes")
    own = save(boss, "二", "state=closed")
    begin = {"order": str(uuid7())}
    assert agent.post(f"/cases/views/{own}/begin", begin).status_code == 404
    assert agent.post(f"/cases/views/{view}/begin", begin).status_code == 303
    assert agent.get("/cases").location == "/cases?state=filed" and boss.get("/cases").status_code == 200
    assert "★" in agent.text("/cases?all=1")
    boss.post(f"/cases/views/{view}/drop", begin)
    assert agent.get("/cases").status_code == 200
    boss.post(f"/cases/views/{view}/restore", begin)
    agent.post(f"/cases/views/{view}/begin-not", begin)
    assert agent.get("/cases").status_code == 200


def test_a_view_needs_a_name_and_there_is_an_end_of_them(town: Town) -> None:
    agent = town.visit("agent")
    assert agent.post("/cases/views", {"order": str(uuid7()), "name": "", "query": ""}).status_code == 400
    assert agent.post("/cases/views", {"order": "x", "name": "a", "query": ""}).status_code == 400
    with town.store.work() as work:
        for _ in range(50):
            work.session.add(
                SavedView(id=uuid7(), owner=town.users["agent"].id, name="v", query="", made_at=work.now)
            )
    assert agent.post("/cases/views", {"order": str(uuid7()), "name": "a", "query": ""}).status_code == 400
