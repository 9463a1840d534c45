"""The audit log takes what it is told, cut to size, newest first, in one chain however many write."""

import threading

import pytest
from sqlalchemy import delete, event, select, update
from sqlalchemy.exc import DBAPIError

from schema.desk import audit
from schema.ids import uuid7
from schema.people import AuditRow, User
from schema.rules.auditchain import START, Head
from schema.store import Store


def written(store: Store, count: int) -> None:
    for number in range(count):
        with store.work() as work:
            audit.note(work, "case.read", f"ZW-{number}", who=None, login="li")


def opened(store: Store) -> None:
    """Take away what keeps rows from being changed, as somebody who owns the database can."""
    with store.work() as work:
        for name in ("no_update", "no_delete") if store.is_sqlite else ("no_change",):
            where = "" if store.is_sqlite else " ON audit"
            work.session.connection().exec_driver_sql(f"DROP TRIGGER audit_{name}{where}")


def test_a_look_and_a_refusal_are_two_rows(store: Store) -> None:
    who = uuid7()
    with store.work() as work:
        audit.note(work, "recording.play", "rec-1", who=who, login="li", ip="127.0.0.1")
        work.session.flush()
        audit.note(work, "recording.play", "s" * 500, who=None, allowed=False, reason="r" * 500)
    with store.read() as session:
        refused, played = audit.find(session, audit.Asked())
        assert audit.find(session, audit.Asked(), limit=1) == [refused]
    assert (played.who, played.what, played.subject, played.allowed) == (who, "recording.play", "rec-1", True)
    assert (len(refused.subject), len(refused.reason), refused.allowed) == (120, 300, False)
    assert (played.id, refused.id) == (1, 2)


def test_what_no_database_keeps_is_replaced_and_the_chain_holds(store: Store) -> None:
    with store.work() as work:
        audit.note(work, "log-in", "a\0b\ud800", who=None, login="\0" * 90)
    with store.read() as session:
        assert session.scalars(select(AuditRow.subject)).one() == "a\ufffdb?"
    assert audit.verify(store).trouble == ""


def test_a_unit_of_work_that_fails_leaves_neither_row_nor_gap(store: Store) -> None:
    written(store, 1)
    with pytest.raises(RuntimeError), store.work() as work:
        audit.note(work, "case.read", "lost", who=None)
        raise RuntimeError
    written(store, 1)
    verdict = audit.verify(store)
    assert (verdict.rows, verdict.trouble) == (2, "")


def test_the_database_refuses_to_change_or_remove_a_row(store: Store) -> None:
    written(store, 2)
    for statement in (update(AuditRow).values(subject="x"), delete(AuditRow).where(AuditRow.id == 2)):
        with pytest.raises(DBAPIError, match="never changed or removed"), store.work() as work:
            work.session.execute(statement)
    if not store.is_sqlite:
        with pytest.raises(DBAPIError, match="never changed or removed"), store.work() as work:
            work.session.connection().exec_driver_sql("TRUNCATE audit")
    assert audit.verify(store).rows == 2


def test_what_was_changed_behind_our_back_is_found_page_after_page(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "PAGE", 3)
    written(store, 9)
    assert (audit.verify(store).rows, audit.verify(store).trouble) == (9, "")
    opened(store)
    with store.work() as work:
        work.session.execute(update(AuditRow).where(AuditRow.id == 8).values(login="wang"))
    assert "row 8 is not what was written" in audit.verify(store).trouble
    with store.work() as work:
        work.session.execute(delete(AuditRow).where(AuditRow.id == 3))
    assert audit.verify(store).trouble == "row 3 is missing: the next one there is 4"
    with store.work() as work:
        work.session.execute(update(AuditRow).where(AuditRow.id == 1).values(id=-1))
    assert "row 1 is missing: the next one there is -1" in audit.verify(store).trouble


def test_a_cut_end_is_found_by_the_head_that_was_noted(store: Store) -> None:
    with store.read() as session:
        assert audit.head(session) == Head(0, START)
    written(store, 3)
    with store.read() as session:
        noted = audit.head(session)
    opened(store)
    with store.work() as work:
        work.session.execute(delete(AuditRow).where(AuditRow.id == 3))
    assert audit.verify(store).trouble == ""
    assert "its end was cut off" in audit.verify(store, [noted]).trouble
    written(store, 2)
    assert "row 3 is another than when its hash was noted" in audit.verify(store, [noted]).trouble


def test_many_writers_at_once_leave_no_gap_and_no_fork(store: Store) -> None:
    """Each holds a row lock that others want, and writes rows before and after it: no deadlock, one chain."""
    with store.work() as work:
        users = [User(login=f"u{n}", name="u", post="agent", password="x") for n in range(3)]
        work.session.add_all(users)
    writers, rounds = 8, 6
    go = threading.Barrier(writers)
    failures: list[BaseException] = []

    def write(number: int) -> None:
        try:
            go.wait()
            for n in range(rounds):
                with store.work() as work:
                    audit.note(work, "case.read", f"{number} {n} a", who=None)
                    user = work.session.get(User, users[(number + n) % 3].id, with_for_update=True)
                    assert user is not None
                    user.failures += 1
                    audit.note(work, "case.read", f"{number} {n} b", who=None)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    verdict = audit.verify(store)
    assert (verdict.rows, verdict.trouble) == (writers * rounds * 2, "")
    with store.read() as session:
        subjects = session.scalars(select(AuditRow.subject).order_by(AuditRow.id)).all()
    assert sorted(subjects) == sorted(
        f"{w} {n} {x}" for w in range(writers) for n in range(rounds) for x in "ab"
    )
    assert all(one[:-1] == two[:-1] for one, two in zip(subjects[::2], subjects[1::2], strict=True)), (
        "the rows of one unit of work stand together"
    )


def test_the_lock_is_taken_after_everything_else_is_written(store: Store) -> None:
    said: list[str] = []
    event.listen(store.engine, "before_cursor_execute", lambda *given: said.append(given[2].split(" (")[0]))
    with store.work() as work:
        audit.note(work, "case.read", who=None)
        work.session.add(User(login="li", name="li", post="agent", password="x"))
    assert [line for line in said if line.startswith("INSERT")] == ["INSERT INTO users", "INSERT INTO audit"]
    if not store.is_sqlite:
        assert said.index("INSERT INTO users") < next(n for n, line in enumerate(said) if "advisory" in line)
