"""Agents: found by id and number, logged in and out, ready and not."""

from typing import Any

import pytest

from backoffice.api.giving import secret_of
from backoffice.seat import digest_of
from schema.ids import as_id
from schema.orders import CloseSeat, ExtendWrapUp, MakeReady, OpenSeat, Pause, SkillSeat
from tests.backoffice.api.conftest import CALL, Program, program, said
from tests.backoffice.conftest import Town


def test_agents_are_shown_with_how_their_seats_stand(crm: Program) -> None:
    crm.town.seen(
        v=2,
        seats={
            "101": {"state": "talking", "call": CALL, "consult": {"target": "seat:102", "state": "ringing"}}
        },
    )
    first, second = crm.get("/agents").json["items"]
    assert (first["number"], first["state"], first["call"]) == ("101", "talking", CALL)
    assert first["consult"] == {"target": "seat:102", "state": "ringing"}
    assert (second["number"], second["state"], second["since"]) == ("102", "closed", None)
    assert crm.get(f"/agents/{first['id']}").json == crm.get("/agents/by-number/101").json == first
    assert crm.get("/agents/by-number/999").status_code == 404
    assert crm.get(f"/agents/{crm.town.users['clerk'].id}").status_code == 404


def test_log_in_opens_the_seat_for_a_telephone_whose_secret_only_the_program_can_know(crm: Program) -> None:
    answer = crm.post("/agents/by-number/101/login", {"telephone": "sip"}, key="shift")
    opens, skills = said(crm.town.store)
    assert isinstance(opens, OpenSeat) and isinstance(skills, SkillSeat)
    assert (opens.user, opens.by, opens.webrtc) == (
        crm.town.users["agent"].id,
        crm.town.users["supervisor"].id,
        False,
    )
    phone = answer.json["telephone"]
    assert opens.digest == digest_of("seat101", phone["secret"]) and phone["user"] == "seat101"
    assert phone["secret"] == secret_of(crm.secret, as_id(answer.json["id"])) and len(phone["secret"]) >= 32
    again = crm.post("/agents/by-number/101/login", {"telephone": "sip"}, key="shift")
    assert again.json["telephone"] == phone
    assert crm.get(f"/orders/{answer.json['id']}").json["telephone"] is None
    assert [topic for topic, _ in crm.town.shouts].count("seat") == 1


@pytest.mark.parametrize(
    ("path", "body", "kind", "more"),
    [
        ("logout", None, CloseSeat, {}),
        ("ready", None, MakeReady, {}),
        ("pause", {"reason": "rest"}, Pause, {"reason": "rest"}),
        ("wrap-up/extend", {"seconds": 90}, ExtendWrapUp, {"seconds": 90}),
        ("wrap-up/extend", None, ExtendWrapUp, {"seconds": 60}),
    ],
)
def test_each_is_an_order_at_the_agents_seat(
    crm: Program, path: str, body: Any, kind: type, more: dict[str, Any]
) -> None:
    answer = crm.post(f"/agents/by-number/101/{path}", body)
    assert answer.status_code == 202, answer.json
    (order,) = said(crm.town.store)
    assert type(order) is kind and order.seat == "101"  # type: ignore[union-attr]
    assert {key: getattr(order, key) for key in more} == more


def test_who_is_not_logged_in_is_not_made_ready(town: Town) -> None:
    town.seen()
    assert program(town).post("/agents/by-number/101/ready").json["code"] == "seat-closed"
    assert program(town).post("/agents/by-number/999/ready").status_code == 404
    assert program(town).post("/agents/by-number/999/login").status_code == 404


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("pause", {}, "reason"), ("pause", {"reason": "because"}, "reason"), ("pause", None, "reason"),
        ("wrap-up/extend", {"seconds": 0}, "seconds"), ("wrap-up/extend", {"seconds": 601}, "seconds"),
        ("wrap-up/extend", {"seconds": True}, "seconds"), ("wrap-up/extend", {"seconds": "60"}, "seconds"),
        ("login", {"telephone": "fax"}, "telephone"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(crm: Program, path: str, body: Any, field: str) -> None:
    answer = crm.post(f"/agents/by-number/101/{path}", body)
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (400, field)
    assert said(crm.town.store) == []


def test_a_token_without_on_behalf_works_at_its_own_seat_alone(crm: Program) -> None:
    agent = program(crm.town, "agent")
    assert agent.post("/agents/by-number/101/pause", {"reason": "rest"}).status_code == 202
    for path in ("ready", "login", "logout"):
        answer = agent.post(f"/agents/by-number/102/{path}")
        assert (answer.status_code, answer.json["code"]) == (403, "forbidden")
    assert len(said(crm.town.store)) == 1


def test_a_program_is_told_what_its_token_is(town: Town) -> None:
    client = program(town, "agent", "call.*")
    told = client.get("/me").json
    assert (told["token"], told["login"], told["agent"]) == (client.name, "agent", "101")
    assert set(told["rights"]) == {
        "call.transfer", "call.transfer-outside", "call.consult", "call.out", "call.pick", "call.digits",
        "call.block", "call.list",
    }  # fmt: skip
