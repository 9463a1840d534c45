"""The store: an engine, and units of work in which rows and their facts are committed together."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from schema.facts import Fact
from schema.ids import uuid7
from schema.orders import Order
from schema.outbox import OutboxRow
from schema.wire import to_body


class StoreUnreachable(Exception):
    """The database does not answer; nothing was committed. The text is for people."""


class UnitOfWork:
    """One transaction: `session` for rows, `emit` for the facts and orders that go with them."""

    __slots__ = ("now", "session", "spoken")

    def __init__(self, session: Session, now: datetime) -> None:
        self.session = session
        self.now = now
        self.spoken: list[Fact | Order] = []

    def emit(self, message: Fact | Order) -> None:
        """Write a fact or order to the outbox with this commit."""
        is_order = isinstance(message, Order)
        self.spoken.append(message)
        self.session.add(
            OutboxRow(
                key=message.order if is_order else uuid7(),
                kind="order" if is_order else "fact",
                name=type(message).__name__,
                contact=message.contact,
                at=self.now if is_order else message.at,
                body=to_body(message),
            )
        )


class Store:
    """Units of work over one database. `clock` gives aware UTC; `committed` hears of commits that spoke."""

    def __init__(
        self,
        url: str,
        *,
        connect_timeout: int = 3,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.engine: Engine = _engine(url, connect_timeout)
        self.clock = clock
        self.committed: list[Callable[[], None]] = []
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded database."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def work(self) -> Iterator[UnitOfWork]:
        """A unit of work: committed when the block ends, rolled back when it raises.

        Raises StoreUnreachable when the database is away; whether the commit reached it is then unknown, so
        whatever is repeated must be idempotent.
        """
        try:
            with self._sessions() as session, session.begin():
                work = UnitOfWork(session, self.clock())
                yield work
        except OperationalError as error:
            raise StoreUnreachable(_first_line(error)) from error
        except DBAPIError as error:
            if error.connection_invalidated:
                raise StoreUnreachable(_first_line(error)) from error
            raise
        if work.spoken:
            for tell in self.committed:
                tell()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for reading: nothing is committed. Raises StoreUnreachable."""
        try:
            with self._sessions() as session:
                session.connection(execution_options={"reads": True})
                yield session
        except OperationalError as error:
            raise StoreUnreachable(_first_line(error)) from error
        except DBAPIError as error:
            if error.connection_invalidated:
                raise StoreUnreachable(_first_line(error)) from error
            raise

    def ping(self) -> None:
        """Ask the database for an answer. Raises StoreUnreachable."""
        with self.read() as session:
            session.execute(text("SELECT 1"))

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()


def _first_line(error: Exception) -> str:
    return "the database does not answer: " + str(getattr(error, "orig", error)).strip().partition("\n")[0]


def _engine(url: str, connect_timeout: int) -> Engine:
    if make_url(url).get_backend_name() == "sqlite":
        engine = create_engine(url, connect_args={"timeout": 10})
        event.listen(engine, "connect", _sqlite_pragmas)
        event.listen(engine, "begin", _sqlite_begin)
        return engine
    return create_engine(
        url,
        pool_pre_ping=True,
        pool_size=8,
        max_overflow=8,
        pool_timeout=connect_timeout,
        connect_args={"connect_timeout": connect_timeout},
    )


def _sqlite_pragmas(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # pysqlite's own transaction handling is off: `begin` below is ours
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _sqlite_begin(connection: Any) -> None:
    # IMMEDIATE: two writers queue at BEGIN instead of one failing at its first write.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if not connection.get_execution_options().get("reads") else "BEGIN")
