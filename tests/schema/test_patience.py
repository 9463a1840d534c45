"""Patience: a block ends when its time is up, in a statement or between two, and no other does."""

import pytest
from sqlalchemy.exc import DBAPIError

from schema.patience import patient
from schema.store import Store


def test_a_statement_that_takes_too_long_ends_its_block_and_no_other(store: Store) -> None:
    if store.is_sqlite:
        forever = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n"
    else:
        forever = "SELECT pg_sleep(60)"
    with store.read() as session:
        with patient(session, 0.2) as gave_up:
            session.connection().exec_driver_sql(forever)
        assert gave_up
    with store.read() as session:
        with patient(session, 30) as gave_up:
            session.connection().exec_driver_sql("SELECT 1")
        assert not gave_up
    with pytest.raises(DBAPIError), store.read() as session, patient(session, 30):
        session.connection().exec_driver_sql("SELECT * FROM no_such_table")


def test_many_short_statements_end_their_block_as_one_long_one_does(store: Store) -> None:
    begun = 0
    with store.read() as session, patient(session, 0.2) as gave_up:
        while True:
            session.connection().exec_driver_sql("SELECT 1")
            begun += 1
    assert gave_up and begun
    with store.read() as session:
        assert session.connection().exec_driver_sql("SELECT 1").scalar() == 1
