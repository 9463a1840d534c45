"""The store: an engine, and units of work in which rows and their facts are committed together."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session, sessionmaker

from conf.settings import BadSettings, Settings
from schema import tables  # noqa: F401 (a process that works with few tables needs those that their keys point to)
from schema.connections import look_before_lending
from schema.facts import Fact
from schema.ids import uuid7
from schema.orders import Order
from schema.outbox import OutboxRow
from schema.rows import RowSession
from schema.rules.numbering import BadTemplate, Numbering
from schema.speaking import about, apart

MIGRATION_LOCK = 0x6772_6964_0001
PEOPLE_LOCK = 0x6772_6964_0009
RELAY_LOCK = 0x6772_6964_0002
AUDIT_LOCK = 0x6772_6964_0003
"""Keys of locks (see `alone`), the same in every process of a site."""

PAGES_KB = 512
"""How much of a SQLite file each connection may keep; the kernel has the rest. Thirty connections keep a lot."""
_LOCK = text("SELECT pg_advisory_xact_lock(:key)")


class StoreUnreachable(Exception):
    """The database does not answer; nothing was committed. The text is for people."""


class UnitOfWork:
    """One transaction: `session` for rows, `emit` for the facts and orders that go with them.

    `now` is UTC; `zone` is the site's, for what goes by the local day (case numbers, deadlines), `numbering` how it
    numbers cases. `last` is what is done
    when all else is written, just before the commit, under locks that everybody wants: each function with what it is
    given, in the order of the first gift. A lock taken there is held for the shortest time and, taken after every
    other, cannot be part of a deadlock.
    """

    __slots__ = ("last", "now", "numbering", "session", "spoken", "zone")

    def __init__(self, session: RowSession, now: datetime, zone: ZoneInfo, numbering: Numbering) -> None:
        self.session = session
        self.now = now
        self.zone = zone
        self.numbering = numbering
        self.spoken: list[Fact | Order] = []
        self.last: dict[Callable[[UnitOfWork, list[Any]], None], list[Any]] = {}

    def finish(self) -> None:
        """Write everything, then do what comes last."""
        self.session.flush()
        for do, given in self.last.items():
            do(self, given)

    def emit_all(self, facts: Sequence[Fact]) -> None:
        """Write facts to the outbox with this commit, in this order."""
        self.spoken.extend(facts)
        for fact in facts:
            self._write("fact", uuid7(), fact.at, fact)

    def emit(self, message: Fact | Order) -> None:
        """Write a fact or order to the outbox with this commit."""
        self.spoken.append(message)
        about(message.contact)
        if isinstance(message, Order):
            self._write("order", message.order, self.now, message)
        else:
            self._write("fact", uuid7(), message.at, message)

    def _write(self, kind: str, key: UUID, at: datetime, message: Fact | Order) -> None:
        name = type(message).__name__
        self.session.write(
            OutboxRow, seq=None, key=key, kind=kind, name=name, contact=message.contact, at=at, body=message
        )


class Store:
    """Units of work over one database. `clock` gives aware UTC; `committed` hears of commits that spoke.

    `zone` (IANA name) is the site's, `numbering` how it numbers cases.
    """

    def __init__(
        self,
        url: str,
        *,
        connect_timeout: int = 3,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        zone: str = "Asia/Shanghai",
        numbering: Numbering | None = None,
    ) -> None:
        self.engine: Engine = make_engine(url, connect_timeout)
        self.clock = clock
        self.zone = ZoneInfo(zone)
        self.numbering = numbering or Numbering()
        self.committed: list[Callable[[], None]] = []
        self._sessions = sessionmaker(self.engine, class_=RowSession, expire_on_commit=False)

    @classmethod
    def of(cls, settings: Settings) -> "Store":
        """The store of a site. Raises BadSettings for a template that gives no numbers."""
        site, wanted = settings.site, settings.numbering
        try:
            codes = {"government": wanted.government, "social": wanted.social}
            numbering = Numbering(wanted.template, codes, site.area)
        except BadTemplate as error:
            raise BadSettings(f"[numbering] template = {wanted.template!r}: {error}") from error
        timeout = settings.database.connect_timeout
        return cls(settings.database_url, connect_timeout=timeout, zone=site.zone, numbering=numbering)

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
        with apart(), answering(), self._sessions() as session, session.begin():
            work = UnitOfWork(session, self.clock(), self.zone, self.numbering)
            yield work
            work.finish()
        if work.spoken:
            for tell in self.committed:
                tell()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for reading: nothing is committed. Raises StoreUnreachable."""
        with answering(), self._sessions() as session:
            session.connection(execution_options={"reads": True})
            yield session

    def ping(self) -> None:
        """Ask the database for an answer. Raises StoreUnreachable."""
        with self.read() as session:
            session.execute(text("SELECT 1"))

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()


def first_line(error: Exception) -> str:
    """What the driver said, in one line for people."""
    return "the database does not answer: " + str(getattr(error, "orig", error)).strip().partition("\n")[0]


@contextmanager
def answering() -> Iterator[None]:
    """Turns the many ways in which a database does not answer into StoreUnreachable."""
    try:
        yield
    except PoolTimeout as error:
        raise StoreUnreachable("the database does not answer: every connection is busy") from error
    except DBAPIError as error:
        if _is_away(error):
            raise StoreUnreachable(first_line(error)) from error
        raise


def _is_away(error: DBAPIError) -> bool:
    if error.connection_invalidated:
        return True
    if not isinstance(error, OperationalError):
        return False
    # SQLite's plain SQLITE_ERROR is bad SQL or a missing table: our mistake, not the database's absence.
    return getattr(error.orig, "sqlite_errorcode", None) != sqlite3.SQLITE_ERROR


def make_engine(url: str, connect_timeout: int) -> Engine:
    """An engine as the store wants it; `connect_timeout` in seconds. It connects when first used."""
    if make_url(url).get_backend_name() == "sqlite":
        # Last in, first out: each connection keeps pages, so as few as can do are used.
        engine = create_engine(
            url, pool_size=16, max_overflow=16, pool_timeout=10, pool_use_lifo=True, connect_args={"timeout": 10},
            json_serializer=_json,
        )  # fmt: skip
        event.listen(engine, "connect", _sqlite_pragmas)
        event.listen(engine, "begin", _sqlite_begin)
        return engine
    engine = create_engine(
        url,
        pool_size=8,
        max_overflow=8,
        pool_timeout=connect_timeout,
        json_serializer=_json,
        connect_args={
            "connect_timeout": connect_timeout,
            # A peer that vanished without a word is given up after 10 s, not after the kernel's two hours.
            "tcp_user_timeout": 10_000,
            "keepalives_idle": 5,
            "keepalives_interval": 2,
            "keepalives_count": 3,
        },
    )
    look_before_lending(engine)
    return engine


def alone(on: Connection | Session, key: int) -> None:
    """Wait until no other transaction holds the lock `key`, and hold it until this one ends.

    On SQLite a writing transaction is alone anyway.
    """
    connection = on.connection() if isinstance(on, Session) else on
    if connection.dialect.name == "postgresql":
        connection.execute(_LOCK, {"key": key})


@contextmanager
def migrating(url: str, connect_timeout: int = 3) -> Iterator[Connection]:
    """One connection in one transaction for changing tables; whoever else wants the same waits for its end.

    Raises StoreUnreachable; ValueError when the change would leave a row that points nowhere.
    """
    engine = make_engine(url, connect_timeout)
    is_sqlite = engine.dialect.name == "sqlite"
    if is_sqlite:
        # A table that others point to is altered by copying it, which SQLite allows only with this off.
        event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA foreign_keys=OFF").close())
    try:
        with answering(), engine.begin() as connection:
            alone(connection, MIGRATION_LOCK)
            yield connection
            if is_sqlite and (lost := connection.execute(text("PRAGMA foreign_key_check")).first()):
                raise ValueError(f"the migration leaves rows of {lost[0]} that point to no row of {lost[2]}")
    finally:
        engine.dispose()


def _json(value: Any) -> str:
    """JSON types, or a fact as `schema.wire.to_body` has it, as text."""
    return msgspec.json.encode(value).decode()


def _sqlite_pragmas(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # pysqlite's own transaction handling is off: `begin` below is ours
    cursor = connection.cursor()
    for pragma in (
        "busy_timeout=10000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"cache_size=-{PAGES_KB}",
    ):  # fmt: skip
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _sqlite_begin(connection: Any) -> None:
    # IMMEDIATE: two writers queue at BEGIN instead of one failing at its first write.
    connection.exec_driver_sql(
        "BEGIN IMMEDIATE" if not connection.get_execution_options().get("reads") else "BEGIN"
    )
