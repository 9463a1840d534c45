"""Real servers for tests: each started on a free port when first asked for, ended by pid, no trace left."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

from conf.postgres import PrivatePostgres
from conf.privateredis import PrivateRedis
from conf.tools import Tools
from schema.upgrade import upgrade

CHECKOUT = Path(__file__).parent.parent.parent
TEMPLATE = "gridline_migrated"


class Postgres(PrivatePostgres):
    """A real PostgreSQL with a migrated database to copy from. `durable` False: nothing waits for the disk."""

    def start(self) -> "Postgres":
        """Start it and wait until it answers."""
        super().start()
        return self

    def fresh(self, name: str) -> str:
        """A new database at the newest migration; returns its address."""
        if not self._has(TEMPLATE):
            self.empty(TEMPLATE)
            upgrade(self.url_of(TEMPLATE))
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{TEMPLATE}"')
        return self.url_of(name)

    def empty(self, name: str) -> str:
        """A new database without tables; returns its address."""
        self._run(f'CREATE DATABASE "{name}" TEMPLATE template0')
        return self.url_of(name)

    def drop(self, name: str) -> None:
        """Remove a database, whoever is connected."""
        self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _has(self, name: str) -> bool:
        with self._admin() as connection:
            row = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        return row is not None

    def _run(self, statement: str) -> None:
        with self._admin() as connection:
            connection.execute(statement)

    @contextmanager
    def _admin(self) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
        address = make_url(self.url_of("postgres")).set(drivername="postgresql")
        with psycopg.connect(address.render_as_string(hide_password=False), autocommit=True) as connection:
            yield connection


@contextmanager
def real_postgres(*, durable: bool = False) -> Iterator[Postgres]:
    """A PostgreSQL for the length of the block."""
    # Not under pytest's own folder: that is closed to the user "postgres", whom the server runs as under root.
    folder = Path(tempfile.mkdtemp(prefix="gridline-pg-"))
    server = Postgres(Tools(CHECKOUT / "var").postgres(), folder, durable=durable)
    try:
        yield server.start()
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def real_redis(folder: Path, *, durable: bool = False) -> Iterator[PrivateRedis]:
    """A Redis for the length of the block."""
    server = PrivateRedis(Tools(CHECKOUT / "var").redis_server(), folder, durable=durable)
    try:
        yield server.start()
    finally:
        server.stop()
