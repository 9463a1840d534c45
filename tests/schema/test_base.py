"""Time goes in aware and comes out as the same instant in UTC, on both databases; naive time is refused."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select
from sqlalchemy.exc import StatementError

from schema.base import Base, UtcDateTime
from schema.ids import uuid7
from schema.outbox import OrderRow
from schema.store import Store
from schema.tables import metadata

SHANGHAI = timezone(timedelta(hours=8))


def row(at: datetime) -> OrderRow:
    return OrderRow(
        order=uuid7(), name="Pause", body={"名": [1, None]}, state="intent", made_at=at, changed_at=at
    )


@pytest.mark.parametrize(
    "at",
    [
        datetime(2026, 3, 4, 5, 6, 7, 123456, tzinfo=UTC),
        datetime(2026, 3, 4, 1, 0, tzinfo=SHANGHAI),
        datetime(2026, 12, 31, 23, 59, 59, 999999, tzinfo=timezone(timedelta(hours=-11))),
        datetime(1970, 1, 1, tzinfo=UTC),
    ],
)
def test_an_instant_comes_back_in_utc_to_the_microsecond(store: Store, at: datetime) -> None:
    one = row(at)
    with store.work() as work:
        work.session.add(one)
    with store.read() as session:
        (found,) = session.scalars(select(OrderRow))
    assert found is not one
    assert found.made_at == at
    assert found.made_at.tzinfo is UTC
    assert found.body == {"名": [1, None]}
    assert found.order == one.order


def test_instants_of_different_zones_are_compared_as_instants(store: Store) -> None:
    noon = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
    with store.work() as work:
        work.session.add(row(noon))
    with store.read() as session:
        later = (noon + timedelta(seconds=1)).astimezone(SHANGHAI)
        assert session.scalars(select(OrderRow).where(OrderRow.made_at < later)).all()
        assert not session.scalars(select(OrderRow).where(OrderRow.made_at > later)).all()


def test_naive_time_is_refused(store: Store) -> None:
    with pytest.raises(StatementError, match="naive datetime"), store.work() as work:
        work.session.add(row(datetime(2026, 1, 1)))  # noqa: DTZ001


def test_no_column_holds_time_in_another_way_and_every_constraint_has_a_name() -> None:
    assert metadata is Base.metadata
    for table in metadata.tables.values():
        for column in table.columns:
            if column.type.python_type is datetime:
                assert isinstance(column.type, UtcDateTime), f"{table.name}.{column.name}"
        for constraint in table.constraints:
            assert constraint.name, f"{table.name}: {constraint}"
