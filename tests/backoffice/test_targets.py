"""Whom a call can be sent to."""

from typing import Any

from schema.desk.people import add_user
from schema.people import Department
from tests.backoffice.conftest import Town


def asked(town: Town, post: str = "agent") -> dict[str, Any]:
    answer = town.visit(post).get("/api/targets")
    assert answer.status_code == 200
    return dict(answer.json)


def test_seats_come_with_their_live_state_and_without_ones_own(town: Town) -> None:
    with town.store.work() as work:
        add_user(work, login="wu", name="吴桐", post="agent", password="a-long-password", seat="103")
        add_user(
            work, login="gone", name="已离职", post="agent", password="a-long-password", seat="104"
        ).active = False
    town.seen(seats={"102": {"state": "ready", "name": "x"}})
    assert [(row["seat"], row["state"]) for row in asked(town)["seats"]] == [
        ("102", "ready"),
        ("103", "closed"),
    ]
    (wu,) = [row for row in asked(town)["seats"] if row["name"] == "吴桐"]
    assert "wutong" in wu["letters"] and "wt" in wu["letters"]
    assert [row["seat"] for row in asked(town, "supervisor")["seats"]] == ["101", "103"]


def test_experts_are_those_with_a_mobile(town: Town) -> None:
    assert asked(town)["experts"] == []
    with town.store.work() as work:
        work.session.add(unit := Department(code="SZ", name="市政设施管理处"))
        work.session.flush()
        add_user(
            work, login="zhou", name="周远", post="expert", password="a-long-password", mobile="13900139000",
            department=unit.id,
        )  # fmt: skip
    (expert,) = asked(town)["experts"]
    assert (expert["name"], expert["department"], expert["number"]) == (
        "周远",
        "市政设施管理处",
        "13900139000",
    )
    assert "zhouyuan" in expert["letters"]


def test_queues_have_the_names_of_their_services(town: Town) -> None:
    (queue,) = asked(town)["queues"]
    assert (queue["name"], queue["label"]) == ("hotline", "市民热线")
    assert "shiminrexian" in queue["letters"]


def test_only_who_works_at_a_seat_is_told(town: Town) -> None:
    assert town.visit("clerk").get("/api/targets").status_code == 403
