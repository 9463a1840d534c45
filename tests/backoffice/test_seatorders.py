"""What an agent orders at the own seat."""

from typing import Any

import pytest
from sqlalchemy import select

from backoffice.seatorders import ABOUT_CALL
from schema.ids import uuid7
from schema.orders import (
    CallOut,
    CancelConsult,
    CloseSeat,
    CompleteTransfer,
    Conference,
    Consult,
    ExtendWrapUp,
    HangUpSeat,
    Hold,
    MakeReady,
    Order,
    Pause,
    PickCaller,
    RecoverCall,
    Resume,
    SeatOrder,
    SendDigits,
    Swap,
    Transfer,
)
from schema.people import AuditRow
from schema.rules import access
from tests.backoffice.conftest import Town
from tests.backoffice.test_seat import orders

CALL = "01960000-0000-7000-8000-000000000001"
KINDS: dict[str, tuple[type[Order], dict[str, Any]]] = {
    "ready": (MakeReady, {}), "pause": (Pause, {"reason": "rest"}), "hangup": (HangUpSeat, {}),
    "close": (CloseSeat, {}), "extend": (ExtendWrapUp, {"seconds": 90}), "hold": (Hold, {}), "resume": (Resume, {}),
    "transfer": (Transfer, {"target": "queue:hotline"}), "consult": (Consult, {"target": "seat:103"}),
    "swap": (Swap, {}), "complete": (CompleteTransfer, {}), "cancel": (CancelConsult, {}),
    "conference": (Conference, {}), "digits": (SendDigits, {"digits": "12#*"}), "recover": (RecoverCall, {}),
    "callout": (CallOut, {"target": "number:110"}), "pick": (PickCaller, {"call": CALL}),
}  # fmt: skip


@pytest.fixture
def floor(town: Town) -> Town:
    town.seen(seats={"101": {"state": "talking"}})
    return town


def ask(town: Town, verb: str, post: str = "agent", **asked: Any) -> Any:
    return town.visit(post).post(f"/api/seat/{verb}", json=asked)


def noted(town: Town) -> list[tuple[str, str, bool]]:
    with town.store.read() as session:
        return [(row.what, row.subject, row.allowed) for row in session.scalars(select(AuditRow))]


@pytest.mark.parametrize("verb", KINDS)
def test_a_button_is_an_order_about_ones_own_seat(floor: Town, verb: str) -> None:
    kind, asked = KINDS[verb]
    answer = ask(floor, verb, "supervisor", **{"target": "seat:103", **asked, "seat": "101"})
    assert answer.status_code == 200
    (order,) = orders(floor)
    assert type(order) is kind and str(order.order) == answer.json["order"]
    assert (getattr(order, "seat", ""), order.by) == ("102", floor.users["supervisor"].id)
    assert {key: str(getattr(order, key)) for key in asked} == {k: str(v) for k, v in asked.items()}


@pytest.mark.parametrize("verb", KINDS)
def test_sent_again_it_is_one_order(floor: Town, verb: str) -> None:
    named = str(uuid7())
    answers = [ask(floor, verb, **KINDS[verb][1], order=named) for _ in range(3)]
    assert [(one.status_code, one.json["order"]) for one in answers] == [(200, named)] * 3
    assert [str(order.order) for order in orders(floor)] == [named]
    assert len(noted(floor)) == (verb in ("close", "callout", "transfer", "pick"))


@pytest.mark.parametrize("verb", KINDS)
def test_what_is_about_the_call_on_the_screen_says_which(floor: Town, verb: str) -> None:
    assert ask(floor, verb, **KINDS[verb][1], during=CALL).status_code == 200
    (order,) = orders(floor)
    assert isinstance(order, SeatOrder) and (str(order.during) == CALL) == (verb in ABOUT_CALL)


def test_an_orders_id_is_nobody_elses_order(floor: Town) -> None:
    named = str(uuid7())
    assert ask(floor, "hold", order=named).status_code == 200
    for post, verb in (("supervisor", "hold"), ("agent", "resume")):
        answer = ask(floor, verb, post, order=named)
        assert (answer.status_code, answer.json["error"], answer.json["field"]) == (
            409,
            "other-order",
            "order",
        )
    assert len(orders(floor)) == 1


@pytest.mark.parametrize(
    ("verb", "asked", "field", "code"),
    [
        ("pause", {}, "reason", "bad-field"),
        ("pause", {"reason": "because"}, "reason", "bad-field"),
        ("pause", {"reason": ["rest"]}, "reason", "bad-field"),
        ("extend", {"seconds": 0}, "seconds", "bad-field"),
        ("extend", {"seconds": 601}, "seconds", "bad-field"),
        ("extend", {"seconds": True}, "seconds", "bad-field"),
        ("extend", {"seconds": "60"}, "seconds", "bad-field"),
        ("transfer", {}, "target", "bad-target"),
        ("transfer", {"target": "102"}, "target", "bad-target"),
        ("transfer", {"target": "seat:101"}, "target", "own-seat"),
        ("transfer", {"target": "number:12345"}, "target", "own-hotline"),
        ("consult", {"target": "queue:hotline"}, "target", "wrong-kind"),
        ("consult", {"target": "number:1\r\nAction: Originate"}, "target", "bad-number"),
        ("callout", {"target": "queue:hotline"}, "target", "wrong-kind"),
        ("callout", {"target": "number:0571 12345"}, "target", "own-hotline"),
        ("callout", {"target": "number:110", "case": "x"}, "case", "bad-field"),
        ("callout", {"target": "number:110", "case": CALL}, "case", "bad-field"),
        ("pick", {}, "call", "bad-field"),
        ("pick", {"call": 7}, "call", "bad-field"),
        ("digits", {}, "digits", "bad-field"),
        ("digits", {"digits": "1" * 33}, "digits", "bad-field"),
        ("digits", {"digits": "1\n"}, "digits", "bad-field"),
        ("hold", {"during": "x"}, "during", "bad-field"),
        ("hold", {"order": "x"}, "order", "bad-field"),
        ("hold", {"order": "3f0c7a52-98a1-4b5e-8d3a-7a5f3e0a9d11"}, "order", "bad-field"),
    ],
)
def test_what_is_wrong_is_told_by_field_and_in_words(
    floor: Town, verb: str, asked: dict[str, Any], field: str, code: str
) -> None:
    answer = ask(floor, verb, **asked)
    assert (answer.status_code, answer.json["field"], answer.json["error"]) == (400, field, code)
    assert answer.json["text"] and not answer.json["text"].startswith("seat.")
    assert orders(floor) == []


def test_a_body_that_is_no_object_asks_for_nothing_more(floor: Town) -> None:
    answer = floor.visit("agent").post("/api/seat/pause", json=["rest"])
    assert (answer.status_code, answer.json["field"]) == (400, "reason")


def test_a_call_about_a_case_is_of_its_contact(floor: Town) -> None:
    case = floor.filed()
    assert ask(floor, "callout", target="number:139 0000 0001", case=str(case.id)).status_code == 200
    order = orders(floor)[-1]
    assert isinstance(order, CallOut)
    assert (order.case, order.contact, order.target) == (case.id, case.contact, "number:13900000001")


@pytest.mark.parametrize("verb", KINDS)
def test_while_the_telephone_room_is_away_nothing_about_this_moment_is_ordered(town: Town, verb: str) -> None:
    answer = ask(town, verb, **KINDS[verb][1])
    if verb in ("ready", "pause", "hangup", "close"):
        assert answer.status_code == 200 and len(orders(town)) == 1
    else:
        assert (answer.status_code, answer.json["error"], orders(town)) == (409, "no-connection", [])


@pytest.mark.parametrize(
    ("right", "verb", "asked"),
    [
        ("call.transfer", "transfer", {"target": "seat:102"}),
        ("call.transfer-outside", "transfer", {"target": "number:110"}),
        ("call.transfer-outside", "consult", {"target": "number:110"}),
        ("call.consult", "consult", {"target": "seat:102"}),
        ("call.out", "callout", {"target": "number:110"}),
        ("call.pick", "pick", {"call": CALL}),
        ("call.digits", "digits", {"digits": "1"}),
    ],
)
def test_each_needs_its_right_and_a_refusal_is_written_down(
    floor: Town, monkeypatch: pytest.MonkeyPatch, right: str, verb: str, asked: dict[str, Any]
) -> None:
    monkeypatch.setitem(access.RIGHTS, right, frozenset({"supervisor"}))
    assert ask(floor, verb, **asked).status_code == 403
    assert orders(floor) == [] and noted(floor) == [("refused", f"seat {verb}", False)]
    assert ask(floor, verb, "supervisor", **{**asked, **({"target": "seat:103"} if verb != "pick" else {})})
    if right == "call.transfer-outside":
        assert ask(floor, "transfer", target="seat:102").status_code == 200


def test_an_unknown_button_is_no_order(floor: Town) -> None:
    assert ask(floor, "explode").status_code == 404
    assert orders(floor) == []


def test_one_without_a_seat_orders_nothing(floor: Town) -> None:
    with floor.store.work() as work:
        work.session.get_one(type(floor.users["agent"]), floor.users["agent"].id).seat = None
    assert ask(floor, "hold").status_code == 403
