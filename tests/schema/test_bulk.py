"""Rows in bulk are what the session's own way would have written, on both databases."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from schema.base import table_of
from schema.bulk import Bulk
from schema.calls import CallRow
from schema.facts import SeatReady
from schema.ids import uuid7
from schema.outbox import OutboxRow
from schema.store import Store

NOW = datetime(2026, 5, 6, 7, 8, 9, 123456, tzinfo=UTC)
HARD = "ئۇ 'q' \"d\" \\ %s %(x)s %% :y ? {} \n\t👍"
OUTBOX = table_of(OutboxRow)


def message(**given: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {"seq": None, "key": uuid7(), "kind": "fact", "name": HARD, "contact": None, "at": NOW,
                             "body": {"a": [1, None, HARD]}}  # fmt: skip
    return usual | given


ROWS = [
    message(),
    message(seq=7, contact=uuid7(), at=NOW.astimezone(timezone(timedelta(hours=8)))),
    message(at=NOW.replace(microsecond=0), body={}),
    message(body=SeatReady(at=NOW, seat="101", node="pbx1")),
]


def bulk_of(store: Store) -> Bulk:
    return Bulk(insert(OUTBOX), list(ROWS[0]), store.engine.dialect)


def kept(store: Store) -> list[tuple[Any, ...]]:
    columns = [OUTBOX.c[name] for name in ROWS[0]]
    with store.read() as session:
        return [tuple(row) for row in session.execute(select(*columns).order_by(OUTBOX.c.id))]


def test_they_are_what_the_sessions_own_way_writes(store: Store) -> None:
    with store.work() as work:
        work.session.execute(insert(OUTBOX), ROWS)
    plain = kept(store)
    with store.work() as work:
        work.session.execute(delete(OUTBOX))
        bulk_of(store).run(work.session.connection(), ROWS)
    assert kept(store) == plain and len(plain) == len(ROWS)


def test_none_are_nothing_and_what_a_type_or_the_table_refuses_is_refused(store: Store) -> None:
    bulk = bulk_of(store)
    with store.work() as work:
        bulk.run(work.session.connection(), [])
    with pytest.raises(ValueError, match="naive"), store.work() as work:
        bulk.run(work.session.connection(), [ROWS[0], message(at=NOW.replace(tzinfo=None))])
    with pytest.raises(IntegrityError), store.work() as work:
        bulk.run(work.session.connection(), [ROWS[0], message(name=None)])
    with pytest.raises(KeyError), store.work() as work:
        bulk.run(work.session.connection(), [{"seq": 1}])
    assert kept(store) == []


def test_a_condition_keeps_its_own_parameter(store: Store) -> None:
    table = table_of(CallRow)
    names = [
        "id",
        "contact",
        "node",
        "entered_at",
        "stage",
        "outcome",
        "inferred",
        "revision",
        "offers",
        "by_net",
    ]
    made = (postgresql if store.engine.dialect.name == "postgresql" else sqlite).insert(table)
    bulk = Bulk(
        made.on_conflict_do_update(
            index_elements=["id"], set_={"stage": made.excluded.stage}, where=table.c.outcome == "answered"
        ),
        [column.name for column in table.columns],
        store.engine.dialect,
    )
    calls = [uuid7(), uuid7()]

    def rows(stage: str) -> list[dict[str, Any]]:
        blank = {
            c.name: c.default.arg if c.default is not None and c.default.is_scalar else None
            for c in table.columns
        }
        return [
            blank | dict(zip(names, [id, id, "pbx1", NOW, stage, outcome, False, 0, 0, False], strict=True))
            for id, outcome in zip(calls, ("answered", "abandoned"), strict=True)
        ]

    for stage in ("queue", "over"):
        with store.work() as work:
            bulk.run(work.session.connection(), rows(stage))
    with store.read() as session:
        found = {row.id: row.stage for row in session.scalars(select(CallRow))}
    assert found == {calls[0]: "over", calls[1]: "queue"}
