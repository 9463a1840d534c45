"""Patience: how long a block of reading may take before it is given up, on both databases."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from schema.store import first_line


class _TimeIsUpError(Exception):
    """No further statement may begin."""


@contextmanager
def patient(session: Session, seconds: float) -> Iterator[list[str]]:
    """The block may take about so long: the statement in which time runs out ends it, or the next that would begin.
    What is given is then not empty, and the session has nothing in it.
    """
    gave_up: list[str] = []
    until = time.monotonic() + seconds
    connection = session.connection()
    raw = None
    if connection.dialect.name == "postgresql":
        session.execute(select(func.set_config("statement_timeout", str(int(seconds * 1000)), True)))
    else:
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.set_progress_handler(lambda: time.monotonic() > until, 20_000)

    def begins(*_: Any) -> None:
        if time.monotonic() > until:
            raise _TimeIsUpError(f"more than {seconds:g} s")

    event.listen(connection, "before_cursor_execute", begins)
    try:
        yield gave_up
    except (OperationalError, _TimeIsUpError) as error:
        # QueryCanceled (SQLSTATE 57014), SQLITE_INTERRUPT.
        of = error.orig if isinstance(error, OperationalError) else error
        cancelled = getattr(of, "sqlstate", None) == "57014" or isinstance(of, _TimeIsUpError)
        if not cancelled and getattr(of, "sqlite_errorcode", None) != sqlite3.SQLITE_INTERRUPT:
            raise
        session.rollback()
        gave_up.append(first_line(error))
    finally:
        event.remove(connection, "before_cursor_execute", begins)
        if raw is not None:
            raw.set_progress_handler(None, 0)
