"""Calls: found by what is asked, shown whole, and ordered about."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from schema.calls import CallStep, LegRow, QueueEntryRow, SegmentRow, TransferRow
from schema.desk.donotcall import block_number
from schema.ids import uuid7
from schema.orders import BlockNumber, CallOut, HangUpSeat, Hold, PickCaller, Resume, SendDigits, Transfer
from tests.backoffice.api.conftest import CALL, Program, program, said
from tests.backoffice.api.databases import both  # noqa: F401  (both databases)
from tests.backoffice.conftest import Town


def ids(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.json
    return [one["id"] for one in answer.json["items"]]


def walk(crm: Program, path: str) -> list[str]:
    """Every id, page by page."""
    found, cursor = [], None
    while True:
        answer = crm.get(f"{path}&cursor={cursor}" if cursor else path)
        found += ids(answer)
        cursor = answer.json["next"]
        if cursor is None:
            return found


def test_pages_leave_nothing_out_and_give_nothing_twice_while_calls_come_in(crm: Program) -> None:
    town = crm.town
    made = [
        (n // 3, str(town.call(entered_at=town.clock() + timedelta(seconds=n // 3)).id)) for n in range(20)
    ]
    newest = [id for _, id in sorted(made, reverse=True)]
    assert walk(crm, "/calls?limit=7") == newest
    first = crm.get("/calls?limit=7").json
    town.call(entered_at=town.clock() + timedelta(hours=1))
    second = crm.get(f"/calls?limit=7&cursor={first['next']}")
    assert ids(second) == newest[7:14]


def test_filters(crm: Program) -> None:
    town, now = crm.town, crm.town.clock()
    old = town.call(entered_at=now - timedelta(days=1), outcome="abandoned", queue="hotline", number="110")
    live = town.call(queue="tax", seat="101", stage="talking")
    colleague = town.call(outcome="answered", seat="102")
    with town.store.work() as work:
        work.session.add(
            LegRow(node="pbx1", leg="1", call=colleague.id, kind="seat", seat="101", started_at=now)
        )
    since = now.isoformat().replace("+", "%2B")
    assert set(ids(crm.get(f"/calls?since={since}"))) == {str(live.id), str(colleague.id)}
    assert ids(crm.get(f"/calls?until={since}")) == [str(old.id)]
    assert ids(crm.get("/calls?queue=tax")) == [str(live.id)]
    assert set(ids(crm.get("/calls?agent=101"))) == {str(live.id), str(colleague.id)}
    assert ids(crm.get("/calls?state=live")) == [str(live.id)]
    assert set(ids(crm.get("/calls?state=ended"))) == {str(old.id), str(colleague.id)}
    assert ids(crm.get("/calls?outcome=abandoned")) == ids(crm.get("/calls?number=110")) == [str(old.id)]
    assert ids(crm.get("/calls?since=0001-01-01T00:00:00%2B14:00&until=9999-12-31T23:59:59-12:00"))


def test_a_token_without_on_behalf_sees_its_own_agents_calls(town: Town) -> None:
    mine, other = town.call(seat="101"), town.call(seat="102")
    agent = program(town, "agent")
    assert ids(agent.get("/calls")) == [str(mine.id)]
    assert agent.get(f"/calls/{mine.id}").status_code == 200
    assert agent.get(f"/calls/{other.id}").status_code == 404
    assert agent.get(f"/calls/{other.id}/events").status_code == 404


def test_a_call_with_all_of_it(crm: Program) -> None:
    town, now = crm.town, crm.town.clock()
    row = town.call(id=UUID(CALL), contact=UUID(CALL), seat="101")
    with town.store.work() as work:
        work.session.add_all(
            [
                LegRow(node="pbx1", leg="1.2", call=row.id, kind="seat", seat="101", started_at=now),
                SegmentRow(
                    node="pbx1", leg="1.2", n=1, call=row.id, leg_kind="seat", seat="101", kind="talk",
                    others=["citizen:138", "seat:102"], started_at=now,
                ),
                QueueEntryRow(call=row.id, n=1, node="pbx1", queue="hotline", entered_at=now, result="answered"),
                TransferRow(call=row.id, at=now, seat="101", target="queue:tax", how="blind"),
                CallStep(contact=row.contact, call=row.id, key="a", hop="call.answered", at=now, seat="101"),
            ]
        )  # fmt: skip
    told = crm.get(f"/calls/{CALL}").json
    assert (told["legs"][0]["kind"], told["segments"][0]["others"]) == ("agent", ["citizen:138", "agent:102"])
    assert (told["queue_entries"][0]["result"], told["transfers"][0]["how"]) == ("answered", "blind")
    assert told["agents"] == [
        {"number": "101", "state": "talking", "since": "2026-11-24T08:00:00Z", "citizen": "talking",
         "conference": False, "consult": None}
    ]  # fmt: skip
    assert crm.get(f"/calls/{CALL}/events").json["items"] == [
        {"at": "2026-11-24T08:00:00Z", "what": "call.answered", "agent": "101", "detail": ""}
    ]


@pytest.mark.parametrize(
    ("path", "body", "kind", "more"),
    [
        ("hold/start", None, Hold, {}),
        ("hold/stop", {}, Resume, {}),
        ("hangup", {"agent": "101"}, HangUpSeat, {}),
        ("transfer", {"target": "queue:hotline"}, Transfer, {"target": "queue:hotline"}),
        ("digits", {"digits": "12#"}, SendDigits, {"digits": "12#"}),
    ],
)
def test_an_order_about_a_call_is_one_at_its_agent(
    crm: Program, path: str, body: Any, kind: type, more: dict[str, str]
) -> None:
    answer = crm.post(f"/calls/{CALL}/{path}", body)
    assert answer.status_code == 202, answer.json
    (order,) = said(crm.town.store)
    assert type(order) is kind and (order.seat, str(order.order)) == ("101", answer.json["id"])  # type: ignore[union-attr]
    assert {key: getattr(order, key) for key in more} == more
    assert answer.headers["Location"] == f"/api/v1/orders/{answer.json['id']}"
    told = crm.get(answer.headers["Location"].removeprefix("/api/v1")).json
    assert (told["state"], told["call"], told["name"]) == ("intent", CALL, kind.__name__)


def test_a_call_is_placed_for_an_agent_about_a_case(crm: Program) -> None:
    case = crm.town.filed()
    answer = crm.post("/calls", {"agent": "102", "target": "number:110", "case": str(case.id)})
    assert answer.status_code == 202 and answer.json["call"] == answer.json["id"]
    order = said(crm.town.store)[-1]
    assert isinstance(order, CallOut) and (order.seat, order.target, order.case) == (
        "102",
        "number:110",
        case.id,
    )


def test_a_number_that_nobody_calls_takes_a_reason(crm: Program) -> None:
    with crm.town.store.work() as work:
        blocked = BlockNumber(by=crm.town.users["agent"].id, number="13800000001", reason="不要再打")
        block_number(work, blocked)
    asked = {"agent": "102", "target": "number:+8613800000001"}
    answer = crm.post("/calls", asked)
    assert answer.status_code == 409 and "do-not-call" in answer.json["detail"]
    assert crm.post("/calls", asked | {"reason": "the citizen asked for it"}).status_code == 202


def test_a_waiting_caller_is_picked(crm: Program) -> None:
    waiting = str(uuid7())
    crm.town.seen(
        v=2,
        seats={"102": {"state": "ready"}},
        calls={waiting: {"stage": "queue"}, CALL: {"stage": "talking"}},
    )
    assert crm.post(f"/calls/{waiting}/pick", {"agent": "102"}).status_code == 202
    (order,) = said(crm.town.store)
    assert isinstance(order, PickCaller) and (order.seat, str(order.call)) == ("102", waiting)
    assert crm.post(f"/calls/{CALL}/pick", {"agent": "102"}).status_code == 404


@pytest.mark.parametrize(
    ("path", "body", "status", "code", "field"),
    [
        ("/calls", {"agent": "102"}, 400, "malformed", "target"),
        ("/calls", {"agent": "102", "target": "queue:hotline"}, 400, "malformed", "target"),
        ("/calls", {"agent": "102", "target": "number:1\r\nAction: Originate"}, 400, "malformed", "target"),
        ("/calls", {"agent": "102", "target": "number:110\n"}, 422, "refused", "target"),
        ("/calls", {"agent": "102", "target": "number:12345"}, 422, "refused", "target"),
        ("/calls", {"agent": "102", "target": "seat:102"}, 422, "refused", "target"),
        ("/calls", {"agent": "102", "target": "number:110", "case": CALL}, 422, "refused", "case"),
        ("/calls", {"agent": "999", "target": "number:110"}, 404, "not-found", None),
        ("/calls", {"agent": "101", "target": 7}, 400, "malformed", "target"),
        ("/calls", {"agent": "101", "target": "number:110", "more": 1}, 400, "malformed", "more"),
        ("/calls", ["x"], 400, "malformed", None),
        ("/calls?wait=99", {"agent": "102", "target": "number:110"}, 400, "malformed", "query.wait"),
        ("/calls?pause=1", {"agent": "102", "target": "number:110"}, 400, "malformed", "query.pause"),
        (f"/calls/{CALL}/transfer", {"target": "queue:nowhere"}, 422, "refused", "target"),
        (f"/calls/{CALL}/transfer", {"target": "seat:101"}, 422, "refused", "target"),
        (f"/calls/{CALL}/hold/start", {"agent": "102"}, 404, "not-found", None),
        (f"/calls/{CALL}/digits", {"digits": "1\n"}, 422, "refused", "digits"),
        (f"/calls/{CALL}/hangup", {"agent": "1\n"}, 400, "malformed", "agent"),
        ("/calls/x/hangup", None, 400, "malformed", "path.call"),
        ("/calls/01960000-0000-7000-8000-000000000002/hangup", None, 404, "not-found", None),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_ordered(
    crm: Program, path: str, body: Any, status: int, code: str, field: str | None
) -> None:
    answer = crm.post(path, body)
    assert (answer.status_code, answer.json["code"]) == (status, code), answer.json
    assert answer.mimetype == "application/problem+json"
    assert [one["field"] for one in answer.json.get("errors", [])][:1] == (
        [field] if field else []
    ) or field is None
    assert said(crm.town.store) == []


def test_a_call_that_is_over_is_no_longer_ordered_about(crm: Program) -> None:
    over = crm.town.call(outcome="answered")
    assert crm.post(f"/calls/{over.id}/hangup").json["code"] == "no-call"


def test_where_the_floor_is_a_moment_behind_the_rows_say_who_is_in_the_call(crm: Program) -> None:
    row = crm.town.call(seat="102")
    with crm.town.store.work() as work:
        now = work.now
        work.session.add(
            LegRow(
                node="pbx1", leg="9", call=row.id, kind="seat", seat="102", started_at=now, answered_at=now
            )
        )
    assert crm.post(f"/calls/{row.id}/hold/start").json["agent"] == "102"


def test_while_the_telephone_room_is_away_nothing_is_ordered(town: Town) -> None:
    town.seen(link="down", seats={"101": {"state": "talking", "call": CALL}})
    answer = program(town).post(f"/calls/{CALL}/hold/start")
    assert (answer.status_code, answer.json["code"]) == (503, "no-connection")
    assert answer.headers["Retry-After"] == "5" and said(town.store) == []
