"""The register of contacts: calls and what came by none in one order, a page at a time, and nothing one may not see."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from schema.calls import CallBackRow, CallRow
from schema.desk.cases import file_case
from schema.desk.contactlist import Entry, Wanted, page, walk
from schema.ids import CallId, uuid7
from schema.people import User
from tests.schema.desk.casework import Office

BEGAN = datetime(2026, 11, 24, 0, tzinfo=UTC)


class Register:
    """A store with contacts in it, each a minute after the one before."""

    def __init__(self, desk: Office) -> None:
        self.desk, self.now = desk, BEGAN
        desk.store.clock = lambda: self.now

    def call(self, **changes: Any) -> CallRow:
        self.now += timedelta(minutes=1)
        id = uuid7()
        row = CallRow(
            **{"id": id, "contact": id, "node": "pbx1", "number": "13800000001", "entered_at": self.now,
               "outcome": "answered", "user": self.desk.agent} | changes
        )  # fmt: skip
        with self.desk.store.work() as work:
            work.session.add(row)
        return row

    def case(self, call: CallRow | None = None, **changes: Any) -> Any:
        if call is None:
            self.now += timedelta(minutes=1)
        with self.desk.store.work() as work:
            return file_case(work, self.desk.filing(call=CallId(call.id) if call else None, **changes))

    def rows(self, who: Any = None, **wanted: Any) -> list[Entry]:
        with self.desk.store.read() as session:
            return list(
                page(session, Wanted(**wanted), session.get_one(User, who or self.desk.supervisor)).rows
            )


@pytest.fixture
def register(desk: Office) -> Register:
    return Register(desk)


def test_everything_that_came_in_is_one_list_newest_first_and_chosen_by_each_field(
    register: Register,
) -> None:
    desk = register.desk
    answered = register.call()
    filed = register.case(answered)
    gone = register.call(number="13800000002", outcome="abandoned", user=None)
    register.call(direction="out", outcome="failed")
    with desk.store.work() as work:
        work.session.add(
            CallBackRow(id=uuid7(), contact=gone.contact, call=gone.id, node="pbx1", queue="hotline",
                        number=gone.number, place=BEGAN, promised_at=BEGAN, expires_at=BEGAN, state="kept")
        )  # fmt: skip
    letter = register.case(channel="letter", number="13800000003", by=desk.supervisor)
    live = register.call(outcome="", user=None)
    every = register.rows()
    assert [(row.id, row.channel, row.outcome, row.callback, row.cases) for row in every] == [
        (live.id, "phone", "live", "", ()),
        (letter.id, "letter", "received", "", (letter.case_no,)),
        (gone.id, "phone", "abandoned", "kept", ()),
        (answered.id, "phone", "answered", "", (filed.case_no,)),
    ]
    for wanted, found in (
        ({"channel": "letter"}, [letter]), ({"channel": "phone"}, [live, gone, answered]),
        ({"number": "13800000002"}, [gone]), ({"number": "13800000003"}, [letter]),
        ({"taken_by": desk.agent}, [answered]), ({"taken_by": desk.supervisor}, [letter]),
        ({"outcome": "live"}, [live]), ({"outcome": "abandoned"}, [gone]), ({"outcome": "callback"}, [gone]),
        ({"outcome": "received"}, [letter]), ({"outcome": "received", "channel": "web"}, []),
        ({"came": (gone.entered_at, live.entered_at)}, [letter, gone]),
    ):  # fmt: skip
        assert [row.id for row in register.rows(**wanted)] == [one.id for one in found], wanted


def test_what_led_to_a_confidential_case_is_there_for_those_alone_who_may_read_it(register: Register) -> None:
    call = register.call()
    register.case(call, confidential=True)
    letter = register.case(channel="letter", confidential=True)
    open_one = register.call()
    assert [row.id for row in register.rows()] == [open_one.id, letter.id, call.id]
    assert [row.id for row in register.rows(register.desk.agent)] == [open_one.id]


def test_pages_forth_and_back_are_the_whole_and_new_contacts_shift_nothing(register: Register) -> None:
    made = [register.call() if n % 3 else register.case(channel="web") for n in range(8)]
    wanted = [one.id for one in reversed(made)]
    desk, seen, back = register.desk, [], []
    with desk.store.read() as session:
        who = session.get_one(User, desk.supervisor)
        at = page(session, Wanted(), who, None, 3)
        register.call()
        while True:
            seen += [row.id for row in at.rows]
            if at.after is None:
                break
            at = page(session, Wanted(), who, at.after, 3)
        assert seen == wanted
        while at.before is not None:
            at = page(session, Wanted(), who, at.before, 3)
            back.append([row.id for row in at.rows])
        assert back[0] == wanted[3:6] and back[1] == wanted[:3]
    with desk.store.read() as session:
        who = session.get_one(User, desk.supervisor)
        walked = [row.id for rows in walk(session, Wanted(), who, 2) for row in rows]
    assert walked[1:] == wanted


def test_every_way_to_choose_is_read_from_an_index(
    register: Register,
) -> None:
    """An index serves each, also one of whose table there is little yet."""
    desk, asked = register.desk, []

    def hear(_c: Any, _cursor: Any, statement: str, given: Any, *_: Any) -> None:
        if "LIMIT" in statement:
            asked.append((statement, given))

    event.listen(desk.store.engine, "before_cursor_execute", hear)
    for wanted in (
        {}, {"number": "13800000001"}, {"taken_by": desk.agent}, {"outcome": "abandoned"}, {"channel": "letter"},
        {"channel": "letter", "taken_by": desk.agent}, {"came": (BEGAN, BEGAN + timedelta(days=1))},
    ):  # fmt: skip
        register.rows(**wanted)
    event.remove(desk.store.engine, "before_cursor_execute", hear)
    assert len(asked) == 11
    postgres = desk.store.engine.dialect.name == "postgresql"
    with desk.store.engine.connect() as connection:
        if postgres:
            connection.exec_driver_sql("SET enable_seqscan = off")
        for statement, given in asked:
            explain = "EXPLAIN " if postgres else "EXPLAIN QUERY PLAN "
            plan = "\n".join(str(row) for row in connection.exec_driver_sql(explain + statement, given))
            whole = ("Seq Scan on calls", "Seq Scan on cases") if postgres else ("SCAN calls'", "SCAN cases'")
            assert not any(one in plan for one in whole), (statement, plan)
