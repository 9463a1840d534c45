"""The log of a site at work becomes a chain: every row as it was, numbered without gaps, and shut."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from alembic import command
from sqlalchemy.exc import DBAPIError

from schema.desk import audit
from schema.ids import uuid7
from schema.migrations.versions import r0013_the_audit_log_is_a_chain as migration
from schema.people import AuditRow
from schema.store import Store, migrating
from schema.upgrade import _config, upgrade

BEGAN = datetime(2026, 9, 29, 2, tzinfo=UTC)


def test_rows_written_before_are_chained_in_their_order(empty_url: str) -> None:
    old = sa.table(
        "audit", *(sa.column(name, kind) for name, kind in (
            ("id", sa.BigInteger), ("at", sa.DateTime(timezone=True)), ("who", sa.Uuid), ("login", sa.String),
            ("ip", sa.String), ("what", sa.String), ("subject", sa.String), ("allowed", sa.Boolean),
            ("reason", sa.String),
        ))
    )  # fmt: skip
    who = uuid7()
    numbers = [1, 2, 5, 6, 7, *range(11, 2 * migration.PAGE + 99, 2)]  # a sequence has gaps
    assert len(numbers) > migration.PAGE
    with migrating(empty_url) as connection:
        command.upgrade(_config(connection), migration.down_revision)
        rows = [
            {"id": n, "at": BEGAN + timedelta(microseconds=n), "who": who if n % 2 else None, "login": "li",
             "ip": "127.0.0.1", "what": "case.read", "subject": f"案卷 {n}", "allowed": n != 7, "reason": ""}
            for n in numbers
        ]  # fmt: skip
        connection.execute(old.insert(), rows)
    upgrade(empty_url)
    store = Store(empty_url)
    with store.work() as work:
        audit.note(work, "log-in", "new", who=None)
    verdict = audit.verify(store)
    assert (verdict.rows, verdict.trouble) == (len(numbers) + 1, "")
    with store.read() as session:
        found = session.scalars(sa.select(AuditRow).order_by(AuditRow.id)).all()
    assert [row.subject for row in found] == [*(f"案卷 {n}" for n in numbers), "new"]
    assert [row.at for row in found[:-1]] == [BEGAN + timedelta(microseconds=n) for n in numbers]
    assert [row.who for row in found[:2]] == [who, None] and not found[4].allowed
    with pytest.raises(DBAPIError, match="never changed"), store.work() as work:
        work.session.execute(sa.update(AuditRow).values(login="x"))
    store.close()
