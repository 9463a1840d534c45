"""Urging and notices come to a filled database: open cases are looked at once, and nobody is told of the past."""

from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command

from schema.ids import uuid7
from schema.store import migrating
from schema.upgrade import _config
from tests.schema.migrations.test_r0011 import put

MADE = datetime(2026, 9, 29, 2, tzinfo=UTC)
CELL = "330106001001001"


def case(connection: sa.Connection, no: str, state: str, **more: Any) -> None:
    put(connection, "cases", **{
        "id": uuid7(), "case_no": no, "contact": uuid7(), "number": "", "class": "government", "kind": "service",
        "title": "t", "text": "t", "language": "zh", "cell": CELL, "address": "", "state": state, "made_at": MADE,
        "due_words": "", "version": 1,
    } | more)  # fmt: skip


@pytest.mark.parametrize("said", [0, 3])
def test_open_cases_are_looked_at_soon_and_what_was_said_before_is_past(empty_url: str, said: int) -> None:
    with migrating(empty_url) as connection:
        command.upgrade(_config(connection), "0018")
        put(connection, "grid_cells", code=CELL, name="一", ring=[[0, 0]], area=0.0)
        case(connection, "open", "dispatched", due_at=MADE)
        case(connection, "still", "suspended")
        case(connection, "closed", "closed", due_at=MADE, closed_at=MADE)
        for seq in range(1, said + 1):
            put(connection, "outbox", seq=seq, key=uuid7(), kind="fact", name="CaseFiled", at=MADE, body={})
    with migrating(empty_url) as connection:
        command.upgrade(_config(connection), "0019")
        urge_at = sa.column("urge_at", sa.DateTime(timezone=True))
        rows = connection.execute(sa.select(sa.column("case_no"), urge_at).select_from(sa.table("cases")))
        looked_at = {no: at for no, at in rows if at is not None}
        begin = connection.execute(
            sa.select(sa.column("seq"))
            .select_from(sa.table("bus_cursors"))
            .where(sa.column("group") == "notices-begin")
        ).scalar_one()
    assert list(looked_at) == ["open"] and begin == said
