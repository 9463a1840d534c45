"""Brings a database to the newest tables; Alembic runs in process, over one connection and in one transaction."""

import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.engine import make_url

from schema.store import migrating

MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(url: str, *, connect_timeout: int = 3) -> None:
    """Bring the database at `url` to the newest tables; two processes at once do it one after the other.

    A missing SQLite file (and its folder) is made. Raises StoreUnreachable; a failed change leaves nothing.
    """
    if (file := _sqlite_file(url)) is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
    with migrating(url, connect_timeout) as connection:
        command.upgrade(_config(connection), "head")


def newest() -> str:
    """The name of the last migration this program knows."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def at(url: str, *, connect_timeout: int = 3) -> str:
    """The name of the last migration done at `url`, "" for an empty or absent database. Raises StoreUnreachable."""
    if (file := _sqlite_file(url)) is not None and not file.exists():
        return ""
    with migrating(url, connect_timeout) as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""


def draft(message: str) -> Path:
    """Write the next migration from the difference of `schema.tables` to the migrations so far; read it over."""
    number = f"{int(newest() or 0) + 1:04}"
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/draft.sqlite"
        upgrade(url)
        with migrating(url) as connection:
            made = command.revision(_config(connection), message, autogenerate=True, rev_id=number)
    if made is None or isinstance(made, list):
        raise RuntimeError("Alembic wrote no migration")
    file = Path(made.path)
    lines = file.read_text("utf-8").splitlines(keepends=True)
    file.write_text("".join(line for line in lines if not line.strip().startswith("# ###")), "utf-8")
    return file


def _sqlite_file(url: str) -> Path | None:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database and parsed.database != ":memory:":
        return Path(parsed.database)
    return None


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "r%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config


if __name__ == "__main__":
    print(draft(" ".join(sys.argv[1:]) or "change the tables"))
