"""A supervisor's orders: each with its right, a reason, and a row in the audit."""

from typing import Any

import pytest
from sqlalchemy import select

from schema.orders import (
    Barge,
    ForceHangUp,
    ForceLogOut,
    ForcePause,
    ForceReady,
    ForceTransfer,
    Listen,
    StopWatching,
    TakeOver,
    Whisper,
)
from schema.people import AuditRow
from schema.rules.access import RIGHTS, may
from tests.backoffice.api.conftest import CALL, Program, program, said
from tests.backoffice.conftest import Town

OVER_CALL = {
    "listen": (Listen, "watch.listen"), "whisper": (Whisper, "watch.whisper"), "barge": (Barge, "watch.barge"),
    "take-over": (TakeOver, "watch.takeover"), "stop-watching": (StopWatching, "watch.stop"),
    "force-hangup": (ForceHangUp, "seat.force-hangup"),
}  # fmt: skip
OVER_AGENT = {
    "force-pause": (ForcePause, "seat.force-pause"), "force-ready": (ForceReady, "seat.force-ready"),
    "force-logout": (ForceLogOut, "seat.force-logout"),
}  # fmt: skip
PATHS = {f"/calls/{CALL}/{verb}": found for verb, found in OVER_CALL.items()} | {
    f"/agents/by-number/101/{verb}": found for verb, found in OVER_AGENT.items()
}


def noted(town: Town) -> list[tuple[str, str, str, bool]]:
    with town.store.read() as session:
        return [(row.what, row.subject, row.reason, row.allowed) for row in session.scalars(select(AuditRow))]


@pytest.fixture
def boss(crm: Program) -> Program:
    crm.town.seen(
        v=2,
        seats={
            "101": {"state": "talking", "call": CALL, "watchers": [{"watcher": "102", "mode": "listen"}]},
            "102": {"state": "ready"},
        },
    )
    return crm


@pytest.mark.parametrize("path", PATHS)
def test_each_is_an_order_with_a_reason_in_the_audit(boss: Program, path: str) -> None:
    kind, right = PATHS[path]
    answer = boss.post(path, {"reason": " 投诉 "})
    assert answer.status_code == 202, answer.json
    (order,) = said(boss.town.store)
    assert type(order) is kind and (order.seat, order.reason) == ("101", "投诉")  # type: ignore[union-attr]
    assert getattr(order, "watcher", "102") == "102"
    assert getattr(order, "shown", True) is (kind is not Listen)
    assert noted(boss.town) == [(right, "101", f"投诉 [{boss.name}]", True)]


@pytest.mark.parametrize("path", PATHS)
def test_each_needs_its_own_right_and_a_refusal_is_written_down(boss: Program, path: str) -> None:
    _, right = PATHS[path]
    rights = [name for name in RIGHTS if name != right and may("supervisor", name)]
    client = program(boss.town, "supervisor", *rights)
    assert client.post(path, {"reason": "x"}).status_code == 403
    assert said(boss.town.store) == []
    assert noted(boss.town)[-1][0] == "refused" and right in noted(boss.town)[-1][2]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("body", "status"),
    [({}, 400), (None, 400), ({"reason": ""}, 400), ({"reason": "x" * 201}, 400), ({"reason": "a\r\nAction: X"}, 422),
     ({"reason": "\0"}, 422), ({"reason": "\ud800"}, 400), ({"reason": "  "}, 422)],
)  # fmt: skip
def test_without_a_reason_nothing_is_done(boss: Program, path: str, body: Any, status: int) -> None:
    answer = boss.post(path, body)
    assert answer.status_code == status
    assert said(boss.town.store) == []


def test_a_forced_transfer_says_where(boss: Program) -> None:
    answer = boss.post(f"/calls/{CALL}/force-transfer", {"reason": "x", "target": "queue:hotline"})
    assert answer.status_code == 202
    (order,) = said(boss.town.store)
    assert isinstance(order, ForceTransfer) and (order.seat, order.target) == ("101", "queue:hotline")
    assert noted(boss.town)[0][:2] == ("seat.force-transfer", "101 → queue:hotline")
    assert (
        boss.post(f"/calls/{CALL}/force-transfer", {"reason": "x", "target": "seat:101"}).status_code == 422
    )


@pytest.mark.parametrize(
    ("seats", "body", "code"),
    [
        ({"101": {"state": "talking", "call": CALL}}, {}, "no-own-seat"),
        ({"101": {"state": "talking", "call": CALL}, "102": {"state": "unreachable"}}, {}, "no-own-seat"),
        ({"102": {"state": "talking", "call": CALL}}, {}, "own-seat"),
        (
            {"101": {"state": "talking", "call": CALL}, "102": {"state": "ready"}},
            {"agent": "102"},
            "not-found",
        ),
        ({"102": {"state": "ready"}}, {}, "not-found"),
    ],
)
def test_what_cannot_be_is_refused_at_once(boss: Program, seats: Any, body: Any, code: str) -> None:
    boss.town.seen(v=3, seats=seats)
    assert boss.post(f"/calls/{CALL}/listen", {"reason": "x", **body}).json["code"] == code
    assert said(boss.town.store) == []


def test_who_does_not_watch_cannot_stop(boss: Program) -> None:
    boss.town.seen(v=3, seats={"101": {"state": "talking", "call": CALL}, "102": {"state": "ready"}})
    assert boss.post(f"/calls/{CALL}/stop-watching", {"reason": "x"}).json["code"] == "not-watching"


def test_a_program_without_a_seat_says_whose_ear_it_is(boss: Program) -> None:
    with boss.town.store.work() as work:
        work.session.get_one(type(boss.town.users["agent"]), boss.town.users["supervisor"].id).seat = None
    answer = boss.post(f"/calls/{CALL}/listen", {"reason": "x"})
    assert (answer.json["code"], answer.json["errors"][0]["field"]) == ("no-own-seat", "watcher")
    assert boss.post(f"/calls/{CALL}/listen", {"reason": "x", "watcher": "102"}).status_code == 202
