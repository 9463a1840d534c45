"""Queues: the day's callers of every node together, and who waits."""

from sqlalchemy import select

from schema.people import AuditRow
from tests.backoffice.api.conftest import NOW, Program, program
from tests.backoffice.conftest import Town

EARLY = "2026-11-24T07:59:30+00:00"


def surge(town: Town) -> None:
    figures = {"offered": 3, "answered": 1, "abandoned": 0, "overflowed": 0, "called_back": 0, "waiting": 2}
    calls = {
        "01960000-0000-7000-8000-00000000000a": {"stage": "queue", "queue": "hotline", "since": NOW,
            "waiting_since": EARLY, "number": "110", "language": "ug", "priority": 3, "why": "", "told": 60},
        "01960000-0000-7000-8000-00000000000b": {"stage": "net", "queue": "hotline", "since": NOW},
        "01960000-0000-7000-8000-00000000000c": {"stage": "talking", "queue": "hotline", "since": NOW},
        "01960000-0000-7000-8000-00000000000d": {"stage": "queue", "queue": "tax", "since": NOW},
    }  # fmt: skip
    whole = {id: {"call": id, "contact": id, **row} for id, row in calls.items()}
    town.seen(node="pbx1", calls=whole, figures={"queues": {"hotline": figures}})
    town.seen(node="pbx2", figures={"queues": {"hotline": figures}})


def test_the_figures_of_all_nodes_are_one(town: Town) -> None:
    surge(town)
    (queue,) = program(town).get("/queues").json["items"]
    assert queue == program(town).get("/queues/hotline").json
    assert (queue["name"], queue["label"]) == ("hotline", "the city hotline")
    assert (queue["offered"], queue["answered"], queue["waiting"], queue["longest_wait"]) == (6, 2, 4, 30.0)
    assert program(town).get("/queues", Accept_Language="zh").json["items"][0]["label"] == "市民热线"


def test_who_waits_longest_is_first(town: Town) -> None:
    surge(town)
    first, second = program(town).get("/queues/hotline/waiting").json["items"]
    assert (first["number"], first["language"], first["priority"], first["told"]) == ("110", "ug", 3, 60)
    assert first["since"] == "2026-11-24T07:59:30Z" and second["number"] == "" and second["told"] is None
    with town.store.read() as session:
        assert [row.subject for row in session.scalars(select(AuditRow))] == ["waiting"]


def test_a_quiet_queue_has_noughts(crm: Program) -> None:
    queue = crm.get("/queues/hotline").json
    assert {queue[name] for name in ("offered", "answered", "waiting", "longest_wait")} == {0}
    assert crm.get("/queues/hotline/waiting").json == {"items": []}


def test_an_unknown_queue_is_not_there(crm: Program) -> None:
    assert crm.get("/queues/nowhere").status_code == crm.get("/queues/nowhere/waiting").status_code == 404
    assert crm.get("/queues/NO").status_code == 400
