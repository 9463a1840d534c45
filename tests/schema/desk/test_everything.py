"""Every order in every state: on an edge of the table it is carried out once, elsewhere refused; clocks follow."""

from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from schema.cases import Case
from schema.clocks import ClockRow
from schema.desk.clocks import clocks_of
from schema.desk.errors import Refused
from schema.desk.scope import actor_of, subject_of
from schema.ids import CaseId
from schema.people import User
from schema.rules.access import hidden, may
from schema.rules.lifecycle import BEFORE, CASE, ORDERS, STATES, orders
from schema.rules.sentences import BY_HOP
from tests.schema.desk.casework import Office
from tests.schema.desk.everything import EVERY, INNER, bring, carry, do, to_unit

EDGES = [row for row in CASE if row.order in EVERY and row.state != "collected"]
PEOPLE = {"agent": "agent", "supervisor": "supervisor", "expert": "expert", "worker": "worker2", "clerk": "clerk",
          "admin": "admin", "department": "department", "leader": "leader"}  # fmt: skip


def counts(desk: Office, case: UUID) -> tuple[Any, ...]:
    seen = desk.look(case)
    return seen.state, seen.version, len(desk.steps(case)), len(desk.tasks(case)), len(desk.said())


def ready(desk: Office, state: str, what: str) -> Case:
    """A case for which the order is possible, when the table says so."""
    case = to_unit(desk) if what in ("sign", "delegate") and what in orders(state) else bring(desk, state)
    if what == "reveal":
        do(desk, "conceal", case.id)
    if what == "recall-check" and what in orders(state):
        do(desk, "ask-check", case.id)
    if what == "detach":
        do(desk, "attach", case.id)
    if what in ("grant-extension", "refuse-extension") and what in orders(state):
        do(desk, "ask-extension", case.id)
    if what == "answer" and what in orders(state):
        do(desk, "supervise", case.id)
    return desk.look(case.id)


def clock(desk: Office, case: UUID) -> ClockRow | None:
    with desk.store.read() as session:
        found = clocks_of(session, case)
    return found[-1] if found else None


def test_every_order_of_the_table_is_tried() -> None:
    assert EVERY.keys() | INNER == set(ORDERS)


@pytest.mark.parametrize("row", EDGES, ids=lambda row: f"{row.state}-{row.order}")
def test_an_order_moves_the_case_along_its_edge_once(desk: Office, row: Any) -> None:
    case = ready(desk, row.state, row.order)
    function, make = EVERY[row.order]
    order = make(desk, CaseId(case.id))
    first = carry(desk, function, order)
    after = desk.look(case.id)
    assert after.state == (case.before if row.next == BEFORE else row.next)
    assert after.version == case.version + 1
    last = desk.steps(case.id)[-1]
    assert (last.order, last.hop, last.state, last.contact) == (
        order.order,
        row.hop,
        after.state,
        case.contact,
    )
    assert last.hop in BY_HOP
    # The same order again changes nothing and gives the same answer.
    before = counts(desk, case.id)
    again = carry(desk, function, order)
    assert counts(desk, case.id) == before
    ids = [[one.id for one in answer] if isinstance(answer, list) else answer.id for answer in (first, again)]
    assert ids[0] == ids[1]


@pytest.mark.parametrize(
    "row", [row for row in EDGES if row.clock], ids=lambda row: f"{row.state}-{row.order}"
)
def test_the_clock_does_what_the_edge_says(desk: Office, row: Any) -> None:
    case = ready(desk, row.state, row.order)
    before = clock(desk, case.id)
    do(desk, row.order, case.id)
    after = clock(desk, case.id)
    if row.clock == "stop" and before is None:
        assert after is None
        return
    assert after is not None
    seen = desk.look(case.id)
    assert (seen.due_at, bool(seen.due_words)) == (after.due_at, after.due_at is not None)
    if row.clock == "start":
        assert after.after == (before.id if before else None)
        assert [one.running for one in after.intervals] == [True] and after.ended_at is None
        return
    assert before is not None and after.id == before.id
    running = [one.running for one in after.intervals]
    if row.clock == "suspend":
        assert running == [True, False] and after.intervals[1].reason == "等配件" and after.due_at is None
    elif row.clock == "resume":
        assert running == [True, False, True] and after.due_at is not None
    elif row.clock == "extend":
        assert after.extra == 2 and after.due_at is not None and before.due_at is not None
        assert after.due_at > before.due_at
    elif row.clock == "stop":
        assert after.ended_at is not None
    elif row.clock == "restart":
        assert before.ended_at is not None and after.ended_at is None and after.due_at == before.due_at


@pytest.mark.parametrize("state", [state for state in STATES if state != "collected"])
def test_what_is_no_edge_is_refused_and_changes_nothing(desk: Office, state: str) -> None:
    case = bring(desk, state)
    for what, (function, make) in EVERY.items():
        if what in orders(state):
            continue
        order = make(desk, CaseId(case.id))
        before = counts(desk, case.id)
        with pytest.raises(Refused) as refused:
            carry(desk, function, order)
        assert (refused.value.code, counts(desk, case.id)) == ("wrong-state", before), what


@pytest.mark.parametrize("row", EDGES, ids=lambda row: f"{row.state}-{row.order}")
def test_who_has_not_the_right_and_who_saw_another_version_is_refused(desk: Office, row: Any) -> None:
    case = ready(desk, row.state, row.order)
    function, make = EVERY[row.order]
    order = make(desk, CaseId(case.id))
    before = counts(desk, case.id)
    for post, person in PEOPLE.items():
        with desk.store.read() as session:
            actor = actor_of(session, session.get_one(User, getattr(desk, person)))
        if not may(actor, row.right, subject_of(case)):
            with pytest.raises(Refused) as refused:
                carry(desk, function, replace(order, by=getattr(desk, person)))
            told = "not-found" if hidden(actor, subject_of(case)) else "not-allowed"
            assert refused.value.code == told, post
    with pytest.raises(Refused) as refused:
        carry(desk, function, replace(order, version=case.version + 1))
    assert refused.value.code == "stale"
    assert counts(desk, case.id) == before
    carry(desk, function, replace(order, version=case.version))


@pytest.mark.parametrize(
    "what", [what for what in EVERY if what not in ("verify", "dispatch", "attach", "ask-check")]
)
def test_a_reason_that_is_needed_is_asked_for(desk: Office, what: str) -> None:
    state = next(row.state for row in EDGES if row.order == what)
    case = ready(desk, state, what)
    function, make = EVERY[what]
    order = make(desk, CaseId(case.id))
    for field in ("reason", "text"):
        if not getattr(order, field, None):
            continue
        for wrong in ("", " ", "\0"):
            with pytest.raises(Refused) as refused:
                carry(desk, function, replace(order, **{field: wrong}))
            assert (refused.value.code, refused.value.field) == ("bad-field", field)
