"""What a supervisor orders over another's seat."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from backoffice import giving, watch
from backoffice.office import Office
from conf.settings import Watch
from schema.ids import uuid7
from schema.orders import (
    Barge,
    ForceHangUp,
    ForceLogOut,
    ForcePause,
    ForceReady,
    ForceTransfer,
    Listen,
    Order,
    StopWatching,
    TakeOver,
    Whisper,
)
from schema.people import AuditRow
from tests.backoffice.conftest import Town
from tests.backoffice.test_seat import orders

ASK = {"reason": "to help", "target": "seat:103"}
KINDS = {
    "listen": Listen, "whisper": Whisper, "barge": Barge, "stop": StopWatching, "takeover": TakeOver,
    "hangup": ForceHangUp, "transfer": ForceTransfer, "pause": ForcePause, "ready": ForceReady, "logout": ForceLogOut,
}  # fmt: skip
TALKING = {"state": "talking", "watchers": [{"watcher": "102", "mode": "listen"}]}
OPEN = {"state": "paused", "watchers": []}


@pytest.fixture
def floor(town: Town) -> Town:
    town.seen(seats={"101": TALKING, "102": OPEN, "103": {"state": "ready"}})
    return town


def ask(town: Town, verb: str, seat: str = "101", post: str = "supervisor", **changes: Any) -> Any:
    return town.visit(post).post(f"/api/seats/{seat}/{verb}", json=ASK | changes)


def noted(town: Town, what: str) -> list[tuple[str, str, bool]]:
    with town.store.read() as session:
        rows = session.scalars(select(AuditRow).where(AuditRow.what == what)).all()
    return [(row.subject, row.reason, row.allowed) for row in rows]


@pytest.mark.parametrize(("verb", "kind"), KINDS.items())
def test_an_order_over_a_seat_is_given_with_its_reason_and_audited(
    floor: Town, verb: str, kind: type[Order]
) -> None:
    answer = ask(floor, verb)
    assert answer.status_code == 200
    (order,) = orders(floor)
    assert type(order) is kind and answer.json["order"] == str(order.order)
    assert (getattr(order, "seat", ""), getattr(order, "reason", "")) == ("101", "to help")
    assert getattr(order, "watcher", "102") == "102" and getattr(order, "target", "seat:103") == "seat:103"
    subject = "101 → seat:103" if verb == "transfer" else "101"
    assert noted(floor, watch.right_of(verb)) == [(subject, "to help", True)]


@pytest.mark.parametrize("reason", ["", "  ", "x" * 201, "a\r\nb", None, 7])
def test_without_a_reason_nothing_is_done(floor: Town, reason: object) -> None:
    answer = ask(floor, "listen", reason=reason)
    assert (answer.status_code, answer.json["field"], orders(floor)) == (400, "reason", [])
    assert "理由" in answer.json["text"] and noted(floor, "watch.listen") == []


def test_the_same_order_sent_again_is_given_once(floor: Town) -> None:
    named = str(uuid7())
    for _ in range(3):
        answer = ask(floor, "listen", order=named)
        assert (answer.status_code, answer.json["order"]) == (200, named)
    floor.seen(v=2, seats={})
    assert ask(floor, "listen", order=named).status_code == 200, "given before the seat closed"
    assert [str(order.order) for order in orders(floor)] == [named] and len(noted(floor, "watch.listen")) == 1
    other = ask(floor, "hangup", order=named)
    assert (other.status_code, other.json["error"], len(orders(floor))) == (409, "other-order", 1)


def test_the_same_order_sent_twice_at_once_is_given_once(floor: Town, monkeypatch: Any) -> None:
    named, looks = str(uuid7()), []
    given = giving.given

    def blind(order: Any) -> bool:
        looks.append(order)
        return len(looks) > 2 and given(order)  # both look before either has written

    for module in (giving, watch):
        monkeypatch.setattr(module, "given", blind)
    assert [ask(floor, "pause", order=named).status_code for _ in range(2)] == [200, 200]
    assert len(orders(floor)) == 1 and len(noted(floor, "seat.force-pause")) == 1


@pytest.mark.parametrize("named", ["x", 7, "3f0c7a52-98a1-4b5e-8d3a-7a5f3e0a9d11"])
def test_an_orders_id_is_a_uuid_version_7(floor: Town, named: object) -> None:
    answer = ask(floor, "pause", order=named)
    assert (answer.status_code, answer.json["field"], orders(floor)) == (400, "order", [])


@pytest.mark.parametrize(
    ("verb", "seats", "code"),
    [
        ("listen", {"101": TALKING}, "no-own-seat"),
        ("barge", {"101": TALKING, "102": {"state": "unreachable"}}, "no-own-seat"),
        ("listen", {"102": OPEN}, "seat-closed"),
        ("logout", {"102": OPEN}, "seat-closed"),
        ("whisper", {"101": {"state": "ready"}, "102": OPEN}, "no-call"),
        ("takeover", {"101": {"state": "wrapup"}, "102": OPEN}, "no-call"),
        ("hangup", {"101": {"state": "ringing"}}, "no-call"),
        ("transfer", {"101": {"state": "ready"}}, "no-call"),
        ("stop", {"101": {"state": "talking"}, "102": OPEN}, "not-watching"),
    ],
)
def test_what_cannot_be_is_refused_by_name(town: Town, verb: str, seats: dict[str, Any], code: str) -> None:
    town.seen(seats=seats)
    answer = ask(town, verb)
    assert (answer.status_code, answer.json["error"], orders(town)) == (409, code, [])
    assert not answer.json["text"].startswith("watch.") and noted(town, watch.right_of(verb)) == []


def test_without_a_connection_to_the_pbx_it_says_so(town: Town) -> None:
    for links in ({}, {"link": "down", "seats": {"101": TALKING}}):
        if links:
            town.seen(**links)
        answer = ask(town, "pause")
        assert (answer.status_code, answer.json["error"]) == (409, "no-connection") and "pbx1" in answer.json[
            "text"
        ]


@pytest.mark.parametrize("target", ["", "seat:101", "number:x", "queue:A", None])
def test_a_transfer_goes_to_somebody_else(floor: Town, target: object) -> None:
    answer = ask(floor, "transfer", target=target)
    assert (answer.status_code, answer.json["field"], orders(floor)) == (400, "target", [])


def test_whether_the_agent_is_told_is_a_setting(floor: Town) -> None:
    found: Office = floor.app.extensions["gridline"]
    for told in (True, False):
        settings = replace(
            found.settings, watch=Watch(listen_shown=told, whisper_shown=not told, barge_shown=told)
        )
        floor.app.extensions["gridline"] = replace(found, settings=settings)
        for verb in ("listen", "whisper", "barge", "takeover"):
            assert ask(floor, verb).status_code == 200
    shown = [order.shown for order in orders(floor) if isinstance(order, Listen | Whisper | Barge | TakeOver)]
    assert shown == [True, False, True, True, False, True, False, True]


def test_an_agent_may_not_and_nobody_watches_themselves(floor: Town) -> None:
    assert ask(floor, "listen", "103", post="agent").status_code == 403
    own = ask(floor, "listen", "102")
    assert (own.status_code, own.json["error"]) == (409, "own-seat")
    assert ask(floor, "explode").status_code == 404 and ask(floor, "listen", "x").status_code == 404
    assert orders(floor) == []


def test_each_verb_has_a_right_of_its_own(floor: Town, monkeypatch: Any) -> None:
    monkeypatch.setattr(watch, "may", lambda post, right: right != "watch.barge")
    assert (ask(floor, "barge").status_code, ask(floor, "listen").status_code) == (403, 200)
    assert noted(floor, "refused")[-1] == ("watch.barge 101", "watch.barge", False)
