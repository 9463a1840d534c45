"""Orders are given once under their key: sent again, at the same moment, by another process, after a crash."""

import threading
from collections import Counter
from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from backoffice.api import giving
from backoffice.api.giving import Hands
from backoffice.api.problems import Problem
from backoffice.app import make_app
from schema.desk import orders, tokens
from schema.ids import uuid7
from schema.orders import Hold
from schema.outbox import OutboxRow
from schema.people import AuditRow
from schema.store import Store, StoreUnreachable
from tests.backoffice.api.conftest import API, CALL, Program, program, said
from tests.backoffice.api.databases import both  # noqa: F401  (both databases)
from tests.backoffice.conftest import Town
from tests.conftest import store_url  # noqa: F401 (on both databases)

HOLD = f"/calls/{CALL}/hold/start"


def test_the_same_key_and_request_is_the_same_order(crm: Program) -> None:
    answers = [crm.post(HOLD, body, key="a-1") for body in ({}, None, {})]
    assert [one.status_code for one in answers] == [202] * 3
    assert len({one.json["id"] for one in answers}) == len({one.headers["Location"] for one in answers}) == 1
    assert len(said(crm.town.store)) == 1
    assert crm.post(HOLD, {}, key="a-2").json["id"] != answers[0].json["id"]
    assert crm.post(HOLD, {}, key='"a-1"').json["id"] == answers[0].json["id"]


def test_sent_again_it_is_answered_even_when_it_could_not_be_given_any_more(crm: Program) -> None:
    first = crm.post(HOLD, {}, key="a")
    crm.town.seen(v=2, link="down", seats={"101": {"state": "talking", "call": CALL}})
    assert crm.post(HOLD, {}, key="a").json["id"] == first.json["id"]
    assert crm.post(HOLD, {}, key="b").status_code == 503


@pytest.mark.parametrize(
    ("path", "body"),
    [(HOLD, {"agent": "101"}), (f"/calls/{CALL}/hold/stop", {}), (f"/calls/{uuid7()}/hold/start", {})],
    ids=["another body", "another verb", "another call"],
)
def test_the_same_key_for_another_request_is_refused(crm: Program, path: str, body: Any) -> None:
    assert crm.post(HOLD, {}, key="a").status_code == 202
    answer = crm.post(path, body, key="a")
    assert (answer.status_code, answer.json["code"]) == (422, "other-request")
    assert len(said(crm.town.store)) == 1


def test_another_tokens_key_is_another_key(crm: Program) -> None:
    other = program(crm.town)
    assert crm.post(HOLD, {}, key="a").json["id"] != other.post(HOLD, {}, key="a").json["id"]


@pytest.mark.parametrize("key", ["", " ", '""', "a b", 'a"b', "é", "x" * 201, "a\\b"])
def test_an_order_needs_a_key_of_printable_characters(crm: Program, key: str) -> None:
    headers = {"Authorization": f"Bearer {crm.secret}", "Idempotency-Key": key}
    answer = crm.town.app.test_client().post(API + HOLD, headers=headers)
    assert (answer.status_code, answer.json["code"]) == (400, "no-key")
    assert answer.json["errors"][0]["field"] == "header.Idempotency-Key"


def test_without_a_key_nothing_is_ordered(crm: Program) -> None:
    answer = crm.town.app.test_client().post(API + HOLD, headers={"Authorization": f"Bearer {crm.secret}"})
    assert (answer.status_code, answer.json["code"]) == (400, "no-key")
    assert said(crm.town.store) == []


def test_a_refused_request_leaves_its_key_free(crm: Program) -> None:
    crm.town.seen(v=2, link="down", seats={"101": {"state": "talking", "call": CALL}})
    assert crm.post(HOLD, {}, key="a").status_code == 503
    crm.town.seen(v=3, seats={"101": {"state": "talking", "call": CALL}})
    assert crm.post(HOLD, {}, key="a").status_code == 202


def test_many_at_once_from_several_processes_are_one_order(crm: Program) -> None:
    town = crm.town
    # Another application over a store of its own is what another process is to the database.
    away = Store(town.store.engine.url.render_as_string(hide_password=False))
    far = make_app(town.settings, away, town.player, town.floor, lambda *_: None)
    begin, answers = threading.Barrier(8), list[TestResponse]()

    def send(n: int) -> None:
        begin.wait()
        headers = {"Authorization": f"Bearer {crm.secret}", "Idempotency-Key": "one"}
        answers.append((town.app, far)[n % 2].test_client().post(API + HOLD, headers=headers))

    threads = [threading.Thread(target=send, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    away.close()
    codes = Counter(one.status_code for one in answers)
    assert codes[202] >= 1 and set(codes) <= {202, 409}
    assert len({one.json["id"] for one in answers if one.status_code == 202}) == 1
    assert {one.json["code"] for one in answers if one.status_code == 409} <= {"in-progress"}
    assert len(said(town.store)) == 1
    with town.store.read() as session:
        assert session.scalar(select(func.count()).select_from(AuditRow)) == 1


def test_a_crash_before_the_commit_leaves_nothing_and_after_it_everything(
    crm: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: Any, **__: Any) -> None:
        raise StoreUnreachable("gone")

    with monkeypatch.context() as at:
        at.setattr(giving, "noted", crash)
        assert crm.post(HOLD, {}, key="a").status_code == 503
    assert said(crm.town.store) == []
    with monkeypatch.context() as at:
        at.setattr(giving, "told", crash)  # committed, and the answer was lost
        assert crm.post(HOLD, {}, key="a").status_code == 503
    (order,) = said(crm.town.store)
    assert isinstance(order, Hold)
    assert crm.post(HOLD, {}, key="a").json["id"] == str(order.order)
    assert len(said(crm.town.store)) == 1


def test_while_the_first_is_being_worked_on_the_second_is_told_so() -> None:
    hands, token = Hands(1), uuid7()
    first, others = hands.on(token, "a"), (hands.on(token, "b"), hands.on(uuid7(), "a"))
    with first, others[0], others[1], pytest.raises(Problem, match="in-progress"), hands.on(token, "a"):
        raise AssertionError
    with hands.on(token, "a"):
        pass


def test_waiting_ends_with_the_outcome(crm: Program) -> None:
    town = crm.town

    def carry_out() -> None:
        while (row := _first(town)) is None:
            pass
        with town.store.work() as work:
            orders.begin(work, Hold(order=row.key, seat="101"))
            orders.progress(work, row.key, "failed", "the citizen is gone")

    thread = threading.Thread(target=carry_out)
    thread.start()
    answer = crm.post(f"{HOLD}?wait=20", {})
    thread.join()
    assert (answer.status_code, answer.json["state"], answer.json["reason"]) == (
        202,
        "failed",
        "the citizen is gone",
    )


def test_only_so_many_wait_at_once_and_the_others_are_answered_as_it_stands() -> None:
    hands, looks = Hands(1), list[int]()

    def done() -> bool:
        looks.append(1)
        hands.wait(5, lambda: looks.append(2) or True)  # type: ignore[func-returns-value]
        return True

    hands.wait(5, done)
    assert looks == [1]
    hands.wait(0, done)
    assert looks == [1]
    hands.wait(5, done)
    assert looks == [1, 1]


def test_keys_are_forgotten_after_a_week(crm: Program) -> None:
    crm.post(HOLD, {}, key="old")
    crm.town.clock.now += tokens.KEPT * 1.01
    crm.post(HOLD, {}, key="new")
    with crm.town.store.read() as session:
        token = tokens.find(session, crm.secret, crm.town.clock())
        assert token is not None
        assert tokens.taken(session, token.token, "old") is None
        assert tokens.taken(session, token.token, "new") is not None


def _first(town: Town) -> OutboxRow | None:
    with town.store.read() as session:
        return session.scalar(select(OutboxRow).where(OutboxRow.name == "Hold"))
