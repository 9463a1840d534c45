"""Questions asked one by one or all at once have the same answers; what is foreseen is so within its block alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import bindparam, event, select

from schema.asking import ask, foreseen
from schema.base import table_of
from schema.ids import uuid7
from schema.outbox import BusCursor, DeadLetter
from schema.store import Store

_CURSORS, _DEAD = table_of(BusCursor), table_of(DeadLetter)
CURSOR = select(_CURSORS.c.group, _CURSORS.c.seq).where(_CURSORS.c.group == bindparam("cursor"))
LAST = select(_DEAD.c.name, _DEAD.c.body, _DEAD.c.at).where(_DEAD.c.group == bindparam("dead")).limit(1)
AT = datetime(2026, 5, 6, 7, 8, 9, tzinfo=UTC)


@contextmanager
def heard(store: Store) -> Iterator[list[str]]:
    """The statements that the database is sent."""
    sent: list[str] = []

    def hear(*told: object) -> None:
        sent.append(str(told[2]))

    event.listen(store.engine, "before_cursor_execute", hear)
    yield sent
    event.remove(store.engine, "before_cursor_execute", hear)


def _fill(store: Store) -> None:
    dead = DeadLetter(group="g", key=uuid7(), name="n", body={"a": [1]}, reason="", at=AT)
    with store.work() as work:
        work.session.add_all([BusCursor(group="g", seq=7), BusCursor(group="h", seq=8), dead])


def test_a_question_has_a_row_or_none(store: Store) -> None:
    _fill(store)
    with store.read() as session:
        assert ask(session, CURSOR, cursor="g") == ("g", 7)
        assert ask(session, CURSOR, cursor="x") is None
        assert ask(session, LAST, dead="g") == ("n", {"a": [1]}, AT)


def test_what_is_foreseen_is_answered_by_one_statement(store: Store) -> None:
    _fill(store)
    with store.read() as session, heard(store) as sent:
        with foreseen(session, (CURSOR, {"cursor": "g"}), (LAST, {"dead": "g"})):
            assert len(sent) == 1
            assert ask(session, CURSOR, cursor="g") == ("g", 7)
            assert ask(session, LAST, dead="g") == ("n", {"a": [1]}, AT)
            assert len(sent) == 1
        with foreseen(session, (CURSOR, {"cursor": "x"}), (LAST, {"dead": "g"})):
            assert ask(session, CURSOR, cursor="x") is None
            assert ask(session, LAST, dead="g") is not None
        assert len(sent) == 2


def test_what_was_not_foreseen_is_asked(store: Store) -> None:
    _fill(store)
    with store.read() as session, heard(store) as sent:
        with foreseen(session, (CURSOR, {"cursor": "g"})):
            assert ask(session, CURSOR, cursor="h") == ("h", 8)
            assert ask(session, LAST, dead="x") is None
        assert len(sent) == 3


def test_after_its_block_nothing_is_foreseen(store: Store) -> None:
    _fill(store)
    with store.work() as work:
        with foreseen(work.session, (CURSOR, {"cursor": "g"})):
            work.session.get_one(BusCursor, "g").seq = 9
            assert ask(work.session, CURSOR, cursor="g") == ("g", 7)
        assert ask(work.session, CURSOR, cursor="g") == ("g", 9)


def test_what_waits_to_be_written_is_seen(store: Store) -> None:
    with store.work() as work:
        work.session.add(BusCursor(group="g", seq=1))
        assert ask(work.session, CURSOR, cursor="g") == ("g", 1)
        work.session.add(BusCursor(group="h", seq=2))
        with foreseen(work.session, (CURSOR, {"cursor": "h"})):
            assert ask(work.session, CURSOR, cursor="h") == ("h", 2)
